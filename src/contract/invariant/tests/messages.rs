//! Messages heard, missed, heard twice, and heard out of order.

use super::*;
use crate::time::Time;

/// Alice writes at 4 s and at 5 s, and both are acknowledged.
fn two(in_room: bool) -> Bench {
    let mut bench = together();
    let call = |text| if in_room { to_room(text) } else { to_bob(text) };
    bench.call(4_000, ALICE, call("one"), Some((4_060, ErrorCode::SUCCESS)));
    bench.call(5_000, ALICE, call("two"), Some((5_060, ErrorCode::SUCCESS)));
    bench
}

fn id(in_room: bool) -> &'static str {
    if in_room { "I.room-message-delivery" } else { "I.peer-message-delivery" }
}

#[test]
fn a_message_that_was_not_heard_is_told() {
    for in_room in [true, false] {
        let mut bench = two(in_room);
        bob_hears(&mut bench, 4_060, in_room, "one");
        let missed =
            format!("{}  bob: \"two\", sent by alice at 5.000, was not heard", id(in_room));
        breaks(&bench, &[&missed]);
        // 26.060 is the bound.
        bob_hears(&mut bench, 26_061, in_room, "two");
        breaks(&bench, &[&missed]);
        let mut bench = two(in_room);
        bob_hears(&mut bench, 4_060, in_room, "one");
        bob_hears(&mut bench, 26_060, in_room, "two");
        breaks(&bench, &[]);
    }
}

#[test]
fn a_run_that_ends_before_the_bound_says_nothing_of_a_message() {
    for in_room in [true, false] {
        for (end, owed) in [(26_059, 0), (26_060, 1)] {
            let mut bench = two(in_room);
            bob_hears(&mut bench, 4_060, in_room, "one");
            bench.plan.until = Time::from_ms(end);
            assert_eq!(bench.breaches().len(), owed, "{end}");
        }
    }
}

#[test]
fn whoever_was_out_of_the_room_meanwhile_need_not_hear_its_messages() {
    let mut bench = together();
    bench.call(4_000, ALICE, to_room("one"), Some((4_060, ErrorCode::SUCCESS)));
    left(&mut bench, 10_000, BOB, None);
    let (user, device) = bench.who(BOB);
    bench.fact(10_500, ServerFact::Entered { room: "r1".into(), user, device });
    breaks(&bench, &[]);
}

#[test]
fn whoever_says_to_be_out_of_the_room_need_not_hear_its_messages() {
    let mut bench = together();
    bench.room(3_500, BOB, "r1", (0, 0));
    bench.call(4_000, ALICE, to_room("one"), Some((4_060, ErrorCode::SUCCESS)));
    assert_eq!(judged(&bench, id(true)), (0, Vec::new()));
}

#[test]
fn a_message_that_was_not_acknowledged_has_no_place_in_the_order() {
    for in_room in [true, false] {
        let mut bench = together();
        let call = |text| if in_room { to_room(text) } else { to_bob(text) };
        bench.call(4_000, ALICE, call("one"), Some((14_000, ErrorCode::REQUEST_TIMEOUT)));
        bench.call(5_000, ALICE, call("two"), Some((5_060, ErrorCode::SUCCESS)));
        bob_hears(&mut bench, 5_060, in_room, "two");
        bob_hears(&mut bench, 5_070, in_room, "one");
        breaks(&bench, &[]);
    }
}

#[test]
fn a_message_heard_twice_or_never_sent_is_told() {
    for in_room in [true, false] {
        let mut bench = two(in_room);
        bob_hears(&mut bench, 4_060, in_room, "one");
        bob_hears(&mut bench, 5_060, in_room, "two");
        bob_hears(&mut bench, 5_070, in_room, "two");
        let twice = format!("{}  bob: heard \"two\" of alice 2x, sent 1x", id(in_room));
        breaks(&bench, &[&twice]);
        let mut bench = together();
        bob_hears(&mut bench, 5_060, in_room, "two");
        let never = format!("{}  bob: heard \"two\" of alice 1x, sent 0x", id(in_room));
        breaks(&bench, &[&never]);
    }
}

