//! Noticing that a link is dead, and getting it back.

use super::bench::Bench;
use crate::node::Input;
use crate::param::{CallbackOrder, Params, Percent};
use crate::protocol::{ClientFrame, RequestId, ServerFrame, SessionEnd, SessionRef, Standing};
use crate::record::{CloseCause, ConnId};
use crate::time::Span;
use crate::zim::{Call, ErrorCode};
use std::collections::BTreeSet;

fn heartbeats(bench: &Bench) -> usize {
    bench.frames.iter().filter(|f| matches!(f, ClientFrame::Heartbeat { .. })).count()
}

#[test]
fn a_heartbeat_goes_out_every_period_while_it_is_answered() {
    let mut bench = Bench::online(|_| ());
    for period in 1..=5 {
        bench.at(period * 10_000 - 1);
        assert_eq!(heartbeats(&bench), usize::try_from(period).unwrap() - 1);
        bench.at(period * 10_000);
        let id = bench.last_request();
        bench.push(&ServerFrame::Alive { id });
    }
    assert_eq!(bench.pairs(), [""; 0]);
}

#[test]
fn an_unanswered_heartbeat_is_forgiven_until_patience_and_grace_are_over() {
    let mut bench = Bench::online(|_| ());
    bench.at(19_999);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(20_000);
    assert_eq!(bench.pairs(), ["3/3"]);
    assert_eq!(bench.hung_up, [ConnId(0)]);
}

#[test]
fn an_answer_in_the_last_millisecond_saves_the_link() {
    let mut bench = Bench::online(|_| ());
    bench.at(19_999);
    let id = bench.last_request();
    bench.push(&ServerFrame::Alive { id });
    bench.at(20_100);
    assert_eq!(bench.pairs(), [""; 0]);
}

#[test]
fn pushes_do_not_count_as_an_answer() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    bench.at(15_000);
    let (room, from) = ("r1".into(), "bob".into());
    bench.push(&ServerFrame::RoomMessage { room, from, text: "hello".into(), number: None });
    bench.at(20_000);
    assert_eq!(bench.pairs(), ["3/3", "r1 1/1"]);
}

#[test]
fn pauses_double_up_to_the_longest_and_never_end() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    bench.forget();
    let mut gone = Vec::new();
    let mut last = 0;
    for _ in 0..9 {
        let next = next_attempt(&bench);
        bench.at(next);
        gone.push((next - last) / 1000);
        last = next;
        bench.close(CloseCause::Refused);
    }
    assert_eq!(gone, [1, 2, 4, 8, 16, 30, 30, 30, 30]);
    assert_eq!(bench.attempts.len(), 9);
}

fn next_attempt(bench: &Bench) -> u64 {
    bench.deadline().expect("the next attempt").ms()
}

#[test]
fn jitter_stays_within_its_share_and_differs_by_seed() {
    let pause = |seed| {
        let params = Params { reconnect_jitter: Percent::from_ppm(200_000), ..Params::default() };
        let mut bench = Bench::seeded(params, seed);
        bench.login(Span::from_secs(3600));
        bench.accept();
        bench.close(CloseCause::Reset);
        next_attempt(&bench)
    };
    let pauses: Vec<_> = (0..50).map(pause).collect();
    assert!(pauses.iter().all(|ms| (800..=1200).contains(ms)), "{pauses:?}");
    assert!(pauses.iter().any(|ms| *ms < 900) && pauses.iter().any(|ms| *ms > 1100));
    assert_eq!(pause(3), pause(3));
}

#[test]
fn a_connect_that_hangs_is_given_up_after_its_timeout() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    bench.forget();
    bench.at(1_000);
    assert_eq!(bench.attempts.len(), 1);
    bench.at(10_999);
    assert_eq!(bench.hung_up, []);
    bench.at(11_000);
    assert_eq!(bench.hung_up, [ConnId(1)]);
    bench.at(13_000);
    assert_eq!(bench.attempts.len(), 2);
}

