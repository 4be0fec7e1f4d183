//! A host: a core, or an app on an SDK, on a TCP/IP stack.

use crate::app::{App, Doing};
use crate::net::{Stack, StackEvent, describe};
use crate::node::{Input, Node, Output, step};
use crate::record::{AdminAct, ClientId, CloseCause, ConnId, Event, HostId, Wire};
use crate::sdk::Sdk;
use crate::server::{Memory, Server};
use crate::time::{Now, Time};
use crate::zim::{Call, CallId, News};
use std::collections::VecDeque;

/// What runs on a host.
pub(super) enum Software {
    Server(Box<Server>),
    Client { sdk: Box<Sdk>, app: Box<App> },
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
}

/// An input on its way to a part of a client.
enum Work {
    Sdk(Input<(CallId, Call)>),
    App(Input<News>),
}

impl Host {
    pub fn new(id: HostId, software: Software, stack: Stack, trace: bool, next_conn: u32) -> Host {
        Host { id, software, stack, events: Vec::new(), trace, next_conn }
    }

    /// What the server knew, if this is the server; the process ends with it.
    pub fn into_memory(self) -> Option<Memory> {
        match self.software {
            Software::Server(server) => Some(server.into_memory()),
            Software::Client { .. } => None,
        }
    }

    /// The connections that would die with this host's process.
    pub fn peers(&self) -> Vec<(ClientId, ConnId)> {
        self.stack.peers()
    }

    /// When the host has something to do by itself.
    pub fn deadline(&self) -> Option<Time> {
        let of = |deadline: Option<(Time, &'static str)>| deadline.map(|(at, _)| at);
        let software = match &self.software {
            Software::Server(server) => of(server.deadline()),
            Software::Client { sdk, app } => {
                of(sdk.deadline()).into_iter().chain(of(app.deadline())).min()
            }
        };
        software.into_iter().chain(self.stack.deadline()).min()
    }

    /// One millisecond of this host: arrivals, timers, acts; then its packets go out.
    pub fn advance(
        &mut self,
        now: Now,
        arrivals: Vec<Vec<u8>>,
        acts: Vec<AdminAct>,
    ) -> Vec<Vec<u8>> {
        for packet in arrivals {
            self.stack.receive(now.time, packet);
            self.hear_stack(now);
        }
        if self.stack.deadline().is_some_and(|at| at <= now.time) {
            self.stack.on_deadline(now.time);
            self.hear_stack(now);
        }
        self.timers(now);
        for act in acts {
            self.feed_server(now, Input::Act(act));
        }
        self.hear_stack(now);
        while let Some(remark) = self.stack.poll_note() {
            self.events.push(Event::Wire(Wire::Segment(remark)));
        }
        let mut packets = Vec::new();
        while let Some(packet) = self.stack.transmit() {
            if self.trace {
                self.events.push(Event::Wire(Wire::Segment(describe(&packet))));
            }
            packets.push(packet);
        }
        packets
    }

    /// What happened since this was last asked, in order.
    pub fn take_events(&mut self) -> impl Iterator<Item = Event> + '_ {
        self.events.drain(..)
    }

    fn timers(&mut self, now: Now) {
        let due = |at: Option<(Time, &'static str)>| at.is_some_and(|(at, _)| at <= now.time);
        match &self.software {
            Software::Server(server) => {
                if due(server.deadline()) {
                    self.feed_server(now, Input::Timer);
                }
            }
            Software::Client { sdk, .. } => {
                if due(sdk.deadline()) {
                    self.feed_client(now, Work::Sdk(Input::Timer));
                }
                if let Software::Client { app, .. } = &self.software
                    && due(app.deadline())
                {
                    self.feed_client(now, Work::App(Input::Timer));
                }
            }
        }
    }

    /// Hands on what the stack has to say, until it is quiet.
    fn hear_stack(&mut self, now: Now) {
        while let Some(event) = self.stack.poll_event() {
            match &self.software {
                Software::Server(_) => self.feed_server(now, input(event)),
                Software::Client { .. } => self.feed_client(now, Work::Sdk(input(event))),
            }
        }
    }

    fn feed_server(&mut self, now: Now, input: Input<AdminAct>) {
        let Software::Server(server) = &mut self.software else {
            unreachable!("only the server has administrators")
        };
        let mut outputs = Vec::new();
        step(server.as_mut(), now, input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Up(never) => match never {},
                Output::Note(event) => self.events.push(event),
                Output::Connect(..) => unreachable!("a server connects nowhere"),
                Output::Send(conn, bytes) => self.stack.send(now.time, conn, &bytes),
                Output::Finish(conn) => self.stack.finish(now.time, conn),
                Output::Abort(conn) => self.stack.abort(now.time, conn),
            }
        }
    }

