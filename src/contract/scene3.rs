//! Scene 3 of the document: the token.

use super::aftermath;
use super::clock::Clock;
use super::finding::{Finding, Verdict};
use super::story::{ConnectionTurn, Mark, Story, connection_words};
use super::tokens::{self, Held};
use super::trouble;
use crate::param::ExpiryWhileReconnecting;
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{CallKind, ConnectionEvent, ConnectionState};
use std::collections::BTreeSet;

/// How long the server's word may take where its clock decides.
const SERVER_WORD: Span = Span::from_secs(1);

/// Judges rows `3.will-expire`, `3.renewed` and `3.expired`.
pub fn check(plan: &Plan, story: &Story) -> Vec<Finding> {
    let held = match plan.params.token_authentication {
        true => tokens::held(plan, story),
        false => Vec::new(),
    };
    let mut findings = warnings(plan, story, &held);
    findings.extend(held.iter().filter_map(|token| renewed(story, &held, token)));
    findings.extend(held.iter().filter_map(|token| expired(plan, story, token)));
    findings.extend(told_for_nothing(story, &held, &findings));
    findings.sort_by_key(|finding| finding.at);
    findings
}

fn warnings(plan: &Plan, story: &Story, held: &[Held]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warned = BTreeSet::new();
    for (mark, left) in &story.warnings {
        let problem = match warned_about(held, *mark) {
            None => Some(format!("onTokenWillExpire at {} for no token in use", mark.at)),
            // It may be about a newer token, which the server has perhaps taken already.
            Some(place) if held[place].renewal_open(mark.at) => {
                warned.insert(place);
                None
            }
            Some(place) if warned.contains(&place) => {
                Some(format!("onTokenWillExpire again at {} for the same token", mark.at))
            }
            Some(place) => {
                warned.insert(place);
                wrong_warning(plan, story, &held[place], *mark, *left)
            }
        };
        findings.push(finding("3.will-expire", story, mark.at, Some(mark.index), problem));
    }
    for (place, token) in held.iter().enumerate() {
        let due = token.warning_due;
        if !warned.contains(&place) && must_warn(plan, story, token, due) {
            let what = format!("no onTokenWillExpire at {due} (expiry {})", token.expires);
            findings.push(finding("3.will-expire", story, due, None, Some(what)));
        }
    }
    findings
}

/// The token that a warning is about, by its place: the newest in use, or, in the
/// millisecond of its replacement, the one that was due then.
fn warned_about(held: &[Held], mark: Mark) -> Option<usize> {
    let newest = held.iter().rposition(|token| token.since.at <= mark.at)?;
    let token = &held[newest];
    if token.over.is_some_and(|over| over.index < mark.index) {
        return None;
    }
    let before = newest.checked_sub(1).filter(|place| held[*place].session == token.session);
    let was_due = |place: &usize| held[*place].warning_due == mark.at;
    let just_replaced = token.since.at == mark.at && token.warning_due != mark.at;
    Some(before.filter(|place| just_replaced && was_due(place)).unwrap_or(newest))
}

fn wrong_warning(
    plan: &Plan,
    story: &Story,
    token: &Held,
    mark: Mark,
    left: Span,
) -> Option<String> {
    let due = token.warning_due;
    let held_up = trouble::held_up(plan, story.client, due, due);
    let latest = match (must_warn(plan, story, token, due), due == token.since.at) {
        // A process that was stopped warns when it runs again.
        (false, _) if held_up => mark.at,
        // A device that is cut off does not hear that the server's clock was ahead.
        (false, _) => token.expires.max(token.by_device),
        (true, true) => due + Time::QUANTUM,
        (true, false) => due,
    };
    if mark.at < due || mark.at > latest {
        return Some(format!("onTokenWillExpire at {}, due at {due}", mark.at));
    }
    wrong_left(left, mark.at, token, &Clock::of(plan, story.client))
}

/// Whether the warning must come: the token is still in use, nobody is just replacing
/// it, the connection stands, and the run goes on.
fn must_warn(plan: &Plan, story: &Story, token: &Held, due: Time) -> bool {
    if trouble::held_up(plan, story.client, due, due) {
        return false;
    }
    let latest = if due == token.since.at { due + Time::QUANTUM } else { due };
    let still_used = token.over.is_none_or(|over| over.at > latest) && latest < token.expires;
    let connected = |state| state == ConnectionState::Connected;
    let stands = connected(story.state_leaving(due))
        && (due == token.since.at || connected(story.state_entering(due)));
    still_used && stands && latest < story.end && !token.renewal_pending(due)
}

