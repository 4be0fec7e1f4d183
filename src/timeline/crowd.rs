//! Crowds in a timeline: numbers instead of thousands of lines.
//!
//! What a crowd's members hear, call and suffer is judged like anybody's; it is only not
//! listed. [`without`] leaves out their verdicts, [`write`] says what became of them together.

use super::sections::tally_words;
use super::storm::{End, Second, Storm, percentile};
use super::wide::{line, pad, pad_left};
use crate::contract::{Converged, ROWS, Report, Tally};
use crate::record::{ClientId, Recording, Who};
use crate::scenario::{CrowdPlan, Plan};
use crate::time::{Span, Time};

/// How many lines the table of a crowd has at the most.
const LINES: usize = 30;
/// The widths in time of its lines, in seconds.
const STEPS: [usize; 10] = [1, 2, 5, 10, 20, 60, 120, 300, 600, 3600];
/// How wide its columns are.
const COLUMN: usize = 11;
/// How wide the longest bar is.
const BAR: usize = 30;

/// Whether this one's events are listed one by one.
pub fn is_listed(plan: &Plan, who: Who) -> bool {
    match who {
        Who::Net | Who::Server => true,
        Who::Client(client) => plan.crowd_of(client).is_none(),
    }
}

/// The report without what the members of crowds make of it, but for failures and loose ends.
pub fn without(plan: &Plan, report: &Report) -> Report {
    let alone = |client: ClientId| plan.crowd_of(client).is_none();
    let mut told = report.clone();
    told.outages.retain(|outage| alone(outage.client));
    told.findings.retain(|finding| alone(finding.client));
    told.app.retain(|misstep| alone(misstep.client));
    told.liveness.retain(|each| alone(each.client));
    told
}

/// What became of each crowd, by itself.
pub fn text(plan: &Plan, recording: &Recording, report: &Report) -> String {
    let mut out = String::new();
    write(plan, recording, report, &mut out);
    out.trim_start().to_owned()
}

/// What became of each crowd.
pub fn write(plan: &Plan, recording: &Recording, report: &Report, out: &mut String) {
    for crowd in &plan.crowds {
        let storm = Storm::of(recording, &crowd.members);
        line(out, "");
        line(out, &format!("{}, a crowd of {}", crowd.name, storm.clients.len()));
        for (what, words) in numbers(plan, &storm) {
            line(out, &format!("  {}  {words}", pad(&what, 15)));
        }
        let rows = rows(crowd, report);
        for (place, (row, tally)) in rows.iter().enumerate() {
            let what = if place == 0 { "rows" } else { "" };
            line(out, &format!("  {}  {}  {tally}", pad(what, 15), pad(row, 15)));
        }
        line(out, &format!("  {}  {}", pad("waits", 15), waits(crowd, report)));
        line(out, "");
        table(&storm, out);
    }
}

/// Each number with what it counts.
fn numbers(plan: &Plan, storm: &Storm) -> Vec<(String, String)> {
    let connected = storm.first_connected();
    let last = connected.last().map(|at| format!(", the last at {at}")).unwrap_or_default();
    let mut lines = vec![("connected".to_owned(), format!("{}{last}", connected.len()))];
    let entered = storm.clients.iter().filter(|one| one.entered).count();
    if entered > 0 {
        lines.push(("in a room".to_owned(), format!("{entered}")));
    }
    lines.extend(losses(storm));
    for fault in &plan.faults {
        let (Some(name), Some(to)) = (&fault.name, fault.to) else { continue };
        let back = storm.back_after(to);
        if !back.is_empty() {
            lines.push((format!("after {name}"), format!("{} back: {}", back.len(), spans(&back))));
        }
    }
    let busiest = match storm.busiest() {
        Some((most, at)) if most > 0 => format!(", at most {most} in one second (from {at} s on)"),
        Some(_) | None => String::new(),
    };
    lines.push(("attempts".to_owned(), format!("{}{busiest}", storm.attempts())));
    if let Some((longest, at)) = storm.line {
        lines.push(("line at server".to_owned(), format!("at most {longest} logins, at {at}")));
    }
    lines
}

