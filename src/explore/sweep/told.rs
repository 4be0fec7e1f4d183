//! A sweep for people and for programs.

use super::super::outcome::{Change, changes};
use super::{Found, Swept};
use crate::time::Time;
use crate::timeline::Object;
use std::fmt::Write;

/// So many stretches of time are listed.
const STRETCHES: usize = 6;
/// The version of the form for programs.
const VERSION: u32 = 1;

impl Swept {
    /// How many outcomes fail.
    pub fn failing(&self) -> usize {
        self.outcomes.iter().filter(|found| !found.outcome.failed.is_empty()).count()
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let Swept { name, act, moments, tried, .. } = self;
        let outcomes = self.outcomes.len();
        let s = if outcomes == 1 { "" } else { "s" };
        let stopped = if tried < moments {
            format!(" (stopped; there are {moments})")
        } else {
            String::new()
        };
        writeln!(out, "{name}: {act} at each of {tried} moments{stopped}: {outcomes} outcome{s}")
            .expect("a string grows");
        for (place, found) in self.outcomes.iter().enumerate() {
            let same = if found.outcome == self.base { "   as without it" } else { "" };
            writeln!(out, "\n{}  {}{same}", place + 1, when(found)).expect("a string grows");
            writeln!(out, "   first at   {}", found.at).expect("a string grows");
            writeln!(out, "   after      {}", found.after).expect("a string grows");
            if let Some(with) = &found.with {
                writeln!(out, "   with       {with}").expect("a string grows");
            }
            out.push_str(&changes(&found.outcome, &self.base));
            for failure in &found.failures {
                writeln!(out, "   CONTRADICTED  {failure}").expect("a string grows");
            }
        }
        let last = match self.failing() {
            0 => "\nall held: no moment makes the contract fail\n".to_owned(),
            failing => format!("\nFAILED: {failing} of {outcomes} outcome{s}\n"),
        };
        out.push_str(&last);
        out
    }

    /// For programs: an object a line.
    pub fn json(&self) -> String {
        let line = |kind: &str, object: Object| {
            let head = Object::new().with("v", VERSION).with("kind", kind);
            format!("{}\n", head.and(object).text())
        };
        let head = Object::new().with("name", &self.name).with("act", &self.act);
        let mut out = line("sweep", head.with("moments", self.moments).with("tried", self.tried));
        for found in &self.outcomes {
            let stretches: Vec<_> =
                found.stretches.iter().map(|(from, to)| [from.ms(), to.ms()]).collect();
            let changes = found.outcome.changes_from(&self.base);
            let change = |change: &Change| {
                let sign = if change.more { "more" } else { "less" };
                Object::new().with("client", &change.client).with(sign, &change.event)
            };
            let failed: Vec<_> = found.outcome.failed.iter().map(|check| check.id()).collect();
            let object = Object::new()
                .with("first", found.at.ms())
                .with("after", &found.after)
                .with("with", &found.with)
                .with("moments", found.moments)
                .with("stretches", stretches)
                .with("as_base", found.outcome == self.base)
                .list("changes", changes.iter().map(change))
                .with("failed", failed)
                .with("failures", &found.failures);
            out.push_str(&line("outcome", object));
        }
        out
    }
}

/// `31 moments: 0.180 to 2.001, 2.059`
fn when(found: &Found) -> String {
    let listed = found.stretches.iter().take(STRETCHES);
    let stretch = |(from, to): &(Time, Time)| {
        if from == to { from.to_string() } else { format!("{from} to {to}") }
    };
    let listed: Vec<_> = listed.map(stretch).collect();
    let more = found.stretches.len().saturating_sub(STRETCHES);
    let more = if more > 0 { format!(", and {more} more stretches") } else { String::new() };
    let plural = if found.moments == 1 { "" } else { "s" };
    format!("{} moment{plural}: {}{more}", found.moments, listed.join(", "))
}
