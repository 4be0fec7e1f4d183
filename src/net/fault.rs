//! What the scenario can do to the network: faults that begin and end.

use crate::record::{ClientId, Way};

/// One direction of one client's link to the server.
pub type Direction = (ClientId, Way);

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
