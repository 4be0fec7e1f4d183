//! The server in its own terms: frames in, frames out, no network.

use super::{Memory, Server};
use crate::node::{Input, Node, Output, step};
use crate::param::{Params, TokenClock};
use crate::protocol::{
    Channel, ClientFrame, EnterHow, RequestId, RoomEnd, ServerFrame, SessionEnd, SessionRef,
    Standing,
};
use crate::record::{AdminAct, CloseCause, ConnId, Event, ServerFact};
use crate::rng::Seed;
use crate::time::{Now, Span, Time, Wall};
use crate::zim::{ErrorCode, Platform, Token};
use std::collections::BTreeMap;
use std::sync::Arc;

const SUCCESS: ErrorCode = ErrorCode::SUCCESS;

/// A server on a bench, with clients that are a [`Channel`] each.
struct Bench {
    server: Server,
    params: Arc<Params>,
    now: Time,
    clients: BTreeMap<ConnId, Channel<ServerFrame>>,
    next_conn: u32,
    next_request: u32,
    got: Vec<(ConnId, ServerFrame)>,
    closed: Vec<ConnId>,
    facts: Vec<ServerFact>,
    admin_hits: Vec<bool>,
}

impl Bench {
    fn new(set: impl FnOnce(&mut Params)) -> Bench {
        let mut params = Params::default();
        set(&mut params);
        let params = Arc::new(params);
        let now = Now::exact(Time::ZERO);
        Bench {
            server: Server::start(Arc::clone(&params), Memory::new(0), now, false),
            params,
            now: Time::ZERO,
            clients: BTreeMap::new(),
            next_conn: 0,
            next_request: 0,
            got: Vec::new(),
            closed: Vec::new(),
            facts: Vec::new(),
            admin_hits: Vec::new(),
        }
    }

    fn at(&mut self, secs: u64) -> &mut Bench {
        let until = Time::from_ms(secs * 1000);
        while let Some((at, _)) = self.server.deadline().filter(|(at, _)| *at <= until) {
            self.now = at.max(self.now);
            self.feed(Input::Timer);
        }
        self.now = until;
        self
    }

    fn feed(&mut self, input: Input<AdminAct>) {
        let mut outputs = Vec::new();
        step(&mut self.server, Now::exact(self.now), input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Send(conn, bytes) => {
                    let client = self.clients.get_mut(&conn).expect("an open connection");
                    let received = client.receive(&bytes).expect("a server keeps to the protocol");
                    self.got.extend(received.frames.into_iter().map(|frame| (conn, frame)));
                }
                Output::Finish(conn) | Output::Abort(conn) => self.closed.push(conn),
                Output::Note(Event::Server(fact)) => self.facts.push(fact),
                Output::Note(Event::Admin { hit, .. }) => self.admin_hits.push(hit),
                Output::Note(_) => {}
                Output::Connect(..) => panic!("a server connects nowhere"),
                Output::Up(never) => match never {},
            }
        }
    }

    fn open(&mut self) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        let mut client = Channel::client(Seed(1).stream("bench"), "zim-server");
        let upgrade = client.open();
        self.clients.insert(conn, client);
        self.feed(Input::Opened(conn));
        self.feed(Input::Bytes(conn, upgrade));
        conn
    }

    fn send(&mut self, conn: ConnId, frame: impl FnOnce(RequestId) -> ClientFrame) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        let client = self.clients.get_mut(&conn).expect("an open connection");
        let bytes = client.encode(&frame(id));
        self.feed(Input::Bytes(conn, bytes));
        id
    }

    fn login_on(&mut self, conn: ConnId, user: &str, device: &str, resume: Option<SessionRef>) {
        let user = user.into();
        let token = Token::mint(&user, Wall::from_ms(3_600_000));
        let device = device.into();
        let platform = Platform::Android;
        self.send(conn, |id| ClientFrame::Login {
            id,
            user,
            device,
            platform,
            token,
            resume,
            renewed: false,
        });
    }

    /// Logs in, and is welcome.
    fn login(&mut self, user: &str, device: &str) -> (ConnId, SessionRef) {
        let conn = self.open();
        self.login_on(conn, user, device, None);
        (conn, self.welcome(conn).expect("welcome"))
    }

    fn come_back(&mut self, user: &str, device: &str, session: SessionRef) -> ConnId {
        let conn = self.open();
        self.login_on(conn, user, device, Some(session));
        conn
    }

    fn welcome(&self, conn: ConnId) -> Option<SessionRef> {
        self.frames(conn).iter().find_map(|frame| match frame {
            ServerFrame::Welcome { session, .. } => Some(*session),
            _ => None,
        })
    }

    /// Why a login on this connection was refused.
    fn refusal(&self, conn: ConnId) -> Option<(ErrorCode, Option<SessionEnd>)> {
        self.frames(conn).iter().find_map(|frame| match frame {
            ServerFrame::Refused { code, ended, .. } => Some((*code, *ended)),
            _ => None,
        })
    }

    fn enter(&mut self, conn: ConnId, room: &str, how: EnterHow) -> ErrorCode {
        let id = self.send(conn, |id| ClientFrame::Enter { id, room: room.into(), how });
        self.code(conn, id)
    }

    fn code(&self, conn: ConnId, request: RequestId) -> ErrorCode {
        let code = self.frames(conn).into_iter().find_map(|frame| match frame {
            ServerFrame::Done { id, code } if id == request => Some(code),
            _ => None,
        });
        code.expect("an answer")
    }

    fn standing(&mut self, conn: ConnId, room: &str) -> Standing {
        let asked = self.send(conn, |id| ClientFrame::AmIIn { id, room: room.into() });
        let standing = self.frames(conn).into_iter().find_map(|frame| match frame {
            ServerFrame::Standing { id, standing } if id == asked => Some(standing),
            _ => None,
        });
        standing.expect("an answer")
    }

    fn frames(&self, conn: ConnId) -> Vec<ServerFrame> {
        self.got.iter().filter(|(to, _)| *to == conn).map(|(_, frame)| frame.clone()).collect()
    }

    fn heartbeat(&mut self, conn: ConnId) {
        self.send(conn, |id| ClientFrame::Heartbeat { id });
    }

    fn has(&self, conn: ConnId, frame: &ServerFrame) -> bool {
        self.frames(conn).contains(frame)
    }
}

