//! The network: links, faults, and the packets in flight. It decides every packet's fate.
//!
//! A random draw is a function of (seed, client and direction, purpose, millisecond, index of
//! the packet in that millisecond and direction), so that removing a packet or a fault moves
//! no draw of any other millisecond. All of it is integers.

use super::fault::{Direction, Fault, LinkSettings, LinkUpdate};
use super::packet::{Fate, Flight, Headers, Packet, Stamp, address, host_of};
use super::receipt::{Tally, Traffic};
use super::stack::Stack;
use crate::param::Percent;
use crate::record::{ClientId, ConnId, FaultId, HostId, Receipt, Way};
use crate::rng::{Label, Seed, scale};
use crate::time::{Span, Time};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What a draw decides.
const LOSS: u64 = 1;
const JITTER: u64 = 2;

/// The network between the clients and the server.
#[derive(Debug)]
pub struct Net {
    seed: Seed,
    /// By the dense index of a direction.
    lanes: Vec<Lane>,
    /// In the plan's order.
    faults: Vec<FaultState>,
    /// The faults that keep the server without power.
    down: Vec<usize>,
}

/// One direction of one client's link.
#[derive(Debug)]
struct Lane {
    label: Label,
    settings: LinkSettings,
    /// The active faults that cut it.
    cuts: Vec<usize>,
    /// The active faults that stall it.
    stalls: Vec<usize>,
    next_number: u64,
    /// The millisecond of the last packet sent, and how many were sent in it so far.
    sent_at: Time,
    sent_then: u64,
    /// By number.
    flights: BTreeMap<u64, InFlight>,
}

/// What the network remembers of a packet in flight.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    traffic: Traffic,
    /// Whether its time came while its direction was stalled.
    waits: bool,
}

#[derive(Debug)]
struct FaultState {
    effect: Effect,
    /// By the dense index of a direction.
    hits: BTreeMap<usize, Tally>,
}

/// What a fault does, with its directions as dense indexes, each once.
#[derive(Clone, Debug)]
enum Effect {
    Cut(Vec<usize>),
    Stall(Vec<usize>),
    ServerDown,
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
        let faults = faults.collect();
        Net { seed, lanes, faults, down: Vec::new() }
    }

    /// The address of a host: the server is 10.0.0.1, clients follow from 10.1.0.1 on.
    pub fn address(host: HostId) -> Ipv4Addr {
        address(host)
    }

    /// The host that has this address, if any plan can have one there.
    pub fn host_of(address: Ipv4Addr) -> Option<HostId> {
        host_of(address)
    }

    /// Decides the fate of a packet that `from` sends: `None` if it never arrives. A packet
    /// to nobody, or between two clients, vanishes.
    pub fn send(&mut self, now: Time, from: HostId, packet: Packet) -> Option<Flight> {
        let headers = Headers::parse(&packet)?;
        let to = host_of(headers.to)?;
        let (client, way) = match (from, to) {
            (HostId::Client(client), HostId::Server) => (client, Way::Up),
            (HostId::Server, HostId::Client(client)) => (client, Way::Down),
            (HostId::Server, HostId::Server) | (HostId::Client(_), HostId::Client(_)) => {
                return None;
            }
        };
        let direction = index_of((client, way));
        let traffic = traffic_of(&headers, way);
        let lane = self.lanes.get_mut(direction)?;
        let index = lane.count_sent(now);
        if !lane.cuts.is_empty() {
            for fault in &lane.cuts {
                self.faults[*fault].book(direction, traffic, now);
            }
            return None;
        }
        if way == Way::Up && !self.down.is_empty() {
            for fault in &self.down {
                self.faults[*fault].book(direction, traffic, now);
            }
            return None;
        }
        if lane.loses(self.seed, now, index) {
            return None;
        }
        let at = lane.arrival(self.seed, now, index);
        let number = lane.next_number;
        lane.next_number += 1;
        lane.flights.insert(number, InFlight { traffic, waits: false });
        Some(Flight { stamp: Stamp { at, direction, number }, to, packet })
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
                        self.faults[fault].book(direction, flight.traffic, now);
                    }
                }
            }
            Effect::ServerDown => {
                self.down.push(fault);
                self.kill_all_to_server(now, fault);
            }
        }
    }

    /// A fault struck a connection at one of its ends, whether or not a packet of it was
    /// under way: the server's process died with it.
    pub fn strike(&mut self, now: Time, fault: FaultId, client: ClientId, conn: ConnId) {
        let FaultId(fault) = fault;
        for way in [Way::Up, Way::Down] {
            let tally = self.faults[fault].hits.entry(index_of((client, way)));
            tally.or_insert_with(|| Tally::new(now)).strike(conn);
        }
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
            Effect::ServerDown => {
                lift(&mut self.down, fault);
                self.kill_all_to_server(now, fault);
            }
        }
    }

    /// Changes links for the packets sent from now on.
    pub fn change(&mut self, directions: &[Direction], update: &LinkUpdate) {
        for direction in directions {
            let settings = &mut self.lanes[index_of(*direction)].settings;
            settings.latency = update.latency.unwrap_or(settings.latency);
            settings.jitter = update.jitter.unwrap_or(settings.jitter);
            settings.loss = update.loss.unwrap_or(settings.loss);
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
                self.faults[*fault].book(direction, flight.traffic, now);
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
        };
        self.faults.iter().map(receipt).collect()
    }

    fn kill_all_to_server(&mut self, now: Time, fault: usize) {
        let up = index_of((ClientId(0), Way::Up));
        let next_client = index_of((ClientId(1), Way::Up));
        for direction in (up..self.lanes.len()).step_by(next_client - up) {
            self.kill(now, direction, fault);
        }
    }

    fn kill(&mut self, now: Time, direction: usize, fault: usize) {
        let killed = std::mem::take(&mut self.lanes[direction].flights);
        for flight in killed.values() {
            self.faults[fault].book(direction, flight.traffic, now);
        }
    }
}

