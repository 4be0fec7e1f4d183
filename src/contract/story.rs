//! One client's part of a recording, sorted by kind: a story for each of its processes.
//!
//! A new process knows nothing of the one before it, and nothing is owed to a dead one: so
//! every check takes one process from its start to its end.

use super::index::Index;
use crate::record::{ClientId, Event, Origin, Recording, ServerFact, Wire};
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{
    Call, CallId, CallKind, Callback, ConnectionEvent, ConnectionState, ErrorCode, RoomEvent,
    RoomId, RoomState, UserId,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// A record's place and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Its place in the recording.
    pub index: usize,
    /// Its time.
    pub at: Time,
}

/// `onConnectionStateChanged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionTurn {
    /// Where.
    pub mark: Mark,
    /// The new state.
    pub state: ConnectionState,
    /// Why.
    pub event: ConnectionEvent,
}

/// `onRoomStateChanged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomTurn<'a> {
    /// Where.
    pub mark: Mark,
    /// Which room.
    pub room: &'a RoomId,
    /// The new state.
    pub state: RoomState,
    /// Why.
    pub event: RoomEvent,
}

/// A call and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// Where it was made.
    pub mark: Mark,
    /// Pairs the result.
    pub id: CallId,
    /// Who asked for it.
    pub origin: Origin,
    /// The call.
    pub call: &'a Call,
    /// Its first result.
    pub result: Option<(Mark, ErrorCode)>,
}

