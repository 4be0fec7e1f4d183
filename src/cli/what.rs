//! What is to be run, and on what: the arguments that `run` and `check` share.

use super::files::{self, Loaded};
use clap::{Args, ValueEnum};
use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use zimsim::engine::{self, Engine};
use zimsim::record::Recording;
use zimsim::rng::Seed;
use zimsim::scenario::Plan;

/// Files, engine and seeds.
#[derive(Args)]
pub struct What {
    /// Scenario files; a folder stands for all .toml files in it and in its subfolders, - for
    /// the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What runs them; both give the same timeline
    #[arg(long, value_enum, default_value = "event")]
    pub engine: EngineName,
    /// Another seed than the files name
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Run each file with every seed from A to just before B
    #[arg(long, value_name = "A..B", value_parser = range, conflicts_with = "seed")]
    seeds: Option<RangeInclusive<u64>>,
}

/// `0..100`
pub fn range(text: &str) -> Result<RangeInclusive<u64>, String> {
    let wrong = || format!("`{text}` is no range; the first hundred seeds are 0..100");
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let from: u64 = from.parse().map_err(|_| wrong())?;
    let to: u64 = to.parse().map_err(|_| wrong())?;
    if from < to { Ok(from..=to - 1) } else { Err(format!("`{text}` is empty")) }
}

impl What {
    /// Reads all of it; `None` after stderr has been told what is wrong.
    ///
    /// # Errors
    /// When a folder can't be listed.
    pub fn load(&self) -> io::Result<Option<Vec<Loaded>>> {
        files::load(&self.files, self.seed)
    }

    /// Each plan with each of its seeds, file by file.
    pub fn runs<'a>(&self, loaded: &'a [Loaded]) -> impl Iterator<Item = (&'a Loaded, Plan)> {
        let seeds = self.seeds.clone();
        loaded.iter().flat_map(move |one| {
            let own = one.plan.seed.0;
            let seeds = seeds.clone().unwrap_or(own..=own);
            seeds.map(move |seed| (one, one.with_seed(Seed(seed))))
        })
    }

    /// How many [`What::runs`] there are.
    pub fn count(&self, loaded: &[Loaded]) -> u64 {
        let seeds =
            self.seeds.as_ref().map_or(1, |seeds| (seeds.end() - seeds.start()).saturating_add(1));
        seeds.saturating_mul(loaded.len() as u64)
    }
}

/// An engine as the command line names it.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// A queue of events: fast
    Event,
    /// turmoil: slow, and there to disagree
    Turmoil,
    /// Both, compared event by event down to the last packet
    Both,
}

/// Where the two engines disagree: a bug of zimsim's own.
pub struct Disagreement(String);

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl EngineName {
    /// The engine whose recording counts.
    pub fn engine(self) -> Engine {
        match self {
            EngineName::Event | EngineName::Both => Engine::Event,
            EngineName::Turmoil => Engine::Turmoil,
        }
    }

    /// How the command line asks for this one, after a space; nothing for the default.
    pub fn option(self) -> &'static str {
        match self {
            EngineName::Event => "",
            EngineName::Turmoil => " --engine turmoil",
            EngineName::Both => " --engine both",
        }
    }

    /// Runs a plan.
    ///
    /// # Errors
    /// Where both engines are asked for and they disagree.
    pub fn run(self, plan: &Plan, trace: bool) -> Result<Recording, Disagreement> {
        if self == EngineName::Both {
            let event = engine::run(plan, Engine::Event, true);
            let turmoil = engine::run(plan, Engine::Turmoil, true);
            if event != turmoil {
                return Err(disagreement(plan, &event, &turmoil));
            }
        }
        Ok(engine::run(plan, self.engine(), trace))
    }
}

fn disagreement(plan: &Plan, event: &Recording, turmoil: &Recording) -> Disagreement {
    let (name, seed) = (&plan.name, plan.seed.0);
    let mut text =
        format!("{name}, seed {seed}: the two engines disagree, a bug of zimsim's own\n");
    let (ours, theirs) = (&event.records, &turmoil.records);
    let parted = ours.iter().zip(theirs).position(|(a, b)| a != b);
    let place = parted.unwrap_or(ours.len().min(theirs.len()));
    for (engine, records) in [("event", ours), ("turmoil", theirs)] {
        match records.get(place) {
            Some(record) => text.push_str(&format!("  {engine:7}  {}  {record:?}\n", record.at)),
            None => text.push_str(&format!("  {engine:7}  has no event {place}\n")),
        }
    }
    Disagreement(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_seeds_ends_just_before_its_end() {
        assert_eq!(range("3..5"), Ok(3..=4));
        assert_eq!(range("0..18446744073709551615"), Ok(0..=u64::MAX - 1));
        for wrong in ["5..3", "4..4", "1", "a..b", "-1..4", "1..=4"] {
            assert!(range(wrong).is_err(), "{wrong}");
        }
    }
}
