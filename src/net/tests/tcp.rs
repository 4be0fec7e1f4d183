//! What two real TCPs do with each other across the network.

use super::*;
use proptest::prelude::*;

#[test]
fn data_goes_both_ways() {
    let mut world = World::open(Vec::new());
    world.send(alice(), C0, b"question");
    world.run_to(130);
    world.send(SERVER, C0, b"answer");
    world.run_to(200);
    assert_eq!(
        world.log,
        [
            (120, SERVER, StackEvent::Bytes(C0, b"question".to_vec())),
            (150, alice(), StackEvent::Bytes(C0, b"answer".to_vec())),
        ]
    );
}

#[test]
fn more_than_the_buffers_hold_arrives_whole() {
    let mut world = World::open(Vec::new());
    let all: Vec<u8> = (0..400_000_u32).map(|n| (n % 251) as u8).collect();
    world.send(alice(), C0, &all);
    world.run_to(30_000);
    assert_eq!(world.received(SERVER).0, all);
}

#[test]
fn what_is_sent_before_the_connection_is_open_follows_the_handshake() {
    let mut world = World::new(1, Vec::new());
    world.connect(ALICE, C0);
    world.send(alice(), C0, b"early");
    world.run_to(100);
    assert_eq!(world.received(SERVER), (b"early".to_vec(), 60));
}

#[test]
fn a_connect_to_nobody_is_refused() {
    let mut world = World::new(1, Vec::new());
    world.hosts[0] = Stack::new(config(SERVER));
    world.connect(ALICE, C0);
    world.run_to(100);
    assert_eq!(world.log, [(40, alice(), closed(CloseCause::Refused))]);
    assert_eq!(world.client(ALICE).connections(), 0);
    let note = world.hosts[0].poll_note().unwrap();
    assert!(note.starts_with("for nobody: 10.1.0.1:1024 > 10.0.0.1:80 SYN seq "), "{note}");
}

#[test]
fn a_connect_into_a_cut_hangs() {
    let mut world = World::new(1, vec![cut(&[UP, DOWN], 1, 200_000)]);
    world.run_to(1000);
    world.connect(ALICE, C0);
    world.run_to(180_000);
    assert!(world.log.is_empty(), "{:?}", world.log);
    assert_eq!(world.sent("SYN"), [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 124_000]);
}

#[test]
fn a_connect_gets_through_once_the_cut_is_over() {
    let mut world = World::new(1, vec![cut(&[UP], 1, 5000)]);
    world.run_to(1000);
    world.connect(ALICE, C0);
    world.run_to(9000);
    assert_eq!(
        world.log,
        [(8040, alice(), StackEvent::Opened(C0)), (8060, SERVER, StackEvent::Accepted(C0)),]
    );
}

#[test]
fn a_short_cut_only_delays_data() {
    let mut world = World::open(vec![cut(&[UP, DOWN], 1000, 4000)]);
    world.run_to(2000);
    world.send(alice(), C0, b"patience");
    world.run_to(20_000);
    // Resent 1 and 3 s later; the second resend is the first after the cut.
    assert_eq!(world.log, [(5020, SERVER, StackEvent::Bytes(C0, b"patience".to_vec()))]);
    assert_eq!(world.sent("len 8"), [2000, 3000, 5000]);
}

#[test]
fn a_cut_kills_what_is_in_flight() {
    let mut world = World::open(vec![cut(&[UP], 110, 111)]);
    world.send(alice(), C0, b"unlucky");
    world.run_to(3000);
    assert_eq!(world.received(SERVER), (b"unlucky".to_vec(), 1120));
    assert_eq!(world.receipt(0).hits[0].packets, 1);
}

#[test]
fn a_one_way_cut_up_lets_the_server_through_but_not_the_acknowledgement() {
    let mut world = World::open(vec![cut(&[UP], 500, 10_000)]);
    world.run_to(1000);
    world.send(SERVER, C0, b"heard");
    world.run_to(9000);
    assert_eq!(world.received(alice()), (b"heard".to_vec(), 1020));
    assert_eq!(world.sent("len 5"), [1000, 2000, 4000, 8000], "no acknowledgement comes");
    let hits = world.receipt(0).hits;
    assert_eq!((hits.len(), hits[0].way, &hits[0].open[..]), (1, Way::Up, &[C0][..]));
}

