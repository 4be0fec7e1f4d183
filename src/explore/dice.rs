//! Small draws from one stream: integers only, so that every platform draws the same.

use crate::rng::{Seed, Stream};

/// A stream with the draws that plans are made of.
#[derive(Clone, Debug)]
pub(super) struct Dice(Stream);

impl Dice {
    /// The dice of the `n`-th plan of a seed; `purpose` keeps two uses apart.
    pub fn of(seed: Seed, purpose: &str, n: u64) -> Dice {
        Dice(seed.stream(purpose).fork(n))
    }

    /// From nothing to just below the bound, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// From the first to the last, both included; the first if the last is before it.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// Whether something happens that does so in so many of a hundred cases.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of these, each as likely.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// A place in a list of this length, which must not be zero.
    pub fn index(&mut self, length: usize) -> usize {
        let bound = u64::try_from(length).expect("a list fits in memory");
        usize::try_from(self.below(bound)).expect("below a length")
    }

    /// A place in the list, as likely as its weight says; `None` where all weights are zero.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        if total == 0 {
            return None;
        }
        let mut left = self.below(total);
        for (place, weight) in weights.enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return Some(place),
            }
        }
        unreachable!("what is drawn lies below the sum of the weights")
    }

    /// As seeds go into files: at most 63 bits, since TOML's numbers have a sign.
    pub fn seed(&mut self) -> i64 {
        i64::try_from(self.0.next_u64() >> 1).expect("63 bits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide_how_often_and_zero_means_never() {
        let mut dice = Dice::of(Seed(1), "test", 0);
        let mut drawn = [0; 3];
        for _ in 0..4000 {
            drawn[dice.weighted([1, 0, 3].into_iter()).unwrap()] += 1;
        }
        assert_eq!(drawn[1], 0);
        assert!(drawn[2] > 2 * drawn[0] && drawn[0] > 500, "{drawn:?}");
        assert_eq!(dice.weighted([0, 0].into_iter()), None);
    }

    #[test]
    fn dice_are_a_function_of_seed_purpose_and_number() {
        let first = |seed, purpose, n| Dice::of(Seed(seed), purpose, n).below(1 << 40);
        let own = first(1, "a", 7);
        assert_eq!(own, first(1, "a", 7));
        for other in [first(2, "a", 7), first(1, "b", 7), first(1, "a", 8)] {
            assert_ne!(own, other);
        }
    }
}
