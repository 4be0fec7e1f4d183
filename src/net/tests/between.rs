//! What stands between the hosts: boxes that reset or swallow connections, NATs.

use super::network::syn;
use super::*;
use crate::net::nat::Nat;
use crate::net::packet::{Segment, parse_intact};
use crate::param::Size;
use proptest::prelude::*;
use std::net::Ipv4Addr;

/// Later than any test lasts.
const NEVER: u64 = 1_000_000;

fn reset(end: ResetEnd) -> Planned {
    (Fault::Reset(vec![ALICE], end), NEVER, NEVER)
}

impl World {
    /// The first fault, which is a reset, strikes Alice's first connection.
    fn reset(&mut self) {
        let mut flights = Vec::new();
        self.net.reset(self.now, FaultId(0), &[(ALICE, C0)], &mut flights);
        self.inbox
            .extend(flights.into_iter().map(|flight| (flight.stamp, (flight.to, flight.packet))));
    }

    /// Who heard a reset, and when.
    fn resets(&self) -> Vec<(u64, HostId)> {
        let heard = |(at, host, event): &(u64, HostId, StackEvent)| {
            (*event == closed(CloseCause::Reset)).then_some((*at, *host))
        };
        self.log.iter().filter_map(heard).collect()
    }
}

#[test]
fn a_reset_is_believed_by_the_ends_that_it_goes_to_and_by_no_other() {
    let expected = [
        (ResetEnd::Client, vec![(220, alice())], vec![Way::Down]),
        (ResetEnd::Server, vec![(220, SERVER)], vec![Way::Up]),
        (ResetEnd::Both, vec![(220, SERVER), (220, alice())], vec![Way::Up, Way::Down]),
    ];
    for (end, heard, ways) in expected {
        let mut world = World::open(vec![reset(end)]);
        world.send(alice(), C0, b"some data");
        world.send(SERVER, C0, b"and more of it, the other way");
        world.run_to(200);
        world.reset();
        world.run_to(1000);
        assert_eq!(world.resets(), heard, "{end:?}");
        let hits = world.receipt(0).hits;
        assert_eq!(hits.iter().map(|hit| hit.way).collect::<Vec<_>>(), ways, "{end:?}");
        assert!(hits.iter().all(|hit| hit.open == [C0] && hit.connects.is_empty()), "{hits:?}");
    }
}

#[test]
fn a_reset_comes_after_what_is_under_way_and_fits_it() {
    let mut world = World::open(vec![reset(ResetEnd::Client)]);
    world.send(SERVER, C0, b"on its way");
    world.reset();
    world.run_to(1000);
    let expected = [
        (120, alice(), StackEvent::Bytes(C0, b"on its way".to_vec())),
        (120, alice(), closed(CloseCause::Reset)),
    ];
    assert_eq!(world.log, expected);
}

#[test]
fn a_reset_leaves_a_connect_in_progress_alone() {
    let mut world = World::new(2, vec![reset(ResetEnd::Both)]);
    world.connect(ALICE, C0);
    for end in [0, 10, 30] {
        world.run_to(end);
        world.reset();
    }
    world.run_to(1000);
    assert_eq!(world.resets(), []);
    assert!(world.receipt(0).is_empty());
    // Once it is open on the way, it can be.
    world.reset();
    world.run_to(2000);
    assert_eq!(world.resets().len(), 2);
}

#[test]
fn a_reset_that_a_cut_takes_strikes_nobody() {
    let mut world = World::open(vec![reset(ResetEnd::Both), cut(&[UP, DOWN], 150, NEVER)]);
    world.run_to(200);
    world.reset();
    world.run_to(1000);
    assert_eq!(world.resets(), []);
    assert!(world.receipt(0).is_empty());
    assert_eq!(world.receipt(1).hits.iter().map(|hit| hit.packets).sum::<u64>(), 2);
}

