//! What an exploration found, and how often: sums, so that batches and shards add up.

use super::coverage::Coverage;
use crate::contract::Check;
use crate::scenario::Document;
use std::collections::BTreeMap;

/// What a run failed by. Two runs of one cause count as one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A check of the contract.
    Check(Check),
    /// zimsim itself panicked.
    Panic,
    /// zimsim drew a plan that it can't read.
    Unreadable,
}

impl Cause {
    /// The check's id, or a word.
    pub const fn id(self) -> &'static str {
        match self {
            Cause::Check(check) => check.id(),
            Cause::Panic => "panic",
            Cause::Unreadable => "unreadable",
        }
    }
}

/// What failed by one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catch {
    /// How many runs.
    pub runs: u64,
    /// The smallest number of a plan that did.
    pub first: u64,
    /// What was said of that one.
    pub what: String,
    /// That one's file, as it was drawn.
    pub document: Document,
}

/// What some runs came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What they reached.
    pub coverage: Coverage,
    /// What failed, by its cause.
    pub found: BTreeMap<Cause, Catch>,
    /// How many runs failed, by whatever cause.
    pub failed: u64,
}

impl Tally {
    /// One more run failed by this cause.
    pub(super) fn fail(&mut self, cause: Cause, n: u64, what: String, document: &Document) {
        let found = Catch { runs: 1, first: n, what, document: document.clone() };
        self.take(cause, found);
    }

    /// Adds what other runs came to.
    pub fn merge(&mut self, other: Tally) {
        self.coverage.merge(&other.coverage);
        self.failed += other.failed;
        for (cause, found) in other.found {
            self.take(cause, found);
        }
    }

    /// Of two findings of one cause the one with the smaller number is kept.
    fn take(&mut self, cause: Cause, found: Catch) {
        let Some(own) = self.found.get_mut(&cause) else {
            self.found.insert(cause, found);
            return;
        };
        let runs = own.runs + found.runs;
        if found.first < own.first {
            *own = found;
        }
        own.runs = runs;
    }
}
