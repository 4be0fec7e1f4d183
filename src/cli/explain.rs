//! `zimsim explain`

use super::files::{Loaded, load};
use super::print::print;
use super::progress::Progress;
use super::{HELD, STOPPED, WRONG_INPUT};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};
use zimsim::contract::{self, Report};
use zimsim::engine::{self, Engine};
use zimsim::explain::{self, Seen, Topic};
use zimsim::record::Recording;

/// The scenarios that are searched where no folder is named.
const FOLDER: &str = "scenarios";

/// A scenario of so many clients is not run for a word's sake.
const HUGE: usize = 1000;

/// So many scenarios are named; of more, how many.
const NAMED: usize = 12;

/// Say what a word means, where it is documented, and which scenarios show it
///
/// A word is a row of the contract, an error code, a state or a pair of state and event, a
/// parameter, an invariant, a call, a callback, a key or word of scenario files, or a term of
/// timelines and reports. Without a word: a list of all.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim explain                       all that can be explained
  zimsim explain 4.T2.timeout          a row of the documented tables
  zimsim explain 6000121               an error code
  zimsim explain 3/3                   a pair, also room 0/9 or DISCONNECTED/KICKED_OUT
  zimsim explain heartbeat.patience    a parameter; heartbeat: all that begin so
  zimsim explain cut                   a key of a scenario file
  zimsim explain 1.gave-up --in mine/  search other scenarios than those of scenarios/")]
pub struct Options {
    /// The word, or several that belong together
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Scenario files to search for what shows it; a folder stands for all .toml files in it
    /// [default: scenarios, where there is such a folder]
    #[arg(long = "in", value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        if self.words.is_empty() {
            return print(&explain::index());
        }
        let word = self.words.join(" ");
        let topics = explain::lookup(&word);
        if topics.is_empty() {
            let likely: Vec<_> = explain::likely(&word).iter().map(|w| format!("`{w}`")).collect();
            let hint = match likely.is_empty() {
                true => "`zimsim explain` lists what can be explained".to_owned(),
                false => format!("did you mean {}?", likely.join(" or ")),
            };
            complain!("zimsim: nothing here is called `{word}`; {hint}");
            return Ok(WRONG_INPUT);
        }
        let files = match (self.files.is_empty(), Path::new(FOLDER).is_dir()) {
            (false, _) => self.files.clone(),
            (true, true) => vec![PathBuf::from(FOLDER)],
            (true, false) => Vec::new(),
        };
        let wanted = topics.iter().any(Topic::can_be_shown) && !files.is_empty();
        let loaded = if wanted { load(&files, None)? } else { Some(Vec::new()) };
        let Some(mut loaded) = loaded else { return Ok(WRONG_INPUT) };
        let all = loaded.len();
        if topics.iter().any(Topic::needs_runs) {
            loaded.retain(|one| one.plan.clients.len() < HUGE);
        }
        let left_out = all - loaded.len();
        let Some(shown) = search(&topics, &loaded) else { return Ok(STOPPED) };
        for (place, (topic, names)) in topics.iter().zip(&shown).enumerate() {
            let gap = if place > 0 { "\n" } else { "" };
            let shows = match topic.can_be_shown() && !loaded.is_empty() {
                true => scenarios(topic, names, (loaded.len(), left_out), &files),
                false => String::new(),
            };
            print(&format!("{gap}{}{shows}", topic.text()))?;
        }
        Ok(HELD)
    }
}

/// The names of the scenarios that show each topic; `None` if stopped before the end.
fn search(topics: &[Topic], loaded: &[Loaded]) -> Option<Vec<Vec<String>>> {
    let needs_runs = topics.iter().any(Topic::needs_runs);
    let progress = Progress::begin(if needs_runs { loaded.len() as u64 } else { 0 });
    let mut shown = vec![Vec::new(); topics.len()];
    for one in loaded {
        if progress.stopped() {
            progress.give_up("");
            return None;
        }
        let run: Option<(Recording, Report)> = needs_runs.then(|| {
            let recording = engine::run(&one.plan, Engine::Event, false);
            let report = contract::check(&one.plan, &recording);
            (recording, report)
        });
        let run = run.as_ref().map(|(recording, report)| (recording, report));
        let seen = Seen { source: &one.source, plan: &one.plan, run };
        for (topic, names) in topics.iter().zip(&mut shown) {
            if topic.shown_by(seen) {
                names.push(one.plan.name.clone());
            }
        }
        progress.step();
    }
    progress.end();
    Some(shown)
}

/// `searched`: in how many, and how many were too large.
fn scenarios(
    topic: &Topic,
    names: &[String],
    searched: (usize, usize),
    files: &[PathBuf],
) -> String {
    let (all, left_out) = searched;
    let beside = match left_out {
        0 => String::new(),
        _ => format!(" (those of {HUGE} clients or more left out)"),
    };
    let how = if topic.needs_runs() { "by running" } else { "by reading" };
    let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    let mut text = format!(
        "  shown by {} of {all} in {}, found {how} them{beside}\n",
        names.len(),
        files.join(", ")
    );
    for name in names.iter().take(NAMED) {
        text.push_str(&format!("    {name}\n"));
    }
    if names.len() > NAMED {
        text.push_str(&format!("    and {} more\n", names.len() - NAMED));
    }
    text
}
