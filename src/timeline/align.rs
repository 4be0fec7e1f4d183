//! Which event of one run is which of another: the same words of the same client, nearest
//! in virtual time, in order.

use super::read::Entry;
use crate::time::Time;
use std::collections::BTreeMap;

/// How an event of two runs compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pair {
    /// In both, at the same time, under the same rows.
    Same,
    /// In both, at other times.
    Moved,
    /// In both, at the same time, in another order within that millisecond.
    Turned,
    /// In both, at the same time, under other rows.
    Judged,
    /// In the first only.
    OnlyA,
    /// In the second only.
    OnlyB,
}

/// An event of either run, or of both.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'e> {
    /// How it compares.
    pub pair: Pair,
    /// The earlier of its times.
    pub at: Time,
    /// In the first run.
    pub a: Option<&'e Entry<'e>>,
    /// In the second.
    pub b: Option<&'e Entry<'e>>,
}

impl<'e> Marked<'e> {
    fn either(&self) -> Option<&'e Entry<'e>> {
        self.a.or(self.b)
    }

    /// Whose event.
    pub fn who(&self) -> &'e str {
        self.either().map_or("", |entry| entry.who)
    }

    /// The event as it is printed.
    pub fn words(&self) -> &'e str {
        self.either().map_or("", |entry| entry.words)
    }
}

/// Every event of both runs, by time.
pub fn align<'e>(a: &'e [Entry<'e>], b: &'e [Entry<'e>]) -> Vec<Marked<'e>> {
    let mut alike: BTreeMap<(&str, &str), [Vec<usize>; 2]> = BTreeMap::new();
    for (side, events) in [a, b].into_iter().enumerate() {
        for (place, entry) in events.iter().enumerate() {
            alike.entry((entry.who, &entry.normal)).or_default()[side].push(place);
        }
    }
    let mut places: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    for [of_a, of_b] in alike.values() {
        places.extend(nearest(a, b, of_a, of_b));
    }
    let at = |(a_place, b_place): &(Option<usize>, Option<usize>)| {
        let times = [a_place.map(|place| a[place].at), b_place.map(|place| b[place].at)];
        times.into_iter().flatten().min().unwrap_or_default()
    };
    places.sort_by_key(|pair| (at(pair), pair.0.or(pair.1), pair.0.is_none()));
    let mut furthest = None;
    let mark = |pair: (Option<usize>, Option<usize>)| {
        let (in_a, in_b) = (pair.0.map(|place| &a[place]), pair.1.map(|place| &b[place]));
        let kind = match (in_a, in_b) {
            (Some(_), None) => Pair::OnlyA,
            (None, _) => Pair::OnlyB,
            (Some(first), Some(second)) if first.at != second.at => Pair::Moved,
            (Some(_), Some(_)) if pair.1 < furthest => Pair::Turned,
            (Some(first), Some(second)) if first.rows != second.rows => Pair::Judged,
            (Some(_), Some(_)) => Pair::Same,
        };
        // A moved event may stand far from its fellows; that turns no other round.
        if kind != Pair::Moved {
            furthest = furthest.max(pair.1.filter(|_| in_a.is_some()));
        }
        Marked { pair: kind, at: at(&pair), a: in_a, b: in_b }
    };
    places.into_iter().map(mark).collect()
}

/// Pairs events of the same words, as many as there are on the shorter side, in order, so
/// that all together they move least.
fn nearest(
    a: &[Entry],
    b: &[Entry],
    of_a: &[usize],
    of_b: &[usize],
) -> Vec<(Option<usize>, Option<usize>)> {
    if of_a.len() > of_b.len() {
        let turned = nearest(b, a, of_b, of_a);
        return turned.into_iter().map(|(b_place, a_place)| (a_place, b_place)).collect();
    }
    let moved = |i: usize, j: usize| a[of_a[i]].at.ms().abs_diff(b[of_b[j]].at.ms());
    // least[i][j]: the least that the first i of a move when paired with the first j of b.
    let mut least = vec![vec![0_u64; of_b.len() + 1]; of_a.len() + 1];
    for i in 1..=of_a.len() {
        least[i][i - 1] = u64::MAX;
        for j in i..=of_b.len() {
            let paired = least[i - 1][j - 1].saturating_add(moved(i - 1, j - 1));
            least[i][j] = paired.min(least[i][j - 1]);
        }
    }
    let (mut i, mut j) = (of_a.len(), of_b.len());
    let mut pairs = Vec::new();
    while j > 0 {
        let skip = i == 0 || (j > i && least[i][j] == least[i][j - 1]);
        j -= 1;
        if skip {
            pairs.push((None, Some(of_b[j])));
        } else {
            i -= 1;
            pairs.push((Some(of_a[i]), Some(of_b[j])));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(events: &[(u64, &'static str)]) -> Vec<Entry<'static>> {
        let entry = |(at, words): &(u64, &'static str)| Entry {
            at: Time::from_ms(*at),
            who: "alice",
            words,
            normal: (*words).to_owned(),
            rows: Vec::new(),
        };
        events.iter().map(entry).collect()
    }

    /// Each event's kind, with its times.
    fn kinds(a: &[(u64, &'static str)], b: &[(u64, &'static str)]) -> Vec<(Pair, u64, u64)> {
        let (a, b) = (entries(a), entries(b));
        let time = |entry: Option<&Entry>| entry.map_or(0, |entry| entry.at.ms());
        align(&a, &b).iter().map(|each| (each.pair, time(each.a), time(each.b))).collect()
    }

    #[test]
    fn an_event_more_moves_no_other() {
        let a = [(10, "x"), (30, "x"), (40, "y")];
        let b = [(10, "x"), (20, "x"), (30, "x"), (40, "y")];
        let more = [(Pair::Same, 10, 10), (Pair::OnlyB, 0, 20), (Pair::Same, 30, 30)];
        assert_eq!(kinds(&a, &b), [&more[..], &[(Pair::Same, 40, 40)]].concat());
        let less = [(Pair::Same, 10, 10), (Pair::OnlyA, 20, 0), (Pair::Same, 30, 30)];
        assert_eq!(kinds(&b, &a), [&less[..], &[(Pair::Same, 40, 40)]].concat());
    }

    #[test]
    fn what_moved_finds_itself_again_in_order() {
        let a = [(10, "x"), (50, "x"), (60, "z")];
        let b = [(12, "x"), (55, "x"), (60, "z"), (61, "w")];
        let moved = [(Pair::Moved, 10, 12), (Pair::Moved, 50, 55)];
        let rest = [(Pair::Same, 60, 60), (Pair::OnlyB, 0, 61)];
        assert_eq!(kinds(&a, &b), [moved, rest].concat());
    }

    #[test]
    fn another_order_within_a_millisecond_is_told() {
        let turned = kinds(&[(10, "x"), (10, "y"), (11, "z")], &[(10, "y"), (10, "x"), (11, "z")]);
        let expected = [(Pair::Same, 10, 10), (Pair::Turned, 10, 10), (Pair::Same, 11, 11)];
        assert_eq!(turned, expected);
    }

    #[test]
    fn other_rows_are_another_judgement() {
        let a = entries(&[(10, "x")]);
        let mut b = a.clone();
        b[0].rows = vec!["!4.T0"];
        let [only] = &align(&a, &b)[..] else { panic!("one event") };
        assert_eq!((only.pair, only.words(), only.who()), (Pair::Judged, "x", "alice"));
    }
}
