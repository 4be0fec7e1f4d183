//! What each fault does to packets, to an open connection and to a connect in progress: the
//! README's table, each cell of which is a run that proves it.
//!
//! `cargo test --test effects -- rst` runs those of one fault.

mod run;
mod table;

use libtest_mimic::{Arguments, Failed, Trial};
use std::fs;
use std::path::Path;
use table::{Cell, ROWS};

const COLUMNS: [&str; 3] = ["packets", "an open connection", "a connect in progress"];

fn main() {
    let mut trials = vec![Trial::test("the README has this table", readme_has_it)];
    for row in ROWS {
        for (column, Cell { proof, .. }) in COLUMNS.iter().zip(&row.cells) {
            let name = format!("{}: {column}", row.fault.replace('`', ""));
            trials.push(Trial::test(name, move || {
                proof();
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// `ZIMSIM_README=write` brings it up to date.
fn readme_has_it() -> Result<(), Failed> {
    let mut table = format!("| fault | {} |\n|---|---|---|---|\n", COLUMNS.join(" | "));
    for row in ROWS {
        let [packets, open, connect] = &row.cells;
        let says = [packets.says, open.says, connect.says].join(" | ");
        table.push_str(&format!("| {} | {says} |\n", row.fault));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path)?;
    let (begin, end) = ("<!-- effects -->\n", "<!-- end of effects -->");
    let start = readme.find(begin).ok_or("no place for the table")? + begin.len();
    let stop = readme.find(end).ok_or("no end of the table")?;
    if std::env::var_os("ZIMSIM_README").is_some() {
        fs::write(&path, format!("{}{table}{}", &readme[..start], &readme[stop..]))?;
    } else if readme[start..stop] != table {
        return Err("stale: ZIMSIM_README=write cargo test --test effects, and review".into());
    }
    Ok(())
}
