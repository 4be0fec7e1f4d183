//! Calls, their answers, and what becomes of those that get none.

use super::bench::Bench;
use crate::protocol::{ClientFrame, ServerFrame, Standing};
use crate::record::CloseCause;
use crate::time::Span;
use crate::zim::{Call, CallId, Callback, ErrorCode, News};

fn leaves(bench: &Bench) -> Vec<String> {
    let leave = |frame: &ClientFrame| match frame {
        ClientFrame::Leave { room, .. } => Some(room.to_string()),
        _ => None,
    };
    bench.frames.iter().filter_map(leave).collect()
}

#[test]
fn a_login_that_reaches_nobody_ends_with_no_network() {
    let mut bench = Bench::new(|_| ());
    let call = bench.login(Span::from_secs(3600));
    bench.at(14_999);
    assert_eq!(bench.code(call), None);
    bench.at(15_000);
    assert_eq!(bench.code(call), Some(ErrorCode::NETWORK_ERROR));
    assert_eq!(bench.pairs(), ["1/1", "0/2"]);
    bench.at(1_000_000);
    assert_eq!(bench.attempts.len(), 2, "none after the timeout");
}

#[test]
fn a_login_that_is_heard_and_not_answered_ends_with_a_timeout() {
    let mut bench = Bench::new(|_| ());
    let call = bench.login(Span::from_secs(3600));
    bench.open();
    bench.at(15_000);
    assert_eq!(bench.code(call), Some(ErrorCode::REQUEST_TIMEOUT));
}

#[test]
fn a_refused_connect_is_tried_again_within_the_login() {
    let mut bench = Bench::new(|_| ());
    let call = bench.login(Span::from_secs(3600));
    bench.close(CloseCause::Refused);
    bench.at(1_000).accept();
    assert_eq!(bench.code(call), Some(ErrorCode::SUCCESS));
}

#[test]
fn logout_ends_a_login_under_way() {
    let mut bench = Bench::new(|_| ());
    let login = bench.login(Span::from_secs(3600));
    let logout = bench.call(Call::Logout);
    assert_eq!(bench.code(login), Some(ErrorCode::USER_HAS_ALREADY_LOGGED_OUT));
    assert_eq!(bench.code(logout), Some(ErrorCode::SUCCESS));
    assert_eq!(bench.pairs(), ["1/1", "0/0"]);
    assert_eq!(bench.hung_up.len(), 1);
}

#[test]
fn an_entry_without_an_answer_fails_and_is_taken_back() {
    let mut bench = Bench::online(|p| p.heartbeat_period = Span::from_secs(100));
    let call = bench.enter("r1");
    bench.at(9_999);
    assert_eq!(bench.code(call), None);
    bench.at(10_000);
    assert_eq!(bench.code(call), Some(ErrorCode::REQUEST_TIMEOUT));
    assert_eq!(bench.pairs(), ["r1 1/6", "r1 0/7"]);
    assert_eq!(leaves(&bench), ["r1"]);
}

#[test]
fn an_entry_that_the_break_cut_off_is_taken_back_at_the_return() {
    let mut bench = Bench::online(|_| ());
    let create = bench.call(Call::CreateRoom { room: "r1".into() });
    bench.close(CloseCause::Reset);
    assert_eq!(bench.code(create), Some(ErrorCode::IM_SERVER_DISCONNECT));
    assert_eq!(bench.pairs(), ["r1 1/4", "3/3", "r1 0/5"]);
    bench.at(1_000).accept();
    assert_eq!(leaves(&bench), ["r1"]);
    // The link breaks before the server has confirmed it: it is told again.
    bench.forget();
    bench.close(CloseCause::Reset);
    bench.at(3_000).accept();
    assert_eq!(leaves(&bench), ["r1"]);
    bench.answer(ErrorCode::USER_IS_NOT_IN_THE_ROOM);
    bench.forget();
    bench.close(CloseCause::Reset);
    bench.at(5_000).accept();
    assert_eq!(leaves(&bench), [""; 0], "it was heard");
}

#[test]
fn a_late_answer_to_a_call_given_up_changes_nothing() {
    let mut bench = Bench::online(|p| p.heartbeat_period = Span::from_secs(100));
    bench.call(Call::SendPeerMessage { to: "bob".into(), text: "hello".into() });
    let id = bench.last_request();
    bench.at(29_999);
    assert_eq!(bench.told, [], "a peer message has longer than other calls");
    bench.at(30_000);
    assert_eq!(bench.told.len(), 1);
    bench.forget();
    bench.push(&ServerFrame::Done { id, code: ErrorCode::SUCCESS });
    assert_eq!(bench.told, []);
}

