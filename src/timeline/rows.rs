//! The contract itself, as text, JSON and Markdown: the document's rows, and the invariants.

use super::object::Object;
use super::wide::{line, pad, wrapped};
use crate::contract::{HITS, INVARIANTS, LIVENESS, LIVENESS_SOURCE, LIVENESS_TEXT, ROWS};

/// The version of the JSON form; it changes when a field's meaning does.
const VERSION: u32 = 1;

/// One statement that holds for every run.
struct Always {
    kind: &'static str,
    id: &'static str,
    text: &'static str,
    source: &'static str,
}

/// The invariants, and liveness.
fn always() -> impl Iterator<Item = Always> {
    let invariant = |each: &'static crate::contract::Invariant| Always {
        kind: "invariant",
        id: each.id,
        text: each.text,
        source: each.source,
    };
    let liveness =
        Always { kind: "liveness", id: LIVENESS, text: LIVENESS_TEXT, source: LIVENESS_SOURCE };
    INVARIANTS.iter().map(invariant).chain([liveness])
}

/// For people: every row with the document's words, ours, the advice and the source; then what
/// must hold in every run.
pub fn contract_text() -> String {
    let mut out = String::new();
    for row in ROWS {
        line(&mut out, row.id);
        for words in row.sentence {
            line(&mut out, &format!("  document  {words}"));
        }
        field(&mut out, "demand", row.demand);
        field(&mut out, "app", row.advice);
        field(&mut out, "source", &format!("{}, {}", row.source, row.revision));
        line(&mut out, "");
    }
    for (place, each) in always().enumerate() {
        if place > 0 {
            line(&mut out, "");
        }
        line(&mut out, each.id);
        field(&mut out, "holds", each.text);
        field(&mut out, "source", each.source);
    }
    line(&mut out, "");
    line(&mut out, "what counts as a hit of a fault or an administrator's act");
    for rule in HITS {
        line(&mut out, &format!("  {}", rule.kind));
        wrapped(&mut out, "      ", rule.hit);
    }
    out
}

fn field(out: &mut String, name: &str, text: &str) {
    line(out, &format!("  {}  {text}", pad(name, "document".len())));
}

/// For programs: one object a line. Kinds, in order: `row`, `invariant`, `liveness`, `hit`.
pub fn contract_json() -> String {
    let mut out = String::new();
    let head = |kind, id| Object::new().with("v", VERSION).with("kind", kind).with("id", id);
    for row in ROWS {
        let object = head("row", row.id)
            .with("document", row.sentence)
            .with("demand", row.demand)
            .with("advice", row.advice)
            .with("source", row.source)
            .with("revision", row.revision);
        line(&mut out, &object.text());
    }
    for each in always() {
        let object = head(each.kind, each.id).with("text", each.text).with("source", each.source);
        line(&mut out, &object.text());
    }
    for rule in HITS {
        let object = Object::new().with("v", VERSION).with("kind", "hit");
        line(&mut out, &object.with("of", rule.kind).with("counts", rule.hit).text());
    }
    out
}

/// For a page: the table of rows, that of what must hold in every run, and that of hits.
pub fn contract_markdown() -> String {
    format!("{}\n{}\n{}", rows_markdown(), always_markdown(), hits_markdown())
}

/// For a page: each kind of fault or act and what counts as a hit of it.
pub fn hits_markdown() -> String {
    let mut out = "| fault or act | what counts as a hit |\n|---|---|\n".to_owned();
    for rule in HITS {
        line(&mut out, &format!("| {} | {} |", rule.kind, rule.hit));
    }
    out
}

/// For a page: each row and what it demands.
pub fn rows_markdown() -> String {
    let mut out = "| row | what it demands |\n|---|---|\n".to_owned();
    for row in ROWS {
        line(&mut out, &format!("| `{}` | {} |", row.id, row.demand));
    }
    out
}

/// For a page: each invariant and what must hold.
pub fn always_markdown() -> String {
    let mut out = "| invariant | what must hold in every run |\n|---|---|\n".to_owned();
    for each in always() {
        line(&mut out, &format!("| `{}` | {} |", each.id, each.text));
    }
    out
}
