//! A host: a core, or an app on an SDK, on a TCP/IP stack.
//!
//! What befalls the host comes in as [`Order`]s, before anything else of the moment. The
//! cores hear of it only what a process would: that the network is gone, that it runs again.

mod feed;

use super::portal::Portal;
use crate::app::{App, Progress};
use crate::net::{NameAnswer, Packet, PortalAnswer, Sent, Stack, StackEvent, describe};
use crate::node::{Input, Node};
use crate::record::{AdminAct, Blow, ConnId, Event, FaultId, HostId, Wire};
use crate::sdk::{Sdk, Store};
use crate::server::{Memory, Server};
use crate::time::{Now, Span, Time, earliest};
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;

/// What runs on a host.
pub(super) enum Software {
    Server(Box<Server>),
    Client {
        sdk: Box<Sdk>,
        app: Box<App>,
    },
    Portal(Portal),
    /// The process is dead; its kernel is all there is.
    Gone,
}

/// What outlives a process on its host.
#[derive(Clone, Debug)]
pub(super) enum Belongings {
    Server(Memory),
    Client(Store, Progress),
    None,
}

impl Belongings {
    /// What is left of it when the host loses its state. A device keeps what it keeps.
    pub fn lose(&mut self, incarnation: u32) {
        if let Belongings::Server(memory) = self {
            *memory = memory.lost(incarnation);
        }
    }
}

/// The fault that disturbs look-ups, and how; `None`: names are known.
pub(super) type NameService = Option<(FaultId, NameAnswer)>;

/// The fault that makes the process hear late, and by how much.
pub(super) type Slowness = Option<(FaultId, Span)>;

/// What befalls a running host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Its process is stopped.
    Stop(FaultId),
    /// Its process runs again.
    Continue,
    /// The operating system tells its process.
    Tell(FaultId, Tiding),
    /// Names are looked up in this way from now on.
    Names(NameService),
    /// Its process hears so much later from now on.
    Slowness(Slowness),
    /// It has another address.
    Move(Ipv4Addr),
    /// It is the portal, and has these guests.
    Guests(BTreeMap<Ipv4Addr, PortalAnswer>),
}

/// What an operating system tells a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tiding {
    NetworkDown,
    NetworkUp,
    ClockSet,
}

/// A blow that a fault has dealt to this host.
pub(super) type Dealt = (FaultId, Blow, Time);

/// What a new host begins with.
pub(super) struct Setup {
    pub id: HostId,
    pub software: Software,
    pub stack: Stack,
    pub trace: bool,
    pub next_conn: u32,
    pub stopped_by: Option<FaultId>,
    pub names: NameService,
    pub slowness: Slowness,
    /// Whether faults will want to know which frames they hit.
    pub keeps_sent: bool,
}

/// A running host.
pub(super) struct Host {
    id: HostId,
    software: Software,
    stack: Stack,
    /// Events since they were last taken.
    events: Vec<Event>,
    trace: bool,
    /// The highest connection number used on this device, plus one.
    pub next_conn: u32,
    /// The fault that stops its process.
    stopped_by: Option<FaultId>,
    /// What a stopped process will be told.
    untold: Vec<(FaultId, Tiding)>,
    names: NameService,
    /// Look-ups under way: when each ends, and whether the name is found.
    lookups: BTreeMap<(Time, ConnId), bool>,
    slowness: Slowness,
    /// What its process will hear of, and when.
    late: VecDeque<(Time, StackEvent)>,
    dealt: Vec<Dealt>,
    /// Whether `sent` is kept.
    keeps_sent: bool,
    /// Frames handed to the stack since they were last taken.
    sent: Vec<Sent>,
    /// Packets that leave, since they were last taken.
    packets: Vec<Packet>,
    /// When its process has something to do by itself, as it stood after its last input: its
    /// core, and its app.
    timers: [Option<Time>; 2],
    /// When the host has, as it stood after its last moment.
    deadline: Option<Time>,
}

