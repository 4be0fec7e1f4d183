//! `run --pcap`: writes the packets of a run to a file.

use clap::Args;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zimsim::capture::{self, Viewpoint};
use zimsim::engine::{self, Engine};
use zimsim::record::Recording;
use zimsim::scenario::Plan;

#[derive(Args)]
pub struct Capturing {
    /// Write the run's packets to this file (pcapng), which Wireshark and tshark read
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,
    /// Where the packets are captured: a client's name, `server`, or `wire` (each once, when it
    /// is sent)
    #[arg(long, value_name = "PLACE", default_value = "wire", requires = "pcap")]
    pcap_at: String,
}

/// A capture that is to be made.
pub struct Capture<'a> {
    path: &'a Path,
    viewpoint: Viewpoint,
}

/// The options ask for what can't be; the user has been told.
pub struct Wrong;

impl Capturing {
    /// The capture of this plan that is asked for, if any; `runs` is how many there will be.
    /// Tells the user what is wrong before anything
    /// is run.
    pub fn check(&self, plan: &Plan, runs: u64) -> Result<Option<Capture<'_>>, Wrong> {
        let Some(path) = &self.pcap else { return Ok(None) };
        if runs != 1 {
            complain!("zimsim: --pcap holds one run, and here are {runs}");
            return Err(Wrong);
        }
        match Viewpoint::named(&self.pcap_at, plan) {
            Ok(viewpoint) => Ok(Some(Capture { path, viewpoint })),
            Err(unknown) => {
                complain!("zimsim: {unknown}");
                Err(Wrong)
            }
        }
    }
}

impl Capture<'_> {
    /// Runs the plan and writes the file.
    pub fn run(&self, plan: &Plan, engine: Engine, trace: bool) -> io::Result<Recording> {
        let (recording, sightings) = engine::run_tapped(plan, engine, trace);
        let bytes = capture::pcapng(plan, &sightings, self.viewpoint);
        fs::write(self.path, bytes).map_err(|error| {
            io::Error::new(error.kind(), format!("can't write {}: {error}", self.path.display()))
        })?;
        Ok(recording)
    }
}
