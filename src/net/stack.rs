//! One host's TCP/IP: real TCP on whole IP packets, no sockets of the machine.
//!
//! Each connection has a small smoltcp stack of its own; this is the demultiplexer, the
//! timer queue, and what a kernel does besides: ports where nobody listens, connections that
//! outlive their owner, states that must not last for ever. A call touches the connection
//! it concerns and no other.

mod connection;
mod end;
mod intake;
mod route;
mod wire;

use super::address::first_address;
use super::packet::{Packet, Segment, describe, parse_intact};
use crate::record::{ClientId, CloseCause, ConnId, HostId};
use crate::rng::{Label, Seed};
use crate::time::{Alarms, Span, Time};
use connection::{Connection, Outlet};
use end::{End, Nobody};
use route::Route;
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;
use wire::Outgoing;

/// What a host's stack is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackConfig {
    /// Whose stack.
    pub host: HostId,
    /// The address it begins with.
    pub address: Ipv4Addr,
    /// The run's seed; initial sequence numbers come from it.
    pub seed: Seed,
    /// How often the host has been started before; no two stacks of a host share it.
    pub incarnation: u32,
    /// The size of each socket buffer, in bytes.
    pub buffer: usize,
    /// How long a connection may stay half open that a peer began.
    pub handshake_timeout: Span,
    /// How long a connection may take to close after its owner is done with it.
    pub close_timeout: Span,
    /// Whether [`Stack::poll_note`] has anything to say.
    pub trace: bool,
}

/// What a stack reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackEvent {
    /// A peer has opened a connection to this host.
    Accepted(ConnId),
    /// A connection that this host asked for is open.
    Opened(ConnId),
    /// Bytes arrived, in order, cut anywhere.
    Bytes(ConnId, Vec<u8>),
    /// The connection is over; nothing more is reported of it.
    Closed(ConnId, CloseCause),
}

/// One host's TCP/IP.
pub struct Stack {
    config: StackConfig,
    address: Ipv4Addr,
    isn: Label,
    listening: bool,
    /// Whether those above take in what arrives; if not, the buffers fill.
    reading: bool,
    /// Every connection that there has been, by its key, while anything is left of it. Boxed:
    /// few are.
    connections: Vec<Option<Box<Connection>>>,
    next_accepted: u32,
    by_conn: BTreeMap<ConnId, usize>,
    by_route: BTreeMap<Route, usize>,
    /// By key: when each connection is to be polled.
    due: Alarms,
    /// Made for the first packet that belongs to no connection.
    nobody: Option<Nobody>,
    events: VecDeque<StackEvent>,
    packets: Outgoing,
    notes: VecDeque<String>,
}

/// For connections that the books of a stack name.
const LIVING: &str = "the books hold living keys";

impl Stack {
    /// The port of a client's first connection; its n-th uses the n-th after it.
    pub const FIRST_PORT: u16 = 1024;
    /// The port that a server listens on and clients connect to: that of `ws://`. There is
    /// no TLS here, and on 443 whoever reads a capture would look for it.
    pub const SERVER_PORT: u16 = 80;

    /// A stack without connections that listens nowhere.
    pub fn new(config: StackConfig) -> Stack {
        let address = config.address;
        Stack {
            config,
            address,
            isn: Label::new("tcp initial sequence number"),
            listening: false,
            reading: true,
            connections: Vec::new(),
            next_accepted: 0,
            by_conn: BTreeMap::new(),
            by_route: BTreeMap::new(),
            due: Alarms::default(),
            nobody: None,
            events: VecDeque::new(),
            packets: Outgoing::default(),
            notes: VecDeque::new(),
        }
    }

    /// From now on accepts connections to [`Stack::SERVER_PORT`], numbered from 0.
    pub fn listen(&mut self) {
        self.listening = true;
    }

    /// From now on sends from and listens at another address. Connections keep the one that
    /// they began with.
    pub fn move_to(&mut self, address: Ipv4Addr) {
        self.address = address;
        self.nobody = None;
    }

    /// Whether those above take in what arrives. While they do not, the kernel acknowledges
    /// until its buffers are full; afterwards what has waited is reported.
    pub fn set_reading(&mut self, now: Time, reading: bool) {
        self.reading = reading;
        if reading {
            self.touch_all(now, Connection::poll);
        }
    }

