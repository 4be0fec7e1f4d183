//! Many who are to be woken, each with one time at which that is.

use super::{NEVER, Time};

/// One time for each of many, and the first of them at hand: a tournament, in which two
/// neighbours play each match and the earlier goes on. Unlike in a queue, a time that no longer
/// counts is nowhere, and for a few there are hardly any matches.
#[derive(Debug)]
pub(crate) struct Alarms {
    /// The winner of all stands at 1; match `n` is between the places `2n` and `2n + 1`, and the
    /// second half are the players, some of whom never ring.
    times: Vec<Time>,
    /// Where the players begin.
    players: usize,
}

impl Default for Alarms {
    fn default() -> Alarms {
        Alarms::with_players(4)
    }
}

impl Alarms {
    /// So many, all for this time.
    pub fn new(count: usize, at: Time) -> Alarms {
        let mut alarms = Alarms::with_players(count.next_power_of_two());
        for number in 0..count {
            alarms.set(number, Some(at));
        }
        alarms
    }

    fn with_players(players: usize) -> Alarms {
        Alarms { times: vec![NEVER; 2 * players], players }
    }

    /// This one is for then, whatever was said before.
    pub fn set(&mut self, number: usize, at: Option<Time>) {
        if number >= self.players {
            self.grow(number + 1);
        }
        let mut place = self.players + number;
        let mut winner = at.unwrap_or(NEVER);
        while std::mem::replace(&mut self.times[place], winner) != winner && place > 1 {
            winner = winner.min(self.times[place ^ 1]);
            place /= 2;
        }
    }

    fn grow(&mut self, count: usize) {
        let grown = Alarms::with_players(count.next_power_of_two());
        let old = std::mem::replace(self, grown);
        for (number, at) in old.times[old.players..].iter().enumerate() {
            self.set(number, Some(*at));
        }
    }

    /// This one is for then or earlier.
    pub fn set_by(&mut self, number: usize, at: Time) {
        if self.times.get(self.players + number).is_none_or(|before| at < *before) {
            self.set(number, Some(at));
        }
    }

    /// The first time of all.
    pub fn next(&self) -> Option<Time> {
        Some(self.times[1]).filter(|at| *at != NEVER)
    }

    /// The one whose time is the first, if it has come; of several the lowest number.
    pub fn due(&self, now: Time) -> Option<usize> {
        let first = self.next().filter(|at| *at <= now)?;
        let mut place = 1;
        while place < self.players {
            place *= 2;
            place += usize::from(self.times[place] != first);
        }
        Some(place - self.players)
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
        fn the_first_of_the_first_time_is_due(count in 1..9_usize, sets in sets()) {
            let mut alarms = Alarms::new(count, Time::ZERO);
            let mut plain = [None; 9];
            plain[..count].fill(Some(Time::ZERO));
            for (number, at, by) in sets {
                let at = at.map(Time);
                match at {
                    Some(at) if by => {
                        alarms.set_by(number, at);
                        plain[number] = Some(plain[number].map_or(at, |before| before.min(at)));
                    }
                    Some(_) | None => {
                        alarms.set(number, at);
                        plain[number] = at;
                    }
                }
                let first = plain.iter().copied().flatten().min();
                prop_assert_eq!(alarms.next(), first);
                for now in (0..6).map(Time) {
                    let place = plain.iter().position(|at| at.is_some() && *at == first);
                    let due = place.filter(|_| first.is_some_and(|at| at <= now));
                    prop_assert_eq!(alarms.due(now), due);
                }
            }
        }
    }
}
