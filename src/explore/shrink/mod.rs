//! Reduces a failing scenario to one that a person can read: the same check still fails, and
//! as little else as possible is left.
//!
//! In order: noise goes; then clients, steps, keys; what is left is shortened, rounded, and
//! said in plainer words; and again, until nothing changes. Each step is verified by a run.
//! The same document gives the same result, and that result gives itself.

mod hunt;
mod names;
mod quiet;
mod shorten;
mod simplify;
mod slow;
mod thin;
mod told;

use super::judge::{Ran, Runner, judge};
use crate::contract::{Check, Failure};
use crate::engine::{self, Engine};
use crate::scenario::Document;
use hunt::Hunt;
use std::collections::BTreeSet;

pub use hunt::BUDGET;

/// How a shrinking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing that is left can go.
    Done,
    /// All runs were used up; more might go.
    Spent,
    /// It was told to stop; more might go.
    Stopped,
}

/// What came of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The scenario, with a title that says what fails.
    pub document: Document,
    /// The check that fails it.
    pub check: Check,
    /// What fails, when; the first if there are several.
    pub failure: Failure,
    /// All checks that fail it.
    pub failed: BTreeSet<Check>,
    /// All checks that fail it on the turmoil engine: the same, but for a bug of zimsim's own,
    /// or one that a test has planted in its runner.
    pub failed_on_turmoil: BTreeSet<Check>,
    /// How many runs it took.
    pub runs: u64,
    /// How it ended.
    pub ended: Ended,
}

/// The other engine, which confirms.
const TURMOIL: Runner = Runner { run: |plan| engine::run(plan, Engine::Turmoil, false) };

/// Reduces a document that fails by a check, as far as it goes on failing by that check.
/// `name` is a file's, for messages; `stop` is asked between runs, of which there are at most
/// [`BUDGET`].
///
/// `None` if the document does not fail by that check.
pub fn shrink(
    name: &str,
    document: &Document,
    check: Check,
    runner: Runner,
    stop: &dyn Fn() -> bool,
) -> Option<Shrunk> {
    let mut hunt = Hunt::begin(name, document, check, runner, stop)?;
    loop {
        let before = hunt.kept.clone();
        quiet::hush(&mut hunt);
        shorten::fewer(&mut hunt);
        thin::thin(&mut hunt);
        shorten::shorten(&mut hunt);
        simplify::simplify(&mut hunt);
        names::rename(&mut hunt);
        let done = hunt.kept == before && !slow::slow(&mut hunt);
        if done || hunt.is_over() {
            break;
        }
    }
    let ended = match (hunt.is_spent(), stop()) {
        (true, _) => Ended::Spent,
        (false, true) => Ended::Stopped,
        (false, false) => Ended::Done,
    };
    thin::tighten(&mut hunt);
    let failure = hunt.failure().clone();
    let mut document = told::in_order(&hunt.kept);
    document.root.set("title", told::title(&failure));
    let on_turmoil = judge(name, &document, TURMOIL).ok();
    Some(Shrunk {
        failed: hunt.ran.failed(),
        failed_on_turmoil: on_turmoil.as_ref().map(Ran::failed).unwrap_or_default(),
        runs: hunt.runs,
        document,
        check,
        failure,
        ended,
    })
}
