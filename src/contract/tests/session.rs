//! Row `2.kicked`, and KICKED_OUT that is no occasion of it.

use crate::contract::bench::{ALICE, BOB, Bench, query};
use crate::protocol::SessionEnd;
use crate::record::{Event, ServerFact, Who};
use crate::zim::{Call, ErrorCode, UserId};

const NEVER: u64 = 10_000_000;
const NOTHING: [&str; 0] = [];

fn ended(bench: &mut Bench, at: u64, cause: SessionEnd) {
    let (user, device) = bench.who(ALICE);
    bench.fact(at, ServerFact::SessionEnded { user, device, cause: Some(cause) });
}

/// The tablet logs in anew, and the server ends the phone's session.
fn kicked(bench: &mut Bench, at: u64) {
    ended(bench, at, SessionEnd::KickedOut);
    bench.logged_in(at, BOB, false);
}

/// A phone and a tablet of one account; the phone is logged in since 0.060.
fn two_devices() -> Bench {
    let mut bench = Bench::new(&["phone", "tablet"]);
    for client in &mut bench.plan.clients {
        client.script.user = "alice".into();
    }
    bench.login(0, ALICE, NEVER);
    bench
}

/// The phone is in a lift from 12 s to 72 s and RECONNECTING since 27 s.
fn in_a_lift() -> Bench {
    let mut bench = two_devices();
    bench.cut("lift", ALICE, 12_000, 72_000).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000, 60_000, 75_000]);
    bench
}

