//! Transitions, sessions, calls, and what clients say beside what the server held.

use super::*;
use crate::protocol::SessionEnd;

#[test]
fn an_undocumented_turn_of_the_connection_is_told() {
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    bench.fact(100_000, ServerFact::SessionEnded { user, device, cause: None });
    bench.connection(100_000, ALICE, (0, 2));
    breaks(
        &bench,
        &["I.connection-transitions  alice: DISCONNECTED/LOGIN_TIMEOUT (0/2) after \
                      CONNECTED is no documented transition"],
    );
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    bench.fact(100_000, ServerFact::SessionEnded { user, device, cause: None });
    bench.connection(100_000, ALICE, (0, 0));
    breaks(
        &bench,
        &["I.connection-transitions  alice: DISCONNECTED/SUCCESS (0/0) after \
                      CONNECTED without a logout call then (API logout)"],
    );
}

#[test]
fn a_logout_may_say_what_its_parameter_says() {
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    bench.call(100_000, ALICE, Call::Logout, Some((100_000, ErrorCode::SUCCESS)));
    bench.fact(100_030, ServerFact::SessionEnded { user, device, cause: None });
    bench.connection(100_000, ALICE, (0, 0));
    breaks(&bench, &[]);
    bench.plan.params.logout_event = crate::zim::ConnectionEvent::ActiveLogin;
    assert_eq!(bench.breaches().len(), 1);
}

#[test]
fn an_undocumented_turn_of_a_room_is_told() {
    let mut bench = together();
    left(&mut bench, 100_000, ALICE, None);
    bench.room(100_000, ALICE, "r1", (0, 5));
    breaks(
        &bench,
        &["I.room-transitions  alice: r1 DISCONNECTED/CREATE_FAILED (0/5) after \
                      CONNECTED/SUCCESS (2/0) is no documented transition"],
    );
    let mut bench = together();
    left(&mut bench, 100_000, ALICE, None);
    bench.room(100_000, ALICE, "r1", (0, 0));
    breaks(
        &bench,
        &["I.room-transitions  alice: r1 DISCONNECTED/SUCCESS (0/0) after \
                      CONNECTED/SUCCESS (2/0) without a logout call then (API logout)"],
    );
}

#[test]
fn a_callback_without_a_change_is_told() {
    let mut bench = together();
    bench.connection(100_000, ALICE, (2, 0));
    breaks(&bench, &["I.change-only  alice: CONNECTED/SUCCESS (2/0), but it was that already"]);
    let mut bench = together();
    bench.room(100_000, BOB, "r1", (2, 0));
    breaks(
        &bench,
        &["I.change-only  bob: r1 CONNECTED/SUCCESS (2/0), but it was CONNECTED already"],
    );
}

#[test]
fn a_room_that_stays_connected_without_its_connection_is_told() {
    let mut bench = together();
    loses(&mut bench);
    left(&mut bench, 45_000, ALICE, Some(RoomEnd::TimedOut));
    returns(&mut bench);
    answered(&mut bench, 53_090, Standing::TimedOut);
    bench.room(53_120, ALICE, "r1", (0, 9));
    breaks(
        &bench,
        &["I.rooms-follow-connection  alice: r1 is CONNECTED, the connection \
                      RECONNECTING"],
    );
}

/// The server ends alice's session while she is away.
fn ended_while_away(cause: SessionEnd) -> Bench {
    let mut bench = online();
    loses(&mut bench);
    let (user, device) = bench.who(ALICE);
    bench.fact(40_000, ServerFact::SessionEnded { user, device, cause: Some(cause) });
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench
}

#[test]
fn an_end_that_is_told_late_but_rightly_breaks_nothing() {
    for (cause, event) in [(SessionEnd::KickedOut, 4), (SessionEnd::Unregistered, 6)] {
        let mut bench = ended_while_away(cause);
        bench.connection(53_060, ALICE, (0, event));
        breaks(&bench, &[]);
        let report = check(&bench.plan, &bench.recording());
        let own = report.invariants.iter().find(|outcome| outcome.id == "I.end-is-told");
        assert_eq!(own.unwrap().judged.occasions, 1);
    }
}

/// What `I.end-is-told` had to judge, and what it says.
fn ends_told(bench: &Bench) -> (usize, Vec<String>) {
    judged(bench, "I.end-is-told")
}

