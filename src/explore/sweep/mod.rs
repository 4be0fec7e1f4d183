//! Puts one act before, at and after everything that happens in a run, and tells what can come
//! of it.
//!
//! The moments are those of the base run: for each packet wherever it is sent or received, and
//! for each event down to the last timer, the millisecond before it, its own, and the one after.
//! Within a millisecond acts on network and hosts come first, in file order, then the hosts with
//! what arrives and what their apps do: so a cut in a packet's own millisecond takes it, and a
//! kick comes after what has arrived at the server by then. There is no moment between two.

mod act;
mod moments;
mod told;

use super::judge::{Runner, judge};
use super::outcome::{Outcome, unjudged};
use super::parallel;
use crate::scenario::{Diagnostics, Document};
use crate::time::Time;
use moments::Happened;
use std::collections::BTreeMap;

pub use act::Act;

/// What came of a sweep.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The scenario's name.
    pub name: String,
    /// What was swept.
    pub act: String,
    /// What the base run came to.
    pub base: Outcome,
    /// All outcomes that there were, each with the moments that led to it; by the earliest.
    pub outcomes: Vec<Found>,
    /// How many moments there are at which the act can be.
    pub moments: usize,
    /// At how many of them it was tried: all, unless it was stopped.
    pub tried: usize,
}

/// One outcome of a sweep.
#[derive(Clone, Debug)]
pub struct Found {
    /// What the run came to.
    pub outcome: Outcome,
    /// The earliest moment that led to it.
    pub at: Time,
    /// The last thing that had happened before that moment in the base run, in words.
    pub after: String,
    /// What happens in that millisecond of the base run, if anything.
    pub with: Option<String>,
    /// What fails there, by the contract, in words.
    pub failures: Vec<String>,
    /// Stretches of moments that all led to it; each first and last.
    pub stretches: Vec<(Time, Time)>,
    /// How many moments led to it.
    pub moments: usize,
    /// The scenario of the earliest one.
    pub example: Document,
}

/// Why there was no sweep.
#[derive(Debug)]
pub enum NoSweep {
    /// The document is no scenario.
    Document(Diagnostics),
    /// The act is none.
    Act(String),
}

/// Sweeps an act, written as in `kick@alice`, over a document's run. `stop` is asked before each
/// run, by any thread.
///
/// # Errors
/// When the document is no scenario, or the act is none.
pub fn sweep(
    name: &str,
    document: &Document,
    act: &str,
    runner: Runner,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Swept, NoSweep> {
    let document = unjudged(document);
    let ran = judge(name, &document, runner).map_err(NoSweep::Document)?;
    let base = Outcome::of(&ran);
    let act = Act::parse(act, &ran.plan).map_err(NoSweep::Act)?;
    let prepared = act.prepare(&document);
    let happened = Happened::of(&ran.plan);
    let moments = happened.moments(ran.plan.until);
    let placed: Vec<_> = moments
        .into_iter()
        .filter_map(|at| act.at(at, &prepared, &document).map(|document| (at, document)))
        .collect();
    let done = parallel::each(&placed, parallel::cores(), stop, |(_, document)| {
        let ran = judge(name, document, runner).ok()?;
        let contract = ran.report.failures.iter().filter(|failure| failure.check.is_of_contract());
        let failures = contract.map(ToString::to_string).collect::<Vec<_>>();
        Some((Outcome::of(&ran), failures))
    });
    let mut found: BTreeMap<Outcome, Found> = BTreeMap::new();
    let mut last: Option<Outcome> = None;
    let mut tried = 0;
    for ((at, example), done) in placed.iter().zip(done) {
        let Some((outcome, failures)) = done.flatten() else {
            last = None;
            continue;
        };
        tried += 1;
        let entry = found.entry(outcome.clone()).or_insert_with(|| {
            let (after, with) = happened.around(*at, act.target());
            let (outcome, example) = (outcome.clone(), example.clone());
            let (stretches, moments) = (Vec::new(), 0);
            Found { outcome, at: *at, after, with, failures, stretches, moments, example }
        });
        entry.moments += 1;
        match entry.stretches.last_mut().filter(|_| last.as_ref() == Some(&outcome)) {
            Some(stretch) => stretch.1 = *at,
            None => entry.stretches.push((*at, *at)),
        }
        last = Some(outcome);
    }
    let mut outcomes: Vec<_> = found.into_values().collect();
    outcomes.sort_by_key(|found| found.at);
    let moments = placed.len();
    Ok(Swept { name: ran.plan.name, act: act.text, base, outcomes, moments, tried })
}
