//! What a word means: a row, an error code, a state or a pair of states and events, a
//! parameter, an invariant, a call, a callback, a key of a scenario file or a word that it
//! may hold, a term of a report, a message about a wrong file.
//!
//! [`lookup`] finds the topics of a word, [`Topic::text`] prints one, and [`Topic::shown_by`]
//! says whether a scenario shows it.
//!
//! ```
//! use zimsim::explain;
//!
//! let topics = explain::lookup("room 0/9");
//! assert_eq!(topics[0].kind, "pair of state and event");
//! assert!(topics[0].text().contains("CONNECT_TIMEOUT"));
//! assert_eq!(explain::lookup("no client is called \"alcie\"")[0].name, "no client is called");
//! assert_eq!(explain::likely("4.T2.timout")[0], "4.T2.timeout");
//! ```

mod files;
mod glossary;
mod messages;
#[cfg(test)]
mod mistake_tests;
mod mistakes;
mod seen;
mod topics;
mod vocabulary;

pub use seen::Seen;

use crate::scenario::nearest;
use crate::timeline::display_width;
use seen::Sought;

/// One thing that can be explained.
#[derive(Clone, Debug)]
pub struct Topic {
    /// What it is called.
    pub name: String,
    /// What kind of thing it is, for people: `row of the documented tables`.
    pub kind: &'static str,
    /// Other words that mean it.
    also: Vec<String>,
    /// What there is to say: a label and its text.
    fields: Vec<(&'static str, String)>,
    /// How to tell whether a scenario shows it.
    sought: Sought,
}

impl Topic {
    fn new(name: impl Into<String>, kind: &'static str, sought: Sought) -> Topic {
        Topic { name: name.into(), kind, also: Vec::new(), fields: Vec::new(), sought }
    }

    fn also(mut self, word: impl Into<String>) -> Topic {
        self.also.push(word.into());
        self
    }

    fn field(mut self, label: &'static str, text: impl Into<String>) -> Topic {
        let text = text.into();
        if !text.is_empty() {
            self.fields.push((label, text));
        }
        self
    }

    fn is_called(&self, word: &str) -> bool {
        let mut names = self.also.iter().map(String::as_str).chain([self.name.as_str()]);
        names.any(|name| name.eq_ignore_ascii_case(word))
    }

    /// The topic for a terminal: its name and kind on a line, then a field a line. Ends with
    /// a newline.
    pub fn text(&self) -> String {
        let labels = self.fields.iter().map(|(label, _)| display_width(label));
        let width = labels.max().unwrap_or(0);
        let mut text = format!("{}   {}\n", self.name, self.kind);
        for (label, words) in &self.fields {
            let pad = " ".repeat(width - display_width(label));
            for (place, line) in words.lines().enumerate() {
                let label = if place == 0 { format!("{label}{pad}") } else { " ".repeat(width) };
                text.push_str(&format!("  {label}  {line}\n"));
            }
        }
        text
    }
}

/// Every topic of this word, in the order of [`all`]; none for an unknown word. A pair of
/// state and event may be any, also with `*`, and after `connection` or `room`; a message about
/// a wrong scenario file is found as it was printed, or by some of its words.
pub fn lookup(word: &str) -> Vec<Topic> {
    let word = word.trim();
    let mut found: Vec<_> = all().into_iter().filter(|topic| topic.is_called(word)).collect();
    if found.is_empty() {
        found = vocabulary::pairs(word);
    }
    if found.is_empty() {
        found.extend(topics::group(word));
    }
    if found.is_empty() {
        let rules = match messages::rule_of(word) {
            Some(rule) => vec![rule],
            None => messages::rules_with(word),
        };
        found = rules.iter().map(|rule| rule.topic()).collect();
    }
    found
}

/// The words by which [`lookup`] finds the rule that this message about a wrong file tells of.
pub fn rule_named(message: &str) -> Option<&'static str> {
    messages::rule_of(message).map(|rule| rule.name)
}