#[test]
fn a_black_hole_swallows_what_comes_after_so_many_bytes_each_way_by_itself() {
    let hole = (Fault::BlackHole(vec![UP], Size::from_bytes(100)), 100, 20_000);
    let mut world = World::open(vec![hole]);
    for _ in 0..3 {
        world.send(alice(), C0, &[7; 60]);
        world.run_to(world.now.ms() + 200);
    }
    // The second segment crosses the limit and still passes.
    assert_eq!(world.received(SERVER).0.len(), 120);
    // Down nothing is swallowed, but that it arrived can't be told.
    world.send(SERVER, C0, b"down");
    world.run_to(5000);
    assert_eq!(world.received(alice()).0, b"down");
    assert!(world.sent("10.0.0.1:80 > 10.1.0.1:1024 PSH").len() > 1, "resent");
    let hits = world.receipt(0).hits;
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].way, hits[0].open.as_slice()), (Way::Up, &[C0][..]));
    // A new connection counts anew, and connects: its first bytes have yet to come.
    let second = ConnId(1);
    world.connect(ALICE, second);
    world.run_to(6000);
    world.send(alice(), second, &[8; 60]);
    world.run_to(7000);
    assert_eq!(world.received(SERVER).0.len(), 180);
    // Once it is over, TCP brings the rest of the first.
    world.run_to(60_000);
    assert_eq!(world.received(SERVER).0.len(), 240);
}

#[test]
fn a_black_hole_of_no_bytes_lets_nobody_connect() {
    let hole = (Fault::BlackHole(vec![UP, DOWN], Size::from_bytes(0)), 1, 5000);
    let mut world = World::new(1, vec![hole]);
    world.run_to(10);
    world.connect(ALICE, C0);
    world.run_to(20_000);
    assert_eq!(world.sent("SYN"), [10, 1010, 3010, 7010, 7030]);
    assert_eq!(world.receipt(0).hits[0].connects, [C0]);
}

fn nat(idle: u64, then: Unmapped) -> Nat {
    Nat::new(ALICE, NatSettings { idle: Span::from_ms(idle), then })
}

/// What a packet that must be intact says.
fn intact(packet: &[u8]) -> (Ipv4Addr, Ipv4Addr, Segment) {
    parse_intact(packet).expect("both checksums are right")
}

/// Any later segment of that connection.
fn later(length: usize) -> Packet {
    let mut world = World::open(Vec::new());
    world.host(alice()).send(ms(100), C0, &vec![5; length]);
    world.host(alice()).transmit().expect("data leaves at once")
}

#[test]
fn a_nat_translates_both_ways_and_its_checksums_are_right() {
    let mut nat = nat(1000, Unmapped::NewPort);
    let (inside, server, before) = intact(&syn());
    let there = nat.outbound(ms(0), &syn()).unwrap();
    let (outside, to, segment) = intact(&there);
    assert_eq!((outside, to), (Ipv4Addr::new(198, 18, 0, 1), server));
    assert_eq!(segment, Segment { from_port: 20_000, ..before });
    // The server's answer, as its stack makes it.
    let mut stack = Stack::new(config(SERVER));
    stack.listen();
    stack.receive(ms(20), there);
    let answer = stack.transmit().unwrap();
    let (from, to, segment) = intact(&nat.inbound(ms(20), &answer).unwrap());
    assert_eq!((from, to, segment.to_port), (server, inside, before.from_port));
    assert_eq!(segment.ack, Some(before.seq.wrapping_add(1)));
}

#[test]
fn a_mapping_lasts_as_long_as_a_packet_uses_it_in_time_either_way() {
    let mut nat = nat(1000, Unmapped::Drop);
    let there = nat.outbound(ms(0), &syn()).unwrap();
    let mut stack = Stack::new(config(SERVER));
    stack.listen();
    stack.receive(ms(0), there);
    let answer = stack.transmit().unwrap();
    assert!(nat.inbound(ms(999), &answer).is_ok());
    assert!(nat.outbound(ms(1998), &later(1)).is_ok());
    assert!(nat.inbound(ms(2997), &answer).is_ok());
    assert_eq!(nat.inbound(ms(3997), &answer), Err(NatLoss::NoMapping));
    assert_eq!(nat.outbound(ms(3997), &later(1)), Err(NatLoss::Unmapped));
    // A connect gets a port of its own; the old one stays dead.
    let again = nat.outbound(ms(3998), &syn()).unwrap();
    assert_eq!(intact(&again).2.from_port, 20_001);
    assert_eq!(nat.inbound(ms(3998), &answer), Err(NatLoss::NoMapping));
    assert_eq!(nat.inside_of(20_000), nat.inside_of(20_001));
}

