//! What a peer can do wrong on a channel.

use std::fmt;

/// Why the peer's bytes make no sense. The channel is of no use afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProtocolError {
    /// The HTTP head goes on and on; holds how much of it there is so far.
    HeadTooLong(usize),
    /// No request to upgrade to WebSocket; the text says what is wrong with it.
    BadRequest(String),
    /// No HTTP response; the text says what is wrong with it.
    BadResponse(String),
    /// An HTTP response, but not 101; holds its status.
    NotSwitching(u16),
    /// The response lacks a header, or it says something else; holds its name.
    MissingHeader(&'static str),
    /// The response doesn't answer the key that was sent.
    WrongAccept {
        /// What the key calls for.
        expected: String,
        /// What came.
        got: String,
    },
    /// An opcode that WebSocket reserves.
    UnknownOpcode(u8),
    /// A reserved bit is set, but no extension was agreed upon.
    ReservedBits,
    /// A client must mask its frames.
    MaskMissing,
    /// A server must not mask its frames.
    MaskUnexpected,
    /// A binary message.
    Binary,
    /// A length that could have been written shorter; holds it.
    LengthNotMinimal(u64),
    /// A frame over the limit; holds its length.
    FrameTooLong(u64),
    /// A message over the limit; holds its length so far.
    MessageTooLong(usize),
    /// A ping, pong or close in pieces.
    FragmentedControl,
    /// A ping, pong or close of more than 125 bytes; holds how many.
    ControlTooLong(u64),
    /// A continuation of nothing.
    ContinuationOfNothing,
    /// A new message before the last one was complete.
    MessageInMessage,
    /// A close frame whose code or reason is not allowed; the text says why.
    BadClose(String),
    /// A text message that is no UTF-8; holds how many bytes of it are.
    NotUtf8(usize),
    /// Text that is no frame of ours; holds the parser's words.
    NotAFrame(String),
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::{LONGEST_FRAME, LONGEST_HEAD, LONGEST_MESSAGE};
        match self {
            ProtocolError::HeadTooLong(got) => {
                write!(f, "expected an HTTP head of {LONGEST_HEAD} bytes at most, got {got}")
            }
            ProtocolError::BadRequest(why) => {
                write!(f, "expected a WebSocket upgrade request: {why}")
            }
            ProtocolError::BadResponse(why) => write!(f, "expected an HTTP response: {why}"),
            ProtocolError::NotSwitching(status) => {
                write!(f, "expected status 101 (switching protocols), got {status}")
            }
            ProtocolError::MissingHeader(name) => {
                write!(f, "expected a header `{name}` as RFC 6455 wants it, got none")
            }
            ProtocolError::WrongAccept { expected, got } => {
                write!(f, "expected Sec-WebSocket-Accept `{expected}`, got `{got}`")
            }
            ProtocolError::UnknownOpcode(code) => write!(f, "expected a known opcode, got {code}"),
            ProtocolError::ReservedBits => f.write_str("expected reserved bits 0, got one set"),
            ProtocolError::MaskMissing => f.write_str("expected a masked frame, got a bare one"),
            ProtocolError::MaskUnexpected => f.write_str("expected a bare frame, got a masked one"),
            ProtocolError::Binary => f.write_str("expected a text message, got a binary one"),
            ProtocolError::LengthNotMinimal(got) => {
                write!(f, "expected the shortest form of a length, got a longer one of {got}")
            }
            ProtocolError::FrameTooLong(got) => {
                write!(f, "expected a frame of {LONGEST_FRAME} bytes at most, got {got}")
            }
            ProtocolError::MessageTooLong(got) => {
                write!(f, "expected a message of {LONGEST_MESSAGE} bytes at most, got {got}")
            }
            ProtocolError::FragmentedControl => {
                f.write_str("expected a whole control frame, got a fragment")
            }
            ProtocolError::ControlTooLong(got) => {
                write!(f, "expected a control frame of 125 bytes at most, got {got}")
            }
            ProtocolError::ContinuationOfNothing => {
                f.write_str("expected a new message, got a continuation")
            }
            ProtocolError::MessageInMessage => {
                f.write_str("expected a continuation, got a new message")
            }
            ProtocolError::BadClose(why) => write!(f, "expected a valid close frame: {why}"),
            ProtocolError::NotUtf8(valid) => {
                write!(f, "expected UTF-8, got something else after {valid} bytes")
            }
            ProtocolError::NotAFrame(why) => write!(f, "expected a frame in JSON: {why}"),
        }
    }
}

impl std::error::Error for ProtocolError {}
