//! `run --plot`: draws a run to a file.

use super::pcap::Wrong;
use clap::Args;
use std::fs;
use std::io;
use std::path::PathBuf;
use zimsim::record::Recording;
use zimsim::scenario::Plan;
use zimsim::timeline;

#[derive(Args)]
pub struct Plot {
    /// Draw all clients over time to this file: attempts, who is connected, the line of logins
    /// at the server
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

impl Plot {
    /// Tells the user before anything is run if there will not be exactly one run to draw.
    pub fn check(&self, runs: u64) -> Result<(), Wrong> {
        if self.plot.is_some() && runs != 1 {
            complain!("zimsim: --plot draws one run, and here are {runs}");
            return Err(Wrong);
        }
        Ok(())
    }

    /// Draws the run, if that is asked for.
    pub fn write(&self, plan: &Plan, recording: &Recording) -> io::Result<()> {
        let Some(path) = &self.plot else { return Ok(()) };
        fs::write(path, timeline::plot(plan, recording)).map_err(|error| {
            io::Error::new(error.kind(), format!("can't write {}: {error}", path.display()))
        })
    }
}
