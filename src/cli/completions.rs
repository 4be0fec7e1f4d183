//! `zimsim completions`

use super::Arguments;
use super::print::print_plain;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io;

/// Print a script that completes commands and options in a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim completions bash > ~/.local/share/bash-completion/completions/zimsim
  zimsim completions zsh > ~/.zfunc/_zimsim       (with ~/.zfunc in fpath)
  zimsim completions fish > ~/.config/fish/completions/zimsim.fish")]
pub struct Options {
    /// Which shell
    shell: Shell,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let mut script = Vec::new();
        let mut command = Arguments::command();
        clap_complete::generate(self.shell, &mut command, "zimsim", &mut script);
        print_plain(&String::from_utf8_lossy(&script))
    }
}
