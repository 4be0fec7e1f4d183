//! The result of an exploration, as a file: one line of JSON, so that the results of several
//! machines can be put together, behind one another or by `zimsim merge`.

use super::campaign::{Campaign, Explored};
use super::coverage::{Coverage, Group, spots};
use super::tally::{Catch, Cause};
use crate::rng::{Label, Seed};
use crate::scenario::Document;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// What an exploration, or a shard of one, came to. Nothing in it depends on the machine, on
/// threads or on time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The version of zimsim.
    pub zimsim: String,
    /// The seed of all plans.
    pub seed: u64,
    /// What was varied; `None`: plans were drawn.
    pub from: Option<Origin>,
    /// Whether what was seldom reached was favoured.
    pub guided: bool,
    /// Whether what was found has been made smaller.
    pub shrunk: bool,
    /// The plans of the whole exploration.
    pub asked: Numbers,
    /// Which part of it this is; `None`: all.
    pub shard: Option<Shard>,
    /// The plans that ran.
    pub ran: Numbers,
    /// How many of these runs failed.
    pub failed: u64,
    /// What failed, by check.
    pub failures: Vec<Finding>,
    /// What was reached.
    pub coverage: Coverage,
}

/// The numbers of some plans that lie behind one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// The first.
    pub from: u64,
    /// The one after the last.
    pub to: u64,
}

/// A part of an exploration: its plans are a stretch of the whole's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

/// A scenario that was varied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The file's name, without its folder.
    pub file: String,
    /// A hash of what it says, so that two files of one name are told apart.
    pub hash: String,
}

/// What failed by one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The id of the check, or `panic`.
    pub check: String,
    /// How many runs.
    pub runs: u64,
    /// The smallest number of a plan that did.
    pub first: u64,
    /// What was said of that one.
    pub what: String,
    /// That one as a scenario file, made smaller if `shrunk`.
    pub file: String,
}

/// What makes a finding smaller: from its cause and file.
pub type Shrink<'a> = &'a dyn Fn(Cause, &Catch) -> String;

impl Summary {
    /// What a campaign came to, of the plans that the whole exploration has; `shrink` makes
    /// findings smaller, if there is to be such a thing.
    pub fn of(
        campaign: &Campaign,
        from: Option<Origin>,
        (asked, shard): (Numbers, Option<Shard>),
        explored: &Explored,
        shrink: Option<Shrink<'_>>,
    ) -> Summary {
        let finding = |(cause, found): (&Cause, &Catch)| {
            let smaller = shrink.map(|shrink| shrink(*cause, found));
            Finding {
                check: cause.id().to_owned(),
                runs: found.runs,
                first: found.first,
                what: found.what.clone(),
                file: smaller.unwrap_or_else(|| found.document.to_string()),
            }
        };
        let mut failures: Vec<_> = explored.tally.found.iter().map(finding).collect();
        failures.sort_by(|a, b| a.check.cmp(&b.check));
        Summary {
            zimsim: env!("CARGO_PKG_VERSION").to_owned(),
            seed: campaign.seed.0,
            from,
            guided: campaign.guided,
            shrunk: shrink.is_some(),
            asked,
            shard,
            ran: explored.ran.clone().into(),
            failed: explored.tally.failed,
            failures,
            coverage: explored.tally.coverage.clone(),
        }
    }

    /// As a line of JSON, its end included.
    pub fn line(&self) -> String {
        let json = serde_json::to_string(self).expect("numbers, texts, and keys that are texts");
        format!("{json}\n")
    }

    /// Reads the results in a file, one a line; empty lines don't count.
    ///
    /// # Errors
    /// Where a line is no result of this version, and why.
    pub fn read_all(text: &str) -> Result<Vec<Summary>, Unread> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(index, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| {
                let text = error.to_string();
                // It says where at its end, and knows of one line only.
                let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
                Unread { line: index + 1, column: error.column(), why: why.to_owned() }
            })
        };
        lines.map(read).collect()
    }
}

/// Where a file of results can't be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The line, from 1.
    pub line: usize,
    /// The byte in that line, from 1; 0 if the line as a whole is wrong.
    pub column: usize,
    /// Why.
    pub why: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: no result of an exploration: {}", self.line, self.column, self.why)
    }
}

impl Origin {
    /// What tells this scenario from others.
    pub fn of(file: String, base: &Document) -> Origin {
        let hash = Seed(0).draw(Label::new(&base.to_string()), 0, 0, 0);
        Origin { file, hash: format!("{hash:016x}") }
    }
}

impl Numbers {
    /// How many these are.
    pub fn count(self) -> u64 {
        self.to.saturating_sub(self.from)
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.count() == 0
    }

    /// This part of these numbers: stretches that differ in length by one at the most.
    pub fn part(self, shard: Shard) -> Numbers {
        let end = |number: u64| {
            let share = u128::from(self.count()) * u128::from(number) / u128::from(shard.of);
            self.from + u64::try_from(share).expect("no more than the whole")
        };
        Numbers { from: end(shard.number - 1), to: end(shard.number) }
    }
}

impl From<Range<u64>> for Numbers {
    fn from(range: Range<u64>) -> Numbers {
        Numbers { from: range.start, to: range.end }
    }
}

impl From<Numbers> for Range<u64> {
    fn from(numbers: Numbers) -> Range<u64> {
        numbers.from..numbers.to
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Group by group, each spot by its name.
impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut groups = serializer.serialize_map(Some(Group::ALL.len()))?;
        for group in Group::ALL {
            groups.serialize_entry(group.name(), &Part { coverage: self, group: *group })?;
        }
        groups.end()
    }
}

/// One group of a coverage.
struct Part<'a> {
    coverage: &'a Coverage,
    group: Group,
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = self.coverage.all().filter(|(spot, _)| spot.group == self.group);
        serializer.collect_map(own.map(|(spot, count)| (&spot.name, count)))
    }
}

/// Exactly the spots of this version, in whatever order.
impl<'de> Deserialize<'de> for Coverage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Coverage, D::Error> {
        use serde::de::Error;
        let groups: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::deserialize(deserializer)?;
        let count = |spot: &super::coverage::Spot| {
            let group = groups.get(spot.group.name()).and_then(|group| group.get(&spot.name));
            group.copied().ok_or_else(|| {
                D::Error::custom(format!("no count of {}, {}", spot.group.name(), spot.name))
            })
        };
        let counts = spots().iter().map(count).collect::<Result<Vec<_>, _>>()?;
        let all: usize = groups.values().map(BTreeMap::len).sum();
        if all != counts.len() {
            return Err(D::Error::custom("counts of things that this version does not know"));
        }
        Coverage::from_counts(counts).ok_or_else(|| D::Error::custom("too few counts"))
    }
}
