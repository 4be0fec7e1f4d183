//! The matrix of rows against scenarios, as text, JSON and Markdown.

use super::object::Object;
use super::wide::{line, pad, pad_left, width};
use crate::contract::{Grade, Matrix, Tally};

/// The version of the JSON form; it changes when a field's meaning does.
const VERSION: u32 = 1;
/// Columns of one row's mark.
const MARK: usize = 3;

/// For people: the rows numbered, with in how many scenarios they have which grade; then
/// scenarios against those numbers; then what a chosen parameter decides, and what no
/// scenario exercises.
pub fn matrix_text(matrix: &Matrix) -> String {
    let mut out = String::new();
    let legend = Grade::ALL.map(|grade| format!("{} {}", sign(grade), words(grade)));
    line(&mut out, &legend.join(", "));
    line(&mut out, "");
    let longest = matrix.lines.iter().map(|each| width(each.id)).max().unwrap_or(0);
    let counted = [Grade::Held, Grade::Allowed, Grade::Contradicted];
    let titles = counted.map(|grade| pad_left(grade.name(), COUNT)).concat();
    line(&mut out, &format!("{}{titles}", pad("scenarios by row", longest + MARK + 2)));
    for (place, each) in matrix.lines.iter().enumerate() {
        let number = pad_left(&(place + 1).to_string(), MARK);
        let counts = counted.map(|grade| pad_left(&each.count(grade).to_string(), COUNT)).concat();
        line(&mut out, &format!("{number}  {}{counts}", pad(each.id, longest)));
    }
    line(&mut out, "");
    let name = matrix.runs.iter().map(|run| width(run)).max().unwrap_or(0);
    let numbers: Vec<_> =
        (1..=matrix.lines.len()).map(|n| pad_left(&n.to_string(), MARK)).collect();
    line(&mut out, &format!("{}{}", pad("", name), numbers.concat()));
    for (place, run) in matrix.runs.iter().enumerate() {
        let signs = matrix.lines.iter().map(|l| pad_left(sign(l.tallies[place].grade()), MARK));
        line(&mut out, &format!("{}{}", pad(run, name), signs.collect::<String>()));
    }
    list(&mut out, "decided by a chosen parameter", &allowed(matrix));
    let empty: Vec<_> = matrix.not_exercised().into_iter().map(str::to_owned).collect();
    list(&mut out, "no scenario exercises", &empty);
    list(&mut out, "scenarios that fail (zimsim check says why)", &matrix.failed);
    out
}

/// Columns of a count under its title.
const COUNT: usize = 14;

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

/// For programs: one object a line. Kinds, in order: `row` … with every scenario that
/// exercises it, and `end`.
pub fn matrix_json(matrix: &Matrix) -> String {
    let mut out = String::new();
    for each in &matrix.lines {
        let cells = matrix.runs.iter().zip(&each.tallies);
        let exercised = cells.filter(|(_, tally)| tally.grade() != Grade::NotExercised);
        let row = head("row")
            .with("id", each.id)
            .with("grade", each.grade().name())
            .list("scenarios", exercised.map(|(run, tally)| cell(run, tally)));
        line(&mut out, &row.text());
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

/// For a page: the counts of each row, then scenarios against rows.
pub fn matrix_markdown(matrix: &Matrix) -> String {
    let mut out = String::new();
    line(&mut out, "| row | held | allowed | contradicted |");
    line(&mut out, "|---|---|---|---|");
    for each in &matrix.lines {
        let counts = [Grade::Held, Grade::Allowed, Grade::Contradicted].map(|g| each.count(g));
        let [held, allowed, contradicted] = counts;
        line(&mut out, &format!("| `{}` | {held} | {allowed} | {contradicted} |", each.id));
    }
    let empty: Vec<_> = matrix.not_exercised().iter().map(|id| format!("`{id}`")).collect();
    let empty = if empty.is_empty() { "nothing".to_owned() } else { empty.join(", ") };
    line(&mut out, "");
    line(&mut out, &format!("Not exercised by any scenario: {empty}."));
    line(&mut out, "");
    let ids: String = matrix.lines.iter().map(|each| format!(" `{}` |", each.id)).collect();
    line(&mut out, &format!("| scenario |{ids}"));
    line(&mut out, &format!("|---|{}", "---|".repeat(matrix.lines.len())));
    for (place, run) in matrix.runs.iter().enumerate() {
        let words = matrix.lines.iter().map(|each| markdown_cell(&each.tallies[place]));
        line(&mut out, &format!("| `{run}` |{}", words.collect::<String>()));
    }
    out
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
