//! Builds plans in code: one scenario as a base, and many plans from it, each with another
//! seed and another parameter. What a file can't say in one go.
//!
//! `cargo run --example change_a_plan`

use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::param::{Row, Setting};
use zimsim::rng::Seed;
use zimsim::scenario::{self, Plan};

const BASE: &str = r#"
title   = "alice loses the network for a minute, in a room"
until   = "4m"
clients = { alice = {} }
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "2s",  client = "alice", call = "enterRoom", room = "r1" },
  { at = "12s", cut = "alice", for = "60s", name = "tunnel" },
]
"#;

fn main() {
    let base = scenario::load("tunnel.toml", BASE.as_bytes(), &contract::ids())
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let timeout = Row::find("room.heartbeat_timeout").expect("a parameter of the table");
    for seconds in [30, 60, 90, 120] {
        let mut restored = 0;
        for seed in 1..=20 {
            let mut plan = Plan { seed: Seed(seed), ..base.clone() };
            timeout
                .set(&mut plan.params, &Setting::Text(format!("{seconds}s")))
                .unwrap_or_else(|wrong| panic!("{wrong}"));
            let recording = engine::run(&plan, Engine::Event, false);
            let report = contract::check(&plan, &recording);
            assert!(report.held(), "seed {seed}: {:?}", report.failures);
            restored += usize::from(report.findings.iter().any(|f| f.row == "4.T2.restored"));
        }
        println!("room.heartbeat_timeout {seconds:3}s: restored in {restored} of 20 runs");
    }
}
