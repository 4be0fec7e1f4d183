//! Rows `4.*`. Alice is in r1 since 2.060; T0 is 27 s, T1 is 40 s, T2 40.060.

use crate::contract::bench::{ALICE, Bench};
use crate::contract::{OutageEnd, Report};
use crate::protocol::{RoomEnd, Standing};
use crate::record::ServerFact;
use crate::time::Time;
use crate::zim::{Call, ConnectionEvent, ErrorCode, RoomEvent};

const NEVER: u64 = 10_000_000;

fn in_room() -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench
}

fn at_t0() -> Bench {
    let mut bench = in_room();
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    bench.attempts(ALICE, &[28_000, 39_900]);
    bench
}

fn at_t1() -> Bench {
    let mut bench = at_t0();
    bench.logged_in(39_970, ALICE, true).connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
    bench
}

fn answered(standing: Standing) -> Bench {
    let mut bench = at_t1();
    answer(&mut bench, 40_030, standing);
    bench
}

fn answer(bench: &mut Bench, at: u64, standing: Standing) {
    let (user, device) = bench.who(ALICE);
    bench.fact(at, ServerFact::Answered { user, device, room: "r1".into(), standing });
}

fn left(bench: &mut Bench, at: u64, cause: Option<RoomEnd>) {
    let (user, device) = bench.who(ALICE);
    bench.fact(at, ServerFact::Left { room: "r1".into(), user, device, cause });
}

fn verdict(bench: &mut Bench, pair: (u32, u32)) -> Report {
    bench.room(40_060, ALICE, "r1", pair).report()
}

#[test]
fn each_answer_has_its_row_and_its_callback() {
    let table = [
        (Standing::In, (2, 0), "4.T2.restored"),
        (Standing::TimedOut, (0, 9), "4.T2.timeout"),
        (Standing::Gone, (0, 3), "4.T2.gone"),
        (Standing::Out, (0, 2), "4.T2.other"),
        (Standing::Kicked, (0, 2), "4.T2.other"),
        (Standing::OtherDevice, (0, 10), "4.T2.other"),
    ];
    for (standing, pair, row) in table {
        let mut bench = answered(standing);
        let report = verdict(&mut bench, pair);
        assert!(report.held(), "{row}: {:?}", report.failures);
        for row in ["4.T0", "4.T1", "4.asks", row] {
            bench.holds(row);
        }
        let [outage] = &report.outages[..] else { panic!("{:?}", report.outages) };
        assert_eq!(
            (outage.row, outage.held, outage.end),
            (Some(row), Some(true), OutageEnd::Verdict)
        );
        assert_eq!(outage.t1.map(|mark| mark.at.ms()), Some(40_000));
        assert_eq!(outage.asked, [Time::from_ms(40_000)]);
    }
}

#[test]
fn each_verdict_that_the_server_did_not_give_is_contradicted() {
    let table = [
        (Standing::TimedOut, (2, 0), "4.T2.restored"),
        (Standing::In, (0, 9), "4.T2.timeout"),
        (Standing::TimedOut, (0, 3), "4.T2.gone"),
        (Standing::In, (0, 2), "4.T2.other"),
        (Standing::Kicked, (0, 8), "4.T2.other"),
        (Standing::In, (1, 6), "4.T2.other"),
    ];
    for (standing, pair, row) in table {
        let mut bench = answered(standing);
        let report = verdict(&mut bench, pair);
        let [Err(why)] = &bench.verdicts(row)[..] else { panic!("{row} of {pair:?}") };
        assert!(why.contains("but the server answered at 40.030"), "{why}");
        assert_eq!(report.outages[0].held, Some(false));
    }
}

#[test]
fn a_kick_while_away_follows_its_parameter() {
    let mut bench = answered(Standing::Kicked);
    bench.plan.params.room_kicked_while_away = RoomEvent::KickedOut;
    verdict(&mut bench, (0, 8));
    bench.holds("4.T2.other");
}

#[test]
fn a_verdict_without_an_answer_must_wait_for_all_questions() {
    for (at, held) in [(54_999, false), (55_000, true)] {
        let mut bench = at_t1();
        bench.room(at, ALICE, "r1", (0, 2));
        assert_eq!(bench.verdicts("4.T2.other")[0].is_ok(), held, "{at}");
    }
    let mut bench = at_t1();
    verdict(&mut bench, (2, 0));
    let what = "CONNECTED/SUCCESS (2/0) at 40.060 without an answer";
    bench.contradicts("4.T2.restored", what);
}