#[test]
fn a_one_way_cut_down_lets_the_client_through() {
    let mut world = World::open(vec![cut(&[DOWN], 500, 10_000)]);
    world.run_to(1000);
    world.send(alice(), C0, b"heard");
    world.run_to(1100);
    world.send(SERVER, C0, b"unheard");
    world.run_to(9000);
    assert_eq!(world.received(SERVER), (b"heard".to_vec(), 1020));
    assert_eq!(world.received(alice()).0, b"");
}

#[test]
fn a_stall_delivers_late_in_order_and_loses_nothing() {
    let mut world = World::open(vec![stall(&[UP], 110, 700)]);
    for part in [b"one ", b"two ", b"six "] {
        world.send(alice(), C0, part);
        let next = world.now.ms() + 5;
        world.run_to(next);
    }
    world.run_to(5000);
    assert_eq!(world.received(SERVER), (b"one two six ".to_vec(), 700));
    assert_eq!(world.sent("PSH").len(), 3, "nothing had to be sent again");
    assert_eq!(world.receipt(0).hits[0].packets, 3);
}

/// The server acknowledges what Alice said, and that overtakes what it had said before.
#[test]
fn an_overtaken_segment_is_not_sent_again() {
    let mut world = World::open(Vec::new());
    world.send(alice(), C0, b"question");
    world.run_to(119);
    world.send(SERVER, C0, b"news");
    let (sent, flight) = world.inbox.pop_last().unwrap();
    world.run_to(155);
    assert_eq!(world.sent("10.0.0.1:80 > ").len(), 2, "the news and the acknowledgement");
    world.inbox.insert(Stamp { at: ms(160), ..sent }, flight);
    world.run_to(5000);
    assert_eq!(world.received(alice()), (b"news".to_vec(), 160));
    assert_eq!(world.sent("len 4"), [119]);
    assert_eq!(world.sent("len 8"), [100]);
}

#[test]
fn a_lossy_link_with_jitter_still_delivers_everything() {
    let lossy =
        LinkSettings { jitter: Span::from_ms(15), loss: Percent::from_ppm(100_000), ..link() };
    let mut world = World::with_links(1, lossy, Vec::new());
    let all: Vec<u8> = (0..60_000_u32).map(|n| (n % 241) as u8).collect();
    world.connect(ALICE, C0);
    world.send(alice(), C0, &all);
    world.run_to(600_000);
    assert_eq!(world.received(SERVER).0, all);
}

#[test]
fn abort_while_connecting_sends_nothing() {
    let mut world = World::new(1, vec![cut(&[UP], 1, 50_000)]);
    world.run_to(10);
    world.connect(ALICE, C0);
    world.run_to(500);
    world.abort(alice(), C0);
    world.run_to(40_000);
    assert_eq!(world.wire.len(), 1, "the SYN alone: {:?}", world.wire);
    assert_eq!(world.client(ALICE).connections(), 0);
    assert_eq!(world.client(ALICE).deadline(), None);
}

#[test]
fn finish_while_connecting_sends_nothing_either() {
    let mut world = World::new(1, Vec::new());
    world.connect(ALICE, C0);
    world.finish(alice(), C0);
    assert_eq!(world.client(ALICE).connections(), 0);
    world.run_to(5000);
    let lines: Vec<_> = world.wire.iter().map(|(at, line)| (*at, line.contains("RST"))).collect();
    // The server's SYN|ACK finds nobody, whose RST frees the server's end.
    assert_eq!(lines, [(0, false), (20, false), (40, true)]);
    assert_eq!(world.hosts[0].connections(), 0);
    assert!(world.log.is_empty(), "{:?}", world.log);
}

#[test]
fn abort_resets_the_peer() {
    let mut world = World::open(Vec::new());
    world.abort(alice(), C0);
    world.run_to(1000);
    assert_eq!(world.log, [(120, SERVER, closed(CloseCause::Reset))]);
    assert_eq!(world.hosts[0].connections() + world.client(ALICE).connections(), 0);
}

