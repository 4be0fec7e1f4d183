//! Many runs: the contract's matrix, with a page for each run.

use super::page::verdict;
use super::shell;
use super::verdicts::{chip, grade};
use crate::contract::{Grade, Matrix, ROWS, Report, Tally};
use crate::scenario::Plan;
use maud::{Markup, html};

/// A run's place in a site.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The address of its page, from the front page: `large/1-two-hour-outage.html`.
    pub link: &'a str,
    /// What was run.
    pub plan: &'a Plan,
    /// What the checks say.
    pub report: &'a Report,
}

/// The front page: each run against each row of the document.
pub fn front_page(runs: &[Listed]) -> String {
    let pairs: Vec<_> =
        runs.iter().map(|run| (run.plan.name.clone(), run.report.clone())).collect();
    let matrix = Matrix::of(&pairs);
    let failed = matrix.failed.len();
    let rows_of_it: Vec<_> = matrix.lines.iter().filter(|line| is_row(line.id)).collect();
    let exercised = rows_of_it.iter().filter(|line| line.grade() != Grade::NotExercised).count();
    let header = html! {
        h1 { "What the document promises, and what zimsim saw" }
        p.facts {
            @if failed == 0 { (chip("good", "all held")) } @else { (chip("bad", &format!("{failed} failed"))) }
            " " span { (runs.len()) @if runs.len() == 1 { " scenario" } @else { " scenarios" } }
            " " span { (exercised) " of " (rows_of_it.len()) " rows exercised" }
        }
        p.means { (shell::HELD_MEANS) }
    };
    let main = html! {
        @if failed > 0 {
            section.failures aria-labelledby="failed" {
                h2 #failed { "Scenarios that fail" }
                ul {
                    @for run in runs.iter().filter(|run| !run.report.held()) {
                        li { a href=(address(run.link)) { bdi { (run.plan.name) } } ": " bdi { (run.plan.title) } }
                    }
                }
            }
        }
        section aria-labelledby="matrix" {
            h2 #matrix { "Scenarios against rows" }
            p.count {
                @for each in Grade::ALL { (grade(each)) " " (sign(each)) "  " }
            }
            p.filter hidden { label { "Show only " input type="search" data-filter placeholder="kicked, 4.T2 …"; } }
            div.pages tabindex="0" role="region" aria-label="matrix, scrolls" { (table(runs, &matrix)) }
        }
        (rows(&matrix))
    };
    shell::document("zimsim: contract and scenarios", None, header, main)
}

fn table(runs: &[Listed], matrix: &Matrix) -> Markup {
    html! {
        table.matrix {
            thead { tr {
                th scope="col" { "scenario" }
                th scope="col" { "" }
                @for line in &matrix.lines { th scope="col" { span { (name_of(line.id)) } } }
            } }
            tbody {
                @for (place, run) in runs.iter().enumerate() {
                    tr {
                        th scope="row" {
                            a href=(address(run.link)) { bdi { (run.plan.name) } }
                            small { bdi { (run.plan.title) } }
                        }
                        td { @if !run.report.held() { (verdict(run.report)) } }
                        @for line in &matrix.lines {
                            td { (cell(run, line.id, &line.tallies[place])) }
                        }
                    }
                }
            }
        }
    }
}

/// A row's name leads to what it demands.
fn name_of(id: &str) -> Markup {
    html! { @if is_row(id) { a href=(format!("#row-{id}")) { (id) } } @else { (id) } }
}

fn is_row(id: &str) -> bool {
    ROWS.iter().any(|row| row.id == id)
}

fn cell(run: &Listed, id: &str, tally: &Tally) -> Markup {
    let grade = tally.grade();
    let class = match grade {
        Grade::Held => "good",
        Grade::Allowed => "unsure",
        Grade::Contradicted => "bad",
        Grade::NotExercised => "none",
    };
    let label = format!("{id}: {}", grade.name());
    let anchor = if is_row(id) { format!("row-{id}") } else { "invariants".to_owned() };
    html! {
        @if grade == Grade::NotExercised {
            span.(class) title=(label) { (sign(grade)) }
        } @else {
            a.(class) href=(format!("{}#{anchor}", address(run.link))) title=(label) aria-label=(label) { (sign(grade)) }
        }
    }
}

fn sign(grade: Grade) -> &'static str {
    match grade {
        Grade::Held => "+",
        Grade::Allowed => "~",
        Grade::Contradicted => "!",
        Grade::NotExercised => "·",
    }
}

/// What each row demands, and in how many runs it has which grade.
fn rows(matrix: &Matrix) -> Markup {
    html! {
        section aria-labelledby="rows" {
            h2 #rows { "The rows" }
            dl.rows {
                @for row in ROWS {
                    dt id=(format!("row-{}", row.id)) { code { (row.id) } }
                    dd {
                        p { (row.demand) }
                        p {
                            @for line in matrix.lines.iter().filter(|line| line.id == row.id) {
                                @for each in Grade::ALL {
                                    @let count = line.count(each);
                                    @if count > 0 && each != Grade::NotExercised { (grade(each)) " in " (count) " " }
                                }
                                @if line.grade() == Grade::NotExercised {
                                    (grade(Grade::NotExercised))
                                }
                            }
                        }
                        p.advice { b { "App: " } (row.advice) }
                        details { summary { "the document's own words" }
                            @for sentence in row.sentence { p lang="zh" { (sentence) } }
                            p { small { (row.source) ", " (row.revision) } }
                        }
                    }
                }
            }
        }
    }
}

/// A path as a link takes it: what means something else in an address is written out.
pub fn address(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_file_name_makes_an_address() {
        assert_eq!(address("large/a b#c?.html"), "large/a%20b%23c%3F.html");
        assert_eq!(address("电.html"), "%E7%94%B5.html");
        assert_eq!(address("javascript:x"), "javascript%3Ax");
    }
}
