//! The same hosts on turmoil's own latency and partition, without our network model: what
//! the apps are told must be the same, to the millisecond. So the model is held against one
//! that we did not write, as far as that one reaches (fixed latency, whole partitions).

use crate::engine::host::Host;
use crate::engine::world::World;
use crate::engine::{Engine, run};
use crate::net::receiver;
use crate::record::{ClientId, Event, HostId};
use crate::scenario::{Plan, load};
use crate::time::{Now, Time};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};
use turmoil::net::UdpSocket;

const LATENCY_MS: u64 = 40;
const CUT_MS: (u64, u64) = (12_000, 40_000);
const PORT: u16 = 9;

type Told = Vec<(Time, HostId, Event)>;

fn plan() -> Plan {
    let text = format!(
        r#"
title = "on turmoil's own network"
until = "60s"
network = {{ latency = "{LATENCY_MS}ms" }}
params = {{ reconnect.jitter = "0%" }}
clients = {{ alice = {{}}, bob = {{}} }}
steps = [
  {{ at = "0s",  client = "alice", call = "login" }},
  {{ at = "0s",  client = "bob",   call = "login" }},
  {{ at = "1s",  client = "alice", call = "enterRoom", room = "r1" }},
  {{ at = "2s",  client = "bob",   call = "enterRoom", room = "r1" }},
  {{ at = "{}ms", cut = "alice", for = "{}ms", name = "tunnel" }},
  {{ at = "30s", client = "bob",   call = "sendRoomMessage", room = "r1", text = "missed" }},
  {{ at = "55s", client = "alice", call = "sendRoomMessage", room = "r1", text = "back" }},
]
"#,
        CUT_MS.0,
        CUT_MS.1 - CUT_MS.0
    );
    load("own.toml", text.as_bytes(), &[]).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

#[test]
fn what_apps_are_told_is_the_same_on_turmoils_own_network() {
    let plan = plan();
    let ours = run(&plan, Engine::Event, false).records.into_iter().filter_map(|record| {
        let host = match record.who {
            crate::record::Who::Client(client) => HostId::Client(client),
            crate::record::Who::Server | crate::record::Who::Net => return None,
        };
        record.event.is_public().then_some((record.at, host, record.event))
    });
    let ours: Told = ours.collect();
    let theirs = on_turmoils_network(&plan);
    assert!(ours.len() > 20, "{ours:?}");
    assert_eq!(ours, theirs);
}

/// Runs the plan's hosts with each packet in a plain datagram; turmoil delays and drops it.
fn on_turmoils_network(plan: &Plan) -> Told {
    let latency = Duration::from_millis(LATENCY_MS);
    let mut sim = turmoil::Builder::new()
        .tick_duration(Duration::from_millis(1))
        .simulation_duration(Duration::from_millis(plan.until.ms() + 1000))
        .rng_seed(1)
        .epoch(UNIX_EPOCH)
        .min_message_latency(latency)
        .max_message_latency(latency)
        .udp_capacity(1 << 16)
        .build();
    let world = Rc::new(World::new(plan, false));
    let now = Rc::new(Cell::new(Time::ZERO));
    let told: Rc<RefCell<Told>> = Rc::default();
    let count = world.hosts();
    for index in 0..count {
        let (world, now, told) = (Rc::clone(&world), Rc::clone(&now), Rc::clone(&told));
        sim.host(name(index), move || {
            live(Rc::clone(&world), Rc::clone(&now), Rc::clone(&told), index)
        });
    }
    sim.step().expect("turmoil starts the hosts");
    for ms in 0..=plan.until.ms() {
        now.set(Time::from_ms(ms));
        if ms == CUT_MS.0 {
            sim.partition(name(0), name(1));
        }
        if ms == CUT_MS.1 {
            sim.repair(name(0), name(1));
        }
        sim.step().expect("turmoil runs");
    }
    drop(sim);
    let mut told = told.take();
    told.sort_by_key(|(at, host, _)| (*at, *host));
    told
}

async fn live(
    world: Rc<World>,
    now: Rc<Cell<Time>>,
    told: Rc<RefCell<Told>>,
    index: usize,
) -> turmoil::Result {
    let id = if index == 0 { HostId::Server } else { HostId::Client(ClientId(index - 1)) };
    let socket = UdpSocket::bind(("0.0.0.0", PORT)).await?;
    let mut host: Option<Host> = None;
    let mut buffer = [0; 1500];
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let now = now.get();
        let mut arrivals = Vec::new();
        while let Ok((length, _)) = socket.try_recv_from(&mut buffer) {
            arrivals.push(buffer[..length].to_vec());
        }
        let host = host.get_or_insert_with(|| world.start(index, now));
        if arrivals.is_empty() && host.deadline().is_none_or(|at| at > now) {
            continue;
        }
        host.advance(Now::exact(now), &[], arrivals, &[]);
        let public = host.take_events().filter(|event| index > 0 && event.is_public());
        told.borrow_mut().extend(public.map(|event| (now, id, event)));
        for packet in host.take_packets().collect::<Vec<_>>() {
            let to = world.place(receiver(&packet).expect("a packet for one of the hosts"));
            socket.send_to(&packet, (turmoil::lookup(name(to)), PORT)).await?;
        }
    }
}

fn name(index: usize) -> String {
    format!("own-{index}")
}
