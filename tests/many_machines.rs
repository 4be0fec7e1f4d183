//! The worked examples for many machines run on one: each in shards, merged, and the whole is
//! what a single run gives, to the byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RUNS: &str = "60";

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/many-machines")
}

/// A folder of its own, in which `zimsim` is on the path.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a writable target folder");
    path
}

fn command(folder: &Path, program: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_zimsim")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.current_dir(folder).env("PATH", format!("{}:{path}", bin.display()));
    command.env("RUNS", RUNS).env("SEED", "3").env("OUT", folder.join("explored"));
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the program starts");
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// What one run over all the plans gives.
fn whole(folder: &Path) -> String {
    let arguments = ["explore", "--seed", "3", "--runs", RUNS, "-o", "single.ndjson"];
    run(command(folder, "zimsim").args(arguments));
    fs::read_to_string(folder.join("single.ndjson")).expect("a result")
}

/// What the shards in `explored` come to.
fn merged(folder: &Path) -> String {
    let mut shards: Vec<_> = fs::read_dir(folder.join("explored"))
        .expect("the shards' folder")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ndjson"))
        .collect();
    shards.sort();
    let mut merge = command(folder, "zimsim");
    run(merge.arg("merge").args(&shards).args(["-o", "merged.ndjson"]));
    fs::read_to_string(folder.join("merged.ndjson")).expect("a result")
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn scripts_are_sound_and_the_manifest_is_yaml() {
    for script in ["gnu-parallel.sh", "slurm-array.sh"] {
        run(Command::new("bash").arg("-n").arg(examples().join(script)));
    }
    let yaml = "import sys, yaml; job = yaml.safe_load(open(sys.argv[1])); \
                assert job['spec']['completionMode'] == 'Indexed'; \
                print(job['spec']['template']['spec']['containers'][0]['args'][0])";
    let manifest = examples().join("kubernetes-job.yaml");
    let python = Command::new("python3").args(["-c", "import yaml"]).output();
    if python.is_ok_and(|output| output.status.success()) {
        let parsed = run(Command::new("python3").args(["-c", yaml]).arg(manifest));
        let script = String::from_utf8(parsed.stdout).expect("text");
        assert_eq!(script.trim(), job_script().trim());
    }
}

/// The script that each pod of the Job runs.
fn job_script() -> String {
    let manifest = fs::read_to_string(examples().join("kubernetes-job.yaml")).expect("a manifest");
    let after = manifest.split_once("- |\n").expect("a script").1;
    let lines = after.lines().map_while(|line| line.strip_prefix("              "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn gnu_parallel() {
    let folder = folder("parallel");
    if is_there("parallel") {
        let mut script = command(&folder, "sh");
        run(script.arg(examples().join("gnu-parallel.sh")).env("SHARDS", "4").env("JOBS", "2"));
        let told = fs::read_to_string(folder.join("explored/whole.json")).expect("merged");
        assert_eq!(told, whole(&folder));
    } else {
        // What the script has `parallel` run.
        fs::create_dir_all(folder.join("explored")).expect("a writable folder");
        for shard in 1..=4 {
            let (part, out) = (format!("{shard}/4"), format!("explored/{shard}.ndjson"));
            let arguments = ["explore", "--seed", "3", "--runs", RUNS, "--shard", &part];
            run(command(&folder, "zimsim").args(arguments).args(["--jobs", "1", "-o", &out]));
        }
    }
    assert_eq!(merged(&folder), whole(&folder));
}

#[test]
fn kubernetes() {
    let folder = folder("kubernetes");
    fs::create_dir_all(folder.join("explored")).expect("a writable folder");
    for index in 0..16 {
        let mut pod = command(&folder, "/bin/sh");
        run(pod.arg("-c").arg(job_script()).env("JOB_COMPLETION_INDEX", index.to_string()));
    }
    assert_eq!(merged(&folder), whole(&folder));
}

#[test]
fn slurm() {
    let folder = folder("slurm");
    for task in 1..=4 {
        let mut array = command(&folder, "bash");
        array.arg(examples().join("slurm-array.sh"));
        array.env("SLURM_ARRAY_TASK_ID", task.to_string()).env("SLURM_ARRAY_TASK_COUNT", "4");
        run(&mut array);
    }
    assert_eq!(merged(&folder), whole(&folder));
}
