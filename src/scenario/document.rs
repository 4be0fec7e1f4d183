//! A scenario file as a tree that can be changed and written back, one row a line.

use super::schema::SCHEMA_FILE;
use std::fmt;
use toml::de::{DeTable, DeValue};

/// What a key holds, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Table(Table),
    /// What no scenario holds (a float, a date, a number beyond 63 bits), as it was written.
    Other(String),
}

/// Keys and their values, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Table(Vec<(String, Value)>);

/// A whole scenario file. Comments are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The keys at the top.
    pub root: Table,
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Whole(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Flag(flag)
    }
}

impl From<Table> for Value {
    fn from(table: Table) -> Value {
        Value::Table(table)
    }
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn list(&self) -> Option<&Vec<Value>> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn list_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    fn of(value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => {
                let whole = i64::from_str_radix(number.as_str(), number.radix());
                whole.map_or_else(|_| Value::Other(number.to_string()), Value::Whole)
            }
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| Value::of(item.get_ref())).collect())
            }
            DeValue::Table(table) => Value::Table(Table::of(table)),
            DeValue::Float(float) => Value::Other(float.to_string()),
            DeValue::Datetime(date) => Value::Other(date.to_string()),
        }
    }
}

impl Table {
    /// A table of these keys.
    pub fn new<const N: usize>(entries: [(&str, Value); N]) -> Table {
        Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The value of a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The text of a key that holds text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::text)
    }

    /// Sets a key, in its place if it is there, else as the last.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        match self.get_mut(key) {
            Some(old) => *old = value.into(),
            None => self.0.push((key.to_owned(), value.into())),
        }
    }

    /// As [`Table::set`].
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Table {
        self.set(key, value);
        self
    }

    /// Takes a key out; gives what it held.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let place = self.0.iter().position(|(own, _)| own == key)?;
        Some(self.0.remove(place).1)
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All keys with their values, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// All keys with their values, in order.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// The parser sorts by name; the places tell the order in the file.
    fn of(table: &DeTable<'_>) -> Table {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let own = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
            let key: &std::borrow::Cow<'_, str> = key.get_ref();
            (key.to_string(), Value::of(value.get_ref()))
        };
        Table(entries.into_iter().map(own).collect())
    }
}

impl Document {
    /// Reads a file that [`crate::scenario::load`] takes; of any other, what can be read.
    pub fn read(source: &str) -> Document {
        let (table, _) = DeTable::parse_recoverable(source);
        Document { root: Table::of(table.get_ref()) }
    }

    /// The tables in a list at the top: `steps`, `react`, `expect`, `never`.
    pub fn rows(&self, list: &str) -> impl Iterator<Item = &Table> {
        self.root.get(list).and_then(Value::list).into_iter().flatten().filter_map(Value::table)
    }

    /// A list at the top, made if it is not there.
    pub fn list_mut(&mut self, list: &str) -> &mut Vec<Value> {
        if self.root.get(list).and_then(Value::list).is_none() {
            self.root.set(list, Value::List(Vec::new()));
        }
        self.root.get_mut(list).and_then(Value::list_mut).expect("made just now")
    }
}

/// As a file: the schema's line, then a key a line; lists of tables have a row a line.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "#:schema ./{SCHEMA_FILE}")?;
        for (key, value) in self.root.entries() {
            write!(f, "{} = ", Key(key))?;
            match value {
                Value::List(rows) if rows.iter().any(|row| row.table().is_some()) => {
                    writeln!(f, "[")?;
                    rows.iter().try_for_each(|row| writeln!(f, "  {row},"))?;
                    writeln!(f, "]")?;
                }
                Value::Table(params) if key == "params" => {
                    let mut dotted = Table::default();
                    flatten("", params, &mut dotted);
                    let entries = dotted.entries().map(|(key, value)| format!("{key} = {value}"));
                    writeln!(f, "{{ {} }}", entries.collect::<Vec<_>>().join(", "))?;
                }
                value => writeln!(f, "{value}")?,
            }
        }
        Ok(())
    }
}

/// `{ room = { heartbeat_timeout = "60s" } }` as `room.heartbeat_timeout = "60s"`, as parameters
/// are written.
fn flatten(before: &str, table: &Table, dotted: &mut Table) {
    for (key, value) in table.entries() {
        let key = format!("{before}{}", Key(key));
        match value {
            Value::Table(inner) => flatten(&format!("{key}."), inner, dotted),
            value => dotted.set(&key, value.clone()),
        }
    }
}

/// In TOML, on one line.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => quoted(text, f),
            Value::Whole(number) => write!(f, "{number}"),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if place == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Value::Table(table) => write!(f, "{table}"),
            Value::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("{}");
        }
        f.write_str("{ ")?;
        for (place, (key, value)) in self.entries().enumerate() {
            write!(f, "{}{} = {value}", if place == 0 { "" } else { ", " }, Key(key))?;
        }
        f.write_str(" }")
    }
}

/// A key, in quotes where it must be.
struct Key<'a>(&'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match !self.0.is_empty() && self.0.chars().all(bare) {
            true => f.write_str(self.0),
            false => quoted(self.0, f),
        }
    }
}

/// A basic string of TOML: Chinese stays as it is, control characters are escaped.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_odd_texts_their_letters() {
        let source =
            "z = 1\na = \"隧道 \\\"1\\\" \\u0007\"\n\"b c\" = [true, { y = 2, x = 0xff }]\n";
        let document = Document::read(source);
        let text = document.to_string();
        let body: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(
            body,
            [
                "z = 1",
                "a = \"隧道 \\\"1\\\" \\u0007\"",
                "\"b c\" = [",
                "  true,",
                "  { y = 2, x = 255 },",
                "]"
            ]
        );
        assert_eq!(Document::read(&text), document);
    }

    #[test]
    fn parameters_are_written_with_dots() {
        let source = "params = { room.heartbeat_timeout = \"60s\", room.query_tries = 2 }\n";
        let text = Document::read(source).to_string();
        assert_eq!(text.lines().nth(1), source.lines().next());
    }
}
