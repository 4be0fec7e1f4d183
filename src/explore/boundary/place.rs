//! Where the varied value stands, as the command line says it, and in which unit it is.

use super::super::path::{Part, Path};
use crate::param::{Params, Percent, Rate, Size};
use crate::scenario::{Document, Table, Value, nearest};
use crate::time::Span;

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Duration,
    /// Millionths.
    Share,
    /// Bits a second.
    Rate,
    /// Bytes.
    Size,
    /// Itself.
    Whole,
}

impl Unit {
    /// Reads a value as a file would have it, in its unit.
    ///
    /// # Errors
    /// Says what can be read.
    pub fn read(text: &str) -> Result<(Unit, u64), String> {
        if let Ok(whole) = text.parse() {
            return Ok((Unit::Whole, whole));
        }
        let span = Span::parse(text);
        if let Ok(span) = span {
            return Ok((Unit::Duration, span.ms()));
        }
        let share = Percent::parse(text).ok().map(|share| (Unit::Share, share.ppm()));
        let rate = Rate::parse(text).ok().map(|rate| (Unit::Rate, rate.bits()));
        let size = Size::parse(text).ok().map(|size| (Unit::Size, size.bytes()));
        share.or(rate).or(size).ok_or_else(|| {
            let all = "a duration (15s), a share (2.5%), a rate (64kbit/s), a size (16KiB)";
            format!("{text:?} is neither {all} nor a whole number")
        })
    }

    /// The value as a file would have it.
    pub fn value(self, amount: u64) -> Value {
        match self {
            Unit::Whole => Value::Whole(i64::try_from(amount).unwrap_or(i64::MAX)),
            Unit::Duration | Unit::Share | Unit::Rate | Unit::Size => {
                Value::Text(self.words(amount))
            }
        }
    }

    /// The value without quotes.
    pub fn words(self, amount: u64) -> String {
        match self {
            Unit::Duration => Span::from_ms(amount).to_string(),
            Unit::Share => u32::try_from(amount)
                .map(Percent::from_ppm)
                .map_or_else(|_| amount.to_string(), |share| share.to_string()),
            Unit::Rate => Rate::from_bits(amount).to_string(),
            Unit::Size => Size::from_bytes(amount).to_string(),
            Unit::Whole => amount.to_string(),
        }
    }

    /// How near a change is found if nothing else is asked for.
    pub fn finest(self) -> u64 {
        match self {
            Unit::Duration | Unit::Size | Unit::Whole => 1,
            // A hundredth of a percent.
            Unit::Share => 100,
            Unit::Rate => 1000,
        }
    }
}

/// Reads a path: `steps[2].for` by place, from 0; `steps.tunnel.for` by name;
/// `params.room.heartbeat_timeout`. The last key need not be there yet.
///
/// # Errors
/// Says what is there instead, and what is nearest.
pub fn find(text: &str, document: &Document) -> Result<Path, String> {
    let mut path = Path::default();
    let mut there = Some(Value::Table(document.root.clone()));
    let parts = parts(text)?;
    let in_params = parts.first() == Some(&Part::Key("params".to_owned()));
    for part in &parts {
        let part = match (&there, part) {
            (Some(Value::List(rows)), Part::Key(name)) => Part::Item(named(&path, rows, name)?),
            (Some(Value::List(rows)), Part::Item(item)) if *item >= rows.len() => {
                return Err(outside(&path, rows.len()));
            }
            (Some(Value::Table(table)), Part::Key(key)) => {
                // What can't be there is said by whoever reads the file.
                let fixed = path.0.is_empty() && parts.len() > 1 && key != "network";
                let fixed = fixed && !in_params || path.to_string() == "clients";
                if table.get(key).is_none() && fixed {
                    return Err(unknown(&path, key, table));
                }
                part.clone()
            }
            (Some(Value::List(_)), Part::Item(_)) | (None, Part::Key(_)) => part.clone(),
            (Some(_) | None, Part::Key(_) | Part::Item(_)) => {
                return Err(format!("nothing stands inside {path}"));
            }
        };
        path = path.to(part);
        there = path.get(document).cloned();
    }
    match there {
        _ if in_params => parameter(&path),
        Some(Value::Table(table)) => Err(format!("{path} is a table; in it: {}", keys(&table))),
        Some(Value::List(rows)) => Err(whole_list(&path, &rows)),
        Some(Value::Text(_) | Value::Whole(_) | Value::Flag(_) | Value::Other(_)) | None => {
            Ok(path)
        }
    }
}

/// `a.b[2].c` in parts.
fn parts(text: &str) -> Result<Vec<Part>, String> {
    let wrong =
        || format!("{text:?} is no path; as in steps[2].for, steps.tunnel.for, network.loss");
    let mut parts = Vec::new();
    for piece in text.split('.') {
        let (key, items) = piece.split_once('[').map_or((piece, ""), |(key, rest)| (key, rest));
        if key.is_empty() {
            return Err(wrong());
        }
        parts.push(Part::Key(key.to_owned()));
        if piece.contains('[') {
            let item = items.strip_suffix(']').and_then(|item| item.parse().ok());
            parts.push(Part::Item(item.ok_or_else(wrong)?));
        }
    }
    Ok(parts)
}

fn keys(table: &Table) -> String {
    table.entries().map(|(key, _)| key).collect::<Vec<_>>().join(", ")
}

fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!(" (nearest: {near:?})")).unwrap_or_default()
}

/// For messages: where the path leads.
fn inside(path: &Path) -> String {
    if path.0.is_empty() { "the file".to_owned() } else { path.to_string() }
}

fn unknown(path: &Path, key: &str, table: &Table) -> String {
    let hint = hint(key, table.entries().map(|(key, _)| key));
    format!("there is no {key:?} in {}{hint}; in it: {}", inside(path), keys(table))
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.table()?.text("name")).collect()
}

fn named(path: &Path, rows: &[Value], name: &str) -> Result<usize, String> {
    let is_it = |row: &Value| row.table().and_then(|row| row.text("name")) == Some(name);
    rows.iter().position(is_it).ok_or_else(|| {
        let names = names(rows);
        let hint = hint(name, names.iter().copied());
        let known = if names.is_empty() { "none has a name".to_owned() } else { names.join(", ") };
        format!(
            "nothing in {path} is called {name:?}{hint}; names: {known}; or by place, {path}[0]"
        )
    })
}

fn outside(path: &Path, rows: usize) -> String {
    match rows {
        0 => format!("{path} is empty"),
        rows => format!("{path} has {rows} rows, {path}[0] to {path}[{}]", rows - 1),
    }
}

fn whole_list(path: &Path, rows: &[Value]) -> String {
    let names = names(rows);
    let named =
        names.first().map(|name| format!(", or by name, {path}.{name}")).unwrap_or_default();
    format!("{}{named}", outside(path, rows.len()))
}

/// A parameter need not be in the file, but must be one.
fn parameter(path: &Path) -> Result<Path, String> {
    let text = path.to_string();
    let name = text.strip_prefix("params.").unwrap_or_default();
    let known = || Params::TABLE.iter().map(|row| row.name);
    if known().any(|known| known == name) {
        return Ok(path.clone());
    }
    let hint = hint(name, known());
    Err(format!("no parameter is called {name:?}{hint}; zimsim params lists them"))
}
