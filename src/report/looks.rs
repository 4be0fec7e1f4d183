//! How the states that an app is told of look on a ribbon.

use super::chart::Look;
use crate::zim::{ConnectionEvent, ConnectionState, RoomEvent, RoomState};

/// How a state of the connection looks.
pub fn connection_look(state: ConnectionState, event: ConnectionEvent) -> Look {
    match (state, event) {
        (ConnectionState::Connecting, _) => Look::Waiting,
        (ConnectionState::Connected, _) => Look::On,
        (ConnectionState::Reconnecting, _) => Look::Broken,
        (
            ConnectionState::Disconnected,
            ConnectionEvent::KickedOut
            | ConnectionEvent::TokenExpired
            | ConnectionEvent::Unregistered,
        ) => Look::Ended,
        (
            ConnectionState::Disconnected,
            ConnectionEvent::Success
            | ConnectionEvent::ActiveLogin
            | ConnectionEvent::LoginTimeout
            | ConnectionEvent::LoginInterrupted,
        ) => Look::Off,
    }
}

/// How a state of a room looks.
pub fn room_look(state: RoomState, event: RoomEvent) -> Look {
    match (state, event) {
        (RoomState::Connecting, RoomEvent::NetworkInterrupted) => Look::Broken,
        (RoomState::Connecting, _) => Look::Waiting,
        (RoomState::Connected, _) => Look::On,
        (
            RoomState::Disconnected,
            RoomEvent::NetworkDisconnected
            | RoomEvent::RoomNotExist
            | RoomEvent::KickedOut
            | RoomEvent::ConnectTimeout
            | RoomEvent::KickedOutByOtherDevice,
        ) => Look::Ended,
        (
            RoomState::Disconnected,
            RoomEvent::Success
            | RoomEvent::NetworkInterrupted
            | RoomEvent::ActiveCreate
            | RoomEvent::CreateFailed
            | RoomEvent::ActiveEnter
            | RoomEvent::EnterFailed
            | RoomEvent::ActiveSwitch
            | RoomEvent::SwitchFailed,
        ) => Look::Off,
    }
}
