//! What can be done to a run: every kind of fault, change of links, and administrator's act.

use crate::net::{Fault, HostFault};
use crate::record::{AdminAct, HostId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal,)*) => {
        /// A kind of fault, or what else is done to a run.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// What reports call it: the step's own key, and what tells two kinds apart.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// Packets vanish.
    Cut "cut",
    /// Packets wait.
    Stall "stall",
    /// A cut that comes and goes.
    Flap "flap",
    /// A connection dies after so many bytes.
    BlackHole "blackhole",
    /// A box on the way resets connections.
    Reset "rst",
    /// A device loses its power.
    ClientDown "crash client",
    /// A device's process is killed.
    ClientKilled "crash client, killed",
    /// The server loses its power.
    ServerDown "crash server",
    /// The server's process is killed.
    ServerKilled "crash server, killed",
    /// An app in the background.
    Suspend "suspend",
    /// In the background, without network.
    Doze "doze",
    /// Airplane mode.
    Offline "offline",
    /// Another network.
    Handover "handover",
    /// A captive portal.
    Portal "portal",
    /// The name service is disturbed.
    Names "dns",
    /// A slow server.
    Overload "overload",
    /// A calendar clock is set.
    Clock "clock",
    /// Settings of links.
    Link "link",
    /// An administrator destroys a room.
    DestroyRoom "admin destroyRoom",
    /// An administrator puts a user out of a room.
    KickFromRoom "admin kickFromRoom",
    /// An administrator ends a user's sessions.
    KickUser "admin kickUser",
    /// An administrator removes an account.
    Unregister "admin unregister",
}

/// How many kinds there are.
pub(super) const KINDS: usize = Kind::ALL.len();

impl Kind {
    /// Its place in [`Kind::ALL`].
    pub fn place(self) -> usize {
        self as usize
    }

    /// The kind of this fault.
    pub fn of_fault(fault: &Fault) -> Kind {
        match fault {
            Fault::Cut(_) => Kind::Cut,
            Fault::Stall(_) => Kind::Stall,
            Fault::Flap(..) => Kind::Flap,
            Fault::BlackHole(..) => Kind::BlackHole,
            Fault::Reset(..) => Kind::Reset,
            Fault::Hosts(hosts, fault) => {
                let server = hosts.contains(&HostId::Server);
                match (fault, server) {
                    (HostFault::PowerCut { .. }, true) => Kind::ServerDown,
                    (HostFault::PowerCut { .. }, false) => Kind::ClientDown,
                    (HostFault::Killed { .. }, true) => Kind::ServerKilled,
                    (HostFault::Killed { .. }, false) => Kind::ClientKilled,
                    (HostFault::Suspended, _) => Kind::Suspend,
                    (HostFault::Dozing, _) => Kind::Doze,
                    (HostFault::Offline, _) => Kind::Offline,
                    (HostFault::Handover { .. }, _) => Kind::Handover,
                    (HostFault::Portal(_), _) => Kind::Portal,
                    (HostFault::Names(_), _) => Kind::Names,
                    (HostFault::Overload(_), _) => Kind::Overload,
                    (HostFault::ClockSet { .. }, _) => Kind::Clock,
                }
            }
        }
    }

    /// The kind of this act.
    pub fn of_act(act: &AdminAct) -> Kind {
        match act {
            AdminAct::DestroyRoom { .. } => Kind::DestroyRoom,
            AdminAct::KickFromRoom { .. } => Kind::KickFromRoom,
            AdminAct::KickUser { .. } => Kind::KickUser,
            AdminAct::Unregister { .. } => Kind::Unregister,
        }
    }
}
