//! The turmoil engine: each host in a tokio runtime of its own, on turmoil's clock, in an
//! order drawn anew at every millisecond; packets travel in turmoil's datagrams.
//!
//! A datagram takes one turmoil millisecond and is then held until its stamp is due, so
//! that turmoil carries every packet and decides none's fate. turmoil's first step starts
//! the hosts; virtual time is therefore turmoil's time less one millisecond.

use super::befall::HostChange;
use super::world::World;
use crate::net::{Sighting, Stamp};
use crate::record::Recording;
use crate::rng::Seed;
use crate::time::Time;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};
use turmoil::net::UdpSocket;

const TICK: Duration = Duration::from_millis(1);
const PORT: u16 = 9;
/// More datagrams than ever wait at one host within a millisecond.
const CAPACITY: usize = 1 << 20;
/// Bytes in front of each packet: its stamp.
const HEADER: usize = 24;
const DATAGRAM_MAX: usize = HEADER + 1500;

/// What driver and hosts share. There is one thread, and nobody holds a borrow over an
/// await.
struct Shared {
    world: RefCell<World>,
    /// The driver's moment; `None` while turmoil starts the hosts.
    now: Cell<Option<Time>>,
    transit: RefCell<Transit>,
    /// What a host panicked with.
    panic: Cell<Option<Box<dyn Any + Send>>>,
}

/// Datagrams on their way, to prove that turmoil loses and delays none.
#[derive(Default)]
struct Transit {
    /// By receiver and stamp: when it was sent.
    under_way: BTreeMap<(usize, Stamp), Time>,
    /// Sent to a process that has died since.
    killed: BTreeSet<(usize, Stamp)>,
}

pub(super) fn run(world: World, seed: Seed, until: Time) -> (Recording, Vec<Sighting>) {
    let shared = Rc::new(Shared {
        world: RefCell::new(world),
        now: Cell::new(None),
        transit: RefCell::default(),
        panic: Cell::new(None),
    });
    let mut sim = turmoil::Builder::new()
        .tick_duration(TICK)
        .simulation_duration(Duration::from_millis(until.ms() + 1000))
        .rng_seed(seed.0)
        .epoch(UNIX_EPOCH)
        .min_message_latency(TICK)
        .max_message_latency(TICK)
        .udp_capacity(CAPACITY)
        .enable_random_order()
        .build();
    let count = shared.world.borrow().hosts();
    for index in 0..count {
        let shared = Rc::clone(&shared);
        sim.host(host_name(index), move || live(Rc::clone(&shared), index, count));
    }
    drive(&shared, &mut sim, until);
    drop(sim);
    shared.transit.borrow().check_rest(until);
    let Ok(shared) = Rc::try_unwrap(shared) else { unreachable!("the hosts are gone") };
    shared.world.into_inner().finish(until)
}

fn drive(shared: &Shared, sim: &mut turmoil::Sim<'_>, until: Time) {
    step(shared, sim);
    for ms in 0..=until.ms() {
        let now = Time::from_ms(ms);
        shared.now.set(Some(now));
        let due = shared.world.borrow().next_act().is_some_and(|at| at <= now);
        let changes = if due { shared.world.borrow_mut().act(now) } else { Vec::new() };
        for change in changes {
            match change {
                HostChange::PowerLost(index) => {
                    shared.transit.borrow_mut().kill_towards(index);
                    sim.crash(host_name(index));
                }
                HostChange::PowerBack(index) => sim.bounce(host_name(index)),
            }
        }
        step(shared, sim);
    }
}

fn step(shared: &Shared, sim: &mut turmoil::Sim<'_>) {
    let stepped = sim.step();
    if let Some(panic) = shared.panic.take() {
        resume_unwind(panic);
    }
    stepped.expect("turmoil runs until the plan's end");
}

/// A host's life: every millisecond it takes its datagrams in and is looked at.
async fn live(shared: Rc<Shared>, index: usize, count: usize) -> turmoil::Result {
    let socket = UdpSocket::bind(("0.0.0.0", PORT)).await?;
    let addresses: Vec<IpAddr> = (0..count).map(|i| turmoil::lookup(host_name(i))).collect();
    loop {
        tokio::time::sleep(TICK).await;
        let now = shared.now.get().expect("the driver has begun");
        let elapsed = turmoil::sim_elapsed().expect("inside a simulation");
        assert_eq!(elapsed.as_millis(), u128::from(now.ms() + 1), "two clocks");
        receive(&shared, &socket, index, now)?;
        let mut flights = Vec::new();
        let visit = || shared.world.borrow_mut().visit(index, now, &mut flights);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(visit)) {
            shared.panic.set(Some(panic));
            return Ok(());
        }
        for flight in flights {
            let to = shared.world.borrow().place(flight.to);
            shared.transit.borrow_mut().under_way.insert((to, flight.stamp), now);
            let datagram = [&header(flight.stamp)[..], &flight.packet].concat();
            socket.send_to(&datagram, (addresses[to], PORT)).await?;
        }
    }
}

fn receive(shared: &Shared, socket: &UdpSocket, index: usize, now: Time) -> std::io::Result<()> {
    let mut buffer = [0; DATAGRAM_MAX];
    loop {
        let length = match socket.try_recv_from(&mut buffer) {
            Ok((length, _)) => length,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        let (head, packet) = buffer[..length].split_at(HEADER);
        let stamp = stamp(head);
        if shared.transit.borrow_mut().arrived(index, stamp, now) {
            shared.world.borrow_mut().deliver(index, stamp, packet.to_vec());
        }
    }
}

impl Transit {
    /// A datagram arrived; whether anybody still waits for it.
    fn arrived(&mut self, to: usize, stamp: Stamp, now: Time) -> bool {
        let Some(sent) = self.under_way.remove(&(to, stamp)) else {
            assert!(self.killed.remove(&(to, stamp)), "{stamp:?} arrived and was never sent");
            return false;
        };
        assert_eq!(sent + Time::QUANTUM, now, "{stamp:?} did not take one millisecond");
        true
    }

    fn kill_towards(&mut self, host: usize) {
        let dead: Vec<_> = self.under_way.keys().filter(|(to, _)| *to == host).copied().collect();
        for key in dead {
            self.under_way.remove(&key);
            self.killed.insert(key);
        }
    }

    /// What is left at the end was sent in the last millisecond.
    fn check_rest(&self, end: Time) {
        for ((_, stamp), sent) in &self.under_way {
            assert_eq!(*sent, end, "{stamp:?} was sent and never arrived");
        }
    }
}

fn host_name(index: usize) -> String {
    format!("host-{index}")
}

fn header(stamp: Stamp) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    let direction = u64::try_from(stamp.direction).expect("a small number");
    for (slot, word) in bytes.chunks_exact_mut(8).zip([stamp.at.ms(), direction, stamp.number]) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

fn stamp(header: &[u8]) -> Stamp {
    let word = |index: usize| {
        let bytes = header[8 * index..8 * (index + 1)].try_into().expect("eight bytes");
        u64::from_le_bytes(bytes)
    };
    Stamp {
        at: Time::from_ms(word(0)),
        direction: usize::try_from(word(1)).expect("a small number"),
        number: word(2),
    }
}
