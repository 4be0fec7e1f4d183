//! One test per scenario file: the event engine twice, turmoil once, all bytes compared, the
//! contract checked, then the snapshot of the same name.
//!
//! A new file under `scenarios/` is a new test; there is no list to edit. Files under
//! `scenarios/large/` are compared with turmoil only where `ZIMSIM_LARGE` is set, and crowds
//! of thousands run only there, untraced, on the event engine. None is compared with turmoil
//! where `ZIMSIM_ENGINES=event`, which makes the whole suite a matter of seconds.

use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{LazyLock, Mutex};
use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::report;
use zimsim::scenario::{self, Plan};
use zimsim::time::Time;
use zimsim::timeline::{self, Difference, Side};

/// How the snapshots that do not match differ, for the totals at the end.
static DIFFERENCES: LazyLock<Mutex<BTreeMap<&'static str, usize>>> = LazyLock::new(Mutex::default);

/// Longer runs, and those of more hosts, are too much for turmoil in every run.
const LONGEST_SMALL: Time = Time::from_ms(15 * 60 * 1000);
const MOST_SMALL_HOSTS: usize = 20;
/// A trace of so many clients fills the memory.
const HUGE: usize = 1000;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if std::env::var_os("INSTA_OUTPUT").is_none() {
        // Safety: no other thread has been started yet.
        unsafe { std::env::set_var("INSTA_OUTPUT", "none") };
    }
    // A failing scenario tells its own story; insta's panic would tell it again.
    panic::set_hook(Box::new(|_| ()));
    let compared = match Compared::by_environment() {
        Ok(compared) => compared,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let trial = |file| trial(file, compared);
    let mut trials: Vec<_> = files("scenarios", "toml").into_iter().map(trial).collect();
    trials.push(Trial::test("every snapshot has its scenario, and the reverse", one_to_one));
    let conclusion = libtest_mimic::run(&arguments, trials);
    let differences = DIFFERENCES.lock().expect("nobody panics while holding it");
    if !differences.is_empty() {
        let totals: Vec<_> = differences.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        eprintln!("snapshots that differ: {}", totals.join(", "));
        eprintln!("review: cargo insta review");
    }
    conclusion.exit_code()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of the repository, relative to it, sorted.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, extension: &OsStr, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension() == Some(extension) {
                found.push(path);
            }
        }
    }
    let folder = root().join(folder);
    let mut found = Vec::new();
    walk(&folder, OsStr::new(extension), &mut found);
    let mut found: Vec<_> = found
        .iter()
        .map(|path| path.strip_prefix(&folder).expect("found below it").to_owned())
        .collect();
    found.sort();
    found
}

/// Which scenarios run on turmoil too.
#[derive(Clone, Copy)]
enum Compared {
    None,
    Small,
    All,
}

impl Compared {
    fn by_environment() -> Result<Compared, String> {
        let all = std::env::var_os("ZIMSIM_LARGE").is_some();
        match std::env::var_os("ZIMSIM_ENGINES") {
            None if all => Ok(Compared::All),
            None => Ok(Compared::Small),
            Some(engines) if engines == "event" && all => {
                Err("ZIMSIM_LARGE=1 adds turmoil, ZIMSIM_ENGINES=event takes it away".into())
            }
            Some(engines) if engines == "event" => Ok(Compared::None),
            Some(engines) => {
                let engines = engines.display();
                Err(format!("ZIMSIM_ENGINES: \"{engines}\"; it may be \"event\", or not be set"))
            }
        }
    }
}

fn trial(file: PathBuf, compared: Compared) -> Trial {
    let name = file.with_extension("").to_string_lossy().replace('\\', "/");
    let huge = plan(&file).is_ok_and(|plan| plan.clients.len() >= HUGE);
    let ignored = huge && !matches!(compared, Compared::All);
    let (turmoil, kind) = match compared {
        Compared::None | Compared::Small if huge => (false, "many clients; ZIMSIM_LARGE=1 runs it"),
        Compared::None => (false, "event engine only"),
        Compared::Small if file.starts_with("large") => {
            (false, "event engine only; ZIMSIM_LARGE=1 adds turmoil")
        }
        Compared::Small | Compared::All => (true, ""),
    };
    let test_name = name.clone();
    Trial::test(test_name, move || check(&file, &name, turmoil))
        .with_kind(kind)
        .with_ignored_flag(ignored)
}

fn plan(file: &Path) -> Result<Plan, String> {
    let path = format!("scenarios/{}", file.display()).replace('\\', "/");
    let bytes = fs::read(root().join(&path)).map_err(|error| error.to_string())?;
    scenario::load(&path, &bytes, &contract::ids()).map_err(|wrong| wrong.render(false))
}