fn losses(storm: &Storm) -> Vec<(String, String)> {
    let lost: Vec<_> = storm.losses().collect();
    let (Some(first), Some(last)) =
        (lost.iter().map(|(at, _)| *at).min(), lost.iter().map(|(at, _)| *at).max())
    else {
        return vec![("lost".to_owned(), "no connection".to_owned())];
    };
    let clients = storm.clients.iter().filter(|one| !one.losses.is_empty()).count();
    let words = format!("{} connections of {clients} clients, {first} to {last}", lost.len());
    let over = lost.iter().filter(|(_, end)| matches!(end, Some(End::Over(_)))).count();
    let open = lost.iter().filter(|(_, end)| end.is_none()).count();
    let back = storm.recoveries();
    let mut rest = format!("{}", back.len());
    if over > 0 {
        rest.push_str(&format!(", {over} sessions ended instead"));
    }
    if open > 0 {
        rest.push_str(&format!(", {open} still tried when the run ended"));
    }
    let mut lines = vec![("lost".to_owned(), words), ("recovered".to_owned(), rest)];
    if !back.is_empty() {
        lines.push(("without it for".to_owned(), spans(&back)));
    }
    lines
}

/// `half within 4.200, 90% within 12.000 …`, in seconds; spans are in order.
fn spans(spans: &[Span]) -> String {
    let named = [("half within", 50), ("90% within", 90), ("99% within", 99), ("all within", 100)];
    let parts = named.into_iter().filter_map(|(words, percent)| {
        let span = percentile(spans, percent)?;
        Some(format!("{words} {}", Time::from_ms(span.ms())))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Each row that the crowd exercised, with its tally in words.
fn rows(crowd: &CrowdPlan, report: &Report) -> Vec<(&'static str, String)> {
    let own = || report.findings.iter().filter(|f| crowd.members.contains(&f.client.0));
    let rows = ROWS.iter().filter_map(|row| {
        let findings: Vec<_> = own().filter(|finding| finding.row == row.id).collect();
        (!findings.is_empty()).then(|| (row.id, tally_words(&Tally::of(findings))))
    });
    rows.collect()
}

/// Whether the waits of all of them ended.
fn waits(crowd: &CrowdPlan, report: &Report) -> String {
    let (mut held, mut broken, mut open) = (0, 0, 0);
    for each in report.liveness.iter().filter(|each| crowd.members.contains(&each.client.0)) {
        match each.verdict {
            Converged::Held { .. } => held += 1,
            Converged::Broken(_) => broken += 1,
            Converged::NotJudged => open += 1,
        }
    }
    let parts = [(held, "ended in time"), (broken, "BROKEN"), (open, "not judged")];
    let words = parts.into_iter().filter(|(count, _)| *count > 0);
    words.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}

/// Attempts, connections and the line over time, in at most [`LINES`] lines; of a time in
/// which nothing changes only the first.
fn table(storm: &Storm, out: &mut String) {
    let seconds = &storm.seconds;
    let step = STEPS.into_iter().find(|step| seconds.len().div_ceil(*step) <= LINES);
    let step = step.unwrap_or(seconds.len().div_ceil(LINES));
    let chunks: Vec<_> = seconds.chunks(step).collect();
    let tried = |chunk: &[Second]| chunk.iter().map(|second| second.attempts).sum();
    let most = chunks.iter().map(|chunk| tried(chunk)).max().unwrap_or(0).max(1);
    let with_line = storm.line.is_some();
    let in_line = |words: &str| if with_line { pad_left(words, COLUMN) } else { String::new() };
    let head = ["from s", "attempts", "connected"].map(|word| pad_left(word, COLUMN)).concat();
    line(out, &format!("  {head}{}", in_line("in line")));
    let mut before = None;
    for (place, chunk) in chunks.iter().enumerate() {
        let attempts: usize = tried(chunk);
        let connected = chunk.last().map_or(0, |second| second.connected);
        let longest = chunk.iter().map(|second| second.line).max().unwrap_or(0);
        let quiet = (attempts, connected, longest);
        if attempts == 0 && before == Some(quiet) {
            continue;
        }
        before = Some(quiet);
        let numbers = [place * step, attempts, connected].map(|n| pad_left(&n.to_string(), COLUMN));
        let bar = "#".repeat((attempts * BAR).div_ceil(most));
        let longest = in_line(&longest.to_string());
        line(out, &format!("  {}{longest}  {bar}", numbers.concat()));
    }
}
