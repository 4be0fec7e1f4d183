//! How much faster the event engine is than turmoil, on the same plan, side by side.
//!
//! `cargo bench` prints the ratio of the medians. It judges nothing: no figure of time ever
//! fails a test here.

use std::time::{Duration, Instant};
use zimsim::engine::{self, Engine};
use zimsim::scenario::{self, Plan};

const ROUNDS: usize = 5;

/// Two clients in a room for ten minutes, with one outage in the middle.
const QUIET: &str = r#"
title   = "ten minutes of two clients in a room"
until   = "10m"
clients = { alice = {}, bob = {} }
steps = [
  { at = "0s", client = "alice", call = "login" },
  { at = "0s", client = "bob",   call = "login" },
  { at = "2s", client = "alice", call = "enterRoom", room = "r1" },
  { at = "2s", client = "bob",   call = "enterRoom", room = "r1" },
  { at = "4m", cut = "alice", for = "40s" },
]
"#;

fn main() {
    let plan = scenario::load("bench.toml", QUIET.as_bytes(), &[])
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let simulated = plan.span();
    let mut event = Vec::new();
    let mut turmoil = Vec::new();
    for _ in 0..ROUNDS {
        event.push(time(&plan, Engine::Event, 200));
        turmoil.push(time(&plan, Engine::Turmoil, 1));
    }
    let (event, turmoil) = (median(event), median(turmoil));
    let times_real = |took: Duration| simulated.ms() as f64 / 1000.0 / took.as_secs_f64();
    println!("{simulated} simulated, medians of {ROUNDS} rounds side by side");
    println!("event    {event:>12.1?}  {:>10.0} times real time", times_real(event));
    println!("turmoil  {turmoil:>12.1?}  {:>10.0} times real time", times_real(turmoil));
    println!("turmoil / event = {:.0}", turmoil.as_secs_f64() / event.as_secs_f64());
}

/// The mean time of one run.
fn time(plan: &Plan, engine: Engine, runs: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..runs {
        std::hint::black_box(engine::run(plan, engine, false));
    }
    start.elapsed() / runs
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
