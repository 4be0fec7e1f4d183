//! `expect` and `never`: what they look for, and what was there instead.

use super::finding::{Finding, Verdict};
use crate::record::{AdminAct, Event, Record, Recording, Who};
use crate::scenario::{Watch, Watched};
use crate::time::Time;
use crate::zim::{Callback, Pattern, RoomId};

/// How many events a message lists at the most.
const NEAREST: usize = 6;

/// When an `expect` was met: a row must be held then.
pub fn met(recording: &Recording, findings: &[Finding], watch: &Watch) -> Option<Time> {
    match &watch.what {
        Watched::Row { row, room } => {
            let mut found = exercised(findings, watch, row, room.as_ref());
            found.find(|finding| finding.verdict.is_held()).map(|finding| finding.at)
        }
        Watched::Callback(_) | Watched::Shown(_) => first(recording, watch),
    }
}

/// When a `never` was seen: a row counts whether it was held or not.
pub fn seen(recording: &Recording, findings: &[Finding], watch: &Watch) -> Option<Time> {
    match &watch.what {
        Watched::Row { row, room } => {
            exercised(findings, watch, row, room.as_ref()).map(|finding| finding.at).next()
        }
        Watched::Callback(_) | Watched::Shown(_) => first(recording, watch),
    }
}

/// Says what was nearest to an `expect` that was not met.
pub fn unmet_words(recording: &Recording, findings: &[Finding], watch: &Watch) -> String {
    let words = watch_words(watch);
    let never = format!("expected {words}, never seen");
    let window = format!("{} to {}", watch.from, watch.to);
    let (what, near) = match &watch.what {
        Watched::Row { row, room } => {
            let mut inside = exercised(findings, watch, row, room.as_ref());
            if let Some(finding) = inside.next() {
                let Verdict::Contradicted(why) = &finding.verdict else {
                    return never;
                };
                return format!("expected {words}, contradicted at {}: {why}", finding.at);
            }
            let outside = findings.iter().filter(|finding| {
                finding.client == watch.client && finding.row == row && in_room(finding, room)
            });
            let times: Vec<_> = outside.map(|finding| finding.at.to_string()).collect();
            if !times.is_empty() {
                let times = times.join(", ");
                return format!("{never} from {window}; the row was exercised at {times}");
            }
            near_row(recording, watch, row, room.as_ref())
        }
        Watched::Callback(pattern) => near_callback(recording, watch, pattern),
        Watched::Shown(_) => ("what was shown", list(recording, watch, shown)),
    };
    if near.is_empty() {
        return format!("{never}; {what} from {window}: none");
    }
    format!("{never}; {what} from {window}: {}", near.join(", "))
}

fn exercised<'f>(
    findings: &'f [Finding],
    watch: &Watch,
    row: &str,
    room: Option<&RoomId>,
) -> impl Iterator<Item = &'f Finding> {
    findings.iter().filter(move |finding| {
        finding.client == watch.client
            && finding.row == row
            && room.is_none_or(|room| finding.room.as_ref() == Some(room))
            && finding.at >= watch.from
            && finding.at <= watch.to
    })
}

fn in_room(finding: &Finding, room: &Option<RoomId>) -> bool {
    room.is_none() || finding.room == *room
}

/// The first record of the window that is what the watch looks for.
fn first(recording: &Recording, watch: &Watch) -> Option<Time> {
    let wanted = |record: &&Record| match (&record.event, &watch.what) {
        (Event::Callback(callback), Watched::Callback(pattern)) => pattern.matches(callback),
        (Event::Shown { text }, Watched::Shown(wanted)) => text == wanted,
        (
            Event::Callback(_)
            | Event::Shown { .. }
            | Event::Called { .. }
            | Event::Result { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Server(_)
            | Event::Wire(_),
            Watched::Row { .. } | Watched::Callback(_) | Watched::Shown(_),
        ) => false,
    };
    within(recording, watch).find(wanted).map(|record| record.at)
}

fn within<'r>(recording: &'r Recording, watch: &Watch) -> impl Iterator<Item = &'r Record> {
    let (client, from, to) = (watch.client, watch.from, watch.to);
    recording.records.iter().filter(move |record| {
        record.who == Who::Client(client) && record.at >= from && record.at <= to
    })
}

