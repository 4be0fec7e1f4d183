//! Tokens: warned of, run out, renewed, held over a break.

use super::bench::Bench;
use crate::node::Input;
use crate::param::{ExpiryWhileReconnecting, TokenClock};
use crate::protocol::{ClientFrame, ServerFrame};
use crate::record::CloseCause;
use crate::time::{Span, Wall};
use crate::zim::{Call, CallId, Callback, ErrorCode, News, Token};

/// Logged in with a token of `life`, and heartbeats out of the way.
fn online(life: u64, set: impl FnOnce(&mut crate::param::Params)) -> Bench {
    let mut bench = Bench::new(|p| {
        p.heartbeat_period = Span::from_secs(1000);
        set(p);
    });
    bench.login(Span::from_secs(life));
    bench.accept();
    bench.forget();
    bench
}

fn warnings(bench: &Bench) -> Vec<u64> {
    let left = |news: &News| match news {
        News::Callback(Callback::TokenWillExpire { left }) => Some(left.ms()),
        News::Callback(_) | News::Result { .. } => None,
    };
    bench.told.iter().filter_map(left).collect()
}

fn renew(bench: &mut Bench, expires_ms: i64) -> CallId {
    let token = Token::mint(&"alice".into(), Wall::from_ms(expires_ms));
    bench.call(Call::RenewToken { token })
}