fn wrong_left(left: Span, at: Time, token: &Held, clock: &Clock) -> Option<String> {
    let true_left = token.wall.until_from(clock.reads(at));
    let difference = left.ms().abs_diff(true_left.ms());
    (difference >= 1000)
        .then(|| format!("onTokenWillExpire at {at} says {left} left, it is {true_left}"))
}

/// Judges `3.renewed` for a token that was replaced in time.
fn renewed(story: &Story, held: &[Held], token: &Held) -> Option<Finding> {
    let result = token.renewed?;
    let old = token.expires;
    if result.at >= old || old >= story.end {
        return None;
    }
    let newest =
        held.iter().rev().find(|next| next.since.at <= old && next.session == token.session)?;
    let alive = newest.over.is_none_or(|over| over.at >= old);
    if !alive || newest.expires <= old + SERVER_WORD {
        return None;
    }
    // One that was taken since then, and was no better or of a login since, is its own affair.
    let by_newer = |mark: Mark| {
        let own = held.iter().rev().find(|next| next.since < mark);
        own.is_some_and(|next| {
            let ran_out = next.expires <= mark.at || refused(story, next, mark);
            next.session != token.session || ran_out || next.unheard_ran_out(mark.at)
        })
    };
    let broke = story.connections.iter().find(|turn| {
        turn.event == ConnectionEvent::TokenExpired
            && turn.mark.at >= old
            && turn.mark.at <= old + SERVER_WORD
            && !by_newer(turn.mark)
    });
    let problem = broke.map(|turn| {
        let words = connection_words(turn.state, turn.event);
        format!("{words} at {}, though renewed at {}", turn.mark.at, result.at)
    });
    Some(finding("3.renewed", story, old, Some(result.index), problem))
}

/// Judges `3.expired` for a token that was in use at its expiry.
fn expired(plan: &Plan, story: &Story, token: &Held) -> Option<Finding> {
    let expiry = token.expires;
    let end = token.ended_with(story);
    let told = end.filter(|(_, event)| *event == ConnectionEvent::TokenExpired).map(|(m, _)| m);
    if let Some(mark) = told.filter(|mark| mark.at < expiry && refused(story, token, *mark)) {
        let problem = aftermath::problem(story, mark.index);
        return Some(finding("3.expired", story, mark.at, Some(mark.index), problem));
    }
    let ended_before = token.over.is_some_and(|over| over.at < expiry);
    if token.renewed.is_some_and(|result| result.at <= expiry) || ended_before {
        return None;
    }
    if told.is_none() && token.over.is_some_and(|over| over.at == expiry) {
        return None;
    }
    if told.is_none() && token.server_decides && ended_otherwise(story, expiry) {
        return None;
    }
    let problem = match timing(plan, story, token, told) {
        Timing::Right => told.and_then(|mark| aftermath::problem(story, mark.index)),
        Timing::Open => return None,
        Timing::Wrong(what) => Some(what),
    };
    let at = told.map_or(expiry, |mark| mark.at);
    Some(finding("3.expired", story, at, told.map(|mark| mark.index), problem))
}

/// Whether this callback may be the server's refusal of a token: whoever comes back shows it, and
/// the server judges it by its own clock.
fn refused(story: &Story, token: &Held, told: Mark) -> bool {
    let comes_back = story.state_before(told.index) == ConnectionState::Reconnecting;
    comes_back && told.at >= token.by_server
}

/// Whether the server had no session of this client's left to expire at this moment: a rival's
/// login, say, had ended it, and the word of that is under way.
fn ended_otherwise(story: &Story, at: Time) -> bool {
    let mut known = story.facts.iter().rev().skip_while(|(mark, _)| mark.at > at);
    let last = known.find_map(|(_, fact)| match fact {
        ServerFact::SessionEnded { cause, .. } => Some(*cause != Some(SessionEnd::TokenExpired)),
        ServerFact::LoggedIn { .. } => Some(false),
        ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    });
    last == Some(true)
}

