//! Recordings edited by hand: the contract by itself, without a scenario's expectations,
//! notices a state callback that is missing, said twice, or has another number.

use std::path::Path;
use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::record::{Event, Recording, Who};
use zimsim::scenario::{self, Plan};
use zimsim::zim::{Callback, ConnectionEvent, ConnectionState, RoomEvent, RoomState};

/// The plan without anything that its file demands.
fn plan(stem: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{stem}.toml"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut plan = scenario::load(stem, &bytes, &contract::ids())
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    plan.expects.clear();
    plan.nevers.clear();
    plan.results.clear();
    plan
}

fn is_state(event: &Event) -> bool {
    let Event::Callback(callback) = event else { return false };
    match callback {
        Callback::ConnectionStateChanged { .. } | Callback::RoomStateChanged { .. } => true,
        Callback::TokenWillExpire { .. }
        | Callback::RoomMemberJoined { .. }
        | Callback::RoomMemberLeft { .. }
        | Callback::PeerMessageReceived { .. }
        | Callback::RoomMessageReceived { .. } => false,
    }
}

/// The same callback with every other event, and with every other state.
fn others(event: &Event) -> Vec<Event> {
    let Event::Callback(callback) = event else { return Vec::new() };
    let mut all = Vec::new();
    match callback {
        Callback::ConnectionStateChanged { state, event } => {
            for other in ConnectionEvent::ALL.iter().copied() {
                all.push(Callback::ConnectionStateChanged { state: *state, event: other });
            }
            for other in ConnectionState::ALL.iter().copied() {
                all.push(Callback::ConnectionStateChanged { state: other, event: *event });
            }
        }
        Callback::RoomStateChanged { room, state, event } => {
            for other in RoomEvent::ALL.iter().copied() {
                let room = room.clone();
                all.push(Callback::RoomStateChanged { room, state: *state, event: other });
            }
            for other in RoomState::ALL.iter().copied() {
                let room = room.clone();
                all.push(Callback::RoomStateChanged { room, state: other, event: *event });
            }
        }
        Callback::TokenWillExpire { .. }
        | Callback::RoomMemberJoined { .. }
        | Callback::RoomMemberLeft { .. }
        | Callback::PeerMessageReceived { .. }
        | Callback::RoomMessageReceived { .. } => {}
    }
    all.into_iter().filter(|other| other != callback).map(Event::Callback).collect()
}

/// Every edit of one place, with its name.
fn edits(recording: &Recording, place: usize) -> Vec<(String, Recording)> {
    let mut all = Vec::new();
    let mut without = recording.clone();
    without.records.remove(place);
    all.push(("missing".to_owned(), without));
    let mut twice = recording.clone();
    twice.records.insert(place, recording.records[place].clone());
    all.push(("twice".to_owned(), twice));
    for event in others(&recording.records[place].event) {
        let mut other = recording.clone();
        let name = format!("{event:?}");
        other.records[place].event = event;
        all.push((name, other));
    }
    all
}

/// The edits that nothing notices.
fn unnoticed(stem: &str) -> Vec<String> {
    let plan = plan(stem);
    let recording = engine::run(&plan, Engine::Event, false);
    let honest = contract::check(&plan, &recording);
    assert!(honest.held(), "{stem}: {:?}", honest.failures);
    let mut silent = Vec::new();
    for (place, record) in recording.records.iter().enumerate() {
        let Who::Client(client) = record.who else { continue };
        if !is_state(&record.event) {
            continue;
        }
        for (edit, edited) in edits(&recording, place) {
            if contract::check(&plan, &edited).held() {
                let who = plan.client_name(client);
                silent.push(format!("{stem} {} {who} {:?}: {edit}", record.at, record.event));
            }
        }
    }
    silent
}

/// A return, or an entry, that is not told is still to come for all that can be known, until
/// its bound is over; these runs end before.
fn may_come_yet(edit: &str) -> bool {
    edit.contains("state: Connected, event: Success }): missing")
}

#[test]
fn an_edited_state_callback_is_noticed_whatever_the_scenario_expects() {
    let stems = [
        "1-reconnect",
        "2-kicked",
        "2-multi-device-room",
        "3-token-expired",
        "4-callback-at-t1-on",
        "4-second-cut-before-t2",
        "4-t2-timeout-enter",
        "4-two-rooms",
    ];
    let silent: Vec<_> = stems.into_iter().flat_map(unnoticed).collect();
    let wrong: Vec<_> = silent.iter().filter(|edit| !may_come_yet(edit)).cloned().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(silent.len() <= stems.len(), "{}", silent.join("\n"));
}
