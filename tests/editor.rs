//! The schema as an editor reads it: Tombi takes every scenario that ships, and complains where
//! a file is wrong.
//!
//! Runs where `ZIMSIM_TOMBI` names the program (`.ci/run` sees to that), and is skipped
//! elsewhere.

use std::fs;
use std::path::Path;
use std::process::Command;
use zimsim::scenario;

/// The program, if there is one.
fn tombi() -> Option<String> {
    let program = std::env::var("ZIMSIM_TOMBI").ok().filter(|name| !name.is_empty());
    if program.is_none() {
        eprintln!("skipped: ZIMSIM_TOMBI names no Tombi");
    }
    program
}

/// Whether Tombi finds nothing to say about these files, and what it says.
fn lint(program: &str, path: &Path) -> (bool, String) {
    let output = Command::new(program)
        .args(["lint", "--offline", "--error-on-warnings"])
        .arg(path)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn tombi_takes_every_scenario_that_ships() {
    let Some(program) = tombi() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (fine, said) = lint(&program, &folder);
    assert!(fine && said.contains("files linted successfully"), "{said}");
}

#[test]
fn tombi_complains_of_what_is_wrong_and_of_nothing_else() {
    let Some(program) = tombi() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    fs::create_dir_all(&folder).expect("a writable target folder");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    fs::copy(schema, folder.join(scenario::SCHEMA_FILE)).expect("the schema that ships");
    let file = folder.join("lift.toml");
    let cut = "cut = \"alice\", for = \"20s\"";
    let beat = "every = \"5s\", times = 3, client = \"alice\", show = \"beat\"";
    let right = scenario::starter("lift");
    let cases = [
        (cut, cut, None),
        (cut, beat, None),
        (cut, "cutt = \"alice\"", Some("\"cutt\" is not allowed")),
        (cut, "cut = \"alice\", text = \"hi\"", Some("\"text\" is not allowed")),
        (cut, "cut = \"alice\", for = \"20\"", Some("does not match the pattern")),
        (cut, "cut = 7", Some("Integer")),
        (cut, "client = \"alice\", call = \"logn\"", Some("must be one of")),
        (cut, "client = \"alice\", call = \"joinRoom\"", Some("\"room\" is required")),
        (cut, "client = \"alice\", show = \"beat\", times = 3", Some("\"every\"")),
        ("until = \"2m\"", "", Some("\"until\" is required")),
        ("\"3/*\"", "\"3\"", Some("does not match the pattern")),
    ];
    for (old, new, complaint) in cases {
        assert!(right.contains(old), "{old}");
        fs::write(&file, right.replacen(old, new, 1)).expect("a writable folder");
        let (fine, said) = lint(&program, &file);
        match complaint {
            None => assert!(fine, "{new}: {said}"),
            Some(part) => assert!(!fine && said.contains(part), "{new}: {said}"),
        }
    }
}
