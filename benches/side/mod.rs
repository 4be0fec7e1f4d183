//! Things measured side by side: in turn, round by round, so that whatever slows the machine
//! down slows all of them, and the ratio stays what it is.

use mimalloc::MiMalloc;
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static HEAP: MiMalloc = MiMalloc;

/// One thing to measure: how often a round runs it, and what it does.
pub struct Side<'a> {
    pub runs: u32,
    pub run: &'a mut dyn FnMut(),
}

/// The median time of one run of each side, and the median of the rounds' ratios of each to
/// the first. Everything runs once before it is measured.
pub fn measure<const N: usize>(rounds: usize, mut sides: [Side<'_>; N]) -> [(Duration, f64); N] {
    for side in &mut sides {
        (side.run)();
    }
    let mut times = vec![Vec::new(); N];
    let mut ratios = vec![Vec::new(); N];
    for _ in 0..rounds {
        let took: Vec<_> = sides.iter_mut().map(time).collect();
        for (place, own) in took.iter().enumerate() {
            times[place].push(*own);
            ratios[place].push(own.as_secs_f64() / took[0].as_secs_f64());
        }
    }
    std::array::from_fn(|place| (median(&mut times[place]), median(&mut ratios[place])))
}

fn time(side: &mut Side<'_>) -> Duration {
    let start = Instant::now();
    for _ in 0..side.runs {
        (side.run)();
    }
    start.elapsed() / side.runs
}

fn median<T: Copy + PartialOrd>(values: &mut [T]) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("times are numbers"));
    values[values.len() / 2]
}

/// How many simulated seconds pass in a real one.
pub fn times_real(simulated_ms: u64, took: Duration) -> f64 {
    simulated_ms as f64 / 1000.0 / took.as_secs_f64()
}
