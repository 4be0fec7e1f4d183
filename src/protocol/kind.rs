//! What kind of frame some bytes are: what is left of a frame's meaning when they are lost.

use super::{ClientFrame, EnterHow, ServerFrame};

macro_rules! kinds {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident: $one:literal, $many:literal, $numbered:literal;
    )*) => {
        /// A kind of frame, as a receipt names it. A client's come first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FrameKind { $($(#[doc = $doc])* $name,)* }

        impl FrameKind {
            /// Every kind.
            pub const ALL: &[FrameKind] = &[$(FrameKind::$name,)*];

            /// What one, and what several, are called.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(FrameKind::$name => ($one, $many),)* }
            }

            /// Whether each is known by its number on its connection, from 1.
            pub const fn is_numbered(self) -> bool {
                match self { $(FrameKind::$name => $numbered,)* }
            }
        }
    };
}

kinds! {
    /// The HTTP request that opens a WebSocket.
    Upgrade: "upgrade", "upgrades", false;
    /// [`ClientFrame::Login`].
    Login: "login", "logins", false;
    /// [`ClientFrame::Logout`].
    Logout: "logout", "logouts", false;
    /// [`ClientFrame::Heartbeat`].
    Heartbeat: "heartbeat", "heartbeats", true;
    /// [`ClientFrame::RenewToken`].
    RenewToken: "renewToken", "renewTokens", false;
    /// [`ClientFrame::Enter`], of createRoom.
    CreateRoom: "createRoom", "createRooms", false;
    /// [`ClientFrame::Enter`], of joinRoom.
    JoinRoom: "joinRoom", "joinRooms", false;
    /// [`ClientFrame::Enter`], of enterRoom.
    EnterRoom: "enterRoom", "enterRooms", false;
    /// [`ClientFrame::Leave`].
    LeaveRoom: "leaveRoom", "leaveRooms", false;
    /// [`ClientFrame::AmIIn`].
    Question: "question of T1", "questions of T1", false;
    /// [`ClientFrame::Members`].
    QueryMembers: "queryRoomMemberList", "queryRoomMemberLists", false;
    /// [`ClientFrame::PeerMessage`].
    PeerMessage: "peer message", "peer messages", true;
    /// [`ClientFrame::RoomMessage`].
    RoomMessage: "room message", "room messages", true;
    /// [`ClientFrame::Got`].
    Receipt: "receipt of peer messages", "receipts of peer messages", false;
    /// What a client's WebSocket says by itself.
    ClientControl: "WebSocket reply", "WebSocket replies", false;
    /// What a server's WebSocket says by itself: to an upgrade first of all.
    ServerControl: "answer to the upgrade", "answers to upgrades", false;
    /// [`ServerFrame::Welcome`] or [`ServerFrame::Refused`].
    LoginAnswer: "answer to the login", "answers to logins", false;
    /// [`ServerFrame::Alive`].
    Alive: "answer to heartbeat", "answers to heartbeats", true;
    /// [`ServerFrame::Done`].
    Done: "answer to a call", "answers to calls", false;
    /// [`ServerFrame::Standing`].
    Standing: "answer to the question of T1", "answers to questions of T1", false;
    /// [`ServerFrame::MemberList`].
    MemberList: "member list", "member lists", false;
    /// [`ServerFrame::Ended`].
    Ended: "word of the session's end", "words of a session's end", false;
    /// [`ServerFrame::RoomEnded`].
    RoomEnded: "word of a room's end", "words of rooms' ends", false;
    /// [`ServerFrame::MemberJoined`] or [`ServerFrame::MemberLeft`].
    MemberNews: "news of a member", "news of members", false;
    /// [`ServerFrame::PeerMessage`].
    PeerDelivery: "peer message to it", "peer messages to it", false;
    /// [`ServerFrame::RoomMessage`].
    RoomDelivery: "room message to it", "room messages to it", false;
}

impl ClientFrame {
    /// Which kind it is.
    pub fn kind(&self) -> FrameKind {
        match self {
            ClientFrame::Login { .. } => FrameKind::Login,
            ClientFrame::Logout {} => FrameKind::Logout,
            ClientFrame::Heartbeat { .. } => FrameKind::Heartbeat,
            ClientFrame::RenewToken { .. } => FrameKind::RenewToken,
            ClientFrame::Enter { how: EnterHow::Create, .. } => FrameKind::CreateRoom,
            ClientFrame::Enter { how: EnterHow::Join, .. } => FrameKind::JoinRoom,
            ClientFrame::Enter { how: EnterHow::Enter, .. } => FrameKind::EnterRoom,
            ClientFrame::Leave { .. } => FrameKind::LeaveRoom,
            ClientFrame::AmIIn { .. } => FrameKind::Question,
            ClientFrame::Members { .. } => FrameKind::QueryMembers,
            ClientFrame::PeerMessage { .. } => FrameKind::PeerMessage,
            ClientFrame::RoomMessage { .. } => FrameKind::RoomMessage,
            ClientFrame::Got { .. } => FrameKind::Receipt,
        }
    }
}

impl ServerFrame {
    /// Which kind it is.
    pub fn kind(&self) -> FrameKind {
        match self {
            ServerFrame::Welcome { .. } | ServerFrame::Refused { .. } => FrameKind::LoginAnswer,
            ServerFrame::Alive { .. } => FrameKind::Alive,
            ServerFrame::Done { .. } => FrameKind::Done,
            ServerFrame::Standing { .. } => FrameKind::Standing,
            ServerFrame::MemberList { .. } => FrameKind::MemberList,
            ServerFrame::Ended { .. } => FrameKind::Ended,
            ServerFrame::RoomEnded { .. } => FrameKind::RoomEnded,
            ServerFrame::MemberJoined { .. } | ServerFrame::MemberLeft { .. } => {
                FrameKind::MemberNews
            }
            ServerFrame::PeerMessage { .. } => FrameKind::PeerDelivery,
            ServerFrame::RoomMessage { .. } => FrameKind::RoomDelivery,
        }
    }
}
