//! The order of the modules, and what none of them may do.

use std::fs;
use std::path::{Path, PathBuf};

/// A module may use those on earlier lines, never one on its own line or a later one.
const ORDER: &[&[&str]] = &[
    &["time"],
    &["rng"],
    &["zim"],
    &["param"],
    &["protocol"],
    &["record"],
    &["node"],
    &["sdk", "server", "app"],
    &["net"],
    &["scenario"],
    &["engine"],
    &["capture", "contract"],
    &["timeline"],
    &["report"],
    &["explain", "explore"],
];

/// What a deterministic program does not say, and what to say instead.
const BANNED: &[(&str, &str)] = &[
    ("Instant::now", "take `now` as a parameter"),
    ("SystemTime::now", "take `now` as a parameter"),
    ("thread_rng", "draw from a labelled stream of `rng`"),
    ("rand::", "draw from a labelled stream of `rng`"),
    ("HashMap", "use a BTreeMap: its order is the same in every run"),
    ("HashSet", "use a BTreeSet: its order is the same in every run"),
    ("select!", "there is nothing to race: cores are driven one input at a time"),
    ("todo!", "finish it"),
    ("unimplemented!", "finish it"),
    ("dbg!", "remove it"),
];

const LINES_MAX: usize = 500;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file");
        (path.strip_prefix(&root).expect("found below it").to_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The module that a source file belongs to; `None` for the crate's roots.
fn module(file: &Path) -> Option<String> {
    let first = file.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main", "cli", "logs"].contains(&name)).then(|| name.to_owned())
}

fn rank(module: &str) -> usize {
    ORDER
        .iter()
        .position(|line| line.contains(&module))
        .unwrap_or_else(|| panic!("module `{module}` has no place in the order"))
}

#[test]
fn a_module_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some(own) = module(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (start, _) in line.match_indices("crate::") {
                let rest = &line[start + "crate::".len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let used = &rest[..end.unwrap_or(rest.len())];
                if used != own && rank(used) >= rank(&own) {
                    let place = format!("{}:{}", file.display(), number + 1);
                    wrong.push(format!("{place}: `{own}` uses `{used}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_asks_the_machine_for_time_chance_or_order() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (banned, instead) in BANNED {
                if code.contains(banned) {
                    let place = format!("{}:{}", file.display(), number + 1);
                    wrong.push(format!("{place}: {banned}: {instead}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if !text.starts_with("//!") {
            wrong.push(format!("{}: begins without //!", file.display()));
        }
        if text.lines().count() > LINES_MAX {
            wrong.push(format!("{}: over {LINES_MAX} lines", file.display()));
        }
        for (number, line) in text.lines().enumerate() {
            // A long text in quotes is data, and so is what a test pins; breaking it makes it
            // no easier to read. Code is kept short by rustfmt.
            let data = line.contains('"') || file.iter().any(|part| part == "tests");
            if line.chars().count() > 100 && !data {
                wrong.push(format!("{}:{}: over 100 wide", file.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
