//! Grades: how they add up, and which chosen parameter decided what was seen.

use crate::contract::bench::{ALICE, Bench};
use crate::contract::{
    self, Check, Converged, Convergence, Grade, INVARIANTS, LIVENESS, Matrix, NoteKind, ROWS,
    Report, Subject, Tally,
};
use crate::protocol::{RoomEnd, Standing};
use crate::record::ServerFact;
use crate::time::{Span, Time};
use crate::zim::ErrorCode;
use std::collections::BTreeMap;

const OK: ErrorCode = ErrorCode::SUCCESS;
const NEVER: u64 = 10_000_000;

/// What decided each finding of this row.
fn decided(bench: &Bench, row: &str) -> Vec<Option<&'static str>> {
    let findings = bench.report().findings.into_iter().filter(|finding| finding.row == row);
    findings.map(|finding| finding.decided_by).collect()
}

#[test]
fn one_contradiction_is_too_many_and_one_documented_occasion_enough() {
    let grade = |held, allowed, contradicted| {
        let allowed = BTreeMap::from_iter((allowed > 0).then_some(("room.query_tries", allowed)));
        Tally { held, allowed, contradicted }.grade()
    };
    assert_eq!(grade(0, 0, 0), Grade::NotExercised);
    assert_eq!(grade(0, 1, 0), Grade::Allowed);
    assert_eq!(grade(1, 1, 0), Grade::Held);
    assert_eq!(grade(2, 0, 0), Grade::Held);
    assert_eq!(grade(2, 1, 1), Grade::Contradicted);
}

#[test]
fn what_can_be_graded_or_can_fail_has_a_name() {
    let grades = Grade::ALL.map(Grade::name);
    assert_eq!(grades, ["held", "allowed", "contradicted", "not exercised"]);
    let notes = NoteKind::ALL.map(NoteKind::name);
    assert_eq!(notes, ["silent", "contradicts", "misspells"]);
    let checks = [
        (Check::Row("4.T0"), "4.T0", true),
        (Check::Invariant("I.one-result"), "I.one-result", true),
        (Check::Liveness, LIVENESS, true),
        (Check::Unexplained, "unexplained", true),
        (Check::Misbehaved, "misbehaved", true),
        (Check::Result, "result", false),
        (Check::Expect, "expect", false),
        (Check::Never, "never", false),
        (Check::Missed, "missed", false),
    ];
    for (check, id, of_contract) in checks {
        assert_eq!((check.id(), check.to_string().as_str()), (id, id));
        assert_eq!(check.is_of_contract(), of_contract, "{id}");
    }
}

/// A token that runs out at 60 s, and is renewed at 40 s.
fn renewal(answer: u64, around: impl FnOnce(&mut Bench)) -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, 60_000).warning(30_000, ALICE, Span::from_secs(30));
    bench.renew(40_000, ALICE, NEVER, Some((answer, OK)));
    around(&mut bench);
    bench
}

#[test]
fn a_renewal_that_met_a_break_was_decided_by_its_parameter() {
    let breaks = |lost: u64, back: u64| {
        move |bench: &mut Bench| {
            bench.connection(lost, ALICE, (3, 3)).attempts(ALICE, &[lost + 500]);
            bench.connection(back, ALICE, (2, 0));
        }
    };
    let parameter = Some("token.renew_while_reconnecting");
    let decided = |bench: &Bench| decided(bench, "3.renewed");
    assert_eq!(decided(&renewal(40_060, |_| ())), [None]);
    assert_eq!(decided(&renewal(45_060, breaks(42_000, 45_000))), [parameter]);
    assert_eq!(decided(&renewal(45_060, breaks(39_000, 45_000))), [parameter]);
    assert_eq!(decided(&renewal(40_060, breaks(35_000, 39_000))), [None], "before the call");
    assert_eq!(decided(&renewal(40_060, breaks(42_000, 45_000))), [None], "after its answer");
    let still_away = |bench: &mut Bench| {
        bench.connection(42_000, ALICE, (3, 3)).attempts(ALICE, &[43_000]);
    };
    assert_eq!(decided(&renewal(45_000, still_away)), [parameter]);
}

#[test]
fn several_occasions_that_one_parameter_decided_are_counted() {
    let bench = verdict_at(55_000, (0, 2), |_| ());
    let finding = bench.report().findings.into_iter().find(|each| each.row == "4.T2.other");
    let finding = finding.expect("a verdict");
    let tally = Tally::of([&finding, &finding]);
    assert_eq!(tally.allowed, BTreeMap::from([("room.query_tries", 2)]));
}

/// Alice is in r1; T0 is 27 s, T1 40 s, and T2 comes without an answer of the server's.
fn verdict_at(at: u64, pair: (u32, u32), around: impl FnOnce(&mut Bench)) -> Bench {
    let mut bench = Bench::alice();
    bench.login(0, ALICE, NEVER).entered(2_000, ALICE);
    bench.connection(27_000, ALICE, (3, 3)).room(27_000, ALICE, "r1", (1, 1));
    bench.attempts(ALICE, &[28_000, 39_900]).logged_in(39_970, ALICE, true);
    bench.connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
    around(&mut bench);
    bench.room(at, ALICE, "r1", pair);
    bench
}

