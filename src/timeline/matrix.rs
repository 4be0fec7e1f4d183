//! The matrix of rows, invariants and liveness against scenarios, as text, JSON and Markdown.

use super::object::Object;
use super::wide::{line, pad, pad_left, width};
use crate::contract::{Grade, Line, Matrix, Subject, Tally};

/// The version of the JSON form; it changes when a field's meaning does.
const VERSION: u32 = 1;
/// Columns of one line's mark.
const MARK: usize = 3;
/// Columns of a count under its title.
const COUNT: usize = 14;

/// One table of the matrix: lines that belong together.
struct Table<'m> {
    title: &'static str,
    lines: Vec<&'m Line>,
}

fn tables(matrix: &Matrix) -> [Table<'_>; 2] {
    let (rows, others) = matrix.lines.iter().partition(|line| line.subject == Subject::Row);
    [
        Table { title: "rows", lines: rows },
        Table { title: "invariants and liveness", lines: others },
    ]
}

/// For people: of the rows and then of the invariants, numbered, in how many scenarios they
/// have which grade, and scenarios against those numbers; then what a chosen parameter
/// decides, and what no scenario exercises.
pub fn matrix_text(matrix: &Matrix) -> String {
    let mut out = String::new();
    let legend = Grade::ALL.map(|grade| format!("{} {}", sign(grade), words(grade)));
    line(&mut out, &legend.join(", "));
    for table in tables(matrix) {
        line(&mut out, "");
        counts(&mut out, &table);
        line(&mut out, "");
        grid(&mut out, matrix, &table);
    }
    list(&mut out, "decided by a chosen parameter", &allowed(matrix));
    let empty: Vec<_> = matrix.not_exercised().into_iter().map(str::to_owned).collect();
    list(&mut out, "no scenario exercises", &empty);
    list(&mut out, "scenarios that fail (zimsim check says why)", &matrix.failed);
    out
}

/// `  4  2.kicked      6     0     0`
fn counts(out: &mut String, table: &Table) {
    let title = format!("{}: in how many scenarios", table.title);
    let ids = table.lines.iter().map(|each| width(each.id)).max().unwrap_or(0);
    let longest = ids.max(width(&title).saturating_sub(MARK + 2));
    let titles = COUNTED.map(|grade| pad_left(grade.name(), COUNT)).concat();
    line(out, &format!("{}{titles}", pad(&title, longest + MARK + 2)));
    for (place, each) in table.lines.iter().enumerate() {
        let number = pad_left(&(place + 1).to_string(), MARK);
        let counts = COUNTED.map(|grade| pad_left(&each.count(grade).to_string(), COUNT)).concat();
        line(out, &format!("{number}  {}{counts}", pad(each.id, longest)));
    }
}

const COUNTED: [Grade; 3] = [Grade::Held, Grade::Allowed, Grade::Contradicted];

fn grid(out: &mut String, matrix: &Matrix, table: &Table) {
    let name = matrix.runs.iter().map(|run| width(run)).max().unwrap_or(0);
    let numbers = (1..=table.lines.len()).map(|n| pad_left(&n.to_string(), MARK));
    line(out, &format!("{}{}", pad("", name), numbers.collect::<String>()));
    for (place, run) in matrix.runs.iter().enumerate() {
        let signs = table.lines.iter().map(|l| pad_left(sign(l.tallies[place].grade()), MARK));
        line(out, &format!("{}{}", pad(run, name), signs.collect::<String>()));
    }
}

fn list(out: &mut String, title: &str, items: &[String]) {
    line(out, "");
    if items.is_empty() {
        line(out, &format!("{title}: none"));
        return;
    }
    line(out, title);
    items.iter().for_each(|item| line(out, &format!("  {item}")));
}

/// `4.T1 in 4-rooms-first: room.callback_at_t1`
fn allowed(matrix: &Matrix) -> Vec<String> {
    let mut lines = Vec::new();
    for each in &matrix.lines {
        for (run, tally) in matrix.runs.iter().zip(&each.tallies) {
            if !tally.allowed.is_empty() {
                let params: Vec<_> = tally.allowed.keys().copied().collect();
                lines.push(format!("{} in {run}: {}", each.id, params.join(", ")));
            }
        }
    }
    lines
}

