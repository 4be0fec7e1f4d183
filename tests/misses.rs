//! A fault that did not bite is a failed test: each kind, in a run in which it hits nothing, and
//! in one in which it does.

use std::collections::BTreeSet;
use zimsim::contract::{self, HITS, Report};
use zimsim::engine::{self, Engine};
use zimsim::net::{Fault, HostFault, NameAnswer, PortalAnswer, ResetEnd, Rhythm, ServerState};
use zimsim::param::Size;
use zimsim::record::{ClientId, FaultId, HostId, Way};
use zimsim::scenario::{self, NetAct, Plan, PlannedFault};
use zimsim::time::{Span, Time};

/// Nobody logs in, so that there is nothing to hit but processes.
const IDLE: &str = r#"
title   = "nobody does anything"
until   = "60s"
clients = { alice = {}, bob = {} }
steps   = [ { at = "50s", client = "alice", show = "nothing" } ]
"#;

/// Alice is logged in and sends her heartbeats, bob logs in later.
const BUSY: &str = r#"
title   = "a day's work"
until   = "60s"
clients = { alice = {}, bob = {} }
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "12s", client = "bob",   call = "login", result = "any" },
  { at = "20s", client = "bob",   call = "enterRoom", room = "r9", result = "any" },
]
"#;

const RHYTHM: Rhythm = Rhythm { down: Span::from_secs(4), up: Span::from_secs(4), times: 2 };
const ALICE: ClientId = ClientId(0);
const CLIENTS: [HostId; 2] = [HostId::Client(ALICE), HostId::Client(ClientId(1))];

fn plan(text: &str) -> Plan {
    scenario::load("misses.toml", text.as_bytes(), &contract::ids())
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)))
}

fn judge(plan: &Plan) -> Report {
    contract::check(plan, &engine::run(plan, Engine::Event, false))
}

/// Every failure that says so of this run.
fn misses(plan: &Plan) -> Vec<String> {
    let failures = judge(plan).failures.into_iter().map(|failure| failure.what);
    failures.filter(|what| what.contains("hit nothing")).collect()
}

/// Adds a fault from one second to another, before all that begins later.
fn add(plan: &mut Plan, name: &str, fault: Fault, (from, to): (u64, u64)) {
    let (from, to) = (Time::from_ms(from * 1000), Time::from_ms(to * 1000));
    let id = FaultId(plan.faults.len());
    plan.faults.push(PlannedFault {
        name: Some(name.to_owned()),
        fault,
        act: "fault",
        who: "somebody".to_owned(),
        detail: String::new(),
        from,
        to: Some(to),
        may_miss: false,
    });
    plan.acts.push((from, NetAct::Begin(id)));
    if to > from {
        plan.acts.push((to, NetAct::End(id)));
    }
    plan.acts.sort_by_key(|(at, _)| *at);
}

/// Every kind of fault. The flag: it strikes a process that merely runs, and misses only
/// where there is none.
fn faults() -> Vec<(&'static str, Fault, bool)> {
    let state = ServerState::Kept;
    let on = |hosts: &[HostId], fault| Fault::Hosts(hosts.to_vec(), fault);
    let server = [HostId::Server];
    let alice = [HostId::Client(ALICE)];
    vec![
        ("cut", Fault::Cut(vec![(ALICE, Way::Up), (ALICE, Way::Down)]), false),
        ("cut up", Fault::Cut(vec![(ALICE, Way::Up)]), false),
        ("flap", Fault::Flap(vec![(ALICE, Way::Up), (ALICE, Way::Down)], RHYTHM), false),
        ("black hole", Fault::BlackHole(vec![(ALICE, Way::Up)], Size::from_bytes(1)), false),
        ("reset", Fault::Reset(vec![ALICE], ResetEnd::Both), false),
        ("stall", Fault::Stall(vec![(ALICE, Way::Up), (ALICE, Way::Down)]), false),
        ("server's power", on(&server, HostFault::PowerCut { state }), true),
        ("alice's power", on(&alice, HostFault::PowerCut { state }), true),
        ("server killed", on(&server, HostFault::Killed { state }), true),
        ("alice killed", on(&alice, HostFault::Killed { state }), true),
        ("suspended", on(&alice, HostFault::Suspended), false),
        ("dozing", on(&alice, HostFault::Dozing), false),
        ("offline", on(&alice, HostFault::Offline), true),
        ("handover", on(&alice, HostFault::Handover { told: false }), false),
        ("handover, told", on(&alice, HostFault::Handover { told: true }), true),
        ("silent portal", on(&alice, HostFault::Portal(PortalAnswer::Silence)), false),
        ("portal", on(&alice, HostFault::Portal(PortalAnswer::Reset)), false),
        ("names", on(&CLIENTS, HostFault::Names(NameAnswer::Silence)), false),
        ("overload", on(&server, HostFault::Overload(Span::from_secs(1))), false),
        ("clock", on(&alice, HostFault::ClockSet { by_ms: 3_600_000 }), false),
    ]
}