#[test]
fn only_a_login_is_heard_on_a_new_connection_and_only_once() {
    let mut bench = Bench::new(|_| ());
    let conn = bench.open();
    bench.heartbeat(conn);
    assert_eq!(bench.closed, [conn]);
    let (conn, _) = bench.login("alice", "phone");
    bench.login_on(conn, "alice", "phone", None);
    assert!(bench.closed.contains(&conn));
}

#[test]
fn nonsense_ends_its_connection_and_no_other() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.feed(Input::Bytes(alice, vec![0xff; 100]));
    bench.feed(Input::Bytes(alice, vec![0xff; 100]));
    assert_eq!(bench.closed, [alice]);
    bench.heartbeat(bob);
    assert!(matches!(bench.frames(bob).last(), Some(ServerFrame::Alive { .. })));
}

#[test]
fn a_connection_on_which_nobody_logs_in_is_dropped() {
    let mut bench = Bench::new(|_| ());
    let idle = bench.open();
    let (used, _) = bench.login("alice", "phone");
    bench.at(29);
    assert_eq!(bench.closed, []);
    bench.at(30);
    assert_eq!(bench.closed, [idle]);
    assert_ne!(used, idle);
}

#[test]
fn a_silent_user_is_offline_after_35_s_and_its_connection_is_dropped() {
    let mut bench = Bench::new(|_| ());
    let (conn, _) = bench.login("alice", "phone");
    bench.at(20).heartbeat(conn);
    bench.at(54);
    assert_eq!(bench.closed, []);
    bench.at(55);
    assert_eq!(bench.closed, [conn]);
    let offline = |fact: &ServerFact| matches!(fact, ServerFact::UserOffline { .. });
    assert_eq!(bench.facts.iter().filter(|fact| offline(fact)).count(), 1);
}

#[test]
fn a_silent_member_is_out_of_its_room_after_the_room_heartbeat() {
    let mut bench = Bench::new(|_| ());
    let (alice, session) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    assert_eq!(bench.enter(alice, "r1", EnterHow::Create), SUCCESS);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
    bench.at(10).heartbeat(alice);
    for secs in [30, 60, 90] {
        bench.at(secs).heartbeat(bob);
    }
    let left = ServerFrame::MemberLeft { room: "r1".into(), member: "alice".into() };
    bench.at(99);
    assert!(!bench.has(bob, &left));
    bench.at(100);
    assert!(bench.has(bob, &left));
    let conn = bench.come_back("alice", "phone", session);
    assert_eq!(bench.standing(conn, "r1"), Standing::TimedOut);
    assert_eq!(bench.enter(conn, "r1", EnterHow::Enter), SUCCESS);
    assert_eq!(bench.standing(conn, "r1"), Standing::In);
}

