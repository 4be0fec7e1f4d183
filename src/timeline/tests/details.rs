//! Single lines of the text and members of the JSON.

use super::{NEVER, text_of, tunnel};
use crate::app::Policy;
use crate::contract::bench::{ALICE, Bench};
use crate::net::{Fault, HostFault, ServerState};
use crate::protocol::Standing;
use crate::record::{Event, HostId, ServerFact, Way, Who};
use crate::scenario::Watched;
use crate::time::Span;
use crate::timeline::{json, text};
use crate::zim::{Call, ErrorCode, Platform};

/// The section that begins with this line, up to the next blank line.
fn section(text: &str, title: &str) -> String {
    let lines = text.lines().skip_while(|line| *line != title).take_while(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_header_tells_what_is_unusual_about_a_client() {
    let mut bench = Bench::new(&["phone", "alice", "bob"]);
    let [phone, alice, _] = &mut bench.plan.clients[..] else { panic!() };
    phone.script.user = "alice".into();
    phone.script.platform = Platform::IPadOS;
    alice.script.token_life = Span::from_secs(45);
    alice.script.policy = Some(Policy::Advised);
    let text = text_of(&bench, false);
    let header: Vec<_> = text.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    let phone = "phone: user alice, platform iPadOS";
    assert_eq!(header, [phone, "alice: token_life 45s, policy advised"]);
}

#[test]
fn an_earlier_t1_of_a_relapse_tells_what_was_asked() {
    let relapse = |answered: bool| {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
        bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
        bench.connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
        if answered {
            let (user, device) = bench.who(ALICE);
            let standing = Standing::In;
            bench.fact(40_030, ServerFact::Answered { user, device, room: "r1".into(), standing });
        }
        bench.connection(40_040, ALICE, (3, 3)).attempts(ALICE, &[41_000]);
        bench.connection(50_000, ALICE, (0, 4)).room(50_000, ALICE, "r1", (0, 2));
        section(&text_of(&bench, false), "outage of alice, r1")
    };
    insta::assert_snapshot!(relapse(false), @r"
outage of alice, r1
  T0     27.000   connection 3   room 1/1
  T1     40.000   connection 2   room 1/1      asked: in r1? no answer
  T0     40.040   connection 3   room 1/1      lost again before T2
  the session ended at 50.000 (KICKED_OUT)
");
    insta::assert_snapshot!(relapse(true), @r"
outage of alice, r1
  T0     27.000   connection 3   room 1/1
  T1     40.000   connection 2   room 1/1      asked: in r1? yes (lost on the way)
  T0     40.040   connection 3   room 1/1      lost again before T2
  the session ended at 50.000 (KICKED_OUT)
");
}

#[test]
fn a_logout_in_an_outage_is_told_as_one() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    bench.call(30_000, ALICE, Call::Logout, Some((30_000, ErrorCode::SUCCESS)));
    bench.connection(30_000, ALICE, (0, 0)).room(30_000, ALICE, "r1", (0, 0));
    let text = text_of(&bench, false);
    assert!(text.contains("  the session ended at 30.000 (logout)\n"), "{text}");
    let out = json(&bench.plan, &bench.recording(), &bench.report(), false);
    assert!(out.contains(r#""end":"session","ended":30000,"session_event":0"#), "{out}");
}

#[test]
fn a_renewal_that_was_met_says_that_nothing_broke() {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, 60_000).warning(30_000, ALICE, Span::from_secs(30));
    bench.renew(40_000, ALICE, 900_000, Some((40_060, ErrorCode::SUCCESS)));
    let row = Watched::Row { row: "3.renewed".into(), room: None };
    bench.expect(ALICE, row, 60_000, 60_000);
    bench.plan.expects[0].words = "alice: row 3.renewed, within 0s of 60s".into();
    let text = text_of(&bench, false);
    insta::assert_snapshot!(section(&text, "expect"), @r"
expect
  alice: row 3.renewed, at 60s  met at 60.000 (nothing broke at the old expiry)
");
    assert!(text.contains("  call login (token 1m)\n"), "{text}");
    assert!(text.contains("  call renewToken (token 860s)\n"), "{text}");
}

/// The server is down from 12 s to 32 s, and alice's link from 20 s to 40 s.
fn crash_and_cut(crash: Option<&str>) -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).cut("lift", ALICE, 20_000, 40_000);
    let kept = Fault::Hosts(vec![HostId::Server], HostFault::PowerCut { state: ServerState::Kept });
    let crash_id = bench.fault(kept, "server", (12_000, 32_000));
    let planned = &mut bench.plan.faults[crash_id.0];
    (planned.name, planned.act) = (crash.map(str::to_owned), "crash");
    planned.detail = "state kept".into();
    bench.put(12_000, Who::Net, Event::FaultBegan(crash_id));
    bench.put(32_000, Who::Net, Event::FaultEnded(crash_id));
    bench
}

fn net_lines(bench: &Bench) -> String {
    let text = text_of(bench, false);
    let lines = text.lines().filter(|line| line.split_whitespace().any(|word| word == "net"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_fault_ends_as_it_began_and_counts_from_there() {
    insta::assert_snapshot!(net_lines(&crash_and_cut(Some("power cut"))), @r"
12.000                         net     crash server for 20s, state kept (power cut)
20.000  power cut+8.000        net     cut alice for 20s (lift)
32.000  power cut+20.000       net     server up again (power cut)
40.000  lift+20.000            net     lift ends
");
    insta::assert_snapshot!(net_lines(&crash_and_cut(None)), @r"
12.000                    net     crash server for 20s, state kept
20.000                    net     cut alice for 20s (lift)
32.000  lift+12.000       net     server up again
40.000  lift+20.000       net     lift ends
");
    let mut bench = crash_and_cut(None);
    bench.plan.faults[0].who = "alice, bob".into();
    assert!(net_lines(&bench).contains("cut alice, bob for 20s (lift)"));
}

#[test]
fn a_two_way_fault_that_met_one_way_is_not_told_as_a_one_way_fault() {
    let line = |directions: &[Way], hit: Way| {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, NEVER).cut("lift", ALICE, 20_000, 40_000);
        let directions = directions.iter().map(|way| (ALICE, *way)).collect();
        bench.plan.faults[0].fault = Fault::Cut(directions);
        let mut recording = bench.recording();
        recording.receipts[0].hits.retain(|each| each.way == hit);
        section(&text(&bench.plan, &recording, &bench.report(), false), "faults")
    };
    let both = &[Way::Up, Way::Down];
    let told = |what: &str| format!("faults\n  lift: alice's open connection{what}\n");
    assert_eq!(line(both, Way::Up), told(" (met packets up only)"));
    assert_eq!(line(both, Way::Down), told(" (met packets down only)"));
    assert_eq!(line(&[Way::Up], Way::Up), told(", up only"));
    assert_eq!(line(&[Way::Down], Way::Down), told(", down only"));
}

#[test]
fn what_held_means_stands_in_every_json_report_that_held() {
    let end = |bench: &Bench| {
        let out = json(&bench.plan, &bench.recording(), &bench.report(), false);
        let last: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        last["means"].clone()
    };
    let mut bench = tunnel();
    assert!(end(&bench).as_str().unwrap().contains("of ZEGO's SDK this says nothing"));
    bench.connection(190_000, ALICE, (3, 2));
    assert!(end(&bench).is_null());
}

/// Alice is in her room, which the server does not know; Bob has no network for good.
fn broken() -> Bench {
    let mut bench = Bench::new(&["alice", "bob"]);
    bench.login(0, ALICE, 2_000_000_000).entered(2_000, ALICE);
    bench.plan.clients[1].up.loss = crate::param::Percent::from_ppm(1);
    bench
}

#[test]
fn the_invariants_are_summed_up_and_each_breach_is_told() {
    let bench = broken();
    let (plan, recording) = (&bench.plan, bench.recording());
    let report = crate::contract::check(plan, &recording);
    let lines = section(&text(plan, &recording, &report, false), "invariants");
    let breach = "I.membership-agrees  3.180  alice: r1 is CONNECTED, but for the server alice \
                  has been out of it since 2.060";
    assert!(lines.contains("1 BROKEN; not exercised: I.outage-order, "), "{lines}");
    assert!(lines.contains(breach), "{lines}");
    assert!(lines.contains("L.converges  held: alice; not judged: bob"), "{lines}");
    let traced = section(&text(plan, &recording, &report, true), "invariants");
    assert!(traced.contains("held: alice by 2.060 (bound 118.480)"), "{traced}");
}

#[test]
fn json_tells_each_invariant_and_each_clients_liveness() {
    let bench = broken();
    let (plan, recording) = (&bench.plan, bench.recording());
    let out = json(plan, &recording, &crate::contract::check(plan, &recording), false);
    let lines = |kind: &str| {
        let kind = format!(r#""kind":"{kind}""#);
        out.lines().filter(|line| line.contains(&kind)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines("invariant").len(), crate::contract::INVARIANTS.len());
    let membership = r#""id":"I.membership-agrees","occasions":1,"breaches":[{"at":3180,"#;
    assert!(out.contains(membership), "{out}");
    let liveness = lines("liveness");
    let alice = r#""client":"alice","calm":0,"bound":118480,"verdict":"held","by":2060,"waits":[]"#;
    assert!(liveness[0].contains(alice), "{liveness:?}");
    assert!(liveness[1].contains(r#""calm":null"#), "{liveness:?}");
    assert!(liveness[1].contains(r#""verdict":"not judged""#), "{liveness:?}");
}