#[test]
fn messages_out_of_order_are_told() {
    for in_room in [true, false] {
        let mut bench = two(in_room);
        bob_hears(&mut bench, 4_060, in_room, "one");
        bob_hears(&mut bench, 5_060, in_room, "two");
        // Each heard no more often than sent, each heard, and one pair in order.
        assert_eq!(judged(&bench, id(in_room)), (2 + 2 + 1, Vec::new()));
        let mut bench = two(in_room);
        bob_hears(&mut bench, 5_060, in_room, "two");
        bob_hears(&mut bench, 5_070, in_room, "one");
        let what = format!("{}  bob: heard \"two\" before \"one\", sent after it", id(in_room));
        breaks(&bench, &[&what]);
    }
}

#[test]
fn the_same_text_twice_is_two_messages() {
    for in_room in [true, false] {
        let mut bench = together();
        let call = || if in_room { to_room("hi") } else { to_bob("hi") };
        bench.call(4_000, ALICE, call(), Some((4_060, ErrorCode::SUCCESS)));
        bench.call(5_000, ALICE, call(), Some((5_060, ErrorCode::SUCCESS)));
        bob_hears(&mut bench, 4_060, in_room, "hi");
        assert_eq!(bench.breaches().len(), 1);
        bob_hears(&mut bench, 5_060, in_room, "hi");
        breaks(&bench, &[]);
    }
}

#[test]
fn nobody_must_hear_what_was_not_acknowledged_or_while_away() {
    for in_room in [true, false] {
        let call = |text| if in_room { to_room(text) } else { to_bob(text) };
        let mut bench = together();
        bench.call(4_000, ALICE, call("one"), Some((4_060, ErrorCode::REQUEST_TIMEOUT)));
        breaks(&bench, &[]);
        let mut bench = together();
        bench.call(4_000, ALICE, call("one"), Some((4_060, ErrorCode::SUCCESS)));
        bench.connection(20_000, BOB, (3, 3)).room(20_000, BOB, "r1", (1, 1));
        bench.plan.until = Time::from_ms(26_000);
        breaks(&bench, &[]);
    }
}

/// Bob is away from 3 s to 53 s; alice writes to him meanwhile.
fn while_bob_is_away() -> Bench {
    let mut bench = online();
    bench.cut("tunnel", BOB, 2_000, 52_000);
    bench.connection(17_000, BOB, (3, 3));
    let (user, device) = bench.who(BOB);
    bench.fact(35_000, ServerFact::UserOffline { user, device });
    bench.call(20_000, ALICE, to_bob("one"), Some((20_060, ErrorCode::SUCCESS)));
    bench.attempts(BOB, &[18_000, 53_000]);
    bench.logged_in(53_030, BOB, true);
    bench.connection(53_060, BOB, (2, 0));
    bench
}

#[test]
fn a_message_for_who_was_away_is_heard_after_the_return() {
    let missed = "I.peer-message-delivery  bob: \"one\", sent by alice at 20.000, was not heard";
    let mut bench = while_bob_is_away();
    bob_hears(&mut bench, 53_070, false, "one");
    breaks(&bench, &[]);
    breaks(&while_bob_is_away(), &[missed]);
    // 74.060 is the bound; whoever is lost again before it need not have heard.
    let mut bench = while_bob_is_away();
    bob_hears(&mut bench, 74_061, false, "one");
    breaks(&bench, &[missed]);
    let mut bench = while_bob_is_away();
    bench.plan.until = Time::from_ms(74_059);
    breaks(&bench, &[]);
}

#[test]
fn of_two_devices_either_may_have_heard_what_came_while_both_were_away() {
    let mut bench = while_bob_is_away();
    let script = &mut bench.plan.clients[ALICE.0].script;
    assert_eq!(breaches_of_delivery(&while_bob_is_away()), 1);
    script.user = "bob".into();
    assert_eq!(breaches_of_delivery(&bench), 0);
}

fn breaches_of_delivery(bench: &Bench) -> usize {
    bench.breaches().iter().filter(|what| what.contains("was not heard")).count()
}

#[test]
fn a_server_that_lost_its_state_may_deliver_again() {
    let mut bench = two(false);
    bob_hears(&mut bench, 4_060, false, "one");
    bob_hears(&mut bench, 5_060, false, "two");
    bob_hears(&mut bench, 5_900, false, "two");
    assert_eq!(bench.breaches().len(), 1);
    bench.server_loses_all(5_500, 5_600);
    let breaches = bench.breaches();
    assert!(!breaches.iter().any(|what| what.contains("message")), "{breaches:?}");
}