    /// The process that owned everything here is dead: each connection is reset, nobody
    /// listens any more, and nothing more is reported.
    pub fn orphan(&mut self, now: Time) {
        self.listening = false;
        self.touch_all(now, Connection::abort);
        for key in 0..self.connections.len() {
            self.free(key);
        }
        self.events.clear();
    }

    /// Where this packet comes from, if it is a segment that belongs to no connection here
    /// and can begin none.
    pub fn stranger(&self, packet: &[u8]) -> Option<Ipv4Addr> {
        let (from, _, segment) = parse_intact(packet)?;
        let known =
            self.by_route.contains_key(&Route::new(from, segment.from_port, segment.to_port));
        let may_begin = self.listening && segment.begins();
        if known || may_begin { None } else { Some(from) }
    }

    /// Opens a connection to the server port of `to`; answered by `Opened`, by `Closed`, or,
    /// if no packet gets through, by nothing. `port` must never have been used before on
    /// this address: the peer may still hold the connection that used it.
    ///
    /// # Panics
    /// If this stack has the number or the port in use.
    pub fn connect(&mut self, now: Time, conn: ConnId, port: u16, to: HostId) {
        let route = Route::new(first_address(to), Stack::SERVER_PORT, port);
        let end = self.new_end();
        let connection = Connection::connecting(end, conn, route, self.config.close_timeout);
        let key = self.add(connection);
        let taken = self.by_conn.insert(conn, key);
        assert!(taken.is_none(), "connection {} is in use", conn.0);
        self.touch(now, key, Connection::poll);
    }

    /// Sends bytes, however many; what the socket has no room for waits here. Nothing
    /// happens if the connection is over.
    pub fn send(&mut self, now: Time, conn: ConnId, bytes: &[u8]) {
        if let Some(key) = self.by_conn.get(&conn).copied() {
            self.touch(now, key, |end, now, outlet| end.send(now, bytes, outlet));
        }
    }

    /// Sends what is queued, then a FIN. Nothing more is reported of the connection.
    pub fn finish(&mut self, now: Time, conn: ConnId) {
        if let Some(key) = self.by_conn.remove(&conn) {
            self.touch(now, key, Connection::finish);
        }
    }

    /// Drops the connection with an RST; without one if it is still being opened. Nothing
    /// more is reported of it.
    pub fn abort(&mut self, now: Time, conn: ConnId) {
        if let Some(key) = self.by_conn.remove(&conn) {
            self.touch(now, key, Connection::abort);
            self.free(key);
        }
    }

    /// Takes a packet from the wire. One that is damaged, misdirected or no TCP is dropped;
    /// a segment of no connection is answered by an RST.
    pub fn receive(&mut self, now: Time, mut packet: Packet) {
        let intact = parse_intact(&packet).filter(|(_, to, _)| *to == self.address);
        let Some((from, _, segment)) = intact else {
            self.note("dropped", &packet);
            return;
        };
        let route = Route::new(from, segment.from_port, segment.to_port);
        let known = self.by_route.get(&route).copied();
        if let Some(key) = known.or_else(|| self.accept(now, route, segment)) {
            self.touch(now, key, |end, now, outlet| {
                end.receive(now, &segment, &mut packet, outlet);
            });
        } else {
            self.note("for nobody", &packet);
            let nobody = self.nobody.get_or_insert_with(|| Nobody::new(self.address));
            nobody.receive(now, &packet, &mut self.packets);
        }
        self.packets.reuse(packet);
    }

    /// Runs every connection whose time has come.
    pub fn on_deadline(&mut self, now: Time) {
        while let Some(key) = self.due.due(now) {
            self.touch(now, key, Connection::poll);
        }
    }

    /// When to call [`Stack::on_deadline`] next. Once that was called, later than its `now`,
    /// whatever else is called at the same time.
    pub fn deadline(&self) -> Option<Time> {
        self.due.next()
    }

    /// Whether [`Stack::poll_event`] has anything to report.
    pub fn has_event(&self) -> bool {
        !self.events.is_empty()
    }

    /// The oldest report.
    pub fn poll_event(&mut self) -> Option<StackEvent> {
        self.events.pop_front()
    }

    /// Whether [`Stack::transmit`] has anything to send.
    pub fn has_packet(&self) -> bool {
        !self.packets.is_empty()
    }

    /// The oldest packet that leaves.
    pub fn transmit(&mut self) -> Option<Packet> {
        let packet = self.packets.pop()?;
        tracing::trace!(segment = describe(&packet), "sends");
        Some(packet)
    }

