//! Row `3.expired` where the token runs out during RECONNECTING.

use super::token::{EXPIRY, OK, warned};
use crate::contract::bench::{ALICE, Bench};
use crate::net::{Fault, HostFault};
use crate::param::{ExpiryWhileReconnecting, TokenClock};
use crate::record::{HostId, Way};
use crate::time::Time;
use crate::zim::{Call, ErrorCode};

/// From here on, an expiry waits for the return.
fn waits(bench: &mut Bench) {
    bench.plan.params.token_expiry_while_reconnecting = ExpiryWhileReconnecting::AtReconnect;
}

/// Alice's device is 20 s ahead, and an expiry waits for the return.
fn ahead() -> Bench {
    let mut bench = Bench::new(&["alice"]);
    waits(&mut bench);
    bench.plan.clients[0].clock_ms = 20_000;
    bench
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
    waits(&mut bench);
    bench.leaves_out("3.expired");
    bench.connection(91_000, ALICE, (0, 5));
    bench.holds("3.expired");
    let mut bench = away();
    waits(&mut bench);
    bench.connection(91_000, ALICE, (2, 0));
    let what = "CONNECTED again at 91.000 with a token that ran out at 60.000";
    bench.contradicts("3.expired", what);
}

/// A `renewToken` of the meantime failed, being superseded, say: the server may have taken its
/// token nevertheless.
#[test]
fn whoever_may_have_returned_with_a_newer_token_owes_no_expiry() {
    let mut bench = away();
    waits(&mut bench);
    bench.renew(65_000, ALICE, 900_000, Some((70_000, ErrorCode::IM_SERVER_DISCONNECT)));
    bench.connection(91_000, ALICE, (2, 0));
    bench.leaves_out("3.expired");
}

#[test]
fn whoever_returned_with_a_newer_token_owes_no_expiry_but_one_renewed_later_does() {
    let renewed = |made, heard| {
        let mut bench = away();
        waits(&mut bench);
        bench.connection(91_000, ALICE, (2, 0)).renew(made, ALICE, 900_000, Some((heard, OK)));
        bench
    };
    renewed(65_000, 70_000).leaves_out("3.expired");
    renewed(65_000, 91_000).leaves_out("3.expired");
    let what = "CONNECTED again at 91.000 with a token that ran out at 60.000";
    renewed(92_000, 92_060).contradicts("3.expired", what);
}

#[test]
fn what_is_told_instead_of_the_return_is_told_before_it() {
    let away = || {
        let mut bench = away();
        waits(&mut bench);
        bench
    };
    let mut bench = away();
    bench.connection(91_000, ALICE, (2, 0)).connection(95_000, ALICE, (0, 5));
    let what = "CONNECTED again at 91.000, expiry 60.000, told at 95.000";
    bench.contradicts("3.expired", what);
    let mut bench = away();
    bench.connection(91_000, ALICE, (0, 5)).login(100_000, ALICE, 900_000);
    bench.holds("3.expired");
    // Back with the expiry, not after it.
    let mut bench = away();
    bench.connection(60_000, ALICE, (2, 0));
    bench.leaves_out("3.expired");
    // Lost with the expiry.
    let mut bench = warned();
    waits(&mut bench);
    bench.connection(60_000, ALICE, (3, 3)).attempts(ALICE, &[61_000]);
    bench.leaves_out("3.expired");
}

/// The device's clock is ahead of the server's, which lets the client in when the token has run
/// out by the one and not by the other; the welcome arrives when it has by both.
#[test]
fn whom_the_server_lets_in_before_its_own_expiry_is_told_after_the_return() {
    let told = |let_in, at: Option<u64>| {
        let mut bench = ahead();
        bench.login(0, ALICE, 60_000).connection(20_000, ALICE, (3, 3));
        bench.logged_in(let_in, ALICE, true).connection(60_020, ALICE, (2, 0));
        if let Some(at) = at {
            bench.connection(at, ALICE, (0, 5));
        }
        bench.verdicts("3.expired")
    };
    assert_eq!(told(59_990, Some(60_021)), [Ok(())]);
    let late = |told| [Err(format!("CONNECTED again at 60.020, expiry 40.000, {told}"))];
    assert_eq!(told(59_990, Some(60_022)), late("told at 60.022"));
    assert_eq!(told(59_990, None), late("nothing was told"));
    // The server's own clock forbids it.
    assert_eq!(told(60_000, Some(60_021)), late("told at 60.021"));
}

