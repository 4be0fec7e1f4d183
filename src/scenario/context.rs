//! What is known while the lists of a file are read: the run, its names, and one step.

use super::diagnostic::Place;
use super::fields::Fields;
use super::names::Names;
use super::plan::ClientPlan;
use crate::param::Params;
use crate::rng::Seed;
use crate::time::{Span, Time};

/// What is known while steps, reactions and watches are read.
pub(super) struct Context<'a> {
    /// Every name of the file.
    pub names: Names<'a>,
    /// The contract's row ids.
    pub rows: &'a [&'a str],
    /// The run's parameters.
    pub params: Params,
    /// Where all randomness comes from.
    pub seed: Seed,
    /// When the run ends.
    pub until: Time,
    /// Where the file says so.
    pub until_place: Place,
    /// The clients, at their places.
    pub clients: Vec<ClientPlan>,
}

impl Context<'_> {
    /// How long the run lasts.
    pub fn span(&self) -> Span {
        self.until.since(Time::ZERO)
    }
}

/// One step, as far as all steps are alike.
pub(super) struct Step<'f, 'a> {
    /// Its keys.
    pub fields: &'f Fields<'a>,
    /// When.
    pub at: Time,
    /// Its place in the file.
    pub index: usize,
    /// Its name, if it has one.
    pub name: Option<&'a str>,
}
