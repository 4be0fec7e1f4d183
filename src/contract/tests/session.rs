//! Row `2.kicked`.

use crate::contract::bench::{ALICE, BOB, Bench, query};
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::zim::ErrorCode;

const NEVER: u64 = 10_000_000;

fn kicked(bench: &mut Bench, at: u64) {
    let (user, device) = bench.who(ALICE);
    let cause = Some(SessionEnd::KickedOut);
    bench.fact(at, ServerFact::SessionEnded { user, device, cause });
}

/// A phone and a tablet of one account.
fn two_devices() -> Bench {
    let mut bench = Bench::new(&["phone", "tablet"]);
    for client in &mut bench.plan.clients {
        client.script.user = "alice".into();
    }
    bench.login(0, ALICE, NEVER);
    bench
}

#[test]
fn a_kick_that_is_told_at_once_holds() {
    let mut bench = two_devices();
    bench.login(20_000, BOB, NEVER);
    kicked(&mut bench, 20_030);
    bench.connection(20_060, ALICE, (0, 4));
    bench.call(30_000, ALICE, query(), Some((30_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench.holds("2.kicked");
    bench.leaves_out("1.gave-up");
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
fn a_kick_that_is_never_told_is_contradicted() {
    let mut bench = two_devices();
    kicked(&mut bench, 20_030);
    bench.contradicts("2.kicked", "kicked by the server at 20.030, never told");
}

#[test]
fn a_kick_while_offline_is_told_on_the_way_back() {
    let mut bench = two_devices();
    bench.cut("lift", ALICE, 12_000, 72_000).connection(27_000, ALICE, (3, 3));
    kicked(&mut bench, 32_000);
    bench.attempts(ALICE, &[28_000, 60_000, 75_000]).connection(75_200, ALICE, (0, 4));
    bench.holds("2.kicked");
    bench.holds("1.gave-up");
}

#[test]
fn coming_back_after_a_kick_is_contradicted() {
    let mut bench = two_devices();
    bench.cut("lift", ALICE, 12_000, 72_000).connection(27_000, ALICE, (3, 3));
    kicked(&mut bench, 32_000);
    bench.attempts(ALICE, &[28_000, 60_000, 75_000]);
    bench.logged_in(75_100, ALICE, true).connection(75_200, ALICE, (2, 0));
    bench.contradicts(
        "2.kicked",
        "CONNECTED/SUCCESS (2/0), though the server ended the session at 32.000",
    );
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
}

#[test]
fn a_kick_that_nobody_ordered_is_contradicted() {
    let mut bench = two_devices();
    bench.connection(20_060, ALICE, (0, 4));
    bench.contradicts("2.kicked", "told at 20.060, but the server kicked nobody");
}

#[test]
fn a_session_that_makes_way_for_its_own_devices_new_login_is_no_kick() {
    let mut bench = two_devices();
    kicked(&mut bench, 20_030);
    bench.logged_in(20_030, ALICE, false);
    bench.leaves_out("2.kicked");
}