fn check(file: &Path, name: &str, turmoil: bool) -> Result<(), Failed> {
    let path = format!("scenarios/{}", file.display()).replace('\\', "/");
    let plan = plan(file)?;
    let small = plan.until <= LONGEST_SMALL && plan.clients.len() < MOST_SMALL_HOSTS;
    if !small && !file.starts_with("large") {
        return Err("too large for turmoil in every run: it belongs in scenarios/large/".into());
    }
    let trace = plan.clients.len() < HUGE;
    let turmoil = turmoil && trace;
    let run = |engine| guarded(|| told(&plan, engine, trace));
    let first = run(Engine::Event)?;
    same("the event engine's second run", &first, &run(Engine::Event)?)?;
    if turmoil {
        same("the turmoil engine", &first, &run(Engine::Turmoil)?)?;
    }
    let recording = engine::run(&plan, Engine::Event, false);
    let report = contract::check(&plan, &recording);
    let timeline = timeline::text(&plan, &recording, &report, false);
    let replay = format!("replay: cargo run -q -- run {path}");
    if !report.held() {
        let failures: Vec<_> = report.failures.iter().map(|f| format!("  {f}\n")).collect();
        let moved = kept(name).map_or(Ok(String::new()), |kept| {
            let moved = moved(&kept, &timeline);
            let page = page(&plan, name, &kept, &timeline)?;
            let look = if moved.is_empty() { String::new() } else { format!("look:   {page}\n") };
            Ok::<_, String>(moved + &look)
        })?;
        return Err(format!("{}:\n{}{moved}{replay}", plan.title, failures.concat()).into());
    }
    snapshot(&plan, name, file, &timeline).map_err(|wrong| format!("{wrong}{replay}").into())
}

/// Everything of a run, as text.
fn told(plan: &Plan, engine: Engine, trace: bool) -> String {
    let recording = engine::run(plan, engine, trace);
    let report = contract::check(plan, &recording);
    timeline::text(plan, &recording, &report, trace)
        + &timeline::json(plan, &recording, &report, trace)
}

fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Failed> {
    panic::catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        format!("a host panicked: {}", text.unwrap_or_default()).into()
    })
}

fn same(what: &str, first: &str, other: &str) -> Result<(), Failed> {
    if first == other {
        return Ok(());
    }
    let lines = first.lines().zip(other.lines());
    let parted = lines.enumerate().find(|(_, (a, b))| a != b);
    let shown = match parted {
        Some((line, (a, b))) => format!("line {}:\n  {a}\n  {b}", line + 1),
        None => "one is longer than the other".into(),
    };
    Err(format!("{what} differs from the event engine's first run at {shown}").into())
}

fn snapshot(plan: &Plan, name: &str, file: &Path, timeline: &str) -> Result<(), String> {
    let (folder, stem) = name.rsplit_once('/').unwrap_or(("", name));
    let folder = root().join("snapshots").join(folder);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(root().join("scenarios").join(file));
    settings.set_description(&plan.title);
    let asserted = settings
        .bind(|| panic::catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(stem, timeline))));
    if asserted.is_ok() {
        return Ok(());
    }
    let Some(kept) = kept(name) else {
        *DIFFERENCES.lock().expect("not poisoned").entry("new").or_default() += 1;
        return Err(format!("there is no snapshot yet\n{timeline}"));
    };
    let moved = moved(&kept, timeline);
    let page = page(plan, name, &kept, timeline)?;
    Err(format!("{moved}look:   {page}\naccept: cargo insta review\n"))
}

/// Writes the page of old against new; where it lies.
fn page(plan: &Plan, name: &str, kept: &str, timeline: &str) -> Result<String, String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("snapshots/{name}.html"));
    let old = Side { label: &format!("snapshots/{name}.snap"), text: kept };
    let new = Side { label: "this run", text: timeline };
    let compared = report::diff(&plan.title, old, new)?;
    let folder = path.parent().expect("it lies in a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, compared.page));
    written.map_err(|error| format!("can't write {}: {error}", path.display()))?;
    let shown = path.strip_prefix(root()).unwrap_or(&path);
    Ok(shown.display().to_string())
}

/// The timeline of a scenario's snapshot, if it has one.
fn kept(name: &str) -> Option<String> {
    let text = fs::read_to_string(root().join(format!("snapshots/{name}.snap"))).ok()?;
    text.splitn(3, "---\n").nth(2).map(str::to_owned)
}

/// What kind of difference there is to the snapshot, and the difference; counted for the
/// totals. Nothing if there is none.
fn moved(kept: &str, timeline: &str) -> String {
    let difference = Difference::between(kept, timeline);
    if difference == Difference::None {
        return String::new();
    }
    *DIFFERENCES.lock().expect("not poisoned").entry(difference.kind()).or_default() += 1;
    let diff = TextDiff::from_lines(kept, timeline);
    let diff = diff.unified_diff().context_radius(3).header("snapshot", "this run").to_string();
    format!("{difference}\n{diff}")
}

fn one_to_one() -> Result<(), Failed> {
    let stems = |files: Vec<PathBuf>| -> Vec<PathBuf> {
        files.iter().map(|file| file.with_extension("")).collect()
    };
    let scenarios = stems(files("scenarios", "toml"));
    let snapshots = stems(files("snapshots", "snap"));
    let lone = |these: &[PathBuf], those: &[PathBuf], what: &str| -> Vec<String> {
        let alone = these.iter().filter(|stem| !those.contains(stem));
        alone.map(|stem| format!("{} has no {what}", stem.display())).collect()
    };
    let mut lonely = lone(&scenarios, &snapshots, "snapshot");
    lonely.extend(lone(&snapshots, &scenarios, "scenario"));
    if lonely.is_empty() { Ok(()) } else { Err(lonely.join("\n").into()) }
}
