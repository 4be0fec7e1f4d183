//! What stands below the events: the document's table, verdicts, receipts, loose ends.

use super::links;
use super::receipts::faults;
use super::wide::{line, pad, pad_left, width};
use crate::contract::{
    Breach, Converged, Convergence, Finding, LIVENESS, Misstep, Outage, OutageEnd, ROWS, Relapse,
    Report, Tally, advice_given, watch_words,
};
use crate::protocol::Standing;
use crate::record::{ClientId, Recording};
use crate::scenario::{Plan, Watch, Watched};
use crate::time::Time;
use crate::zim::ConnectionEvent;
use std::collections::BTreeMap;

/// What it means that all is held.
pub const MEANS: &str =
    "zimsim's own model agrees with the document; of ZEGO's SDK this says nothing";

/// Everything below the events. `packets`: with counts of packets.
pub fn write(plan: &Plan, recording: &Recording, report: &Report, packets: bool, out: &mut String) {
    for outage in &report.outages {
        line(out, "");
        write_outage(plan, report, outage, out);
    }
    section(out, "rows", rows(plan, report));
    section(out, "advice", advice(report));
    section(out, "app", missteps(plan, report));
    let expects: Vec<_> = plan.expects.iter().map(watch_words).collect();
    let met = plan.expects.iter().zip(&report.met).map(|(watch, met)| match met {
        Some(at) => format!("met at {at}{}", unseen(watch)),
        None => "NOT MET".to_owned(),
    });
    section(out, "expect", beside(&expects, met));
    let nevers: Vec<_> = plan.nevers.iter().map(watch_words).collect();
    let seen = report.seen.iter().map(|seen| match seen {
        Some(at) => format!("SEEN at {at}"),
        None => "not seen".to_owned(),
    });
    section(out, "never", beside(&nevers, seen));
    section(out, "faults", faults(plan, recording, packets));
    section(out, "links", links::lines(plan, recording, packets));
    section(out, "invariants", invariants(plan, report, packets));
    section(out, "pending", some(report.pending.clone()));
    let failures = report.failures.iter().map(|failure| match failure.at {
        Some(at) => format!("{}  {}", pad_left(&at.to_string(), 9), failure.what),
        None => format!("{}  {}", pad("", 9), failure.what),
    });
    section(out, "failures", some(failures.collect()));
    line(out, "");
    match report.failures.len() {
        0 => line(out, &format!("all held: {MEANS}")),
        count => line(out, &format!("FAILED: {count}")),
    }
}

/// How many invariants held (and, in a trace, on how many occasions); which had none; and
/// whose waits ended.
/// The moments of the last go to traces only: they move with every change of timing.
fn invariants(plan: &Plan, report: &Report, moments: bool) -> Vec<String> {
    if report.invariants.is_empty() {
        return Vec::new();
    }
    let broken = report.invariants.iter().filter(|each| !each.judged.breaches.is_empty()).count();
    let idle = report.invariants.iter().filter(|each| each.judged.occasions == 0);
    let idle: Vec<_> = idle.map(|each| each.id).collect();
    let occasions: usize = report.invariants.iter().map(|each| each.judged.occasions).sum();
    let held = report.invariants.len() - broken - idle.len();
    // The count moves with every event; a snapshot is spared it.
    let mut summary = match moments {
        true => format!("{held} held, {occasions} occasions"),
        false => format!("{held} held"),
    };
    if broken > 0 {
        summary.push_str(&format!("; {broken} BROKEN"));
    }
    if !idle.is_empty() {
        summary.push_str(&format!("; not exercised: {}", idle.join(", ")));
    }
    let mut lines = vec![summary];
    for each in &report.invariants {
        let breach = |breach: &Breach| format!("{}  {}  {}", each.id, breach.at, breach.what);
        lines.extend(each.judged.breaches.iter().map(breach));
    }
    lines.extend(liveness(plan, report, moments));
    lines
}