fn near_row(
    recording: &Recording,
    watch: &Watch,
    row: &str,
    room: Option<&RoomId>,
) -> (&'static str, Vec<String>) {
    if row.starts_with("4.") {
        return ("the room's states", list(recording, watch, |event| room_state(event, room)));
    }
    if row == "3.will-expire" {
        return ("the warnings", list(recording, watch, |event| named(event, "onTokenWillExpire")));
    }
    ("the connection's states", list(recording, watch, connection_state))
}

fn near_callback(
    recording: &Recording,
    watch: &Watch,
    pattern: &Pattern,
) -> (&'static str, Vec<String>) {
    if pattern.room_state.is_some() {
        let room = pattern.room.as_ref();
        return ("the room's states", list(recording, watch, |event| room_state(event, room)));
    }
    if pattern.connection.is_some() {
        return ("the connection's states", list(recording, watch, connection_state));
    }
    let callback = |event: &Event| match pattern.callback {
        Some(name) => named(event, name),
        None => Callback::NAMES.iter().find_map(|name| named(event, name)),
    };
    ("such callbacks", list(recording, watch, callback))
}

/// Up to [`NEAREST`] events of the window, each with its time.
fn list(
    recording: &Recording,
    watch: &Watch,
    words: impl Fn(&Event) -> Option<String>,
) -> Vec<String> {
    let told = |record: &Record| Some(format!("{} at {}", words(&record.event)?, record.at));
    let all: Vec<_> = within(recording, watch).filter_map(told).collect();
    let more = all.len().saturating_sub(NEAREST);
    let mut some: Vec<_> = all.into_iter().take(NEAREST).collect();
    if more > 0 {
        some.push(format!("and {more} more"));
    }
    some
}

fn shown(event: &Event) -> Option<String> {
    let Event::Shown { text } = event else { return None };
    Some(format!("{text:?}"))
}

fn connection_state(event: &Event) -> Option<String> {
    let Event::Callback(Callback::ConnectionStateChanged { state, event }) = event else {
        return None;
    };
    Some(format!("{}/{}", state.number(), event.number()))
}

fn room_state(event: &Event, wanted: Option<&RoomId>) -> Option<String> {
    let Event::Callback(Callback::RoomStateChanged { room, state, event }) = event else {
        return None;
    };
    let pair = format!("{}/{}", state.number(), event.number());
    match wanted {
        Some(wanted) => (wanted == room).then_some(pair),
        None => Some(format!("{room} {pair}")),
    }
}

/// A callback of this name, with its message's text or its members.
fn named(event: &Event, name: &str) -> Option<String> {
    let Event::Callback(callback) = event else { return None };
    if callback.name() != name {
        return None;
    }
    Some(match callback {
        Callback::PeerMessageReceived { from, text, .. }
        | Callback::RoomMessageReceived { from, text, .. } => format!("{name} {from}: {text:?}"),
        Callback::RoomMemberJoined { members, .. } | Callback::RoomMemberLeft { members, .. } => {
            let members: Vec<_> = members.iter().map(|member| member.as_str()).collect();
            format!("{name} {}", members.join(", "))
        }
        Callback::ConnectionStateChanged { .. }
        | Callback::RoomStateChanged { .. }
        | Callback::TokenWillExpire { .. } => name.to_owned(),
    })
}

/// How the file puts it; a window of one moment reads `at 65s`.
pub fn watch_words(watch: &Watch) -> String {
    match watch.words.rsplit_once(", within 0s of ") {
        Some((what, moment)) if watch.from == watch.to => format!("{what}, at {moment}"),
        Some(_) | None => watch.words.clone(),
    }
}

/// `destroyRoom r1`, `kickUser alice`.
pub fn admin_words(act: &AdminAct) -> String {
    match act {
        AdminAct::DestroyRoom { room } => format!("destroyRoom {room}"),
        AdminAct::KickFromRoom { room, user } => format!("kickFromRoom {room} {user}"),
        AdminAct::KickUser { user } => format!("kickUser {user}"),
        AdminAct::Unregister { user } => format!("unregister {user}"),
    }
}