/// Whether an expiry was told in time.
enum Timing {
    Right,
    /// Nothing was told, and nothing had to be yet.
    Open,
    Wrong(String),
}

fn timing(plan: &Plan, story: &Story, token: &Held, told: Option<Mark>) -> Timing {
    let expiry = token.expires;
    let params = &plan.params;
    let at_expiry = told.is_some_and(|mark| mark.at == expiry);
    if at_expiry {
        return Timing::Right;
    }
    if expiry >= story.end || token.renewal_open(expiry) {
        return if told.is_some() { Timing::Right } else { Timing::Open };
    }
    let connected = story.state_entering(expiry) == ConnectionState::Connected
        && story.state_leaving(expiry) != ConnectionState::Reconnecting;
    if trouble::held_up(plan, story.client, expiry, expiry) {
        return told_after_stop(plan, story, token, told);
    }
    let by_server = token.server_decides;
    let quick = expiry + SERVER_WORD;
    let quiet = !trouble::disturbed(plan, story.client, expiry, quick);
    if connected && by_server && quiet {
        // Who logs out before the word is there does not hear it.
        let word = expiry..=quick;
        return match told {
            Some(mark) if mark.at <= quick => Timing::Right,
            Some(mark) => Timing::Wrong(format!("told at {}, expiry {expiry}", mark.at)),
            None if quick >= story.end => Timing::Open,
            None if story.calls_of(CallKind::Logout).any(|made| word.contains(&made.mark.at)) => {
                Timing::Open
            }
            None => Timing::Wrong(format!("expiry {expiry} passed and nothing was told")),
        };
    }
    let device_waits =
        params.token_expiry_while_reconnecting == ExpiryWhileReconnecting::AtReconnect;
    if by_server {
        return instead_of_return(plan, story, token, told);
    }
    if !connected && device_waits {
        return left_to_server(plan, story, token, told);
    }
    match told {
        Some(mark) => Timing::Wrong(format!("told at {}, expiry {expiry}", mark.at)),
        None => Timing::Wrong(format!("expiry {expiry} passed and nothing was told")),
    }
}

/// A process that was stopped at the expiry tells of it once it runs again; if it was the
/// server's, when the word gets through, or when the device's own clock says so, which counts
/// again once it is back.
fn told_after_stop(plan: &Plan, story: &Story, token: &Held, told: Option<Mark>) -> Timing {
    let Some(mark) = told else { return Timing::Open };
    if story.state_before(mark.index) == ConnectionState::Reconnecting {
        return instead_of_return(plan, story, token, told);
    }
    let before = Time::from_ms(mark.at.ms().saturating_sub(SERVER_WORD.ms()));
    let runs_again = trouble::held_up(plan, story.client, before, mark.at);
    let returned = story
        .connections
        .iter()
        .rfind(|turn| turn.state == ConnectionState::Connected && turn.mark.index < mark.index);
    // A clock that was ahead at the expiry may have been set back before the process ran again.
    let by_a_clock = mark.at >= token.by_server
        || returned.is_some_and(|turn| due_from(plan, story, token, turn.mark.at) == mark.at)
        || trouble::holds_end(plan, story.client)
            .any(|at| due_from(plan, story, token, at) == mark.at);
    match runs_again || by_a_clock {
        true => Timing::Right,
        false => Timing::Wrong(format!("told at {}, long after it could be", mark.at)),
    }
}

/// The SDK goes on trying, and the server is the judge: by its own clock, which may let the
/// client in once more. Its word of that may arrive when the token has run out.
fn left_to_server(plan: &Plan, story: &Story, token: &Held, told: Option<Mark>) -> Timing {
    let Some(back) = return_after_expiry(story, token) else {
        return instead_of_return(plan, story, token, told);
    };
    let let_in = story.let_in_before(back).filter(|mark| mark.at >= token.expires);
    match let_in.unwrap_or(back).at < token.by_server {
        true => judged_again(plan, story, token, told, back),
        false => instead_of_return(plan, story, token, told),
    }
}