    /// Feeds the app or the SDK, and the other one with what comes of it, until both rest.
    fn feed_client(&mut self, now: Now, work: Work) {
        let mut queue = VecDeque::from([work]);
        while let Some(work) = queue.pop_front() {
            match work {
                Work::Sdk(input) => self.feed_sdk(now, input, &mut queue),
                Work::App(input) => self.feed_app(now, input, &mut queue),
            }
        }
    }

    fn feed_sdk(&mut self, now: Now, input: Input<(CallId, Call)>, queue: &mut VecDeque<Work>) {
        let Software::Client { sdk, .. } = &mut self.software else {
            unreachable!("only a client has an SDK")
        };
        let mut outputs = Vec::new();
        step(sdk.as_mut(), now, input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Up(news) => {
                    self.events.push(told(&news));
                    queue.push_back(Work::App(Input::Act(news)));
                }
                Output::Note(event) => self.events.push(event),
                // There is one host to connect to, and its name is always found.
                Output::Connect(conn, _) => {
                    if let Err(cause) = self.connect(now, conn) {
                        queue.push_back(Work::Sdk(Input::Closed(conn, cause)));
                    }
                }
                Output::Send(conn, bytes) => self.stack.send(now.time, conn, &bytes),
                Output::Finish(conn) => self.stack.finish(now.time, conn),
                Output::Abort(conn) => self.stack.abort(now.time, conn),
            }
        }
    }

    /// Each connection has a port of its own for the whole run, so that no pair of address
    /// and port is used twice. A device that has used them all can't connect any more.
    fn connect(&mut self, now: Now, conn: ConnId) -> Result<(), CloseCause> {
        self.next_conn = self.next_conn.max(conn.0 + 1);
        let port = u32::from(Stack::FIRST_PORT).saturating_add(conn.0);
        let Ok(port) = u16::try_from(port) else {
            let used_up = format!("no port left after {} connections of this device", conn.0);
            self.events.push(Event::Wire(Wire::Misbehaved(conn, used_up)));
            return Err(CloseCause::NoPort);
        };
        self.stack.connect(now.time, conn, port, HostId::Server);
        Ok(())
    }

    fn feed_app(&mut self, now: Now, input: Input<News>, queue: &mut VecDeque<Work>) {
        let Software::Client { app, .. } = &mut self.software else {
            unreachable!("only a client has an app")
        };
        let mut outputs = Vec::new();
        step(app.as_mut(), now, input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Up(Doing::Call { id, origin, call }) => {
                    self.events.push(Event::Called { id, origin, call: call.clone() });
                    queue.push_back(Work::Sdk(Input::Act((id, call))));
                }
                Output::Up(Doing::Show(text)) => self.events.push(Event::Shown { text }),
                Output::Note(event) => self.events.push(event),
                Output::Connect(..) | Output::Send(..) | Output::Finish(_) | Output::Abort(_) => {
                    unreachable!("an app has no connections ({:?})", self.id)
                }
            }
        }
    }
}

fn input<A>(event: StackEvent) -> Input<A> {
    match event {
        StackEvent::Accepted(conn) | StackEvent::Opened(conn) => Input::Opened(conn),
        StackEvent::Bytes(conn, bytes) => Input::Bytes(conn, bytes),
        StackEvent::Closed(conn, cause) => Input::Closed(conn, cause),
    }
}

fn told(news: &News) -> Event {
    match news {
        News::Callback(callback) => Event::Callback(callback.clone()),
        News::Result { id, kind, code, members } => {
            Event::Result { id: *id, kind: *kind, code: *code, members: members.clone() }
        }
    }
}
