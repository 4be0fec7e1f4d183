//! The channel in its own terms: bytes in, frames out, each misdeed by its name.

use super::*;
use crate::protocol::{ClientFrame, RequestId, ServerFrame};
use crate::rng::Seed;
use crate::zim::{ErrorCode, RoomId, UserId};
use proptest::prelude::*;

type Client = Channel<ServerFrame>;
type Server = Channel<ClientFrame>;

fn client() -> Client {
    Channel::client(Seed(1).stream("alice channel 0"), "zim.example")
}

/// Both ends after the upgrade.
fn open_pair() -> (Client, Server) {
    let (mut client, mut server) = (client(), Channel::server());
    let answer = server.receive(&client.open()).unwrap();
    assert!(answer.opened);
    assert!(client.receive(&answer.reply).unwrap().opened);
    (client, server)
}

fn heartbeat(id: u32) -> ClientFrame {
    ClientFrame::Heartbeat { id: RequestId(id) }
}

fn alive(id: u32) -> ServerFrame {
    ServerFrame::Alive { id: RequestId(id) }
}

/// A frame by hand, masked with zeros if at all: first byte, then the rest as announced.
fn by_hand(first: u8, masked: bool, payload: &[u8]) -> Vec<u8> {
    let mask_bit = if masked { 0x80 } else { 0 };
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..126 => bytes.push(mask_bit | u8::try_from(short).unwrap()),
        medium @ 126..65_536 => {
            bytes.push(mask_bit | 126);
            bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(mask_bit | 127);
            bytes.extend(u64::try_from(long).unwrap().to_be_bytes());
        }
    }
    bytes.extend(if masked { &[0; 4][..] } else { &[] });
    bytes.extend(payload);
    bytes
}

fn announced(length: u64) -> Vec<u8> {
    let mut bytes = vec![0x81, 0xff];
    bytes.extend(length.to_be_bytes());
    bytes.extend([0; 4]);
    bytes
}

const TEXT: u8 = 0x81;
const TEXT_PART: u8 = 0x01;
const PART: u8 = 0x00;
const LAST_PART: u8 = 0x80;
const BEAT: &[u8] = br#"{"heartbeat":{"id":7}}"#;

fn server_error(bytes: &[u8]) -> ProtocolError {
    let (_, mut server) = open_pair();
    let error = server.receive(bytes).expect_err("a misdeed");
    let after = server.receive(&by_hand(TEXT, true, BEAT)).unwrap();
    assert_eq!(after, Received::nothing(), "after an error everything is ignored");
    error
}