impl Host {
    pub fn new(setup: Setup) -> Host {
        let Setup {
            id,
            software,
            stack,
            trace,
            next_conn,
            stopped_by,
            names,
            slowness,
            keeps_sent,
        } = setup;
        let mut host = Host {
            id,
            software,
            stack,
            events: Vec::new(),
            trace,
            next_conn,
            stopped_by: None,
            untold: Vec::new(),
            names,
            lookups: BTreeMap::new(),
            slowness,
            late: VecDeque::new(),
            dealt: Vec::new(),
            keeps_sent,
            sent: Vec::new(),
            packets: Vec::new(),
            timers: [None; 2],
            deadline: None,
        };
        host.look_at_timers();
        if let Some(fault) = stopped_by {
            host.stop(Time::ZERO, fault);
        }
        host.deadline = host.next_deadline();
        host
    }

    /// The process dies; its kernel resets what it had open. What the next one begins with.
    pub fn die(&mut self, now: Time) -> Belongings {
        self.stack.orphan(now);
        self.lookups.clear();
        self.late.clear();
        self.untold.clear();
        self.stopped_by = None;
        self.timers = [None; 2];
        self.deadline = self.next_deadline();
        std::mem::replace(&mut self.software, Software::Gone).into_belongings()
    }

    /// The whole machine goes. What the next process begins with, if there was one.
    pub fn into_belongings(self) -> Option<Belongings> {
        match self.software {
            Software::Gone => None,
            software => Some(software.into_belongings()),
        }
    }

    /// Whether a process runs here, or is stopped.
    pub fn has_process(&self) -> bool {
        !matches!(self.software, Software::Gone)
    }

    /// Whether packets wait to leave, though nothing is due.
    pub fn has_packets(&self) -> bool {
        self.stack.has_packet()
    }

    /// The connections that would die with this host's process: the peer's address and port.
    pub fn peers(&self) -> Vec<(Ipv4Addr, u16)> {
        self.stack.peers()
    }

    /// The numbers of the connections that a client's process uses.
    pub fn own_connections(&self) -> Vec<ConnId> {
        self.stack.in_use().collect()
    }

    /// When the host has something to do by itself.
    pub fn deadline(&self) -> Option<Time> {
        self.deadline
    }

    fn next_deadline(&self) -> Option<Time> {
        let kernel = self.stack.deadline();
        if self.stopped_by.is_some() {
            return kernel;
        }
        let [core, app] = self.timers;
        let late = self.late.front().map(|(at, _)| *at);
        let lookup = self.lookups.keys().next().map(|(at, _)| *at);
        earliest([core, app, late, lookup, kernel])
    }

    /// Asks the software when it has something to do by itself.
    fn look_at_timers(&mut self) {
        let of = |deadline: Option<(Time, &'static str)>| deadline.map(|(at, _)| at);
        self.timers = match &self.software {
            Software::Server(server) => [of(server.deadline()), None],
            Software::Client { sdk, app } => [of(sdk.deadline()), of(app.deadline())],
            Software::Portal(_) | Software::Gone => [None; 2],
        };
    }

    /// The frames handed to the stack since last asked.
    pub fn take_sent(&mut self) -> impl Iterator<Item = Sent> + '_ {
        self.sent.drain(..)
    }

