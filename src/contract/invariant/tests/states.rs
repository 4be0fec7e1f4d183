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
