//! What the scenario can do to the network: faults that begin and end, and settings.

use crate::param::Percent;
use crate::record::{ClientId, Way};
use crate::time::Span;

/// One direction of one client's link to the server.
pub type Direction = (ClientId, Way);

/// How one direction of a link behaves when nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkSettings {
    /// One-way latency; at least 1 ms.
    pub latency: Span,
    /// Each packet's latency is drawn evenly from `latency - jitter` to `latency + jitter`,
    /// at least 1 ms. Packets may overtake each other.
    pub jitter: Span,
    /// Share of packets that vanish, each by its own draw.
    pub loss: Percent,
}

/// New settings; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkUpdate {
    /// One-way latency.
    pub latency: Option<Span>,
    /// Jitter.
    pub jitter: Option<Span>,
    /// Random loss.
    pub loss: Option<Percent>,
}

/// A fault that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Packets vanish, those in flight at its beginning too.
    Cut(Vec<Direction>),
    /// Packets wait and arrive in order when it ends.
    Stall(Vec<Direction>),
    /// The server is without power, then starts again.
    ServerDown {
        /// What it still knows when it starts again.
        state: ServerState,
    },
}

/// What a server knows after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Everything: sessions, rooms, messages.
    Kept,
    /// Nothing but which accounts are unregistered.
    Lost,
}
