//! A frame as JSON text.
//!
//! serde writes and reads it. Heartbeats and their answers, which a quiet run consists of,
//! take a short way to the same bytes and the same frames.

use super::channel::ProtocolError;
use super::{ClientFrame, RequestId, ServerFrame};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What comes after the number of a heartbeat or its answer.
const PULSE_END: &str = "}}";

/// A frame of one side.
pub trait Frame: Serialize + DeserializeOwned {
    /// What comes before the number of this side's heartbeat, or answer to one.
    const PULSE: &str;

    /// This side's heartbeat, or answer to one.
    fn pulse(id: RequestId) -> Self;

    /// The number, if it is one.
    fn as_pulse(&self) -> Option<RequestId>;
}

impl Frame for ClientFrame {
    const PULSE: &str = r#"{"heartbeat":{"id":"#;

    fn pulse(id: RequestId) -> ClientFrame {
        ClientFrame::Heartbeat { id }
    }

    fn as_pulse(&self) -> Option<RequestId> {
        if let ClientFrame::Heartbeat { id } = self { Some(*id) } else { None }
    }
}

impl Frame for ServerFrame {
    const PULSE: &str = r#"{"alive":{"id":"#;

    fn pulse(id: RequestId) -> ServerFrame {
        ServerFrame::Alive { id }
    }

    fn as_pulse(&self) -> Option<RequestId> {
        if let ServerFrame::Alive { id } = self { Some(*id) } else { None }
    }
}

/// Appends a frame's text.
pub(super) fn write<F: Frame>(frame: &F, text: &mut Vec<u8>) {
    let written = match frame.as_pulse() {
        Some(id) => {
            text.extend_from_slice(F::PULSE.as_bytes());
            let written = serde_json::to_writer(&mut *text, &id);
            text.extend_from_slice(PULSE_END.as_bytes());
            written
        }
        None => serde_json::to_writer(text, frame),
    };
    written.expect("a frame is made to be written as JSON");
}

/// The frame that this text is.
pub(super) fn read<F: Frame>(text: &[u8]) -> Result<F, ProtocolError> {
    if let Some(id) = pulse_number(text, F::PULSE) {
        return Ok(F::pulse(id));
    }
    let text =
        std::str::from_utf8(text).map_err(|error| ProtocolError::NotUtf8(error.valid_up_to()))?;
    serde_json::from_str(text).map_err(|error| ProtocolError::NotAFrame(error.to_string()))
}

/// The number between `begin` and the end, if it is one of few digits; others are for serde
/// to judge.
fn pulse_number(text: &[u8], begin: &str) -> Option<RequestId> {
    let digits = text.strip_prefix(begin.as_bytes())?.strip_suffix(PULSE_END.as_bytes())?;
    let plain = match digits {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.len() < 9 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let number = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
    plain.then(|| RequestId(number(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    const NUMBERS: [u32; 7] = [0, 1, 10, 999_999_999, 1_000_000_000, 4_294_967_295, 42];

    fn both_ways_agree<F: Frame + Debug + PartialEq>() {
        for number in NUMBERS {
            let frame = F::pulse(RequestId(number));
            let mut text = Vec::new();
            write(&frame, &mut text);
            assert_eq!(text, serde_json::to_vec(&frame).unwrap());
            assert_eq!(read::<F>(&text), Ok(frame));
        }
    }

    #[test]
    fn the_short_way_leads_to_serde_s_bytes_and_back() {
        both_ways_agree::<ClientFrame>();
        both_ways_agree::<ServerFrame>();
    }

    #[test]
    fn what_is_nearly_a_heartbeat_is_for_serde_to_judge() {
        let odd =
            ["", "007", "00", "-1", "+1", " 1", "1 ", "1.0", "1e3", "4294967296", "99999999999"];
        for number in odd {
            let text = format!("{}{number}{PULSE_END}", ClientFrame::PULSE);
            let judged = serde_json::from_str::<ClientFrame>(&text);
            let judged = judged.map_err(|error| ProtocolError::NotAFrame(error.to_string()));
            assert_eq!(read::<ClientFrame>(text.as_bytes()), judged, "{text}");
        }
    }
}
