//! An SDK on a bench: its peer is a [`Channel`] in the test's hand.

use crate::node::{Input, Output, step};
use crate::param::{Params, Percent};
use crate::protocol::{Channel, ClientFrame, RequestId, ServerFrame, SessionEnd, SessionRef};
use crate::record::{CloseCause, ConnId, Event, Wire};
use crate::rng::Seed;
use crate::sdk::{Sdk, Store};
use crate::time::{Now, Span, Time, Wall};
use crate::zim::{
    Call, CallId, Callback, ConnectionEvent, ConnectionState, ErrorCode, News, Platform, RoomEvent,
    RoomState, Token,
};
use std::sync::Arc;

pub(super) struct Bench {
    sdk: Sdk,
    now: Time,
    /// How far the calendar clock is ahead of the timer clock, in ms.
    pub wall_ahead: i64,
    calls: u32,
    /// The connection that is open or being opened.
    pub conn: Option<ConnId>,
    peer: Channel<ClientFrame>,
    pub frames: Vec<ClientFrame>,
    pub told: Vec<News>,
    pub attempts: Vec<Time>,
    pub hung_up: Vec<ConnId>,
    /// What was sent, as it went out.
    pub sent: Vec<Vec<u8>>,
    /// What was written down for a trace.
    pub wires: Vec<Wire>,
}

impl Bench {
    /// A new SDK without jitter; `set` changes its parameters.
    pub fn new(set: impl FnOnce(&mut Params)) -> Bench {
        let mut params = Params { reconnect_jitter: Percent::default(), ..Params::default() };
        set(&mut params);
        Bench::seeded(params, 1)
    }

    pub fn seeded(params: Params, seed: u64) -> Bench {
        let random = Seed(seed).stream("bench");
        Bench {
            sdk: Sdk::new(Arc::new(params), random, 0, Store::default(), true),
            now: Time::ZERO,
            wall_ahead: 0,
            calls: 0,
            conn: None,
            peer: Channel::server(),
            frames: Vec::new(),
            told: Vec::new(),
            attempts: Vec::new(),
            hung_up: Vec::new(),
            sent: Vec::new(),
            wires: Vec::new(),
        }
    }

    /// The next process on the same device, which begins at time zero.
    pub fn next_process(self) -> Bench {
        let store = self.sdk.into_store();
        let mut bench = Bench::new(|_| ());
        let params = Arc::new(Params { reconnect_jitter: Percent::default(), ..Params::default() });
        bench.sdk = Sdk::new(params, Seed(1).stream("bench"), 0, store, true);
        bench
    }

    pub fn token_deadlines(&self) -> [Option<u64>; 2] {
        self.sdk.token_deadlines().map(|deadline| deadline.map(Time::ms))
    }

    /// One that is logged in as alice, with everything until then forgotten.
    pub fn online(set: impl FnOnce(&mut Params)) -> Bench {
        let mut bench = Bench::new(set);
        bench.login(Span::from_secs(3600));
        bench.accept();
        bench.forget();
        bench
    }

    /// `ms` after the beginning, with every timer fired on the way.
    pub fn at(&mut self, ms: u64) -> &mut Bench {
        let until = Time::from_ms(ms);
        while let Some(at) = self.deadline().filter(|at| *at <= until) {
            self.now = at.max(self.now);
            self.feed(Input::Timer);
        }
        assert!(self.now <= until, "{} is past {until}", self.now);
        self.now = until;
        self
    }

    /// The same, but the timers of that very moment are still to fire.
    pub fn just_at(&mut self, ms: u64) -> &mut Bench {
        self.at(ms - 1);
        self.now = Time::from_ms(ms);
        self
    }

