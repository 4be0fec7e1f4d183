//! Peer messages, and what a restart does to them.

use super::bench::{Bench, SUCCESS};
use crate::node::Input;
use crate::protocol::{ClientFrame, ServerFrame};
use crate::record::{AdminAct, CloseCause, ConnId};
use crate::server::Server;
use crate::time::Now;
use crate::zim::ErrorCode;
use std::sync::Arc;

#[test]
fn peer_messages_are_pushed_again_until_they_are_confirmed() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, session) = bench.login("bob", "phone");
    for (key, text) in [(1, "one"), (2, "two"), (2, "two")] {
        let text = text.to_owned();
        bench.send(alice, |id| ClientFrame::PeerMessage { id, to: "bob".into(), text, key });
    }
    bench.send(bob, |_| ClientFrame::Got { upto: 1 });
    bench.at(1);
    let back = bench.come_back("bob", "phone", session);
    let messages: Vec<_> = bench
        .frames(back)
        .into_iter()
        .filter_map(|frame| match frame {
            ServerFrame::PeerMessage { number, text, offline, .. } => Some((number, text, offline)),
            _ => None,
        })
        .collect();
    assert_eq!(messages, [(2, "two".into(), true)]);
}

#[test]
fn a_confirmation_of_what_was_never_sent_is_no_promise() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, _) = bench.login("bob", "phone");
    bench.send(alice, |id| ClientFrame::PeerMessage {
        id,
        to: "bob".into(),
        text: "1".into(),
        key: 2,
    });
    bench.send(bob, |_| ClientFrame::Got { upto: 1_000_000 });
    bench.send(alice, |id| ClientFrame::PeerMessage {
        id,
        to: "bob".into(),
        text: "2".into(),
        key: 3,
    });
    bench.at(1);
    bench.feed(Input::Closed(bob, CloseCause::Reset));
    let (bob, _) = bench.login("bob", "phone");
    let second = |frame: &ServerFrame| {
        matches!(frame, ServerFrame::PeerMessage { number: 2, offline: true, .. })
    };
    assert!(bench.frames(bob).iter().any(second));
}

#[test]
fn a_process_without_memory_reuses_no_message_number_and_forgets_no_account() {
    let mut bench = Bench::new(|_| ());
    bench.login("alice", "phone");
    bench.feed(Input::Act(AdminAct::Unregister { user: "mallory".into() }));
    let memory = bench.server.memory.lost(1);
    let now = Now::exact(bench.now);
    bench.server = Server::start(Arc::clone(&bench.params), memory, now, false);
    let conn = bench.open();
    bench.login_on(conn, "mallory", "phone", None);
    assert_eq!(bench.refusal(conn), Some((ErrorCode::COMMON_ERROR, None)));
    let (bob, _) = bench.login("bob", "phone");
    let (to, text) = ("alice".into(), "hello".into());
    let sent = bench.send(bob, |id| ClientFrame::PeerMessage { id, to, text, key: 1 });
    assert_eq!(bench.code(bob, sent), SUCCESS, "alice's account is known");
    let (alice, _) = bench.login("alice", "phone");
    let fresh = |frame: &ServerFrame| match frame {
        ServerFrame::PeerMessage { number, .. } => *number > u64::from(u32::MAX),
        _ => false,
    };
    assert!(bench.frames(alice).iter().any(fresh));
}

/// What a session was handed of peer messages: their texts, and whether as missed.
fn mail(bench: &Bench, conn: ConnId) -> Vec<(String, bool)> {
    let message = |frame| match frame {
        ServerFrame::PeerMessage { text, offline, .. } => Some((text, offline)),
        _ => None,
    };
    bench.frames(conn).into_iter().filter_map(message).collect()
}

fn write(bench: &mut Bench, from: ConnId, (key, text): (u64, &str)) {
    let (to, text) = ("bob".into(), text.into());
    bench.send(from, |id| ClientFrame::PeerMessage { id, to, text, key });
}

#[test]
fn a_message_waits_for_each_device_and_no_longer() {
    let mut bench = Bench::new(|p| p.login_multi_device = true);
    let (alice, _) = bench.login("alice", "phone");
    let (phone, session) = bench.login("bob", "phone");
    let (tablet, other) = bench.login("bob", "tablet");
    bench.feed(Input::Closed(phone, CloseCause::Reset));
    write(&mut bench, alice, (1, "one"));
    assert_eq!(mail(&bench, tablet), [("one".into(), false)]);
    bench.send(tablet, |_| ClientFrame::Got { upto: 1 });
    // The tablet has it, the phone has not: it waits for the phone, and only for the phone.
    bench.at(1);
    let tablet = bench.come_back("bob", "tablet", other);
    assert_eq!(mail(&bench, tablet), []);
    let phone = bench.come_back("bob", "phone", session);
    assert_eq!(mail(&bench, phone), [("one".into(), true)]);
    bench.send(phone, |_| ClientFrame::Got { upto: 1 });
    assert!(bench.server.memory.mail["bob"].waiting.is_empty());
}

#[test]
fn a_message_is_missed_if_it_came_before_its_receiver() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let (bob, session) = bench.login("bob", "phone");
    bench.feed(Input::Closed(bob, CloseCause::Reset));
    bench.at(1);
    write(&mut bench, alice, (1, "before"));
    bench.at(2);
    write(&mut bench, alice, (2, "in the same millisecond"));
    let bob = bench.come_back("bob", "phone", session);
    let expected = [("before".into(), true), ("in the same millisecond".into(), false)];
    assert_eq!(mail(&bench, bob), expected);
}

#[test]
fn a_message_that_was_refused_is_refused_again_when_it_is_sent_again() {
    let mut bench = Bench::new(|_| ());
    let (alice, _) = bench.login("alice", "phone");
    let write = |bench: &mut Bench, to: &str, key| {
        let (to, text) = (to.into(), "hello".into());
        let sent = bench.send(alice, |id| ClientFrame::PeerMessage { id, to, text, key });
        bench.code(alice, sent)
    };
    assert_eq!(write(&mut bench, "bob", 1), ErrorCode::TARGET_DOES_NOT_EXIST);
    assert_eq!(write(&mut bench, "alice", 2), SUCCESS);
    // Its answer was lost; meanwhile there is a bob.
    let (bob, _) = bench.login("bob", "phone");
    assert_eq!(write(&mut bench, "bob", 1), ErrorCode::TARGET_DOES_NOT_EXIST);
    assert_eq!(write(&mut bench, "alice", 2), SUCCESS);
    assert_eq!(mail(&bench, bob), []);
    assert_eq!(mail(&bench, alice).len(), 1);
    assert_eq!(write(&mut bench, "bob", 3), SUCCESS);
    assert_eq!(mail(&bench, bob).len(), 1);
}
