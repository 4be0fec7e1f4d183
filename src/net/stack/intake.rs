//! What arrives for a connection, before smoltcp has it.

use crate::net::packet::{Segment, set_ack};

/// What one end must know of its peer's segments to make good where smoltcp departs from
/// RFC 9293.
#[derive(Debug)]
pub(super) struct Intake {
    /// The size of the receive buffer, in bytes: no window is larger.
    buffer: u32,
    /// The newest acknowledgement that this end has had.
    acknowledged: Option<u32>,
    /// The number of the first byte that was not yet read, once the peer's SYN was taken.
    unread: Option<u32>,
}

impl Intake {
    /// For an end with a receive buffer of this many bytes.
    pub fn new(buffer: usize) -> Intake {
        let buffer = u32::try_from(buffer).unwrap_or(u32::MAX);
        Intake { buffer, acknowledged: None, unread: None }
    }

    /// Whether smoltcp may have this segment. Renews the acknowledgement in its packet, which
    /// must be the one that it was read from, if a later segment has overtaken it.
    pub fn admits(&mut self, segment: &Segment, packet: &mut [u8]) -> bool {
        self.renew(segment, packet);
        self.has_room(segment)
    }

    /// The first segment that smoltcp took, which was a SYN.
    pub fn begin(&mut self, segment: &Segment) {
        self.unread.get_or_insert(segment.seq.wrapping_add(1));
    }

    /// So many bytes were read from the buffer.
    pub fn read(&mut self, bytes: usize) {
        if let Some(unread) = &mut self.unread {
            *unread = after(*unread, bytes);
        }
    }

    /// A segment that a later one has overtaken brings an older acknowledgement. By RFC 9293
    /// (3.10.7.4) that is ignored and the segment's data is taken; smoltcp drops the segment,
    /// data and all, and jitter alone would make the sender wait for its timeout. So smoltcp is
    /// shown the acknowledgement that the end has had already.
    fn renew(&mut self, segment: &Segment, packet: &mut [u8]) {
        let Some(ack) = segment.ack.filter(|_| !segment.syn && !segment.rst) else {
            return;
        };
        match self.acknowledged {
            Some(newest) if is_before(ack, newest) => {
                // Without either it has nothing to say but what is known. One that is older than
                // a whole window is forged, by RFC 5961 (5.2), and smoltcp's to drop.
                let recent = newest.wrapping_sub(ack) <= self.buffer;
                if recent && (segment.len > 0 || segment.fin) {
                    set_ack(packet, newest);
                }
            }
            Some(_) | None => self.acknowledged = Some(ack),
        }
    }

    /// Whether the data ends within the buffer. What does not was sent in spite of every window
    /// that this end can have announced, and is dropped. smoltcp would put it there and panic:
    /// until it has sent something else, it takes the window of its SYN for a scaled one.
    fn has_room(&self, segment: &Segment) -> bool {
        let end = after(segment.seq, segment.len);
        self.unread.is_none_or(|unread| !is_before(unread.wrapping_add(self.buffer), end))
    }
}

/// The sequence number so many bytes later.
fn after(number: u32, bytes: usize) -> u32 {
    let bytes = u32::try_from(bytes).expect("no buffer or packet has 4 GiB");
    number.wrapping_add(bytes)
}

/// Whether one sequence number comes before another; they wrap around.
fn is_before(one: u32, other: u32) -> bool {
    one.wrapping_sub(other).cast_signed() < 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_wrap_around() {
        assert!(is_before(1, 2) && !is_before(2, 1) && !is_before(2, 2));
        assert!(is_before(u32::MAX, 3) && !is_before(3, u32::MAX));
    }
}
