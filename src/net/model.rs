//! The network: links, faults, and the packets in flight. It decides every packet's fate.
//!
//! A random draw is a function of (seed, client and direction, purpose, millisecond, index of
//! the packet in that millisecond and direction), so that removing a packet or a fault moves
//! no draw of any other millisecond. All of it is integers. What a link does to a packet by
//! itself is in `impair`; here stand the faults on top.

use super::address::Addresses;
use super::effect::{Effect, FaultState, direction_of, index_of};
use super::fault::{Direction, Fault};
use super::flows::Flows;
use super::impair::{Arrival, Passage};
use super::lane::Lane;
use super::layers::LinkChange;
use super::ledger::Ledger;
use super::link::{LinkSettings, NatSettings};
use super::nat::{Nat, NatLoss, client_outside};
use super::packet::{Fate, Flight, Headers, Packet, Sent, Stamp, describe};
use super::receipt::Traffic;
use super::remark::remark;
use super::stack::Stack;
use super::tap::{Cause, Place, Sighting, Tap};
use crate::record::{ClientId, ConnId, FaultId, HostId, LinkUse, Receipt, Way};
use crate::rng::Seed;
use crate::time::Time;
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;

/// The network between the clients and the server.
#[derive(Debug)]
pub struct Net {
    seed: Seed,
    /// By the dense index of a direction.
    pub(super) lanes: Vec<Lane>,
    /// In the plan's order.
    pub(super) faults: Vec<FaultState>,
    /// By the dense index of a direction: what its connections carry. Kept only where there
    /// are faults.
    pub(super) ledgers: Vec<Ledger>,
    /// Where each client is attached.
    pub(super) addresses: Addresses,
    /// The faults that keep the server without power.
    pub(super) server_down: Vec<usize>,
    /// The clients that are behind one.
    nats: BTreeMap<ClientId, Nat>,
    /// What a box on the way knows; `None` if no fault ever asks it.
    flows: Option<Flows>,
    /// Remarks about single packets; `None` if nobody wants any.
    notes: Option<VecDeque<String>>,
    /// Sees every packet, if anybody wants to.
    pub(super) tap: Option<Tap>,
}

/// A packet that sets out, and the number of its sighting, if anybody looks.
struct Departure {
    packet: Packet,
    headers: Headers,
    seen: Option<usize>,
}

impl Net {
    /// A network of these clients, each with its name and its links up and down. `faults`
    /// are the plan's, in its order; none is active yet.
    ///
    /// # Panics
    /// If a fault names a client that there is not.
    pub fn new(seed: Seed, clients: &[(String, [LinkSettings; 2])], faults: Vec<Fault>) -> Net {
        let lanes = clients.iter().flat_map(|(name, [up, down])| {
            [Lane::new(&format!("{name} up"), *up), Lane::new(&format!("{name} down"), *down)]
        });
        let lanes: Vec<_> = lanes.collect();
        let resets = faults.iter().any(|fault| matches!(fault, Fault::Reset(..)));
        let faults: Vec<_> =
            faults.iter().map(|fault| FaultState::new(fault, lanes.len())).collect();
        let ledgers = if faults.is_empty() { 0 } else { lanes.len() };
        let ledgers = (0..ledgers).map(|_| Ledger::default()).collect();
        let addresses = Addresses::new(clients.len());
        Net {
            seed,
            lanes,
            faults,
            ledgers,
            addresses,
            server_down: Vec::new(),
            nats: BTreeMap::new(),
            flows: resets.then(Flows::default),
            notes: None,
            tap: None,
        }
    }

    /// Puts a client behind a NAT, before its first packet.
    pub fn put_behind_nat(&mut self, client: ClientId, settings: NatSettings) {
        self.nats.insert(client, Nat::new(client, settings));
    }

    /// From now on [`Net::poll_note`] has something to say.
    pub fn remark(&mut self) {
        self.notes = Some(VecDeque::new());
    }

    /// The oldest remark about a packet that its link lost, held up, doubled or damaged, or
    /// that a NAT did not let pass.
    pub fn poll_note(&mut self) -> Option<String> {
        self.notes.as_mut()?.pop_front()
    }

    /// From now on keeps every packet, for [`Net::take_sightings`].
    pub fn tap(&mut self) {
        self.tap = Some(Tap::default());
    }

    /// Every packet that was sent or received since [`Net::tap`], by time, then place; nothing
    /// is kept any more.
    pub fn take_sightings(&mut self) -> Vec<Sighting> {
        self.tap.take().map_or_else(Vec::new, Tap::into_sightings)
    }

