//! Thousands of clients for five minutes, the server down for ten seconds in between: how
//! long it takes, how much memory each client needs, and how both compare with bare TCP when
//! there are ten times as many.
//!
//! `cargo bench --bench crowd` prints what the whole stack's time grows by from 1,000 clients
//! to 10,000, divided by what bare TCP's grows by in the same rounds.

mod bare;
mod side;

use side::{Side, measure, times_real};
use std::fs;
use std::hint::black_box;
use zimsim::engine::{self, Engine};
use zimsim::scenario::{self, Plan};

const ROUNDS: usize = 5;
const FEW: usize = 1_000;
const MANY: usize = 10_000;

fn main() {
    let (few, many) = (plan(FEW), plan(MANY));
    let ms = many.span().ms();
    let before = peak_kib();
    run(&many);
    let after = peak_kib();
    let sides = [
        Side { runs: 5, run: &mut || bare(FEW, ms) },
        Side { runs: 1, run: &mut || bare(MANY, ms) },
        Side { runs: 5, run: &mut || run(&few) },
        Side { runs: 1, run: &mut || run(&many) },
    ];
    let [(bare_few, _), (bare_many, bare_growth), (whole_few, few_ratio), (whole_many, all)] =
        measure(ROUNDS, sides);
    let growth = all / few_ratio;
    println!("{} simulated, medians of {ROUNDS} rounds side by side", many.span());
    println!("bare TCP    {FEW:>6} clients  {bare_few:>10.1?}");
    println!("bare TCP    {MANY:>6} clients  {bare_many:>10.1?}  {bare_growth:.1} times as long");
    println!("zimsim      {FEW:>6} clients  {whole_few:>10.1?}");
    println!("zimsim      {MANY:>6} clients  {whole_many:>10.1?}  {growth:.1} times as long");
    println!("zimsim, {MANY} clients: {:.0} times real time", times_real(ms, whole_many));
    println!("zimsim's growth / bare TCP's = {:.2}", growth / bare_growth);
    match before.zip(after) {
        Some((before, after)) => {
            let each = (after - before) / u64::try_from(MANY).expect("a small number");
            println!("memory: {each} KiB a client at the peak");
        }
        None => println!("memory: not known on this system"),
    }
}

fn plan(size: usize) -> Plan {
    let rooms = size.div_ceil(50);
    let text = format!(
        r#"
title   = "a server restarts under a crowd"
until   = "5m"
params  = {{ heartbeat.period = "10s", tcp.buffer = 4096, room.max_per_app = {rooms} }}
clients = {{ crowd = {{ size = {size}, login = "0s..30s", rooms_of = 50 }} }}
steps   = [ {{ at = "2m", crash = "server", state = "kept", for = "10s" }} ]
"#
    );
    scenario::load("crowd.toml", text.as_bytes(), &[])
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)))
}

fn run(plan: &Plan) {
    black_box(engine::run(plan, Engine::Event, false));
}

fn bare(clients: usize, ms: u64) {
    black_box(bare::run(clients, ms));
}

/// The most memory that this process has held so far, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