impl Lane {
    fn new(label: &str, settings: LinkSettings) -> Lane {
        Lane {
            label: Label::new(label),
            settings,
            cuts: Vec::new(),
            stalls: Vec::new(),
            next_number: 0,
            sent_at: Time::ZERO,
            sent_then: 0,
            flights: BTreeMap::new(),
        }
    }

    /// Counts a packet; returns its index among those sent in the same millisecond.
    fn count_sent(&mut self, now: Time) -> u64 {
        if self.sent_at != now {
            self.sent_at = now;
            self.sent_then = 0;
        }
        let index = self.sent_then;
        self.sent_then += 1;
        index
    }

    fn loses(&self, seed: Seed, now: Time, index: u64) -> bool {
        let share = self.settings.loss.ppm();
        // Most links lose nothing; a draw that decides nothing need not be made.
        share > 0 && scale(seed.draw(self.label, LOSS, now.ms(), index), Percent::WHOLE) < share
    }

    fn arrival(&self, seed: Seed, now: Time, index: u64) -> Time {
        let (latency, jitter) = (self.settings.latency.ms(), self.settings.jitter.ms());
        let offset = match jitter {
            0 => 0,
            _ => scale(seed.draw(self.label, JITTER, now.ms(), index), 2 * jitter + 1),
        };
        let delay = (latency + offset).saturating_sub(jitter);
        now + Span::from_ms(delay).max(Time::QUANTUM)
    }
}

impl FaultState {
    fn book(&mut self, direction: usize, traffic: Traffic, now: Time) {
        self.hits.entry(direction).or_insert_with(|| Tally::new(now)).add(traffic);
    }
}

impl Effect {
    fn of(fault: &Fault, lanes: usize) -> Effect {
        let dense = |directions: &[Direction]| {
            let mut dense: Vec<_> = directions.iter().copied().map(index_of).collect();
            dense.sort_unstable();
            dense.dedup();
            assert!(dense.iter().all(|index| *index < lanes), "a fault's clients are the plan's");
            dense
        };
        match fault {
            Fault::Cut(directions) => Effect::Cut(dense(directions)),
            Fault::Stall(directions) => Effect::Stall(dense(directions)),
            Fault::ServerDown { state: _ } => Effect::ServerDown,
        }
    }
}

fn index_of((ClientId(client), way): Direction) -> usize {
    2 * client
        + match way {
            Way::Up => 0,
            Way::Down => 1,
        }
}

fn direction_of(index: usize) -> Direction {
    let way = if index.is_multiple_of(2) { Way::Up } else { Way::Down };
    (ClientId(index / 2), way)
}

/// Takes a fault off a list of active ones.
fn lift(active: &mut Vec<usize>, fault: usize) {
    let place = active.iter().position(|other| *other == fault);
    active.remove(place.expect("a fault ends only after it began"));
}

/// A client's n-th connection uses its n-th port, on both ends' segments.
fn traffic_of(headers: &Headers, way: Way) -> Traffic {
    let Some(segment) = headers.tcp else {
        return Traffic { conn: None, connects: false };
    };
    let port = match way {
        Way::Up => segment.from_port,
        Way::Down => segment.to_port,
    };
    let conn = port.checked_sub(Stack::FIRST_PORT).map(|number| ConnId(number.into()));
    Traffic { conn, connects: segment.syn }
}
