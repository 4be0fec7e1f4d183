//! Two timelines side by side: old and new, two seeds, a run and a snapshot.

use super::chart::Chart;
use super::verdicts::chip;
use super::{draw, kept, shell};
use crate::time::Span;
use crate::timeline::{
    Difference, Entry, Marked, Pair, Section, Side, Timeline, align, longest_common, read,
};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::ptr;

/// So many events that are the same stand around one that is not.
const CONTEXT: usize = 3;
/// So long is drawn after the last event.
const TAIL: Span = Span::from_secs(5);

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What kind of difference there is.
    pub difference: Difference,
    /// The page.
    pub page: String,
}

/// Two timelines on one page, what differs marked.
///
/// # Errors
/// Names the side that is no timeline.
pub fn diff(title: &str, a: Side, b: Side) -> Result<Compared, String> {
    let (first, second) = (timeline(a)?, timeline(b)?);
    let difference = Difference::between(first.unlabelled, second.unlabelled);
    let marked = align(&first.events, &second.events);
    let changed = |events: &[Entry], which: fn(&Marked<'_>) -> bool| {
        let mut changed = vec![false; events.len()];
        for each in marked.iter().filter(|each| each.pair != Pair::Same) {
            let own = if which(each) { each.a } else { each.b };
            if let Some(place) = own.and_then(|entry| place_of(events, entry)) {
                changed[place] = true;
            }
        }
        changed
    };
    let in_a = changed(&first.events, |_| true);
    let in_b = changed(&second.events, |_| false);
    // A timeline ends with its last event; the state that this brought is to be seen.
    let last = first.events.iter().chain(&second.events).map(|entry| entry.at).max();
    let end = last.unwrap_or_default() + TAIL;
    let old = kept::of_text(&first, &|place| in_a[place], end);
    let new = kept::of_text(&second, &|place| in_b[place], end);
    let axis = Chart::axis(&[&old, &new]);
    let header = html! {
        h1 { bdi { (title) } }
        p.facts {
            (chip(if difference == Difference::None { "good" } else { "unsure" }, &difference.to_string()))
            @if let Some(first) = marked.iter().find(|each| each.pair != Pair::Same) {
                " " span { "they part at " code { (first.at) } }
            }
        }
        p { b { "a" } " " bdi { (a.label) } }
        p { b { "b" } " " bdi { (b.label) } }
    };
    let main = html! {
        section aria-labelledby="timelines" {
            h2 #timelines { "Timelines" }
            h3 { "a " small { bdi { (a.label) } } }
            (draw::chart(&old, &axis, "chart-a", "timeline a, scrolls sideways", "a"))
            h3 { "b " small { bdi { (b.label) } } }
            (draw::chart(&new, &axis, "chart-b", "timeline b, scrolls sideways", "b"))
            (draw::legend(false))
        }
        section aria-labelledby="events" {
            h2 #events { "Events" }
            p.count { (counts(&marked)) }
            ol.pairs {
                li.heads { span {} span { "a" } span { "b" } }
                (events(&first, &second, &marked))
            }
        }
        (sections(&first, &second))
    };
    let page = shell::document(&format!("{title} · zimsim diff"), None, header, main);
    Ok(Compared { difference, page })
}

