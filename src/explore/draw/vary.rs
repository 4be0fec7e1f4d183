//! Varies a scenario that somebody wrote: only its faults, and the times of its steps. Who takes
//! part, what they call and the parameters stay; what it expects is left out, since that is not
//! judged.

use super::super::dice::Dice;
use super::super::kind::Kind;
use super::super::outcome::unjudged;
use super::aim::Aim;
use super::cast::{Actor, Cast};
use super::strike::Strikes;
use super::timing::{FIRST_FAULT, Timing};
use super::{Sketch, ms};
use crate::contract;
use crate::rng::Seed;
use crate::scenario::{self, Document, Table, Value};
use crate::time::Span;
use std::collections::BTreeSet;

/// What is varied into no scenario (a `heal` before its fault) is varied anew so often.
const TRIES: u32 = 16;
/// A step is moved by no more, mostly.
const NEAR: u64 = 5_000;

/// The `n`-th variation of a scenario under a seed: a function of the three arguments alone. It
/// is a scenario if the base is one.
pub fn vary(base: &Document, seed: Seed, n: u64) -> Document {
    let bare = bare(base, seed, n);
    let mut dice = Dice::of(seed, "vary", n);
    let rows = contract::ids();
    for _ in 0..TRIES {
        let varied = once(&bare, &mut dice);
        if scenario::load("varied", varied.to_string().as_bytes(), &rows).is_ok() {
            return varied;
        }
    }
    bare
}

/// The base without anything that only it expects.
fn bare(base: &Document, seed: Seed, n: u64) -> Document {
    let mut bare = unjudged(base);
    let title = base.root.text("title").unwrap_or_default();
    bare.root.set("title", format!("{title}, variation {n} of seed {}", seed.0));
    bare
}

fn once(bare: &Document, dice: &mut Dice) -> Document {
    let timing = timing(bare);
    let cast = cast(bare);
    let mut sketch = Sketch::default();
    let mut gone = BTreeSet::new();
    for row in bare.rows("steps") {
        let mut row = row.clone();
        let ends = ["heal", "restart"].iter().find_map(|key| row.text(key));
        if ends.is_some_and(|name| gone.contains(name)) {
            continue;
        }
        let may_go = is_fault(&row) || row.get("admin").is_some();
        if may_go && dice.percent(15) {
            gone.extend(
                ["name", "crash"].iter().filter_map(|key| row.text(key)).map(str::to_owned),
            );
            continue;
        }
        let share = if may_go { 60 } else { 30 };
        if dice.percent(share) {
            shift(dice, &mut row, timing.until);
        }
        if may_go && dice.percent(40) {
            stretch(dice, &mut row);
        }
        let at = duration(&row, "at").unwrap_or(0);
        if is_fault(&row) {
            sketch.aims.fault(at, at + duration(&row, "for").unwrap_or(0));
        }
        match row.text("call") {
            Some("login") => sketch.aims.add(Aim::Login, at),
            Some("logout") => sketch.aims.add(Aim::After, at),
            Some("enterRoom" | "joinRoom" | "createRoom") => sketch.aims.add(Aim::Entry, at),
            Some(_) | None => {}
        }
        sketch.step(at, row);
    }
    if timing.calm > FIRST_FAULT {
        let mut strikes = Strikes::new(dice, &cast, &timing, &mut sketch);
        for _ in 0..dice.below(4) {
            let (kind, aim) = (dice.pick(Kind::ALL), dice.pick(Aim::ALL));
            strikes.strike(dice, kind, aim);
        }
    }
    let mut varied = bare.clone();
    varied.root.set("seed", dice.seed());
    sketch.steps.sort_by_key(|(at, _)| *at);
    let rows = sketch.steps.into_iter().map(|(_, row)| row.into()).collect();
    varied.root.set("steps", Value::List(rows));
    varied
}

fn is_fault(row: &Table) -> bool {
    scenario::host_acts().any(|key| key != "restart" && row.get(key).is_some())
}

/// Moves a step: mostly to somewhere near.
fn shift(dice: &mut Dice, row: &mut Table, until: u64) {
    let Some(at) = duration(row, "at") else { return };
    let last = until.saturating_sub(1);
    let moved = match dice.below(10) {
        0 => dice.between(0, last),
        1..=4 => dice.between(at.saturating_sub(NEAR), at),
        _ => dice.between(at, at + NEAR),
    };
    row.set("at", ms(moved.min(last)));
}

/// Makes a fault up to ten times shorter, or up to three times longer.
fn stretch(dice: &mut Dice, row: &mut Table) {
    let Some(lasts) = duration(row, "for") else { return };
    row.set("for", ms((lasts * dice.between(10, 300) / 100).max(1)));
}

fn duration(row: &Table, key: &str) -> Option<u64> {
    let span = Span::parse(row.text(key)?).ok()?;
    Some(span.ms())
}

/// How long faults may last that are added: a third of the run is left for the way back.
fn timing(base: &Document) -> Timing {
    let until = duration(&base.root, "until").unwrap_or(0);
    Timing {
        until,
        calm: until - (until / 3).min(60_000),
        slowest: 150,
        period: 10_000,
        room_timeout: 90_000.min(until / 3),
        max_delay: 30_000.min(until / 6),
        params: Table::default(),
    }
}

fn cast(base: &Document) -> Cast<'_> {
    let clients = base.root.get("clients").and_then(Value::table);
    let actors = clients.into_iter().flat_map(Table::entries).map(|(name, client)| {
        let user = client.table().and_then(|client| client.text("user")).unwrap_or(name);
        let own = base.rows("steps").filter(|row| row.text("client") == Some(name));
        let enters = |row: &&Table| {
            matches!(row.text("call"), Some("enterRoom" | "joinRoom" | "createRoom"))
        };
        let rooms = own.filter(enters).filter_map(|row| row.text("room")).collect();
        Actor { name, user, rooms }
    });
    Cast { actors: actors.collect(), several: false, clients: Table::default() }
}