/// One process of one client.
#[derive(Debug)]
pub struct Story<'a> {
    /// Whose.
    pub client: ClientId,
    /// Where in the recording it begins and ends.
    pub range: Range<usize>,
    /// Its connection callbacks.
    pub connections: Vec<ConnectionTurn>,
    /// Its room callbacks, of all rooms.
    pub rooms: Vec<RoomTurn<'a>>,
    /// Its calls.
    pub calls: Vec<Made<'a>>,
    /// Results that answer no open call: nobody called, or it was answered before.
    pub strays: Vec<(Mark, CallId, CallKind)>,
    /// Attempts to open a connection.
    pub attempts: Vec<Mark>,
    /// Questions of T1.
    pub asked: Vec<(Mark, &'a RoomId)>,
    /// `onTokenWillExpire`, with what it says is left.
    pub warnings: Vec<(Mark, Span)>,
    /// What the server decided about this user on this device.
    pub facts: Vec<(Mark, &'a ServerFact)>,
    /// Logins anew, not returns, of this client's accounts on other devices.
    pub rivals: Vec<(Mark, &'a UserId)>,
    /// When the process died, or else the run ended.
    pub end: Time,
}

impl<'a> Story<'a> {
    /// Reads the story of each of a client's processes; there is at least one. `index` is the
    /// recording's.
    pub fn read(
        plan: &Plan,
        recording: &'a Recording,
        index: &Index<'a>,
        client: ClientId,
    ) -> Vec<Story<'a>> {
        let of = |range, end| Story::of_process(plan, recording, index, client, range, end);
        let mut stories = Vec::new();
        let mut from = Some(0);
        for &place in index.own(client) {
            let record = &recording.records[place];
            if record.event == Event::ProcessStarted {
                from = Some(place);
            } else if record.event == Event::ProcessDied
                && let Some(from) = from.take()
            {
                stories.push(of(from..place + 1, record.at));
            }
        }
        if let Some(from) = from {
            stories.push(of(from..recording.records.len(), recording.end));
        }
        stories
    }

    fn of_process(
        plan: &Plan,
        recording: &'a Recording,
        index: &Index<'a>,
        client: ClientId,
        range: Range<usize>,
        end: Time,
    ) -> Story<'a> {
        let mut story = Story {
            client,
            range: range.clone(),
            connections: Vec::new(),
            rooms: Vec::new(),
            calls: Vec::new(),
            strays: Vec::new(),
            attempts: Vec::new(),
            asked: Vec::new(),
            warnings: Vec::new(),
            facts: Vec::new(),
            rivals: Vec::new(),
            end,
        };
        let script = &plan.clients[client.0].script;
        // Each of its accounts, with the record from which on it is one.
        let mut users = BTreeMap::from([(&script.user, range.start)]);
        for place in index.own(client).iter().copied().filter(|place| range.contains(place)) {
            let record = &recording.records[place];
            if let Event::Called { call: Call::Login { user, .. }, .. } = &record.event {
                users.entry(user).or_insert(place);
            }
            story.take(Mark { index: place, at: record.at }, &record.event);
        }
        let facts = users.iter().flat_map(|(user, since)| {
            index.about(user).iter().copied().filter(|place| (*since..range.end).contains(place))
        });
        let mut facts: Vec<_> = facts.collect();
        facts.sort_unstable();
        for place in facts {
            let record = &recording.records[place];
            let mark = Mark { index: place, at: record.at };
            let Event::Server(fact) = &record.event else { continue };
            let Some((user, device)) = fact.about() else { continue };
            if *device == script.device {
                story.facts.push((mark, fact));
            } else if matches!(fact, ServerFact::LoggedIn { resumed: false, .. }) {
                story.rivals.push((mark, user));
            }
        }
        story
    }

    fn take(&mut self, mark: Mark, event: &'a Event) {
        match event {
            Event::Called { id, origin, call } => {
                self.calls.push(Made { mark, id: *id, origin: *origin, call, result: None });
            }
            Event::Result { id, kind, code, members: _ } => self.answer(mark, *id, *kind, *code),
            Event::Callback(callback) => self.hear(mark, callback),
            Event::Wire(Wire::Attempt { .. }) => self.attempts.push(mark),
            Event::Wire(Wire::Asked { room }) => self.asked.push((mark, room)),
            Event::Shown { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Server(_)
            | Event::Wire(_) => {}
        }
    }

    fn answer(&mut self, mark: Mark, id: CallId, kind: CallKind, code: ErrorCode) {
        let open = |made: &&mut Made| made.id == id && made.result.is_none();
        match self.calls.iter_mut().rev().find(open) {
            Some(made) if made.call.kind() == kind => made.result = Some((mark, code)),
            Some(_) | None => self.strays.push((mark, id, kind)),
        }
    }

    fn hear(&mut self, mark: Mark, callback: &'a Callback) {
        match callback {
            Callback::ConnectionStateChanged { state, event } => {
                self.connections.push(ConnectionTurn { mark, state: *state, event: *event });
            }
            Callback::RoomStateChanged { room, state, event } => {
                self.rooms.push(RoomTurn { mark, room, state: *state, event: *event });
            }
            Callback::TokenWillExpire { left } => self.warnings.push((mark, *left)),
            Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. }
            | Callback::PeerMessageReceived { .. }
            | Callback::RoomMessageReceived { .. } => {}
        }
    }

    /// The connection's state before this record.
    pub fn state_before(&self, index: usize) -> ConnectionState {
        let turn = self.connections.iter().rev().find(|turn| turn.mark.index < index);
        turn.map_or(ConnectionState::Disconnected, |turn| turn.state)
    }

    /// The connection's state when this millisecond begins.
    pub fn state_entering(&self, at: Time) -> ConnectionState {
        let turn = self.connections.iter().rev().find(|turn| turn.mark.at < at);
        turn.map_or(ConnectionState::Disconnected, |turn| turn.state)
    }

    /// The connection's state when this millisecond is over.
    pub fn state_leaving(&self, at: Time) -> ConnectionState {
        self.state_entering(at + Time::QUANTUM)
    }

    /// Whether the connection is said to be in `state` in this millisecond.
    pub fn turns_to(&self, state: ConnectionState, at: Time) -> bool {
        self.connections.iter().any(|turn| turn.mark.at == at && turn.state == state)
    }

    /// The next connection callback after this record.
    pub fn turn_after(&self, index: usize) -> Option<&ConnectionTurn> {
        self.connections.iter().find(|turn| turn.mark.index > index)
    }

    /// Calls of this kind.
    pub fn calls_of(&self, kind: CallKind) -> impl Iterator<Item = &Made<'a>> {
        self.calls.iter().filter(move |made| made.call.kind() == kind)
    }

    /// Whether the app calls `logout` in this millisecond.
    pub fn logs_out_at(&self, at: Time) -> bool {
        self.calls_of(CallKind::Logout).any(|made| made.mark.at == at)
    }

    /// When the server last let this client in before this record.
    pub fn let_in_before(&self, before: Mark) -> Option<Mark> {
        let let_in = |(mark, fact): &&(Mark, &ServerFact)| {
            *mark < before && matches!(fact, ServerFact::LoggedIn { .. })
        };
        self.facts.iter().rev().find(let_in).map(|(mark, _)| *mark)
    }

    /// The first `login` call after this record.
    pub fn login_after(&self, index: usize) -> Option<Mark> {
        self.calls_of(CallKind::Login).map(|made| made.mark).find(|mark| mark.index > index)
    }

    /// The first `logout` call after this record.
    pub fn logout_after(&self, index: usize) -> Option<Mark> {
        self.calls_of(CallKind::Logout).map(|made| made.mark).find(|mark| mark.index > index)
    }
}

/// `DISCONNECTED/KICKED_OUT (0/4)`, the form of every message.
pub fn connection_words(state: ConnectionState, event: ConnectionEvent) -> String {
    format!("{state}/{event} ({}/{})", state.number(), event.number())
}

/// `CONNECTING/NETWORK_INTERRUPTED (1/1)`, the form of every message.
pub fn room_words(state: RoomState, event: RoomEvent) -> String {
    format!("{state}/{event} ({}/{})", state.number(), event.number())
}
