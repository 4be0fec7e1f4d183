//! The public vocabulary of ZIM: states, events, error codes, calls and callbacks,
//! with the names and numbers that ZIM's own documentation uses.
//!
//! Nothing here decides anything. Cores, checks and scenario files all speak these
//! words, so that a timeline can be laid beside the documentation.

mod call;
mod code;
mod name;
mod pattern;
mod state;
mod token;

pub use call::{Call, CallId, CallKind, Callback, Member, News};
pub use code::ErrorCode;
pub use name::{DeviceId, RoomId, UserId};
pub use pattern::{Pair, Pattern};
pub use state::{ConnectionEvent, ConnectionState, Platform, RoomEvent, RoomState};
pub use token::{Token, TokenFault};
