//! A document as the parser would give its text, for those that are drawn by the thousand:
//! writing and parsing them would take as long as reading what they say.

use super::document::{Document, Table, Value};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The whole numbers of a document, in its order, as they are written: the parser keeps them so.
pub(super) fn numbers(document: &Document) -> Vec<String> {
    fn gather(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Whole(number) => found.push(number.to_string()),
            Value::List(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Table(table) => table.entries().for_each(|(_, value)| gather(value, found)),
            Value::Text(_) | Value::Flag(_) | Value::Other(_) => {}
        }
    }
    let mut found = Vec::new();
    document.root.entries().for_each(|(_, value)| gather(value, &mut found));
    found
}

/// The document as tables of the parser; `None` if something in it needs the parser to be
/// understood. `numbers` are its own. The places tell the order in the file and nothing else.
pub(super) fn place<'a>(document: &'a Document, numbers: &'a [String]) -> Option<DeTable<'a>> {
    Places { numbers: numbers.iter(), next: 0 }.table(&document.root)
}

struct Places<'a> {
    numbers: std::slice::Iter<'a, String>,
    /// The next place that nothing stands at.
    next: usize,
}

impl<'a> Places<'a> {
    fn here<T>(&mut self, what: T) -> Spanned<T> {
        let start = self.next;
        self.next += 1;
        Spanned::new(start..self.next, what)
    }

    fn table(&mut self, table: &'a Table) -> Option<DeTable<'a>> {
        let mut placed = DeTable::new();
        for (key, value) in table.entries() {
            let key = self.here(key.into());
            placed.insert(key, self.value(value)?);
        }
        Some(placed)
    }

    fn value(&mut self, value: &'a Value) -> Option<Spanned<DeValue<'a>>> {
        let mut placed = self.here(DeValue::Boolean(false));
        *placed.get_mut() = match value {
            Value::Text(text) => DeValue::String(text.as_str().into()),
            Value::Whole(_) => DeValue::parse(self.numbers.next()?).ok()?.into_inner(),
            Value::Flag(flag) => DeValue::Boolean(*flag),
            Value::List(items) => {
                let mut list = DeArray::new();
                for item in items {
                    list.push(self.value(item)?);
                }
                DeValue::Array(list)
            }
            Value::Table(table) => DeValue::Table(self.table(table)?),
            Value::Other(_) => return None,
        };
        Some(placed)
    }
}
