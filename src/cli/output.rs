//! Where a run goes and in which form.

use super::{What, expand, load_all, pcap, print, print_plain};
use clap::{Args, ValueEnum};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zimsim::contract::{self, Report};
use zimsim::engine;
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

/// Runs every file and writes it down.
pub fn run_files(
    what: &What,
    trace: bool,
    out: &Output,
    capture: &pcap::Options,
) -> io::Result<u8> {
    let Some(plans) = load_all(&what.files, what.seed)? else { return Ok(super::WRONG_INPUT) };
    let Ok(capture) = capture.check(&plans) else { return Ok(super::WRONG_INPUT) };
    let alone = match out.format {
        Format::Html => Some("a page"),
        Format::Mermaid => Some("a diagram"),
        Format::Text | Format::Ndjson => None,
    };
    if let (Some(form), true) = (alone, plans.len() > 1) {
        eprintln!(
            "zimsim: {form} holds one run; name one scenario, or: zimsim report FILE… -o site"
        );
        return Ok(super::WRONG_INPUT);
    }
    let mut code = super::HELD;
    let mut texts = Vec::new();
    for (place, (path, plan)) in expand(&what.files)?.iter().zip(&plans).enumerate() {
        // Messages are wire events: pages and diagrams show them.
        let traced = trace || alone.is_some();
        let recording = match &capture {
            Some(capture) => capture.run(plan, what.engine.engine(), traced)?,
            None => engine::run(plan, what.engine.engine(), traced),
        };
        let report = contract::check(plan, &recording);
        let text = written(path, plan, &recording, &report, trace, out.format)?;
        if !report.held() {
            code = super::FAILED;
        }
        if out.output.is_some() {
            texts.push(text);
        } else if out.format == Format::Text {
            let gap = if place > 0 { "\n" } else { "" };
            print(&format!("{gap}{text}"))?;
        } else {
            print_plain(&text)?;
        }
    }
    if let Some(path) = &out.output {
        let between = if out.format == Format::Text { "\n" } else { "" };
        if let Err(wrong) = write_file(path, &texts.join(between)) {
            eprintln!("zimsim: {wrong}");
            return Ok(super::WRONG_INPUT);
        }
    }
    Ok(code)
}

fn written(
    path: &Path,
    plan: &Plan,
    recording: &Recording,
    report: &Report,
    trace: bool,
    format: Format,
) -> io::Result<String> {
    Ok(match format {
        Format::Text => timeline::text(plan, recording, report, trace),
        Format::Ndjson => timeline::json(plan, recording, report, trace),
        Format::Html => {
            let source = fs::read_to_string(path)?;
            report::page(&report::Run { plan, recording, report, source: Some(&source), up: None })
        }
        Format::Mermaid => {
            report::mermaid(&report::Run { plan, recording, report, source: None, up: None })
        }
    })
}

/// Writes a file whole, or says what is in the way.
pub fn write_file(path: &Path, text: &str) -> Result<(), String> {
    let written = fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("can't write {}: {error}", path.display()))
}
