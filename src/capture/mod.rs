//! A run's packets as a pcapng file, for Wireshark and its kin.
//!
//! [`pcapng`] is a function of what the run's tap saw: the same run gives the same bytes.
//! Timestamps are virtual, in milliseconds; the run begins at 1970-01-01 00:00:00 UTC, which
//! is also zero on the calendar clock that token expiries inside the frames are written in.
//!
//! A capture is taken at a [`Viewpoint`]. There is one interface a host, with the host's
//! name. At a host there is what it sends and what reaches it, each when it does. On the
//! wire each packet is there once, when and as it is sent, on its sender's interface; one that
//! does not simply arrive has a comment that says what became of it. Who stands between the
//! hosts and sends has an interface too: a client's NAT (`alice's nat`), with the packets as it
//! translated them, and `middlebox`, with the resets that it made up.
//!
//! ```
//! # use zimsim::{contract, scenario};
//! # let file = scenario::starter("lift");
//! # let plan = scenario::load("lift.toml", file.as_bytes(), &contract::ids()).unwrap();
//! use zimsim::capture::{self, Viewpoint};
//! use zimsim::engine::{self, Engine};
//!
//! let (recording, packets) = engine::run_tapped(&plan, Engine::Event, false);
//! assert_eq!(recording, engine::run(&plan, Engine::Event, false));
//! let alice = Viewpoint::named("alice", &plan).unwrap();
//! let file = capture::pcapng(&plan, &packets, alice);
//! assert_eq!(file[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
//! ```

mod pcapng;

use crate::net::{Cause, Fortune, Loss, Place, Seen, Sighting};
use crate::record::{ClientId, FaultId, HostId};
use crate::scenario::{Plan, nearest};
use pcapng::{Direction, File};
use std::collections::{BTreeMap, BTreeSet};

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
        match (self, &sighting.seen) {
            (Viewpoint::Wire, Seen::Sent(_)) => true,
            (Viewpoint::Wire, Seen::Received) => false,
            (Viewpoint::Host(host), Seen::Sent(_) | Seen::Received) => {
                sighting.place == Place::Host(host)
            }
        }
    }

    /// Everybody who has an interface: at a host itself; on the wire every host, and whoever
    /// else sends.
    fn places(self, plan: &Plan, sightings: &[Sighting]) -> BTreeSet<Place> {
        match self {
            Viewpoint::Host(host) => BTreeSet::from([Place::Host(host)]),
            Viewpoint::Wire => {
                let clients = (0..plan.clients.len()).map(|n| HostId::Client(ClientId(n)));
                let hosts = std::iter::once(HostId::Server).chain(clients).map(Place::Host);
                hosts.chain(sightings.iter().map(|sighting| sighting.place)).collect()
            }
        }
    }
}

/// The capture of a run, as the bytes of a pcapng file.
pub fn pcapng(plan: &Plan, sightings: &[Sighting], viewpoint: Viewpoint) -> Vec<u8> {
    let application = concat!("zimsim ", env!("CARGO_PKG_VERSION"));
    let viewed = match viewpoint {
        Viewpoint::Wire => "on the wire, each packet when it was sent",
        Viewpoint::Host(host) => &format!("at {}", plan.host_name(host)),
    };
    let comment = format!(
        "{}, seed {}: {}\nseen {viewed}; virtual time, the run begins at 1970-01-01 00:00:00 UTC",
        plan.name, plan.seed.0, plan.title
    );
    let mut file = File::new(application, &comment);
    let mut interfaces = BTreeMap::new();
    for place in viewpoint.places(plan, sightings) {
        interfaces.insert(place, file.interface(&name(plan, place)));
    }
    for sighting in sightings.iter().filter(|sighting| viewpoint.shows(sighting)) {
        let Sighting { at, place, seen, packet } = sighting;
        let (direction, comment) = match (seen, viewpoint) {
            (Seen::Sent(fortune), Viewpoint::Wire) => {
                (Direction::Outbound, comment_on(plan, *place, fortune))
            }
            // A host can't know what becomes of its packets.
            (Seen::Sent(_), Viewpoint::Host(_)) => (Direction::Outbound, None),
            (Seen::Received, Viewpoint::Wire | Viewpoint::Host(_)) => (Direction::Inbound, None),
        };
        file.packet(interfaces[place], *at, direction, packet, comment.as_deref());
    }
    file.into_bytes()
}

/// What there is to say of a packet that a box made up, or that did not simply arrive.
fn comment_on(plan: &Plan, place: Place, fortune: &Fortune) -> Option<String> {
    let Fortune { doubled, damaged, losses } = fortune;
    let copy = if *doubled { "a copy " } else { "" };
    let injected = (place == Place::Middlebox).then(|| "made up by a box on the way".to_owned());
    let doubled = doubled.then(|| "doubled on its way".to_owned());
    let damaged = (*damaged > 0).then(|| format!("{copy}damaged on its way: a bit is flipped"));
    let losses = losses.iter().map(|Loss { at, cause }| {
        let cause = match cause {
            Cause::Queue => "no room in the link's queue".to_owned(),
            Cause::Link => "by the link".to_owned(),
            Cause::Faults(faults) => {
                let names = faults.iter().map(|FaultId(place)| plan.faults[*place].name_or_words());
                format!("by {}", names.collect::<Vec<_>>().join(" and "))
            }
            Cause::Nat(loss) => loss.to_string(),
            Cause::Unheard => "its sender is not the one that the client is led to".to_owned(),
        };
        format!("{copy}lost at {at}: {cause}")
    });
    let words: Vec<_> = [injected, doubled, damaged].into_iter().flatten().chain(losses).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn name(plan: &Plan, place: Place) -> String {
    match place {
        Place::Host(host) => plan.host_name(host).to_owned(),
        Place::Nat(client) => format!("{}'s nat", plan.client_name(client)),
        Place::Middlebox => "middlebox".to_owned(),
    }
}
