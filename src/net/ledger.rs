//! Which bytes of a connection are which frame, so that a receipt can name what a fault hit.
//!
//! TCP may send a frame in pieces, several in one segment, and each again. The ledger keeps
//! where each frame ends in its connection's stream; a segment's sequence number, counted
//! from the connection's SYN, leads back to the frames that it carries. It is looked into
//! only when a fault strikes.

use crate::protocol::FrameKind;
use crate::record::{ConnId, Struck};

/// One direction of one client's link.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By connection, in order: a client has few.
    streams: Vec<(ConnId, Stream)>,
}

/// What one connection has sent in this direction.
#[derive(Debug, Default)]
struct Stream {
    /// The sequence number of its first byte.
    first: u32,
    length: u64,
    frames: Vec<Entry>,
}

/// One frame.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where the next one begins.
    end: u64,
    kind: FrameKind,
}

impl Ledger {
    /// A SYN with this sequence number went out.
    pub fn opened(&mut self, conn: ConnId, sequence: u32) {
        self.stream(conn).first = sequence.wrapping_add(1);
    }

    /// A host has handed a frame of so many bytes to its stack.
    pub fn sent(&mut self, conn: ConnId, kind: FrameKind, bytes: usize) {
        let stream = self.stream(conn);
        stream.length += bytes as u64;
        stream.frames.push(Entry { end: stream.length, kind });
    }

    fn stream(&mut self, conn: ConnId) -> &mut Stream {
        let place = self.streams.binary_search_by_key(&conn, |(other, _)| *other);
        let place = place.unwrap_or_else(|place| {
            self.streams.insert(place, (conn, Stream::default()));
            place
        });
        &mut self.streams[place].1
    }

    /// The frames of which this segment carries at least a byte. A stream of over 4 GiB would
    /// be mistaken: its numbers begin anew.
    pub fn carried(&self, conn: ConnId, sequence: u32, bytes: u32) -> Vec<Struck> {
        let place = self.streams.binary_search_by_key(&conn, |(other, _)| *other);
        let Some(place) = place.ok().filter(|_| bytes > 0) else {
            return Vec::new();
        };
        let (_, stream) = &self.streams[place];
        let from = u64::from(sequence.wrapping_sub(stream.first));
        let to = from + u64::from(bytes);
        let place = stream.frames.partition_point(|frame| frame.end <= from);
        let mut begin = place.checked_sub(1).map_or(0, |before| stream.frames[before].end);
        let mut carried = Vec::new();
        for (place, frame) in stream.frames.iter().enumerate().skip(place) {
            if begin >= to {
                break;
            }
            carried.push(Struck { conn, kind: frame.kind, number: stream.number(place) });
            begin = frame.end;
        }
        carried
    }
}

impl Stream {
    /// Which of its kind the frame at this place is, from 1. Counted here: far more frames are
    /// sent than struck.
    fn number(&self, place: usize) -> u32 {
        let kind = self.frames[place].kind;
        let same = self.frames[..=place].iter().filter(|frame| frame.kind == kind);
        u32::try_from(same.count()).expect("a stream has far fewer frames")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONN: ConnId = ConnId(3);
    const SYN: u32 = u32::MAX - 4;

    /// An upgrade of 10 bytes, a login of 20, two heartbeats of 5.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        ledger.opened(CONN, SYN);
        ledger.sent(CONN, FrameKind::Upgrade, 10);
        ledger.sent(CONN, FrameKind::Login, 20);
        ledger.sent(CONN, FrameKind::Heartbeat, 5);
        ledger.sent(CONN, FrameKind::Heartbeat, 5);
        ledger
    }

    fn carried(from: u32, bytes: u32) -> Vec<(FrameKind, u32)> {
        let sequence = SYN.wrapping_add(1).wrapping_add(from);
        let carried = ledger().carried(CONN, sequence, bytes);
        assert!(carried.iter().all(|struck| struck.conn == CONN));
        carried.into_iter().map(|struck| (struck.kind, struck.number)).collect()
    }

    #[test]
    fn a_segment_leads_back_to_its_frames_across_the_wrap_of_sequence_numbers() {
        use FrameKind::{Heartbeat, Login, Upgrade};
        assert_eq!(carried(0, 10), [(Upgrade, 1)]);
        assert_eq!(carried(9, 1), [(Upgrade, 1)]);
        assert_eq!(carried(9, 2), [(Upgrade, 1), (Login, 1)]);
        assert_eq!(carried(10, 20), [(Login, 1)]);
        assert_eq!(carried(30, 5), [(Heartbeat, 1)]);
        assert_eq!(carried(34, 100), [(Heartbeat, 1), (Heartbeat, 2)]);
        assert_eq!(carried(35, 5), [(Heartbeat, 2)]);
    }

    #[test]
    fn what_carries_no_data_or_is_of_no_known_stream_carries_no_frame() {
        assert_eq!(carried(30, 0), []);
        assert_eq!(carried(40, 5), []);
        assert_eq!(ledger().carried(ConnId(4), SYN, 5), []);
    }
}
