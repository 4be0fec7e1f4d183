//! Where a moment stands across the page.
//!
//! Two axes at once. On the *compressed* one each moment at which something happens has a
//! slot as wide as what stands there, and the gap to the next grows with the logarithm of
//! the time between: an idle hour takes a few times the room of an idle second, and nothing
//! covers anything. On the *true* one a pixel is so many milliseconds. The page switches
//! between them; zooming stretches the gaps of the one, and all of the other.

use crate::time::Time;
use std::collections::BTreeMap;

/// Pixels of a gap at the least, and for each doubling of the time in it.
const GAP_LEAST: u64 = 8;
const GAP_DOUBLING: u64 = 11;
/// Times below this are hardly told apart: the logarithm begins here.
const GAP_UNIT_MS: u64 = 64;
/// Pixels of a moment at which nothing is drawn.
const SLOT_LEAST: u32 = 2;

/// A place on both axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct X {
    /// Pixels that no zoom changes.
    pub fixed: u32,
    /// Pixels that stretch with the zoom.
    pub gaps: u32,
    /// The time itself, in ms.
    pub ms: u64,
}

/// The moments of a run, each with its room.
#[derive(Debug)]
pub struct Axis {
    slots: Vec<(Time, X, u32)>,
}

impl Axis {
    /// An axis with a slot of this width, in pixels, for each of these moments, and for the
    /// beginning and the end of the run.
    pub fn new(mut widths: BTreeMap<Time, u32>, end: Time) -> Axis {
        widths.entry(Time::ZERO).or_default();
        widths.entry(end).or_default();
        let mut slots: Vec<(Time, X, u32)> = Vec::new();
        for (at, width) in widths {
            let width = width.max(SLOT_LEAST);
            let x = match slots.last() {
                None => X { fixed: 0, gaps: 0, ms: at.ms() },
                Some((before, x, taken)) => X {
                    fixed: x.fixed + taken,
                    gaps: x.gaps + gap(at.since(*before).ms()),
                    ms: at.ms(),
                },
            };
            slots.push((at, x, width));
        }
        Axis { slots }
    }

    /// Where a moment stands; between two slots, in proportion.
    pub fn x(&self, at: Time) -> X {
        let next = self.slots.partition_point(|(slot, ..)| *slot < at);
        let Some((to, until, _)) = self.slots.get(next) else {
            return X { ms: at.ms(), ..self.width() };
        };
        if *to == at || next == 0 {
            return *until;
        }
        let (from, x, width) = &self.slots[next - 1];
        let (part, whole) = (at.since(*from).ms(), to.since(*from).ms());
        let gap = u64::from(until.gaps - x.gaps) * part / whole;
        let gap = u32::try_from(gap).expect("no more than the whole gap");
        X { fixed: x.fixed + width, gaps: x.gaps + gap, ms: at.ms() }
    }

    /// Where the last slot ends.
    pub fn width(&self) -> X {
        let (_, x, width) = self.slots.last().expect("the beginning is always there");
        X { fixed: x.fixed + width, ..*x }
    }

    /// Every slot.
    pub fn slots(&self) -> impl Iterator<Item = (Time, X)> {
        self.slots.iter().map(|(at, x, _)| (*at, *x))
    }

    /// The axis for a program: time, fixed pixels, stretching pixels, width of each slot.
    pub fn table(&self) -> Vec<[u64; 4]> {
        let row = |(at, x, width): &(Time, X, u32)| {
            [at.ms(), u64::from(x.fixed), u64::from(x.gaps), u64::from(*width)]
        };
        self.slots.iter().map(row).collect()
    }
}

/// Pixels for so many milliseconds of nothing.
fn gap(ms: u64) -> u32 {
    let value = GAP_UNIT_MS + ms;
    let doublings = u64::from(value.ilog2() - GAP_UNIT_MS.ilog2());
    let whole = GAP_UNIT_MS << doublings;
    // Between two powers of two in proportion.
    let px = GAP_LEAST + GAP_DOUBLING * doublings + GAP_DOUBLING * (value - whole) / whole;
    u32::try_from(px).expect("a u64 has 64 doublings")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Axis {
        let at = |(ms, width)| (Time::from_ms(ms), width);
        let widths = [(0, 10), (100, 30), (7_200_100, 20)];
        Axis::new(widths.map(at).into(), Time::from_ms(7_300_000))
    }

    #[test]
    fn later_stands_further_right_on_either_axis() {
        let axis = axis();
        let times = [0, 50, 100, 101, 5_000, 7_200_000, 7_200_100, 7_300_000];
        let places = times.map(|ms| axis.x(Time::from_ms(ms)));
        for pair in places.windows(2) {
            assert!(pair[0].fixed <= pair[1].fixed && pair[0].gaps <= pair[1].gaps, "{pair:?}");
            assert!(pair[0].ms < pair[1].ms, "{pair:?}");
        }
    }

    #[test]
    fn two_idle_hours_take_little_more_room_than_two_idle_seconds() {
        assert!(gap(7_200_000) < 4 * gap(2_000));
        assert!(gap(60) > gap(30) && gap(10_000) > gap(2_000));
    }

    #[test]
    fn a_slot_is_as_wide_as_it_must_be() {
        let axis = axis();
        let (first, second) = (axis.x(Time::ZERO), axis.x(Time::from_ms(100)));
        assert_eq!(second.fixed - first.fixed, 10);
        assert_eq!(axis.x(Time::from_ms(200)).fixed - second.fixed, 30);
        assert_eq!(axis.width().ms, 7_300_000);
        assert_eq!(axis.table().len(), axis.slots().count());
    }
}
