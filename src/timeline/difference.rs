//! What kind of difference there is between two timelines, so that a reviewer knows at once
//! whether behaviour changed or only its timing.

use std::collections::BTreeMap;
use std::fmt;

/// How a timeline differs from an earlier one of the same scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The same events in the same order, at other times.
    TimesOnly {
        /// How many lines.
        moved: usize,
    },
    /// The same events in another order.
    Reordered,
    /// Events came or went.
    Changed {
        /// Lines that are new.
        added: usize,
        /// Lines that are gone.
        removed: usize,
    },
    /// Not a letter differs but white space at the ends of lines, or of the whole.
    Nothing,
}

impl Difference {
    /// Compares two timelines, line by line, with every figure of time set aside.
    pub fn between(old: &str, new: &str) -> Difference {
        let (old_lines, new_lines) = (lines(old), lines(new));
        if old_lines == new_lines {
            let pairs = old.trim_end().lines().zip(new.trim_end().lines());
            let moved = pairs.filter(|(old, new)| old.trim_end() != new.trim_end()).count();
            return match moved {
                0 => Difference::Nothing,
                _ => Difference::TimesOnly { moved },
            };
        }
        let mut balance: BTreeMap<&str, i64> = BTreeMap::new();
        for line in &new_lines {
            *balance.entry(line).or_default() += 1;
        }
        for line in &old_lines {
            *balance.entry(line).or_default() -= 1;
        }
        let sum = |sign: i64| -> usize {
            let surplus = balance.values().map(|count| (count * sign).max(0)).sum::<i64>();
            usize::try_from(surplus).expect("a sum of what is not negative")
        };
        match (sum(1), sum(-1)) {
            (0, 0) => Difference::Reordered,
            (added, removed) => Difference::Changed { added, removed },
        }
    }

    /// The kind in a word or two, for totals.
    pub fn kind(&self) -> &'static str {
        match self {
            Difference::TimesOnly { .. } => "times only",
            Difference::Reordered => "reordered",
            Difference::Changed { .. } => "changed",
            Difference::Nothing => "white space only",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::TimesOnly { moved } => {
                write!(f, "only times moved ({moved} lines); the events are the same")
            }
            Difference::Reordered => f.write_str("the same events in another order"),
            Difference::Changed { added, removed } => {
                write!(f, "events changed: {added} lines added, {removed} removed")
            }
            Difference::Nothing => f.write_str("only white space differs"),
        }
    }
}

/// The lines with every time (a number with three decimals) and all spacing evened out.
fn lines(text: &str) -> Vec<String> {
    text.trim_end().lines().map(timeless).collect()
}

fn timeless(line: &str) -> String {
    let words = line.split_whitespace().map(|word| match time_in(word) {
        Some((before, after)) => format!("{before}#{after}"),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What stands before and after the first time in a word: `tunnel+15.000` has `tunnel+`.
fn time_in(word: &str) -> Option<(&str, &str)> {
    let point = word.match_indices('.').map(|(at, _)| at).find(|at| {
        let decimals = word[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        decimals == 3 && word[..*at].ends_with(|c: char| c.is_ascii_digit())
    })?;
    let digits = word[..point].bytes().rev().take_while(u8::is_ascii_digit).count();
    Some((&word[..point - digits], &word[point + 4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "  1.000  alice  call login\n 12.500 cut+0.500 alice  3/3\n";

    #[test]
    fn moved_times_are_told_from_changed_events() {
        let moved = OLD.replace("12.500", "13.125").replace("+0.500", "+1.125");
        assert_eq!(Difference::between(OLD, &moved), Difference::TimesOnly { moved: 1 });
        let changed = OLD.replace("3/3", "0/4");
        assert_eq!(
            Difference::between(OLD, &changed),
            Difference::Changed { added: 1, removed: 1 }
        );
        let more = format!("{OLD} 14.000 alice 2/0\n");
        assert_eq!(Difference::between(OLD, &more), Difference::Changed { added: 1, removed: 0 });
    }

    #[test]
    fn another_order_is_told_from_other_events() {
        let reversed: Vec<_> = OLD.lines().rev().collect();
        assert_eq!(Difference::between(OLD, &reversed.join("\n")), Difference::Reordered);
    }

    #[test]
    fn trailing_white_space_is_no_difference() {
        assert_eq!(Difference::between(OLD, OLD.trim_end()), Difference::Nothing);
    }
}
