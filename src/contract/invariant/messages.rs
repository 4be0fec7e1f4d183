//! Messages that were acknowledged, and who heard them.
//!
//! The bound: whatever the server pushed before it answered a heartbeat arrives before that
//! answer, on the same connection. So whoever is still CONNECTED when a heartbeat that left
//! after the acknowledgement must have been answered has heard the message, however often
//! TCP had to send it.

use super::super::story::{Made, Story};
use super::super::trouble;
use super::facts;
use super::{Case, Judged};
use crate::record::{ClientId, Event};
use crate::time::{Span, Time};
use crate::zim::{Call, CallKind, Callback, ConnectionState, ErrorCode, RoomId, RoomState, UserId};
use std::collections::BTreeMap;

/// For the stack's work between two hosts.
const SLACK: Span = Span::from_secs(1);

/// A message that an app sent.
#[derive(Clone, Copy)]
struct Sent<'a> {
    client: ClientId,
    from: &'a UserId,
    to: To<'a>,
    text: &'a str,
    made: Made<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum To<'a> {
    Room(&'a RoomId),
    Peer(&'a UserId),
}

/// A message that an app was handed.
#[derive(Clone, Copy)]
struct Heard<'a> {
    index: usize,
    at: Time,
    from: &'a UserId,
    /// `None`: a peer message.
    room: Option<&'a RoomId>,
    text: &'a str,
}

/// `I.room-message-delivery`.
pub(super) fn room(case: &Case) -> Judged {
    delivery(case, CallKind::SendRoomMessage)
}

/// `I.peer-message-delivery`.
pub(super) fn peer(case: &Case) -> Judged {
    delivery(case, CallKind::SendPeerMessage)
}

fn delivery(case: &Case, kind: CallKind) -> Judged {
    let sent = sent(case, kind);
    let alike = alike(&sent);
    let series = series(&sent, &alike);
    let mut parts = Vec::new();
    for story in case.stories {
        let heard = heard(case, story, kind);
        parts.push(heard_too_often(case, story, &alike, &heard));
        parts.push(missed(case, story, &sent, &heard));
        parts.push(disordered(case, story, &series, &heard));
    }
    Judged::all(parts)
}

fn sent<'a>(case: &Case<'a>, kind: CallKind) -> Vec<Sent<'a>> {
    let mut all = Vec::new();
    for story in case.stories {
        let users = case.users(story);
        for made in story.calls_of(kind) {
            let from = users.at(made.mark.at);
            let (to, text) = match made.call {
                Call::SendRoomMessage { room, text } => (To::Room(room), text),
                Call::SendPeerMessage { to, text } => (To::Peer(to), text),
                Call::Login { .. }
                | Call::Logout
                | Call::RenewToken { .. }
                | Call::CreateRoom { .. }
                | Call::JoinRoom { .. }
                | Call::EnterRoom { .. }
                | Call::LeaveRoom { .. }
                | Call::QueryRoomMemberList { .. } => continue,
            };
            all.push(Sent { client: story.client, from, to, text, made: *made });
        }
    }
    all.sort_by_key(|sent| sent.made.mark);
    all
}

fn heard<'a>(case: &Case<'a>, story: &Story, kind: CallKind) -> Vec<Heard<'a>> {
    let mut all = Vec::new();
    for &index in case.index.own(story.client) {
        let record = &case.recording.records[index];
        let Event::Callback(callback) = &record.event else { continue };
        let (from, room, text) = match callback {
            Callback::PeerMessageReceived { from, text, .. } => (from, None, text),
            Callback::RoomMessageReceived { room, from, text } => (from, Some(room), text),
            Callback::ConnectionStateChanged { .. }
            | Callback::RoomStateChanged { .. }
            | Callback::TokenWillExpire { .. }
            | Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. } => continue,
        };
        if room.is_some() == (kind == CallKind::SendRoomMessage) {
            all.push(Heard { index, at: record.at, from, room, text });
        }
    }
    all
}