#[test]
fn an_end_is_owed_until_the_app_acts_by_itself() {
    // It logs in as soon as it hears.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.connection(53_060, ALICE, (0, 4));
    let login = bench.login_call(ALICE, 2_000_000_000);
    bench.call(53_060, ALICE, login.clone(), None);
    assert_eq!(ends_told(&bench), (1, Vec::new()));
    // It has tried before.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.call(45_000, ALICE, login, Some((45_000, ErrorCode::USER_HAS_ALREADY_LOGGED)));
    bench.logged_in(53_030, ALICE, false).connection(53_060, ALICE, (2, 0));
    assert_eq!(ends_told(&bench), (0, Vec::new()));
}

#[test]
fn an_end_is_owed_by_its_deadline_unless_another_comes_first_or_the_server_forgets() {
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.connection(53_060, ALICE, (0, 5));
    assert_eq!(ends_told(&bench), (0, Vec::new()));
    // 20 s until the break is noticed, and 58 s to the next attempt, from the cut's end on.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.plan.until = crate::time::Time::from_ms(130_000);
    assert_eq!(ends_told(&bench), (0, Vec::new()));
    bench.plan.until = crate::time::Time::from_ms(130_001);
    assert_eq!(ends_told(&bench).0, 1);
    crash(&mut bench, 60_000);
    assert_eq!(ends_told(&bench), (0, Vec::new()));
}

/// The server loses everything.
fn crash(bench: &mut Bench, at: u64) {
    use crate::net::{Fault, HostFault, ServerState};
    let id = crate::record::FaultId(bench.plan.faults.len());
    let hosts = vec![crate::record::HostId::Server];
    bench.plan.faults.push(crate::scenario::PlannedFault {
        name: None,
        fault: Fault::Hosts(hosts, HostFault::PowerCut { state: ServerState::Lost }),
        act: "crash",
        who: "server".into(),
        detail: "state lost".into(),
        from: crate::time::Time::from_ms(at),
        to: Some(crate::time::Time::from_ms(at + 100)),
        may_miss: true,
    });
    bench.put(at, Who::Net, Event::FaultBegan(id));
}

#[test]
fn a_server_that_lost_everything_holds_nobody_any_more() {
    let breaches = |names: &[&str]| {
        let mut bench = together();
        crash(&mut bench, 50_000);
        lists(&mut bench, 100_000, names);
        bench.breaches()
    };
    let id = "I.member-lists-true";
    assert!(breaches(&["alice", "bob"]).iter().any(|what| what.starts_with(id)));
    assert!(!breaches(&[]).iter().any(|what| what.starts_with(id)));
    let mut bench = together();
    crash(&mut bench, 50_000);
    let breaches = bench.breaches();
    for id in ["I.membership-agrees", "I.session-agrees"] {
        assert!(breaches.iter().any(|what| what.starts_with(id)), "{id}: {breaches:?}");
    }
}

#[test]
fn what_the_server_holds_of_one_device_says_nothing_of_another() {
    let answer = |at: u64| Some((at, ErrorCode::SUCCESS));
    let leaves = |bench: &mut Bench, at: u64, client| {
        let leave = Call::LeaveRoom { room: "r1".into() };
        bench.call(at, client, leave, answer(at + 60));
        left(bench, at + 30, client, None);
        bench.room(at + 60, client, "r1", (0, 0));
    };
    let logs_out = |bench: &mut Bench, at: u64, client| {
        let (user, device) = bench.who(client);
        bench.call(at, client, Call::Logout, answer(at)).connection(at, client, (0, 0));
        bench.fact(at + 30, ServerFact::SessionEnded { user, device, cause: None });
    };
    let account = || {
        let mut bench = Bench::new(&["phone", "tablet"]);
        bench.plan.params.login_multi_device = true;
        for client in &mut bench.plan.clients {
            client.script.user = "alice".into();
        }
        bench.login(0, ALICE, 2_000_000_000);
        bench
    };
    // The tablet goes, the phone stays.
    let mut bench = account();
    bench.login(1_000, BOB, 2_000_000_000);
    enters(&mut bench, 2_000, ALICE);
    enters(&mut bench, 3_000, BOB);
    leaves(&mut bench, 50_000, BOB);
    logs_out(&mut bench, 60_000, BOB);
    let (user, device) = bench.who(BOB);
    bench.fact(61_000, ServerFact::UserOffline { user, device });
    breaks(&bench, &[]);
    // The phone goes, the tablet comes.
    let mut bench = account();
    enters(&mut bench, 2_000, ALICE);
    leaves(&mut bench, 30_000, ALICE);
    bench.login(40_000, BOB, 2_000_000_000);
    enters(&mut bench, 50_000, BOB);
    logs_out(&mut bench, 60_000, ALICE);
    bench.logged_in(100_000, BOB, true);
    breaks(&bench, &[]);
}

