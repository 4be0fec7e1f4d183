//! The commands. Each is a few calls of the library and a way to print.

mod output;
mod pcap;
mod side;
mod site;

use clap::{Args, Parser, Subcommand, ValueEnum};
use output::Output;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zimsim::contract::{self, Matrix, Report};
use zimsim::engine::{self, Engine};
use zimsim::report;
use zimsim::rng::Seed;
use zimsim::scenario::{self, Plan};
use zimsim::timeline::{self, Difference};

/// Everything held.
const HELD: u8 = 0;
/// Something failed.
const FAILED: u8 = 1;
/// Wrong input or usage.
const WRONG_INPUT: u8 = 2;

/// Runs an instant-messaging SDK and its server in a simulated network, from scenario
/// files, and checks what the app is told against the documented tables.
///
/// Exit code: 0 all held, 1 something failed, 2 wrong input or usage, 3 a bug of zimsim.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run scenarios and print their timelines
    Run {
        #[command(flatten)]
        what: What,
        /// Also print what happens below: frames, segments, states, counts of packets
        #[arg(long)]
        trace: bool,
        #[command(flatten)]
        out: Output,
        #[command(flatten)]
        capture: pcap::Options,
    },
    /// Run scenarios and print only what fails
    Check {
        #[command(flatten)]
        what: What,
    },
    /// List the scenarios of a folder with their titles
    List {
        /// The folder
        #[arg(default_value = "scenarios")]
        folder: PathBuf,
    },
    /// Print every parameter: default, whether it is documented or chosen, and its source
    Params,
    /// Print the ready-made link settings: their numbers, and where each is from
    Profiles {
        /// How to print: a table to read, or one JSON object a line
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Compare two runs, or a run and a snapshot: where they part, and what differs after it
    ///
    /// Each side is a scenario file, with `@seed=N` or `@engine=turmoil` behind it where wanted,
    /// or a snapshot (`.snap`). Exit code: 0 the same, 1 they differ, 2 wrong input.
    Diff {
        /// One side: `lift.toml`, `lift.toml@seed=7`, `lift.toml@engine=turmoil`, `lift.snap`
        a: String,
        /// The other
        b: String,
        /// The form
        #[arg(long, value_enum, default_value = "text")]
        format: DiffFormat,
        /// Write to this file instead of printing
        #[arg(short, long, value_name = "OUT")]
        output: Option<PathBuf>,
    },
    /// Write a site: the matrix of rows against scenarios, and a page for each scenario
    ///
    /// Plain files that need no server and fetch nothing: OUT/index.html and one page a
    /// scenario.
    Report {
        /// Scenario files; a folder stands for all .toml files in it and in its subfolders
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The folder to write to; it is made if need be
        #[arg(short, long, value_name = "OUT", default_value = "site")]
        output: PathBuf,
    },
    /// Print the rows of the documented tables and the invariants; with files, the matrix of
    /// both against them
    Contract {
        /// Scenario files to run and grade; a folder stands for all .toml files in it
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print notes on the document instead: where it is silent, at odds with other public
        /// pages, or misspells, and what zimsim does there
        #[arg(long, conflicts_with = "files")]
        notes: bool,
        /// How to print it
        #[arg(long, value_enum, default_value = "text")]
        format: TableFormat,
    },
    /// Write a commented scenario to begin with
    New {
        /// Its name; NAME.toml is written
        name: String,
    },
}

#[derive(Args)]
struct What {
    /// Scenario files; a folder stands for all .toml files in it and in its subfolders
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What runs them; both give the same timeline
    #[arg(long, value_enum, default_value = "event")]
    engine: EngineName,
    /// Another seed than the files name
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    /// A queue of events: fast
    Event,
    /// turmoil: slow, and there to disagree
    Turmoil,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
}

#[derive(Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// To read
    Text,
    /// A page: both timelines drawn, and side by side
    Html,
}

