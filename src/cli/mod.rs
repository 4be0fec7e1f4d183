//! The commands, one a file. Each is a few calls of the library and a way to print.
//!
//! # To add a command
//! 1. `src/cli/NAME.rs` with `pub struct Options` (`#[derive(Args)]`; its `///` text is the
//!    help, `after_help` holds examples) and `pub fn run(&self) -> io::Result<u8>`, which
//!    gives the exit code. Reading scenario files is in [`files`], printing in [`print`],
//!    long work in [`progress`].
//! 2. Here: a `mod`, a variant of [`Command`], a line in [`Command::run`].
//! 3. A line in README, "Commands", and a test in `tests/cli.rs`.

mod boundary;
mod check;
mod completions;
mod contract;
mod diff;
mod explain;
mod explore;
mod files;
mod list;
mod merge;
mod new;
mod output;
mod params;
mod pcap;
mod plot;
mod print;
mod profiles;
mod progress;
mod run;
mod schema;
mod shown;
mod shrink;
mod side;
mod site;
mod sweep;
mod what;

use clap::{Parser, Subcommand};
use std::io::{self, ErrorKind};
use std::process::ExitCode;

/// Everything held.
const HELD: u8 = 0;
/// Something failed.
const FAILED: u8 = 1;
/// Wrong input or usage.
const WRONG_INPUT: u8 = 2;
/// A bug of zimsim's own.
pub const BUG: u8 = 3;
/// Stopped by Ctrl-C, as shells report it.
const STOPPED: u8 = 130;

/// Runs an instant-messaging SDK and its server in a simulated network, from scenario
/// files, and checks what the app is told against the documented tables.
///
/// Exit code: 0 all held, 1 something failed, 2 wrong input or usage, 3 a bug of zimsim,
/// 130 stopped by Ctrl-C.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Begin here:
  zimsim new lift                       write lift.toml, commented, ready to run
  zimsim run lift.toml                  run it and read its timeline
  zimsim check scenarios/               run all scenarios, print only what fails
  zimsim explain 4.T2.timeout           what a word of timelines and files means
  zimsim help run                       all about one command, with examples"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Options),
    Check(check::Options),
    Explore(explore::Options),
    Merge(merge::Options),
    List(list::Options),
    Params(params::Options),
    Profiles(profiles::Options),
    Contract(contract::Options),
    Diff(diff::Options),
    Sweep(sweep::Options),
    Boundary(boundary::Options),
    Shrink(shrink::Options),
    Report(site::Options),
    New(new::Options),
    Schema(schema::Options),
    Explain(explain::Options),
    Completions(completions::Options),
}

impl Command {
    fn run(&self) -> io::Result<u8> {
        match self {
            Command::Run(options) => options.run(),
            Command::Check(options) => options.run(),
            Command::Explore(options) => options.run(),
            Command::Merge(options) => options.run(),
            Command::List(options) => options.run(),
            Command::Params(options) => options.run(),
            Command::Profiles(options) => options.run(),
            Command::Contract(options) => options.run(),
            Command::Diff(options) => options.run(),
            Command::Sweep(options) => options.run(),
            Command::Boundary(options) => options.run(),
            Command::Shrink(options) => options.run(),
            Command::Report(options) => options.run(),
            Command::New(options) => options.run(),
            Command::Schema(options) => options.run(),
            Command::Explain(options) => options.run(),
            Command::Completions(options) => options.run(),
        }
    }
}

/// Runs the command; the result is the process's exit code.
pub fn run(arguments: &Arguments) -> ExitCode {
    match arguments.command.run() {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(HELD),
        Err(error) => {
            complain!("zimsim: {error}");
            ExitCode::from(WRONG_INPUT)
        }
    }
}
