//! Scene 2 of the document: another device logs in, and multi-device login is off.

use super::aftermath;
use super::finding::{Finding, Verdict};
use super::scene1::longest_gap;
use super::story::{ConnectionTurn, Mark, Story, connection_words};
use super::trouble;
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{ConnectionEvent, ConnectionState, UserId};

/// Slack on top of the network's own time.
const SLACK: Span = Span::from_secs(2);

/// Judges row `2.kicked`: whoever is logged in when another device logs in anew must be
/// told so, whatever the server has done with their session meanwhile.
pub fn check(plan: &Plan, story: &Story) -> Vec<Finding> {
    if plan.params.login_multi_device {
        return Vec::new();
    }
    let mut findings: Vec<_> =
        sessions(story).iter().filter_map(|session| judge(plan, story, session)).collect();
    findings.sort_by_key(|finding| finding.at);
    findings
}

/// KICKED_OUT callbacks that nobody's kick explains. One by an administrator, or by the
/// limit of multi-device login, is as good as any, and no occasion of the row.
pub fn unexplained(plan: &Plan, story: &Story) -> Vec<(Time, String)> {
    let rivalled: Vec<usize> = match plan.params.login_multi_device {
        true => Vec::new(),
        false => {
            let rivalled = sessions(story).into_iter().filter(|session| session.has_rivals());
            rivalled.filter_map(|session| session.told()).map(|turn| turn.mark.index).collect()
        }
    };
    let kicked_out = |turn: &&ConnectionTurn| {
        turn.event == ConnectionEvent::KickedOut && !rivalled.contains(&turn.mark.index)
    };
    let mut problems = Vec::new();
    for turn in story.connections.iter().filter(kicked_out) {
        let (at, words) = (turn.mark.at, || connection_words(turn.state, turn.event));
        if turn.state != ConnectionState::Disconnected {
            problems.push((at, words()));
        } else if !kicked_by_server(story, at) {
            problems.push((at, format!("{}, but the server kicked nobody", words())));
        }
    }
    problems
}

fn kicked_by_server(story: &Story, until: Time) -> bool {
    story.facts.iter().any(|(mark, fact)| match fact {
        ServerFact::SessionEnded { cause: Some(SessionEnd::KickedOut), .. } => mark.at <= until,
        ServerFact::SessionEnded { .. }
        | ServerFact::LoggedIn { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => false,
    })
}

/// A session as the client sees it: from CONNECTING to what ends it.
struct Session<'s> {
    /// When the server let the client in, and, after a break, in again.
    admitted: Vec<(Mark, &'s UserId)>,
    /// When other devices logged in anew to the same account meanwhile.
    rivals: Vec<Mark>,
    /// Its connection callbacks, the one that ends it included.
    turns: Vec<&'s ConnectionTurn>,
    /// When it was over: the callback that ends it, the app's logout, or the run's end.
    over: Mark,
}

impl<'s> Session<'s> {
    fn has_rivals(&self) -> bool {
        !self.rivals.is_empty()
    }

    /// The callback that says that the session was kicked.
    fn told(&self) -> Option<&'s ConnectionTurn> {
        self.turns.last().filter(|turn| turn.event == ConnectionEvent::KickedOut).copied()
    }

    /// The rivals that the server can't have forgotten to be rivals: both logins reached
    /// the same memory of it, and it has kept that until `until`.
    fn known_rivals(&self, plan: &Plan, until: Time) -> impl Iterator<Item = Mark> {
        let known = move |rival: &&Mark| {
            let before = self.admitted.iter().rev().find(|(mark, _)| mark < *rival);
            before.is_some_and(|(mark, _)| !trouble::forgotten(plan, mark.at, until))
        };
        self.rivals.iter().filter(known).copied()
    }
}

fn sessions<'s>(story: &'s Story) -> Vec<Session<'s>> {
    let begins = story.connections.iter().filter(|turn| turn.state == ConnectionState::Connecting);
    begins.map(|turn| session(story, turn.mark)).collect()
}

