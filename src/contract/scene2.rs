//! Scene 2 of the document: the account is kicked.

use super::aftermath;
use super::finding::{Finding, Verdict};
use super::scene1::longest_gap;
use super::story::{ConnectionTurn, Mark, Story, connection_words};
use super::trouble;
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{ConnectionEvent, ConnectionState};

/// Slack on top of the network's own time.
const SLACK: Span = Span::from_secs(2);

/// Judges row `2.kicked`: by what the server decided, and by what the app is told.
pub fn check(plan: &Plan, story: &Story) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = Vec::new();
    for kick in kicks(story) {
        match fate(story, kick) {
            Fate::Told(turn) if !told.contains(&turn.mark.index) => {
                told.push(turn.mark.index);
                let problem = told_wrongly(story, turn).or_else(|| late(plan, story, kick, turn));
                findings.push(finding(story, turn.mark.at, Some(turn.mark.index), problem));
            }
            Fate::Told(_) | Fate::LoggedOut => {}
            Fate::CameBack(turn) if trouble::forgotten(plan, kick.at, turn.mark.at) => {}
            Fate::CameBack(turn) => {
                let words = connection_words(turn.state, turn.event);
                let what = format!("{words}, though the server ended the session at {}", kick.at);
                findings.push(finding(story, turn.mark.at, Some(turn.mark.index), Some(what)));
            }
            Fate::Unheard if trouble::forgotten(plan, kick.at, story.end) => {}
            Fate::Unheard => findings.extend(overdue(plan, story, kick)),
        }
    }
    let kicked = |turn: &&ConnectionTurn| turn.event == ConnectionEvent::KickedOut;
    for turn in story.connections.iter().filter(kicked) {
        if told.contains(&turn.mark.index) {
            continue;
        }
        let problem = Some(format!("told at {}, but the server kicked nobody", turn.mark.at));
        let known = kicks(story).any(|kick| kick.at <= turn.mark.at) || story.other_logins > 0;
        let problem = told_wrongly(story, turn).or(if known { None } else { problem });
        findings.push(finding(story, turn.mark.at, Some(turn.mark.index), problem));
    }
    findings.sort_by_key(|finding| finding.at);
    findings
}

/// What followed a kick.
enum Fate<'a> {
    /// The app was told.
    Told(&'a ConnectionTurn),
    /// The app was told that it is connected, as if nothing had happened.
    CameBack(&'a ConnectionTurn),
    /// The app logged out or in anew, or its session ended otherwise.
    LoggedOut,
    /// Nothing yet when the run ended.
    Unheard,
}

/// When the server ended a session of this client by a kick. A session that makes way for
/// a new login from the same device is no kick.
fn kicks<'s>(story: &'s Story) -> impl Iterator<Item = Mark> + 's {
    let kicks = story.facts.iter().filter_map(|(mark, fact)| match fact {
        ServerFact::SessionEnded { cause: Some(SessionEnd::KickedOut), .. } => Some(*mark),
        ServerFact::SessionEnded { .. }
        | ServerFact::LoggedIn { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    });
    kicks.filter(|kick| !logins(story).any(|login| login.at == kick.at && login.index > kick.index))
}

fn logins<'s>(story: &'s Story) -> impl Iterator<Item = Mark> + 's {
    story.facts.iter().filter_map(|(mark, fact)| match fact {
        ServerFact::LoggedIn { .. } => Some(*mark),
        ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    })
}

fn fate<'s>(story: &'s Story, kick: Mark) -> Fate<'s> {
    let reborn = logins(story).find(|login| login.index > kick.index);
    let logout = story.logout_after(kick.index).map_or(usize::MAX, |mark| mark.index);
    for turn in story.connections.iter().filter(|turn| turn.mark.index > kick.index) {
        if turn.mark.index > logout {
            return Fate::LoggedOut;
        }
        match (turn.state, turn.event) {
            (_, ConnectionEvent::KickedOut) => return Fate::Told(turn),
            (ConnectionState::Disconnected | ConnectionState::Connecting, _) => {
                return Fate::LoggedOut;
            }
            (ConnectionState::Connected, _)
                if reborn.is_some_and(|login| login.index < turn.mark.index) =>
            {
                return Fate::CameBack(turn);
            }
            // The welcome of before the kick may still have been under way.
            (ConnectionState::Connected | ConnectionState::Reconnecting, _) => {}
        }
    }
    if logout < usize::MAX { Fate::LoggedOut } else { Fate::Unheard }
}

fn told_wrongly(story: &Story, turn: &ConnectionTurn) -> Option<String> {
    if turn.state != ConnectionState::Disconnected {
        return Some(connection_words(turn.state, turn.event));
    }
    aftermath::problem(story, turn.mark.index)
}

/// Says so if the app was told too late though nothing was in the way.
fn late(plan: &Plan, story: &Story, kick: Mark, turn: &ConnectionTurn) -> Option<String> {
    let deadline = deadline(plan, story, kick)?;
    (turn.mark.at > deadline)
        .then(|| format!("told at {}, kicked by the server at {}", turn.mark.at, kick.at))
}

/// By when a kick must be known to the app; `None`: the network gives no such promise.
fn deadline(plan: &Plan, story: &Story, kick: Mark) -> Option<Time> {
    let client = story.client;
    let params = &plan.params;
    let quick = kick.at + SLACK + trouble::round_trip(plan, client) * 2;
    let connected = story.state_before(kick.index) == ConnectionState::Connected;
    if connected && !trouble::disturbed(plan, client, kick.at, quick) {
        return Some(quick);
    }
    let noticing = params.heartbeat_period + params.heartbeat_patience + params.heartbeat_grace;
    let calm = trouble::calm_from(plan, client, kick.at)?;
    Some(calm + noticing + longest_gap(params))
}

fn overdue(plan: &Plan, story: &Story, kick: Mark) -> Option<Finding> {
    let deadline = deadline(plan, story, kick).filter(|deadline| *deadline < story.end)?;
    let what = format!("kicked by the server at {}, never told", kick.at);
    Some(finding(story, deadline, None, Some(what)))
}

fn finding(story: &Story, at: Time, record: Option<usize>, problem: Option<String>) -> Finding {
    let verdict = Verdict::of(problem);
    Finding { row: "2.kicked", client: story.client, room: None, at, record, verdict }
}
