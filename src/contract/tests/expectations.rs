//! What fails a scenario besides a contradicted row.

use crate::contract::bench::{ALICE, Bench, QUERY, query};
use crate::record::{AdminAct, ConnId, Event, Origin, Who, Wire};
use crate::scenario::{ExpectedResult, PlannedAdmin, Watched};
use crate::time::Time;
use crate::zim::{
    CallId, CallKind, Callback, ConnectionState, ErrorCode, Pair, Pattern, RoomState,
};

const NEVER: u64 = 10_000_000;
const NOTHING: [&str; 0] = [];

fn lost() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    bench.attempts(ALICE, &[28_000, 60_000, 100_000, 150_000]);
    bench
}

fn row(row: &str) -> Watched {
    Watched::Row { row: row.into(), room: None }
}

fn room_state(state: RoomState) -> Watched {
    Watched::Callback(Pattern {
        room_state: Some(Pair { state: Some(state), event: None }),
        room: Some("r1".into()),
        ..Pattern::default()
    })
}

#[test]
fn an_expected_row_must_be_held_within_its_window() {
    let mut bench = lost();
    bench.expect(ALICE, row("4.T0"), 20_000, 27_000);
    assert_eq!(bench.failures(), NOTHING);
    assert_eq!(bench.report().met, [Some(Time::from_ms(27_000))]);
    bench.expect(ALICE, row("4.T0"), 27_001, 30_000);
    let late = "expected that, never seen from 27.001 to 30.000; the row was exercised at 27.000";
    assert_eq!(bench.failures(), [late]);
    let mut bench = lost();
    bench.expect(ALICE, row("4.T2.restored"), 20_000, 60_000);
    let near = "expected that, never seen; the room's states from 20.000 to 60.000: \
                r1 1/1 at 27.000";
    assert_eq!(bench.failures(), [near]);
}

#[test]
fn an_expected_row_that_is_contradicted_is_not_met() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(190_000, ALICE, (3, 2));
    bench.expect(ALICE, row("1.reconnecting"), 0, 200_000);
    let why = "RECONNECTING/LOGIN_TIMEOUT (3/2)";
    assert_eq!(
        bench.failures(),
        [
            format!("alice: row 1.reconnecting contradicted: {why}"),
            format!("expected that, contradicted at 190.000: {why}"),
        ]
    );
}

#[test]
fn an_expected_row_is_looked_for_in_its_room() {
    let mut bench = lost();
    let other = Watched::Row { row: "4.T0".into(), room: Some("r2".into()) };
    bench.expect(ALICE, other, 0, 200_000);
    assert_eq!(bench.report().met, [None]);
    let near = "expected that, never seen; the room's states from 0.000 to 200.000: none";
    assert_eq!(bench.failures(), [near]);
    let mut bench = lost();
    let own = Watched::Row { row: "4.T0".into(), room: Some("r1".into()) };
    bench.expect(ALICE, own, 30_000, 200_000);
    let late = "expected that, never seen from 30.000 to 200.000; the row was exercised at 27.000";
    assert_eq!(bench.failures(), [late]);
}

#[test]
fn what_is_nearest_to_a_row_depends_on_its_scene() {
    let near = |what: &str| {
        let mut bench = lost();
        bench.expect(ALICE, row(what), 0, 30_000);
        let [failure] = bench.failures().try_into().expect("one failure");
        failure.strip_prefix("expected that, never seen; ").expect("the nearest").to_owned()
    };
    assert_eq!(near("3.will-expire"), "the warnings from 0.000 to 30.000: none");
    let states = "the connection's states from 0.000 to 30.000: \
                  1/1 at 0.000, 2/0 at 0.060, 3/3 at 27.000";
    assert_eq!(near("1.gave-up"), states);
}

