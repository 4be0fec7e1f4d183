//! What a run came to, so that two runs can be told apart or held for the same.
//!
//! An outcome is what the apps were told: for each client every callback, every result of a
//! call and everything it showed, in order but without times; and which checks of the contract
//! failed. What only the scenario's author wanted (`expect`, `never`, `result`) is no part of
//! it. So an outcome is another as soon as one callback comes more, less, with another number,
//! or before another one of the same client, and stays the same as long as only times move.

use super::judge::Ran;
use crate::contract::Check;
use crate::record::{ClientId, Event, Recording, Who};
use crate::scenario::{Document, Plan, Value};
use crate::timeline::{Words, longest_common};
use crate::zim::Callback;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// What each client's app was told, by client, in words.
    pub told: Vec<Told>,
    /// The checks of the contract that failed.
    pub failed: BTreeSet<Check>,
}

/// What one client's app was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Whose.
    pub client: String,
    /// What, in order.
    pub events: Vec<String>,
}

/// One thing that one outcome has and another has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose app.
    pub client: String,
    /// Whether it is told that more, or less.
    pub more: bool,
    /// What.
    pub event: String,
    /// What comes right before it with this app; `None`: nothing does.
    pub after: Option<String>,
}

impl Outcome {
    /// Of a run.
    pub fn of(ran: &Ran) -> Outcome {
        let told = told(&ran.plan, &ran.recording);
        Outcome { told, failed: ran.failed_contract() }
    }

    /// What the apps are told more and less than by another outcome, by client, in order. A
    /// client that the other has not is told everything more.
    pub fn changes_from(&self, base: &Outcome) -> Vec<Change> {
        let of = |told: &[Told], client: &str| {
            let found = told.iter().find(|told| told.client == client);
            found.map(|told| told.events.clone()).unwrap_or_default()
        };
        let mut names: Vec<_> = base.told.iter().chain(&self.told).map(|t| &t.client).collect();
        names.sort_unstable();
        names.dedup();
        let mut changes = Vec::new();
        for client in names {
            let (a, b) = (of(&base.told, client), of(&self.told, client));
            let mut change = |more, all: &[String], place: usize| {
                let after = place.checked_sub(1).map(|before| all[before].clone());
                let (client, event) = (client.clone(), all[place].clone());
                changes.push(Change { client, more, event, after });
            };
            let (mut next_a, mut next_b) = (0, 0);
            for (to_a, to_b) in longest_common(&a, &b).into_iter().chain([(a.len(), b.len())]) {
                (next_a..to_a).for_each(|place| change(false, &a, place));
                (next_b..to_b).for_each(|place| change(true, &b, place));
                (next_a, next_b) = (to_a + 1, to_b + 1);
            }
        }
        changes
    }
}

/// For people, what the apps are told more (`+`) and less (`-`) than by another outcome, and what
/// at another place (`~`). What comes less is listed only where it is little: after a terminal
/// state all the rest is missing.
pub(super) fn changes(outcome: &Outcome, base: &Outcome) -> String {
    const LISTED: usize = 3;
    let changes = outcome.changes_from(base);
    let width = changes.iter().map(|change| change.client.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for own in changes.chunk_by(|a, b| a.client == b.client) {
        let moved = |change: &Change| {
            own.iter().any(|other| other.event == change.event && other.more != change.more)
        };
        let less = own.iter().filter(|change| !change.more && !moved(change)).count();
        let mut listed = 0;
        for change in own {
            let Change { client, more, event, after } = change;
            let mut say = |sign: char, what: &str| {
                writeln!(out, "   {sign} {client:width$}  {what}").expect("a string grows");
            };
            match (moved(change), *more) {
                (true, true) => match after {
                    Some(after) => say('~', &format!("{event}, now after {after}")),
                    None => say('~', &format!("{event}, now first")),
                },
                (true, false) => {}
                (false, true) => say('+', event),
                (false, false) => {
                    listed += 1;
                    if less <= LISTED || listed == 1 {
                        say('-', event);
                    }
                }
            }
        }
        if less > LISTED {
            let client = &own[0].client;
            writeln!(out, "   - {client:width$}  … and {} more", less - 1).expect("a string grows");
        }
    }
    out
}

/// A document without what its author expects of its own run.
pub(super) fn unjudged(document: &Document) -> Document {
    let mut bare = document.clone();
    bare.root.remove("expect");
    bare.root.remove("never");
    for step in bare.list_mut("steps").iter_mut().filter_map(Value::table_mut) {
        let is = |key| step.get(key).is_some();
        if is("call") {
            step.set("result", "any");
        } else if !is("show") && !is("heal") && !is("restart") {
            step.set("may_miss", true);
        }
    }
    bare
}

fn told(plan: &Plan, recording: &Recording) -> Vec<Told> {
    let words = Words::new(plan, recording);
    let mut all: Vec<_> = plan
        .clients
        .iter()
        .map(|client| Told { client: client.name.clone(), events: Vec::new() })
        .collect();
    for record in &recording.records {
        let Who::Client(ClientId(place)) = record.who else { continue };
        let event = match &record.event {
            // How much is left is a time.
            Event::Callback(Callback::TokenWillExpire { .. }) => Some("onTokenWillExpire".into()),
            Event::Callback(_) | Event::Result { .. } | Event::Shown { .. } => words.event(record),
            Event::Called { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Server(_)
            | Event::Wire(_) => None,
        };
        all[place].events.extend(event);
    }
    all
}
