//! The run for programs: one JSON object a line, each with its version.
//!
//! Kinds of line, in order: `header`, `event` …, `crowd` …, `outage` …, `finding` …, `advice` …,
//! `app` …, `receipt` …, `link` …, `expect` …, `never` …, `invariant` …, `liveness` …,
//! `pending` …, `failure` …, `end`. Times are whole milliseconds.

use super::crowd::is_listed;
use super::event::Words;
use super::json_event;
use super::links;
use super::object::Object;
use super::sections::MEANS;
use super::storm::{Second, Storm, percentile};
use super::trace::standing;
use crate::contract::{
    Converged, Convergence, Finding, LIVENESS, Misstep, Outage, OutageEnd, Outcome, Report,
    Verdict, Wait, advice_given, watch_words,
};
use crate::protocol::Standing;
use crate::record::{Blow, ConnId, Hit, Receipt, Recording, Strike, Struck, Way};
use crate::scenario::{CrowdPlan, Plan, Watch};
use crate::time::{Span, Time};

/// The version of this form; it changes when a field's meaning does.
const VERSION: u32 = 1;

/// One run. `trace`: with every event, not only the public ones.
pub fn json(plan: &Plan, recording: &Recording, report: &Report, trace: bool) -> String {
    let mut out = Lines::default();
    out.put("header", header(plan, trace));
    let words = Words::new(plan, recording);
    for (index, record) in recording.records.iter().enumerate() {
        if trace || (record.event.is_public() && is_listed(plan, record.who)) {
            let head = Object::new().with("n", index).with("at", record.at.ms());
            let head = head.with("who", words.who(record.who));
            out.put("event", head.and(json_event::fields(plan, &record.event)));
        }
    }
    plan.crowds.iter().for_each(|each| out.put("crowd", crowd(recording, each)));
    report.outages.iter().for_each(|each| out.put("outage", outage(plan, each)));
    report.findings.iter().for_each(|each| out.put("finding", finding(plan, each)));
    for (rows, advice) in advice_given(report) {
        out.put("advice", Object::new().with("rows", rows).with("advice", advice));
    }
    report.app.iter().for_each(|each| out.put("app", misstep(plan, each)));
    (0..plan.faults.len()).for_each(|place| out.put("receipt", receipt(plan, recording, place)));
    recording.links.iter().for_each(|own| out.put("link", links::json(plan, own)));
    for (expect, met) in plan.expects.iter().zip(&report.met) {
        out.put("expect", watch(plan, expect, "met", *met));
    }
    for (never, seen) in plan.nevers.iter().zip(&report.seen) {
        out.put("never", watch(plan, never, "seen", *seen));
    }
    report.invariants.iter().for_each(|each| out.put("invariant", invariant(each)));
    report.liveness.iter().for_each(|each| out.put("liveness", liveness(plan, each)));
    report.pending.iter().for_each(|what| out.put("pending", Object::new().with("what", what)));
    for failure in &report.failures {
        let at = Object::new().with("at", failure.at.map(Time::ms));
        out.put("failure", at.with("check", failure.check.id()).with("what", &failure.what));
    }
    let end = Object::new().with("at", recording.end.ms()).with("held", report.held());
    let means = report.held().then_some(MEANS);
    out.put("end", end.with("failures", report.failures.len()).with("means", means));
    out.text
}

/// A crowd's members as one; the lists have one number a second.
fn crowd(recording: &Recording, crowd: &CrowdPlan) -> Object {
    let storm = Storm::of(recording, &crowd.members);
    let recoveries = storm.recoveries();
    let within = |percent| percentile(&recoveries, percent).map(Span::ms);
    let over_time =
        |count: fn(&Second) -> usize| storm.seconds.iter().map(count).collect::<Vec<_>>();
    Object::new()
        .with("name", &crowd.name)
        .with("clients", storm.clients.len())
        .with("connected", storm.first_connected().len())
        .with("lost", storm.losses().count())
        .with("recovered", recoveries.len())
        .with("half_within", within(50))
        .with("p90_within", within(90))
        .with("p99_within", within(99))
        .with("all_within", within(100))
        .with("attempts", over_time(|second| second.attempts))
        .with("connected_then", over_time(|second| second.connected))
        .with("in_line", storm.line.map(|_| over_time(|second| second.line)))
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn put(&mut self, kind: &str, fields: Object) {
        let head = Object::new().with("v", VERSION).with("kind", kind);
        self.text.push_str(&head.and(fields).text());
        self.text.push('\n');
    }
}

fn header(plan: &Plan, trace: bool) -> Object {
    let changed = plan.params.changed().into_iter();
    let params = changed.fold(Object::new(), |all, row| all.with(row.name, row.get(&plan.params)));
    let clients = plan.clients.iter().map(|client| {
        let script = &client.script;
        Object::new()
            .with("name", &client.name)
            .with("user", &script.user)
            .with("device", &script.device)
            .with("platform", script.platform.name())
    });
    Object::new()
        .with("name", &plan.name)
        .with("title", &plan.title)
        .with("seed", plan.seed.0)
        .with("until", plan.until.ms())
        .with("trace", trace)
        .nest("params", Some(params))
        .list("clients", clients)
}

fn milliseconds(times: &[Time]) -> Vec<u64> {
    times.iter().copied().map(Time::ms).collect()
}

