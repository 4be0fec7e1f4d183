//! Slow motion, for a failure that needs a moment between two packets: with a second or more on
//! every way, what took milliseconds takes seconds, and the moment can be a whole one.

use super::super::path::{Part, Path};
use super::hunt::Hunt;
use super::shorten::{Round, ms, rounded, times, until, written};
use crate::scenario::Document;
use std::collections::BTreeSet;

/// Tries it where some time of a step is no whole second. Tells whether it helped.
pub fn slow(hunt: &mut Hunt<'_>) -> bool {
    let odd: Vec<_> = times(&hunt.kept, true)
        .into_iter()
        .chain(times(&hunt.kept, false))
        .filter(|path| path.is_in("steps"))
        .filter(|path| ms(path, &hunt.kept).is_some_and(|ms| !ms.is_multiple_of(1000)))
        .collect();
    // After whole seconds there is no whole second between one packet and the next.
    ["1s", "1500ms"].iter().any(|latency| {
        let slow = slowed(&hunt.kept, latency);
        let last = until(&slow).unwrap_or(0);
        odd.iter().any(|path| {
            let mut seconds = (0..last / 1000).map(|second| second * 1000);
            seconds.any(|ms| hunt.offer(path.with(&slow, written(ms))))
        })
    })
}

/// With this latency, whole seconds everywhere, and time enough for everything: ten
/// seconds more between any two moments, and a minute in the end.
fn slowed(document: &Document, latency: &str) -> Document {
    const LONGER: u64 = 10_000;
    let key = |key: &str| Part::Key(key.to_owned());
    let slow = Path(vec![key("network"), key("latency")]).with(document, latency);
    let whole = rounded(&slow, Round::Near);
    let at = |path: &Path| ms(path, &whole).filter(|_| path.key() == "at");
    let moments: BTreeSet<u64> = times(&whole, true).iter().filter_map(at).collect();
    let earlier =
        |moment: u64| moments.iter().filter(|other| **other < moment).map(|_| LONGER).sum::<u64>();
    let mut spread = whole.clone();
    for path in times(&whole, true) {
        let Some(moment) = ms(&path, &whole) else { continue };
        let more = earlier(moment);
        let more = if path.key() == "until" { more + 60_000 } else { more };
        spread = path.with(&spread, written(moment + more));
    }
    spread
}