#[test]
fn who_is_out_for_the_server_is_out_by_whatever_put_it_there() {
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    bench.fact(100_000, ServerFact::UserOffline { user, device });
    let away = "I.session-agrees  alice: CONNECTED, but the server has held alice to be away \
                since 100.000";
    breaks(&bench, &[away]);
    let destroyed = |room: &str| {
        let mut bench = together();
        bench.fact(100_000, ServerFact::RoomDestroyed { room: room.into() });
        let breaches = bench.breaches();
        breaches.iter().filter(|what| what.starts_with("I.membership-agrees")).count()
    };
    assert_eq!(destroyed("r1"), 2, "both of them");
    assert_eq!(destroyed("r2"), 0);
}

#[test]
fn an_end_may_be_an_administrators_or_a_rivals() {
    use crate::record::AdminAct;
    let undocumented = |bench: &Bench| {
        bench.breaches().iter().any(|what| what.starts_with("I.connection-transitions"))
    };
    let by_hand = |act: AdminAct, event| {
        let mut bench = online();
        bench.put(100_000, Who::Server, Event::Admin { act, hit: true, victims: Vec::new() });
        bench.connection(100_030, ALICE, (0, event));
        undocumented(&bench)
    };
    let kick = |user: &str| AdminAct::KickUser { user: user.into() };
    let unregister = |user: &str| AdminAct::Unregister { user: user.into() };
    assert!(!by_hand(kick("alice"), 4) && !by_hand(unregister("alice"), 6));
    assert!(by_hand(kick("bob"), 4) && by_hand(unregister("bob"), 6), "somebody else's");
    assert!(by_hand(kick("alice"), 6) && by_hand(unregister("alice"), 4), "another act");
    let by_rival = |at, event| {
        let mut bench = online();
        bench.plan.clients[BOB.0].script.user = "alice".into();
        bench.logged_in(at, BOB, false).connection(100_030, ALICE, (0, event));
        undocumented(&bench)
    };
    assert!(!by_rival(100_000, 4));
    assert!(by_rival(100_000, 6), "a rival unregisters nobody");
    assert!(by_rival(110_000, 4), "it came later");
}

#[test]
fn a_room_ends_by_the_last_that_the_server_did_there() {
    let undocumented = |then: Option<ServerFact>| {
        let mut bench = together();
        left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
        if let Some(then) = then {
            bench.fact(100_010, then);
        }
        bench.room(100_030, ALICE, "r1", (0, 8));
        bench.breaches().iter().any(|what| what.starts_with("I.room-transitions"))
    };
    let (user, device) = (|| "alice".into(), || "alice".into());
    let entered = |room: &str| {
        let room = room.into();
        Some(ServerFact::Entered { room, user: user(), device: device() })
    };
    let elsewhere =
        ServerFact::Left { room: "r2".into(), user: user(), device: device(), cause: None };
    assert!(!undocumented(None));
    assert!(!undocumented(Some(elsewhere)) && !undocumented(entered("r2")));
    assert!(undocumented(entered("r1")), "it has been in again since");
}

