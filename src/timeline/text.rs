//! The timeline as text: the form of the snapshots.

use super::event::Words;
use super::wide::{line, pad, pad_left, width};
use super::{crowd, header, sections, trace};
use crate::contract::Report;
use crate::record::{ClientId, Event, Record, Recording};
use crate::scenario::Plan;
use crate::time::Time;
use std::collections::BTreeMap;

/// Wide enough for a day; a fixed column moves no line when another run is longer.
const TIME: usize = 9;
/// Wide enough for nearly every callback; the row stands behind it.
const EVENT: usize = 62;

/// One run for people. `trace`: with everything that happened on the wire and inside the
/// cores, as far as the recording holds it.
pub fn text(plan: &Plan, recording: &Recording, report: &Report, trace: bool) -> String {
    let mut out = String::new();
    header::header(plan, &mut out);
    line(&mut out, "");
    if plan.crowds.is_empty() || trace {
        events(plan, recording, report, trace, &mut out);
        sections::write(plan, recording, report, trace, &mut out);
        return out;
    }
    let told = crowd::without(plan, report);
    events(plan, recording, &told, false, &mut out);
    crowd::write(plan, recording, report, &mut out);
    sections::write(plan, recording, &told, false, &mut out);
    out
}

fn events(plan: &Plan, recording: &Recording, report: &Report, trace: bool, out: &mut String) {
    let words = Words::new(plan, recording);
    let rows = rows_by_record(report);
    let columns = Columns::of(plan, trace);
    columns.write(out, ["time", "since", "who", "event", "row"]);
    let mut since = Since::new(plan);
    for (index, record) in recording.records.iter().enumerate() {
        if !trace && !crowd::is_listed(plan, record.who) {
            continue;
        }
        let event = match words.event(record) {
            Some(event) => Some(event),
            None if trace => Some(trace::event(&record.event)),
            None => None,
        };
        let Some(event) = event else { continue };
        let time = record.at.to_string();
        let row = rows.get(&index).map(|rows| rows.join(" ")).unwrap_or_default();
        let offset = since.of(record);
        columns.write(out, [&time, &offset, words.who(record.who), &event, &row]);
    }
}

/// The rows that each record exhibits, in the order of the findings.
pub fn rows_by_record(report: &Report) -> BTreeMap<usize, Vec<String>> {
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for finding in &report.findings {
        let Some(index) = finding.record else { continue };
        let mark = if finding.verdict.is_held() { "" } else { "!" };
        let row = format!("{mark}{}", finding.row);
        let here = rows.entry(index).or_default();
        // One connection callback is T1 of several rooms.
        if !here.contains(&row) {
            here.push(row);
        }
    }
    rows
}

/// Widths of the columns that depend on names; taken from the plan, so that what happens
/// in a run does not move them.
struct Columns {
    since: usize,
    who: usize,
}

impl Columns {
    fn of(plan: &Plan, trace: bool) -> Columns {
        const LONGEST_OFFSET: usize = ".end+100.000".len();
        let names = plan.faults.iter().filter_map(|fault| fault.name.as_deref());
        let since = names.map(|name| width(name) + LONGEST_OFFSET).max().unwrap_or(0);
        let listed = |place: &usize| trace || plan.crowd_of(ClientId(*place)).is_none();
        let clients = (0..plan.clients.len()).filter(listed);
        let clients = clients.map(|place| plan.client_name(ClientId(place)));
        let who = clients.chain(["net", "server"]).map(width).max().unwrap_or(0);
        Columns { since: since.max("since".len()), who }
    }

    fn write(&self, out: &mut String, [time, since, who, event, row]: [&str; 5]) {
        let time = pad_left(time, TIME);
        let since = pad(since, self.since);
        let who = pad(who, self.who);
        line(out, &format!("{time}  {since}  {who}  {}  {row}", pad(event, EVENT)));
    }
}

/// How long ago the latest named fault began or ended; at a named fault's end, how long ago
/// that fault began.
pub struct Since<'a> {
    plan: &'a Plan,
    latest: Option<(String, Time)>,
}

impl<'a> Since<'a> {
    /// At the beginning of a run.
    pub fn new(plan: &'a Plan) -> Since<'a> {
        Since { plan, latest: None }
    }

    /// This record's offset; the record itself may begin or end a fault. Records must be
    /// given in order.
    pub fn of(&mut self, record: &Record) -> String {
        let mut from = self.latest.clone();
        if let Event::FaultBegan(fault) | Event::FaultEnded(fault) = &record.event
            && let Some(name) = &self.plan.faults[fault.0].name
        {
            let ended = matches!(record.event, Event::FaultEnded(_));
            if ended {
                from = Some((name.clone(), self.plan.faults[fault.0].from));
            }
            let end = if ended { ".end" } else { "" };
            self.latest = Some((format!("{name}{end}"), record.at));
        }
        let Some((name, from)) = from else { return String::new() };
        format!("{name}+{}", seconds(record.at, from))
    }
}

/// `15.000`
fn seconds(at: Time, from: Time) -> String {
    Time::from_ms(at.since(from).ms()).to_string()
}
