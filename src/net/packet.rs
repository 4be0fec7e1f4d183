//! Whole IPv4 packets: who sent them to whom, in which order they arrive, how to print them.

use crate::protocol::FrameKind;
use crate::record::{ConnId, HostId};
use crate::time::Time;
use smoltcp::wire::{IpAddress, IpProtocol, Ipv4Packet, TcpPacket, TcpSeqNumber};
use std::fmt::Write;
use std::net::Ipv4Addr;

/// A whole IPv4 packet, from its header's first byte on.
pub type Packet = Vec<u8>;

/// Where a packet stands among all arrivals. Whoever receives takes packets in this order:
/// by time, then direction, then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// When it arrives.
    pub at: Time,
    /// The direction it travels: twice the client's place in the plan, plus one if it goes
    /// down to the client.
    pub direction: usize,
    /// Counts the packets of its direction.
    pub number: u64,
}

/// A packet on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// When it arrives, and its place among others.
    pub stamp: Stamp,
    /// Where it arrives.
    pub to: HostId,
    /// What arrives.
    pub packet: Packet,
}

/// A frame that a host has handed to its stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The address of the connection's other end.
    pub peer: Ipv4Addr,
    /// The connection, as its client counts them.
    pub conn: ConnId,
    /// What kind of frame.
    pub kind: FrameKind,
    /// How long it is.
    pub bytes: usize,
}

/// What becomes of a packet whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Hand it to its host.
    Arrives,
    /// It was killed on the way; forget it.
    Gone,
    /// Its direction is stalled: keep it and ask again when a fault has ended.
    Waits,
}

/// The host that a whole packet is addressed to.
#[cfg(test)]
pub(crate) fn receiver(packet: &[u8]) -> Option<HostId> {
    let destination: [u8; 4] = packet.get(16..20)?.try_into().ok()?;
    super::address::first_owner(Ipv4Addr::from(destination))
}

/// What a packet's headers say. Sizes are checked, checksums are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    pub from: Ipv4Addr,
    pub to: Ipv4Addr,
    /// `None`: it carries no TCP, or no whole TCP header.
    pub tcp: Option<Segment>,
}

/// What a TCP header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub from_port: u16,
    pub to_port: u16,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub psh: bool,
    pub seq: u32,
    pub ack: Option<u32>,
    /// Bytes of data.
    pub len: usize,
}

impl Headers {
    /// Reads the headers; `None` if this is no IPv4 packet.
    pub fn parse(packet: &[u8]) -> Option<Headers> {
        let ip = Ipv4Packet::new_checked(packet).ok().filter(|ip| ip.version() == 4)?;
        let tcp = tcp_of(&ip).map(|tcp| Segment::read(&tcp));
        Some(Headers { from: ip.src_addr(), to: ip.dst_addr(), tcp })
    }
}

/// Whether the checksum of an IPv4 header is right.
pub(super) fn header_is_intact(packet: &[u8]) -> bool {
    Ipv4Packet::new_checked(packet).is_ok_and(|ip| ip.verify_checksum())
}

/// Where a segment comes from and goes to, and its header, if this is a packet with a whole
/// TCP segment and both checksums are right.
pub(super) fn parse_intact(packet: &[u8]) -> Option<(Ipv4Addr, Ipv4Addr, Segment)> {
    let ip = Ipv4Packet::new_checked(packet).ok().filter(|ip| ip.version() == 4)?;
    let tcp = tcp_of(&ip)?;
    let (from, to) = (ip.src_addr(), ip.dst_addr());
    let intact =
        ip.verify_checksum() && tcp.verify_checksum(&IpAddress::Ipv4(from), &IpAddress::Ipv4(to));
    intact.then(|| (from, to, Segment::read(&tcp)))
}

/// Makes a packet's segment acknowledge this much. Its checksum is no longer right.
pub(super) fn set_ack(packet: &mut [u8], ack: u32) {
    let mut ip = Ipv4Packet::new_unchecked(packet);
    TcpPacket::new_unchecked(ip.payload_mut()).set_ack_number(TcpSeqNumber(ack.cast_signed()));
}

/// The TCP segment in a packet; `None` if it carries none, or less than a whole one.
fn tcp_of<'a>(ip: &Ipv4Packet<&'a [u8]>) -> Option<TcpPacket<&'a [u8]>> {
    let fragment = ip.more_frags() || ip.frag_offset() != 0;
    let carried = ip.next_header() == IpProtocol::Tcp && !fragment;
    if carried { TcpPacket::new_checked(ip.payload()).ok() } else { None }
}

impl Segment {
    /// Whether it is the first of a connection.
    pub fn begins(&self) -> bool {
        self.syn && !self.rst && !self.fin && self.ack.is_none()
    }

    fn read(tcp: &TcpPacket<&[u8]>) -> Segment {
        Segment {
            from_port: tcp.src_port(),
            to_port: tcp.dst_port(),
            syn: tcp.syn(),
            fin: tcp.fin(),
            rst: tcp.rst(),
            psh: tcp.psh(),
            seq: tcp.seq_number().0.cast_unsigned(),
            ack: tcp.ack().then(|| tcp.ack_number().0.cast_unsigned()),
            len: tcp.payload().len(),
        }
    }
}

/// A packet in one line: `10.1.0.1:1024 > 10.0.0.1:80 SYN seq 7 len 0`.
pub fn describe(packet: &[u8]) -> String {
    let Some(headers) = Headers::parse(packet) else {
        return format!("{} bytes that are no IPv4 packet", packet.len());
    };
    let (from, to) = (headers.from, headers.to);
    let Some(segment) = headers.tcp else {
        return format!("{from} > {to} no TCP, {} bytes", packet.len());
    };
    let flags = [
        (segment.syn, "SYN"),
        (segment.fin, "FIN"),
        (segment.rst, "RST"),
        (segment.psh, "PSH"),
        (segment.ack.is_some(), "ACK"),
    ];
    let flags: Vec<_> = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
    let mut line = format!(
        "{from}:{} > {to}:{} {} seq {}",
        segment.from_port,
        segment.to_port,
        flags.join("|"),
        segment.seq
    );
    if let Some(ack) = segment.ack {
        let _ = write!(line, " ack {ack}");
    }
    let _ = write!(line, " len {}", segment.len);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_ordered_by_time_then_direction_then_number() {
        let stamp = |ms, direction, number| Stamp { at: Time::from_ms(ms), direction, number };
        let sorted = [stamp(1, 3, 9), stamp(2, 0, 5), stamp(2, 1, 0), stamp(2, 1, 1)];
        assert!(sorted.is_sorted());
    }

    #[test]
    fn odd_bytes_are_described_too() {
        assert_eq!(describe(&[]), "0 bytes that are no IPv4 packet");
        assert_eq!(describe(&[0x45; 19]), "19 bytes that are no IPv4 packet");
    }
}
