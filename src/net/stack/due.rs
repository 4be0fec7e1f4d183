//! When to poll which connection.

use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The connections' times, earliest first. A connection has one time or none, and moves it
/// with nearly every packet; the times that it had before stay in the heap until they come
/// up, which is cheaper than to look for them.
#[derive(Debug, Default)]
pub(super) struct Due {
    heap: BinaryHeap<Reverse<(Time, usize)>>,
    /// By connection: the time that counts.
    times: Vec<Option<Time>>,
}

impl Due {
    /// From now on this connection's time is `at`.
    pub fn set(&mut self, key: usize, at: Option<Time>) {
        if key >= self.times.len() {
            self.times.resize(key + 1, None);
        }
        if std::mem::replace(&mut self.times[key], at) == at {
            return;
        }
        self.heap.extend(at.map(|at| Reverse((at, key))));
        // What stands first counts: so that `next` need only look.
        while let Some(Reverse((at, key))) = self.heap.peek()
            && self.times[*key] != Some(*at)
        {
            self.heap.pop();
        }
    }

    /// The earliest time, and whose it is; of several the connection that began first.
    pub fn next(&self) -> Option<(Time, usize)> {
        self.heap.peek().map(|Reverse(first)| *first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_time_set_counts() {
        let ms = |ms| Some(Time::from_ms(ms));
        let mut due = Due::default();
        assert_eq!(due.next(), None);
        for (key, at, next) in [
            (0, ms(5), Some((5, 0))),
            (2, ms(3), Some((3, 2))),
            (1, ms(3), Some((3, 1))),
            (1, ms(9), Some((3, 2))),
            (2, None, Some((5, 0))),
            (0, ms(9), Some((9, 0))),
            (0, ms(5), Some((5, 0))),
            (0, None, Some((9, 1))),
            (1, None, None),
        ] {
            due.set(key, at);
            assert_eq!(due.next(), next.map(|(at, key)| (Time::from_ms(at), key)));
        }
    }
}
