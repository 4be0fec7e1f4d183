//! The words of scenario files for people: what each key and each fixed word is for, and
//! where it may stand.

use super::acts::with_words;
use super::diagnostic::or_list;
use super::keys::{
    CLIENT, DIRECTION, EXPECT, Key, Kind, NAT_BOX, NETWORK, ON, REACTION, ROOT, STEP, Shape,
};
use super::link_keys::GILBERT_ELLIOTT;
use super::words::Words;
use std::collections::BTreeSet;
use toml::de::{DeTable, DeValue};

/// One key of one kind of table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHelp {
    /// Its name.
    pub name: &'static str,
    /// The kind of table: `step`, `expectation`.
    pub table: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What it holds, in words.
    pub holds: String,
    /// The words it may hold, each with its meaning and the keys that go with it; empty where
    /// that is no closed set.
    pub words: Vec<WordHelp>,
    /// The keys that it needs beside it.
    pub needs: Vec<&'static str>,
    /// The keys that it takes beside it.
    pub takes: Vec<&'static str>,
}

/// One word that a key may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordHelp {
    /// The word.
    pub word: &'static str,
    /// What it means.
    pub about: &'static str,
    /// The keys that it takes beside it, and whether each must be there.
    pub takes: Vec<(&'static str, bool)>,
}

/// Every key of every kind of table; `never` has those of `expect`.
pub fn key_help() -> Vec<KeyHelp> {
    let shapes = [
        &ROOT,
        &NETWORK,
        &DIRECTION,
        &GILBERT_ELLIOTT,
        &NAT_BOX,
        &CLIENT,
        &STEP,
        &REACTION,
        &ON,
        &EXPECT,
    ];
    let keys = shapes.iter().flat_map(|shape| shape.keys.iter().map(|key| help(shape, key)));
    keys.collect()
}

fn help(shape: &Shape, key: &Key) -> KeyHelp {
    let choice = shape.choice(key.name);
    let by_word = choice.and_then(|choice| choice.by_word);
    let words = key.words.meanings().into_iter().map(|(word, about)| {
        let mut known = by_word.into_iter().flat_map(with_words);
        let keys = known.find(|(known, _)| *known == word).map(|(_, keys)| keys);
        let takes = keys
            .into_iter()
            .flat_map(|keys| keys.takes.iter().map(move |key| (*key, keys.needs.contains(key))));
        WordHelp { word, about, takes: takes.collect() }
    });
    KeyHelp {
        name: key.name,
        table: shape.what.trim_matches('`').trim_end_matches("` table"),
        about: key.about,
        holds: holds(key),
        words: words.collect(),
        needs: choice.map(|choice| choice.needs.to_vec()).unwrap_or_default(),
        takes: choice.map(|choice| choice.takes.to_vec()).unwrap_or_default(),
    }
}

fn holds(key: &Key) -> String {
    let words: Vec<_> = key.words.list().iter().map(|word| format!("\"{word}\"")).collect();
    let list = match (words.as_slice(), key.words) {
        ([], Words::Rows) => "a row of the contract: `zimsim contract` lists them".to_owned(),
        ([], Words::ConnectionPairs | Words::RoomPairs) => "\"state/event\"".to_owned(),
        ([], _) => key.kind.expected().to_owned(),
        (words, _) => or_list(words),
    };
    let must = if key.required { "; must be there" } else { "" };
    match key.kind {
        Kind::Texts => format!("a client, a list of clients, or \"server\"{must}"),
        _ => format!("{list}{must}"),
    }
}

/// Every key and every text that a scenario file holds; nothing if it can't be parsed.
pub fn words_in(source: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let (table, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        gather(table.get_ref(), &mut words);
    }
    words
}

/// A file that parses is at most as deep as the parser allows.
fn gather(table: &DeTable<'_>, words: &mut BTreeSet<String>) {
    for (key, value) in table.iter() {
        words.insert(key.get_ref().to_string());
        gather_value(value.get_ref(), words);
    }
}

fn gather_value(value: &DeValue<'_>, words: &mut BTreeSet<String>) {
    match value {
        DeValue::Table(table) => gather(table, words),
        DeValue::Array(items) => items.iter().for_each(|item| gather_value(item.get_ref(), words)),
        DeValue::String(text) => {
            words.insert(text.to_string());
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}
