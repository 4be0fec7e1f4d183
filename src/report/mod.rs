//! A run to look at, to put beside another, and to hand on.
//!
//! - [`page`]: one run as one HTML file: lanes on an axis of time, the document's own table,
//!   verdicts that link to events, every public event, the trace.
//! - [`diff`]: two timelines (runs, or a run and a snapshot) side by side.
//! - [`front_page`]: many runs: the contract's matrix, which leads to a page for each.
//! - [`mermaid`]: one run as a diagram for a pull request.
//!
//! A file needs nothing else: style and script are in it, nothing is fetched. It is the same
//! bytes for the same run. Colour says nothing that words do not say.
//!
//! ```
//! # use zimsim::{contract, scenario};
//! # let file = scenario::starter("lift");
//! # let plan = scenario::load("lift.toml", file.as_bytes(), &contract::ids()).unwrap();
//! use zimsim::engine::{self, Engine};
//! use zimsim::report::{self, Run};
//!
//! // With a trace: messages are drawn.
//! let recording = engine::run(&plan, Engine::Event, report::wants_trace(&plan));
//! let checked = &contract::check(&plan, &recording);
//! let run = Run {
//!     plan: &plan,
//!     recording: &recording,
//!     report: checked,
//!     source: Some(&file),
//!     up: None,
//! };
//! assert!(report::page(&run).starts_with("<!DOCTYPE html>"));
//! assert!(report::mermaid(&run).starts_with("sequenceDiagram"));
//! ```

mod arrows;
mod axis;
mod cast;
mod chart;
mod diff;
mod draw;
mod events;
mod kept;
mod lanes;
mod looks;
mod mermaid;
mod page;
mod shell;
mod site;
#[cfg(test)]
mod tests;
mod verdicts;

pub use diff::{Compared, diff};
pub use mermaid::mermaid;
pub use page::{Run, page, wants_trace};
pub use site::{Listed, front_page};
