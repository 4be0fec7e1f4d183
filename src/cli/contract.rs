//! `zimsim contract`

use super::files::load_plans;
use super::print::{print, print_plain};
use super::{FAILED, HELD, WRONG_INPUT};
use clap::{Args, ValueEnum};
use std::io;
use std::path::PathBuf;
use zimsim::contract::{self, Matrix};
use zimsim::engine::{self, Engine};
use zimsim::timeline;

/// Print the rows of the documented tables and the invariants; with files, the matrix of
/// both against them
#[derive(Args)]
pub struct Options {
    /// Scenario files to run and grade; a folder stands for all .toml files in it
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print notes on the document instead: where it is silent, at odds with other public
    /// pages, or misspells, and what zimsim does there
    #[arg(long, conflicts_with = "files")]
    notes: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum TableFormat {
    /// A table to read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
    /// Tables for a page
    Markdown,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        if self.notes {
            return self.table([
                timeline::notes_text,
                timeline::notes_json,
                timeline::notes_markdown,
            ]);
        }
        if self.files.is_empty() {
            return self.table([
                timeline::contract_text,
                timeline::contract_json,
                timeline::contract_markdown,
            ]);
        }
        self.matrix()
    }

    fn matrix(&self) -> io::Result<u8> {
        let Some(plans) = load_plans(&self.files, None)? else { return Ok(WRONG_INPUT) };
        let runs = plans.iter().map(|plan| {
            let recording = engine::run(plan, Engine::Event, false);
            (plan.name.clone(), contract::check(plan, &recording))
        });
        let matrix = &Matrix::of(&runs.collect::<Vec<_>>());
        let forms = [timeline::matrix_text, timeline::matrix_json, timeline::matrix_markdown];
        self.table(forms.map(|form| move || form(matrix)))?;
        Ok(if matrix.failed.is_empty() { HELD } else { FAILED })
    }

    /// Prints one of three forms.
    fn table(&self, forms: [impl Fn() -> String; 3]) -> io::Result<u8> {
        let [text, json, markdown] = forms;
        match self.format {
            TableFormat::Text => print(&text()),
            TableFormat::Ndjson => print_plain(&json()),
            TableFormat::Markdown => print_plain(&markdown()),
        }
    }
}
