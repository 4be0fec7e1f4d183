//! Finds the faults that nobody thought of: draws plans, sweeps moments, searches for
//! boundaries, and shrinks what fails to a scenario file that a person can read.
//!
//! The currency is a [`Document`]: a scenario file as a tree. Whatever is drawn, changed or
//! shrunk is a document, and is run by the way that any scenario file goes; so what explores
//! can't do anything that an author can't, and a finding is a file.

mod dice;
mod document;
mod draw;
mod judge;
mod kind;
#[cfg(test)]
mod tests;

pub use document::{Document, Table, Value};
pub use draw::{Weights, draw};
pub use judge::{Ran, Runner, judge};
pub use kind::Kind;
