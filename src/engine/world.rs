//! What both engines share: the network, the inboxes, the plan's acts, the recording, and
//! what a host does when it is looked at.

use super::host::{Host, Software};
use super::moment::Stamp as MomentStamp;
use super::tap::{Sighting, Tap};
use crate::app::App;
use crate::net::{Fate, Fault, Flight, Net, Packet, ServerState, Stack, StackConfig, Stamp};
use crate::record::{AdminAct, ClientId, Event, FaultId, HostId, Record, Recording, Who, Wire};
use crate::scenario::{NetAct, Plan};
use crate::sdk::Sdk;
use crate::server::{Memory, Server};
use crate::time::{Now, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The server's place among the hosts.
pub(super) const SERVER: usize = 0;

/// Everything of a run but the clock.
pub(super) struct World {
    plan: Arc<Plan>,
    trace: bool,
    net: Net,
    /// By host index; `None` before its first moment, and while it is down.
    hosts: Vec<Option<Host>>,
    /// By host index: packets on their way.
    inboxes: Vec<Inbox>,
    /// By host index: packets whose time has come and that a stall holds back. They are
    /// looked at again when the plan acts on the network, not before.
    stalled: Vec<Inbox>,
    records: Vec<Record>,
    next_act: usize,
    next_admin: usize,
    server: ServerLife,
    /// By host index: how many connections the device has had.
    conns: Vec<u32>,
    moment: MomentStamp,
    /// Sees every packet, if anybody wants to.
    tap: Option<Tap>,
    /// A host that is to panic, and when.
    #[cfg(test)]
    pub panics: Option<(usize, Time)>,
}

/// Packets in the order in which they are to arrive.
type Inbox = BTreeMap<Stamp, Vec<u8>>;

/// The server's crashes and restarts.
struct ServerLife {
    /// How many faults hold it down; it runs while there are none.
    held_down: u32,
    incarnation: u32,
    /// The first moment at which the present process does anything.
    up_from: Time,
    /// Whether one of the faults that hold it down destroys its state.
    loses_state: bool,
    /// What the next process begins with.
    saved: Memory,
}

/// What the plan does to the server's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerChange {
    /// It dies.
    Crash,
    /// It starts again, and acts from that moment on.
    Restart { at: Time },
}

impl World {
    pub fn new(plan: &Plan, trace: bool) -> World {
        let links: Vec<_> = plan.clients.iter().map(|c| (c.name.clone(), [c.up, c.down])).collect();
        let faults: Vec<_> = plan.faults.iter().map(|planned| planned.fault.clone()).collect();
        let server = ServerLife {
            held_down: 0,
            incarnation: 0,
            up_from: Time::ZERO,
            loses_state: false,
            saved: Memory::new(0),
        };
        let mut net = Net::new(plan.seed, &links, faults);
        if trace {
            net.remark();
        }
        World {
            net,
            hosts: (0..=links.len()).map(|_| None).collect(),
            inboxes: vec![Inbox::new(); links.len() + 1],
            stalled: vec![Inbox::new(); links.len() + 1],
            records: Vec::new(),
            next_act: 0,
            next_admin: 0,
            server,
            conns: vec![0; links.len() + 1],
            moment: MomentStamp,
            tap: None,
            #[cfg(test)]
            panics: None,
            plan: Arc::new(plan.clone()),
            trace,
        }
    }

    /// From now on keeps every packet that is sent or received.
    pub fn tap(mut self) -> World {
        self.tap = Some(Tap::default());
        self
    }

    /// How many hosts there are, the server included.
    pub fn hosts(&self) -> usize {
        self.inboxes.len()
    }

    /// The next moment at which the plan does something.
    pub fn next_act(&self) -> Option<Time> {
        let act = self.plan.acts.get(self.next_act).map(|(at, _)| *at);
        let admin = self.plan.admin.get(self.next_admin).map(|(at, _)| *at);
        act.into_iter().chain(admin).min()
    }