/// Once back, the device's clock counts again, where the session still rests on this token then.
fn judged_again(
    plan: &Plan,
    story: &Story,
    token: &Held,
    told: Option<Mark>,
    back: Mark,
) -> Timing {
    let due = due_from(plan, story, token, back.at);
    let over = token.over.is_some_and(|over| over.at <= due);
    let set_back = due > back.at + Time::QUANTUM;
    let lost_again = story.state_leaving(due) == ConnectionState::Reconnecting;
    let held_up = trouble::held_up(plan, story.client, back.at, due);
    if over || set_back || lost_again || held_up || due >= story.end {
        return told.map_or(Timing::Open, |_| Timing::Right);
    }
    let told = told.map_or("nothing was told".to_owned(), |mark| format!("told at {}", mark.at));
    Timing::Wrong(format!("CONNECTED again at {}, expiry {}, {told}", back.at, token.expires))
}

/// When the device's clock ends the session of one that it counts for again from this moment.
fn due_from(plan: &Plan, story: &Story, token: &Held, from: Time) -> Time {
    Clock::of(plan, story.client).reaches(from, token.wall, Time::QUANTUM)
}

/// The first CONNECTED after the expiry.
fn return_after_expiry(story: &Story, token: &Held) -> Option<Mark> {
    let returns = |turn: &&ConnectionTurn| {
        turn.state == ConnectionState::Connected && turn.mark.at > token.expires
    };
    story.connections.iter().find(returns).map(|turn| turn.mark)
}

/// The expiry may be told instead of the next return, and no later.
fn instead_of_return(plan: &Plan, story: &Story, token: &Held, told: Option<Mark>) -> Timing {
    let back = return_after_expiry(story, token);
    match (told, back) {
        // The server had let it in before, and the welcome was under way; its word of the expiry
        // follows, if nothing holds that up within a second.
        (Some(mark), Some(back))
            if story.let_in_before(back).is_some_and(|mark| mark.at < token.expires)
                && mark.at >= back.at
                && (mark.at <= back.at + SERVER_WORD
                    || trouble::disturbed(plan, story.client, token.expires, mark.at)) =>
        {
            Timing::Right
        }
        (Some(mark), Some(back)) if back.index < mark.index => Timing::Wrong(format!(
            "CONNECTED again at {}, expiry {}, told at {}",
            back.at, token.expires, mark.at
        )),
        (Some(_), _) => Timing::Right,
        // Back with a newer one, which the server took, or may have taken.
        (None, Some(back))
            if token.renewed.is_some_and(|result| result.at <= back.at)
                || token.renewal_open(back.at) =>
        {
            Timing::Open
        }
        (None, Some(back)) if token.over.is_none_or(|over| back.index < over.index) => {
            Timing::Wrong(format!(
                "CONNECTED again at {} with a token that ran out at {}",
                back.at, token.expires
            ))
        }
        (None, _) => Timing::Open,
    }
}

/// TOKEN_EXPIRED callbacks that no expiry explains: not that of the token in use, and not that
/// of a newer one which the server may have taken without the client's hearing of it.
fn told_for_nothing(story: &Story, held: &[Held], findings: &[Finding]) -> Vec<Finding> {
    let by_newer = |mark: Mark| {
        let own = held.iter().rev().find(|token| token.since < mark);
        own.is_some_and(|token| token.unheard_ran_out(mark.at))
    };
    let explained =
        |index: usize| findings.iter().any(|f| f.row == "3.expired" && f.record == Some(index));
    let turns = story.connections.iter().filter(|turn| {
        let before = story.state_before(turn.mark.index);
        turn.event == ConnectionEvent::TokenExpired
            && (before == ConnectionState::Connected || before == ConnectionState::Reconnecting)
            && !explained(turn.mark.index)
            && !by_newer(turn.mark)
    });
    turns
        .map(|turn| {
            let words = connection_words(turn.state, turn.event);
            let what = format!("{words} at {}, but no token ran out then", turn.mark.at);
            finding("3.expired", story, turn.mark.at, Some(turn.mark.index), Some(what))
        })
        .collect()
}

fn finding(
    row: &'static str,
    story: &Story,
    at: Time,
    record: Option<usize>,
    problem: Option<String>,
) -> Finding {
    Finding {
        row,
        client: story.client,
        room: None,
        at,
        record,
        verdict: Verdict::of(problem),
        decided_by: None,
    }
}
