//! A document, run and checked.

use crate::contract::{self, Check, Report};
use crate::engine::{self, Engine};
use crate::record::Recording;
use crate::scenario::{self, Diagnostics, Document, Plan};
use std::collections::BTreeSet;

/// What runs a plan: [`Runner::EVENT`], but for tests that plant a bug.
#[derive(Clone, Copy)]
pub struct Runner {
    /// From a plan to its recording; the same one each time.
    pub run: fn(&Plan) -> Recording,
}

impl Runner {
    /// The event engine, without a trace.
    pub const EVENT: Runner = Runner { run: |plan| engine::run(plan, Engine::Event, false) };
}

/// One run and what the checks say of it.
#[derive(Clone, Debug)]
pub struct Ran {
    /// What was run.
    pub plan: Plan,
    /// What happened.
    pub recording: Recording,
    /// What the checks say.
    pub report: Report,
}

impl Ran {
    /// Checks what happened when this plan was run.
    pub(super) fn check(plan: Plan, recording: Recording) -> Ran {
        let report = contract::check(&plan, &recording);
        Ran { plan, recording, report }
    }

    /// The checks that failed it.
    pub fn failed(&self) -> BTreeSet<Check> {
        self.report.failures.iter().map(|failure| failure.check).collect()
    }

    /// The checks of the contract that failed it: those that judge any plan, and not what one
    /// scenario expects.
    pub fn failed_contract(&self) -> BTreeSet<Check> {
        self.failed().into_iter().filter(|check| check.is_of_contract()).collect()
    }
}

/// Reads a document under a name.
///
/// # Errors
/// When the document is no scenario.
pub(super) fn read(name: &str, document: &Document) -> Result<Plan, Diagnostics> {
    scenario::load_document(name, document, &contract::ids())
}

/// Runs a document under a name and checks what happened.
///
/// # Errors
/// When the document is no scenario.
pub fn judge(name: &str, document: &Document, runner: Runner) -> Result<Ran, Diagnostics> {
    let plan = read(name, document)?;
    let recording = (runner.run)(&plan);
    Ok(Ran::check(plan, recording))
}
