//! What a fault does to packets, with clients and directions as dense indexes.

use super::fault::{Direction, Fault, HostFault};
use crate::record::{ClientId, HostId, Way};

/// What a fault does to packets; each index stands in it once.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// Packets of these directions vanish.
    Cut(Vec<usize>),
    /// Packets of these directions wait.
    Stall(Vec<usize>),
    /// These hosts are without power; the directions are those towards clients among them.
    PowerCut { server: bool, down: Vec<usize> },
    /// These directions lead to the captive portal, and from it.
    Portal(Vec<usize>),
    /// These clients get another address when it ends, and have no network until then.
    Handover(Vec<usize>),
    /// Nothing becomes of packets.
    Nothing,
}

impl Effect {
    /// Of a fault, where there are so many directions.
    ///
    /// # Panics
    /// If the fault names a client that there is not.
    pub fn of(fault: &Fault, lanes: usize) -> Effect {
        let dense = |directions: &[Direction]| {
            sorted(directions.iter().copied().map(index_of).collect(), lanes)
        };
        match fault {
            Fault::Cut(directions) => Effect::Cut(dense(directions)),
            Fault::Stall(directions) => Effect::Stall(dense(directions)),
            Fault::Hosts(hosts, fault) => Effect::on_hosts(hosts, fault, lanes),
        }
    }

    fn on_hosts(hosts: &[HostId], fault: &HostFault, lanes: usize) -> Effect {
        let clients = hosts.iter().filter_map(|host| match host {
            HostId::Client(ClientId(client)) => Some(*client),
            HostId::Server | HostId::Portal => None,
        });
        let clients = sorted(clients.collect(), lanes / 2);
        let both = || clients.iter().flat_map(|client| both_ways(*client)).collect();
        match fault {
            HostFault::PowerCut { state: _ } => Effect::PowerCut {
                server: hosts.contains(&HostId::Server),
                down: clients.iter().map(|c| index_of((ClientId(*c), Way::Down))).collect(),
            },
            HostFault::Dozing | HostFault::Offline => Effect::Cut(both()),
            HostFault::Handover { told: _ } => Effect::Handover(clients),
            HostFault::Portal(_) => Effect::Portal(both()),
            HostFault::Killed { state: _ }
            | HostFault::Suspended
            | HostFault::Names(_)
            | HostFault::Overload(_)
            | HostFault::ClockSet { by_ms: _ } => Effect::Nothing,
        }
    }
}

fn sorted(mut indexes: Vec<usize>, bound: usize) -> Vec<usize> {
    indexes.sort_unstable();
    indexes.dedup();
    assert!(indexes.iter().all(|index| *index < bound), "a fault's clients are the plan's");
    indexes
}

/// The dense index of a direction.
pub(super) fn index_of((ClientId(client), way): Direction) -> usize {
    2 * client
        + match way {
            Way::Up => 0,
            Way::Down => 1,
        }
}

/// Both directions of a client.
pub(super) fn both_ways(client: usize) -> [usize; 2] {
    [Way::Up, Way::Down].map(|way| index_of((ClientId(client), way)))
}

/// The direction of a dense index.
pub(super) fn direction_of(index: usize) -> Direction {
    let way = if index.is_multiple_of(2) { Way::Up } else { Way::Down };
    (ClientId(index / 2), way)
}
