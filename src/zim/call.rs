//! What an app can call, and what it is called back with.

use super::{
    ConnectionEvent, ConnectionState, DeviceId, ErrorCode, Platform, RoomEvent, RoomId, RoomState,
    Token, UserId,
};
use crate::time::Span;
use std::fmt;

/// One call of one app, numbered in the order of calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// A call of the SDK with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Log in; everything else needs it.
    Login {
        /// The account.
        user: UserId,
        /// This installation.
        device: DeviceId,
        /// What it runs on.
        platform: Platform,
        /// What lets the account in, where token authentication is on.
        token: Token,
    },
    /// Log out; always succeeds.
    Logout,
    /// Replace the token before the old one runs out.
    RenewToken {
        /// The new one.
        token: Token,
    },
    /// Create a room and be in it.
    CreateRoom {
        /// Which.
        room: RoomId,
    },
    /// Join a room that exists.
    JoinRoom {
        /// Which.
        room: RoomId,
    },
    /// Join a room, creating it if need be.
    EnterRoom {
        /// Which.
        room: RoomId,
    },
    /// Leave a room.
    LeaveRoom {
        /// Which.
        room: RoomId,
    },
    /// Write to one user.
    SendPeerMessage {
        /// To whom.
        to: UserId,
        /// What.
        text: String,
    },
    /// Write to everybody in a room.
    SendRoomMessage {
        /// Where.
        room: RoomId,
        /// What.
        text: String,
    },
    /// Ask who is in a room.
    QueryRoomMemberList {
        /// Which.
        room: RoomId,
    },
}

/// Which call, without its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallKind {
    /// `login`
    Login,
    /// `logout`
    Logout,
    /// `renewToken`
    RenewToken,
    /// `createRoom`
    CreateRoom,
    /// `joinRoom`
    JoinRoom,
    /// `enterRoom`
    EnterRoom,
    /// `leaveRoom`
    LeaveRoom,
    /// `sendPeerMessage`
    SendPeerMessage,
    /// `sendRoomMessage`
    SendRoomMessage,
    /// `queryRoomMemberList`
    QueryRoomMemberList,
}

impl CallKind {
    /// Every call, in the order of the documentation.
    pub const ALL: &[CallKind] = &[
        CallKind::Login,
        CallKind::Logout,
        CallKind::RenewToken,
        CallKind::CreateRoom,
        CallKind::JoinRoom,
        CallKind::EnterRoom,
        CallKind::LeaveRoom,
        CallKind::SendPeerMessage,
        CallKind::SendRoomMessage,
        CallKind::QueryRoomMemberList,
    ];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            CallKind::Login => "login",
            CallKind::Logout => "logout",
            CallKind::RenewToken => "renewToken",
            CallKind::CreateRoom => "createRoom",
            CallKind::JoinRoom => "joinRoom",
            CallKind::EnterRoom => "enterRoom",
            CallKind::LeaveRoom => "leaveRoom",
            CallKind::SendPeerMessage => "sendPeerMessage",
            CallKind::SendRoomMessage => "sendRoomMessage",
            CallKind::QueryRoomMemberList => "queryRoomMemberList",
        }
    }

    /// What it does, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            CallKind::Login => "Log in; everything else needs it.",
            CallKind::Logout => "Log out; always succeeds.",
            CallKind::RenewToken => "Replace the token before the old one runs out.",
            CallKind::CreateRoom => "Create a room and be in it.",
            CallKind::JoinRoom => "Join a room that exists.",
            CallKind::EnterRoom => "Join a room, creating it if need be.",
            CallKind::LeaveRoom => "Leave a room.",
            CallKind::SendPeerMessage => "Write to one user.",
            CallKind::SendRoomMessage => "Write to everybody in a room.",
            CallKind::QueryRoomMemberList => "Ask who is in a room.",
        }
    }

    /// The call with this public name.
    pub fn from_name(name: &str) -> Option<CallKind> {
        CallKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl Call {
    /// Which call this is.
    pub fn kind(&self) -> CallKind {
        match self {
            Call::Login { .. } => CallKind::Login,
            Call::Logout => CallKind::Logout,
            Call::RenewToken { .. } => CallKind::RenewToken,
            Call::CreateRoom { .. } => CallKind::CreateRoom,
            Call::JoinRoom { .. } => CallKind::JoinRoom,
            Call::EnterRoom { .. } => CallKind::EnterRoom,
            Call::LeaveRoom { .. } => CallKind::LeaveRoom,
            Call::SendPeerMessage { .. } => CallKind::SendPeerMessage,
            Call::SendRoomMessage { .. } => CallKind::SendRoomMessage,
            Call::QueryRoomMemberList { .. } => CallKind::QueryRoomMemberList,
        }
    }

    /// The room it is about, if it is about one.
    pub fn room(&self) -> Option<&RoomId> {
        match self {
            Call::CreateRoom { room }
            | Call::JoinRoom { room }
            | Call::EnterRoom { room }
            | Call::LeaveRoom { room }
            | Call::SendRoomMessage { room, .. }
            | Call::QueryRoomMemberList { room } => Some(room),
            Call::Login { .. }
            | Call::Logout
            | Call::RenewToken { .. }
            | Call::SendPeerMessage { .. } => None,
        }
    }
}

/// The call with its room, if it is about one: `enterRoom r1`.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.room() {
            Some(room) => write!(f, "{} {room}", self.kind()),
            None => self.kind().fmt(f),
        }
    }
}

