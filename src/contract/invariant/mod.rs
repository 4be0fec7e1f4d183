//! What must hold in every recording, whatever its scenario declares.
//!
//! Invariants are data: [`INVARIANTS`]. Each counts how often it had something to check, so
//! that one that is never exercised can't pass for one that is held. They read the plan and
//! the recording; no constant comes from the cores they judge.

mod calls;
mod changes;
mod endings;
mod facts;
mod lists;
mod messages;
mod moments;
mod reports;
mod sessions;
mod stretches;
mod table;
#[cfg(test)]
mod tests;
mod transitions;

use super::index::Index;
use super::outage::{Outage, Outages, outages};
use super::story::Story;
use crate::record::Recording;
use crate::scenario::Plan;
use crate::time::Time;
use crate::zim::UserId;
pub(super) use facts::forgets;
use stretches::Series;
pub use table::INVARIANTS;
pub use transitions::{connection_ways, room_ways};

/// One statement about every run.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name: `I.connection-transitions`.
    pub id: &'static str,
    /// What must hold.
    pub text: &'static str,
    /// Where that comes from.
    pub source: &'static str,
    check: fn(&Case) -> Judged,
}

/// What an invariant found in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// How often there was something to check.
    pub occasions: usize,
    /// Where it did not hold, by time.
    pub breaches: Vec<Breach>,
}

/// One place at which an invariant did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// When.
    pub at: Time,
    /// What, by name, for people.
    pub what: String,
}

/// An invariant, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub id: &'static str,
    /// What.
    pub judged: Judged,
}

/// What the invariants judge.
struct Case<'a> {
    plan: &'a Plan,
    recording: &'a Recording,
    index: &'a Index<'a>,
    /// By client, then by process.
    stories: &'a [Story<'a>],
    /// By story.
    outages: Vec<Outages<'a>>,
    /// By story: as whom the client is logged in.
    users: Vec<Series<&'a UserId>>,
}

/// Judges every invariant, in the order of [`INVARIANTS`].
pub(super) fn judge<'a>(
    plan: &'a Plan,
    recording: &'a Recording,
    index: &'a Index<'a>,
    stories: &'a [Story<'a>],
) -> Vec<Outcome> {
    let outages = stories.iter().map(outages).collect();
    let users = stories.iter().map(|story| facts::users(plan, story)).collect();
    let case = Case { plan, recording, index, stories, outages, users };
    let outcome = |invariant: &Invariant| {
        let mut judged = (invariant.check)(&case);
        judged.breaches.sort_by_key(|breach| breach.at);
        Outcome { id: invariant.id, judged }
    };
    INVARIANTS.iter().map(outcome).collect()
}

impl<'a> Case<'a> {
    /// `alice`
    fn name(&self, story: &Story) -> &str {
        self.plan.client_name(story.client)
    }

    /// As whom the client is logged in.
    fn users(&self, story: &Story) -> &Series<&'a UserId> {
        let order = |story: &Story| (story.client, story.range.start);
        &self.users[self.stories.partition_point(|other| order(other) < order(story))]
    }

    /// Every outage, with its client's story.
    fn outages(&self) -> impl Iterator<Item = (&Story<'_>, &Outage)> {
        let pairs = self.stories.iter().zip(&self.outages);
        pairs.flat_map(|(story, outages)| outages.all.iter().map(move |outage| (story, outage)))
    }
}

impl Judged {
    /// There was something to check; `problem` is what is wrong with it.
    fn occasion(&mut self, at: Time, problem: Option<String>) {
        self.occasions += 1;
        self.breaches.extend(problem.map(|what| Breach { at, what }));
    }

    /// What several found together.
    fn all(parts: impl IntoIterator<Item = Judged>) -> Judged {
        parts.into_iter().fold(Judged::default(), |mut all, part| {
            all.occasions += part.occasions;
            all.breaches.extend(part.breaches);
            all
        })
    }
}

/// Records are in order of time, then of who, and none is later than the end of the run. What
/// lies below an app's sight is checked too, but is no occasion: counts must not move with it.
fn time_forward(case: &Case) -> Judged {
    let (records, end) = (&case.recording.records, case.recording.end);
    let occasions = records.iter().filter(|record| record.event.is_public()).count();
    let mut judged = Judged { occasions, breaches: Vec::new() };
    for pair in records.windows(2) {
        let [before, after] = pair else { continue };
        let (a, b) = (before.at, after.at);
        if (b, after.who) >= (a, before.who) {
            continue;
        }
        let what = if a == b {
            format!("hosts out of their order in the millisecond {b}")
        } else {
            format!("an event of {b} stands after one of {a}")
        };
        judged.breaches.push(Breach { at: b, what });
    }
    if let Some(late) = records.iter().find(|record| record.at > end) {
        let what = format!("an event after the end of the run, {end}");
        judged.breaches.push(Breach { at: late.at, what });
    }
    judged
}
