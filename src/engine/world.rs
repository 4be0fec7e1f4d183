//! What both engines share: the network, the inboxes, the plan's acts, the recording, and
//! what a host does when it is looked at.

use super::befall::HostChange;
use super::host::{Belongings, Dealt, Host, Order, Setup, Software};
use super::inbox::Inbox;
use super::life::Life;
use super::moment::Stamp as MomentStamp;
use super::portal::Portal;
use crate::app::App;
use crate::net::{Fate, Flight, Net, Packet, Sighting, Stack, StackConfig, Stamp};
use crate::param::Params;
use crate::record::{
    AdminAct, Blow, ClientId, Event, FaultId, HostId, Record, Recording, Strike, Who, Wire,
};
use crate::scenario::{NetAct, Plan};
use crate::sdk::Sdk;
use crate::server::Server;
use crate::time::{Time, earliest};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The server's place among the hosts; the clients follow, then the portal, if there is one.
pub(super) const SERVER: usize = 0;

/// Everything of a run but the clock.
pub(super) struct World {
    pub(super) plan: Arc<Plan>,
    trace: bool,
    pub(super) net: Net,
    params: Arc<Params>,
    /// By host index; `None` before its first moment, and while it has no power. Boxed: a
    /// host is taken out for each of its moments.
    pub(super) hosts: Vec<Option<Box<Host>>>,
    /// By host index.
    pub(super) lives: Vec<Life>,
    /// By host index: what has befallen it at this moment.
    pub(super) orders: Vec<Vec<Order>>,
    /// The faults that put clients behind the portal.
    pub(super) guests: Vec<FaultId>,
    /// By host index: packets on their way.
    inboxes: Vec<Inbox>,
    /// By host index: packets whose time has come and that a stall holds back. They are
    /// looked at again when the plan acts on the network, not before.
    stalled: Vec<Inbox>,
    /// Room for the packets that reach a host at one moment, kept to spare allocations.
    arrivals: Vec<Packet>,
    records: Vec<Record>,
    /// How often each fault has struck which host how, and when first.
    strikes: BTreeMap<(FaultId, HostId, Blow), (u64, Time)>,
    next_act: usize,
    next_admin: usize,
    /// The time of the earlier of these two.
    next_at: Option<Time>,
    moment: MomentStamp,
    /// A host that is to panic, and when.
    #[cfg(test)]
    pub panics: Option<(usize, Time)>,
}

impl World {
    pub fn new(plan: &Plan, trace: bool) -> World {
        let links: Vec<_> = plan.clients.iter().map(|c| (c.name.clone(), [c.up, c.down])).collect();
        let faults: Vec<_> = plan.faults.iter().map(|planned| planned.fault.clone()).collect();
        let clients = plan.clients.iter().enumerate();
        let clients =
            clients.map(|(place, client)| (HostId::Client(ClientId(place)), client.clock_ms));
        let portal = plan.has_portal().then_some((HostId::Portal, 0));
        let hosts = [(HostId::Server, 0)].into_iter().chain(clients).chain(portal);
        let lives: Vec<_> = hosts.map(|(host, clock_ms)| Life::new(host, clock_ms)).collect();
        let count = lives.len();
        let mut net = Net::new(plan.seed, &links, faults);
        if trace {
            net.remark();
        }
        for (place, client) in plan.clients.iter().enumerate() {
            if let Some(nat) = client.nat {
                net.put_behind_nat(ClientId(place), nat);
            }
        }
        let mut world = World {
            net,
            hosts: (0..count).map(|_| None).collect(),
            lives,
            orders: vec![Vec::new(); count],
            guests: Vec::new(),
            inboxes: (0..count).map(|_| Inbox::default()).collect(),
            stalled: (0..count).map(|_| Inbox::default()).collect(),
            arrivals: Vec::new(),
            records: Vec::new(),
            strikes: BTreeMap::new(),
            next_act: 0,
            next_admin: 0,
            next_at: None,
            moment: MomentStamp,
            #[cfg(test)]
            panics: None,
            params: Arc::new(plan.params.clone()),
            plan: Arc::new(plan.clone()),
            trace,
        };
        world.look_ahead();
        world
    }

    /// From now on keeps every packet that is sent or received.
    pub fn tap(mut self) -> World {
        self.net.tap();
        self
    }

    /// A host's place among the hosts.
    pub fn place(&self, host: HostId) -> usize {
        match host {
            HostId::Server => SERVER,
            HostId::Client(ClientId(index)) => index + 1,
            HostId::Portal => self.plan.clients.len() + 1,
        }
    }

    /// The host at this place.
    pub fn host_id(&self, index: usize) -> HostId {
        self.lives[index].host
    }

    /// How many hosts there are, the server included.
    pub fn hosts(&self) -> usize {
        self.inboxes.len()
    }

    /// The next moment at which the plan does something.
    pub fn next_act(&self) -> Option<Time> {
        self.next_at
    }

