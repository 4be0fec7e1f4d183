//! Rows `1.*`.

use crate::contract::bench::{ALICE, Bench, query};
use crate::zim::{Call, ErrorCode};

const NEVER: u64 = 10_000_000;

/// Logged in; the link breaks at 27 s and is back at 113 s.
fn tunnel() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000, 41_000, 70_000, 110_000]);
    bench.logged_in(112_900, ALICE, true).connection(113_000, ALICE, (2, 0));
    bench
}

#[test]
fn a_break_that_is_told_retried_and_mended_holds() {
    let bench = tunnel();
    bench.holds("1.reconnecting");
    bench.holds("1.connected");
    bench.leaves_out("1.gave-up");
    assert!(bench.report().held());
    assert_eq!(bench.report().pending, Vec::<String>::new());
}

#[test]
fn a_break_with_another_event_is_contradicted() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(190_000, ALICE, (3, 2));
    bench.contradicts("1.reconnecting", "RECONNECTING/LOGIN_TIMEOUT (3/2)");
}

#[test]
fn leaving_connected_for_good_without_cause_is_contradicted() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (0, 2));
    bench.contradicts(
        "1.reconnecting",
        "the connection left CONNECTED with DISCONNECTED/LOGIN_TIMEOUT (0/2)",
    );
}

#[test]
fn an_sdk_that_stops_trying_is_contradicted() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000, 30_000]);
    bench.contradicts("1.reconnecting", "no attempt to reconnect between 30.000 and 200.000");
}

#[test]
fn the_longest_gap_is_allowed_and_one_ms_more_is_not() {
    // 30 s * 1.2 + 10 s + 10 s + 2 s
    for (end, held) in [(28_000 + 58_000, true), (28_000 + 58_001, false)] {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
        bench.attempts(ALICE, &[28_000]).connection(end, ALICE, (2, 0));
        assert_eq!(bench.verdicts("1.reconnecting")[0].is_ok(), held, "{end}");
    }
}

#[test]
fn coming_back_with_another_event_is_contradicted() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000]).connection(29_000, ALICE, (2, 1));
    bench.contradicts("1.connected", "CONNECTED/ACTIVE_LOGIN (2/1)");
}

/// RECONNECTING ends for good at 40 s, because the account is gone.
fn given_up() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000, 39_000]).connection(40_000, ALICE, (0, 6));
    bench
}

#[test]
fn giving_up_for_good_holds_with_6000121_for_every_call() {
    let mut bench = given_up();
    bench.call(50_000, ALICE, query(), Some((50_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.holds("1.gave-up");
    bench.call(60_000, ALICE, Call::Logout, Some((60_000, ErrorCode::SUCCESS)));
    bench.call(61_000, ALICE, query(), Some((61_000, ErrorCode::USER_HAS_ALREADY_LOGGED_OUT)));
    bench.holds("1.gave-up");
}

#[test]
fn giving_up_and_trying_again_is_contradicted() {
    let mut bench = given_up();
    bench.attempts(ALICE, &[45_000]);
    bench.contradicts("1.gave-up", "the SDK tried to connect again at 45.000");
    let mut bench = given_up();
    let login = bench.login_call(ALICE, NEVER);
    bench.call(44_000, ALICE, login, Some((46_000, ErrorCode::COMMON_ERROR)));
    bench.attempts(ALICE, &[45_000]);
    bench.holds("1.gave-up");
}

#[test]
fn another_code_than_6000121_after_giving_up_is_contradicted() {
    let mut bench = given_up();
    bench.call(50_000, ALICE, query(), Some((50_010, ErrorCode::NETWORK_ERROR)));
    bench.contradicts(
        "1.gave-up",
        "queryRoomMemberList, called at 50.000, got 6000104 at 50.010 instead of 6000121",
    );
    let mut bench = given_up();
    bench.call(50_000, ALICE, query(), None);
    bench.contradicts(
        "1.gave-up",
        "queryRoomMemberList, called at 50.000, got no result instead of 6000121",
    );
}

#[test]
fn giving_up_for_no_special_event_is_contradicted() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000]).connection(40_000, ALICE, (0, 2));
    bench.contradicts("1.gave-up", "DISCONNECTED/LOGIN_TIMEOUT (0/2), which forbids nothing");
}

#[test]
fn logging_out_is_no_giving_up() {
    let mut bench = tunnel();
    bench.connection(150_000, ALICE, (3, 3)).attempts(ALICE, &[151_000]);
    bench.call(160_000, ALICE, Call::Logout, Some((160_000, ErrorCode::SUCCESS)));
    bench.connection(160_000, ALICE, (0, 0));
    bench.leaves_out("1.gave-up");
}
