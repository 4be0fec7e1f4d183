//! Error codes that the modelled calls can return.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The public number of a call's outcome. [`ErrorCode::SUCCESS`] is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(pub u32);

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)*) => {
        impl ErrorCode {
            $($(#[doc = $doc])+ pub const $name: ErrorCode = ErrorCode($number);)*

            /// Every code that the model can return, lowest first.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$name,)*];

            /// What it means, in a sentence.
            pub fn about(self) -> &'static str {
                match self.0 {
                    $($number => concat!($($doc),+).trim_ascii(),)*
                    _ => "A code that the model does not know.",
                }
            }

            /// The public name, less the module that some platforms put before it.
            pub fn name(self) -> &'static str {
                match self.0 {
                    $($number => stringify!($name),)*
                    _ => "UNKNOWN",
                }
            }
        }
    };
}

codes!(
    /// The call succeeded.
    SUCCESS = 0,
    /// An argument is wrong.
    PARAMS_INVALID = 6_000_001,
    /// The link broke while the request was in flight.
    IM_SERVER_DISCONNECT = 6_000_009,
    /// Login failed: account or application refused.
    COMMON_ERROR = 6_000_101,
    /// The token is not one of this application and user.
    TOKEN_INVALID = 6_000_103,
    /// No network.
    NETWORK_ERROR = 6_000_104,
    /// No answer in time.
    REQUEST_TIMEOUT = 6_000_105,
    /// The token has run out.
    TOKEN_EXPIRED = 6_000_106,
    /// Too little of the token's life is left.
    TOKEN_TIME_IS_TOO_SHORT = 6_000_108,
    /// Already logged in on this device.
    USER_HAS_ALREADY_LOGGED = 6_000_111,
    /// Not logged in.
    USER_IS_NOT_LOGGED = 6_000_121,
    /// Logged out already.
    USER_HAS_ALREADY_LOGGED_OUT = 6_000_122,
    /// Offline for longer than the longest reconnect time, then another account's login.
    USER_OFFLINE = 6_000_123,
    /// The user written to does not exist.
    TARGET_DOES_NOT_EXIST = 6_000_204,
    /// The user is already in the room.
    USER_IS_ALREADY_IN_THE_ROOM = 6_000_320,
    /// The user is not in the room.
    USER_IS_NOT_IN_THE_ROOM = 6_000_321,
    /// `joinRoom` of a room that does not exist.
    THE_ROOM_DOES_NOT_EXIST = 6_000_322,
    /// `createRoom` of a room that exists.
    THE_ROOM_ALREADY_EXISTS = 6_000_323,
    /// The application has too many rooms.
    THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT = 6_000_324,
    /// The user is in too many rooms.
    THE_NUMBER_OF_JOINED_ROOMS_HAS_REACHED_LIMIT = 6_000_325,
    /// The room is still connecting.
    THE_ROOM_IS_CONNECTING = 6_000_326,
);

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
