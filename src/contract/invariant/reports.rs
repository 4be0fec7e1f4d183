//! What a client says, beside what the server held.
//!
//! The two may differ for as long as the word needs from one to the other. They are compared
//! only while nothing disturbs the client's link, nor did shortly before.

use super::super::story::Story;
use super::super::trouble;
use super::facts::{self, Presence};
use super::stretches::{Series, sorted, stretches};
use super::{Breach, Case, Judged};
use crate::time::{Span, Time};
use crate::zim::{ConnectionState, RoomId, RoomState, UserId};
use std::collections::BTreeSet;
use std::fmt;

/// On top of two round trips: a timer of the stack's.
const SLACK: Span = Span::from_secs(1);

/// `I.membership-agrees`.
pub(super) fn membership(case: &Case) -> Judged {
    let mut parts = Vec::new();
    for story in case.stories {
        let users = case.users(story);
        for user in distinct(users) {
            let rooms = facts::rooms(case, story, user);
            parts.extend(rooms.iter().map(|room| one_room(case, story, (users, user), room)));
        }
    }
    Judged::all(parts)
}

fn distinct<'a>(users: &Series<&'a UserId>) -> BTreeSet<&'a UserId> {
    users.moments().chain([Time::ZERO]).map(|at| users.at(at)).collect()
}

fn one_room(
    case: &Case,
    story: &Story,
    (users, user): (&Series<&UserId>, &UserId),
    room: &RoomId,
) -> Judged {
    let device = &case.plan.clients[story.client.0].script.device;
    let held = facts::membership(case, room, (user, device));
    let connection = connection(story);
    let mut said = Series::new(RoomState::Disconnected);
    story.rooms.iter().filter(|turn| turn.room == room).for_each(|turn| {
        said.turn(turn.mark.at, turn.state);
    });
    let is_online = |at| users.at(at) == user && connection.at(at) == ConnectionState::Connected;
    let says_in = |at| is_online(at) && said.at(at) == RoomState::Connected;
    // A room that was not yet spoken of is no claim.
    let spoken = |at| said.moments().next().is_some_and(|first| first <= at);
    let says_out = |at| spoken(at) && is_online(at) && said.at(at) == RoomState::Disconnected;
    let moments = users.moments().chain(held.moments()).chain(connection.moments());
    let moments = sorted(moments.chain(said.moments()), story.end);
    let delay = delay(case, story);
    let claims = [
        (
            stretches(&moments, story.end, says_in),
            stretches(&moments, story.end, |at| says_in(at) && !held.at(at)),
            format_args!("{room} is CONNECTED, but for the server {user} has been out of it"),
        ),
        (
            stretches(&moments, story.end, says_out),
            stretches(&moments, story.end, |at| says_out(at) && held.at(at)),
            format_args!("{room} is DISCONNECTED, but for the server {user} has been in it"),
        ),
    ];
    Judged::all(claims.map(|(claims, wrong, what)| judge(case, story, delay, claims, wrong, what)))
}

/// `I.session-agrees`.
pub(super) fn session(case: &Case) -> Judged {
    let mut parts = Vec::new();
    for story in case.stories {
        let users = case.users(story);
        let device = &case.plan.clients[story.client.0].script.device;
        let connection = connection(story);
        let end = story.end;
        for user in distinct(users) {
            let held = facts::presence(case, user, device);
            let says = |at, state| users.at(at) == user && connection.at(at) == state;
            let says_up = |at| says(at, ConnectionState::Connected);
            let says_down = |at| says(at, ConnectionState::Disconnected);
            let moments = users.moments().chain(held.moments()).chain(connection.moments());
            let moments = sorted(moments, end);
            let claims = stretches(&moments, end, says_up);
            let wrong =
                stretches(&moments, end, |at| says_up(at) && held.at(at) != Presence::Online);
            let what = format_args!("CONNECTED, but the server has held {user} to be away");
            let soon = delay(case, story);
            parts.push(judge(case, story, soon, claims, wrong, what));
            // Before its first login a process says nothing, whatever one before it left behind.
            let spoken = |at| connection.moments().next().is_some_and(|first| first <= at);
            let says_down = |at| spoken(at) && says_down(at);
            let claims = stretches(&moments, end, says_down);
            let wrong =
                stretches(&moments, end, |at| says_down(at) && held.at(at) == Presence::Online);
            let what = format_args!("DISCONNECTED, but the server has held {user} to be online");
            // A connection that was given up without a word is missed by its heartbeats.
            let late = soon + case.plan.params.user_offline_after;
            parts.push(judge(case, story, late, claims, wrong, what));
        }
    }
    Judged::all(parts)
}

fn connection(story: &Story) -> Series<ConnectionState> {
    let mut series = Series::new(ConnectionState::Disconnected);
    story.connections.iter().for_each(|turn| series.turn(turn.mark.at, turn.state));
    series
}

fn delay(case: &Case, story: &Story) -> Span {
    trouble::round_trip(case.plan, story.client) * 2 + SLACK
}

/// Every stretch of a claim that is judged is an occasion, every stretch of a contradiction
/// that outlasts the delay a breach.
fn judge(
    case: &Case,
    story: &Story,
    delay: Span,
    claims: Vec<(Time, Time)>,
    wrong: Vec<(Time, Time)>,
    what: fmt::Arguments<'_>,
) -> Judged {
    let due = |stretch| due(case, story, delay, stretch);
    let occasions = claims.into_iter().filter_map(due).count();
    let breach = |stretch: (Time, Time)| {
        let at = due(stretch)?;
        let who = case.name(story);
        Some(Breach { at, what: format!("{who}: {what} since {}", stretch.0) })
    };
    Judged { occasions, breaches: wrong.into_iter().filter_map(breach).collect() }
}

/// When the word must have arrived, if the stretch lasts until then.
fn due(case: &Case, story: &Story, delay: Span, (from, to): (Time, Time)) -> Option<Time> {
    let (plan, client) = (case.plan, story.client);
    let calm = if trouble::disturbed(plan, client, from, from + delay) {
        trouble::calm_from(plan, client, from)? + trouble::AFTERMATH
    } else {
        from
    };
    let due = calm + delay;
    (due < to).then_some(due)
}
