//! What shrinking makes of failures: planted bugs on noisy plans end as files that a person
//! can read.

mod planted;

use planted::{BUGS, find, noisy};
use zimsim::contract::Check;
use zimsim::engine::{self, Engine};
use zimsim::explore::{Ended, Runner, Shrunk, judge, shrink, sweep};
use zimsim::record::{ClientId, Event, Record, Recording, Who};
use zimsim::scenario::{self, Document, Plan};
use zimsim::time::Span;
use zimsim::zim::{Callback, ConnectionEvent, ConnectionState, RoomState};

const FAULTS: &[&str] = &[
    "cut",
    "flap",
    "stall",
    "crash",
    "suspend",
    "rst",
    "portal",
    "link",
    "admin",
    "offline",
    "doze",
    "blackhole",
    "handover",
    "dns",
    "overload",
    "clock",
];

fn faults(document: &Document) -> usize {
    document.rows("steps").filter(|row| FAULTS.iter().any(|key| row.get(key).is_some())).count()
}

/// Every time in the steps that is no whole number of seconds.
fn uneven(document: &Document) -> Vec<String> {
    let values = document.rows("steps").flat_map(|row| row.entries());
    let times = values.filter(|(key, _)| *key != "text").filter_map(|(_, value)| value.text());
    let uneven = |text: &&str| Span::parse(text).is_ok_and(|span| !span.ms().is_multiple_of(1000));
    times.filter(uneven).map(str::to_owned).collect()
}

fn file(shrunk: &Shrunk) -> String {
    shrunk.file("by a test")
}

