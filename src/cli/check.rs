//! `zimsim check`

use super::files::{Loaded, shell_word};
use super::print::print;
use super::progress::Progress;
use super::what::What;
use super::{BUG, FAILED, HELD, STOPPED, WRONG_INPUT};
use clap::Args;
use std::io;
use zimsim::contract;
use zimsim::contract::Report;
use zimsim::scenario::Plan;

/// Run scenarios and print only what fails
///
/// The last line counts. Each failure comes with the command that replays it. Ctrl-C stops
/// after the run under way and still counts.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim check scenarios/
  zimsim check scenarios/ --engine both          compare the two engines as well
  zimsim check lift.toml --seeds 0..1000         a thousand seeds, 0 to 999")]
pub struct Options {
    #[command(flatten)]
    what: What,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Some(loaded) = self.what.load()? else { return Ok(WRONG_INPUT) };
        let total = self.what.count(&loaded);
        let progress = Progress::begin(total);
        let (mut held, mut failed, mut apart) = (0_u64, 0_u64, 0_u64);
        for (one, plan) in self.what.runs(&loaded) {
            if progress.stopped() {
                break;
            }
            match self.what.engine.run(&plan, false) {
                Ok(recording) => {
                    let report = contract::check(&plan, &recording);
                    if report.held() {
                        held += 1;
                    } else {
                        failed += 1;
                        let text = self.failures(one, &plan, &report);
                        progress.beside(|| print(&text))?;
                    }
                }
                Err(disagreement) => {
                    apart += 1;
                    progress.beside(|| print(&disagreement.to_string()))?;
                }
            }
            progress.say(format!("{failed} failed"));
            progress.step();
        }
        let done = progress.done();
        let stopped = progress.stopped() && done < total;
        progress.end();
        let mut text = format!("{held} held, {failed} failed");
        if apart > 0 {
            text.push_str(&format!(", {apart} with the engines apart"));
        }
        if stopped {
            text.push_str(&format!("; stopped after {done} of {total}"));
        }
        print(&format!("{text}\n"))?;
        Ok(match (stopped, apart, failed) {
            (true, ..) => STOPPED,
            (false, 1.., _) => BUG,
            (false, 0, 1..) => FAILED,
            (false, 0, 0) => HELD,
        })
    }

    fn failures(&self, one: &Loaded, plan: &Plan, report: &Report) -> String {
        let mut text = format!("{}: {}\n", plan.name, plan.title);
        for failure in &report.failures {
            text.push_str(&format!("  {failure}\n"));
        }
        let (file, seed, engine) = (shell_word(&one.path), plan.seed.0, self.what.engine.option());
        text.push_str(&format!("  replay: zimsim run {file} --seed {seed}{engine}\n"));
        text
    }
}
