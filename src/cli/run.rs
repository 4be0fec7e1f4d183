//! `zimsim run`

use super::output::Output;
use super::pcap;
use super::plot;
use super::progress::Progress;
use super::what::What;
use super::{BUG, FAILED, HELD, WRONG_INPUT};
use clap::Args;
use std::io::{self, IsTerminal};
use zimsim::{contract, report};

/// Run scenarios and print their timelines
///
/// Columns: virtual time in seconds; time since the latest named fault began or ended; who;
/// what happened; the documented row that this line exhibits. `zimsim explain WORD` says what
/// a word of it means.
#[derive(Args)]
#[command(after_help = "\
Examples:
  zimsim run scenarios/4-t2-timeout-enter.toml
  zimsim run lift.toml --seed 7 --trace | less
  zimsim run lift.toml --format html -o lift.html
  zimsim run lift.toml --format ndjson | jq 'select(.kind == \"callback\")'
  sed 's/40s/90s/' lift.toml | zimsim run -")]
pub struct Options {
    #[command(flatten)]
    what: What,
    /// Also print what happens below: frames, segments, states, counts of packets
    #[arg(long)]
    trace: bool,
    #[command(flatten)]
    out: Output,
    #[command(flatten)]
    capture: pcap::Capturing,
    #[command(flatten)]
    plot: plot::Plot,
}

impl Options {
    pub fn run(&self) -> io::Result<u8> {
        let Some(loaded) = self.what.load()? else { return Ok(WRONG_INPUT) };
        let runs = self.what.count(&loaded);
        let capture = self.capture.check(&loaded[0].plan, runs);
        let (Ok(capture), Ok(())) = (capture, self.plot.check(runs)) else {
            return Ok(WRONG_INPUT);
        };
        if let Some(form) = self.out.holds_one().filter(|_| runs > 1) {
            complain!(
                "zimsim: {form} holds one run; name one scenario, or: zimsim report FILE… -o site"
            );
            return Ok(WRONG_INPUT);
        }
        // Messages are wire events: pages and diagrams show them.
        let drawn = self.out.holds_one().is_some();
        let mut code = HELD;
        let mut texts = Vec::new();
        // On a terminal the timelines themselves show how far it is.
        let progress = Progress::begin(if io::stdout().is_terminal() { 0 } else { runs });
        for (place, (one, plan)) in self.what.runs(&loaded).enumerate() {
            if progress.stopped() {
                return Ok(progress.give_up(""));
            }
            let engine = self.what.engine;
            let traced = self.trace || (drawn && report::wants_trace(&plan));
            let recording = match (&capture, engine.run(&plan, traced)) {
                (_, Err(disagreement)) => {
                    complain!("zimsim: {}", disagreement.to_string().trim_end());
                    return Ok(BUG);
                }
                (Some(capture), Ok(_)) => capture.run(&plan, engine.engine(), traced)?,
                (None, Ok(recording)) => recording,
            };
            let report = contract::check(&plan, &recording);
            self.plot.write(&plan, &recording)?;
            let text = self.out.written(&one.source, &plan, &recording, &report, self.trace);
            if !report.held() {
                code = FAILED;
            }
            match self.out.goes_to_file() {
                true => texts.push(text),
                false => self.out.print(place, &text)?,
            }
            progress.step();
        }
        progress.end();
        if let Err(wrong) = self.out.write(&texts) {
            complain!("zimsim: {wrong}");
            return Ok(WRONG_INPUT);
        }
        Ok(code)
    }
}
