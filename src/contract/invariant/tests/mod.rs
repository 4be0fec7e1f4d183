//! For each invariant recordings that break it and nothing else, beside one that breaks
//! nothing and exercises them all.

mod endings;
mod messages;
mod outages;
mod states;

use super::INVARIANTS;
use crate::contract::bench::{ALICE, BOB, Bench, query};
use crate::contract::check;
use crate::protocol::{RoomEnd, Standing};
use crate::record::{ClientId, ConnId, Event, ServerFact, Who, Wire};
use crate::zim::{Call, CallId, CallKind, Callback, ErrorCode, Member};
use std::collections::BTreeSet;

/// Alice and Bob, logged in at 0, in no room.
fn online() -> Bench {
    let mut bench = Bench::new(&["alice", "bob"]);
    bench.login(0, ALICE, 2_000_000_000).login(0, BOB, 2_000_000_000);
    bench
}

/// Both in `r1` since 2 s, as server and clients say.
fn together() -> Bench {
    let mut bench = online();
    for client in [ALICE, BOB] {
        enters(&mut bench, 2_000, client);
    }
    bench
}

fn enters(bench: &mut Bench, at: u64, client: ClientId) {
    bench.entered(at, client);
    let (user, device) = bench.who(client);
    bench.fact(at + 30, ServerFact::Entered { room: "r1".into(), user, device });
}

fn left(bench: &mut Bench, at: u64, client: ClientId, cause: Option<RoomEnd>) {
    let (user, device) = bench.who(client);
    bench.fact(at, ServerFact::Left { room: "r1".into(), user, device, cause });
}

/// Alice loses the network from 12 s to 52 s; T0 is at 27 s but for the room's part.
fn loses(bench: &mut Bench) {
    bench.cut("tunnel", ALICE, 12_000, 52_000);
    bench.connection(27_000, ALICE, (3, 3));
    let (user, device) = bench.who(ALICE);
    bench.fact(45_000, ServerFact::UserOffline { user, device });
}

/// She is back at 53 s (T1), and asks.
fn returns(bench: &mut Bench) {
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench.logged_in(53_030, ALICE, true);
    bench.connection(53_060, ALICE, (2, 0)).asked(53_060, ALICE);
}

fn answered(bench: &mut Bench, at: u64, standing: Standing) {
    let (user, device) = bench.who(ALICE);
    bench.fact(at, ServerFact::Answered { user, device, room: "r1".into(), standing });
}

/// Alice is kicked off by the server at 100 s.
fn kicked(bench: &mut Bench) {
    let (user, device) = bench.who(ALICE);
    let cause = Some(crate::protocol::SessionEnd::KickedOut);
    bench.fact(100_000, ServerFact::SessionEnded { user, device, cause });
    bench.connection(100_030, ALICE, (0, 4));
}

fn attempt(bench: &mut Bench, at: u64) {
    let attempt = Wire::Attempt { conn: ConnId(9), number: 0 };
    bench.put(at, Who::Client(ALICE), Event::Wire(attempt));
}

fn to_room(text: &str) -> Call {
    Call::SendRoomMessage { room: "r1".into(), text: text.into() }
}

fn to_bob(text: &str) -> Call {
    Call::SendPeerMessage { to: "bob".into(), text: text.into() }
}

/// Bob's app is handed a message of Alice's, of the room or from her to him.
fn bob_hears(bench: &mut Bench, at: u64, in_room: bool, text: &str) {
    let (from, text) = ("alice".into(), text.into());
    let callback = match in_room {
        true => Callback::RoomMessageReceived { room: "r1".into(), from, text },
        false => Callback::PeerMessageReceived { from, text, offline: false },
    };
    bench.put(at, Who::Client(BOB), Event::Callback(callback));
}

/// Alice asks who is in the room and hears these names 60 ms later.
fn lists(bench: &mut Bench, at: u64, names: &[&str]) {
    let id = CallId(1000);
    let called = Event::Called { id, origin: crate::record::Origin::Policy, call: query() };
    let members: Vec<Member> = names.iter().map(|name| Member::from(*name)).collect();
    let kind = CallKind::QueryRoomMemberList;
    let result = Event::Result { id, kind, code: ErrorCode::SUCCESS, members: Some(members) };
    bench.put(at, Who::Client(ALICE), called).put(at + 60, Who::Client(ALICE), result);
}

fn joined(bench: &mut Bench, at: u64, who: &str) {
    let callback = Callback::RoomMemberJoined { room: "r1".into(), members: vec![who.into()] };
    bench.put(at, Who::Client(ALICE), Event::Callback(callback));
}