fn outage(plan: &Plan, outage: &Outage) -> Object {
    let relapses = outage.relapses.iter().map(|relapse| {
        let turns = Object::new().with("t1", relapse.t1.at.ms()).with("lost", relapse.lost.at.ms());
        let turns = turns.with("asked", milliseconds(&relapse.asked));
        turns.list("answers", answers(&relapse.answers))
    });
    let t2 = outage.t2.map(|t2| {
        Object::new()
            .with("at", t2.mark.at.ms())
            .with("connection", t2.connection.number())
            .with("state", t2.state.number())
            .with("event", t2.event.number())
    });
    let (end, ended, why) = match outage.end {
        OutageEnd::Verdict => ("verdict", outage.t2.map(|t2| t2.mark.at), None),
        OutageEnd::Left(at) => ("left", Some(at), None),
        OutageEnd::Session { at, event } => ("session", Some(at), Some(event.number())),
        OutageEnd::Open => ("open", None, None),
    };
    Object::new()
        .with("client", plan.client_name(outage.client))
        .with("room", &outage.room)
        .with("t0", outage.t0.at.ms())
        .with("interrupted", outage.interrupted.map(|mark| mark.at.ms()))
        .list("relapses", relapses)
        .with("t1", outage.t1.map(|mark| mark.at.ms()))
        .with("asked", milliseconds(&outage.asked))
        .list("answers", answers(&outage.answers))
        .nest("t2", t2)
        .with("end", end)
        .with("ended", ended.map(Time::ms))
        .with("session_event", why)
        .with("row", outage.row)
        .with("held", outage.held)
}

fn answers(answers: &[(Time, Standing)]) -> impl Iterator<Item = Object> {
    answers
        .iter()
        .map(|(at, answer)| Object::new().with("at", at.ms()).with("standing", standing(*answer)))
}

fn finding(plan: &Plan, finding: &Finding) -> Object {
    let instead = match &finding.verdict {
        Verdict::Held => None,
        Verdict::Contradicted(what) => Some(what),
    };
    Object::new()
        .with("row", finding.row)
        .with("client", plan.client_name(finding.client))
        .with("room", &finding.room)
        .with("at", finding.at.ms())
        .with("event", finding.record)
        .with("held", finding.verdict.is_held())
        .with("grade", finding.grade().name())
        .with("decided_by", finding.decided_by)
        .with("instead", instead)
}

fn misstep(plan: &Plan, misstep: &Misstep) -> Object {
    Object::new()
        .with("client", plan.client_name(misstep.client))
        .with("at", misstep.at.ms())
        .with("row", misstep.row)
        .with("did", &misstep.did)
        .with("remark", misstep.remark)
}

fn receipt(plan: &Plan, recording: &Recording, place: usize) -> Object {
    let fault = &plan.faults[place];
    let none = Receipt::default();
    let Receipt { hits, strikes } = recording.receipts.get(place).unwrap_or(&none);
    Object::new()
        .with("fault", place)
        .with("name", &fault.name)
        .with("words", fault.words())
        .with("may_miss", fault.may_miss)
        .list("hits", hits.iter().map(|each| hit(plan, each)))
        .list("strikes", strikes.iter().map(|each| strike(plan, each)))
}

fn strike(plan: &Plan, strike: &Strike) -> Object {
    let blow = match strike.blow {
        Blow::Killed => "killed",
        Blow::LeftWaiting => "left_waiting",
        Blow::Told => "told",
        Blow::LookedUp => "looked_up",
        Blow::HeardLate => "heard_late",
        Blow::MovedDeadline => "moved_deadline",
    };
    Object::new()
        .with("host", plan.host_name(strike.host))
        .with("blow", blow)
        .with("times", strike.times)
        .with("first", strike.first.ms())
}

fn frame(struck: &Struck) -> Object {
    let (kind, _) = struck.kind.words();
    Object::new().with("conn", struck.conn.0).with("frame", kind).with("number", struck.number)
}

fn hit(plan: &Plan, hit: &Hit) -> Object {
    let way = match hit.way {
        Way::Up => "up",
        Way::Down => "down",
    };
    let numbers = |conns: &[ConnId]| conns.iter().map(|conn| conn.0).collect::<Vec<_>>();
    Object::new()
        .with("client", plan.client_name(hit.client))
        .with("way", way)
        .with("open", numbers(&hit.open))
        .with("connects", numbers(&hit.connects))
        .list("frames", hit.frames.iter().map(frame))
        .with("packets", hit.packets)
        .with("first", hit.first.ms())
}

fn invariant(outcome: &Outcome) -> Object {
    let breaches = outcome.judged.breaches.iter();
    Object::new().with("id", outcome.id).with("occasions", outcome.judged.occasions).list(
        "breaches",
        breaches.map(|each| Object::new().with("at", each.at.ms()).with("what", &each.what)),
    )
}

/// `calm`: since when the client's network is whole; `bound`: how long a wait may last then.
fn liveness(plan: &Plan, each: &Convergence) -> Object {
    let (verdict, by, waits) = match &each.verdict {
        Converged::Held { by } => ("held", Some(by.ms()), &[][..]),
        Converged::NotJudged => ("not judged", None, &[][..]),
        Converged::Broken(waits) => ("broken", None, &waits[..]),
    };
    let wait = |wait: &Wait| Object::new().with("due", wait.due.ms()).with("what", &wait.what);
    Object::new()
        .with("id", LIVENESS)
        .with("client", plan.client_name(each.client))
        .with("calm", each.calm.map(Time::ms))
        .with("bound", each.bound.ms())
        .with("verdict", verdict)
        .with("by", by)
        .list("waits", waits.iter().map(wait))
}

fn watch(plan: &Plan, watch: &Watch, name: &'static str, at: Option<Time>) -> Object {
    Object::new()
        .with("client", plan.group_name(&watch.clients))
        .with("words", watch_words(watch))
        .with("from", watch.from.ms())
        .with("to", watch.to.ms())
        .with(name, at.map(Time::ms))
}