#[test]
fn a_kick_that_is_told_at_once_holds() {
    let mut bench = two_devices();
    bench.login(20_000, BOB, NEVER);
    ended(&mut bench, 20_030, SessionEnd::KickedOut);
    bench.connection(20_060, ALICE, (0, 4));
    bench.call(30_000, ALICE, query(), Some((30_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.holds("2.kicked");
    bench.leaves_out("1.gave-up");
    assert_eq!(bench.failures(), NOTHING);
}

#[test]
fn a_kick_told_after_the_deadline_is_contradicted() {
    for (told, held) in [(22_150, true), (22_151, false)] {
        let mut bench = two_devices();
        kicked(&mut bench, 20_030);
        bench.connection(told, ALICE, (0, 4));
        assert_eq!(bench.verdicts("2.kicked")[0].is_ok(), held, "{told}");
    }
}

#[test]
fn another_login_that_is_never_told_is_contradicted_whatever_the_server_did() {
    let never = "another device logged in at 20.030, never told";
    let mut bench = two_devices();
    kicked(&mut bench, 20_030);
    bench.contradicts("2.kicked", never);
    let mut bench = two_devices();
    bench.logged_in(20_030, BOB, false);
    bench.contradicts("2.kicked", never);
    // Logging out later mends nothing; logging out in time does.
    bench.call(30_000, ALICE, Call::Logout, Some((30_000, ErrorCode::SUCCESS)));
    bench.connection(30_000, ALICE, (0, 0));
    bench.contradicts("2.kicked", never);
    for at in [22_000, 22_150] {
        let mut bench = two_devices();
        bench.logged_in(20_030, BOB, false);
        bench.call(at, ALICE, Call::Logout, Some((at, ErrorCode::SUCCESS)));
        bench.connection(at, ALICE, (0, 0));
        bench.leaves_out("2.kicked");
    }
}

#[test]
fn a_kick_while_the_link_is_lost_has_time_though_no_fault_is_to_blame() {
    let mut bench = two_devices();
    bench.connection(27_000, ALICE, (3, 3)).attempts(ALICE, &[28_000, 44_000]);
    kicked(&mut bench, 30_000);
    bench.connection(45_000, ALICE, (0, 4));
    bench.holds("2.kicked");
}

#[test]
fn a_return_that_ends_before_it_is_told_is_no_coming_back() {
    let mut bench = in_a_lift();
    kicked(&mut bench, 32_000);
    bench.logged_in(75_100, ALICE, true).connection(75_200, ALICE, (0, 6));
    bench.leaves_out("2.kicked");
}

#[test]
fn a_login_that_the_server_took_before_this_ones_own_is_no_rival() {
    let mut bench = two_devices();
    bench.logged_in(20, BOB, false);
    bench.leaves_out("2.kicked");
}

#[test]
fn a_login_to_the_account_of_before_is_no_rival() {
    let mut bench = two_devices();
    bench.call(5_000, ALICE, Call::Logout, Some((5_000, ErrorCode::SUCCESS)));
    bench.connection(5_000, ALICE, (0, 0)).connection(10_000, ALICE, (1, 1));
    let Call::Login { device, platform, token, .. } = bench.login_call(ALICE, NEVER) else {
        panic!("a login");
    };
    let user: UserId = "carol".into();
    let login = Call::Login { user: user.clone(), device: device.clone(), platform, token };
    bench.fact(10_030, ServerFact::LoggedIn { user, device, resumed: false });
    bench.connection(10_060, ALICE, (2, 0));
    bench.call(10_000, ALICE, login, Some((10_060, ErrorCode::SUCCESS)));
    bench.logged_in(20_030, BOB, false);
    bench.leaves_out("2.kicked");
}

#[test]
fn a_kick_while_offline_is_told_on_the_way_back() {
    let mut bench = in_a_lift();
    kicked(&mut bench, 32_000);
    bench.connection(75_200, ALICE, (0, 4));
    bench.holds("2.kicked");
    bench.holds("1.gave-up");
}

#[test]
fn coming_back_after_another_login_is_contradicted_even_if_the_server_ended_nothing() {
    let came_back = "CONNECTED/SUCCESS (2/0), though another device logged in at 32.000";
    for resumed in [true, false] {
        let mut bench = in_a_lift();
        kicked(&mut bench, 32_000);
        bench.logged_in(75_100, ALICE, resumed).connection(75_200, ALICE, (2, 0));
        bench.contradicts("2.kicked", came_back);
        // Long given up by the server, and no session of it ended by the tablet's login.
        let mut bench = in_a_lift();
        let (user, device) = bench.who(ALICE);
        bench.fact(47_000, ServerFact::UserOffline { user, device });
        bench.logged_in(32_000, BOB, false);
        bench.logged_in(75_100, ALICE, resumed).connection(75_200, ALICE, (2, 0));
        bench.contradicts("2.kicked", came_back);
        bench.connection(76_000, ALICE, (0, 4));
        bench.contradicts("2.kicked", came_back);
    }
}

#[test]
fn a_welcome_that_was_under_way_at_the_kick_is_no_coming_back() {
    let mut bench = two_devices();
    bench.connection(27_000, ALICE, (3, 3)).attempts(ALICE, &[28_000]);
    bench.logged_in(28_100, ALICE, true);
    kicked(&mut bench, 28_110);
    bench.connection(28_130, ALICE, (2, 0)).connection(28_140, ALICE, (0, 4));
    bench.holds("2.kicked");
}

#[test]
fn attempts_after_a_kick_are_contradicted() {
    let mut bench = two_devices();
    kicked(&mut bench, 20_030);
    bench.connection(20_060, ALICE, (0, 4)).attempts(ALICE, &[25_000]);
    bench.contradicts("2.kicked", "the SDK tried to connect again at 25.000");
    assert_eq!(bench.failures().len(), 1, "told once");
}

#[test]
fn a_server_that_lost_its_state_owes_nothing_of_before() {
    // Between the two logins, and between the other's login and the return.
    for at in [29_000, 40_000] {
        let mut bench = in_a_lift();
        kicked(&mut bench, 32_000);
        bench.server_loses_all(at, at + 1_000);
        bench.logged_in(75_100, ALICE, false).connection(75_200, ALICE, (2, 0));
        bench.leaves_out("2.kicked");
        // The other device comes to the same memory: now it is owed.
        bench.logged_in(80_000, BOB, false);
        let [Err(what)] = &bench.verdicts("2.kicked")[..] else { panic!("{at}") };
        assert_eq!(what, "another device logged in at 80.000, never told");
        bench.connection(80_060, ALICE, (0, 4));
        bench.holds("2.kicked");
    }
}

#[test]
fn another_accounts_login_or_a_return_is_no_rival() {
    let mut bench = two_devices();
    bench.logged_in(20_000, BOB, true);
    bench.leaves_out("2.kicked");
    bench.plan.clients[BOB.0].script.user = "bob".into();
    bench.logged_in(20_000, BOB, false);
    bench.leaves_out("2.kicked");
    assert_eq!(bench.failures(), NOTHING);
}

#[test]
fn a_login_before_this_ones_own_is_no_rival() {
    let mut bench = Bench::new(&["phone", "tablet"]);
    for client in &mut bench.plan.clients {
        client.script.user = "alice".into();
    }
    bench.login(0, BOB, NEVER).login(10_000, ALICE, NEVER).connection(10_060, BOB, (0, 4));
    bench.holds("2.kicked");
    let report = bench.report();
    assert_eq!(report.findings.iter().map(|f| f.client).collect::<Vec<_>>(), [BOB]);
}

#[test]
fn a_kick_by_an_administrator_or_by_the_limit_is_no_occasion_of_the_row() {
    let mut bench = two_devices();
    ended(&mut bench, 20_030, SessionEnd::KickedOut);
    bench.connection(20_060, ALICE, (0, 4));
    bench.leaves_out("2.kicked");
    assert_eq!(bench.failures(), NOTHING);
    let mut bench = two_devices();
    bench.plan.params.login_multi_device = true;
    kicked(&mut bench, 20_030);
    bench.connection(20_060, ALICE, (0, 4));
    bench.leaves_out("2.kicked");
    assert_eq!(bench.failures(), NOTHING);
}

#[test]
fn a_kick_that_nobody_ordered_fails() {
    let mut bench = two_devices();
    bench.connection(20_060, ALICE, (0, 4));
    bench.leaves_out("2.kicked");
    let failure = "phone: DISCONNECTED/KICKED_OUT (0/4), but the server kicked nobody";
    assert_eq!(bench.failures(), [failure]);
}

#[test]
fn a_process_is_judged_to_its_last_word() {
    let mut bench = two_devices();
    bench.connection(20_060, ALICE, (0, 4));
    bench.put(20_060, Who::Client(ALICE), Event::ProcessDied);
    let failure = "phone: DISCONNECTED/KICKED_OUT (0/4), but the server kicked nobody";
    assert_eq!(bench.failures(), [failure]);
}

#[test]
fn what_follows_a_terminal_callback_is_judged_where_no_row_applies() {
    for (event, words) in [(4, "KICKED_OUT (0/4)"), (6, "UNREGISTERED (0/6)")] {
        let mut bench = two_devices();
        ended(&mut bench, 20_030, SessionEnd::KickedOut);
        bench.connection(20_060, ALICE, (0, event)).attempts(ALICE, &[25_000]);
        let tried =
            format!("phone: after DISCONNECTED/{words}: the SDK tried to connect again at 25.000");
        assert_eq!(bench.failures(), [tried]);
        let mut bench = two_devices();
        ended(&mut bench, 20_030, SessionEnd::KickedOut);
        bench.connection(20_060, ALICE, (0, event));
        bench.call(30_000, ALICE, query(), Some((30_000, ErrorCode::SUCCESS)));
        let answered = format!(
            "phone: after DISCONNECTED/{words}: \
             queryRoomMemberList, called at 30.000, got 0 at 30.000 instead of 6000121"
        );
        assert_eq!(bench.failures(), [answered]);
    }
}

#[test]
fn what_follows_a_terminal_callback_is_told_beside_what_rows_say_of_other_things() {
    let failures = |event, cause| {
        let mut bench = two_devices();
        bench.connection(5_000, ALICE, (3, 3)).attempts(ALICE, &[6_000]);
        bench.logged_in(6_500, ALICE, true).connection(7_000, ALICE, (2, 0));
        ended(&mut bench, 20_030, cause);
        bench.connection(20_060, ALICE, (0, event)).attempts(ALICE, &[25_000]);
        bench.failures()
    };
    let after = |name: &str| {
        format!("phone: after DISCONNECTED/{name}: the SDK tried to connect again at 25.000")
    };
    assert_eq!(failures(4, SessionEnd::KickedOut), [after("KICKED_OUT (0/4)")]);
    let early = "phone: row 3.expired contradicted: DISCONNECTED/TOKEN_EXPIRED (0/5) at 20.060, \
                 but no token ran out then";
    let expired = after("TOKEN_EXPIRED (0/5)");
    assert_eq!(failures(5, SessionEnd::TokenExpired), [early, expired.as_str()]);
}

#[test]
fn a_session_that_makes_way_for_its_own_devices_new_login_is_no_kick() {
    let mut bench = two_devices();
    bench.logged_in(20_030, ALICE, false);
    bench.leaves_out("2.kicked");
}

/// The server ends an expired session when its rooms time out, or never.
#[test]
fn an_expired_session_that_the_server_still_has_is_no_rivals_victim() {
    let mut bench = two_devices();
    bench.plan.params.token_authentication = false;
    bench.connection(15_000, ALICE, (0, 2));
    kicked(&mut bench, 20_030);
    bench.leaves_out("2.kicked");
}
