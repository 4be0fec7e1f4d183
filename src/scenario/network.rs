//! What steps do to the network and the server, while the file is being read.

use super::diagnostic::Place;
use super::fields::Placed;
use super::plan::{NetAct, PlannedChange, PlannedFault};
use crate::record::{FaultId, HostId};
use crate::time::Time;
use std::collections::BTreeMap;

/// A step that windows can hang on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// When it is.
    pub from: Time,
    /// The fault that begins there.
    pub fault: Option<FaultId>,
}

/// A fault while its end is still to be found.
pub(super) struct Draft {
    pub fault: PlannedFault,
    /// Where its act stands in the file.
    pub place: Place,
    /// Its end by `for`, even beyond the run.
    pub lasts_until: Option<Time>,
    /// The step that ends it, and where that stands.
    pub ended_by: Option<(usize, Place)>,
    /// The step that begins it.
    pub order: usize,
}

/// A change of links that a step makes.
pub(super) struct LinkDraft {
    /// The step's place.
    pub order: usize,
    pub planned: PlannedChange,
    /// When it ends, if it does in this run.
    pub end: Option<Time>,
    /// Whose links.
    pub who: String,
}

/// Everything that the steps do to the network and the server.
#[derive(Default)]
pub(super) struct Network<'a> {
    /// Named steps; `None` where something is wrong with the step.
    pub moments: BTreeMap<&'a str, Option<Moment>>,
    /// The faults, in file order.
    pub drafts: Vec<Draft>,
    /// What is to end them.
    pub endings: Vec<Ending<'a>>,
    /// Whether a crash is wrong: then nothing follows from a restart without one.
    pub unsure_crash: bool,
    /// Whether the end of a fault is wrong: then nothing follows from a fault without one.
    pub unsure_end: bool,
    /// The changes of links, in file order.
    pub changes: Vec<LinkDraft>,
    /// When named changes of links end that last for a while; `None`: not in this run.
    pub link_ends: BTreeMap<&'a str, Option<Time>>,
    pub links: usize,
    /// How many devices the steps move to other networks.
    pub moves: usize,
}

/// The network's part of a plan.
pub(super) struct NetworkPlan {
    pub faults: Vec<PlannedFault>,
    pub changes: Vec<PlannedChange>,
    pub acts: Vec<(Time, NetAct)>,
}

/// A step that ends a fault.
pub(super) struct Ending<'a> {
    pub at: Time,
    pub order: usize,
    pub place: Place,
    /// What it ends.
    pub ends: Ends<'a>,
}

/// What a step ends.
pub(super) enum Ends<'a> {
    /// The fault of this name.
    Named(Placed<&'a str>),
    /// The crash of this host that is on.
    CrashOf(HostId),
}
