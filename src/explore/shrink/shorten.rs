//! Shorter waits, rounder times, shorter texts.

use super::super::path::Path;
use super::hunt::Hunt;
use crate::scenario::{Document, Value};
use crate::time::Span;
use std::collections::BTreeSet;

/// Keys that hold moments since the beginning.
const MOMENTS: &[&str] = &["at", "from", "to", "until"];

/// Keys that hold something else than time, whatever it looks like; and times that are fine
/// as they are.
const OTHER: &[&str] = &["title", "text", "show", "name", "latency", "jitter"];

/// Texts of messages up to so many letters stay.
const SHORT: usize = 8;

/// Makes everything as short and as round as the failure lets it be.
pub fn shorten(hunt: &mut Hunt<'_>) {
    texts(hunt);
    for to in [Round::Down, Round::Up, Round::Near] {
        hunt.offer(rounded(&hunt.kept, to));
    }
    lengths(hunt);
    gaps(hunt);
    end(hunt);
    moments(hunt);
}

/// Smaller crowds, fewer times: the least of the usual numbers that does.
pub fn fewer(hunt: &mut Hunt<'_>) {
    const COUNTS: &[&str] = &["size", "times", "rooms_of"];
    let usual = (0..4).flat_map(|power| [1, 2, 3, 5].map(|digit| digit * 10_i64.pow(power)));
    let usual: Vec<i64> = usual.collect();
    for path in Path::all(&hunt.kept).iter().filter(|path| COUNTS.contains(&path.key())) {
        let Some(Value::Whole(now)) = path.get(&hunt.kept).cloned() else { continue };
        for count in usual.iter().take_while(|count| **count < now) {
            if hunt.offer(path.with(&hunt.kept, *count)) {
                break;
            }
        }
    }
}

/// Lengths of time that people say, in ms, upwards.
fn common() -> impl Iterator<Item = u64> {
    let seconds = [1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120];
    let longer = [150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600, 900, 1200, 1800, 3600];
    seconds.into_iter().chain(longer).map(|seconds| seconds * 1000)
}

