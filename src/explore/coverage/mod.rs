//! What explored runs have exercised, and what they never reached.
//!
//! Everything that can be reached is a *spot*, one of a fixed list; coverage is a count for
//! each. So two coverages add up, in whatever order, and what is missing has a name.

mod moment;
mod spots;
mod strikes;

pub use moment::Moment;
pub use spots::{Group, Spot, spots};

use super::judge::Ran;
use super::kind::Kind;
use crate::contract::Converged;
use moment::{Change, Lives};
use spots::Places;

/// How often each spot was reached, in the order of [`spots`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage(Vec<u64>);

impl Default for Coverage {
    /// Nothing reached yet.
    fn default() -> Coverage {
        Coverage(vec![0; spots().len()])
    }
}

impl Coverage {
    /// The counts, in the order of [`spots`].
    pub fn counts(&self) -> &[u64] {
        &self.0
    }

    /// Coverage from counts; `None` if they are not as many as there are spots.
    pub fn from_counts(counts: Vec<u64>) -> Option<Coverage> {
        (counts.len() == spots().len()).then_some(Coverage(counts))
    }

    /// Adds what other runs have reached.
    pub fn merge(&mut self, other: &Coverage) {
        for (own, more) in self.0.iter_mut().zip(&other.0) {
            *own += more;
        }
    }

    /// Every spot with its count.
    pub fn all(&self) -> impl Iterator<Item = (&'static Spot, u64)> {
        spots().iter().zip(self.0.iter().copied())
    }

    /// Whether every spot that can be reached has been.
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// What can be reached and never was.
    pub fn missing(&self) -> impl Iterator<Item = &'static Spot> {
        self.all().filter(|(spot, count)| *count == 0 && spot.wanted).map(|(spot, _)| spot)
    }

    /// How often a kind of fault struck a client at that moment.
    pub(super) fn pair(&self, kind: Kind, moment: Moment) -> u64 {
        self.0[Places::get().pair(kind, moment)]
    }

    /// Adds what one run has reached.
    pub(super) fn add(&mut self, ran: &Ran) {
        let places = Places::get();
        let Ran { plan, recording, report } = ran;
        for finding in &report.findings {
            if let Some(place) = places.row(finding.row) {
                self.0[place] += 1;
            }
        }
        for (place, outcome) in report.invariants.iter().enumerate() {
            self.0[places.invariants + place] += count(outcome.judged.occasions);
        }
        let judged = report.liveness.iter();
        let judged = judged.filter(|own| own.verdict != Converged::NotJudged).count();
        self.0[places.liveness] += count(judged);
        let ways = spots::Ways::of(&plan.params);
        let lives = Lives::read(plan, recording, |change| {
            let place = match change {
                Change::Connection(from, to) => {
                    ways.connection(from, to).map(|way| places.connection + way)
                }
                Change::Room(from, to) => ways.room(from, to).map(|way| places.room + way),
            };
            // What no table knows is a failure, and not a spot.
            if let Some(place) = place {
                self.0[place] += 1;
            }
        });
        for done in strikes::all(plan, recording, &lives) {
            let base = if done.struck { places.struck } else { places.missed };
            self.0[base + done.kind.place()] += 1;
            for moment in done.moments {
                self.0[places.pair(done.kind, moment)] += 1;
            }
        }
    }
}

fn count(of: usize) -> u64 {
    u64::try_from(of).expect("what fits in memory")
}
