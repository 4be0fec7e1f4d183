//! The random draws of one packet: a hash each, so that no draw moves another.

use crate::param::Percent;
use crate::rng::{Label, Seed, scale};
use crate::time::Time;

/// What a draw decides.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    Loss = 1,
    Jitter = 2,
    LossRepeats = 3,
    JitterRepeats = 4,
    Turn = 5,
    BurstLoss = 6,
    Duplicate = 7,
    Reorder = 8,
    Corrupt = 9,
    CorruptBit = 10,
    CopyJitter = 11,
    CopyCorrupt = 12,
    CopyCorruptBit = 13,
}

/// Everything that a draw depends on but its purpose.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    pub seed: Seed,
    /// The client's name and the direction.
    pub label: Label,
    pub now: Time,
    /// The packet's place among those sent in the same millisecond and direction.
    pub index: u64,
}

impl Draws {
    /// One draw, uniform over all of `u64`.
    pub fn draw(&self, purpose: Purpose) -> u64 {
        self.seed.draw(self.label, purpose as u64, self.now.ms(), self.index)
    }

    /// Whether a packet is among this share of all packets. Most shares are zero; a draw that
    /// decides nothing is not made.
    pub fn hits(&self, purpose: Purpose, share: Percent) -> bool {
        share.ppm() > 0 && is_among(self.draw(purpose), share)
    }

    /// A draw that is, with this likelihood, the previous one again. Unlike netem's weighted
    /// mean this leaves the draws uniform, so that a share stays what was asked for; two
    /// draws that are n apart correlate by the n-th power of the likelihood.
    pub fn correlated(
        &self,
        purpose: Purpose,
        repeats: Purpose,
        correlation: Percent,
        previous: &mut Option<u64>,
    ) -> u64 {
        let kept = previous.filter(|_| self.hits(repeats, correlation));
        let draw = kept.unwrap_or_else(|| self.draw(purpose));
        *previous = Some(draw);
        draw
    }
}

/// Whether a draw falls into the first so many parts of a whole.
pub fn is_among(draw: u64, share: Percent) -> bool {
    scale(draw, Percent::WHOLE) < share.ppm()
}
