//! One run as a Mermaid `sequenceDiagram`: it shows where Markdown does, in a pull request.
//!
//! Mermaid draws no more than 50,000 characters (`maxTextSize`), and takes a diagram of more
//! than 500 steps (`maxEdges`) for too much; neither can a reader. What doesn't fit is left
//! out, the least important first, and the diagram says so.

use super::cast::Cast;
use super::chart::Kind;
use super::lanes;
use super::page::Run;
use crate::record::{ClientId, Event, Who};
use crate::time::Time;
use crate::timeline::Words;

/// Mermaid's own limit, less room for the note that says what is missing.
const CHARACTERS: usize = 50_000 - 400;
/// Mermaid's own limit of steps.
const STEPS: usize = 500;
/// A longer text is cut: a note does not wrap.
const TEXT: usize = 90;

/// A line of the diagram, with its moment.
struct Step {
    at: Time,
    /// Whether it is drawn only where there is room.
    wire: bool,
    text: String,
}

/// The run as a diagram: each client's calls and callbacks as notes, messages as arrows
/// (heartbeats aside, and only where the recording holds a trace), faults across all.
pub fn mermaid(run: &Run) -> String {
    let mut steps = notes(run);
    steps.extend(messages(run));
    // What arrives comes before what is made of it.
    steps.sort_by_key(|step| (step.at, !step.wire));
    let head = head(run);
    let all = steps.len();
    // First the wire goes, then the end of the run.
    if !fits(&head, &steps) {
        steps.retain(|step| !step.wire);
    }
    let public = steps.len();
    while !fits(&head, &steps) {
        steps.pop();
    }
    let left_out = all - steps.len();
    let mut out = head;
    steps.iter().for_each(|step| out.push_str(&step.text));
    if left_out > 0 {
        let what = if steps.len() == public { "messages" } else { "messages and events" };
        let note = format!("cut: {left_out} {what} left out, Mermaid draws no more");
        out.push_str(&over_all(run, &note));
    }
    out
}

fn fits(head: &str, steps: &[Step]) -> bool {
    let characters = steps.iter().map(|step| step.text.chars().count()).sum::<usize>();
    // One step is kept for the note of what was cut.
    head.chars().count() + characters <= CHARACTERS && steps.len() < STEPS
}

fn head(run: &Run) -> String {
    let plan = run.plan;
    let mut out = format!("sequenceDiagram\n  accTitle: {}\n", escape(&plan.title));
    let cast = Cast::of(plan);
    for (place, client) in plan.clients.iter().enumerate() {
        if !cast.has(ClientId(place)) {
            continue;
        }
        out.push_str(&format!("  participant c{place} as {}\n", escape(&client.name)));
    }
    out.push_str("  participant s as server\n");
    let verdict = match run.report.failures.len() {
        0 => "all held".to_owned(),
        count => format!("FAILED: {count}"),
    };
    let words = format!("{}, seed {}: {verdict}", plan.name, plan.seed.0);
    out.push_str(&over_all(run, &words));
    out
}

fn over_all(run: &Run, words: &str) -> String {
    let cast = Cast::of(run.plan);
    let first = (0..run.plan.clients.len()).find(|place| cast.has(ClientId(*place)));
    match first {
        Some(first) => format!("  Note over c{first},s: {}\n", escape(words)),
        None => format!("  Note over s: {}\n", escape(words)),
    }
}

/// Everything of the public level.
fn notes(run: &Run) -> Vec<Step> {
    let words = Words::new(run.plan, run.recording);
    let mut steps = Vec::new();
    let cast = Cast::of(run.plan);
    for record in run.recording.records.iter().filter(|record| cast.shows(record)) {
        let Some(event) = words.event(record) else { continue };
        let text = format!("{} {event}", record.at);
        let text = match (record.who, &record.event) {
            (Who::Client(client), Event::Called { .. } | Event::Result { .. }) => {
                format!("  Note left of c{}: {}\n", client.0, escape(&text))
            }
            (Who::Client(client), _) => format!("  Note over c{}: {}\n", client.0, escape(&text)),
            (Who::Server, _) => format!("  Note over s: {}\n", escape(&text)),
            (Who::Net, _) => over_all(run, &text),
        };
        steps.push(Step { at: record.at, wire: false, text });
    }
    steps
}

/// The messages, each at the moment it arrives; a lost one, when it was sent.
fn messages(run: &Run) -> Vec<Step> {
    let chart = lanes::of_run(run.plan, run.recording, run.report);
    let lanes = chart.lanes.iter().enumerate().filter(|(_, lane)| lane.kind == Kind::Client);
    let lanes: Vec<_> = lanes.map(|(place, _)| place).collect();
    let step = |arrow: &super::chart::Arrow| {
        let client = lanes.iter().position(|lane| *lane == arrow.lane)?;
        let (from, to) = match arrow.up {
            true => (format!("c{client}"), "s".to_owned()),
            false => ("s".to_owned(), format!("c{client}")),
        };
        let line = if arrow.got.is_some() { "->>" } else { "-x" };
        let words = escape(&kind(&arrow.words));
        let text = format!("  {from}{line}{to}: {words}\n");
        Some(Step { at: arrow.got.unwrap_or(arrow.sent), wire: true, text })
    };
    chart.arrows.iter().filter(|arrow| !arrow.beat).filter_map(step).collect()
}

/// The kind of a frame: its one key. What is no frame stays as it is.
fn kind(words: &str) -> String {
    let frame: Option<serde_json::Map<_, _>> = serde_json::from_str(words).ok();
    frame.and_then(|frame| frame.keys().next().cloned()).unwrap_or_else(|| words.to_owned())
}

/// A text that Mermaid takes as it is: its own signs become entities, lines become one.
fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    for letter in letters.by_ref().take(TEXT) {
        match letter {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '%' => out.push_str("#37;"),
            '{' => out.push_str("#123;"),
            '}' => out.push_str("#125;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    if letters.next().is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_be_taken_for_mermaids_own_signs() {
        assert_eq!(escape("a;b#c\nend"), "a#59;b#35;c end");
        assert_eq!(escape("<script>%%{init}"), "#lt;script#gt;#37;#37;#123;init#125;");
        assert_eq!(escape(&"长".repeat(TEXT + 1)), format!("{}…", "长".repeat(TEXT)));
    }

    #[test]
    fn a_frame_is_called_by_its_kind() {
        assert_eq!(kind(r#"{"login":{"id":0}}"#), "login");
        assert_eq!(kind("attempt 3 to connect"), "attempt 3 to connect");
    }
}