    /// The oldest remark about a packet that was dropped or found nobody, if tracing is on.
    pub fn poll_note(&mut self) -> Option<String> {
        self.notes.pop_front()
    }

    /// The peer's address and port of each connection that those above use.
    pub fn peers(&self) -> Vec<(Ipv4Addr, u16)> {
        self.by_conn.values().map(|key| self.living(*key).route.peer()).collect()
    }

    /// The numbers of the connections that those above use.
    pub fn in_use(&self) -> impl Iterator<Item = ConnId> {
        self.by_conn.keys().copied()
    }

    /// The peer's address and port of a connection that those above use.
    pub fn peer(&self, conn: ConnId) -> Option<(Ipv4Addr, u16)> {
        Some(self.living(*self.by_conn.get(&conn)?).route.peer())
    }

    /// The peer's address of a connection that those above use.
    pub fn remote(&self, conn: ConnId) -> Option<Ipv4Addr> {
        self.peer(conn).map(|(address, _)| address)
    }

    /// How many connections there are, those included that nobody hears of any more.
    pub fn connections(&self) -> usize {
        self.connections.iter().flatten().count()
    }

    fn living(&self, key: usize) -> &Connection {
        self.connections[key].as_ref().expect(LIVING)
    }

    /// Begins a connection if this segment may begin one here.
    fn accept(&mut self, now: Time, route: Route, segment: Segment) -> Option<usize> {
        if !self.listening || !segment.begins() || segment.to_port != Stack::SERVER_PORT {
            return None;
        }
        let expires = now + self.config.handshake_timeout.max(Time::QUANTUM);
        let close_timeout = self.config.close_timeout;
        let connection = Connection::accepting(self.new_end(), route, expires, close_timeout);
        Some(self.add(connection))
    }

    /// The end of the connection that is added next.
    fn new_end(&self) -> End {
        let StackConfig { host, seed, incarnation, buffer, .. } = self.config;
        let host = match host {
            HostId::Server => 0,
            HostId::Client(ClientId(place)) => {
                u64::try_from(place + 1).expect("a host's place is a small number")
            }
            HostId::Portal => u64::MAX,
        };
        let key = u64::try_from(self.connections.len()).expect("a length fits 64 bits");
        let seed = seed.draw(self.isn, host, incarnation.into(), key);
        End::new(self.address, seed, buffer)
    }

    fn add(&mut self, connection: Connection) -> usize {
        let key = self.connections.len();
        let taken = self.by_route.insert(connection.route, key);
        assert!(taken.is_none(), "port {} is in use", connection.route.own_port);
        self.connections.push(Some(Box::new(connection)));
        key
    }

    /// Lets every connection act, in the order in which they were made.
    fn touch_all(&mut self, now: Time, act: fn(&mut Connection, Time, &mut Outlet<'_>)) {
        for key in 0..self.connections.len() {
            if self.connections[key].is_some() {
                self.touch(now, key, act);
            }
        }
    }

    /// Lets one connection act, then keeps this stack's books about it.
    fn touch<F>(&mut self, now: Time, key: usize, act: F)
    where
        F: FnOnce(&mut Connection, Time, &mut Outlet<'_>),
    {
        let connection = self.connections[key].as_mut().expect(LIVING);
        let before = connection.conn();
        let mut outlet = Outlet {
            events: &mut self.events,
            packets: &mut self.packets,
            next_accepted: &mut self.next_accepted,
            reading: self.reading,
        };
        act(connection, now, &mut outlet);
        let after = connection.conn();
        let over = connection.is_over(now);
        let deadline = if over { None } else { connection.deadline(now) };
        if before != after {
            before.map(|conn| self.by_conn.remove(&conn));
            after.map(|conn| self.by_conn.insert(conn, key));
        }
        self.due.set(key, deadline);
        if over {
            self.free(key);
        }
    }

    /// Forgets a connection; nothing happens if it is forgotten already.
    fn free(&mut self, key: usize) {
        let Some(connection) = self.connections[key].take() else {
            return;
        };
        self.by_route.remove(&connection.route);
        self.due.set(key, None);
        connection.conn().map(|conn| self.by_conn.remove(&conn));
    }

    fn note(&mut self, what: &str, packet: &[u8]) {
        tracing::debug!(segment = describe(packet), "{what}");
        if self.config.trace {
            self.notes.push_back(format!("{what}: {}", describe(packet)));
        }
    }
}
