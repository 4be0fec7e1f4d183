//! What a device's calendar clock reads, as the plan sets it.

use crate::net::{Fault, HostFault};
use crate::record::{ClientId, HostId};
use crate::scenario::Plan;
use crate::time::{Now, Span, Time, Wall};

/// A device's calendar clock over a run.
pub struct Clock {
    /// From when on it is ahead by how many milliseconds, in order; the first from the
    /// beginning.
    ahead: Vec<(Time, i64)>,
}

impl Clock {
    /// The clock of this client.
    pub fn of(plan: &Plan, client: ClientId) -> Clock {
        let mut ahead = vec![(Time::ZERO, plan.clients[client.0].clock_ms)];
        let mut jumps: Vec<_> = plan
            .faults
            .iter()
            .filter_map(|planned| match &planned.fault {
                Fault::Hosts(hosts, HostFault::ClockSet { by_ms })
                    if hosts.contains(&HostId::Client(client)) =>
                {
                    Some((planned.from, *by_ms))
                }
                Fault::Cut(_)
                | Fault::Stall(_)
                | Fault::Flap(..)
                | Fault::BlackHole(..)
                | Fault::Reset(..)
                | Fault::Hosts(..) => None,
            })
            .collect();
        jumps.sort_by_key(|(at, _)| *at);
        for (at, by) in jumps {
            let before = ahead.last().map_or(0, |(_, ms)| *ms);
            ahead.push((at, before.saturating_add(by)));
        }
        Clock { ahead }
    }

    /// What it reads at this moment.
    pub fn reads(&self, at: Time) -> Wall {
        let ahead = self.ahead.iter().take_while(|(from, _)| *from <= at).last();
        Now::skewed(at, ahead.map_or(0, |(_, ms)| *ms)).wall
    }

    /// The first moment from `since` on at which it reads `wall` or more. Where it reads more
    /// already, it is noticed `late`.
    pub fn reaches(&self, since: Time, wall: Wall, late: Span) -> Time {
        let before = self.ahead.iter().take_while(|(from, _)| *from <= since).count() - 1;
        for (place, (from, ahead)) in self.ahead.iter().enumerate().skip(before) {
            let start = since.max(*from);
            let here = u64::try_from(wall.ms().saturating_sub(*ahead)).unwrap_or(0);
            let here = Time::from_ms(here);
            let noticed = match here <= start {
                true => start + if *from > since { Time::QUANTUM } else { late },
                false => here,
            };
            // Set again in that moment, it is read anew first.
            if self.ahead.get(place + 1).is_none_or(|(next, _)| noticed < *next) {
                return noticed;
            }
        }
        unreachable!("the last stretch has no end")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_read_piece_by_piece() {
        let at = Time::from_ms;
        let clock = Clock { ahead: vec![(at(0), 100), (at(1000), 5000), (at(2000), -500)] };
        assert_eq!(clock.reads(at(10)), Wall::from_ms(110));
        assert_eq!(clock.reads(at(1000)), Wall::from_ms(6000));
        assert_eq!(clock.reads(at(2500)), Wall::from_ms(2000));
        let reaches = |since, wall| clock.reaches(at(since), Wall::from_ms(wall), Span::ZERO);
        assert_eq!(reaches(0, 600), at(500), "as long as nobody sets it");
        assert_eq!(reaches(0, 3000), at(1001), "leapt over");
        assert_eq!(reaches(0, 6500), at(1500));
        assert_eq!(reaches(0, 90_000), at(90_500), "set back before it got there");
        assert_eq!(reaches(0, 1100), at(1001), "leapt over in the moment in which it got there");
        assert_eq!(reaches(300, 200), at(300), "past already");
        assert_eq!(reaches(1000, 200), at(1000), "past already, though just set");
        assert_eq!(clock.reaches(at(300), Wall::from_ms(200), Time::QUANTUM), at(301));
        let late = |since, wall| clock.reaches(at(since), Wall::from_ms(wall), Time::QUANTUM);
        assert_eq!(late(999, 200), at(1001), "set in the moment of being noticed");
        assert_eq!(late(1999, 5500), at(6000), "set back then, to before it");
    }
}
