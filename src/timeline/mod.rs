//! A run for people and for programs: timeline, tables, verdicts.
//!
//! # Legend
//! The text has a header (stem, seed, title; then every parameter, client and link that is
//! not at its default), then one event a line:
//!
//! - `time`: seconds since the run began;
//! - `since`: seconds since the latest named fault that began (`tunnel+15.000`) or ended
//!   (`tunnel.end+0.412`); blank before the first. A fault's own end counts from its
//!   beginning;
//! - `who`: `net` (the network, and the scenario's hand on it), `server`, or a client;
//! - `event`: a call (`call login`, with its token where that is not a good one of the
//!   default life: `(token 1m)`, `(token forged)`, `(token expired)`), its result
//!   (`login: ok`), a callback, what the app shows, a fault;
//! - `row`: the rows of the contract that this line exhibits; `!` before one that is
//!   contradicted.
//!
//! After it, each section only where there is something in it: `outage of` (the document's
//! own table: T0, T1, T2 of one room), `rows` with their grades (`allowed`: not the document
//! but the chosen parameter in brackets decides), `advice` (what the document tells the app at
//! those rows), `app` (what an app did against it: no failure), `expect`, `never`, `faults`
//! (what each hit), `links` (what those did to packets that are set to do anything, and what
//! of it never happened), `invariants` (how many held, and whether every wait ended), `pending`
//! (unfinished when the run ended), `failures`; and a last line, `FAILED: n`, or `all held`
//! and what that means.
//!
//! The members of a crowd are not listed: a section `crowd` has their numbers (who was
//! connected when, losses, times to recover, attempts, the line of logins at the server), and a
//! table of them over time. A trace lists everybody.
//!
//! A snapshot holds public events only; a trace adds the wire and counts of packets.
//!
//! ```
//! # use zimsim::{contract, scenario};
//! # let file = scenario::starter("lift");
//! # let plan = scenario::load("lift.toml", file.as_bytes(), &contract::ids()).unwrap();
//! # let recording = zimsim::engine::run(&plan, zimsim::engine::Engine::Event, false);
//! # let report = contract::check(&plan, &recording);
//! use zimsim::timeline;
//!
//! let text = timeline::text(&plan, &recording, &report, false);
//! assert!(text.contains("cut alice for 20s (tunnel)"));
//! let lines = timeline::json(&plan, &recording, &report, false);
//! assert!(lines.lines().all(|line| line.starts_with("{\"v\":1,")));
//! ```

mod align;
mod call;
mod compare;
mod crowd;
mod difference;
mod event;
mod header;
mod json;
mod json_event;
mod links;
mod matrix;
mod notes;
mod object;
mod paint;
mod plot;
mod profiles;
mod read;
mod receipts;
mod rows;
mod sections;
mod storm;
mod tables;
mod text;
mod trace;
mod victims;
mod wide;

#[cfg(test)]
mod tests;

pub use compare::{Comparison, Side, compare};
pub use difference::Difference;
pub use json::json;
pub use matrix::{matrix_json, matrix_markdown, matrix_text};
pub use notes::{notes_json, notes_markdown, notes_text};
pub use paint::paint;
pub use plot::plot;
pub use profiles::{profiles_json, profiles_table};
pub use rows::{
    Excerpt, always_markdown, contract_json, contract_markdown, contract_text, hits_markdown,
    rows_markdown,
};
pub use tables::params_table;
pub use text::text;
pub use wide::width as display_width;

// What the reports say in the same words.
pub(crate) use align::{Marked, Pair, align};
pub(crate) use compare::longest_common;
pub(crate) use crowd::{text as crowds_text, without as without_crowds};
pub(crate) use event::Words;
pub(crate) use header::changed;
pub(crate) use links::lines as link_lines;
pub(crate) use object::Object;
pub(crate) use read::{Entry, Section, Timeline, read};
pub(crate) use receipts::receipt_words;
pub(crate) use sections::{missteps, question};
pub(crate) use text::{Since, rows_by_record};
pub(crate) use trace::event as trace_words;