#[test]
fn the_warning_comes_30_s_before_the_end() {
    let mut bench = online(60, |_| ());
    bench.at(29_999);
    assert!(warnings(&bench).is_empty());
    bench.at(59_999);
    assert_eq!(warnings(&bench), [30_000]);
    bench.at(60_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn with_less_left_the_warning_comes_at_once() {
    let mut bench = Bench::new(|_| ());
    bench.login(Span::from_secs(20));
    bench.accept();
    assert_eq!(warnings(&bench), [20_000]);
}

#[test]
fn a_renewed_token_brings_a_warning_and_an_end_of_its_own() {
    let mut bench = online(60, |_| ());
    bench.at(31_000);
    bench.forget();
    let call = renew(&mut bench, 120_000);
    bench.answer(ErrorCode::SUCCESS);
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    bench.at(119_999);
    assert_eq!(warnings(&bench), [30_000]);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(120_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn a_refused_renewal_changes_nothing() {
    let mut bench = online(60, |_| ());
    let call = renew(&mut bench, 120_000);
    bench.answer(ErrorCode::TOKEN_INVALID);
    assert_eq!(bench.code(call), Some(ErrorCode::TOKEN_INVALID));
    bench.at(60_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn a_calendar_clock_that_jumps_moves_warning_and_end() {
    let mut bench = online(60, |_| ());
    bench.at(10_000).wall_ahead = 15_000;
    bench.feed(Input::WallClockJumped);
    bench.at(14_999);
    assert!(warnings(&bench).is_empty());
    bench.at(15_000);
    assert_eq!(warnings(&bench), [30_000]);
    bench.at(44_999);
    assert_eq!(bench.hung_up, []);
    bench.at(45_000);
    assert_eq!(bench.pairs(), ["0/5"]);
    // And back again, before the warning.
    let mut bench = online(60, |_| ());
    bench.at(10_000).wall_ahead = -15_000;
    bench.feed(Input::WallClockJumped);
    bench.at(74_999);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(75_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn where_the_servers_clock_decides_this_one_does_not() {
    let mut bench = online(60, |p| p.token_clock = TokenClock::Server);
    bench.at(100_000);
    assert_eq!(bench.pairs(), [""; 0]);
}

#[test]
fn a_token_that_runs_out_offline_ends_the_session_there_or_at_the_return() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    bench.at(59_999);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(60_000);
    assert_eq!(bench.pairs(), ["0/5"]);

    let at_reconnect = ExpiryWhileReconnecting::AtReconnect;
    let mut bench = online(60, |p| p.token_expiry_while_reconnecting = at_reconnect);
    bench.close(CloseCause::Reset);
    bench.at(111_000);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.open();
    let id = bench.last_request();
    let code = ErrorCode::TOKEN_EXPIRED;
    bench.push(&ServerFrame::Refused { id, code, ended: None });
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn a_renewal_held_over_a_break_is_what_the_sdk_returns_with() {
    let mut bench = online(60, |_| ());
    bench.at(50_000);
    let call = renew(&mut bench, 200_000);
    bench.close(CloseCause::Reset);
    bench.at(51_000);
    bench.forget();
    bench.open();
    let new = Token::mint(&"alice".into(), Wall::from_ms(200_000));
    let used = bench.frames.iter().any(|frame| match frame {
        ClientFrame::Login { token, .. } => *token == new,
        _ => false,
    });
    assert!(used);
    bench.welcome();
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    bench.at(100_000);
    assert_eq!(bench.pairs(), ["2/0"]);
}

#[test]
fn a_held_renewal_outlives_the_old_token() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    renew(&mut bench, 200_000);
    bench.at(199_999);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(200_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn a_held_renewal_that_is_no_good_leaves_the_old_token_and_its_end() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    let call = renew(&mut bench, 200_000);
    bench.at(1_000).open();
    let id = bench.last_request();
    bench.push(&ServerFrame::Refused { id, code: ErrorCode::TOKEN_INVALID, ended: None });
    assert_eq!(bench.code(call), Some(ErrorCode::TOKEN_INVALID));
    bench.at(60_000);
    assert_eq!(bench.pairs(), ["3/3", "0/5"]);
}

#[test]
fn a_newer_renewal_supersedes_one_that_waits() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    let first = renew(&mut bench, 100_000);
    let second = renew(&mut bench, 200_000);
    assert_eq!(bench.code(first), Some(ErrorCode::IM_SERVER_DISCONNECT));
    assert_eq!(bench.code(second), None);
}

/// Reconnecting, with the login of the old token under way and a newer token handed in.
fn renewed_while_the_login_is_under_way() -> (Bench, CallId) {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    bench.at(1_000).open();
    let call = renew(&mut bench, 200_000);
    (bench, call)
}

#[test]
fn a_renewal_that_came_after_the_login_left_is_sent_by_itself() {
    let (mut bench, call) = renewed_while_the_login_is_under_way();
    bench.welcome();
    assert_eq!(bench.code(call), None, "the server has not seen it yet");
    assert!(matches!(bench.frames.last(), Some(ClientFrame::RenewToken { .. })));
    bench.answer(ErrorCode::SUCCESS);
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    bench.at(199_999);
    assert_eq!(bench.pairs(), ["3/3", "2/0"]);
}

/// The device's clock leaps over the token's end while the SDK is reconnecting, and the server,
/// whose clock it is not, lets it in.
#[test]
fn whom_the_server_lets_in_with_a_token_that_ran_out_is_judged_by_the_device_again() {
    let returned = |clock, renewal: bool| {
        let mut bench = online(60, |p| {
            p.token_expiry_while_reconnecting = ExpiryWhileReconnecting::AtReconnect;
            p.token_clock = clock;
        });
        bench.close(CloseCause::Reset);
        bench.at(1_000).open();
        bench.wall_ahead = 70_000;
        bench.feed(Input::WallClockJumped);
        bench.at(1_001);
        let renewal = renewal.then(|| renew(&mut bench, 200_000));
        bench.welcome();
        bench.at(10_000);
        let code = renewal.and_then(|call| bench.code(call));
        (bench.pairs(), code)
    };
    let ended = ["3/3", "2/0", "0/5"];
    assert_eq!(returned(TokenClock::Device, false).0, ended);
    assert_eq!(returned(TokenClock::Both, false).0, ended);
    assert_eq!(returned(TokenClock::Server, false).0, ["3/3", "2/0"]);
    let refused = Some(ErrorCode::USER_IS_NOT_LOGGED);
    let (pairs, code) = returned(TokenClock::Device, true);
    assert_eq!(pairs, ended);
    assert_eq!(code, refused, "the newer one came too late");
}

#[test]
fn the_token_that_the_server_took_at_the_return_counts_though_a_newer_one_waits() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    let superseded = renew(&mut bench, 200_000);
    bench.at(1_000).open();
    let newer = renew(&mut bench, 300_000);
    bench.welcome();
    assert_eq!(bench.code(superseded), Some(ErrorCode::IM_SERVER_DISCONNECT));
    bench.answer(ErrorCode::TOKEN_INVALID);
    assert_eq!(bench.code(newer), Some(ErrorCode::TOKEN_INVALID));
    bench.at(199_999);
    assert_eq!(warnings(&bench), [30_000]);
    assert_eq!(bench.pairs(), ["3/3", "2/0"]);
    bench.at(200_000);
    assert_eq!(bench.pairs(), ["0/5"]);
}

#[test]
fn an_end_that_is_due_in_the_moment_of_the_return_is_told_in_it() {
    let mut bench = online(2, |_| ());
    bench.close(CloseCause::Reset);
    bench.at(1_000).open();
    bench.just_at(2_000).welcome();
    bench.feed(Input::Timer);
    assert_eq!(bench.pairs(), ["3/3", "2/0", "0/5"]);
}

#[test]
fn a_renewal_that_was_not_sent_survives_the_refusal_of_the_old_token() {
    let (mut bench, call) = renewed_while_the_login_is_under_way();
    let id = bench.last_request();
    bench.push(&ServerFrame::Refused { id, code: ErrorCode::TOKEN_EXPIRED, ended: None });
    assert_eq!(bench.code(call), None);
    bench.at(3_000).accept();
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    assert_eq!(bench.pairs(), ["3/3", "2/0"]);
}

#[test]
fn a_renewal_that_has_run_out_already_ends_nothing() {
    let mut bench = online(60, |_| ());
    bench.close(CloseCause::Reset);
    bench.at(500);
    renew(&mut bench, 100);
    bench.at(59_999);
    assert_eq!(bench.pairs(), ["3/3"]);
}

#[test]
fn the_server_is_told_when_the_token_has_run_out() {
    let mut bench = online(60, |_| ());
    bench.at(60_000);
    assert!(matches!(bench.frames.last(), Some(ClientFrame::Logout {})));
    let mut bench = online(60, |p| p.token_clock = TokenClock::Server);
    bench.push(&ServerFrame::Ended { cause: crate::protocol::SessionEnd::TokenExpired });
    assert_eq!(bench.pairs(), ["0/5"]);
    assert!(matches!(bench.frames.last(), Some(ClientFrame::Logout {})));
}

#[test]
fn the_deadlines_of_a_token_are_those_of_the_session() {
    let mut bench = online(60, |_| ());
    let both = [Some(30_000), Some(60_000)];
    assert_eq!(bench.token_deadlines(), both);
    bench.close(CloseCause::Reset);
    assert_eq!(bench.token_deadlines(), both);
    bench.call(Call::Logout);
    assert_eq!(bench.token_deadlines(), [None; 2]);
}
