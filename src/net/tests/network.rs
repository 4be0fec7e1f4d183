//! What the network does to packets, and what its receipts say.

use super::*;
use proptest::prelude::*;

/// A SYN of Alice's first connection.
pub(super) fn syn() -> Packet {
    let mut stack = Stack::new(config(alice()));
    stack.connect(Time::ZERO, C0, Stack::FIRST_PORT, SERVER);
    stack.transmit().expect("a SYN leaves at once")
}

fn net(settings: LinkSettings, faults: Vec<Fault>) -> Net {
    Net::new(Seed(7), &clients(2, settings), faults)
}

fn down() -> Fault {
    Fault::Hosts(vec![HostId::Server], HostFault::PowerCut { state: ServerState::Lost })
}

#[test]
fn a_packet_arrives_after_the_latency() {
    let mut net = net(link(), Vec::new());
    let flight = one(&mut net, ms(5), alice(), syn()).unwrap();
    assert_eq!(flight.to, SERVER);
    assert_eq!(flight.stamp, Stamp { at: ms(5 + LATENCY), direction: 0, number: 0 });
    assert_eq!(net.claim(flight.stamp.at, flight.stamp), Fate::Arrives);
    assert_eq!(net.claim(flight.stamp.at, flight.stamp), Fate::Gone, "it arrives only once");
}

#[test]
fn a_packet_to_nobody_vanishes() {
    let mut net = net(link(), Vec::new());
    assert_eq!(one(&mut net, ms(0), SERVER, syn()), None, "the server is no way to the server");
    let stranger = HostId::Client(ClientId(9));
    assert_eq!(one(&mut net, ms(0), stranger, syn()), None, "there is no ninth client");
    let mut stack = Stack::new(config(alice()));
    stack.connect(Time::ZERO, C0, Stack::FIRST_PORT, HostId::Client(BOB));
    let to_bob = stack.transmit().unwrap();
    assert_eq!(one(&mut net, ms(0), alice(), to_bob), None, "clients have no link to each other");
}

#[test]
fn the_share_of_lost_packets_is_the_set_one() {
    let lossy = LinkSettings { loss: Percent::from_ppm(300_000), ..link() };
    let mut net = net(lossy, Vec::new());
    let packet = syn();
    let arrived = (0..20_000_u64)
        .filter(|n| one(&mut net, ms(n / 4), alice(), packet.clone()).is_some())
        .count();
    // Five standard deviations of a binomial with p = 0.7 and n = 20,000.
    assert!((14_000 - 325..14_000 + 325).contains(&arrived), "{arrived} of 20000");
}

#[test]
fn a_link_can_lose_everything_and_nothing() {
    for (ppm, expected) in [(0, 1000), (1_000_000, 0)] {
        let mut net = net(LinkSettings { loss: Percent::from_ppm(ppm), ..link() }, Vec::new());
        let packet = syn();
        let arrived =
            (0..1000).filter(|n| one(&mut net, ms(*n), alice(), packet.clone()).is_some());
        assert_eq!(arrived.count(), expected);
    }
}

#[test]
fn jitter_fills_its_bounds_evenly_and_keeps_to_them() {
    let mut net = net(LinkSettings { jitter: Span::from_ms(5), ..link() }, Vec::new());
    let packet = syn();
    let mut seen = BTreeMap::new();
    for n in 0..11_000 {
        let flight = one(&mut net, ms(n), alice(), packet.clone()).unwrap();
        *seen.entry(flight.stamp.at.since(ms(n)).ms()).or_insert(0) += 1;
    }
    assert!(seen.keys().copied().eq(LATENCY - 5..=LATENCY + 5), "{seen:?}");
    assert!(seen.values().all(|count| (850..1150).contains(count)), "{seen:?}");
}

#[test]
fn a_delay_is_never_under_one_millisecond() {
    let wild = LinkSettings { latency: Span::from_ms(2), jitter: Span::from_ms(50), ..link() };
    let mut net = net(wild, Vec::new());
    let packet = syn();
    let delays: Vec<_> = (0..500)
        .map(|n| one(&mut net, ms(n), alice(), packet.clone()).unwrap().stamp.at.since(ms(n)).ms())
        .collect();
    assert_eq!(delays.iter().min(), Some(&1));
    assert!(delays.iter().max().is_some_and(|max| *max <= 52));
}

