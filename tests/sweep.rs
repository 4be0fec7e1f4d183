//! Sweeps over shipped scenarios, and one that finds a planted race.

use std::fs;
use std::path::Path;
use zimsim::engine::{self, Engine};
use zimsim::explore::{NoSweep, Outcome, Runner, Swept, judge, sweep};
use zimsim::record::{AdminAct, Event, Recording, Who};
use zimsim::scenario::{Document, Plan};
use zimsim::time::Time;
use zimsim::zim::{Callback, ConnectionState, RoomState};

const STEM: &str = "4-t2-restored";
/// A short one, for what takes many runs.
const SHORT: &str = "1-reconnect";

fn document(stem: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{stem}.toml"));
    Document::read(&fs::read_to_string(path).expect("a scenario that ships"))
}

fn swept(stem: &str, act: &str, runner: Runner) -> Swept {
    let swept = sweep(&format!("{stem}.toml"), &document(stem), act, runner, &|| false);
    swept.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

fn told<'a>(outcome: &'a Outcome, client: &str) -> &'a [String] {
    let own = outcome.told.iter().find(|told| told.client == client);
    own.map(|told| told.events.as_slice()).unwrap_or_default()
}

#[test]
fn a_kick_at_every_moment_has_the_outcomes_that_the_document_knows() {
    let swept = swept(STEM, "kick@alice", Runner::EVENT);
    assert!(swept.moments > 300, "{}", swept.text());
    assert_eq!(swept.tried, swept.moments);
    let moments: usize = swept.outcomes.iter().map(|found| found.moments).sum();
    assert_eq!(moments, swept.moments, "each moment has one outcome");
    // Before she is logged in there is nobody to kick; afterwards she is told, always.
    let base = &swept.outcomes[0];
    assert_eq!((&base.outcome, base.at), (&swept.base, Time::ZERO));
    for found in &swept.outcomes[1..] {
        let kicked = "onConnectionStateChanged  DISCONNECTED/KICKED_OUT (0/4)";
        let told = told(&found.outcome, "alice");
        assert_eq!(told.iter().filter(|event| *event == kicked).count(), 1, "{told:?}");
    }
    // Kicked in the tunnel she hears of it on the way back, and of no room.
    let in_tunnel = swept.outcomes.iter().find(|found| {
        let inside = |(from, to): &(Time, Time)| from.ms() < 40_000 && to.ms() > 40_000;
        found.stretches.iter().any(inside)
    });
    let in_tunnel = told(&in_tunnel.expect("a moment").outcome, "alice");
    let lost = in_tunnel.iter().position(|event| event.contains("(3/3)")).expect("the tunnel");
    assert!(in_tunnel[lost..].iter().all(|event| !event.contains("(2/0)")), "{in_tunnel:?}");
}

#[test]
fn each_example_is_a_scenario_that_has_its_outcome() {
    for act in ["cut@alice:20s", "crash@server", "rst@alice", "expiry@alice", "login@alice"] {
        let swept = swept(SHORT, act, Runner::EVENT);
        assert!(swept.outcomes.len() > 1, "{act}\n{}", swept.text());
        for found in &swept.outcomes {
            let ran = judge(SHORT, &found.example, Runner::EVENT).expect("a scenario");
            assert_eq!(Outcome::of(&ran), found.outcome, "{act} at {}", found.at);
        }
    }
}

#[test]
fn the_other_acts_can_be_placed_too() {
    for act in ["unregister", "stall", "offline", "handover", "suspend", "crash", "renew", "logout"]
    {
        let swept = swept(SHORT, &format!("{act}@alice"), Runner::EVENT);
        assert!(swept.tried > 100 && swept.outcomes.len() > 1, "{act}\n{}", swept.text());
    }
}

/// A kick between T1 and T2 is never told.
fn kick_is_lost(plan: &Plan) -> Recording {
    let mut recording = engine::run(plan, Engine::Event, false);
    let kicked = recording.records.iter().find_map(|record| match &record.event {
        Event::Admin { act: AdminAct::KickUser { user }, hit: true, .. } => {
            plan.clients.iter().position(|own| own.script.user == *user).map(|own| (record.at, own))
        }
        _ => None,
    });
    let Some((kicked, client)) = kicked else { return recording };
    let own = |who: Who| matches!(who, Who::Client(id) if id.0 == client);
    let (mut back, mut waits) = (false, false);
    for record in recording.records.iter().filter(|record| own(record.who) && record.at < kicked) {
        match &record.event {
            Event::Callback(Callback::ConnectionStateChanged { state, .. }) => {
                back = *state == ConnectionState::Connected;
            }
            Event::Callback(Callback::RoomStateChanged { state, event, .. }) => {
                waits = (*state, event.number()) == (RoomState::Connecting, 1);
            }
            _ => {}
        }
    }
    if back && waits {
        recording.records.retain(|record| {
            !(own(record.who) && record.at > kicked && matches!(record.event, Event::Callback(_)))
        });
    }
    recording
}

#[test]
fn a_race_of_a_few_milliseconds_is_found_and_told() {
    let swept = swept(STEM, "kick@alice", Runner { run: kick_is_lost });
    let sound = self::swept(STEM, "kick@alice", Runner::EVENT);
    let known: Vec<_> = sound.outcomes.iter().map(|found| &found.outcome).collect();
    let new = swept.outcomes.iter().filter(|found| !known.contains(&&found.outcome));
    let new: Vec<_> = new.collect();
    // T1 is at 57.360, T2 at 57.420.
    let inside = |(from, to): &(Time, Time)| from.ms() > 57_360 && to.ms() <= 57_420;
    assert!(!new.is_empty() && new.iter().all(|found| found.stretches.iter().all(inside)));
    let failing = new.iter().filter(|found| !found.failures.is_empty());
    assert!(failing.count() > 0 && swept.text().contains("FAILED"), "{}", swept.text());
}

#[test]
fn two_sweeps_find_the_same_whatever_the_threads_do() {
    let [one, other] =
        [swept(SHORT, "rst@alice", Runner::EVENT), swept(SHORT, "rst@alice", Runner::EVENT)];
    assert_eq!((one.text(), one.json()), (other.text(), other.json()));
}

#[test]
fn a_sweep_that_is_stopped_tells_what_it_has() {
    let stopped = sweep(STEM, &document(STEM), "kick@alice", Runner::EVENT, &|| true);
    let stopped = stopped.expect("a sweep");
    assert_eq!((stopped.tried, stopped.outcomes.len()), (0, 0));
    assert!(stopped.text().contains("stopped"), "{}", stopped.text());
}

#[test]
fn an_act_that_is_none_is_said_with_what_there_is() {
    for (act, says) in [
        ("kick", "kick@alice"),
        ("kik@alice", "nearest: \"kick\""),
        ("kick@alcie", "nearest: \"alice\""),
        ("kick@server", "alice, bob"),
        ("kick@alice:3s", "takes no time"),
        ("cut@alice:3", "needs a unit"),
        ("fly@alice", "acts: kick,"),
    ] {
        let Err(NoSweep::Act(wrong)) = sweep(STEM, &document(STEM), act, Runner::EVENT, &|| false)
        else {
            panic!("{act}");
        };
        assert!(wrong.contains(says), "{act}: {wrong}");
    }
}