/// The known words that this one was most likely meant to be, the likeliest first.
pub fn likely(word: &str) -> Vec<String> {
    const MOST: usize = 3;
    let topics = all();
    let mut names: Vec<_> = topics.iter().map(|topic| topic.name.as_str()).collect();
    let mut likely = Vec::new();
    while let Some(name) = nearest(word, names.iter().copied()).filter(|_| likely.len() < MOST) {
        likely.push(name.to_owned());
        names.retain(|other| *other != name);
    }
    let lower = word.to_lowercase();
    let holds = |name: &&&str| lower.len() > 2 && name.to_lowercase().contains(&lower);
    let rest = MOST - likely.len();
    likely.extend(names.iter().filter(holds).take(rest).map(|name| (*name).to_owned()));
    likely.dedup();
    likely
}

/// Everything that has a name of its own.
pub fn all() -> Vec<Topic> {
    [
        topics::contract(),
        topics::params(),
        vocabulary::topics(),
        files::topics(),
        glossary::topics(),
        mistakes::topics(),
    ]
    .concat()
}

/// All topics by their kind, for `zimsim explain` without a word.
pub fn index() -> String {
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for topic in all() {
        match kinds.iter_mut().find(|(kind, _)| *kind == topic.kind) {
            Some((_, names)) if names.contains(&topic.name) => {}
            Some((_, names)) => names.push(topic.name),
            None => kinds.push((topic.kind, vec![topic.name])),
        }
    }
    let blocks = kinds.iter().map(|(kind, names)| match *kind {
        mistakes::MISTAKE => format!("{kind}\n  {}\n", names.join("\n  ")),
        _ => format!("{kind}\n{}", columns(names)),
    });
    let pairs =
        "pair of state and event\n  any, as in 3/3, DISCONNECTED/KICKED_OUT, \"room 0/*\"\n";
    blocks.chain([pairs.to_owned()]).collect::<Vec<_>>().join("\n")
}

/// Names one after the other, in lines of a terminal's width.
fn columns(names: &[String]) -> String {
    const WIDTH: usize = 92;
    let mut lines = vec![String::from(" ")];
    for name in names {
        let last = lines.last_mut().expect("there is always one");
        if display_width(last) + 1 + display_width(name) > WIDTH {
            lines.push(format!("  {name}"));
        } else {
            last.push_str(&format!(" {name}"));
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{INVARIANTS, ROWS};
    use crate::param::Params;
    use crate::scenario::key_help;
    use crate::zim::{CallKind, Callback, ErrorCode};

    #[test]
    fn everything_that_has_a_name_is_explained() {
        let mut names: Vec<String> = Vec::new();
        names.extend(ROWS.iter().map(|row| row.id.to_owned()));
        names.extend(INVARIANTS.iter().map(|invariant| invariant.id.to_owned()));
        names.extend(Params::TABLE.iter().map(|row| row.name.to_owned()));
        names.extend(ErrorCode::ALL.iter().flat_map(|c| [c.0.to_string(), c.name().to_owned()]));
        names.extend(CallKind::ALL.iter().map(|kind| kind.name().to_owned()));
        names.extend(Callback::NAMES.iter().map(|name| (*name).to_owned()));
        names.extend(key_help().iter().map(|key| key.name.to_owned()));
        names.extend(
            ["3/3", "room 0/9", "DISCONNECTED/CONNECT_TIMEOUT", "0/*", "heartbeat"]
                .map(String::from),
        );
        for name in names {
            let topics = lookup(&name);
            assert!(!topics.is_empty(), "{name}");
            assert!(topics.iter().all(|topic| !topic.fields.is_empty()), "{name}");
        }
    }

    #[test]
    fn a_pair_is_explained_for_whom_it_can_be() {
        let kinds =
            |word: &str| lookup(word).iter().map(|topic| topic.name.clone()).collect::<Vec<_>>();
        assert_eq!(kinds("3/3"), ["connection 3/3"]);
        assert_eq!(kinds("0/9"), ["room 0/9"]);
        assert_eq!(kinds("2/0"), ["connection 2/0", "room 2/0"]);
        assert_eq!(kinds("room 2/SUCCESS"), ["room 2/0"]);
        assert!(kinds("7/7").is_empty());
    }

    #[test]
    fn an_unknown_word_has_its_likeliest_neighbours() {
        assert_eq!(likely("4.T2.timout").first().map(String::as_str), Some("4.T2.timeout"));
        assert!(lookup("teleport").is_empty());
    }
}