#[test]
fn finish_delivers_first_and_leaves_nothing_behind() {
    let mut world = World::open(Vec::new());
    world.send(alice(), C0, &[7; 100_000]);
    world.finish(alice(), C0);
    world.send(alice(), C0, b"too late");
    world.run_to(5000);
    assert_eq!(world.received(SERVER).0, [7; 100_000]);
    let last = world.log.last().unwrap();
    assert_eq!((last.1, &last.2), (SERVER, &closed(CloseCause::Finished)));
    assert_eq!(world.hosts[0].connections(), 0, "the server closed its own side by itself");
    assert_eq!(world.client(ALICE).connections(), 1, "TIME-WAIT");
    world.run_to(20_000);
    assert_eq!(world.client(ALICE).connections(), 0);
    assert_eq!(world.client(ALICE).deadline(), None);
}

#[test]
fn a_close_that_nobody_answers_is_given_up() {
    let mut world = World::open(vec![cut(&[UP, DOWN], 200, 500_000)]);
    world.run_to(1000);
    world.finish(SERVER, C0);
    world.run_to(60_999);
    assert_eq!(world.hosts[0].connections(), 1);
    world.run_to(61_000);
    assert_eq!(world.hosts[0].connections(), 0);
    assert_eq!(world.hosts[0].deadline(), None);
    assert!(world.log.is_empty(), "{:?}", world.log);
}

#[test]
fn a_half_open_handshake_is_given_up_unreported() {
    let mut world = World::new(1, vec![cut(&[DOWN], 1, 500_000)]);
    world.run_to(1000);
    world.connect(ALICE, C0);
    world.run_to(1030);
    world.abort(alice(), C0);
    world.run_to(61_019);
    assert_eq!(world.hosts[0].connections(), 1);
    assert_eq!(world.sent("SYN|ACK").len(), 6, "{:?}", world.wire);
    world.run_to(61_020);
    assert_eq!(world.hosts[0].connections(), 0);
    world.run_to(200_000);
    assert_eq!(world.sent("SYN|ACK").len(), 6);
    assert!(world.log.is_empty(), "{:?}", world.log);
}

#[test]
fn a_client_that_dies_in_a_cut_leaves_the_server_its_end() {
    let mut world = World::open(vec![cut(&[UP, DOWN], 500, 300_000)]);
    world.run_to(1000);
    world.abort(alice(), C0);
    world.run_to(290_000);
    assert!(world.log.is_empty(), "{:?}", world.log);
    assert_eq!(world.hosts[0].connections(), 1);
    world.run_to(301_000);
    world.send(SERVER, C0, b"are you there?");
    world.run_to(302_000);
    assert_eq!(world.log, [(301_040, SERVER, closed(CloseCause::Reset))]);
    assert_eq!(world.hosts[0].connections(), 0);
}

#[test]
fn a_restarted_server_resets_the_old_connections() {
    let mut world = World::open(Vec::new());
    world.hosts[0] = Stack::new(StackConfig { incarnation: 1, ..config(SERVER) });
    world.hosts[0].listen();
    world.send(alice(), C0, b"hello?");
    world.run_to(200);
    assert_eq!(world.log, [(140, alice(), closed(CloseCause::Reset))]);
}

#[test]
fn a_damaged_packet_is_dropped() {
    let mut client = Stack::new(config(alice()));
    client.connect(Time::ZERO, C0, Stack::FIRST_PORT, SERVER);
    let syn = client.transmit().unwrap();
    let mut server = Stack::new(config(SERVER));
    server.listen();
    for byte in 0..syn.len() {
        let mut damaged = syn.clone();
        damaged[byte] ^= 0x10;
        server.receive(ms(1), damaged);
        assert_eq!(server.transmit(), None, "byte {byte}");
        assert!(server.poll_note().unwrap().starts_with("dropped: "));
    }
    assert_eq!(server.connections(), 0);
    server.receive(ms(1), syn);
    assert!(describe(&server.transmit().unwrap()).contains("SYN|ACK"));
}

