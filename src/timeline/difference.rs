//! What kind of difference there is between a kept timeline and a new one.
//!
//! A changed delay moves many times and nothing else; whoever reviews a hundred
//! snapshots wants to know that before reading them.

use std::collections::BTreeMap;
use std::fmt;

/// How a new timeline differs from the kept one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Not at all.
    None,
    /// The same lines in the same order, at other times.
    Times {
        /// How many lines.
        lines: usize,
    },
    /// The same lines in another order, times aside.
    Order,
    /// Lines came or went.
    Lines {
        /// Lines that only the new one has.
        added: usize,
        /// Lines that only the kept one has.
        removed: usize,
    },
}

impl Difference {
    /// Compares two timelines line by line. Blanks don't count: columns may move.
    pub fn between(kept: &str, new: &str) -> Difference {
        let lines = |text: &str| text.trim().lines().map(normal).collect::<Vec<_>>();
        let (kept, new) = (lines(kept), lines(new));
        if kept == new {
            return Difference::None;
        }
        let timeless = |lines: &[String]| lines.iter().map(|l| without_times(l)).collect();
        let (old_words, new_words): (Vec<_>, Vec<_>) = (timeless(&kept), timeless(&new));
        if old_words == new_words {
            let moved = kept.iter().zip(&new).filter(|(old, new)| old != new).count();
            return Difference::Times { lines: moved };
        }
        let mut balance: BTreeMap<&str, isize> = BTreeMap::new();
        old_words.iter().for_each(|line| *balance.entry(line).or_default() -= 1);
        new_words.iter().for_each(|line| *balance.entry(line).or_default() += 1);
        let added = balance.values().map(|n| usize::try_from(*n).unwrap_or(0)).sum();
        let removed = balance.values().map(|n| usize::try_from(-n).unwrap_or(0)).sum();
        match (added, removed) {
            (0, 0) => Difference::Order,
            (added, removed) => Difference::Lines { added, removed },
        }
    }

    /// The kind in a word or two, for totals over many timelines.
    pub fn kind(&self) -> &'static str {
        match self {
            Difference::None => "the same",
            Difference::Times { .. } => "times only",
            Difference::Order => "order only",
            Difference::Lines { .. } => "changed",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::None => f.write_str("nothing differs"),
            Difference::Times { lines } => write!(f, "only times moved, in {}", count(*lines)),
            Difference::Order => f.write_str("the same lines in another order"),
            Difference::Lines { added, removed: 0 } => write!(f, "{} added", count(*added)),
            Difference::Lines { added: 0, removed } => write!(f, "{} removed", count(*removed)),
            Difference::Lines { added, removed } => {
                write!(f, "{} added, {removed} removed", count(*added))
            }
        }
    }
}

fn count(lines: usize) -> String {
    if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }
}

/// The line with single blanks between its words.
pub(super) fn normal(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The line with every time (digits, a point, three digits) blotted out.
fn without_times(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(from.len());
        let (number, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(if is_time(number) { "#" } else { number });
        rest = after;
    }
    out + rest
}

fn is_time(number: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let parts = number.split_once('.');
    parts.is_some_and(|(secs, ms)| digits(secs) && digits(ms) && ms.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "  1.000  tunnel+15.000   alice  call login\n  2.000   bob  (3/3)  4.T0\n";

    fn against(new: &str) -> (&'static str, String) {
        let difference = Difference::between(KEPT, new);
        (difference.kind(), difference.to_string())
    }

    #[test]
    fn each_kind_of_difference_is_told_apart() {
        let moved = "  1.000  tunnel+9.000  alice  call login\n 12.345   bob  (3/3)  4.T0\n";
        assert_eq!(against(KEPT).0, "the same");
        assert_eq!(against(KEPT.trim_end()).0, "the same");
        assert_eq!(against(moved), ("times only", "only times moved, in 2 lines".into()));
        let (first, second) = KEPT.split_once('\n').unwrap();
        let turned = format!("{second}{first}");
        assert_eq!(against(&turned), ("order only", "the same lines in another order".into()));
        assert_eq!(against(first), ("changed", "1 line removed".into()));
        let more = format!("{KEPT}3.000 alice login: ok\n3.000 alice x\n");
        assert_eq!(against(&more), ("changed", "2 lines added".into()));
        let other = KEPT.replace("(3/3)", "(2/0)");
        assert_eq!(against(&other), ("changed", "1 line added, 1 removed".into()));
    }

    #[test]
    fn a_number_that_is_no_time_is_no_matter_of_times() {
        assert_eq!(against(&KEPT.replace("4.T0", "4.T1")).0, "changed");
        assert_eq!(without_times("6000121 60s 1.5 2.060 r1.000x"), "6000121 60s 1.5 # r#x");
    }
}
