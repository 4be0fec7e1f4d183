//! What a host's software is fed, and what becomes of its effects.

use super::{Host, Software};
use crate::app::Doing;
use crate::net::Sent;
use crate::net::{NameAnswer, Stack, StackEvent};
use crate::node::{Input, Node, Output, step};
use crate::protocol::FrameKind;
use crate::record::{AdminAct, Blow, CloseCause, ConnId, Event, HostId, Wire};
use crate::time::{Now, Time};
use crate::zim::{Call, CallId, News};
use std::collections::VecDeque;

/// An input on its way to a part of a client.
pub(super) enum Work {
    Sdk(Input<(CallId, Call)>),
    App(Input<News>),
}

impl Host {
    pub(super) fn timers(&mut self, now: Now) {
        if self.stopped_by.is_some() {
            return;
        }
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
            Software::Portal(_) | Software::Gone => {}
        }
    }

    /// Hands on what the stack has to say, until it is quiet; to a slow process, later.
    pub(super) fn hear_stack(&mut self, now: Now) {
        if self.stopped_by.is_some() {
            return;
        }
        while let Some(event) = self.stack.poll_event() {
            let after = self.slowness.map(|(fault, delay)| (fault, now.time + delay));
            if let Some((fault, _)) = after {
                self.dealt.push((fault, Blow::HeardLate, now.time));
            }
            // Nothing overtakes what is waiting already.
            let behind = self.late.back().map(|(at, _)| *at);
            match after.map(|(_, at)| at).max(behind) {
                Some(at) if at > now.time => self.late.push_back((at, event)),
                Some(_) | None => self.hear(now, event),
            }
        }
    }

    pub(super) fn hear_late(&mut self, now: Now) {
        while self.late.front().is_some_and(|(at, _)| *at <= now.time) {
            let (_, event) = self.late.pop_front().expect("there is a front");
            self.hear(now, event);
        }
    }

    fn hear(&mut self, now: Now, event: StackEvent) {
        match &self.software {
            Software::Server(_) => self.feed_server(now, input(event)),
            Software::Client { .. } => self.feed_client(now, Work::Sdk(input(event))),
            Software::Portal(portal) => portal.hear(now.time, &mut self.stack, event),
            Software::Gone => {}
        }
    }

    pub(super) fn feed_server(&mut self, now: Now, input: Input<AdminAct>) {
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
                Output::Send(conn, kind, bytes) => self.send(now, conn, kind, &bytes),
                Output::Finish(conn) => self.stack.finish(now.time, conn),
                Output::Abort(conn) => self.stack.abort(now.time, conn),
            }
        }
    }

    /// Hands a frame to the stack, and remembers it where a fault may ask for it.
    fn send(&mut self, now: Now, conn: ConnId, kind: FrameKind, bytes: &[u8]) {
        if self.keeps_sent
            && let Some((peer, port)) = self.stack.peer(conn)
        {
            // A client's n-th connection uses its n-th port.
            let number = match self.id {
                HostId::Client(_) => Some(conn.0),
                HostId::Server | HostId::Portal => {
                    port.checked_sub(Stack::FIRST_PORT).map(u32::from)
                }
            };
            let sent = |number| Sent { peer, conn: ConnId(number), kind, bytes: bytes.len() };
            self.sent.extend(number.map(sent));
        }
        self.stack.send(now.time, conn, bytes);
    }

    /// Feeds the app or the SDK, and the other one with what comes of it, until both rest.
    pub(super) fn feed_client(&mut self, now: Now, work: Work) {
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
                Output::Connect(conn, _) => {
                    if let Err(cause) = self.look_up(now, conn) {
                        queue.push_back(Work::Sdk(Input::Closed(conn, cause)));
                    }
                }
                Output::Send(conn, kind, bytes) => self.send(now, conn, kind, &bytes),
                Output::Finish(conn) => {
                    self.forget_lookup(conn);
                    self.stack.finish(now.time, conn);
                }
                Output::Abort(conn) => {
                    self.forget_lookup(conn);
                    self.stack.abort(now.time, conn);
                }
            }
        }
    }

    /// Looks up the one name there is, then connects. The device knows the name already,
    /// unless a fault says otherwise.
    fn look_up(&mut self, now: Now, conn: ConnId) -> Result<(), CloseCause> {
        self.next_conn = self.next_conn.max(conn.0 + 1);
        let Some((fault, answer)) = self.names else { return self.connect(now, conn) };
        self.dealt.push((fault, Blow::LookedUp, now.time));
        match answer {
            NameAnswer::Fails(after) => {
                self.lookups.insert((now.time + after.max(Time::QUANTUM), conn), false);
            }
            NameAnswer::Slow(after) => {
                self.lookups.insert((now.time + after.max(Time::QUANTUM), conn), true);
            }
            NameAnswer::Silence => {}
        }
        Ok(())
    }

    /// Nobody waits for this look-up any more.
    fn forget_lookup(&mut self, conn: ConnId) {
        self.lookups.retain(|(_, asked), _| *asked != conn);
    }

    pub(super) fn end_lookups(&mut self, now: Now) {
        if self.stopped_by.is_some() {
            return;
        }
        while let Some(entry) = self.lookups.first_entry().filter(|e| e.key().0 <= now.time) {
            let ((_, conn), found) = entry.remove_entry();
            let connected =
                if found { self.connect(now, conn) } else { Err(CloseCause::NoSuchHost) };
            if let Err(cause) = connected {
                self.feed_client(now, Work::Sdk(Input::Closed(conn, cause)));
            }
        }
    }

    /// Each connection has a port of its own for the whole run, so that no pair of address
    /// and port is used twice. A device that has used them all can't connect any more.
    fn connect(&mut self, now: Now, conn: ConnId) -> Result<(), CloseCause> {
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
