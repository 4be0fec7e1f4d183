//! The README shows what the program does today, or this test fails.
//!
//! `ZIMSIM_README=write cargo test --test readme` brings the README up to date.

use std::fs;
use std::path::Path;
use std::process::Command;
use zimsim::timeline;
use zimsim::zim::{Callback, ConnectionEvent, ConnectionState, ErrorCode, RoomEvent, RoomState};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn zimsim(folder: &Path, arguments: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_zimsim"))
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

/// What stands after a marker, between the fences that follow it, is replaced.
fn fill(readme: &str, marker: &str, content: &str) -> String {
    let marked = readme.find(marker).unwrap_or_else(|| panic!("no {marker} in the README"));
    let fence = marked + readme[marked..].find("```").expect("a fence after the marker");
    let start = fence + readme[fence..].find('\n').expect("a line") + 1;
    let end = start + readme[start..].find("```").expect("the closing fence");
    format!("{}{}\n{}", &readme[..start], content.trim_end(), &readme[end..])
}

/// What the markers of a kind are about: `<!-- output: run lift.toml -->`.
fn marked(readme: &str, kind: &str) -> Vec<String> {
    let marker = format!("<!-- {kind}: ");
    let after = readme.split(&marker).skip(1);
    after.map(|text| text.split(" -->").next().unwrap_or_default().to_owned()).collect()
}

/// What stands between two markers is replaced.
fn fill_between(readme: &str, name: &str, content: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let start = readme.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    let stop = readme.find(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{}{content}{}", &readme[..start], &readme[stop..])
}

/// The public numbers and names that files and timelines use.
fn fill_numbers(readme: &str) -> String {
    let list = |pairs: Vec<(u32, &str)>| {
        let pairs: Vec<_> = pairs.iter().map(|(n, name)| format!("{n} `{name}`")).collect();
        pairs.join(", ")
    };
    let rows = [
        ("connection states", list(of(ConnectionState::ALL, |s| (s.number(), s.name())))),
        ("connection events", list(of(ConnectionEvent::ALL, |e| (e.number(), e.name())))),
        ("room states", list(of(RoomState::ALL, |s| (s.number(), s.name())))),
        ("room events", list(of(RoomEvent::ALL, |e| (e.number(), e.name())))),
        ("error codes", list(of(ErrorCode::ALL, |c| (c.0, c.name())))),
        (
            "callbacks",
            Callback::NAMES.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
        ),
    ];
    let rows: String = rows.iter().map(|(what, list)| format!("| {what} | {list} |\n")).collect();
    let head = "| what | public numbers and names |\n|---|---|\n";
    fill_between(readme, "numbers", &format!("{head}{rows}"))
}

fn of<T: Copy>(all: &[T], pair: impl Fn(T) -> (u32, &'static str)) -> Vec<(u32, &'static str)> {
    all.iter().map(|value| pair(*value)).collect()
}

/// A wrong file and what its author is told.
fn diagnostic() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(&folder).expect("a writable target folder");
    let good = fs::read_to_string(root().join("scenarios/2-kicked-while-offline.toml"));
    let wrong = good
        .expect("a scenario that ships")
        .replace("cut = \"phone\", for = \"60s\"", "cut = \"fone\", for = \"60\"");
    fs::write(folder.join("lift.toml"), wrong).expect("a writable folder");
    zimsim(&folder, "run lift.toml").1
}

#[test]
fn the_readme_names_every_profile() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    for profile in zimsim::net::Profile::ALL {
        assert!(readme.contains(&format!("`\"{}\"`", profile.name)), "{}", profile.name);
    }
}

#[test]
fn the_readme_is_up_to_date() {
    let path = root().join("README.md");
    let kept = fs::read_to_string(&path).expect("a README");
    let mut readme = kept.clone();
    for command in marked(&kept, "output") {
        let marker = format!("<!-- output: {command} -->");
        readme = fill(&readme, &marker, &zimsim(root(), &command).0);
    }
    for file in marked(&kept, "file") {
        let text = fs::read_to_string(root().join(&file)).expect("a scenario that ships");
        readme = fill(&readme, &format!("<!-- file: {file} -->"), &text);
    }
    for command in marked(&kept, "explore") {
        let marker = format!("<!-- explore: {command} -->");
        readme = fill(&readme, &marker, &zimsim(root(), &command).0);
    }
    readme = fill(&readme, "<!-- diagnostic -->", &diagnostic());
    readme = fill_between(&readme, "rows", &timeline::rows_markdown());
    readme = fill_between(&readme, "invariants", &timeline::always_markdown());
    readme = fill_between(&readme, "hits", &timeline::hits_markdown());
    readme = fill_numbers(&readme);
    if std::env::var_os("ZIMSIM_README").is_some() {
        fs::write(&path, &readme).expect("a writable README");
        return;
    }
    assert!(readme == kept, "stale: ZIMSIM_README=write cargo test --test readme, and review");
}

#[test]
fn the_two_commands_stand_in_the_readme_as_they_are() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    assert!(readme.contains("cargo run --release -- run scenarios/4-t2-timeout-enter.toml\n"));
    assert!(readme.contains("cargo test --locked\n"));
}
