//! The enumerations of `onConnectionStateChanged` and `onRoomStateChanged`.
//!
//! Numbers: the public type declarations of `zego-zim-web` and the API reference's
//! enum page. Names: as the documentation writes them in running text.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An enumeration with public numbers and names, and every way to look them up.
macro_rules! numbered {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[doc = $vdoc:literal])+ $variant:ident = $number:literal $text:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $vdoc])+ $variant,)* }

        impl $name {
            /// Every value, in the order of the public numbers.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The public number.
            pub const fn number(self) -> u32 {
                match self { $($name::$variant => $number,)* }
            }

            /// The public name, in capitals.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// What it means, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $($name::$variant => concat!($($vdoc),+).trim_ascii(),)*
                }
            }

            /// The value with this public number.
            pub fn from_number(number: u32) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.number() == number)
            }

            /// The value with this public name.
            pub fn from_name(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.name() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

numbered!(
    /// State of the connection between SDK and server, as an app is told it.
    ConnectionState {
        /// Not logged in, logged out, or ended for good.
        Disconnected = 0 "DISCONNECTED",
        /// A login is under way.
        Connecting = 1 "CONNECTING",
        /// Logged in; everything usable.
        Connected = 2 "CONNECTED",
        /// Lost; the SDK is re-establishing it by itself.
        Reconnecting = 3 "RECONNECTING",
    }
);

numbered!(
    /// Why the connection state changed.
    ConnectionEvent {
        /// A login or a reconnection succeeded.
        Success = 0 "SUCCESS",
        /// The app called `login`.
        ActiveLogin = 1 "ACTIVE_LOGIN",
        /// The login took too long.
        LoginTimeout = 2 "LOGIN_TIMEOUT",
        /// The network is lost for now.
        LoginInterrupted = 3 "LOGIN_INTERRUPTED",
        /// Another device logged in with this account, or an administrator acted.
        KickedOut = 4 "KICKED_OUT",
        /// The token ran out and was not renewed.
        TokenExpired = 5 "TOKEN_EXPIRED",
        /// The account was unregistered.
        Unregistered = 6 "UNREGISTERED",
    }
);

numbered!(
    /// State of one room, as an app is told it.
    RoomState {
        /// Not in the room.
        Disconnected = 0 "DISCONNECTED",
        /// Entering it, or trying to restore it after a loss.
        Connecting = 1 "CONNECTING",
        /// In the room; its functions work.
        Connected = 2 "CONNECTED",
    }
);

numbered!(
    /// Why a room's state changed.
    RoomEvent {
        /// Entered, left, or restored.
        Success = 0 "SUCCESS",
        /// The network is lost for now.
        NetworkInterrupted = 1 "NETWORK_INTERRUPTED",
        /// The room is lost for some other reason.
        NetworkDisconnected = 2 "NETWORK_DISCONNECTED",
        /// The room does not exist (any more).
        RoomNotExist = 3 "ROOM_NOT_EXIST",
        /// The app called `createRoom`.
        ActiveCreate = 4 "ACTIVE_CREATE",
        /// `createRoom` failed.
        CreateFailed = 5 "CREATE_FAILED",
        /// The app called `joinRoom` or `enterRoom`.
        ActiveEnter = 6 "ACTIVE_ENTER",
        /// `joinRoom` or `enterRoom` failed.
        EnterFailed = 7 "ENTER_FAILED",
        /// Kicked from the room.
        KickedOut = 8 "KICKED_OUT",
        /// Out of the room, because its heartbeat timed out.
        ConnectTimeout = 9 "CONNECT_TIMEOUT",
        /// The same user came into the room on another device.
        KickedOutByOtherDevice = 10 "KICKED_OUT_BY_OTHER_DEVICE",
        /// The app called `switchRoom`.
        ActiveSwitch = 11 "ACTIVE_SWITCH",
        /// `switchRoom` failed.
        SwitchFailed = 12 "SWITCH_FAILED",
    }
);

numbered!(
    /// What kind of device an SDK runs on (`ZIMPlatformType`).
    #[derive(Serialize, Deserialize)]
    Platform {
        /// Windows.
        Win = 1 "Win",
        /// An iPhone.
        IPhoneOS = 2 "iPhoneOS",
        /// An Android phone or tablet.
        Android = 3 "Android",
        /// A Mac.
        MacOS = 4 "macOS",
        /// Linux.
        Linux = 5 "Linux",
        /// A browser.
        Web = 6 "Web",
        /// A mini program.
        MiniProgram = 7 "MiniProgram",
        /// An iPad.
        IPadOS = 9 "iPadOS",
        /// HarmonyOS.
        Ohos = 10 "OHOS",
        /// None of these.
        Unknown = 32 "Unknown",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_find_their_value_again() {
        for event in RoomEvent::ALL {
            assert_eq!(RoomEvent::from_number(event.number()), Some(*event));
            assert_eq!(RoomEvent::from_name(event.name()), Some(*event));
        }
        assert_eq!(ConnectionState::from_number(4), None);
        assert_eq!(ConnectionEvent::from_name("kicked"), None);
    }
}
