//! From bytes to a TOML table, or to the places where it is none.

use super::diagnostic::{Diagnostic, Mistakes, Place};
use crate::time::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file may be no larger.
const LARGEST: usize = 1024 * 1024;

/// What a parsed file is worth.
pub(super) enum Parsed<'a> {
    /// A table; what is wrong with it so far (keys given twice) is reported.
    Table(DeTable<'a>),
    /// Nothing that could be looked into further.
    Nothing,
}

/// The file's text. What is no text, is empty or too large is reported, with a text to
/// show the place in.
pub(super) fn read(bytes: &[u8], m: &mut Mistakes) -> String {
    if bytes.len() > LARGEST {
        let message =
            format!("the file is too large: {} bytes, {LARGEST} at the most", bytes.len());
        m.add(Diagnostic::new(0..0, message));
        return String::new();
    }
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let at = error.valid_up_to();
            let message = format!("the file is not UTF-8: byte {:#04x} at offset {at}", bytes[at]);
            let place = at..at + '\u{fffd}'.len_utf8();
            m.add(
                Diagnostic::new(place, message)
                    .label("no text from here on")
                    .help("save the file as UTF-8; an editor that writes GBK or UTF-16 can do so"),
            );
            return String::from_utf8_lossy(bytes).into_owned();
        }
    };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        m.add(
            Diagnostic::new(0..0, "the file is empty")
                .help("`zimsim new NAME` writes a scenario to begin with"),
        );
    }
    text
}

/// Parses the text; reports at most one mistake a line, since the parser's guesses after
/// the first are seldom right.
pub(super) fn parse<'a>(source: &'a str, m: &mut Mistakes) -> Parsed<'a> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let table = table.into_inner();
    let mut only_duplicates = true;
    let mut last_line = None;
    for error in &errors {
        let place = error.span().unwrap_or(source.len()..source.len());
        let duplicate = error.message() == "duplicate key";
        only_duplicates &= duplicate;
        let line = source.as_bytes()[..place.start.min(source.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        if duplicate {
            m.add(given_twice(source, place, &table));
        } else if last_line != Some(line) {
            m.add(invalid(source, place, error.message()));
        }
        last_line = Some(line);
        if m.full() {
            break;
        }
    }
    if only_duplicates { Parsed::Table(table) } else { Parsed::Nothing }
}

fn invalid(source: &str, place: Place, message: &str) -> Diagnostic {
    let rest = source.get(place.start..).unwrap_or("");
    let word: String =
        rest.chars().take(24).take_while(|c| c.is_alphanumeric() || "_-.%".contains(*c)).collect();
    let diagnostic = Diagnostic::new(place, "this is not TOML").label(message);
    if message.contains("recursion limit") {
        return diagnostic.help("no scenario needs tables within tables so deep");
    }
    let unquoted = message.contains("string values must be quoted") && !word.is_empty();
    if Span::parse(&word).is_ok() || unquoted {
        return diagnostic.help(format!("text goes into quotes: \"{word}\""));
    }
    if message.contains("invalid basic string") {
        return diagnostic.help("a text ends with a quotation mark on its own line");
    }
    diagnostic
}

fn given_twice(source: &str, place: Place, table: &DeTable<'_>) -> Diagnostic {
    let key = source.get(place.clone()).unwrap_or("");
    let diagnostic =
        Diagnostic::new(place.clone(), format!("`{key}` is given twice")).label("the second time");
    match first_given(key.trim_matches(['"', '\'']), &place, table) {
        Some(first) => diagnostic.also(first, "the first time"),
        None => diagnostic,
    }
}

/// Where the key was given first: in the innermost table around the second.
fn first_given(key: &str, second: &Place, table: &DeTable<'_>) -> Option<Place> {
    let mut around = table;
    loop {
        let values = around.values().flat_map(items);
        let inner = values.filter(|value| value.span().contains(&second.start));
        match inner.filter_map(|value| value.get_ref().as_table()).next() {
            Some(table) => around = table,
            None => break,
        }
    }
    let (first, _) = around.get_key_value(key)?;
    Some(first.span()).filter(|first| first.start < second.start)
}

/// The value itself, or what is in it if it is a list.
fn items<'a>(value: &'a Spanned<DeValue<'a>>) -> &'a [Spanned<DeValue<'a>>] {
    match value.get_ref().as_array() {
        Some(list) => list,
        None => std::slice::from_ref(value),
    }
}
