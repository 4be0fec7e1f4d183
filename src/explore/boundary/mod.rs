//! Varies one value of a scenario and finds each value at which the outcome changes.
//!
//! A coarse grid first; one drawn value inside each cell whose ends agree, because an outcome
//! may come and go between two of the grid; then bisection wherever two neighbours differ. What
//! lies between two values that were tried, agree and are neighbours is taken for the same: an
//! outcome that comes and goes within less than a cell may be missed.

mod place;
mod told;

use super::judge::{Runner, judge};
use super::outcome::{Outcome, unjudged};
use super::parallel;
use super::path::Path;
use crate::rng::{Label, Seed, scale};
use crate::scenario::{Diagnostics, Document, Value};
use place::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// A grid has so many values at the most.
const MOST: u64 = 10_000;
/// A grid has about so many cells if no step is asked for.
const CELLS: u64 = 60;

/// What is asked for; the amounts as a scenario file writes them.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is varied: `steps[2].for`, `steps.tunnel.for`, `params.room.heartbeat_timeout`.
    pub vary: &'a str,
    /// The first value.
    pub from: &'a str,
    /// The last value.
    pub to: &'a str,
    /// The grid's step; about a sixtieth of all if not given.
    pub step: Option<&'a str>,
    /// How near a change is to be found; as near as the unit lets it if not given.
    pub within: Option<&'a str>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The scenario's name.
    pub name: String,
    /// What was varied.
    pub path: String,
    /// The grid's step, in words.
    pub step: String,
    /// How near changes were found, in words.
    pub within: String,
    /// Stretches of values, upwards; neighbours have different outcomes.
    pub stretches: Vec<Stretch>,
    /// How many runs it took.
    pub runs: usize,
    /// Whether it was stopped before all was done.
    pub stopped: bool,
}

/// Values with one outcome.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The first value with it, in words.
    pub first: String,
    /// The last.
    pub last: String,
    /// Which outcome: the first that was met is 0, a new one has the next number. An outcome
    /// that comes back has its old number.
    pub number: usize,
    /// The outcome; `None` where the file with that value is no scenario.
    pub outcome: Option<Outcome>,
    /// The rows of the contract that were exercised at its first value.
    pub rows: Vec<&'static str>,
    /// What fails by the contract at its first value, in words.
    pub failures: Vec<String>,
    /// Whether the value that the file itself has lies in it.
    pub has_own: bool,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoBoundary {
    /// The document, with the first value in it, is no scenario.
    Document(Diagnostics),
    /// What was asked for makes no sense; the text says why.
    Asked(String),
}

/// What one value came to.
#[derive(Clone)]
struct Point {
    outcome: Option<Outcome>,
    rows: Vec<&'static str>,
    failures: Vec<String>,
}

