//! `zimsim shrink`

use super::files::{self, shell_word};
use super::output::write_file;
use super::print::print_plain;
use super::progress::Progress;
use super::{BUG, HELD, STOPPED, WRONG_INPUT};
use clap::Args;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use zimsim::contract::Check;
use zimsim::explore::{self, BUDGET, Ended, Ran, Runner, Shrunk};
use zimsim::scenario::Document;

/// Reduce a failing scenario to one in which a person sees the cause
///
/// Takes out noise, clients, steps and keys, shortens and rounds what is left, and says it in
/// plainer words, as long as the same check fails. The result is run on turmoil too, and is a
/// scenario file whose title says what fails. Expectations are kept only if it is one that
/// fails. Exit code: 0 shrunk, 2 wrong input, or a scenario that holds; 130 stopped by Ctrl-C,
/// with what was reached by then.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim shrink messy.toml                             print the shrunk scenario
  zimsim shrink messy.toml -o scenarios/found-1.toml
  zimsim shrink messy.toml --check L.converges         if it fails by several checks")]
pub struct Options {
    /// A scenario file that fails; - for the standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The check whose failure is kept: a row, an invariant, `expect` … If not given, the first
    /// of the contract that fails, else the first of all
    #[arg(long, value_name = "ID")]
    check: Option<String>,
    /// Another seed than the file names
    #[arg(long, value_name = "N", value_parser = files::seed())]
    seed: Option<u64>,
    /// Write to this file instead of printing
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Some(loaded) = files::load_one(&self.file, self.seed)? else { return Ok(WRONG_INPUT) };
        let document = loaded.document(self.seed);
        let name = loaded.path.to_string_lossy();
        let Ok(ran) = explore::judge(&name, &document, Runner::EVENT) else {
            unreachable!("it could be read, and is written back as it is")
        };
        let check = match self.pick(&ran) {
            Ok(check) => check,
            Err(wrong) => {
                complain!("zimsim: {}: {wrong}", loaded.path.display());
                return Ok(WRONG_INPUT);
            }
        };
        let progress = Progress::begin(BUDGET);
        let stop = || {
            progress.step();
            progress.stopped()
        };
        let shrunk = explore::shrink(&name, &document, check, Runner::EVENT, &stop);
        progress.end();
        let Some(shrunk) = shrunk else { unreachable!("it failed by that check just now") };
        self.tell(&document, &shrunk)
    }

    /// The check that was asked for, else the first of the contract, else the first.
    fn pick(&self, ran: &Ran) -> Result<Check, String> {
        let mut checks = ran.report.failures.iter().map(|failure| failure.check);
        let contract = checks.clone().find(|check| check.is_of_contract());
        let Some(first) = contract.or(checks.next()) else {
            return Err("everything holds; there is nothing to shrink".to_owned());
        };
        let Some(wanted) = &self.check else { return Ok(first) };
        let failed = ran.failed();
        let found = failed.iter().find(|check| check.id().eq_ignore_ascii_case(wanted));
        found
            .copied()
            .ok_or_else(|| format!("it does not fail by {wanted:?}; it fails by {}", ids(&failed)))
    }

    fn tell(&self, before: &Document, shrunk: &Shrunk) -> io::Result<u8> {
        let found = format!("in {}", shell_word(&self.file));
        let text = shrunk.file(&found);
        match &self.output {
            Some(path) => {
                if let Err(wrong) = write_file(path, &text) {
                    complain!("zimsim: {wrong}");
                    return Ok(WRONG_INPUT);
                }
            }
            None => {
                print_plain(&text)?;
            }
        }
        let steps = |document: &Document| document.rows("steps").count();
        let (from, to) = (steps(before), steps(&shrunk.document));
        complain!(
            "{} still fails: {from} steps became {to}, in {} runs",
            shrunk.check,
            shrunk.runs
        );
        if shrunk.failed != shrunk.failed_on_turmoil {
            let (event, turmoil) = (ids(&shrunk.failed), ids(&shrunk.failed_on_turmoil));
            complain!("zimsim: the engines disagree, a bug of zimsim's own");
            complain!("fails by {event} on event, by {turmoil} on turmoil");
            return Ok(BUG);
        }
        match shrunk.ended {
            Ended::Done => Ok(HELD),
            Ended::Spent => {
                complain!("stopped after {BUDGET} runs; shrink the result for more");
                Ok(HELD)
            }
            Ended::Stopped => {
                complain!("stopped; shrink the result for more");
                Ok(STOPPED)
            }
        }
    }
}

fn ids(checks: &BTreeSet<Check>) -> String {
    let ids: Vec<_> = checks.iter().map(|check| check.id()).collect();
    if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
}