#[test]
fn callbacks_of_the_same_name_are_nearest_with_what_they_say() {
    let near = |pattern: Pattern| {
        let mut bench = Bench::alice();
        let mut hears = |at, callback| {
            bench.put(at, Who::Client(ALICE), Event::Callback(callback));
        };
        let (room, from, text) = (|| "r1".into(), || "bob".into(), || "hi".into());
        let members = || vec!["bob".into(), "carol".into()];
        hears(1_000, Callback::RoomMemberJoined { room: room(), members: members() });
        hears(2_000, Callback::RoomMemberLeft { room: room(), members: members() });
        let (from_bob, hi) = (from(), text());
        hears(3_000, Callback::PeerMessageReceived { from: from_bob, text: hi, offline: false });
        hears(4_000, Callback::RoomMessageReceived { room: room(), from: from(), text: text() });
        bench.connection(5_000, ALICE, (1, 1));
        bench.expect(ALICE, Watched::Callback(pattern), 0, 30_000);
        let failure = bench.failures().pop().expect("a failure");
        let near = failure.strip_prefix("expected that, never seen; ").expect("the nearest");
        near.replace(" from 0.000 to 30.000", "")
    };
    let named =
        |name| Pattern { callback: Some(name), text: Some("bye".into()), ..Pattern::default() };
    let message = "such callbacks: onPeerMessageReceived bob: \"hi\" at 3.000";
    assert_eq!(near(named("onPeerMessageReceived")), message);
    let joined = "such callbacks: onRoomMemberJoined bob, carol at 1.000";
    assert_eq!(near(named("onRoomMemberJoined")), joined);
    let all = "such callbacks: onRoomMemberJoined bob, carol at 1.000, \
               onRoomMemberLeft bob, carol at 2.000, onPeerMessageReceived bob: \"hi\" at 3.000, \
               onRoomMessageReceived bob: \"hi\" at 4.000, onConnectionStateChanged at 5.000";
    assert_eq!(near(Pattern { text: Some("bye".into()), ..Pattern::default() }), all);
    let state = Some(Pair { state: Some(ConnectionState::Connected), event: None });
    let connection = Pattern { connection: state, ..Pattern::default() };
    assert_eq!(near(connection), "the connection's states: 1/1 at 5.000");
}

#[test]
fn at_most_six_of_the_nearest_are_named() {
    let near = |shown: u64| {
        let mut bench = lost();
        for place in 1..=shown {
            let text = place.to_string();
            bench.put(place * 1_000, Who::Client(ALICE), Event::Shown { text });
        }
        bench.expect(ALICE, Watched::Shown("nothing".into()), 0, 30_000);
        bench.failures().concat()
    };
    assert!(near(6).ends_with("\"5\" at 5.000, \"6\" at 6.000"), "{}", near(6));
    assert!(near(8).ends_with("\"6\" at 6.000, and 2 more"), "{}", near(8));
}

#[test]
fn of_many_clients_the_first_who_did_not_see_it_is_named() {
    let failures = |least| {
        let mut bench = Bench::new(&["alice", "bob", "carol"]);
        let text = "hello".to_owned();
        bench.put(5_000, Who::Client(ALICE), Event::Shown { text: text.clone() });
        bench.expect(ALICE, Watched::Shown(text), 0, 30_000);
        bench.plan.expects[0].clients = 0..3;
        bench.plan.expects[0].least = least;
        bench.failures()
    };
    assert_eq!(failures(1), NOTHING);
    let near = "expected that, never seen; what was shown from 0.000 to 30.000: none by bob; \
                1 of 3 saw it";
    assert_eq!(failures(2), [format!("{near}, 2 were enough")]);
    assert_eq!(failures(3), [near]);
}

#[test]
fn an_expected_callback_is_met_or_the_nearest_are_named() {
    let mut bench = lost();
    bench.expect(ALICE, room_state(RoomState::Connected), 0, 3_000);
    assert_eq!(bench.failures(), NOTHING);
    bench.expect(ALICE, room_state(RoomState::Disconnected), 0, 30_000);
    let near = "expected that, never seen; the room's states from 0.000 to 30.000: \
                1/6 at 2.000, 2/0 at 2.060, 1/1 at 27.000";
    assert_eq!(bench.failures(), [near]);
}