#[test]
fn the_upgrade_is_http_with_the_right_accept_key() {
    let (mut client, mut server) = (client(), Server::server());
    let request = String::from_utf8(client.open()).unwrap();
    let lines: Vec<_> = request.split("\r\n").collect();
    assert_eq!(
        lines[..4],
        ["GET / HTTP/1.1", "Host: zim.example", "Connection: Upgrade", "Upgrade: websocket"]
    );
    assert!(request.contains("Sec-WebSocket-Version: 13\r\n"));
    assert!(request.ends_with("\r\n\r\n"));
    let key = request.split("Sec-WebSocket-Key: ").nth(1).unwrap().split("\r\n").next().unwrap();
    assert_eq!(key.len(), 24);
    let answer = String::from_utf8(server.receive(request.as_bytes()).unwrap().reply).unwrap();
    assert!(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{answer}");
    let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
    assert!(answer.contains(&format!("sec-websocket-accept: {accept}\r\n")), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"));
}

#[test]
fn a_conversation_survives_any_cut() {
    let (mut client, mut server) = (client(), Server::server());
    let mut up = client.open();
    let answer = server.receive(&up).unwrap().reply;
    client.receive(&answer).unwrap();
    let frames = [
        heartbeat(1),
        ClientFrame::RoomMessage {
            id: RequestId(2),
            room: RoomId::from("r1"),
            text: "电梯里没有信号".repeat(20),
        },
        ClientFrame::Logout {},
    ];
    for frame in &frames {
        up.extend(client.encode(frame));
    }
    for cut in 0..=up.len() {
        let mut server = Server::server();
        let (mut opened, mut got, mut replies) = (0, Vec::new(), Vec::new());
        for part in [&up[..cut], &up[cut..]] {
            let received = server.receive(part).unwrap();
            opened += usize::from(received.opened);
            got.extend(received.frames);
            replies.extend(received.reply);
        }
        assert_eq!((opened, &got[..], &replies), (1, &frames[..], &answer), "cut at {cut}");
    }
    let mut server = Server::server();
    let bytes = up.iter().flat_map(|byte| server.receive(&[*byte]).unwrap().frames);
    assert!(bytes.eq(frames), "byte by byte");
}

#[test]
fn the_way_down_survives_any_cut_too() {
    let (mut client, mut server) = (client(), Server::server());
    let mut down = server.receive(&client.open()).unwrap().reply;
    let frames = [
        alive(1),
        ServerFrame::Done { id: RequestId(2), code: ErrorCode(0) },
        ServerFrame::RoomMessage {
            room: RoomId::from("r1"),
            from: UserId::from("bob"),
            text: "x".repeat(70_000),
            number: Some(7),
        },
    ];
    for frame in &frames {
        down.extend(server.encode(frame));
    }
    for cut in (0..400).chain([65_000, 65_536, 65_900, 66_000, down.len()]) {
        let mut client = self::client();
        let mut got = client.receive(&down[..cut]).unwrap().frames;
        got.extend(client.receive(&down[cut..]).unwrap().frames);
        assert_eq!(got, frames, "cut at {cut}");
    }
}

#[test]
fn a_long_message_goes_in_frames_within_the_limit() {
    let (mut client, mut server) = open_pair();
    let members = (0..10_000).map(|n| UserId::from(format!("user-{n:024}").as_str())).collect();
    let frame = ServerFrame::MemberList { id: RequestId(1), members };
    let bytes = server.encode(&frame);
    assert_eq!(bytes[0], TEXT_PART);
    assert_eq!(client.receive(&bytes).unwrap().frames, [frame]);
}

#[test]
fn the_same_stream_gives_the_same_bytes_and_another_does_not() {
    let talk = |label: &str| {
        let mut client: Client = Channel::client(Seed(1).stream(label), "zim.example");
        let mut server = Server::server();
        let mut bytes = client.open();
        client.receive(&server.receive(&bytes).unwrap().reply).unwrap();
        bytes.extend(client.encode(&heartbeat(1)));
        bytes.extend(client.encode(&heartbeat(1)));
        bytes
    };
    assert_eq!(talk("alice"), talk("alice"));
    assert_ne!(talk("alice"), talk("bob"));
    let (mut client, _) = open_pair();
    assert_ne!(client.encode(&heartbeat(1)), client.encode(&heartbeat(1)), "masks differ");
}

#[test]
fn a_fragmented_message_is_put_together_around_a_ping() {
    let (_, mut server) = open_pair();
    let (a, b) = BEAT.split_at(5);
    let (b, c) = b.split_at(5);
    let mut bytes = by_hand(TEXT_PART, true, a);
    bytes.extend(by_hand(PART, true, b));
    bytes.extend(by_hand(0x89, true, b"are you there"));
    bytes.extend(by_hand(LAST_PART, true, c));
    let received = server.receive(&bytes).unwrap();
    assert_eq!(received.frames, [heartbeat(7)]);
    assert_eq!(received.reply, by_hand(0x8a, false, b"are you there"), "the pong");
}

#[test]
fn a_pong_is_masked_by_a_client_and_then_ignored_by_a_server() {
    let (mut client, mut server) = open_pair();
    let pong = client.receive(&by_hand(0x89, false, b"ping")).unwrap().reply;
    assert_eq!(pong.len(), 2 + 4 + 4);
    assert_eq!(server.receive(&pong).unwrap(), Received::nothing());
}

#[test]
fn a_close_is_echoed_once() {
    let (mut client, mut server) = open_pair();
    let close = client.close_frame();
    assert!(client.close_frame().is_empty(), "only once");
    let at_server = server.receive(&close).unwrap();
    assert!(at_server.closed);
    assert_eq!(at_server.reply, [0x88, 2, 0x03, 0xe8]);
    let at_client = client.receive(&at_server.reply).unwrap();
    assert!(at_client.closed);
    assert!(at_client.reply.is_empty(), "an echo is not echoed");
    assert!(server.close_frame().is_empty(), "the echo was it");
    assert_eq!(server.receive(&by_hand(TEXT, true, BEAT)).unwrap(), Received::nothing());
}

#[test]
fn an_empty_close_is_a_close() {
    let (_, mut server) = open_pair();
    let received = server.receive(&by_hand(0x88, true, b"")).unwrap();
    assert!(received.closed);
    assert_eq!(received.reply, [0x88, 0]);
}

#[test]
fn each_misdeed_has_its_error() {
    use ProtocolError as Error;
    let beat = |first, masked| by_hand(first, masked, BEAT);
    let two = |a: Vec<u8>, b: Vec<u8>| [a, b].concat();
    let part = by_hand(TEXT_PART, true, b"{");
    let misdeeds = [
        (beat(TEXT, false), Error::MaskMissing),
        (beat(TEXT | 0x40, true), Error::ReservedBits),
        (beat(TEXT | 0x20, true), Error::ReservedBits),
        (beat(TEXT | 0x10, true), Error::ReservedBits),
        (beat(0x82, true), Error::Binary),
        (beat(0x83, true), Error::UnknownOpcode(3)),
        (beat(0x8b, true), Error::UnknownOpcode(11)),
        (beat(LAST_PART, true), Error::ContinuationOfNothing),
        (two(part.clone(), beat(TEXT, true)), Error::MessageInMessage),
        (by_hand(0x09, true, b""), Error::FragmentedControl),
        (by_hand(0x89, true, &[0; 126]), Error::ControlTooLong(126)),
        (vec![TEXT, 0xfe, 0, 5, 0, 0, 0, 0], Error::LengthNotMinimal(5)),
        (announced(65_535), Error::LengthNotMinimal(65_535)),
        (announced(65_537), Error::FrameTooLong(65_537)),
        (announced(1 << 62), Error::FrameTooLong(1 << 62)),
        (announced(u64::MAX), Error::FrameTooLong(u64::MAX)),
        (by_hand(0x88, true, &[3]), Error::BadClose("a code has 2 bytes, got 1".into())),
        (by_hand(0x88, true, &[3, 237]), Error::BadClose("code 1005 may not be sent".into())),
        (by_hand(0x88, true, &[3, 232, 255]), Error::BadClose("its reason is no UTF-8".into())),
        (by_hand(TEXT, true, b"\"\xff\""), Error::NotUtf8(1)),
    ];
    for (bytes, expected) in misdeeds {
        assert_eq!(server_error(&bytes), expected);
        assert!(expected.to_string().starts_with("expected "), "{expected}");
    }
    let (mut client, _) = open_pair();
    let masked = client.receive(&by_hand(TEXT, true, br#"{"alive":{"id":1}}"#));
    assert_eq!(masked, Err(Error::MaskUnexpected));
}

#[test]
fn text_that_is_no_frame_of_ours_is_refused() {
    for text in ["", "{", "7", r#"{"dance":{}}"#, r#"{"heartbeat":{}}"#, r#"{"logout":{}} {}"#] {
        let error = server_error(&by_hand(TEXT, true, text.as_bytes()));
        assert!(matches!(error, ProtocolError::NotAFrame(_)), "{text}: {error}");
    }
}

#[test]
fn a_message_over_the_limit_is_refused_whatever_its_frames() {
    let (_, mut server) = open_pair();
    server.receive(&by_hand(TEXT_PART, true, b"\"")).unwrap();
    let part = by_hand(PART, true, &vec![b'x'; LONGEST_FRAME]);
    for _ in 0..LONGEST_MESSAGE / LONGEST_FRAME - 1 {
        server.receive(&part).unwrap();
    }
    let length = 1 + LONGEST_MESSAGE;
    assert_eq!(server.receive(&part), Err(ProtocolError::MessageTooLong(length)));
}

#[test]
fn a_head_without_end_is_refused() {
    let mut server = Server::server();
    let head = format!("GET / HTTP/1.1\r\nX-Long: {}", "x".repeat(LONGEST_HEAD - 24));
    assert_eq!(head.len(), LONGEST_HEAD);
    assert_eq!(server.receive(head.as_bytes()), Ok(Received::nothing()));
    assert_eq!(server.receive(b"y"), Err(ProtocolError::HeadTooLong(LONGEST_HEAD + 1)));
}

#[test]
fn a_wrong_request_is_refused() {
    let good = String::from_utf8(client().open()).unwrap();
    let wrong = [
        good.replace("GET", "POST"),
        good.replace("HTTP/1.1", "HTTP/1.0"),
        good.replace("Upgrade: websocket", "Upgrade: h2c"),
        good.replace("Version: 13", "Version: 8"),
        good.replace("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: short"),
        "\u{7f}\u{1}garbage\r\n\r\n".to_owned(),
    ];
    for request in wrong {
        let error = Server::server().receive(request.as_bytes()).unwrap_err();
        assert!(matches!(error, ProtocolError::BadRequest(_)), "{request}: {error:?}");
        assert!(error.to_string().starts_with("expected a WebSocket upgrade request: "));
    }
}

#[test]
fn a_wrong_answer_is_refused() {
    let good = Server::server().receive(&client().open()).unwrap().reply;
    let good = String::from_utf8(good).unwrap();
    let error = |from: &str, to: &str| {
        assert!(good.contains(from), "{good}");
        client().receive(good.replace(from, to).as_bytes()).unwrap_err()
    };
    assert_eq!(error("101 Switching Protocols", "404 Not Found"), ProtocolError::NotSwitching(404));
    assert_eq!(error("upgrade: websocket", "x: y"), ProtocolError::MissingHeader("Upgrade"));
    assert_eq!(error("connection: Upgrade", "x: y"), ProtocolError::MissingHeader("Connection"));
    assert_eq!(
        error("sec-websocket-accept", "x"),
        ProtocolError::MissingHeader("Sec-WebSocket-Accept")
    );
    assert!(matches!(error("accept: ", "accept: x"), ProtocolError::WrongAccept { .. }));
    assert!(matches!(error("HTTP/1.1", "HTTQ/1.1"), ProtocolError::BadResponse(_)));
}

#[test]
#[should_panic(expected = "only once the channel is open")]
fn a_frame_before_the_upgrade_is_our_own_mistake() {
    client().encode(&heartbeat(1));
}

proptest! {
    #[test]
    fn no_bytes_make_a_channel_panic_or_hoard(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..8),
        upgraded in any::<bool>(),
    ) {
        let (mut client, mut server) = if upgraded {
            open_pair()
        } else {
            (client(), Server::server())
        };
        for part in parts {
            let _ = client.receive(&part);
            let _ = server.receive(&part);
            for capacity in [client.buffer.capacity(), server.buffer.capacity()] {
                prop_assert!(capacity <= 2 * LONGEST_FRAME);
            }
        }
    }

    #[test]
    fn no_frames_make_a_channel_panic(
        frames in prop::collection::vec(
            (any::<u8>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..130)),
            0..12,
        ),
    ) {
        let (mut client, mut server) = open_pair();
        for (first, masked, payload) in frames {
            // Reserved bits would end it at once, and a wrong mask too; mostly do neither.
            let first = first & 0x8f;
            let _ = client.receive(&by_hand(first, masked && payload.len() > 120, &payload));
            let _ = server.receive(&by_hand(first, !masked || payload.len() < 120, &payload));
        }
    }

    #[test]
    fn any_text_survives_any_cuts(
        text in any::<String>(),
        cuts in prop::collection::vec(1..40_usize, 0..30),
    ) {
        let (mut client, mut server) = open_pair();
        let frame = ClientFrame::PeerMessage { id: RequestId(1), to: UserId::from("bob"), text, key: 1 };
        let bytes = client.encode(&frame);
        let mut rest = &bytes[..];
        let mut got = Vec::new();
        for cut in cuts {
            let (part, after) = rest.split_at(cut.min(rest.len()));
            got.extend(server.receive(part).unwrap().frames);
            rest = after;
        }
        got.extend(server.receive(rest).unwrap().frames);
        prop_assert_eq!(got, [frame]);
    }
}
