//! Ready-made ways of reacting: the document's advice, and the two things it warns of.

use super::{Act, Policy, Script, TokenQuality, TokenSpec};
use crate::time::Span;
use crate::zim::{Call, Callback, ConnectionEvent, ConnectionState, RoomEvent, RoomId, RoomState};

/// How long an app takes to act on its own account.
const A_MOMENT: Span = Span::from_secs(1);

impl Policy {
    /// What an app of this kind does about a callback, and how long after it. `before` is
    /// the connection's state before the callback.
    pub(super) fn answer(
        self,
        script: &Script,
        before: ConnectionState,
        callback: &Callback,
    ) -> Vec<(Span, Act)> {
        match self {
            Policy::Advised => advised(script, before, callback),
            Policy::LoginWhileReconnecting => {
                on_connection(callback, |state, _| state == ConnectionState::Reconnecting)
                    .then(|| (A_MOMENT, login(script)))
                    .into_iter()
                    .collect()
            }
            Policy::LoginAfterDisconnected => on_connection(callback, is_terminal)
                .then(|| (A_MOMENT, login(script)))
                .into_iter()
                .collect(),
        }
    }
}

/// The advice of the document's tables, row by row.
fn advised(script: &Script, before: ConnectionState, callback: &Callback) -> Vec<(Span, Act)> {
    let show = |text: String| vec![(Span::ZERO, Act::Show(text))];
    match callback {
        Callback::ConnectionStateChanged { state: ConnectionState::Reconnecting, .. } => {
            show("network lost, reconnecting".into())
        }
        Callback::ConnectionStateChanged { state: ConnectionState::Connected, .. } => {
            match before {
                ConnectionState::Reconnecting => show("connected again".into()),
                ConnectionState::Disconnected
                | ConnectionState::Connecting
                | ConnectionState::Connected => Vec::new(),
            }
        }
        Callback::ConnectionStateChanged { state, event } if is_terminal(*state, *event) => {
            show(format!("login page: {event}"))
        }
        Callback::TokenWillExpire { .. } => {
            let token = TokenSpec { quality: TokenQuality::Good, life: script.token_life };
            vec![(A_MOMENT, Act::RenewToken { token })]
        }
        Callback::RoomStateChanged { room, state: RoomState::Disconnected, event } => {
            room_lost(room, *event)
        }
        Callback::ConnectionStateChanged { .. }
        | Callback::RoomStateChanged { .. }
        | Callback::RoomMemberJoined { .. }
        | Callback::RoomMemberLeft { .. }
        | Callback::PeerMessageReceived { .. }
        | Callback::RoomMessageReceived { .. } => Vec::new(),
    }
}

/// Back in where the document offers it (events 9 and 3); for any other reason the user is
/// told and decides.
fn room_lost(room: &RoomId, event: RoomEvent) -> Vec<(Span, Act)> {
    match event {
        RoomEvent::ConnectTimeout | RoomEvent::RoomNotExist => {
            vec![(A_MOMENT, Act::Call(Call::EnterRoom { room: room.clone() }))]
        }
        RoomEvent::NetworkDisconnected
        | RoomEvent::KickedOut
        | RoomEvent::KickedOutByOtherDevice => {
            vec![(Span::ZERO, Act::Show(format!("you have left {room}: {event}")))]
        }
        RoomEvent::Success
        | RoomEvent::NetworkInterrupted
        | RoomEvent::ActiveCreate
        | RoomEvent::CreateFailed
        | RoomEvent::ActiveEnter
        | RoomEvent::EnterFailed
        | RoomEvent::ActiveSwitch
        | RoomEvent::SwitchFailed => Vec::new(),
    }
}

fn login(script: &Script) -> Act {
    let token = TokenSpec { quality: TokenQuality::Good, life: script.token_life };
    Act::Login { user: script.user.clone(), token }
}

fn on_connection(
    callback: &Callback,
    is_meant: fn(ConnectionState, ConnectionEvent) -> bool,
) -> bool {
    match callback {
        Callback::ConnectionStateChanged { state, event } => is_meant(*state, *event),
        Callback::RoomStateChanged { .. }
        | Callback::TokenWillExpire { .. }
        | Callback::RoomMemberJoined { .. }
        | Callback::RoomMemberLeft { .. }
        | Callback::PeerMessageReceived { .. }
        | Callback::RoomMessageReceived { .. } => false,
    }
}

fn is_terminal(state: ConnectionState, event: ConnectionEvent) -> bool {
    state == ConnectionState::Disconnected
        && matches!(
            event,
            ConnectionEvent::KickedOut
                | ConnectionEvent::TokenExpired
                | ConnectionEvent::Unregistered
        )
}
