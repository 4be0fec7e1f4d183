//! Thousands of plans over all cores. Which plans run, and what they come to, depends on
//! numbers alone: threads only decide how soon.

use super::coverage::Coverage;
use super::draw::{Weights, draw, vary};
use super::guide::guided;
use super::judge::{Runner, judge};
use super::parallel;
use super::tally::{Cause, Tally};
use crate::rng::Seed;
use crate::scenario::Document;
use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many plans make a batch, after which weights are computed anew.
pub const BATCH: u64 = 500;
/// So many plans a thread takes at once.
const PORTION: usize = 8;

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
    /// Whether to stop at once: asked between any two plans, by all threads.
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
        let portions: Vec<_> = numbers.clone().step_by(PORTION).collect();
        let stop = || watcher.stop();
        let done = parallel::each(&portions, self.jobs, &stop, |from| {
            let mut tally = Tally::default();
            let own = *from..numbers.end;
            for n in own.take(PORTION) {
                if watcher.stop() {
                    return None;
                }
                let failed = self.one(n, weights, &mut tally);
                watcher.ran(failed);
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

    /// Runs one plan; whether it failed.
    fn one(&self, n: u64, weights: &Weights, tally: &mut Tally) -> bool {
        let document = match &self.base {
            Some(base) => vary(base, self.seed, n),
            None => draw(self.seed, n, weights),
        };
        let name = format!("plan-{n}");
        let judged = catch_unwind(AssertUnwindSafe(|| judge(&name, &document, self.runner)));
        let failed = match judged {
            Ok(Ok(ran)) => {
                tally.coverage.add(&ran);
                let checks = ran.failed_contract();
                for check in &checks {
                    let failures = &ran.report.failures;
                    let first = failures.iter().find(|failure| failure.check == *check);
                    let what = first.map(ToString::to_string).unwrap_or_default();
                    tally.fail(Cause::Check(*check), n, what, &document);
                }
                !checks.is_empty()
            }
            Ok(Err(wrong)) => {
                tally.fail(Cause::Unreadable, n, wrong.render(false), &document);
                true
            }
            Err(panic) => {
                tally.fail(Cause::Panic, n, words(panic.as_ref()), &document);
                true
            }
        };
        tally.failed += u64::from(failed);
        failed
    }
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without words".to_owned())
}
