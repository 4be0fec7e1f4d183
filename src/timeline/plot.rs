//! A run as a picture: attempts a second, connected clients, the line at the server.
//!
//! Whole numbers only, so that the same run is the same picture everywhere.

use super::storm::{Second, Storm};
use crate::record::Recording;
use crate::scenario::Plan;
use crate::time::Time;
use std::fmt::Write;

const WIDTH: u64 = 960;
const HEIGHT: u64 = 480;
const LEFT: u64 = 70;
const RIGHT: u64 = 70;
const TOP: u64 = 70;
const BOTTOM: u64 = 50;
const ACROSS: u64 = WIDTH - LEFT - RIGHT;
const DOWN: u64 = HEIGHT - TOP - BOTTOM;

const BARS: &str = "#9db7d5";
const CONNECTED: &str = "#1a7f37";
const LINE: &str = "#cf222e";
const FAULT: &str = "#f3d9a4";

/// All clients of a run over time, as SVG.
pub fn plot(plan: &Plan, recording: &Recording) -> String {
    let storm = Storm::of(recording, &(0..plan.clients.len()));
    let frame = Frame::of(plan, &storm);
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">"
    );
    let _ = writeln!(svg, "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>");
    let title = format!("{}, seed {}: {}", plan.name, plan.seed.0, plan.title);
    text(&mut svg, (LEFT, 24), "start", "font-size=\"15\"", &title);
    legend(&mut svg, storm.line.is_some());
    faults(&mut svg, plan, &frame);
    bars(&mut svg, &storm, &frame);
    curve(&mut svg, &storm, &frame, CONNECTED, |second| second.connected);
    if storm.line.is_some() {
        curve(&mut svg, &storm, &frame, LINE, |second| second.line);
    }
    axes(&mut svg, &frame);
    svg.push_str("</svg>\n");
    svg
}

/// What the axes stand for.
struct Frame {
    seconds: u64,
    /// Clients at the top of the left axis.
    clients: u64,
    /// Attempts a second at the top of the right one.
    attempts: u64,
}

impl Frame {
    fn of(plan: &Plan, storm: &Storm) -> Frame {
        let busiest = storm.busiest().map_or(0, |(attempts, _)| attempts);
        let longest = storm.line.map_or(0, |(line, _)| line);
        Frame {
            seconds: plan.span().ms().div_ceil(1000).max(1),
            clients: round_up(number(plan.clients.len().max(longest))),
            attempts: round_up(number(busiest)),
        }
    }

    fn x(&self, second: u64) -> u64 {
        LEFT + ACROSS * second.min(self.seconds) / self.seconds
    }

    fn x_of(&self, at: Time) -> u64 {
        LEFT + ACROSS * at.ms().min(self.seconds * 1000) / (self.seconds * 1000)
    }
}

/// How high a value stands above the bottom.
fn height(value: u64, top: u64) -> u64 {
    DOWN * value / top
}

fn number(count: usize) -> u64 {
    u64::try_from(count).expect("a count in memory")
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(value: u64) -> u64 {
    let mut unit = 1;
    loop {
        for step in [1, 2, 5] {
            if step * unit >= value {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

fn text(svg: &mut String, (x, y): (u64, u64), anchor: &str, style: &str, words: &str) {
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" {style}>{}</text>",
        escaped(words)
    );
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn legend(svg: &mut String, with_line: bool) {
    let mut entries = vec![
        (BARS, "attempts a second (right)"),
        (CONNECTED, "connected clients (left)"),
        (FAULT, "faults"),
    ];
    if with_line {
        entries.push((LINE, "logins in line at the server (left)"));
    }
    for (place, (colour, words)) in entries.into_iter().enumerate() {
        let x = LEFT + 190 * number(place);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"38\" width=\"12\" height=\"12\" fill=\"{colour}\"/>"
        );
        text(svg, (x + 18, 48), "start", "", words);
    }
}

fn faults(svg: &mut String, plan: &Plan, frame: &Frame) {
    for fault in &plan.faults {
        let (from, to) = (frame.x_of(fault.from), frame.x_of(fault.to.unwrap_or(plan.until)));
        let width = (to - from).max(1);
        let _ = writeln!(
            svg,
            "<rect x=\"{from}\" y=\"{TOP}\" width=\"{width}\" height=\"{DOWN}\" fill=\"{FAULT}\">\
             <title>{}</title></rect>",
            escaped(&fault.words())
        );
        text(svg, (from + 3, TOP + 14), "start", "fill=\"#7a5200\"", &fault.name_or_words());
    }
}

fn bars(svg: &mut String, storm: &Storm, frame: &Frame) {
    for (at, second) in storm.seconds.iter().enumerate().filter(|(_, s)| s.attempts > 0) {
        let (from, to) = (frame.x(number(at)), frame.x(number(at) + 1));
        let width = (to - from).max(1);
        let high = height(number(second.attempts), frame.attempts).max(1);
        let y = TOP + DOWN - high;
        let _ = writeln!(
            svg,
            "<rect x=\"{from}\" y=\"{y}\" width=\"{width}\" height=\"{high}\" fill=\"{BARS}\"/>"
        );
    }
}

fn curve(
    svg: &mut String,
    storm: &Storm,
    frame: &Frame,
    colour: &str,
    value: impl Fn(&Second) -> usize,
) {
    let mut points = format!("{LEFT},{}", TOP + DOWN);
    let mut last = 0;
    for (at, second) in storm.seconds.iter().enumerate() {
        let now = number(value(second));
        // A point only where it turns: most seconds are like the one before.
        if now != last {
            let (x, next) = (frame.x(number(at)), frame.x(number(at) + 1));
            let before = TOP + DOWN - height(last, frame.clients);
            let y = TOP + DOWN - height(now, frame.clients);
            let _ = write!(points, " {x},{before} {next},{y}");
            last = now;
        }
    }
    let end = frame.x(number(storm.seconds.len()));
    let _ = write!(points, " {end},{}", TOP + DOWN - height(last, frame.clients));
    let _ = writeln!(
        svg,
        "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
    );
}

fn axes(svg: &mut String, frame: &Frame) {
    let (right, bottom) = (LEFT + ACROSS, TOP + DOWN);
    let _ = writeln!(
        svg,
        "<path d=\"M{LEFT} {TOP}V{bottom}H{right}V{TOP}\" fill=\"none\" stroke=\"black\"/>"
    );
    for (top, x, anchor) in [(frame.clients, LEFT - 6, "end"), (frame.attempts, right + 6, "start")]
    {
        // Tops are 1, 2, 5, 10, 20, 50 …: so that each mark is a whole number.
        let parts = top.min(5);
        for part in 0..=parts {
            let y = bottom - DOWN * part / parts + 4;
            text(svg, (x, y), anchor, "", &(top * part / parts).to_string());
        }
    }
    let step = round_up(frame.seconds.div_ceil(10));
    for at in (0..=frame.seconds).step_by(usize::try_from(step).expect("a small step")) {
        text(svg, (frame.x(at), bottom + 18), "middle", "", &format!("{at}"));
    }
    text(svg, (LEFT + ACROSS / 2, bottom + 38), "middle", "", "seconds");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        let rounded: Vec<_> = [0, 1, 3, 7, 10, 11, 4_999, 10_000].map(round_up).to_vec();
        assert_eq!(rounded, [1, 1, 5, 10, 10, 20, 5_000, 10_000]);
    }

    #[test]
    fn words_of_the_file_stay_words() {
        assert_eq!(escaped("a < b & c > d"), "a &lt; b &amp; c &gt; d");
    }
}
