//! The program as its users meet it: what it prints, where, and with which exit code.

mod program;

use program::*;
use std::fs;
use std::process::{Command, Stdio};

const HELD: i32 = 0;
const FAILED: i32 = 1;
const WRONG_INPUT: i32 = 2;

#[test]
fn a_scenario_that_holds_exits_with_0_and_prints_its_timeline() {
    let output = zimsim(&["run", "scenarios/4-t2-restored.toml"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    let text = stdout(&output);
    for part in ["T0", "T1", "T2", "4.T2.restored held", "all held"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colour in a pipe");
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_scenario_that_fails_exits_with_1_and_says_what_and_how_to_replay() {
    let folder = Folder::new("fails");
    let text = scenario("1-reconnect.toml").replace("within = \"20s\"", "within = \"1s\"");
    let file = folder.write("late.toml", text);
    let output = folder.zimsim(&["check", &file, "--seed", "5"]);
    assert_eq!(output.status.code(), Some(FAILED));
    let text = stdout(&output);
    assert!(text.contains("row 1.reconnecting, within 1s of loss"), "{text}");
    assert!(text.contains("replay: zimsim run late.toml --seed 5"), "{text}");
    assert!(text.contains("0 held, 1 failed"), "{text}");
}

#[test]
fn a_fault_that_hits_nothing_fails_unless_it_may() {
    let folder = Folder::new("misses");
    let base = scenario("1-reconnect.toml");
    let early = base.replace(
        "at = \"12s\", cut = \"alice\", for = \"30s\"",
        "at = \"12s\", cut = \"alice\", for = \"1s\"",
    );
    let early = early[..early.find("expect").expect("expectations")].to_owned();
    let file = folder.write("misses.toml", &early);
    let output = folder.zimsim(&["check", &file]);
    assert_eq!(output.status.code(), Some(FAILED));
    assert!(stdout(&output).contains("hit nothing"), "{}", stdout(&output));
    let file =
        folder.write("may.toml", early.replace("for = \"1s\"", "for = \"1s\", may_miss = true"));
    assert_eq!(folder.zimsim(&["check", &file]).status.code(), Some(HELD));
}

#[test]
fn wrong_input_exits_with_2_and_nothing_is_run() {
    let folder = Folder::new("wrong");
    let good = folder.write("good.toml", scenario("1-reconnect.toml"));
    let bad = folder.write("bad.toml", scenario("1-reconnect.toml").replace("cut =", "cutt ="));
    let output = folder.zimsim(&["run", &good, &bad]);
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    assert_eq!(stdout(&output), "", "the good one must not be run either");
    let text = stderr(&output);
    assert!(text.contains("bad.toml:8:17") && text.contains("`cut`"), "{text}");
    for arguments in
        [&["run", "missing.toml"][..], &["run"], &["fly"], &["run", &good, "--seed", "x"]]
    {
        let output = folder.zimsim(arguments);
        assert_eq!(output.status.code(), Some(WRONG_INPUT), "{arguments:?}");
        assert_ne!(stderr(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_folder_without_scenarios_is_wrong_input_not_success() {
    let folder = Folder::new("empty");
    fs::create_dir(folder.0.join("none")).expect("a writable folder");
    for arguments in [["run", "none"], ["check", "none"], ["list", "none"], ["list", "missing"]] {
        let output = folder.zimsim(&arguments);
        assert_eq!(output.status.code(), Some(WRONG_INPUT), "{arguments:?}");
        assert_ne!(stderr(&output), "", "{arguments:?}");
    }
}

#[test]
fn the_replay_line_can_be_pasted() {
    let folder = Folder::new("replay");
    let text = scenario("1-reconnect.toml").replace("within = \"20s\"", "within = \"1s\"");
    let file = folder.write("my lift.toml", text);
    let output = folder.zimsim(&["check", "--engine", "turmoil", &file]);
    let text = stdout(&output);
    let replay = "replay: zimsim run 'my lift.toml' --seed 1 --engine turmoil";
    assert!(text.contains(replay), "{text}");
}

#[test]
fn files_cut_spliced_and_drowned_in_noise_never_crash_the_program() {
    let folder = Folder::new("hostile");
    let text = scenario("4-t2-timeout-enter.toml");
    let bytes = text.as_bytes();
    let mut files = Vec::new();
    for n in 1..24 {
        let cut = bytes.len() * n / 24;
        files.push(bytes[..cut].to_vec());
        files.push(bytes[cut..].to_vec());
        files.push([&bytes[cut..], &bytes[..cut]].concat());
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 1 << (n % 8);
        files.push(flipped);
    }
    let mut random = zimsim::rng::Seed(1).stream("noise");
    files
        .extend((0..8).map(|n| (0..n * 300).map(|_| random.next_u64().to_le_bytes()[0]).collect()));
    files.push(b"[".repeat(100_000));
    files.push(b"a = {".repeat(50_000));
    for (n, bytes) in files.iter().enumerate() {
        let file = folder.write(&format!("{n}.toml"), bytes);
        let output = folder.zimsim(&["run", &file]);
        let code = output.status.code();
        assert!(
            matches!(code, Some(HELD | FAILED | WRONG_INPUT)),
            "{n}: {code:?} {}",
            stderr(&output)
        );
    }
}

#[test]
fn two_processes_give_the_same_bytes_on_either_engine() {
    let run = |engine: &str, noise: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_zimsim"))
            .args(["run", "--trace", "--engine", engine])
            .args(["scenarios/4-two-rooms.toml", "scenarios/1-weak-lossy.toml"])
            .current_dir(root())
            .env("ZIMSIM_NOISE", noise)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
        stdout(&output)
    };
    let first = run("event", "a");
    assert!(first.len() > 10_000);
    assert_eq!(first, run("event", "another environment"));
    assert_eq!(first, run("turmoil", "b"));
}

#[test]
fn another_seed_is_another_run_where_there_is_chance() {
    let run = |seed: &str| stdout(&zimsim(&["run", "scenarios/1-jitter.toml", "--seed", seed]));
    assert_eq!(run("2"), run("2"));
    assert_ne!(run("2").replace("seed 2", ""), run("3").replace("seed 3", ""));
}

#[test]
fn logs_go_to_stderr_with_virtual_time_and_change_nothing() {
    let quiet = stdout(&zimsim(&["run", "scenarios/1-reconnect.toml"]));
    let output = Command::new(env!("CARGO_BIN_EXE_zimsim"))
        .args(["run", "--engine", "turmoil", "scenarios/1-reconnect.toml"])
        .current_dir(root())
        .env("RUST_LOG", "trace")
        .output()
        .expect("the program starts");
    assert_eq!(stdout(&output), quiet);
    let logs = stderr(&output);
    for part in ["12.000", "host{name=\"alice\"}", "turmoil", "zimsim::net"] {
        assert!(logs.contains(part), "no {part} in the logs:\n{}", &logs[..logs.len().min(4000)]);
    }
}

#[test]
fn json_is_one_versioned_object_a_line() {
    let output = zimsim(&["run", "--format", "json", "--trace", "scenarios/4-t2-restored.toml"]);
    let text = stdout(&output);
    assert!(text.lines().count() > 100);
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("an object a line");
        assert_eq!(object["v"], 1, "{line}");
    }
}

#[test]
fn ndjson_has_the_older_name_too() {
    let run = |format| stdout(&zimsim(&["run", "--format", format, "scenarios/1-reconnect.toml"]));
    assert_eq!(run("ndjson"), run("json"));
}

#[test]
fn a_page_is_one_file_of_one_run() {
    let folder = Folder::new("page");
    let file = folder.write("a.toml", scenario("1-reconnect.toml"));
    let html = ["run", &file, "--format", "html"];
    let printed = stdout(&folder.zimsim(&html));
    let output = folder.zimsim(&[&html[..], &["-o", "a.html"]].concat());
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(HELD), ""));
    let written = fs::read_to_string(folder.0.join("a.html")).expect("the page");
    assert!(written == printed && written.starts_with("<!DOCTYPE html>"));
    assert!(written.contains("cut alice for 30s"));
    let output = folder.zimsim(&[&html[..], &[&file]].concat());
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    assert!(stderr(&output).contains("zimsim report"), "{}", stderr(&output));
    let output = folder.zimsim(&[&html[..], &["-o", "no/such/folder/a.html"]].concat());
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    assert!(stderr(&output).contains("can't write no/such/folder/a.html"), "{}", stderr(&output));
    let output = folder.zimsim(&["run", &file, &file, "-o", "a.txt"]);
    assert_eq!(output.status.code(), Some(HELD));
    let twice = fs::read_to_string(folder.0.join("a.txt")).expect("the timelines");
    assert_eq!(twice, stdout(&folder.zimsim(&["run", &file, &file])));
}

#[test]
fn a_site_has_a_page_a_scenario_and_every_link_leads_to_one() {
    let folder = Folder::new("site");
    fs::create_dir_all(folder.0.join("all/large")).expect("a writable folder");
    folder.write("all/a b#1.toml", scenario("1-reconnect.toml"));
    folder.write("all/large/c.toml", scenario("2-kicked.toml"));
    let late = scenario("1-reconnect.toml").replace("within = \"20s\"", "within = \"1s\"");
    folder.write("all/late.toml", late);
    let output = folder.zimsim(&["report", "all", "-o", "out/site"]);
    assert_eq!(output.status.code(), Some(FAILED), "{}", stderr(&output));
    assert_eq!(stdout(&output), "2 held, 1 failed; open out/site/index.html\n");
    let read = |name: &str| fs::read_to_string(folder.0.join("out/site").join(name)).expect(name);
    let front = read("index.html");
    for link in ["a%20b%231.html", "large/c.html", "late.html"] {
        assert!(front.contains(&format!("href=\"{link}")), "no {link}");
    }
    let below = read("large/c.html");
    assert!(below.contains("href=\"../index.html\"") && below.contains("id=\"row-2.kicked\""));
    assert!(read("a b#1.html").contains("href=\"index.html\""));
    assert!(read("late.html").contains("What failed"));
    assert!(front.contains("large/c.html#row-2.kicked"));
}

#[test]
fn two_seeds_make_a_page_of_old_and_new() {
    let folder = Folder::new("diff-page");
    let file = folder.write("a.toml", scenario("1-jitter.toml"));
    let (a, b) = (format!("{file}@seed=2"), format!("{file}@seed=3"));
    let output = folder.zimsim(&["diff", &a, &b, "--format", "html", "-o", "d.html"]);
    assert_eq!(output.status.code(), Some(FAILED), "{}", stderr(&output));
    let page = fs::read_to_string(folder.0.join("d.html")).expect("the page");
    for part in ["a.toml@seed=2", "a.toml@seed=3", "class=\"moved\""] {
        assert!(page.contains(part), "no {part}");
    }
    let output = folder.zimsim(&["diff", &a, &a, "--format", "html", "-o", "same.html"]);
    assert_eq!(output.status.code(), Some(HELD));
}

#[test]
fn a_diagram_is_mermaid() {
    let output = zimsim(&["run", "--format", "mermaid", "scenarios/4-t2-timeout-enter.toml"]);
    let text = stdout(&output);
    assert!(text.starts_with("sequenceDiagram\n"), "{text}");
    assert!(text.contains("c0->>s: login") && text.contains("cut alice for 100s"), "{text}");
}

#[test]
fn a_new_scenario_runs_as_it_is_written_and_none_is_overwritten() {
    let folder = Folder::new("new");
    let output = folder.zimsim(&["new", "lift"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "wrote lift.toml; run it with: zimsim run lift.toml\n\
         wrote scenario.schema.json, which editors read\n"
    );
    let output = folder.zimsim(&["run", "lift.toml"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stdout(&output));
    let output = folder.zimsim(&["new", "lift"]);
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    for name in ["no/such/folder/lift", "", ".toml", "--x"] {
        let output = folder.zimsim(&["new", "--", name]);
        assert_eq!(output.status.code(), Some(WRONG_INPUT), "{name}");
    }
}

#[test]
fn the_lists_are_complete() {
    let list = stdout(&zimsim(&["list"]));
    assert!(list.contains("4-t2-restored") && list.contains("1-two-hour-outage"), "{list}");
    let rows = stdout(&zimsim(&["contract"]));
    for row in zimsim::contract::ROWS {
        assert!(rows.contains(row.id) && rows.contains(row.advice), "{}", row.id);
    }
    let profiles = stdout(&zimsim(&["profiles"]));
    let lines = stdout(&zimsim(&["profiles", "--format", "json"]));
    for (profile, line) in zimsim::net::Profile::ALL.iter().zip(lines.lines()) {
        assert!(profiles.contains(&format!("{}: {}", profile.name, profile.about)), "{profiles}");
        assert!(line.contains(&format!("\"name\":\"{}\"", profile.name)), "{line}");
    }
    let params = stdout(&zimsim(&["params"]));
    for row in zimsim::param::Params::TABLE {
        let line = params.lines().find(|line| line.starts_with(row.name)).expect(row.name);
        assert!(line.ends_with(row.mark.name()), "{line}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let shell = format!("{} run scenarios --trace | head -n 1", env!("CARGO_BIN_EXE_zimsim"));
    let output = Command::new("sh").arg("-c").arg(shell).current_dir(root()).output();
    let output = output.expect("a shell");
    assert_eq!(stderr(&output), "");
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn errors_and_logs_that_nobody_reads_change_no_exit_code() {
    let code = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut program = Command::new(env!("CARGO_BIN_EXE_zimsim"));
        let program = program.args(arguments).current_dir(root()).stdout(Stdio::null());
        program.stderr(writer).env("RUST_LOG", "trace").status().expect("it runs").code()
    };
    assert_eq!(code(&["run", "scenarios/1-jitter.toml"]), Some(HELD));
    assert_eq!(code(&["run", "Cargo.toml"]), Some(WRONG_INPUT));
    assert_eq!(code(&["run", "nowhere.toml"]), Some(WRONG_INPUT));
}

#[test]
fn a_word_is_explained_with_its_source_and_the_scenarios_that_show_it() {
    let timeout = "scenarios/4-t2-timeout-enter.toml";
    let restored = "scenarios/4-t2-restored.toml";
    let explain = |word: &str| zimsim(&["explain", word, "--in", timeout, "--in", restored]);
    let output = explain("4.T2.timeout");
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    let text = stdout(&output);
    let row = zimsim::contract::ROWS.iter().find(|row| row.id == "4.T2.timeout").expect("a row");
    assert!(row.sentence.iter().all(|sentence| text.contains(sentence)), "{text}");
    assert!(text.contains(row.demand) && text.contains(row.revision), "{text}");
    assert!(
        text.contains("shown by 1 of 2") && text.contains("    4-t2-timeout-enter\n"),
        "{text}"
    );
    let text = stdout(&explain("room 2/0"));
    assert!(text.contains("room 2/0") && text.contains("shown by 2 of 2"), "{text}");
    let text = stdout(&explain("room.heartbeat_timeout"));
    assert!(text.contains("zimsim's own choice") && text.contains("shown by 1 of 2"), "{text}");
    for (word, part) in
        [("6000121", "USER_IS_NOT_LOGGED"), ("cut", "vanish"), ("T1", "room still 1/1")]
    {
        let text = stdout(&explain(word));
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn an_unknown_word_exits_with_2_and_names_its_neighbours() {
    let output = zimsim(&["explain", "4.T2.timout"]);
    assert_eq!(output.status.code(), Some(WRONG_INPUT));
    assert!(stderr(&output).contains("did you mean `4.T2.timeout`"), "{}", stderr(&output));
    for arguments in [["list", "teleport"], ["params", "teleport"], ["contract", "teleport"]] {
        assert_eq!(zimsim(&arguments).status.code(), Some(WRONG_INPUT), "{arguments:?}");
    }
}

#[test]
fn a_mistake_is_explained_by_the_words_that_it_was_told_in() {
    let folder = Folder::new("mistake");
    let wrong = scenario("1-reconnect.toml").replace("for = \"30s\"", "for = \"30\"");
    let file = folder.write("wrong.toml", wrong);
    let told = stderr(&folder.zimsim(&["run", &file]));
    assert!(told.ends_with("\nmore: zimsim explain is no duration\n"), "{told}");
    let message = told.lines().next().expect("a message");
    for words in [&[message][..], &["is", "no", "duration"]] {
        let output = folder.zimsim(&[&["explain"], words].concat());
        let text = stdout(&output);
        assert!(text.starts_with("is no duration   mistake in a scenario file\n"), "{text}");
        assert!(text.contains("  right  ") && !text.contains("shown by"), "{text}");
    }
}

#[test]
fn words_narrow_down_lists() {
    let text = stdout(&zimsim(&["params", "chosen", "patience"]));
    assert!(text.contains("heartbeat.patience") && !text.contains("heartbeat.period "), "{text}");
    let text = stdout(&zimsim(&["contract", "KICKED", "tablet"]));
    assert_eq!(text, "");
    let text = stdout(&zimsim(&["contract", "KICKED", "device"]));
    assert!(text.starts_with("2.kicked\n") && !text.contains("4.T0\n"), "{text}");
    let text = stdout(&zimsim(&["contract", "I.one-result", "--format", "ndjson"]));
    assert!(text.lines().count() == 1 && text.contains("\"id\":\"I.one-result\""), "{text}");
    let text = stdout(&zimsim(&["list", "T2", "gone"]));
    assert!(text.contains("4-t2-gone-enter") && !text.contains("4-t2-restored"), "{text}");
}

#[test]
fn a_scenario_may_come_from_stdin_and_run_with_many_seeds_on_both_engines() {
    let shell = format!(
        "{} check - --engine both --seeds 3..6 < scenarios/1-jitter.toml",
        env!("CARGO_BIN_EXE_zimsim")
    );
    let output = Command::new("sh").arg("-c").arg(shell).current_dir(root()).output();
    let output = output.expect("a shell");
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    assert_eq!(stdout(&output), "3 held, 0 failed\n");
    let wrong = zimsim(&["check", "scenarios/1-jitter.toml", "--seeds", "5..3"]);
    assert_eq!(wrong.status.code(), Some(WRONG_INPUT));
}

#[test]
fn a_failing_scenario_is_shrunk_to_one_that_fails_the_same_way() {
    let folder = Folder::new("shrink");
    let messy = fs::read_to_string(root().join("tests/messy.toml")).expect("a messy file");
    let file = folder.write("messy.toml", &messy);
    let output = folder.zimsim(&["shrink", &file, "-o", "small.toml"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let told = stderr(&output);
    assert!(told.contains("expect still fails: 9 steps became 2"), "{told}");
    let small = fs::read_to_string(folder.0.join("small.toml")).expect("the result");
    assert!(small.lines().count() < 18 && small.contains("# Fails by expect: "), "{small}");
    let output = folder.zimsim(&["check", "small.toml", "--engine", "both"]);
    assert_eq!(output.status.code(), Some(FAILED));
    assert!(stdout(&output).contains("row 1.connected"), "{}", stdout(&output));
    let again = folder.zimsim(&["shrink", "small.toml"]);
    let body = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(body(&stdout(&again)), body(&small), "it can't be shrunk any further");
}

#[test]
fn what_can_not_be_shrunk_swept_or_varied_exits_with_2_and_says_why() {
    let folder = Folder::new("explore-wrong");
    let good = folder.write("good.toml", scenario("1-reconnect.toml"));
    let messy = fs::read_to_string(root().join("tests/messy.toml")).expect("a messy file");
    let messy = folder.write("messy.toml", messy);
    let bad = folder.write("bad.toml", "title = 1");
    let vary =
        |vary| ["boundary", good.as_str(), "--vary", vary, "--from", "1s", "--to", "9s"].to_vec();
    for (arguments, says) in [
        (vec!["shrink", &good], "everything holds"),
        (vec!["shrink", &messy, "--check", "L.converges"], "it fails by expect"),
        (vec!["shrink", &bad], "bad.toml:1"),
        (vec!["shrink", "."], "is a folder"),
        (vec!["shrink", &messy, "--seed", "9223372036854775808"], "--seed"),
        (vec!["sweep", &good, "--act", "kik@alice"], "nearest: \"kick\""),
        (vec!["sweep", &good, "--act", "kick@bob"], "there are alice"),
        (vec!["sweep", &good], "--act"),
        (vec!["sweep", &bad, "--act", "kick@alice"], "bad.toml:1"),
        (vary("steps.los.for"), "nearest: \"loss\""),
        (vary("steps.loss.fro"), "unknown key"),
        (vary("title"), "is no amount"),
    ] {
        let output = folder.zimsim(&arguments);
        assert_eq!(output.status.code(), Some(WRONG_INPUT), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(says), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_sweep_writes_an_example_of_each_outcome() {
    let folder = Folder::new("sweep");
    let file = folder.write("lift.toml", scenario("1-reconnect.toml"));
    let output = folder.zimsim(&["sweep", &file, "--act", "rst@alice", "--write", "found"]);
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with("lift: rst@alice at each of "), "{text}");
    let written = fs::read_dir(folder.0.join("found")).expect("the folder").count();
    assert!(written > 1 && text.contains(&format!(": {written} outcomes\n")), "{text}");
    let output = folder.zimsim(&["check", "found"]);
    assert_eq!(stdout(&output), format!("{written} held, 0 failed\n"));
    let json = folder.zimsim(&["sweep", &file, "--act", "rst@alice", "--format", "json"]);
    assert_eq!(stdout(&json).lines().count(), written + 1);
}

#[test]
fn json_of_a_boundary_is_one_versioned_object_a_line() {
    let arguments = ["boundary", "scenarios/1-reconnect.toml", "--vary", "steps.loss.for"];
    let range = ["--from", "1s", "--to", "30s", "--step", "5s", "--format", "ndjson"];
    let output = zimsim(&[&arguments[..], &range[..]].concat());
    assert_eq!(output.status.code(), Some(HELD), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.lines().count() > 2, "{text}");
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("an object a line");
        assert_eq!(object["v"], 1, "{line}");
    }
}

#[test]
fn the_schema_that_ships_is_the_one_that_is_printed() {
    let printed = stdout(&zimsim(&["schema"]));
    let path = root().join("scenarios/scenario.schema.json");
    let kept = fs::read_to_string(path).expect("a schema that ships");
    assert!(printed == kept, "stale: cargo run -- schema > scenarios/scenario.schema.json");
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = stdout(&zimsim(&["completions", shell]));
        assert!(["run", "explain", "schema"].iter().all(|c| text.contains(c)), "{shell}");
    }
}

#[test]
fn a_crowds_packets_are_one_sum_on_its_page() {
    let page = stdout(&zimsim(&[
        "run",
        "scenarios/large/server-restart-under-200.toml",
        "--format",
        "html",
    ]));
    let sums = page.matches("packets up, first at").count();
    assert!((1..=3).contains(&sums), "{sums}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_long_work_after_a_run_and_tells_how_far_it_came() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zimsim"))
        .args(["check", "scenarios/1-jitter.toml", "--seeds", "0..10000000"])
        .current_dir(root())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("a shell's kill").success());
    let code = child.wait().expect("it ends").code();
    let mut told = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().expect("piped"), &mut told)
        .expect("text");
    assert_eq!(code, Some(130), "{told}");
    let held = told.split(' ').next().expect("a count");
    assert!(held.parse::<u32>().is_ok_and(|held| held > 0), "{told}");
    let expected = format!("{held} held, 0 failed; stopped after {held} of 10000000\n");
    assert_eq!(told, expected);
}