#[test]
fn initial_sequence_numbers_differ_by_seed_incarnation_and_connection() {
    let seq = |seed, incarnation, skip: u32| {
        let seed = Seed(seed);
        let mut stack = Stack::new(StackConfig { seed, incarnation, ..config(alice()) });
        for number in 0..=skip {
            let port = Stack::FIRST_PORT + u16::try_from(number).unwrap();
            stack.connect(Time::ZERO, ConnId(number), port, SERVER);
        }
        let line = describe(&std::iter::from_fn(|| stack.transmit()).last().unwrap());
        line.split("seq ").nth(1).unwrap().to_owned()
    };
    let seen = [seq(1, 0, 0), seq(2, 0, 0), seq(1, 1, 0), seq(1, 0, 1)];
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
    assert_eq!(seq(1, 0, 0), seen[0], "and the same are the same");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = || {
        let jittery =
            LinkSettings { jitter: Span::from_ms(9), loss: Percent::from_ppm(50_000), ..link() };
        let mut world = World::with_links(3, jittery, vec![cut(&[UP, DOWN], 3000, 6000)]);
        for client in 0..3 {
            world.connect(ClientId(client), C0);
        }
        for beat in 1..20 {
            world.run_to(beat * 500);
            for client in 0..3 {
                world.send(HostId::Client(ClientId(client)), C0, &[client as u8; 300]);
            }
        }
        world.run_to(120_000);
        (world.wire, world.log)
    };
    assert_eq!(run(), run());
}

#[test]
fn ten_thousand_connections_are_served_and_freed() {
    let small = |host| StackConfig { buffer: 2048, ..config(host) };
    let mut server = Stack::new(small(SERVER));
    server.listen();
    let mut stacks: Vec<_> =
        (0..10_000_usize).map(|index| Stack::new(small(HostId::Client(ClientId(index))))).collect();
    let pump = |server: &mut Stack, client: &mut Stack, now: Time| {
        while let Some(packet) = client.transmit() {
            server.receive(now, packet);
            while let Some(answer) = server.transmit() {
                client.receive(now, answer);
            }
        }
    };
    for client in &mut stacks {
        client.connect(Time::ZERO, C0, Stack::FIRST_PORT, SERVER);
        pump(&mut server, client, Time::ZERO);
        assert_eq!(client.poll_event(), Some(StackEvent::Opened(C0)));
    }
    assert_eq!(server.connections(), 10_000);
    for number in 0..10_000 {
        assert_eq!(server.poll_event(), Some(StackEvent::Accepted(ConnId(number))));
    }
    for client in &mut stacks {
        client.abort(ms(10), C0);
        pump(&mut server, client, ms(10));
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(server.deadline(), None);
}

/// What a hostile or broken peer may put into an open connection, checksums right.
fn forged() -> impl Strategy<Value = (u8, u32, u32, u16, Vec<u8>, Vec<u8>)> {
    let near = prop_oneof![Just(0_u32), 0..70_000_u32, any::<u32>(), 0xffff_0000..=u32::MAX];
    let options = prop::collection::vec(any::<u8>(), 0..12);
    let data = prop::collection::vec(any::<u8>(), 0..40);
    (any::<u8>(), near.clone(), near, any::<u16>(), options, data)
}

proptest! {
    #[test]
    fn no_bytes_make_a_stack_panic(
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90), 0..20),
    ) {
        let mut stack = Stack::new(config(SERVER));
        stack.listen();
        for packet in packets {
            stack.receive(ms(1), packet);
        }
        prop_assert_eq!(stack.connections(), 0);
    }

    #[test]
    fn no_forged_segment_makes_a_stack_panic(
        segments in prop::collection::vec(forged(), 1..25),
        opened in any::<bool>(),
    ) {
        let mut world = World::new(1, Vec::new());
        world.connect(ALICE, C0);
        world.run_to(if opened { 100 } else { 25 });
        if opened {
            world.send(SERVER, C0, &[1; 5000]);
        }
        let (seq, ack) = world.numbers();
        for (flags, seq_off, ack_off, window, options, data) in segments {
            let (seq, ack) = (seq.wrapping_add(seq_off), ack.wrapping_add(ack_off));
            let packet = forge(flags, seq, ack, window, &options, &data);
            prop_assert!(packet::parse_intact(&packet).is_some(), "{}", describe(&packet));
            let now = world.now;
            world.host(SERVER).receive(now, packet);
            let next = world.now.ms() + 700;
            world.run_to(next);
        }
        world.run_to(400_000);
    }
}

