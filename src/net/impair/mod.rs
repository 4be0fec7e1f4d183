//! What one direction of a link does to its packets when no fault lies on it. Sans-IO: a
//! packet's length and its draws go in, what becomes of it comes out.
//!
//! In this order: it waits in the queue (or finds it full), it may be lost, it may be
//! doubled, each copy may be damaged, and each takes its own delay. What is lost has used
//! the link's bandwidth; a second copy arises behind the queue and uses none.

mod delay;
mod draws;
mod loss;
mod normal;
mod queue;

use super::link::LinkSettings;
use crate::rng::scale;
use crate::time::Time;
use delay::Delay;
pub(super) use draws::Draws;
use draws::Purpose;
use loss::Loss;
pub(super) use queue::Exit;
use queue::Queue;

/// One direction's state. Without a rate and without correlated models there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Impairments {
    queue: Queue,
    loss: Loss,
    delay: Delay,
    /// Packets since the last that overtook.
    in_order: u32,
    /// The latest arrival so far.
    latest: Time,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// The queue had no room for it.
    Dropped,
    /// It left and vanished.
    Lost(Exit),
    /// It arrives.
    Arrives(Exit, Arrival, Option<Arrival>),
}

/// The arrival of one copy of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// When; later than it was sent.
    pub at: Time,
    /// Whether it skipped the latency.
    pub overtakes: bool,
    /// The bit that is flipped, counted from the packet's first.
    pub damage: Option<u64>,
}

impl Impairments {
    /// A packet of so many bytes is sent.
    pub fn pass(&mut self, settings: &LinkSettings, draws: &Draws, bytes: u64) -> Passage {
        let Some(exit) = self.queue.pass(settings, draws.now, bytes) else {
            return Passage::Dropped;
        };
        if self.loss.strikes(settings, draws) {
            return Passage::Lost(exit);
        }
        let overtakes = self.overtakes(settings, draws);
        let delay = if overtakes { Time::QUANTUM } else { self.delay.of(settings, draws) };
        let flip = |what, place| {
            let damaged = draws.hits(what, settings.corrupt);
            damaged.then(|| scale(draws.draw(place), 8 * bytes.max(1)))
        };
        let first = Arrival {
            at: self.in_turn(settings, exit.left() + delay),
            overtakes,
            damage: flip(Purpose::Corrupt, Purpose::CorruptBit),
        };
        let doubled = draws.hits(Purpose::Duplicate, settings.duplicate);
        let second = doubled.then(|| Arrival {
            at: self.in_turn(settings, exit.left() + Delay::of_copy(settings, draws)),
            overtakes: false,
            damage: flip(Purpose::CopyCorrupt, Purpose::CopyCorruptBit),
        });
        Passage::Arrives(exit, first, second)
    }

    /// What waits in the queue is gone.
    pub fn clear_queue(&mut self) {
        self.queue.clear();
    }

    /// Whether this packet skips the latency, as netem counts: after one that did, `gap - 1`
    /// keep their place.
    fn overtakes(&mut self, settings: &LinkSettings, draws: &Draws) -> bool {
        let may = self.in_order.saturating_add(1) >= settings.reorder_gap;
        let overtakes = may && draws.hits(Purpose::Reorder, settings.reorder);
        self.in_order = if overtakes { 0 } else { self.in_order.saturating_add(1) };
        overtakes
    }

    /// The arrival, moved behind all earlier ones where order is kept.
    fn in_turn(&mut self, settings: &LinkSettings, at: Time) -> Time {
        let at = if settings.keep_order { at.max(self.latest) } else { at };
        self.latest = self.latest.max(at);
        at
    }
}
