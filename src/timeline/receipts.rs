//! What faults hit, in words.

use super::victims::frame_words;
use crate::net::{Fault, ResetEnd};
use crate::record::{Blow, ClientId, ConnId, Hit, Receipt, Recording, Strike, Way};
use crate::scenario::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// What each fault hit, a line each.
pub fn faults(plan: &Plan, recording: &Recording, packets: bool) -> Vec<String> {
    let none = Receipt::default();
    let planned = plan.faults.iter().enumerate();
    let lines = planned.map(|(place, fault)| {
        let receipt = recording.receipts.get(place).unwrap_or(&none);
        let may_miss = if receipt.is_empty() && fault.may_miss { " (it may)" } else { "" };
        let words = receipt_words(plan, &fault.fault, receipt, packets);
        format!("{}: {words}{may_miss}", fault.name_or_words())
    });
    lines.collect()
}

/// What a fault hit, of the traffic and of hosts.
pub fn receipt_words(plan: &Plan, fault: &Fault, receipt: &Receipt, packets: bool) -> String {
    let mut parts: Vec<_> = receipt.strikes.iter().map(|s| strike_words(plan, s)).collect();
    if !receipt.hits.is_empty() {
        parts.push(hit_words(plan, fault, &receipt.hits, packets));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}

/// `alice's process died`
fn strike_words(plan: &Plan, strike: &Strike) -> String {
    let who = plan.host_name(strike.host);
    let what = match strike.blow {
        Blow::Killed => "process died",
        Blow::LeftWaiting => "process had something to do and could not",
        Blow::Told => "process was told of the network",
        Blow::LookedUp => "look-ups of the server's name",
        Blow::HeardLate => "process heard late",
        Blow::MovedDeadline => "deadline for the token moved",
    };
    format!("{who}'s {what}")
}

/// `alice's open connection and 3 connects, both ways`
fn hit_words(plan: &Plan, fault: &Fault, hits: &[Hit], packets: bool) -> String {
    // The members of a crowd stand together.
    let mut struck: BTreeMap<usize, (&str, Vec<&Hit>)> = BTreeMap::new();
    for hit in hits {
        let (place, name) = match plan.crowd_of(hit.client) {
            Some(crowd) => (crowd.members.start, crowd.name.as_str()),
            None => (hit.client.0, plan.client_name(hit.client)),
        };
        struck.entry(place).or_insert((name, Vec::new())).1.push(hit);
    }
    let struck = struck
        .into_values()
        .map(|(name, own)| client_words(name, is_two_way(fault, own[0].client), &own, packets));
    struck.collect::<Vec<_>>().join("; ")
}

/// Whether a fault strikes both ways of a client's link.
fn is_two_way(fault: &Fault, client: ClientId) -> bool {
    match fault {
        Fault::Cut(directions)
        | Fault::Stall(directions)
        | Fault::Flap(directions, _)
        | Fault::BlackHole(directions, _) => {
            [Way::Up, Way::Down].iter().all(|way| directions.contains(&(client, *way)))
        }
        Fault::Reset(_, end) => *end == ResetEnd::Both,
        Fault::Hosts(..) => true,
    }
}

fn client_words(client: &str, two_way: bool, hits: &[&Hit], packets: bool) -> String {
    let each = |of: fn(&Hit) -> &[ConnId]| -> BTreeSet<(ClientId, ConnId)> {
        hits.iter().flat_map(|hit| of(hit).iter().map(|conn| (hit.client, *conn))).collect()
    };
    let (open, connects) = (each(|hit| &hit.open), each(|hit| &hit.connects));
    let frames = frame_words(hits.iter().flat_map(|hit| &hit.frames));
    let frames = frames.map(|frames| format!(" ({frames})")).unwrap_or_default();
    let open = count(open.len(), "open connection", "open connections");
    let parts = [
        open.map(|open| format!("{open}{frames}")),
        count(connects.len(), "one connect", "connects"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let what = if parts.is_empty() { "packets".to_owned() } else { parts.join(" and ") };
    let up = hits.iter().any(|hit| hit.way == Way::Up);
    let down = hits.iter().any(|hit| hit.way == Way::Down);
    let ways = match (up, down, two_way) {
        (true, true, _) => ", both ways",
        (true, false, false) => ", up only",
        (false, true | false, false) => ", down only",
        // Not to be read as a fault of one way.
        (true, false, true) => " (met packets up only)",
        (false, true | false, true) => " (met packets down only)",
    };
    // A crowd has hundreds of ways; those up are one sum, those down another.
    let sums = [(Way::Up, "up"), (Way::Down, "down")].into_iter().filter_map(|(way, word)| {
        let of_way = || hits.iter().filter(|hit| hit.way == way);
        let first = of_way().map(|hit| hit.first).min()?;
        let packets: u64 = of_way().map(|hit| hit.packets).sum();
        let s = if packets == 1 { "" } else { "s" };
        Some(format!("{packets} packet{s} {word}, first at {first}"))
    });
    let counts: Vec<_> = sums.collect();
    let counts = if packets { format!(" ({})", counts.join("; ")) } else { String::new() };
    format!("{client}'s {what}{ways}{counts}")
}

/// Nothing, the word for one, or `3 connects`.
fn count(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(one.to_owned()),
        number => Some(format!("{number} {many}")),
    }
}