fn sign(grade: Grade) -> &'static str {
    match grade {
        Grade::NotExercised => "·",
        Grade::Allowed => "~",
        Grade::Held => "+",
        Grade::Contradicted => "!",
    }
}

fn words(grade: Grade) -> &'static str {
    match grade {
        Grade::Allowed => "allowed (a chosen parameter decides)",
        Grade::NotExercised | Grade::Held | Grade::Contradicted => grade.name(),
    }
}

/// For programs: one object a line. Kinds, in order: `row`, `invariant`, `liveness`, each with
/// every scenario that exercises it and how often, and `end`.
pub fn matrix_json(matrix: &Matrix) -> String {
    let mut out = String::new();
    for each in &matrix.lines {
        let cells = matrix.runs.iter().zip(&each.tallies);
        let exercised = cells.filter(|(_, tally)| tally.grade() != Grade::NotExercised);
        let kind = match each.subject {
            Subject::Row => "row",
            Subject::Invariant => "invariant",
            Subject::Liveness => "liveness",
        };
        let object = head(kind)
            .with("id", each.id)
            .with("grade", each.grade().name())
            .list("scenarios", exercised.map(|(run, tally)| cell(run, tally)));
        line(&mut out, &object.text());
    }
    let end = head("end")
        .with("scenarios", matrix.runs.len())
        .with("not_exercised", matrix.not_exercised())
        .with("failed", &matrix.failed);
    line(&mut out, &end.text());
    out
}

fn head(kind: &str) -> Object {
    Object::new().with("v", VERSION).with("kind", kind)
}

fn cell(run: &str, tally: &Tally) -> Object {
    Object::new()
        .with("name", run)
        .with("grade", tally.grade().name())
        .with("held", tally.held)
        .with("allowed", &tally.allowed)
        .with("contradicted", tally.contradicted)
}

/// For a page: the counts of each row and invariant, what nothing exercises, then scenarios
/// against rows and against invariants.
pub fn matrix_markdown(matrix: &Matrix) -> String {
    let mut out = String::new();
    for table in tables(matrix) {
        line(&mut out, &format!("| {} | held | allowed | contradicted |", table.title));
        line(&mut out, "|---|---|---|---|");
        for each in table.lines {
            let [held, allowed, contradicted] = COUNTED.map(|grade| each.count(grade));
            line(&mut out, &format!("| `{}` | {held} | {allowed} | {contradicted} |", each.id));
        }
        line(&mut out, "");
    }
    let empty = matrix.not_exercised();
    line(&mut out, &format!("Not exercised by any scenario: {}.", quoted(&empty)));
    let failed: Vec<_> = matrix.failed.iter().map(String::as_str).collect();
    line(&mut out, "");
    line(&mut out, &format!("Failed: {}.", quoted(&failed)));
    for table in tables(matrix) {
        line(&mut out, "");
        let ids: String = table.lines.iter().map(|each| format!(" `{}` |", each.id)).collect();
        line(&mut out, &format!("| scenario |{ids}"));
        line(&mut out, &format!("|---|{}", "---|".repeat(table.lines.len())));
        for (place, run) in matrix.runs.iter().enumerate() {
            let words = table.lines.iter().map(|each| markdown_cell(&each.tallies[place]));
            line(&mut out, &format!("| `{run}` |{}", words.collect::<String>()));
        }
    }
    out
}

fn quoted(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// ` allowed: token.clock |`, blank where nothing was exercised.
fn markdown_cell(tally: &Tally) -> String {
    let params: Vec<_> = tally.allowed.keys().map(|param| format!("`{param}`")).collect();
    match tally.grade() {
        Grade::NotExercised => " |".to_owned(),
        Grade::Allowed => format!(" allowed: {} |", params.join(", ")),
        grade @ (Grade::Held | Grade::Contradicted) => format!(" {} |", grade.name()),
    }
}