impl Sent<'_> {
    /// Whether this may be the message that was heard.
    fn is(&self, case: &Case, story: &Story, heard: &Heard) -> bool {
        let to = match self.to {
            To::Room(room) => heard.room == Some(room),
            To::Peer(user) => case.users(story).at(heard.at) == user,
        };
        to && self.from == heard.from && self.text == heard.text && self.made.mark.at <= heard.at
    }
}

/// No device hears a message more often than it was sent, or one that nobody sent. A server
/// that has lost its state can't know what it delivered before.
fn heard_too_often(case: &Case, story: &Story, alike: &Alike, heard: &[Heard]) -> Judged {
    let mut judged = Judged::default();
    let own = |(_, heard): &(usize, &Heard)| story.range.contains(&heard.index);
    for (place, each) in heard.iter().enumerate().filter(own) {
        let alike = alike.get(&(each.from, each.text)).map_or(&[][..], Vec::as_slice);
        let sources = alike.iter().filter(|sent| sent.is(case, story, each));
        let first = sources.clone().map(|sent| sent.made.mark.at).min();
        let count = sources.count();
        let same = |earlier: &&Heard| {
            (earlier.from, earlier.room, earlier.text) == (each.from, each.room, each.text)
        };
        let before = heard[..place].iter().filter(same).count();
        let excused = first.is_some_and(|first| trouble::forgotten(case.plan, first, each.at));
        let problem = (before >= count && !excused).then(|| {
            let who = case.name(story);
            let (from, text, time) = (each.from, each.text, before + 1);
            format!("{who}: heard \"{text}\" of {from} {time}x, sent {count}x")
        });
        judged.occasion(each.at, problem);
    }
    judged
}

/// Whoever had to hear an acknowledged message did.
fn missed(case: &Case, story: &Story, sent: &[Sent], heard: &[Heard]) -> Judged {
    let mut judged = Judged::default();
    let mut taken = vec![false; heard.len()];
    for sent in sent {
        let Some(due) = must_hear(case, story, sent) else { continue };
        let place = (0..heard.len()).find(|&place| {
            !taken[place] && heard[place].at <= due && sent.is(case, story, &heard[place])
        });
        if let Some(place) = place {
            taken[place] = true;
        }
        let problem = place.is_none().then(|| {
            let (text, from, at) = (sent.text, sent.from, sent.made.mark.at);
            format!("{}: \"{text}\", sent by {from} at {at}, was not heard", case.name(story))
        });
        judged.occasion(due, problem);
    }
    judged
}

/// By when this client must have heard the message, if it must: it was acknowledged, and from
/// its call to the bound the client was CONNECTED, in the room if it is a room's.
fn must_hear(case: &Case, story: &Story, sent: &Sent) -> Option<Time> {
    let (ack, _) = sent.made.result.filter(|(_, code)| *code == ErrorCode::SUCCESS)?;
    // Most of a crowd are in other rooms; that is quickly seen.
    let elsewhere = match sent.to {
        To::Room(room) => story.rooms.iter().all(|turn| turn.room != room),
        To::Peer(_) => false,
    };
    if elsewhere {
        return None;
    }
    let params = &case.plan.params;
    let heartbeat = params.heartbeat_period + params.heartbeat_patience + params.heartbeat_grace;
    let (from, due) = (sent.made.mark.at, ack.at + heartbeat + SLACK);
    let turned = |at: Time| at >= from && at <= due;
    let stayed = story.state_entering(from) == ConnectionState::Connected
        && !story.connections.iter().any(|turn| turned(turn.mark.at));
    if !stayed {
        return after_return(case, story, sent, (ack.at, heartbeat + SLACK));
    }
    if trouble::held_up(case.plan, story.client, from, due) || due > story.end {
        return None;
    }
    let users = case.users(story);
    let user = users.at(from);
    let device = &case.plan.clients[story.client.0].script.device;
    match sent.to {
        To::Peer(to) => (user == to).then_some(due),
        To::Room(room) => {
            let held = facts::membership(case, room, (user, device));
            let was_in = held.at(from) && !held.moments().any(turned);
            let turns = || story.rooms.iter().filter(|turn| turn.room == room);
            let said = turns().take_while(|turn| turn.mark.at < from).last();
            let said_in = said.is_some_and(|turn| turn.state == RoomState::Connected)
                && !turns().any(|turn| turned(turn.mark.at));
            (user != sent.from && was_in && said_in).then_some(due)
        }
    }
}

