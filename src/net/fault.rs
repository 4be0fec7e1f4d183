//! What the scenario can do to the network and its hosts: faults.

use crate::param::Size;
use crate::record::{ClientId, HostId, Phase, Way};
use crate::time::Span;

/// One direction of one client's link to the server.
pub type Direction = (ClientId, Way);

/// A fault. Most last for a while; one that lasts no time at all is an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Packets vanish, those in flight at its beginning too.
    Cut(Vec<Direction>),
    /// Packets wait and arrive in order when it ends.
    Stall(Vec<Direction>),
    /// A cut that comes and goes.
    Flap(Vec<Direction>, Rhythm),
    /// Packets of a connection vanish once so many bytes of its data have gone that way since
    /// this began.
    BlackHole(Vec<Direction>, Size),
    /// A box on the way resets these clients' open connections, at one moment.
    Reset(Vec<ClientId>, ResetEnd),
    /// Something befalls these hosts, each by itself.
    Hosts(Vec<HostId>, HostFault),
}

/// How a flapping link comes and goes. It is down first, and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// How long it is down each time; not zero.
    pub down: Span,
    /// How long it is up between two times; not zero.
    pub up: Span,
    /// How often it is down; not zero.
    pub times: u64,
}

impl Rhythm {
    /// How long all of it takes.
    pub fn lasts(&self) -> Span {
        self.down * self.times + self.up * (self.times - 1)
    }

    /// The changes between its beginning and its end, each with its time since the beginning:
    /// up after the first time down, down for the second time, and so on.
    pub fn phases(&self) -> impl Iterator<Item = (Span, Phase)> {
        let (down, up) = (self.down, self.up);
        (1..self.times).flat_map(move |number| {
            let both = down * number + up * (number - 1);
            [(both, Phase::Up(number)), (both + up, Phase::Down(number + 1))]
        })
    }
}

/// Which end of a connection hears of a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetEnd {
    /// The client's.
    Client,
    /// The server's.
    Server,
    /// Both.
    Both,
}

/// What can befall a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFault {
    /// The machine has no power: silence. When it is back, a new process starts.
    PowerCut {
        /// What the server still knows then. A client's process knows what an SDK keeps on
        /// the device.
        state: ServerState,
    },
    /// The process is killed. Its kernel resets its connections, and refuses new ones until
    /// a new process starts.
    Killed {
        /// As for a power cut.
        state: ServerState,
    },
    /// The process is stopped, and its kernel goes on acknowledging until its buffers are
    /// full: an app in the background.
    Suspended,
    /// Suspended, and without network, of which nobody is told.
    Dozing,
    /// The network interface is down, and the operating system says so: airplane mode.
    Offline,
    /// Another network: none while it lasts, then one with another address.
    Handover {
        /// Whether the operating system says that the old one is gone and the new one there.
        told: bool,
    },
    /// A captive portal answers in the server's place.
    Portal(PortalAnswer),
    /// The server's name can't be looked up as usual.
    Names(NameAnswer),
    /// The server's process hears of everything so much later.
    Overload(Span),
    /// The calendar clock is set forward or back, at one moment.
    ClockSet {
        /// By so many milliseconds.
        by_ms: i64,
    },
}

/// What a captive portal does with a connection that it has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalAnswer {
    /// Nothing, ever. Segments of connections that it does not know vanish.
    Silence,
    /// An RST to the first bytes, and to segments of connections that it does not know.
    Reset,
}

/// What becomes of a look-up of the server's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameAnswer {
    /// It fails after so long.
    Fails(Span),
    /// It succeeds after so long.
    Slow(Span),
    /// There is no answer.
    Silence,
}

/// What a server knows after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Everything: sessions, rooms, messages.
    Kept,
    /// Nothing but which accounts are unregistered.
    Lost,
}

impl Fault {
    /// Whether it strikes this client: its link, its device, or the server.
    pub fn concerns(&self, client: ClientId) -> bool {
        match self {
            Fault::Cut(directions)
            | Fault::Stall(directions)
            | Fault::Flap(directions, _)
            | Fault::BlackHole(directions, _) => {
                directions.iter().any(|(struck, _)| *struck == client)
            }
            Fault::Reset(clients, _) => clients.contains(&client),
            Fault::Hosts(hosts, _) => hosts.iter().any(|host| match host {
                HostId::Server | HostId::Portal => true,
                HostId::Client(struck) => *struck == client,
            }),
        }
    }

    /// Whether it befalls this host itself.
    pub fn strikes(&self, host: HostId) -> bool {
        match self {
            Fault::Cut(_)
            | Fault::Stall(_)
            | Fault::Flap(..)
            | Fault::BlackHole(..)
            | Fault::Reset(..) => false,
            Fault::Hosts(hosts, _) => hosts.contains(&host),
        }
    }

    /// Whether the server forgets its sessions and rooms when this begins.
    pub fn loses_server_state(&self) -> bool {
        match self {
            Fault::Cut(_)
            | Fault::Stall(_)
            | Fault::Flap(..)
            | Fault::BlackHole(..)
            | Fault::Reset(..) => false,
            Fault::Hosts(hosts, fault) => {
                let lost = match fault {
                    HostFault::PowerCut { state } | HostFault::Killed { state } => {
                        *state == ServerState::Lost
                    }
                    HostFault::Suspended
                    | HostFault::Dozing
                    | HostFault::Offline
                    | HostFault::Handover { .. }
                    | HostFault::Portal(_)
                    | HostFault::Names(_)
                    | HostFault::Overload(_)
                    | HostFault::ClockSet { .. } => false,
                };
                lost && hosts.contains(&HostId::Server)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_is_down_first_and_last() {
        let [down, up] = [2, 20].map(Span::from_secs);
        let rhythm = Rhythm { down, up, times: 3 };
        let phases: Vec<_> = rhythm.phases().map(|(at, phase)| (at.ms() / 1000, phase)).collect();
        let expected =
            [(2, Phase::Up(1)), (22, Phase::Down(2)), (24, Phase::Up(2)), (44, Phase::Down(3))];
        assert_eq!(phases, expected);
        assert_eq!(rhythm.lasts(), Span::from_secs(46));
        let once = Rhythm { times: 1, ..rhythm };
        assert_eq!((once.phases().count(), once.lasts()), (0, down));
    }
}
