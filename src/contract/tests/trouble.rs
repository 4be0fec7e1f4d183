//! When the network is at fault, and when a host: from the first moment to the last.

use crate::contract::bench::{ALICE, BOB, Bench};
use crate::contract::trouble::{disturbed, due, forgotten, held_up};
use crate::net::{Fault, HostFault, ServerState};
use crate::record::{HostId, Way};
use crate::scenario::{Plan, PlannedFault};
use crate::time::{Span, Time};

/// Alice, Bob, and one fault from 100 s to 110 s.
fn with(fault: Fault) -> Plan {
    let mut bench = Bench::new(&["alice", "bob"]);
    bench.fault(fault, "somebody", (100_000, 110_000));
    bench.plan
}

fn at(ms: u64) -> Time {
    Time::from_ms(ms)
}

#[test]
fn a_process_that_is_stopped_or_slow_is_held_up() {
    let own = [HostFault::Suspended, HostFault::Dozing, HostFault::Overload(Span::from_secs(1))];
    for fault in own {
        let mut plan = with(Fault::Hosts(vec![HostId::Client(ALICE)], fault));
        let held = |plan: &Plan, from, to| held_up(plan, ALICE, at(from), at(to));
        assert!(!held(&plan, 0, 99_999), "{fault:?}");
        assert!(held(&plan, 0, 100_000) && held(&plan, 110_000, 120_000), "{fault:?}");
        assert!(held(&plan, 101_000, 102_000), "{fault:?}");
        assert!(!held(&plan, 110_001, 120_000), "{fault:?}");
        assert!(!held_up(&plan, BOB, at(0), at(200_000)), "{fault:?}");
        plan.faults[0].to = None;
        assert!(held(&plan, 150_000, 160_000), "{fault:?}");
    }
    let cut = with(Fault::Cut(vec![(ALICE, Way::Up), (ALICE, Way::Down)]));
    assert!(!held_up(&cut, ALICE, at(0), at(200_000)), "packets are lost, no process waits");
    let offline = with(Fault::Hosts(vec![HostId::Client(ALICE)], HostFault::Offline));
    assert!(!held_up(&offline, ALICE, at(0), at(200_000)));
}

#[test]
fn what_is_due_from_a_stopped_process_is_due_anew_when_it_runs_again() {
    let within = Span::from_secs(10);
    let mut plan = with(Fault::Hosts(vec![HostId::Client(ALICE)], HostFault::Suspended));
    let alice = |plan: &Plan, from| due(plan, ALICE, at(from), within);
    assert_eq!(alice(&plan, 89_999), Some(at(99_999)), "done before it stops");
    assert_eq!(alice(&plan, 90_000), Some(at(120_000)));
    assert_eq!(alice(&plan, 110_000), Some(at(120_000)));
    assert_eq!(alice(&plan, 110_001), Some(at(120_001)), "it runs again");
    assert_eq!(due(&plan, BOB, at(95_000), within), Some(at(105_000)), "it never stopped");
    // Stopped again before it could do it; and, the other way round, listed earlier.
    let again = PlannedFault { from: at(120_000), to: Some(at(121_000)), ..plan.faults[0].clone() };
    plan.faults.insert(0, again);
    assert_eq!(alice(&plan, 95_000), Some(at(131_000)));
    plan.faults[0].to = None;
    assert_eq!(alice(&plan, 95_000), None, "it never runs again");
    assert_eq!(alice(&plan, 80_000), Some(at(90_000)));
}

#[test]
fn a_fault_disturbs_whom_it_concerns_and_64_s_longer() {
    let mut plan = with(Fault::Cut(vec![(ALICE, Way::Up)]));
    let alice = |plan: &Plan, from, to| disturbed(plan, ALICE, at(from), at(to));
    assert!(!alice(&plan, 0, 99_999));
    assert!(alice(&plan, 0, 100_000) && alice(&plan, 174_000, 175_000));
    assert!(!alice(&plan, 174_001, 175_000));
    assert!(!disturbed(&plan, BOB, at(0), at(200_000)));
    plan.faults[0].to = None;
    assert!(alice(&plan, 190_000, 200_000));
}

#[test]
fn a_server_forgets_with_its_state_alone() {
    let crash = |state| with(Fault::Hosts(vec![HostId::Server], HostFault::PowerCut { state }));
    let lost = crash(ServerState::Lost);
    assert!(forgotten(&lost, at(100_000), at(100_000)));
    assert!(!forgotten(&lost, at(100_001), at(200_000)));
    assert!(!forgotten(&lost, at(0), at(99_999)));
    assert!(!forgotten(&crash(ServerState::Kept), at(0), at(200_000)));
}