impl fmt::Display for CallKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A member of a room.
pub type Member = UserId;

/// A callback with what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callback {
    /// `onConnectionStateChanged`
    ConnectionStateChanged {
        /// The new state.
        state: ConnectionState,
        /// Why.
        event: ConnectionEvent,
    },
    /// `onRoomStateChanged`
    RoomStateChanged {
        /// Which room.
        room: RoomId,
        /// The new state.
        state: RoomState,
        /// Why.
        event: RoomEvent,
    },
    /// `onTokenWillExpire`
    TokenWillExpire {
        /// What is left of the token's life, in whole seconds on the public interface.
        left: Span,
    },
    /// `onRoomMemberJoined`
    RoomMemberJoined {
        /// Which room.
        room: RoomId,
        /// Who came.
        members: Vec<Member>,
    },
    /// `onRoomMemberLeft`
    RoomMemberLeft {
        /// Which room.
        room: RoomId,
        /// Who left.
        members: Vec<Member>,
    },
    /// `onPeerMessageReceived`
    PeerMessageReceived {
        /// Who wrote.
        from: UserId,
        /// What.
        text: String,
        /// Whether it waited at the server while this user was offline.
        offline: bool,
    },
    /// `onRoomMessageReceived`
    RoomMessageReceived {
        /// Which room.
        room: RoomId,
        /// Who wrote.
        from: UserId,
        /// What.
        text: String,
    },
}

impl Callback {
    /// What each callback tells the app, in a sentence, in the order of [`Callback::NAMES`].
    pub const ABOUT: &[&str] = &[
        "The connection's state changed: state/event.",
        "One room's state changed: state/event.",
        "The token runs out soon, or at once if little is left: fetch one, call renewToken.",
        "Others came into a room that this user is in.",
        "Others left a room that this user is in.",
        "A message from one user, also one that waited while this user was offline.",
        "A message to everybody in a room.",
    ];

    /// Every callback's public name, in the order of the variants.
    pub const NAMES: &[&str] = &[
        "onConnectionStateChanged",
        "onRoomStateChanged",
        "onTokenWillExpire",
        "onRoomMemberJoined",
        "onRoomMemberLeft",
        "onPeerMessageReceived",
        "onRoomMessageReceived",
    ];

    /// The public name.
    pub fn name(&self) -> &'static str {
        let index = match self {
            Callback::ConnectionStateChanged { .. } => 0,
            Callback::RoomStateChanged { .. } => 1,
            Callback::TokenWillExpire { .. } => 2,
            Callback::RoomMemberJoined { .. } => 3,
            Callback::RoomMemberLeft { .. } => 4,
            Callback::PeerMessageReceived { .. } => 5,
            Callback::RoomMessageReceived { .. } => 6,
        };
        Callback::NAMES[index]
    }

    /// The room it is about, if it is about one.
    pub fn room(&self) -> Option<&RoomId> {
        match self {
            Callback::RoomStateChanged { room, .. }
            | Callback::RoomMemberJoined { room, .. }
            | Callback::RoomMemberLeft { room, .. }
            | Callback::RoomMessageReceived { room, .. } => Some(room),
            Callback::ConnectionStateChanged { .. }
            | Callback::TokenWillExpire { .. }
            | Callback::PeerMessageReceived { .. } => None,
        }
    }
}

/// What an SDK tells the app above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A call is answered; each call is, exactly once.
    Result {
        /// Which call.
        id: CallId,
        /// Which kind of call.
        kind: CallKind,
        /// How it went.
        code: ErrorCode,
        /// Who is in the room, where that was asked.
        members: Option<Vec<Member>>,
    },
    /// A callback fires.
    Callback(Callback),
}
