//! One direction of one client's link: its settings, the faults that lie on it, and the
//! packets in flight on it.

use super::flight::{Flights, InFlight};
use super::impair::{Arrival, Draws, Impairments, Passage};
use super::layers::{Layers, LinkChange};
use super::link::LinkSettings;
use super::packet::Packet;
use crate::record::{LinkCounts, Way};
use crate::rng::{Label, Seed};
use crate::time::Time;
use std::collections::BTreeMap;

/// One direction of one client's link.
#[derive(Debug)]
pub(super) struct Lane {
    label: Label,
    layers: Layers,
    /// What the layers come to.
    settings: LinkSettings,
    impairments: Impairments,
    /// The active faults that cut it.
    pub cuts: Vec<usize>,
    /// The active faults that stall it.
    pub stalls: Vec<usize>,
    /// The active faults that put a captive portal in the server's place.
    pub portals: Vec<usize>,
    /// The active faults that swallow what comes after so many bytes.
    pub holes: Vec<usize>,
    /// The millisecond of the last packet sent, and how many were sent in it so far.
    sent_at: Time,
    sent_then: u64,
    pub flights: Flights,
    /// What became of the packets so far, those apart that a fault took.
    pub counts: LinkCounts,
    /// The changes that lie on it: how many packets had been sent when each came.
    begun: BTreeMap<usize, u64>,
    /// The changes that are over: how many packets were sent under each.
    met: BTreeMap<usize, u64>,
}

impl Lane {
    pub fn new(label: &str, settings: LinkSettings) -> Lane {
        Lane {
            label: Label::new(label),
            layers: Layers::new(settings),
            settings,
            impairments: Impairments::default(),
            cuts: Vec::new(),
            stalls: Vec::new(),
            portals: Vec::new(),
            holes: Vec::new(),
            sent_at: Time::ZERO,
            sent_then: 0,
            flights: Flights::default(),
            counts: LinkCounts::default(),
            begun: BTreeMap::new(),
            met: BTreeMap::new(),
        }
    }

    /// Counts a packet; returns its index among those sent in the same millisecond.
    pub fn count_sent(&mut self, now: Time) -> u64 {
        if self.sent_at != now {
            self.sent_at = now;
            self.sent_then = 0;
        }
        let index = self.sent_then;
        self.sent_then += 1;
        index
    }

    /// What becomes of the packet that has this index among those sent in this millisecond.
    pub fn pass(&mut self, seed: Seed, now: Time, index: u64, packet: &Packet) -> Passage {
        let draws = Draws { seed, label: self.label, now, index };
        let bytes = u64::try_from(packet.len()).expect("a packet is small");
        let passage = self.impairments.pass(&self.settings, &draws, bytes);
        self.count(now, &passage);
        passage
    }

    fn count(&mut self, now: Time, passage: &Passage) {
        let counts = &mut self.counts;
        counts.sent += 1;
        let exit = match passage {
            Passage::Dropped => {
                counts.dropped += 1;
                let first = counts.dropped_when.map_or(now, |(first, _)| first);
                counts.dropped_when = Some((first, now));
                return;
            }
            Passage::Lost(exit) => {
                counts.lost += 1;
                exit
            }
            Passage::Arrives(exit, first, second) => {
                counts.duplicated += u64::from(second.is_some());
                counts.overtaking += u64::from(first.overtakes);
                let copies = [Some(first), second.as_ref()].into_iter().flatten();
                let damaged = copies.filter(|arrival| arrival.damage.is_some()).count();
                counts.corrupted += u64::try_from(damaged).expect("two at the most");
                exit
            }
        };
        counts.waited += u64::from(exit.waits > 0);
        counts.longest_wait = counts.longest_wait.max(exit.waits);
    }

    /// Everything in flight is gone, and what waits in the queue with it. Returns what was
    /// in flight, by number.
    pub fn kill(&mut self) -> impl Iterator<Item = (u64, InFlight)> + use<> {
        self.impairments.clear_queue();
        self.flights.kill()
    }

    /// New settings for the packets sent from now on.
    pub fn change(&mut self, place: usize, way: Way, change: &LinkChange) {
        self.layers.change(place, way, change);
        self.settings = self.layers.settings();
        if let LinkChange::Set { .. } = change {
            self.begun.insert(place, self.counts.sent);
        }
        let (layers, sent) = (&self.layers, self.counts.sent);
        let over = self.begun.extract_if(.., |place, _| !layers.holds(*place));
        self.met.extend(over.map(|(place, before)| (place, sent - before)));
    }

    /// How many packets were sent under each change so far, by its place in the plan.
    pub fn met(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let sent = self.counts.sent;
        let holding = self.begun.iter().map(move |(place, before)| (*place, sent - before));
        holding.chain(self.met.iter().map(|(place, met)| (*place, *met)))
    }
}

impl Arrival {
    /// The packet as it arrives.
    pub fn of(&self, mut packet: Packet) -> Packet {
        if let Some(bit) = self.damage {
            let place = usize::try_from(bit / 8).expect("a place in the packet");
            if let Some(byte) = packet.get_mut(place) {
                *byte ^= 0x80 >> (bit % 8);
            }
        }
        packet
    }
}
