//! Thousands of plans over all cores. Which plans run, and what they come to, depends on
//! numbers alone: threads only decide how soon.

use super::coverage::Coverage;
use super::draw::{Weights, draw, vary};
use super::guide::guided;
use super::judge::{Ran, Runner};
use super::parallel;
use super::portion::{self, Step};
use super::tally::{Cause, Tally};
use crate::rng::Seed;
use crate::scenario::Document;
use std::ops::Range;

/// So many plans make a batch, after which weights are computed anew.
pub const BATCH: u64 = 500;
/// So many drawn plans a thread takes at once.
const PORTION: usize = 25;

/// What to explore.
#[derive(Clone)]
pub struct Campaign {
    /// Where all plans come from.
    pub seed: Seed,
    /// What is varied; without it plans are drawn.
    pub base: Option<Document>,
    /// Whether what is seldom reached is favoured.
    pub guided: bool,
    /// How many threads.
    pub jobs: usize,
    /// What runs a plan.
    pub runner: Runner,
}

/// What a campaign came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explored {
    /// The numbers of the plans that ran.
    pub ran: Range<u64>,
    /// What they came to.
    pub tally: Tally,
}

/// Whoever watches a campaign, and may end it; by itself it watches nothing and goes on.
pub trait Watcher: Sync {
    /// Whether to stop at once: asked between any two runs, by all threads.
    fn stop(&self) -> bool {
        false
    }
    /// One more plan has run; whether it failed.
    fn ran(&self, _failed: bool) {}
    /// Whether to go on after a batch.
    fn go_on(&self, _so_far: &Explored) -> bool {
        true
    }
}

impl Campaign {
    /// Runs the plans of these numbers, batch by batch. What it gives is a function of the
    /// campaign and of the numbers that ran: if it is stopped, those before the first that did
    /// not run.
    pub fn explore(&self, numbers: Range<u64>, watcher: &dyn Watcher) -> Explored {
        let start = numbers.start;
        let mut explored = Explored { ran: start..start, tally: Tally::default() };
        while explored.ran.end < numbers.end {
            let from = explored.ran.end;
            let batch = from..from.saturating_add(BATCH).min(numbers.end);
            let weights = self.weights(&explored.tally.coverage);
            let (end, tally) = self.batch(&batch, &weights, watcher);
            explored.tally.merge(tally);
            explored.ran.end = end;
            if end < batch.end || !watcher.go_on(&explored) {
                break;
            }
        }
        explored
    }

    fn weights(&self, coverage: &Coverage) -> Weights {
        if self.guided { guided(coverage) } else { Weights::default() }
    }

    /// Runs one batch, and adds up what its portions came to, in order, as far as they ran.
    fn batch(
        &self,
        numbers: &Range<u64>,
        weights: &Weights,
        watcher: &dyn Watcher,
    ) -> (u64, Tally) {
        // What somebody wrote may be a crowd of thousands, whose recordings fill the memory.
        let size = if self.base.is_none() { PORTION } else { 1 };
        let portions: Vec<_> = numbers.clone().step_by(size).collect();
        let stop = || watcher.stop();
        let done = parallel::each(&portions, self.jobs, &stop, |from| {
            let own = (*from..numbers.end).take(size);
            let documents: Vec<_> = own.map(|n| (n, self.document(n, weights))).collect();
            let judged = portion::judge(&documents, self.runner, &stop)?;
            let mut tally = Tally::default();
            for ((n, document), ran) in documents.iter().zip(judged) {
                watcher.ran(add(ran, *n, document, &mut tally));
            }
            Some(tally)
        });
        let mut all = Tally::default();
        for (from, tally) in portions.into_iter().zip(done) {
            let Some(tally) = tally.flatten() else { return (from, all) };
            all.merge(tally);
        }
        (numbers.end, all)
    }

    /// Which plan this is.
    fn document(&self, n: u64, weights: &Weights) -> Document {
        match &self.base {
            Some(base) => vary(base, self.seed, n),
            None => draw(self.seed, n, weights),
        }
    }
}

/// Adds what became of one plan; whether it failed.
fn add(ran: Step<Ran>, n: u64, document: &Document, tally: &mut Tally) -> bool {
    let failed = match ran {
        Ok(ran) => {
            tally.coverage.add(&ran);
            let checks = ran.failed_contract();
            for check in &checks {
                let failures = &ran.report.failures;
                let first = failures.iter().find(|failure| failure.check == *check);
                let what = first.map(ToString::to_string).unwrap_or_default();
                tally.fail(Cause::Check(*check), n, what, document);
            }
            !checks.is_empty()
        }
        Err((cause, what)) => {
            tally.fail(cause, n, what, document);
            true
        }
    };
    tally.failed += u64::from(failed);
    failed
}
