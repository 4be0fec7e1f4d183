//! The result of an exploration for people.

use super::coverage::{Coverage, Group, Spot};
use super::kind::Kind;
use super::result::{Finding, Summary};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Wider lines of names are broken.
const WIDTH: usize = 96;

/// What failed and how to see it again, what was reached, and what never was. `replay` gives the
/// command that runs a finding's plan again, `place` where its file was written.
pub fn text(
    outcome: &Summary,
    replay: &dyn Fn(&Finding) -> String,
    place: &dyn Fn(&Finding) -> Option<String>,
) -> String {
    let mut text = String::new();
    let Summary { seed, ran, failed, .. } = outcome;
    let of = outcome.from.as_ref().map(|from| format!(" of {}", from.file)).unwrap_or_default();
    let shard = outcome.shard.map(|shard| format!(", shard {shard}")).unwrap_or_default();
    let runs = ran.count();
    let what = if outcome.from.is_some() { "variations" } else { "plans" };
    line(&mut text, &format!("{what} {ran}{of}, seed {seed}{shard}: {runs} runs, {failed} failed"));
    for finding in &outcome.failures {
        text.push('\n');
        let Finding { check, runs, first, what, .. } = finding;
        let times = if *runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
        line(&mut text, &format!("{check}: {times}, first plan {first}"));
        what.lines().for_each(|what| line(&mut text, &format!("  {what}")));
        line(&mut text, &format!("  replay: {}", replay(finding)));
        match place(finding) {
            Some(place) => line(&mut text, &format!("  file:   {place}")),
            None => finding.file.lines().for_each(|row| line(&mut text, &format!("  | {row}"))),
        }
    }
    text.push('\n');
    reached(&mut text, &outcome.coverage);
    faults(&mut text, &outcome.coverage);
    missing(&mut text, &outcome.coverage);
    text
}

/// How much of each group was reached, and what of it the least.
fn reached(text: &mut String, coverage: &Coverage) {
    line(text, "reached                     least often");
    for group in Group::ALL.iter().filter(|group| **group != Group::Missed) {
        let own: Vec<_> = wanted(coverage, *group).collect();
        let seen = own.iter().filter(|(_, count)| *count > 0);
        let least = seen.clone().min_by_key(|(_, count)| *count);
        let least = least.map(|(spot, count)| format!("{} ({count})", spot.name));
        let share = format!("{} of {}", seen.count(), own.len());
        let (name, least) = (group.name(), least.unwrap_or_default());
        line(text, format!("  {name:24}  {share:10}  {least}").trim_end());
    }
}

/// Which faults struck, and which missed.
fn faults(text: &mut String, coverage: &Coverage) {
    line(text, "\nfault or act                 struck     missed");
    let counts = |group| coverage.all().filter(move |(spot, _)| spot.group == group);
    for ((spot, struck), (_, missed)) in counts(Group::Struck).zip(counts(Group::Missed)) {
        if struck + missed > 0 {
            line(text, &format!("  {:22}  {struck:9}  {missed:9}", spot.name));
        }
    }
}

/// What never was; pairs by their kinds of fault.
fn missing(text: &mut String, coverage: &Coverage) {
    let mut missing = coverage.missing().peekable();
    if missing.peek().is_none() {
        return line(text, "\nnothing that can be reached was never reached");
    }
    line(text, "\nnever reached");
    let mut pairs: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for spot in missing {
        match spot.name.rsplit_once(": ") {
            Some((kind, moment)) if spot.group == Group::Pair => {
                let place = Kind::ALL.iter().position(|own| own.name() == kind);
                pairs.entry(place.unwrap_or(Kind::ALL.len())).or_default().push(moment);
            }
            Some(_) | None => line(text, &format!("  {}: {}", spot.group.name(), spot.name)),
        }
    }
    for (place, moments) in pairs {
        let kind = Kind::ALL.get(place).map_or("", |kind| kind.name());
        wrapped(text, &format!("  {kind:22}  "), &moments);
    }
}

fn wanted(coverage: &Coverage, group: Group) -> impl Iterator<Item = (&'static Spot, u64)> {
    coverage.all().filter(move |(spot, _)| spot.group == group && spot.wanted)
}

/// Names behind one another, broken where they get too wide.
fn wrapped(text: &mut String, head: &str, names: &[&str]) {
    let mut row = head.to_owned();
    let mut empty = true;
    for name in names {
        if !empty && row.chars().count() + name.chars().count() + 2 > WIDTH {
            line(text, &format!("{row};"));
            row = " ".repeat(head.chars().count());
            empty = true;
        }
        row.push_str(if empty { "" } else { "; " });
        row.push_str(name);
        empty = false;
    }
    line(text, &row);
}

fn line(text: &mut String, row: &str) {
    writeln!(text, "{row}").expect("a string grows");
}
