//! The few block types of a pcapng file that a capture needs, as its specification has them
//! (draft-ietf-opsawg-pcapng): section header, interface description, enhanced packet.
//!
//! Written by hand: of the crates that write the format one rests on a release candidate,
//! the other brings a whole runtime for futures. The tests read the files with a third.

use crate::time::Time;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
const VERSION: [u16; 2] = [1, 0];
/// The section's length is not given; readers go by its blocks.
const UNKNOWN_LENGTH: u64 = u64::MAX;

const INTERFACE_DESCRIPTION: u32 = 1;
/// LINKTYPE_IPV4: a packet begins with its IPv4 header.
const LINKTYPE_IPV4: u16 = 228;
/// Packets are kept whole, however long.
const NO_SNAP_LENGTH: u32 = 0;

const ENHANCED_PACKET: u32 = 6;

/// Options that any block may have.
const OPT_END: u16 = 0;
const OPT_COMMENT: u16 = 1;
/// Options of a section header.
const SHB_USERAPPL: u16 = 4;
/// Options of an interface description.
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
/// Timestamps count 10^-3 s.
const MILLISECONDS: u8 = 3;
/// Options of an enhanced packet.
const EPB_FLAGS: u16 = 2;

/// Which way a packet passes an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The interface's host receives it.
    Inbound,
    /// The interface's host sends it.
    Outbound,
}

/// A pcapng file in the making. All numbers are little-endian.
pub(super) struct File {
    bytes: Vec<u8>,
    interfaces: u32,
}

impl File {
    /// A file of one section that `application` writes.
    pub fn new(application: &str, comment: &str) -> File {
        let mut file = File { bytes: Vec::new(), interfaces: 0 };
        let mut body = Vec::new();
        body.extend(BYTE_ORDER.to_le_bytes());
        VERSION.iter().for_each(|number| body.extend(number.to_le_bytes()));
        body.extend(UNKNOWN_LENGTH.to_le_bytes());
        option(&mut body, OPT_COMMENT, text(comment));
        option(&mut body, SHB_USERAPPL, text(application));
        option(&mut body, OPT_END, &[]);
        file.block(SECTION_HEADER, &body);
        file
    }

    /// Adds an interface; packets refer to it by the number that this returns.
    pub fn interface(&mut self, name: &str) -> u32 {
        let mut body = Vec::new();
        body.extend(LINKTYPE_IPV4.to_le_bytes());
        body.extend([0, 0]);
        body.extend(NO_SNAP_LENGTH.to_le_bytes());
        option(&mut body, IF_NAME, text(name));
        option(&mut body, IF_TSRESOL, &[MILLISECONDS]);
        option(&mut body, OPT_END, &[]);
        self.block(INTERFACE_DESCRIPTION, &body);
        self.interfaces += 1;
        self.interfaces - 1
    }

    /// Adds a packet. Virtual zero is 1970-01-01 00:00:00 UTC.
    pub fn packet(
        &mut self,
        interface: u32,
        at: Time,
        direction: Direction,
        packet: &[u8],
        comment: Option<&str>,
    ) {
        let length = u32::try_from(packet.len()).expect("an IPv4 packet has under 64 KiB");
        let mut body = Vec::new();
        body.extend(interface.to_le_bytes());
        // The upper half of a timestamp comes first, whatever the byte order.
        body.extend(at.ms().to_le_bytes()[4..].iter().chain(&at.ms().to_le_bytes()[..4]));
        body.extend(length.to_le_bytes());
        body.extend(length.to_le_bytes());
        padded(&mut body, packet);
        if let Some(comment) = comment {
            option(&mut body, OPT_COMMENT, text(comment));
        }
        let flags: u32 = match direction {
            Direction::Inbound => 1,
            Direction::Outbound => 2,
        };
        option(&mut body, EPB_FLAGS, &flags.to_le_bytes());
        option(&mut body, OPT_END, &[]);
        self.block(ENHANCED_PACKET, &body);
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A block says its length at both ends, so that a file can be read backwards.
    fn block(&mut self, kind: u32, body: &[u8]) {
        let length = u32::try_from(body.len() + 12).expect("a packet and a few short options");
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(body);
        self.bytes.extend(length.to_le_bytes());
    }
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).expect("text was cut to what an option holds");
    body.extend(code.to_le_bytes());
    body.extend(length.to_le_bytes());
    padded(body, value);
}

/// The bytes of a text, cut where an option could hold no more.
fn text(text: &str) -> &[u8] {
    let end = text.floor_char_boundary(usize::from(u16::MAX));
    &text.as_bytes()[..end]
}

/// Everything begins at a multiple of four bytes.
fn padded(body: &mut Vec<u8>, value: &[u8]) {
    body.extend(value);
    body.resize(body.len().next_multiple_of(4), 0);
}