#[test]
fn answers_that_were_lost_on_the_way_need_a_fault_to_be_believed() {
    let mut bench = answered(Standing::In);
    bench.room(55_000, ALICE, "r1", (0, 2));
    assert!(bench.verdicts("4.T2.other")[0].is_err());
    bench.cut("tunnel", ALICE, 40_035, 60_000);
    bench.holds("4.T2.other");
}

#[test]
fn a_room_that_never_gives_a_verdict_is_contradicted() {
    let bench = answered(Standing::In);
    bench.contradicts("4.T2.restored", "no verdict by 200.000, T1 40.000");
    let pending = "alice: r1 has been CONNECTING/NETWORK_INTERRUPTED (1/1) since 27.000";
    assert_eq!(bench.report().pending, [pending]);
}

#[test]
fn a_verdict_may_wait_for_proof_that_the_link_lives_but_no_longer() {
    // 3 questions of 5 s; heartbeat 10 s + 5 s + 5 s; one more question; 1 s.
    for (end, held) in [(81_000, true), (81_001, false)] {
        let mut bench = answered(Standing::In);
        bench.plan.until = Time::from_ms(end);
        assert_eq!(bench.report().held(), held, "{end}");
    }
}

#[test]
fn a_verdict_before_the_connection_is_back_is_contradicted() {
    let mut bench = at_t0();
    bench.room(30_000, ALICE, "r1", (0, 9));
    let what = "DISCONNECTED/CONNECT_TIMEOUT (0/9) at 30.000 before the connection was back";
    bench.contradicts("4.T2.timeout", what);
}

#[test]
fn a_verdict_after_the_connection_is_lost_again_is_contradicted() {
    let mut bench = answered(Standing::In);
    bench.connection(40_040, ALICE, (3, 3)).room(40_060, ALICE, "r1", (2, 0));
    bench.attempts(ALICE, &[41_000, 80_000, 120_000, 160_000]);
    let what = "CONNECTED/SUCCESS (2/0) at 40.060 before the connection was back";
    bench.contradicts("4.T2.restored", what);
}

#[test]
fn a_silent_late_or_groundless_interruption_is_contradicted() {
    let mut bench = in_room();
    bench.connection(190_000, ALICE, (3, 3));
    bench.contradicts("4.T0", "the room said nothing at T0, 190.000");
    bench.room(190_001, ALICE, "r1", (1, 1));
    bench.contradicts("4.T0", "1/1 only at 190.001, T0 190.000");
    let mut bench = in_room();
    bench.room(190_000, ALICE, "r1", (1, 1));
    let what = "CONNECTING/NETWORK_INTERRUPTED (1/1) while the connection stood";
    bench.contradicts("4.T0", what);
}

#[test]
fn rooms_may_speak_before_the_connection() {
    let mut bench = in_room();
    bench.room(27_000, ALICE, "r1", (1, 1)).connection(27_000, ALICE, (3, 3));
    bench.attempts(ALICE, &[28_000]);
    bench.room(40_000, ALICE, "r1", (1, 1)).connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
    bench.plan.params.room_callback_at_t1 = true;
    answer(&mut bench, 40_030, Standing::In);
    let report = verdict(&mut bench, (2, 0));
    assert!(report.held(), "{:?}", report.failures);
    bench.holds("4.T0");
    bench.holds("4.T1");
}

#[test]
fn a_room_that_is_not_connected_has_no_t0() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).room(26_990, ALICE, "r1", (1, 6));
    bench.connection(27_000, ALICE, (3, 3)).attempts(ALICE, &[28_000]);
    bench.connection(29_000, ALICE, (2, 0));
    bench.leaves_out("4.T0");
    assert!(bench.report().outages.is_empty());
}

#[test]
fn a_room_that_was_never_connected_may_fail_with_the_connection() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).room(26_990, ALICE, "r1", (1, 6));
    bench.room(27_000, ALICE, "r1", (1, 1)).connection(27_000, ALICE, (3, 3));
    assert!(bench.report().outages.is_empty());
}

