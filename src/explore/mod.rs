//! Finds the faults that nobody thought of: draws plans, sweeps moments, searches for
//! boundaries, and shrinks what fails to a scenario file that a person can read.
//!
//! The currency is a [`Document`]: a scenario file as a tree. Whatever is drawn, changed or
//! shrunk is a document, and is run by the way that any scenario file goes; so what explores
//! can't do anything that an author can't, and a finding is a file.

mod boundary;
mod document;
mod judge;
mod outcome;
mod parallel;
mod path;
mod shrink;
mod sweep;

pub use boundary::{Asked, Bounds, NoBoundary, Stretch, boundary};
pub use document::{Document, Table, Value};
pub use judge::{Ran, Runner, judge};
pub use outcome::{Change, Outcome, Told};
pub use path::{Part, Path};
pub use shrink::{BUDGET, Ended, Shrunk, shrink};
pub use sweep::{Act, Found, NoSweep, Swept, sweep};
