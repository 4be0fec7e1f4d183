//! Noise goes first: a failure that needs none is the same under every seed.

use super::super::path::{Part, Path};
use super::hunt::Hunt;
use super::names::each_row;
use crate::scenario::{Document, LINK_KEYS, Table, Value};

/// Keys of links that bring chance or queues with them, wherever they stand.
fn noise() -> Vec<&'static str> {
    LINK_KEYS.iter().copied().filter(|key| *key != "latency").collect()
}

/// Those of them that draw.
const CHANCE: &[&str] =
    &["profile", "jitter", "loss", "gilbert_elliott", "duplicate", "reorder", "corrupt"];

/// Takes the noise away: all of it, else each kind that can go.
pub fn hush(hunt: &mut Hunt<'_>) {
    let mut all = without(&hunt.kept, &noise());
    all.list_mut("steps").retain(|row| row.table().is_none_or(|row| row.get("link").is_none()));
    all.root.remove("seed");
    if !hunt.offer(steady(&all)) && !hunt.offer(all) {
        for kind in noise() {
            hunt.offer(without(&hunt.kept, &[kind]));
        }
    }
    hunt.offer(steady(&hunt.kept));
    if !is_noisy(&hunt.kept) {
        let mut plain = hunt.kept.clone();
        plain.root.remove("seed");
        hunt.offer(plain);
    }
}

/// Whether chance has a part in it.
pub fn is_noisy(document: &Document) -> bool {
    let drawn = |path: &Path| CHANCE.contains(&path.key()) && !path.is_in("params");
    !is_steady(document) || Path::all(document).iter().any(drawn)
}

/// Without keys of links.
fn without(document: &Document, keys: &[&str]) -> Document {
    let mut quiet = document.clone();
    let clean = |table: &mut Table| {
        for key in keys {
            table.remove(key);
        }
    };
    let way = |table: &mut Table| {
        clean(table);
        for way in ["up", "down"] {
            table.get_mut(way).and_then(Value::table_mut).map(clean);
        }
    };
    quiet.root.get_mut("network").and_then(Value::table_mut).map(way);
    let clients = quiet.root.get_mut("clients").and_then(Value::table_mut);
    for (_, client) in clients.into_iter().flat_map(Table::entries_mut) {
        client.table_mut().map(way);
    }
    each_row(&mut quiet, &mut |row| {
        if row.get("link").is_some() {
            clean(row);
        }
    });
    quiet
}

/// With attempts to reconnect that come without jitter.
fn steady(document: &Document) -> Document {
    let inside = |table: &Table, key| table.get(key).and_then(Value::table).cloned();
    let params = inside(&document.root, "params").unwrap_or_default();
    let reconnect = inside(&params, "reconnect").unwrap_or_default();
    let params = params.with("reconnect", reconnect.with("jitter", "0%"));
    Document { root: document.root.clone().with("params", params) }
}

/// The parameter that [`hush`] sets, and that is no mere setting of the failure's.
pub fn steadiness() -> Path {
    Path(["params", "reconnect", "jitter"].map(|key| Part::Key(key.to_owned())).to_vec())
}

fn is_steady(document: &Document) -> bool {
    steadiness().get(document).and_then(Value::text) == Some("0%")
}