/// 0: people say such lengths; 1: whole seconds; 2: anything else.
fn roughness(ms: u64) -> u8 {
    match (common().any(|common| common == ms), ms.is_multiple_of(1000)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// As a scenario file has it.
pub fn written(ms: u64) -> Value {
    Value::Text(Span::from_ms(ms).to_string())
}

/// The length or moment that stands there, in ms.
pub fn ms(path: &Path, document: &Document) -> Option<u64> {
    if OTHER.contains(&path.key()) {
        return None;
    }
    Span::parse(path.get(document)?.text()?).ok().map(Span::ms)
}

/// The paths of all times, moments or lengths.
pub fn times(document: &Document, moments: bool) -> Vec<Path> {
    let mut paths = Path::all(document);
    paths.retain(|path| MOMENTS.contains(&path.key()) == moments && ms(path, document).is_some());
    paths
}

/// Which way to round.
#[derive(Clone, Copy)]
pub enum Round {
    /// To the second before.
    Down,
    /// To the second after.
    Up,
    /// To the nearer one.
    Near,
}

/// With whole seconds everywhere.
pub fn rounded(document: &Document, to: Round) -> Document {
    let mut changed = document.clone();
    for path in times(document, true).into_iter().chain(times(document, false)) {
        let Some(ms) = ms(&path, document) else { continue };
        let seconds = match to {
            Round::Down => ms / 1000,
            Round::Up => ms.div_ceil(1000),
            Round::Near => (ms + 500) / 1000,
        };
        changed = path.with(&changed, written(seconds * 1000));
    }
    changed
}

/// Each length of time: the shortest common one that does, else a rounder one.
fn lengths(hunt: &mut Hunt<'_>) {
    for path in times(&hunt.kept, false) {
        let Some(now) = ms(&path, &hunt.kept) else { continue };
        let rough = roughness(now);
        let shorter = common().take_while(|ms| *ms < now);
        let next = common().find(|ms| *ms > now).filter(|_| rough > 0);
        let whole = [now / 1000 * 1000, now.div_ceil(1000) * 1000];
        let whole = whole.into_iter().filter(|_| rough > 1);
        for ms in shorter.chain(next).chain(whole) {
            if hunt.offer(path.with(&hunt.kept, written(ms))) {
                break;
            }
        }
    }
}

/// How round a moment is: of ten seconds, five, one, or none.
const ROUND: [u64; 3] = [10_000, 5000, 1000];

/// 0 for the roundest moments.
fn grain(ms: u64) -> usize {
    ROUND.iter().position(|step| ms.is_multiple_of(*step)).unwrap_or(ROUND.len())
}

/// Closes the gaps between moments: whatever comes later comes earlier by as much. The first
/// to move gets no less round by it, or it would be moved back.
fn gaps(hunt: &mut Hunt<'_>) {
    let mut before = 0;
    loop {
        let steps = times(&hunt.kept, true).into_iter().filter(|path| path.is_in("steps"));
        let next = steps.filter_map(|path| ms(&path, &hunt.kept)).filter(|ms| *ms > before).min();
        let Some(next) = next else { return };
        let fives = (before / 5000 + 1..).map(|fives| fives * 5000);
        let mut earlier: BTreeSet<u64> = fives.take_while(|ms| *ms < next).collect();
        let closer = std::iter::once(0).chain(common()).map(|gap| before + gap);
        earlier.extend(closer.take_while(|ms| *ms < next));
        before = next;
        for to in earlier.into_iter().filter(|to| grain(*to) <= grain(next)) {
            if hunt.offer(moved(&hunt.kept, next, next - to)) {
                before = to;
                break;
            }
        }
    }
}

/// With every moment from `from` on earlier by so much.
fn moved(document: &Document, from: u64, earlier: u64) -> Document {
    let mut changed = document.clone();
    for path in times(document, true) {
        if let Some(ms) = ms(&path, document).filter(|ms| *ms >= from) {
            changed = path.with(&changed, written(ms - earlier));
        }
    }
    changed
}

/// When the run ends, in ms.
pub fn until(document: &Document) -> Option<u64> {
    let is_it = |path: &Path| path.key() == "until";
    times(document, true).into_iter().find(is_it).and_then(|path| ms(&path, document))
}

/// Ends the run as soon as it has shown the failure.
fn end(hunt: &mut Hunt<'_>) {
    for path in times(&hunt.kept, true).iter().filter(|path| path.key() == "until") {
        let Some(now) = ms(path, &hunt.kept) else { continue };
        let last = times(&hunt.kept, true).into_iter().filter(|other| other != path);
        let last = last.filter_map(|path| ms(&path, &hunt.kept)).max().unwrap_or(0);
        let tens = (1..).map(|tens| tens * 10_000).take_while(|ms| *ms < now);
        let next = now.div_ceil(10_000) * 10_000;
        for ms in tens.filter(|ms| *ms > last).chain((next != now).then_some(next)) {
            if hunt.offer(path.with(&hunt.kept, written(ms))) {
                break;
            }
        }
    }
}

/// Rounds each moment by itself: to ten seconds, five, or one.
fn moments(hunt: &mut Hunt<'_>) {
    for path in times(&hunt.kept, true) {
        let Some(now) = ms(&path, &hunt.kept) else { continue };
        for step in ROUND {
            if now.is_multiple_of(step) {
                break;
            }
            let (down, up) = (now / step * step, now.div_ceil(step) * step);
            let near = if now - down <= up - now { [down, up] } else { [up, down] };
            if near.into_iter().any(|ms| hunt.offer(path.with(&hunt.kept, written(ms)))) {
                break;
            }
        }
    }
}

/// One letter for each long text, then whatever each one can do with.
fn texts(hunt: &mut Hunt<'_>) {
    let is_long = |path: &Path, document: &Document| {
        let text = path.get(document).and_then(Value::text);
        path.key() == "text" && text.is_some_and(|text| text.len() > SHORT)
    };
    let mut long = Path::all(&hunt.kept);
    long.retain(|path| is_long(path, &hunt.kept));
    let short = |place: usize| format!("m{}", place + 1);
    let all = long.iter().enumerate();
    let all = all.fold(hunt.kept.clone(), |all, (place, path)| path.with(&all, short(place)));
    if !hunt.offer(all) {
        for (place, path) in long.iter().enumerate() {
            hunt.offer(path.with(&hunt.kept, short(place)));
        }
    }
}
