//! `zimsim schema`

use super::print::print_plain;
use clap::Args;
use std::io;
use zimsim::contract::ROWS;
use zimsim::scenario;

/// Print the JSON Schema of scenario files, for editors
///
/// An editor that knows TOML schemas (Tombi; Even Better TOML) then completes keys, shows on
/// hover what each is for, and marks mistakes as they are typed. A file names its schema in
/// its first line: `#:schema ./scenario.schema.json`; `zimsim new` does so.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim schema > scenario.schema.json
  tombi lint lift.toml          (pip install tombi)")]
pub struct Options {}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        print_plain(&text())
    }
}

/// The schema with the rows of the contract.
pub fn text() -> String {
    let rows: Vec<_> = ROWS.iter().map(|row| (row.id, row.demand)).collect();
    scenario::schema(&rows)
}
