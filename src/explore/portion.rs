//! A few plans, taken through each step together.
//!
//! Reading a plan, running it and checking it each take more code than a processor has room
//! for at hand, and less time than it takes to fetch it. So each step is done for all plans of
//! a portion before the next is done for any: a seventh more plans a second.

use super::judge::{Ran, Runner, read};
use super::tally::Cause;
use crate::scenario::{Document, Plan};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a step gives, or what the plan failed by and in which words.
pub(super) type Step<T> = Result<T, (Cause, String)>;

/// Runs and checks numbered documents; `stop` is asked before each run. `None` if it said so.
pub(super) fn judge(
    documents: &[(u64, Document)],
    runner: Runner,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Step<Ran>>> {
    let plans: Vec<_> = documents.iter().map(plan).collect();
    let mut runs = Vec::with_capacity(plans.len());
    for plan in plans {
        if stop() {
            return None;
        }
        runs.push(plan.and_then(|plan| {
            let recording = guarded(|| (runner.run)(&plan))?;
            Ok((plan, recording))
        }));
    }
    let check = |(plan, recording)| guarded(|| Ran::check(plan, recording));
    Some(runs.into_iter().map(|run| run.and_then(check)).collect())
}

fn plan((n, document): &(u64, Document)) -> Step<Plan> {
    let plan = guarded(|| read(&format!("plan-{n}"), document))?;
    plan.map_err(|wrong| (Cause::Unreadable, wrong.render(false)))
}

/// A panic is a finding, not the end of an exploration.
fn guarded<T>(step: impl FnOnce() -> T) -> Step<T> {
    let done = catch_unwind(AssertUnwindSafe(step));
    done.map_err(|panic| (Cause::Panic, words(panic.as_ref())))
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without words".to_owned())
}
