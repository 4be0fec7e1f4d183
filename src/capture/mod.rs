//! A run's packets as a pcapng file, for Wireshark and its kin.
//!
//! [`pcapng`] is a function of what the run's tap saw: the same run gives the same bytes.
//! Timestamps are virtual, in milliseconds; the run begins at 1970-01-01 00:00:00 UTC, which
//! is also zero on the calendar clock that token expiries inside the frames are written in.
//!
//! A capture is taken at a [`Viewpoint`]. There is one interface a host, with the host's
//! name. At a host there is what it sends and what reaches it, each when it does. On the
//! wire each packet is there once, when and as its sender sent it, on its sender's
//! interface; one that never arrives has a comment that says why.

mod pcapng;

use crate::engine::{Fortune, Seen, Sighting};
use crate::net::first_address;
use crate::record::{ClientId, HostId};
use crate::scenario::{Plan, nearest};
use pcapng::{Direction, File};
use std::collections::BTreeMap;

/// Where a capture is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewpoint {
    /// Between the hosts: every packet once, as it is sent.
    Wire,
    /// At one host: what it sends and what it receives.
    Host(HostId),
}

impl Viewpoint {
    /// The viewpoint that a name means in this plan: a client's name, `server`, or `wire`.
    /// A client that is called `wire` comes first.
    ///
    /// # Errors
    /// Says that there is no such place, which one may have been meant, and which there are.
    pub fn named(name: &str, plan: &Plan) -> Result<Viewpoint, String> {
        let client = plan.clients.iter().position(|client| client.name == name);
        match (client, name) {
            (Some(client), _) => Ok(Viewpoint::Host(HostId::Client(ClientId(client)))),
            (None, "server") => Ok(Viewpoint::Host(HostId::Server)),
            (None, "wire") => Ok(Viewpoint::Wire),
            (None, _) => {
                let clients = plan.clients.iter().map(|client| client.name.as_str());
                let places: Vec<_> = clients.chain(["server", "wire"]).collect();
                let meant = nearest(name, places.iter().copied());
                let meant =
                    meant.map_or(String::new(), |meant| format!("; did you mean {meant:?}?"));
                let places = places.join(", ");
                Err(format!(
                    "no place to capture at is called {name:?}{meant} (there are: {places})"
                ))
            }
        }
    }

    fn shows(self, sighting: &Sighting) -> bool {
        match (self, sighting.seen) {
            (Viewpoint::Wire, Seen::Sent(_)) => true,
            (Viewpoint::Wire, Seen::Received) => false,
            (Viewpoint::Host(host), Seen::Sent(_) | Seen::Received) => host == sighting.host,
        }
    }
}

/// The capture of a run, as the bytes of a pcapng file.
pub fn pcapng(plan: &Plan, sightings: &[Sighting], viewpoint: Viewpoint) -> Vec<u8> {
    let application = concat!("zimsim ", env!("CARGO_PKG_VERSION"));
    let place = match viewpoint {
        Viewpoint::Wire => "on the wire, each packet when it was sent",
        Viewpoint::Host(host) => &format!("at {}", plan.host_name(host)),
    };
    let comment = format!(
        "{}, seed {}: {}\nseen {place}; virtual time, the run begins at 1970-01-01 00:00:00 UTC",
        plan.name, plan.seed.0, plan.title
    );
    let mut file = File::new(application, &comment);
    let clients = (0..plan.clients.len()).map(|client| HostId::Client(ClientId(client)));
    let portal = plan.has_portal().then_some(HostId::Portal);
    let hosts = std::iter::once(HostId::Server).chain(clients).chain(portal);
    let mut interfaces = BTreeMap::new();
    for host in hosts.filter(|host| [Viewpoint::Wire, Viewpoint::Host(*host)].contains(&viewpoint))
    {
        let address = first_address(host);
        let description = format!("{} of the simulated network, {address}", plan.host_name(host));
        interfaces.insert(host, file.interface(plan.host_name(host), &description, address));
    }
    for sighting in sightings.iter().filter(|sighting| viewpoint.shows(sighting)) {
        let Sighting { at, host, seen, packet } = sighting;
        let direction = match seen {
            Seen::Sent(_) => Direction::Outbound,
            Seen::Received => Direction::Inbound,
        };
        let comment = match (viewpoint, seen) {
            (Viewpoint::Wire, Seen::Sent(fortune)) => comment_on(*fortune),
            // A host can't know what becomes of its packets.
            (Viewpoint::Host(_), _) | (Viewpoint::Wire, Seen::Received) => None,
        };
        file.packet(interfaces[host], *at, direction, packet, comment);
    }
    file.into_bytes()
}

/// What there is to say of a packet that did not simply arrive.
fn comment_on(fortune: Fortune) -> Option<&'static str> {
    let Fortune { copies, damaged, lost } = fortune;
    match (copies, lost, damaged) {
        (0, _, _) => Some("lost when it was sent"),
        (_, lost, _) if lost == copies => Some("lost on its way"),
        (1, _, 0) => None,
        (1, _, _) => Some("damaged on its way: a bit is flipped"),
        (_, 0, 0) => Some("doubled on its way"),
        (_, 0, _) => Some("doubled on its way, and damaged: a bit is flipped"),
        (_, _, _) => Some("doubled on its way, and one copy lost"),
    }
}
