//! T0, T1, T2, and waits without an end.

use super::*;
use crate::contract::Converged;
use crate::net::{Fault, HostFault};
use crate::param::Percent;
use crate::record::HostId;
use crate::time::Time;

/// Alice's room in her outage, up to T1.
fn asking() -> Bench {
    let mut bench = together();
    loses(&mut bench);
    bench.room(27_000, ALICE, "r1", (1, 1));
    returns(&mut bench);
    bench
}

#[test]
fn a_verdict_before_the_return_is_told() {
    let mut bench = together();
    loses(&mut bench);
    bench.room(27_000, ALICE, "r1", (1, 1)).room(40_000, ALICE, "r1", (0, 9));
    left(&mut bench, 40_000, ALICE, Some(RoomEnd::TimedOut));
    returns(&mut bench);
    breaks(&bench, &["I.outage-order  alice: T2 of r1 came before T1"]);
}

#[test]
fn a_second_repeat_at_one_t1_is_told() {
    let mut bench = asking();
    bench.plan.params.room_callback_at_t1 = true;
    bench.room(53_060, ALICE, "r1", (1, 1));
    answered(&mut bench, 53_090, Standing::In);
    bench.room(53_120, ALICE, "r1", (2, 0));
    breaks(&bench, &[]);
    bench.room(53_060, ALICE, "r1", (1, 1));
    breaks(&bench, &["I.outage-order  alice: r1 said 1/1 twice at 53.060"]);
}

#[test]
fn an_interruption_without_a_loss_is_told() {
    let mut bench = together();
    bench.room(100_000, ALICE, "r1", (1, 1)).room(101_000, ALICE, "r1", (2, 0));
    breaks(
        &bench,
        &["I.outage-order  alice: r1 CONNECTING/NETWORK_INTERRUPTED (1/1) while the \
                      connection stood"],
    );
}

#[test]
fn a_verdict_that_is_late_or_missing_is_told() {
    let mut bench = asking();
    answered(&mut bench, 94_050, Standing::In);
    bench.room(94_060, ALICE, "r1", (2, 0));
    breaks(&bench, &[]);
    let mut bench = asking();
    answered(&mut bench, 94_050, Standing::In);
    bench.room(94_061, ALICE, "r1", (2, 0));
    let late = "I.outage-complete  alice: r1 had no verdict by 94.060, T1 was at 53.060";
    breaks(&bench, &[late]);
    let mut bench = asking();
    bench.plan.until = Time::from_ms(94_060);
    breaks(&bench, &[]);
    bench.plan.until = Time::from_ms(94_061);
    breaks(&bench, &[late]);
}

#[test]
fn no_verdict_is_due_of_a_process_that_is_stopped() {
    let stopped = |to: u64, end: u64| {
        let mut bench = asking();
        let suspended = Fault::Hosts(vec![HostId::Client(ALICE)], HostFault::Suspended);
        bench.fault(suspended, "alice", (60_000, to));
        bench.plan.until = Time::from_ms(end);
        bench
    };
    // 41 s from T1, or from when it runs again.
    breaks(&stopped(200_000, 190_000), &[]);
    breaks(&stopped(100_000, 141_000), &[]);
    let late = "I.outage-complete  alice: r1 had no verdict by 141.000, T1 was at 53.060";
    breaks(&stopped(100_000, 141_001), &[late]);
}

#[test]
fn a_verdict_that_is_not_the_answer_is_told() {
    let mut bench = asking();
    left(&mut bench, 45_000, ALICE, Some(RoomEnd::TimedOut));
    answered(&mut bench, 53_090, Standing::Gone);
    bench.room(53_120, ALICE, "r1", (0, 9));
    breaks(
        &bench,
        &["I.verdict-is-answer  alice: r1 DISCONNECTED/CONNECT_TIMEOUT (0/9), but the \
                      server had answered: no, there is no such room"],
    );
    let mut bench = asking();
    bench.room(53_120, ALICE, "r1", (2, 0));
    breaks(
        &bench,
        &["I.verdict-is-answer  alice: r1 CONNECTED/SUCCESS (2/0), but the server had \
                      not answered"],
    );
}

#[test]
fn each_answer_has_its_verdict() {
    let pairs = [
        (Standing::TimedOut, (0, 9)),
        (Standing::Gone, (0, 3)),
        (Standing::Kicked, (0, 2)),
        (Standing::OtherDevice, (0, 10)),
        (Standing::Out, (0, 2)),
    ];
    for (standing, pair) in pairs {
        let mut bench = asking();
        left(&mut bench, 45_000, ALICE, None);
        answered(&mut bench, 53_090, standing);
        bench.room(53_120, ALICE, "r1", pair);
        breaks(&bench, &[]);
    }
}

#[test]
fn silence_is_a_verdict_only_after_all_questions() {
    for (at, breaches) in [(68_059, 1), (68_060, 0)] {
        let mut bench = asking();
        left(&mut bench, 45_000, ALICE, None);
        bench.room(at, ALICE, "r1", (0, 2));
        assert_eq!(bench.breaches().len(), breaches, "{at}");
    }
}