/// `L.converges  held: alice, bob; not judged: carol`
fn liveness(plan: &Plan, report: &Report, moments: bool) -> Option<String> {
    let mut verdicts: BTreeMap<usize, (&str, Vec<String>)> = BTreeMap::new();
    for Convergence { client, calm, bound, verdict } in &report.liveness {
        let name = plan.client_name(*client);
        let due = calm.map(|calm| format!(" (bound {})", calm + *bound)).unwrap_or_default();
        let (place, word, detail) = match verdict {
            Converged::Held { by } => (0, "held", format!("{name} by {by}{due}")),
            Converged::Broken(_) => (1, "BROKEN", format!("{name}{due}")),
            Converged::NotJudged => (2, "not judged", format!("{name}{due}")),
        };
        let detail = if moments { detail } else { name.to_owned() };
        verdicts.entry(place).or_insert((word, Vec::new())).1.push(detail);
    }
    let parts = verdicts.into_values().map(|(word, all)| format!("{word}: {}", all.join(", ")));
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| format!("{LIVENESS}  {}", parts.join("; ")))
}

/// What was met, where no line of the timeline stands at that moment: one row promises that
/// nothing happens.
fn unseen(watch: &Watch) -> &'static str {
    match &watch.what {
        Watched::Row { row, .. } if row == "3.renewed" => " (nothing broke at the old expiry)",
        Watched::Row { .. } | Watched::Callback(_) | Watched::Shown(_) => "",
    }
}

