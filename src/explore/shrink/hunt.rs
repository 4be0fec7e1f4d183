//! The hunt: what is kept so far, and whether a candidate fails in the same way.

use super::super::judge::{Ran, Runner, judge};
use super::quiet;
use crate::contract::{Check, Failure};
use crate::scenario::{Document, Value};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many runs a shrinking takes at the most.
pub const BUDGET: u64 = 3000;

/// While links are noisy, each candidate is tried under its own seed and under 1 to this.
const SEEDS: i64 = 4;

/// A failure, and the smallest document that is known to show it.
pub struct Hunt<'a> {
    name: &'a str,
    check: Check,
    runner: Runner,
    stop: &'a dyn Fn() -> bool,
    /// What the failure says, where the check alone does not make two failures the same.
    symptom: Option<String>,
    /// The smallest so far.
    pub kept: Document,
    /// Its run.
    pub ran: Ran,
    /// How many runs it took.
    pub runs: u64,
    /// What did not fail, so that it is not tried again.
    refused: BTreeSet<String>,
}

impl<'a> Hunt<'a> {
    /// Begins with a document that fails by this check; `None` if it does not.
    pub fn begin(
        name: &'a str,
        document: &Document,
        check: Check,
        runner: Runner,
        stop: &'a dyn Fn() -> bool,
    ) -> Option<Hunt<'a>> {
        let ran = judge(name, document, runner).ok()?;
        let failure = ran.report.failures.iter().find(|failure| failure.check == check)?;
        let symptom = (!check.is_of_contract()).then(|| symptom(failure));
        let (kept, refused) = (document.clone(), BTreeSet::new());
        Some(Hunt { name, check, runner, stop, symptom, kept, ran, runs: 1, refused })
    }

    /// Which check the failure is of.
    pub fn check(&self) -> Check {
        self.check
    }

    /// The failure, as it shows now.
    pub fn failure(&self) -> &Failure {
        self.found(&self.ran).expect("what is kept fails")
    }

    /// Whether there are no more runs to be had.
    pub fn is_over(&self) -> bool {
        self.is_spent() || (self.stop)()
    }

    /// Whether all runs are used up.
    pub fn is_spent(&self) -> bool {
        self.runs >= BUDGET
    }

    /// Keeps the candidate if it fails in the same way; tells whether it does. One that is
    /// no scenario is no candidate.
    pub fn offer(&mut self, candidate: Document) -> bool {
        if self.is_over() || candidate == self.kept {
            return false;
        }
        let text = candidate.to_string();
        if self.refused.contains(&text) {
            return false;
        }
        for seeded in seeded(candidate) {
            let Ok(ran) = self.run(&seeded) else { break };
            if self.found(&ran).is_some() {
                (self.kept, self.ran) = (seeded, ran);
                return true;
            }
            if self.is_over() {
                return false;
            }
        }
        self.refused.insert(text);
        false
    }

    /// As [`Hunt::offer`], but the candidate may not fail by any check that what is kept
    /// does not fail by. For the last touches: it is not bounded.
    pub fn offer_strictly(&mut self, candidate: Document) -> bool {
        if candidate == self.kept {
            return false;
        }
        let Ok(ran) = self.run(&candidate) else { return false };
        let same = self.found(&ran).is_some() && ran.failed().is_subset(&self.ran.failed());
        if same {
            (self.kept, self.ran) = (candidate, ran);
        }
        same
    }

    fn run(&mut self, candidate: &Document) -> Result<Ran, ()> {
        // What panics fails otherwise: it is no candidate, and not the end of the hunt.
        let run = AssertUnwindSafe(|| judge(self.name, candidate, self.runner));
        let ran = catch_unwind(run).map_err(drop)?.map_err(drop)?;
        self.runs += 1;
        Ok(ran)
    }

    fn found<'r>(&self, ran: &'r Ran) -> Option<&'r Failure> {
        let is_it = |failure: &&Failure| {
            let said = self.symptom.as_ref().is_none_or(|said| symptom(failure) == *said);
            failure.check == self.check && said
        };
        ran.report.failures.iter().find(is_it)
    }
}

/// The candidate; where there is chance in it, also under other seeds.
fn seeded(candidate: Document) -> Vec<Document> {
    let own = candidate.root.get("seed").cloned();
    let others = 1..=if quiet::is_noisy(&candidate) { SEEDS } else { 0 };
    let others = others.map(Value::from).filter(|seed| Some(seed) != own.as_ref());
    let other = |seed| Document { root: candidate.root.clone().with("seed", seed) };
    let others: Vec<_> = others.map(other).collect();
    std::iter::once(candidate).chain(others).collect()
}

/// What a failure says, but for the moments: `30.180` reads `#`.
fn symptom(failure: &Failure) -> String {
    let words = failure.what.split_inclusive([' ', ',', ';', ':']);
    let words = words.map(|word| {
        let bare = word.trim_end_matches([' ', ',', ';', ':']);
        let moment = bare.split_once('.').is_some_and(|(whole, rest)| {
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            !whole.is_empty() && rest.len() == 3 && digits(whole) && digits(rest)
        });
        if moment { format!("#{}", &word[bare.len()..]) } else { word.to_owned() }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symptom_has_no_moments() {
        let what =
            "expected alice: connection 2/0, never seen from 0.000 to 12.500; 4.T0 at 3.001, 30.18";
        let failure = Failure { check: Check::Expect, at: None, what: what.to_owned() };
        let said = "expected alice: connection 2/0, never seen from # to #; 4.T0 at #, 30.18";
        assert_eq!(symptom(&failure), said);
    }
}
