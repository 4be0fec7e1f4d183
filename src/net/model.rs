//! The network: links, faults, and the packets in flight. It decides every packet's fate.
//!
//! A random draw is a function of (seed, client and direction, purpose, millisecond, index of
//! the packet in that millisecond and direction), so that removing a packet or a fault moves
//! no draw of any other millisecond. All of it is integers. What a link does to a packet by
//! itself is in `impair`; here stand the faults on top.

use super::address::Addresses;
use super::effect::{Effect, both_ways, direction_of, index_of};
use super::fault::{Direction, Fault};
use super::impair::{Arrival, Exit, Passage};
use super::lane::Lane;
use super::layers::LinkChange;
use super::ledger::Ledger;
use super::link::LinkSettings;
use super::packet::{Fate, Flight, Headers, Packet, Sent, Stamp, describe};
use super::receipt::{Tally, Traffic};
use super::stack::Stack;
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
    lanes: Vec<Lane>,
    /// In the plan's order.
    faults: Vec<FaultState>,
    /// By the dense index of a direction: what its connections carry. Kept only where there
    /// are faults.
    ledgers: Vec<Ledger>,
    /// Where each client is attached.
    addresses: Addresses,
    /// The faults that keep the server without power.
    server_down: Vec<usize>,
    /// Remarks about single packets; `None` if nobody wants any.
    notes: Option<VecDeque<String>>,
}