#[test]
fn a_verdict_on_silence_was_decided_by_the_number_of_tries() {
    let left = |at: u64, room: &'static str, cause: Option<RoomEnd>| {
        move |bench: &mut Bench| {
            let (user, device) = bench.who(ALICE);
            bench.fact(at, ServerFact::Left { room: room.into(), user, device, cause });
        }
    };
    let decided = |bench: &Bench| decided(bench, "4.T2.other");
    let tries = Some("room.query_tries");
    let timed_out = Some(RoomEnd::TimedOut);
    assert_eq!(decided(&verdict_at(55_000, (0, 2), |_| ())), [tries]);
    assert_eq!(decided(&verdict_at(55_000, (0, 2), left(41_000, "r1", timed_out))), [None]);
    let before = left(30_000, "r1", timed_out);
    assert_eq!(decided(&verdict_at(55_000, (0, 2), before)), [tries], "put out before T1");
    let other = left(41_000, "r2", timed_out);
    assert_eq!(decided(&verdict_at(55_000, (0, 2), other)), [tries], "out of another room");
    let by_itself = left(41_000, "r1", None);
    assert_eq!(decided(&verdict_at(55_000, (0, 2), by_itself)), [tries], "nobody put it out");
    let gone = verdict_at(40_040, (0, 3), left(40_010, "r1", Some(RoomEnd::Destroyed)));
    assert_eq!(self::decided(&gone, "4.T2.gone"), [None], "another event");
    let kicked = |bench: &mut Bench| {
        let (user, device) = bench.who(ALICE);
        let standing = Standing::Kicked;
        bench.fact(40_030, ServerFact::Answered { user, device, room: "r1".into(), standing });
    };
    let kicked = verdict_at(40_060, (0, 2), kicked);
    assert_eq!(decided(&kicked), [Some("room.kicked_while_away")]);
}

#[test]
fn each_verdict_is_decided_by_its_own_outage() {
    let answer = |bench: &mut Bench, at: u64, room: &str, standing| {
        let (user, device) = bench.who(ALICE);
        bench.fact(at, ServerFact::Answered { user, device, room: room.into(), standing });
    };
    // Two rooms in one outage.
    let mut bench = verdict_at(40_060, (0, 2), |bench| {
        bench.room(2_100, ALICE, "r2", (1, 6)).room(2_160, ALICE, "r2", (2, 0));
        bench.room(27_000, ALICE, "r2", (1, 1)).room(40_070, ALICE, "r2", (2, 0));
        answer(bench, 40_030, "r1", Standing::Kicked);
        answer(bench, 40_030, "r2", Standing::In);
    });
    assert_eq!(decided(&bench, "4.T2.restored"), [None]);
    assert_eq!(decided(&bench, "4.T2.other"), [Some("room.kicked_while_away")]);
    // The same room again.
    bench.entered(50_000, ALICE);
    bench.connection(60_000, ALICE, (3, 3)).room(60_000, ALICE, "r1", (1, 1));
    bench.attempts(ALICE, &[61_000]).connection(62_000, ALICE, (2, 0)).asked(62_000, ALICE);
    answer(&mut bench, 62_030, "r1", Standing::In);
    bench.room(62_060, ALICE, "r1", (2, 0));
    assert_eq!(decided(&bench, "4.T2.restored"), [None, None]);
}

#[test]
fn the_matrix_tells_of_each_run_what_it_says_of_each_row_invariant_and_client() {
    let mut away = Bench::alice();
    away.login(0, ALICE, NEVER).connection(27_000, ALICE, (3, 3));
    let mut twice = Bench::alice();
    twice.login(0, ALICE, NEVER).connection(30_000, ALICE, (2, 0));
    let quiet = Bench::alice();
    let runs = [("away", away), ("twice", twice), ("quiet", quiet.clone()), ("still", quiet)];
    let runs = runs
        .map(|(name, bench)| (name.to_owned(), contract::check(&bench.plan, &bench.recording())));
    let matrix = Matrix::of(&runs);
    assert_eq!(matrix.runs, ["away", "twice", "quiet", "still"]);
    assert_eq!(matrix.failed, ["away", "twice"]);
    let line = |id: &str| matrix.lines.iter().find(|line| line.id == id).expect("a line");
    let counts = |id: &str| {
        let tallies = line(id).tallies.iter();
        tallies.map(|tally| (tally.held, tally.contradicted)).collect::<Vec<_>>()
    };
    assert_eq!(counts("1.reconnecting"), [(0, 1), (0, 0), (0, 0), (0, 0)]);
    assert_eq!(counts("I.change-only"), [(3, 0), (2, 1), (0, 0), (0, 0)]);
    assert_eq!(counts(LIVENESS), [(0, 1), (1, 0), (1, 0), (1, 0)]);
    let invariant = line("I.change-only");
    assert_eq!([Grade::Held, Grade::Contradicted].map(|grade| invariant.count(grade)), [1, 1]);
    assert_eq!(invariant.count(Grade::NotExercised), 2);
    assert_eq!((invariant.subject, invariant.grade()), (Subject::Invariant, Grade::Contradicted));
    let not_exercised = matrix.not_exercised();
    assert!(not_exercised.contains(&"4.T0") && !not_exercised.contains(&"1.reconnecting"));
    assert_eq!(Matrix::of(&[]).not_exercised().len(), ROWS.len() + INVARIANTS.len() + 1);
}

#[test]
fn waits_are_counted_client_by_client() {
    let convergence =
        |verdict| Convergence { client: ALICE, calm: None, bound: Span::default(), verdict };
    let held = || convergence(Converged::Held { by: Time::ZERO });
    let broken = || convergence(Converged::Broken(Vec::new()));
    let liveness = vec![held(), held(), broken(), broken(), broken()];
    let report = Report { liveness, ..Report::default() };
    let matrix = Matrix::of(&[("run".to_owned(), report)]);
    let line = matrix.lines.iter().find(|line| line.id == LIVENESS).expect("a line");
    assert_eq!((line.tallies[0].held, line.tallies[0].contradicted), (2, 3));
}
