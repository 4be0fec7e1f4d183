//! What a link did to a packet, in words.

use super::impair::{Exit, Passage};

/// What happened to a packet besides that it arrives; `None` if nothing did.
pub(super) fn remark(passage: &Passage) -> Option<String> {
    let waits = |exit: &Exit| {
        let waits = format!("waits {} ms behind {} bytes", milliseconds(exit.waits), exit.behind);
        (exit.waits > 0).then_some(waits)
    };
    let words: Vec<_> = match passage {
        Passage::Dropped => vec!["no room in the queue".to_owned()],
        Passage::Lost(exit) => waits(exit).into_iter().chain(["lost".to_owned()]).collect(),
        Passage::Arrives(exit, first, second) => {
            let damage = |bit: Option<u64>| bit.map(|bit| format!("bit {bit} flipped"));
            let second = second.map(|second| match damage(second.damage) {
                Some(damage) => format!("doubled, the copy's {damage}"),
                None => "doubled".to_owned(),
            });
            let overtakes = first.overtakes.then(|| "overtakes".to_owned());
            let all = [waits(exit), overtakes, damage(first.damage), second];
            all.into_iter().flatten().collect()
        }
    };
    (!words.is_empty()).then(|| words.join(", "))
}

/// `12.5` of 12,500,000 ns; microseconds are fine enough.
fn milliseconds(ns: u64) -> String {
    let micros = ns.div_ceil(1000);
    let text = format!("{}.{:03}", micros / 1000, micros % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
