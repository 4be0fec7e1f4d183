//! `zimsim explore`

use super::files;
use super::progress::Progress;
use super::shown::Shown;
use super::what::range;
use super::{STOPPED, WRONG_INPUT};
use clap::Args;
use std::io;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::panic;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use zimsim::explore::{
    Campaign, Catch, Cause, Explored, Group, Numbers, Origin, Runner, Shard, Summary, Watcher,
    shrink,
};
use zimsim::rng::Seed;
use zimsim::scenario::Document;
use zimsim::time::Span;

/// So many plans run where nothing else is said.
const RUNS: u64 = 10_000;

/// Draw fault schedules nobody thought of, run them, and check each
///
/// Each plan has clients, rooms, parameters and faults of its own, drawn from the seed and its
/// number alone, so that neither threads nor machines change what is found. Of what fails, one
/// file for each check is shown. Exit code: 0 nothing found, 1 something found, 2 wrong input,
/// 130 stopped by Ctrl-C, after a report of what was done so far.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim explore                                   10,000 plans of seed 1
  zimsim explore --for 10m --out found/            as many as fit in, findings as files
  zimsim explore --from lift.toml --runs 1000      only its faults and times vary
  zimsim explore --runs 1000000 --shard 3/16 -o 3.ndjson     a part of it; see zimsim merge")]
pub struct Options {
    /// The seed of all plans
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Run the plans from number A to just before B
    #[arg(long, value_name = "A..B", value_parser = range, conflicts_with = "runs")]
    seeds: Option<RangeInclusive<u64>>,
    /// Run so many plans, the first being number 0; 10,000 if nothing ends it otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,
    /// Stop after this time, at the end of a batch of 500 plans: 10m, 90s
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    time: Option<Duration>,
    /// Stop when everything that can be reached has been, at the end of a batch
    #[arg(long)]
    until_covered: bool,
    /// Favour what earlier batches seldom reached
    #[arg(long, conflicts_with_all = ["shard", "from"])]
    guided: bool,
    /// Vary the faults and times of this scenario, instead of drawing plans
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// How many threads; all cores if not given
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Run only the i-th of n parts of the plans, i from 1
    #[arg(long, value_name = "i/n", value_parser = shard, conflicts_with_all = ["time", "until_covered"])]
    shard: Option<Shard>,
    /// Show what was found as it was drawn
    #[arg(long)]
    no_shrink: bool,
    #[command(flatten)]
    shown: Shown,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        if let Err(wrong) = self.shown.check_places() {
            complain!("zimsim: {wrong}");
            return Ok(WRONG_INPUT);
        }
        let base = match &self.from {
            None => None,
            Some(path) => match files::load_one(path, None)? {
                Some(one) => Some(Document::read(&one.source)),
                None => return Ok(WRONG_INPUT),
            },
        };
        let numbers = self.numbers();
        let part = self.shard.map_or(numbers, |shard| numbers.part(shard));
        let jobs = self.jobs.or_else(|| thread::available_parallelism().ok());
        let jobs = jobs.map_or(1, NonZeroUsize::get);
        let (seed, guided, runner) = (Seed(self.seed), self.guided, Runner::EVENT);
        let campaign = Campaign { seed, base, guided, jobs, runner };
        let total = Some(part.count()).filter(|_| numbers.to < u64::MAX);
        let watch = Watch {
            progress: Progress::pace(total),
            failed: AtomicU64::new(0),
            time: self.time,
            until_covered: self.until_covered,
        };
        let explored = quietly(|| campaign.explore(part.into(), &watch));
        let elapsed = watch.progress.elapsed();
        let stopped = watch.stop() && explored.ran.end < part.to;
        let asked = match stopped {
            true => numbers,
            // Where time or coverage ended it, that is all that was asked for.
            false if self.shard.is_none() => explored.ran.clone().into(),
            false => numbers,
        };
        let origin = self.from.as_ref().zip(campaign.base.as_ref());
        let origin = origin.map(|(path, base)| {
            let file = path.file_name().unwrap_or(path.as_os_str());
            Origin::of(file.to_string_lossy().into_owned(), base)
        });
        let shrink = |cause, found: &Catch| self.shrunk(cause, found, &watch.progress);
        let shrink: &dyn Fn(Cause, &Catch) -> String = &shrink;
        let shrink = Some(shrink).filter(|_| !self.no_shrink);
        let outcome = Summary::of(&campaign, origin, (asked, self.shard), &explored, shrink);
        watch.progress.end();
        let runs = outcome.ran.count();
        let pace = u128::from(runs) * 1000 / elapsed.as_millis().max(1);
        complain!("{runs} runs in {:.1} s, {pace} runs/s, {jobs} threads", elapsed.as_secs_f64());
        let code = self.shown.show(&outcome, self.from.as_deref())?;
        Ok(if stopped { STOPPED } else { code })
    }

    /// The finding as a smaller file that fails by the same check, if it fails by one.
    fn shrunk(&self, cause: Cause, found: &Catch, progress: &Progress) -> String {
        let whole = || found.document.to_string();
        let Cause::Check(check) = cause else { return whole() };
        progress.say(format!("shrinking what fails by {check}"));
        let name = format!("plan-{}", found.first);
        let stop = || progress.stopped();
        let shrunk = shrink(&name, &found.document, check, Runner::EVENT, &stop);
        let from = self.from.as_ref().map(|path| format!(" --from {}", path.display()));
        let by = format!("by zimsim explore --seed {}", self.seed);
        let by = format!("{by}{}, plan {}", from.unwrap_or_default(), found.first);
        shrunk.map_or_else(whole, |shrunk| shrunk.file(&by))
    }

    /// The plans of the whole exploration.
    fn numbers(&self) -> Numbers {
        let open = self.time.is_some() || self.until_covered;
        match (&self.seeds, self.runs) {
            (Some(seeds), _) => Numbers { from: *seeds.start(), to: seeds.end() + 1 },
            (None, Some(runs)) => Numbers { from: 0, to: runs },
            (None, None) if open => Numbers { from: 0, to: u64::MAX },
            (None, None) => Numbers { from: 0, to: RUNS },
        }
    }
}