fn session<'s>(story: &'s Story, begin: Mark) -> Session<'s> {
    let end = |turn: &&ConnectionTurn| match turn.state {
        ConnectionState::Disconnected | ConnectionState::Connecting => true,
        ConnectionState::Connected | ConnectionState::Reconnecting => {
            turn.event == ConnectionEvent::KickedOut
        }
    };
    let after = story.connections.iter().filter(|turn| turn.mark > begin);
    let ended = after.clone().find(end).map(|turn| turn.mark);
    let logout = story.logout_after(begin.index);
    let never = Mark { index: usize::MAX, at: story.end };
    let over = ended.into_iter().chain(logout).min().unwrap_or(never);
    let within = |mark: Mark| mark > begin && mark < over;
    let admitted = story.facts.iter().filter_map(|(mark, fact)| match fact {
        ServerFact::LoggedIn { user, .. } => within(*mark).then_some((*mark, user)),
        ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    });
    let mut admitted: Vec<_> = admitted.collect();
    // Of the attempts of one login only the last counts: nobody was told of the others.
    let told = after.clone().find(|turn| turn.state == ConnectionState::Connected);
    let told = told.map_or(over, |turn| turn.mark);
    let last = admitted.iter().rposition(|(mark, _)| *mark < told).unwrap_or(0);
    admitted.drain(..last);
    let rival = |(mark, user): &&(Mark, &UserId)| {
        within(*mark) && admitted.iter().any(|(own, account)| own < mark && account == user)
    };
    let rivals = story.rivals.iter().filter(rival).map(|(mark, _)| *mark).collect();
    let turns = after.filter(|turn| turn.mark <= over).collect();
    Session { admitted, rivals, turns, over }
}

/// `None`: nobody else logged in, or nothing had to be told yet.
fn judge(plan: &Plan, story: &Story, session: &Session) -> Option<Finding> {
    if !session.has_rivals() {
        return None;
    }
    if let Some((rival, turn)) = came_back(plan, session) {
        let words = connection_words(turn.state, turn.event);
        let what = format!("{words}, though another device logged in at {}", rival.at);
        return Some(finding(story, turn.mark.at, Some(turn.mark.index), Some(what)));
    }
    let first = session.known_rivals(plan, session.over.at).next();
    let due = first.and_then(|rival| Some((rival, deadline(plan, story, rival)?)));
    if let Some(turn) = session.told() {
        let late = due.filter(|(_, deadline)| turn.mark.at > *deadline).map(|(rival, _)| {
            format!("told at {}, another device logged in at {}", turn.mark.at, rival.at)
        });
        let problem = told_wrongly(story, turn).or(late);
        return Some(finding(story, turn.mark.at, Some(turn.mark.index), problem));
    }
    let (rival, deadline) = due.filter(|(_, deadline)| *deadline < session.over.at)?;
    let what = format!("another device logged in at {}, never told", rival.at);
    Some(finding(story, deadline, None, Some(what)))
}

/// A return to a session that another device's login had ended, with that login.
fn came_back<'s>(plan: &Plan, session: &Session<'s>) -> Option<(Mark, &'s ConnectionTurn)> {
    let back = session.turns.iter().filter(|turn| {
        turn.state == ConnectionState::Connected && turn.event != ConnectionEvent::KickedOut
    });
    for turn in back {
        // The welcome of before the other login may still have been under way.
        let admitted = session.admitted.iter().rev().find(|(mark, _)| *mark < turn.mark);
        let Some((admitted, _)) = admitted else { continue };
        let rival = session.known_rivals(plan, turn.mark.at).find(|rival| rival < admitted);
        if let Some(rival) = rival {
            return Some((rival, turn));
        }
    }
    None
}

fn told_wrongly(story: &Story, turn: &ConnectionTurn) -> Option<String> {
    if turn.state != ConnectionState::Disconnected {
        return Some(connection_words(turn.state, turn.event));
    }
    aftermath::problem(story, turn.mark.index)
}

/// By when the app must know that its session ended at the server at this moment, by another
/// login or otherwise; `None`: the network gives no such promise.
pub fn deadline(plan: &Plan, story: &Story, ended: Mark) -> Option<Time> {
    let client = story.client;
    let params = &plan.params;
    let quick = ended.at + SLACK + trouble::round_trip(plan, client) * 2;
    let connected = story.state_before(ended.index) == ConnectionState::Connected;
    if connected && !trouble::disturbed(plan, client, ended.at, quick) {
        return Some(quick);
    }
    let noticing = params.heartbeat_period + params.heartbeat_patience + params.heartbeat_grace;
    let calm = trouble::calm_from(plan, client, ended.at)?;
    Some(calm + noticing + longest_gap(params))
}

fn finding(story: &Story, at: Time, record: Option<usize>, problem: Option<String>) -> Finding {
    let verdict = Verdict::of(problem);
    Finding {
        row: "2.kicked",
        client: story.client,
        room: None,
        at,
        record,
        verdict,
        decided_by: None,
    }
}
