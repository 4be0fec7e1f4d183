//! `zimsim params`

use super::WRONG_INPUT;
use super::print::print;
use clap::Args;
use std::io;
use zimsim::param::{Params, Row};
use zimsim::scenario::nearest;
use zimsim::timeline;

/// Print every parameter: default, whether it is documented or chosen, and its source
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim params                all of them
  zimsim params heartbeat      those with this word in name, text or source
  zimsim params chosen room    those that zimsim had to choose, about rooms
  zimsim run lift.toml         a file sets them: params = { room.heartbeat_timeout = \"60s\" }")]
pub struct Options {
    /// Words that a parameter must all have: in its name, its text, its mark or its source
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let words: Vec<_> = self.words.iter().map(|word| word.to_lowercase()).collect();
        let fits = |row: &&Row| {
            let text = format!("{} {} {} {}", row.name, row.mark.name(), row.text, row.source);
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let rows: Vec<_> = Params::TABLE.iter().filter(fits).collect();
        if !rows.is_empty() {
            return print(&timeline::params_table(&rows));
        }
        let words = self.words.join(" ");
        let names = Params::TABLE.iter().map(|row| row.name);
        let hint = match nearest(&words, names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`zimsim params` prints them all".to_owned(),
        };
        complain!("zimsim: no parameter has `{words}` in it; {hint}");
        Ok(WRONG_INPUT)
    }
}
