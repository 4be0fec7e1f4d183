//! What `tests/mutants.md` says of the run of `cargo mutants` adds up, and speaks of code
//! that exists. The run itself takes too long to be a test.

use std::fs;
use std::path::Path;

const FILE: &str = "tests/mutants.md";

/// The parts that are measured, and the goal of each, in percent of the mutants that compile.
const PARTS: [(&str, usize); 3] = [("src/sdk", 95), ("src/server", 95), ("src/contract", 90)];

/// A line of the table of counts.
struct Counts {
    part: String,
    mutants: usize,
    caught: usize,
    timeout: usize,
    unviable: usize,
    survived: usize,
}

/// A line of the list of survivors: `` - `FILE`: `MUTANT`: why ``.
struct Survivor {
    file: String,
    mutant: String,
    why: String,
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn counts(text: &str) -> Vec<Counts> {
    let rows = text.lines().filter(|line| line.starts_with("| `src/"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [part, numbers @ ..] = &cells[..] else { panic!("an empty row: {row}") };
        let numbers: Vec<usize> = numbers
            .iter()
            .map(|cell| cell.parse().unwrap_or_else(|_| panic!("no number: {cell} in {row}")))
            .collect();
        let [mutants, caught, _by_snapshot, timeout, unviable, survived] = numbers[..] else {
            panic!("six numbers expected: {row}");
        };
        let part = part.trim_matches('`').to_owned();
        Counts { part, mutants, caught, timeout, unviable, survived }
    })
    .collect()
}

fn survivors(text: &str) -> Vec<Survivor> {
    let (_, list) = text.split_once("\n## Survivors\n").expect("a list of survivors");
    let items = list.split("\n- ").skip(1);
    items
        .map(|item| {
            let mut parts = item.splitn(3, "`: ");
            let mut next = |what: &str| {
                let part = parts.next().unwrap_or_else(|| panic!("{what} is missing: {item}"));
                part.trim().trim_start_matches('`').to_owned()
            };
            Survivor { file: next("the file"), mutant: next("the mutant"), why: next("the reason") }
        })
        .collect()
}

/// The function that a mutant is in, by cargo-mutants' name of the mutant.
fn function(mutant: &str) -> &str {
    let path = match mutant.rsplit_once(" in ") {
        Some((_, path)) => path,
        None => mutant.trim_start_matches("replace ").split(' ').next().unwrap_or_default(),
    };
    path.rsplit("::").next().unwrap_or_default()
}

#[test]
fn the_counts_add_up_and_reach_the_goal() {
    let text = read(FILE);
    let survivors = survivors(&text);
    for (part, goal) in PARTS {
        let counts = counts(&text).into_iter().find(|counts| counts.part == part);
        let Counts { mutants, caught, timeout, unviable, survived, .. } =
            counts.unwrap_or_else(|| panic!("no counts of {part}"));
        assert_eq!(mutants, caught + timeout + unviable + survived, "{part}");
        let listed = survivors.iter().filter(|s| Path::new(&s.file).starts_with(part)).count();
        assert_eq!(listed, survived, "survivors of {part} that are listed");
        let viable = mutants - unviable;
        assert!((caught + timeout) * 100 >= viable * goal, "{part}: {caught} of {viable} caught");
    }
}

#[test]
fn every_survivor_is_in_a_function_that_exists_and_has_a_reason() {
    let mut wrong = Vec::new();
    for Survivor { file, mutant, why } in survivors(&read(FILE)) {
        let function = function(&mutant);
        let has = |text: String| {
            let begins = [format!("fn {function}("), format!("fn {function}<")];
            begins.iter().any(|begin| text.contains(begin))
        };
        let known = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file).exists() && has(read(&file));
        if !known {
            wrong.push(format!("{file}: no function {function}"));
        }
        if why.split_whitespace().count() < 5 {
            wrong.push(format!("{file}: {mutant}: why?"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_configuration_speaks_of_folders_and_modules_that_exist() {
    let config: toml::Table = read(".cargo/mutants.toml").parse().expect("TOML");
    let list = |key: &str| -> Vec<String> {
        let values = config[key].as_array().unwrap_or_else(|| panic!("no list: {key}"));
        values.iter().map(|value| value.as_str().expect("text").to_owned()).collect()
    };
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let missing =
        |name: &&str| !src.join(name).exists() && !src.join(format!("{name}.rs")).exists();
    let globs = list("examine_globs");
    let folders = globs.iter().map(|glob| {
        let folder = glob.strip_prefix("src/").and_then(|glob| glob.strip_suffix("/**/*.rs"));
        folder.unwrap_or_else(|| panic!("no folder of src: {glob}"))
    });
    assert_eq!(folders.filter(missing).collect::<Vec<_>>(), [""; 0]);
    let arguments = list("additional_cargo_test_args");
    let skipped = arguments.iter().filter_map(|argument| argument.strip_prefix("--skip="));
    let modules: Vec<_> = skipped.map(|name| name.trim_end_matches("::")).collect();
    assert!(!modules.is_empty());
    assert_eq!(modules.into_iter().filter(missing).collect::<Vec<_>>(), [""; 0]);
}
