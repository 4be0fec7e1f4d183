//! The command line: reads files, runs them, prints what came of it, picks the exit code.

mod cli;
mod logs;

use clap::Parser;
use mimalloc::MiMalloc;
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
            eprintln!("zimsim: this is a bug of zimsim's own, not of your scenario; please report");
            eprintln!("the lines above together with the scenario file");
            ExitCode::from(cli::BUG)
        }
    }
}