fn window(fault: &Fault) -> (u64, u64) {
    match fault {
        Fault::Hosts(_, HostFault::ClockSet { .. }) => (9, 9),
        Fault::Reset(..) => (9, 9),
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::Flap(..)
        | Fault::BlackHole(..)
        | Fault::Hosts(..) => (9, 25),
    }
}

/// A run in which the fault meets nobody.
fn missed(name: &str, fault: &Fault, strikes_processes: bool) -> Plan {
    let mut plan = plan(IDLE);
    if strikes_processes && let Fault::Hosts(hosts, _) = fault {
        let dark = Fault::Hosts(hosts.clone(), HostFault::PowerCut { state: ServerState::Kept });
        add(&mut plan, "dark", dark, (5, 30));
    }
    add(&mut plan, name, fault.clone(), window(fault));
    plan
}

#[test]
fn every_kind_of_fault_that_hits_nothing_fails_and_says_what_would_count() {
    let mut told = BTreeSet::new();
    for (name, fault, strikes_processes) in faults() {
        let mut plan = missed(name, &fault, strikes_processes);
        let misses_of_it = misses(&plan);
        let [only] = misses_of_it.as_slice() else { panic!("{name}: {misses_of_it:?}") };
        let words = format!("{name}: fault somebody hit nothing (what counts: ");
        assert!(only.starts_with(&words), "{only}");
        let rule = HITS.iter().find(|rule| only.ends_with(&format!("{})", rule.hit)));
        told.insert(rule.unwrap_or_else(|| panic!("{only}")).kind);
        plan.faults.last_mut().expect("the fault").may_miss = true;
        assert_eq!(misses(&plan), [""; 0], "{name}");
    }
    let acts = HITS.iter().map(|rule| rule.kind).filter(|kind| kind.starts_with("admin "));
    let all: BTreeSet<_> = told.iter().copied().chain(acts).chain(["link settings"]).collect();
    assert_eq!(all, HITS.iter().map(|rule| rule.kind).collect::<BTreeSet<_>>());
}

#[test]
fn every_kind_of_fault_hits_where_there_is_something_to_hit() {
    for (name, fault, _) in faults() {
        let mut plan = plan(BUSY);
        let window = window(&fault);
        add(&mut plan, name, fault, window);
        assert_eq!(misses(&plan), [""; 0], "{name}");
    }
}

#[test]
fn every_administrators_act_that_finds_nobody_fails_and_says_what_would_count() {
    let acts = [
        (r#"admin = "destroyRoom", room = "r9""#, "destroyRoom r9", "the room exists"),
        (
            r#"admin = "kickFromRoom", room = "r9", user = "alice""#,
            "kickFromRoom r9 alice",
            "the user is in the room",
        ),
        (r#"admin = "kickUser", user = "bob""#, "kickUser bob", "the user has a session"),
        (r#"admin = "unregister", user = "bob""#, "unregister bob", "the account exists"),
    ];
    for (step, words, rule) in acts {
        let with = |may: &str| {
            let step = format!("steps = [ {{ at = \"5s\", {step}{may} }},");
            misses(&plan(&BUSY.replace("steps = [", &step)))
        };
        let told = with("");
        let [only] = told.as_slice() else { panic!("{words}: {told:?}") };
        let wanted = format!("admin {words} hit nothing (what counts: {rule}");
        assert!(only.starts_with(&wanted), "{only}");
        assert_eq!(with(", may_miss = true"), [""; 0], "{words}");
    }
}

/// The last lines of a run's receipts, by its timeline.
fn receipt(text: &str, name: &str) -> String {
    let plan = plan(text);
    let recording = engine::run(&plan, Engine::Event, false);
    let report = contract::check(&plan, &recording);
    let timeline = zimsim::timeline::text(&plan, &recording, &report, false);
    let start = format!("  {name}: ");
    let line = timeline.lines().find(|line| line.starts_with(&start));
    line.unwrap_or_else(|| panic!("no {name} in\n{timeline}"))[start.len()..].to_owned()
}

#[test]
fn receipts_name_the_frames_that_were_hit() {
    let fault =
        |step: &str| format!("steps = [ {{ at = \"19s\", {step}, for = \"8s\", name = \"it\" }},");
    let with = |step: &str| receipt(&BUSY.replace("steps = [", &fault(step)), "it");
    let cut = with(r#"cut = "alice""#);
    assert_eq!(cut, "alice's open connection (heartbeat 2) (met packets up only)");
    let deaf = with(r#"cut = "alice", direction = "down""#);
    assert_eq!(deaf, "alice's open connection (answer to heartbeat 2), down only");
    let stall = with(r#"stall = ["alice", "bob"]"#);
    let both = "alice's open connection (heartbeat 2) (met packets up only); \
                bob's open connection (heartbeat 1, enterRoom) (met packets up only)";
    assert_eq!(stall, both);
}
