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
use crate::scenario::Plan;
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
            let mut change = |more, event: &String| {
                changes.push(Change { client: client.clone(), more, event: event.clone() });
            };
            let (mut next_a, mut next_b) = (0, 0);
            for (to_a, to_b) in longest_common(&a, &b).into_iter().chain([(a.len(), b.len())]) {
                a[next_a..to_a].iter().for_each(|event| change(false, event));
                b[next_b..to_b].iter().for_each(|event| change(true, event));
                (next_a, next_b) = (to_a + 1, to_b + 1);
            }
        }
        changes
    }
}

/// For people, what the apps are told more (`+`) and less (`-`) than by another outcome. What
/// comes less is listed only where it is little: after a terminal state all the rest is missing.
pub(super) fn changes(outcome: &Outcome, base: &Outcome) -> String {
    const LISTED: usize = 3;
    let changes = outcome.changes_from(base);
    let width = changes.iter().map(|change| change.client.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for own in changes.chunk_by(|a, b| a.client == b.client) {
        let less = own.iter().filter(|change| !change.more).count();
        let mut listed = 0;
        for Change { client, more, event } in own {
            let sign = if *more { '+' } else { '-' };
            listed += usize::from(!more);
            if *more || less <= LISTED || listed == 1 {
                writeln!(out, "   {sign} {client:width$}  {event}").expect("a string grows");
            }
        }
        if less > LISTED {
            let client = &own[0].client;
            writeln!(out, "   - {client:width$}  … and {} more", less - 1).expect("a string grows");
        }
    }
    out
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
