//! A WebSocket with JSON in it, on a byte stream that somebody else carries.
//!
//! The frame headers, the HTTP head and the accept key are tungstenite's. What that layer
//! leaves open is decided here: mask direction, reserved bits, control frames, fragments,
//! UTF-8 and limits. Nothing is allocated for bytes that have only been announced. Masks
//! and keys come from a seeded stream, so that a run sends the same bytes every time.

mod error;
#[cfg(test)]
mod tests;
mod upgrade;

pub use error::ProtocolError;

use super::text::{self, Frame};
use crate::rng::Stream;
use std::io::Cursor;
use std::marker::PhantomData;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// The most bytes of an HTTP head.
const LONGEST_HEAD: usize = 8 * 1024;
/// The most bytes of data in one WebSocket frame.
const LONGEST_FRAME: usize = 64 * 1024;
/// The most bytes of a message in all its frames: a list of some ten thousand members.
const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;
/// The most bytes in a ping, pong or close (RFC 6455, section 5.5).
const LONGEST_CONTROL: u64 = 125;
/// Close code 1000: the purpose of the connection is fulfilled.
const NORMAL_CLOSE: [u8; 2] = 1000_u16.to_be_bytes();

/// One end of a WebSocket that receives `F` as JSON text.
#[derive(Debug)]
pub struct Channel<F> {
    role: Role,
    phase: Phase,
    /// Bytes that make nothing whole yet.
    buffer: Vec<u8>,
    /// The fragments so far of a message in fragments.
    message: Option<Vec<u8>>,
    /// Room for one frame's data, kept to spare an allocation a frame.
    scratch: Vec<u8>,
    sent_close: bool,
    frame: PhantomData<fn() -> F>,
}

#[derive(Debug)]
enum Role {
    /// Masks what it sends.
    Client { stream: Stream, host: String, key: String },
    /// Gets its peer's frames masked.
    Server,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The peer's HTTP head is not complete.
    Upgrading,
    /// Frames go to and fro.
    Open,
    /// A close frame or an error came; what follows is ignored.
    Over,
}

/// What became of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<F> {
    /// Whether the WebSocket is open with these bytes.
    pub opened: bool,
    /// The frames that are complete now, oldest first.
    pub frames: Vec<F>,
    /// What must be sent back now, if it is not empty.
    pub reply: Vec<u8>,
    /// Whether the peer closed the WebSocket, or agreed to our closing it.
    pub closed: bool,
}

impl<F: Frame> Channel<F> {
    /// The end that opens. Masks and the key are drawn from `stream`.
    pub fn client(mut stream: Stream, host: &str) -> Channel<F> {
        let key = upgrade::draw_key(&mut stream);
        Channel::new(Role::Client { stream, host: host.to_owned(), key })
    }

    /// The end that is opened.
    pub fn server() -> Channel<F> {
        Channel::new(Role::Server)
    }

    fn new(role: Role) -> Channel<F> {
        Channel {
            role,
            phase: Phase::Upgrading,
            buffer: Vec::new(),
            message: None,
            scratch: Vec::new(),
            sent_close: false,
            frame: PhantomData,
        }
    }

    /// What a client sends first, once the connection below is open; a server, nothing.
    pub fn open(&mut self) -> Vec<u8> {
        match &self.role {
            Role::Client { stream: _, host, key } => upgrade::request(host, key),
            Role::Server => Vec::new(),
        }
    }

