//! Rows `3.*`. The login's result comes at 0.060, the token runs out at 60 s.

use crate::contract::bench::{ALICE, Bench, query};
use crate::param::{ExpiryWhileReconnecting, TokenClock};
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::time::Span;
use crate::zim::{Call, ErrorCode};

const EXPIRY: u64 = 60_000;
const OK: ErrorCode = ErrorCode::SUCCESS;

fn logged_in() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, EXPIRY);
    bench
}

fn warned() -> Bench {
    let mut bench = logged_in();
    bench.warning(30_000, ALICE, Span::from_secs(30));
    bench
}

#[test]
fn an_expiry_that_is_warned_of_and_told_holds() {
    let mut bench = warned();
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.call(70_000, ALICE, query(), Some((70_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.holds("3.will-expire");
    bench.holds("3.expired");
    bench.leaves_out("3.renewed");
    assert!(bench.report().held());
}

#[test]
fn a_missing_late_or_second_warning_is_contradicted() {
    let mut bench = logged_in();
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.contradicts("3.will-expire", "no onTokenWillExpire at 30.000 (expiry 60.000)");
    let mut bench = logged_in();
    bench.warning(30_001, ALICE, Span::from_secs(30)).connection(EXPIRY, ALICE, (0, 5));
    bench.contradicts("3.will-expire", "onTokenWillExpire at 30.001, due at 30.000");
    let mut bench = warned();
    bench.warning(40_000, ALICE, Span::from_secs(20)).connection(EXPIRY, ALICE, (0, 5));
    let again = "onTokenWillExpire again at 40.000 for the same token";
    assert_eq!(bench.verdicts("3.will-expire"), [Ok(()), Err(again.to_owned())]);
}

#[test]
fn a_warning_with_the_wrong_rest_is_contradicted() {
    let mut bench = logged_in();
    bench.warning(30_000, ALICE, Span::from_secs(29)).connection(EXPIRY, ALICE, (0, 5));
    let what = "onTokenWillExpire at 30.000 says 29s left, it is 30s";
    bench.contradicts("3.will-expire", what);
}

#[test]
fn a_short_token_warns_within_a_millisecond() {
    for (at, held) in [(60, true), (61, true), (62, false)] {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, 20_000).warning(at, ALICE, Span::from_secs(19));
        bench.connection(20_000, ALICE, (0, 5));
        assert_eq!(bench.verdicts("3.will-expire")[0].is_ok(), held, "{at}");
    }
}

#[test]
fn a_warning_while_reconnecting_is_left_to_the_sdk() {
    let mut bench = logged_in();
    bench.connection(25_000, ALICE, (3, 3)).attempts(ALICE, &[26_000, 50_000]);
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.leaves_out("3.will-expire");
    bench.warning(30_000, ALICE, Span::from_secs(30));
    bench.holds("3.will-expire");
}

#[test]
fn without_token_authentication_nothing_warns_and_nothing_expires() {
    let mut bench = logged_in();
    bench.plan.params.token_authentication = false;
    bench.leaves_out("3.will-expire");
    bench.leaves_out("3.expired");
    bench.warning(30_000, ALICE, Span::from_secs(30)).connection(EXPIRY, ALICE, (0, 5));
    bench.contradicts("3.will-expire", "onTokenWillExpire at 30.000 for no token in use");
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.000, but no token ran out then";
    bench.contradicts("3.expired", what);
}

#[test]
fn a_renewal_in_time_holds_if_nothing_breaks() {
    let mut bench = warned();
    bench.renew(40_000, ALICE, 900_000, Some((40_060, OK)));
    bench.holds("3.renewed");
    bench.holds("3.will-expire");
    bench.leaves_out("3.expired");
    assert!(bench.report().held());
}

#[test]
fn an_expiry_in_spite_of_a_renewal_is_contradicted() {
    let mut bench = warned();
    bench.renew(40_000, ALICE, 900_000, Some((40_060, OK))).connection(EXPIRY, ALICE, (0, 5));
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.000, though renewed at 40.060";
    bench.contradicts("3.renewed", what);
}

#[test]
fn a_run_that_ends_before_the_old_expiry_says_nothing_of_the_renewal() {
    let mut bench = warned();
    bench.renew(40_000, ALICE, 900_000, Some((40_060, OK)));
    bench.plan.until = crate::time::Time::from_ms(EXPIRY);
    bench.leaves_out("3.renewed");
}

#[test]
fn an_expiry_that_is_never_told_or_told_late_is_contradicted() {
    let bench = warned();
    bench.contradicts("3.expired", "expiry 60.000 passed and nothing was told");
    let mut bench = warned();
    bench.connection(60_001, ALICE, (0, 5));
    bench.contradicts("3.expired", "told at 60.001, expiry 60.000");
}

#[test]
fn an_expiry_before_its_time_is_contradicted() {
    let mut bench = warned();
    bench.connection(59_999, ALICE, (0, 5));
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 59.999, but no token ran out then";
    bench.contradicts("3.expired", what);
}

#[test]
fn a_failed_renewal_changes_nothing() {
    let mut bench = warned();
    bench.renew(40_000, ALICE, 900_000, Some((40_060, ErrorCode::TOKEN_INVALID)));
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.holds("3.expired");
    bench.leaves_out("3.renewed");
}

#[test]
fn other_codes_after_an_expiry_are_contradicted() {
    let mut bench = warned();
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.call(70_000, ALICE, query(), Some((70_000, OK)));
    bench.contradicts(
        "3.expired",
        "queryRoomMemberList, called at 70.000, got 0 at 70.000 instead of 6000121",
    );
}

#[test]
fn the_servers_clock_has_a_second() {
    for (told, held) in [(60_030, true), (61_000, true), (61_001, false)] {
        let mut bench = warned();
        bench.plan.params.token_clock = TokenClock::Server;
        bench.connection(told, ALICE, (0, 5));
        assert_eq!(bench.verdicts("3.expired")[0].is_ok(), held, "{told}");
    }
}

/// RECONNECTING from 50 s on.
fn away() -> Bench {
    let mut bench = warned();
    bench.connection(50_000, ALICE, (3, 3)).attempts(ALICE, &[51_000, 90_000]);
    bench
}

#[test]
fn an_expiry_while_reconnecting_is_told_at_its_moment_by_default() {
    let mut bench = away();
    bench.connection(EXPIRY, ALICE, (0, 5));
    assert!(bench.verdicts("3.expired")[0].is_err(), "90.000 is an attempt after the end");
    let mut bench = warned();
    bench.connection(50_000, ALICE, (3, 3)).connection(EXPIRY, ALICE, (0, 5));
    bench.holds("3.expired");
    bench.holds("1.gave-up");
    let mut bench = away();
    bench.connection(91_000, ALICE, (0, 5));
    bench.contradicts("3.expired", "told at 91.000, expiry 60.000");
}

#[test]
fn an_expiry_while_reconnecting_can_be_told_instead_of_the_return() {
    let mut bench = away();
    bench.plan.params.token_expiry_while_reconnecting = ExpiryWhileReconnecting::AtReconnect;
    bench.leaves_out("3.expired");
    bench.connection(91_000, ALICE, (0, 5));
    bench.holds("3.expired");
    let mut bench = away();
    bench.plan.params.token_expiry_while_reconnecting = ExpiryWhileReconnecting::AtReconnect;
    bench.connection(91_000, ALICE, (2, 0));
    let what = "CONNECTED again at 91.000 with a token that ran out at 60.000";
    bench.contradicts("3.expired", what);
}

#[test]
fn a_session_that_is_over_expires_no_more() {
    let mut bench = warned();
    bench.call(50_000, ALICE, Call::Logout, Some((50_000, OK))).connection(50_000, ALICE, (0, 0));
    bench.leaves_out("3.expired");
}

#[test]
fn a_renewal_under_way_at_the_expiry_leaves_both_open() {
    let mut bench = warned();
    bench.renew(59_990, ALICE, 900_000, Some((60_050, OK)));
    bench.leaves_out("3.expired");
    let mut bench = warned();
    bench.renew(59_990, ALICE, 900_000, Some((60_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.connection(EXPIRY, ALICE, (0, 5));
    bench.holds("3.expired");
}

#[test]
fn the_servers_session_may_end_long_after_the_expiry_or_never() {
    for (at, cause) in [(60_100, Some(SessionEnd::TokenExpired)), (150_000, None)] {
        let mut bench = warned();
        bench.entered(2_000, ALICE).connection(EXPIRY, ALICE, (0, 5));
        bench.room(EXPIRY, ALICE, "r1", (0, 0));
        assert_eq!(bench.report().failures, []);
        let (user, device) = bench.who(ALICE);
        bench.fact(at, ServerFact::SessionEnded { user, device, cause });
        bench.holds("3.expired");
        assert_eq!(bench.report().failures, []);
    }
}