    pub fn feed(&mut self, input: Input<(CallId, Call)>) {
        let mut outputs = Vec::new();
        let wall = Wall::from_ms(self.now.ms().cast_signed() + self.wall_ahead);
        let now = Now { time: self.now, wall };
        step(&mut self.sdk, now, input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Connect(conn, _) => {
                    self.conn = Some(conn);
                    self.peer = Channel::server();
                    self.attempts.push(self.now);
                }
                Output::Send(conn, _, bytes) if self.conn == Some(conn) => {
                    self.take(&bytes);
                    self.sent.push(bytes);
                }
                Output::Send(conn, ..) => panic!("sent on {conn:?}, which is closed"),
                Output::Finish(conn) | Output::Abort(conn) => {
                    self.hung_up.push(conn);
                    self.conn = None;
                }
                Output::Up(news) => self.told.push(news),
                Output::Note(Event::Wire(wire)) => self.wires.push(wire),
                Output::Note(other) => panic!("not an SDK's to note: {other:?}"),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let received = self.peer.receive(bytes).expect("an SDK keeps to the protocol");
        self.frames.extend(received.frames);
        if !received.reply.is_empty() {
            let conn = self.conn.expect("a connection that sends");
            self.feed(Input::Bytes(conn, received.reply));
        }
    }

    pub fn call(&mut self, call: Call) -> CallId {
        let id = CallId(self.calls);
        self.calls += 1;
        self.feed(Input::Act((id, call)));
        id
    }

    pub fn login(&mut self, life: Span) -> CallId {
        self.login_as("alice", life)
    }

    pub fn login_as(&mut self, user: &str, life: Span) -> CallId {
        let user = user.into();
        let wall = Wall::from_ms(self.now.ms().cast_signed() + self.wall_ahead);
        let token = Token::mint(&user, wall + life);
        let device = "phone".into();
        self.call(Call::Login { user, device, platform: Platform::Android, token })
    }

    pub fn enter(&mut self, room: &str) -> CallId {
        self.call(Call::EnterRoom { room: room.into() })
    }

    /// Enters a room, and the server says yes.
    pub fn enter_for_good(&mut self, room: &str) {
        self.enter(room);
        self.answer(ErrorCode::SUCCESS);
        self.forget();
    }

    pub fn open(&mut self) {
        let conn = self.conn.expect("an attempt");
        self.feed(Input::Opened(conn));
    }

    /// Opens the connection and welcomes the login on it.
    pub fn accept(&mut self) {
        self.open();
        self.welcome();
    }

    pub fn welcome(&mut self) {
        let id = self.last_request();
        self.push(&ServerFrame::Welcome { id, session: SessionRef { id: 7, since: 0 } });
    }

    pub fn push(&mut self, frame: &ServerFrame) {
        let bytes = self.peer.encode(frame);
        let conn = self.conn.expect("an open connection");
        self.feed(Input::Bytes(conn, bytes));
    }

    /// Answers the last request.
    pub fn answer(&mut self, code: ErrorCode) {
        let id = self.last_request();
        self.push(&ServerFrame::Done { id, code });
    }

    pub fn close(&mut self, cause: CloseCause) {
        let conn = self.conn.take().expect("a connection");
        self.feed(Input::Closed(conn, cause));
    }

    pub fn last_request(&self) -> RequestId {
        let id = self.frames.iter().rev().find_map(|frame| match frame {
            ClientFrame::Login { id, .. }
            | ClientFrame::Heartbeat { id }
            | ClientFrame::RenewToken { id, .. }
            | ClientFrame::Enter { id, .. }
            | ClientFrame::Leave { id, .. }
            | ClientFrame::AmIIn { id, .. }
            | ClientFrame::Members { id, .. }
            | ClientFrame::PeerMessage { id, .. }
            | ClientFrame::RoomMessage { id, .. } => Some(*id),
            ClientFrame::Logout {} | ClientFrame::Got { .. } => None,
        });
        id.expect("a request")
    }

    pub fn deadline(&self) -> Option<Time> {
        crate::node::Node::deadline(&self.sdk).map(|(at, _)| at)
    }

    pub fn forget(&mut self) {
        self.frames.clear();
        self.told.clear();
        self.attempts.clear();
        self.hung_up.clear();
        self.sent.clear();
        self.wires.clear();
    }

    /// The pairs of the state callbacks since they were last asked for, as numbers:
    /// `"3/3"` for the connection, `"r1 1/1"` for a room.
    pub fn pairs(&mut self) -> Vec<String> {
        let pair = |news: News| match news {
            News::Callback(Callback::ConnectionStateChanged { state, event }) => {
                Some(format!("{}/{}", state.number(), event.number()))
            }
            News::Callback(Callback::RoomStateChanged { room, state, event }) => {
                Some(format!("{room} {}/{}", state.number(), event.number()))
            }
            News::Callback(_) | News::Result { .. } => None,
        };
        std::mem::take(&mut self.told).into_iter().filter_map(pair).collect()
    }

    /// The code that a call ended with, if it has ended, and that it ended once.
    pub fn code(&self, call: CallId) -> Option<ErrorCode> {
        let of = |news: &News| match news {
            News::Result { id, code, .. } if *id == call => Some(*code),
            News::Result { .. } | News::Callback(_) => None,
        };
        let codes: Vec<_> = self.told.iter().filter_map(of).collect();
        assert!(codes.len() <= 1, "{call:?} is answered {} times", codes.len());
        codes.first().copied()
    }
}

#[test]
fn a_login_asks_for_what_it_needs_and_tells_of_each_step() {
    let mut bench = Bench::new(|_| ());
    let call = bench.login(Span::from_secs(3600));
    let connecting = (ConnectionState::Connecting, ConnectionEvent::ActiveLogin);
    assert_eq!(bench.pairs(), [format!("{}/{}", connecting.0.number(), connecting.1.number())]);
    bench.accept();
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    assert_eq!(bench.pairs(), ["2/0"]);
    assert!(matches!(bench.frames[..], [ClientFrame::Login { resume: None, .. }]));
}

#[test]
fn a_room_callback_and_a_result_come_with_the_answer() {
    let mut bench = Bench::online(|_| ());
    let call = bench.enter("r1");
    assert_eq!(bench.code(call), None);
    bench.answer(ErrorCode::SUCCESS);
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    let (state, event) = (RoomState::Connected, RoomEvent::Success);
    let last = format!("r1 {}/{}", state.number(), event.number());
    assert_eq!(bench.pairs(), ["r1 1/6".to_owned(), last]);
}

#[test]
fn a_trace_names_the_states() {
    let mut sdk =
        Sdk::new(Arc::new(Params::default()), Seed(1).stream("x"), 0, Store::default(), true);
    let mut states = Vec::new();
    let user = "alice".into();
    let token = Token::mint(&user, Wall::from_ms(1));
    let device = "phone".into();
    let call = Call::Login { user, device, platform: Platform::Web, token };
    step(&mut sdk, Now::exact(Time::ZERO), Input::Act((CallId(0), call)), |output| {
        if let Output::Note(Event::Wire(Wire::State { from, to })) = output {
            states.push((from, to));
        }
    });
    assert_eq!(states, [("fresh", "logging in")]);
}

#[test]
fn a_trace_tells_what_is_ignored_and_in_which_state() {
    let mut bench = Bench::new(|_| ());
    let conn = ConnId(9);
    for input in [
        Input::Opened(conn),
        Input::Bytes(conn, Vec::new()),
        Input::Closed(conn, CloseCause::Reset),
        Input::Timer,
        Input::NetworkUp,
        Input::NetworkDown,
        Input::Resumed,
    ] {
        bench.feed(input);
    }
    bench.login(Span::from_secs(3600));
    bench.feed(Input::WallClockJumped);
    bench.accept();
    bench.feed(Input::NetworkUp);
    bench.call(Call::Logout);
    bench.feed(Input::Timer);
    bench.login(Span::from_secs(3600));
    bench.accept();
    bench.push(&ServerFrame::Ended { cause: SessionEnd::KickedOut });
    bench.feed(Input::Timer);
    let ignored = bench.wires.iter().filter_map(|wire| match wire {
        Wire::Ignored(what) => Some(what.as_str()),
        _ => None,
    });
    let expected = [
        "opened while fresh",
        "bytes while fresh",
        "closed while fresh",
        "timer while fresh",
        "network up while fresh",
        "network down while fresh",
        "resumed while fresh",
        "wall clock jumped while dialling",
        "network up while online",
        "timer while logged out",
        "timer while ended",
    ];
    assert_eq!(ignored.collect::<Vec<_>>(), expected);
}

#[test]
fn a_trace_counts_the_attempts() {
    let mut bench = Bench::new(|_| ());
    bench.login(Span::from_secs(3600));
    bench.close(CloseCause::Refused);
    bench.at(1_000).close(CloseCause::Refused);
    bench.at(3_000);
    let number = |wire: &Wire| match wire {
        Wire::Attempt { number, .. } => Some(*number),
        _ => None,
    };
    let numbers: Vec<_> = bench.wires.iter().filter_map(number).collect();
    assert_eq!(numbers, [0, 1, 2]);
}