#[test]
fn a_client_is_judged_by_the_account_that_it_logs_in_as() {
    let as_carol = |bench: &mut Bench, at: u64| {
        let login = bench.login_call(ALICE, 2_000_000_000);
        let Call::Login { device, platform, token, .. } = login else { panic!("a login") };
        let user = || "carol".into();
        let login = Call::Login { user: user(), device: device.clone(), platform, token };
        let entered = ServerFact::LoggedIn { user: user(), device, resumed: false };
        bench.call(at, ALICE, login, Some((at + 60, ErrorCode::SUCCESS)));
        bench.fact(at + 30, entered).connection(at + 60, ALICE, (2, 0));
    };
    let disagree =
        |bench: &Bench| bench.breaches().iter().any(|what| what.starts_with("I.session-agrees"));
    // The callback of the login stands before its call.
    let mut bench = Bench::alice();
    bench.connection(0, ALICE, (1, 1));
    as_carol(&mut bench, 0);
    assert!(!disagree(&bench), "{:?}", bench.breaches());
    // It logs out and in again in one millisecond.
    let mut bench = Bench::alice();
    bench.login(0, ALICE, 2_000_000_000);
    bench.call(50_000, ALICE, Call::Logout, Some((50_000, ErrorCode::SUCCESS)));
    bench.connection(50_000, ALICE, (0, 0));
    let (user, device) = bench.who(ALICE);
    bench.fact(50_030, ServerFact::SessionEnded { user, device, cause: None });
    as_carol(&mut bench, 50_000);
    assert!(!disagree(&bench), "{:?}", bench.breaches());
}

#[test]
fn nobody_is_in_a_room_that_was_destroyed() {
    let mut bench = together();
    bench.fact(50_000, ServerFact::RoomDestroyed { room: "r1".into() });
    lists(&mut bench, 100_000, &[]);
    let lists = bench.breaches().into_iter().filter(|what| what.starts_with("I.member-lists"));
    assert_eq!(lists.count(), 0);
}

#[test]
fn a_session_that_comes_back_after_its_end_is_told() {
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.logged_in(53_030, ALICE, false);
    bench.connection(53_060, ALICE, (2, 0));
    let told = "I.end-is-told  alice: CONNECTED/SUCCESS (2/0), though the server had ended its \
                session at 40.000";
    breaks(&bench, &[told]);
}

#[test]
fn a_welcome_of_before_the_end_may_still_arrive() {
    let mut bench = online();
    loses(&mut bench);
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench.logged_in(53_030, ALICE, true);
    let (user, device) = bench.who(ALICE);
    let cause = Some(SessionEnd::KickedOut);
    bench.fact(53_040, ServerFact::SessionEnded { user, device, cause });
    bench.connection(53_060, ALICE, (2, 0)).connection(53_070, ALICE, (0, 4));
    breaks(&bench, &[]);
}

#[test]
fn an_end_that_is_never_told_is_told_here() {
    let bench = ended_while_away(SessionEnd::KickedOut);
    let breaches = bench.breaches();
    let own: Vec<_> = breaches.iter().filter(|what| what.contains("I.end-is-told")).collect();
    assert_eq!(own, ["I.end-is-told  alice: the server ended its session at 40.000, never told"]);
}

#[test]
fn a_room_that_outlives_its_connection_is_told() {
    let mut bench = together();
    loses(&mut bench);
    bench.room(27_000, ALICE, "r1", (1, 1));
    let (user, device) = bench.who(ALICE);
    let cause = Some(SessionEnd::KickedOut);
    bench.fact(45_000, ServerFact::SessionEnded { user, device, cause });
    left(&mut bench, 45_000, ALICE, None);
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench.connection(53_060, ALICE, (0, 4));
    let told = "I.rooms-follow-connection  alice: r1 is CONNECTING, the connection DISCONNECTED";
    breaks(&bench, &[told]);
    bench.room(53_060, ALICE, "r1", (0, 2));
    breaks(&bench, &[]);
}

#[test]
fn an_attempt_after_the_end_is_told() {
    let mut bench = online();
    kicked(&mut bench);
    attempt(&mut bench, 101_000);
    breaks(
        &bench,
        &["I.disconnected-stays  alice: an attempt of the SDK's own after \
                      DISCONNECTED/KICKED_OUT (0/4)"],
    );
}

