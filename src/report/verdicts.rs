//! What the checks say, each with links to the events it is about.

use super::events::Events;
use crate::contract::{
    Converged, Finding, Grade, INVARIANTS, LIVENESS, Outage, OutageEnd, ROWS, Report, advice_given,
    watch_words,
};
use crate::record::{Receipt, Recording};
use crate::scenario::Plan;
use crate::timeline::{link_lines, missteps, question, receipt_words};
use maud::{Markup, html};

/// Plan, recording and report of one run, with its events in words.
pub struct Verdicts<'a> {
    pub plan: &'a Plan,
    pub recording: &'a Recording,
    pub report: &'a Report,
    pub events: &'a Events<'a>,
}

impl Verdicts<'_> {
    /// What fails the scenario, if anything does.
    pub fn failures(&self) -> Markup {
        html! {
            @if !self.report.failures.is_empty() {
                section.failures aria-labelledby="failures" {
                    h2 #failures { "What failed" }
                    ul {
                        @for failure in &self.report.failures {
                            li {
                                @if let Some(at) = failure.at { (self.events.moment(at)) " " }
                                bdi { (failure.what) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The document's own table for every room in every outage.
    pub fn outages(&self) -> Markup {
        html! {
            @if !self.report.outages.is_empty() {
                section aria-labelledby="outages" {
                    h2 #outages { "T0, T1, T2" }
                    div.cards { @for each in &self.report.outages { (self.outage(each)) } }
                }
            }
        }
    }

    fn outage(&self, outage: &Outage) -> Markup {
        let row = |name: &str, at: Markup, states: [&str; 2], note: &str, verdict: Markup| {
            html! {
                tr {
                    th scope="row" { span.badge { (name) } }
                    td { (at) }
                    td { (states[0]) }
                    td { (states[1]) }
                    td { bdi { (note) } @if !note.is_empty() { " " } (verdict) }
                }
            }
        };
        let none = || html! {};
        let told = if outage.interrupted.is_some() { "1/1" } else { "silent" };
        html! {
            div.scrolls { table {
                caption { bdi { (self.plan.client_name(outage.client)) } ", room " bdi { (outage.room) } }
                thead { tr { th scope="col" { "" } th scope="col" { "time" } th scope="col" { "connection" } th scope="col" { "room" } th scope="col" { "" } } }
                tbody {
                    (row("T0", self.events.link(outage.t0.index), ["3", told], "network lost", none()))
                    @for relapse in &outage.relapses {
                        @let asked = question(outage, &relapse.asked, &relapse.answers);
                        (row("T1", self.events.link(relapse.t1.index), ["2", "1/1"], &asked, none()))
                        (row("T0", self.events.link(relapse.lost.index), ["3", "1/1"], "lost again before T2", none()))
                    }
                    @if let Some(t1) = outage.t1 {
                        @let asked = question(outage, &outage.asked, &outage.answers);
                        (row("T1", self.events.link(t1.index), ["2", "1/1"], &asked, none()))
                    }
                    @match (outage.end, outage.t2) {
                        (OutageEnd::Verdict, Some(t2)) => {
                            @let room = format!("{}/{}", t2.state.number(), t2.event.number());
                            @let words = format!("{}/{}", t2.state, t2.event);
                            (row("T2", self.events.link(t2.mark.index), [&t2.connection.number().to_string(), &room], &words, verdict(outage)))
                        }
                        (OutageEnd::Verdict | OutageEnd::Open, _) => (row(
                            if outage.t1.is_some() { "T2" } else { "T1" },
                            none(), ["", ""], "not by the end of the run", verdict(outage),
                        )),
                        (OutageEnd::Left(at), _) => (row("–", self.events.moment(at), ["", "0/0"], "the app left the room", none())),
                        (OutageEnd::Session { at, event }, _) => (row("–", self.events.moment(at), ["0", ""], &format!("the session ended ({event})"), none())),
                    }
                }
            } }
        }
    }

    /// Every row that was exercised, each occasion with its grade.
    pub fn rows(&self) -> Markup {
        let exercised = ROWS.iter().filter_map(|row| {
            let of_row = self.report.findings.iter().filter(|finding| finding.row == row.id);
            let of_row: Vec<_> = of_row.collect();
            (!of_row.is_empty()).then_some((row, of_row))
        });
        let exercised: Vec<_> = exercised.collect();
        html! {
            @if !exercised.is_empty() {
                section aria-labelledby="rows" {
                    h2 #rows { "Rows of the document" }
                    dl.rows {
                        @for (row, findings) in exercised {
                            dt id=(format!("row-{}", row.id)) { code { (row.id) } }
                            dd {
                                p { (row.demand) }
                                ul.findings { @for finding in findings { (self.finding(finding)) } }
                                p.advice { b { "App: " } (row.advice) }
                                details { summary { "the document's own words" }
                                    @for sentence in row.sentence { p lang="zh" { (sentence) } }
                                    p { small { (row.source) ", " (row.revision) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn finding(&self, finding: &Finding) -> Markup {
        let at = match finding.record {
            Some(record) => self.events.link(record),
            None => self.events.moment(finding.at),
        };
        html! {
            li {
                (grade(finding.grade())) " " (at) " "
                bdi { (self.plan.client_name(finding.client)) }
                @if let Some(room) = &finding.room { ", room " bdi { (room) } }
                @if let Some(param) = finding.decided_by { ": " code { (param) } " decides, not the document" }
                @if let crate::contract::Verdict::Contradicted(what) = &finding.verdict { ": " bdi { (what) } }
            }
        }
    }

    /// What the file said must be seen, and must not.
    pub fn watches(&self) -> Markup {
        let expects = self.plan.expects.iter().zip(&self.report.met);
        let nevers = self.plan.nevers.iter().zip(&self.report.seen);
        html! {
            @if !self.plan.expects.is_empty() || !self.plan.nevers.is_empty() {
                section aria-labelledby="watches" {
                    h2 #watches { "What the scenario expects" }
                    ul.watches {
                        @for (watch, met) in expects {
                            li {
                                @match met {
                                    Some(at) => { (chip("good", "met")) " " (self.events.moment(*at)) }
                                    None => (chip("bad", "not met")),
                                }
                                " expect " bdi { (watch_words(watch)) }
                            }
                        }
                        @for (watch, seen) in nevers {
                            li {
                                @match seen {
                                    None => (chip("good", "not seen")),
                                    Some(at) => { (chip("bad", "seen")) " " (self.events.moment(*at)) }
                                }
                                " never " bdi { (watch_words(watch)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Each fault with what it hit.
    pub fn faults(&self) -> Markup {
        let none = Receipt::default();
        html! {
            @if !self.plan.faults.is_empty() {
                section aria-labelledby="faults" {
                    h2 #faults { "Faults, and what they hit" }
                    ul.receipts {
                        @for (place, fault) in self.plan.faults.iter().enumerate() {
                            @let receipt = self.recording.receipts.get(place).unwrap_or(&none);
                            li id=(format!("f{place}")) {
                                @if receipt.is_empty() {
                                    (chip(if fault.may_miss { "unsure" } else { "bad" }, if fault.may_miss { "hit nothing (it may)" } else { "hit nothing" }))
                                } @else { (chip("good", "hit")) }
                                " " b { bdi { (fault.name_or_words()) } }
                                @if fault.name.is_some() { " " bdi { (fault.words()) } }
                                ", " (self.events.moment(fault.from)) " to "
                                @match fault.to { Some(to) => (self.events.moment(to)), None => "the end of the run" }
                                @if !receipt.is_empty() {
                                    ": " bdi { (receipt_words(self.plan, &fault.fault, receipt, true)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What links that are set to do anything to packets did to them.
    pub fn links(&self) -> Markup {
        let lines = link_lines(self.plan, self.recording, true);
        html! {
            @if !lines.is_empty() {
                section aria-labelledby="links" {
                    h2 #links { "Links, and what they did" }
                    ul { @for line in lines { li { bdi { (line) } } } }
                }
            }
        }
    }

    /// What must hold in every run.
    pub fn invariants(&self) -> Markup {
        let outcomes = &self.report.invariants;
        let text = |id: &str| INVARIANTS.iter().find(|own| own.id == id).map_or("", |own| own.text);
        let broken = outcomes.iter().filter(|each| !each.judged.breaches.is_empty()).count();
        let idle = outcomes.iter().filter(|each| each.judged.occasions == 0).count();
        let held = outcomes.len() - broken - idle;
        html! {
            @if !outcomes.is_empty() {
                section aria-labelledby="invariants" {
                    h2 #invariants { "Invariants" }
                    p { (held) " held" @if idle > 0 { ", " (idle) " not exercised" } @if broken > 0 { ", " b { (broken) " broken" } } }
                    details open[broken > 0] { summary { "each of them" }
                        ul {
                            @for each in outcomes {
                                li {
                                    @let judged = &each.judged;
                                    @match (judged.breaches.is_empty(), judged.occasions) {
                                        (false, _) => (chip("bad", "broken")),
                                        (true, 0) => (chip("none", "not exercised")),
                                        (true, _) => (chip("good", "held")),
                                    }
                                    " " code { (each.id) } " " (text(each.id))
                                    @for breach in &each.judged.breaches {
                                        br; (self.events.moment(breach.at)) " " bdi { (breach.what) }
                                    }
                                }
                            }
                            @for each in &self.report.liveness {
                                li {
                                    @match &each.verdict {
                                        Converged::Held { .. } => (chip("good", "held")),
                                        Converged::NotJudged => (chip("none", "not judged")),
                                        Converged::Broken(_) => (chip("bad", "broken")),
                                    }
                                    " " code { (LIVENESS) } " every wait of " bdi { (self.plan.client_name(each.client)) } " ends"
                                    @if let Converged::Broken(waits) = &each.verdict {
                                        @for wait in waits { br; (self.events.moment(wait.due)) " " bdi { (wait.what) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What the document told the app, what it did against that, and what was unfinished.
    pub fn remarks(&self) -> Markup {
        let advice = advice_given(self.report);
        let missteps = missteps(self.plan, self.report);
        html! {
            @if !advice.is_empty() || !missteps.is_empty() || !self.report.pending.is_empty() {
                section aria-labelledby="app" {
                    h2 #app { "For the app" }
                    ul {
                        @for (rows, advice) in advice {
                            li { @for row in rows { (super::events::row_chip(row)) " " } (advice) }
                        }
                        @for misstep in missteps { li { (chip("unsure", "against advice")) " " bdi { (misstep) } } }
                        @for pending in &self.report.pending { li { (chip("none", "pending")) " " bdi { (pending) } } }
                    }
                }
            }
        }
    }
}

fn verdict(outage: &Outage) -> Markup {
    html! {
        @if let Some((row, held)) = outage.row.zip(outage.held) {
            (super::events::row_chip(row)) " "
            (if held { chip("good", "held") } else { chip("bad", "contradicted") })
        }
    }
}

/// A grade with its colour and its word.
pub fn grade(grade: Grade) -> Markup {
    let class = match grade {
        Grade::Held => "good",
        Grade::Allowed => "unsure",
        Grade::Contradicted => "bad",
        Grade::NotExercised => "none",
    };
    chip(class, grade.name())
}

/// A word with a colour.
pub fn chip(class: &str, words: &str) -> Markup {
    html! { span.verdict.(class) { (words) } }
}
