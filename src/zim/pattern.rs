//! Which callbacks are meant: the matcher that reactions, `expect` and `never` share.

use super::{Callback, ConnectionEvent, ConnectionState, RoomEvent, RoomId, RoomState, UserId};

/// A state and an event, each of which may be left open (`*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<S, E> {
    /// The state, or any.
    pub state: Option<S>,
    /// The event, or any.
    pub event: Option<E>,
}

impl<S: PartialEq, E: PartialEq> Pair<S, E> {
    /// Whether this state and event are meant.
    pub fn matches(&self, state: &S, event: &E) -> bool {
        self.state.as_ref().is_none_or(|s| s == state)
            && self.event.as_ref().is_none_or(|e| e == event)
    }
}

/// Which callbacks are meant; what is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// `onConnectionStateChanged` with this pair.
    pub connection: Option<Pair<ConnectionState, ConnectionEvent>>,
    /// `onRoomStateChanged` with this pair.
    pub room_state: Option<Pair<RoomState, RoomEvent>>,
    /// A callback about this room.
    pub room: Option<RoomId>,
    /// The callback of this public name (one of [`Callback::NAMES`]).
    pub callback: Option<&'static str>,
    /// A message with this text.
    pub text: Option<String>,
    /// A message from this user.
    pub from: Option<UserId>,
    /// A callback that names this member.
    pub member: Option<UserId>,
}

impl Pattern {
    /// Whether this callback is meant.
    pub fn matches(&self, callback: &Callback) -> bool {
        let room = self.room.as_ref().is_none_or(|room| callback.room() == Some(room));
        let name = self.callback.is_none_or(|name| callback.name() == name);
        room && name && self.matches_states(callback) && self.matches_content(callback)
    }

    fn matches_states(&self, callback: &Callback) -> bool {
        let connection = self.connection.as_ref().is_none_or(|pair| match callback {
            Callback::ConnectionStateChanged { state, event } => pair.matches(state, event),
            Callback::RoomStateChanged { .. }
            | Callback::TokenWillExpire { .. }
            | Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. }
            | Callback::PeerMessageReceived { .. }
            | Callback::RoomMessageReceived { .. } => false,
        });
        let room = self.room_state.as_ref().is_none_or(|pair| match callback {
            Callback::RoomStateChanged { state, event, .. } => pair.matches(state, event),
            Callback::ConnectionStateChanged { .. }
            | Callback::TokenWillExpire { .. }
            | Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. }
            | Callback::PeerMessageReceived { .. }
            | Callback::RoomMessageReceived { .. } => false,
        });
        connection && room
    }

    fn matches_content(&self, callback: &Callback) -> bool {
        let (text, from, members): (Option<&str>, Option<&UserId>, &[UserId]) = match callback {
            Callback::PeerMessageReceived { text, from, .. }
            | Callback::RoomMessageReceived { text, from, .. } => (Some(text), Some(from), &[]),
            Callback::RoomMemberJoined { members, .. }
            | Callback::RoomMemberLeft { members, .. } => (None, None, members),
            Callback::ConnectionStateChanged { .. }
            | Callback::RoomStateChanged { .. }
            | Callback::TokenWillExpire { .. } => (None, None, &[]),
        };
        self.text.as_deref().is_none_or(|wanted| text == Some(wanted))
            && self.from.as_ref().is_none_or(|wanted| from == Some(wanted))
            && self.member.as_ref().is_none_or(|wanted| members.contains(wanted))
    }
}
