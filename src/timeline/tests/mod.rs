//! The forms, pinned on a small recording made by hand.

mod details;

use super::wide::width;
use super::{Excerpt, contract_text, json, params_table, text};
use crate::contract::ROWS;
use crate::contract::bench::{ALICE, BOB, Bench};
use crate::param::{Params, Percent};
use crate::protocol::{ClientFrame, RequestId, Standing};
use crate::record::{ConnId, Event, ServerFact, Who, Wire};
use crate::scenario::Watched;
use crate::time::{Span, Time};
use crate::zim::{Call, Callback, ErrorCode};

/// The default life of a token that is made at 0.
const NEVER: u64 = 24 * 24 * 3600 * 1000;

/// Alice's tunnel: T0 27 s, T1 113 s, out of r1 by its heartbeat timeout.
fn tunnel() -> Bench {
    let mut bench = Bench::new(&["alice", "bob"]);
    bench.plan.name = "4-t2-timeout".into();
    bench.plan.title = "4.T2 timeout: 100 s in a tunnel".into();
    bench.plan.params.room_heartbeat_timeout = Span::from_secs(60);
    bench.plan.clients[1].up.latency = Span::from_ms(300);
    bench.plan.clients[1].down.loss = Percent::from_ppm(10_000);
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.cut("tunnel", ALICE, 12_000, 112_000);
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    let notice = Event::Shown { text: "no network".into() };
    bench.put(27_000, Who::Client(ALICE), notice);
    bench.attempts(ALICE, &[28_000, 60_000, 90_000, 112_900]);
    bench.logged_in(112_970, ALICE, true);
    bench.connection(113_000, ALICE, (2, 0)).asked(113_000, ALICE);
    let (user, device) = bench.who(ALICE);
    let standing = Standing::TimedOut;
    bench.fact(113_030, ServerFact::Answered { user, device, room: "r1".into(), standing });
    bench.room(113_060, ALICE, "r1", (0, 9));
    let join = Call::JoinRoom { room: "r1".into() };
    bench.call(115_000, ALICE, join, Some((115_060, ErrorCode::THE_ROOM_DOES_NOT_EXIST)));
    let row = |row: &str| Watched::Row { row: row.into(), room: None };
    bench.expect(ALICE, row("4.T2.timeout"), 112_000, 142_000);
    bench.never(BOB, row("1.reconnecting"), 0, 200_000);
    bench
}

/// The text as it is, but for lines too wide for this file: they go on below a `\\`.
fn folded(text: &str) -> String {
    const WIDEST: usize = 98;
    let mut out = String::new();
    for line in text.lines() {
        let mut columns = 0;
        for letter in line.chars() {
            let wide = width(letter.encode_utf8(&mut [0; 4]));
            if columns + wide > WIDEST {
                out.push_str("\\\n");
                columns = 0;
            }
            out.push(letter);
            columns += wide;
        }
        out.push('\n');
    }
    out
}

fn text_of(bench: &Bench, trace: bool) -> String {
    text(&bench.plan, &bench.recording(), &bench.report(), trace)
}