/// By the server's clock alone: it ends the session that it has just let in again, and the word of
/// that follows the welcome.
#[test]
fn whom_the_server_lets_in_before_the_expiry_hears_of_it_within_a_second() {
    let told = |let_in: u64, at: u64| {
        let mut bench = warned();
        bench.plan.params.token_clock = TokenClock::Server;
        bench.connection(50_000, ALICE, (3, 3)).logged_in(let_in, ALICE, true);
        bench.connection(60_020, ALICE, (2, 0)).connection(at, ALICE, (0, 5));
        bench.verdicts("3.expired")
    };
    let late = |at| [Err(format!("CONNECTED again at 60.020, expiry 60.000, told at {at}"))];
    assert_eq!(told(59_999, 61_020), [Ok(())]);
    assert_eq!(told(59_999, 61_021), late("61.021"));
    assert_eq!(told(60_000, 60_040), late("60.040"));
    // A stall, or what it leaves behind, holds up the word, and excuses no login.
    let held_up = |let_in| {
        let mut bench = warned();
        bench.plan.params.token_clock = TokenClock::Server;
        bench.fault(Fault::Stall(vec![(ALICE, Way::Down)]), "alice", (60_030, 63_000));
        bench.connection(50_000, ALICE, (3, 3)).logged_in(let_in, ALICE, true);
        bench.connection(60_020, ALICE, (2, 0)).connection(63_000, ALICE, (0, 5));
        bench.verdicts("3.expired")
    };
    assert_eq!(held_up(59_999), [Ok(())]);
    assert_eq!(held_up(60_000), late("63.000"));
}

/// Something befalls alice's device from one moment to another.
fn befalls(bench: &mut Bench, fault: HostFault, from_to: (u64, u64)) {
    bench.fault(Fault::Hosts(vec![HostId::Client(ALICE)], fault), "alice", from_to);
}

/// Back with a token that has run out by the device's clock, which ends the session then.
#[test]
fn once_back_the_devices_clock_counts_again_unless_it_was_set_back() {
    let back = |set_back_at: u64| {
        let mut bench = ahead();
        befalls(&mut bench, HostFault::ClockSet { by_ms: -20_000 }, (set_back_at, set_back_at));
        bench.login(0, ALICE, 60_000).connection(20_000, ALICE, (3, 3));
        bench.logged_in(44_990, ALICE, true).connection(45_000, ALICE, (2, 0));
        bench
    };
    back(44_000).leaves_out("3.expired");
    let what = "CONNECTED again at 45.000, expiry 40.000, nothing was told";
    back(46_000).contradicts("3.expired", what);
}

/// Back, and due to be told a millisecond later.
#[test]
fn once_back_nothing_is_owed_by_who_is_away_again_stopped_or_out_or_if_the_run_ends() {
    let back = || {
        let mut bench = ahead();
        bench.login(0, ALICE, 60_000).connection(20_000, ALICE, (3, 3));
        bench.logged_in(44_990, ALICE, true).connection(45_000, ALICE, (2, 0));
        bench
    };
    let what = "CONNECTED again at 45.000, expiry 40.000, nothing was told";
    back().contradicts("3.expired", what);
    for (lost_at, owed) in [(45_001, false), (45_002, true)] {
        let mut bench = back();
        bench.connection(lost_at, ALICE, (3, 3));
        assert_eq!(bench.verdicts("3.expired").len(), usize::from(owed), "{lost_at}");
    }
    for (from_to, owed) in [((45_001, 50_000), false), ((45_002, 50_000), true)] {
        let mut bench = back();
        befalls(&mut bench, HostFault::Suspended, from_to);
        assert_eq!(bench.verdicts("3.expired").len(), usize::from(owed), "{from_to:?}");
    }
    for (out_at, owed) in [(45_001, false), (45_002, true)] {
        let mut bench = back();
        bench.call(out_at, ALICE, Call::Logout, Some((out_at, OK)));
        bench.connection(out_at, ALICE, (0, 0));
        assert_eq!(bench.verdicts("3.expired").len(), usize::from(owed), "{out_at}");
    }
    for (end, owed) in [(45_001, false), (45_002, true)] {
        let mut bench = back();
        bench.plan.until = Time::from_ms(end);
        assert_eq!(bench.verdicts("3.expired").len(), usize::from(owed), "{end}");
    }
}

/// The process was stopped at the expiry by the device's clock, 20 s ahead, and came back.
#[test]
fn after_a_stop_and_a_return_the_devices_clock_counts_again() {
    let told = |at: u64| {
        let mut bench = ahead();
        befalls(&mut bench, HostFault::Suspended, (35_000, 45_000));
        bench.login(0, ALICE, 60_000).connection(45_000, ALICE, (3, 3));
        bench.logged_in(51_990, ALICE, true).connection(52_000, ALICE, (2, 0));
        bench.connection(at, ALICE, (0, 5));
        bench
    };
    told(52_001).holds("3.expired");
    let mut in_again = told(52_001);
    in_again.login(70_000, ALICE, 900_000);
    in_again.holds("3.expired");
    told(52_002).contradicts("3.expired", "told at 52.002, long after it could be");
}

#[test]
fn a_logout_while_away_owes_no_expiry_but_one_after_the_return_is_too_late() {
    let logged_out = |back: Option<u64>| {
        let mut bench = away();
        waits(&mut bench);
        if let Some(back) = back {
            bench.connection(back, ALICE, (2, 0));
        }
        bench.call(95_000, ALICE, Call::Logout, Some((95_000, OK)));
        bench.connection(95_000, ALICE, (0, 0)).login(100_000, ALICE, 900_000);
        bench
    };
    logged_out(None).leaves_out("3.expired");
    let what = "CONNECTED again at 91.000 with a token that ran out at 60.000";
    logged_out(Some(91_000)).contradicts("3.expired", what);
}
