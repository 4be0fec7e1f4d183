//! What both engines owe to whoever reads their recordings.

mod own_network;

use super::world::{SERVER, World};
use super::{Engine, run, run_world};
use crate::record::{Event, HostId};
use crate::scenario::{Plan, load};
use crate::time::Time;
use std::panic::{AssertUnwindSafe, catch_unwind};

const ENGINES: [Engine; 2] = [Engine::Event, Engine::Turmoil];

fn plan(rest: &str) -> Plan {
    let text = format!(
        "title = \"t\"\nuntil = \"20s\"\nclients = {{ alice = {{}} }}\nsteps = [\n\
         {{ at = \"0s\", client = \"alice\", call = \"login\", result = \"any\" }},\n{rest}]\n"
    );
    load("test.toml", text.as_bytes(), &[])
        .unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

#[test]
fn a_panic_in_any_host_fails_the_run_on_both_engines() {
    let plan = plan("");
    for engine in ENGINES {
        for host in [SERVER, 1] {
            let mut world = World::new(&plan, false);
            world.panics = Some((host, Time::from_ms(150)));
            let run = catch_unwind(AssertUnwindSafe(|| run_world(world, &plan, engine)));
            let panic = run.expect_err("the run goes on");
            let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
            assert_eq!(text, "as the test ordered", "{engine:?}");
        }
    }
}

#[test]
fn what_lies_within_one_moment_has_one_order() {
    let recording = run(&plan(""), Engine::Event, true);
    let order =
        |pair: &[crate::record::Record]| (pair[0].at, pair[0].who) <= (pair[1].at, pair[1].who);
    assert!(recording.records.len() > 20);
    assert!(recording.records.windows(2).all(order));
}

#[test]
fn a_trace_adds_events_and_changes_none() {
    let plan = plan("");
    let traced = run(&plan, Engine::Event, true);
    let plain = run(&plan, Engine::Event, false);
    let public = |recording: &crate::record::Recording| -> Vec<_> {
        recording.records.iter().filter(|r| r.event.is_public()).cloned().collect()
    };
    assert_eq!(public(&traced), public(&plain));
    assert!(traced.records.len() > plain.records.len());
}

#[test]
fn odd_orders_of_crash_and_restart_are_the_same_on_both_engines() {
    let steps = [
        "{ at = \"0s\", crash = \"server\", state = \"lost\", for = \"1ms\", may_miss = true },",
        "{ at = \"5s\", crash = \"server\", state = \"kept\", for = \"2s\" },\n\
         { at = \"6s\", crash = \"server\", state = \"lost\", for = \"3s\", may_miss = true },\n\
         { at = \"9s\", admin = \"kickUser\", user = \"alice\", may_miss = true },\n\
         { at = \"9001ms\", admin = \"kickUser\", user = \"alice\", may_miss = true },",
        "{ at = \"5s\", crash = \"server\", state = \"kept\", for = \"1s\" },\n\
         { at = \"6s\", crash = \"server\", state = \"kept\", for = \"1s\", may_miss = true },",
    ];
    for steps in steps {
        let plan = plan(steps);
        let [event, turmoil] = ENGINES.map(|engine| run(&plan, engine, true));
        assert_eq!(event, turmoil, "{steps}");
    }
}

#[test]
fn an_administrator_finds_nobody_while_the_server_is_down() {
    let plan = plan(
        "{ at = \"5s\", crash = \"server\", state = \"kept\", for = \"2s\" },\n\
         { at = \"6s\", admin = \"kickUser\", user = \"alice\", may_miss = true },\n\
         { at = \"8s\", admin = \"kickUser\", user = \"alice\" },",
    );
    let hits: Vec<bool> = run(&plan, Engine::Event, false)
        .records
        .iter()
        .filter_map(|record| match &record.event {
            Event::Admin { hit, .. } => Some(*hit),
            _ => None,
        })
        .collect();
    assert_eq!(hits, [false, true]);
    assert_eq!(World::new(&plan, false).place(HostId::Server), SERVER);
}
