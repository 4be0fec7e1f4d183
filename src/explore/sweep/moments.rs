//! The moments of a run, and what happens around them.

use crate::engine::{self, Engine};
use crate::record::{Event, Record, Recording, Wire};
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::timeline::{Words, trace_words};
use std::collections::BTreeSet;

/// All that happens in the base run.
pub struct Happened {
    plan: Plan,
    recording: Recording,
    packets: BTreeSet<Time>,
}

impl Happened {
    /// Runs the plan, seeing everything.
    pub fn of(plan: &Plan) -> Happened {
        let (recording, seen) = engine::run_tapped(plan, Engine::Event, true);
        let packets = seen.iter().map(|sighting| sighting.at).collect();
        Happened { plan: plan.clone(), recording, packets }
    }

    /// Before, at and after everything.
    pub fn moments(&self, until: Time) -> BTreeSet<Time> {
        let events = self.recording.records.iter().map(|record| record.at);
        let all: BTreeSet<_> = events.chain(self.packets.iter().copied()).collect();
        let around = |at: Time| {
            let before = Time::from_ms(at.ms().saturating_sub(1));
            [before, at, at + Span::from_ms(1)]
        };
        all.into_iter().flat_map(around).filter(|at| *at < until).collect()
    }

    /// The last thing that happened before a moment, and what happens in its millisecond. What
    /// `whom` has a part in comes first.
    pub fn around(&self, at: Time, whom: &str) -> (String, Option<String>) {
        let records = &self.recording.records;
        let from = records.partition_point(|record| record.at < at);
        let to = records.partition_point(|record| record.at <= at);
        let last = from.checked_sub(1).map_or(Time::ZERO, |last| records[last].at);
        let first = records.partition_point(|record| record.at < last);
        let before = self.telling(&records[first..from], whom);
        let with = self.telling(&records[from..to], whom);
        (before.unwrap_or_else(|| "the beginning".to_owned()), with)
    }

    /// That event of a millisecond which says most: an app's, else a frame, else a segment.
    fn telling(&self, records: &[Record], whom: &str) -> Option<String> {
        let weight = |event: &Event| match event {
            Event::Wire(Wire::Segment(_) | Wire::Link(_)) => 0,
            Event::Wire(_) => 1,
            event if event.is_public() => 3,
            _ => 2,
        };
        let words = Words::new(&self.plan, &self.recording);
        let told = records.iter().map(|record| {
            let what = words.event(record).unwrap_or_else(|| trace_words(&record.event));
            let who = words.who(record.who);
            let own = who == whom || what.contains(whom);
            ((own, weight(&record.event)), format!("{}  {who}  {what}", record.at))
        });
        told.max_by_key(|(weight, _)| *weight).map(|(_, text)| text)
    }
}