    /// The packets that leave since last asked, oldest first.
    pub fn take_packets(&mut self) -> impl Iterator<Item = Packet> + '_ {
        self.packets.drain(..)
    }

    /// One millisecond of this host: what befalls it, arrivals, timers, acts; then its packets
    /// go out.
    pub fn advance(
        &mut self,
        now: Now,
        orders: &[Order],
        arrivals: impl IntoIterator<Item = Packet>,
        acts: &[AdminAct],
    ) {
        for order in orders {
            self.obey(now, order);
        }
        for packet in arrivals {
            if self.ignores(&packet) {
                continue;
            }
            self.stack.receive(now.time, packet);
            self.hear_stack(now);
        }
        if self.stack.deadline().is_some_and(|at| at <= now.time) {
            self.stack.on_deadline(now.time);
            self.hear_stack(now);
        }
        self.hear_late(now);
        self.end_lookups(now);
        self.timers(now);
        for act in acts {
            self.feed_server(now, Input::Act(act.clone()));
        }
        self.hear_stack(now);
        while let Some(remark) = self.stack.poll_note() {
            self.events.push(Event::Wire(Wire::Segment(remark)));
        }
        while let Some(packet) = self.stack.transmit() {
            if self.trace {
                self.events.push(Event::Wire(Wire::Segment(describe(&packet))));
            }
            self.packets.push(packet);
        }
        self.deadline = self.next_deadline();
    }

    fn obey(&mut self, now: Now, order: &Order) {
        match order {
            Order::Stop(fault) => self.stop(now.time, *fault),
            Order::Continue => self.go_on(now),
            Order::Tell(fault, tiding) if self.stopped_by.is_some() => {
                self.untold.push((*fault, *tiding));
            }
            Order::Tell(fault, tiding) => self.tell(now, *fault, *tiding),
            Order::Names(names) => self.names = *names,
            Order::Slowness(slowness) => self.slowness = *slowness,
            Order::Move(address) => self.stack.move_to(*address),
            Order::Guests(guests) => {
                if let Software::Portal(portal) = &mut self.software {
                    portal.answers.clone_from(guests);
                }
            }
        }
    }

    fn stop(&mut self, now: Time, fault: FaultId) {
        if self.has_process() {
            self.stopped_by = Some(fault);
            self.stack.set_reading(now, false);
        }
    }

    fn go_on(&mut self, now: Now) {
        let Some(fault) = self.stopped_by else { return };
        self.note_waiting(now.time);
        self.stopped_by = None;
        self.stack.set_reading(now.time, true);
        if self.stack.has_event() {
            self.dealt.push((fault, Blow::LeftWaiting, now.time));
        }
        self.feed_client(now, feed::Work::Sdk(Input::Resumed));
        for (fault, tiding) in std::mem::take(&mut self.untold) {
            self.tell(now, fault, tiding);
        }
        self.hear_stack(now);
    }

    /// Notes whether a stopped process has been kept from anything so far.
    pub fn note_waiting(&mut self, now: Time) {
        let Some(fault) = self.stopped_by else { return };
        if let Some(at) = earliest(self.timers).filter(|at| *at <= now) {
            self.dealt.push((fault, Blow::LeftWaiting, at));
        }
    }

    fn tell(&mut self, now: Now, fault: FaultId, tiding: Tiding) {
        let Software::Client { sdk, .. } = &self.software else { return };
        let before = sdk.token_deadlines();
        let (input, blow) = match tiding {
            Tiding::NetworkDown => (Input::NetworkDown, Some(Blow::Told)),
            Tiding::NetworkUp => (Input::NetworkUp, Some(Blow::Told)),
            Tiding::ClockSet => (Input::WallClockJumped, None),
        };
        self.feed_client(now, feed::Work::Sdk(input));
        let Software::Client { sdk, .. } = &self.software else { return };
        let moved = tiding == Tiding::ClockSet && sdk.token_deadlines() != before;
        let blow = blow.or(moved.then_some(Blow::MovedDeadline));
        self.dealt.extend(blow.map(|blow| (fault, blow, now.time)));
    }

    /// Whether this is a portal that lets such a packet vanish.
    fn ignores(&self, packet: &[u8]) -> bool {
        let Software::Portal(portal) = &self.software else { return false };
        self.stack.stranger(packet).is_some_and(|from| !portal.answers_stranger(from))
    }

    /// What happened since this was last asked, in order.
    pub fn take_events(&mut self) -> impl Iterator<Item = Event> + '_ {
        self.events.drain(..)
    }

    /// The blows dealt since this was last asked.
    pub fn take_dealt(&mut self) -> Vec<Dealt> {
        std::mem::take(&mut self.dealt)
    }
}

impl Software {
    fn into_belongings(self) -> Belongings {
        match self {
            Software::Server(server) => Belongings::Server(server.into_memory()),
            Software::Client { sdk, app } => {
                Belongings::Client(sdk.into_store(), app.into_progress())
            }
            Software::Portal(_) | Software::Gone => Belongings::None,
        }
    }
}
