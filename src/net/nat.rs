//! Network address translation: a box between a client's link and the server, as a carrier
//! has one. What a cut of the link swallows on its way up never reaches it, and keeps no
//! mapping alive.
//!
//! A mapping lasts until no packet has used it, either way, for the idle time; then it is
//! gone, and nobody is told. The box changes addresses, ports and checksums, and nothing
//! else; a checksum that was wrong before stays wrong.

use super::layers::{LinkChange, NatLayers};
use super::link::{NatSettings, Unmapped};
use super::packet::{Headers, Packet, header_is_intact};
use crate::record::ClientId;
use crate::time::Time;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;

/// The first outside port; none is used twice in a run.
const FIRST_PORT: u16 = 20_000;
/// Outside addresses begin here (RFC 2544: for tests of networks), one a client.
const FIRST_ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
/// The last address of that block.
const LAST_ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 19, 255, 254);

/// Why a packet does not pass a NAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatLoss {
    /// From outside, and there is no mapping (any more).
    NoMapping,
    /// From inside, of a connection without mapping, and such are dropped.
    Unmapped,
    /// Its headers are damaged, or it is no TCP.
    Unreadable,
    /// Every port outside has been used.
    NoPort,
}

impl fmt::Display for NatLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NatLoss::NoMapping => "the NAT has no mapping for it",
            NatLoss::Unmapped => "the NAT knows no such connection",
            NatLoss::Unreadable => "the NAT can't read it",
            NatLoss::NoPort => "the NAT has no port left",
        })
    }
}

/// The NAT of one client.
#[derive(Debug)]
pub(super) struct Nat {
    layers: NatLayers,
    /// What the layers come to.
    settings: NatSettings,
    outside: Ipv4Addr,
    /// The next port; `None`: all used up.
    next_port: Option<u16>,
    /// By the address and port inside.
    mappings: BTreeMap<(Ipv4Addr, u16), Mapping>,
    /// The address and port inside, by the port outside; mappings that are gone are kept, for
    /// whoever asks whose they were.
    inside: BTreeMap<u16, (Ipv4Addr, u16)>,
}

#[derive(Clone, Copy, Debug)]
struct Mapping {
    port: u16,
    used: Time,
}

impl Nat {
    /// The NAT of this client, without mappings.
    pub fn new(client: ClientId, settings: NatSettings) -> Nat {
        Nat {
            layers: NatLayers::new(settings),
            settings,
            outside: outside_address(client),
            next_port: Some(FIRST_PORT),
            mappings: BTreeMap::new(),
            inside: BTreeMap::new(),
        }
    }

    /// A packet from inside reaches the box: what it sends on towards the server.
    ///
    /// # Errors
    /// Why it sends nothing on.
    pub fn outbound(&mut self, now: Time, packet: &[u8]) -> Result<Packet, NatLoss> {
        let headers = Headers::parse(packet).ok_or(NatLoss::Unreadable)?;
        let segment = headers.tcp.filter(|_| header_is_intact(packet));
        let segment = segment.ok_or(NatLoss::Unreadable)?;
        let inside = (headers.from, segment.from_port);
        let live = self.mappings.get(&inside).copied().filter(|mapping| self.lives(mapping, now));
        let port = match (live, self.settings.then) {
            (Some(mapping), _) => mapping.port,
            (None, Unmapped::Drop) if !segment.begins() => return Err(NatLoss::Unmapped),
            (None, Unmapped::NewPort | Unmapped::Drop) => {
                let port = self.next_port.ok_or(NatLoss::NoPort)?;
                self.next_port = port.checked_add(1);
                self.inside.insert(port, inside);
                port
            }
        };
        self.mappings.insert(inside, Mapping { port, used: now });
        Ok(translated(packet, End::Source, (self.outside, port)))
    }

