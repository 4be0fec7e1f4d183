//! `zimsim report`: a folder of pages.

use super::files::load;
use super::output::write_file;
use super::print::print;
use super::progress::Progress;
use super::{FAILED, HELD, WRONG_INPUT};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::report::{Listed, Run, front_page, page, wants_trace};

/// Write a site: the matrix of rows against scenarios, and a page for each scenario
///
/// Plain files that need no server and fetch nothing: OUT/index.html and one page a
/// scenario.
#[derive(Args)]
#[command(after_help = "\
Example:
  zimsim report scenarios/ -o site/       then open site/index.html")]
pub struct Options {
    /// Scenario files; a folder stands for all .toml files in it and in its subfolders
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder to write to; it is made if need be
    #[arg(short, long, value_name = "OUT", default_value = "site")]
    output: PathBuf,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let out = &self.output;
        let Some(loaded) = load(&self.files, None)? else { return Ok(WRONG_INPUT) };
        let paths: Vec<_> = loaded.iter().map(|one| one.path.clone()).collect();
        let links = match links(&self.files, &paths) {
            Ok(links) => links,
            Err(wrong) => return complain(&wrong),
        };
        let progress = Progress::begin(loaded.len() as u64);
        let mut reports = Vec::new();
        for (one, link) in loaded.iter().zip(&links) {
            if progress.stopped() {
                return Ok(progress.give_up("; the front page is not written"));
            }
            let plan = &one.plan;
            let recording = engine::run(plan, Engine::Event, wants_trace(plan));
            let report = contract::check(plan, &recording);
            let source = Some(one.source.as_str());
            let up = format!("{}index.html", "../".repeat(link.matches('/').count()));
            let up = Some((up.as_str(), "all scenarios"));
            let run = Run { plan, recording: &recording, report: &report, source, up };
            if let Err(wrong) = put(&out.join(link), &page(&run)) {
                return complain(&wrong);
            }
            reports.push(report);
            progress.step();
        }
        progress.end();
        let listed = loaded.iter().zip(&reports).zip(&links);
        let listed = listed.map(|((one, report), link)| Listed { link, plan: &one.plan, report });
        let front = front_page(&listed.collect::<Vec<_>>());
        let index = out.join("index.html");
        if let Err(wrong) = put(&index, &front) {
            return complain(&wrong);
        }
        let failed = reports.iter().filter(|report| !report.held()).count();
        let held = loaded.len() - failed;
        print(&format!("{held} held, {failed} failed; open {}\n", index.display()))?;
        Ok(if failed == 0 { HELD } else { FAILED })
    }
}

fn complain(wrong: &str) -> io::Result<u8> {
    complain!("zimsim: {wrong}");
    Ok(WRONG_INPUT)
}

/// Writes a file, and the folders it lies in.
fn put(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        let made = fs::create_dir_all(folder);
        made.map_err(|error| format!("can't make {}: {error}", folder.display()))?;
    }
    write_file(path, text)
}

/// Where each scenario's page lies in the site: as the file lies in the folder that was named.
fn links(named: &[PathBuf], paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut taken: BTreeMap<String, &Path> = BTreeMap::new();
    taken.insert("index.html".to_owned(), Path::new("the front page"));
    let mut links = Vec::new();
    for path in paths {
        let below = named.iter().filter(|folder| folder.is_dir());
        let below = below.filter_map(|folder| path.strip_prefix(folder).ok()).next();
        let below = below.unwrap_or_else(|| Path::new(path.file_name().unwrap_or_default()));
        let link = below.with_extension("html").to_string_lossy().replace('\\', "/");
        if let Some(other) = taken.insert(link.clone(), path) {
            let (path, other) = (path.display(), other.display());
            return Err(format!("{other} and {path} would both be {link}; name their folder"));
        }
        links.push(link);
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links_of(named: &[&str], paths: &[&str]) -> Result<Vec<String>, String> {
        let paths_of = |all: &[&str]| all.iter().map(PathBuf::from).collect::<Vec<_>>();
        links(&paths_of(named), &paths_of(paths))
    }

    #[test]
    fn pages_lie_as_the_files_do_and_no_two_in_one_place() {
        let root = env!("CARGO_MANIFEST_DIR");
        let folder = format!("{root}/scenarios");
        let file = format!("{folder}/large/1-two-hour-outage.toml");
        let links = links_of(&[&folder], &[&file]).unwrap();
        assert_eq!(links, ["large/1-two-hour-outage.html"]);
        let single = links_of(&[&file], &[&file]).unwrap();
        assert_eq!(single, ["1-two-hour-outage.html"]);
        let twice = links_of(&["a/x.toml", "b/x.toml"], &["a/x.toml", "b/x.toml"]).unwrap_err();
        assert!(twice.contains("a/x.toml and b/x.toml would both be x.html"), "{twice}");
        assert!(links_of(&["index.toml"], &["index.toml"]).is_err());
    }
}
