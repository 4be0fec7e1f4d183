//! The client SDK as a state machine: what an app calls and is called back with.
//!
//! ```text
//! Idle ──login──▶ LoggingIn ──welcome──▶ Online ◀──welcome── Reconnecting
//!   ▲                │ refused, timed out   │ └──link lost──▶     │
//!   └────────────────┴──── logout, kicked, token expired, unregistered
//! ```
//! Each state has a file of its own; its handler takes the state and returns the next
//! one, so that no half-old state survives a transition.

mod calls;
mod dial;
mod idle;
mod logging_in;
mod messages;
mod online;
mod reconnecting;
mod requests;
mod rooms;
#[cfg(test)]
mod tests;
mod token;

use crate::node::{Input, Node, Outbox, Output};
use crate::param::{CallbackOrder, Params};
use crate::protocol::{ClientFrame, RequestId, SessionEnd, SessionRef};
use crate::record::{ConnId, Event, Wire};
use crate::rng::Stream;
use crate::time::{Now, Span, Time};
use crate::zim::{
    Call, CallId, CallKind, Callback, ConnectionEvent, ConnectionState, DeviceId, ErrorCode, News,
    Platform, RoomEvent, RoomId, RoomState, UserId,
};
use idle::Idle;
use logging_in::LoggingIn;
use messages::Message;
use online::Online;
use reconnecting::Reconnecting;
use std::sync::Arc;
use token::TokenWatch;

/// The host name that the SDK connects to.
pub const SERVER_NAME: &str = "zim-server";

type SdkInput = Input<(CallId, Call)>;

/// One SDK instance in one process.
pub struct Sdk {
    common: Common,
    state: State,
}

enum State {
    Idle(Idle),
    LoggingIn(Box<LoggingIn>),
    Online(Box<Online>),
    Reconnecting(Box<Reconnecting>),
}

/// Who is logged in, as far as this device is concerned.
struct Account {
    user: UserId,
    device: DeviceId,
    platform: Platform,
    token: TokenWatch,
    /// The server's name for the session, once it has given one.
    session: Option<SessionRef>,
}

/// What every state needs.
struct Common {
    params: Arc<Params>,
    out: Outbox<News>,
    random: Stream,
    next_conn: u32,
    next_request: u32,
    next_message: u64,
    store: Store,
}

/// What an SDK keeps on its device: it outlives sessions and processes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store {
    /// The highest peer message seen, and whose, so that a message whose receipt was lost is
    /// not shown twice.
    peer_seen: Option<(UserId, u64)>,
}

impl Sdk {
    /// A new instance. `random` feeds jitter and masks; `first_conn` counts on from the
    /// connections of earlier processes on this device, and `store` is what they have left
    /// there; `trace` keeps wire events.
    pub fn new(
        params: Arc<Params>,
        random: Stream,
        first_conn: u32,
        store: Store,
        trace: bool,
    ) -> Sdk {
        let common = Common {
            params,
            out: Outbox::new(trace),
            random,
            next_conn: first_conn,
            next_request: 0,
            next_message: 1,
            store,
        };
        Sdk { common, state: State::Idle(Idle::Fresh) }
    }

    /// What is left on the device when the process ends.
    pub fn into_store(self) -> Store {
        self.common.store
    }

    /// When the token's end is warned of, and when it comes, as the device's calendar clock
    /// stands.
    pub fn token_deadlines(&self) -> [Option<Time>; 2] {
        let account = match &self.state {
            State::Idle(_) | State::LoggingIn(_) => return [None; 2],
            State::Online(state) => &state.account,
            State::Reconnecting(state) => state.account(),
        };
        account.token.deadlines().map(|deadline| deadline.map(|(at, _)| at))
    }
}

impl State {
    fn name(&self) -> &'static str {
        match self {
            State::Idle(idle) => idle.name(),
            State::LoggingIn(_) => "logging in",
            State::Online(_) => "online",
            State::Reconnecting(_) => "reconnecting",
        }
    }
}

impl Node for Sdk {
    type Act = (CallId, Call);
    type News = News;

