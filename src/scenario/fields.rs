//! Reading one table of the file: each key with its place, each mistake with its key.

use super::diagnostic::{Diagnostic, Mistakes, Place, quoted};
use super::keys::{Key, Kind, ROOT, Shape};
use super::nearest::nearest;
use crate::param::{Percent, ValueError};
use crate::time::Span;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A value with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub value: T,
    pub place: Place,
}

/// One table of the file, opened by its shape.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    /// What kind of table it is.
    pub shape: &'static Shape,
    /// The whole table, or its header.
    pub place: Place,
    /// The text of the file.
    pub source: &'a str,
    /// The known keys that are there, in the order of the file.
    known: Vec<Known<'a>>,
    /// Known keys that a misspelt one probably meant.
    suspected: Vec<&'static str>,
}

/// A known key that is there, and what it holds.
#[derive(Clone, Debug)]
struct Known<'a> {
    name: &'static str,
    place: Place,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Fields<'a> {
    /// Opens a value that must be a table of this shape. Reports what is no table, unknown
    /// keys, and required keys that are missing.
    pub fn open(
        value: &'a Spanned<DeValue<'a>>,
        shape: &'static Shape,
        source: &'a str,
        m: &mut Mistakes,
    ) -> Option<Fields<'a>> {
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("{} must be a table: {{ … }}", shape.one());
            m.add(Diagnostic::new(value.span(), message).label(found(value.get_ref())));
            return None;
        };
        let fields = Fields::of(table, value.span(), shape, source, m);
        fields.report_missing(m);
        Some(fields)
    }

    /// Opens the file itself; what is missing there is reported by
    /// [`Fields::report_missing`], when all misplaced keys are known.
    pub fn root(table: &'a DeTable<'a>, source: &'a str, m: &mut Mistakes) -> Fields<'a> {
        Fields::of(table, 0..0, &ROOT, source, m)
    }

    /// Sorts known keys from unknown ones, which it reports.
    fn of(
        table: &'a DeTable<'a>,
        place: Place,
        shape: &'static Shape,
        source: &'a str,
        m: &mut Mistakes,
    ) -> Fields<'a> {
        let (mut known, mut unknown) = (Vec::with_capacity(table.len()), Vec::new());
        for (key, value) in table.iter() {
            match shape.key(key.get_ref()) {
                Some(Key { name, .. }) => known.push(Known { name, place: key.span(), value }),
                None => unknown.push(key),
            }
        }
        known.sort_unstable_by_key(|key| key.place.start);
        unknown.sort_unstable_by_key(|key| key.span().start);
        let mut fields = Fields { shape, place, source, known, suspected: Vec::new() };
        for key in unknown {
            fields.report_unknown(key, m);
        }
        fields
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// Whether the key is there, or a misspelt one that probably means it.
    pub fn means(&self, key: &str) -> bool {
        self.has(key) || self.suspected.contains(&key)
    }

    /// Where the key itself stands.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.find(key).map(|known| known.place.clone())
    }

    /// Those of `keys` that are there, in the order of the file.
    pub fn present(&self, keys: &[&'static str]) -> Vec<&'static str> {
        self.known().filter(|key| keys.contains(key)).collect()
    }

    /// The known keys that are there, in the order of the file.
    pub fn known(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.known.iter().map(|known| known.name)
    }

    /// There are few, and most of them differ in length.
    fn find(&self, key: &str) -> Option<&Known<'a>> {
        self.known.iter().find(|known| known.name == key)
    }

    /// Those keys of which exactly one should be there that are, in the order of the file.
    pub fn choices(&self) -> Vec<&'static str> {
        self.known().filter(|key| self.shape.choice(key).is_some()).collect()
    }

    /// The value as it stands in the file.
    pub fn raw(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.find(key).map(|known| known.value)
    }

    /// Text.
    pub fn text(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<&'a str>> {
        let value = self.raw(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Placed { value: text, place: value.span() }),
            None => self.wrong_kind(key, value, m),
        }
    }

    /// A duration; also reports those that can't be read.
    pub fn duration(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<Span>> {
        let value = self.raw(key)?;
        let Some(text) = value.get_ref().as_str() else {
            return self.wrong_kind(key, value, m);
        };
        match Span::parse(text) {
            Ok(span) => Some(Placed { value: span, place: value.span() }),
            Err(error) => {
                let message = format!("`{key}` is no duration: {}", quoted(text));
                m.add(Diagnostic::new(value.span(), message).label(error.to_string()));
                None
            }
        }
    }

    /// A duration with a sign, in milliseconds: `"+90s"`, `"-1h"`.
    pub fn offset(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<i64>> {
        let value = self.raw(key)?;
        let Some(text) = value.get_ref().as_str() else {
            return self.wrong_kind(key, value, m);
        };
        let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(rest), _) => (1, rest),
            (None, Some(rest)) => (-1, rest),
            (None, None) => (0, text),
        };
        let label = match Span::parse(rest) {
            Ok(_) if sign == 0 => "needs a sign: \"+90s\" is ahead, \"-90s\" behind".to_owned(),
            Ok(span) => {
                let ms = i64::try_from(span.ms()).expect("a span is bounded");
                return Some(Placed { value: sign * ms, place: value.span() });
            }
            Err(error) => error.to_string(),
        };
        let message = format!("`{key}` is no offset of a clock: {}", quoted(text));
        m.add(Diagnostic::new(value.span(), message).label(label));
        None
    }

    /// A duration that may not be zero.
    pub fn some_time(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<Span>> {
        let span = self.duration(key, m)?;
        if span.value == Span::ZERO {
            let message = format!("`{key}` must be at least 1 ms");
            m.add(Diagnostic::new(span.place, message).label("no time at all"));
            return None;
        }
        Some(span)
    }

    /// A share.
    pub fn share(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<Percent>> {
        self.parsed(key, "share", Percent::parse, m)
    }

    /// A text that is read in some way; `what` is the kind of value. Reports those that can't be.
    pub fn parsed<T>(
        &self,
        key: &'static str,
        what: &str,
        parse: fn(&str) -> Result<T, ValueError>,
        m: &mut Mistakes,
    ) -> Option<Placed<T>> {
        let value = self.raw(key)?;
        let Some(text) = value.get_ref().as_str() else {
            return self.wrong_kind(key, value, m);
        };
        match parse(text) {
            Ok(parsed) => Some(Placed { value: parsed, place: value.span() }),
            Err(error) => {
                let message = format!("`{key}` is no {what}: {}", quoted(text));
                m.add(Diagnostic::new(value.span(), message).label(error.to_string()));
                None
            }
        }
    }

    /// A whole number.
    pub fn whole(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<i64>> {
        let value = self.raw(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            DeValue::String(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        match number {
            Some(number) => Some(Placed { value: number, place: value.span() }),
            None => self.wrong_kind(key, value, m),
        }
    }

    /// `true` or `false`; `false` if the key is not there.
    pub fn flag(&self, key: &'static str, m: &mut Mistakes) -> bool {
        let Some(value) = self.raw(key) else {
            return false;
        };
        match value.get_ref().as_bool() {
            Some(flag) => flag,
            None => self.wrong_kind(key, value, m).unwrap_or(false),
        }
    }

    /// A table's entries, each key with its place, in the order of the names.
    pub fn entries(&self, key: &'static str, m: &mut Mistakes) -> Option<Placed<&'a DeTable<'a>>> {
        let value = self.raw(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Placed { value: table, place: value.span() }),
            None => self.wrong_kind(key, value, m),
        }
    }

    /// The items of a list; none if the key is not there.
    pub fn list(&self, key: &'static str, m: &mut Mistakes) -> &'a [Spanned<DeValue<'a>>] {
        let Some(value) = self.raw(key) else {
            return &[];
        };
        match value.get_ref().as_array() {
            Some(list) => list,
            None => self.wrong_kind(key, value, m).unwrap_or(&[]),
        }
    }

    /// One text or a list of texts.
    pub fn texts(&self, key: &'static str, m: &mut Mistakes) -> Option<Vec<Placed<&'a str>>> {
        let value = self.raw(key)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(vec![Placed { value: text, place: value.span() }]);
        }
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_kind(key, value, m);
        };
        let mut texts = Vec::new();
        for item in list.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Placed { value: text, place: item.span() }),
                None => return self.wrong_kind(key, item, m),
            }
        }
        Some(texts)
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_kind<T>(
        &self,
        key: &'static str,
        value: &Spanned<DeValue<'_>>,
        m: &mut Mistakes,
    ) -> Option<T> {
        let kind = self.shape.key(key).expect("only keys of the shape are asked for").kind;
        let expected = kind.expected();
        let diagnostic = Diagnostic::new(value.span(), format!("`{key}` must be {expected}"))
            .label(found(value.get_ref()))
            .maybe_help(remedy(kind, value.get_ref()));
        m.add(diagnostic);
        None
    }

    /// Reports required keys that are not there.
    pub fn report_missing(&self, m: &mut Mistakes) {
        for key in self.shape.keys.iter().filter(|key| key.required) {
            let elsewhere = self.place.is_empty() && m.misplaced.contains(key.name);
            if self.means(key.name) || elsewhere {
                continue;
            }
            let message = format!("`{}` is missing in this {}", key.name, self.shape.what);
            let label = format!("needs `{}`: {}", key.name, key.kind.expected());
            let diagnostic = Diagnostic::new(self.place.clone(), message).label(label);
            m.add(diagnostic.help(format!("`{}`: {}", key.name, key.about)));
        }
    }

    fn report_unknown(&mut self, key: &Spanned<DeString<'_>>, m: &mut Mistakes) {
        if misplaced(key, &self.shape.one(), &self.place, self.source, m) {
            return;
        }
        let names: Vec<_> = self.shape.names().collect();
        let free = names.iter().copied().filter(|name| !self.has(name));
        let meant = nearest(key.get_ref(), free);
        let given = nearest(key.get_ref(), names.iter().copied()).filter(|_| meant.is_none());
        self.suspected.extend(meant);
        let message = format!("unknown key {} in {}", quoted(key.get_ref()), self.shape.one());
        let diagnostic = Diagnostic::new(key.span(), message).label("no such key");
        m.add(match (meant, given.and_then(|given| self.key_place(given))) {
            (Some(meant), _) => diagnostic.help(format!("did you mean `{meant}`?")),
            (None, Some(place)) => diagnostic.also(place, "this one is there already"),
            (None, None) => diagnostic.help(format!("known keys: {}", names.join(", "))),
        });
    }
}

/// Reports a key of the top level that stands in another table, and whether it does;
/// `what` is that table in words.
pub(super) fn misplaced(
    key: &Spanned<DeString<'_>>,
    what: &str,
    table: &Place,
    source: &str,
    m: &mut Mistakes,
) -> bool {
    let Some(root) = ROOT.key(key.get_ref()) else {
        return false;
    };
    m.misplaced.insert(root.name);
    let header = source.get(table.clone()).filter(|text| text.starts_with('['));
    let diagnostic = match header {
        Some(header) => {
            let message = format!("`{}` has landed under the header {header}", root.name);
            Diagnostic::new(key.span(), message)
                .label(format!("belongs to {header}, not to the file"))
                .also(table.clone(), "everything below this header is part of it")
                .help(format!("move `{}` above the first [header] of the file", root.name))
                .help(format!(
                    "or write the table without a header: {} = {{ … }}",
                    table_name(header)
                ))
        }
        None => {
            let message = format!("`{}` stands inside {what}", root.name);
            Diagnostic::new(key.span(), message)
                .label("belongs to the top of the file")
                .help(format!("move `{}` out of the braces, to a line of its own", root.name))
        }
    };
    m.add(diagnostic);
    true
}

/// `clients` of `[clients.alice]`
fn table_name(header: &str) -> &str {
    header.trim_matches(['[', ']', ' ']).split('.').next().unwrap_or(header).trim()
}

/// What stands there, for messages: `found the whole number 12`.
pub(super) fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("found the text {}", quoted(text)),
        DeValue::Integer(number) => format!("found the whole number {}", short(number.as_str())),
        DeValue::Float(number) => format!("found the number {}", short(number.as_str())),
        DeValue::Boolean(value) => format!("found {value}"),
        DeValue::Datetime(_) => "found a date or a time of day".to_owned(),
        DeValue::Array(_) => "found a list".to_owned(),
        DeValue::Table(_) => "found a table".to_owned(),
    }
}

fn short(number: &str) -> &str {
    number.get(..20).unwrap_or(number)
}

/// How to turn what stands there into what is expected, where that is easy to say.
fn remedy(kind: Kind, value: &DeValue<'_>) -> Option<String> {
    match (kind, value) {
        (Kind::Duration | Kind::Moment, DeValue::Integer(number)) => {
            Some(format!("it needs quotes and a unit: \"{}s\"", short(number.as_str())))
        }
        (Kind::Duration | Kind::Moment, DeValue::Float(_)) => {
            Some("it needs quotes and a unit, and a whole number: \"1500ms\"".to_owned())
        }
        (Kind::Share, DeValue::Integer(number)) => {
            Some(format!("it needs quotes and a per cent sign: \"{}%\"", short(number.as_str())))
        }
        (Kind::Text | Kind::Texts, DeValue::Integer(number)) => {
            Some(format!("put it in quotes: \"{}\"", short(number.as_str())))
        }
        (Kind::Whole | Kind::Flag, DeValue::String(text)) if text.len() < 20 => {
            Some(format!("without the quotes: {}", text.escape_debug()))
        }
        _ => None,
    }
}
