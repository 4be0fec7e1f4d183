//! What the plan's faults do to lanes and to packets in flight, when they begin and end.

use super::fault::{Direction, Fault, HostFault, ResetEnd};
use super::ledger::Ledger;
use super::model::Net;
use super::receipt::{Tally, Traffic};
use crate::record::{ClientId, ConnId, FaultId, HostId, Way};
use crate::time::Time;
use std::collections::BTreeMap;

/// A fault of the plan, and its account.
#[derive(Debug)]
pub(super) struct FaultState {
    pub effect: Effect,
    /// By the dense index of a direction.
    pub hits: BTreeMap<usize, Tally>,
    /// What a black hole let pass so far: bytes of data, by direction and connection.
    passed: BTreeMap<(usize, ConnId), u64>,
}

/// What a fault does, with its directions as dense indexes, each once.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    Cut(Vec<usize>),
    Stall(Vec<usize>),
    /// These hosts are without power; the directions are those towards clients among them.
    PowerCut {
        server: bool,
        down: Vec<usize>,
    },
    /// Both directions of these clients lead to the captive portal.
    Portal(Vec<usize>),
    /// These clients get another address when it ends, and have no network until then.
    Handover(Vec<usize>),
    /// Packets of a connection vanish once so many bytes of its data have passed.
    BlackHole(Vec<usize>, u64),
    /// Resets travel these ways.
    Reset(Vec<Way>),
    /// Nothing becomes of packets.
    Nothing,
}

impl Net {
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
                    for flight in lane.flights.iter().filter(|flight| flight.waits) {
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
                for client in clients {
                    for direction in both_ways(client) {
                        self.lanes[direction].cuts.push(fault);
                        self.kill(now, direction, fault);
                    }
                }
            }
            Effect::BlackHole(directions, _) => {
                for direction in directions {
                    self.lanes[direction].holes.push(fault);
                }
            }
            Effect::Reset(_) | Effect::Nothing => {}
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
    /// If the fault has not begun, or is over.
    pub fn end(&mut self, now: Time, fault: FaultId) {
        let FaultId(fault) = fault;
        match self.faults[fault].effect.clone() {
            Effect::Cut(directions) => {
                for direction in directions {
                    // Not on while a flap is up; a flap may be healed then.
                    self.lanes[direction].cuts.retain(|cut| *cut != fault);
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
            Effect::BlackHole(directions, _) => {
                for direction in directions {
                    lift(&mut self.lanes[direction].holes, fault);
                }
            }
            Effect::Reset(_) | Effect::Nothing => {}
        }
    }

    fn kill_all_to_server(&mut self, now: Time, fault: usize) {
        let up = index_of((ClientId(0), Way::Up));
        let next_client = index_of((ClientId(1), Way::Up));
        for direction in (up..self.lanes.len()).step_by(next_client - up) {
            self.kill(now, direction, fault);
        }
    }

    fn kill(&mut self, now: Time, direction: usize, fault: usize) {
        for (number, flight) in self.lanes[direction].kill() {
            self.faults[fault].book(&self.ledgers, direction, flight.traffic, now);
            if let Some(tap) = &mut self.tap {
                tap.killed(now, (direction, number), FaultId(fault));
            }
        }
    }
}

impl FaultState {
    /// A fault that has not begun, in a network of so many directions.
    ///
    /// # Panics
    /// If it names a client that there is not.
    pub fn new(fault: &Fault, lanes: usize) -> FaultState {
        let effect = Effect::of(fault, lanes);
        FaultState { effect, hits: BTreeMap::new(), passed: BTreeMap::new() }
    }

    /// Whether a black hole takes this packet, with so many bytes of data in it; one that
    /// passes is counted.
    pub fn swallows(&mut self, direction: usize, conn: Option<ConnId>, bytes: usize) -> bool {
        let (Effect::BlackHole(_, after), Some(conn)) = (&self.effect, conn) else { return false };
        let passed = self.passed.entry((direction, conn)).or_default();
        if *passed >= *after {
            return true;
        }
        *passed += u64::try_from(bytes).expect("a packet is small");
        false
    }

    /// Books a packet that it hit.
    pub fn book(&mut self, ledgers: &[Ledger], direction: usize, traffic: Traffic, now: Time) {
        let carried = |conn| ledgers[direction].carried(conn, traffic.sequence, traffic.bytes);
        let frames = traffic.conn.map(carried).unwrap_or_default();
        self.hits.entry(direction).or_insert_with(|| Tally::new(now)).add(traffic, frames);
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
            Fault::Cut(directions) | Fault::Flap(directions, _) => Effect::Cut(dense(directions)),
            Fault::Stall(directions) => Effect::Stall(dense(directions)),
            Fault::BlackHole(directions, after) => {
                Effect::BlackHole(dense(directions), after.bytes())
            }
            Fault::Reset(clients, end) => {
                let known = |client: &ClientId| 2 * client.0 < lanes;
                assert!(clients.iter().all(known), "a fault's clients are the plan's");
                Effect::Reset(match end {
                    ResetEnd::Client => vec![Way::Down],
                    ResetEnd::Server => vec![Way::Up],
                    ResetEnd::Both => vec![Way::Up, Way::Down],
                })
            }
            Fault::Hosts(hosts, fault) => Effect::on_hosts(hosts, fault, lanes / 2),
        }
    }

    fn on_hosts(hosts: &[HostId], fault: &HostFault, clients: usize) -> Effect {
        let mut struck = Vec::new();
        for host in hosts {
            if let HostId::Client(ClientId(client)) = *host {
                assert!(client < clients, "a fault's clients are the plan's");
                struck.push(client);
            }
        }
        struck.sort_unstable();
        struck.dedup();
        let lanes = || struck.iter().flat_map(|client| both_ways(*client)).collect();
        match fault {
            HostFault::PowerCut { state: _ } => Effect::PowerCut {
                server: hosts.contains(&HostId::Server),
                down: struck.iter().map(|c| index_of((ClientId(*c), Way::Down))).collect(),
            },
            HostFault::Dozing | HostFault::Offline => Effect::Cut(lanes()),
            HostFault::Handover { told: _ } => Effect::Handover(struck),
            HostFault::Portal(_) => Effect::Portal(lanes()),
            HostFault::Killed { state: _ }
            | HostFault::Suspended
            | HostFault::Names(_)
            | HostFault::Overload(_)
            | HostFault::ClockSet { by_ms: _ } => Effect::Nothing,
        }
    }
}

/// The dense index of a direction.
pub(super) fn index_of((ClientId(client), way): Direction) -> usize {
    2 * client
        + match way {
            Way::Up => 0,
            Way::Down => 1,
        }
}

fn both_ways(client: usize) -> [usize; 2] {
    [Way::Up, Way::Down].map(|way| index_of((ClientId(client), way)))
}

/// The direction of a dense index.
pub(super) fn direction_of(index: usize) -> Direction {
    let way = if index.is_multiple_of(2) { Way::Up } else { Way::Down };
    (ClientId(index / 2), way)
}

/// Takes a fault off a list of active ones.
fn lift(active: &mut Vec<usize>, fault: usize) {
    let place = active.iter().position(|other| *other == fault);
    active.remove(place.expect("a fault ends only after it began"));
}
