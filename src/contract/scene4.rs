//! Scene 4 of the document: rooms through an outage.

use super::finding::{Finding, Verdict};
use super::outage::{Outage, OutageEnd, Outages, RoomVerdict};
use super::story::{Mark, Story, room_words};
use super::trouble;
use crate::param::Params;
use crate::protocol::{RoomEnd, Standing};
use crate::record::ServerFact;
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{ConnectionState, RoomEvent, RoomId, RoomState};

/// Slack on top of the longest that a room may be without a verdict.
const SLACK: Span = Span::from_secs(1);

/// Judges the rows of scene 4 and writes each T2 row into its outage.
pub fn check(plan: &Plan, story: &Story, outages: &mut Outages) -> Vec<Finding> {
    let mut findings: Vec<_> = outages
        .strays
        .iter()
        .map(|turn| {
            let what = format!("{} while the connection stood", room_words(turn.state, turn.event));
            finding(story, "4.T0", turn.room, turn.mark.at, Some(turn.mark.index), Some(what))
        })
        .collect();
    for outage in &mut outages.all {
        findings.push(t0(story, outage));
        for t1 in outage.relapses.iter().map(|relapse| relapse.t1).chain(outage.t1) {
            findings.push(at_t1(&plan.params, story, outage, t1));
            findings.push(asks(story, outage, t1));
        }
        findings.extend(odd_repeats(story, outage));
        let verdict = match outage.t2 {
            Some(t2) => spoken(plan, story, outage, t2),
            None => unspoken(plan, story, outage),
        };
        if let Some(verdict) = verdict {
            outage.row = Some(verdict.row);
            outage.held = Some(verdict.verdict.is_held());
            findings.push(verdict);
        }
    }
    findings.extend(asked_offline(story));
    findings.sort_by_key(|finding| finding.at);
    findings
}

fn t0(story: &Story, outage: &Outage) -> Finding {
    let problem = match (outage.interrupted, outage.repeats.first()) {
        (Some(_), _) => None,
        (None, Some(late)) => Some(format!("1/1 only at {}, T0 {}", late.at, outage.t0.at)),
        (None, None) => Some(format!("the room said nothing at T0, {}", outage.t0.at)),
    };
    let record = outage.interrupted.map(|mark| mark.index);
    finding(story, "4.T0", &outage.room, outage.t0.at, record, problem)
}

fn at_t1(params: &Params, story: &Story, outage: &Outage, t1: Mark) -> Finding {
    let again = outage.repeats.iter().find(|mark| mark.at == t1.at);
    let problem = match (again, params.room_callback_at_t1) {
        (Some(_), true) | (None, false) => None,
        (Some(mark), false) => {
            Some(format!("1/1 again at {}, room.callback_at_t1 is off", mark.at))
        }
        (None, true) => Some(format!("no 1/1 again at T1, {}", t1.at)),
    };
    let record = again.map_or(t1.index, |mark| mark.index);
    finding(story, "4.T1", &outage.room, t1.at, Some(record), problem)
}

fn asks(story: &Story, outage: &Outage, t1: Mark) -> Finding {
    let mut asked = story.asked.iter().filter(|(_, room)| **room == outage.room);
    let at_once = asked.clone().find(|(mark, _)| mark.at == t1.at);
    let later = asked.find(|(mark, _)| mark.at > t1.at);
    let problem = match (at_once, later) {
        (Some(_), _) => None,
        (None, Some((mark, _))) => Some(format!("asked only at {}, T1 {}", mark.at, t1.at)),
        (None, None) => Some(format!("the server was not asked at T1, {}", t1.at)),
    };
    let record = at_once.map(|(mark, _)| mark.index);
    finding(story, "4.asks", &outage.room, t1.at, record, problem)
}

/// Questions that left while the SDK was not connected.
fn asked_offline(story: &Story) -> Vec<Finding> {
    let connected = |at| {
        story.state_entering(at) == ConnectionState::Connected
            || story.state_leaving(at) == ConnectionState::Connected
            || story.turns_to(ConnectionState::Connected, at)
    };
    let offline = story.asked.iter().filter(|(mark, _)| !connected(mark.at));
    offline
        .map(|(mark, room)| {
            let what = format!("asked at {} without a connection", mark.at);
            finding(story, "4.asks", room, mark.at, Some(mark.index), Some(what))
        })
        .collect()
}

/// 1/1 at a moment that is neither T0, T1, nor a new loss.
fn odd_repeats(story: &Story, outage: &Outage) -> Vec<Finding> {
    let known = |at: Time| {
        at == outage.t0.at
            || outage.t1.is_some_and(|t1| t1.at == at)
            || outage.relapses.iter().any(|r| r.t1.at == at || r.lost.at == at)
    };
    // A first 1/1 that comes late is T0's failure already.
    let skipped = usize::from(outage.interrupted.is_none());
    let odd = outage.repeats.iter().skip(skipped).filter(|mark| !known(mark.at));
    odd.map(|mark| {
        let what = Some(format!("1/1 again at {}, which is no T1", mark.at));
        finding(story, "4.T1", &outage.room, mark.at, Some(mark.index), what)
    })
    .collect()
}