#[test]
fn a_room_heartbeat_shorter_than_the_heartbeat_puts_out_whoever_is_connected() {
    let mut bench = Bench::new(|p| p.room_heartbeat_timeout = Span::from_secs(5));
    let (alice, _) = bench.login("alice", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    bench.at(5);
    let cause = RoomEnd::TimedOut;
    assert!(bench.has(alice, &ServerFrame::RoomEnded { room: "r1".into(), cause }));
}

#[test]
fn an_empty_room_is_destroyed_after_its_delay_unless_somebody_comes() {
    let mut bench = Bench::new(|p| p.room_destroy_delay = Span::from_secs(10));
    let (alice, _) = bench.login("alice", "phone");
    let leave = |id| ClientFrame::Leave { id, room: "r1".into() };
    bench.enter(alice, "r1", EnterHow::Create);
    bench.send(alice, leave);
    bench.at(9);
    assert_eq!(bench.enter(alice, "r1", EnterHow::Join), SUCCESS);
    bench.at(20);
    assert_eq!(bench.standing(alice, "r1"), Standing::In);
    bench.send(alice, leave);
    bench.at(29);
    assert_eq!(bench.standing(alice, "r1"), Standing::Out);
    bench.at(30);
    assert_eq!(bench.standing(alice, "r1"), Standing::Gone);
}

#[test]
fn rooms_are_limited_for_users_and_for_the_application() {
    let mut bench = Bench::new(|p| {
        p.room_max_per_app = 3;
        p.room_max_per_user = 2;
    });
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    assert_eq!(bench.enter(alice, "r1", EnterHow::Create), SUCCESS);
    assert_eq!(bench.enter(alice, "r2", EnterHow::Enter), SUCCESS);
    assert_eq!(
        bench.enter(alice, "r3", EnterHow::Enter),
        ErrorCode::THE_NUMBER_OF_JOINED_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(bench.enter(bob, "r3", EnterHow::Create), SUCCESS);
    assert_eq!(
        bench.enter(bob, "r4", EnterHow::Create),
        ErrorCode::THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(
        bench.enter(bob, "r4", EnterHow::Enter),
        ErrorCode::THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
}

#[test]
fn entering_twice_does_no_harm_and_tells_nobody_twice() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Enter), SUCCESS);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Create), ErrorCode::THE_ROOM_ALREADY_EXISTS);
    let joined = |frame: &ServerFrame| matches!(frame, ServerFrame::MemberJoined { .. });
    assert_eq!(bench.frames(alice).iter().filter(|frame| joined(frame)).count(), 1);
}

#[test]
fn the_earliest_login_goes_and_learns_of_it_when_it_comes_back() {
    let mut bench = Bench::new(|_| ());
    let (phone, session) = bench.login("alice", "phone");
    bench.enter(phone, "r1", EnterHow::Create);
    bench.feed(Input::Closed(phone, CloseCause::Reset));
    bench.at(1);
    let (tablet, _) = bench.login("alice", "tablet");
    let back = bench.come_back("alice", "phone", session);
    let kicked = (ErrorCode::USER_IS_NOT_LOGGED, Some(SessionEnd::KickedOut));
    assert_eq!(bench.refusal(back), Some(kicked));
    // And a second time, though nothing more is known of it than its end.
    let again = bench.come_back("alice", "phone", session);
    assert_eq!(bench.refusal(again), Some(kicked));
    bench.heartbeat(tablet);
    assert!(matches!(bench.frames(tablet).last(), Some(ServerFrame::Alive { .. })));
}

#[test]
fn one_who_is_there_is_told_before_the_connection_closes() {
    let mut bench = Bench::new(|_| ());
    let (phone, _) = bench.login("alice", "phone");
    bench.at(1);
    bench.login("alice", "tablet");
    assert!(bench.has(phone, &ServerFrame::Ended { cause: SessionEnd::KickedOut }));
    assert_eq!(bench.closed, [phone]);
}

