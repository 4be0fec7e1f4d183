//! Scene 1 of the document: the network.

use super::aftermath;
use super::finding::{Finding, Verdict};
use super::story::{ConnectionTurn, Story, connection_words};
use super::trouble;
use crate::param::{Params, Percent};
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{ConnectionEvent, ConnectionState};

/// Slack on top of the longest possible gap between two attempts.
const SLACK: Span = Span::from_secs(2);

/// Judges rows `1.reconnecting`, `1.connected` and `1.gave-up`.
pub fn check(plan: &Plan, story: &Story) -> Vec<Finding> {
    let mut findings = Vec::new();
    for turn in &story.connections {
        let before = story.state_before(turn.mark.index);
        let logged_out = story.logs_out_at(turn.mark.at);
        let judged = match (before, turn.state) {
            (ConnectionState::Reconnecting, ConnectionState::Reconnecting) => {
                Some(("1.reconnecting", Some(format!("{} again", words(turn)))))
            }
            (_, ConnectionState::Reconnecting) => {
                Some(("1.reconnecting", broke_wrongly(plan, story, turn, before)))
            }
            (ConnectionState::Reconnecting, ConnectionState::Connected) => {
                Some(("1.connected", came_back_wrongly(turn)))
            }
            (ConnectionState::Reconnecting, ConnectionState::Disconnected) if !logged_out => {
                Some(("1.gave-up", gave_up_wrongly(story, turn)))
            }
            (ConnectionState::Connected, ConnectionState::Disconnected)
                if !logged_out && !aftermath::is_terminal(turn.event) =>
            {
                let instead = format!("the connection left CONNECTED with {}", words(turn));
                Some(("1.reconnecting", Some(instead)))
            }
            (
                ConnectionState::Connected | ConnectionState::Reconnecting,
                ConnectionState::Connecting,
            ) => Some(("1.reconnecting", Some(format!("{before} was left with {}", words(turn))))),
            (
                ConnectionState::Disconnected
                | ConnectionState::Connecting
                | ConnectionState::Connected
                | ConnectionState::Reconnecting,
                ConnectionState::Disconnected
                | ConnectionState::Connecting
                | ConnectionState::Connected,
            ) => None,
        };
        findings.extend(judged.map(|(row, problem)| finding(row, story, turn, problem)));
    }
    findings
}

/// The longest that an SDK which goes on trying can be between two attempts.
pub fn longest_gap(params: &Params) -> Span {
    let wait = params.reconnect_max_delay.max(params.reconnect_first_delay);
    let drawn = wait.ms() * (Percent::WHOLE + params.reconnect_jitter.ppm());
    Span::from_ms(drawn.div_ceil(Percent::WHOLE))
        + params.reconnect_connect_timeout
        + params.reconnect_login_timeout
        + SLACK
}

fn broke_wrongly(
    plan: &Plan,
    story: &Story,
    turn: &ConnectionTurn,
    before: ConnectionState,
) -> Option<String> {
    if before != ConnectionState::Connected {
        return Some(format!("{} after {before}", words(turn)));
    }
    if turn.event != ConnectionEvent::LoginInterrupted {
        return Some(words(turn));
    }
    let over = story.turn_after(turn.mark.index).map_or(story.end, |next| next.mark.at);
    stopped_trying(plan, story, turn, over)
}

/// Says where the SDK rested for too long between the break and the outage's end.
fn stopped_trying(plan: &Plan, story: &Story, turn: &ConnectionTurn, over: Time) -> Option<String> {
    let longest = longest_gap(&plan.params);
    let within = |at: &Time| *at >= turn.mark.at && *at <= over;
    let attempts = story.attempts.iter().map(|mark| mark.at).filter(within);
    let mut last = turn.mark.at;
    for next in attempts.chain([over]) {
        let stopped = trouble::held_up(plan, story.client, last, next);
        if next.since(last) > longest && !stopped {
            return Some(format!("no attempt to reconnect between {last} and {next}"));
        }
        last = next;
    }
    None
}

fn came_back_wrongly(turn: &ConnectionTurn) -> Option<String> {
    (turn.event != ConnectionEvent::Success).then(|| words(turn))
}

fn gave_up_wrongly(story: &Story, turn: &ConnectionTurn) -> Option<String> {
    if !aftermath::is_terminal(turn.event) {
        return Some(format!("{}, which forbids nothing", words(turn)));
    }
    aftermath::problem(story, turn.mark.index)
}

fn words(turn: &ConnectionTurn) -> String {
    connection_words(turn.state, turn.event)
}

fn finding(
    row: &'static str,
    story: &Story,
    turn: &ConnectionTurn,
    problem: Option<String>,
) -> Finding {
    Finding {
        row,
        client: story.client,
        room: None,
        at: turn.mark.at,
        record: Some(turn.mark.index),
        verdict: Verdict::of(problem),
        decided_by: None,
    }
}