#[test]
fn the_callback_at_t1_is_a_change_only_where_the_parameter_asks() {
    let mut bench = asking();
    bench.room(53_060, ALICE, "r1", (1, 1));
    answered(&mut bench, 53_090, Standing::In);
    bench.room(53_120, ALICE, "r1", (2, 0));
    breaks(
        &bench,
        &["I.change-only  alice: r1 CONNECTING/NETWORK_INTERRUPTED (1/1), but it was \
                      CONNECTING already"],
    );
    bench.plan.params.room_callback_at_t1 = true;
    breaks(&bench, &[]);
}

/// The verdict on Alice's waits.
fn convergence(bench: &Bench) -> Converged {
    check(&bench.plan, &bench.recording()).liveness[0].verdict.clone()
}

#[test]
fn a_wait_that_never_ends_is_told_once_its_time_is_over() {
    let mut bench = online();
    loses(&mut bench);
    // 40 s of resending, 20 s until it is noticed, 20 s for an attempt that hangs, 36 s of
    // pause, 1.48 s to get through, 20 s of questions, 20 s for a heartbeat among them.
    bench.plan.until = Time::from_ms(52_000 + 157_480);
    breaks(&bench, &[]);
    assert_eq!(convergence(&bench), Converged::NotJudged);
    bench.plan.until = Time::from_ms(52_000 + 157_481);
    breaks(
        &bench,
        &["L.converges  alice: waits for its connection, RECONNECTING since 27.000 \
                      (the bound is 157480ms)"],
    );
}

#[test]
fn a_room_that_waits_for_ever_is_told() {
    let mut bench = together();
    bench.plan.params.room_query_tries = 60;
    bench.plan.until = Time::from_ms(600_000);
    bench.room(100_000, ALICE, "r1", (1, 1));
    let breaches = bench.breaches();
    let waits = breaches.iter().filter(|what| what.starts_with("L.converges"));
    assert_eq!(waits.count(), 1, "{breaches:?}");
}

#[test]
fn a_network_that_is_never_whole_is_not_judged() {
    let mut bench = online();
    bench.plan.clients[0].up.loss = Percent::from_ppm(1);
    assert_eq!(convergence(&bench), Converged::NotJudged);
    let mut bench = online();
    loses(&mut bench);
    bench.plan.faults[0].to = None;
    assert_eq!(convergence(&bench), Converged::NotJudged);
    let mut bench = online();
    bench.cut("tunnel", ALICE, 150_000, 250_000);
    assert_eq!(convergence(&bench), Converged::NotJudged, "whole only after the run");
}

#[test]
fn waits_that_ended_hold_and_say_when() {
    let by = convergence(&sound());
    assert_eq!(by, Converged::Held { by: Time::from_ms(53_120) });
}

#[test]
fn a_full_queue_is_trouble_until_the_last_packet_that_it_dropped() {
    use crate::record::{LinkCounts, LinkUse, Way};
    let bench = online();
    let mut recording = bench.recording();
    let dropped_when = Some((Time::from_ms(60_000), Time::from_ms(70_000)));
    let counts = LinkCounts { dropped: 2, dropped_when, ..LinkCounts::default() };
    recording.links = vec![LinkUse { client: ALICE, way: Way::Down, counts }];
    let report = check(&bench.plan, &recording);
    assert_eq!(report.liveness[0].calm, Some(Time::from_ms(70_000)));
    assert_eq!(report.liveness[1].calm, Some(Time::ZERO));
}

#[test]
fn a_change_of_a_link_that_met_no_packet_fails() {
    use crate::net::{LinkChange, LinkUpdate};
    use crate::scenario::PlannedChange;
    let mut bench = online();
    let nothing = LinkUpdate::default();
    bench.plan.changes.push(PlannedChange {
        directions: Vec::new(),
        change: LinkChange::Set { up: nothing, down: nothing, nat: None },
        words: "link alice: loss 1%".into(),
        name: None,
        from: Time::from_ms(90_000),
        may_miss: false,
    });
    let failures = |bench: &Bench, met| {
        let mut recording = bench.recording();
        recording.changes = vec![met];
        let report = check(&bench.plan, &recording);
        report.failures.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(failures(&bench, 1), [""; 0]);
    assert_eq!(
        failures(&bench, 0),
        [
            "90.000  link alice: loss 1% met no packet (what counts: a packet sent under them. Whether it suffers is chance: a loss of 1 % may lose none)"
        ]
    );
    bench.plan.changes[0].may_miss = true;
    assert_eq!(failures(&bench, 0), [""; 0]);
}

#[test]
fn loss_that_is_taken_back_ends_the_trouble_then() {
    use crate::net::{LinkChange, LinkUpdate};
    use crate::record::Way;
    use crate::scenario::{NetAct, PlannedChange};
    let mut bench = online();
    bench.plan.clients[0].up.loss = Percent::from_ppm(1);
    let up = LinkUpdate { loss: Some(Percent::from_ppm(0)), ..LinkUpdate::default() };
    bench.plan.changes.push(PlannedChange {
        directions: vec![(ALICE, Way::Up)],
        change: LinkChange::Set { up, down: LinkUpdate::default(), nat: None },
        words: "link alice".into(),
        name: None,
        from: Time::from_ms(70_000),
        may_miss: false,
    });
    bench.plan.acts.push((Time::from_ms(70_000), NetAct::Change(0)));
    let report = check(&bench.plan, &bench.recording());
    assert_eq!(report.liveness[0].calm, Some(Time::from_ms(70_000)));
    assert_eq!(report.liveness[1].calm, Some(Time::ZERO));
}