#[test]
fn a_call_after_the_end_that_gets_another_code_is_told() {
    let mut bench = online();
    kicked(&mut bench);
    bench.call(110_000, ALICE, query(), Some((110_000, ErrorCode::NETWORK_ERROR)));
    breaks(
        &bench,
        &["I.disconnected-refuses  alice: queryRoomMemberList, called at 110.000 while \
                      DISCONNECTED, got 6000104, not 6000121"],
    );
    let mut bench = online();
    kicked(&mut bench);
    bench.call(109_000, ALICE, Call::Logout, Some((109_000, ErrorCode::SUCCESS)));
    bench.call(110_000, ALICE, query(), Some((110_000, ErrorCode::USER_IS_NOT_LOGGED)));
    breaks(
        &bench,
        &["I.disconnected-refuses  alice: queryRoomMemberList, called at 110.000 while \
                      DISCONNECTED, got 6000121, not 6000122"],
    );
}

#[test]
fn a_return_that_is_not_the_sdks_own_is_told() {
    let mut bench = online();
    loses(&mut bench);
    bench.logged_in(53_030, ALICE, true).connection(53_060, ALICE, (2, 0));
    breaks(&bench, &["I.sdk-reconnects  alice: back without an attempt since 27.000"]);
    let mut bench = online();
    loses(&mut bench);
    returns(&mut bench);
    let login = bench.login_call(ALICE, 2_000_000_000);
    bench.call(52_500, ALICE, login, Some((53_060, ErrorCode::SUCCESS)));
    breaks(&bench, &["I.sdk-reconnects  alice: back by the app's login of 52.500"]);
}

#[test]
fn a_call_without_a_result_or_with_two_is_told() {
    let mut bench = together();
    bench.call(188_000, ALICE, query(), None);
    let overdue =
        "I.one-result  alice: queryRoomMemberList r1, called at 188.000, still has no result";
    breaks(&bench, &[overdue]);
    let mut bench = together();
    bench.call(189_000, ALICE, query(), None);
    breaks(&bench, &[]);
    let mut bench = together();
    lists(&mut bench, 100_000, &["alice", "bob"]);
    let kind = CallKind::QueryRoomMemberList;
    let code = ErrorCode::SUCCESS;
    let again = Event::Result { id: CallId(1000), kind, code, members: None };
    bench.put(100_070, Who::Client(ALICE), again);
    breaks(
        &bench,
        &["I.one-result  alice: a result of queryRoomMemberList that answers no open call"],
    );
}

#[test]
fn a_renewal_may_wait_for_its_connection_as_long_as_it_takes() {
    let mut bench = online();
    bench.plan.until = crate::time::Time::from_ms(130_000);
    loses(&mut bench);
    bench.renew(30_000, ALICE, 2_000_000_000, None);
    breaks(&bench, &[]);
    bench.plan.params.token_renew_while_reconnecting = crate::param::RenewWhileReconnecting::Fail;
    breaks(&bench, &["I.one-result  alice: renewToken, called at 30.000, still has no result"]);
}

#[test]
fn a_room_that_client_and_server_see_otherwise_is_told() {
    let mut bench = together();
    left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
    breaks(
        &bench,
        &["I.membership-agrees  alice: r1 is CONNECTED, but for the server alice has \
                      been out of it since 100.000"],
    );
    bench.room(100_030, ALICE, "r1", (0, 8));
    breaks(&bench, &[]);
    let mut bench = together();
    let leave = Call::LeaveRoom { room: "r1".into() };
    bench.call(99_940, ALICE, leave, Some((100_000, ErrorCode::SUCCESS)));
    bench.room(100_000, ALICE, "r1", (0, 0));
    breaks(
        &bench,
        &["I.membership-agrees  alice: r1 is DISCONNECTED, but for the server alice \
                      has been in it since 100.000"],
    );
}

#[test]
fn an_end_that_is_not_the_servers_is_told() {
    let mut bench = together();
    left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
    bench.room(100_030, ALICE, "r1", (0, 3));
    breaks(
        &bench,
        &["I.room-transitions  alice: r1 DISCONNECTED/ROOM_NOT_EXIST (0/3) after \
                      CONNECTED/SUCCESS (2/0) without the room's end before (guide manage-rooms, \
                      from 2.13.0)"],
    );
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    let cause = Some(crate::protocol::SessionEnd::KickedOut);
    bench.fact(100_000, ServerFact::SessionEnded { user, device, cause });
    bench.connection(100_030, ALICE, (0, 6));
    breaks(
        &bench,
        &["I.connection-transitions  alice: DISCONNECTED/UNREGISTERED (0/6) after \
                      CONNECTED without the account being unregistered before (API enum, \
                      Unregistered)"],
    );
}

