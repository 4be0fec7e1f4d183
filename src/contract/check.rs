//! Plan and recording in, report out.

use super::advice::{self, Misstep};
use super::finding::{Finding, Verdict};
use super::index::Index;
use super::invariant::{self, Outcome};
use super::liveness::{self, Converged, Convergence, LIVENESS};
use super::outage::{Outage, outages};
use super::story::{Made, Story};
use super::watch::Sight;
use super::{aftermath, grade, hits, pending, scene1, scene2, scene3, scene4, watch};
use crate::net::LinkChange;
use crate::record::{ClientId, Event, Recording, Who, Wire};
use crate::scenario::{ExpectedResult, Plan, PlannedAdmin, PlannedChange, PlannedFault};
use crate::time::Time;
use crate::zim::ErrorCode;
use std::fmt;

/// What the checks say of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every occasion on which a row applied, by time, then client.
    pub findings: Vec<Finding>,
    /// Every room's way through every loss of a connection, by client, then time.
    pub outages: Vec<Outage>,
    /// When each of the plan's `expects` was met, in the plan's order.
    pub met: Vec<Option<Time>>,
    /// When each of the plan's `nevers` was seen all the same, in the plan's order.
    pub seen: Vec<Option<Time>>,
    /// What every invariant found, in the order of [`super::INVARIANTS`].
    pub invariants: Vec<Outcome>,
    /// Whether each client's waits ended, by client.
    pub liveness: Vec<Convergence>,
    /// What fails the scenario.
    pub failures: Vec<Failure>,
    /// What was unfinished when the run ended; told, and no failure by itself.
    pub pending: Vec<String>,
    /// What apps did against the document's advice, by time, then client; no failure.
    pub app: Vec<Misstep>,
}