#[test]
fn a_login_that_nobody_answers_is_given_up_and_tried_again() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    bench.forget();
    bench.at(1_000).open();
    bench.at(11_000);
    assert_eq!(bench.hung_up, [ConnId(1)]);
    bench.at(13_000).accept();
    assert_eq!(bench.pairs(), ["2/0"]);
}

#[test]
fn a_return_asks_about_each_room_and_the_answers_decide() {
    let mut bench = Bench::online(|_| ());
    for room in ["in", "out", "gone", "kicked", "elsewhere", "lost"] {
        bench.enter_for_good(room);
    }
    bench.close(CloseCause::Finished);
    bench.forget();
    bench.at(1_000).accept();
    assert_eq!(bench.pairs(), ["2/0"]);
    let asked: Vec<_> = bench.frames.clone();
    let answers = [
        ("in", Standing::In, "in 2/0"),
        ("out", Standing::TimedOut, "out 0/9"),
        ("gone", Standing::Gone, "gone 0/3"),
        ("kicked", Standing::Kicked, "kicked 0/2"),
        ("elsewhere", Standing::OtherDevice, "elsewhere 0/10"),
        ("lost", Standing::Out, "lost 0/2"),
    ];
    for (room, standing, told) in answers {
        let question = asked.iter().find_map(|frame| match frame {
            ClientFrame::AmIIn { id, room: about, .. } if about.as_str() == room => Some(*id),
            _ => None,
        });
        bench.push(&ServerFrame::Standing { id: question.expect("a question"), standing });
        assert_eq!(bench.pairs(), [told]);
    }
}

#[test]
fn an_unanswered_question_is_asked_again_and_decided_as_lost_on_a_living_link() {
    let mut bench = Bench::online(|p| p.heartbeat_period = Span::from_secs(12));
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    bench.forget();
    bench.at(5_999);
    assert_eq!(bench.frames.len(), 0);
    bench.at(12_999);
    assert_eq!(bench.frames.len(), 2, "asked three times in all");
    bench.at(13_000);
    let id = bench.last_request();
    bench.push(&ServerFrame::Alive { id });
    bench.at(15_999);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(16_000);
    assert_eq!(bench.pairs(), ["r1 0/2"]);
    assert!(matches!(bench.frames.last(), Some(ClientFrame::Leave { .. })));
}

#[test]
fn an_answer_to_an_earlier_asking_is_an_answer() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    let first = bench.last_request();
    bench.at(7_000);
    assert_ne!(bench.last_request(), first, "asked again");
    bench.forget();
    bench.push(&ServerFrame::Standing { id: first, standing: Standing::Gone });
    assert_eq!(bench.pairs(), ["r1 0/3"]);
}

#[test]
fn a_heartbeat_sent_in_the_moment_of_the_question_proves_nothing_about_it() {
    let mut bench = Bench::online(|p| p.heartbeat_period = Span::from_secs(10));
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    // T1 at 1 s, asked again at 6 s and, together with the heartbeat, at 11 s.
    bench.at(1_000).accept();
    bench.at(11_000);
    let heartbeats: Vec<_> = bench
        .frames
        .iter()
        .filter_map(|frame| match frame {
            ClientFrame::Heartbeat { id } => Some(*id),
            _ => None,
        })
        .collect();
    bench.forget();
    bench.push(&ServerFrame::Alive { id: *heartbeats.last().expect("a heartbeat") });
    bench.at(16_500);
    assert_eq!(bench.pairs(), [""; 0]);
}

#[test]
fn an_unanswered_question_is_no_verdict_on_a_link_that_may_be_dead() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    bench.forget();
    bench.at(20_999);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(21_000);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(22_000).accept();
    let id = bench.last_request();
    bench.push(&ServerFrame::Standing { id, standing: Standing::In });
    assert_eq!(bench.pairs(), ["2/0", "r1 2/0"]);
}

#[test]
fn a_second_break_before_the_verdict_tells_nothing_new_of_the_room() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    assert_eq!(bench.pairs(), ["3/3", "r1 1/1", "2/0"]);
    bench.close(CloseCause::Reset);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(2_000).accept();
    let id = bench.last_request();
    bench.push(&ServerFrame::Standing { id, standing: Standing::In });
    assert_eq!(bench.pairs(), ["2/0", "r1 2/0"]);
}

