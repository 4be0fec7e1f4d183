//! The words of scenario files: keys, and the fixed words that they may hold.

use super::{Sought, Topic};
use crate::scenario::{KeyHelp, key_help};
use crate::zim::{CallKind, Callback};

/// One topic a key, whatever tables have it, and one a word.
pub(super) fn topics() -> Vec<Topic> {
    let mut keys: Vec<Topic> = Vec::new();
    let mut words: Vec<Topic> = Vec::new();
    for help in key_help() {
        match keys.iter_mut().find(|topic| topic.name == help.name) {
            Some(topic) => topic.fields.extend(about(&help)),
            None => {
                let mut topic =
                    Topic::new(help.name, "key of a scenario file", Sought::Word(help.name));
                topic.fields.extend(about(&help));
                keys.push(topic);
            }
        }
        for word in &help.words {
            let known = words.iter().any(|topic| topic.name == word.word);
            let named =
                CallKind::from_name(word.word).is_some() || Callback::NAMES.contains(&word.word);
            if known || named {
                continue;
            }
            let topic = Topic::new(word.word, "word of a scenario file", Sought::Word(word.word))
                .field("means", word.about)
                .field("written", format!("{} = \"{}\"", help.name, word.word))
                .field("with", with(&word.takes));
            words.push(topic);
        }
    }
    keys.into_iter().chain(words).collect()
}

fn about(help: &KeyHelp) -> Vec<(&'static str, String)> {
    let mut lines = vec![format!("{}; holds {}", help.about, help.holds)];
    for word in &help.words {
        let with = with(&word.takes);
        let with = if with.is_empty() { with } else { format!("; with {with}") };
        lines.push(format!("\"{}\": {}{with}", word.word, word.about));
    }
    let needs = help.needs.iter().map(|key| (*key, true));
    let takes = help.takes.iter().map(|key| (*key, false));
    let beside = with(&needs.chain(takes).collect::<Vec<_>>());
    if !beside.is_empty() {
        lines.push(format!("with {beside}"));
    }
    vec![(help.table, lines.join("\n"))]
}

/// `room and text (needed), result`
fn with(keys: &[(&'static str, bool)]) -> String {
    let keys = keys.iter().map(|(key, needed)| match needed {
        true => format!("{key} (needed)"),
        false => (*key).to_owned(),
    });
    keys.collect::<Vec<_>>().join(", ")
}
