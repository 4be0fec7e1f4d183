//! Who is logged in, who is offline, who has to go.

use super::bench::Bench;
use crate::node::{Input, Node};
use crate::param::TokenClock;
use crate::protocol::{ClientFrame, EnterHow, ServerFrame, SessionEnd, SessionRef, Standing};
use crate::record::{AdminAct, CloseCause, ServerFact, Victim};
use crate::server::Server;
use crate::time::{Now, Span, Time, Wall};
use crate::zim::{ErrorCode, Platform, Token};
use std::collections::BTreeMap;
use std::sync::Arc;

#[test]
fn only_a_login_is_heard_on_a_new_connection_and_only_once() {
    let mut bench = Bench::new(|_| ());
    let conn = bench.open();
    bench.heartbeat(conn);
    assert_eq!(bench.closed, [conn]);
    let (conn, _) = bench.login("alice", "phone");
    bench.login_on(conn, "alice", "phone", None);
    assert!(bench.closed.contains(&conn));
    let said = ["expected a login, got heartbeat", "a second login on one connection"];
    assert_eq!(bench.misbehaved, said);
}

#[test]
fn a_second_login_while_the_first_waits_in_line_ends_the_connection() {
    let mut bench = Bench::new(|p| p.login_server_time = Span::from_secs(1));
    let conn = bench.open();
    bench.login_on(conn, "alice", "phone", None);
    bench.login_on(conn, "alice", "phone", None);
    assert_eq!(bench.closed, [conn]);
    assert_eq!(bench.misbehaved, ["a second login before the first was answered"]);
    bench.at(5);
    assert_eq!(bench.facts, [], "neither is worked on");
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
        if tablet_first {
            // Its login is the answer; it has no session that could be ended.
            let kicked = (ErrorCode::USER_IS_NOT_LOGGED, Some(SessionEnd::KickedOut));
            assert_eq!(bench.refusal(conns["phone"]), Some(kicked));
            assert!(!bench.has(conns["phone"], &ended));
        } else {
            assert!(bench.has(conns["phone"], &ended));
        }
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
fn a_kick_reaches_the_client_that_still_comes_back_to_a_session_of_another_server() {
    let mut bench = Bench::new(|_| ());
    // No number of this server's: one that has lost its memory made it.
    let forgotten = SessionRef { id: 77, since: 5 };
    let first = bench.come_back("alice", "phone", forgotten);
    let again = bench.come_back("alice", "phone", forgotten);
    assert!(bench.welcome(first).is_some() && bench.welcome(again).is_some(), "as often as asked");
    bench.feed(Input::Act(AdminAct::KickUser { user: "alice".into() }));
    let refused = bench.come_back("alice", "phone", forgotten);
    let ended = Some(SessionEnd::KickedOut);
    assert_eq!(bench.refusal(refused), Some((ErrorCode::USER_IS_NOT_LOGGED, ended)));
    // A login of the user's own is another session.
    let (anew, _) = bench.login("alice", "phone");
    assert!(bench.welcome(anew).is_some());
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
    let alice = Victim { user: "alice".into(), device: "phone".into() };
    assert_eq!(bench.victims, [alice.clone(), alice], "put out of the room, then kicked");
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
fn a_token_that_lives_just_long_enough_is_taken() {
    let mut bench = Bench::new(|p| p.token_min_life = Span::from_secs(30));
    let of = |ms| Token::mint(&"alice".into(), Wall::from_ms(ms));
    let short = bench.open();
    bench.login_with(short, of(29_999), ("alice", "phone"), None);
    assert_eq!(bench.refusal(short), Some((ErrorCode::TOKEN_TIME_IS_TOO_SHORT, None)));
    let conn = bench.open();
    bench.login_with(conn, of(30_000), ("alice", "phone"), None);
    assert!(bench.welcome(conn).is_some());
    let mut renew = |ms| {
        let id = bench.send(conn, |id| ClientFrame::RenewToken { id, token: of(ms) });
        bench.code(conn, id)
    };
    assert_eq!(renew(29_999), ErrorCode::TOKEN_TIME_IS_TOO_SHORT);
    assert_eq!(renew(30_000), ErrorCode::SUCCESS);
}

#[test]
fn a_connection_that_closes_takes_its_user_offline_at_once() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.feed(Input::Closed(bob, CloseCause::Reset));
    let offline = ServerFact::UserOffline { user: "bob".into(), device: "phone".into() };
    assert_eq!(bench.facts.last(), Some(&offline));
    let before = bench.frames(bob).len();
    let (to, text) = ("bob".into(), "hello".into());
    bench.send(alice, |id| ClientFrame::PeerMessage { id, to, text, key: 1 });
    assert_eq!(bench.frames(bob).len(), before, "nothing is sent on a closed connection");
}

#[test]
fn a_deadline_says_what_for() {
    let mut bench = Bench::new(|p| p.room_destroy_delay = Span::from_secs(1));
    let (alice, _) = bench.login("alice", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    bench.send(alice, |id| ClientFrame::Leave { id, room: "r1".into() });
    let mut timers = Vec::new();
    while let Some((at, timer)) = bench.server.deadline() {
        bench.at(at.ms() / 1000);
        timers.push((at.ms() / 1000, timer));
    }
    let expected = [
        (1, "empty room"),
        (30, "login wait"),
        (35, "user silence"),
        (90, "room heartbeat"),
        (3600, "token end"),
    ];
    assert_eq!(timers, expected);
}

#[test]
fn a_calendar_clock_that_is_set_moves_the_tokens_end() {
    let mut bench = Bench::new(|p| p.user_offline_after = Span::from_secs(7200));
    let (conn, _) = bench.login("alice", "phone");
    bench.at(10);
    bench.wall_ahead = 3_000_000;
    bench.feed(Input::WallClockJumped);
    let ended = ServerFrame::Ended { cause: SessionEnd::TokenExpired };
    bench.at(599);
    assert!(!bench.has(conn, &ended));
    bench.at(600);
    assert!(bench.has(conn, &ended));
}

#[test]
fn a_logout_tells_by_the_tokens_end_whether_the_user_left_or_had_to() {
    let ended = |bench: &Bench| match bench.facts.last() {
        Some(ServerFact::SessionEnded { cause, .. }) => *cause,
        other => panic!("{other:?}"),
    };
    for (secs, cause) in [(3599, None), (3600, Some(SessionEnd::TokenExpired))] {
        let mut bench = Bench::new(|p| p.user_offline_after = Span::from_secs(7200));
        let (conn, _) = bench.login("alice", "phone");
        bench.at(secs);
        bench.send(conn, |_| ClientFrame::Logout {});
        assert_eq!(ended(&bench), cause);
    }
}
