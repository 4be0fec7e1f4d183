//! The event engine: a queue of moments, from one to the next without waiting.

use super::befall::HostChange;
use super::world::World;
use crate::net::Sighting;
use crate::record::Recording;
use crate::time::Time;
use std::collections::BTreeSet;

struct Engine {
    world: World,
    /// Moments at which a host is to be looked at; more often than needed does no harm.
    wakes: BTreeSet<(Time, usize)>,
}

pub(super) fn run(world: World, until: Time) -> (Recording, Vec<Sighting>) {
    let wakes = (0..world.hosts()).map(|index| (Time::ZERO, index)).collect();
    let mut engine = Engine { world, wakes };
    while let Some(now) = engine.next().filter(|now| *now <= until) {
        engine.moment(now);
    }
    engine.world.finish(until)
}

impl Engine {
    fn next(&self) -> Option<Time> {
        let wake = self.wakes.first().map(|(at, _)| *at);
        wake.into_iter().chain(self.world.next_act()).min()
    }

    /// One millisecond: the acts, then each host that has a wake, in the order of hosts.
    /// Nothing that happens in it wakes a host within it.
    fn moment(&mut self, now: Time) {
        if self.world.next_act().is_some_and(|at| at <= now) {
            for change in self.world.act(now) {
                match change {
                    HostChange::PowerLost(_) | HostChange::PowerBack(_) => {}
                    HostChange::Wake(index, at) => {
                        self.wakes.insert((at, index));
                    }
                }
            }
            // Whoever the act concerns: a stall's end lets packets through to anybody.
            self.wakes.extend((0..self.world.hosts()).map(|index| (now, index)));
        }
        while let Some((_, index)) = self.wakes.first().copied().filter(|(at, _)| *at <= now) {
            self.wakes.pop_first();
            self.visit(now, index);
        }
    }

    fn visit(&mut self, now: Time, index: usize) {
        for flight in self.world.visit(index, now) {
            let to = self.world.place(flight.to);
            self.wakes.insert((flight.stamp.at, to));
            self.world.deliver(to, flight.stamp, flight.packet);
        }
        if let Some(at) = self.world.deadline(index) {
            assert!(at > now, "host {index} wants to be woken at {at}, which is not after {now}");
            self.wakes.insert((at, index));
        }
    }
}
