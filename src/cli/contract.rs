//! `zimsim contract`

use super::files::{STDIN, load_plans};
use super::print::{print, print_plain};
use super::{FAILED, HELD, WRONG_INPUT};
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};
use zimsim::contract::{self, Matrix};
use zimsim::engine::{self, Engine};
use zimsim::timeline::{self, Excerpt};

/// Print the rows of the documented tables and the invariants; with files, the matrix of
/// both against them
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim contract                 all rows, invariants, and what counts as a hit
  zimsim contract kicked          those with this word, in whatever they say
  zimsim contract 房间 onRoomStateChanged
                                  those with both words
  zimsim contract scenarios/      run all scenarios: which exercises what
  zimsim contract --notes         where the document is silent or at odds")]
pub struct Options {
    /// Scenario files to run and grade (a folder stands for all .toml files in it), or words
    /// that rows and invariants must have
    #[arg(value_name = "FILE|WORD")]
    arguments: Vec<String>,
    /// Print notes on the document instead: where it is silent, at odds with other public
    /// pages, or misspells, and what zimsim does there
    #[arg(long, conflicts_with = "arguments")]
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
        let (files, words): (Vec<_>, Vec<_>) =
            self.arguments.iter().cloned().partition(|text| is_file(text));
        if files.is_empty() {
            return self.excerpt(&words);
        }
        if let Some(word) = words.first() {
            complain!(
                "zimsim: there is no file `{word}`; words choose rows only where no file is named"
            );
            return Ok(WRONG_INPUT);
        }
        self.matrix(&files.into_iter().map(PathBuf::from).collect::<Vec<_>>())
    }

    fn excerpt(&self, words: &[String]) -> io::Result<u8> {
        let excerpt = &Excerpt::with(words);
        if excerpt.is_empty() {
            let words = words.join(" and ");
            complain!("zimsim: there is no file, row or invariant with `{words}`");
            return Ok(WRONG_INPUT);
        }
        let forms = [timeline::contract_text, timeline::contract_json, timeline::contract_markdown];
        self.table(forms.map(|form| move || form(excerpt)))
    }

    fn matrix(&self, files: &[PathBuf]) -> io::Result<u8> {
        let Some(plans) = load_plans(files, None)? else { return Ok(WRONG_INPUT) };
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

/// Whether an argument is meant for a file: what looks like one is not taken for a word.
fn is_file(text: &str) -> bool {
    text == STDIN || text.ends_with(".toml") || text.contains('/') || Path::new(text).exists()
}