#[test]
fn a_packet_less_moves_no_other_millisecond() {
    let lossy =
        LinkSettings { jitter: Span::from_ms(10), loss: Percent::from_ppm(200_000), ..link() };
    let fates = |skip: u64| {
        let mut net = net(lossy, Vec::new());
        let sent = (0..200).filter(|n| *n != skip);
        sent.map(|n| (n, one(&mut net, ms(n), alice(), syn()).map(|flight| flight.stamp.at)))
            .filter(|(n, _)| *n != 100)
            .collect::<Vec<_>>()
    };
    assert_eq!(fates(100), fates(999));
}

#[test]
fn a_change_holds_for_packets_sent_from_then_on() {
    let mut net = net(link(), Vec::new());
    let before = one(&mut net, ms(0), alice(), syn()).unwrap();
    let update = LinkUpdate { latency: Some(Span::from_ms(300)), ..LinkUpdate::default() };
    net.change(ms(0), 0, &[UP], &set(update));
    net.change(ms(0), 1, &[UP], &set(LinkUpdate::default()));
    let after = one(&mut net, ms(0), alice(), syn()).unwrap();
    assert_eq!((before.stamp.at, after.stamp.at), (ms(20), ms(300)));
    net.change(ms(0), 2, &[UP], &LinkChange::Undo(0));
    let last = one(&mut net, ms(1), alice(), syn()).unwrap();
    assert_eq!(last.stamp.at, ms(21), "as before");
    net.change(ms(0), 3, &[UP], &LinkChange::Reset);
    assert_eq!(net.met(4), [1, 2, 0, 0], "how many packets each has met");
}

#[test]
fn a_cut_kills_what_is_in_flight_and_what_is_sent() {
    let mut net = net(link(), vec![Fault::Cut(vec![UP])]);
    let early = one(&mut net, ms(0), alice(), syn()).unwrap();
    net.begin(ms(10), FaultId(0));
    assert_eq!(net.claim(ms(20), early.stamp), Fate::Gone);
    assert_eq!(one(&mut net, ms(30), alice(), syn()), None);
    net.end(ms(40), FaultId(0));
    let late = one(&mut net, ms(40), alice(), syn()).unwrap();
    assert_eq!(net.claim(ms(60), late.stamp), Fate::Arrives);
    let hit = &net.receipts()[0].hits;
    assert_eq!(hit.len(), 1);
    assert_eq!((hit[0].client, hit[0].way), UP);
    assert_eq!((hit[0].packets, hit[0].first), (2, ms(10)));
    assert_eq!((&hit[0].open[..], &hit[0].connects[..]), (&[][..], &[C0][..]));
}

#[test]
fn a_cut_leaves_other_directions_alone() {
    let mut net = net(link(), vec![Fault::Cut(vec![DOWN, (BOB, Way::Up)])]);
    net.begin(ms(0), FaultId(0));
    assert!(one(&mut net, ms(0), alice(), syn()).is_some());
    assert!(net.receipts()[0].is_empty(), "a fault without traffic hits nothing");
}

#[test]
fn cuts_nest() {
    let mut net = net(link(), vec![Fault::Cut(vec![UP, UP]), Fault::Cut(vec![UP])]);
    net.begin(ms(0), FaultId(0));
    net.begin(ms(1), FaultId(1));
    assert_eq!(one(&mut net, ms(2), alice(), syn()), None);
    net.end(ms(3), FaultId(0));
    assert_eq!(one(&mut net, ms(4), alice(), syn()), None, "the second cut goes on");
    net.end(ms(5), FaultId(1));
    assert!(one(&mut net, ms(6), alice(), syn()).is_some());
    let packets: Vec<_> = net.receipts().iter().map(|fault| fault.hits[0].packets).collect();
    assert_eq!(packets, [1, 2], "each fault books what it met");
}