    /// The address that a host has at present.
    pub fn address(&self, host: HostId) -> Ipv4Addr {
        self.addresses.of(host)
    }

    /// Whose connection it is that has, or had, this address and port at the server.
    pub fn owner(&self, address: Ipv4Addr, port: u16) -> Option<(ClientId, ConnId)> {
        let nat = client_outside(address).and_then(|client| self.nats.get(&client));
        let (address, port) = match nat {
            Some(nat) => nat.inside_of(port)?,
            None => (address, port),
        };
        match self.addresses.host(address)? {
            HostId::Client(client) => Some((client, conn_of(port)?)),
            HostId::Server | HostId::Portal => None,
        }
    }

    /// A host hands a frame to its stack; its packets follow.
    pub fn note(&mut self, from: HostId, sent: &Sent) {
        let client = match from {
            HostId::Client(client) => Some(client),
            HostId::Server => match self.addresses.host(sent.peer) {
                Some(HostId::Client(client)) => Some(client),
                Some(HostId::Server | HostId::Portal) | None => None,
            },
            HostId::Portal => None,
        };
        let way = if from == HostId::Server { Way::Down } else { Way::Up };
        let direction = client.map(|client| index_of((client, way)));
        if let Some(ledger) = direction.and_then(|direction| self.ledgers.get_mut(direction)) {
            ledger.sent(sent.conn, sent.kind, sent.bytes);
        }
    }

    /// Decides the fate of a packet that `from` sends; what arrives, once or twice, is added
    /// to `flights`. A packet to nobody, or between two clients, vanishes.
    pub fn send(&mut self, now: Time, from: HostId, packet: Packet, flights: &mut Vec<Flight>) {
        let seen = self.tap.as_mut().map(|tap| tap.sent(now, Place::Host(from), &packet));
        let Some((packet, seen)) = self.come_in(now, packet, seen) else { return };
        let Some(headers) = Headers::parse(&packet) else { return };
        let Some(to) = self.addresses.host(headers.to) else { return };
        let direction = match (from, to) {
            (HostId::Client(client), HostId::Server) => (client, Way::Up),
            (HostId::Server | HostId::Portal, HostId::Client(client)) => (client, Way::Down),
            (HostId::Server | HostId::Portal, HostId::Server | HostId::Portal)
            | (HostId::Client(_), HostId::Client(_) | HostId::Portal) => return,
        };
        let sent = Departure { packet, headers, seen };
        self.travel(now, direction, from, sent, flights);
    }

    /// A box on the way resets these connections, as far as it knows them, at the ends that
    /// the fault names. Its segments travel as any other.
    ///
    /// # Panics
    /// If the plan has no such fault.
    pub fn reset(
        &mut self,
        now: Time,
        fault: FaultId,
        conns: &[(ClientId, ConnId)],
        flights: &mut Vec<Flight>,
    ) {
        let Effect::Reset(ways) = self.faults[fault.0].effect.clone() else {
            panic!("fault {} resets nothing", fault.0)
        };
        for (client, conn) in conns {
            let flows = self.flows.as_ref().expect("the plan has such a fault");
            // Made before any is sent: the box forgets a connection that it sees reset.
            let made = ways.iter().map(|way| (*way, flows.reset(*client, *conn, *way)));
            for (way, packet) in made.collect::<Vec<_>>() {
                let Some(packet) = packet else { continue };
                let headers = Headers::parse(&packet).expect("a whole packet");
                let seen = self.tap.as_mut().map(|tap| tap.sent(now, Place::Middlebox, &packet));
                let sent = Departure { packet, headers, seen };
                let direction = (*client, way);
                let from = match way {
                    Way::Up => HostId::Client(*client),
                    Way::Down => HostId::Server,
                };
                if self.travel(now, direction, from, sent, flights) {
                    self.strike(now, fault, direction, *conn);
                }
            }
        }
    }

