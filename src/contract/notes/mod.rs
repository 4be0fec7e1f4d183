//! Notes on the document: where it leaves something open, is at odds with another public
//! page, or misspells; and what zimsim does there.
//!
//! They are data, for whoever writes the document: each has the document's own words, what
//! other pages say, what zimsim chose, by which parameter, and which scenario shows it.

mod beyond;
mod scene1;
mod scene2;
mod scene3;
mod scene4;
mod table;

/// One place of the document that its author may want to look at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its name: `N.callback-at-t1`.
    pub id: &'static str,
    /// What is the matter.
    pub kind: NoteKind,
    /// The rows of the contract that it bears on; none where it lies beyond them.
    pub rows: &'static [&'static str],
    /// What is open, or wrong.
    pub open: &'static str,
    /// The document's own words there, letter for letter; none where it says nothing at all.
    pub document: &'static [&'static str],
    /// What other public pages say, in our words.
    pub elsewhere: &'static [Elsewhere],
    /// What zimsim does.
    pub chosen: &'static str,
    /// The parameters that decide it; none where zimsim offers no choice.
    pub params: &'static [&'static str],
    /// Where to see it.
    pub shown: Shown,
}

/// What is the matter with a place of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// It leaves something open that an app needs to know.
    Silent,
    /// Another public page says otherwise.
    Contradicts,
    /// A slip of the pen.
    Misspells,
}

/// What another page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// Which page, with its date or version where it has one.
    pub page: &'static str,
    /// What it says, in our words.
    pub says: &'static str,
}

/// Where a note can be seen at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In these scenarios, by their stems.
    By(&'static [&'static str]),
    /// Nowhere, and why.
    Nowhere(&'static str),
}

impl NoteKind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [NoteKind; 3] = [NoteKind::Silent, NoteKind::Contradicts, NoteKind::Misspells];

    /// The kind in a word.
    pub const fn name(self) -> &'static str {
        match self {
            NoteKind::Silent => "silent",
            NoteKind::Contradicts => "contradicts",
            NoteKind::Misspells => "misspells",
        }
    }
}

/// Every note, in the document's order; what lies beyond its four scenes comes last.
pub fn notes() -> impl Iterator<Item = &'static Note> {
    let parts =
        [scene1::NOTES, scene2::NOTES, scene3::NOTES, scene4::NOTES, table::NOTES, beyond::NOTES];
    parts.into_iter().flatten()
}

/// The chosen parameters that no note speaks of, each with the reason.
pub const WITHOUT_NOTE: &[(&str, &str)] = &[
    ("login.server_time", "how busy a server is; 0 leaves every timeline as it is"),
    ("login.server_wait", "the server's own housekeeping: no callback depends on it"),
    ("tcp.buffer", "TCP's, not ZIM's: no page of ZIM could name it"),
    ("tcp.handshake_timeout", "TCP's, not ZIM's: no page of ZIM could name it"),
    ("tcp.close_timeout", "TCP's, not ZIM's: no page of ZIM could name it"),
];

const fn page(page: &'static str, says: &'static str) -> Elsewhere {
    Elsewhere { page, says }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Row as ContractRow;
    use crate::param::{Mark, Params, Row};
    use std::collections::BTreeSet;

    #[test]
    fn every_note_has_a_name_of_its_own_and_names_rows_and_parameters_that_exist() {
        let mut ids = BTreeSet::new();
        for note in notes() {
            assert!(ids.insert(note.id), "{} twice", note.id);
            assert!(note.id.starts_with("N."), "{}", note.id);
            for row in note.rows {
                assert!(ContractRow::find(row).is_some(), "{}: row {row}", note.id);
            }
            for param in note.params {
                assert!(Row::find(param).is_some(), "{}: parameter {param}", note.id);
            }
            assert!(!note.open.is_empty() && !note.chosen.is_empty(), "{}", note.id);
            match note.kind {
                NoteKind::Contradicts => assert!(!note.elsewhere.is_empty(), "{}", note.id),
                NoteKind::Misspells => assert!(!note.document.is_empty(), "{}", note.id),
                NoteKind::Silent => {}
            }
            match note.shown {
                Shown::By(scenarios) => assert!(!scenarios.is_empty(), "{}", note.id),
                Shown::Nowhere(why) => assert!(!why.is_empty(), "{}", note.id),
            }
        }
    }

    #[test]
    fn every_chosen_parameter_has_a_note_or_a_reason_to_have_none() {
        let noted: BTreeSet<_> = notes().flat_map(|note| note.params).copied().collect();
        let excused: BTreeSet<_> = WITHOUT_NOTE.iter().map(|(param, _)| *param).collect();
        for row in Params::TABLE.iter().filter(|row| row.mark == Mark::Chosen) {
            let (noted, excused) = (noted.contains(row.name), excused.contains(row.name));
            assert!(noted || excused, "{} has no note and no reason to have none", row.name);
            assert!(!(noted && excused), "{} has both", row.name);
        }
        for (param, why) in WITHOUT_NOTE {
            let row = Row::find(param).unwrap_or_else(|| panic!("{param} is no parameter"));
            assert_eq!(row.mark, Mark::Chosen, "{param}: {why}");
        }
    }

    #[test]
    fn every_row_of_the_document_has_a_note() {
        let noted: BTreeSet<_> = notes().flat_map(|note| note.rows).copied().collect();
        let silent: Vec<_> =
            crate::contract::ids().into_iter().filter(|id| !noted.contains(id)).collect();
        assert_eq!(silent, [""; 0]);
    }
}