#[test]
fn stalled_packets_wait_for_the_last_stall() {
    let mut net = net(link(), vec![Fault::Stall(vec![UP]), Fault::Stall(vec![UP])]);
    net.begin(ms(0), FaultId(0));
    let stamp = one(&mut net, ms(1), alice(), syn()).unwrap().stamp;
    assert!(net.receipts()[0].is_empty(), "nothing has been held up yet");
    for _ in 0..3 {
        assert_eq!(net.claim(ms(21), stamp), Fate::Waits);
    }
    net.begin(ms(30), FaultId(1));
    net.end(ms(40), FaultId(0));
    assert_eq!(net.claim(ms(40), stamp), Fate::Waits);
    net.end(ms(50), FaultId(1));
    assert_eq!(net.claim(ms(50), stamp), Fate::Arrives);
    let hits: Vec<_> =
        net.receipts().iter().map(|r| (r.hits[0].packets, r.hits[0].first)).collect();
    assert_eq!(hits, [(1, ms(21)), (1, ms(30))], "booked once, however often it was claimed");
}

#[test]
fn a_cut_kills_stalled_packets_too() {
    let mut net = net(link(), vec![Fault::Stall(vec![UP]), Fault::Cut(vec![UP])]);
    net.begin(ms(0), FaultId(0));
    let stamp = one(&mut net, ms(0), alice(), syn()).unwrap().stamp;
    assert_eq!(net.claim(ms(20), stamp), Fate::Waits);
    net.begin(ms(25), FaultId(1));
    assert_eq!(net.claim(ms(25), stamp), Fate::Gone);
}

#[test]
fn a_server_without_power_gets_nothing_and_what_it_sent_goes_on() {
    let mut net = net(link(), vec![down(), down()]);
    let to_server = one(&mut net, ms(0), alice(), syn()).unwrap();
    let mut server = Stack::new(config(SERVER));
    server.receive(ms(0), syn());
    let rst = server.transmit().expect("it does not listen, so it answers RST");
    let from_server = one(&mut net, ms(0), SERVER, rst).unwrap();
    net.begin(ms(5), FaultId(0));
    net.begin(ms(6), FaultId(1));
    assert_eq!(net.claim(ms(20), to_server.stamp), Fate::Gone);
    assert_eq!(net.claim(ms(20), from_server.stamp), Fate::Arrives);
    net.end(ms(25), FaultId(0));
    assert_eq!(one(&mut net, ms(30), alice(), syn()), None, "the second crash goes on");
    net.end(ms(40), FaultId(1));
    assert!(one(&mut net, ms(40), alice(), syn()).is_some());
    let packets: Vec<_> = net.receipts().iter().map(|fault| fault.hits[0].packets).collect();
    assert_eq!(packets, [1, 1], "the first kills what is in flight, the second what comes");
}

#[test]
fn receipts_tell_open_connections_from_connects() {
    let both = [UP, DOWN];
    let mut world = World::open(vec![cut(&both, 1000, 20_000), cut(&[(BOB, Way::Up)], 0, 99_000)]);
    world.run_to(1500);
    world.send(alice(), C0, b"lost");
    world.connect(ALICE, ConnId(1));
    world.run_to(5000);
    let receipt = world.receipt(0);
    assert_eq!(receipt.hits.len(), 1, "the server sent nothing that could be hit");
    assert_eq!(receipt.hits[0].open, [C0]);
    assert_eq!(receipt.hits[0].connects, [ConnId(1)]);
    assert_eq!(receipt.hits[0].first, ms(1500));
    assert!(world.receipt(1).is_empty(), "Bob sent nothing");
}

proptest! {
    #[test]
    fn no_bytes_make_the_network_panic(
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90), 0..20),
        version in any::<bool>(),
    ) {
        let mut net = net(link(), vec![Fault::Cut(vec![UP]), Fault::Stall(vec![DOWN])]);
        for (n, mut packet) in packets.into_iter().enumerate() {
            if let (true, Some(first)) = (version, packet.first_mut()) {
                *first = 0x45;
            }
            let now = ms(u64::try_from(n).unwrap());
            prop_assert!(!describe(&packet).is_empty());
            if packet.len() >= 20 && version {
                packet[2..4].copy_from_slice(&[0, 20]);
                packet[16..20].copy_from_slice(&[10, 0, 0, 1]);
            }
            if n == 9 {
                net.begin(now, FaultId(0));
                net.begin(now, FaultId(1));
            }
            for from in [alice(), SERVER] {
                if let Some(flight) = one(&mut net, now, from, packet.clone()) {
                    net.claim(now, flight.stamp);
                }
            }
        }
        net.receipts();
    }
}
