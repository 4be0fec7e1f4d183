//! A small world for the tests: a net, a server and its clients, and a clock.

mod between;
mod impaired;
mod network;
mod statistics;
mod tcp;

use super::*;
use crate::param::Percent;
use crate::record::{ClientId, CloseCause, ConnId, FaultId, HostId, Receipt, Way};
use crate::rng::Seed;
use crate::time::{Span, Time};
use std::collections::BTreeMap;

const LATENCY: u64 = 20;
const SERVER: HostId = HostId::Server;
const ALICE: ClientId = ClientId(0);
const BOB: ClientId = ClientId(1);
const C0: ConnId = ConnId(0);
const UP: (ClientId, Way) = (ALICE, Way::Up);
const DOWN: (ClientId, Way) = (ALICE, Way::Down);

fn ms(ms: u64) -> Time {
    Time::from_ms(ms)
}

fn link() -> LinkSettings {
    LinkSettings { latency: Span::from_ms(LATENCY), ..LinkSettings::USUAL }
}

/// New settings for either direction.
fn set(update: LinkUpdate) -> LinkChange {
    LinkChange::Set { up: update, down: update, nat: None }
}

/// What arrives of a packet.
fn sent(net: &mut Net, now: Time, from: HostId, packet: Packet) -> Vec<Flight> {
    let mut flights = Vec::new();
    net.send(now, from, packet, &mut flights);
    flights
}

/// The one arrival of a packet on a link that doubles none; `None` if it is lost.
fn one(net: &mut Net, now: Time, from: HostId, packet: Packet) -> Option<Flight> {
    let flights = sent(net, now, from, packet);
    assert!(flights.len() < 2, "{flights:?}");
    flights.into_iter().next()
}

fn clients(count: usize, settings: LinkSettings) -> Vec<(String, [LinkSettings; 2])> {
    (0..count).map(|index| (format!("client {index}"), [settings; 2])).collect()
}

fn config(host: HostId) -> StackConfig {
    StackConfig {
        host,
        address: address::first_address(host),
        seed: Seed(1),
        incarnation: 0,
        buffer: 65_536,
        handshake_timeout: Span::from_secs(60),
        close_timeout: Span::from_secs(60),
        trace: true,
    }
}

fn place(host: HostId) -> usize {
    match host {
        HostId::Server => 0,
        HostId::Client(ClientId(index)) => index + 1,
        HostId::Portal => panic!("no portal here"),
    }
}

/// A fault with its beginning and its end, in ms.
type Planned = (Fault, u64, u64);

struct World {
    now: Time,
    net: Net,
    /// The server first, then the clients.
    hosts: Vec<Stack>,
    inbox: BTreeMap<Stamp, (HostId, Packet)>,
    faults: Vec<(u64, u64)>,
    /// What the stacks reported: when, who, what.
    log: Vec<(u64, HostId, StackEvent)>,
    /// Every packet that was sent: when, and what.
    wire: Vec<(u64, String)>,
}

impl World {
    /// A listening server and `count` clients on lossless links of 20 ms.
    fn new(count: usize, faults: Vec<Planned>) -> World {
        World::with_links(count, link(), faults)
    }

    fn with_links(count: usize, settings: LinkSettings, faults: Vec<Planned>) -> World {
        let times = faults.iter().map(|(_, from, to)| (*from, *to)).collect();
        let faults = faults.into_iter().map(|(fault, _, _)| fault).collect();
        let mut hosts = vec![Stack::new(config(SERVER))];
        hosts[0].listen();
        hosts.extend((0..count).map(|index| Stack::new(config(HostId::Client(ClientId(index))))));
        World {
            now: Time::ZERO,
            net: Net::new(Seed(1), &clients(count, settings), faults),
            hosts,
            inbox: BTreeMap::new(),
            faults: times,
            log: Vec::new(),
            wire: Vec::new(),
        }
    }

    fn host(&mut self, host: HostId) -> &mut Stack {
        &mut self.hosts[place(host)]
    }

    fn client(&mut self, client: ClientId) -> &mut Stack {
        self.host(HostId::Client(client))
    }

    /// Opens the client's connection with this number.
    fn connect(&mut self, client: ClientId, conn: ConnId) {
        let port = Stack::FIRST_PORT + u16::try_from(conn.0).unwrap();
        let now = self.now;
        self.client(client).connect(now, conn, port, SERVER);
        self.drain();
    }

    fn send(&mut self, host: HostId, conn: ConnId, bytes: &[u8]) {
        let now = self.now;
        self.host(host).send(now, conn, bytes);
        self.drain();
    }