/// By when a client that was away must have heard a peer message, if it must: it comes back
/// after the acknowledgement, and stays for as long as `bound`. With several devices the
/// server may have done its duty by another.
fn after_return(
    case: &Case,
    story: &Story,
    sent: &Sent,
    (ack, bound): (Time, Span),
) -> Option<Time> {
    let To::Peer(to) = sent.to else { return None };
    let uses = |other: &Story| case.users(other).values().any(|user| user == to);
    if case.stories.iter().any(|other| other.client != story.client && uses(other)) {
        return None;
    }
    let back = story
        .connections
        .iter()
        .find(|turn| turn.mark.at >= ack && turn.state == ConnectionState::Connected)?;
    let (from, due) = (back.mark.at, back.mark.at + bound);
    let turned = story.turn_after(back.mark.index).is_some_and(|turn| turn.mark.at <= due);
    let users = case.users(story);
    let as_receiver = users.at(from) == to && users.at(due) == to;
    let excused = trouble::held_up(case.plan, story.client, from, due)
        || trouble::forgotten(case.plan, sent.made.mark.at, due);
    (as_receiver && !turned && !excused && due <= story.end).then_some(due)
}

/// Of two acknowledged messages of one device to one place, the one sent first is heard
/// first. Two devices of a user keep no order between them.
fn disordered(case: &Case, story: &Story, series: &[Vec<Sent>], heard: &[Heard]) -> Judged {
    let mut judged = Judged::default();
    for sent in series.iter().filter(|_| heard.len() > 1) {
        let find = |sent: &Sent| heard.iter().find(|heard| sent.is(case, story, heard));
        let found: Vec<_> = sent.iter().filter_map(|sent| Some((sent, find(sent)?))).collect();
        for (place, (first, one)) in found.iter().enumerate() {
            for (second, two) in &found[place + 1..] {
                let problem = (one.index > two.index).then(|| {
                    let (a, b) = (first.text, second.text);
                    format!("{}: heard \"{b}\" before \"{a}\", sent after it", case.name(story))
                });
                judged.occasion(one.at.max(two.at), problem);
            }
        }
    }
    judged
}

/// Messages by sender and text.
type Alike<'a> = BTreeMap<(&'a UserId, &'a str), Vec<Sent<'a>>>;

fn alike<'a>(sent: &[Sent<'a>]) -> Alike<'a> {
    let mut alike = Alike::new();
    for each in sent {
        alike.entry((each.from, each.text)).or_default().push(*each);
    }
    alike
}

/// The acknowledged messages of each device to each place that can be put in order: only a
/// text that nobody else sends tells one message from all others.
fn series<'a>(sent: &[Sent<'a>], alike: &Alike<'a>) -> Vec<Vec<Sent<'a>>> {
    let mut series: BTreeMap<(ClientId, To), Vec<Sent>> = BTreeMap::new();
    for each in sent {
        let acked = each.made.result.is_some_and(|(_, code)| code == ErrorCode::SUCCESS);
        if acked && alike[&(each.from, each.text)].len() == 1 {
            series.entry((each.client, each.to)).or_default().push(*each);
        }
    }
    series.into_values().filter(|sent| sent.len() > 1).collect()
}
