//! Where a run goes and in which form.

use super::print::{print, print_plain};
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zimsim::contract::Report;
use zimsim::record::Recording;
use zimsim::report;
use zimsim::scenario::Plan;
use zimsim::timeline;

/// The form and the place of what is printed.
#[derive(Args)]
pub struct Output {
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to this file instead of printing
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A timeline to read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
    /// A page to look at: one file that needs nothing else
    Html,
    /// A sequence diagram for a pull request
    Mermaid,
}

impl Output {
    /// What can hold only one run, if this form can't hold more: a page, a diagram.
    pub fn holds_one(&self) -> Option<&'static str> {
        match self.format {
            Format::Html => Some("a page"),
            Format::Mermaid => Some("a diagram"),
            Format::Text | Format::Ndjson => None,
        }
    }

    /// Whether it is written to a file when all is done.
    pub fn goes_to_file(&self) -> bool {
        self.output.is_some()
    }

    /// One run in this form.
    pub fn written(
        &self,
        source: &str,
        plan: &Plan,
        recording: &Recording,
        report: &Report,
        trace: bool,
    ) -> String {
        let run = |source| report::Run { plan, recording, report, source, up: None };
        match self.format {
            Format::Text => timeline::text(plan, recording, report, trace),
            Format::Ndjson => timeline::json(plan, recording, report, trace),
            Format::Html => report::page(&run(Some(source))),
            Format::Mermaid => report::mermaid(&run(None)),
        }
    }

    /// Prints one of several runs.
    pub fn print(&self, place: usize, text: &str) -> io::Result<()> {
        if self.format == Format::Text {
            let gap = if place > 0 { "\n" } else { "" };
            print(&format!("{gap}{text}"))?;
        } else {
            print_plain(text)?;
        }
        Ok(())
    }

    /// Writes the runs to the file that was asked for, if any was.
    pub fn write(&self, texts: &[String]) -> Result<(), String> {
        let between = if self.format == Format::Text { "\n" } else { "" };
        match &self.output {
            Some(path) => write_file(path, &texts.join(between)),
            None => Ok(()),
        }
    }
}

/// Writes a file whole, or says what is in the way.
pub fn write_file(path: &Path, text: &str) -> Result<(), String> {
    let written = fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("can't write {}: {error}", path.display()))
}
