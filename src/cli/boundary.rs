//! `zimsim boundary`

use super::files;
use super::print::{print, print_plain};
use super::progress::Progress;
use super::{FAILED, HELD, STOPPED, WRONG_INPUT};
use clap::{Args, ValueEnum};
use std::io;
use std::path::PathBuf;
use zimsim::explore::{self, Asked, NoBoundary, Runner};

/// Vary one value of a scenario and find each value at which the outcome changes
///
/// Tries a grid of values and one drawn between any two that agree, then bisects wherever two
/// neighbours differ. The outcome is what the apps are told, in which order, whenever, and which
/// checks of the contract fail; what the file expects is not judged. Exit code: 0 the contract
/// is kept at every value, 1 it is not, 2 wrong input, 130 stopped by Ctrl-C, with what was
/// found by then.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim boundary lift.toml --vary 'steps[2].for' --from 1s --to 120s
  zimsim boundary lift.toml --vary steps.tunnel.for --from 1s --to 120s --step 500ms
  zimsim boundary lift.toml --vary params.room.heartbeat_timeout --from 30s --to 2m
  zimsim boundary lift.toml --vary network.latency --from 1ms --to 3s --to-within 10ms
  zimsim boundary lift.toml --vary clients.alice.token_life --from 30s --to 2m")]
pub struct Options {
    /// A scenario file; - for the standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What is varied: a key, by its row's place, from 0, or name: `steps[2].for`,
    /// `steps.tunnel.for`, `params.NAME`, `clients.alice.token_life`, `network.latency`
    #[arg(long, value_name = "PATH")]
    vary: String,
    /// The first value: a duration, a share, a rate, a size or a whole number
    #[arg(long, value_name = "VALUE")]
    from: String,
    /// The last value
    #[arg(long, value_name = "VALUE")]
    to: String,
    /// The grid's step; about a sixtieth of all if not given
    #[arg(long, value_name = "VALUE")]
    step: Option<String>,
    /// How near each change is found; 1ms, 1B, 1, 0.01% or 1kbit/s if not given
    #[arg(long, value_name = "VALUE")]
    to_within: Option<String>,
    /// Another seed than the file names
    #[arg(long, value_name = "N", value_parser = files::seed())]
    seed: Option<u64>,
    /// The form
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Some(loaded) = files::load_one(&self.file, self.seed)? else { return Ok(WRONG_INPUT) };
        let document = loaded.document(self.seed);
        let name = loaded.path.to_string_lossy();
        let asked = Asked {
            vary: &self.vary,
            from: &self.from,
            to: &self.to,
            step: self.step.as_deref(),
            within: self.to_within.as_deref(),
        };
        // How often it has to be halved is known only at the end.
        let progress = Progress::pace(None);
        let stop = || {
            progress.step();
            progress.stopped()
        };
        let bounds = explore::boundary(&name, &document, &asked, Runner::EVENT, &stop);
        progress.end();
        let bounds = match bounds {
            Ok(bounds) => bounds,
            Err(NoBoundary::Asked(wrong)) => {
                complain!("zimsim: {wrong}");
                return Ok(WRONG_INPUT);
            }
            Err(NoBoundary::Document(mistakes)) => {
                complain!("zimsim: with {} = {}:", self.vary, self.from);
                complain!("{}", mistakes.render(false));
                return Ok(WRONG_INPUT);
            }
        };
        match self.format {
            Format::Text => print(&bounds.text())?,
            Format::Ndjson => print_plain(&bounds.json())?,
        };
        Ok(match (bounds.stopped, bounds.fails()) {
            (true, _) => STOPPED,
            (false, true) => FAILED,
            (false, false) => HELD,
        })
    }
}
