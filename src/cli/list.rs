//! `zimsim list`

use super::WRONG_INPUT;
use super::files::load_plans;
use super::print::print;
use clap::Args;
use std::io;
use std::path::PathBuf;
use zimsim::timeline::display_width;

/// The folder that is listed where none is named.
const FOLDER: &str = "scenarios";

/// List the scenarios of a folder with their titles
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim list                  all of scenarios/
  zimsim list kicked tablet    those with both words in name or title
  zimsim list mine/ lift       those of another folder")]
pub struct Options {
    /// Folders to list [default: scenarios], and words that name or title must have
    #[arg(value_name = "FOLDER|WORD")]
    arguments: Vec<String>,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let is_folder = |text: &&String| PathBuf::from(text).is_dir();
        let (mut folders, words): (Vec<_>, Vec<_>) = self.arguments.iter().partition(is_folder);
        let usual = FOLDER.to_owned();
        if folders.is_empty() {
            folders.push(&usual);
        }
        let folders: Vec<_> = folders.iter().map(PathBuf::from).collect();
        if !folders[0].is_dir() {
            complain!("zimsim: there is no folder {FOLDER} here; name one: zimsim list FOLDER");
            return Ok(WRONG_INPUT);
        }
        let Some(mut plans) = load_plans(&folders, None)? else { return Ok(WRONG_INPUT) };
        let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
        plans.retain(|plan| {
            let text = format!("{} {}", plan.name, plan.title).to_lowercase();
            words.iter().all(|word| text.contains(word))
        });
        if plans.is_empty() {
            let words = words.join(" and ");
            complain!("zimsim: there is no folder and no scenario called `{words}`");
            return Ok(WRONG_INPUT);
        }
        let width = plans.iter().map(|plan| display_width(&plan.name)).max().unwrap_or(0);
        for plan in &plans {
            let pad = " ".repeat(width - display_width(&plan.name));
            print(&format!("{}{pad}  {}\n", plan.name, plan.title))?;
        }
        let s = if plans.len() == 1 { "" } else { "s" };
        print(&format!("{} scenario{s}\n", plans.len()))
    }
}