#[test]
fn rooms_may_be_told_first() {
    let mut bench = Bench::online(|p| p.callback_order = CallbackOrder::RoomsFirst);
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    assert_eq!(bench.pairs(), ["r1 1/1", "3/3"]);
}

#[test]
fn the_network_is_acted_on_at_once_when_the_system_tells() {
    let mut bench = Bench::online(|_| ());
    bench.at(3_000).feed(Input::NetworkDown);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(3_500).feed(Input::NetworkUp);
    assert_eq!(bench.attempts.len(), 1);
    // An attempt under way may have been made without a network: it is made anew.
    bench.at(3_600).feed(Input::NetworkUp);
    assert_eq!(bench.attempts.len(), 2);
    assert_eq!(bench.hung_up, [ConnId(0), ConnId(1)]);
    bench.feed(Input::NetworkDown);
    assert_eq!(bench.hung_up, [ConnId(0), ConnId(1), ConnId(2)]);
}

#[test]
fn a_resumed_app_sends_a_heartbeat_at_once() {
    let mut bench = Bench::online(|_| ());
    bench.at(3_000).feed(Input::Resumed);
    assert_eq!(heartbeats(&bench), 1);
    bench.at(12_999);
    assert_eq!(bench.pairs(), [""; 0]);
    bench.at(13_000);
    assert_eq!(bench.pairs(), ["3/3"]);
}

#[test]
fn nonsense_from_the_server_ends_the_connection_and_nothing_else() {
    let mut bench = Bench::online(|_| ());
    bench.feed(Input::Bytes(ConnId(0), vec![0xff; 40]));
    assert_eq!(bench.hung_up, [ConnId(0)]);
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(1_000);
    let conn = bench.conn.expect("an attempt");
    bench.open();
    bench.feed(Input::Bytes(conn, b"SSH-2.0-nonsense\r\n\r\n".to_vec()));
    assert_eq!(bench.hung_up, [ConnId(0), conn]);
    bench.at(3_000).accept();
    assert_eq!(bench.pairs(), ["2/0"]);
}

#[test]
fn late_news_of_an_old_connection_is_ignored() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    bench.forget();
    late_news(&mut bench);
    assert_eq!((bench.pairs(), bench.hung_up.len()), (Vec::new(), 0));
    // Nor do they help or harm an attempt, or a login, that is under way.
    bench.close(CloseCause::Reset);
    bench.at(2_000);
    bench.forget();
    late_news(&mut bench);
    bench.open();
    late_news(&mut bench);
    assert_eq!((bench.frames.len(), bench.hung_up.len()), (1, 0));
    bench.welcome();
    assert_eq!(bench.pairs(), ["2/0"]);
}

fn late_news(bench: &mut Bench) {
    bench.feed(Input::Closed(ConnId(0), CloseCause::Reset));
    bench.feed(Input::Bytes(ConnId(0), vec![0xff; 40]));
    bench.feed(Input::Opened(ConnId(0)));
}

/// A ping and a close of the WebSocket, as a server sends them.
const PING: [u8; 2] = [0x89, 0];
const CLOSE: [u8; 4] = [0x88, 2, 3, 0xe8];

#[test]
fn a_ping_is_answered_whenever_it_comes() {
    let mut bench = Bench::new(|_| ());
    bench.login(Span::from_secs(3600));
    bench.open();
    let logging_in = bench.last_request();
    for online in [false, true] {
        if online {
            let session = SessionRef { id: 7, since: 0 };
            bench.push(&ServerFrame::Welcome { id: logging_in, session });
        }
        bench.forget();
        bench.feed(Input::Bytes(ConnId(0), PING.to_vec()));
        let pong: Vec<_> = bench.sent.iter().map(|bytes| bytes[0]).collect();
        assert_eq!(pong, [0x8a], "online: {online}");
    }
    // What needs no answer gets none.
    bench.forget();
    bench.push(&ServerFrame::Ended { cause: SessionEnd::KickedOut });
    assert!(bench.sent.is_empty());
}