    /// Does what the plan does to network and hosts at this moment. Returns what becomes of
    /// the server, in order.
    pub fn act(&mut self, now: Time) -> Vec<ServerChange> {
        self.moment.at(now);
        let plan = Arc::clone(&self.plan);
        let mut changes = Vec::new();
        while let Some((_, act)) = plan.acts.get(self.next_act).filter(|(at, _)| *at <= now) {
            self.next_act += 1;
            match *act {
                NetAct::Begin(fault) => {
                    tracing::info!(fault = plan.faults[fault.0].words, "begins");
                    self.record(now, Who::Net, Event::FaultBegan(fault));
                    self.net.begin(now, fault);
                    if let Fault::ServerDown { state } = plan.faults[fault.0].fault {
                        changes.extend(self.server_down(now, fault, state));
                    }
                }
                NetAct::End(fault) => {
                    tracing::info!(fault = plan.faults[fault.0].words, "ends");
                    self.record(now, Who::Net, Event::FaultEnded(fault));
                    self.net.end(now, fault);
                    if let Fault::ServerDown { .. } = plan.faults[fault.0].fault {
                        changes.extend(self.server_up(now));
                    }
                }
                NetAct::Change(index) => {
                    let change = &plan.changes[index];
                    tracing::info!(change = change.words, "link changes");
                    self.record(now, Who::Net, Event::LinkChanged(index));
                    self.net.change(&change.directions, &change.update);
                }
            }
        }
        for (inbox, stalled) in self.inboxes.iter_mut().zip(&mut self.stalled) {
            inbox.append(stalled);
        }
        if !self.is_up(SERVER, now) {
            self.admin_finds_nobody(now);
        }
        changes
    }

    fn server_down(
        &mut self,
        now: Time,
        fault: FaultId,
        state: ServerState,
    ) -> Option<ServerChange> {
        self.server.held_down += 1;
        self.server.loses_state |= state == ServerState::Lost;
        if self.server.held_down > 1 {
            return None;
        }
        self.drop_server_packets();
        if let Some(host) = self.hosts[SERVER].take() {
            for (client, conn) in host.peers() {
                self.net.strike(now, fault, client, conn);
            }
            self.server.saved = host.into_memory().expect("the server's host has a memory");
        }
        Some(ServerChange::Crash)
    }

    fn drop_server_packets(&mut self) {
        self.inboxes[SERVER].clear();
        self.stalled[SERVER].clear();
    }

    fn server_up(&mut self, now: Time) -> Option<ServerChange> {
        self.server.held_down -= 1;
        if self.server.held_down > 0 {
            return None;
        }
        self.server.incarnation += 1;
        self.server.up_from = now + Time::QUANTUM;
        if std::mem::take(&mut self.server.loses_state) {
            self.server.saved = self.server.saved.lost(self.server.incarnation);
        }
        self.drop_server_packets();
        Some(ServerChange::Restart { at: self.server.up_from })
    }

    /// An administrator's act on a server that is down hits nothing.
    fn admin_finds_nobody(&mut self, now: Time) {
        for act in self.admin_acts(now) {
            self.record(now, Who::Server, Event::Admin { act, hit: false });
        }
    }

    fn admin_acts(&mut self, now: Time) -> Vec<AdminAct> {
        let due = self.plan.admin[self.next_admin..].iter().take_while(|(at, _)| *at <= now);
        let acts: Vec<_> = due.map(|(_, planned)| planned.act.clone()).collect();
        self.next_admin += acts.len();
        acts
    }

    /// Starts a host's software on a stack of its own.
    pub fn start(&self, index: usize, now: Time) -> Host {
        let params = Arc::new(self.plan.params.clone());
        let id = host_id(index);
        let incarnation = match id {
            HostId::Server => self.server.incarnation,
            HostId::Client(_) => 0,
        };
        let mut stack = Stack::new(StackConfig {
            host: id,
            seed: self.plan.seed,
            incarnation,
            buffer: usize::try_from(params.tcp_buffer).expect("bounded by the parameter"),
            handshake_timeout: params.tcp_handshake_timeout,
            close_timeout: params.tcp_close_timeout,
            trace: self.trace,
        });
        let software = match id {
            HostId::Server => {
                stack.listen();
                let memory = self.server.saved.clone();
                let server = Server::start(params, memory, Now::exact(now), self.trace);
                Software::Server(Box::new(server))
            }
            HostId::Client(client) => {
                let plan = &self.plan.clients[client.0];
                let random = self.plan.seed.stream(&format!("sdk of {}", plan.name));
                let sdk = Sdk::new(params, random, self.conns[index], self.trace);
                let app = App::new(Arc::new(plan.script.clone()));
                Software::Client { sdk: Box::new(sdk), app: Box::new(app) }
            }
        };
        Host::new(id, software, stack, self.trace, self.conns[index])
    }

    /// Puts a packet where its receiver will find it.
    pub fn deliver(&mut self, to: usize, stamp: Stamp, packet: Vec<u8>) {
        self.inboxes[to].insert(stamp, packet);
    }

