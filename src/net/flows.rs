//! What a box on the way knows of the connections that pass it, and the resets that it
//! makes from that: a TCP end believes an RST only if its sequence number fits.

use super::packet::{Packet, Segment};
use crate::record::{ClientId, ConnId, Way};
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    IpAddress, IpProtocol, Ipv4Packet, Ipv4Repr, TcpControl, TcpPacket, TcpRepr, TcpSeqNumber,
};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Hops left; what smoltcp's own segments begin with.
const HOP_LIMIT: u8 = 64;

/// An address and a port.
pub(super) type Endpoint = (Ipv4Addr, u16);

/// Every connection that the box has seen, as the clients count theirs.
#[derive(Debug, Default)]
pub(super) struct Flows {
    flows: BTreeMap<(ClientId, ConnId), Flow>,
}

#[derive(Debug)]
struct Flow {
    client: Endpoint,
    server: Endpoint,
    /// The sequence number after the furthest segment seen, up and down.
    next: [Option<u32>; 2],
    /// Whether the handshake was seen to its end.
    open: bool,
}

impl Flows {
    /// A segment passes the box.
    pub fn see(
        &mut self,
        (client, conn): (ClientId, ConnId),
        way: Way,
        (from, to): (Ipv4Addr, Ipv4Addr),
        segment: &Segment,
    ) {
        let key = (client, conn);
        if segment.rst {
            self.flows.remove(&key);
            return;
        }
        let (sender, receiver) = ((from, segment.from_port), (to, segment.to_port));
        let (client, server) = match way {
            Way::Up => (sender, receiver),
            Way::Down => (receiver, sender),
        };
        let fresh = Flow { client, server, next: [None; 2], open: false };
        let flow = self.flows.entry(key).or_insert(fresh);
        flow.open |= way == Way::Up && !segment.syn && flow.next[index(Way::Down)].is_some();
        let length = u32::try_from(segment.len).expect("a segment is small");
        let end = segment.seq.wrapping_add(length + u32::from(segment.syn || segment.fin));
        let next = &mut flow.next[index(way)];
        // Sequence numbers wrap: further on is whatever is less than half a round ahead.
        let further = next.is_none_or(|next| end.wrapping_sub(next).cast_signed() > 0);
        if further {
            *next = Some(end);
        }
    }

    /// An RST in the name of one end of a connection, which travels this way; `None` if the
    /// box has not seen it open.
    pub fn reset(&self, client: ClientId, conn: ConnId, way: Way) -> Option<Packet> {
        let flow = self.flows.get(&(client, conn)).filter(|flow| flow.open)?;
        let (from, to) = match way {
            Way::Up => (flow.client, flow.server),
            Way::Down => (flow.server, flow.client),
        };
        Some(reset(from, to, flow.next[index(way)]?))
    }
}

fn index(way: Way) -> usize {
    match way {
        Way::Up => 0,
        Way::Down => 1,
    }
}

/// A whole packet that resets.
fn reset(from: Endpoint, to: Endpoint, seq: u32) -> Packet {
    let segment = TcpRepr {
        src_port: from.1,
        dst_port: to.1,
        control: TcpControl::Rst,
        seq_number: TcpSeqNumber(seq.cast_signed()),
        ack_number: None,
        window_len: 0,
        window_scale: None,
        max_seg_size: None,
        sack_permitted: false,
        sack_ranges: [None; 3],
        timestamp: None,
        payload: &[],
    };
    let header = Ipv4Repr {
        src_addr: from.0,
        dst_addr: to.0,
        next_header: IpProtocol::Tcp,
        payload_len: segment.buffer_len(),
        hop_limit: HOP_LIMIT,
    };
    let checksums = ChecksumCapabilities::default();
    let mut packet = vec![0; header.buffer_len() + segment.buffer_len()];
    let mut whole = Ipv4Packet::new_unchecked(&mut packet[..]);
    header.emit(&mut whole, &checksums);
    let (source, destination) = (IpAddress::Ipv4(from.0), IpAddress::Ipv4(to.0));
    let mut inner = TcpPacket::new_unchecked(whole.payload_mut());
    segment.emit(&mut inner, &source, &destination, &checksums);
    packet
}