    /// Sends a packet on its way in one direction, from a host or in its name; whether it got
    /// past the faults.
    fn travel(
        &mut self,
        now: Time,
        direction: Direction,
        from: HostId,
        Departure { packet, headers, seen }: Departure,
        flights: &mut Vec<Flight>,
    ) -> bool {
        let (client, way) = direction;
        let direction = index_of(direction);
        let traffic = traffic_of(&headers, way);
        if let (true, Some(conn)) = (traffic.connects, traffic.conn)
            && let Some(ledger) = self.ledgers.get_mut(direction)
        {
            ledger.opened(conn, traffic.sequence);
        }
        let Some(lane) = self.lanes.get_mut(direction) else { return false };
        // Only one of the server and the portal is heard at a time, and only that one's packets
        // are counted: hosts are looked at in any order.
        let unheard = match from {
            HostId::Server => !lane.portals.is_empty(),
            HostId::Portal => lane.portals.is_empty(),
            HostId::Client(_) => false,
        };
        if unheard {
            for fault in &lane.portals {
                self.faults[*fault].book(&self.ledgers, direction, traffic, now);
            }
            if let (Some(tap), Some(seen)) = (&mut self.tap, seen) {
                tap.lost(now, seen, Cause::Unheard);
            }
            return false;
        }
        let index = lane.count_sent(now);
        let (own, powerless, mut to) = match way {
            Way::Up => (headers.from, self.server_down.as_slice(), HostId::Server),
            Way::Down => (headers.to, &[][..], HostId::Client(client)),
        };
        let moved = self.addresses.left_by(client, own);
        let killers = if lane.cuts.is_empty() && moved.is_none() && powerless.is_empty() {
            let bytes = headers.tcp.map_or(0, |segment| segment.len);
            let faults = &mut self.faults;
            let swallows =
                |fault: &&usize| faults[**fault].swallows(direction, traffic.conn, bytes);
            lane.holes.iter().filter(swallows).copied().collect()
        } else {
            [&lane.cuts[..], moved.as_slice(), powerless].concat()
        };
        if !killers.is_empty() {
            for fault in &killers {
                self.faults[*fault].book(&self.ledgers, direction, traffic, now);
            }
            if let (Some(tap), Some(seen)) = (&mut self.tap, seen) {
                tap.lost(now, seen, Cause::Faults(killers.into_iter().map(FaultId).collect()));
            }
            return false;
        }
        if let (Some(flows), Some(conn), Some(segment)) =
            (&mut self.flows, traffic.conn, headers.tcp)
        {
            flows.see((client, conn), way, (headers.from, headers.to), &segment);
        }
        if way == Way::Up && !lane.portals.is_empty() {
            for fault in &lane.portals {
                self.faults[*fault].book(&self.ledgers, direction, traffic, now);
            }
            to = HostId::Portal;
        }
        let passage = lane.pass(self.seed, now, index, &packet);
        if let Some(notes) = &mut self.notes {
            notes.extend(remark(&passage).map(|what| format!("{what}: {}", describe(&packet))));
        }
        let tapped = self.tap.as_mut().zip(seen);
        let (first, second) = match passage {
            Passage::Arrives(_, first, second) => (first, second),
            Passage::Dropped | Passage::Lost(_) => {
                let cause = if passage == Passage::Dropped { Cause::Queue } else { Cause::Link };
                if let Some((tap, seen)) = tapped {
                    tap.lost(now, seen, cause);
                }
                return true;
            }
        };
        let mut tapped = tapped;
        let mut launch = |arrival: Arrival, packet| {
            let stamp = Stamp { at: arrival.at, direction, number: lane.flights.launch(traffic) };
            if let Some((tap, seen)) = &mut tapped {
                tap.launched(*seen, (direction, stamp.number), arrival.damage.is_some());
            }
            flights.push(Flight { stamp, to, packet: arrival.of(packet) });
        };
        match second {
            Some(second) => {
                launch(first, packet.clone());
                launch(second, packet);
                if let Some((tap, seen)) = tapped {
                    tap.doubled(seen);
                }
            }
            None => launch(first, packet),
        }
        true
    }

    /// A packet from the server side: as it is beyond the NAT that it is addressed to, if it
    /// is addressed to one; `None` if that does not let it pass.
    fn come_in(
        &mut self,
        now: Time,
        packet: Packet,
        seen: Option<usize>,
    ) -> Option<(Packet, Option<usize>)> {
        if self.nats.is_empty() {
            return Some((packet, seen));
        }
        let client = Headers::parse(&packet).and_then(|headers| client_outside(headers.to));
        let nat = client.and_then(|client| Some((client, self.nats.get_mut(&client)?)));
        let Some((client, nat)) = nat else { return Some((packet, seen)) };
        match nat.inbound(now, &packet) {
            Ok(inside) => {
                let tap = self.tap.as_mut();
                let seen = tap.map(|tap| tap.sent(now, Place::Nat(client), &inside));
                Some((inside, seen))
            }
            Err(loss) => {
                if let (Some(tap), Some(seen)) = (&mut self.tap, seen) {
                    tap.lost(now, seen, Cause::Nat(loss));
                }
                self.note_nat(loss, &packet);
                None
            }
        }
    }

