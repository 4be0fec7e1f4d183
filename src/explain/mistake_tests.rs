//! What is said of scenario files against the files themselves: each example is loaded, and
//! each message that is pinned has its rule.

use super::files::WRITTEN;
use super::lookup;
use super::messages::rule_of;
use super::mistakes::{MISTAKE, RULES, Rule};
use crate::contract;
use crate::scenario::{KeyHelp, key_help, load};
use std::fs;
use std::path::Path;

const FILE: &[&str] = &[
    "title = \"an example\"",
    "until = \"2m\"",
    "params = {}",
    "react = []",
    "never = []",
    "network = {}",
    "clients = { alice = {}, bob = {}, fans = { size = 20, login = \"0s..5s\" } }",
    "steps = [",
    "  { at = \"0s\", client = \"alice\", call = \"login\" },",
    "  { at = \"1s\", client = \"alice\", call = \"enterRoom\", room = \"r1\" },",
    "  { at = \"1s\", client = \"bob\", call = \"enterRoom\", room = \"r1\" },",
    "  { at = \"2s\", client = \"bob\", call = \"sendRoomMessage\", room = \"r1\", text = \"hi\" },",
    "  { at = \"12s\", cut = \"alice\", for = \"20s\", name = \"tunnel\" },",
    "]",
    "expect = [ { client = \"alice\", row = \"1.connected\", from = \"tunnel.end\" } ]",
];

/// A file that has this line in the place of its like, or this step among its steps, or this
/// expectation for its own.
fn with(example: &str) -> String {
    let is_entry = example.starts_with('{');
    let is_step = is_entry && example.contains("at = ");
    let key = if is_entry { "expect" } else { example.split(' ').next().expect("a word") };
    // The cut of the file is in the way of an example that heals it.
    let lasts = if example.contains("heal") { "30s" } else { "20s" };
    let line = |line: &&str| match *line {
        "steps = [" if is_step => format!("{line}\n  {example},\n"),
        other if is_step || other.split(' ').next() != Some(key) => {
            format!("{}\n", other.replace("20s", lasts))
        }
        _ if is_entry => format!("{key} = [ {example} ]\n"),
        _ => format!("{example}\n"),
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
fn every_act_has_an_example_and_every_example_is_right() {
    for (key, example) in WRITTEN {
        let text = with(example);
        assert!(text.contains(example) && example.contains(&format!("{key} = ")), "{key}");
        if let Err(told) = load("example.toml", text.as_bytes(), &contract::ids()) {
            panic!("{key}:\n{}", told.render(false));
        }
    }
    let decides = |key: &KeyHelp| !key.needs.is_empty() || !key.takes.is_empty();
    for act in key_help().into_iter().filter(|key| key.table == "step" && decides(key)) {
        assert!(WRITTEN.iter().any(|(key, _)| *key == act.name), "no example of {}", act.name);
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
            assert!(rule_of(message).is_some(), "no rule in mistakes.rs says: {message}");
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
