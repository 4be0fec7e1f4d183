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

/// Runs a document under a name and checks what happened.
///
/// # Errors
/// When the document is no scenario.
pub fn judge(name: &str, document: &Document, runner: Runner) -> Result<Ran, Diagnostics> {
    let plan = scenario::load_document(name, document, &contract::ids())?;
    let recording = (runner.run)(&plan);
    let report = contract::check(&plan, &recording);
    Ok(Ran { plan, recording, report })
}