/// The server's last word was its SYN, whose window is never scaled.
#[test]
fn data_that_ends_beyond_the_buffer_is_dropped_and_what_comes_within_is_taken() {
    let mut world = World::new(1, Vec::new());
    world.connect(ALICE, C0);
    world.run_to(100);
    let (seq, ack) = world.numbers();
    let buffer = u32::try_from(config(SERVER).buffer).unwrap();
    let end_at =
        |end: u32, byte| forge(16, seq.wrapping_add(end - 40), ack, 1000, &[], &[byte; 40]);
    let now = world.now;
    world.host(SERVER).receive(now, end_at(buffer + 1, 7));
    world.host(SERVER).receive(now, end_at(buffer, 8));
    let own = vec![9; config(SERVER).buffer - 40];
    world.send(alice(), C0, &own);
    world.run_to(60_000);
    let (received, _) = world.received(SERVER);
    assert_eq!(received.len(), config(SERVER).buffer);
    assert!(received.starts_with(&own) && received.ends_with(&[8; 40]));
}

/// Nobody honest acknowledges less than a window ago.
#[test]
fn data_with_an_acknowledgement_of_before_the_last_window_is_not_taken() {
    for (older, taken) in [(0, true), (65_536, true), (65_537, false)] {
        let mut world = World::new(1, Vec::new());
        world.connect(ALICE, C0);
        world.run_to(100);
        let (seq, ack) = world.numbers();
        let now = world.now;
        let packet = forge(16, seq, ack.wrapping_sub(older), 1000, &[], b"data");
        world.host(SERVER).receive(now, packet);
        world.run_to(200);
        assert_eq!(world.received(SERVER).0 == b"data", taken, "{older} bytes older");
    }
}

impl World {
    /// What the client would send next: its sequence number, and what it acknowledges.
    fn numbers(&self) -> (u32, u32) {
        let number = |text: &str, line: &str| {
            line.split(text).nth(1)?.split(' ').next()?.parse::<u32>().ok()
        };
        let from_alice = self.wire.iter().rev().find(|(_, line)| line.starts_with("10.1."));
        let line = &from_alice.expect("Alice has sent something").1;
        (number("seq ", line).unwrap(), number("ack ", line).unwrap_or(0))
    }
}

/// A segment from Alice's first port to the server, with right checksums.
fn forge(flags: u8, seq: u32, ack: u32, window: u16, options: &[u8], data: &[u8]) -> Packet {
    let header = 20 + options.len() / 4 * 4;
    let total = 20 + header + data.len();
    let mut packet = vec![0_u8; total];
    packet[0] = 0x45;
    packet[2..4].copy_from_slice(&u16::try_from(total).unwrap().to_be_bytes());
    packet[8] = 64;
    packet[9] = 6;
    packet[12..16].copy_from_slice(&address::first_address(alice()).octets());
    packet[16..20].copy_from_slice(&address::first_address(SERVER).octets());
    let sum = checksum(&packet[..20], 0);
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    let tcp = &mut packet[20..];
    tcp[0..2].copy_from_slice(&Stack::FIRST_PORT.to_be_bytes());
    tcp[2..4].copy_from_slice(&Stack::SERVER_PORT.to_be_bytes());
    tcp[4..8].copy_from_slice(&seq.to_be_bytes());
    tcp[8..12].copy_from_slice(&ack.to_be_bytes());
    tcp[12] = u8::try_from(header / 4 * 16).unwrap();
    tcp[13] = flags;
    tcp[14..16].copy_from_slice(&window.to_be_bytes());
    tcp[20..header].copy_from_slice(&options[..header - 20]);
    tcp[header..].copy_from_slice(data);
    let pseudo = u32::try_from(total - 20).unwrap() + 6;
    let addresses = packet[12..20].chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1]));
    let pseudo = pseudo + addresses.sum::<u32>();
    let sum = checksum(&packet[20..], pseudo);
    packet[36..38].copy_from_slice(&sum.to_be_bytes());
    packet
}

fn checksum(bytes: &[u8], start: u32) -> u16 {
    let words = bytes.chunks(2);
    let words = words.map(|two| u32::from(two[0]) << 8 | two.get(1).copied().map_or(0, u32::from));
    let mut sum = words.fold(start, |sum, word| sum + word);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap()
}
