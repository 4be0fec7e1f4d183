//! The event engine: from one moment at which something happens to the next, without waiting.

use super::world::World;
use crate::net::{Flight, Sighting};
use crate::record::Recording;
use crate::time::{Alarms, Time, earliest};

struct Engine {
    world: World,
    /// When each host is to be looked at; more often than needed does no harm.
    alarms: Alarms,
    /// Room for the packets of one host's moment, kept to spare allocations.
    flights: Vec<Flight>,
}

pub(super) fn run(world: World, until: Time) -> (Recording, Vec<Sighting>) {
    let alarms = Alarms::new(world.hosts(), Time::ZERO);
    let mut engine = Engine { world, alarms, flights: Vec::new() };
    while let Some(now) = engine.next().filter(|now| *now <= until) {
        engine.moment(now);
    }
    engine.world.finish(until)
}

impl Engine {
    fn next(&self) -> Option<Time> {
        earliest([self.alarms.next(), self.world.next_act()])
    }

    /// One millisecond: the acts, then each host that is to be looked at, in the order of hosts.
    /// Nothing that happens in it wakes a host within it.
    fn moment(&mut self, now: Time) {
        if self.world.next_act().is_some_and(|at| at <= now) {
            self.world.act(now);
            // Whoever the act concerns: a stall's end lets packets through to anybody.
            for index in 0..self.world.hosts() {
                self.alarms.set_by(index, now);
            }
        }
        while let Some(index) = self.alarms.due(now) {
            self.visit(now, index);
        }
    }

    fn visit(&mut self, now: Time, index: usize) {
        let mut flights = std::mem::take(&mut self.flights);
        self.world.visit(index, now, &mut flights);
        for flight in flights.drain(..) {
            let to = self.world.place(flight.to);
            self.alarms.set_by(to, flight.stamp.at);
            self.world.deliver(to, flight.stamp, flight.packet);
        }
        self.flights = flights;
        let next = self.world.next_look(index, now);
        if let Some(at) = next {
            assert!(at > now, "host {index} wants to be woken at {at}, which is not after {now}");
        }
        self.alarms.set(index, next);
    }
}