#[test]
fn the_callback_at_t1_follows_its_parameter() {
    let mut bench = answered(Standing::In);
    bench.room(40_000, ALICE, "r1", (1, 1));
    verdict(&mut bench, (2, 0));
    bench.contradicts("4.T1", "1/1 again at 40.000, room.callback_at_t1 is off");
    bench.plan.params.room_callback_at_t1 = true;
    bench.holds("4.T1");
    let mut bench = answered(Standing::In);
    bench.plan.params.room_callback_at_t1 = true;
    verdict(&mut bench, (2, 0));
    bench.contradicts("4.T1", "no 1/1 again at T1, 40.000");
}

#[test]
fn an_interruption_told_again_at_no_t1_is_contradicted() {
    let mut bench = answered(Standing::In);
    bench.room(33_000, ALICE, "r1", (1, 1));
    verdict(&mut bench, (2, 0));
    let odd = "1/1 again at 33.000, which is no T1".to_owned();
    assert_eq!(bench.verdicts("4.T1"), [Err(odd), Ok(())]);
}

#[test]
fn not_asking_at_t1_or_asking_offline_is_contradicted() {
    let mut bench = at_t0();
    bench.connection(40_000, ALICE, (2, 0)).asked(40_001, ALICE);
    answer(&mut bench, 40_030, Standing::In);
    verdict(&mut bench, (2, 0));
    bench.contradicts("4.asks", "asked only at 40.001, T1 40.000");
    let mut bench = at_t0();
    bench.connection(40_000, ALICE, (2, 0));
    bench.contradicts("4.asks", "the server was not asked at T1, 40.000");
    let mut bench = at_t0();
    bench.asked(30_000, ALICE);
    bench.contradicts("4.asks", "asked at 30.000 without a connection");
}

#[test]
fn asking_in_the_moment_of_a_loss_is_no_asking_offline() {
    let mut bench = at_t1();
    bench.asked(40_020, ALICE).connection(40_020, ALICE, (3, 3)).attempts(ALICE, &[41_000]);
    bench.holds("4.asks");
    let mut bench = at_t0();
    bench.connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
    bench.connection(40_000, ALICE, (3, 3)).attempts(ALICE, &[41_000]);
    bench.holds("4.asks");
}

#[test]
fn an_interruption_may_be_told_again_at_each_t1_and_each_new_loss() {
    let mut bench = at_t1();
    bench.plan.params.room_callback_at_t1 = true;
    bench.room(40_000, ALICE, "r1", (1, 1));
    bench.connection(40_020, ALICE, (3, 3)).room(40_020, ALICE, "r1", (1, 1));
    bench.attempts(ALICE, &[41_000]).connection(50_000, ALICE, (2, 0)).asked(50_000, ALICE);
    bench.room(50_000, ALICE, "r1", (1, 1));
    assert_eq!(bench.verdicts("4.T1"), [Ok(()), Ok(())]);
}

#[test]
fn a_loss_before_t2_continues_the_outage() {
    let mut bench = at_t1();
    bench.connection(40_020, ALICE, (3, 3)).attempts(ALICE, &[41_000]);
    bench.connection(50_000, ALICE, (2, 0)).asked(50_000, ALICE);
    answer(&mut bench, 50_030, Standing::In);
    bench.room(50_060, ALICE, "r1", (2, 0));
    let report = bench.report();
    assert!(report.held(), "{:?}", report.failures);
    let [outage] = &report.outages[..] else { panic!("{:?}", report.outages) };
    assert_eq!(outage.t0.at.ms(), 27_000);
    assert_eq!(outage.t1.map(|mark| mark.at.ms()), Some(50_000));
    let [relapse] = &outage.relapses[..] else { panic!("{:?}", outage.relapses) };
    assert_eq!((relapse.t1.at.ms(), relapse.lost.at.ms()), (40_000, 40_020));
    assert_eq!((&relapse.asked[..], relapse.answers.len()), (&[Time::from_ms(40_000)][..], 0));
    bench.holds("4.T0");
    assert_eq!(bench.verdicts("4.T1"), [Ok(()), Ok(())]);
    bench.holds("4.T2.restored");
}

#[test]
fn an_answer_of_before_the_last_t1_counts_no_more() {
    let mut bench = answered(Standing::In);
    bench.connection(40_040, ALICE, (3, 3)).attempts(ALICE, &[41_000]);
    bench.connection(50_000, ALICE, (2, 0)).asked(50_000, ALICE);
    answer(&mut bench, 50_030, Standing::TimedOut);
    bench.room(50_060, ALICE, "r1", (2, 0));
    assert!(bench.verdicts("4.T2.restored")[0].is_err());
}

