//! State callbacks: which may follow which.

use super::super::story::{ConnectionTurn, Mark, RoomTurn, Story, connection_words, room_words};
use super::transitions::{CONNECTION, Needs, ROOM};
use super::{Case, Judged, facts};
use crate::protocol::{RoomEnd, SessionEnd};
use crate::zim::{CallKind, ConnectionEvent, ConnectionState, RoomEvent, RoomId, RoomState};
use std::collections::BTreeMap;

/// `I.connection-transitions`. A callback without a change is `I.change-only`'s.
pub(super) fn connection_transitions(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let mut from = ConnectionState::Disconnected;
        for turn in &story.connections {
            if turn.state != from {
                let problem = documented_connection(case, story, from, turn).err();
                let what = |source| {
                    let said = connection_words(turn.state, turn.event);
                    format!("{}: {said} after {from} {source}", case.name(story))
                };
                judged.occasion(turn.mark.at, problem.map(what));
            }
            from = turn.state;
        }
    }
    judged
}

fn documented_connection(
    case: &Case,
    story: &Story,
    from: ConnectionState,
    turn: &ConnectionTurn,
) -> Result<(), String> {
    let rows = CONNECTION.iter().filter(|row| {
        let pair = (row.to, row.event.of(&case.plan.params));
        row.from == from && pair == (turn.state, turn.event)
    });
    judge_needs(rows.map(|row| (row.needs, row.source)), |needs| {
        is_met(case, story, needs, None, turn.mark)
    })
}

/// `I.room-transitions`. A callback without a change is `I.change-only`'s.
pub(super) fn room_transitions(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        each_room_turn(story, |from, turn| {
            if turn.state == from.0 {
                return;
            }
            let problem = documented_room(case, story, from, turn).err();
            let what = |source| {
                let said = room_words(turn.state, turn.event);
                let was = from.1.map_or(from.0.to_string(), |event| room_words(from.0, event));
                format!("{}: {} {said} after {was} {source}", case.name(story), turn.room)
            };
            judged.occasion(turn.mark.at, problem.map(what));
        });
    }
    judged
}

fn documented_room(
    case: &Case,
    story: &Story,
    (from, since): (RoomState, Option<RoomEvent>),
    turn: &RoomTurn,
) -> Result<(), String> {
    let rows = ROOM.iter().filter(|row| {
        let pair = (row.to, row.event.of(&case.plan.params));
        row.from == from
            && (row.since.is_none() || row.since == since)
            && pair == (turn.state, turn.event)
    });
    judge_needs(rows.map(|row| (row.needs, row.source)), |needs| {
        is_met(case, story, needs, Some(turn.room), turn.mark)
    })
}

/// Whether one of the rows that fit has what it needs.
fn judge_needs(
    rows: impl Iterator<Item = (Needs, &'static str)>,
    is_met: impl Fn(Needs) -> bool,
) -> Result<(), String> {
    let mut missing = None;
    for (needs, source) in rows {
        if is_met(needs) {
            return Ok(());
        }
        missing = Some(format!("without {} ({source})", needs.words()));
    }
    Err(missing.unwrap_or_else(|| "is no documented transition".into()))
}

impl Needs {
    fn words(self) -> &'static str {
        match self {
            Needs::Nothing => "anything",
            Needs::Login => "a login call then",
            Needs::Logout => "a logout call then",
            Needs::Create => "a createRoom call then",
            Needs::Enter => "a joinRoom or enterRoom call then",
            Needs::Leave => "a leaveRoom call before",
            Needs::SessionEnd => "the session's end then",
            Needs::Ended(SessionEnd::KickedOut) => "a kick of the server's before",
            Needs::Ended(SessionEnd::TokenExpired) => "an expiry of the server's before",
            Needs::Ended(SessionEnd::Unregistered) => "the account being unregistered before",
            Needs::PutOut(RoomEnd::Kicked) => "a kick from the room before",
            Needs::PutOut(RoomEnd::Destroyed) => "the room's end before",
            Needs::PutOut(RoomEnd::OtherDevice) => "an entry on another device before",
            Needs::PutOut(RoomEnd::TimedOut) => "the room's heartbeat timing out before",
        }
    }
}

