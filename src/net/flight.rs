//! The packets in flight in one direction.

use super::receipt::Traffic;
use std::collections::VecDeque;

/// What the network remembers of a packet in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InFlight {
    pub traffic: Traffic,
    /// Whether its time came while its direction was stalled.
    pub waits: bool,
}

/// The packets in flight in one direction, by number. Numbers are given one after the other
/// and packets land nearly in that order, so a queue holds them and a number is a place in it.
#[derive(Debug, Default)]
pub(super) struct Flights {
    /// The number of the first in the queue.
    first: u64,
    /// `None`: it has landed before an earlier one.
    queue: VecDeque<Option<InFlight>>,
}

impl Flights {
    /// A packet is on its way; returns its number.
    pub fn launch(&mut self, traffic: Traffic) -> u64 {
        let number = self.first + self.queue.len() as u64;
        self.queue.push_back(Some(InFlight { traffic, waits: false }));
        number
    }

    /// The packet with this number, if it is in flight.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut InFlight> {
        let place = number.checked_sub(self.first)?;
        self.queue.get_mut(usize::try_from(place).ok()?)?.as_mut()
    }

    /// The packet with this number is in flight no longer.
    pub fn land(&mut self, number: u64) {
        let place = number.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        if let Some(flight) = place.and_then(|place| self.queue.get_mut(place)) {
            *flight = None;
        }
        while let Some(None) = self.queue.front() {
            self.queue.pop_front();
            self.first += 1;
        }
    }

    /// Nothing is in flight any more; returns what was, by number.
    pub fn kill(&mut self) -> impl Iterator<Item = (u64, InFlight)> + use<> {
        let first = self.first;
        let queue = std::mem::take(&mut self.queue);
        self.first += queue.len() as u64;
        let numbered = (first..).zip(queue);
        numbered.filter_map(|(number, flight)| Some((number, flight?)))
    }

    /// All that are in flight, by number.
    pub fn iter(&self) -> impl Iterator<Item = &InFlight> {
        self.queue.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Traffic = Traffic { conn: None, connects: false, sequence: 0, bytes: 0 };

    #[test]
    fn a_number_is_given_once_and_leads_to_its_packet_until_that_lands() {
        let mut flights = Flights::default();
        let launch = |flights: &mut Flights| flights.launch(NOTHING);
        assert_eq!([0, 1, 2].map(|_| launch(&mut flights)), [0, 1, 2]);
        flights.get_mut(2).unwrap().waits = true;
        flights.land(1);
        assert_eq!(flights.get_mut(1), None);
        flights.land(0);
        flights.land(0);
        assert!(flights.get_mut(2).unwrap().waits);
        assert_eq!(launch(&mut flights), 3);
        assert_eq!(flights.iter().count(), 2);
        let killed: Vec<_> =
            flights.kill().map(|(number, flight)| (number, flight.waits)).collect();
        assert_eq!(killed, [(2, true), (3, false)]);
        assert_eq!(flights.get_mut(3), None);
        assert_eq!(launch(&mut flights), 4);
    }
}