    fn look_ahead(&mut self) {
        let act = self.plan.acts.get(self.next_act).map(|(at, _)| *at);
        let admin = self.plan.admin.get(self.next_admin).map(|(at, _)| *at);
        self.next_at = earliest([act, admin]);
    }

    /// Does what the plan does to network and hosts at this moment. Returns what becomes of
    /// hosts, in order.
    pub fn act(&mut self, now: Time) -> Vec<HostChange> {
        self.moment.at(now);
        let plan = Arc::clone(&self.plan);
        let mut changes = Vec::new();
        while let Some((_, act)) = plan.acts.get(self.next_act).filter(|(at, _)| *at <= now) {
            self.next_act += 1;
            match *act {
                NetAct::Begin(fault) => self.begin(now, fault, &mut changes),
                NetAct::End(fault) => self.end(now, fault, &mut changes),
                NetAct::Phase(fault, phase) => self.flap(now, fault, phase),
                NetAct::Change(index) => {
                    let change = &plan.changes[index];
                    tracing::info!(change = change.words, "link changes");
                    self.record(now, Who::Net, Event::LinkChanged(index));
                    self.net.change(now, index, &change.directions, &change.change);
                }
            }
        }
        for (inbox, stalled) in self.inboxes.iter_mut().zip(&mut self.stalled) {
            inbox.append(stalled);
        }
        let server = &self.lives[SERVER];
        if !server.has_power(now) || !server.has_process() {
            self.admin_finds_nobody(now);
        }
        self.look_ahead();
        changes
    }

    /// What is under way to a host is lost.
    pub(super) fn drop_packets_to(&mut self, index: usize) {
        self.inboxes[index].clear();
        self.stalled[index].clear();
    }

    /// An administrator's act on a server that is down hits nothing.
    fn admin_finds_nobody(&mut self, now: Time) {
        for act in self.admin_acts(now) {
            self.record(now, Who::Server, Event::Admin { act, hit: false, victims: Vec::new() });
        }
    }

    fn admin_acts(&mut self, now: Time) -> Vec<AdminAct> {
        let due = self.plan.admin[self.next_admin..].iter().take_while(|(at, _)| *at <= now);
        let acts: Vec<_> = due.map(|(_, planned)| planned.act.clone()).collect();
        if !acts.is_empty() {
            self.next_admin += acts.len();
            self.look_ahead();
        }
        acts
    }

    /// Starts a host, as its life has it by now.
    pub fn start(&self, index: usize, now: Time) -> Host {
        let id = self.host_id(index);
        let life = &self.lives[index];
        let params = &self.params;
        let stack = Stack::new(StackConfig {
            host: id,
            address: self.net.address(id),
            seed: self.plan.seed,
            incarnation: life.incarnation,
            buffer: usize::try_from(params.tcp_buffer).expect("bounded by the parameter"),
            handshake_timeout: params.tcp_handshake_timeout,
            close_timeout: params.tcp_close_timeout,
            trace: self.trace,
        });
        let mut setup = Setup {
            id,
            software: self.software(index, now),
            stack,
            trace: self.trace,
            next_conn: life.conns,
            stopped_by: life.stops.first().copied(),
            names: life.names(),
            slowness: life.slowness(),
            keeps_sent: !self.plan.faults.is_empty(),
        };
        match setup.software {
            Software::Server(_) | Software::Portal(_) => setup.stack.listen(),
            Software::Client { .. } | Software::Gone => {}
        }
        Host::new(setup)
    }

    fn software(&self, index: usize, now: Time) -> Software {
        let life = &self.lives[index];
        if !life.has_process() {
            return Software::Gone;
        }
        let params = Arc::clone(&self.params);
        match (self.host_id(index), life.saved.clone()) {
            (HostId::Server, Belongings::Server(memory)) => {
                let server = Server::start(params, memory, life.now(now), self.trace);
                Software::Server(Box::new(server))
            }
            (HostId::Client(client), Belongings::Client(store, progress)) => {
                let plan = &self.plan.clients[client.0];
                let label = match life.incarnation {
                    0 => format!("sdk of {}", plan.name),
                    before => format!("sdk of {}, after {before} others", plan.name),
                };
                let random = self.plan.seed.stream(&label);
                let sdk = Sdk::new(params, random, life.conns, store, self.trace);
                let app = App::new(Arc::new(plan.script.clone()), now, progress);
                Software::Client { sdk: Box::new(sdk), app: Box::new(app) }
            }
            (HostId::Portal, Belongings::None) => {
                Software::Portal(Portal { answers: self.portal_guests() })
            }
            (HostId::Server | HostId::Client(_) | HostId::Portal, _) => {
                unreachable!("a host keeps what its own kind of process leaves")
            }
        }
    }

    /// Puts a packet where its receiver will find it.
    pub fn deliver(&mut self, to: usize, stamp: Stamp, packet: Packet) {
        self.inboxes[to].add(stamp, packet);
    }

