//! The contract itself, as text, JSON and Markdown: the document's rows, and the invariants.

use super::object::Object;
use super::wide::{line, pad, wrapped};
use crate::contract::{
    HITS, HitRule, INVARIANTS, LIVENESS, LIVENESS_SOURCE, LIVENESS_TEXT, ROWS, Row,
};

/// The version of the JSON form; it changes when a field's meaning does.
const VERSION: u32 = 1;

/// What is printed of the contract.
pub struct Excerpt {
    rows: Vec<&'static Row>,
    always: Vec<Always>,
    hits: Vec<&'static HitRule>,
}

impl Excerpt {
    /// The rows, invariants and rules of hits that have each of these words in whatever they
    /// say, small letters or capitals; all of them without a word.
    pub fn with(words: &[String]) -> Excerpt {
        let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
        let fits = |text: String| {
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let row = |row: &&Row| {
            let Row { id, sentence, demand, advice, source, revision } = row;
            fits(format!("{id} {} {demand} {advice} {source} {revision}", sentence.join(" ")))
        };
        let each = |each: &Always| fits(format!("{} {} {}", each.id, each.text, each.source));
        let rule = |rule: &&HitRule| fits(format!("{} {}", rule.kind, rule.hit));
        Excerpt {
            rows: ROWS.iter().filter(row).collect(),
            always: always().filter(each).collect(),
            hits: HITS.iter().filter(rule).collect(),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.always.is_empty() && self.hits.is_empty()
    }
}

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

/// For people: each row with the document's words, ours, the advice and the source; then what
/// must hold in every run, and what counts as a hit.
pub fn contract_text(excerpt: &Excerpt) -> String {
    [rows_text(&excerpt.rows), always_text(&excerpt.always), hits_text(&excerpt.hits)].concat()
}

fn rows_text(rows: &[&Row]) -> String {
    let mut out = String::new();
    for row in rows {
        line(&mut out, row.id);
        for words in row.sentence {
            line(&mut out, &format!("  document  {words}"));
        }
        field(&mut out, "demand", row.demand);
        field(&mut out, "app", row.advice);
        field(&mut out, "source", &format!("{}, {}", row.source, row.revision));
        line(&mut out, "");
    }
    out
}

fn always_text(always: &[Always]) -> String {
    let mut out = String::new();
    for each in always {
        line(&mut out, each.id);
        field(&mut out, "holds", each.text);
        field(&mut out, "source", each.source);
        line(&mut out, "");
    }
    out
}

fn hits_text(hits: &[&HitRule]) -> String {
    let mut out = String::new();
    if !hits.is_empty() {
        line(&mut out, "what counts as a hit of a fault or an administrator's act");
    }
    for rule in hits {
        line(&mut out, &format!("  {}", rule.kind));
        wrapped(&mut out, "      ", rule.hit);
    }
    out
}

fn field(out: &mut String, name: &str, text: &str) {
    line(out, &format!("  {}  {text}", pad(name, "document".len())));
}

/// For programs: one object a line. Kinds, in order: `row`, `invariant`, `liveness`, `hit`.
pub fn contract_json(excerpt: &Excerpt) -> String {
    let mut out = String::new();
    let head = |kind, id| Object::new().with("v", VERSION).with("kind", kind).with("id", id);
    for row in &excerpt.rows {
        let object = head("row", row.id)
            .with("document", row.sentence)
            .with("demand", row.demand)
            .with("advice", row.advice)
            .with("source", row.source)
            .with("revision", row.revision);
        line(&mut out, &object.text());
    }
    for each in &excerpt.always {
        let object = head(each.kind, each.id).with("text", each.text).with("source", each.source);
        line(&mut out, &object.text());
    }
    for rule in &excerpt.hits {
        let object = Object::new().with("v", VERSION).with("kind", "hit");
        line(&mut out, &object.with("of", rule.kind).with("counts", rule.hit).text());
    }
    out
}

/// For a page: the table of rows, that of what must hold in every run, and that of hits.
pub fn contract_markdown(excerpt: &Excerpt) -> String {
    let Excerpt { rows, always, hits } = excerpt;
    let tables = [
        (rows.len(), rows_table(rows.iter().copied())),
        (always.len(), always_table(always)),
        (hits.len(), hits_table(hits.iter().copied())),
    ];
    let tables: Vec<_> = tables.into_iter().filter(|(lines, _)| *lines > 0).collect();
    tables.into_iter().map(|(_, table)| table).collect::<Vec<_>>().join("\n")
}

/// For a page: each kind of fault or act and what counts as a hit of it.
pub fn hits_markdown() -> String {
    hits_table(HITS.iter())
}

fn hits_table(hits: impl Iterator<Item = &'static HitRule>) -> String {
    let mut out = "| fault or act | what counts as a hit |\n|---|---|\n".to_owned();
    for rule in hits {
        line(&mut out, &format!("| {} | {} |", rule.kind, rule.hit));
    }
    out
}

/// For a page: each row and what it demands.
pub fn rows_markdown() -> String {
    rows_table(ROWS.iter())
}

fn rows_table(rows: impl Iterator<Item = &'static Row>) -> String {
    let mut out = "| row | what it demands |\n|---|---|\n".to_owned();
    for row in rows {
        line(&mut out, &format!("| `{}` | {} |", row.id, row.demand));
    }
    out
}

/// For a page: each invariant and what must hold.
pub fn always_markdown() -> String {
    always_table(&always().collect::<Vec<_>>())
}

fn always_table(always: &[Always]) -> String {
    let mut out = "| invariant | what must hold in every run |\n|---|---|\n".to_owned();
    for each in always {
        line(&mut out, &format!("| `{}` | {} |", each.id, each.text));
    }
    out
}
