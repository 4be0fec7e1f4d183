//! The event engine: a queue of moments, from one to the next without waiting.

use super::host::Host;
use super::world::{SERVER, ServerChange, World};
use crate::record::Recording;
use crate::scenario::Plan;
use crate::time::Time;
use std::collections::BTreeSet;

struct Engine {
    world: World,
    /// By host index; `None` while a host is down.
    hosts: Vec<Option<Host>>,
    /// When the server starts again, once its restart was ordered.
    starts: Option<Time>,
    /// Moments at which a host is to be looked at; more often than needed does no harm.
    wakes: BTreeSet<(Time, usize)>,
}

pub(super) fn run(plan: &Plan, trace: bool) -> Recording {
    let world = World::new(plan, trace);
    let count = world.hosts();
    let hosts = (0..count).map(|index| Some(world.start(index, Time::ZERO))).collect();
    let mut engine = Engine {
        world,
        hosts,
        starts: None,
        wakes: (0..count).map(|index| (Time::ZERO, index)).collect(),
    };
    while let Some(now) = engine.next().filter(|now| *now <= plan.until) {
        engine.moment(now);
    }
    engine.world.finish(plan.until)
}

impl Engine {
    fn next(&self) -> Option<Time> {
        let wake = self.wakes.first().map(|(at, _)| *at);
        wake.into_iter().chain(self.world.next_act()).min()
    }

    fn moment(&mut self, now: Time) {
        let mut awake = BTreeSet::new();
        if self.world.next_act().is_some_and(|at| at <= now) {
            for change in self.world.act(now) {
                self.change_server(now, change);
            }
            // Whoever the act concerns: a stall's end lets packets through to anybody.
            awake.extend(0..self.hosts.len());
        }
        while let Some((_, index)) = self.wakes.first().copied().filter(|(at, _)| *at <= now) {
            self.wakes.pop_first();
            awake.insert(index);
        }
        if self.starts.is_some_and(|at| at <= now) {
            self.starts = None;
            self.hosts[SERVER] = Some(self.world.start(SERVER, now));
        }
        for index in awake {
            self.visit(now, index);
        }
    }

    fn visit(&mut self, now: Time, index: usize) {
        let Some(host) = &mut self.hosts[index] else { return };
        let flights = self.world.visit(index, host, now);
        let deadline = host.deadline();
        for flight in flights {
            let to = flight.to.index();
            self.wakes.insert((flight.stamp.at, to));
            self.world.deliver(to, flight.stamp, flight.packet);
        }
        if let Some(at) = deadline {
            assert!(at > now, "host {index} wants to be woken at {at}, which is not after {now}");
            self.wakes.insert((at, index));
        }
    }

    fn change_server(&mut self, now: Time, change: ServerChange) {
        match change {
            ServerChange::Crash => {
                self.hosts[SERVER] = None;
                self.starts = None;
            }
            ServerChange::Restart => {
                let at = now + Time::QUANTUM;
                self.starts = Some(at);
                self.wakes.insert((at, SERVER));
            }
        }
    }
}
