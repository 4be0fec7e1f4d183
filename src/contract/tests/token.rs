//! Rows `3.*`. The login's result comes at 0.060, the token runs out at 60 s.

use crate::contract::bench::{ALICE, Bench, query};
use crate::net::{Fault, HostFault};
use crate::param::TokenClock;
use crate::protocol::SessionEnd;
use crate::record::{HostId, ServerFact};
use crate::time::{Span, Time};
use crate::zim::{Call, ErrorCode};

pub(super) const EXPIRY: u64 = 60_000;
pub(super) const OK: ErrorCode = ErrorCode::SUCCESS;

fn logged_in() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, EXPIRY);
    bench
}

pub(super) fn warned() -> Bench {
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
fn a_warning_in_the_moment_of_the_renewal_may_be_of_the_old_token() {
    let renewed = |at: u64, warned: u64| {
        let mut bench = logged_in();
        bench.renew(at - 60, ALICE, 900_000, Some((at, OK)));
        bench.warning(warned, ALICE, Span::from_secs(30));
        bench.verdicts("3.will-expire")
    };
    assert_eq!(renewed(30_000, 30_000), [Ok(())]);
    let early = "onTokenWillExpire at 30.000, due at 870.000".to_owned();
    assert_eq!(renewed(20_000, 30_000), [Err(early)], "replaced long ago");
}

#[test]
fn nothing_warns_of_a_token_that_was_replaced_or_whose_session_is_over() {
    let mut bench = logged_in();
    bench.renew(19_940, ALICE, 900_000, Some((20_000, OK)));
    bench.leaves_out("3.will-expire");
    let logged_out = |life: u64, at: u64| {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, life);
        bench.call(at, ALICE, Call::Logout, Some((at, OK))).connection(at, ALICE, (0, 0));
        bench
    };
    logged_out(EXPIRY, 30_000).leaves_out("3.will-expire");
    let missing = "no onTokenWillExpire at 30.000 (expiry 60.000)";
    logged_out(EXPIRY, 30_001).contradicts("3.will-expire", missing);
    logged_out(20_000, 61).leaves_out("3.will-expire");
    let missing = "no onTokenWillExpire at 0.060 (expiry 20.000)";
    logged_out(20_000, 62).contradicts("3.will-expire", missing);
    let mut bench = logged_out(EXPIRY, 20_000);
    bench.warning(30_000, ALICE, Span::from_secs(30));
    bench.contradicts("3.will-expire", "onTokenWillExpire at 30.000 for no token in use");
}

