//! What a host's software is fed, and what becomes of its effects.

use super::{Host, Software};
use crate::app::{App, Doing};
use crate::net::Sent;
use crate::net::{NameAnswer, Stack, StackEvent};
use crate::node::{Input, Output, step};
use crate::protocol::FrameKind;
use crate::record::{AdminAct, Blow, CloseCause, ConnId, Event, HostId, Wire};
use crate::sdk::Sdk;
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
        let due = |at: Option<Time>| at.is_some_and(|at| at <= now.time);
        if self.stopped_by.is_some() {
            return;
        }
        if due(self.timers[0]) {
            match &self.software {
                Software::Server(_) => self.feed_server(now, Input::Timer),
                Software::Client { .. } => self.feed_client(now, Work::Sdk(Input::Timer)),
                Software::Portal(_) | Software::Gone => unreachable!("it has no timers"),
            }
        }
        if due(self.timers[1]) {
            self.feed_client(now, Work::App(Input::Timer));
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
        // Taken out: its effects act on all the rest of the host.
        let Software::Server(mut server) = std::mem::replace(&mut self.software, Software::Gone)
        else {
            unreachable!("only the server has administrators")
        };
        step(server.as_mut(), now, input, |output| match output {
            Output::Up(never) => match never {},
            Output::Note(event) => self.events.push(event),
            Output::Connect(..) => unreachable!("a server connects nowhere"),
            Output::Send(conn, kind, bytes) => self.send(now, conn, kind, &bytes),
            Output::Finish(conn) => self.stack.finish(now.time, conn),
            Output::Abort(conn) => self.stack.abort(now.time, conn),
        });
        self.software = Software::Server(server);
        self.look_at_timers();
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
        // Taken out: their effects act on all the rest of the host.
        let Software::Client { mut sdk, mut app } =
            std::mem::replace(&mut self.software, Software::Gone)
        else {
            unreachable!("only a client has an SDK and an app")
        };
        let mut queue = VecDeque::new();
        let mut next = Some(work);
        while let Some(work) = next {
            match work {
                Work::Sdk(input) => self.feed_sdk(now, &mut sdk, input, &mut queue),
                Work::App(input) => self.feed_app(now, &mut app, input, &mut queue),
            }
            next = queue.pop_front();
        }
        self.software = Software::Client { sdk, app };
        self.look_at_timers();
    }

    fn feed_sdk(
        &mut self,
        now: Now,
        sdk: &mut Sdk,
        input: Input<(CallId, Call)>,
        queue: &mut VecDeque<Work>,
    ) {
        step(sdk, now, input, |output| match output {
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
        });
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

    fn feed_app(
        &mut self,
        now: Now,
        app: &mut App,
        input: Input<News>,
        queue: &mut VecDeque<Work>,
    ) {
        step(app, now, input, |output| match output {
            Output::Up(Doing::Call { id, origin, call }) => {
                self.events.push(Event::Called { id, origin, call: call.clone() });
                queue.push_back(Work::Sdk(Input::Act((id, call))));
            }
            Output::Up(Doing::Show(text)) => self.events.push(Event::Shown { text }),
            Output::Note(event) => self.events.push(event),
            Output::Connect(..) | Output::Send(..) | Output::Finish(_) | Output::Abort(_) => {
                unreachable!("an app has no connections ({:?})", self.id)
            }
        });
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