#[test]
fn a_result_without_its_state_is_told() {
    let mut bench = online();
    bench.plan.until = crate::time::Time::from_ms(20_000);
    let enter = Call::EnterRoom { room: "r1".into() };
    bench.room(5_000, ALICE, "r1", (1, 6));
    let (user, device) = bench.who(ALICE);
    bench.fact(5_030, ServerFact::Entered { room: "r1".into(), user, device });
    bench.call(5_000, ALICE, enter, Some((5_060, ErrorCode::SUCCESS)));
    let stuck = "I.result-with-state  alice: enterRoom r1, called at 5.000, ended, but the room \
                 is CONNECTING";
    breaks(&bench, &[stuck]);
    bench.room(5_060, ALICE, "r1", (2, 0));
    breaks(&bench, &[]);

    let mut bench = together();
    bench.plan.until = crate::time::Time::from_ms(20_000);
    let leave = Call::LeaveRoom { room: "r1".into() };
    left(&mut bench, 19_530, ALICE, None);
    bench.call(19_500, ALICE, leave, Some((19_560, ErrorCode::SUCCESS)));
    let still = "I.result-with-state  alice: leaveRoom r1, called at 19.500, ended, but the room \
                 is still CONNECTED";
    breaks(&bench, &[still]);

    let mut bench = Bench::new(&["alice"]);
    bench.plan.until = crate::time::Time::from_ms(1_000);
    let login = bench.login_call(ALICE, 2_000_000_000);
    bench.connection(0, ALICE, (1, 1)).logged_in(30, ALICE, false);
    bench.call(0, ALICE, login, Some((60, ErrorCode::SUCCESS)));
    let [breach] = bench.breaches().try_into().expect("one breach");
    assert!(breach.starts_with("I.result-with-state  alice: login"), "{breach}");
    assert!(breach.ends_with("ended, but the connection is CONNECTING"), "{breach}");
}

/// What `I.result-with-state` says.
fn result_with_state(bench: &Bench) -> Vec<String> {
    let id = "I.result-with-state  alice: ";
    let breaches = bench.breaches();
    breaches.iter().filter_map(|what| Some(what.strip_prefix(id)?.to_owned())).collect()
}

#[test]
fn a_login_that_ends_leaves_no_connection_under_way_unless_the_app_begins_another() {
    let ended = |code, (at, pair): (u64, (u32, u32))| {
        let mut bench = Bench::new(&["alice"]);
        let login = bench.login_call(ALICE, 2_000_000_000);
        bench.connection(0, ALICE, (1, 1)).call(0, ALICE, login, Some((60, code)));
        bench.connection(at, ALICE, pair);
        bench
    };
    let (failed, ok) = (ErrorCode::NETWORK_ERROR, ErrorCode::SUCCESS);
    let is =
        |state: &str| vec![format!("login, called at 0.000, ended, but the connection is {state}")];
    let said = |bench: &Bench| {
        let said = result_with_state(bench).into_iter();
        said.map(|what| what.replace(" alice", "")).collect::<Vec<_>>()
    };
    assert_eq!(said(&ended(failed, (60, (0, 2)))), [""; 0]);
    assert_eq!(said(&ended(failed, (61, (0, 2)))), is("CONNECTING"));
    assert_eq!(said(&ended(ok, (60, (0, 2)))), is("DISCONNECTED"));
    let mut bench = ended(failed, (61, (0, 2)));
    bench.call(60, ALICE, query(), Some((60, ErrorCode::USER_IS_NOT_LOGGED)));
    assert_eq!(said(&bench), is("CONNECTING"), "a call of another kind begins nothing");
    let mut bench = ended(failed, (60, (0, 2)));
    let login = bench.login_call(ALICE, 2_000_000_000);
    bench.call(60, ALICE, login, None).connection(60, ALICE, (1, 1));
    assert_eq!(said(&bench), [""; 0]);
}

