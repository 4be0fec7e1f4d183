//! A shrunk failure as a file: what fails is said by its title and a comment.

use super::{Ended, Shrunk};
use crate::contract::{Check, Failure};
use crate::scenario::{Document, SCHEMA_FILE, Table, host_acts};
use std::fmt::Write;

/// A title is at most so long; a longer one ends with an ellipsis.
const TITLE: usize = 120;

impl Shrunk {
    /// The scenario file, with comments that say what fails and how it was found: `found` is
    /// the end of a sentence, as in "by zimsim explore --seed 1, plan 33".
    pub fn file(&self, found: &str) -> String {
        let mut text = format!("#:schema ./{SCHEMA_FILE}\n");
        let (check, failure) = (self.check, one_line(&self.failure.to_string()));
        writeln!(text, "# Fails by {check}: {failure}").expect("a string grows");
        let others: Vec<_> =
            self.failed.iter().filter(|other| **other != check).map(|other| other.id()).collect();
        if !others.is_empty() {
            writeln!(text, "# And by: {}", others.join(", ")).expect("a string grows");
        }
        let more = match self.ended {
            Ended::Done => "",
            Ended::Spent => ", all that there were; more might go",
            Ended::Stopped => ", then stopped; more might go",
        };
        writeln!(text, "# Found {}; shrunk in {} runs{more}.", one_line(found), self.runs)
            .expect("a string grows");
        let document = self.document.to_string();
        let (_schema, body) = document.split_once('\n').unwrap_or_default();
        text.push_str(body);
        text
    }

    /// What the file may be called: `found-i-room-transitions-cut-kickuser`.
    pub fn stem(&self) -> String {
        let mut stem = format!("found-{}", self.check.id());
        for row in self.document.rows("steps") {
            let act = host_acts().find(|key| row.get(key).is_some());
            if let Some(act) = act.or(row.text("admin")) {
                stem.push('-');
                stem.push_str(act);
            }
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        stem.chars().take(60).map(plain).collect()
    }
}

/// The keys at the top in the order in which a person reads them.
pub(super) fn in_order(document: &Document) -> Document {
    const ORDER: [&str; 10] = [
        "title", "until", "seed", "params", "network", "clients", "steps", "react", "expect",
        "never",
    ];
    let mut ordered = Table::default();
    for key in ORDER {
        if let Some(value) = document.root.get(key) {
            ordered.set(key, value.clone());
        }
    }
    Document { root: ordered }
}

/// One line that says what fails.
pub(super) fn title(failure: &Failure) -> String {
    let what = one_line(&failure.what);
    let what = match failure.check {
        Check::Invariant(_) | Check::Liveness => what.replacen(' ', ": ", 1),
        Check::Row(_)
        | Check::Unexplained
        | Check::Misbehaved
        | Check::Result
        | Check::Expect
        | Check::Never
        | Check::Missed => what,
    };
    let what = format!("found: {what}");
    if what.chars().count() <= TITLE {
        return what;
    }
    let cut: String = what.chars().take(TITLE - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', ':']))
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
