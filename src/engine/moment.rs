//! The moment that log lines are stamped with. Nothing else reads it.

use crate::time::Time;
use std::cell::Cell;

thread_local! {
    static MOMENT: Cell<Option<Time>> = const { Cell::new(None) };
}

/// The virtual time of the run on this thread; `None` outside a run.
pub fn current_moment() -> Option<Time> {
    MOMENT.get()
}

/// Stamps the log lines of a run; the stamp goes when this is dropped.
pub(super) struct Stamp;

impl Stamp {
    pub fn at(&self, now: Time) {
        MOMENT.set(Some(now));
    }
}

impl Drop for Stamp {
    fn drop(&mut self) {
        MOMENT.set(None);
    }
}