    /// Feeds bytes, cut anywhere. After a close frame or an error, bytes are ignored.
    ///
    /// # Errors
    /// When the peer breaks the protocol. Close the connection: frames that came with the
    /// offending bytes are dropped, and the channel receives no more.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Received<F>, ProtocolError> {
        let mut received = Received::nothing();
        let outcome = if self.buffer.is_empty() {
            self.take(bytes, &mut received).map(|used| {
                self.buffer.extend_from_slice(&bytes[used..]);
            })
        } else {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.extend_from_slice(bytes);
            self.take(&buffer, &mut received).map(|used| {
                buffer.drain(..used);
                self.buffer = buffer;
            })
        };
        if let Err(error) = outcome {
            self.phase = Phase::Over;
            self.buffer = Vec::new();
            self.message = None;
            return Err(error);
        }
        Ok(received)
    }

    /// The bytes that carry this frame to the peer.
    ///
    /// # Panics
    /// If the WebSocket is not open yet.
    pub fn encode<T: Frame>(&mut self, frame: &T) -> Vec<u8> {
        assert!(self.phase != Phase::Upgrading, "a frame is sent only once the channel is open");
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        text::write(frame, &mut text);
        let mut out = Vec::with_capacity(text.len() + 14);
        let mut opcode = Data::Text;
        let mut rest = &text[..];
        loop {
            let (part, after) = rest.split_at(rest.len().min(LONGEST_FRAME));
            self.write(OpCode::Data(opcode), after.is_empty(), part, &mut out);
            if after.is_empty() {
                break;
            }
            (opcode, rest) = (Data::Continue, after);
        }
        // One long message must not keep its memory for the rest of the run.
        if text.capacity() <= LONGEST_FRAME {
            self.scratch = text;
        }
        out
    }

    /// The bytes that close the WebSocket, once.
    pub fn close_frame(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.sent_close {
            self.sent_close = true;
            self.write(OpCode::Control(Control::Close), true, &NORMAL_CLOSE, &mut out);
        }
        out
    }

    /// Takes whole heads and frames off the front; returns how many bytes they were.
    fn take(&mut self, bytes: &[u8], received: &mut Received<F>) -> Result<usize, ProtocolError> {
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let size = match self.phase {
                Phase::Upgrading => self.take_head(rest, received)?,
                Phase::Open => self.take_frame(rest, received)?,
                Phase::Over => return Ok(bytes.len()),
            };
            match size {
                Some(size) => used += size,
                None => return Ok(used),
            }
        }
    }

    fn take_head(
        &mut self,
        bytes: &[u8],
        received: &mut Received<F>,
    ) -> Result<Option<usize>, ProtocolError> {
        let size = match &self.role {
            Role::Client { stream: _, host: _, key } => upgrade::read_answer(bytes, key)?,
            Role::Server => upgrade::answer(bytes)?.map(|(answer, size)| {
                received.reply.extend(answer);
                size
            }),
        };
        let length = size.unwrap_or(bytes.len());
        if length > LONGEST_HEAD {
            return Err(ProtocolError::HeadTooLong(length));
        }
        if size.is_some() {
            self.phase = Phase::Open;
            received.opened = true;
        }
        Ok(size)
    }

    fn take_frame(
        &mut self,
        bytes: &[u8],
        received: &mut Received<F>,
    ) -> Result<Option<usize>, ProtocolError> {
        let mut cursor = Cursor::new(bytes);
        // A cursor over memory can't fail, so an error is an opcode that is reserved.
        let header = FrameHeader::parse(&mut cursor)
            .map_err(|_| ProtocolError::UnknownOpcode(bytes[0] & 0x0f))?;
        let Some((header, length)) = header else {
            return Ok(None);
        };
        let start = usize::try_from(cursor.position()).expect("a header has 14 bytes at most");
        self.check(&header, length)?;
        if header.len(length) != start {
            return Err(ProtocolError::LengthNotMinimal(length));
        }
        let length = usize::try_from(length).expect("the length was checked");
        let end = start + length;
        let Some(payload) = bytes.get(start..end) else {
            return Ok(None);
        };
        let Some(mask) = header.mask else {
            self.take_payload(&header, payload, received)?;
            return Ok(Some(end));
        };
        let mut unmasked = std::mem::take(&mut self.scratch);
        unmasked.clear();
        unmasked.extend_from_slice(payload);
        apply_mask(&mut unmasked, mask);
        let outcome = self.take_payload(&header, &unmasked, received);
        self.scratch = unmasked;
        outcome.map(|()| Some(end))
    }

    /// What a header alone gives away; before any of the announced data is waited for.
    fn check(&self, header: &FrameHeader, length: u64) -> Result<(), ProtocolError> {
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(ProtocolError::ReservedBits);
        }
        match (&self.role, header.mask) {
            (Role::Client { .. }, Some(_)) => return Err(ProtocolError::MaskUnexpected),
            (Role::Server, None) => return Err(ProtocolError::MaskMissing),
            (Role::Client { .. }, None) | (Role::Server, Some(_)) => {}
        }
        match header.opcode {
            OpCode::Data(Data::Binary) => Err(ProtocolError::Binary),
            OpCode::Data(Data::Text) if self.message.is_some() => {
                Err(ProtocolError::MessageInMessage)
            }
            OpCode::Data(Data::Continue) if self.message.is_none() => {
                Err(ProtocolError::ContinuationOfNothing)
            }
            OpCode::Data(Data::Text | Data::Continue) => self.check_length(length),
            OpCode::Control(Control::Close | Control::Ping | Control::Pong) => {
                if !header.is_final {
                    return Err(ProtocolError::FragmentedControl);
                }
                if length > LONGEST_CONTROL {
                    return Err(ProtocolError::ControlTooLong(length));
                }
                Ok(())
            }
            OpCode::Data(Data::Reserved(code)) | OpCode::Control(Control::Reserved(code)) => {
                Err(ProtocolError::UnknownOpcode(code))
            }
        }
    }

    fn check_length(&self, length: u64) -> Result<(), ProtocolError> {
        let frame = usize::try_from(length).ok().filter(|length| *length <= LONGEST_FRAME);
        let frame = frame.ok_or(ProtocolError::FrameTooLong(length))?;
        let message = self.message.as_ref().map_or(0, Vec::len) + frame;
        if message > LONGEST_MESSAGE {
            return Err(ProtocolError::MessageTooLong(message));
        }
        Ok(())
    }

    fn take_payload(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        received: &mut Received<F>,
    ) -> Result<(), ProtocolError> {
        match header.opcode {
            OpCode::Data(_) => {
                let Some(mut message) = self.message.take() else {
                    if header.is_final {
                        received.frames.push(text::read(payload)?);
                    } else {
                        self.message = Some(payload.to_vec());
                    }
                    return Ok(());
                };
                message.extend_from_slice(payload);
                if header.is_final {
                    received.frames.push(text::read(&message)?);
                } else {
                    self.message = Some(message);
                }
            }
            OpCode::Control(Control::Ping) => {
                let pong = OpCode::Control(Control::Pong);
                self.write(pong, true, payload, &mut received.reply);
            }
            OpCode::Control(Control::Close) => {
                check_close(payload)?;
                if !self.sent_close {
                    self.sent_close = true;
                    let code = payload.get(..2).unwrap_or_default();
                    self.write(OpCode::Control(Control::Close), true, code, &mut received.reply);
                }
                self.phase = Phase::Over;
                received.closed = true;
            }
            OpCode::Control(Control::Pong | Control::Reserved(_)) => {}
        }
        Ok(())
    }

    /// Appends one frame.
    fn write(&mut self, opcode: OpCode, is_final: bool, payload: &[u8], out: &mut Vec<u8>) {
        let mask = match &mut self.role {
            Role::Client { stream, host: _, key: _ } => {
                let [a, b, c, d, ..] = stream.next_u64().to_be_bytes();
                Some([a, b, c, d])
            }
            Role::Server => None,
        };
        let header = FrameHeader { is_final, opcode, mask, ..FrameHeader::default() };
        let length = u64::try_from(payload.len()).expect("a length in memory fits 64 bits");
        header.format(length, out).expect("writing to memory can't fail");
        let start = out.len();
        out.extend_from_slice(payload);
        if let Some(mask) = mask {
            apply_mask(&mut out[start..], mask);
        }
    }
}

impl<F> Received<F> {
    fn nothing() -> Received<F> {
        Received { opened: false, frames: Vec::new(), reply: Vec::new(), closed: false }
    }
}

/// Masks or unmasks.
fn apply_mask(bytes: &mut [u8], mask: [u8; 4]) {
    let (words, rest) = bytes.as_chunks_mut::<4>();
    for word in words {
        *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

/// A close frame is empty, or a code that may be sent (RFC 6455, section 7.4) and a reason.
fn check_close(payload: &[u8]) -> Result<(), ProtocolError> {
    let Some((code, reason)) = payload.split_first_chunk::<2>() else {
        return match payload.len() {
            0 => Ok(()),
            got => Err(ProtocolError::BadClose(format!("a code has 2 bytes, got {got}"))),
        };
    };
    let code = u16::from_be_bytes(*code);
    let allowed = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    if !allowed {
        return Err(ProtocolError::BadClose(format!("code {code} may not be sent")));
    }
    if std::str::from_utf8(reason).is_err() {
        return Err(ProtocolError::BadClose("its reason is no UTF-8".to_owned()));
    }
    Ok(())
}
