//! Which segments are a connection's own.

use std::net::Ipv4Addr;

/// The peer's address and port, and this host's port. It is looked up for every packet, so
/// the address is a number: an [`Ipv4Addr`] compares byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    address: u32,
    port: u16,
    /// This host's port.
    pub own_port: u16,
}

impl Route {
    /// The route between a peer's address and port and this host's port.
    pub fn new(address: Ipv4Addr, port: u16, own_port: u16) -> Route {
        Route { address: address.into(), port, own_port }
    }

    /// The peer's address and port.
    pub fn peer(&self) -> (Ipv4Addr, u16) {
        (self.address.into(), self.port)
    }
}
