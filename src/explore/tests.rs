//! What is drawn is a scenario, has everything in it, and can be judged; what explores it finds
//! the same on any number of threads and machines, and finds what is planted.

use super::*;
use crate::contract::{Check, Converged};
use crate::engine::{self, Engine};
use crate::record::{Event, Recording};
use crate::rng::Seed;
use crate::scenario::{self, Document, Plan};
use crate::zim::{Callback, ConnectionState};
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const PLANS: u64 = 300;

fn ran(n: u64) -> Ran {
    let document = draw(Seed(1), n, &Weights::default());
    judge("drawn.toml", &document, Runner::EVENT)
        .unwrap_or_else(|wrong| panic!("plan {n}: {}\n{document}", wrong.render(false)))
}

/// Goes on to the end.
struct Patient;

impl Watcher for Patient {}

fn campaign(jobs: usize) -> Campaign {
    Campaign { seed: Seed(1), base: None, guided: false, jobs, runner: Runner::EVENT }
}

fn summary(campaign: &Campaign, asked: Range<u64>, shard: Option<Shard>) -> Summary {
    let asked = Numbers::from(asked);
    let part = shard.map_or(asked, |shard| asked.part(shard));
    let explored = campaign.explore(part.into(), &Patient);
    Summary::of(campaign, None, (asked, shard), &explored, None)
}

#[test]
fn every_drawn_plan_is_a_scenario_and_liveness_is_judged_in_time() {
    let (mut judged, mut late, mut all, mut long) = (0, 0, 0, 0);
    for n in 0..PLANS {
        let ran = ran(n);
        assert_eq!(ran.failed_contract(), BTreeSet::new(), "plan {n}");
        let text = draw(Seed(1), n, &Weights::default()).to_string();
        let plan = scenario::load("drawn.toml", text.as_bytes(), &crate::contract::ids());
        assert_eq!(plan.unwrap(), ran.plan, "{text}");
        long += u64::from(ran.plan.until.ms() != 120_000);
        for convergence in &ran.report.liveness {
            all += 1;
            judged += u64::from(convergence.verdict != Converged::NotJudged);
            let due = convergence.calm.map(|calm| calm + convergence.bound);
            late += u64::from(due.is_none_or(|due| due > ran.plan.until));
        }
    }
    assert!(judged * 100 >= all * 97, "{judged} of {all} judged");
    assert!(late * 100 <= all * 3, "{late} of {all} could not be judged broken");
    assert!(long * 5 < PLANS, "{long} plans do not last two minutes");
}

#[test]
fn a_plan_is_a_function_of_seed_and_number() {
    let plan = |seed, n| draw(Seed(seed), n, &Weights::default());
    assert_eq!(plan(1, 7), plan(1, 7));
    assert_ne!(plan(1, 7), plan(1, 8));
    assert_ne!(plan(1, 7), plan(2, 7));
    // Also in whatever range it runs.
    let whole = campaign(1).explore(0..24, &Patient);
    let mut parts = campaign(1).explore(0..9, &Patient);
    parts.tally.merge(campaign(1).explore(9..24, &Patient).tally);
    assert_eq!(whole.tally, parts.tally);
}

#[test]
fn every_kind_of_fault_strikes_and_all_rows_and_transitions_are_reached() {
    let explored = campaign(2).explore(0..1500, &Patient);
    let found: Vec<_> = explored.tally.found.iter().collect();
    assert!(found.is_empty(), "{found:#?}");
    let counts = |group| explored.tally.coverage.all().filter(move |(spot, _)| spot.group == group);
    for group in [Group::Row, Group::Invariant, Group::Liveness, Group::Struck, Group::Missed] {
        for (spot, count) in counts(group) {
            assert!(count > 0, "{}: {}", group.name(), spot.name);
        }
    }
    for group in [Group::Connection, Group::Room, Group::Pair] {
        let all = counts(group).filter(|(spot, _)| spot.wanted).count();
        let missing = counts(group).filter(|(spot, count)| spot.wanted && *count == 0).count();
        assert!(missing * 4 < all, "{missing} of {all} {} missing", group.name());
    }
}

