//! What client and server say to each other: JSON in WebSocket messages.
//!
//! The vocabulary is here; [`Channel`] turns it into bytes of a stream and back. ZIM's
//! own wire format is not public; WSS as its transport is.

mod channel;
mod kind;
mod text;

pub use channel::{Channel, ProtocolError, Received};
pub use kind::FrameKind;
pub use text::Frame;

use crate::zim::{DeviceId, ErrorCode, Member, Platform, RoomId, Token, UserId};
use serde::{Deserialize, Serialize};

/// Pairs a request with its answer; counted per SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// A session as the server names it to its client, so that the client can come back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRef {
    /// The server's number for it.
    pub id: u64,
    /// When its user logged in, by the server's timer clock, in ms. A reconnection keeps
    /// it, so that the earliest login stays the earliest.
    pub since: u64,
}

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// Log in, or come back to a session.
    Login {
        /// Pairs the answer.
        id: RequestId,
        /// The account.
        user: UserId,
        /// The installation.
        device: DeviceId,
        /// What it runs on.
        platform: Platform,
        /// The newest token the SDK has.
        token: Token,
        /// The session to come back to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<SessionRef>,
        /// Whether the token is one that a `renewToken` brought during the break.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        renewed: bool,
    },
    /// End the session.
    Logout {},
    /// I am alive.
    Heartbeat {
        /// Pairs the answer.
        id: RequestId,
    },
    /// Replace the token.
    RenewToken {
        /// Pairs the answer.
        id: RequestId,
        /// The new one.
        token: Token,
    },
    /// Come into a room.
    Enter {
        /// Pairs the answer.
        id: RequestId,
        /// Which.
        room: RoomId,
        /// Whether it must not exist, must exist, or may.
        how: EnterHow,
    },
    /// Leave a room.
    Leave {
        /// Pairs the answer.
        id: RequestId,
        /// Which.
        room: RoomId,
    },
    /// Am I still in this room? (the question of T1)
    AmIIn {
        /// Pairs the answer.
        id: RequestId,
        /// Which.
        room: RoomId,
        /// The highest number of a message of this room that was heard, where messages are
        /// kept for members who are away: those behind it are to follow the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u64>,
    },
    /// Who is in this room?
    Members {
        /// Pairs the answer.
        id: RequestId,
        /// Which.
        room: RoomId,
    },
    /// Write to a user.
    PeerMessage {
        /// Pairs the answer.
        id: RequestId,
        /// To whom.
        to: UserId,
        /// What.
        text: String,
        /// Counts the messages of this SDK from 1: one that is sent again is known by it.
        key: u64,
    },
    /// Write to a room.
    RoomMessage {
        /// Pairs the answer.
        id: RequestId,
        /// Where.
        room: RoomId,
        /// What.
        text: String,
    },
    /// I have the peer messages up to this number.
    Got {
        /// The highest number received.
        upto: u64,
    },
}

/// How a room is come into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnterHow {
    /// `createRoom`: it must not exist.
    Create,
    /// `joinRoom`: it must exist.
    Join,
    /// `enterRoom`: either.
    Enter,
}

/// What a server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// Logged in, or back.
    Welcome {
        /// Pairs the login.
        id: RequestId,
        /// The session, to come back to.
        session: SessionRef,
    },
    /// The login is refused.
    Refused {
        /// Pairs the login.
        id: RequestId,
        /// Why, as the app may be told.
        code: ErrorCode,
        /// Set when the session that was to be resumed has ended for good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<SessionEnd>,
    },
    /// I heard your heartbeat.
    Alive {
        /// Pairs the heartbeat.
        id: RequestId,
    },
    /// How a request went.
    Done {
        /// Pairs the request.
        id: RequestId,
        /// Success, or why not.
        code: ErrorCode,
    },
    /// The answer to the question of T1.
    Standing {
        /// Pairs the question.
        id: RequestId,
        /// How the user stands in the room.
        standing: Standing,
    },
    /// Who is in a room.
    MemberList {
        /// Pairs the question.
        id: RequestId,
        /// By name.
        members: Vec<Member>,
    },
    /// The session has ended for good.
    Ended {
        /// Why.
        cause: SessionEnd,
    },
    /// The user's time in a room has ended.
    RoomEnded {
        /// Which.
        room: RoomId,
        /// Why.
        cause: RoomEnd,
    },
    /// Somebody came into a room.
    MemberJoined {
        /// Which.
        room: RoomId,
        /// Who.
        member: Member,
    },
    /// Somebody left a room.
    MemberLeft {
        /// Which.
        room: RoomId,
        /// Who.
        member: Member,
    },
    /// A user wrote.
    PeerMessage {
        /// Counts the messages to this user.
        number: u64,
        /// Who wrote.
        from: UserId,
        /// What.
        text: String,
        /// Whether it waited while this session was offline.
        offline: bool,
    },
    /// Somebody wrote to a room.
    RoomMessage {
        /// Which.
        room: RoomId,
        /// Who wrote.
        from: UserId,
        /// What.
        text: String,
        /// Counts the messages of the room, where they are kept for members who are away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u64>,
    },
}

/// Why a session ends for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Another device's login, or an administrator.
    KickedOut,
    /// The token ran out.
    TokenExpired,
    /// The account is gone.
    Unregistered,
}

/// Why a user's time in a room ends while it is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomEnd {
    /// An administrator destroyed the room.
    Destroyed,
    /// An administrator kicked the user from it.
    Kicked,
    /// The same user came in on another device.
    OtherDevice,
    /// The room's heartbeat timed out.
    TimedOut,
}

/// How a user stands in a room: the server's answer at T2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Still in.
    In,
    /// Out: the heartbeat timed out.
    TimedOut,
    /// There is no such room.
    Gone,
    /// Out: an administrator kicked the user.
    Kicked,
    /// Out: the same user came in on another device.
    OtherDevice,
    /// Out, and the server does not know why (it lost its state, say).
    Out,
}

impl Standing {
    /// The answer in words: `no, heartbeat timed out`.
    pub const fn words(self) -> &'static str {
        match self {
            Standing::In => "yes",
            Standing::TimedOut => "no, heartbeat timed out",
            Standing::Gone => "no, there is no such room",
            Standing::Kicked => "no, kicked from it",
            Standing::OtherDevice => "no, in it on another device",
            Standing::Out => "no",
        }
    }
}
