//! What shrinking makes of failures: planted bugs on noisy plans end as files that a person
//! can read.

mod planted;

use planted::{BUGS, find, noisy};
use zimsim::explore::{Document, Shrunk, judge, shrink};
use zimsim::scenario;
use zimsim::time::Span;

const FAULTS: &[&str] = &[
    "cut",
    "flap",
    "stall",
    "crash",
    "suspend",
    "rst",
    "portal",
    "link",
    "admin",
    "offline",
    "doze",
    "blackhole",
    "handover",
    "dns",
    "overload",
    "clock",
];

fn faults(document: &Document) -> usize {
    document.rows("steps").filter(|row| FAULTS.iter().any(|key| row.get(key).is_some())).count()
}

/// Every time in the steps that is no whole number of seconds.
fn uneven(document: &Document) -> Vec<String> {
    let values = document.rows("steps").flat_map(|row| row.entries());
    let times = values.filter(|(key, _)| *key != "text").filter_map(|(_, value)| value.text());
    let uneven = |text: &&str| Span::parse(text).is_ok_and(|span| !span.ms().is_multiple_of(1000));
    times.filter(uneven).map(str::to_owned).collect()
}

fn file(shrunk: &Shrunk) -> String {
    shrunk.file("by a test")
}

#[test]
fn planted_bugs_end_as_files_that_a_person_can_read() {
    let mut wrong = Vec::new();
    for bug in BUGS {
        let (n, document, check) = find(bug.runner, noisy);
        let shrunk = shrink("drawn.toml", &document, check, bug.runner, &|| false);
        let shrunk = shrunk.expect("it fails by that check");
        let text = file(&shrunk);
        let uneven = uneven(&shrunk.document);
        println!("{} (plan {n}, {} runs)\n{text}", bug.name, shrunk.runs);
        if faults(&shrunk.document) > 3 || !uneven.is_empty() {
            wrong.push(format!("{}: {uneven:?}\n{text}", bug.name));
        }
        let steps = shrunk.document.rows("steps").count();
        assert!(steps <= 10, "{}: {steps} steps\n{text}", bug.name);
        // The file is a scenario, fails by the same check, and can't be shrunk any further.
        let plan = scenario::load("found.toml", text.as_bytes(), &zimsim::contract::ids());
        plan.unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        let again = judge("found.toml", &Document::read(&text), bug.runner).expect("a scenario");
        assert!(again.failed().contains(&check), "{}\n{text}", bug.name);
        let twice = shrink("drawn.toml", &shrunk.document, check, bug.runner, &|| false);
        let twice = twice.expect("it still fails by that check");
        assert_eq!(twice.document, shrunk.document, "{}", bug.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
