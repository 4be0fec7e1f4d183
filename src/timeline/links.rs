//! What links did to packets, for people and for programs.

use super::object::Object;
use super::wide::{pad, width};
use crate::net::{Bandwidth, Bursts, LinkSettings};
use crate::record::{LinkCounts, LinkUse, Recording, Way};
use crate::scenario::Plan;

/// Something that a link can do to packets.
struct Effect {
    /// `lost`
    word: &'static str,
    /// Whether these settings ask for it.
    asked: fn(&LinkSettings) -> bool,
    count: fn(&LinkCounts) -> u64,
}

const EFFECTS: &[Effect] = &[
    Effect {
        word: "lost",
        asked: |s| s.loss.ppm() > 0 || s.gilbert_elliott != Bursts::None,
        count: |c| c.lost,
    },
    Effect { word: "damaged", asked: |s| s.corrupt.ppm() > 0, count: |c| c.corrupted },
    Effect { word: "doubled", asked: |s| s.duplicate.ppm() > 0, count: |c| c.duplicated },
    Effect { word: "overtaking", asked: |s| s.reorder.ppm() > 0, count: |c| c.overtaking },
    Effect { word: "queued", asked: |s| s.rate != Bandwidth::Unlimited, count: |c| c.waited },
    // Nobody asks for it: it comes of a queue that is too short.
    Effect { word: "dropped by a full queue", asked: |_| false, count: |c| c.dropped },
];

/// One line for each direction whose link is set to do anything to packets: what it did, and
/// what of it never happened. How often is left to traces: it moves with every packet.
pub fn lines(plan: &Plan, recording: &Recording, counts: bool) -> Vec<String> {
    let listed = recording.links.iter().filter(|own| plan.crowd_of(own.client).is_none());
    let all: Vec<_> = listed.filter_map(|own| line(plan, own, counts)).collect();
    let widest = all.iter().map(|(who, _)| width(who)).max().unwrap_or(0);
    all.into_iter().map(|(who, what)| format!("{}  {what}", pad(&who, widest))).collect()
}

fn line(plan: &Plan, own: &LinkUse, counts: bool) -> Option<(String, String)> {
    let history = plan.link_history((own.client, own.way));
    let asked = |effect: &&Effect| history.iter().any(|(_, settings)| (effect.asked)(settings));
    let happened = |effect: &&Effect| (effect.count)(&own.counts) > 0;
    let words = |effect: &Effect| match counts {
        true => format!("{} {}", (effect.count)(&own.counts), effect.word),
        false => effect.word.to_owned(),
    };
    let did: Vec<_> = EFFECTS.iter().filter(happened).map(words).collect();
    let never = EFFECTS.iter().filter(asked).filter(|effect| !happened(effect));
    let never: Vec<_> = never.map(|effect| effect.word).collect();
    if did.is_empty() && never.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    if counts {
        parts.push(format!("{} sent", own.counts.sent));
    }
    if !did.is_empty() {
        parts.push(did.join(", "));
    }
    if counts && own.counts.longest_wait > 0 {
        parts.push(format!("queued for up to {} ms", own.counts.longest_wait.div_ceil(1_000_000)));
    }
    if !never.is_empty() {
        parts.push(format!("never {}", never.join(", ")));
    }
    let who = format!("{} {}", plan.client_name(own.client), way(own.way));
    Some((who, parts.join("; ")))
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Up => "up",
        Way::Down => "down",
    }
}

/// The counts of one direction.
pub fn json(plan: &Plan, own: &LinkUse) -> Object {
    let counts = &own.counts;
    Object::new()
        .with("client", plan.client_name(own.client))
        .with("way", way(own.way))
        .with("sent", counts.sent)
        .with("lost", counts.lost)
        .with("damaged", counts.corrupted)
        .with("doubled", counts.duplicated)
        .with("overtaking", counts.overtaking)
        .with("queued", counts.waited)
        .with("longest_wait_ns", counts.longest_wait)
        .with("dropped", counts.dropped)
}
