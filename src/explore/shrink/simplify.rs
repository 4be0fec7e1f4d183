//! Plainer words for the same thing: a cut for any other fault, one client for several.

use super::hunt::Hunt;
use super::names::SERVER;
use crate::contract::Check;
use crate::record::{Event, Origin, Recording, Who};
use crate::scenario::{Document, ExpectedResult, Table, Value, host_acts};
use crate::time::Span;
use crate::zim::ErrorCode;
use std::collections::BTreeSet;

/// Faults that a cut may do as well as.
const LIKE_CUT: &[&str] = &[
    "stall",
    "flap",
    "blackhole",
    "suspend",
    "doze",
    "offline",
    "handover",
    "portal",
    "dns",
    "crash",
    "overload",
];

/// Tries plainer words for every step.
pub fn simplify(hunt: &mut Hunt<'_>) {
    for place in 0..hunt.kept.rows("steps").count() {
        for change in [as_cut, on_one_client] {
            let plainer = step(&hunt.kept, place).map(|step| change(step, &hunt.kept));
            for plainer in plainer.unwrap_or_default() {
                if hunt.offer(with_step(&hunt.kept, place, plainer)) {
                    break;
                }
            }
        }
    }
    while healed(hunt) {}
    results(hunt);
    let mut sorted = hunt.kept.clone();
    sorted.list_mut("steps").sort_by_key(|row| {
        let at = row.table().and_then(|row| row.text("at"));
        at.and_then(|at| Span::parse(at).ok())
    });
    hunt.offer(sorted);
}

fn step(document: &Document, place: usize) -> Option<&Table> {
    document.rows("steps").nth(place)
}

fn with_step(document: &Document, place: usize, step: Table) -> Document {
    let mut changed = document.clone();
    if let Some(row) = changed.list_mut("steps").get_mut(place) {
        *row = step.into();
    }
    changed
}

/// The same step as a cut: as long, or as long as a flap is down once, or in all.
fn as_cut(step: &Table, _: &Document) -> Vec<Table> {
    let target = LIKE_CUT.iter().find_map(|act| step.get(act));
    let Some(target) = target else { return Vec::new() };
    let keep = |table: Table, key: &str| match step.get(key) {
        Some(value) => table.with(key, value.clone()),
        None => table,
    };
    let cut = keep(Table::default(), "at").with("cut", target.clone());
    let length = |key: &str| step.text(key).and_then(|text| Span::parse(text).ok()).map(Span::ms);
    let times = match step.get("times") {
        Some(Value::Whole(times)) => u64::try_from(*times).unwrap_or(1),
        Some(_) | None => 1,
    };
    let (down, up) = (length("down_for"), length("up_for").unwrap_or(0));
    let all = down.map(|down| (down + up).saturating_mul(times).saturating_sub(up));
    let lasting = |ms| cut.clone().with("for", Span::from_ms(ms).to_string());
    let mut cuts: Vec<_> = [length("for"), down, all].into_iter().flatten().map(lasting).collect();
    if cuts.is_empty() {
        cuts.push(cut);
    }
    cuts.into_iter().map(|cut| keep(keep(cut, "name"), "may_miss")).collect()
}

/// The same step on one client, where it is on several or on all.
fn on_one_client(step: &Table, document: &Document) -> Vec<Table> {
    let Some(act) = host_acts().find(|act| step.get(act).is_some()) else { return Vec::new() };
    let clients = || {
        let all = document.root.get("clients").and_then(Value::table);
        all.into_iter().flat_map(Table::entries).map(|(name, _)| Value::from(name)).collect()
    };
    let targets: Vec<Value> = match step.get(act) {
        Some(Value::Text(name)) if name == SERVER && act != "restart" => clients(),
        Some(Value::List(targets)) => targets.clone(),
        Some(_) | None => Vec::new(),
    };
    let one = |target| {
        let mut step = step.clone().with(act, target);
        // What only the server has.
        if act == "crash" {
            step.remove("state");
        }
        step
    };
    targets.into_iter().map(one).collect()
}

/// Writes a fault that a later step ends with its length instead. Tells whether there was one.
fn healed(hunt: &mut Hunt<'_>) -> bool {
    let at = |row: &Table| row.text("at").and_then(|at| Span::parse(at).ok()).map(Span::ms);
    let rows: Vec<_> = hunt.kept.rows("steps").cloned().collect();
    for (place, end) in rows.iter().enumerate() {
        let is_begin = |row: &&Table| match (end.text("heal"), end.text("restart")) {
            (Some(name), _) => row.text("name") == Some(name),
            (None, Some(host)) => row.text("crash") == Some(host) && at(row) < at(end),
            (None, None) => false,
        };
        let Some(begin) = rows.iter().position(|row| is_begin(&row)) else { continue };
        let (Some(from), Some(to)) = (at(&rows[begin]), at(end)) else { continue };
        let length = Span::from_ms(to.saturating_sub(from)).to_string();
        let mut shorter = with_step(&hunt.kept, begin, rows[begin].clone().with("for", length));
        shorter.list_mut("steps").remove(place);
        if hunt.offer(shorter) {
            return true;
        }
    }
    false
}

/// Lets a call end as it likes that no longer ends as its step says: what was taken out has
/// changed that, and it is not what is hunted.
fn results(hunt: &mut Hunt<'_>) {
    if hunt.check() == Check::Result || !hunt.ran.failed().contains(&Check::Result) {
        return;
    }
    let expected = hunt.ran.plan.results.iter().filter(|expected| expected.code.is_some());
    let changed = expected.filter(|expected| ended(&hunt.ran.recording, expected) != expected.code);
    let place = |expected: &ExpectedResult| match expected.origin {
        Origin::Step(place) | Origin::Repeated(place, _) => Some(place),
        Origin::Reaction(_) | Origin::Policy | Origin::Crowd => None,
    };
    let places: BTreeSet<_> = changed.filter_map(place).collect();
    for place in places {
        if let Some(step) = step(&hunt.kept, place).cloned() {
            hunt.offer(with_step(&hunt.kept, place, step.with("result", "any")));
        }
    }
}

/// How a step's call ended.
fn ended(recording: &Recording, expected: &ExpectedResult) -> Option<ErrorCode> {
    let who = Who::Client(expected.client);
    let own = || recording.records.iter().filter(|record| record.who == who);
    let made = own().find_map(|record| match &record.event {
        Event::Called { id, origin, .. } if *origin == expected.origin => Some(*id),
        _ => None,
    })?;
    own().find_map(|record| match &record.event {
        Event::Result { id, code, .. } if *id == made => Some(*code),
        _ => None,
    })
}
