//! One direction of one client's link: its settings, the faults that lie on it, and the
//! packets in flight on it.

use super::impair::{Arrival, Draws, Impairments, Passage};
use super::link::{LinkSettings, LinkUpdate};
use super::packet::Packet;
use super::receipt::Traffic;
use crate::record::LinkCounts;
use crate::rng::{Label, Seed};
use crate::time::Time;
use std::collections::BTreeMap;

/// One direction of one client's link.
#[derive(Debug)]
pub(super) struct Lane {
    label: Label,
    settings: LinkSettings,
    impairments: Impairments,
    /// The active faults that cut it.
    pub cuts: Vec<usize>,
    /// The active faults that stall it.
    pub stalls: Vec<usize>,
    /// The active faults that put a captive portal in the server's place.
    pub portals: Vec<usize>,
    next_number: u64,
    /// The millisecond of the last packet sent, and how many were sent in it so far.
    sent_at: Time,
    sent_then: u64,
    /// By number.
    pub flights: BTreeMap<u64, InFlight>,
    /// What became of the packets so far, those apart that a fault took.
    pub counts: LinkCounts,
}

/// What the network remembers of a packet in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub traffic: Traffic,
    /// Whether its time came while its direction was stalled.
    pub waits: bool,
}

impl Lane {
    pub fn new(label: &str, settings: LinkSettings) -> Lane {
        Lane {
            label: Label::new(label),
            settings,
            impairments: Impairments::default(),
            cuts: Vec::new(),
            stalls: Vec::new(),
            portals: Vec::new(),
            next_number: 0,
            sent_at: Time::ZERO,
            sent_then: 0,
            flights: BTreeMap::new(),
            counts: LinkCounts::default(),
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
        self.count(&passage);
        passage
    }

    fn count(&mut self, passage: &Passage) {
        let counts = &mut self.counts;
        counts.sent += 1;
        let exit = match passage {
            Passage::Dropped => {
                counts.dropped += 1;
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

    /// A copy of a packet is on its way; returns its number.
    pub fn launch(&mut self, traffic: Traffic) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.flights.insert(number, InFlight { traffic, waits: false });
        number
    }

    /// Everything in flight is gone, and what waits in the queue with it.
    pub fn kill(&mut self) -> BTreeMap<u64, InFlight> {
        self.impairments.clear_queue();
        std::mem::take(&mut self.flights)
    }

    /// New settings for the packets sent from now on.
    pub fn change(&mut self, update: &LinkUpdate) {
        self.settings.apply(update);
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