#[derive(Clone, Copy, ValueEnum)]
enum TableFormat {
    /// A table to read
    Text,
    /// For programs: one JSON object a line (`json` is understood too)
    #[value(alias = "json")]
    Ndjson,
    /// Tables for a page
    Markdown,
}

/// Runs the command; the result is the process's exit code.
pub fn run(arguments: &Arguments) -> ExitCode {
    let done = match &arguments.command {
        Command::Run { what, trace, out, capture } => output::run_files(what, *trace, out, capture),
        Command::Check { what } => check_files(what),
        Command::List { folder } => list(folder),
        Command::Params => print(&timeline::params_table()),
        Command::Profiles { format: Format::Text } => print(&timeline::profiles_table()),
        Command::Profiles { format: Format::Ndjson } => print_plain(&timeline::profiles_json()),
        Command::Diff { a, b, format, output } => diff(a, b, *format, output.as_deref()),
        Command::Report { files, output } => site::write(files, output),
        Command::Contract { notes: true, format, .. } => print_table(
            *format,
            [timeline::notes_text, timeline::notes_json, timeline::notes_markdown],
        ),
        Command::Contract { files, format, .. } if files.is_empty() => print_table(
            *format,
            [timeline::contract_text, timeline::contract_json, timeline::contract_markdown],
        ),
        Command::Contract { files, format, .. } => matrix(files, *format),
        Command::New { name } => new(name),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(HELD),
        Err(error) => {
            eprintln!("zimsim: {error}");
            ExitCode::from(WRONG_INPUT)
        }
    }
}

fn check_files(what: &What) -> io::Result<u8> {
    let Some(plans) = load_all(&what.files, what.seed)? else { return Ok(WRONG_INPUT) };
    let mut failed = 0;
    for (path, plan) in expand(&what.files)?.iter().zip(&plans) {
        let recording = engine::run(plan, what.engine.engine(), false);
        let report = contract::check(plan, &recording);
        if !report.held() {
            failed += 1;
            print(&failures(what, path, plan, &report))?;
        }
    }
    print(&format!("{} held, {failed} failed\n", plans.len() - failed))?;
    Ok(if failed == 0 { HELD } else { FAILED })
}

fn failures(what: &What, path: &Path, plan: &Plan, report: &Report) -> String {
    let mut text = format!("{}: {}\n", plan.name, plan.title);
    for failure in &report.failures {
        text.push_str(&format!("  {failure}\n"));
    }
    let engine = match what.engine {
        EngineName::Event => "",
        EngineName::Turmoil => " --engine turmoil",
    };
    let seed = plan.seed.0;
    text.push_str(&format!("  replay: zimsim run {} --seed {seed}{engine}\n", shell_word(path)));
    text
}

fn diff(a: &str, b: &str, format: DiffFormat, to: Option<&Path>) -> io::Result<u8> {
    let (Some(first), Some(second)) = (side::text(a), side::text(b)) else {
        return Ok(WRONG_INPUT);
    };
    let side = |label, text| timeline::Side { label, text };
    let (first, second) = (side(a, &first), side(b, &second));
    let compared = match format {
        DiffFormat::Text => timeline::compare(first, second).map(|c| (c.difference, c.text)),
        DiffFormat::Html => {
            let compared = report::diff(&format!("{a} and {b}"), first, second);
            compared.map(|compared| (compared.difference, compared.page))
        }
    };
    let written = compared.and_then(|(difference, text)| match to {
        Some(path) => output::write_file(path, &text).map(|()| (difference, None)),
        None => Ok((difference, Some(text))),
    });
    match written {
        Ok((difference, text)) => {
            text.map_or(Ok(HELD), |text| print_plain(&text))?;
            Ok(if difference == Difference::None { HELD } else { FAILED })
        }
        Err(wrong) => {
            eprintln!("zimsim: {wrong}");
            Ok(WRONG_INPUT)
        }
    }
}

