//! The packets on their way to one host.

use crate::net::{Packet, Stamp};
use crate::time::Time;
use std::collections::VecDeque;

/// Packets in the order in which they are to arrive. Nearly all are sent in that order too,
/// so a queue holds them.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    waiting: VecDeque<(Stamp, Packet)>,
}

impl Inbox {
    /// A packet is on its way.
    pub fn add(&mut self, stamp: Stamp, packet: Packet) {
        let in_order = self.waiting.back().is_none_or(|(last, _)| *last < stamp);
        if in_order {
            self.waiting.push_back((stamp, packet));
        } else {
            let place = self.waiting.partition_point(|(other, _)| *other < stamp);
            self.waiting.insert(place, (stamp, packet));
        }
    }

    /// When the first of them arrives.
    pub fn next(&self) -> Option<Time> {
        self.waiting.front().map(|(stamp, _)| stamp.at)
    }

    /// Takes the first packet whose time has come.
    pub fn take_due(&mut self, now: Time) -> Option<(Stamp, Packet)> {
        if self.next()? <= now { self.waiting.pop_front() } else { None }
    }

    /// Takes all that another holds.
    pub fn append(&mut self, other: &mut Inbox) {
        for (stamp, packet) in other.waiting.drain(..) {
            self.add(stamp, packet);
        }
    }

    /// All are lost.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_out_by_their_stamps_and_not_before_their_time() {
        let stamp = |ms, number| Stamp { at: Time::from_ms(ms), direction: 0, number };
        let (mut inbox, mut other) = (Inbox::default(), Inbox::default());
        for (ms, number) in [(5, 0), (7, 3), (5, 1), (6, 2)] {
            inbox.add(stamp(ms, number), Packet::new());
        }
        other.add(stamp(4, 9), Packet::new());
        inbox.append(&mut other);
        assert_eq!(other.next(), None);
        assert_eq!(inbox.next(), Some(Time::from_ms(4)));
        assert_eq!(inbox.take_due(Time::from_ms(3)), None);
        let due = std::iter::from_fn(|| inbox.take_due(Time::from_ms(6)));
        let numbers: Vec<_> = due.map(|(stamp, _)| stamp.number).collect();
        assert_eq!(numbers, [9, 0, 1, 2]);
        assert_eq!(inbox.next(), Some(Time::from_ms(7)));
        inbox.clear();
        assert_eq!(inbox.next(), None);
    }
}