#[test]
fn a_refused_leave_leaves_the_room_as_it_is() {
    let mut bench = Bench::online(|_| ());
    bench.enter_for_good("r1");
    let call = bench.call(Call::LeaveRoom { room: "r1".into() });
    bench.answer(ErrorCode::USER_IS_NOT_IN_THE_ROOM);
    assert_eq!(bench.code(call), Some(ErrorCode::USER_IS_NOT_IN_THE_ROOM));
    assert_eq!(bench.pairs(), [""; 0]);
}

#[test]
fn a_room_id_that_is_empty_or_too_long_is_refused_here() {
    let mut bench = Bench::online(|_| ());
    for room in [String::new(), "r".repeat(129)] {
        let call = bench.enter(&room);
        assert_eq!(bench.code(call), Some(ErrorCode::PARAMS_INVALID));
    }
    let call = bench.enter(&"r".repeat(128));
    assert_eq!(bench.code(call), None);
    assert_eq!(bench.frames.len(), 1);
}

/// The texts of the peer messages that the app was told of.
fn shown(bench: &Bench) -> Vec<&str> {
    let text = |news| match news {
        &News::Callback(Callback::PeerMessageReceived { ref text, .. }) => Some(text.as_str()),
        News::Callback(_) | News::Result { .. } => None,
    };
    bench.told.iter().filter_map(text).collect()
}