fn matrix(files: &[PathBuf], format: TableFormat) -> io::Result<u8> {
    let Some(plans) = load_all(files, None)? else { return Ok(WRONG_INPUT) };
    let runs = plans.iter().map(|plan| {
        let recording = engine::run(plan, Engine::Event, false);
        (plan.name.clone(), contract::check(plan, &recording))
    });
    let matrix = &Matrix::of(&runs.collect::<Vec<_>>());
    print_table(
        format,
        [timeline::matrix_text, timeline::matrix_json, timeline::matrix_markdown]
            .map(|form| move || form(matrix)),
    )?;
    Ok(if matrix.failed.is_empty() { HELD } else { FAILED })
}

/// Prints one of three forms.
fn print_table(format: TableFormat, forms: [impl Fn() -> String; 3]) -> io::Result<u8> {
    let [text, json, markdown] = forms;
    match format {
        TableFormat::Text => print(&text()),
        TableFormat::Ndjson => print_plain(&json()),
        TableFormat::Markdown => print_plain(&markdown()),
    }
}

fn list(folder: &Path) -> io::Result<u8> {
    if !folder.is_dir() {
        eprintln!("zimsim: there is no folder {}; name one: zimsim list FOLDER", folder.display());
        return Ok(WRONG_INPUT);
    }
    let Some(plans) = load_all(&[folder.to_owned()], None)? else { return Ok(WRONG_INPUT) };
    let width = plans.iter().map(|plan| timeline::display_width(&plan.name)).max().unwrap_or(0);
    for plan in &plans {
        let pad = " ".repeat(width - timeline::display_width(&plan.name));
        print(&format!("{}{pad}  {}\n", plan.name, plan.title))?;
    }
    print(&format!("{} scenarios\n", plans.len()))
}

fn new(name: &str) -> io::Result<u8> {
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let path = PathBuf::from(format!("{stem}.toml"));
    let title = path.file_stem().unwrap_or_default().to_string_lossy();
    if title.is_empty() || title.starts_with(['.', '-']) {
        eprintln!("zimsim: `{name}` is no name for a scenario; as in: zimsim new lift");
        return Ok(WRONG_INPUT);
    }
    let created = fs::OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = match created {
        Ok(file) => file,
        Err(error) => {
            eprintln!("zimsim: can't write {}: {error}", path.display());
            return Ok(WRONG_INPUT);
        }
    };
    file.write_all(scenario::starter(&title).as_bytes())?;
    let path = shell_word(&path);
    print(&format!("wrote {path}; run it with: zimsim run {path}\n"))
}

/// Reads every file before any is run: a mistake in one means that nothing runs.
fn load_all(paths: &[PathBuf], seed: Option<u64>) -> io::Result<Option<Vec<Plan>>> {
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let rows = contract::ids();
    let mut plans = Vec::new();
    let mut mistakes = false;
    let files = expand(paths)?;
    if files.is_empty() {
        let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
        eprintln!("zimsim: no scenario files (*.toml) in {}", paths.join(", "));
        return Ok(None);
    }
    for path in files {
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("zimsim: can't read {}: {error}", path.display());
                mistakes = true;
                continue;
            }
        };
        match scenario::load(&path.to_string_lossy(), &bytes, &rows) {
            Ok(mut plan) => {
                plan.seed = seed.map_or(plan.seed, Seed);
                plans.push(plan);
            }
            Err(diagnostics) => {
                eprintln!("{}", diagnostics.render(colour));
                mistakes = true;
            }
        }
    }
    Ok((!mistakes).then_some(plans))
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
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn print(text: &str) -> io::Result<u8> {
    let mut out = anstream::stdout().lock();
    let painted = if io::stdout().is_terminal() { timeline::paint(text) } else { text.into() };
    out.write_all(painted.as_bytes())?;
    out.flush()?;
    Ok(HELD)
}

fn print_plain(text: &str) -> io::Result<u8> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(HELD)
}

impl EngineName {
    fn engine(self) -> Engine {
        match self {
            EngineName::Event => Engine::Event,
            EngineName::Turmoil => Engine::Turmoil,
        }
    }
}
