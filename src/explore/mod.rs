//! Finds the faults that nobody thought of: draws plans, sweeps moments, searches for
//! boundaries, and shrinks what fails to a scenario file that a person can read.
//!
//! The currency is a [`Document`](crate::scenario::Document): a scenario file as a tree. Whatever
//! is drawn, changed or shrunk is a document, and is run by the way that any scenario file goes; so
//! what explores can't do anything that an author can't, and a finding is a file.

mod boundary;
mod campaign;
mod coverage;
mod dice;
mod draw;
mod guide;
mod judge;
mod kind;
mod merge;
mod outcome;
mod parallel;
mod path;
mod portion;
mod result;
mod shrink;
mod sweep;
mod tally;
#[cfg(test)]
mod tests;
mod told;

pub use boundary::{Asked, Bounds, NoBoundary, Stretch, boundary};
pub use campaign::{BATCH, Campaign, Explored, Watcher};
pub use coverage::{Coverage, Group, Moment, Spot, spots};
pub use draw::{Weights, draw, vary};
pub use judge::{Ran, Runner, judge};
pub use kind::Kind;
pub use merge::{Apart, merge};
pub use outcome::{Change, Outcome, Told};
pub use path::{Part, Path};
pub use result::{Finding, Numbers, Origin, Shard, Shrink, Summary, Unread};
pub use shrink::{BUDGET, Ended, Shrunk, shrink};
pub use sweep::{Act, Found, NoSweep, Swept, sweep};
pub use tally::{Catch, Cause, Tally};
pub use told::text;
