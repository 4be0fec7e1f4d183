//! Puts the results of several machines together, or says why they don't belong together.

use super::result::{Finding, Numbers, Shard, Summary};
use std::collections::BTreeMap;
use std::fmt;

/// Why results can't be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// There are none.
    Nothing,
    /// Two are of different explorations.
    Different {
        /// In what they differ.
        what: &'static str,
        /// What the first has, and the other, each with where it is from.
        values: [(String, String); 2],
    },
    /// Guided explorations are no sums of their parts.
    Guided(String),
    /// Plans that ran twice.
    Twice {
        /// Which.
        plans: Numbers,
        /// Where they stand.
        sources: [String; 2],
    },
    /// Plans that nobody ran.
    Missing {
        /// Which.
        plans: Vec<Numbers>,
        /// Which shards these are, where there are shards.
        shards: Vec<Shard>,
        /// What stopped before its end, with where it stands.
        stopped: Vec<(String, Numbers)>,
    },
}

/// Adds up results, each with a word for where it is from; their order does not matter. What
/// comes out is what one exploration of all the plans gives.
///
/// # Errors
/// When they are not of one exploration, or not exactly all of it.
pub fn merge(parts: Vec<(String, Summary)>) -> Result<Summary, Apart> {
    let mut parts = parts;
    parts.sort_by_key(|(_, part)| (part.ran, part.asked));
    let Some((first_source, first)) = parts.first() else { return Err(Apart::Nothing) };
    for (source, part) in &parts {
        if part.guided && parts.len() > 1 {
            return Err(Apart::Guided(source.clone()));
        }
        if let Some((what, own, other)) = difference(first, part) {
            let values = [(first_source.clone(), own), (source.clone(), other)];
            return Err(Apart::Different { what, values });
        }
    }
    let begin = parts.iter().map(|(_, part)| part.asked.from).min().unwrap_or(0);
    let end = parts.iter().map(|(_, part)| part.asked.to).max().unwrap_or(0);
    let asked = Numbers { from: begin, to: end };
    complete(&parts, asked)?;
    let mut whole = Summary { asked, shard: None, ran: asked, ..parts.remove(0).1 };
    for (_, part) in parts {
        whole.failed += part.failed;
        whole.coverage.merge(&part.coverage);
        whole.failures = added(whole.failures, part.failures);
    }
    Ok(whole)
}

/// What two results differ in that must be the same.
fn difference(a: &Summary, b: &Summary) -> Option<(&'static str, String, String)> {
    let from = |one: &Summary| match &one.from {
        Some(origin) => format!("{} ({})", origin.file, origin.hash),
        None => "drawn plans".to_owned(),
    };
    let shards = |one: &Summary| match one.shard {
        Some(shard) => format!("{} in {} shards", one.asked, shard.of),
        None => "no shards".to_owned(),
    };
    let both_shards = a.shard.is_some() && b.shard.is_some();
    let pairs = [
        ("version of zimsim", a.zimsim.clone(), b.zimsim.clone()),
        ("seed", a.seed.to_string(), b.seed.to_string()),
        ("base", from(a), from(b)),
        ("shrinking", a.shrunk.to_string(), b.shrunk.to_string()),
    ];
    let split = ("plans", shards(a), shards(b));
    let split = Some(split).filter(|_| both_shards);
    pairs.into_iter().chain(split).find(|(_, a, b)| a != b)
}

/// Whether each plan ran exactly once. The parts are in the order of their plans.
fn complete(parts: &[(String, Summary)], asked: Numbers) -> Result<(), Apart> {
    let mut missing = Vec::new();
    let mut next = asked.from;
    let mut last: Option<&str> = None;
    for (source, part) in parts.iter().filter(|(_, part)| !part.ran.is_empty()) {
        if part.ran.from < next {
            let plans = Numbers { from: part.ran.from, to: next.min(part.ran.to) };
            let first = last.unwrap_or_default().to_owned();
            return Err(Apart::Twice { plans, sources: [first, source.clone()] });
        }
        if part.ran.from > next {
            missing.push(Numbers { from: next, to: part.ran.from });
        }
        next = part.ran.to;
        last = Some(source);
    }
    if next < asked.to {
        missing.push(Numbers { from: next, to: asked.to });
    }
    if missing.is_empty() {
        return Ok(());
    }
    let given = parts.iter().filter_map(|(_, part)| part.shard);
    let given: Vec<_> = given.collect();
    let all = given.first().map_or(0, |shard| shard.of);
    let shards = (1..=all).map(|number| Shard { number, of: all });
    let absent = |shard: &Shard| !given.contains(shard) && !asked.part(*shard).is_empty();
    let meant = |part: &Summary| part.shard.map_or(part.asked, |shard| part.asked.part(shard));
    let stopped = parts.iter().filter(|(_, part)| part.ran != meant(part));
    Err(Apart::Missing {
        plans: missing,
        shards: shards.filter(absent).collect(),
        stopped: stopped.map(|(source, part)| (source.clone(), part.ran)).collect(),
    })
}

/// Findings of both, by check; of one check the first plan's.
fn added(own: Vec<Finding>, more: Vec<Finding>) -> Vec<Finding> {
    let mut all: BTreeMap<String, Finding> = BTreeMap::new();
    for finding in own.into_iter().chain(more) {
        let Some(known) = all.get_mut(&finding.check) else {
            all.insert(finding.check.clone(), finding);
            continue;
        };
        let runs = known.runs + finding.runs;
        if finding.first < known.first {
            *known = finding;
        }
        known.runs = runs;
    }
    all.into_values().collect()
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Apart::Nothing => f.write_str("no results to merge"),
            Apart::Different { what, values: [(a, own), (b, other)] } => {
                write!(f, "not of one exploration: another {what}: {a} has {own}, {b} has {other}")
            }
            Apart::Guided(source) => write!(
                f,
                "{source} is a guided exploration: what it ran depends on all of it, so it is no \
                 part of another"
            ),
            Apart::Twice { plans, sources: [a, b] } if a == b => {
                write!(f, "plans {plans} stand twice in {a}")
            }
            Apart::Twice { plans, sources: [a, b] } => {
                write!(f, "plans {plans} stand both in {a} and in {b}")
            }
            Apart::Missing { plans, shards, stopped } => {
                let list = |items: Vec<String>| items.join(", ");
                let plans = list(plans.iter().map(ToString::to_string).collect());
                write!(f, "plans {plans} are missing")?;
                if !shards.is_empty() {
                    let shards = list(shards.iter().map(ToString::to_string).collect());
                    write!(f, "; no result of shard {shards}")?;
                }
                for (source, ran) in stopped {
                    write!(f, "; {source} stopped early, it ran {ran}")?;
                }
                Ok(())
            }
        }
    }
}