    fn handle(&mut self, now: Now, input: SdkInput) {
        let from = self.state.name();
        let state = std::mem::replace(&mut self.state, State::Idle(Idle::Fresh));
        self.state = match state {
            State::Idle(idle) => idle.handle(&mut self.common, now, input),
            State::LoggingIn(state) => state.handle(&mut self.common, now, input),
            State::Online(state) => state.handle(&mut self.common, now, input),
            State::Reconnecting(state) => state.handle(&mut self.common, now, input),
        };
        let to = self.state.name();
        if from != to {
            self.common.out.trace(|| Wire::State { from, to });
        }
    }

    fn poll(&mut self) -> Option<Output<News>> {
        self.common.out.pop()
    }

    fn deadline(&self) -> Option<(Time, &'static str)> {
        match &self.state {
            State::Idle(_) => None,
            State::LoggingIn(state) => state.deadline(),
            State::Online(state) => state.deadline(),
            State::Reconnecting(state) => state.deadline(),
        }
    }
}

impl Common {
    fn callback(&mut self, callback: Callback) {
        self.out.push(Output::Up(News::Callback(callback)));
    }

    fn result(&mut self, id: CallId, kind: CallKind, code: ErrorCode) {
        self.out.push(Output::Up(News::Result { id, kind, code, members: None }));
    }

    fn connection(&mut self, state: ConnectionState, event: ConnectionEvent) {
        self.callback(Callback::ConnectionStateChanged { state, event });
    }

    fn room(&mut self, room: &RoomId, state: RoomState, event: RoomEvent) {
        self.callback(Callback::RoomStateChanged { room: room.clone(), state, event });
    }

    /// Tells of a change of the connection and of rooms that goes with it, in the order that
    /// `callback.order` asks for.
    fn connection_and_rooms(
        &mut self,
        (state, event): (ConnectionState, ConnectionEvent),
        rooms: Vec<(RoomId, RoomState, RoomEvent)>,
    ) {
        if self.params.callback_order == CallbackOrder::ConnectionFirst {
            self.connection(state, event);
        }
        for (room, state, event) in rooms {
            self.room(&room, state, event);
        }
        if self.params.callback_order == CallbackOrder::RoomsFirst {
            self.connection(state, event);
        }
    }

    fn new_request(&mut self) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        id
    }

    /// A peer message that the app wants sent.
    fn new_message(&mut self, now: Now, call: CallId, to: UserId, text: String) -> Message {
        let key = self.next_message;
        self.next_message += 1;
        let until = after(now, self.params.message_resend_window);
        Message { call, to, text, key, until }
    }

    fn new_conn(&mut self) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        conn
    }

    fn send(&mut self, conn: ConnId, channel: &mut dial::ClientChannel, frame: ClientFrame) {
        let bytes = channel.encode(&frame);
        self.out.push(Output::Send(conn, frame.kind(), bytes));
        self.out.trace(|| Wire::ClientSent(conn, frame));
    }

    fn abort(&mut self, conn: ConnId) {
        self.out.push(Output::Abort(conn));
    }

    fn note(&mut self, event: Wire) {
        self.out.note(Event::Wire(event));
    }

    fn ignored(&mut self, input: &SdkInput, state: &str) {
        self.out.trace(|| Wire::Ignored(format!("{} while {state}", input_name(input))));
    }
}

fn input_name(input: &SdkInput) -> &'static str {
    match input {
        Input::Opened(_) => "opened",
        Input::Bytes(..) => "bytes",
        Input::Closed(..) => "closed",
        Input::Timer => "timer",
        Input::Act(_) => "call",
        Input::NetworkUp => "network up",
        Input::NetworkDown => "network down",
        Input::Resumed => "resumed",
        Input::WallClockJumped => "wall clock jumped",
    }
}

/// The public event of a session's end.
fn end_event(cause: SessionEnd) -> ConnectionEvent {
    match cause {
        SessionEnd::KickedOut => ConnectionEvent::KickedOut,
        SessionEnd::TokenExpired => ConnectionEvent::TokenExpired,
        SessionEnd::Unregistered => ConnectionEvent::Unregistered,
    }
}

/// `span` from now, and at least one quantum away, so that it can be a deadline.
fn after(now: Now, span: Span) -> Time {
    now.time + span.max(Time::QUANTUM)
}

/// The earliest of these deadlines; of several the first.
fn earliest<const N: usize>(
    deadlines: [Option<(Time, &'static str)>; N],
) -> Option<(Time, &'static str)> {
    deadlines.iter().flatten().min_by_key(|(at, _)| *at).copied()
}
