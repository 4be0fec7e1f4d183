//! Rows against runs: which run says what of which row, and what no run exercises.

use super::check::Report;
use super::grade::{Grade, Tally};
use super::rows::ROWS;

/// One run's tally for one thing that can be graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which: a row's id.
    pub id: &'static str,
    /// What the run says of it.
    pub tally: Tally,
}

/// What all runs say of one thing that can be graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which: a row's id.
    pub id: &'static str,
    /// One tally a run, in the order of the runs.
    pub tallies: Vec<Tally>,
}

/// Rows against runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The names of the runs.
    pub runs: Vec<String>,
    /// The runs that failed, for whatever reason.
    pub failed: Vec<String>,
    /// One for each thing that can be graded, in the document's order.
    pub lines: Vec<Line>,
}

/// Everything that one run can be graded by, exercised or not, always in the same order.
/// What else comes to be graded is added here and nowhere else.
fn cells(report: &Report) -> Vec<Cell> {
    let rows = ROWS.iter().map(|row| {
        let findings = report.findings.iter().filter(|finding| finding.row == row.id);
        Cell { id: row.id, tally: Tally::of(findings) }
    });
    rows.collect()
}

impl Matrix {
    /// The matrix of these runs, each with its name.
    pub fn of(runs: &[(String, Report)]) -> Matrix {
        let mut lines: Vec<Line> = cells(&Report::default())
            .into_iter()
            .map(|cell| Line { id: cell.id, tallies: Vec::new() })
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