/// A run in which every invariant has something to check.
fn sound() -> Bench {
    let mut bench = together();
    joined(&mut bench, 2_060, "bob");
    lists(&mut bench, 3_000, &["alice", "bob"]);
    bench.call(4_000, ALICE, to_room("one"), Some((4_060, ErrorCode::SUCCESS)));
    bob_hears(&mut bench, 4_060, true, "one");
    bench.call(5_000, ALICE, to_bob("two"), Some((5_060, ErrorCode::SUCCESS)));
    bob_hears(&mut bench, 5_060, false, "two");
    loses(&mut bench);
    bench.room(27_000, ALICE, "r1", (1, 1));
    returns(&mut bench);
    answered(&mut bench, 53_090, Standing::In);
    bench.room(53_120, ALICE, "r1", (2, 0));
    left(&mut bench, 90_030, ALICE, None);
    bench.call(
        90_000,
        ALICE,
        Call::LeaveRoom { room: "r1".into() },
        Some((90_060, ErrorCode::SUCCESS)),
    );
    bench.room(90_060, ALICE, "r1", (0, 0));
    kicked(&mut bench);
    bench.call(110_000, ALICE, query(), Some((110_000, ErrorCode::USER_IS_NOT_LOGGED)));
    bench
}

/// It breaks these, each once, and no other.
fn breaks(bench: &Bench, expected: &[&str]) {
    assert_eq!(bench.breaches(), expected);
}

/// How often an invariant had something to judge, and what it says.
fn judged(bench: &Bench, id: &str) -> (usize, Vec<String>) {
    let report = check(&bench.plan, &bench.recording());
    let own = report.invariants.into_iter().find(|outcome| outcome.id == id);
    let judged = own.expect("an invariant").judged;
    (judged.occasions, judged.breaches.into_iter().map(|breach| breach.what).collect())
}

#[test]
fn a_sound_run_breaks_nothing_and_exercises_everything() {
    let bench = sound();
    breaks(&bench, &[]);
    let report = check(&bench.plan, &bench.recording());
    let idle = report.invariants.iter().filter(|outcome| outcome.judged.occasions == 0);
    assert_eq!(idle.map(|outcome| outcome.id).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.invariants.len(), INVARIANTS.len());
}

#[test]
fn every_invariant_has_its_own_name_a_text_and_a_source() {
    let ids: BTreeSet<_> = INVARIANTS.iter().map(|invariant| invariant.id).collect();
    assert_eq!(ids.len(), INVARIANTS.len());
    for invariant in INVARIANTS {
        let kebab = invariant.id.strip_prefix("I.").is_some_and(|name| {
            name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        });
        assert!(kebab, "{}", invariant.id);
        assert!(!invariant.text.is_empty() && !invariant.source.is_empty(), "{}", invariant.id);
    }
}

#[test]
fn time_that_goes_back_is_told() {
    let bench = sound();
    let mut recording = bench.recording();
    // Two events of the server's in a row, so that nothing else changes.
    let place = recording.records.iter().position(|record| record.at.ms() == 30).unwrap();
    recording.records[place].at = crate::time::Time::from_ms(31);
    let report = check(&bench.plan, &recording);
    let failures: Vec<_> = report.failures.into_iter().map(|failure| failure.what).collect();
    assert_eq!(failures, ["I.time-forward  an event of 0.030 stands after one of 0.031"]);
}

#[test]
fn hosts_out_of_their_order_and_events_after_the_end_are_told() {
    let bench = sound();
    let mut recording = bench.recording();
    let place = recording.records.iter().position(|record| record.at.ms() == 30).unwrap();
    recording.records[place].who = Who::Client(BOB);
    let order = "I.time-forward  hosts out of their order in the millisecond 0.030";
    let report = check(&bench.plan, &recording);
    assert!(report.failures.iter().any(|failure| failure.what == order), "{:?}", report.failures);
    let mut recording = bench.recording();
    recording.end = crate::time::Time::from_ms(109_999);
    let late = "I.time-forward  an event after the end of the run, 109.999";
    let report = check(&bench.plan, &recording);
    assert!(report.failures.iter().any(|failure| failure.what == late), "{:?}", report.failures);
    recording.end = crate::time::Time::from_ms(110_000);
    let report = check(&bench.plan, &recording);
    let after = |failure: &crate::contract::Failure| failure.what.starts_with("I.time-forward");
    assert!(!report.failures.iter().any(after), "{:?}", report.failures);
}

#[test]
fn the_wire_moves_no_count() {
    let bench = sound();
    let count = |bench: &Bench| {
        let report = check(&bench.plan, &bench.recording());
        report.invariants.iter().map(|outcome| outcome.judged.occasions).sum::<usize>()
    };
    let mut traced = bench.clone();
    traced.put(70_000, Who::Net, Event::Wire(Wire::Segment("ACK".into())));
    assert_eq!(count(&traced), count(&bench));
}
