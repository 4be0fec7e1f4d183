//! Takes out what the failure does not need: first in large pieces, then one by one.

use super::super::path::Path;
use super::hunt::Hunt;
use super::names::mend;
use super::quiet::steadiness;
use crate::scenario::{Document, Table, Value};
use std::ops::Range;

/// Keys without which a file would say less, not something simpler.
const STAY: &[&str] = &["title", "until", "clients", "at", "for", "result", "may_miss"];

/// Clients with all that refers to them, then rows, then keys.
pub fn thin(hunt: &mut Hunt<'_>) {
    let clients = |document: &Document| {
        document.root.get("clients").and_then(Value::table).map_or(0, |all| all.entries().count())
    };
    pieces(hunt, clients, |document, range| {
        let all = document.root.get("clients").and_then(Value::table);
        let mut left = Table::default();
        for (place, (name, client)) in all.into_iter().flat_map(Table::entries).enumerate() {
            if !range.contains(&place) {
                left.set(name, client.clone());
            }
        }
        Document { root: document.root.clone().with("clients", left) }
    });
    for list in ["expect", "never", "react", "steps"] {
        let count = |document: &Document| document.rows(list).count();
        pieces(hunt, count, |document, range| {
            let mut left = document.clone();
            left.list_mut(list).drain(range);
            left
        });
    }
    keys(hunt);
}

/// Takes pieces out of a list, half of it at first, and whatever refers to what is gone; from
/// the end, so that an effect goes before its cause.
fn pieces(
    hunt: &mut Hunt<'_>,
    count: impl Fn(&Document) -> usize,
    without: impl Fn(&Document, Range<usize>) -> Document,
) {
    let mut piece = count(&hunt.kept);
    while piece > 0 {
        let mut end = count(&hunt.kept);
        while end > 0 {
            let from = end.saturating_sub(piece);
            let mut candidate = without(&hunt.kept, from..end);
            mend(&mut candidate);
            hunt.offer(candidate);
            end = from.min(count(&hunt.kept));
        }
        piece /= 2;
    }
}

/// Takes out keys: then their defaults hold.
fn keys(hunt: &mut Hunt<'_>) {
    let steady = steadiness();
    let mut place = Path::all(&hunt.kept).len();
    while place > 0 {
        place -= 1;
        // What was taken out may have had others inside.
        let Some(path) = Path::all(&hunt.kept).into_iter().nth(place) else { continue };
        let stays = STAY.contains(&path.key()) || steady.0.starts_with(&path.0);
        if !stays {
            hunt.offer(path.without(&hunt.kept));
        }
    }
}

/// The last touches: what no longer makes a difference, and would only be puzzled over.
pub fn tighten(hunt: &mut Hunt<'_>) {
    for path in Path::all(&hunt.kept).iter().rev() {
        if path.is_in("steps") && path.key() == "may_miss" {
            hunt.offer_strictly(path.without(&hunt.kept));
        }
    }
    // Where nothing is drawn, jitter is nothing to speak of.
    let steady = hunt.kept.clone();
    let mut plain = steadiness().without(&steady);
    prune(&mut plain);
    let records = hunt.ran.recording.records.clone();
    if hunt.offer_strictly(plain) && hunt.ran.recording.records != records {
        hunt.offer_strictly(steady);
    }
}

/// Takes out parameters' tables that hold nothing any more.
fn prune(document: &mut Document) {
    let Some(params) = document.root.get_mut("params").and_then(Value::table_mut) else { return };
    let is_empty = |value: &Value| value.table().is_some_and(Table::is_empty);
    let empty: Vec<String> = params
        .entries()
        .filter(|(_, value)| is_empty(value))
        .map(|(key, _)| key.to_owned())
        .collect();
    for key in empty {
        params.remove(&key);
    }
    if params.is_empty() {
        document.root.remove("params");
    }
}
