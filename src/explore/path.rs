//! A place in a document: `steps[2].for`, `params.room.heartbeat_timeout`.

use crate::scenario::{Document, Table, Value};
use std::fmt;

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A key of a table.
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

/// From the top of a document to a value in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Part>);

impl Path {
    /// This path and one part more.
    #[must_use]
    pub fn to(&self, part: Part) -> Path {
        let mut longer = self.clone();
        longer.0.push(part);
        longer
    }

    /// The key that the path ends with; that of its list, if it ends with an item.
    pub fn key(&self) -> &str {
        let key = |part: &Part| matches!(part, Part::Key(_));
        match self.0.iter().rfind(|part| key(part)) {
            Some(Part::Key(key)) => key,
            Some(Part::Item(_)) | None => "",
        }
    }

    /// Whether the path begins with this key.
    pub fn is_in(&self, top: &str) -> bool {
        matches!(self.0.first(), Some(Part::Key(key)) if key == top)
    }

    /// What is there.
    pub fn get<'a>(&self, document: &'a Document) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        let Part::Key(key) = first else { return None };
        let top = document.root.get(key)?;
        rest.iter().try_fold(top, |value, part| match part {
            Part::Key(key) => value.table()?.get(key),
            Part::Item(place) => value.list()?.get(*place),
        })
    }

    /// What is there.
    pub fn get_mut<'a>(&self, document: &'a mut Document) -> Option<&'a mut Value> {
        let (first, rest) = self.0.split_first()?;
        let Part::Key(key) = first else { return None };
        let top = document.root.get_mut(key)?;
        rest.iter().try_fold(top, |value, part| match part {
            Part::Key(key) => value.table_mut()?.get_mut(key),
            Part::Item(place) => value.list_mut()?.get_mut(*place),
        })
    }

    /// The document with something else there; tables on the way are made where they are not
    /// there yet. A path into a list's nowhere, or through what is no table, changes nothing.
    #[must_use]
    pub fn with(&self, document: &Document, value: impl Into<Value>) -> Document {
        let mut changed = document.clone();
        put(&mut changed.root, &self.0, value.into());
        changed
    }

    /// The document without the key that the path ends with.
    #[must_use]
    pub fn without(&self, document: &Document) -> Document {
        let mut changed = document.clone();
        if let Some((Part::Key(key), parent)) = self.0.split_last() {
            let table = match parent {
                [] => Some(&mut changed.root),
                parent => Path(parent.to_vec()).get_mut(&mut changed).and_then(Value::table_mut),
            };
            table.and_then(|table| table.remove(key));
        }
        changed
    }

    /// The paths of all keys, each before those that stand inside it.
    pub fn all(document: &Document) -> Vec<Path> {
        let mut found = Vec::new();
        keys(&Path::default(), &document.root, &mut found);
        found
    }
}

fn put(table: &mut Table, path: &[Part], new: Value) {
    let Some((Part::Key(key), rest)) = path.split_first() else { return };
    if rest.is_empty() {
        table.set(key, new);
        return;
    }
    if table.get(key).is_none() {
        table.set(key, Table::default());
    }
    let mut there = table.get_mut(key);
    for (place, part) in rest.iter().enumerate() {
        match (there, part) {
            (Some(Value::Table(inner)), Part::Key(_)) => return put(inner, &rest[place..], new),
            (Some(Value::List(items)), Part::Item(item)) => there = items.get_mut(*item),
            (Some(_) | None, Part::Key(_) | Part::Item(_)) => return,
        }
    }
    if let Some(there) = there {
        *there = new;
    }
}

fn keys(above: &Path, table: &Table, found: &mut Vec<Path>) {
    for (key, value) in table.entries() {
        let path = above.to(Part::Key(key.to_owned()));
        found.push(path.clone());
        inside(&path, value, found);
    }
}

fn inside(path: &Path, value: &Value, found: &mut Vec<Path>) {
    match value {
        Value::Table(table) => keys(path, table, found),
        Value::List(items) => {
            for (place, item) in items.iter().enumerate() {
                inside(&path.to(Part::Item(place)), item, found);
            }
        }
        Value::Text(_) | Value::Whole(_) | Value::Flag(_) | Value::Other(_) => {}
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if place == 0 => f.write_str(key)?,
                Part::Key(key) => write!(f, ".{key}")?,
                Part::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_path_that_leads_to_it() {
        let source = "until = \"1m\"\nparams = { room.heartbeat_timeout = \"60s\" }\n\
            steps = [{ at = \"0s\", cut = [\"alice\", \"bob\"] }, { at = \"5s\", for = \"2s\" }]\n";
        let document = Document::read(source);
        let paths = Path::all(&document);
        let texts: Vec<_> = paths.iter().map(ToString::to_string).collect();
        let all = [
            "until",
            "params",
            "params.room",
            "params.room.heartbeat_timeout",
            "steps",
            "steps[0].at",
            "steps[0].cut",
            "steps[1].at",
            "steps[1].for",
        ];
        assert_eq!(texts, all);
        assert!(paths.iter().all(|path| path.get(&document).is_some()));
        let last = paths.last().expect("paths");
        assert_eq!(last.get(&document), Some(&"2s".into()));
        assert_eq!(last.get(&last.with(&document, "9s")), Some(&"9s".into()));
        assert_eq!(last.get(&last.without(&document)), None);
        let path = ["network", "up", "latency"].map(|key| Part::Key(key.to_owned()));
        let new = Path(path.to_vec());
        assert_eq!(new.get(&new.with(&document, "9ms")), Some(&"9ms".into()));
        assert_eq!(last.key(), "for");
    }
}