    /// A packet from outside, addressed to the box, reaches it: what it sends on inside.
    ///
    /// # Errors
    /// Why it sends nothing on.
    pub fn inbound(&mut self, now: Time, packet: &[u8]) -> Result<Packet, NatLoss> {
        let headers = Headers::parse(packet).ok_or(NatLoss::Unreadable)?;
        let segment = headers.tcp.ok_or(NatLoss::Unreadable)?;
        let inside = *self.inside.get(&segment.to_port).ok_or(NatLoss::NoMapping)?;
        let mapping = self.mappings.get(&inside).copied();
        let mapping = mapping.filter(|mapping| mapping.port == segment.to_port);
        let mapping = mapping.filter(|mapping| self.lives(mapping, now));
        let mapping = mapping.ok_or(NatLoss::NoMapping)?;
        self.mappings.insert(inside, Mapping { used: now, ..mapping });
        Ok(translated(packet, End::Destination, inside))
    }

    /// The change of links at this place of the plan may be one of this box. A mapping that
    /// was unused for too long, before the change or by it, stays gone.
    pub fn change(&mut self, now: Time, place: usize, change: &LinkChange) {
        self.forget(now);
        self.layers.change(place, change);
        self.settings = self.layers.settings();
        self.forget(now);
    }

    fn forget(&mut self, now: Time) {
        let idle = self.settings.idle;
        self.mappings.retain(|_, mapping| now.since(mapping.used) < idle);
    }

    /// The address and port inside that this port outside stands, or stood, for.
    pub fn inside_of(&self, port: u16) -> Option<(Ipv4Addr, u16)> {
        self.inside.get(&port).copied()
    }

    fn lives(&self, mapping: &Mapping, now: Time) -> bool {
        now.since(mapping.used) < self.settings.idle
    }
}

/// The address of a client's NAT outside.
pub(super) fn outside_address(ClientId(index): ClientId) -> Ipv4Addr {
    let index = u32::try_from(index).expect("a plan has far fewer clients");
    let address = Ipv4Addr::from_bits(FIRST_ADDRESS.to_bits() + index);
    assert!(address <= LAST_ADDRESS, "a plan has fewer clients than the block has addresses");
    address
}

/// The client whose NAT may have this address outside.
pub(super) fn client_outside(address: Ipv4Addr) -> Option<ClientId> {
    let index = (FIRST_ADDRESS..=LAST_ADDRESS)
        .contains(&address)
        .then(|| address.to_bits() - FIRST_ADDRESS.to_bits())?;
    usize::try_from(index).ok().map(ClientId)
}

/// Which end of a packet is translated.
#[derive(Clone, Copy)]
enum End {
    Source,
    Destination,
}

/// A whole TCP packet with another address and port at one end.
fn translated(packet: &[u8], end: End, (address, port): (Ipv4Addr, u16)) -> Packet {
    const IP_CHECKSUM: usize = 10;
    const TCP_CHECKSUM: usize = 16;
    let mut packet = packet.to_vec();
    let header = 4 * usize::from(packet[0] & 0x0f);
    let (address_place, port_place) = match end {
        End::Source => (12, header),
        End::Destination => (16, header + 2),
    };
    let [a, b, c, d] = address.octets();
    // TCP's checksum covers the addresses too.
    let both = [IP_CHECKSUM, header + TCP_CHECKSUM];
    replace(&mut packet, address_place, [a, b], &both);
    replace(&mut packet, address_place + 2, [c, d], &both);
    replace(&mut packet, port_place, port.to_be_bytes(), &[header + TCP_CHECKSUM]);
    packet
}

/// Replaces 16 bits and brings the checksums that cover them up to date, by the difference
/// alone (RFC 1624): damage elsewhere goes on showing.
fn replace(packet: &mut [u8], place: usize, new: [u8; 2], checksums: &[usize]) {
    let word = |bytes: &[u8], at: usize| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let old = word(packet, place);
    packet[place..place + 2].copy_from_slice(&new);
    for at in checksums {
        let mut sum = (!word(packet, *at) & 0xffff) + (!old & 0xffff) + word(&new, 0);
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        let checksum = u16::try_from(!sum & 0xffff).expect("sixteen bits");
        packet[*at..*at + 2].copy_from_slice(&checksum.to_be_bytes());
    }
}