    /// A packet whose time has come and that arrives: as its host gets it. `None` if a NAT
    /// between the client's link and the server does not let it pass.
    pub fn hand_over(
        &mut self,
        now: Time,
        to: HostId,
        stamp: Stamp,
        packet: Packet,
    ) -> Option<Packet> {
        let flight = (stamp.direction, stamp.number);
        let (client, _) = direction_of(stamp.direction);
        let nat = self.nats.get_mut(&client).filter(|_| to == HostId::Server);
        let packet = match nat.map(|nat| nat.outbound(now, &packet)) {
            None => packet,
            Some(Ok(outside)) => {
                if let Some(tap) = &mut self.tap {
                    tap.sent(now, Place::Nat(client), &outside);
                }
                outside
            }
            Some(Err(loss)) => {
                if let Some(tap) = &mut self.tap {
                    tap.refused(now, flight, loss);
                }
                self.note_nat(loss, &packet);
                return None;
            }
        };
        if let Some(tap) = &mut self.tap {
            tap.received(now, to, flight, &packet);
        }
        Some(packet)
    }

    fn note_nat(&mut self, loss: NatLoss, packet: &[u8]) {
        if let Some(notes) = &mut self.notes {
            notes.push_back(format!("{loss}: {}", describe(packet)));
        }
    }

    /// Changes links for the packets sent from now on, by the change at this place of the plan.
    /// A NAT stands behind a client's link up, and changes with it.
    pub fn change(
        &mut self,
        now: Time,
        place: usize,
        directions: &[Direction],
        change: &LinkChange,
    ) {
        for direction in directions {
            let (client, way) = *direction;
            self.lanes[index_of(*direction)].change(place, way, change);
            if let (Way::Up, Some(nat)) = (way, self.nats.get_mut(&client)) {
                nat.change(now, place, change);
            }
        }
    }

    /// Whether the packet with this stamp, whose time has come, may be handed to its host.
    /// One that arrives or is gone is forgotten; one that waits may be asked for again.
    pub fn claim(&mut self, now: Time, stamp: Stamp) -> Fate {
        let Stamp { at: _, direction, number } = stamp;
        let Some(lane) = self.lanes.get_mut(direction) else {
            return Fate::Gone;
        };
        let Some(flight) = lane.flights.get_mut(number) else {
            return Fate::Gone;
        };
        if lane.stalls.is_empty() {
            lane.flights.land(number);
            return Fate::Arrives;
        }
        // Booked once, however often it is asked for: receipts must not tell how the
        // engine waits. `begin` books for stalls that come later.
        if !flight.waits {
            flight.waits = true;
            for fault in &lane.stalls {
                self.faults[*fault].book(&self.ledgers, direction, flight.traffic, now);
            }
        }
        Fate::Waits
    }

    /// What each fault has hit so far, in the plan's order.
    pub fn receipts(&self) -> Vec<Receipt> {
        let receipt = |fault: &FaultState| Receipt {
            hits: fault
                .hits
                .iter()
                .map(|(direction, tally)| tally.hit(direction_of(*direction)))
                .collect(),
            strikes: Vec::new(),
        };
        self.faults.iter().map(receipt).collect()
    }

    /// What each direction of each link did to its packets so far.
    pub fn uses(&self) -> Vec<LinkUse> {
        let lanes = self.lanes.iter().enumerate();
        let of = |(index, lane): (usize, &Lane)| {
            let (client, way) = direction_of(index);
            LinkUse { client, way, counts: lane.counts }
        };
        lanes.map(of).collect()
    }

    /// How many packets were sent under each of the plan's `count` changes so far.
    pub fn met(&self, count: usize) -> Vec<u64> {
        let mut met = vec![0; count];
        for (place, packets) in self.lanes.iter().flat_map(Lane::met) {
            met[place] += packets;
        }
        met
    }
}

/// A client's n-th connection uses its n-th port, on both ends' segments.
fn traffic_of(headers: &Headers, way: Way) -> Traffic {
    let Some(segment) = headers.tcp else {
        return Traffic { conn: None, connects: false, sequence: 0, bytes: 0 };
    };
    let port = match way {
        Way::Up => segment.from_port,
        Way::Down => segment.to_port,
    };
    let bytes = u32::try_from(segment.len).expect("a packet is far smaller");
    Traffic { conn: conn_of(port), connects: segment.syn, sequence: segment.seq, bytes }
}

fn conn_of(port: u16) -> Option<ConnId> {
    port.checked_sub(Stack::FIRST_PORT).map(|number| ConnId(number.into()))
}
