//! The server as a state machine: sessions, rooms, messages, and an administrator's hand.
//!
//! It knows connections and what it remembers ([`Memory`]). Connections die with the
//! process; the memory is what a restart may keep.

mod admin;
mod agenda;
mod frames;
mod history;
mod login;
mod mail;
mod memory;
mod rooms;
mod sessions;
#[cfg(test)]
mod tests;

use crate::node::{Input, Node, Outbox, Output};
use crate::param::Params;
use crate::protocol::{Channel, ClientFrame, FrameKind, ServerFrame};
use crate::record::{AdminAct, CloseCause, ConnId, Event, ServerFact, Wire};
use crate::time::{Now, Span, Time};
use agenda::{Agenda, Timer};
use login::Login;
pub use memory::Memory;
use memory::{Presence, SessionId};
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;

type ServerInput = Input<AdminAct>;

/// One server process.
pub struct Server {
    params: Arc<Params>,
    out: Outbox<Infallible>,
    agenda: Agenda,
    conns: BTreeMap<ConnId, Conn>,
    /// Logins that wait, the one worked on first.
    line: VecDeque<(ConnId, Login)>,
    memory: Memory,
}

/// A connection of a client.
struct Conn {
    channel: Channel<ClientFrame>,
    /// Whose it is, once somebody has logged in on it.
    session: Option<SessionId>,
    /// Whether its login waits in line.
    in_line: bool,
}

impl Server {
    /// Starts with what is remembered. Sessions of before are neither online nor offline
    /// until their clients come back or `user.offline_after` is over; nobody is punished
    /// for the time in which the server was away.
    pub fn start(params: Arc<Params>, memory: Memory, now: Now, trace: bool) -> Server {
        let mut server = Server {
            params,
            out: Outbox::new(trace),
            agenda: Agenda::default(),
            conns: BTreeMap::new(),
            line: VecDeque::new(),
            memory,
        };
        server.memory.wake(now);
        let sessions: Vec<_> = server.memory.sessions.keys().copied().collect();
        for id in sessions {
            server.watch(now, id);
        }
        let rooms: Vec<_> = server.memory.rooms.keys().cloned().collect();
        for room in rooms {
            server.destroy_if_empty(now, &room);
        }
        server
    }

    /// Ends the process; what it knew is what a restart that keeps the state remembers.
    pub fn into_memory(self) -> Memory {
        self.memory
    }

    fn send(&mut self, id: ConnId, frame: ServerFrame) {
        let Some(conn) = self.conns.get_mut(&id) else { return };
        let bytes = conn.channel.encode(&frame);
        self.out.push(Output::Send(id, frame.kind(), bytes));
        self.out.trace(|| Wire::ServerSent(id, frame));
    }

    /// Sends the same to many. A server masks nothing, so the bytes are the same too.
    fn send_to_all(&mut self, conns: Vec<ConnId>, frame: &ServerFrame) {
        let mut bytes: Option<Vec<u8>> = None;
        for id in conns {
            let Some(conn) = self.conns.get_mut(&id) else { continue };
            let bytes = bytes.get_or_insert_with(|| conn.channel.encode(frame)).clone();
            self.out.push(Output::Send(id, frame.kind(), bytes));
            self.out.trace(|| Wire::ServerSent(id, frame.clone()));
        }
    }

    /// Sends to a session's connection, if it has one.
    fn push(&mut self, session: SessionId, frame: ServerFrame) {
        if let Some(conn) = self.memory.sessions.get(&session).and_then(|s| s.presence.conn()) {
            self.send(conn, frame);
        }
    }

    fn fact(&mut self, fact: ServerFact) {
        self.out.note(Event::Server(fact));
    }

    /// Closes a connection politely: what was sent before still arrives.
    fn finish(&mut self, conn: ConnId) {
        if self.conns.remove(&conn).is_some() {
            self.out.push(Output::Finish(conn));
        }
    }