fn is_met(case: &Case, story: &Story, needs: Needs, room: Option<&RoomId>, mark: Mark) -> bool {
    let at = mark.at;
    let called = |kinds: &[CallKind]| {
        story.calls.iter().any(|made| {
            kinds.contains(&made.call.kind())
                && made.mark.at == at
                && (room.is_none() || made.call.room().is_none() || made.call.room() == room)
        })
    };
    match needs {
        Needs::Nothing => true,
        Needs::Login => called(&[CallKind::Login]),
        Needs::Logout => called(&[CallKind::Logout]),
        Needs::Create => called(&[CallKind::CreateRoom]),
        Needs::Enter => called(&[CallKind::JoinRoom, CallKind::EnterRoom]),
        Needs::Leave => story
            .calls_of(CallKind::LeaveRoom)
            .any(|made| made.mark.at <= at && made.call.room() == room),
        Needs::SessionEnd => story.connections.iter().any(|turn| {
            let by_itself = matches!(
                turn.event,
                ConnectionEvent::KickedOut
                    | ConnectionEvent::TokenExpired
                    | ConnectionEvent::Unregistered
            );
            turn.mark.at == at && turn.state == ConnectionState::Disconnected && by_itself
        }),
        Needs::Ended(cause) => facts::session_ended(case, story, cause, mark),
        Needs::PutOut(cause) => facts::put_out(story, room, cause, mark),
    }
}

/// `I.change-only`.
pub(super) fn change_only(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let who = case.name(story);
        let mut from = ConnectionState::Disconnected;
        for turn in &story.connections {
            let same = turn.state == from;
            let what = || {
                let said = connection_words(turn.state, turn.event);
                format!("{who}: {said}, but it was that already")
            };
            judged.occasion(turn.mark.at, same.then(what));
            from = turn.state;
        }
        each_room_turn(story, |from, turn| {
            let again = (turn.state, turn.event)
                == (RoomState::Connecting, RoomEvent::NetworkInterrupted)
                && from.1 == Some(RoomEvent::NetworkInterrupted)
                && case.plan.params.room_callback_at_t1
                && story.turns_to(ConnectionState::Connected, turn.mark.at);
            let same = turn.state == from.0 && !again;
            let what = || {
                let said = room_words(turn.state, turn.event);
                format!("{who}: {} {said}, but it was {} already", turn.room, from.0)
            };
            judged.occasion(turn.mark.at, same.then(what));
        });
    }
    judged
}

/// `I.rooms-follow-connection`: judged at the end of each millisecond with a callback.
pub(super) fn rooms_follow_connection(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let who = case.name(story);
        let connections = story.connections.iter().map(|turn| turn.mark.at);
        let mut moments: Vec<_> =
            connections.chain(story.rooms.iter().map(|turn| turn.mark.at)).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut rooms: BTreeMap<&RoomId, RoomState> = BTreeMap::new();
        let mut turns = story.rooms.iter().peekable();
        for at in moments {
            while let Some(turn) = turns.next_if(|turn| turn.mark.at <= at) {
                rooms.insert(turn.room, turn.state);
            }
            let connection = story.state_leaving(at);
            for (room, state) in &rooms {
                let follows = match connection {
                    ConnectionState::Connected => true,
                    ConnectionState::Connecting | ConnectionState::Reconnecting => {
                        *state != RoomState::Connected
                    }
                    ConnectionState::Disconnected => *state == RoomState::Disconnected,
                };
                judged.occasion(
                    at,
                    (!follows)
                        .then(|| format!("{who}: {room} is {state}, the connection {connection}")),
                );
            }
        }
    }
    judged
}

/// Each room callback with the room's state before it, and the event that led there.
fn each_room_turn<'s>(
    story: &'s Story,
    mut then: impl FnMut((RoomState, Option<RoomEvent>), &RoomTurn<'s>),
) {
    let mut rooms: BTreeMap<&RoomId, (RoomState, Option<RoomEvent>)> = BTreeMap::new();
    for turn in &story.rooms {
        let from = rooms.insert(turn.room, (turn.state, Some(turn.event)));
        then(from.unwrap_or((RoomState::Disconnected, None)), turn);
    }
}