#[test]
fn a_pair_that_is_held_to_be_impossible_never_is() {
    let explored = campaign(2).explore(2000..3500, &Patient);
    let pairs = explored.tally.coverage.all().filter(|(spot, _)| spot.group == Group::Pair);
    let wrong: Vec<_> = pairs.filter(|(spot, count)| !spot.wanted && *count > 0).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn threads_and_shards_change_nothing() {
    for guided in [false, true] {
        let run = |jobs| summary(&Campaign { guided, ..campaign(jobs) }, 0..700, None).line();
        assert_eq!(run(1), run(2), "guided: {guided}");
    }
    let broken = Campaign { runner: FORGETS_T1, ..campaign(2) };
    let whole = summary(&broken, 100..220, None);
    assert!(!whole.failures.is_empty());
    let mut shards: Vec<_> = (1..=4)
        .map(|number| Shard { number, of: 4 })
        .map(|shard| (shard.to_string(), summary(&broken, 100..220, Some(shard))))
        .collect();
    shards.rotate_left(2);
    let merged = merge(shards).unwrap();
    assert_eq!(merged.line(), whole.line());
}

#[test]
fn guiding_reaches_more_of_what_is_seldom() {
    let seldom = |guided| {
        let explored = Campaign { guided, ..campaign(2) }.explore(0..2000, &Patient);
        let pairs = explored.tally.coverage.all();
        let pairs = pairs.filter(|(spot, _)| spot.group == Group::Pair && spot.wanted);
        pairs.filter(|(_, count)| *count < 5).count()
    };
    let (plain, guided) = (seldom(false), seldom(true));
    assert!(guided < plain, "{guided} guided, {plain} otherwise");
}

/// A bug in a runner of a test: the app is never told of a return that comes late.
const FORGETS_T1: Runner = Runner { run: forget_t1 };

fn forget_t1(plan: &Plan) -> Recording {
    let mut recording = engine::run(plan, Engine::Event, false);
    let mut lost = BTreeSet::new();
    recording.records.retain(|record| match &record.event {
        Event::Callback(Callback::ConnectionStateChanged { state, .. }) => match state {
            ConnectionState::Reconnecting => {
                lost.insert(record.who);
                true
            }
            ConnectionState::Connected => !lost.remove(&record.who),
            ConnectionState::Connecting | ConnectionState::Disconnected => true,
        },
        _ => true,
    });
    recording
}

#[test]
fn a_planted_bug_is_found_with_the_first_plan_that_shows_it() {
    let broken = Campaign { runner: FORGETS_T1, ..campaign(2) };
    let explored = broken.explore(0..100, &Patient);
    let found = &explored.tally.found;
    assert!(found.contains_key(&Cause::Check(Check::Liveness)), "{:?}", found.keys());
    for (cause, own) in found {
        let Cause::Check(check) = cause else { panic!("{cause:?}") };
        let again = judge("again.toml", &own.document, FORGETS_T1).unwrap();
        assert!(again.failed_contract().contains(check), "{cause:?}");
        let earlier = broken.explore(0..own.first, &Patient);
        assert!(!earlier.tally.found.contains_key(cause), "{cause:?}");
    }
}

#[test]
fn a_panic_is_a_finding_and_ends_nothing() {
    fn panics(plan: &Plan) -> Recording {
        assert!(plan.clients.len() < 4, "too many to bear");
        engine::run(plan, Engine::Event, false)
    }
    let broken = Campaign { runner: Runner { run: panics }, ..campaign(2) };
    let explored = broken.explore(0..40, &Patient);
    assert_eq!(explored.ran, 0..40);
    let found = &explored.tally.found[&Cause::Panic];
    assert_eq!(found.what, "too many to bear");
    assert!(found.runs > 1 && found.runs == explored.tally.failed);
    assert_eq!(found.document, draw(Seed(1), found.first, &Weights::default()));
}

/// Stops after so many plans.
struct Impatient(AtomicU64);

impl Watcher for Impatient {
    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
    fn ran(&self, _failed: bool) {
        let _ =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    }
    fn go_on(&self, _so_far: &Explored) -> bool {
        true
    }
}

#[test]
fn who_is_stopped_tells_of_a_stretch_without_gaps() {
    let stopped = |jobs| campaign(jobs).explore(0..1000, &Impatient(AtomicU64::new(50)));
    // A portion that has run is checked to its end.
    assert_eq!(stopped(1).ran, 0..50);
    let explored = stopped(2);
    assert!(explored.ran.end <= 75, "{:?}", explored.ran);
    assert_eq!(explored.tally, campaign(1).explore(explored.ran.clone(), &Patient).tally);
}

#[test]
fn what_is_varied_keeps_its_clients_calls_and_parameters() {
    let base = include_str!("../../scenarios/4-t2-timeout-enter.toml");
    let base = Document::read(base);
    let calls = |document: &Document| {
        let calls = document.rows("steps").filter(|row| row.get("call").is_some());
        let mut calls: Vec<_> = calls.cloned().collect();
        for call in &mut calls {
            call.remove("at");
            call.remove("result");
        }
        calls.sort();
        calls
    };
    let mut seen = BTreeSet::new();
    for n in 0..PLANS {
        let varied = vary(&base, Seed(1), n);
        assert_eq!(varied, vary(&base, Seed(1), n));
        let text = varied.to_string();
        let plan = scenario::load("varied", text.as_bytes(), &crate::contract::ids());
        assert!(plan.is_ok(), "variation {n}:\n{text}");
        for key in ["clients", "params", "network", "react", "until"] {
            assert_eq!(varied.root.get(key), base.root.get(key), "{key}");
        }
        assert_eq!(calls(&varied), calls(&base), "variation {n}");
        assert!(varied.root.get("expect").is_none() && varied.root.get("never").is_none());
        seen.insert(varied.root.get("steps").cloned());
    }
    assert!(seen.len() > 280, "only {} differ", seen.len());
    let explored = Campaign { base: Some(base), ..campaign(2) }.explore(0..PLANS, &Patient);
    assert!(explored.tally.found.is_empty(), "{:#?}", explored.tally.found);
    assert_eq!(
        explored.tally.coverage.missing().filter(|spot| spot.name == "4.T2.timeout").count(),
        0
    );
}

#[test]
fn results_that_do_not_belong_together_are_told_apart() {
    let shard = |number, of| {
        let shard = Shard { number, of };
        (format!("{number}.json"), summary(&campaign(1), 0..30, Some(shard)))
    };
    let wrong = |parts: Vec<(String, Summary)>| merge(parts).unwrap_err().to_string();
    assert_eq!(wrong(Vec::new()), "no results to merge");
    assert_eq!(
        wrong(vec![shard(3, 3), shard(1, 3)]),
        "plans 10..20 are missing; no result of shard 2/3"
    );
    assert_eq!(
        wrong(vec![shard(1, 3), shard(2, 3), shard(3, 3), shard(2, 3)]),
        "plans 10..20 stand twice in 2.json"
    );
    assert_eq!(
        wrong(vec![shard(1, 2), shard(3, 3)]),
        "not of one exploration: another plans: 1.json has 0..30 in 2 shards, 3.json has 0..30 in 3 shards"
    );
    let other = ("b".to_owned(), Summary { seed: 2, ..shard(2, 2).1 });
    assert!(wrong(vec![shard(1, 2), other]).contains("another seed"));
    let other = ("b".to_owned(), Summary { zimsim: "0.0.1".into(), ..shard(2, 2).1 });
    assert!(wrong(vec![shard(1, 2), other]).contains("another version of zimsim"));
    let other = ("b".to_owned(), Summary { guided: true, ..shard(2, 2).1 });
    assert!(wrong(vec![shard(1, 2), other]).contains("guided"));
    let early = ("b".to_owned(), Summary { ran: Numbers { from: 15, to: 16 }, ..shard(2, 2).1 });
    let said = wrong(vec![shard(1, 2), early]);
    assert_eq!(said, "plans 16..30 are missing; b stopped early, it ran 15..16");
}

#[test]
fn a_result_is_read_as_it_was_written() {
    let own = summary(&campaign(1), 0..10, None);
    assert_eq!(Summary::read_all(&own.line()), Ok(vec![own.clone()]));
    let two = format!("{}\n{}", own.line(), own.line());
    assert_eq!(Summary::read_all(&two).unwrap().len(), 2);
    let broken =
        two.replacen("\"seed\":1", "\"seed\":x", 2).replacen("\"seed\":x", "\"seed\":1", 1);
    let unread = Summary::read_all(&broken).unwrap_err();
    assert_eq!((unread.line, unread.why.as_str()), (3, "expected value"));
    assert!(unread.column > 0);
    let foreign = own.line().replace("\"cut\":", "\"cat\":");
    assert!(Summary::read_all(&foreign).is_err());
    assert!(Summary::read_all("{}").unwrap_err().why.contains("missing field"));
}

/// The scenario files that ship with this, each with its path.
fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    for folder in [folder.clone(), folder.join("large")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// Every file of ours, written back, is the same plan; and again, the same text.
#[test]
fn a_file_written_back_is_the_same_plan() {
    let ids = crate::contract::ids();
    let files = shipped();
    assert!(files.len() > 100, "only {} files", files.len());
    for (path, source) in files {
        let document = Document::read(&source);
        let text = document.to_string();
        let plan = |text: &str| scenario::load(&path, text.as_bytes(), &ids);
        let again = plan(&text);
        let again = again.unwrap_or_else(|wrong| panic!("{}{text}", wrong.render(false)));
        assert_eq!(plan(&source).unwrap(), again, "{path}\n{text}");
        assert_eq!(
            scenario::load_document(&path, &document, &ids).unwrap(),
            again,
            "{path}\n{text}"
        );
        assert_eq!(Document::read(&text), document, "{path}");
    }
}