/// What can fail a scenario. Two failures of one check have the same cause, as far as can be
/// told without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// A row of the document is contradicted.
    Row(&'static str),
    /// An invariant is broken.
    Invariant(&'static str),
    /// Something waits beyond the bound.
    Liveness,
    /// An end that nothing explains, or something that follows an end.
    Unexplained,
    /// Bytes that made no sense.
    Misbehaved,
    /// A scripted call ended otherwise than the scenario says.
    Result,
    /// Something that must be seen was not.
    Expect,
    /// Something that must not be seen was.
    Never,
    /// A fault, a change or an administrator's act hit nothing.
    Missed,
}

impl Check {
    /// Whether it judges what was promised, and not what this one scenario asks for.
    pub fn is_of_contract(self) -> bool {
        match self {
            Check::Row(_)
            | Check::Invariant(_)
            | Check::Liveness
            | Check::Unexplained
            | Check::Misbehaved => true,
            Check::Result | Check::Expect | Check::Never | Check::Missed => false,
        }
    }

    /// The id of the row or the invariant, else a word.
    pub const fn id(self) -> &'static str {
        match self {
            Check::Row(id) | Check::Invariant(id) => id,
            Check::Liveness => LIVENESS,
            Check::Unexplained => "unexplained",
            Check::Misbehaved => "misbehaved",
            Check::Result => "result",
            Check::Expect => "expect",
            Check::Never => "never",
            Check::Missed => "missed",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One thing that fails a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// By which check.
    pub check: Check,
    /// When, if it has a moment.
    pub at: Option<Time>,
    /// What, by name, for people.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{at}  {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl Report {
    /// Whether the scenario holds.
    pub fn held(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Judges one run.
pub fn check(plan: &Plan, recording: &Recording) -> Report {
    let index = Index::of(plan, recording);
    let clients = (0..plan.clients.len()).map(ClientId);
    let stories: Vec<_> = clients.flat_map(|id| Story::read(plan, recording, &index, id)).collect();
    let mut report = Report::default();
    let mut unexplained = Vec::new();
    for story in &stories {
        let mut outages = outages(story);
        let mut findings = scene1::check(plan, story);
        findings.extend(scene2::check(plan, story));
        findings.extend(scene3::check(plan, story));
        findings.extend(scene4::check(plan, story, &mut outages));
        grade::mark(plan, story, &outages.all, &mut findings);
        unexplained.extend(self::unexplained(plan, story, &findings));
        report.findings.extend(findings);
        report.app.extend(advice::missteps(story, &outages.all));
        report.outages.extend(outages.all);
        report.pending.extend(pending::of(plan, story));
    }
    report.findings.sort_by_key(|finding| (finding.at, finding.client));
    report.app.sort_by_key(|misstep| (misstep.at, misstep.client));
    report.failures.extend(contradictions(plan, &report.findings));
    report.failures.extend(unexplained);
    let sight = Sight::new(recording, &index, &report.findings);
    for expect in &plan.expects {
        let met = sight.met(expect);
        report.met.push(met);
        if met.is_none() {
            let what = sight.unmet_words(plan, expect);
            report.failures.push(Failure { check: Check::Expect, at: None, what });
        }
    }
    for never in &plan.nevers {
        let seen = sight.seen(never);
        report.seen.push(seen);
        if let Some(at) = seen {
            let what =
                format!("must never be seen, but was at {at}: {}", watch::watch_words(never));
            report.failures.push(Failure { check: Check::Never, at: Some(at), what });
        }
    }
    report.failures.extend(results(plan, &stories));
    report.failures.extend(missed_faults(plan, recording));
    report.failures.extend(missed_changes(plan, recording));
    report.failures.extend(missed_acts(plan, recording));
    report.failures.extend(misbehaviour(plan, recording));
    report.invariants = invariant::judge(plan, recording, &index, &stories);
    report.liveness = liveness::judge(plan, recording, &stories);
    report.failures.extend(breaches(&report));
    report
}

/// Invariants and liveness that did not hold, each by its id.
fn breaches(report: &Report) -> Vec<Failure> {
    let mut failures = Vec::new();
    for Outcome { id, judged } in &report.invariants {
        let check = Check::Invariant(id);
        let failure = |at, what| Failure { check, at: Some(at), what: format!("{id}  {what}") };
        failures.extend(judged.breaches.iter().map(|breach| failure(breach.at, &breach.what)));
    }
    for convergence in &report.liveness {
        let Converged::Broken(waits) = &convergence.verdict else { continue };
        failures.extend(waits.iter().map(|wait| {
            let what = format!("{LIVENESS}  {} (the bound is {})", wait.what, convergence.bound);
            Failure { check: Check::Liveness, at: Some(wait.due), what }
        }));
    }
    failures
}

fn contradictions(plan: &Plan, findings: &[Finding]) -> Vec<Failure> {
    let failure = |finding: &Finding| match &finding.verdict {
        Verdict::Held => None,
        Verdict::Contradicted(what) => {
            let client = plan.client_name(finding.client);
            let room = finding.room.as_ref().map(|room| format!(" in {room}")).unwrap_or_default();
            let what = format!("{client}: row {}{room} contradicted: {what}", finding.row);
            Some(Failure { check: Check::Row(finding.row), at: Some(finding.at), what })
        }
    };
    findings.iter().filter_map(failure).collect()
}

/// What no session may show, whether or not a row of the contract speaks of it.
fn unexplained(plan: &Plan, story: &Story, findings: &[Finding]) -> Vec<Failure> {
    let client = plan.client_name(story.client);
    let kicks = scene2::unexplained(plan, story);
    let aftermath = aftermath::unreported(story, findings);
    let check = Check::Unexplained;
    let failure = |(at, what)| Failure { check, at: Some(at), what: format!("{client}: {what}") };
    kicks.into_iter().chain(aftermath).map(failure).collect()
}

/// Scripted calls that ended otherwise than the plan says.
fn results(plan: &Plan, stories: &[Story]) -> Vec<Failure> {
    // Stories are in the order of clients.
    let first = |client| stories.partition_point(|story| story.client < client);
    let wrong = plan.results.iter().filter_map(|expected| {
        let own = stories[first(expected.client)..].iter();
        let own = own.take_while(|story| story.client == expected.client);
        let (at, what) = wrong_result(own, expected)?;
        let client = plan.client_name(expected.client);
        Some(Failure { check: Check::Result, at: Some(at), what: format!("{client}: {what}") })
    });
    wrong.collect()
}

/// Judges one expected result by the stories of its client's processes.
fn wrong_result<'s, 'a: 's>(
    mut own: impl Iterator<Item = &'s Story<'a>>,
    expected: &ExpectedResult,
) -> Option<(Time, String)> {
    let is_it = |made: &&Made| made.origin == expected.origin;
    let made = own.find_map(|story| story.calls.iter().find(is_it));
    let Some(made) = made else {
        let what = format!("{}, due at {}, was never called", expected.kind, expected.at);
        return Some((expected.at, what));
    };
    let Some((mark, code)) = made.result else {
        return Some((made.mark.at, format!("{} was never answered", call_words(made))));
    };
    let wanted = expected.code.filter(|wanted| *wanted != code)?;
    let (call, ended, wanted) = (call_words(made), code_words(code), code_words(wanted));
    Some((mark.at, format!("{call} ended with {ended}, expected {wanted}")))
}

/// `enterRoom r1, called at 2.000,`
fn call_words(made: &Made) -> String {
    format!("{}, called at {},", made.call, made.mark.at)
}

/// `6000322 THE_ROOM_DOES_NOT_EXIST`, or `success`.
fn code_words(code: ErrorCode) -> String {
    if code == ErrorCode::SUCCESS {
        return "success".to_owned();
    }
    format!("{code} {}", code.name())
}

fn missed_faults(plan: &Plan, recording: &Recording) -> Vec<Failure> {
    let missed = |(place, fault): &(usize, &PlannedFault)| {
        let empty = recording.receipts.get(*place).is_none_or(|receipt| receipt.is_empty());
        empty && !fault.may_miss
    };
    let failure = |(_, fault): (usize, &PlannedFault)| {
        let name = fault.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let rule = hits::of_fault(&fault.fault).hit;
        let what = format!("{name}{} hit nothing (what counts: {rule})", fault.words());
        Failure { check: Check::Missed, at: Some(fault.from), what }
    };
    plan.faults.iter().enumerate().filter(missed).map(failure).collect()
}

/// Changes of links under which nobody sent anything.
fn missed_changes(plan: &Plan, recording: &Recording) -> Vec<Failure> {
    let missed = |(place, change): &(usize, &PlannedChange)| {
        let set = matches!(change.change, LinkChange::Set { .. });
        let none = recording.changes.get(*place).is_none_or(|packets| *packets == 0);
        set && none && !change.may_miss
    };
    let failure = |(_, change): (usize, &PlannedChange)| {
        let rule = hits::LINK.hit;
        let what = format!("{} met no packet (what counts: {rule})", change.words);
        Failure { check: Check::Missed, at: Some(change.from), what }
    };
    plan.changes.iter().enumerate().filter(missed).map(failure).collect()
}

fn missed_acts(plan: &Plan, recording: &Recording) -> Vec<Failure> {
    let mut failures = Vec::new();
    for record in &recording.records {
        let Event::Admin { act, hit: false, .. } = &record.event else { continue };
        let planned =
            |(at, planned): &&(Time, PlannedAdmin)| *at == record.at && planned.act == *act;
        if plan.admin.iter().find(planned).is_some_and(|(_, planned)| planned.may_miss) {
            continue;
        }
        let rule = hits::of_act(act).hit;
        let words = watch::admin_words(act);
        let what = format!("admin {words} hit nothing (what counts: {rule})");
        failures.push(Failure { check: Check::Missed, at: Some(record.at), what });
    }
    failures
}

/// Bytes that made no sense, an answer out of turn, no port left: all hosts are ours, so
/// that must never be.
fn misbehaviour(plan: &Plan, recording: &Recording) -> Vec<Failure> {
    let mut failures = Vec::new();
    for record in &recording.records {
        let Event::Wire(Wire::Misbehaved(conn, why)) = &record.event else { continue };
        let who = match record.who {
            Who::Net => "the network",
            Who::Server => "the server",
            Who::Client(client) => plan.client_name(client),
        };
        let what = format!("{who}: trouble on connection {}: {why}", conn.0);
        failures.push(Failure { check: Check::Misbehaved, at: Some(record.at), what });
    }
    failures
}
