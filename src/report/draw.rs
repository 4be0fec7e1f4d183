//! A drawing as HTML: every place on it is a few numbers that the style sheet turns into
//! pixels, so that zooming moves nothing but one of its variables.

use super::axis::{Axis, X};
use super::chart::{Arrow, Chart, Kind, Lane, Segment, Sort};
use crate::time::Time;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// More messages than this are folded at first: they would hide each other.
const MESSAGES: usize = 240;

/// The drawing with its controls. `id` sets it apart from others on the page; `label` is
/// what a screen reader calls it; `prefix` stands before the number in the ids of events.
pub fn chart(chart: &Chart, axis: &Axis, id: &str, label: &str, prefix: &str) -> Markup {
    let messages = chart.arrows.iter().filter(|arrow| !arrow.beat).count();
    let server = chart.server();
    html! {
        div.chart id=(id) data-axis=(numbers(&axis.table())) data-end=(chart.end.ms()) {
            (controls(chart, messages))
            div.scroll role="region" aria-label=(label) tabindex="0" {
                div.plot style=(format!("{};--lanes:{}", end(axis.width()), chart.lanes.len())) {
                    (ticks(chart, axis))
                    @for (row, lane) in chart.lanes.iter().enumerate() {
                        (draw_lane(lane, row, axis, prefix))
                    }
                    @if let Some(server) = server {
                        div.arrows style=(format!("--row:{server}")) aria-hidden="true" {
                            @for each in chart.arrows.iter().filter(|arrow| !arrow.beat) {
                                (arrow(each, server, axis))
                            }
                        }
                        (folded(chart, server))
                    }
                }
            }
        }
    }
}

fn controls(chart: &Chart, messages: usize) -> Markup {
    let beats = chart.arrows.len() - messages;
    let layer = |name: &str, count: usize, on: bool| {
        html! {
            @if count > 0 {
                label { input type="checkbox" data-layer=(name) checked[on]; (name) " " span.count { (count) } }
            }
        }
    };
    html! {
        div.controls {
            div.group role="group" aria-label="zoom" {
                button type="button" data-zoom="fit" { "Fit" }
                button type="button" data-zoom="out" aria-label="zoom out" { "−" }
                button type="button" data-zoom="in" aria-label="zoom in" { "+" }
            }
            label { input type="checkbox" data-scale; "true to scale" }
            (layer("messages", messages, messages <= MESSAGES))
            (layer("heartbeats", beats, false))
            (layer("packets", chart.packets.len(), false))
        }
    }
}

/// Every moment's time; those that would cover others are blotted out, and come back when
/// there is room. T0, T1, T2 and the ends of faults go before the rest.
fn ticks(chart: &Chart, axis: &Axis) -> Markup {
    /// Pixels between two times that can both be read.
    const APART: u32 = 64;
    let faults = chart.lanes.iter().filter(|lane| lane.kind == Kind::Network);
    let ends = faults.flat_map(|lane| &lane.ribbon).flat_map(|each| [each.from, each.to]);
    let lines = chart.lanes.iter().flat_map(|lane| lane.lines.iter().copied());
    let keys: BTreeSet<Time> = ends.chain(lines).collect();
    let place = |x: X| x.fixed + x.gaps;
    let mut shown: BTreeMap<u32, Time> = BTreeMap::new();
    for first in [true, false] {
        for (at, x) in axis.slots().filter(|(at, _)| keys.contains(at) == first) {
            let near = place(x).saturating_sub(APART - 1)..place(x) + APART;
            if shown.range(near).next().is_none() {
                shown.insert(place(x), at);
            }
        }
    }
    let shown: BTreeSet<Time> = shown.into_values().collect();
    html! {
        div.axis aria-hidden="true" {
            @for (at, x) in axis.slots() {
                @let (key, out) = (keys.contains(&at), !shown.contains(&at));
                span.tick.at.key[key].out[out] style=(start(x)) { (at) }
            }
        }
    }
}

fn draw_lane(lane: &Lane, row: usize, axis: &Axis, prefix: &str) -> Markup {
    let kind = match lane.kind {
        Kind::Network => "network",
        Kind::ServerRoom | Kind::Room => "room",
        Kind::Server => "server",
        Kind::Client => "client",
    };
    let top = matches!(lane.kind, Kind::Client);
    html! {
        div.lane.(kind).top[top] style=(format!("--i:{row}")) role="group" aria-label=(heading(lane)) {
            div.name {
                bdi { (lane.name) }
                @if !lane.note.is_empty() { small { bdi { (lane.note) } } }
            }
            div.track {
                @for (from, to) in &lane.bands {
                    div.band.at.span style=(span(axis, *from, *to)) {}
                }
                @for at in &lane.lines { div.line.at style=(start(axis.x(*at))) {} }
                @for each in &lane.ribbon { (segment(each, axis)) }
                @for (mark, place) in lane.marks.iter().zip(lane.places()) {
                    @let style = format!("{};--o:{place}", start(axis.x(mark.at)));
                    @let id = match mark.sort { Sort::Moment(_) => None, _ => Some(format!("m{prefix}{}", mark.event)) };
                    a.mark.at.(mark.sort.class()).flagged[mark.flagged] style=(style) id=[id]
                        href=(format!("#e{prefix}{}", mark.event))
                        aria-labelledby=(format!("e{prefix}{}", mark.event)) {
                        @if let Sort::Moment(name) = mark.sort { (name) }
                    }
                }
            }
        }
    }
}

