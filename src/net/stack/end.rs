//! One TCP connection end: a whole small smoltcp stack with one socket.
//!
//! A stack of its own for each end, because a poll walks every socket of its interface.

use super::wire::{Outgoing, Wire};
use crate::time::Time;
use smoltcp::iface::{Config, Interface, PollResult, SocketHandle, SocketSet};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};
use std::net::Ipv4Addr;

pub(super) use smoltcp::socket::tcp::State;

/// All hosts share the network 10.0.0.0/8.
const PREFIX: u8 = 8;

/// One end of a TCP connection.
pub(super) struct End {
    interface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
}

impl End {
    /// An end at this address that is neither listening nor connecting yet. `seed` decides
    /// its initial sequence number; `buffer` is the size of each of its buffers, in bytes.
    pub fn new(address: Ipv4Addr, seed: u64, buffer: usize) -> End {
        let ring = || tcp::SocketBuffer::new(vec![0; buffer]);
        let mut socket = tcp::Socket::new(ring(), ring());
        socket.set_congestion_control(tcp::CongestionControl::Reno);
        socket.set_nagle_enabled(false);
        let mut sockets = SocketSet::new(Vec::with_capacity(1));
        let handle = sockets.add(socket);
        End { interface: interface(address, seed), sockets, handle }
    }

    /// Waits for a SYN to this port.
    pub fn listen(&mut self, port: u16) {
        self.socket_mut().listen(port).expect("a new socket can listen on a port but 0");
    }

    /// Begins to open a connection; the SYN leaves with the next poll.
    pub fn connect(&mut self, from_port: u16, to: Ipv4Addr, to_port: u16) {
        let socket = self.sockets.get_mut::<tcp::Socket>(self.handle);
        socket
            .connect(self.interface.context(), (IpAddress::Ipv4(to), to_port), from_port)
            .expect("a new socket can connect from and to a port but 0");
    }

    /// The size of the receive buffer, in bytes.
    pub fn buffer(&self) -> usize {
        self.socket().recv_capacity()
    }

    /// Where the connection stands.
    pub fn state(&self) -> State {
        self.socket().state()
    }

    /// Feeds one packet. What there is to send then waits for [`End::send_what_is_due`], but for
    /// the answers that smoltcp gives at once.
    pub fn receive(&mut self, now: Time, packet: &[u8], out: &mut Outgoing) {
        let mut wire = Wire { packet: Some(packet), out };
        self.interface.poll_ingress_single(instant(now), &mut wire, &mut self.sockets);
    }

    /// Lets the stack send what it wants to. Returns when it wants the next poll.
    pub fn poll(&mut self, now: Time, out: &mut Outgoing) -> Option<Time> {
        self.send(now, out);
        self.send_what_is_due(now, out)
    }

    /// As [`End::poll`], where there may well be nothing to send.
    pub fn send_what_is_due(&mut self, now: Time, out: &mut Outgoing) -> Option<Time> {
        loop {
            let at = self.poll_at(now);
            if at.is_none_or(|at| at > now) || self.send(now, out) == PollResult::None {
                return at;
            }
        }
    }

    fn send(&mut self, now: Time, out: &mut Outgoing) -> PollResult {
        let mut wire = Wire { packet: None, out };
        self.interface.poll_egress(instant(now), &mut wire, &mut self.sockets)
    }

    /// When the stack next wants a poll; may be now or past.
    fn poll_at(&mut self, now: Time) -> Option<Time> {
        let at = self.interface.poll_at(instant(now), &self.sockets)?;
        // Rounded up: a poll a fraction of a millisecond early would do nothing.
        let ms = u64::try_from(at.total_micros()).unwrap_or(0).div_ceil(1000);
        Some(Time::from_ms(ms))
    }

    /// Takes what has arrived in order; empty if nothing has.
    pub fn read(&mut self) -> Vec<u8> {
        let socket = self.socket_mut();
        let mut bytes = Vec::new();
        while socket.can_recv() {
            let taken = socket.recv(|part| {
                bytes.extend_from_slice(part);
                (part.len(), ())
            });
            taken.expect("what can be received can be read in any state");
        }
        bytes
    }

    /// Queues bytes for sending; returns how many fitted.
    pub fn write(&mut self, bytes: &[u8]) -> usize {
        let socket = self.socket_mut();
        if !socket.may_send() {
            return 0;
        }
        socket.send_slice(bytes).expect("may_send was asked")
    }

    /// Sends a FIN after what is queued.
    pub fn close(&mut self) {
        self.socket_mut().close();
    }

    /// Drops the connection; the next poll sends an RST.
    pub fn abort(&mut self) {
        self.socket_mut().abort();
    }

    fn socket(&self) -> &tcp::Socket<'static> {
        self.sockets.get::<tcp::Socket>(self.handle)
    }

    fn socket_mut(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut::<tcp::Socket>(self.handle)
    }
}

/// A stack without sockets: it answers any segment with an RST, as a kernel does for a port
/// where there is nobody.
pub(super) struct Nobody {
    interface: Interface,
    sockets: SocketSet<'static>,
}

impl Nobody {
    /// Nobody at this address.
    pub fn new(address: Ipv4Addr) -> Nobody {
        Nobody { interface: interface(address, 0), sockets: SocketSet::new(Vec::new()) }
    }

    /// Answers a segment, unless it is an RST itself.
    pub fn receive(&mut self, now: Time, packet: &[u8], out: &mut Outgoing) {
        let mut wire = Wire { packet: Some(packet), out };
        self.interface.poll(instant(now), &mut wire, &mut self.sockets);
    }
}

fn interface(address: Ipv4Addr, seed: u64) -> Interface {
    let mut config = Config::new(HardwareAddress::Ip);
    config.random_seed = seed;
    let mut wire = Wire { packet: None, out: &mut Outgoing::default() };
    let mut interface = Interface::new(config, &mut wire, Instant::ZERO);
    interface.update_ip_addrs(|addresses| {
        let cidr = IpCidr::new(IpAddress::Ipv4(address), PREFIX);
        addresses.push(cidr).expect("a new interface has room for an address");
    });
    interface
}

fn instant(now: Time) -> Instant {
    let ms = i64::try_from(now.ms()).expect("a run ends long before i64 does");
    Instant::from_millis(ms)
}
