//! The table of a boundary search, for people and for programs.

use super::super::outcome::{Change, changes};
use super::{Bounds, Stretch};
use crate::timeline::Object;
use std::fmt::Write;

/// The version of the form for programs.
const VERSION: u32 = 1;

impl Bounds {
    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let Bounds { name, path, step, within, stretches, runs, .. } = self;
        let range = match (stretches.first(), stretches.last()) {
            (Some(first), Some(last)) => format!(" from {} to {}", first.first, last.last),
            (Some(_) | None, None) | (None, Some(_)) => String::new(),
        };
        let mut say = |line: String| writeln!(out, "{line}").expect("a string grows");
        say(format!("{name}: {path}{range}, every {step}, changes to {within}: {runs} runs"));
        let mut before: Option<&Stretch> = None;
        for stretch in stretches {
            let Stretch { first, last, number, rows, has_own, .. } = stretch;
            let own = if *has_own { "   as in the file" } else { "" };
            let met = stretches.iter().find(|earlier| earlier.number == *number);
            let again = met.is_some_and(|earlier| !std::ptr::eq(earlier, stretch));
            let again = if again { "   again" } else { "" };
            say(format!("\n{}  {first} to {last}{again}{own}", letters(*number)));
            let rows = if rows.is_empty() { "none".to_owned() } else { rows.join(" ") };
            match (&stretch.outcome, before.and_then(|before| before.outcome.as_ref())) {
                (None, _) => say("   no scenario with such a value".to_owned()),
                (Some(_), None) => say(format!("   rows {rows}")),
                (Some(outcome), Some(before)) => {
                    say(format!("   rows {rows}"));
                    say(changes(outcome, before).trim_end().to_owned());
                }
            }
            for failure in &stretch.failures {
                say(format!("   CONTRADICTED  {failure}"));
            }
            before = Some(stretch);
        }
        say(String::new());
        if self.comes_back() {
            say("not monotone: an outcome goes and comes back".to_owned());
        }
        if self.stopped {
            say("stopped before all was done".to_owned());
        }
        say(match self.fails() {
            true => "FAILED: the contract is contradicted at some values".to_owned(),
            false => "all held: the contract is kept at every value that was tried".to_owned(),
        });
        out
    }

    /// For programs: an object a line.
    pub fn json(&self) -> String {
        let line = |kind: &str, object: Object| {
            let head = Object::new().with("v", VERSION).with("kind", kind);
            format!("{}\n", head.and(object).text())
        };
        let head = Object::new().with("name", &self.name).with("vary", &self.path);
        let head = head.with("step", &self.step).with("within", &self.within);
        let head = head.with("runs", self.runs).with("stopped", self.stopped);
        let mut out = line("boundary", head.with("monotone", !self.comes_back()));
        let mut before: Option<&Stretch> = None;
        for stretch in &self.stretches {
            let outcomes = before.and_then(|before| before.outcome.as_ref());
            let changes = match (&stretch.outcome, outcomes) {
                (Some(outcome), Some(before)) => outcome.changes_from(before),
                (Some(_) | None, Some(_) | None) => Vec::new(),
            };
            let change = |change: &Change| {
                let sign = if change.more { "more" } else { "less" };
                Object::new().with("client", &change.client).with(sign, &change.event)
            };
            let object = Object::new()
                .with("first", &stretch.first)
                .with("last", &stretch.last)
                .with("outcome", letters(stretch.number))
                .with("is_scenario", stretch.outcome.is_some())
                .with("own", stretch.has_own)
                .with("rows", &stretch.rows)
                .list("changes", changes.iter().map(change))
                .with("failures", &stretch.failures);
            out.push_str(&line("stretch", object));
            before = Some(stretch);
        }
        out
    }
}

/// A, B, … Z, A1, B1 …
fn letters(number: usize) -> String {
    let letter = u8::try_from(number % 26).map_or('?', |place| char::from(b'A' + place));
    match number / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}
