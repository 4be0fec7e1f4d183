//! How many drawn plans a second are drawn, run and checked, on one core and on two.
//!
//! `cargo bench --bench explore` prints both, measured side by side, and their ratio.

mod side;

use side::{Side, measure, times_real};
use std::hint::black_box;
use zimsim::explore::{Campaign, Runner, Watcher, Weights, draw, judge};
use zimsim::rng::Seed;

const ROUNDS: usize = 9;
const PLANS: u64 = 2_000;

/// Goes on to the end.
struct Patient;

impl Watcher for Patient {}

fn main() {
    let (mut ms, mut clients) = (0, 0);
    for n in 0..PLANS {
        let drawn = draw(Seed(1), n, &Weights::default());
        let ran = judge("drawn", &drawn, Runner::EVENT).expect("what is drawn is a scenario");
        ms += ran.plan.span().ms();
        clients += ran.plan.clients.len();
    }
    let mut only_draw = || {
        for n in 0..PLANS {
            black_box(draw(Seed(1), n, &Weights::default()).to_string());
        }
    };
    let sides = [
        Side { runs: 1, run: &mut || explore(1) },
        Side { runs: 1, run: &mut || explore(2) },
        Side { runs: 1, run: &mut only_draw },
    ];
    let [(one, _), (two, ratio), (drawing, share)] = measure(ROUNDS, sides);
    let pace = |took: std::time::Duration| PLANS as f64 / took.as_secs_f64();
    println!(
        "{PLANS} drawn plans, {:.0} s and {:.1} clients on average, medians of {ROUNDS} rounds side by side",
        ms as f64 / 1000.0 / PLANS as f64,
        clients as f64 / PLANS as f64,
    );
    let simulated = times_real(ms, one);
    println!(
        "1 core   {:>7.0} plans/s  {simulated:>9.0} times real time, as {:.0} plans/s of 2 min",
        pace(one),
        simulated / 120.0,
    );
    println!("2 cores  {:>7.0} plans/s  {:.2} times one", pace(two), 1.0 / ratio);
    println!(
        "drawing and writing them takes {:.0} us each, {:.0} % of one core's time",
        drawing.as_micros() as f64 / PLANS as f64,
        share * 100.0,
    );
}

fn explore(jobs: usize) {
    let (seed, runner) = (Seed(1), Runner::EVENT);
    let campaign = Campaign { seed, base: None, guided: false, jobs, runner };
    black_box(campaign.explore(0..PLANS, &Patient));
}
