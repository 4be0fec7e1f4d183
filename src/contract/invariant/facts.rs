//! What the server held, and as whom a client is logged in, over time.

use super::super::story::{Mark, Story};
use super::Case;
use super::stretches::Series;
use crate::protocol::{RoomEnd, SessionEnd};
use crate::record::{AdminAct, Event, FaultId, Record, ServerFact};
use crate::scenario::Plan;
use crate::zim::{Call, CallKind, ConnectionState, DeviceId, RoomId, UserId};
use std::collections::BTreeSet;

/// How the server holds a user on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// No session.
    None,
    /// A session with a live connection, as far as the server knows.
    Online,
    /// A session without one.
    Offline,
}

/// Whether the server forgets everything at this record.
pub(in super::super) fn forgets(plan: &Plan, record: &Record) -> bool {
    let Event::FaultBegan(FaultId(place)) = record.event else { return false };
    plan.faults.get(place).is_some_and(|planned| planned.fault.loses_server_state())
}

/// How the server held this user on this device.
pub(super) fn presence(case: &Case, user: &UserId, device: &DeviceId) -> Series<Presence> {
    let mut series = Series::new(Presence::None);
    for place in case.index.of_user(user) {
        let record = &case.recording.records[place];
        if forgets(case.plan, record) {
            series.turn(record.at, Presence::None);
        }
        let Event::Server(fact) = &record.event else { continue };
        match fact {
            ServerFact::LoggedIn { user: u, device: d, .. } if (u, d) == (user, device) => {
                series.turn(record.at, Presence::Online);
            }
            ServerFact::UserOffline { user: u, device: d } if (u, d) == (user, device) => {
                series.turn(record.at, Presence::Offline);
            }
            ServerFact::SessionEnded { user: u, device: d, .. } if (u, d) == (user, device) => {
                series.turn(record.at, Presence::None);
            }
            ServerFact::LoggedIn { .. }
            | ServerFact::UserOffline { .. }
            | ServerFact::SessionEnded { .. }
            | ServerFact::Entered { .. }
            | ServerFact::Left { .. }
            | ServerFact::RoomDestroyed { .. }
            | ServerFact::Answered { .. } => {}
        }
    }
    series
}

/// Whether the server held this user on this device to be in this room.
pub(super) fn membership(
    case: &Case,
    room: &RoomId,
    (user, device): (&UserId, &DeviceId),
) -> Series<bool> {
    let mut series = Series::new(false);
    for place in case.index.of_member(room, user) {
        let record = &case.recording.records[place];
        if forgets(case.plan, record) {
            series.turn(record.at, false);
        }
        let Event::Server(fact) = &record.event else { continue };
        match fact {
            ServerFact::Entered { room: r, user: u, device: d }
                if (r, u, d) == (room, user, device) =>
            {
                series.turn(record.at, true);
            }
            ServerFact::Left { room: r, user: u, device: d, .. }
                if (r, u, d) == (room, user, device) =>
            {
                series.turn(record.at, false);
            }
            ServerFact::RoomDestroyed { room: r } if r == room => series.turn(record.at, false),
            ServerFact::Entered { .. }
            | ServerFact::Left { .. }
            | ServerFact::RoomDestroyed { .. }
            | ServerFact::LoggedIn { .. }
            | ServerFact::SessionEnded { .. }
            | ServerFact::UserOffline { .. }
            | ServerFact::Answered { .. } => {}
        }
    }
    series
}

/// Whether the server, or an administrator, had ended this client's session for this reason
/// before. A server that lost its state takes a returning device for one that was kicked, if
/// another has logged in meanwhile.
pub(super) fn session_ended(case: &Case, story: &Story, why: SessionEnd, before: Mark) -> bool {
    let by_server = story.facts.iter().any(|(mark, fact)| match fact {
        ServerFact::SessionEnded { cause, .. } => *mark < before && *cause == Some(why),
        ServerFact::LoggedIn { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => false,
    });
    let user = case.users(story).at(before.at);
    let by_hand = || {
        case.recording.records[..before.index].iter().any(|record| {
            let Event::Admin { act, .. } = &record.event else { return false };
            match act {
                AdminAct::KickUser { user: whom } => whom == user && why == SessionEnd::KickedOut,
                AdminAct::Unregister { user: whom } => {
                    whom == user && why == SessionEnd::Unregistered
                }
                AdminAct::DestroyRoom { .. } | AdminAct::KickFromRoom { .. } => false,
            }
        })
    };
    let by_rival = || {
        why == SessionEnd::KickedOut
            && story.rivals.iter().any(|(mark, whom)| *mark < before && *whom == user)
    };
    by_server || by_hand() || by_rival()
}

/// Whether the last that the server did to this client in this room before was to put it out
/// for this reason.
pub(super) fn put_out(story: &Story, about: Option<&RoomId>, why: RoomEnd, before: Mark) -> bool {
    let earlier = story.facts.iter().rev().filter(|(mark, _)| *mark < before);
    let last = earlier.into_iter().find_map(|(_, fact)| match fact {
        ServerFact::Left { room, cause, .. } if Some(room) == about => Some(*cause),
        ServerFact::Entered { room, .. } if Some(room) == about => Some(None),
        ServerFact::Left { .. }
        | ServerFact::Entered { .. }
        | ServerFact::LoggedIn { .. }
        | ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => None,
    });
    last == Some(Some(why))
}

/// As whom this client is logged in: by its latest `login` that was not refused at once for
/// there being a session already.
pub(super) fn users<'a>(plan: &'a Plan, story: &Story<'a>) -> Series<&'a UserId> {
    let mut series = Series::new(&plan.clients[story.client.0].script.user);
    for made in story.calls_of(CallKind::Login) {
        let Call::Login { user, .. } = made.call else { continue };
        // The state callback of the same call may stand before it.
        let free = story.state_before(made.mark.index) == ConnectionState::Disconnected
            || story.state_entering(made.mark.at) == ConnectionState::Disconnected;
        if free {
            series.turn(made.mark.at, user);
        }
    }
    series
}

/// Every room that the client speaks of, or that the server held this user to be in.
pub(super) fn rooms<'a>(case: &Case<'a>, story: &Story<'a>, user: &UserId) -> BTreeSet<&'a RoomId> {
    let facts = case.index.about(user).iter().filter_map(|place| {
        match &case.recording.records[*place].event {
            Event::Server(ServerFact::Entered { room, .. }) => Some(room),
            Event::Server(
                ServerFact::LoggedIn { .. }
                | ServerFact::SessionEnded { .. }
                | ServerFact::UserOffline { .. }
                | ServerFact::Left { .. }
                | ServerFact::RoomDestroyed { .. }
                | ServerFact::Answered { .. },
            )
            | Event::Called { .. }
            | Event::Result { .. }
            | Event::Callback(_)
            | Event::Shown { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Wire(_) => None,
        }
    });
    facts.chain(story.rooms.iter().map(|turn| turn.room)).collect()
}
