//! The event engine: a queue of moments, from one to the next without waiting.

use super::befall::HostChange;
use super::world::World;
use crate::net::{Flight, Sighting};
use crate::record::Recording;
use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

struct Engine {
    world: World,
    /// Moments at which a host is to be looked at; more often than needed does no harm.
    wakes: BinaryHeap<Reverse<(Time, usize)>>,
    /// By host: for when its own deadline has last been put among the wakes.
    deadlines: Vec<Option<Time>>,
    /// Room for the packets of one host's moment, kept to spare allocations.
    flights: Vec<Flight>,
}

pub(super) fn run(world: World, until: Time) -> (Recording, Vec<Sighting>) {
    let hosts = world.hosts();
    let wakes = (0..hosts).map(|index| Reverse((Time::ZERO, index))).collect();
    let mut engine = Engine { world, wakes, deadlines: vec![None; hosts], flights: Vec::new() };
    while let Some(now) = engine.next().filter(|now| *now <= until) {
        engine.moment(now);
    }
    engine.world.finish(until)
}

impl Engine {
    fn next(&self) -> Option<Time> {
        let wake = self.wakes.peek().map(|Reverse((at, _))| *at);
        wake.into_iter().chain(self.world.next_act()).min()
    }

    /// One millisecond: the acts, then each host that has a wake, in the order of hosts.
    /// Nothing that happens in it wakes a host within it.
    fn moment(&mut self, now: Time) {
        if self.world.next_act().is_some_and(|at| at <= now) {
            for change in self.world.act(now) {
                match change {
                    HostChange::PowerLost(_) | HostChange::PowerBack(_) => {}
                    HostChange::Wake(index, at) => self.wake(at, index),
                }
            }
            // Whoever the act concerns: a stall's end lets packets through to anybody.
            self.wakes.extend((0..self.world.hosts()).map(|index| Reverse((now, index))));
        }
        let mut last = None;
        while let Some(Reverse((_, index))) =
            self.wakes.peek().copied().filter(|Reverse((at, _))| *at <= now)
        {
            self.wakes.pop();
            if last.replace(index) != Some(index) {
                self.visit(now, index);
            }
        }
    }

    fn wake(&mut self, at: Time, index: usize) {
        self.wakes.push(Reverse((at, index)));
    }

    fn visit(&mut self, now: Time, index: usize) {
        let mut flights = std::mem::take(&mut self.flights);
        self.world.visit(index, now, &mut flights);
        for flight in flights.drain(..) {
            let to = self.world.place(flight.to);
            self.wake(flight.stamp.at, to);
            self.world.deliver(to, flight.stamp, flight.packet);
        }
        self.flights = flights;
        let deadline = self.world.deadline(index);
        let before = std::mem::replace(&mut self.deadlines[index], deadline);
        if let Some(at) = deadline {
            assert!(at > now, "host {index} wants to be woken at {at}, which is not after {now}");
            if deadline != before {
                self.wake(at, index);
            }
        }
    }
}
