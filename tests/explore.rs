//! `zimsim explore` and `zimsim merge` as their users meet them.

mod program;

use program::*;
use std::fs;
use std::process::Output;

const HELD: i32 = 0;
const WRONG_INPUT: i32 = 2;

/// The line of a report that tells how many runs there were.
fn explored(output: &Output) -> String {
    stdout(output).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn an_exploration_is_the_same_on_any_number_of_threads() {
    let folder = Folder::new("explore");
    let run = |jobs: &str, out: &str| {
        let output = folder.zimsim(&["explore", "--seeds", "7..40", "--jobs", jobs, "-o", out]);
        assert_eq!(output.status.code(), Some(HELD), "{}", stdout(&output));
        (stdout(&output), fs::read(folder.0.join(out)).expect("a result"))
    };
    let one = run("1", "one.json");
    assert_eq!(one, run("2", "two.json"));
    assert!(one.0.starts_with("plans 7..40, seed 1: 33 runs, 0 failed\n"), "{}", one.0);
    assert!(one.0.contains("never reached"), "{}", one.0);
    let json = folder.zimsim(&["explore", "--seeds", "7..40", "--format", "json"]);
    assert_eq!(json.stdout, one.1);
    assert!(stderr(&json).contains("33 runs in "), "{}", stderr(&json));
}

#[test]
fn an_exploration_by_time_ends_with_a_batch_and_says_what_it_ran() {
    let output = zimsim(&["explore", "--for", "1ms"]);
    assert_eq!(explored(&output), "plans 0..500, seed 1: 500 runs, 0 failed");
    let output = zimsim(&["explore", "--for", "1ms", "--runs", "20", "--guided"]);
    assert_eq!(explored(&output), "plans 0..20, seed 1: 20 runs, 0 failed");
}

#[test]
fn a_scenario_is_varied_without_what_it_expects() {
    let folder = Folder::new("vary");
    let text = scenario("1-reconnect.toml").replace("within = \"20s\"", "within = \"1s\"");
    let file = folder.write("late.toml", text);
    let output = folder.zimsim(&["explore", "--from", &file, "--runs", "50"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stdout(&output));
    assert_eq!(explored(&output), "variations 0..50 of late.toml, seed 1: 50 runs, 0 failed");
    let shards = ["1/2", "2/2"].map(|shard| {
        let out = format!("{}.json", shard.replace('/', "-"));
        let arguments = ["explore", "--from", &file, "--runs", "50", "--shard", shard, "-o", &out];
        assert_eq!(folder.zimsim(&arguments).status.code(), Some(HELD));
        out
    });
    let merged = folder.zimsim(&["merge", &shards[1], &shards[0]]);
    assert_eq!(stdout(&merged), stdout(&output));
}

#[test]
fn wrong_explorations_and_merges_exit_with_2_and_say_why() {
    let folder = Folder::new("explore-wrong");
    let one = folder.zimsim(&["explore", "--runs", "20", "--shard", "1/2", "-o", "1.json"]);
    assert_eq!(one.status.code(), Some(HELD), "{}", stdout(&one));
    let result = fs::read_to_string(folder.0.join("1.json")).expect("a result");
    folder.write("broken.json", result.replacen("\"seed\":1", "\"seed\":one", 1));
    folder.write("foreign.json", "{ \"ok\": true }\n");
    folder.write("empty.json", "\n");
    folder.write("bytes.json", [0xff, 0xfe]);
    fs::copy(root().join("scenarios/1-reconnect.toml"), folder.0.join("good.toml"))
        .expect("a copy");
    folder.write("bad.toml", scenario("1-reconnect.toml").replace("cut =", "cutt ="));
    for (arguments, said) in [
        (&["explore", "--guided", "--shard", "1/2"][..], "--shard"),
        (&["explore", "--guided", "--from", "good.toml"], "--from"),
        (&["explore", "--shard", "3/2"], "no shard 3 of 2"),
        (&["explore", "--shard", "x"], "no shard"),
        (&["explore", "--for", "10"], "unit"),
        (&["explore", "--for", "1s", "--shard", "1/2"], "--shard"),
        (&["explore", "--seeds", "5..5"], "empty"),
        (&["explore", "--seeds", "0..5", "--runs", "5"], "--runs"),
        (&["explore", "--runs", "0"], "0"),
        (&["explore", "--jobs", "0"], "0"),
        (&["explore", "--from", "missing.toml"], "missing.toml"),
        (&["explore", "--from", "bad.toml"], "bad.toml:8:17"),
        (&["explore", "--runs", "1", "-o", "none/1.json"], "none/1.json"),
        (&["explore", "--runs", "1", "--out", "bad.toml"], "can't make bad.toml"),
        (&["merge"], "RESULT"),
        (&["merge", "missing.json"], "missing.json"),
        (&["merge", "broken.json"], "broken.json:1:"),
        (&["merge", "foreign.json"], "foreign.json:1:"),
        (&["merge", "empty.json"], "empty.json is empty"),
        (&["merge", "bytes.json"], "bytes.json is no text"),
        (&["merge", "1.json"], "no result of shard 2/2"),
        (&["merge", "1.json", "1.json"], "twice"),
    ] {
        let output = folder.zimsim(arguments);
        assert_eq!(output.status.code(), Some(WRONG_INPUT), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

/// The folder is there, and all that is wrong with the place is found at the end.
#[test]
fn a_result_that_can_not_be_written_is_shown_all_the_same() {
    let output = zimsim(&["explore", "--runs", "3", "-o", "scenarios"]);
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    assert_eq!(explored(&output), "plans 0..3, seed 1: 3 runs, 0 failed");
    assert!(stderr(&output).contains("can't write scenarios"), "{output:?}");
}
