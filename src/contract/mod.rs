//! The documented contract, and whether a recording keeps it.
//!
//! Checks observe: they read the plan and the recording and nothing else. They share no
//! constant and no table with the cores whose work they judge.
//!
//! [`ROWS`] is the document as data. [`check`] yields a [`Report`]: for every occasion on
//! which a row applied whether it was [held](Verdict), what became of each room in each
//! outage, and everything that fails a scenario.
//!
//! ```
//! # use zimsim::{contract, scenario};
//! # let file = scenario::starter("lift");
//! # let plan = scenario::load("lift.toml", file.as_bytes(), &contract::ids()).unwrap();
//! # let recording = zimsim::engine::run(&plan, zimsim::engine::Engine::Event, false);
//! let report = contract::check(&plan, &recording);
//! assert!(report.held(), "{:?}", report.failures);
//! let restored = report.findings.iter().find(|finding| finding.row == "4.T2.restored").unwrap();
//! assert!(restored.at > plan.faults[0].to.unwrap(), "a verdict only once the network is back");
//!
//! // A run in which nothing happened keeps no promise.
//! let mut silent = recording.clone();
//! silent.records.clear();
//! assert!(!contract::check(&plan, &silent).held());
//! ```

mod advice;
mod aftermath;
mod check;
mod clock;
mod finding;
mod grade;
mod hits;
mod index;
mod invariant;
mod liveness;
mod matrix;
mod notes;
mod outage;
mod pending;
mod rows;
mod scene1;
mod scene2;
mod scene3;
mod scene4;
mod story;
mod tokens;
mod trouble;
mod watch;

#[cfg(test)]
pub(crate) mod bench;
#[cfg(test)]
mod tests;

pub use advice::{Misstep, given as advice_given};
pub use check::{Check, Failure, Report, check};
pub use finding::{Finding, Verdict};
pub use grade::{Grade, Tally};
pub use hits::{HITS, HitRule};
pub use invariant::{Breach, INVARIANTS, Invariant, Judged, Outcome};
pub(crate) use invariant::{connection_ways, room_ways};
pub use liveness::{Converged, Convergence, LIVENESS, LIVENESS_SOURCE, LIVENESS_TEXT, Wait};
pub use matrix::{Line, Matrix, Subject};
pub use notes::{Elsewhere, Note, NoteKind, Shown, WITHOUT_NOTE, notes};
pub use outage::{Outage, OutageEnd, Relapse, RoomVerdict};
pub use rows::{ROWS, Row, ids};
pub use story::Mark;
pub(crate) use watch::{admin_words, watch_words};
