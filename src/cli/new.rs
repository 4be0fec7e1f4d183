//! `zimsim new`

use super::files::shell_word;
use super::print::print;
use super::{WRONG_INPUT, schema};
use clap::Args;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use zimsim::scenario::{self, SCHEMA_FILE};

/// Write a commented scenario to begin with
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim new lift                  writes lift.toml
  zimsim new scenarios/life-lift   a new scenario is a new test")]
pub struct Options {
    /// Its name; NAME.toml is written
    name: String,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let name = &self.name;
        let stem = name.strip_suffix(".toml").unwrap_or(name);
        let path = PathBuf::from(format!("{stem}.toml"));
        let title = path.file_stem().unwrap_or_default().to_string_lossy();
        if title.is_empty() || title.starts_with(['.', '-']) {
            complain!("zimsim: `{name}` is no name for a scenario; as in: zimsim new lift");
            return Ok(WRONG_INPUT);
        }
        let created = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = match created {
            Ok(file) => file,
            Err(error) => {
                complain!("zimsim: can't write {}: {error}", path.display());
                return Ok(WRONG_INPUT);
            }
        };
        file.write_all(scenario::starter(&title).as_bytes())?;
        let word = shell_word(&path);
        let mut said = format!("wrote {word}; run it with: zimsim run {word}\n");
        let schema = path.with_file_name(SCHEMA_FILE);
        // One that is there already may be of another version; it is not ours to replace.
        if !schema.exists() {
            fs::write(&schema, schema::text())?;
            said.push_str(&format!("wrote {}, which editors read\n", shell_word(&schema)));
        }
        print(&said)
    }
}
