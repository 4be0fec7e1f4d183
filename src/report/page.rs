//! One run as a page.

use super::chart::Chart;
use super::events::Events;
use super::verdicts::{Verdicts, chip};
use super::{draw, lanes, shell};
use crate::contract::Report;
use crate::record::Recording;
use crate::scenario::Plan;
use crate::time::Time;
use crate::timeline::{changed, crowds_text, plot, without_crowds};
use maud::{Markup, PreEscaped, html};

/// One run, with what a page can say about it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What was run.
    pub plan: &'a Plan,
    /// What happened; with a trace, or the page has no messages in it.
    pub recording: &'a Recording,
    /// What the checks say.
    pub report: &'a Report,
    /// The scenario file's text, so that whoever gets the page can run it again.
    pub source: Option<&'a str>,
    /// The page that this one belongs to: its address from here, and its name.
    pub up: Option<(&'a str, &'a str)>,
}

/// Whether a page or diagram of this plan shows messages, which only a traced run records. A
/// crowd's are too many to draw.
pub fn wants_trace(plan: &Plan) -> bool {
    plan.crowds.is_empty()
}

/// The run as one HTML file that needs nothing else.
pub fn page(run: &Run) -> String {
    let Run { plan, recording, report: whole, source, up } = *run;
    let told = without_crowds(plan, whole);
    let report = &told;
    let events = Events::new(plan, recording, report);
    let verdicts = Verdicts { plan, recording, report, events: &events };
    let chart = lanes::of_run(plan, recording, report);
    let axis = Chart::axis(&[&chart]);
    let main = html! {
        (verdicts.failures())
        section aria-labelledby="timeline" {
            h2 #timeline { "Timeline" }
            (draw::chart(&chart, &axis, "chart", "timeline, scrolls sideways", ""))
            (draw::legend(!chart.arrows.is_empty()))
        }
        @if !plan.crowds.is_empty() {
            section aria-labelledby="crowds" {
                h2 #crowds { "Crowds" }
                div.scroll.picture tabindex="0" { (PreEscaped(plot(plan, recording))) }
                pre.trace tabindex="0" { (crowds_text(plan, recording, whole)) }
            }
        }
        (verdicts.outages())
        div.columns {
            div {
                (verdicts.watches())
                (verdicts.faults())
                (verdicts.links())
                (verdicts.remarks())
                (verdicts.invariants())
            }
            div { (verdicts.rows()) }
        }
        section aria-labelledby="events" {
            h2 #events { "Events" }
            p.filter hidden { label { "Show only " input type="search" data-filter placeholder="alice, 3/3, r1 …"; } }
            (events.list())
        }
        (events.trace())
        @if let Some(source) = source {
            details #source { summary { h2 { "Scenario file" } } pre.trace tabindex="0" { (source) } }
        }
    };
    shell::document(&format!("{} · zimsim", plan.title), up, header(run), main)
}

fn header(run: &Run) -> Markup {
    let Run { plan, report, .. } = *run;
    let changed = changed(plan);
    html! {
        h1 { bdi { (plan.title) } }
        p.facts {
            (verdict(report))
            " " span { "scenario " code { bdi { (plan.name) } } }
            " " span { "seed " code { (plan.seed.0) } }
            " " span { "lasts " (plan.until.since(Time::ZERO)) }
            " " span { (plan.clients.len()) @if plan.clients.len() == 1 { " client" } @else { " clients" } }
        }
        @if !changed.is_empty() {
            ul.given aria-label="not at its default" { @for each in changed { li { bdi { (each) } } } }
        }
        p.means { (shell::HELD_MEANS) }
    }
}

/// The verdict over the whole run.
pub fn verdict(report: &Report) -> Markup {
    match report.failures.len() {
        0 => chip("good", "all held"),
        1 => chip("bad", "failed: 1 reason"),
        count => chip("bad", &format!("failed: {count} reasons")),
    }
}