    /// When a host that has just been looked at has something to do again, be it that a packet
    /// reaches it; unless the plan acts before.
    pub fn next_look(&self, index: usize, now: Time) -> Option<Time> {
        let Some(host) = &self.hosts[index] else { return self.lives[index].starts_after(now) };
        earliest([host.deadline(), self.inboxes[index].next()])
    }

    /// Looks at a host: if it has anything to do at this moment, it does it. The packets that
    /// are now on their way are added to `flights`. A host starts when it is first looked at.
    pub fn visit(&mut self, index: usize, now: Time, flights: &mut Vec<Flight>) {
        self.moment.at(now);
        if !self.lives[index].has_power(now) {
            return;
        }
        let mut host = match self.hosts[index].take() {
            Some(host) => host,
            None => {
                self.note_start(index, now);
                Box::new(self.start(index, now))
            }
        };
        self.advance(index, &mut host, now, flights);
        self.hosts[index] = Some(host);
    }

    /// Records that a client's process is not its first.
    fn note_start(&mut self, index: usize, now: Time) {
        let life = &self.lives[index];
        let again = life.incarnation > 0 && life.has_process();
        if let id @ HostId::Client(_) = self.host_id(index)
            && again
        {
            self.record(now, id.into(), Event::ProcessStarted);
        }
    }

    fn advance(&mut self, index: usize, host: &mut Host, now: Time, flights: &mut Vec<Flight>) {
        let orders = std::mem::take(&mut self.orders[index]);
        let mut arrivals = std::mem::take(&mut self.arrivals);
        self.take_arrivals(index, now, &mut arrivals);
        let acts = if index == SERVER { self.admin_acts(now) } else { Vec::new() };
        let due = host.deadline().is_some_and(|at| at <= now) || host.has_packets();
        if orders.is_empty() && arrivals.is_empty() && acts.is_empty() && !due {
            self.arrivals = arrivals;
            return;
        }
        #[cfg(test)]
        if self.panics.is_some_and(|(host, at)| host == index && at <= now) {
            panic!("as the test ordered");
        }
        let id = self.host_id(index);
        let _span = tracing::info_span!("host", name = self.plan.host_name(id)).entered();
        host.advance(self.lives[index].now(now), &orders, arrivals.drain(..), &acts);
        self.arrivals = arrivals;
        for event in host.take_events() {
            self.record(now, id.into(), event);
        }
        self.take_dealt(index, host);
        self.lives[index].conns = host.next_conn;
        for sent in host.take_sent() {
            self.net.note(id, &sent);
        }
        for packet in host.take_packets() {
            self.net.send(now, id, packet, flights);
            self.take_notes(now, id);
        }
    }

    /// Records what the network remarks on packets that a host sends or would receive.
    pub(super) fn take_notes(&mut self, now: Time, host: HostId) {
        while let Some(note) = self.net.poll_note() {
            self.record(now, host.into(), Event::Wire(Wire::Link(note)));
        }
    }

    pub(super) fn take_dealt(&mut self, index: usize, host: &mut Host) {
        let id = self.host_id(index);
        for dealt in host.take_dealt() {
            self.deal(id, dealt);
        }
    }

    /// Books what a fault did to a host.
    pub(super) fn deal(&mut self, host: HostId, (fault, blow, at): Dealt) {
        let (times, first) = self.strikes.entry((fault, host, blow)).or_insert((0, at));
        *times += 1;
        *first = at.min(*first);
    }

    /// Takes the packets that reach a host now, in the order of their stamps.
    fn take_arrivals(&mut self, index: usize, now: Time, arrived: &mut Vec<Packet>) {
        let host = self.host_id(index);
        while let Some((stamp, packet)) = self.inboxes[index].take_due(now) {
            match self.net.claim(now, stamp) {
                Fate::Arrives => arrived.extend(self.net.hand_over(now, host, stamp, packet)),
                Fate::Gone => {}
                Fate::Waits => self.stalled[index].add(stamp, packet),
            }
        }
        self.take_notes(now, host);
    }

    pub(super) fn record(&mut self, at: Time, who: Who, event: Event) {
        tracing::debug!(?event);
        self.records.push(Record { at, who, event });
    }

    /// The recording of a run that ended at `end`, and what its tap saw, if it had one.
    pub fn finish(mut self, end: Time) -> (Recording, Vec<Sighting>) {
        for index in 0..self.hosts.len() {
            if let Some(mut host) = self.hosts[index].take() {
                host.note_waiting(end);
                self.take_dealt(index, &mut host);
            }
        }
        // Stable: what one host did within a millisecond stays in its own order.
        self.records.sort_by_key(|record| (record.at, record.who));
        let mut receipts = self.net.receipts();
        for ((fault, host, blow), (times, first)) in self.strikes {
            receipts[fault.0].strikes.push(Strike { host, blow, times, first });
        }
        let sightings = self.net.take_sightings();
        let links = self.net.uses();
        let changes = self.net.met(self.plan.changes.len());
        (Recording { records: self.records, receipts, links, changes, end }, sightings)
    }
}
