//! How much faster the event engine is than turmoil, on the same plan, side by side.
//!
//! `cargo bench` prints the ratio of the medians. It judges nothing: no figure of time ever
//! fails a test here.

mod side;

use side::{Side, measure, times_real};
use std::hint::black_box;
use zimsim::engine::{self, Engine};
use zimsim::scenario;

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
    let ms = plan.span().ms();
    let mut event = || drop(black_box(engine::run(&plan, Engine::Event, false)));
    let mut turmoil = || drop(black_box(engine::run(&plan, Engine::Turmoil, false)));
    let sides = [Side { runs: 200, run: &mut event }, Side { runs: 1, run: &mut turmoil }];
    let [(event, _), (turmoil, ratio)] = measure(ROUNDS, sides);
    println!("{} simulated, medians of {ROUNDS} rounds side by side", plan.span());
    println!("event    {event:>12.1?}  {:>10.0} times real time", times_real(ms, event));
    println!("turmoil  {turmoil:>12.1?}  {:>10.0} times real time", times_real(ms, turmoil));
    println!("turmoil / event = {ratio:.0}");
}
