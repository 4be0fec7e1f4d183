//! The events as a list, and the trace.

use super::cast::Cast;
use crate::contract::Report;
use crate::record::{Event, Record, Recording, Who};
use crate::scenario::Plan;
use crate::time::Time;
use crate::timeline::{Since, Words, rows_by_record, trace_words};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// So many lines of trace are kept in a page; a longer one is for the terminal.
const TRACE: usize = 20_000;

/// A run's records in words.
pub struct Events<'a> {
    recording: &'a Recording,
    cast: Cast<'a>,
    words: Words<'a>,
    rows: BTreeMap<usize, Vec<String>>,
    since: Vec<String>,
}

impl<'a> Events<'a> {
    /// For one run.
    pub fn new(plan: &'a Plan, recording: &'a Recording, report: &Report) -> Events<'a> {
        let mut since = Since::new(plan);
        Events {
            recording,
            cast: Cast::of(plan),
            words: Words::new(plan, recording),
            rows: rows_by_record(report),
            since: recording.records.iter().map(|record| since.of(record)).collect(),
        }
    }

    /// A moment, as a link to what stands in the list there: the first event of that
    /// moment, else the last one before it.
    pub fn moment(&self, at: Time) -> Markup {
        let listed = self.recording.records.iter().enumerate().filter(|(_, r)| self.lists(r));
        let mut before = None;
        for (index, record) in listed {
            if record.at > at {
                break;
            }
            let same = before.is_some_and(|(_, when)| when == at);
            if !same {
                before = Some((index, record.at));
            }
        }
        html! {
            @match before {
                Some((index, _)) => a.time href=(format!("#e{index}")) { (at) },
                None => span.time { (at) },
            }
        }
    }

    /// An event's time, as a link to it; for what the list does not show, to what it shows of
    /// that moment.
    pub fn link(&self, index: usize) -> Markup {
        let record = &self.recording.records[index];
        if !self.lists(record) {
            return self.moment(record.at);
        }
        html! { a.time href=(format!("#e{index}")) { (record.at) } }
    }

    fn lists(&self, record: &Record) -> bool {
        is_listed(record) && self.cast.shows(record)
    }

    /// What an app can see, what the scenario did, and what the server knows.
    pub fn list(&self) -> Markup {
        let records = self.recording.records.iter().enumerate().filter(|(_, r)| self.lists(r));
        html! {
            ol.events {
                @for (index, record) in records { (self.item(index, record)) }
            }
        }
    }

    fn item(&self, index: usize, record: &Record) -> Markup {
        let who = self.words.who(record.who);
        let (class, words) = match self.words.event(record) {
            Some(words) => ("public", words),
            None => ("fact", bare(&record.event)),
        };
        let rows = self.rows.get(&index).map_or(&[][..], |rows| rows);
        html! {
            li.(class) id=(format!("e{index}")) data-who=(who) {
                a.time href=(format!("#m{index}")) { (record.at) } " "
                span.since { bdi { (self.since[index]) } } " "
                span.who.(who_class(record.who)) { bdi { (who) } } " "
                span.what { bdi { (words) } }
                @for row in rows {
                    " " (row_chip(row))
                }
            }
        }
    }

    /// Everything below, folded.
    pub fn trace(&self) -> Markup {
        let below = |record: &&Record| !is_listed(record) && self.cast.shows(record);
        let lines = || self.recording.records.iter().filter(below);
        let count = lines().count();
        html! {
            @if count > 0 {
                details #trace {
                    summary { h2 { "Trace" } " " span.count { (count) " frames, segments and changes of state" } }
                    @if count > TRACE {
                        p { "Cut after " (TRACE) " lines: " code { "zimsim run --trace" } " prints all of it." }
                    }
                    pre.trace tabindex="0" {
                        @for record in lines().take(TRACE) {
                            (record.at) "  " (self.words.who(record.who)) "  " (bare(&record.event)) "\n"
                        }
                    }
                }
            }
        }
    }
}

/// Whether the list shows it: public events, and the server's facts.
fn is_listed(record: &Record) -> bool {
    match &record.event {
        Event::Server(_) => true,
        Event::Wire(_) => false,
        Event::Called { .. }
        | Event::Result { .. }
        | Event::Callback(_)
        | Event::Shown { .. }
        | Event::FaultBegan(_)
        | Event::FaultEnded(_)
        | Event::FaultPhase(..)
        | Event::LinkChanged(_)
        | Event::ProcessDied
        | Event::ProcessStarted
        | Event::Admin { .. } => true,
    }
}

/// The words of a trace without the sign before them.
fn bare(event: &Event) -> String {
    let words = trace_words(event);
    words.trim_start_matches(['=', '.']).trim_start().to_owned()
}

fn who_class(who: Who) -> &'static str {
    match who {
        Who::Net => "net",
        Who::Server => "server",
        Who::Client(_) => "client",
    }
}

/// A row's name, as a link to its verdict.
pub fn row_chip(row: &str) -> Markup {
    let id = row.trim_start_matches('!');
    let bad = row.starts_with('!');
    html! {
        a.chip.bad[bad] href=(format!("#row-{id}")) { (id) @if bad { " contradicted" } }
    }
}
