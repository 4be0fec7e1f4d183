//! How long a packet is under way once it has left: latency, and how it scatters.

use super::draws::{Draws, Purpose};
use super::normal;
use crate::net::link::{Distribution, LinkSettings};
use crate::rng::scale;
use crate::time::{Span, Time};

/// What the delay of one direction remembers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delay {
    /// How the packet before scattered.
    previous: Option<u64>,
}

impl Delay {
    /// A packet's delay, in whole milliseconds, at least one.
    pub fn of(&mut self, settings: &LinkSettings, draws: &Draws) -> Span {
        if settings.jitter == Span::ZERO {
            return settings.latency.max(Time::QUANTUM);
        }
        let draw = draws.correlated(
            Purpose::Jitter,
            Purpose::JitterRepeats,
            settings.jitter_correlation,
            &mut self.previous,
        );
        scattered(settings, draw)
    }

    /// The delay of a packet's second copy: a draw of its own, of which nothing follows.
    pub fn of_copy(settings: &LinkSettings, draws: &Draws) -> Span {
        scattered(settings, draws.draw(Purpose::CopyJitter))
    }
}

fn scattered(settings: &LinkSettings, draw: u64) -> Span {
    let (latency, jitter) = (settings.latency.ms(), settings.jitter.ms());
    let late = match settings.jitter_distribution {
        // A draw below twice the jitter is early by what it lacks to the middle.
        Distribution::Uniform => {
            let late = latency + scale(draw, 2 * jitter + 1);
            return Span::from_ms(late.saturating_sub(jitter)).max(Time::QUANTUM);
        }
        Distribution::Normal => normal::quantile(place(draw)),
        Distribution::Pareto => pareto(place(draw)),
    };
    let late = rounded(late * i64::try_from(jitter).expect("under 1000 days"), normal::SCALE);
    let delay = latency.saturating_add_signed(late);
    Span::from_ms(delay).max(Time::QUANTUM)
}

/// One of 4096 equally likely places.
fn place(draw: u64) -> usize {
    usize::try_from(draw >> 52).expect("twelve bits")
}

/// netem's Pareto: shape 3, its mean of 3/2 taken away, stretched by 4/3, cut at four
/// jitters; in the units of [`normal::SCALE`].
fn pareto(place: usize) -> i64 {
    const MOST: i64 = 4 * normal::SCALE - 1;
    const MEAN: i64 = 3 * normal::SCALE / 2;
    let place = u64::try_from(place + 1).expect("twelve bits");
    // The cube root of 4096/place, times 2^13.
    let inverse = cube_root((1 << 51) / place);
    let late = (i64::try_from(inverse).expect("seventeen bits") - MEAN) * 4 / 3;
    late.min(MOST)
}

/// The largest number whose cube is not above this one.
fn cube_root(cube: u64) -> u64 {
    let mut root = 0;
    for bit in (0..21).rev() {
        let more = root | 1_u64 << bit;
        if more * more * more <= cube {
            root = more;
        }
    }
    root
}

/// A quotient, rounded to the nearest whole number; halves away from zero.
fn rounded(dividend: i64, divisor: i64) -> i64 {
    (dividend + dividend.signum() * divisor / 2) / divisor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_root_is_exact() {
        for root in [0, 1, 2, 8191, 8192, 131_071, 2_097_151] {
            assert_eq!(cube_root(root * root * root), root);
            assert_eq!(cube_root((root + 1).pow(3) - 1), root);
        }
    }

    #[test]
    fn pareto_follows_its_formula_within_the_table_s_grain() {
        for place in 0_u16..4096 {
            let share = (f64::from(place) + 1.0) / 4096.0;
            let exact = ((share.powf(-1.0 / 3.0) - 1.5) * 4.0 / 3.0).min(4.0 - 1.0 / 8192.0);
            let own = f64::from(i32::try_from(pareto(place.into())).unwrap()) / 8192.0;
            assert!((own - exact).abs() < 3.0 / 8192.0, "{place}: {own}, not {exact}");
        }
    }

    #[test]
    fn rounding_is_to_the_nearest() {
        for (dividend, quotient) in [(4, 1), (3, 0), (-3, 0), (-4, -1), (-5, -1), (11, 1), (12, 2)]
        {
            assert_eq!(rounded(dividend, 8), quotient, "{dividend}/8");
        }
    }
}
