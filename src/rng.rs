//! Randomness: one seed, split into independent streams by label.
//!
//! Two forms, both integers only, so that every platform draws the same:
//! - [`Seed::draw`] is a hash of (seed, label, purpose, millisecond, index): it keeps
//!   no state, so removing one draw moves no other. The network model uses it.
//! - [`Stream`] is a small generator (xoshiro256++) for those who draw in sequence.
//!
//! The algorithms are written out here and pinned by tests: a library may change
//! its generator in any release, and a seed would then mean another run.

/// The seed of a run. Everything random in it comes from this one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// A label's hash; computed once, drawn from often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(u64);

impl Label {
    /// Hashes a name of the scenario (FNV-1a, 64 bits).
    pub fn new(name: &str) -> Label {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Label(hash)
    }
}

impl Seed {
    /// One draw, uniform over all of `u64`: a function of its arguments alone.
    pub fn draw(self, label: Label, purpose: u64, ms: u64, index: u64) -> u64 {
        [label.0, purpose, ms, index].into_iter().fold(mix(self.0), |hash, word| mix(hash ^ word))
    }

    /// A generator of its own for whoever bears this label.
    pub fn stream(self, label: &str) -> Stream {
        let mut state = mix(self.0) ^ Label::new(label).0;
        let mut next = || {
            state = state.wrapping_add(GOLDEN);
            mix_only(state)
        };
        Stream { key: next(), state: [next(), next(), next(), next()] }
    }
}

/// A sequence of draws: xoshiro256++ (Blackman, Vigna), seeded by SplitMix64.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Names the stream, for [`Stream::fork`]; never changes.
    key: u64,
    state: [u64; 4],
}

impl Stream {
    /// The next draw, uniform over all of `u64`.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// The `n`-th stream that springs from this one. Draws of one never move the other's.
    pub fn fork(&self, n: u64) -> Stream {
        Seed(mix(self.key ^ mix(n))).stream("fork")
    }

    /// The next draw below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        scale(self.next_u64(), bound)
    }
}

/// Maps a draw over all of `u64` to one below `bound` (multiply-shift).
pub fn scale(draw: u64, bound: u64) -> u64 {
    assert!(bound > 0, "nothing is below zero");
    let wide = u128::from(draw) * u128::from(bound);
    u64::try_from(wide >> 64).expect("a product of two 64-bit numbers, shifted by 64")
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// One step of SplitMix64.
fn mix(word: u64) -> u64 {
    mix_only(word.wrapping_add(GOLDEN))
}

fn mix_only(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix64_matches_the_reference_vector() {
        // Vigna's splitmix64.c, seed 1234567.
        let mut state = 1_234_567_u64;
        let drawn: Vec<u64> = (0..3)
            .map(|_| {
                state = state.wrapping_add(GOLDEN);
                mix_only(state)
            })
            .collect();
        let reference =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(drawn, reference);
    }

    #[test]
    fn xoshiro256plusplus_matches_the_reference_vector() {
        // The reference generator from state 1, 2, 3, 4.
        let mut stream = Stream { key: 0, state: [1, 2, 3, 4] };
        let drawn: Vec<u64> = (0..4).map(|_| stream.next_u64()).collect();
        let reference = [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386];
        assert_eq!(drawn, reference);
    }

    #[test]
    fn a_label_has_a_stream_of_its_own() {
        let alice = Seed(1).stream("alice").next_u64();
        assert_eq!(alice, Seed(1).stream("alice").next_u64());
        assert_ne!(alice, Seed(1).stream("bob").next_u64());
        assert_ne!(alice, Seed(2).stream("alice").next_u64());
    }

    #[test]
    fn a_fork_does_not_depend_on_what_was_drawn() {
        let mut stream = Seed(1).stream("alice");
        let early = stream.fork(3).next_u64();
        stream.next_u64();
        assert_eq!(stream.fork(3).next_u64(), early);
        assert_ne!(stream.fork(4).next_u64(), early);
    }

    #[test]
    fn a_bounded_draw_stays_below_its_bound() {
        let mut stream = Seed(7).stream("bound");
        assert!((0..1000).all(|_| stream.below(10) < 10));
        assert_eq!(scale(u64::MAX, 10), 9);
        assert_eq!(scale(0, 10), 0);
    }
}
