//! The account of what one fault hit in one direction.

use super::fault::Direction;
use crate::record::{ConnId, Hit, Struck};
use crate::time::Time;
use std::collections::BTreeSet;

/// What a packet is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traffic {
    /// The client's connection; `None` if the packet belongs to none.
    pub conn: Option<ConnId>,
    /// Whether it opens that connection (SYN or SYN|ACK).
    pub connects: bool,
    /// Its sequence number.
    pub sequence: u32,
    /// Bytes of data.
    pub bytes: u32,
}

/// A running account; becomes a [`Hit`].
#[derive(Debug)]
pub(super) struct Tally {
    open: BTreeSet<ConnId>,
    connects: BTreeSet<ConnId>,
    frames: BTreeSet<Struck>,
    packets: u64,
    first: Time,
}

impl Tally {
    /// An account opened by its first hit.
    pub fn new(first: Time) -> Tally {
        Tally {
            open: BTreeSet::new(),
            connects: BTreeSet::new(),
            frames: BTreeSet::new(),
            packets: 0,
            first,
        }
    }

    /// Books one packet, which carries these frames.
    pub fn add(&mut self, traffic: Traffic, frames: Vec<Struck>) {
        self.packets += 1;
        self.frames.extend(frames);
        let side = if traffic.connects { &mut self.connects } else { &mut self.open };
        side.extend(traffic.conn);
    }

    /// Books a connection that was struck itself, not by way of a packet.
    pub fn strike(&mut self, conn: ConnId) {
        self.open.insert(conn);
    }

    /// The account as a receipt prints it.
    pub fn hit(&self, (client, way): Direction) -> Hit {
        Hit {
            client,
            way,
            open: self.open.iter().copied().collect(),
            connects: self.connects.iter().copied().collect(),
            frames: self.frames.iter().copied().collect(),
            packets: self.packets,
            first: self.first,
        }
    }
}
