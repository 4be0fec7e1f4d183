//! The contract beside the scenarios that ship: nothing goes unexercised, and every note on the
//! document names what there is. And `zimsim diff`, in all its forms.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zimsim::contract::{INVARIANTS, LIVENESS, ROWS, Shown, notes};

const HELD: i32 = 0;
const FAILED: i32 = 1;
const WRONG_INPUT: i32 = 2;

fn zimsim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zimsim"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("RUST_LOG")
        .output()
        .expect("the program starts")
}

/// What it prints, after this exit code.
fn prints(arguments: &[&str], code: i32) -> String {
    let output = zimsim(arguments);
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    out
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

fn objects(json: &str) -> Vec<Value> {
    json.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().expect("a list");
    items.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

/// A file of its own, in a folder that tests may write to.
fn written(name: &str, content: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract");
    fs::create_dir_all(&folder).expect("a writable target folder");
    let path: PathBuf = folder.join(name);
    fs::write(&path, content).expect("a writable folder");
    path.to_str().expect("a plain path").to_owned()
}

#[test]
fn no_row_and_no_invariant_goes_unexercised_and_every_note_shows_its_rows() {
    let matrix = objects(&prints(&["contract", "scenarios", "--format", "json"], HELD));
    let (end, lines) = matrix.split_last().expect("an end");
    assert_eq!(end["kind"], "end");
    assert_eq!(end["not_exercised"], serde_json::json!([]));
    assert_eq!(end["failed"], serde_json::json!([]));
    let mut exercised: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lines {
        let id = line["id"].as_str().expect("an id").to_owned();
        let cells = line["scenarios"].as_array().expect("a list");
        let names = cells.iter().map(|cell| cell["name"].as_str().expect("a name").to_owned());
        assert!(exercised.insert(id, names.collect()).is_none(), "{line}");
    }
    let ids = ROWS.iter().map(|row| row.id).chain(INVARIANTS.iter().map(|each| each.id));
    let ids: BTreeSet<_> = ids.chain([LIVENESS]).map(str::to_owned).collect();
    assert_eq!(exercised.keys().cloned().collect::<BTreeSet<_>>(), ids);

    // What a chosen parameter can decide, some scenario lets it decide. Not room.query_tries:
    // this server answers in order, so that no heartbeat is answered before a question.
    let deciders = [
        "room.callback_at_t1",
        "room.kicked_while_away",
        "token.clock",
        "token.expiry_while_reconnecting",
        "token.renew_while_reconnecting",
    ];
    let cells = lines.iter().flat_map(|line| line["scenarios"].as_array().expect("a list"));
    let allowed = cells.flat_map(|cell| cell["allowed"].as_object().expect("by parameter").keys());
    assert_eq!(allowed.map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(deciders));
    let noted: BTreeSet<_> = notes().flat_map(|note| note.params).copied().collect();
    assert!(deciders.iter().all(|param| noted.contains(param)), "{noted:?}");

    let all: BTreeSet<_> = exercised.values().flatten().cloned().collect();
    let mut wrong = Vec::new();
    for note in notes() {
        let Shown::By(scenarios) = note.shown else { continue };
        for scenario in scenarios.iter().filter(|scenario| !all.contains(**scenario)) {
            wrong.push(format!("{}: there is no scenario {scenario}", note.id));
        }
        for row in note.rows {
            if !scenarios.iter().any(|scenario| exercised[*row].contains(*scenario)) {
                wrong.push(format!("{}: none of its scenarios exercises {row}", note.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_matrix_says_the_same_in_three_forms() {
    let files = ["scenarios/4-rooms-first.toml", "scenarios/2-kicked.toml"];
    let [rooms, kicked] = files;
    let plain = prints(&["contract", rooms, kicked], HELD);
    let json = objects(&prints(&["contract", rooms, kicked, "--format", "json"], HELD));
    let page = prints(&["contract", rooms, kicked, "--format", "markdown"], HELD);
    for line in &json[..json.len() - 1] {
        let id = line["id"].as_str().expect("an id");
        let cells = line["scenarios"].as_array().expect("a list");
        let count = |grade| cells.iter().filter(|cell| cell["grade"] == grade).count();
        let [held, allowed, bad] = ["held", "allowed", "contradicted"].map(count);
        let row = format!("| `{id}` | {held} | {allowed} | {bad} |");
        assert!(page.contains(&row), "no {row} in\n{page}");
        let words = [id.to_owned(), held.to_string(), allowed.to_string(), bad.to_string()];
        let told = plain.lines().any(|line| line.split_whitespace().skip(1).eq(&words));
        assert!(told, "no {words:?} in\n{plain}");
    }
    let repeated = "4.T1 in 4-rooms-first: room.callback_at_t1";
    assert!(plain.contains(repeated), "{plain}");
    assert!(page.contains("| allowed: `room.callback_at_t1` |"), "{page}");
    let empty = strings(&json.last().expect("an end")["not_exercised"]);
    assert!(empty.contains(&"3.renewed".to_owned()), "{empty:?}");
    for id in &empty {
        assert!(plain.contains(&format!("\n  {id}\n")), "{id} in\n{plain}");
    }
    let quoted: Vec<_> = empty.iter().map(|id| format!("`{id}`")).collect();
    assert!(page.contains(&format!("by any scenario: {}.", quoted.join(", "))), "{page}");
}

#[test]
fn a_scenario_that_fails_is_named_by_the_matrix_and_fails_it() {
    let good = fs::read_to_string("scenarios/1-reconnect.toml").expect("a scenario that ships");
    let late = written("late.toml", &good.replace("within = \"20s\"", "within = \"1s\""));
    let plain = prints(&["contract", &late], FAILED);
    assert!(plain.contains("scenarios that fail (zimsim check says why)\n  late\n"), "{plain}");
    let json = objects(&prints(&["contract", &late, "--format", "json"], FAILED));
    assert_eq!(strings(&json.last().expect("an end")["failed"]), ["late"]);
    let page = prints(&["contract", &late, "--format", "markdown"], FAILED);
    assert!(page.contains("Failed: `late`."), "{page}");
}

#[test]
fn the_contract_itself_has_three_forms_too() {
    let plain = prints(&["contract"], HELD);
    let json = objects(&prints(&["contract", "--format", "json"], HELD));
    let page = prints(&["contract", "--format", "markdown"], HELD);
    let texts = ROWS.iter().map(|row| (row.id, row.demand));
    let texts: Vec<_> = texts.chain(INVARIANTS.iter().map(|each| (each.id, each.text))).collect();
    for (id, text) in texts {
        assert!(plain.lines().any(|line| line == id), "{id}");
        assert!(page.contains(&format!("| `{id}` | {text} |")), "{id}");
        let object = json.iter().find(|object| object["id"] == id).expect(id);
        assert!([&object["demand"], &object["text"]].contains(&&Value::from(text)), "{id}");
    }
    assert!(plain.contains("从 2.9.0 版本开始"), "the document's own words");
}

#[test]
fn the_notes_are_complete_in_three_forms() {
    let plain = prints(&["contract", "--notes"], HELD);
    let json = objects(&prints(&["contract", "--notes", "--format", "json"], HELD));
    let page = prints(&["contract", "--notes", "--format", "markdown"], HELD);
    assert_eq!(json.len(), notes().count() + 1);
    for (note, object) in notes().zip(&json) {
        assert_eq!(object["id"], note.id);
        assert_eq!(strings(&object["document"]), note.document);
        assert!(plain.contains(&format!("{}  {}", note.id, note.kind.name())), "{}", note.id);
        assert!(page.contains(&format!("| `{}` ({}) |", note.id, note.kind.name())));
        for words in note.document {
            assert!(plain.contains(words) && page.contains(words), "{}: {words}", note.id);
        }
        for param in note.params {
            assert!(plain.contains(&format!("  parameter  {param} = ")), "{param}");
        }
        if let Shown::By(scenarios) = note.shown {
            assert_eq!(strings(&object["scenarios"]), scenarios);
        }
    }
    for part in ["onTokenWillExprie", "room.callback_at_t1 = false (chosen)", "tcp.buffer"] {
        assert!(plain.contains(part), "no {part} in\n{plain}");
    }
    assert_eq!(zimsim(&["contract", "--notes", "scenarios"]).status.code(), Some(WRONG_INPUT));
}

const RECONNECT: &str = "scenarios/1-reconnect.toml";
const JITTER: &str = "scenarios/1-jitter.toml";

#[test]
fn diff_of_two_files_shows_where_they_part() {
    let same = prints(&["diff", RECONNECT, RECONNECT], HELD);
    assert!(same.contains("nothing differs"), "{same}");
    let text = fs::read_to_string(RECONNECT).expect("a scenario that ships");
    let longer = written("longer.toml", &text.replace("for = \"30s\"", "for = \"33s\""));
    let differ = prints(&["diff", RECONNECT, &longer], FAILED);
    assert!(differ.contains("tunnel ends") || differ.contains("loss ends"), "{differ}");
    assert!(differ.contains("42.000") && differ.contains("45.000"), "{differ}");
}

#[test]
fn diff_of_two_seeds_finds_chance_and_only_chance() {
    let [two, three] = ["@seed=2", "@seed=3"].map(|seed| format!("{JITTER}{seed}"));
    prints(&["diff", &two, &two], HELD);
    let differ = prints(&["diff", &two, &three], FAILED);
    assert!(differ.contains("RECONNECTING") || differ.contains("CONNECTED"), "{differ}");
    let [two, three] = ["@seed=2", "@seed=3"].map(|seed| format!("{RECONNECT}{seed}"));
    prints(&["diff", &two, &three], HELD);
}

#[test]
fn diff_of_two_engines_finds_nothing() {
    let [event, turmoil] =
        ["@engine=event", "@engine=turmoil"].map(|engine| format!("{RECONNECT}{engine}"));
    prints(&["diff", &event, &turmoil], HELD);
    let other = format!("{JITTER}@seed=2@engine=turmoil");
    prints(&["diff", JITTER, &other], FAILED);
}

#[test]
fn diff_of_a_run_and_a_snapshot() {
    let snapshot = "snapshots/1-reconnect.snap";
    prints(&["diff", RECONNECT, snapshot], HELD);
    prints(&["diff", snapshot, snapshot], HELD);
    let kept = fs::read_to_string(snapshot).expect("a snapshot that ships");
    let first = kept.lines().find(|line| line.contains("(3/3)")).expect("an outage");
    let without = written("without.snap", &kept.replace(&format!("{first}\n"), ""));
    let differ = prints(&["diff", RECONNECT, &without], FAILED);
    assert!(differ.contains("RECONNECTING"), "{differ}");
}

#[test]
fn diff_says_what_is_wrong_with_a_side() {
    for (side, why) in [
        ("scenarios/no-such.toml", "can't read"),
        ("snapshots/no-such.snap", "can't read"),
        ("scenarios", "is a folder"),
        ("scenarios/1-reconnect.toml@seed=x", "is no seed"),
        ("scenarios/1-reconnect.toml@engine=steam", "@engine=event or @engine=turmoil"),
        ("snapshots/1-reconnect.snap@seed=2", "takes no seed"),
    ] {
        for arguments in [["diff", side, RECONNECT], ["diff", RECONNECT, side]] {
            let output = zimsim(&arguments);
            assert_eq!(output.status.code(), Some(WRONG_INPUT), "{arguments:?}");
            assert!(text(output.stderr).contains(why), "{arguments:?}");
            assert_eq!(text(output.stdout), "", "{arguments:?}");
        }
    }
    assert_eq!(zimsim(&["diff", RECONNECT]).status.code(), Some(WRONG_INPUT));
}