#[test]
fn an_expected_notice_is_met_word_for_word() {
    let mut bench = lost();
    let shows = |text: &str| Event::Shown { text: text.into() };
    bench.put(27_000, Who::Client(ALICE), shows("no network"));
    bench.expect(ALICE, Watched::Shown("no network".into()), 27_000, 27_000);
    assert_eq!(bench.failures(), NOTHING);
    bench.expect(ALICE, Watched::Shown("network".into()), 0, 30_000);
    let near = "expected that, never seen; what was shown from 0.000 to 30.000: \
                \"no network\" at 27.000";
    assert_eq!(bench.failures(), [near]);
}

#[test]
fn a_window_of_one_moment_reads_as_that_moment() {
    let mut bench = lost();
    bench.expect(ALICE, row("4.T2.gone"), 65_000, 65_000);
    bench.plan.expects[0].words = "alice: row 4.T2.gone, within 0s of 65s".into();
    let what = "expected alice: row 4.T2.gone, at 65s, never seen; \
                the room's states from 65.000 to 65.000: none";
    assert_eq!(bench.failures(), [what]);
    bench.plan.expects[0].to = Time::from_ms(66_000);
    assert!(bench.failures()[0].contains("within 0s of 65s"), "not one moment");
}

#[test]
fn what_must_never_be_seen_fails_when_it_is() {
    let mut bench = lost();
    bench.never(ALICE, room_state(RoomState::Disconnected), 0, 200_000);
    bench.never(ALICE, row("4.T2.timeout"), 0, 200_000);
    bench.never(ALICE, room_state(RoomState::Connecting), 3_000, 26_999);
    assert_eq!(bench.failures(), NOTHING);
    bench.never(ALICE, room_state(RoomState::Connecting), 3_000, 27_000);
    bench.never(ALICE, row("4.T0"), 0, 200_000);
    let seen = "must never be seen, but was at 27.000: that";
    assert_eq!(bench.failures(), [seen, seen]);
}

fn expected(step: usize, code: Option<ErrorCode>) -> ExpectedResult {
    ExpectedResult {
        client: ALICE,
        origin: Origin::Step(step),
        kind: QUERY,
        at: Time::from_ms(5_000),
        code,
    }
}

