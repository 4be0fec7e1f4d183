//! The command line: reads files, runs them, prints what came of it, picks the exit code.

#![deny(clippy::print_stderr)]

/// Writes a line to stderr.
macro_rules! complain {
    ($($words:tt)*) => { crate::complain(format_args!($($words)*)) };
}

mod cli;
mod logs;

use clap::Parser;
use mimalloc::MiMalloc;
use std::fmt::Arguments;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// A plan that is explored makes thousands of small allocations: they took a sixth of its time.
#[global_allocator]
static HEAP: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    logs::init();
    // The panic hook has printed where; what is left is to say whose fault it is.
    match catch_unwind(AssertUnwindSafe(|| cli::run(&arguments))) {
        Ok(code) => code,
        Err(_) => {
            complain!("zimsim: this is a bug of zimsim's own, not of your scenario; please report");
            complain!("the lines above together with the scenario file");
            ExitCode::from(cli::BUG)
        }
    }
}

/// Unlike `eprintln!`, it does not panic when the reader is gone, as behind `2>&1 | head`: the
/// exit code still says how it went.
fn complain(words: Arguments<'_>) {
    writeln!(std::io::stderr(), "{words}").ok();
}
