//! The queue before a slow link: how long a packet waits, and when there is no room for it.

use crate::net::link::{Bandwidth, LinkSettings};
use crate::time::Time;
use std::collections::VecDeque;

const NS_PER_MS: u64 = 1_000_000;

/// The packets that have not yet left completely. Its clock runs in ns.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// When each will have left, and its bytes.
    waiting: VecDeque<(u64, u64)>,
    bytes: u64,
    /// When the last of them will have left.
    free_at: u64,
}

/// How a packet gets through the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// When its last bit has left, in ns since the run began.
    pub at: u64,
    /// How long others held it up, in ns.
    pub waits: u64,
    /// How many bytes were before it.
    pub behind: u64,
}

impl Queue {
    /// Takes a packet in; `None` if there is no room for it. A queue that is empty has room
    /// for any packet.
    pub fn pass(&mut self, settings: &LinkSettings, now: Time, bytes: u64) -> Option<Exit> {
        let now = now.ms() * NS_PER_MS;
        while let Some((_, left)) = self.waiting.front().filter(|(at, _)| *at <= now) {
            self.bytes -= left;
            self.waiting.pop_front();
        }
        let behind = self.bytes;
        let begins = self.free_at.max(now);
        let waits = begins - now;
        let Bandwidth::Limited(rate) = settings.rate else {
            // What waits from slower times still goes first.
            return Some(Exit { at: begins, waits, behind });
        };
        if behind > 0 && behind + bytes > settings.queue.bytes() {
            return None;
        }
        self.free_at = begins + rate.ns_for(bytes);
        self.waiting.push_back((self.free_at, bytes));
        self.bytes += bytes;
        Some(Exit { at: self.free_at, waits, behind })
    }

    /// All that waits is gone.
    pub fn clear(&mut self) {
        *self = Queue::default();
    }
}

impl Exit {
    /// The first millisecond in which the packet has left.
    pub fn left(&self) -> Time {
        Time::from_ms(self.at.div_ceil(NS_PER_MS))
    }
}
