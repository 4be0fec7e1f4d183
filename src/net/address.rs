//! Who has which address, and who had it before.

use crate::record::{ClientId, HostId};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The server's address; a captive portal has it too, for those who are behind it.
const SERVER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const HOSTS_PER_BYTE: usize = 250;
const CLIENTS_PER_NET: usize = HOSTS_PER_BYTE * HOSTS_PER_BYTE;
const NETS: usize = 254;
/// The second byte of every address that a client gets by moving.
const MOVED_NET: u8 = 255;

/// The address that a host begins with: the server is 10.0.0.1, clients follow from 10.1.0.1
/// on.
///
/// # Panics
/// Beyond 15 million clients; a plan is far smaller.
pub fn first_address(host: HostId) -> Ipv4Addr {
    let ClientId(index) = match host {
        HostId::Server | HostId::Portal => return SERVER,
        HostId::Client(client) => client,
    };
    let byte = |number: usize| u8::try_from(number).expect("a plan has under 15 million clients");
    Ipv4Addr::new(
        10,
        byte(1 + index / CLIENTS_PER_NET),
        byte(index / HOSTS_PER_BYTE % HOSTS_PER_BYTE),
        byte(1 + index % HOSTS_PER_BYTE),
    )
}

/// The host that begins with this address, if any plan can have one there.
pub fn first_owner(address: Ipv4Addr) -> Option<HostId> {
    if address == SERVER {
        return Some(HostId::Server);
    }
    let [ten, net, middle, last] = address.octets().map(usize::from);
    let client = ten == 10
        && (1..=NETS).contains(&net)
        && middle < HOSTS_PER_BYTE
        && (1..=HOSTS_PER_BYTE).contains(&last);
    client.then(|| {
        let index = (net - 1) * CLIENTS_PER_NET + middle * HOSTS_PER_BYTE + (last - 1);
        HostId::Client(ClientId(index))
    })
}

/// Where the clients are attached at present. No address is ever given twice.
#[derive(Debug)]
pub(super) struct Addresses {
    clients: usize,
    /// Who has moved: where to, and by which moves, oldest first.
    moved: BTreeMap<ClientId, Moved>,
    /// Owners of the addresses of [`MOVED_NET`].
    owners: BTreeMap<Ipv4Addr, ClientId>,
}

#[derive(Debug)]
struct Moved {
    address: Ipv4Addr,
    /// The addresses it had before, and the fault by which it left each.
    left: Vec<(Ipv4Addr, usize)>,
}

impl Addresses {
    /// Everybody where they begin.
    pub fn new(clients: usize) -> Addresses {
        Addresses { clients, moved: BTreeMap::new(), owners: BTreeMap::new() }
    }

    /// The address that a host has now.
    pub fn of(&self, host: HostId) -> Ipv4Addr {
        let HostId::Client(client) = host else { return SERVER };
        self.moved.get(&client).map_or_else(|| first_address(host), |moved| moved.address)
    }

    /// The host that has, or had, this address.
    pub fn host(&self, address: Ipv4Addr) -> Option<HostId> {
        if let Some(client) = self.owners.get(&address) {
            return Some(HostId::Client(*client));
        }
        match first_owner(address)? {
            HostId::Client(ClientId(index)) if index >= self.clients => None,
            host => Some(host),
        }
    }

    /// The fault by which a client has left this address of its own; `None` if it has it still.
    pub fn left_by(&self, client: ClientId, own: Ipv4Addr) -> Option<usize> {
        let left = &self.moved.get(&client)?.left;
        left.iter().find(|(address, _)| *address == own).map(|(_, by)| *by)
    }

    /// Gives a client a new address.
    ///
    /// # Panics
    /// After 62,500 moves; a plan's bounds are far below.
    pub fn move_on(&mut self, client: ClientId, by: usize) {
        let count = self.owners.len();
        let byte = |number: usize| u8::try_from(number).expect("a plan has under 62,500 moves");
        let address = Ipv4Addr::new(
            10,
            MOVED_NET,
            byte(count / HOSTS_PER_BYTE),
            byte(1 + count % HOSTS_PER_BYTE),
        );
        let before = self.of(HostId::Client(client));
        self.owners.insert(address, client);
        let moved = self.moved.entry(client).or_insert(Moved { address, left: Vec::new() });
        moved.address = address;
        moved.left.push((before, by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_host() {
        let last = CLIENTS_PER_NET * NETS - 1;
        let clients = (0..20_000).chain([CLIENTS_PER_NET - 1, CLIENTS_PER_NET, last]);
        let hosts = clients.map(|index| HostId::Client(ClientId(index)));
        for host in std::iter::once(HostId::Server).chain(hosts) {
            assert_eq!(first_owner(first_address(host)), Some(host), "{}", first_address(host));
        }
        assert_eq!(first_address(HostId::Client(ClientId(0))), Ipv4Addr::new(10, 1, 0, 1));
        assert_eq!(first_address(HostId::Client(ClientId(250))), Ipv4Addr::new(10, 1, 1, 1));
    }

    #[test]
    fn an_address_outside_the_plan_is_nobodys() {
        for wrong in [[10, 0, 0, 2], [10, 1, 0, 0], [10, 1, 250, 1], [10, 255, 0, 1], [8, 8, 8, 8]]
        {
            assert_eq!(first_owner(Ipv4Addr::from(wrong)), None, "{wrong:?}");
        }
        let two = Addresses::new(2);
        assert_eq!(two.host(first_address(HostId::Client(ClientId(2)))), None);
    }

    #[test]
    fn whoever_moves_leaves_its_old_addresses_behind_for_good() {
        let mut addresses = Addresses::new(2);
        let [alice, bob] = [0, 1].map(ClientId);
        let first = addresses.of(HostId::Client(alice));
        addresses.move_on(alice, 7);
        let second = addresses.of(HostId::Client(alice));
        addresses.move_on(bob, 8);
        addresses.move_on(alice, 9);
        let third = addresses.of(HostId::Client(alice));
        assert_eq!(addresses.left_by(alice, first), Some(7));
        assert_eq!(addresses.left_by(alice, second), Some(9));
        assert_eq!(addresses.left_by(alice, third), None);
        for own in [first, second, third] {
            assert_eq!(addresses.host(own), Some(HostId::Client(alice)));
        }
        assert_eq!(addresses.left_by(bob, first_address(HostId::Client(bob))), Some(8));
    }
}