fn timeline(side: Side<'_>) -> Result<Timeline<'_>, String> {
    read(side.text).ok_or_else(|| format!("{}: no timeline", side.label))
}

fn place_of(events: &[Entry], entry: &Entry) -> Option<usize> {
    events.iter().position(|own| ptr::eq(own, entry))
}

/// `12 the same, 3 at another time, 1 only in b`
fn counts(marked: &[Marked]) -> String {
    let mut counts: BTreeMap<Pair, usize> = BTreeMap::new();
    marked.iter().for_each(|each| *counts.entry(each.pair).or_default() += 1);
    let words = counts.into_iter().map(|(pair, count)| format!("{count} {}", look(pair).2));
    words.collect::<Vec<_>>().join(", ")
}

/// Class, sign and words of a kind of pair.
fn look(pair: Pair) -> (&'static str, &'static str, &'static str) {
    match pair {
        Pair::Same => ("same", "", "the same"),
        Pair::Moved => ("moved", "~", "at another time"),
        Pair::Turned => ("turned", "%", "in another order within a millisecond"),
        Pair::Judged => ("judged", "!", "judged otherwise"),
        Pair::OnlyA => ("only-a", "−", "only in a"),
        Pair::OnlyB => ("only-b", "+", "only in b"),
    }
}

/// Every pair; long stretches of what is the same are folded.
fn events(a: &Timeline, b: &Timeline, marked: &[Marked]) -> Markup {
    let near = |place: usize| {
        let near = place.saturating_sub(CONTEXT)..marked.len().min(place + CONTEXT + 1);
        marked[near].iter().any(|each| each.pair != Pair::Same)
    };
    let mut groups: Vec<(bool, Vec<&Marked>)> = Vec::new();
    for (place, each) in marked.iter().enumerate() {
        match groups.last_mut().filter(|(shown, _)| *shown == near(place)) {
            Some((_, group)) => group.push(each),
            None => groups.push((near(place), vec![each])),
        }
    }
    html! {
        @for (shown, group) in groups {
            @if shown {
                @for each in group { (pair(a, b, each)) }
            } @else {
                li.fold { details {
                    summary { (group.len()) @if group.len() == 1 { " event" } @else { " events" } " the same" }
                    ol { @for each in group { (pair(a, b, each)) } }
                } }
            }
        }
    }
}

fn pair(a: &Timeline, b: &Timeline, marked: &Marked) -> Markup {
    let (class, sign, words) = look(marked.pair);
    html! {
        li.(class) {
            span.sign title=(words) { (sign) }
            (side("a", a, marked.a))
            (side("b", b, marked.b))
        }
    }
}

fn side(name: &str, timeline: &Timeline, entry: Option<&Entry>) -> Markup {
    let place = entry.and_then(|entry| Some((entry, place_of(&timeline.events, entry)?)));
    html! {
        @match place {
            None => span.side.(name) {},
            Some((entry, place)) => span.side.(name) id=(format!("e{name}{place}")) {
                a.time href=(format!("#m{name}{place}")) { (entry.at) } " "
                span.who { bdi { (entry.who) } } " "
                bdi { (entry.normal) }
                @for row in &entry.rows { " " span.chip.bad[row.starts_with('!')] { (row) } }
            },
        }
    }
}

/// What differs below the events, and in what was given.
fn sections(a: &Timeline, b: &Timeline) -> Markup {
    let given =
        |timeline: &Timeline<'_>| timeline.header.iter().map(|line| (*line).to_owned()).collect();
    let mut all: Vec<(String, Vec<String>, Vec<String>)> =
        vec![("given".to_owned(), given(a), given(b))];
    let lines =
        |section: &Section| section.lines.iter().map(|line| (*line).trim().to_owned()).collect();
    let mut left: Vec<&Section> = b.sections.iter().collect();
    for section in &a.sections {
        let other = left.iter().position(|other| other.title == section.title);
        let other = other.map(|place| lines(left.remove(place))).unwrap_or_default();
        all.push((section.title.to_owned(), lines(section), other));
    }
    all.extend(left.into_iter().map(|each| (each.title.to_owned(), Vec::new(), lines(each))));
    all.retain(|(_, a, b)| normal(a) != normal(b));
    html! {
        @if !all.is_empty() {
            section aria-labelledby="sections" {
                h2 #sections { "What else differs" }
                @for (title, a, b) in &all { h3 { bdi { (title) } } (lines_of(a, b)) }
            }
        }
    }
}

fn normal(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn lines_of(a: &[String], b: &[String]) -> Markup {
    let (a_words, b_words) = (normal(a), normal(b));
    let common = longest_common(&a_words, &b_words);
    let (mut next_a, mut next_b) = (0, 0);
    let mut rows: Vec<(&str, &str, &str, &str)> = Vec::new();
    for (to_a, to_b) in common.into_iter().chain([(a.len(), b.len())]) {
        rows.extend(a[next_a..to_a].iter().map(|line| ("only-a", "−", line.as_str(), "")));
        rows.extend(b[next_b..to_b].iter().map(|line| ("only-b", "+", "", line.as_str())));
        if let (Some(a), Some(b)) = (a.get(to_a), b.get(to_b)) {
            rows.push(("same", "", a, b));
        }
        (next_a, next_b) = (to_a + 1, to_b + 1);
    }
    html! {
        ol.pairs {
            @for (class, sign, a, b) in rows {
                li.(class) {
                    span.sign { (sign) }
                    span.side.a { bdi { (a) } }
                    span.side.b { bdi { (b) } }
                }
            }
        }
    }
}
