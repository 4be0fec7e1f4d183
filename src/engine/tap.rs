//! What a capture is made from: each packet where it leaves a host and where it arrives.

use crate::net::{Flight, Packet, Stamp};
use crate::record::HostId;
use crate::time::Time;
use std::collections::BTreeMap;

/// A packet as one host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When.
    pub at: Time,
    /// Which host.
    pub host: HostId,
    /// What the host does with it.
    pub seen: Seen,
    /// The whole IP packet, as it is there.
    pub packet: Packet,
}

/// What a host does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It sends it.
    Sent(Fortune),
    /// It receives it.
    Received,
}

/// What becomes of a packet once it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fortune {
    /// How many copies of it set out: none if it was lost at once, two if it was doubled.
    pub copies: usize,
    /// How many of them had a bit flipped.
    pub damaged: usize,
    /// How many of them were lost on their way.
    pub lost: usize,
}

/// Sees every packet of a run.
#[derive(Debug, Default)]
pub(super) struct Tap {
    sightings: Vec<Sighting>,
    /// Packets that have not arrived, with the place of the sighting that saw them off.
    under_way: BTreeMap<Stamp, usize>,
}

impl Tap {
    /// A host sent a packet, and this is what the network made of it.
    pub fn sent(&mut self, at: Time, host: HostId, packet: Packet, flights: &[Flight]) {
        self.under_way.extend(flights.iter().map(|flight| (flight.stamp, self.sightings.len())));
        let damaged = flights.iter().filter(|flight| flight.packet != packet).count();
        let fortune = Fortune { copies: flights.len(), damaged, lost: 0 };
        self.sightings.push(Sighting { at, host, seen: Seen::Sent(fortune), packet });
    }

    /// A packet reached a host.
    pub fn received(&mut self, at: Time, host: HostId, stamp: Stamp, packet: &[u8]) {
        self.under_way.remove(&stamp);
        self.sightings.push(Sighting { at, host, seen: Seen::Received, packet: packet.to_vec() });
    }

    /// Everything seen in a run that ended at `end`, by time, then host; what one host saw
    /// within a millisecond in its own order, receiving before sending. `waits` tells of a
    /// packet that has not arrived whether it is still held back.
    pub fn finish(mut self, end: Time, waits: impl Fn(Stamp) -> bool) -> Vec<Sighting> {
        for (stamp, place) in self.under_way {
            if let Seen::Sent(fortune) = &mut self.sightings[place].seen
                && stamp.at <= end
                && !waits(stamp)
            {
                fortune.lost += 1;
            }
        }
        self.sightings.sort_by_key(|sighting| (sighting.at, sighting.host));
        self.sightings
    }
}