#[test]
fn the_text_is_the_designs_form() {
    insta::assert_snapshot!(folded(&text_of(&tunnel(), false)), @r#"
    4-t2-timeout   seed 1   4.T2 timeout: 100 s in a tunnel
    room.heartbeat_timeout 1m (default 90s)
    link bob up: latency 300ms
    link bob down: loss 1%

         time  since               who     event                                                      \
         row
        0.000                      alice   onConnectionStateChanged  CONNECTING/ACTIVE_LOGIN (1/1)
        0.000                      alice   call login
        0.060                      alice   onConnectionStateChanged  CONNECTED/SUCCESS (2/0)
        0.060                      alice   login: ok
        2.000                      alice   onRoomStateChanged r1     CONNECTING/ACTIVE_ENTER (1/6)
        2.000                      alice   call enterRoom r1
        2.060                      alice   onRoomStateChanged r1     CONNECTED/SUCCESS (2/0)
        2.060                      alice   enterRoom r1: ok
       12.000                      net     cut alice for 100s (tunnel)
       27.000  tunnel+15.000       alice   onConnectionStateChanged  RECONNECTING/LOGIN_INTERRUPTED (3\
    /3)  1.reconnecting
       27.000  tunnel+15.000       alice   onRoomStateChanged r1     CONNECTING/NETWORK_INTERRUPTED (1\
    /1)  4.T0
       27.000  tunnel+15.000       alice   shows "no network"
      112.000  tunnel+100.000      net     tunnel ends
      113.000  tunnel.end+1.000    alice   onConnectionStateChanged  CONNECTED/SUCCESS (2/0)          \
         1.connected 4.T1
      113.060  tunnel.end+1.060    alice   onRoomStateChanged r1     DISCONNECTED/CONNECT_TIMEOUT (0/9\
    )    4.T2.timeout
      115.000  tunnel.end+3.000    alice   call joinRoom r1
      115.060  tunnel.end+3.060    alice   joinRoom r1: 6000322 THE_ROOM_DOES_NOT_EXIST

    outage of alice, r1
      T0     27.000   connection 3   room 1/1
      T1    113.000   connection 2   room 1/1      asked: in r1? no, heartbeat timed out
      T2    113.060   connection 2   room 0/9                                                4.T2.time\
    out held

    rows
      1.reconnecting  alice held 1
      1.connected     alice held 1
      4.T0            alice held 1
      4.T1            alice held 1
      4.asks          alice held 1
      4.T2.timeout    alice held 1

    advice
      1.reconnecting       show a clear notice; there is no need to call login
      1.connected, 4.asks  nothing
      4.T0, 4.T1           wait
      4.T2.timeout         call joinRoom or enterRoom to get back in, or tell the user that they have \
    left

    expect
      that  met at 113.060

    never
      that  not seen

    faults
      tunnel: alice's open connection, both ways

    all held: zimsim's own model agrees with the document; of ZEGO's SDK this says nothing
    "#);
}

#[test]
fn a_failed_run_says_what_failed_and_how_much() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.cut("tunnel", ALICE, 12_000, 112_000).without_hits();
    bench.connection(190_000, ALICE, (3, 2));
    insta::assert_snapshot!(folded(&text_of(&bench, false)), @r"
    bench   seed 1   by hand

         time  since               who     event                                                      \
         row
        0.000                      alice   onConnectionStateChanged  CONNECTING/ACTIVE_LOGIN (1/1)
        0.000                      alice   call login
        0.060                      alice   onConnectionStateChanged  CONNECTED/SUCCESS (2/0)
        0.060                      alice   login: ok
        2.000                      alice   onRoomStateChanged r1     CONNECTING/ACTIVE_ENTER (1/6)
        2.000                      alice   call enterRoom r1
        2.060                      alice   onRoomStateChanged r1     CONNECTED/SUCCESS (2/0)
        2.060                      alice   enterRoom r1: ok
       12.000                      net     cut alice for 100s (tunnel)
      112.000  tunnel+100.000      net     tunnel ends
      190.000  tunnel.end+78.000   alice   onConnectionStateChanged  RECONNECTING/LOGIN_TIMEOUT (3/2) \
         !1.reconnecting

    outage of alice, r1
      T0    190.000   connection 3   room silent                                             4.T0 CONT\
    RADICTED
      T1   not by the end of the run

    rows
      1.reconnecting  alice held 0, CONTRADICTED 1
      4.T0            alice held 0, CONTRADICTED 1

    advice
      1.reconnecting  show a clear notice; there is no need to call login
      4.T0            wait

    faults
      tunnel: nothing

    pending
      alice: RECONNECTING/LOGIN_TIMEOUT (3/2) since 190.000

    failures
        190.000  alice: row 1.reconnecting contradicted: RECONNECTING/LOGIN_TIMEOUT (3/2)
        190.000  alice: row 4.T0 in r1 contradicted: the room said nothing at T0, 190.000
         12.000  tunnel: cut alice hit nothing (what counts: a packet of its way, under way when it be\
    gins or sent while it lasts)

    FAILED: 3
    ");
}

#[test]
fn chinese_names_and_texts_align() {
    let mut bench = Bench::new(&["爱丽丝", "bob"]);
    bench.login(0, ALICE, NEVER);
    bench.cut("隧道", ALICE, 5_000, 6_000);
    let (room, from) = ("大厅".into(), "爱丽丝".into());
    let callback = Callback::RoomMessageReceived { room, from, text: "你好".into() };
    bench.put(7_000, Who::Client(BOB), Event::Callback(callback));
    bench.room(7_000, ALICE, "大厅", (1, 6));
    insta::assert_snapshot!(folded(&text_of(&bench, false)), @r#"
bench   seed 1   by hand

     time  since             who     event                                                        \
   row
    0.000                    爱丽丝  onConnectionStateChanged  CONNECTING/ACTIVE_LOGIN (1/1)
    0.000                    爱丽丝  call login
    0.060                    爱丽丝  onConnectionStateChanged  CONNECTED/SUCCESS (2/0)
    0.060                    爱丽丝  login: ok
    5.000                    net     cut 爱丽丝 for 1s (隧道)
    6.000  隧道+1.000        net     隧道 ends
    7.000  隧道.end+1.000    爱丽丝  onRoomStateChanged 大厅   CONNECTING/ACTIVE_ENTER (1/6)
    7.000  隧道.end+1.000    bob     onRoomMessageReceived 大厅  爱丽丝: "你好"

faults
  隧道: 爱丽丝's open connection, both ways

pending
  爱丽丝: 大厅 has been CONNECTING/ACTIVE_ENTER (1/6) since 7.000

all held: zimsim's own model agrees with the document; of ZEGO's SDK this says nothing
"#);
}

#[test]
fn a_snapshot_has_no_wire_no_packet_counts_and_no_trailing_blanks() {
    let bench = tunnel();
    let plain = text_of(&bench, false);
    let traced = text_of(&bench, true);
    for wire in ["attempt", "packets", "asks:", "is back on"] {
        assert!(!plain.contains(wire), "{wire}");
        assert!(traced.contains(wire), "{wire}");
    }
    for line in plain.lines().chain(traced.lines()) {
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn the_wire_does_not_move_a_snapshot() {
    let mut bench = tunnel();
    let before = text_of(&bench, false);
    let frame = ClientFrame::Heartbeat { id: RequestId(1) };
    bench.put(1_000, Who::Client(ALICE), Event::Wire(Wire::ClientSent(ConnId(0), frame)));
    assert_eq!(text_of(&bench, false), before);
    let trace = text_of(&bench, true);
    assert!(trace.contains(r#"c0 sends {"heartbeat":{"id":1}}"#), "{trace}");
}

#[test]
fn every_line_of_json_is_an_object_with_its_version_and_kind() {
    let bench = tunnel();
    let out = json(&bench.plan, &bench.recording(), &bench.report(), false);
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["v"] == 1));
    let mut kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    kinds.dedup();
    let order =
        ["header", "event", "outage", "finding", "advice", "receipt", "expect", "never", "end"];
    assert_eq!(kinds, order);
    assert!(out.starts_with(r#"{"v":1,"kind":"header","name":"4-t2-timeout","#), "{out}");
    let events = |out: &str| out.matches(r#""kind":"event""#).count();
    let all = json(&bench.plan, &bench.recording(), &bench.report(), true);
    assert_eq!(events(&all), bench.recording().records.len());
    let public = bench.recording().records.iter().filter(|r| r.event.is_public()).count();
    assert_eq!(events(&out), public);
}

#[test]
fn json_tells_the_outage_the_verdict_and_the_receipt() {
    let bench = tunnel();
    let out = json(&bench.plan, &bench.recording(), &bench.report(), false);
    let line = |kind: &str| {
        let mut lines = out.lines();
        let line = lines.find(|line| line.contains(&format!(r#""kind":"{kind}""#))).unwrap();
        // Broken up, for readers of this file only.
        line.replace(",\"", ",\n\"")
    };
    insta::assert_snapshot!(line("outage"), @r#"
{"v":1,
"kind":"outage",
"client":"alice",
"room":"r1",
"t0":27000,
"interrupted":27000,
"relapses":[],
"t1":113000,
"asked":[113000],
"answers":[{"at":113030,
"standing":"timed_out"}],
"t2":{"at":113060,
"connection":2,
"state":0,
"event":9},
"end":"verdict",
"ended":113060,
"session_event":null,
"row":"4.T2.timeout",
"held":true}
"#);
    insta::assert_snapshot!(line("finding"), @r#"
    {"v":1,
    "kind":"finding",
    "row":"1.reconnecting",
    "client":"alice",
    "room":null,
    "at":27000,
    "event":10,
    "held":true,
    "grade":"held",
    "decided_by":null,
    "instead":null}
    "#);
    insta::assert_snapshot!(line("receipt"), @r#"
{"v":1,
"kind":"receipt",
"fault":0,
"name":"tunnel",
"words":"cut alice",
"may_miss":false,
"hits":[{"client":"alice",
"way":"up",
"open":[0],
"connects":[],
"frames":[],
"packets":9,
"first":12000},{"client":"alice",
"way":"down",
"open":[0],
"connects":[],
"frames":[],
"packets":9,
"first":12000}],
"strikes":[]}
"#);
    insta::assert_snapshot!(line("end"), @r#"
{"v":1,
"kind":"end",
"at":200000,
"held":true,
"failures":0,
"means":"zimsim's own model agrees with the document; of ZEGO's SDK this says nothing"}
"#);
}

#[test]
fn the_tables_name_every_row_and_every_parameter() {
    let rows = contract_text(&Excerpt::with(&[]));
    for row in ROWS {
        assert!(rows.lines().any(|line| line == row.id), "{}", row.id);
        assert!(row.sentence.iter().all(|sentence| rows.contains(sentence)), "{}", row.id);
    }
    let params = params_table(&Params::TABLE.iter().collect::<Vec<_>>());
    for row in Params::TABLE {
        assert!(params.lines().any(|line| line.starts_with(&format!("{} ", row.name))));
    }
    assert!(params.lines().all(|line| line.len() <= 100), "{params}");
    let line = params.lines().find(|line| line.starts_with("heartbeat.period ")).unwrap();
    assert!(line.contains("10s") && line.contains("documented"), "{line}");
}

#[test]
fn an_unfinished_outage_is_told_as_such() {
    let mut bench = Bench::alice();
    bench.plan.until = Time::from_ms(30_000);
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    let text = text_of(&bench, false);
    let from = text.find("outage of").unwrap();
    insta::assert_snapshot!(&text[from..], @"
    outage of alice, r1
      T0     27.000   connection 3   room 1/1
      T1   not by the end of the run

    rows
      1.reconnecting  alice held 1
      4.T0            alice held 1

    advice
      1.reconnecting  show a clear notice; there is no need to call login
      4.T0            wait

    pending
      alice: RECONNECTING/LOGIN_INTERRUPTED (3/3) since 27.000
      alice: r1 has been CONNECTING/NETWORK_INTERRUPTED (1/1) since 27.000

    all held: zimsim's own model agrees with the document; of ZEGO's SDK this says nothing
    ");
}
