//! Values that change now and then, and for how long two of them disagree.

use crate::time::Time;

/// A value over time. What it is in a millisecond is what it is at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Series<T> {
    first: T,
    turns: Vec<(Time, T)>,
}

impl<T: Copy + PartialEq> Series<T> {
    /// A value that never changes yet.
    pub fn new(first: T) -> Series<T> {
        Series { first, turns: Vec::new() }
    }

    /// It is this from then on. Turns are told in order of time.
    pub fn turn(&mut self, at: Time, value: T) {
        self.turns.push((at, value));
    }

    /// What it is at the end of this millisecond.
    pub fn at(&self, at: Time) -> T {
        let place = self.turns.partition_point(|(turn, _)| *turn <= at);
        if place == 0 { self.first } else { self.turns[place - 1].1 }
    }

    /// Everything that it ever is.
    pub fn values(&self) -> impl Iterator<Item = T> {
        std::iter::once(self.first).chain(self.turns.iter().map(|(_, value)| *value))
    }

    /// When it was told anew.
    pub fn moments(&self) -> impl Iterator<Item = Time> {
        self.turns.iter().map(|(at, _)| *at)
    }
}

/// The moments before `end`, the beginning among them, each once and in order.
pub(super) fn sorted(moments: impl Iterator<Item = Time>, end: Time) -> Vec<Time> {
    let mut moments: Vec<_> = moments.chain([Time::ZERO]).filter(|at| *at < end).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The stretches `[from, to)` up to `end` in which the condition holds. It may change at these
/// moments only, which are [`sorted`].
pub(super) fn stretches(
    moments: &[Time],
    end: Time,
    holds: impl Fn(Time) -> bool,
) -> Vec<(Time, Time)> {
    let mut found: Vec<(Time, Time)> = Vec::new();
    let mut since = None;
    for &at in moments {
        match (since, holds(at)) {
            (None, true) => since = Some(at),
            (Some(from), false) => {
                found.push((from, at));
                since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found.extend(since.map(|from| (from, end)));
    found
}
