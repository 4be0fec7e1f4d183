//! Which packets vanish: by their own draw, like the one before, or in bursts.

use super::draws::{Draws, Purpose, is_among};
use crate::net::link::{Bursts, GilbertElliott, LinkSettings};

/// What the loss of one direction remembers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loss {
    /// The draw that decided about the packet before.
    previous: Option<u64>,
    /// Whether the burst model is in its bad state.
    bad: bool,
}

impl Loss {
    /// Whether this packet vanishes. Both models see every packet.
    pub fn strikes(&mut self, settings: &LinkSettings, draws: &Draws) -> bool {
        let burst = match settings.gilbert_elliott {
            Bursts::None => false,
            Bursts::By(model) => self.bursts(model, draws),
        };
        settings.loss.ppm() > 0 && self.random(settings, draws) || burst
    }

    fn random(&mut self, settings: &LinkSettings, draws: &Draws) -> bool {
        let draw = draws.correlated(
            Purpose::Loss,
            Purpose::LossRepeats,
            settings.loss_correlation,
            &mut self.previous,
        );
        is_among(draw, settings.loss)
    }

    fn bursts(&mut self, model: GilbertElliott, draws: &Draws) -> bool {
        let (share, turns) =
            if self.bad { (model.bad_loss, model.r) } else { (model.good_loss, model.p) };
        self.bad ^= draws.hits(Purpose::Turn, turns);
        draws.hits(Purpose::BurstLoss, share)
    }
}
