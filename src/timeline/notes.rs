//! The notes on the document, as text, JSON and Markdown.

use super::object::Object;
use super::wide::{line, pad, wrapped};
use crate::contract::{Note, NoteKind, Shown, WITHOUT_NOTE, notes};
use crate::param::{Params, Row};

/// The version of the JSON form; it changes when a field's meaning does.
const VERSION: u32 = 1;
/// Columns of a field's name.
const FIELD: usize = "elsewhere".len();

/// For people: each note, the chosen parameters that have none, and how many notes there are
/// of each kind.
pub fn notes_text() -> String {
    let mut out = String::new();
    for note in notes() {
        let about = match note.rows {
            [] => "beyond the document's rows".to_owned(),
            rows => rows.join(", "),
        };
        line(&mut out, &format!("{}  {}  {about}", note.id, note.kind.name()));
        field(&mut out, "open", note.open);
        if note.document.is_empty() {
            field(&mut out, "document", "(says nothing)");
        }
        for words in note.document {
            line(&mut out, &format!("  {}  {words}", pad("document", FIELD)));
        }
        for other in note.elsewhere {
            field(&mut out, "elsewhere", &format!("{}: {}", other.page, other.says));
        }
        field(&mut out, "zimsim", note.chosen);
        note.params.iter().for_each(|name| field(&mut out, "parameter", &parameter(name)));
        match note.shown {
            Shown::By(scenarios) => field(&mut out, "scenario", &scenarios.join(", ")),
            Shown::Nowhere(why) => field(&mut out, "scenario", &format!("(none: {why})")),
        }
        line(&mut out, "");
    }
    line(&mut out, "chosen parameters without a note");
    for (param, why) in WITHOUT_NOTE {
        line(&mut out, &format!("  {}  {why}", pad(param, widest())));
    }
    line(&mut out, "");
    line(&mut out, &totals());
    out
}

fn widest() -> usize {
    WITHOUT_NOTE.iter().map(|(param, _)| param.len()).max().unwrap_or(0)
}

fn field(out: &mut String, name: &str, text: &str) {
    wrapped(out, &format!("  {}  ", pad(name, FIELD)), text);
}

/// `room.callback_at_t1 = false (chosen)`
fn parameter(name: &str) -> String {
    let row = Row::find(name).expect("a test finds every parameter of a note");
    format!("{name} = {} ({})", row.get(&Params::default()), row.mark.name())
}

/// `50 notes: 40 silent, 6 contradicts, 4 misspells`
fn totals() -> String {
    let kinds = NoteKind::ALL.map(|kind| {
        let count = notes().filter(|note| note.kind == kind).count();
        format!("{count} {}", kind.name())
    });
    format!("{} notes: {}", notes().count(), kinds.join(", "))
}

/// For programs: one object a line, kind `note`, and `end`.
pub fn notes_json() -> String {
    let mut out = String::new();
    notes().for_each(|note| line(&mut out, &json(note).text()));
    let without = WITHOUT_NOTE
        .iter()
        .map(|(param, why)| Object::new().with("parameter", param).with("why", why));
    let end = Object::new().with("v", VERSION).with("kind", "end");
    let end = end.with("notes", notes().count()).list("without_note", without);
    line(&mut out, &end.text());
    out
}

fn json(note: &Note) -> Object {
    let elsewhere = note
        .elsewhere
        .iter()
        .map(|other| Object::new().with("page", other.page).with("says", other.says));
    let params = note.params.iter().map(|name| {
        let row = Row::find(name).expect("a test finds every parameter of a note");
        let object = Object::new().with("name", name).with("default", row.get(&Params::default()));
        object.with("mark", row.mark.name())
    });
    let (scenarios, nowhere) = match note.shown {
        Shown::By(scenarios) => (scenarios, None),
        Shown::Nowhere(why) => (&[][..], Some(why)),
    };
    Object::new()
        .with("v", VERSION)
        .with("kind", "note")
        .with("id", note.id)
        .with("matter", note.kind.name())
        .with("rows", note.rows)
        .with("open", note.open)
        .with("document", note.document)
        .list("elsewhere", elsewhere)
        .with("chosen", note.chosen)
        .list("parameters", params)
        .with("scenarios", scenarios)
        .with("not_shown", nowhere)
}

/// For a page: a table, one note a line.
pub fn notes_markdown() -> String {
    let mut out = String::new();
    line(
        &mut out,
        "| note | rows | open | the document's words | other pages | zimsim | parameters | scenarios |",
    );
    line(&mut out, &format!("|{}", "---|".repeat(8)));
    for note in notes() {
        let elsewhere: Vec<_> =
            note.elsewhere.iter().map(|other| format!("{}: {}", other.page, other.says)).collect();
        let params: Vec<_> =
            note.params.iter().map(|name| format!("`{}`", parameter(name))).collect();
        let shown = match note.shown {
            Shown::By(scenarios) => code(scenarios),
            Shown::Nowhere(why) => format!("none: {why}"),
        };
        let cells = [
            format!("`{}` ({})", note.id, note.kind.name()),
            code(note.rows),
            note.open.to_owned(),
            note.document.join("<br>"),
            elsewhere.join("<br>"),
            note.chosen.to_owned(),
            params.join("<br>"),
            shown,
        ];
        line(&mut out, &format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")));
    }
    line(&mut out, "");
    line(&mut out, "Chosen parameters without a note:");
    line(&mut out, "");
    for (param, why) in WITHOUT_NOTE {
        line(&mut out, &format!("- `{param}`: {why}"));
    }
    line(&mut out, "");
    line(&mut out, &format!("{}.", totals()));
    out
}

fn code(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