/// The first of many lines, and how many more there are.
fn some(mut lines: Vec<String>) -> Vec<String> {
    const MOST: usize = 100;
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        lines.truncate(MOST);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn section(out: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    line(out, "");
    line(out, title);
    lines.iter().for_each(|text| line(out, &format!("  {text}")));
}

/// Each text with its remark, the remarks in a column of their own.
fn beside(texts: &[String], remarks: impl Iterator<Item = String>) -> Vec<String> {
    let column = texts.iter().map(|text| width(text)).max().unwrap_or(0);
    texts.iter().zip(remarks).map(|(text, r)| format!("{}  {r}", pad(text, column))).collect()
}

/// The document's own table for one room and one outage.
fn write_outage(plan: &Plan, report: &Report, outage: &Outage, out: &mut String) {
    line(out, &format!("outage of {}, {}", plan.client_name(outage.client), outage.room));
    let room = if outage.interrupted.is_some() { "room 1/1" } else { "room silent" };
    let t0 = verdict_at(report, outage, &["4.T0"], outage.t0.at);
    moment(out, "T0", outage.t0.at, ["connection 3", room, "", &t0]);
    for Relapse { t1, lost, asked, answers } in &outage.relapses {
        let rows = verdict_at(report, outage, &["4.T1", "4.asks"], t1.at);
        let question = match answers.is_empty() {
            true => question(outage, asked, answers),
            false => format!("{} (lost on the way)", question(outage, asked, answers)),
        };
        moment(out, "T1", t1.at, ["connection 2", "room 1/1", &question, &rows]);
        moment(out, "T0", lost.at, ["connection 3", "room 1/1", "lost again before T2", ""]);
    }
    if let Some(t1) = outage.t1 {
        let rows = verdict_at(report, outage, &["4.T1", "4.asks"], t1.at);
        let question = question(outage, &outage.asked, &outage.answers);
        moment(out, "T1", t1.at, ["connection 2", "room 1/1", &question, &rows]);
    }
    match (outage.end, outage.t2) {
        (OutageEnd::Verdict, Some(t2)) => {
            let connection = format!("connection {}", t2.connection.number());
            let room = format!("room {}/{}", t2.state.number(), t2.event.number());
            moment(out, "T2", t2.mark.at, [&connection, &room, "", &verdict(report, outage)]);
        }
        (OutageEnd::Verdict | OutageEnd::Open, _) => {
            let missing = if outage.t1.is_some() { "T2" } else { "T1" };
            line(
                out,
                &format!("  {missing}   not by the end of the run   {}", verdict(report, outage)),
            );
        }
        (OutageEnd::Left(at), _) => line(out, &format!("  the app left the room at {at}")),
        (OutageEnd::Session { at, event }, _) => {
            let why = match event {
                ConnectionEvent::Success => "logout",
                ConnectionEvent::ActiveLogin
                | ConnectionEvent::LoginTimeout
                | ConnectionEvent::LoginInterrupted
                | ConnectionEvent::KickedOut
                | ConnectionEvent::TokenExpired
                | ConnectionEvent::Unregistered => event.name(),
            };
            line(out, &format!("  the session ended at {at} ({why})"));
        }
    }
}

fn moment(out: &mut String, t: &str, at: Time, [connection, room, note, rows]: [&str; 4]) {
    let at = pad_left(&at.to_string(), 9);
    let (room, note) = (pad(room, 11), pad(note, 40));
    line(out, &format!("  {t}  {at}   {}   {room}   {note}  {rows}", pad(connection, 12)));
}

/// `asked: in r1? no, heartbeat timed out`, `asked twice: in r1? yes`
pub fn question(outage: &Outage, asked: &[Time], answers: &[(Time, Standing)]) -> String {
    let times = match asked.len() {
        0 => return "not asked".to_owned(),
        1 => String::new(),
        2 => " twice".to_owned(),
        more => format!(" {more} times"),
    };
    let answer = answers.last().map_or("no answer", |(_, standing)| standing.words());
    format!("asked{times}: in {}? {answer}", outage.room)
}

/// `4.T2.timeout held`
fn verdict(report: &Report, outage: &Outage) -> String {
    let Some((row, held)) = outage.row.zip(outage.held) else { return String::new() };
    let decided_by = report.findings.iter().find_map(|finding| {
        let record = outage.t2.map(|t2| t2.mark.index);
        let is_it = finding.row == row && record.is_some() && finding.record == record;
        finding.decided_by.filter(|_| is_it)
    });
    match (held, decided_by) {
        (true, None) => format!("{row} held"),
        (true, Some(param)) => format!("{row} allowed by {param}"),
        (false, _) => format!("{row} CONTRADICTED"),
    }
}

/// The verdicts of these rows for this outage at that moment, where one is contradicted.
fn verdict_at(report: &Report, outage: &Outage, rows: &[&str], at: Time) -> String {
    let contradicted = report.findings.iter().filter(|finding| {
        finding.client == outage.client
            && finding.room.as_ref() == Some(&outage.room)
            && finding.at == at
            && rows.contains(&finding.row)
            && !finding.verdict.is_held()
    });
    let words: Vec<_> = contradicted.map(|f| format!("{} CONTRADICTED", f.row)).collect();
    words.join(", ")
}

/// Each row that was exercised: how often with which grade, by whom.
fn rows(plan: &Plan, report: &Report) -> Vec<String> {
    let longest = ROWS.iter().map(|row| row.id.len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for row in ROWS {
        let mut own: BTreeMap<ClientId, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| finding.row == row.id) {
            own.entry(finding.client).or_default().push(finding);
        }
        let counts = own.into_iter().map(|(client, findings)| {
            format!("{} {}", plan.client_name(client), tally_words(&Tally::of(findings)))
        });
        let counts: Vec<_> = counts.collect();
        if !counts.is_empty() {
            lines.push(format!("{}  {}", pad(row.id, longest), counts.join("; ")));
        }
    }
    lines
}

/// `held 2, allowed 1 (token.clock)`, `held 0, CONTRADICTED 1`
pub fn tally_words(tally: &Tally) -> String {
    let mut parts = Vec::new();
    if tally.held > 0 || tally.allowed.is_empty() {
        parts.push(format!("held {}", tally.held));
    }
    parts.extend(tally.allowed.iter().map(|(param, times)| format!("allowed {times} ({param})")));
    if tally.contradicted > 0 {
        parts.push(format!("CONTRADICTED {}", tally.contradicted));
    }
    parts.join(", ")
}

/// What the document advises at the rows that were exercised: each text once.
fn advice(report: &Report) -> Vec<String> {
    let given = advice_given(report);
    let rows: Vec<_> = given.iter().map(|(rows, _)| rows.join(", ")).collect();
    beside(&rows, given.iter().map(|(_, advice)| (*advice).to_owned()))
}

/// `phone: called login after DISCONNECTED/KICKED_OUT at 6.180, which the document warns
/// against (2.kicked)`; the same misstep of the same app stands on one line.
pub fn missteps(plan: &Plan, report: &Report) -> Vec<String> {
    /// How many times are named.
    const NAMED: usize = 3;
    let mut alike: Vec<(&Misstep, Vec<String>)> = Vec::new();
    for each in &report.app {
        let same = |(first, _): &&mut (&Misstep, Vec<String>)| {
            (first.client, first.row, &first.did) == (each.client, each.row, &each.did)
        };
        match alike.iter_mut().find(same) {
            Some((_, times)) => times.push(each.at.to_string()),
            None => alike.push((each, vec![each.at.to_string()])),
        }
    }
    let words = alike.into_iter().map(|(Misstep { client, row, did, remark, .. }, times)| {
        let more = match times.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named: Vec<_> = times.into_iter().take(NAMED).collect();
        let at = named.join(", ");
        format!("{}: {did} at {at}{more}, {remark} ({row})", plan.client_name(*client))
    });
    words.collect()
}
