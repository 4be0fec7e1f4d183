//! Long work: how far it is, on stderr and only on a terminal; and Ctrl-C, which ends it
//! between two runs, so that what was done so far is still told. A second Ctrl-C ends the
//! program at once.

use super::STOPPED;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Long work under way.
pub struct Progress {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// Begins; `total` is how many runs there will be. A single run is not watched: Ctrl-C
    /// ends it as it ends any program.
    pub fn begin(total: u64) -> Progress {
        if total < 2 {
            let stop = Arc::new(AtomicBool::new(false));
            return Progress { bar: ProgressBar::hidden(), stop };
        }
        // No guess at what is left: one run takes a millisecond, the next a minute.
        Progress::watch(Some(total), "{bar:40} {pos}/{len} runs in {elapsed} {msg}")
    }

    /// Begins work that is told by its pace; `None`: nobody knows how much it will be.
    pub fn pace(total: Option<u64>) -> Progress {
        let of = if total.is_some() { "{bar:24} {pos}/{len} runs" } else { "{pos} runs" };
        Progress::watch(total, &format!("{of}, {{per_sec}} {{msg}}"))
    }

    fn watch(total: Option<u64>, template: &str) -> Progress {
        let stop = Arc::new(AtomicBool::new(false));
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let (told, above) = (Arc::clone(&stop), bar.clone());
        // Without a handler Ctrl-C still works, only less politely.
        let _ = ctrlc::set_handler(move || {
            if told.swap(true, Ordering::Relaxed) {
                above.finish_and_clear();
                std::process::exit(i32::from(STOPPED));
            }
            above.println("stopping after the run under way; Ctrl-C once more stops at once");
        });
        Progress { bar, stop }
    }

    /// One run is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// How many runs are done.
    pub fn done(&self) -> u64 {
        self.bar.position()
    }

    /// How long it has taken so far.
    pub fn elapsed(&self) -> Duration {
        self.bar.elapsed()
    }

    /// Shows some words beside the bar.
    pub fn say(&self, words: String) {
        self.bar.set_message(words);
    }

    /// Whether Ctrl-C has been pressed.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Prints beneath the bar, which is drawn again after it.
    pub fn beside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away and tells how far it came, where half of the work is of no use; the
    /// exit code.
    pub fn give_up(&self, lost: &str) -> u8 {
        let (done, total) = (self.done(), self.bar.length().unwrap_or(0));
        self.end();
        complain!("zimsim: stopped after {done} of {total} runs{lost}");
        STOPPED
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