/// Judges the verdict that the room gave; `None` if it is a kick while connected, which
/// is no row of T2.
fn spoken(plan: &Plan, story: &Story, outage: &Outage, t2: RoomVerdict) -> Option<Finding> {
    let pair = (t2.state, t2.event);
    let pushed = pushed(story, outage, t2.mark);
    if pushed == Some(pair) && t2.event == RoomEvent::KickedOut {
        return None;
    }
    let said = room_words(t2.state, t2.event);
    let problem = if outage.t1.is_none() {
        Some(format!("{said} at {} before the connection was back", t2.mark.at))
    } else if t2.connection != ConnectionState::Connected {
        Some(format!("{said} at {} while the connection was {}", t2.mark.at, t2.connection))
    } else if pushed == Some(pair) {
        None
    } else {
        unlike_answer(plan, outage, t2)
    };
    let index = Some(t2.mark.index);
    Some(finding(story, row_of(pair), &outage.room, t2.mark.at, index, problem))
}

/// Says how the verdict differs from what the server answered.
fn unlike_answer(plan: &Plan, outage: &Outage, t2: RoomVerdict) -> Option<String> {
    let params = &plan.params;
    let pair = (t2.state, t2.event);
    let said = room_words(t2.state, t2.event);
    if outage.answers.iter().any(|(_, standing)| told(params, *standing) == pair) {
        return None;
    }
    let t1 = outage.t1.map_or(outage.t0.at, |t1| t1.at);
    let gave_up = pair == GAVE_UP && t2.mark.at >= t1 + patience(params);
    let Some((at, standing)) = outage.answers.last() else {
        return (!gave_up).then(|| format!("{said} at {} without an answer", t2.mark.at));
    };
    if gave_up && trouble::disturbed(plan, outage.client, t1, t2.mark.at) {
        return None;
    }
    let answer = standing.words();
    Some(format!("{said} at {}, but the server answered at {at}: {answer}", t2.mark.at))
}

/// Judges a room that never gave a verdict.
fn unspoken(plan: &Plan, story: &Story, outage: &Outage) -> Option<Finding> {
    let t1 = outage.t1.filter(|_| outage.end == OutageEnd::Open)?;
    let within = patience(&plan.params) + link_proof(&plan.params) + SLACK;
    let due = trouble::due(plan, outage.client, t1.at, within)?;
    if due >= story.end {
        return None;
    }
    let row = match outage.answers.last() {
        Some((_, standing)) => row_of(told(&plan.params, *standing)),
        None => "4.T2.other",
    };
    let what = format!("no verdict by {}, T1 {}", story.end, t1.at);
    Some(finding(story, row, &outage.room, due, None, Some(what)))
}

/// How long all questions together wait for an answer.
fn patience(params: &Params) -> Span {
    params.room_query_timeout * u64::from(params.room_query_tries)
}

/// How long an SDK may wait for proof that the link lives before it takes silence for an
/// answer: by then a heartbeat was answered and the question has waited once more, or the
/// link has been found dead.
fn link_proof(params: &Params) -> Span {
    params.heartbeat_period
        + params.heartbeat_patience
        + params.heartbeat_grace
        + params.room_query_timeout
}

const GAVE_UP: (RoomState, RoomEvent) = (RoomState::Disconnected, RoomEvent::NetworkDisconnected);

/// What the app must be told for each answer.
fn told(params: &Params, standing: Standing) -> (RoomState, RoomEvent) {
    match standing {
        Standing::In => (RoomState::Connected, RoomEvent::Success),
        Standing::TimedOut => (RoomState::Disconnected, RoomEvent::ConnectTimeout),
        Standing::Gone => (RoomState::Disconnected, RoomEvent::RoomNotExist),
        Standing::Kicked => (RoomState::Disconnected, params.room_kicked_while_away),
        Standing::OtherDevice => (RoomState::Disconnected, RoomEvent::KickedOutByOtherDevice),
        Standing::Out => GAVE_UP,
    }
}

/// What the server told the connected client of the room's end, ahead of any answer:
/// the last end since this session came back.
fn pushed(story: &Story, outage: &Outage, t2: Mark) -> Option<(RoomState, RoomEvent)> {
    let t1 = outage.t1?;
    let back = |fact: &ServerFact| matches!(fact, ServerFact::LoggedIn { .. });
    let returned =
        story.facts.iter().rev().find(|(mark, fact)| mark.index < t1.index && back(fact))?;
    let since = returned.0.index;
    let ends = story.facts.iter().filter(|(mark, _)| mark.index > since && mark.index < t2.index);
    let cause = ends.rev().find_map(|(_, fact)| match fact {
        ServerFact::Left { room, cause, .. } if *room == outage.room => *cause,
        ServerFact::Left { .. }
        | ServerFact::LoggedIn { .. }
        | ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    })?;
    let event = match cause {
        RoomEnd::Destroyed => RoomEvent::RoomNotExist,
        RoomEnd::Kicked => RoomEvent::KickedOut,
        RoomEnd::OtherDevice => RoomEvent::KickedOutByOtherDevice,
        RoomEnd::TimedOut => RoomEvent::ConnectTimeout,
    };
    Some((RoomState::Disconnected, event))
}

fn row_of(pair: (RoomState, RoomEvent)) -> &'static str {
    match pair {
        (RoomState::Connected, _) => "4.T2.restored",
        (RoomState::Disconnected, RoomEvent::ConnectTimeout) => "4.T2.timeout",
        (RoomState::Disconnected, RoomEvent::RoomNotExist) => "4.T2.gone",
        (RoomState::Disconnected | RoomState::Connecting, _) => "4.T2.other",
    }
}

fn finding(
    story: &Story,
    row: &'static str,
    room: &RoomId,
    at: Time,
    record: Option<usize>,
    problem: Option<String>,
) -> Finding {
    let room = Some(room.clone());
    Finding {
        row,
        client: story.client,
        room,
        at,
        record,
        verdict: Verdict::of(problem),
        decided_by: None,
    }
}
