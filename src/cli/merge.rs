//! `zimsim merge`

use super::WRONG_INPUT;
use super::shown::Shown;
use clap::Args;
use std::fs;
use std::io;
use std::path::PathBuf;
use zimsim::explore::{self, Summary};

/// Put the results of several machines together
///
/// What comes out is what one `zimsim explore` over all the plans gives, to the byte. The order
/// of the files does not matter; what is missing, stands twice or is of another exploration is
/// named, and nothing is written.
#[derive(Args)]
#[command(after_help = "\
Example:
  zimsim explore --runs 100000 --shard 1/2 -o a.ndjson      on one machine
  zimsim explore --runs 100000 --shard 2/2 -o b.ndjson      on another
  zimsim merge a.ndjson b.ndjson -o whole.ndjson")]
pub struct Options {
    /// Files that `zimsim explore -o` wrote, or several of them behind one another
    #[arg(required = true, value_name = "RESULT")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let mut parts = Vec::new();
        let mut wrong = Vec::new();
        for path in &self.files {
            let name = path.display().to_string();
            match read(path) {
                Ok(outcomes) if outcomes.is_empty() => wrong.push(format!("{name} is empty")),
                Ok(outcomes) => parts.extend(outcomes.into_iter().map(|one| (name.clone(), one))),
                Err(why) => wrong.push(why),
            }
        }
        if wrong.is_empty() {
            match explore::merge(parts) {
                Ok(whole) => return self.shown.show(&whole, None),
                Err(apart) => wrong.push(apart.to_string()),
            }
        }
        wrong.iter().for_each(|wrong| complain!("zimsim: {wrong}"));
        Ok(WRONG_INPUT)
    }
}

fn read(path: &PathBuf) -> Result<Vec<Summary>, String> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|error| format!("can't read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is no text"))?;
    Summary::read_all(&text).map_err(|unread| format!("{name}:{unread}"))
}