#[test]
fn planted_bugs_end_as_files_that_a_person_can_read() {
    let mut wrong = Vec::new();
    for bug in BUGS {
        let (n, document, check) = find(bug.runner, noisy);
        let shrunk = shrink("drawn.toml", &document, check, bug.runner, &|| false);
        let shrunk = shrunk.expect("it fails by that check");
        let text = file(&shrunk);
        let uneven = uneven(&shrunk.document);
        println!("{} (plan {n}, {} runs)\n{text}", bug.name, shrunk.runs);
        if faults(&shrunk.document) > 3 || !uneven.is_empty() {
            wrong.push(format!("{}: {uneven:?}\n{text}", bug.name));
        }
        let steps = shrunk.document.rows("steps").count();
        assert!(steps <= 10, "{}: {steps} steps\n{text}", bug.name);
        // The file is a scenario, fails by the same check, and can't be shrunk any further.
        let plan = scenario::load("found.toml", text.as_bytes(), &zimsim::contract::ids());
        plan.unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        let again = judge("found.toml", &Document::read(&text), bug.runner).expect("a scenario");
        assert!(again.failed().contains(&check), "{}\n{text}", bug.name);
        let twice = shrink("drawn.toml", &shrunk.document, check, bug.runner, &|| false);
        let twice = twice.expect("it still fails by that check");
        assert_eq!(twice.document, shrunk.document, "{}", bug.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where a link doubled packets, messages come twice: the noise is the cause.
fn doubled(plan: &Plan) -> Recording {
    let mut recording = engine::run(plan, Engine::Event, false);
    let worked = recording.links.iter().any(|link| link.counts.duplicated > 3);
    let message = |record: &Record| {
        matches!(record.event, Event::Callback(Callback::RoomMessageReceived { .. }))
    };
    if let Some(place) = recording.records.iter().position(message).filter(|_| worked) {
        let again = recording.records[place].clone();
        recording.records.insert(place, again);
    }
    recording
}

#[test]
fn noise_that_is_the_cause_stays_with_a_seed_that_shows_it() {
    let runner = Runner { run: doubled };
    let (_, document, check) = find(runner, noisy);
    let shrunk = shrink("drawn.toml", &document, check, runner, &|| false).expect("it fails");
    let text = file(&shrunk);
    println!("{text}");
    assert!(text.contains("duplicate") && !text.contains("loss") && !text.contains("jitter = \"1"));
    assert!(faults(&shrunk.document) <= 3 && uneven(&shrunk.document).is_empty(), "{text}");
    let again = judge("found.toml", &Document::read(&text), runner).expect("a scenario");
    assert!(again.failed().contains(&check), "{text}");
}

/// A cut that begins between T1 and T2, in 60 ms at the default latency, loses the verdict.
fn verdict_cut_off(plan: &Plan) -> Recording {
    let mut recording = engine::run(plan, Engine::Event, false);
    for client in 0..plan.clients.len() {
        let who = Who::Client(ClientId(client));
        let (mut back, mut hit) = (None, None);
        for record in recording.records.iter().filter(|record| record.who == who) {
            match &record.event {
                Event::Callback(Callback::ConnectionStateChanged { state, event }) => {
                    let now =
                        *state == ConnectionState::Connected && *event == ConnectionEvent::Success;
                    back = now.then_some(record.at);
                }
                Event::Callback(Callback::RoomStateChanged { state, .. }) => {
                    let cut = plan.faults.iter().find(|fault| {
                        let name = &plan.clients[client].name;
                        let inside =
                            back.is_some_and(|t1| fault.from > t1 && fault.from < record.at);
                        fault.act == "cut" && fault.who.contains(name.as_str()) && inside
                    });
                    if *state == RoomState::Connected && cut.is_some() {
                        hit = hit.or(back);
                    }
                }
                _ => {}
            }
        }
        if let Some(t1) = hit {
            recording.records.retain(|record| {
                let room =
                    matches!(record.event, Event::Callback(Callback::RoomStateChanged { .. }));
                !(record.who == who && record.at > t1 && room)
            });
        }
    }
    recording
}

/// Found by a sweep rather than drawn: the window is too narrow for chance.
#[test]
fn a_race_of_milliseconds_ends_at_whole_seconds_in_slow_motion() {
    let runner = Runner { run: verdict_cut_off };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/4-t2-restored.toml");
    let base = Document::read(&std::fs::read_to_string(path).expect("a scenario that ships"));
    let swept = sweep("base.toml", &base, "cut@alice:1s", runner, &|| false).expect("a sweep");
    let fails = swept.outcomes.iter().find(|found| !found.failures.is_empty());
    let fails = fails.unwrap_or_else(|| panic!("{}", swept.text()));
    assert_ne!(uneven(&fails.example), [""; 0], "a moment between two packets");
    let check = *fails.outcome.failed.first().expect("a check");
    let shrunk = shrink("found.toml", &fails.example, check, runner, &|| false).expect("it fails");
    let text = file(&shrunk);
    println!("{text}");
    assert!(faults(&shrunk.document) <= 3 && uneven(&shrunk.document).is_empty(), "{text}");
}

const UNMET: &str = r#"
title   = "an expectation that is not met, among others"
until   = "3m"
network = { latency = "47ms", jitter = "9ms", loss = "1%" }
clients = { alice = { token_life = "77s" }, bob = {}, carol = {} }
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "1s",  client = "bob", call = "login" },
  { at = "1s",  client = "carol", call = "login" },
  { at = "3s",  client = "bob", call = "enterRoom", room = "hall" },
  { at = "4s",  client = "carol", call = "enterRoom", room = "hall", name = "came" },
  { at = "13777ms", cut = "alice", for = "41s", name = "tunnel" },
  { at = "95s", client = "bob", call = "sendRoomMessage", room = "hall", text = "well, well, well" },
]
expect = [
  { client = "alice", row = "1.reconnecting", from = "tunnel", within = "30s" },
  { client = "alice", row = "1.connected", from = "tunnel.end", within = "1s" },
  { client = "carol", callback = "onRoomMessageReceived", room = "hall" },
]
never = [ { client = "bob", connection = "3/*" } ]
"#;

#[test]
fn an_expectation_that_is_not_met_stays_and_the_others_go() {
    let document = Document::read(UNMET);
    let shrunk = shrink("unmet.toml", &document, Check::Expect, Runner::EVENT, &|| false);
    let shrunk = shrunk.expect("it fails");
    let text = file(&shrunk);
    println!("{text}");
    let expects: Vec<_> = shrunk.document.rows("expect").collect();
    assert_eq!(expects.len(), 1, "{text}");
    assert_eq!(expects[0].text("row"), Some("1.connected"), "{text}");
    assert!(text.contains("tunnel") && !text.contains("carol") && !text.contains("jitter = \"9"));
    // What is left fails because the app is told late, not because it never goes offline.
    assert_eq!(faults(&shrunk.document), 1, "{text}");
    assert_eq!(shrunk.failed, shrunk.failed_on_turmoil, "{text}");
}

#[test]
fn what_does_not_fail_that_way_is_not_shrunk() {
    let document = Document::read(UNMET);
    let shrink = |check| shrink("unmet.toml", &document, check, Runner::EVENT, &|| false);
    assert!(shrink(Check::Never).is_none() && shrink(Check::Liveness).is_none());
}

#[test]
fn shrinking_ends_when_it_is_told_to_and_what_it_has_still_fails() {
    let (_, document, check) = find(BUGS[0].runner, noisy);
    for after in [0_u32, 1, 7, 30] {
        let left = std::cell::Cell::new(after);
        let stop = || left.replace(left.get().saturating_sub(1)) == 0;
        let shrunk = shrink("drawn.toml", &document, check, BUGS[0].runner, &stop);
        let shrunk = shrunk.expect("it fails");
        assert_eq!(shrunk.ended, Ended::Stopped);
        let again = judge("found.toml", &shrunk.document, BUGS[0].runner).expect("a scenario");
        assert!(again.failed().contains(&check), "after {after}: {}", file(&shrunk));
    }
}

const CROWD: &str = r#"
title   = "a crowd, of which one would be enough"
until   = "2m"
clients = { crowd = { size = 300, login = "0s..20s", rooms_of = 30 }, bob = {} }
steps = [
  { at = "3s",  client = "bob", call = "login" },
  { at = "41s", crash = "server", state = "kept", for = "3s" },
  { at = "50s", flap = "crowd", down_for = "3s", up_for = "4s", times = 5 },
]
never = [ { client = "crowd", connection = "3/*" } ]
"#;

#[test]
fn a_crowd_shrinks_to_the_few_that_it_takes() {
    let document = Document::read(CROWD);
    let shrunk = shrink("crowd.toml", &document, Check::Never, Runner::EVENT, &|| false);
    let shrunk = shrunk.expect("it fails");
    let text = file(&shrunk);
    println!("{text}");
    assert!(text.contains("crowd = { size = 1") && !text.contains("bob"), "{text}");
    assert_eq!(faults(&shrunk.document), 1, "{text}");
}