#[test]
fn a_warning_is_owed_while_the_connection_stands_and_the_run_goes_on() {
    // Lost in that very millisecond, back in it, or the run ends with it.
    let mut bench = logged_in();
    bench.connection(30_000, ALICE, (3, 3)).attempts(ALICE, &[31_000]);
    bench.leaves_out("3.will-expire");
    let mut bench = logged_in();
    bench.connection(25_000, ALICE, (3, 3)).attempts(ALICE, &[26_000]);
    bench.connection(30_000, ALICE, (2, 0));
    bench.leaves_out("3.will-expire");
    let mut bench = logged_in();
    bench.plan.until = Time::from_ms(30_000);
    bench.leaves_out("3.will-expire");
    // No time ahead of the end: nothing to warn of.
    let mut bench = logged_in();
    bench.plan.params.token_warning = Span::default();
    bench.plan.params.token_clock = TokenClock::Server;
    bench.connection(60_030, ALICE, (0, 5));
    bench.leaves_out("3.will-expire");
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
fn a_warning_is_judged_by_no_time_while_the_server_may_have_taken_a_newer_token() {
    let early = |code| {
        let mut bench = logged_in();
        bench.renew(20_000, ALICE, 55_000, Some((24_000, code)));
        bench.warning(25_000, ALICE, Span::from_secs(30)).connection(EXPIRY, ALICE, (0, 5));
        bench.verdicts("3.will-expire")
    };
    assert_eq!(early(ErrorCode::REQUEST_TIMEOUT), [Ok(())]);
    let due = "onTokenWillExpire at 25.000, due at 30.000";
    assert_eq!(early(ErrorCode::TOKEN_INVALID), [Err(due.to_owned())]);
}

/// Nobody need warn while the SDK reconnects; after the expiry it is too late, unless the process
/// was stopped when the warning was due.
#[test]
fn a_warning_after_the_expiry_is_for_a_stopped_process_alone() {
    let late = |stopped: bool| {
        let mut bench = logged_in();
        if stopped {
            let suspended = Fault::Hosts(vec![HostId::Client(ALICE)], HostFault::Suspended);
            bench.fault(suspended, "alice", (30_000, EXPIRY + 1));
        }
        bench.connection(25_000, ALICE, (3, 3)).warning(EXPIRY + 1, ALICE, Span::ZERO);
        bench.verdicts("3.will-expire")
    };
    assert_eq!(late(true), [Ok(())]);
    let due = "onTokenWillExpire at 60.001, due at 30.000";
    assert_eq!(late(false), [Err(due.to_owned())]);
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
fn a_renewal_is_judged_by_what_its_own_session_became() {
    let mut bench = warned();
    bench.renew(40_000, ALICE, 100_000, Some((40_060, OK)));
    bench.warning(70_000, ALICE, Span::from_secs(30)).connection(100_000, ALICE, (0, 5));
    bench.holds("3.renewed");
    bench.holds("3.expired");
    // Over before the old token would have run out, whatever the next session holds.
    let mut bench = warned();
    bench.renew(40_000, ALICE, 900_000, Some((40_060, OK)));
    bench.call(45_000, ALICE, Call::Logout, Some((45_000, OK))).connection(45_000, ALICE, (0, 0));
    bench.leaves_out("3.renewed");
    bench.login(50_000, ALICE, 900_000);
    bench.leaves_out("3.renewed");
}

#[test]
fn a_renewal_excuses_no_warning_unless_it_is_under_way() {
    let missing = "no onTokenWillExpire at 30.000 (expiry 60.000)";
    for (called, code) in [(40_000, OK), (19_000, ErrorCode::TOKEN_INVALID)] {
        let mut bench = logged_in();
        bench.renew(called, ALICE, 900_000, Some((called + 60, code)));
        let verdicts = bench.verdicts("3.will-expire");
        assert_eq!(verdicts, [Err(missing.to_owned())], "{called}");
    }
    let mut bench = logged_in();
    bench.renew(29_990, ALICE, 900_000, Some((30_050, OK)));
    bench.leaves_out("3.will-expire");
}

#[test]
fn a_renewal_whose_answer_was_lost_may_have_been_taken() {
    let unheard =
        [ErrorCode::IM_SERVER_DISCONNECT, ErrorCode::NETWORK_ERROR, ErrorCode::REQUEST_TIMEOUT];
    for code in unheard {
        let mut bench = warned();
        bench.renew(50_000, ALICE, 900_000, Some((50_500, code)));
        bench.leaves_out("3.expired");
    }
    let late = "expiry 60.000 passed and nothing was told";
    for (called, code) in [(50_000, ErrorCode::TOKEN_INVALID), (70_000, ErrorCode::NETWORK_ERROR)] {
        let mut bench = warned();
        bench.renew(called, ALICE, 900_000, Some((called + 500, code)));
        bench.contradicts("3.expired", late);
    }
}

#[test]
fn a_renewal_belongs_to_its_own_session() {
    let mut bench = logged_in();
    bench.renew(10_000, ALICE, 100_000, Some((10_060, OK)));
    bench.call(20_000, ALICE, Call::Logout, Some((20_000, OK))).connection(20_000, ALICE, (0, 0));
    bench.login(30_000, ALICE, 900_000);
    bench.leaves_out("3.renewed");
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
    bench.plan.until = Time::from_ms(EXPIRY);
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
fn the_expiry_of_a_later_login_is_not_that_of_the_renewed_token() {
    let renewed = |logs_in_again: bool| {
        let mut bench = warned();
        bench.renew(40_000, ALICE, 900_000, Some((40_060, OK)));
        if logs_in_again {
            bench.call(60_100, ALICE, Call::Logout, Some((60_100, OK)));
            bench.connection(60_100, ALICE, (0, 0)).login(60_200, ALICE, 60_900);
        }
        bench.connection(60_900, ALICE, (0, 5));
        bench.verdicts("3.renewed")
    };
    assert_eq!(renewed(true), [Ok(())]);
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.900, though renewed at 40.060";
    assert_eq!(renewed(false), [Err(what.to_owned())]);
}

/// The answer to a second renewal is lost, and the server's word that this token has run out comes
/// when the first one would have.
#[test]
fn the_expiry_of_a_token_whose_taking_was_not_heard_of_is_no_expiry_of_the_one_before() {
    let told = |expires: u64, code: ErrorCode| {
        let mut bench = warned();
        bench.renew(40_000, ALICE, 900_000, Some((40_060, OK)));
        bench.renew(50_000, ALICE, expires, Some((55_000, code)));
        bench.connection(EXPIRY, ALICE, (0, 5));
        (bench.verdicts("3.renewed"), bench.verdicts("3.expired"))
    };
    let unheard = ErrorCode::REQUEST_TIMEOUT;
    assert_eq!(told(EXPIRY, unheard), (vec![Ok(())], vec![]));
    let broke = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.000, though renewed at 40.060";
    let for_nothing = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.000, but no token ran out then";
    let contradicted = (vec![Err(broke.to_owned())], vec![Err(for_nothing.to_owned())]);
    assert_eq!(told(EXPIRY + 1, unheard), contradicted, "it was still good");
    assert_eq!(told(EXPIRY, ErrorCode::TOKEN_INVALID), contradicted, "it was not taken");
}

/// The device is 20 s behind, and its clock alone counts.
fn behind() -> Bench {
    let mut bench = Bench::new(&["alice"]);
    bench.plan.params.token_clock = TokenClock::Device;
    bench.plan.clients[0].clock_ms = -20_000;
    bench
}

/// By the device's clock, the renewed token would do until 65 s.
#[test]
fn a_renewed_token_that_the_server_refuses_on_return_is_not_the_one_before() {
    let renewed = |is_away: bool| {
        let mut bench = behind();
        bench.login(0, ALICE, 40_000).renew(30_000, ALICE, 45_000, Some((30_060, OK)));
        if is_away {
            bench.connection(55_000, ALICE, (3, 3));
        }
        bench.connection(60_500, ALICE, (0, 5));
        bench.verdicts("3.renewed")
    };
    assert_eq!(renewed(true), [Ok(())]);
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 60.500, though renewed at 30.060";
    assert_eq!(renewed(false), [Err(what.to_owned())]);
}

#[test]
fn a_token_that_the_server_refuses_on_return_has_run_out_by_its_clock() {
    let told = |is_away: bool| {
        let mut bench = behind();
        bench.login(0, ALICE, 40_000);
        if is_away {
            bench.connection(35_000, ALICE, (3, 3));
        }
        bench.connection(50_000, ALICE, (0, 5));
        bench.verdicts("3.expired")
    };
    assert_eq!(told(true), [Ok(())]);
    let what = "DISCONNECTED/TOKEN_EXPIRED (0/5) at 50.000, but no token ran out then";
    assert_eq!(told(false), [Err(what.to_owned())]);
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

#[test]
fn what_the_servers_clock_ends_is_owed_after_its_second_and_not_before() {
    for (end, owed) in [(60_500, false), (61_000, false), (61_001, true)] {
        let mut bench = warned();
        bench.plan.params.token_clock = TokenClock::Server;
        bench.plan.until = Time::from_ms(end);
        assert_eq!(bench.verdicts("3.expired").len(), usize::from(owed), "{end}");
    }
    let mut bench = warned();
    bench.plan.params.token_clock = TokenClock::Server;
    bench.renew(60_100, ALICE, 900_000, Some((60_200, OK)));
    let late = "expiry 60.000 passed and nothing was told";
    bench.contradicts("3.expired", late);
}

#[test]
fn a_session_that_ends_otherwise_with_its_token_owes_no_callback() {
    let mut bench = warned();
    bench.call(60_000, ALICE, Call::Logout, Some((60_000, OK))).connection(60_000, ALICE, (0, 0));
    bench.leaves_out("3.expired");
}

#[test]
fn an_app_that_logs_out_before_the_servers_word_is_there_hears_nothing() {
    let logged_out = |at| {
        let mut bench = warned();
        bench.plan.params.token_clock = TokenClock::Server;
        bench.call(at, ALICE, Call::Logout, Some((at, OK))).connection(at, ALICE, (0, 0));
        bench.verdicts("3.expired")
    };
    assert_eq!(logged_out(60_500), []);
    let missing = "expiry 60.000 passed and nothing was told";
    assert_eq!(logged_out(61_001), [Err(missing.to_owned())]);
}

/// By the server's clock, the session ends for a reason just before its token runs out; the
/// word of it takes longer.
#[test]
fn a_session_that_the_server_has_ended_expires_no_more() {
    let ended_at = |at: u64, cause, let_in_again: Option<u64>, clock| {
        let mut bench = warned();
        bench.plan.params.token_clock = clock;
        let (user, device) = bench.who(ALICE);
        bench.fact(at, ServerFact::SessionEnded { user, device, cause: Some(cause) });
        if let Some(at) = let_in_again {
            bench.logged_in(at, ALICE, false);
        }
        bench.connection(60_300, ALICE, (0, 4));
        bench.verdicts("3.expired")
    };
    let ended = |cause, let_in_again: bool, clock| {
        ended_at(59_980, cause, let_in_again.then_some(59_990), clock)
    };
    let missing = Err("expiry 60.000 passed and nothing was told".to_owned());
    let (server, device) = (TokenClock::Server, TokenClock::Device);
    assert_eq!(ended(SessionEnd::KickedOut, false, server), []);
    let owed = [missing];
    assert_eq!(ended(SessionEnd::TokenExpired, false, server), owed);
    assert_eq!(ended(SessionEnd::KickedOut, true, server), owed);
    assert_eq!(ended(SessionEnd::KickedOut, false, device), owed);
    // Ended at the expiry itself, by a rival whose session is there when the word arrives.
    assert_eq!(ended_at(60_000, SessionEnd::KickedOut, Some(60_001), server), []);
    assert_eq!(ended_at(60_001, SessionEnd::KickedOut, None, server), owed);
}

#[test]
fn each_callback_of_an_expiry_needs_one_of_its_own() {
    let groundless = |at: &str| {
        Err(format!("DISCONNECTED/TOKEN_EXPIRED (0/5) at {at}, but no token ran out then"))
    };
    let mut bench = warned();
    bench.connection(EXPIRY, ALICE, (0, 5)).login(70_000, ALICE, 900_000);
    bench.connection(100_000, ALICE, (0, 5));
    assert_eq!(bench.verdicts("3.expired"), [Ok(()), groundless("100.000")]);
    let mut bench = warned();
    bench.connection(50_000, ALICE, (3, 3)).connection(55_000, ALICE, (0, 5));
    assert_eq!(bench.verdicts("3.expired"), [groundless("55.000")]);
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