    /// Drops a connection.
    fn abort(&mut self, conn: ConnId) {
        if self.conns.remove(&conn).is_some() {
            self.out.push(Output::Abort(conn));
        }
    }

    fn opened(&mut self, now: Now, conn: ConnId) {
        self.conns.insert(conn, Conn { channel: Channel::server(), session: None, in_line: false });
        self.agenda.add(after(now, self.params.login_server_wait), Timer::LoginWait(conn));
    }

    fn bytes(&mut self, now: Now, id: ConnId, bytes: &[u8]) {
        let Some(conn) = self.conns.get_mut(&id) else {
            self.out.trace(|| Wire::Ignored("bytes of a connection given up".into()));
            return;
        };
        let received = match conn.channel.receive(bytes) {
            Ok(received) => received,
            Err(error) => return self.misbehaved(id, error.to_string()),
        };
        if !received.reply.is_empty() {
            self.out.push(Output::Send(id, FrameKind::ServerControl, received.reply));
        }
        for frame in received.frames {
            self.out.trace(|| Wire::ServerGot(id, frame.clone()));
            self.frame(now, id, frame);
        }
        if received.closed && self.conns.contains_key(&id) {
            self.connection_over(id);
            self.out.push(Output::Finish(id));
        }
    }

    /// The peer broke the protocol: its connection is dropped, nothing else happens.
    fn misbehaved(&mut self, conn: ConnId, why: String) {
        self.out.note(Event::Wire(Wire::Misbehaved(conn, why)));
        self.connection_over(conn);
        self.out.push(Output::Abort(conn));
    }

    fn closed(&mut self, conn: ConnId, cause: CloseCause) {
        self.out.trace(|| Wire::Closed(conn, cause));
        self.connection_over(conn);
    }

    /// A connection is gone and the server noticed: its user is offline.
    fn connection_over(&mut self, conn: ConnId) {
        let Some(Conn { session: Some(session), .. }) = self.conns.remove(&conn) else { return };
        self.goes_offline(session);
    }

    fn timer(&mut self, now: Now) {
        while let Some(timer) = self.agenda.due(now.time) {
            match timer {
                Timer::LoginDone => self.next_login(now),
                Timer::LoginWait(conn) => {
                    if self.conns.get(&conn).is_some_and(|conn| conn.session.is_none()) {
                        self.abort(conn);
                    }
                }
                Timer::Silence(session) => self.silence(now, session),
                Timer::RoomsOut(session) => self.rooms_out(now, session),
                Timer::TokenEnd(session) => self.token_end(now, session),
                Timer::EmptyRoom(room) => self.destroy_if_empty(now, &room),
            }
        }
    }
}

impl Node for Server {
    type Act = AdminAct;
    type News = Infallible;

    fn handle(&mut self, now: Now, input: ServerInput) {
        match input {
            Input::Opened(conn) => self.opened(now, conn),
            Input::Bytes(conn, bytes) => self.bytes(now, conn, &bytes),
            Input::Closed(conn, cause) => self.closed(conn, cause),
            Input::Timer => self.timer(now),
            Input::Act(act) => self.admin(now, act),
            Input::WallClockJumped => self.clock_jumped(now),
            // A server has no operating system that tells it of such things.
            Input::NetworkUp | Input::NetworkDown | Input::Resumed => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Infallible>> {
        self.out.pop()
    }

    fn deadline(&self) -> Option<(Time, &'static str)> {
        self.agenda.next()
    }
}

/// `span` from now, and at least one quantum away, so that it can be a deadline.
fn after(now: Now, span: Span) -> Time {
    now.time + span.max(Time::QUANTUM)
}

impl Presence {
    fn conn(&self) -> Option<ConnId> {
        match self {
            Presence::Online(conn) => Some(*conn),
            Presence::Unheard | Presence::Offline => None,
        }
    }
}