/// Finds each value at which the outcome changes. `stop` is asked before each run, by any
/// thread.
///
/// # Errors
/// When the document is no scenario, or what is asked for makes no sense.
pub fn boundary(
    name: &str,
    document: &Document,
    asked: &Asked<'_>,
    runner: Runner,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Bounds, NoBoundary> {
    let path = place::find(asked.vary, document).map_err(NoBoundary::Asked)?;
    let (unit, from, to, step, within) = amounts(asked).map_err(NoBoundary::Asked)?;
    let own = own(&path, document, unit).map_err(NoBoundary::Asked)?;
    let bare = unjudged(document);
    // A key that is no key of its table, or a value of the wrong kind, is said once.
    let first = judge(name, &path.with(&bare, unit.value(from)), runner);
    let plan_name = first.map_err(NoBoundary::Document)?.plan.name;
    let mut scan = Scan { points: BTreeMap::new(), stopped: false };
    let run = |amount: &u64| {
        let Ok(ran) = judge(name, &path.with(&bare, unit.value(*amount)), runner) else {
            return Point { outcome: None, rows: Vec::new(), failures: Vec::new() };
        };
        let rows: BTreeSet<_> = ran.report.findings.iter().map(|finding| finding.row).collect();
        let contract = ran.report.failures.iter().filter(|failure| failure.check.is_of_contract());
        let failures = contract.map(ToString::to_string).collect();
        Point { outcome: Some(Outcome::of(&ran)), rows: rows.into_iter().collect(), failures }
    };
    let grid = (0..=(to - from) / step).map(|cell| from + cell * step).chain([to]);
    scan.run(grid.collect(), stop, &run);
    scan.run(scan.drawn(), stop, &run);
    loop {
        let middles = scan.middles(within);
        if middles.is_empty() || scan.stopped {
            break;
        }
        scan.run(middles, stop, &run);
    }
    Ok(Bounds {
        name: plan_name,
        path: asked.vary.to_owned(),
        step: unit.words(step),
        within: unit.words(within),
        stretches: scan.stretches(unit, own),
        runs: scan.points.len(),
        stopped: scan.stopped,
    })
}

/// The unit, and first, last, step and nearness in it.
fn amounts(asked: &Asked<'_>) -> Result<(Unit, u64, u64, u64, u64), String> {
    let (unit, from) = Unit::read(asked.from)?;
    let same = |text: &str| match Unit::read(text)? {
        (other, amount) if other == unit => Ok(amount),
        (_, _) => Err(format!("{text:?} is of another kind than {:?}", asked.from)),
    };
    let to = same(asked.to)?;
    if to <= from {
        return Err(format!("{:?} is not below {:?}", asked.from, asked.to));
    }
    let some = |text| match same(text)? {
        0 => Err(format!("{text:?} is no step at all")),
        amount => Ok(amount),
    };
    let step = asked.step.map(some).transpose()?.unwrap_or_else(|| round((to - from) / CELLS));
    let within = asked.within.map(some).transpose()?.unwrap_or(unit.finest());
    let values = (to - from) / step;
    if values > MOST {
        let step = unit.words((to - from).div_ceil(MOST));
        return Err(format!("that is a grid of {values} values; a step of {step} gives {MOST}"));
    }
    Ok((unit, from, to, step, within))
}

/// The amount that the document has there, if it has any.
fn own(path: &Path, document: &Document, unit: Unit) -> Result<Option<u64>, String> {
    let text = match path.get(document) {
        None => return Ok(None),
        Some(Value::Text(text)) if text == "unlimited" => return Ok(None),
        Some(Value::Text(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    match Unit::read(&text) {
        Ok((own, amount)) if own == unit => Ok(Some(amount)),
        Ok(_) => Err(format!("{path} holds {text}, an amount of another kind")),
        Err(_) => Err(format!("{path} holds {text:?}, which is no amount")),
    }
}

/// The next of 1, 2, 5, 10, 20 …
fn round(amount: u64) -> u64 {
    let steps = (0..19).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    steps.into_iter().find(|step| *step >= amount).unwrap_or(amount)
}

/// The values that were tried.
struct Scan {
    points: BTreeMap<u64, Point>,
    stopped: bool,
}

impl Scan {
    fn run(
        &mut self,
        amounts: BTreeSet<u64>,
        stop: &(dyn Fn() -> bool + Sync),
        run: &(dyn Fn(&u64) -> Point + Sync),
    ) {
        let amounts: Vec<_> = amounts.into_iter().collect();
        for (amount, point) in
            amounts.iter().zip(parallel::each(&amounts, parallel::cores(), stop, run))
        {
            match point {
                Some(point) => drop(self.points.insert(*amount, point)),
                None => self.stopped = true,
            }
        }
    }

    /// All neighbours, and whether they agree.
    fn cells(&self) -> impl Iterator<Item = (u64, u64, bool)> {
        let next = self.points.iter().skip(1);
        let cells = self.points.iter().zip(next);
        cells.map(|((a, one), (b, other))| (*a, *b, one.outcome == other.outcome))
    }

    /// A value inside each cell whose ends agree: the same in every run.
    fn drawn(&self) -> BTreeSet<u64> {
        let label = Label::new("boundary");
        let wide = self.cells().filter(|(a, b, agree)| *agree && b - a > 1);
        wide.map(|(a, b, _)| a + 1 + scale(Seed(1).draw(label, 0, a, b), b - a - 1)).collect()
    }

    /// The middle of each cell whose ends differ and are not near enough.
    fn middles(&self, within: u64) -> BTreeSet<u64> {
        let apart = self.cells().filter(|(a, b, agree)| !agree && b - a > within);
        apart.map(|(a, b, _)| a + (b - a) / 2).collect()
    }

    fn stretches(&self, unit: Unit, own: Option<u64>) -> Vec<Stretch> {
        let mut numbers: Vec<&Option<Outcome>> = Vec::new();
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut first = 0;
        for (amount, Point { outcome, rows, failures }) in &self.points {
            let known = numbers.iter().position(|known| *known == outcome);
            let number = known.unwrap_or_else(|| {
                numbers.push(outcome);
                numbers.len() - 1
            });
            let words = unit.words(*amount);
            match stretches.last_mut().filter(|last| last.number == number) {
                Some(last) => {
                    last.last = words;
                    last.has_own |= own.is_some_and(|own| (first..=*amount).contains(&own));
                }
                None => {
                    first = *amount;
                    stretches.push(Stretch {
                        first: words.clone(),
                        last: words,
                        number,
                        outcome: outcome.clone(),
                        rows: rows.clone(),
                        failures: failures.clone(),
                        has_own: own == Some(*amount),
                    });
                }
            }
        }
        stretches
    }
}

impl Bounds {
    /// Whether an outcome goes and comes back.
    pub fn comes_back(&self) -> bool {
        let mut numbers: Vec<_> = self.stretches.iter().map(|stretch| stretch.number).collect();
        numbers.sort_unstable();
        numbers.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Whether the contract fails somewhere.
    pub fn fails(&self) -> bool {
        self.stretches.iter().any(|stretch| !stretch.failures.is_empty())
    }
}