#[test]
fn what_a_changed_nat_has_forgotten_stays_forgotten_when_the_change_is_over() {
    let mut nat = nat(1000, Unmapped::Drop);
    let impatient = NatSettings { idle: Span::from_ms(100), then: Unmapped::NewPort };
    let nothing = LinkUpdate::default();
    let set = LinkChange::Set { up: nothing, down: nothing, nat: Some(impatient) };
    nat.outbound(ms(0), &syn()).unwrap();
    nat.change(ms(50), 3, &set);
    assert_eq!(intact(&nat.outbound(ms(90), &later(1)).unwrap()).2.from_port, 20_000);
    // Too long for the changed box: what comes next has a new port, also once it is as before.
    nat.change(ms(200), 4, &LinkChange::Undo(3));
    assert_eq!(nat.outbound(ms(200), &later(2)), Err(NatLoss::Unmapped));
    nat.outbound(ms(300), &syn()).unwrap();
    nat.change(ms(1250), 3, &set);
    nat.change(ms(1251), 4, &LinkChange::Undo(3));
    assert_eq!(nat.outbound(ms(1251), &later(3)), Err(NatLoss::Unmapped), "forgotten at once");
    nat.outbound(ms(1300), &syn()).unwrap();
    nat.change(ms(1300), 5, &set);
    nat.change(ms(1300), 6, &LinkChange::Reset);
    assert!(nat.outbound(ms(2299), &later(4)).is_ok(), "as it was");
}

#[test]
fn a_forgotten_connection_gets_a_new_port_where_the_nat_makes_one() {
    let mut nat = nat(1000, Unmapped::NewPort);
    nat.outbound(ms(0), &syn()).unwrap();
    let moved = nat.outbound(ms(1000), &later(9)).unwrap();
    assert_eq!(intact(&moved).2.from_port, 20_001);
    // And keeps it.
    let moved = nat.outbound(ms(1999), &later(9)).unwrap();
    assert_eq!(intact(&moved).2.from_port, 20_001);
}

#[test]
fn a_nat_uses_no_port_twice_and_then_has_none() {
    let mut nat = nat(1, Unmapped::NewPort);
    let packet = syn();
    let ports = (0..50_000).map_while(|n| nat.outbound(ms(n), &packet).ok());
    let ports: Vec<_> = ports.map(|packet| intact(&packet).2.from_port).collect();
    assert_eq!(ports, (20_000..=u16::MAX).collect::<Vec<_>>());
    assert_eq!(nat.outbound(ms(60_000), &packet), Err(NatLoss::NoPort));
}

#[test]
fn through_a_nat_the_owner_of_a_connection_is_still_known() {
    let mut net = Net::new(Seed(1), &clients(2, link()), Vec::new());
    net.put_behind_nat(ALICE, NatSettings { idle: Span::from_secs(1), then: Unmapped::Drop });
    let flight = one(&mut net, ms(0), alice(), syn()).unwrap();
    assert_eq!(net.claim(flight.stamp.at, flight.stamp), Fate::Arrives);
    let packet = net.hand_over(flight.stamp.at, SERVER, flight.stamp, flight.packet).unwrap();
    let (outside, _, segment) = intact(&packet);
    assert_eq!(net.owner(outside, segment.from_port), Some((ALICE, C0)));
    assert_eq!(net.owner(outside, 30_000), None);
    assert_eq!(net.owner(Ipv4Addr::new(198, 18, 0, 2), 20_000), None, "Bob has no NAT");
}

proptest! {
    #[test]
    fn damage_shows_beyond_a_nat_as_before_it(length in 0..1400_usize, bit in 0..800_usize) {
        let mut nat = nat(1000, Unmapped::NewPort);
        let mut packet = later(length.max(1));
        prop_assert!(parse_intact(&nat.outbound(ms(0), &packet).unwrap()).is_some());
        let bit = bit % (8 * packet.len());
        packet[bit / 8] ^= 1 << (bit % 8);
        if let Ok(beyond) = nat.outbound(ms(1), &packet) {
            prop_assert_eq!(parse_intact(&beyond), None);
        }
    }
}