    /// Whether a host's process runs.
    fn is_up(&self, index: usize, now: Time) -> bool {
        index != SERVER || (self.server.held_down == 0 && now >= self.server.up_from)
    }

    /// When a host has something to do by itself; `None` also while it is down.
    pub fn deadline(&self, index: usize) -> Option<Time> {
        self.hosts[index].as_ref()?.deadline()
    }

    /// Looks at a host: if it has anything to do at this moment, it does it. Returns the
    /// packets that are now on their way. A host starts when it is first looked at.
    pub fn visit(&mut self, index: usize, now: Time) -> Vec<Flight> {
        self.moment.at(now);
        if !self.is_up(index, now) {
            return Vec::new();
        }
        let mut host = self.hosts[index].take().unwrap_or_else(|| self.start(index, now));
        let flights = self.advance(index, &mut host, now);
        self.hosts[index] = Some(host);
        flights
    }

    fn advance(&mut self, index: usize, host: &mut Host, now: Time) -> Vec<Flight> {
        let arrivals = self.arrivals(index, now);
        let acts = if index == SERVER { self.admin_acts(now) } else { Vec::new() };
        let due = host.deadline().is_some_and(|at| at <= now);
        if arrivals.is_empty() && acts.is_empty() && !due {
            return Vec::new();
        }
        #[cfg(test)]
        if self.panics.is_some_and(|(host, at)| host == index && at <= now) {
            panic!("as the test ordered");
        }
        let id = host_id(index);
        let plan = Arc::clone(&self.plan);
        let _span = tracing::info_span!("host", name = host_name(&plan, id)).entered();
        let packets = host.advance(Now::exact(now), arrivals, acts);
        for event in host.take_events() {
            self.record(now, id.into(), event);
        }
        self.conns[index] = host.next_conn;
        let mut flights = Vec::new();
        for packet in packets {
            self.send(now, id, packet, &mut flights);
        }
        flights
    }

    fn send(&mut self, now: Time, from: HostId, packet: Packet, flights: &mut Vec<Flight>) {
        let tapped = self.tap.is_some().then(|| (packet.clone(), flights.len()));
        self.net.send(now, from, packet, flights);
        if let (Some(tap), Some((packet, before))) = (&mut self.tap, tapped) {
            tap.sent(now, from, packet, &flights[before..]);
        }
        while let Some(note) = self.net.poll_note() {
            self.record(now, from.into(), Event::Wire(Wire::Link(note)));
        }
    }

    /// The packets that reach a host now, in the order of their stamps.
    fn arrivals(&mut self, index: usize, now: Time) -> Vec<Vec<u8>> {
        let inbox = &mut self.inboxes[index];
        let mut arrived = Vec::new();
        while let Some(entry) = inbox.first_entry().filter(|entry| entry.key().at <= now) {
            let (stamp, packet) = entry.remove_entry();
            match self.net.claim(now, stamp) {
                Fate::Arrives => {
                    if let Some(tap) = &mut self.tap {
                        tap.received(now, host_id(index), stamp, &packet);
                    }
                    arrived.push(packet);
                }
                Fate::Gone => {}
                Fate::Waits => {
                    self.stalled[index].insert(stamp, packet);
                }
            }
        }
        arrived
    }

    fn record(&mut self, at: Time, who: Who, event: Event) {
        tracing::debug!(?event);
        self.records.push(Record { at, who, event });
    }

    /// The recording of a run that ended at `end`, and what its tap saw, if it had one.
    pub fn finish(mut self, end: Time) -> (Recording, Vec<Sighting>) {
        // Stable: what one host did within a millisecond stays in its own order.
        self.records.sort_by_key(|record| (record.at, record.who));
        let held_back = |stamp| self.stalled.iter().any(|inbox| inbox.contains_key(&stamp));
        let sightings = self.tap.map_or_else(Vec::new, |tap| tap.finish(end, held_back));
        let recording = Recording {
            records: self.records,
            receipts: self.net.receipts(),
            links: self.net.uses(),
            end,
        };
        (recording, sightings)
    }
}

fn host_name(plan: &Plan, id: HostId) -> &str {
    match id {
        HostId::Server => "server",
        HostId::Client(client) => plan.client_name(client),
    }
}

/// The host with this index.
fn host_id(index: usize) -> HostId {
    match index.checked_sub(1) {
        None => HostId::Server,
        Some(client) => HostId::Client(ClientId(client)),
    }
}
