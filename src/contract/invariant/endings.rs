//! What becomes of a session that the server has ended: kicked, or its account unregistered.

use super::super::scene2;
use super::super::story::{Mark, Story, connection_words};
use super::super::trouble;
use super::{Case, Judged};
use crate::protocol::SessionEnd;
use crate::record::ServerFact;
use crate::time::Time;
use crate::zim::{ConnectionEvent, ConnectionState};

/// `I.end-is-told`. An occasion is an end that the client, in a session by its own account,
/// has to hear of.
pub(super) fn end_is_told(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        for (mark, fact) in &story.facts {
            let ServerFact::SessionEnded { cause: Some(cause), .. } = fact else { continue };
            let Some(event) = told_as(*cause) else { continue };
            let in_session = match story.state_before(mark.index) {
                ConnectionState::Connected | ConnectionState::Reconnecting => true,
                ConnectionState::Disconnected | ConnectionState::Connecting => false,
            };
            if !in_session {
                continue;
            }
            match became(case, story, *mark, event) {
                Became::Told(at) => judged.occasion(at, None),
                Became::Wrong(at, what) => {
                    judged.occasion(at, Some(format!("{}: {what}", case.name(story))));
                }
                Became::Open => {}
            }
        }
    }
    judged
}

/// How an end that was the server's decision is told.
fn told_as(cause: SessionEnd) -> Option<ConnectionEvent> {
    match cause {
        SessionEnd::KickedOut => Some(ConnectionEvent::KickedOut),
        SessionEnd::Unregistered => Some(ConnectionEvent::Unregistered),
        // A token's end is the client's own knowledge too: row 3.expired has it.
        SessionEnd::TokenExpired => None,
    }
}

enum Became {
    Told(Time),
    Wrong(Time, String),
    /// Something else came before it was due, or the network promised nothing.
    Open,
}

fn became(case: &Case, story: &Story, ended: Mark, event: ConnectionEvent) -> Became {
    let app = [story.login_after(ended.index), story.logout_after(ended.index)];
    let over = app.into_iter().flatten().map(|mark| mark.at).min();
    let over = over.map_or(story.end, |at| at.min(story.end));
    let turns = story.connections.iter().filter(|turn| turn.mark.index > ended.index);
    for turn in turns {
        let at = turn.mark.at;
        if at > over || trouble::forgotten(case.plan, ended.at, at) {
            return Became::Open;
        }
        match turn.state {
            ConnectionState::Disconnected if turn.event == event => return Became::Told(at),
            // Its token ran out meanwhile, say: an end as good as this one.
            ConnectionState::Disconnected | ConnectionState::Connecting => return Became::Open,
            ConnectionState::Reconnecting => {}
            ConnectionState::Connected if still_under_way(story, ended, turn.mark) => {}
            ConnectionState::Connected => {
                let words = connection_words(turn.state, turn.event);
                let what =
                    format!("{words}, though the server had ended its session at {}", ended.at);
                return Became::Wrong(at, what);
            }
        }
    }
    match scene2::deadline(case.plan, story, ended) {
        Some(due) if due < over && !trouble::forgotten(case.plan, ended.at, due) => {
            let what = format!("the server ended its session at {}, never told", ended.at);
            Became::Wrong(due, what)
        }
        Some(_) | None => Became::Open,
    }
}

/// Whether this return is the welcome of before the end, which was still on its way.
fn still_under_way(story: &Story, ended: Mark, back: Mark) -> bool {
    story.let_in_before(back).is_some_and(|mark| mark < ended)
}
