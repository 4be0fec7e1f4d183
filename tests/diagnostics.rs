//! Each file of `tests/diagnostics` is wrong; what its author is told is pinned beside it.

use std::fs;
use std::path::Path;

const ROWS: &[&str] = &[
    "1.reconnecting",
    "1.connected",
    "1.gave-up",
    "2.kicked",
    "3.will-expire",
    "3.renewed",
    "3.expired",
    "4.T0",
    "4.T1",
    "4.asks",
    "4.T2.restored",
    "4.T2.timeout",
    "4.T2.gone",
    "4.T2.other",
];

const FOLDER: &str = "tests/diagnostics";

fn stems_with(extension: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let entries = fs::read_dir(folder).expect("the folder is part of the repository");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let wanted = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    let mut stems: Vec<_> = wanted
        .map(|path| path.file_stem().expect("a file has a stem").to_string_lossy().into_owned())
        .collect();
    stems.sort();
    stems
}

#[test]
fn every_wrong_file_says_what_is_wrong() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let stems = stems_with("toml");
    assert!(stems.len() >= 30, "only {} files", stems.len());
    for stem in stems {
        let path = format!("{FOLDER}/{stem}.toml");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        let bytes = fs::read(file).expect("the file was listed");
        let diagnostics = zimsim::scenario::load(&path, &bytes, ROWS)
            .expect_err(&format!("{path} is right, so it tests nothing"));
        settings.bind(|| insta::assert_snapshot!(stem.as_str(), diagnostics.render(false)));
    }
}

#[test]
fn every_pinned_text_has_its_file() {
    assert_eq!(stems_with("snap"), stems_with("toml"));
}
