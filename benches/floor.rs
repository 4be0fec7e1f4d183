//! A whole day of two clients that do nothing but stay connected, against the same day of
//! bare TCP: how much the hosts, the WebSocket, the JSON and the cores cost.
//!
//! `cargo bench --bench floor` prints the ratio of the two, measured side by side.

mod bare;
mod side;

use side::{Side, measure, times_real};
use std::hint::black_box;
use zimsim::engine::{self, Engine};
use zimsim::scenario;

const ROUNDS: usize = 15;

const DAY: &str = r#"
title   = "24 h of two clients, a heartbeat every 10 s"
until   = "24h"
params  = { heartbeat.period = "10s" }
clients = { alice = {}, bob = {} }
steps = [
  { at = "0s", client = "alice", call = "login" },
  { at = "0s", client = "bob",   call = "login" },
]
"#;

fn main() {
    let plan = scenario::load("day.toml", DAY.as_bytes(), &[])
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let ms = plan.span().ms();
    let heard = bare::run(2, ms);
    assert!(heard + 4 > 2 * ms / 10_000, "the bare loop beats as often as zimsim: {heard}");
    let mut floor = || {
        black_box(bare::run(2, ms));
    };
    let mut whole = || drop(black_box(engine::run(&plan, Engine::Event, false)));
    let sides = [Side { runs: 3, run: &mut floor }, Side { runs: 3, run: &mut whole }];
    let [(floor, _), (whole, ratio)] = measure(ROUNDS, sides);
    println!("{} simulated, 2 clients, medians of {ROUNDS} rounds side by side", plan.span());
    println!("bare TCP    {floor:>10.1?}  {:>10.0} times real time", times_real(ms, floor));
    println!("zimsim      {whole:>10.1?}  {:>10.0} times real time", times_real(ms, whole));
    println!("zimsim / bare TCP = {ratio:.2}");
}
