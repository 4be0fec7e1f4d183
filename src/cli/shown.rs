//! How `explore` and `merge` show what was found: for people or for programs, and as files.

use super::files::shell_word;
use super::output::write_file;
use super::print::{print, print_plain};
use super::{FAILED, HELD, WRONG_INPUT};
use clap::{Args, ValueEnum};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zimsim::explore::{self, Finding, Summary};

/// Where a result goes.
#[derive(Args)]
pub struct Shown {
    /// The form of what is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the result to this file too, for `zimsim merge`: one line of JSON
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the scenario file of each finding to this folder; it is made if need be
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A report to read
    Text,
    /// For programs: one line of JSON (`ndjson` is understood too)
    #[value(alias = "ndjson")]
    Json,
}

impl Shown {
    /// Tells of places that can't take a result, as far as that is known before there is one.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub fn check_places(&self) -> Result<(), String> {
        if let Some(path) = &self.output {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
                let (path, parent) = (path.display(), parent.display());
                return Err(format!("can't write {path}: there is no folder {parent}"));
            }
        }
        match &self.out {
            Some(folder) if folder.exists() && !folder.is_dir() => {
                Err(format!("can't make {}: there is a file of that name", folder.display()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Writes and prints a result; the exit code. `base` is the file that was varied.
    ///
    /// # Errors
    /// When stdout can't be written.
    pub fn show(&self, outcome: &Summary, base: Option<&Path>) -> io::Result<u8> {
        let written = self.write(outcome);
        match self.format {
            Format::Json => print_plain(&outcome.line())?,
            Format::Text => {
                let replay = |finding: &Finding| replay(outcome, finding, base);
                let place = |finding: &Finding| {
                    let out = self.out.as_ref()?;
                    Some(shell_word(&out.join(file_name(outcome, finding))))
                };
                print(&explore::text(outcome, &replay, &place))?
            }
        };
        // Told last: what hours may have found is shown all the same.
        if let Err(wrong) = written {
            complain!("zimsim: {wrong}");
            return Ok(WRONG_INPUT);
        }
        Ok(if outcome.failed == 0 { HELD } else { FAILED })
    }

    fn write(&self, outcome: &Summary) -> Result<(), String> {
        if let Some(path) = &self.output {
            write_file(path, &outcome.line())?;
        }
        if let Some(folder) = self.out.as_ref().filter(|_| !outcome.failures.is_empty()) {
            let made = fs::create_dir_all(folder);
            made.map_err(|error| format!("can't make {}: {error}", folder.display()))?;
            for finding in &outcome.failures {
                write_file(&folder.join(file_name(outcome, finding)), &finding.file)?;
            }
        }
        Ok(())
    }
}

/// `found-4-T2-gone-1-207.toml`: check, seed and plan.
fn file_name(outcome: &Summary, finding: &Finding) -> String {
    let check = finding.check.replace('.', "-");
    format!("found-{check}-{}-{}.toml", outcome.seed, finding.first)
}

/// What draws and runs a finding's plan again.
fn replay(outcome: &Summary, finding: &Finding, base: Option<&Path>) -> String {
    let from = match (base, &outcome.from) {
        (Some(path), Some(_)) => format!(" --from {}", shell_word(path)),
        (None, Some(origin)) => format!(" --from {}", shell_word(Path::new(&origin.file))),
        (_, None) => String::new(),
    };
    // What a guided plan looks like depends on all before it.
    let (begin, guided) = match outcome.guided {
        true => (outcome.ran.from, " --guided"),
        false => (finding.first, ""),
    };
    let end = finding.first.saturating_add(1);
    format!("zimsim explore --seed {} --seeds {begin}..{end}{guided}{from}", outcome.seed)
}
