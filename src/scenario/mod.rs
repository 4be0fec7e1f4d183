//! Scenario files: their shape, their mistakes, and the plan they become.
//!
//! A file is read in three stages: bytes to TOML (`syntax`), tables to known keys with
//! their places (`keys`, `fields`), keys to a [`Plan`] (`lower` and those it calls). Each
//! stage adds its mistakes to one list and goes on, so that an author sees all of them.
//!
//! ```
//! use zimsim::{contract, scenario};
//!
//! let right = scenario::starter("lift");
//! let plan = scenario::load("lift.toml", right.as_bytes(), &contract::ids()).unwrap();
//! assert_eq!(plan.clients[0].name, "alice");
//! assert_eq!(plan.faults[0].words(), "cut alice");
//!
//! let wrong = right.replace("cut = \"alice\"", "cut = \"alcie\"");
//! let mistakes = scenario::load("lift.toml", wrong.as_bytes(), &contract::ids()).unwrap_err();
//! assert_eq!(mistakes.len(), 1);
//! assert_eq!(mistakes.list()[0].message, "no client is called \"alcie\"");
//! assert!(mistakes.render(false).contains("did you mean \"alice\"?"));
//! ```

mod acts;
mod calls;
mod clients;
mod context;
mod crowd;
mod diagnostic;
mod document;
mod endings;
mod fault_keys;
mod faults;
mod fields;
mod help;
#[cfg(test)]
mod hostile;
mod hosts;
mod keys;
mod link_keys;
mod links;
mod lower;
mod names;
mod nearest;
mod network;
mod pairs;
mod pattern;
mod placed;
mod plan;
mod react;
mod repeat;
#[cfg(test)]
mod repeat_tests;
mod schema;
mod starter;
mod steps;
mod syntax;
#[cfg(test)]
mod tests;
mod watch;
mod weather;
mod words;

pub use acts::host_acts;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use document::{Document, Table, Value};
pub use help::{KeyHelp, WordHelp, key_help, words_in};
pub use link_keys::LINK_KEYS;
pub use nearest::nearest;
pub use plan::{
    ClientPlan, CrowdPlan, ExpectedResult, NetAct, Plan, PlannedAdmin, PlannedChange, PlannedFault,
    Watch, Watched,
};
pub use schema::{SCHEMA_FILE, schema};
pub use starter::starter;

use crate::rng::Seed;
use diagnostic::Mistakes;
use std::borrow::Cow;
use std::path::Path;

/// Reads a scenario file.
///
/// `path` is for messages, and its stem is the plan's name; nothing is read from it.
/// `bytes` is the file. `rows` are the ids of the contract's rows.
///
/// # Errors
/// All mistakes of the file at once, each with its place. No input makes it panic.
pub fn load(path: &str, bytes: &[u8], rows: &[&str]) -> Result<Plan, Diagnostics> {
    load_with(path, bytes, rows, None)
}

/// Reads a scenario file; `seed` replaces the file's own: what is drawn while the file is read
/// (a crowd's logins, say) is drawn from it too.
///
/// # Errors
/// As [`load`].
pub fn load_with(
    path: &str,
    bytes: &[u8],
    rows: &[&str],
    seed: Option<Seed>,
) -> Result<Plan, Diagnostics> {
    let mut mistakes = Mistakes::default();
    let source = syntax::read(bytes, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes.finish(path, source));
    }
    let plan = plan(path, &source, (rows, seed), &mut mistakes);
    match plan.filter(|_| mistakes.is_empty()) {
        Some(plan) => Ok(plan),
        None => Err(mistakes.finish(path, source)),
    }
}

/// The plan of a document: the one that [`load`] makes of its text, sooner.
///
/// # Errors
/// As [`load`]; the places are those in the document's text.
pub fn load_document(path: &str, document: &Document, rows: &[&str]) -> Result<Plan, Diagnostics> {
    let numbers = placed::numbers(document);
    let mut mistakes = Mistakes::default();
    if let Some(table) = placed::place(document, &numbers) {
        let plan = lower::lower(&stem(path), &table, "", (rows, None), &mut mistakes);
        if mistakes.is_empty() {
            return Ok(plan);
        }
    }
    load(path, document.to_string().as_bytes(), rows)
}

fn plan(
    path: &str,
    source: &str,
    given: (&[&str], Option<Seed>),
    mistakes: &mut Mistakes,
) -> Option<Plan> {
    match syntax::parse(source, mistakes) {
        syntax::Parsed::Table(table) => {
            Some(lower::lower(&stem(path), &table, source, given, mistakes))
        }
        syntax::Parsed::Nothing => None,
    }
}

/// A plan's name: that of its file.
fn stem(path: &str) -> Cow<'_, str> {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy()
}