#[test]
fn a_peer_message_is_shown_once_and_confirmed_each_time() {
    let mut bench = Bench::online(|_| ());
    let message = |number| ServerFrame::PeerMessage {
        number,
        from: "bob".into(),
        text: number.to_string(),
        offline: false,
    };
    for number in [1, 2, 2, 1, 3] {
        bench.push(&message(number));
    }
    let shown = shown(&bench);
    assert_eq!(shown, ["1", "2", "3"]);
    let confirmed: Vec<_> = bench
        .frames
        .iter()
        .map(|frame| match frame {
            ClientFrame::Got { upto } => *upto,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(confirmed, [1, 2, 2, 2, 3]);
}

#[test]
fn messages_of_a_room_that_was_left_are_not_shown() {
    let mut bench = Bench::online(|_| ());
    let (room, from) = ("r1".into(), "bob".into());
    bench.push(&ServerFrame::RoomMessage { room, from, text: "hello".into(), number: None });
    assert_eq!(bench.told, []);
}

#[test]
fn a_numbered_room_message_is_shown_once_and_not_between_t1_and_t2() {
    fn shown(bench: &mut Bench) -> Vec<String> {
        let text = |news| match news {
            News::Callback(Callback::RoomMessageReceived { text, .. }) => Some(text),
            News::Callback(_) | News::Result { .. } => None,
        };
        std::mem::take(&mut bench.told).into_iter().filter_map(text).collect()
    }
    let push = |bench: &mut Bench, number| {
        let (room, from) = ("r1".into(), "bob".into());
        let text = format!("{number}");
        bench.push(&ServerFrame::RoomMessage { room, from, text, number: Some(number) });
    };
    let mut bench = Bench::online(|p| p.room_messages_while_away = true);
    bench.enter_for_good("r1");
    for number in [1, 2, 2, 1, 3] {
        push(&mut bench, number);
    }
    assert_eq!(shown(&mut bench), ["1", "2", "3"]);
    bench.close(CloseCause::Reset);
    bench.at(1_000).accept();
    let asked = |frame: &ClientFrame| match frame {
        ClientFrame::AmIIn { id, seen, .. } => Some((*id, *seen)),
        _ => None,
    };
    let (id, seen) = bench.frames.iter().find_map(asked).expect("the question of T1");
    assert_eq!(seen, Some(3), "the server is told what need not come again");
    push(&mut bench, 4);
    assert_eq!(shown(&mut bench), [""; 0]);
    bench.push(&ServerFrame::Standing { id, standing: Standing::In });
    push(&mut bench, 4);
    assert_eq!(shown(&mut bench), ["4"]);
}

#[test]
fn a_leave_that_is_carried_out_after_its_call_was_given_up_is_told_by_the_callback() {
    let mut bench = Bench::online(|p| p.heartbeat_period = Span::from_secs(100));
    bench.enter_for_good("r1");
    let call = bench.call(Call::LeaveRoom { room: "r1".into() });
    let id = bench.last_request();
    bench.at(10_000);
    assert_eq!(bench.code(call), Some(ErrorCode::REQUEST_TIMEOUT));
    assert_eq!(bench.pairs(), [""; 0]);
    bench.push(&ServerFrame::Done { id, code: ErrorCode::SUCCESS });
    assert_eq!(bench.pairs(), ["r1 0/0"]);
    bench.push(&ServerFrame::Done { id, code: ErrorCode::SUCCESS });
    assert_eq!(bench.told, []);
}

fn write(bench: &mut Bench, text: &str) -> CallId {
    bench.call(Call::SendPeerMessage { to: "bob".into(), text: text.into() })
}

fn written(bench: &Bench) -> Vec<(u64, String)> {
    let message = |frame: &ClientFrame| match frame {
        ClientFrame::PeerMessage { key, text, .. } => Some((*key, text.clone())),
        _ => None,
    };
    bench.frames.iter().filter_map(message).collect()
}

#[test]
fn peer_messages_wait_for_the_link_and_are_sent_again_in_order_under_the_same_key() {
    let mut bench = Bench::online(|_| ());
    let first = write(&mut bench, "one");
    bench.close(CloseCause::Reset);
    let second = write(&mut bench, "two");
    bench.at(1_000);
    bench.forget();
    bench.accept();
    assert_eq!(written(&bench), [(1, "one".into()), (2, "two".into())]);
    assert_eq!(bench.code(first), None);
    bench.answer(ErrorCode::SUCCESS);
    assert_eq!(bench.code(second), Some(ErrorCode::SUCCESS));
    // An answered message is not sent once more after the next break; the other one is.
    bench.forget();
    bench.close(CloseCause::Reset);
    bench.at(2_000).accept();
    assert_eq!(written(&bench), [(1, "one".into())]);
}

#[test]
fn a_peer_message_waits_30_s_and_no_longer() {
    let mut bench = Bench::online(|_| ());
    let caught = write(&mut bench, "one");
    bench.close(CloseCause::Reset);
    bench.at(5_000);
    let called = write(&mut bench, "two");
    bench.at(29_999);
    assert_eq!(bench.code(caught), None);
    bench.at(30_000);
    assert_eq!(bench.code(caught), Some(ErrorCode::NETWORK_ERROR));
    bench.at(34_999);
    assert_eq!(bench.code(called), None);
    bench.at(35_000);
    assert_eq!(bench.code(called), Some(ErrorCode::NETWORK_ERROR));
}

#[test]
fn a_peer_message_whose_time_is_over_as_the_link_is_found_dead_is_answered_after_the_callback() {
    let mut bench = Bench::online(|p| {
        p.heartbeat_period = Span::from_secs(10);
        p.heartbeat_patience = Span::from_secs(5);
        p.heartbeat_grace = Span::default();
        p.message_resend_window = Span::from_secs(15);
    });
    let call = write(&mut bench, "one");
    bench.at(15_000);
    assert_eq!(bench.code(call), None, "no deadline lies in the moment in which it is set");
    bench.at(15_001);
    assert_eq!(bench.code(call), Some(ErrorCode::NETWORK_ERROR));
    assert_eq!(bench.pairs(), ["3/3"]);
}

#[test]
fn messages_that_wait_are_answered_when_there_will_be_no_link() {
    let mut bench = Bench::online(|_| ());
    bench.close(CloseCause::Reset);
    let call = write(&mut bench, "one");
    bench.call(Call::Logout);
    assert_eq!(bench.code(call), Some(ErrorCode::USER_HAS_ALREADY_LOGGED_OUT));
}

#[test]
fn message_numbers_are_each_users_own() {
    let mut bench = Bench::online(|_| ());
    let message = |number| ServerFrame::PeerMessage {
        number,
        from: "carol".into(),
        text: number.to_string(),
        offline: false,
    };
    bench.push(&message(5));
    bench.call(Call::Logout);
    bench.login_as("bob", Span::from_secs(3600));
    bench.accept();
    bench.forget();
    bench.push(&message(3));
    assert_eq!(shown(&bench), ["3"]);
    assert_eq!(bench.frames, [ClientFrame::Got { upto: 3 }]);
}

#[test]
fn the_next_process_on_a_device_shows_no_message_again() {
    let mut bench = Bench::online(|_| ());
    let message = |number| ServerFrame::PeerMessage {
        number,
        from: "bob".into(),
        text: number.to_string(),
        offline: true,
    };
    bench.push(&message(5));
    assert_eq!(shown(&bench), ["5"]);
    let mut bench = bench.next_process();
    bench.login(Span::from_secs(3600));
    bench.accept();
    bench.push(&message(5));
    bench.push(&message(6));
    assert_eq!(shown(&bench), ["6"]);
}