#[test]
fn a_server_that_lost_its_memory_still_knows_the_earlier_login_by_its_stamp() {
    for tablet_first in [true, false] {
        let mut bench = Bench::new(|_| ());
        let (_, phone) = bench.login("alice", "phone");
        bench.at(5);
        let (_, tablet) = bench.login("alice", "tablet");
        let memory = bench.server.memory.lost(1);
        let now = Now::exact(bench.now);
        bench.server = Server::start(Arc::clone(&bench.params), memory, now, false);
        let order = [("tablet", tablet), ("phone", phone)];
        let order = if tablet_first { order } else { [order[1], order[0]] };
        let conns: BTreeMap<_, _> =
            order.map(|(device, s)| (device, bench.come_back("alice", device, s))).into();
        assert!(bench.welcome(conns["tablet"]).is_some());
        let ended = ServerFrame::Ended { cause: SessionEnd::KickedOut };
        let told = bench.refusal(conns["phone"]).is_some() || bench.has(conns["phone"], &ended);
        assert!(told, "the phone stays although the tablet's login is later");
    }
}

#[test]
fn a_restart_that_keeps_the_memory_forgives_its_own_absence() {
    let mut bench = Bench::new(|_| ());
    let (conn, session) = bench.login("alice", "phone");
    bench.enter(conn, "r1", EnterHow::Create);
    let memory = bench.server.memory.clone();
    bench.now = Time::from_ms(600_000);
    let now = Now::exact(bench.now);
    bench.server = Server::start(Arc::clone(&bench.params), memory, now, false);
    bench.at(630);
    let back = bench.come_back("alice", "phone", session);
    assert_eq!(bench.welcome(back), Some(session));
    assert_eq!(bench.standing(back, "r1"), Standing::In);
}

#[test]
fn a_device_that_logs_in_anew_replaces_its_own_session_without_a_kick() {
    let mut bench = Bench::new(|p| p.login_multi_device = true);
    let (first, _) = bench.login("alice", "phone");
    bench.login("alice", "phone");
    let kicked = ServerFrame::Ended { cause: SessionEnd::KickedOut };
    assert!(!bench.has(first, &kicked));
    assert_eq!(bench.closed, [first]);
    let kicked =
        |fact: &ServerFact| matches!(fact, ServerFact::SessionEnded { cause: Some(_), .. });
    assert!(!bench.facts.iter().any(kicked));
}

#[test]
fn a_session_belongs_to_its_user_and_device() {
    let mut bench = Bench::new(|p| p.login_multi_device = true);
    let (conn, session) = bench.login("alice", "phone");
    bench.enter(conn, "r1", EnterHow::Create);
    let stranger = bench.come_back("mallory", "phone", session);
    assert_ne!(bench.welcome(stranger).map(|s| s.id), Some(session.id));
    assert_ne!(bench.standing(stranger, "r1"), Standing::In);
}

#[test]
fn peer_messages_are_pushed_again_until_they_are_confirmed() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, session) = bench.login("bob", "phone");
    for (key, text) in [(1, "one"), (2, "two"), (2, "two")] {
        let text = text.to_owned();
        bench.send(alice, |id| ClientFrame::PeerMessage { id, to: "bob".into(), text, key });
    }
    bench.send(bob, |_| ClientFrame::Got { upto: 1 });
    bench.at(1);
    let back = bench.come_back("bob", "phone", session);
    let messages: Vec<_> = bench
        .frames(back)
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::PeerMessage { number, text, offline, .. } => Some((number, text, offline)),
            _ => None,
        })
        .collect();
    assert_eq!(messages, [(2, "two".into(), true)]);
}

#[test]
fn a_confirmation_of_what_was_never_sent_is_no_promise() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.send(alice, |id| ClientFrame::PeerMessage {
        id,
        to: "bob".into(),
        text: "1".into(),
        key: 2,
    });
    bench.send(bob, |_| ClientFrame::Got { upto: 1_000_000 });
    bench.send(alice, |id| ClientFrame::PeerMessage {
        id,
        to: "bob".into(),
        text: "2".into(),
        key: 3,
    });
    bench.at(1);
    bench.feed(Input::Closed(bob, CloseCause::Reset));
    let (bob, _) = bench.login("bob", "phone");
    let second = |frame: &ServerFrame| {
        matches!(frame, ServerFrame::PeerMessage { number: 2, offline: true, .. })
    };
    assert!(bench.frames(bob).iter().any(second));
}

#[test]
fn a_token_that_runs_out_ends_a_connected_session_by_the_servers_clock() {
    let mut bench = Bench::new(|p| {
        p.token_clock = TokenClock::Server;
        p.user_offline_after = Span::from_secs(7200);
    });
    let (conn, session) = bench.login("alice", "phone");
    bench.at(3599);
    assert_eq!(bench.closed, []);
    bench.at(3600);
    assert!(bench.has(conn, &ServerFrame::Ended { cause: SessionEnd::TokenExpired }));
    // With a better token the user is let in again, as the session it was.
    let conn = bench.open();
    let token = Token::mint(&"alice".into(), Wall::from_ms(9_000_000));
    bench.send(conn, |id| ClientFrame::Login {
        id,
        user: "alice".into(),
        device: "phone".into(),
        platform: Platform::Android,
        token,
        resume: Some(session),
        renewed: false,
    });
    assert_eq!(bench.welcome(conn).map(|s| s.since), Some(session.since));
}

