//! What a link's impairments do to a real TCP: the claims of the README's table.

use super::*;
use crate::param::{Rate, Size};
use crate::record::LinkCounts;

fn whole() -> Percent {
    Percent::from_ppm(1_000_000)
}

fn half() -> Percent {
    Percent::from_ppm(500_000)
}

fn limited(text: &str) -> Bandwidth {
    Bandwidth::Limited(Rate::parse(text).unwrap())
}

/// Alice's first connection over such a link, open by 5 s.
fn open_over(settings: LinkSettings) -> World {
    let mut world = World::with_links(2, settings, Vec::new());
    world.connect(ALICE, C0);
    world.run_to(5000);
    let opened = world.log.iter().filter(|(_, _, event)| *event == StackEvent::Opened(C0));
    let accepted = world.log.iter().filter(|(_, _, event)| *event == StackEvent::Accepted(C0));
    assert_eq!((opened.count(), accepted.count(), world.log.len()), (1, 1, 2), "{:?}", world.log);
    world.log.clear();
    world.wire.clear();
    world
}

impl World {
    /// Both directions of Alice's link are set anew.
    fn set(&mut self, place: usize, update: LinkUpdate) {
        self.net.change(Time::ZERO, place, &[UP, DOWN], &set(update));
    }

    fn counts(&self, direction: usize) -> LinkCounts {
        self.net.uses()[direction].counts
    }
}

#[test]
fn a_lost_segment_is_sent_again_after_a_second_and_then_after_twice_that() {
    for update in [
        LinkUpdate { loss: Some(whole()), ..LinkUpdate::default() },
        LinkUpdate { corrupt: Some(whole()), ..LinkUpdate::default() },
    ] {
        let mut world = World::open(Vec::new());
        world.run_to(1000);
        world.set(0, update);
        world.send(alice(), C0, b"twice");
        world.run_to(3500);
        world.net.change(Time::ZERO, 1, &[UP, DOWN], &LinkChange::Undo(0));
        world.run_to(9000);
        assert_eq!(world.sent("len 5"), [1000, 2000, 4000]);
        assert_eq!(world.received(SERVER), (b"twice".to_vec(), 4020));
        let counts = world.counts(0);
        assert_eq!(counts.lost + counts.corrupted, 2);
    }
}

#[test]
fn a_lost_syn_is_sent_again_after_1_3_and_7_seconds() {
    let mut world = World::new(1, Vec::new());
    world.set(0, LinkUpdate { loss: Some(whole()), ..LinkUpdate::default() });
    world.connect(ALICE, C0);
    world.run_to(5000);
    world.net.change(Time::ZERO, 1, &[UP, DOWN], &LinkChange::Reset);
    world.run_to(20_000);
    assert_eq!(world.sent("SYN seq"), [0, 1000, 3000, 7000]);
    assert!(world.log.contains(&(7040, alice(), StackEvent::Opened(C0))), "{:?}", world.log);
}

#[test]
fn what_arrives_twice_is_heard_once() {
    let mut world = open_over(LinkSettings { duplicate: whole(), ..link() });
    world.connect(ALICE, ConnId(1));
    for part in [b"one ", b"two ", b"six "] {
        world.send(alice(), C0, part);
        let next = world.now.ms() + 5;
        world.run_to(next);
    }
    world.run_to(20_000);
    assert_eq!(world.received(SERVER).0, b"one two six ");
    assert_eq!(world.hosts[0].connections(), 2, "each SYN came twice; each opened one connection");
    let counts = world.counts(0);
    assert_eq!(counts.duplicated, counts.sent);
    assert!(world.sent("RST").is_empty());
}

#[test]
fn what_overtakes_is_put_in_order() {
    let mut world = open_over(LinkSettings { reorder: half(), ..link() });
    let mut all = Vec::new();
    for n in 0..60_u8 {
        let part = [n; 10];
        all.extend_from_slice(&part);
        world.send(alice(), C0, &part);
        let next = world.now.ms() + 7;
        world.run_to(next);
    }
    world.run_to(20_000);
    assert_eq!(world.received(SERVER).0, all);
    assert!(world.counts(0).overtaking > 20);
}

#[test]
fn a_flipped_bit_wherever_it_is_reaches_nobody() {
    let mut world = World::open(Vec::new());
    world.connect(ALICE, ConnId(1));
    world.run_to(300);
    world.log.clear();
    assert!(world.inbox.is_empty());
    while world.host(SERVER).poll_note().is_some() {}
    // A segment of the first connection, caught on its way.
    world.send(alice(), C0, b"of the first connection");
    let (_, (_, packet)) = world.inbox.pop_first().unwrap();
    for bit in 0..packet.len() * 8 {
        let mut damaged = packet.clone();
        damaged[bit / 8] ^= 0x80 >> (bit % 8);
        let now = world.now;
        let server = world.host(SERVER);
        server.receive(now, damaged);
        assert_eq!(server.poll_event(), None, "bit {bit}");
        assert_eq!(server.transmit(), None, "bit {bit}");
        assert!(server.poll_note().is_some_and(|note| note.starts_with("dropped: ")), "bit {bit}");
    }
    let now = world.now;
    world.host(SERVER).receive(now, packet);
    let heard = StackEvent::Bytes(C0, b"of the first connection".to_vec());
    assert_eq!(world.host(SERVER).poll_event(), Some(heard), "the packet itself was sound");
}

#[test]
fn a_rate_spreads_bytes_out_and_the_small_wait_behind_the_large() {
    let slow = LinkSettings { rate: limited("80kbit/s"), ..link() };
    let mut world = open_over(slow);
    let large = vec![7; 20_000];
    world.send(alice(), C0, &large);
    world.run_to(5100);
    world.send(alice(), C0, b"small");
    world.run_to(60_000);
    let (received, at) = world.received(SERVER);
    assert_eq!(received.len(), 20_005);
    // 20,005 bytes and the 40-byte heads of 14 segments or more take 2.06 s, not before.
    assert!((7060..7400).contains(&at), "{at}");
    assert!(world.counts(0).longest_wait > 100_000_000, "ns");
    assert_eq!(world.counts(0).dropped, 0);
}

#[test]
fn a_connect_waits_behind_what_is_queued() {
    let slow = LinkSettings { rate: limited("16kbit/s"), ..link() };
    let mut world = open_over(slow);
    world.send(alice(), C0, &vec![7; 4000]);
    world.run_to(5010);
    world.connect(ALICE, ConnId(1));
    world.run_to(20_000);
    let opened =
        world.log.iter().find(|(_, _, event)| *event == StackEvent::Opened(ConnId(1))).unwrap().0;
    // A full segment of 1500 bytes is before its SYN: 750 ms.
    assert!(opened > 5010 + 740, "{opened}");
}

#[test]
fn what_finds_the_queue_full_is_sent_again() {
    let short =
        LinkSettings { rate: limited("80kbit/s"), queue: Size::parse("3kB").unwrap(), ..link() };
    let mut world = open_over(short);
    let all: Vec<u8> = (0..60_000_u32).map(|n| (n % 251) as u8).collect();
    world.send(alice(), C0, &all);
    world.run_to(300_000);
    assert_eq!(world.received(SERVER).0, all);
    assert!(world.counts(0).dropped > 0);
    assert!(world.counts(0).longest_wait <= 300_000_000, "3 kB take 300 ms");
}
