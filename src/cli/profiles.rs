//! `zimsim profiles`

use super::print::{print, print_plain};
use clap::{Args, ValueEnum};
use std::io;
use zimsim::timeline;

/// Print the ready-made link settings: their numbers, and where each is from
#[derive(Args)]
pub struct Options {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        match self.format {
            Format::Text => print(&timeline::profiles_table()),
            Format::Ndjson => print_plain(&timeline::profiles_json()),
        }
    }
}
