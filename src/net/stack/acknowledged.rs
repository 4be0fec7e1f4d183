//! Segments that arrive after a later one.

use crate::net::packet::{Segment, set_ack};

/// The newest acknowledgement that one end of a connection has had.
///
/// A segment that a later one has overtaken brings an older acknowledgement. By RFC 9293
/// (3.10.7.4) that is ignored and the segment's data is taken; smoltcp drops the segment, data
/// and all, and jitter alone would make the sender wait for its timeout. So smoltcp is shown
/// the acknowledgement that the end has had already.
#[derive(Debug, Default)]
pub(super) struct Acknowledged(Option<u32>);

impl Acknowledged {
    /// Takes note of an arriving segment; if an overtaken one brings data or a FIN, renews the
    /// acknowledgement in its packet, which must be the one that the segment was read from.
    pub fn renew(&mut self, segment: &Segment, packet: &mut [u8]) {
        let Some(ack) = segment.ack.filter(|_| !segment.syn && !segment.rst) else {
            return;
        };
        match self.0 {
            Some(newest) if is_before(ack, newest) => {
                // Without either it has nothing to say but what is known.
                if segment.len > 0 || segment.fin {
                    set_ack(packet, newest);
                }
            }
            Some(_) | None => self.0 = Some(ack),
        }
    }
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