#[test]
fn an_entry_that_ends_is_told_by_its_room_if_it_was_under_way() {
    let enter = || Call::EnterRoom { room: "r1".into() };
    // Refused on the spot: the room says nothing.
    let mut bench = together();
    let already = ErrorCode::USER_IS_ALREADY_IN_THE_ROOM;
    bench.call(5_000, ALICE, enter(), Some((5_000, already)));
    bench.call(6_000, ALICE, enter(), Some((6_001, already)));
    assert_eq!(result_with_state(&bench), [""; 0]);
    // Refused by the server, once more after the room was left; told, or not.
    let refused = |at| {
        let mut bench = together();
        let leave = Call::LeaveRoom { room: "r1".into() };
        bench.call(3_000, ALICE, leave, Some((3_060, ErrorCode::SUCCESS)));
        bench.room(3_060, ALICE, "r1", (0, 0)).room(5_000, ALICE, "r1", (1, 6));
        bench.call(5_000, ALICE, enter(), Some((at, ErrorCode::THE_ROOM_DOES_NOT_EXIST)));
        bench
    };
    let untold = ["enterRoom r1, called at 5.000, ended, but the room is CONNECTING"];
    assert_eq!(result_with_state(&refused(5_060)), untold);
    let mut bench = refused(5_060);
    bench.room(5_060, ALICE, "r1", (0, 7));
    assert_eq!(result_with_state(&bench), [""; 0]);
    bench.room(5_060, ALICE, "r1", (1, 6));
    assert_eq!(result_with_state(&bench), [""; 0], "told; what came then is another matter");
}

#[test]
fn only_what_was_said_is_compared_with_what_the_server_held() {
    let occasions = |bench: &Bench, id| judged(bench, id).0;
    assert_eq!(
        occasions(&together(), "I.membership-agrees"),
        2,
        "each in it, not out of it before"
    );
    let mut bench = Bench::alice();
    bench.login(50_000, ALICE, 2_000_000_000);
    assert_eq!(occasions(&bench, "I.session-agrees"), 1, "nobody was logged out before");
}

#[test]
fn the_word_has_two_round_trips_and_a_second() {
    for (told, wrong) in [(101_120, 0), (101_121, 1)] {
        let mut bench = together();
        left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
        bench.room(told, ALICE, "r1", (0, 8));
        assert_eq!(bench.breaches().len(), wrong, "{told}");
    }
}

#[test]
fn a_disagreement_is_excused_while_the_link_is_disturbed() {
    let mut bench = together();
    left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
    bench.cut("tunnel", ALICE, 99_000, 140_000);
    breaks(&bench, &[]);
    // 64 s after the cut, and its delay, are over.
    bench.plan.until = crate::time::Time::from_ms(210_000);
    assert_eq!(bench.breaches().len(), 1);
}

#[test]
fn a_session_that_client_and_server_see_otherwise_is_told() {
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    let cause = Some(SessionEnd::TokenExpired);
    bench.fact(100_000, ServerFact::SessionEnded { user, device, cause });
    breaks(
        &bench,
        &["I.session-agrees  alice: CONNECTED, but the server has held alice to be \
                      away since 100.000"],
    );
    let mut bench = online();
    bench.connection(100_000, ALICE, (0, 5));
    breaks(
        &bench,
        &["I.session-agrees  alice: DISCONNECTED, but the server has held alice to be \
                      online since 100.000"],
    );
}

#[test]
fn a_list_that_was_never_true_is_told() {
    let mut bench = together();
    lists(&mut bench, 100_000, &["alice"]);
    breaks(
        &bench,
        &["I.member-lists-true  alice: r1 is said to hold alice, which the server \
                      never held"],
    );
    left(&mut bench, 100_030, BOB, Some(RoomEnd::Kicked));
    bench.room(100_060, BOB, "r1", (0, 8));
    breaks(&bench, &[]);
}

#[test]
fn a_join_that_nobody_made_is_told() {
    let mut bench = together();
    joined(&mut bench, 3_000, "bob");
    breaks(&bench, &[]);
    joined(&mut bench, 3_500, "bob");
    breaks(&bench, &["I.member-news-true  alice: join 2 of bob in r1, of which there were 1"]);
    let mut bench = together();
    let members = vec!["bob".into()];
    let callback = Callback::RoomMemberLeft { room: "r1".into(), members };
    bench.put(3_000, Who::Client(ALICE), Event::Callback(callback));
    breaks(&bench, &["I.member-news-true  alice: leave 1 of bob in r1, of which there were 0"]);
}