#[test]
fn a_room_that_ends_with_its_session_or_is_left_has_no_t2() {
    let at = Time::from_ms(35_000);
    type End = fn(&mut Bench);
    let ends: [(End, OutageEnd); 3] = [
        (
            |bench| {
                bench.room(35_000, ALICE, "r1", (0, 2)).connection(35_000, ALICE, (0, 6));
            },
            OutageEnd::Session { at, event: ConnectionEvent::Unregistered },
        ),
        (
            |bench| {
                bench.call(35_000, ALICE, Call::Logout, Some((35_000, ErrorCode::SUCCESS)));
                bench.connection(35_000, ALICE, (0, 0)).room(35_000, ALICE, "r1", (0, 0));
            },
            OutageEnd::Session { at, event: ConnectionEvent::Success },
        ),
        (
            |bench| {
                let leave = Call::LeaveRoom { room: "r1".into() };
                bench.call(35_000, ALICE, leave, Some((35_000, ErrorCode::SUCCESS)));
                bench.room(35_000, ALICE, "r1", (0, 0));
            },
            OutageEnd::Left(at),
        ),
    ];
    for (end, ended) in ends {
        let mut bench = in_room();
        bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
        bench.attempts(ALICE, &[28_000]);
        end(&mut bench);
        for row in ["4.T2.restored", "4.T2.timeout", "4.T2.gone", "4.T2.other"] {
            bench.leaves_out(row);
        }
        let outage = &bench.report().outages[0];
        assert_eq!((outage.row, outage.end), (None, ended));
    }
}

#[test]
fn only_leaving_this_room_in_this_outage_ends_it() {
    let end = |leave: (u64, &str)| {
        let mut bench = at_t0();
        let leave_room = Call::LeaveRoom { room: leave.1.into() };
        bench.call(leave.0, ALICE, leave_room, Some((leave.0, ErrorCode::SUCCESS)));
        bench.room(35_000, ALICE, "r1", (0, 0));
        bench.report().outages[0].end
    };
    assert_eq!(end((30_000, "r1")), OutageEnd::Left(Time::from_ms(35_000)));
    assert_eq!(end((30_000, "r2")), OutageEnd::Verdict);
    assert_eq!(end((26_999, "r1")), OutageEnd::Verdict);
    assert_eq!(end((35_001, "r1")), OutageEnd::Verdict);
}

#[test]
fn an_end_that_the_server_tells_ahead_of_its_answer_is_no_contradiction() {
    let mut bench = at_t1();
    left(&mut bench, 40_010, Some(RoomEnd::Destroyed));
    bench.room(40_040, ALICE, "r1", (0, 3));
    bench.holds("4.T2.gone");
    let mut bench = at_t1();
    left(&mut bench, 40_010, Some(RoomEnd::Kicked));
    bench.room(40_040, ALICE, "r1", (0, 8));
    bench.leaves_out("4.T2.other");
    assert!(bench.report().held());
}

#[test]
fn an_end_told_ahead_is_one_of_this_room_since_the_session_came_back() {
    let mut bench = at_t1();
    left(&mut bench, 39_980, Some(RoomEnd::Destroyed));
    bench.room(40_040, ALICE, "r1", (0, 3));
    bench.holds("4.T2.gone");
    let unanswered = "DISCONNECTED/ROOM_NOT_EXIST (0/3) at 40.040 without an answer";
    let mut bench = at_t1();
    left(&mut bench, 30_000, Some(RoomEnd::Destroyed));
    bench.room(40_040, ALICE, "r1", (0, 3));
    bench.contradicts("4.T2.gone", unanswered);
    let mut bench = at_t1();
    let (user, device) = bench.who(ALICE);
    let cause = Some(RoomEnd::Destroyed);
    bench.fact(40_010, ServerFact::Left { room: "r2".into(), user, device, cause });
    bench.room(40_040, ALICE, "r1", (0, 3));
    bench.contradicts("4.T2.gone", unanswered);
}

/// The SDK may hold a message over a break and send it again: its result is nobody's row.
#[test]
fn a_peer_message_may_be_answered_after_the_break() {
    let mut bench = answered(Standing::In);
    let message = Call::SendPeerMessage { to: "bob".into(), text: "hi".into() };
    bench.call(20_000, ALICE, message, Some((41_000, ErrorCode::SUCCESS)));
    assert!(verdict(&mut bench, (2, 0)).held());
}
