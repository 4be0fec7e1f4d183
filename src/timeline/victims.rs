//! Whom a fault or an administrator's act struck, by name.

use crate::contract::admin_words;
use crate::protocol::FrameKind;
use crate::record::{AdminAct, ConnId, Struck, Victim};
use crate::scenario::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// `heartbeats 2 and 3, answer to heartbeat 1`; frames of another connection come behind
/// `on another:`. Nothing if there are none.
pub fn frame_words<'a>(frames: impl IntoIterator<Item = &'a Struck>) -> Option<String> {
    let mut conns: BTreeMap<ConnId, BTreeMap<FrameKind, BTreeSet<u32>>> = BTreeMap::new();
    for Struck { conn, kind, number } in frames {
        conns.entry(*conn).or_default().entry(*kind).or_default().insert(*number);
    }
    let mut groups: Vec<String> = Vec::new();
    for kinds in conns.values() {
        let words: Vec<_> =
            kinds.iter().map(|(kind, numbers)| kind_words(*kind, numbers)).collect();
        let group = words.join(", ");
        // Which connection it was is noise; that it was another is not.
        groups.push(if groups.is_empty() { group } else { format!("on another: {group}") });
    }
    (!groups.is_empty()).then(|| groups.join("; "))
}

/// `heartbeats 2 and 3`, `answer to a call`, `2 answers to calls`
fn kind_words(kind: FrameKind, numbers: &BTreeSet<u32>) -> String {
    let (one, many) = kind.words();
    match (kind.is_numbered(), numbers.len()) {
        (true, 1) => format!("{one} {}", list(numbers)),
        (true, _) => format!("{many} {}", list(numbers)),
        (false, 1) => one.to_owned(),
        (false, several) => format!("{several} {many}"),
    }
}

/// `2`, `2 and 3`, `2, 3 and 7`, `2 to 5 and 9`
fn list(numbers: &BTreeSet<u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            Some(_) | None => runs.push((*number, *number)),
        }
    }
    let mut words = Vec::new();
    for (first, last) in runs {
        match last - first {
            0 => words.push(first.to_string()),
            1 => words.extend([first.to_string(), last.to_string()]),
            _ => words.push(format!("{first} to {last}")),
        }
    }
    and(&words)
}

/// `a`, `a and b`, `a, b and c`
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `admin kickUser alice: phone and tablet`; in brackets what it hit if nobody by name.
pub fn admin(plan: &Plan, act: &AdminAct, hit: bool, victims: &[Victim]) -> String {
    let words = admin_words(act);
    let names: Vec<_> = victims.iter().map(|victim| name(plan, victim)).collect();
    match (hit, names.as_slice()) {
        (false, _) => format!("admin {words} (hit nothing)"),
        (true, []) => format!("admin {words} ({})", nobody(act)),
        (true, names) => format!("admin {words}: {} {}", and(names), outcome(act, names.len())),
    }
}

/// The client of this device; its user, if no client has it.
fn name(plan: &Plan, victim: &Victim) -> String {
    let client = plan.clients.iter().find(|client| client.script.device == victim.device);
    client.map_or_else(|| victim.user.to_string(), |client| client.name.clone())
}

fn outcome(act: &AdminAct, victims: usize) -> &'static str {
    match (act, victims) {
        (AdminAct::DestroyRoom { .. } | AdminAct::KickFromRoom { .. }, 1) => "is out of it",
        (AdminAct::DestroyRoom { .. } | AdminAct::KickFromRoom { .. }, _) => "are out of it",
        (AdminAct::KickUser { .. } | AdminAct::Unregister { .. }, 1) => "loses its session",
        (AdminAct::KickUser { .. } | AdminAct::Unregister { .. }, _) => "lose their sessions",
    }
}

fn nobody(act: &AdminAct) -> &'static str {
    match act {
        AdminAct::DestroyRoom { .. } | AdminAct::KickFromRoom { .. } => "nobody was in it",
        AdminAct::KickUser { .. } | AdminAct::Unregister { .. } => "it had no session",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(conn: u32, kind: FrameKind, numbers: &[u32]) -> Vec<Struck> {
        numbers.iter().map(|number| Struck { conn: ConnId(conn), kind, number: *number }).collect()
    }

    #[test]
    fn frames_are_named_by_kind_and_number_and_connection() {
        assert_eq!(frame_words(&[]), None);
        let mut frames = struck(0, FrameKind::Heartbeat, &[3, 2]);
        assert_eq!(frame_words(&frames).unwrap(), "heartbeats 2 and 3");
        frames.extend(struck(0, FrameKind::Alive, &[1]));
        frames.extend(struck(0, FrameKind::Done, &[4, 7]));
        let words = "heartbeats 2 and 3, answer to heartbeat 1, 2 answers to calls";
        assert_eq!(frame_words(&frames).unwrap(), words);
        frames.extend(struck(5, FrameKind::Login, &[1]));
        assert_eq!(frame_words(&frames).unwrap(), format!("{words}; on another: login"));
    }

    #[test]
    fn numbers_in_a_row_are_told_as_such() {
        let words = |numbers: &[u32]| frame_words(&struck(0, FrameKind::Heartbeat, numbers));
        assert_eq!(words(&[7]).unwrap(), "heartbeat 7");
        assert_eq!(words(&[1, 2, 3, 4, 8]).unwrap(), "heartbeats 1 to 4 and 8");
        assert_eq!(words(&[1, 2, 4, 9, 10, 11]).unwrap(), "heartbeats 1, 2, 4 and 9 to 11");
    }
}
