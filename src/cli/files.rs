//! Scenario files on the command line: a file, a folder of them, or `-` for stdin.

use clap::builder::TypedValueParser;
use clap::value_parser;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use zimsim::contract;
use zimsim::explain::rule_named;
use zimsim::rng::Seed;
use zimsim::scenario::{self, Document, Plan};

/// What stands for the standard input.
pub const STDIN: &str = "-";

/// So many rules that files break are named, for `zimsim explain`.
const MOST_HINTS: usize = 3;

/// What a scenario from the standard input is called.
const STDIN_NAME: &str = "stdin";

/// A scenario that could be read.
pub struct Loaded {
    /// Where it came from.
    pub path: PathBuf,
    /// Its text.
    pub source: String,
    /// What it says.
    pub plan: Plan,
}

impl Loaded {
    /// The file as a tree, with this seed if one is given.
    pub fn document(&self, seed: Option<u64>) -> Document {
        let mut document = Document::read(&self.source);
        if let Some(seed) = seed {
            document.root.set("seed", i64::try_from(seed).expect("as `seed` lets it be"));
        }
        document
    }

    /// What it says with another seed: what is drawn for the members of a crowd moves with it.
    pub fn with_seed(&self, seed: Seed) -> Plan {
        if self.plan.crowds.is_empty() || seed == self.plan.seed {
            return Plan { seed, ..self.plan.clone() };
        }
        let (name, rows) = (self.path.to_string_lossy(), contract::ids());
        let plan = scenario::load_with(&name, self.source.as_bytes(), &rows, Some(seed));
        plan.unwrap_or_else(|_| unreachable!("no seed makes a right file wrong"))
    }
}

/// Reads every file before any is run: a mistake in one means that nothing runs. `None`
/// after stderr has been told all mistakes.
///
/// # Errors
/// When a folder can't be listed.
pub fn load(paths: &[PathBuf], seed: Option<u64>) -> io::Result<Option<Vec<Loaded>>> {
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let rows = contract::ids();
    let mut loaded = Vec::new();
    let mut mistakes = false;
    let mut rules = Vec::new();
    let files = expand(paths)?;
    if files.is_empty() {
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        complain!("zimsim: no scenario files (*.toml) in {}", paths.join(", "));
        return Ok(None);
    }
    for path in files {
        let name = if is_stdin(&path) { STDIN_NAME.into() } else { path.to_string_lossy() };
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                complain!("zimsim: can't read {name}: {error}");
                mistakes = true;
                continue;
            }
        };
        match scenario::load_with(&name, &bytes, &rows, seed.map(Seed)) {
            Ok(plan) => {
                let source = String::from_utf8_lossy(&bytes).into_owned();
                loaded.push(Loaded { path, source, plan });
            }
            Err(diagnostics) => {
                complain!("{}", diagnostics.render(colour));
                mistakes = true;
                for rule in diagnostics.list().iter().filter_map(|d| rule_named(&d.message)) {
                    if !rules.contains(&rule) {
                        rules.push(rule);
                    }
                }
            }
        }
    }
    for (place, rule) in rules.iter().take(MOST_HINTS).enumerate() {
        let more = if place == 0 { "more:" } else { "     " };
        complain!("{more} zimsim explain {rule}");
    }
    Ok((!mistakes).then_some(loaded))
}

/// Reads a seed that can stand in a file: TOML has whole numbers of 63 bits.
pub fn seed() -> impl TypedValueParser<Value = u64> {
    value_parser!(u64).range(..=i64::MAX.unsigned_abs())
}

/// As [`load`], for a command that takes exactly one scenario: a folder will not do.
///
/// # Errors
/// When a folder can't be listed.
pub fn load_one(path: &Path, seed: Option<u64>) -> io::Result<Option<Loaded>> {
    if path.is_dir() {
        complain!("zimsim: {} is a folder; name one scenario file", path.display());
        return Ok(None);
    }
    Ok(load(&[path.to_owned()], seed)?.and_then(|loaded| loaded.into_iter().next()))
}

/// [`load`] without the paths.
///
/// # Errors
/// When a folder can't be listed.
pub fn load_plans(paths: &[PathBuf], seed: Option<u64>) -> io::Result<Option<Vec<Plan>>> {
    let loaded = load(paths, seed)?;
    Ok(loaded.map(|loaded| loaded.into_iter().map(|loaded| loaded.plan).collect()))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !is_stdin(path) {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A folder stands for the scenario files in it, sorted, its subfolders included.
fn expand(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut entries: Vec<_> =
                fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
            entries.sort();
            let inside =
                |entry: &PathBuf| entry.is_dir() || entry.extension() == Some(OsStr::new("toml"));
            entries.retain(inside);
            files.extend(expand(&entries)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// A path as a shell takes it back.
pub fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
