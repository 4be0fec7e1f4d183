//! Runs a scenario file and prints its timeline: what `zimsim run` does, in a few lines.
//!
//! `cargo run --example run_a_scenario -- scenarios/1-reconnect.toml`

use std::process::ExitCode;
use zimsim::engine::{self, Engine};
use zimsim::{contract, scenario, timeline};

fn main() -> ExitCode {
    let path = std::env::args().nth(1).unwrap_or("scenarios/1-reconnect.toml".to_owned());
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("can't read {path}: {error}");
            return ExitCode::from(2);
        }
    };
    let plan = match scenario::load(&path, &bytes, &contract::ids()) {
        Ok(plan) => plan,
        Err(mistakes) => {
            eprint!("{}", mistakes.render(false));
            return ExitCode::from(2);
        }
    };
    let recording = engine::run(&plan, Engine::Event, false);
    let report = contract::check(&plan, &recording);
    print!("{}", timeline::text(&plan, &recording, &report, false));
    ExitCode::from(u8::from(!report.held()))
}
