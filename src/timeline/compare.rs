//! Two timelines side by side: where they part, and what each has that the other has not.
//!
//! Events are aligned by who does what, nearest in virtual time; lines are never counted, so
//! that an event more or less moves nothing else. Name, seed and title of a run are labels
//! and no difference.

use super::align::{Marked, Pair, align};
use super::difference::{Difference, normal};
use super::read::{Section, Timeline, read};
use super::wide::{line, pad, pad_left, width};
use crate::time::Time;
use std::collections::BTreeSet;

/// How many events that are the same stand around one that is not.
const CONTEXT: usize = 3;
/// Wide enough for a day.
const TIME: usize = 9;

/// One of the two timelines, with what to call it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'t> {
    /// What the user called it.
    pub label: &'t str,
    /// The timeline as [`super::text`] prints it without a trace, or a snapshot's file.
    pub text: &'t str,
}

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What kind of difference there is.
    pub difference: Difference,
    /// All of it, for people.
    pub text: String,
}

/// Compares two timelines.
///
/// # Errors
/// Names the side that is no timeline.
pub fn compare(a: Side, b: Side) -> Result<Comparison, String> {
    let (first, second) = (timeline(a)?, timeline(b)?);
    let difference = Difference::between(first.unlabelled, second.unlabelled);
    let mut out = String::new();
    line(&mut out, &format!("a  {}", a.label));
    line(&mut out, &format!("b  {}", b.label));
    line(&mut out, &difference.to_string());
    if difference != Difference::None {
        write_lines("given", &first.header, &second.header, &mut out);
        write_events(&first, &second, &mut out);
        write_sections(&first.sections, &second.sections, &mut out);
    }
    Ok(Comparison { difference, text: out })
}

fn timeline(side: Side<'_>) -> Result<Timeline<'_>, String> {
    read(side.text).ok_or_else(|| format!("{}: no timeline", side.label))
}

fn write_events(a: &Timeline, b: &Timeline, out: &mut String) {
    let marked = align(&a.events, &b.events);
    line(out, "");
    let Some(first) = marked.iter().find(|each| each.pair != Pair::Same) else {
        line(out, "every event is the same");
        return;
    };
    line(out, &format!("they part at {}", first.at));
    let used: BTreeSet<_> = marked.iter().map(|each| each.pair).collect();
    let legend: Vec<_> = used.into_iter().filter_map(legend).collect();
    line(out, &format!("  {}", legend.join(", ")));
    let who = marked.iter().map(|each| width(each.who())).max().unwrap_or(0);
    let row = |out: &mut String, mark: &str, a: &str, b: &str, name: &str, event: &str| {
        let (a, b) = (pad_left(a, TIME), pad_left(b, TIME));
        line(out, &format!("{mark} {a}  {b}  {}  {event}", pad(name, who)));
    };
    row(out, " ", "a", "b", "who", "event");
    let mut skipped = 0;
    for (place, each) in marked.iter().enumerate() {
        if !is_near_change(&marked, place) {
            skipped += 1;
            continue;
        }
        write_skipped(skipped, out);
        skipped = 0;
        let time = |at: Option<Time>| at.map(|at| at.to_string()).unwrap_or_default();
        let (at_a, at_b) = (time(each.a.map(|e| e.at)), time(each.b.map(|e| e.at)));
        row(out, sign(each.pair), &at_a, &at_b, each.who(), each.words());
        if let (Some(a), Some(b)) = (each.a, each.b)
            && a.rows != b.rows
        {
            let rows = |rows: &[&str]| match rows {
                [] => "none".to_owned(),
                rows => rows.join(" "),
            };
            let words = format!("rows: {} in a, {} in b", rows(&a.rows), rows(&b.rows));
            row(out, sign(each.pair), "", "", "", &words);
        }
    }
    write_skipped(skipped, out);
}

fn write_skipped(events: usize, out: &mut String) {
    match events {
        0 => {}
        1 => line(out, "  … 1 event the same"),
        events => line(out, &format!("  … {events} events the same")),
    }
}

fn is_near_change(marked: &[Marked], place: usize) -> bool {
    let near = place.saturating_sub(CONTEXT)..marked.len().min(place + CONTEXT + 1);
    marked[near].iter().any(|each| each.pair != Pair::Same)
}

fn sign(pair: Pair) -> &'static str {
    match pair {
        Pair::Same => " ",
        Pair::Moved => "~",
        Pair::Turned => "%",
        Pair::Judged => "!",
        Pair::OnlyA => "-",
        Pair::OnlyB => "+",
    }
}

fn legend(pair: Pair) -> Option<&'static str> {
    match pair {
        Pair::Same => None,
        Pair::Moved => Some("~ at another time"),
        Pair::Turned => Some("% in another order within its millisecond"),
        Pair::Judged => Some("! judged otherwise"),
        Pair::OnlyA => Some("- only in a"),
        Pair::OnlyB => Some("+ only in b"),
    }
}

/// Each section of either, those of the same title and place among them together.
fn write_sections(a: &[Section], b: &[Section], out: &mut String) {
    let mut left: Vec<&Section> = b.iter().collect();
    for section in a {
        let other = left.iter().position(|other| other.title == section.title);
        match other.map(|place| left.remove(place)) {
            Some(other) => write_lines(section.title, &section.lines, &other.lines, out),
            None => write_alone("-", section, out),
        }
    }
    left.into_iter().for_each(|section| write_alone("+", section, out));
}

/// A section that only one has.
fn write_alone(sign: &str, section: &Section, out: &mut String) {
    line(out, "");
    line(out, &format!("{sign} {}", section.title));
    section.lines.iter().for_each(|text| line(out, &format!("{sign} {text}")));
}

/// The lines that differ, under a title; nothing where none does. Blanks don't count.
fn write_lines(title: &str, a: &[&str], b: &[&str], out: &mut String) {
    let words = |lines: &[&str]| lines.iter().map(|text| normal(text)).collect::<Vec<_>>();
    let (a_words, b_words) = (words(a), words(b));
    if a_words == b_words {
        return;
    }
    line(out, "");
    line(out, &format!("  {title}"));
    let common = longest_common(&a_words, &b_words);
    let (mut next_a, mut next_b) = (0, 0);
    for (to_a, to_b) in common.into_iter().chain([(a.len(), b.len())]) {
        a[next_a..to_a].iter().for_each(|text| line(out, &format!("- {text}")));
        b[next_b..to_b].iter().for_each(|text| line(out, &format!("+ {text}")));
        (next_a, next_b) = (to_a + 1, to_b + 1);
    }
}

/// The places of a longest common subsequence, in order.
pub fn longest_common(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = match a[i] == b[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut places = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}
