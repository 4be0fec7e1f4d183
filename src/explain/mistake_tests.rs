//! The rules of scenario files against the files themselves: each example is loaded, and
//! each message that is pinned has its rule.

use super::lookup;
use super::mistakes::{MISTAKE, RULES, Rule, rule_of};
use crate::contract;
use crate::scenario::load;
use std::fs;
use std::path::Path;

const FILE: &[&str] = &[
    "title = \"an example\"",
    "until = \"2m\"",
    "params = {}",
    "network = {}",
    "clients = { alice = {}, bob = {}, fans = { size = 20, login = \"0s..5s\" } }",
    "steps = [",
    "  { at = \"0s\", client = \"alice\", call = \"login\" },",
    "  { at = \"1s\", client = \"alice\", call = \"enterRoom\", room = \"r1\" },",
    "  { at = \"12s\", cut = \"alice\", for = \"20s\", name = \"tunnel\" },",
    "]",
    "expect = [",
    "  { client = \"alice\", row = \"1.connected\", from = \"tunnel.end\" },",
    "]",
];

/// A file that has this line, in the place of its like, or this entry, in its list.
fn with(example: &str) -> String {
    let list = match example.starts_with('{') {
        true if example.contains("at = ") => Some("steps = ["),
        true => Some("expect = ["),
        false => None,
    };
    let key = example.split(' ').next().expect("an example has a word");
    // The cut of the file is in the way of an example that heals it.
    let heals = example.contains("heal");
    let line = |line: &&str| match list {
        Some(list) if *line == list => format!("{line}\n  {example},\n"),
        None if line.split(' ').next() == Some(key) => format!("{example}\n"),
        Some(_) | None if heals => {
            format!("{}\n", line.replace(", for = \"20s\"", ", for = \"30s\""))
        }
        Some(_) | None => format!("{line}\n"),
    };
    FILE.iter().map(line).collect()
}

#[test]
fn every_example_breaks_its_rule_and_is_put_right() {
    for Rule { name, wrong, right, .. } in RULES {
        let load = |text: &str| load("example.toml", text.as_bytes(), &contract::ids());
        let told = load(&with(wrong)).expect_err(name);
        let rules: Vec<_> = told.list().iter().map(|d| rule_of(&d.message)).collect();
        let named: Vec<_> = rules.iter().flatten().map(|rule| rule.name).collect();
        assert!(named.contains(name), "{name}: {named:?}\n{}", told.render(false));
        assert_eq!(named.len(), rules.len(), "{}", told.render(false));
        if let Err(told) = load(&with(right)) {
            panic!("{name}:\n{}", told.render(false));
        }
    }
}

#[test]
fn every_message_that_is_pinned_has_its_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut told = 0;
    for entry in fs::read_dir(folder).expect("the folder is part of the repository") {
        let path = entry.expect("a readable entry").path();
        if path.extension().is_none_or(|extension| extension != "snap") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a readable file");
        for message in text.lines().filter(|line| line.starts_with("error: ")) {
            told += 1;
            assert!(rule_of(message).is_some(), "{message}");
            let topics = lookup(message);
            assert!(topics.iter().any(|topic| topic.kind == MISTAKE), "{message}");
        }
    }
    assert!(told > 150, "only {told}");
}

#[test]
fn a_rule_is_found_by_its_name_its_message_and_a_part_of_it() {
    let names =
        |words: &str| lookup(words).iter().map(|topic| topic.name.clone()).collect::<Vec<_>>();
    assert_eq!(names("error: no client is called \"alcie\""), ["no client is called"]);
    assert_eq!(names("no client is called alcie"), ["no client is called"]);
    assert_eq!(names("for is no duration: 60"), ["is no duration"]);
    assert_eq!(names("unknown parameter rom.x"), ["unknown parameter"]);
    assert_eq!(names("window ends at"), ["no moment of the run"]);
    assert!(names("elephants").is_empty());
    for rule in RULES {
        assert_eq!(names(rule.name), [rule.name]);
        assert!(rule.name.chars().all(|c| c.is_alphanumeric() || c == ' '), "{}", rule.name);
    }
}
