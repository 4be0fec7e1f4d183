//! Who is said to be in a room, beside whom the server held to be in it.

use super::facts::forgets;
use super::{Case, Judged};
use crate::record::{Event, Record, ServerFact, Who};
use crate::zim::{CallKind, Callback, DeviceId, RoomId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// `I.member-lists-true`.
pub(super) fn member_lists(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        for made in story.calls_of(CallKind::QueryRoomMemberList) {
            let (Some(room), Some((result, _))) = (made.call.room(), made.result) else {
                continue;
            };
            let Event::Result { members: Some(members), .. } =
                &case.recording.records[result.index].event
            else {
                continue;
            };
            let told: BTreeSet<_> = members.iter().collect();
            let is_true = held_between(case, room, (made.mark.index, result.index)).contains(&told);
            let problem = (!is_true).then(|| {
                let names: Vec<_> = told.iter().map(|user| user.as_str()).collect();
                format!(
                    "{}: {room} is said to hold {}, which the server never held",
                    case.name(story),
                    names.join(", ")
                )
            });
            judged.occasion(result.at, problem);
        }
    }
    judged
}

/// Every set of users that the server held to be in the room between two records.
fn held_between<'a>(
    case: &Case<'a>,
    room: &RoomId,
    (from, to): (usize, usize),
) -> BTreeSet<BTreeSet<&'a UserId>> {
    let mut members: BTreeSet<(&UserId, &DeviceId)> = BTreeSet::new();
    let mut sets = BTreeSet::new();
    for place in case.index.of_room(room).into_iter().take_while(|place| *place < to) {
        if place >= from {
            sets.insert(users(&members));
        }
        let record = &case.recording.records[place];
        if forgets(case.plan, record) {
            members.clear();
        }
        step(room, record, &mut members);
    }
    sets.insert(users(&members));
    sets
}

fn users<'a>(members: &BTreeSet<(&'a UserId, &'a DeviceId)>) -> BTreeSet<&'a UserId> {
    members.iter().map(|(user, _)| *user).collect()
}

fn step<'a>(
    about: &RoomId,
    record: &'a Record,
    members: &mut BTreeSet<(&'a UserId, &'a DeviceId)>,
) {
    let Event::Server(fact) = &record.event else { return };
    match fact {
        ServerFact::Entered { room, user, device } if room == about => {
            members.insert((user, device));
        }
        ServerFact::Left { room, user, device, .. } if room == about => {
            members.remove(&(user, device));
        }
        ServerFact::RoomDestroyed { room } if room == about => members.clear(),
        ServerFact::Entered { .. }
        | ServerFact::Left { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::LoggedIn { .. }
        | ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Answered { .. } => {}
    }
}

/// `I.member-news-true`.
pub(super) fn member_news(case: &Case) -> Judged {
    let mut judged = Judged::default();
    let mut entered: BTreeMap<(&RoomId, &UserId), usize> = BTreeMap::new();
    let mut left: BTreeMap<(&RoomId, &UserId), usize> = BTreeMap::new();
    let mut heard: BTreeMap<(Who, &'static str, &RoomId, &UserId), usize> = BTreeMap::new();
    for record in &case.recording.records {
        let (room, members, name, facts) = match &record.event {
            Event::Server(ServerFact::Entered { room, user, .. }) => {
                *entered.entry((room, user)).or_default() += 1;
                continue;
            }
            Event::Server(ServerFact::Left { room, user, .. }) => {
                *left.entry((room, user)).or_default() += 1;
                continue;
            }
            Event::Callback(Callback::RoomMemberJoined { room, members }) => {
                (room, members, "join", &entered)
            }
            Event::Callback(Callback::RoomMemberLeft { room, members }) => {
                (room, members, "leave", &left)
            }
            Event::Callback(
                Callback::ConnectionStateChanged { .. }
                | Callback::RoomStateChanged { .. }
                | Callback::TokenWillExpire { .. }
                | Callback::PeerMessageReceived { .. }
                | Callback::RoomMessageReceived { .. },
            )
            | Event::Server(
                ServerFact::LoggedIn { .. }
                | ServerFact::SessionEnded { .. }
                | ServerFact::UserOffline { .. }
                | ServerFact::RoomDestroyed { .. }
                | ServerFact::Answered { .. },
            )
            | Event::Called { .. }
            | Event::Result { .. }
            | Event::Shown { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Wire(_) => continue,
        };
        let Who::Client(client) = record.who else { continue };
        for member in members {
            let count = heard.entry((record.who, name, room, member)).or_default();
            *count += 1;
            let known = facts.get(&(room, member)).copied().unwrap_or(0);
            let problem = (*count > known).then(|| {
                let who = case.plan.client_name(client);
                format!("{who}: {name} {count} of {member} in {room}, of which there were {known}")
            });
            judged.occasion(record.at, problem);
        }
    }
    judged
}