fn heading(lane: &Lane) -> String {
    match (lane.kind, lane.note.is_empty()) {
        (Kind::ServerRoom | Kind::Room, _) => format!("room {}, {}", lane.name, lane.note),
        (Kind::Client | Kind::Network | Kind::Server, false) => {
            format!("{}, {}", lane.name, lane.note)
        }
        (Kind::Client | Kind::Network | Kind::Server, true) => lane.name.clone(),
    }
}

fn segment(segment: &Segment, axis: &Axis) -> Markup {
    let lasts = segment.to.since(segment.from);
    let title = format!("{} {} from {} for {lasts}", segment.short, segment.words, segment.from);
    let title = title.trim();
    let style = span(axis, segment.from, segment.to);
    let look = segment.look.class();
    let inside = html! {
        @if !segment.short.is_empty() { b { (segment.short) } }
        span { bdi { (segment.words) } }
    };
    html! {
        @match &segment.link {
            Some(link) => {
                a.segment.at.span.(look) href=(link) style=(style) title=(title) { (inside) }
            },
            None => div.segment.at.span.(look) style=(style) title=(title) { (inside) },
        }
    }
}

fn arrow(arrow: &Arrow, server: usize, axis: &Axis) -> Markup {
    let got = arrow.got.unwrap_or(arrow.sent);
    let style =
        format!("{};--d:{}", span(axis, arrow.sent, got), arrow.lane.saturating_sub(server));
    let way = if arrow.up { "up" } else { "down" };
    let title = match arrow.got {
        Some(got) => format!("{} → {got}  {}", arrow.sent, arrow.words),
        None => format!("{}, lost  {}", arrow.sent, arrow.words),
    };
    let line = if arrow.up { "M0 100L100 0" } else { "M0 0L100 100" };
    html! {
        div.arrow.at.span.(way).lost[arrow.got.is_none()] style=(style) title=(title) {
            svg viewBox="0 0 100 100" preserveAspectRatio="none" { path d=(line) {} }
            i {}
        }
    }
}

/// Heartbeats and packets, for the script to draw when somebody asks: as numbers only.
fn folded(chart: &Chart, server: usize) -> Markup {
    let beats: Vec<_> = chart
        .arrows
        .iter()
        .filter(|arrow| arrow.beat)
        .map(|arrow| {
            // Lost: it arrives before it is sent.
            let got = arrow.got.map_or(0, Time::ms);
            [arrow.sent.ms(), got, arrow.lane as u64, u64::from(arrow.up)]
        })
        .collect();
    let packets: Vec<_> = chart.packets.iter().map(|(at, lane)| [at.ms(), *lane as u64]).collect();
    html! {
        div.folded data-server=(server)
            data-beats=(numbers(&beats)) data-packets=(numbers(&packets)) {}
    }
}

/// `0 2 0 10;100 …`
fn numbers<const N: usize>(rows: &[[u64; N]]) -> String {
    let row = |row: &[u64; N]| row.map(|n| n.to_string()).join(" ");
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

/// Where something begins.
fn start(x: X) -> String {
    format!("--f:{};--g:{};--m:{}", x.fixed, x.gaps, x.ms)
}

/// Where something ends.
fn end(x: X) -> String {
    format!("--F:{};--G:{};--M:{}", x.fixed, x.gaps, x.ms)
}

fn span(axis: &Axis, from: Time, to: Time) -> String {
    format!("{};{}", start(axis.x(from)), end(axis.x(to)))
}

/// What shapes and colours mean, once a page.
pub fn legend(with_arrows: bool) -> Markup {
    let states = [
        ("on", "connected, in"),
        ("waiting", "on the way"),
        ("broken", "interrupted"),
        ("ended", "ended against its will"),
        ("off", "out"),
        ("fault", "fault"),
    ];
    let marks = [
        ("call", "call"),
        ("ok", "result: ok"),
        ("error", "result: error"),
        ("callback", "callback"),
        ("shown", "shows"),
        ("hand", "scenario's hand"),
        ("fact", "server's fact"),
    ];
    html! {
        details.legend open {
            summary { "What the shapes mean" }
            ul {
                @for (class, words) in states { li { i.swatch.segment.(class) {} (words) } }
                @for (class, words) in marks { li { i.mark.(class) {} (words) } }
                li { i.mark.moment { "T0" } "network lost; T1: back; T2: the room's verdict" }
                @if with_arrows {
                    li { i.stroke.up {} "message to the server" }
                    li { i.stroke.down {} "message to a client" }
                    li { i.stroke.lost {} "lost, or no connection" }
                }
            }
        }
    }
}
