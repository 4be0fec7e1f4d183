//! The wire between a stack and smoltcp: what arrives, and what leaves.

use crate::net::packet::Packet;
use smoltcp::phy::{self, Checksum, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use std::collections::VecDeque;

const MTU: usize = 1500;
/// More buffers than a host needs at once while it answers what it receives.
const SPARE_MAX: usize = 16;

/// The packets that leave a host, oldest first, and buffers for more of them: those of the
/// packets that it has received.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    queue: VecDeque<Packet>,
    spare: Vec<Packet>,
}

impl Outgoing {
    /// The oldest packet.
    pub fn pop(&mut self) -> Option<Packet> {
        self.queue.pop_front()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes the buffer of a packet that nobody needs any more.
    pub fn reuse(&mut self, packet: Packet) {
        if self.spare.len() < SPARE_MAX {
            self.spare.push(packet);
        }
    }

    fn add(&mut self, length: usize) -> &mut Packet {
        let mut packet = self.spare.pop().unwrap_or_default();
        packet.clear();
        packet.resize(length, 0);
        self.queue.push_back(packet);
        self.queue.back_mut().expect("it was just added")
    }
}

/// The wire as smoltcp sees it: at most one packet in, any number out.
pub(super) struct Wire<'a> {
    pub packet: Option<&'a [u8]>,
    pub out: &'a mut Outgoing,
}

pub(super) struct Arriving<'a>(&'a [u8]);

pub(super) struct Leaving<'a>(&'a mut Outgoing);

impl<'a> phy::Device for Wire<'a> {
    type RxToken<'t>
        = Arriving<'a>
    where
        Self: 't;
    type TxToken<'t>
        = Leaving<'t>
    where
        Self: 't;

    fn receive(&mut self, _now: Instant) -> Option<(Arriving<'a>, Leaving<'_>)> {
        let packet = self.packet.take()?;
        Some((Arriving(packet), Leaving(self.out)))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Leaving<'_>> {
        Some(Leaving(self.out))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = MTU;
        // Arriving checksums are verified before a packet is given to any end.
        capabilities.checksum.ipv4 = Checksum::Tx;
        capabilities.checksum.tcp = Checksum::Tx;
        capabilities
    }
}

impl phy::RxToken for Arriving<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

impl phy::TxToken for Leaving<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, write: F) -> R {
        write(self.0.add(len))
    }
}
