//! Rows, invariants and liveness against runs: which run says what of which, and what no run
//! exercises.

use super::check::Report;
use super::grade::{Grade, Tally};
use super::invariant::{INVARIANTS, Judged};
use super::liveness::{Converged, LIVENESS};
use super::rows::ROWS;

/// What a line of the matrix is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A row of the document: an occasion is one on which it applied.
    Row,
    /// An invariant: an occasion is one on which it had something to check.
    Invariant,
    /// Liveness: an occasion is a client whose waits could be judged.
    Liveness,
}

/// One run's tally for one thing that can be graded.
struct Cell {
    subject: Subject,
    id: &'static str,
    tally: Tally,
}

/// What all runs say of one thing that can be graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What kind of thing.
    pub subject: Subject,
    /// Which: the id of a row or of an invariant.
    pub id: &'static str,
    /// One tally a run, in the order of the runs.
    pub tallies: Vec<Tally>,
}

/// Rows, invariants and liveness against runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The names of the runs.
    pub runs: Vec<String>,
    /// The runs that failed, for whatever reason.
    pub failed: Vec<String>,
    /// One for each thing that can be graded: rows in the document's order, invariants in that
    /// of [`INVARIANTS`], liveness.
    pub lines: Vec<Line>,
}

/// Everything that one run can be graded by, exercised or not, always in the same order.
/// What else comes to be graded is added here and nowhere else.
fn cells(report: &Report) -> Vec<Cell> {
    let rows = ROWS.iter().map(|row| {
        let findings = report.findings.iter().filter(|finding| finding.row == row.id);
        Cell { subject: Subject::Row, id: row.id, tally: Tally::of(findings) }
    });
    let invariants = INVARIANTS.iter().map(|invariant| {
        let outcomes = report.invariants.iter().filter(|outcome| outcome.id == invariant.id);
        let judged = outcomes.map(|outcome| &outcome.judged).next();
        let tally = judged.map(tally_of).unwrap_or_default();
        Cell { subject: Subject::Invariant, id: invariant.id, tally }
    });
    let mut waits = Tally::default();
    for convergence in &report.liveness {
        match &convergence.verdict {
            Converged::Held { .. } => waits.held += 1,
            Converged::Broken(_) => waits.contradicted += 1,
            Converged::NotJudged => {}
        }
    }
    let liveness = Cell { subject: Subject::Liveness, id: LIVENESS, tally: waits };
    rows.chain(invariants).chain([liveness]).collect()
}

fn tally_of(judged: &Judged) -> Tally {
    let contradicted = judged.breaches.len();
    let held = judged.occasions.saturating_sub(contradicted);
    Tally { held, contradicted, ..Tally::default() }
}

impl Matrix {
    /// The matrix of these runs, each with its name.
    pub fn of(runs: &[(String, Report)]) -> Matrix {
        let mut lines: Vec<Line> = cells(&Report::default())
            .into_iter()
            .map(|Cell { subject, id, .. }| Line { subject, id, tallies: Vec::new() })
            .collect();
        for (_, report) in runs {
            for (line, cell) in lines.iter_mut().zip(cells(report)) {
                line.tallies.push(cell.tally);
            }
        }
        let failed = runs.iter().filter(|(_, report)| !report.held());
        Matrix {
            runs: runs.iter().map(|(name, _)| name.clone()).collect(),
            failed: failed.map(|(name, _)| name.clone()).collect(),
            lines,
        }
    }

    /// The ids of what no run exercises.
    pub fn not_exercised(&self) -> Vec<&'static str> {
        let empty = self.lines.iter().filter(|line| line.grade() == Grade::NotExercised);
        empty.map(|line| line.id).collect()
    }
}

impl Line {
    /// In how many runs this has that grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.tallies.iter().filter(|tally| tally.grade() == grade).count()
    }

    /// The grade over all runs: the highest of theirs.
    pub fn grade(&self) -> Grade {
        self.tallies.iter().map(Tally::grade).max().unwrap_or(Grade::NotExercised)
    }
}