#[test]
fn a_scripted_call_must_be_made_and_end_as_the_plan_says() {
    let mut bench = Bench::alice();
    bench.call(5_000, ALICE, query(), Some((5_060, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.plan.results = vec![expected(0, None), expected(0, Some(ErrorCode::USER_IS_NOT_LOGGED))];
    assert_eq!(bench.failures(), NOTHING);
    bench.plan.results = vec![expected(0, Some(ErrorCode::SUCCESS)), expected(1, None)];
    assert_eq!(
        bench.failures(),
        [
            "alice: queryRoomMemberList r1, called at 5.000, ended with 6000121 \
             USER_IS_NOT_LOGGED, expected success",
            "alice: queryRoomMemberList, due at 5.000, was never called",
        ]
    );
}

#[test]
fn a_call_without_a_result_is_pending_and_a_failure_only_if_one_was_expected() {
    let mut bench = Bench::alice();
    bench.call(5_000, ALICE, query(), None);
    assert_eq!(bench.failures(), NOTHING);
    let pending = "alice: queryRoomMemberList r1, called at 5.000, has no result";
    assert_eq!(bench.report().pending, [pending]);
    bench.plan.results = vec![expected(0, None)];
    let unanswered = "alice: queryRoomMemberList r1, called at 5.000, was never answered";
    assert_eq!(bench.failures(), [unanswered]);
}

#[test]
fn a_connection_under_way_at_the_end_is_pending() {
    let mut bench = lost();
    bench.plan.until = Time::from_ms(60_000);
    let expected = [
        "alice: RECONNECTING/LOGIN_INTERRUPTED (3/3) since 27.000",
        "alice: r1 has been CONNECTING/NETWORK_INTERRUPTED (1/1) since 27.000",
    ];
    assert_eq!(bench.report().pending, expected);
}

#[test]
fn a_second_result_or_one_of_another_call_fails() {
    let mut bench = Bench::alice();
    bench.call(5_000, ALICE, query(), Some((5_060, ErrorCode::USER_IS_NOT_LOGGED)));
    let result =
        |kind| Event::Result { id: CallId(0), kind, code: ErrorCode::SUCCESS, members: None };
    bench.put(6_000, Who::Client(ALICE), result(QUERY));
    let twice = "I.one-result  alice: a result of queryRoomMemberList that answers no open call";
    assert_eq!(bench.breaches(), [twice]);
    let mut bench = Bench::alice();
    let called = Event::Called { id: CallId(0), origin: Origin::Policy, call: query() };
    bench.put(5_000, Who::Client(ALICE), called);
    bench.put(6_000, Who::Client(ALICE), result(CallKind::Logout));
    let other = "I.one-result  alice: a result of logout that answers no open call";
    let open = "I.one-result  alice: queryRoomMemberList r1, called at 5.000, still has no result";
    assert_eq!(bench.breaches(), [other, open]);
}

#[test]
fn a_fault_that_hit_nothing_fails_unless_it_may() {
    let mut bench = lost();
    bench.cut("tunnel", ALICE, 12_000, 112_000);
    assert_eq!(bench.failures(), NOTHING);
    bench.without_hits();
    let [missed] = bench.failures().try_into().expect("one failure");
    assert!(missed.starts_with("tunnel: cut alice hit nothing (what counts: a packet"), "{missed}");
    bench.plan.faults[0].may_miss = true;
    assert_eq!(bench.failures(), NOTHING);
}

#[test]
fn an_administrator_who_hit_nothing_fails_unless_they_may() {
    let act = AdminAct::DestroyRoom { room: "r1".into() };
    let mut bench = Bench::alice();
    bench.put(
        9_000,
        Who::Server,
        Event::Admin { act: act.clone(), hit: false, victims: Vec::new() },
    );
    bench.plan.admin = vec![(Time::from_ms(9_000), PlannedAdmin { act, may_miss: false })];
    let missed = "admin destroyRoom r1 hit nothing (what counts: the room exists)";
    assert_eq!(bench.failures(), [missed]);
    bench.plan.admin[0].1.may_miss = true;
    assert_eq!(bench.failures(), NOTHING);
    // Another act of that moment may, or the same at another moment.
    bench.plan.admin[0].1.may_miss = false;
    let destroy = |room: &str| AdminAct::DestroyRoom { room: room.into() };
    for (at, act) in [(9_000, destroy("r2")), (8_000, destroy("r1"))] {
        let mut bench = bench.clone();
        bench.plan.admin.insert(0, (Time::from_ms(at), PlannedAdmin { act, may_miss: true }));
        assert_eq!(bench.failures(), [missed]);
    }
}

#[test]
fn bytes_that_make_no_sense_and_trouble_of_a_host_fail() {
    let mut bench = Bench::alice();
    let wire = Wire::Misbehaved(ConnId(0), "a masked frame".into());
    bench.put(9_000, Who::Client(ALICE), Event::Wire(wire));
    assert_eq!(bench.failures(), ["alice: trouble on connection 0: a masked frame"]);
    let mut bench = Bench::alice();
    let wire = Wire::Misbehaved(ConnId(7), "no port left".into());
    bench.put(9_000, Who::Client(ALICE), Event::Wire(wire));
    assert_eq!(bench.failures(), ["alice: trouble on connection 7: no port left"]);
}
