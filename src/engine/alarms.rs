//! When each host is next to be looked at.

use crate::time::Time;

/// Stands for never, and after every time there is.
const NEVER: Time = Time::from_ms(u64::MAX);

/// One time for each host, and the first of them at hand: a tournament, in which two
/// neighbours play each match and the earlier goes on. Unlike in a queue, a time that no longer
/// counts is nowhere, and for a few hosts there are hardly any matches.
pub(super) struct Alarms {
    /// The winner of all stands at 1; match `n` is between the places `2n` and `2n + 1`.
    times: Vec<Time>,
    /// Where the times of the hosts begin.
    hosts: usize,
}

impl Alarms {
    /// So many hosts, all to be looked at then.
    pub fn new(count: usize, at: Time) -> Alarms {
        let hosts = count.next_power_of_two();
        let mut alarms = Alarms { times: vec![NEVER; 2 * hosts], hosts };
        for host in 0..count {
            alarms.set(host, Some(at));
        }
        alarms
    }

    /// The host is to be looked at then, whatever was said before.
    pub fn set(&mut self, host: usize, at: Option<Time>) {
        let mut place = self.hosts + host;
        self.times[place] = at.unwrap_or(NEVER);
        while place > 1 {
            let winner = self.times[place].min(self.times[place ^ 1]);
            place /= 2;
            if std::mem::replace(&mut self.times[place], winner) == winner {
                return;
            }
        }
    }

    /// The host is to be looked at then or earlier.
    pub fn set_by(&mut self, host: usize, at: Time) {
        if at < self.times[self.hosts + host] {
            self.set(host, Some(at));
        }
    }

    /// The first time of all.
    pub fn next(&self) -> Option<Time> {
        Some(self.times[1]).filter(|at| *at != NEVER)
    }

    /// The first host of those that are to be looked at by now.
    pub fn due(&self, now: Time) -> Option<usize> {
        if self.times[1] > now {
            return None;
        }
        let mut place = 1;
        while place < self.hosts {
            place *= 2;
            place += usize::from(self.times[place] > now);
        }
        Some(place - self.hosts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sets() -> impl Strategy<Value = Vec<(usize, Option<u64>, bool)>> {
        prop::collection::vec((0..9_usize, prop::option::of(0..5_u64), any::<bool>()), 0..40)
    }

    proptest! {
        #[test]
        fn the_first_host_of_the_first_time_is_due(count in 1..9_usize, sets in sets()) {
            let mut alarms = Alarms::new(count, Time::ZERO);
            let mut plain = vec![Some(Time::ZERO); count];
            for (host, at, by) in sets {
                let (host, at) = (host % count, at.map(Time::from_ms));
                match at {
                    Some(at) if by => {
                        alarms.set_by(host, at);
                        plain[host] = Some(plain[host].map_or(at, |before| before.min(at)));
                    }
                    Some(_) | None => {
                        alarms.set(host, at);
                        plain[host] = at;
                    }
                }
                prop_assert_eq!(alarms.next(), plain.iter().copied().flatten().min());
                for now in (0..6).map(Time::from_ms) {
                    let due = plain.iter().position(|at| at.is_some_and(|at| at <= now));
                    prop_assert_eq!(alarms.due(now), due);
                }
            }
        }
    }
}