#[test]
fn an_administrator_is_told_whether_there_was_anything_to_do() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    let (r1, r2) = (|| "r1".into(), || "r2".into());
    for act in [
        AdminAct::DestroyRoom { room: r2() },
        AdminAct::KickFromRoom { room: r1(), user: "bob".into() },
        AdminAct::KickFromRoom { room: r1(), user: "alice".into() },
        AdminAct::KickUser { user: "bob".into() },
        AdminAct::KickUser { user: "alice".into() },
        AdminAct::Unregister { user: "carol".into() },
        AdminAct::Unregister { user: "alice".into() },
    ] {
        bench.feed(Input::Act(act));
    }
    assert_eq!(bench.admin_hits, [false, false, true, false, true, false, true]);
    let conn = bench.open();
    bench.login_on(conn, "alice", "phone", None);
    assert_eq!(bench.refusal(conn), Some((ErrorCode::COMMON_ERROR, None)));
}

#[test]
fn a_return_drops_the_connection_it_replaces() {
    let mut bench = Bench::new(|_| ());
    let (old, session) = bench.login("alice", "phone");
    bench.at(31);
    let new = bench.come_back("alice", "phone", session);
    assert_eq!(bench.closed, [old]);
    bench.heartbeat(new);
    assert!(matches!(bench.frames(new).last(), Some(ServerFrame::Alive { .. })));
}

#[test]
fn a_login_ends_a_session_that_has_long_been_offline() {
    let mut bench = Bench::new(|_| ());
    let (_, phone) = bench.login("alice", "phone");
    bench.at(100);
    let (tablet, _) = bench.login("alice", "tablet");
    bench.send(tablet, |_| ClientFrame::Logout {});
    let back = bench.come_back("alice", "phone", phone);
    let kicked = (ErrorCode::USER_IS_NOT_LOGGED, Some(SessionEnd::KickedOut));
    assert_eq!(bench.refusal(back), Some(kicked));
}

#[test]
fn a_token_that_a_renewal_brings_must_live_long_enough_also_after_a_break() {
    let mut bench = Bench::new(|p| p.token_min_life = Span::from_secs(30));
    let (_, session) = bench.login("alice", "phone");
    let token = Token::mint(&"alice".into(), Wall::from_ms(20_000));
    let mut back = |renewed| {
        let conn = bench.open();
        let token = token.clone();
        bench.send(conn, |id| ClientFrame::Login {
            id,
            user: "alice".into(),
            device: "phone".into(),
            platform: Platform::Android,
            token,
            resume: Some(session),
            renewed,
        });
        bench.refusal(conn).map(|(code, _)| code)
    };
    assert_eq!(back(true), Some(ErrorCode::TOKEN_TIME_IS_TOO_SHORT));
    assert_eq!(back(false), None);
}

#[test]
fn a_process_without_memory_reuses_no_message_number_and_forgets_no_account() {
    let mut bench = Bench::new(|_| ());
    bench.login("alice", "phone");
    bench.feed(Input::Act(AdminAct::Unregister { user: "mallory".into() }));
    let memory = bench.server.memory.lost(1);
    let now = Now::exact(bench.now);
    bench.server = Server::start(Arc::clone(&bench.params), memory, now, false);
    let conn = bench.open();
    bench.login_on(conn, "mallory", "phone", None);
    assert_eq!(bench.refusal(conn), Some((ErrorCode::COMMON_ERROR, None)));
    let (bob, _) = bench.login("bob", "phone");
    let (to, text) = ("alice".into(), "hello".into());
    let sent = bench.send(bob, |id| ClientFrame::PeerMessage { id, to, text, key: 1 });
    assert_eq!(bench.code(bob, sent), SUCCESS, "alice's account is known");
    let (alice, _) = bench.login("alice", "phone");
    let fresh = |frame: &ServerFrame| match frame {
        ServerFrame::PeerMessage { number, .. } => *number > u64::from(u32::MAX),
        _ => false,
    };
    assert!(bench.frames(alice).iter().any(fresh));
}
