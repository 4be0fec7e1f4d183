//! `zimsim sweep`

use super::files;
use super::output::write_file;
use super::print::{print, print_plain};
use super::progress::Progress;
use super::{FAILED, HELD, STOPPED, WRONG_INPUT};
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};
use zimsim::explore::{self, Act, NoSweep, Runner, Swept};
use zimsim::scenario::Document;

/// Place an act before, at and after everything that happens in a run, and tell what comes of it
///
/// Two moments have the same outcome if every app is told the same in the same order, whenever,
/// and the same checks of the contract fail. What the file expects of its own run is not judged.
/// Exit code: 0 no moment makes the contract fail, 1 some does, 2 wrong input, 130 stopped by
/// Ctrl-C, with what was tried by then.
#[derive(Args)]
#[command(after_help = acts(), after_long_help = acts())]
pub struct Options {
    /// A scenario file; - for the standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What is placed, and on whom: `kick@alice`, `cut@alice:20s`, `crash@server`
    #[arg(long, value_name = "ACT@WHO[:LENGTH]")]
    act: String,
    /// Another seed than the file names
    #[arg(long, value_name = "N", value_parser = files::seed())]
    seed: Option<u64>,
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the earliest example of each outcome into this folder, as a scenario file
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
}

/// The acts, as help.
fn acts() -> String {
    let mut text = "Acts:\n".to_owned();
    Act::all().for_each(|(name, about)| text.push_str(&format!("  {name:11} {about}\n")));
    text.push_str(
        "\nExamples:
  zimsim sweep lift.toml --act kick@alice
  zimsim sweep lift.toml --act cut@alice:20s --write found/
  zimsim sweep lift.toml --act crash@server",
    );
    text
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Some(loaded) = files::load_one(&self.file, self.seed)? else { return Ok(WRONG_INPUT) };
        let document = loaded.document(self.seed);
        let name = loaded.path.to_string_lossy();
        // How many moments there are is known only once the base has run.
        let progress = Progress::pace(None);
        let stop = || {
            progress.step();
            progress.stopped()
        };
        let swept = explore::sweep(&name, &document, &self.act, Runner::EVENT, &stop);
        progress.end();
        let swept = match swept {
            Ok(swept) => swept,
            Err(NoSweep::Act(wrong)) => {
                complain!("zimsim: {wrong}");
                return Ok(WRONG_INPUT);
            }
            Err(NoSweep::Document(_)) => unreachable!("it could be read just now"),
        };
        match self.format {
            Format::Text => print(&swept.text())?,
            Format::Ndjson => print_plain(&swept.json())?,
        };
        if let Some(folder) = &self.write
            && let Err(wrong) = write_examples(folder, &swept)
        {
            complain!("zimsim: {wrong}");
            return Ok(WRONG_INPUT);
        }
        Ok(match (swept.tried < swept.moments, swept.failing()) {
            (true, _) => STOPPED,
            (false, 1..) => FAILED,
            (false, 0) => HELD,
        })
    }
}

/// `lift-kick-alice-1.toml`, and so on.
fn write_examples(folder: &Path, swept: &Swept) -> Result<(), String> {
    let made = std::fs::create_dir_all(folder);
    made.map_err(|error| format!("can't make {}: {error}", folder.display()))?;
    let act: String =
        swept.act.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    for (place, found) in swept.outcomes.iter().enumerate() {
        let number = place + 1;
        let mut example: Document = found.example.clone();
        let title = example.root.text("title").unwrap_or_default().to_owned();
        example.root.set("title", format!("{title}; {} at {}", swept.act, found.at));
        let path = folder.join(format!("{}-{act}-{number}.toml", swept.name));
        write_file(&path, &example.to_string())?;
    }
    Ok(())
}
