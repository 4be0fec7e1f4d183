//! The floor: clients and their connections to one server as nothing but smoltcp stacks on a
//! heap. Each client sends a few bytes every ten seconds, the server echoes them. No hosts,
//! no WebSocket, no JSON, no cores, no faults, no record: what is left when everything that
//! zimsim adds to TCP is taken away.

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr, Ipv4Address};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const SERVER: Ipv4Address = Ipv4Address::new(10, 0, 0, 1);
const PORT: u16 = 443;
const PERIOD_MS: i64 = 10_000;
const LATENCY_MS: i64 = 30;
/// About as long as a heartbeat with its frame.
const MESSAGE: [u8; 32] = [0; 32];
const BUFFER: usize = 4096;

/// One end of a connection. Acknowledgements are delayed as smoltcp does by default, which
/// is what zimsim's own stacks do too.
struct End {
    wire: Wire,
    interface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    /// When its client speaks next; a server's end never does by itself.
    speaks: i64,
    /// The moment for which it stands in the queue; the queue may also hold others.
    wakes: i64,
}

#[derive(Default)]
struct Wire {
    incoming: Option<Vec<u8>>,
    outgoing: VecDeque<Vec<u8>>,
}

struct Incoming(Vec<u8>);

struct Outgoing<'a>(&'a mut VecDeque<Vec<u8>>);

/// In order of time, then of insertion: when, number, whose end, and what arrives there.
type Queue = BinaryHeap<Reverse<(i64, u64, usize, Option<Vec<u8>>)>>;

/// Simulates so many clients for so long; returns how many echoes the clients heard.
pub fn run(clients: usize, until_ms: u64) -> u64 {
    let until = i64::try_from(until_ms).expect("a short run");
    let mut ends = Vec::new();
    let mut queue = Queue::new();
    let mut number = 0;
    for client in 0..clients {
        let mut own = End::new(address(client), client as u64 * 2 + 1);
        let mut server = End::new(SERVER, client as u64 * 2 + 2);
        server.socket().listen(PORT).expect("a new socket");
        // Clients begin one after the other, as people do.
        own.speaks = client as i64 % PERIOD_MS;
        own.connect();
        own.wakes = own.speaks;
        queue.push(Reverse((own.speaks, number, ends.len(), None)));
        number += 1;
        ends.extend([own, server]);
    }
    let mut heard = 0;
    while let Some(Reverse((now, _, place, packet))) = queue.pop() {
        if now > until {
            break;
        }
        let end = &mut ends[place];
        if packet.is_none() && end.wakes != now {
            continue;
        }
        heard += end.step(now, packet, place % 2 == 0);
        while let Some(packet) = end.wire.outgoing.pop_front() {
            queue.push(Reverse((now + LATENCY_MS, number, place ^ 1, Some(packet))));
            number += 1;
        }
        let wakes = end.deadline(now).max(now + 1);
        if wakes != end.wakes {
            end.wakes = wakes;
            queue.push(Reverse((wakes, number, place, None)));
            number += 1;
        }
    }
    heard
}

fn address(client: usize) -> Ipv4Address {
    let byte = |number: usize| u8::try_from(number).expect("few clients");
    Ipv4Address::new(10, 1, byte(client / 250), byte(client % 250 + 1))
}

impl End {
    fn new(address: Ipv4Address, seed: u64) -> End {
        let mut config = Config::new(HardwareAddress::Ip);
        config.random_seed = seed;
        let mut wire = Wire::default();
        let mut interface = Interface::new(config, &mut wire, Instant::ZERO);
        interface.update_ip_addrs(|addresses| {
            addresses.push(IpCidr::new(IpAddress::Ipv4(address), 8)).expect("room for one");
        });
        let ring = || tcp::SocketBuffer::new(vec![0; BUFFER]);
        let mut socket = tcp::Socket::new(ring(), ring());
        socket.set_nagle_enabled(false);
        let mut sockets = SocketSet::new(Vec::with_capacity(1));
        let handle = sockets.add(socket);
        End { wire, interface, sockets, handle, speaks: i64::MAX, wakes: i64::MAX }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.handle)
    }

    fn connect(&mut self) {
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        socket
            .connect(self.interface.context(), (IpAddress::Ipv4(SERVER), PORT), 1024)
            .expect("a new socket");
    }

    /// One moment of this end; returns 1 if its client heard an echo.
    fn step(&mut self, now: i64, packet: Option<Vec<u8>>, is_client: bool) -> u64 {
        self.wire.incoming = packet;
        self.poll(now);
        let due = self.speaks <= now;
        let socket = self.socket();
        let heard = socket.can_recv();
        let mut told = false;
        if heard {
            let read = socket.recv(|bytes| (bytes.len(), bytes.to_vec())).expect("can_recv");
            if !is_client {
                socket.send_slice(&read).expect("an open connection");
                told = true;
            }
        }
        if due && socket.may_send() {
            socket.send_slice(&MESSAGE).expect("an open connection");
            told = true;
        }
        if due {
            self.speaks = now + PERIOD_MS;
        }
        if told || heard {
            self.poll(now);
        }
        u64::from(heard && is_client)
    }

    fn poll(&mut self, now: i64) {
        self.interface.poll(Instant::from_millis(now), &mut self.wire, &mut self.sockets);
    }

    fn deadline(&mut self, now: i64) -> i64 {
        let at = self.interface.poll_at(Instant::from_millis(now), &self.sockets);
        let at = at.map_or(i64::MAX, |at| (at.total_micros() + 999) / 1000);
        at.min(self.speaks)
    }
}

impl Device for Wire {
    type RxToken<'a> = Incoming;
    type TxToken<'a> = Outgoing<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Incoming, Outgoing<'_>)> {
        let packet = self.incoming.take()?;
        Some((Incoming(packet), Outgoing(&mut self.outgoing)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Outgoing<'_>> {
        Some(Outgoing(&mut self.outgoing))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = 1500;
        capabilities
    }
}

impl RxToken for Incoming {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

impl TxToken for Outgoing<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, write: F) -> R {
        let mut packet = vec![0; length];
        let result = write(&mut packet);
        self.0.push_back(packet);
        result
    }
}
