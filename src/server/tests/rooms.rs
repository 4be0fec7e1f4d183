//! Who is in a room, and what becomes of the room.

use super::bench::{Bench, SUCCESS};
use crate::protocol::{ClientFrame, EnterHow, RoomEnd, ServerFrame, Standing};
use crate::time::Span;
use crate::zim::ErrorCode;

#[test]
fn a_silent_member_is_out_of_its_room_after_the_room_heartbeat() {
    let mut bench = Bench::new(|_| ());
    let (alice, session) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    assert_eq!(bench.enter(alice, "r1", EnterHow::Create), SUCCESS);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
    bench.at(10).heartbeat(alice);
    for secs in [30, 60, 90] {
        bench.at(secs).heartbeat(bob);
    }
    let left = ServerFrame::MemberLeft { room: "r1".into(), member: "alice".into() };
    bench.at(99);
    assert!(!bench.has(bob, &left));
    bench.at(100);
    assert!(bench.has(bob, &left));
    let conn = bench.come_back("alice", "phone", session);
    assert_eq!(bench.standing(conn, "r1"), Standing::TimedOut);
    assert_eq!(bench.enter(conn, "r1", EnterHow::Enter), SUCCESS);
    assert_eq!(bench.standing(conn, "r1"), Standing::In);
}

#[test]
fn a_room_heartbeat_shorter_than_the_heartbeat_puts_out_whoever_is_connected() {
    let mut bench = Bench::new(|p| p.room_heartbeat_timeout = Span::from_secs(5));
    let (alice, _) = bench.login("alice", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    bench.at(5);
    let cause = RoomEnd::TimedOut;
    assert!(bench.has(alice, &ServerFrame::RoomEnded { room: "r1".into(), cause }));
}

#[test]
fn an_empty_room_is_destroyed_after_its_delay_unless_somebody_comes() {
    let mut bench = Bench::new(|p| p.room_destroy_delay = Span::from_secs(10));
    let (alice, _) = bench.login("alice", "phone");
    let leave = |id| ClientFrame::Leave { id, room: "r1".into() };
    bench.enter(alice, "r1", EnterHow::Create);
    bench.send(alice, leave);
    bench.at(9);
    assert_eq!(bench.enter(alice, "r1", EnterHow::Join), SUCCESS);
    bench.at(20);
    assert_eq!(bench.standing(alice, "r1"), Standing::In);
    bench.send(alice, leave);
    bench.at(29);
    assert_eq!(bench.standing(alice, "r1"), Standing::Out);
    bench.at(30);
    assert_eq!(bench.standing(alice, "r1"), Standing::Gone);
}

#[test]
fn rooms_are_limited_for_users_and_for_the_application() {
    let mut bench = Bench::new(|p| {
        p.room_max_per_app = 3;
        p.room_max_per_user = 2;
    });
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    assert_eq!(bench.enter(alice, "r1", EnterHow::Create), SUCCESS);
    assert_eq!(bench.enter(alice, "r2", EnterHow::Enter), SUCCESS);
    assert_eq!(
        bench.enter(alice, "r3", EnterHow::Enter),
        ErrorCode::THE_NUMBER_OF_JOINED_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(bench.enter(bob, "r3", EnterHow::Create), SUCCESS);
    assert_eq!(
        bench.enter(bob, "r4", EnterHow::Create),
        ErrorCode::THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(
        bench.enter(bob, "r4", EnterHow::Enter),
        ErrorCode::THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT
    );
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
}

#[test]
fn entering_twice_does_no_harm_and_tells_nobody_twice() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.enter(alice, "r1", EnterHow::Create);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Enter), SUCCESS);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Join), SUCCESS);
    assert_eq!(bench.standing(bob, "r1"), Standing::In);
    assert_eq!(bench.enter(bob, "r1", EnterHow::Create), ErrorCode::THE_ROOM_ALREADY_EXISTS);
    let news = |frame: &ServerFrame| {
        matches!(frame, ServerFrame::MemberJoined { .. } | ServerFrame::MemberLeft { .. })
    };
    assert_eq!(bench.frames(alice).iter().filter(|frame| news(frame)).count(), 1);
}

#[test]
fn kept_messages_follow_the_answer_to_whoever_was_in_the_room_when_they_were_sent() {
    let kept = |seen: u64, option: bool| {
        let mut bench = Bench::new(|p| p.room_messages_while_away = option);
        let (alice, session) = bench.login("alice", "phone");
        let (bob, _) = bench.login("bob", "phone");
        bench.enter(bob, "r1", EnterHow::Enter);
        let write = |bench: &mut Bench, text: &str| {
            let text = text.to_owned();
            bench.send(bob, |id| ClientFrame::RoomMessage { id, room: "r1".into(), text });
        };
        write(&mut bench, "before she came");
        bench.enter(alice, "r1", EnterHow::Enter);
        bench.send(alice, |id| ClientFrame::RoomMessage {
            id,
            room: "r1".into(),
            text: "own".into(),
        });
        write(&mut bench, "one");
        write(&mut bench, "two");
        bench.at(1);
        let back = bench.come_back("alice", "phone", session);
        bench.send(back, |id| ClientFrame::AmIIn { id, room: "r1".into(), seen: Some(seen) });
        let texts = bench.frames(back).into_iter().filter_map(|frame| match frame {
            ServerFrame::RoomMessage { text, number, .. } => Some((number, text)),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    let [one, two] = [(Some(3), "one".to_owned()), (Some(4), "two".to_owned())];
    assert_eq!(kept(0, true), [one, two.clone()]);
    assert_eq!(kept(3, true), [two]);
    assert_eq!(kept(4, true), []);
    assert_eq!(kept(0, false), [], "without the option nothing is kept");
}

#[test]
fn whoever_left_a_room_gets_none_of_the_messages_since() {
    let mut bench = Bench::new(|p| p.room_messages_while_away = true);
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.enter(alice, "r1", EnterHow::Enter);
    bench.enter(bob, "r1", EnterHow::Enter);
    bench.send(alice, |id| ClientFrame::Leave { id, room: "r1".into() });
    bench.send(bob, |id| ClientFrame::RoomMessage {
        id,
        room: "r1".into(),
        text: "she has gone".into(),
    });
    bench.send(alice, |id| ClientFrame::AmIIn { id, room: "r1".into(), seen: Some(0) });
    let is_message = |frame: &ServerFrame| matches!(frame, ServerFrame::RoomMessage { .. });
    assert!(!bench.frames(alice).iter().any(is_message));
}

#[test]
fn the_newest_2000_messages_of_a_room_are_kept() {
    let mut bench = Bench::new(|p| p.room_messages_while_away = true);
    let (alice, session) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.enter(alice, "r1", EnterHow::Enter);
    bench.enter(bob, "r1", EnterHow::Enter);
    for _ in 0..2001 {
        let (room, text) = ("r1".into(), String::new());
        bench.send(bob, |id| ClientFrame::RoomMessage { id, room, text });
    }
    bench.at(1);
    let back = bench.come_back("alice", "phone", session);
    bench.send(back, |id| ClientFrame::AmIIn { id, room: "r1".into(), seen: Some(0) });
    let number = |frame| match frame {
        ServerFrame::RoomMessage { number, .. } => number,
        _ => None,
    };
    let numbers = bench.frames(back).into_iter().filter_map(number);
    assert!(numbers.eq(2..=2001));
}