#[test]
fn a_server_that_closes_is_closed_to_and_tried_again() {
    let mut bench = Bench::online(|_| ());
    bench.feed(Input::Bytes(ConnId(0), CLOSE.to_vec()));
    assert_eq!(bench.hung_up, [ConnId(0)]);
    assert_eq!(bench.pairs(), ["3/3"]);
    // In the middle of a login, too.
    bench.at(1_000).open();
    bench.feed(Input::Bytes(ConnId(1), CLOSE.to_vec()));
    assert_eq!(bench.hung_up, [ConnId(0), ConnId(1)]);
    bench.at(3_000).accept();
    assert_eq!(bench.pairs(), ["2/0"]);
}

#[test]
fn only_the_answer_to_this_login_counts() {
    let mut bench = Bench::new(|_| ());
    bench.login(Span::from_secs(3600));
    bench.open();
    let id = RequestId(bench.last_request().0 + 1);
    bench.forget();
    let (code, session) = (ErrorCode::COMMON_ERROR, SessionRef { id: 7, since: 0 });
    bench.push(&ServerFrame::Refused { id, code, ended: None });
    bench.push(&ServerFrame::Welcome { id, session });
    assert_eq!((bench.pairs(), bench.hung_up.len()), (Vec::new(), 0));
}

#[test]
fn a_refusal_that_ends_no_session_is_no_reason_to_give_up() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    bench.at(1_000).open();
    let id = bench.last_request();
    bench.push(&ServerFrame::Refused { id, code: ErrorCode::COMMON_ERROR, ended: None });
    assert_eq!(bench.pairs(), ["3/3"]);
    bench.at(3_000).accept();
    assert_eq!(bench.pairs(), ["2/0"]);
}

#[test]
fn jitter_is_drawn_to_both_sides_and_to_the_middle() {
    let pause = |seed| {
        let params = Params {
            reconnect_first_delay: Span::from_secs(1_000),
            reconnect_max_delay: Span::from_secs(1_000),
            reconnect_jitter: Percent::from_ppm(1),
            ..Params::default()
        };
        let mut bench = Bench::seeded(params, seed);
        bench.login(Span::from_secs(3600));
        bench.accept();
        bench.close(CloseCause::Reset);
        next_attempt(&bench)
    };
    let pauses: BTreeSet<_> = (0..50).map(pause).collect();
    assert_eq!(pauses, [999_999, 1_000_000, 1_000_001].into());
}

#[test]
fn each_end_of_a_session_is_final() {
    let ends = [
        (SessionEnd::KickedOut, "0/4"),
        (SessionEnd::TokenExpired, "0/5"),
        (SessionEnd::Unregistered, "0/6"),
    ];
    for (cause, told) in ends {
        let mut bench = Bench::online(|_| ());
        bench.enter_for_good("r1");
        bench.push(&ServerFrame::Ended { cause });
        assert_eq!(bench.pairs(), [told, "r1 0/2"]);
        bench.at(100_000_000);
        assert_eq!(bench.attempts, []);
        let call = bench.enter("r2");
        assert_eq!(bench.code(call), Some(ErrorCode::USER_IS_NOT_LOGGED));
        // And the same when it is told at the return.
        let mut bench = Bench::online(|_| ());
        bench.close(CloseCause::Reset);
        bench.at(1_000).open();
        let id = bench.last_request();
        bench.forget();
        let code = ErrorCode::USER_IS_NOT_LOGGED;
        bench.push(&ServerFrame::Refused { id, code, ended: Some(cause) });
        assert_eq!(bench.pairs(), [told]);
        bench.at(100_000_000);
        assert_eq!(bench.attempts, []);
    }
}

#[test]
fn logout_ends_the_retries() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    bench.close(CloseCause::Reset);
    bench.forget();
    let call = bench.call(Call::Logout);
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
    assert_eq!(bench.pairs(), ["0/0", "r1 0/0"]);
    bench.at(100_000_000);
    assert_eq!(bench.attempts, []);
}