#[derive(Debug)]
struct FaultState {
    effect: Effect,
    /// By the dense index of a direction.
    hits: BTreeMap<usize, Tally>,
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
        let faults = faults.into_iter().map(|fault| FaultState {
            effect: Effect::of(&fault, lanes.len()),
            hits: BTreeMap::new(),
        });
        let faults: Vec<_> = faults.collect();
        let ledgers = if faults.is_empty() { 0 } else { lanes.len() };
        let ledgers = (0..ledgers).map(|_| Ledger::default()).collect();
        let addresses = Addresses::new(clients.len());
        Net { seed, lanes, faults, ledgers, addresses, server_down: Vec::new(), notes: None }
    }

    /// From now on [`Net::poll_note`] has something to say.
    pub fn remark(&mut self) {
        self.notes = Some(VecDeque::new());
    }

    /// The oldest remark about a packet that its link lost, held up, doubled or damaged.
    pub fn poll_note(&mut self) -> Option<String> {
        self.notes.as_mut()?.pop_front()
    }

    /// The address that a host has at present.
    pub fn address(&self, host: HostId) -> Ipv4Addr {
        self.addresses.of(host)
    }

    /// The host that has, or had, this address.
    pub fn host_of(&self, address: Ipv4Addr) -> Option<HostId> {
        self.addresses.host(address)
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
        let Some(headers) = Headers::parse(&packet) else { return };
        let Some(mut to) = self.addresses.host(headers.to) else { return };
        let (client, way) = match (from, to) {
            (HostId::Client(client), HostId::Server) => (client, Way::Up),
            (HostId::Server | HostId::Portal, HostId::Client(client)) => (client, Way::Down),
            (HostId::Server | HostId::Portal, HostId::Server | HostId::Portal)
            | (HostId::Client(_), HostId::Client(_) | HostId::Portal) => return,
        };
        let direction = index_of((client, way));
        let traffic = traffic_of(&headers, way);
        if let (true, Some(conn)) = (traffic.connects, traffic.conn)
            && let Some(ledger) = self.ledgers.get_mut(direction)
        {
            ledger.opened(conn, traffic.sequence);
        }
        let Some(lane) = self.lanes.get_mut(direction) else { return };
        // Only one of the server and the portal is heard at a time, and only that one's packets
        // are counted: hosts are looked at in any order.
        match from {
            HostId::Server if !lane.portals.is_empty() => {
                for fault in &lane.portals {
                    self.faults[*fault].book(&self.ledgers, direction, traffic, now);
                }
                return;
            }
            HostId::Portal if lane.portals.is_empty() => return,
            HostId::Server | HostId::Portal | HostId::Client(_) => {}
        }
        let index = lane.count_sent(now);
        let own = match way {
            Way::Up => headers.from,
            Way::Down => headers.to,
        };
        let moved = self.addresses.left_by(client, own);
        let powerless = match way {
            Way::Up => self.server_down.as_slice(),
            Way::Down => &[],
        };
        let killers = [&lane.cuts[..], moved.as_slice(), powerless];
        if killers.iter().any(|killers| !killers.is_empty()) {
            for fault in killers.into_iter().flatten() {
                self.faults[*fault].book(&self.ledgers, direction, traffic, now);
            }
            return;
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
        let Passage::Arrives(_, first, second) = passage else { return };
        let mut launch = |arrival: Arrival, packet| {
            let stamp = Stamp { at: arrival.at, direction, number: lane.launch(traffic) };
            flights.push(Flight { stamp, to, packet: arrival.of(packet) });
        };
        match second {
            Some(second) => {
                launch(first, packet.clone());
                launch(second, packet);
            }
            None => launch(first, packet),
        }
    }

    /// A fault begins. A cut kills what is in flight in its directions, a server without
    /// power what is in flight to it; a stall holds what is waiting already a while longer.
    pub fn begin(&mut self, now: Time, fault: FaultId) {
        let FaultId(fault) = fault;
        match self.faults[fault].effect.clone() {
            Effect::Cut(directions) => {
                for direction in directions {
                    self.lanes[direction].cuts.push(fault);
                    self.kill(now, direction, fault);
                }
            }
            Effect::Stall(directions) => {
                for direction in directions {
                    let lane = &mut self.lanes[direction];
                    lane.stalls.push(fault);
                    for flight in lane.flights.values().filter(|flight| flight.waits) {
                        self.faults[fault].book(&self.ledgers, direction, flight.traffic, now);
                    }
                }
            }
            Effect::PowerCut { server, down } => {
                if server {
                    self.server_down.push(fault);
                    self.kill_all_to_server(now, fault);
                }
                for direction in down {
                    self.lanes[direction].cuts.push(fault);
                    self.kill(now, direction, fault);
                }
            }
            Effect::Portal(directions) => {
                for direction in directions {
                    self.lanes[direction].portals.push(fault);
                }
            }
            Effect::Handover(clients) => {
                for direction in clients.into_iter().flat_map(both_ways) {
                    self.lanes[direction].cuts.push(fault);
                    self.kill(now, direction, fault);
                }
            }
            Effect::Nothing => {}
        }
    }

    /// A fault struck a connection at one of its ends, whether or not a packet of it was
    /// under way: a process died with it.
    pub fn strike(&mut self, now: Time, fault: FaultId, direction: Direction, conn: ConnId) {
        let tally = self.faults[fault.0].hits.entry(index_of(direction));
        tally.or_insert_with(|| Tally::new(now)).strike(conn);
    }

    /// A fault ends; others that lie on the same directions go on.
    ///
    /// # Panics
    /// If the fault has not begun.
    pub fn end(&mut self, now: Time, fault: FaultId) {
        let FaultId(fault) = fault;
        match self.faults[fault].effect.clone() {
            Effect::Cut(directions) => {
                for direction in directions {
                    lift(&mut self.lanes[direction].cuts, fault);
                }
            }
            Effect::Stall(directions) => {
                for direction in directions {
                    lift(&mut self.lanes[direction].stalls, fault);
                }
            }
            Effect::PowerCut { server, down } => {
                if server {
                    lift(&mut self.server_down, fault);
                    self.kill_all_to_server(now, fault);
                }
                for direction in down {
                    lift(&mut self.lanes[direction].cuts, fault);
                }
            }
            Effect::Portal(directions) => {
                for direction in directions {
                    lift(&mut self.lanes[direction].portals, fault);
                }
            }
            Effect::Handover(clients) => {
                for client in clients {
                    for direction in both_ways(client) {
                        lift(&mut self.lanes[direction].cuts, fault);
                    }
                    self.addresses.move_on(ClientId(client), fault);
                }
            }
            Effect::Nothing => {}
        }
    }

    /// Changes links for the packets sent from now on, by the change at this place of the plan.
    pub fn change(&mut self, place: usize, directions: &[Direction], change: &LinkChange) {
        for direction in directions {
            let (_, way) = *direction;
            self.lanes[index_of(*direction)].change(place, way, change);
        }
    }

    /// Whether the packet with this stamp, whose time has come, may be handed to its host.
    /// One that arrives or is gone is forgotten; one that waits may be asked for again.
    pub fn claim(&mut self, now: Time, stamp: Stamp) -> Fate {
        let Stamp { at: _, direction, number } = stamp;
        let Some(lane) = self.lanes.get_mut(direction) else {
            return Fate::Gone;
        };
        let Some(flight) = lane.flights.get_mut(&number) else {
            return Fate::Gone;
        };
        if lane.stalls.is_empty() {
            lane.flights.remove(&number);
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

    fn kill_all_to_server(&mut self, now: Time, fault: usize) {
        let up = index_of((ClientId(0), Way::Up));
        let next_client = index_of((ClientId(1), Way::Up));
        for direction in (up..self.lanes.len()).step_by(next_client - up) {
            self.kill(now, direction, fault);
        }
    }

    fn kill(&mut self, now: Time, direction: usize, fault: usize) {
        for flight in self.lanes[direction].kill().values() {
            self.faults[fault].book(&self.ledgers, direction, flight.traffic, now);
        }
    }
}

impl FaultState {
    fn book(&mut self, ledgers: &[Ledger], direction: usize, traffic: Traffic, now: Time) {
        let carried = |conn| ledgers[direction].carried(conn, traffic.sequence, traffic.bytes);
        let frames = traffic.conn.map(carried).unwrap_or_default();
        self.hits.entry(direction).or_insert_with(|| Tally::new(now)).add(traffic, frames);
    }
}

/// Takes a fault off a list of active ones.
fn lift(active: &mut Vec<usize>, fault: usize) {
    let place = active.iter().position(|other| *other == fault);
    active.remove(place.expect("a fault ends only after it began"));
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
    let conn = port.checked_sub(Stack::FIRST_PORT).map(|number| ConnId(number.into()));
    let bytes = u32::try_from(segment.len).expect("a packet is far smaller");
    Traffic { conn, connects: segment.syn, sequence: segment.seq, bytes }
}

/// What happened to a packet besides that it arrives; `None` if nothing did.
fn remark(passage: &Passage) -> Option<String> {
    let waits = |exit: &Exit| {
        let waits = format!("waits {} ms behind {} bytes", milliseconds(exit.waits), exit.behind);
        (exit.waits > 0).then_some(waits)
    };
    let words: Vec<_> = match passage {
        Passage::Dropped => vec!["no room in the queue".to_owned()],
        Passage::Lost(exit) => waits(exit).into_iter().chain(["lost".to_owned()]).collect(),
        Passage::Arrives(exit, first, second) => {
            let damage = |bit: Option<u64>| bit.map(|bit| format!("bit {bit} flipped"));
            let second = second.map(|second| match damage(second.damage) {
                Some(damage) => format!("doubled, the copy's {damage}"),
                None => "doubled".to_owned(),
            });
            let overtakes = first.overtakes.then(|| "overtakes".to_owned());
            let all = [waits(exit), overtakes, damage(first.damage), second];
            all.into_iter().flatten().collect()
        }
    };
    (!words.is_empty()).then(|| words.join(", "))
}

/// `12.5` of 12,500,000 ns; microseconds are fine enough.
fn milliseconds(ns: u64) -> String {
    let micros = ns.div_ceil(1000);
    let text = format!("{}.{:03}", micros / 1000, micros % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