    fn finish(&mut self, host: HostId, conn: ConnId) {
        let now = self.now;
        self.host(host).finish(now, conn);
        self.drain();
    }

    fn abort(&mut self, host: HostId, conn: ConnId) {
        let now = self.now;
        self.host(host).abort(now, conn);
        self.drain();
    }

    /// Alice's first connection, open by 100 ms.
    fn open(faults: Vec<Planned>) -> World {
        let mut world = World::new(2, faults);
        world.connect(ALICE, C0);
        world.run_to(100);
        assert_eq!(
            world.log,
            [(40, alice(), StackEvent::Opened(C0)), (60, SERVER, StackEvent::Accepted(C0))]
        );
        world.log.clear();
        world.wire.clear();
        world
    }

    /// Lives through every millisecond in which something happens, up to and with `end`.
    fn run_to(&mut self, end: u64) {
        while let Some(next) = self.next().filter(|next| *next <= ms(end)) {
            self.now = next;
            self.act_on_net();
            self.deliver();
            let now = self.now;
            for host in &mut self.hosts {
                host.on_deadline(now);
            }
            self.drain();
            for host in &self.hosts {
                assert!(host.deadline().is_none_or(|at| at > now), "a deadline is not in future");
            }
        }
        self.now = ms(end);
    }

    fn next(&self) -> Option<Time> {
        let deadlines = self.hosts.iter().filter_map(Stack::deadline);
        let arrivals = self.inbox.keys().map(|stamp| stamp.at).filter(|at| *at > self.now);
        let acts = self.faults.iter().flat_map(|(from, to)| [ms(*from), ms(*to)]);
        let acts = acts.filter(|at| *at > self.now);
        deadlines.chain(arrivals).chain(acts).min()
    }

    fn act_on_net(&mut self) {
        for (index, (from, to)) in self.faults.clone().into_iter().enumerate() {
            if ms(from) == self.now {
                self.net.begin(self.now, FaultId(index));
            }
            if ms(to) == self.now {
                self.net.end(self.now, FaultId(index));
            }
        }
    }

    fn deliver(&mut self) {
        let due: Vec<Stamp> =
            self.inbox.keys().copied().take_while(|stamp| stamp.at <= self.now).collect();
        for stamp in due {
            let fate = self.net.claim(self.now, stamp);
            if fate == Fate::Waits {
                continue;
            }
            let (to, packet) = self.inbox.remove(&stamp).unwrap();
            if fate == Fate::Arrives {
                let now = self.now;
                self.host(to).receive(now, packet);
            }
        }
    }

    fn drain(&mut self) {
        let ids = [SERVER].into_iter();
        let ids = ids.chain((1..self.hosts.len()).map(|n| HostId::Client(ClientId(n - 1))));
        for id in ids {
            while let Some(event) = self.hosts[place(id)].poll_event() {
                self.log.push((self.now.ms(), id, event));
            }
            while let Some(packet) = self.hosts[place(id)].transmit() {
                self.wire.push((self.now.ms(), describe(&packet)));
                let mut flights = Vec::new();
                self.net.send(self.now, id, packet, &mut flights);
                for flight in flights {
                    self.inbox.insert(flight.stamp, (flight.to, flight.packet));
                }
            }
        }
    }

    /// All bytes that reached this host, and when the last of them did.
    fn received(&self, host: HostId) -> (Vec<u8>, u64) {
        let mut all = (Vec::new(), 0);
        for (at, who, event) in &self.log {
            if let (true, StackEvent::Bytes(_, bytes)) = (*who == host, event) {
                all.0.extend_from_slice(bytes);
                all.1 = *at;
            }
        }
        all
    }

    /// When segments with this text in their description were sent.
    fn sent(&self, text: &str) -> Vec<u64> {
        let hits = self.wire.iter().filter(|(_, line)| line.contains(text));
        hits.map(|(at, _)| *at).collect()
    }

    fn receipt(&self, fault: usize) -> Receipt {
        self.net.receipts()[fault].clone()
    }
}

fn alice() -> HostId {
    HostId::Client(ALICE)
}

fn cut(directions: &[Direction], from: u64, to: u64) -> Planned {
    (Fault::Cut(directions.to_vec()), from, to)
}

fn stall(directions: &[Direction], from: u64, to: u64) -> Planned {
    (Fault::Stall(directions.to_vec()), from, to)
}

fn closed(cause: CloseCause) -> StackEvent {
    StackEvent::Closed(C0, cause)
}