/// Shows how far an exploration is, and ends it.
struct Watch {
    progress: Progress,
    failed: AtomicU64,
    time: Option<Duration>,
    until_covered: bool,
}

impl Watcher for Watch {
    fn stop(&self) -> bool {
        self.progress.stopped()
    }

    fn ran(&self, failed: bool) {
        if failed {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        self.progress.step();
    }

    fn go_on(&self, so_far: &Explored) -> bool {
        let failed = self.failed.load(Ordering::Relaxed);
        let missing = so_far.tally.coverage.missing();
        let unseen = missing.filter(|spot| matches!(spot.group, Group::Row | Group::Invariant));
        let unseen = unseen.count();
        self.progress
            .say(format!("{failed} failed, {unseen} rows and invariants not yet exercised"));
        let late = self.time.is_some_and(|time| self.progress.elapsed() >= time);
        let covered = self.until_covered && so_far.tally.coverage.is_complete();
        !late && !covered
    }
}

/// A run that panics is a finding, and goes on. The first is printed as ever, since it says
/// where; more would drown the progress.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let told = AtomicBool::new(false);
    let usual = Arc::new(panic::take_hook());
    let first = Arc::clone(&usual);
    panic::set_hook(Box::new(move |info| {
        if !told.swap(true, Ordering::Relaxed) {
            first(info);
        }
    }));
    let done = work();
    panic::set_hook(Box::new(move |info| usual(info)));
    done
}

/// `10m`
fn time(text: &str) -> Result<Duration, String> {
    let span = Span::parse(text).map_err(|error| error.to_string())?;
    Ok(Duration::from_millis(span.ms()))
}

/// `3/16`
fn shard(text: &str) -> Result<Shard, String> {
    let wrong = || format!("`{text}` is no shard; the third of sixteen is 3/16");
    let (number, of) = text.split_once('/').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    let of = of.parse().map_err(|_| wrong())?;
    if (1..=of).contains(&number) {
        Ok(Shard { number, of })
    } else {
        Err(format!("there is no shard {number} of {of}: they count from 1 to {of}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_count_from_one() {
        assert_eq!(shard("3/16"), Ok(Shard { number: 3, of: 16 }));
        for wrong in ["0/4", "5/4", "1", "1/0", "a/b", "-1/2", "1/2/3"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(time("90s"), Ok(Duration::from_secs(90)));
        assert!(time("90").is_err());
    }
}
