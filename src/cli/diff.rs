//! `zimsim diff`

use super::output::write_file;
use super::print::print_plain;
use super::{FAILED, HELD, WRONG_INPUT, side};
use clap::{Args, ValueEnum};
use std::io;
use std::path::PathBuf;
use zimsim::report;
use zimsim::timeline::{self, Difference};

/// Compare two runs, or a run and a snapshot: where they part, and what differs after it
///
/// Each side is a scenario file, with `@seed=N` or `@engine=turmoil` behind it where wanted,
/// or a snapshot (`.snap`). Exit code: 0 the same, 1 they differ, 2 wrong input.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim diff lift.toml lift.toml@seed=7
  zimsim diff snapshots/1-reconnect.snap scenarios/1-reconnect.toml
  zimsim diff old.toml new.toml --format html -o diff.html")]
pub struct Options {
    /// One side: `lift.toml`, `lift.toml@seed=7`, `lift.toml@engine=turmoil`, `lift.snap`
    a: String,
    /// The other
    b: String,
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to this file instead of printing
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// A page: both timelines drawn, and side by side
    Html,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Options { a, b, format, output } = self;
        let (Some(first), Some(second)) = (side::text(a), side::text(b)) else {
            return Ok(WRONG_INPUT);
        };
        let side = |label, text| timeline::Side { label, text };
        let (first, second) = (side(a, &first), side(b, &second));
        let compared = match format {
            Format::Text => timeline::compare(first, second).map(|c| (c.difference, c.text)),
            Format::Html => {
                let compared = report::diff(&format!("{a} and {b}"), first, second);
                compared.map(|compared| (compared.difference, compared.page))
            }
        };
        let written = compared.and_then(|(difference, text)| match output {
            Some(path) => write_file(path, &text).map(|()| (difference, None)),
            None => Ok((difference, Some(text))),
        });
        match written {
            Ok((difference, text)) => {
                text.map_or(Ok(HELD), |text| print_plain(&text))?;
                Ok(if difference == Difference::None { HELD } else { FAILED })
            }
            Err(wrong) => {
                complain!("zimsim: {wrong}");
                Ok(WRONG_INPUT)
            }
        }
    }
}
