//! What a capture is made from: each packet wherever it is sent, what became of it, and
//! where it arrived.

use super::nat::NatLoss;
use super::packet::Packet;
use crate::record::{ClientId, FaultId, HostId};
use crate::time::Time;
use std::collections::BTreeMap;

/// A packet as it is seen at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When.
    pub at: Time,
    /// Where.
    pub place: Place,
    /// What is done with it there.
    pub seen: Seen,
    /// The whole IP packet, as it is there.
    pub packet: Packet,
}

/// Where a packet is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At a host.
    Host(HostId),
    /// At the NAT of a client, which sends on what it has translated.
    Nat(ClientId),
    /// At a box on the way that makes segments of its own.
    Middlebox,
}

impl Place {
    /// Its turn within a millisecond. A NAT stands at the server's door: it has no turn of its
    /// own, and what passes it comes before or after what the server does, as it did.
    fn turn(self) -> (u8, Place) {
        match self {
            Place::Middlebox => (0, self),
            Place::Host(HostId::Server) | Place::Nat(_) => (1, Place::Host(HostId::Server)),
            Place::Host(HostId::Client(_) | HostId::Portal) => (2, self),
        }
    }
}

/// What is done with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is sent.
    Sent(Fortune),
    /// It is received.
    Received,
}

/// What becomes of a packet once it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fortune {
    /// Whether the link doubled it.
    pub doubled: bool,
    /// How many of its copies had a bit flipped.
    pub damaged: usize,
    /// How it, or copies of it, were lost.
    pub losses: Vec<Loss>,
}

/// How a packet was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// When.
    pub at: Time,
    /// By what.
    pub cause: Cause,
}

/// What a packet was lost by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The queue in front of the link had no room.
    Queue,
    /// The link loses some.
    Link,
    /// Faults of the plan.
    Faults(Vec<FaultId>),
    /// A NAT did not let it pass.
    Nat(NatLoss),
    /// It is from the server while a portal is in its place, or from a portal that is not.
    Unheard,
}

/// Sees every packet of a run.
#[derive(Debug, Default)]
pub(super) struct Tap {
    sightings: Vec<Sighting>,
    /// Copies in flight, by direction and number, with the place of the sighting that saw the
    /// packet off.
    under_way: BTreeMap<(usize, u64), usize>,
}

impl Tap {
    /// A packet is sent; returns the number by which its fate is told.
    pub fn sent(&mut self, at: Time, place: Place, packet: &[u8]) -> usize {
        let seen = Seen::Sent(Fortune::default());
        self.sightings.push(Sighting { at, place, seen, packet: packet.to_vec() });
        self.sightings.len() - 1
    }

    /// It is lost.
    pub fn lost(&mut self, at: Time, number: usize, cause: Cause) {
        self.fortune(number, |fortune| fortune.losses.push(Loss { at, cause }));
    }

    /// A copy of it is on its way.
    pub fn launched(&mut self, number: usize, flight: (usize, u64), damaged: bool) {
        self.under_way.insert(flight, number);
        self.fortune(number, |fortune| fortune.damaged += usize::from(damaged));
    }

    /// The link sends two copies of it.
    pub fn doubled(&mut self, number: usize) {
        self.fortune(number, |fortune| fortune.doubled = true);
    }

    /// A fault takes a copy in flight.
    pub fn killed(&mut self, at: Time, flight: (usize, u64), fault: FaultId) {
        if let Some(number) = self.under_way.remove(&flight) {
            self.lost(at, number, Cause::Faults(vec![fault]));
        }
    }

    /// A copy arrives.
    pub fn received(&mut self, at: Time, host: HostId, flight: (usize, u64), packet: &[u8]) {
        self.under_way.remove(&flight);
        let place = Place::Host(host);
        self.sightings.push(Sighting { at, place, seen: Seen::Received, packet: packet.to_vec() });
    }

    /// A copy arrives at a NAT that does not let it pass.
    pub fn refused(&mut self, at: Time, flight: (usize, u64), loss: NatLoss) {
        if let Some(number) = self.under_way.remove(&flight) {
            self.lost(at, number, Cause::Nat(loss));
        }
    }

    /// Everything seen so far, by time; within a millisecond middleboxes first, then the server and
    /// NATs, then the clients, each in its own order.
    pub fn into_sightings(mut self) -> Vec<Sighting> {
        self.sightings.sort_by_key(|sighting| (sighting.at, sighting.place.turn()));
        self.sightings
    }

    fn fortune(&mut self, number: usize, change: impl FnOnce(&mut Fortune)) {
        match &mut self.sightings[number].seen {
            Seen::Sent(fortune) => change(fortune),
            Seen::Received => unreachable!("only what was sent has a fate"),
        }
    }
}
