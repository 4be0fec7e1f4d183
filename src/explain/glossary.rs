//! The terms of timelines, reports and messages.

use super::{Sought, Topic};

/// Each term with what it means.
const TERMS: &[(&str, &str)] = &[
    (
        "held",
        "zimsim's own model, written from public documents, did what the row demands; of ZEGO's SDK this says nothing",
    ),
    (
        "contradicted",
        "the model did otherwise than the row demands: the scenario fails, and says what was seen",
    ),
    (
        "allowed",
        "the row held, but not the document decided what was seen: a parameter that zimsim chose, named in brackets",
    ),
    (
        "not exercised",
        "nothing in the run gave the row or invariant an occasion: neither held nor broken",
    ),
    ("T0", "the network breaks while the user is in a room: connection 3, room 1/1"),
    (
        "T1",
        "the network is back: connection 2, room still 1/1; the SDK asks the server about the room",
    ),
    ("T2", "the room's verdict: connection 2, room 2/0, 0/9, 0/3 or 0/2"),
    (
        "outage",
        "the time from T0 to T2 of one client and room; its table stands below the timeline",
    ),
    (
        "hit nothing",
        "a fault, or an administrator's act, that found no packet, connection or user: it tested nothing, so the scenario fails, unless the step says may_miss = true",
    ),
    (
        "receipt",
        "what a fault really hit: whose connections, how many connects, which way; printed under `faults`",
    ),
    ("pending", "what was unfinished when the run ended; told, and no failure by itself"),
    (
        "replay",
        "a command that repeats exactly this run: the same file and seed give the same bytes",
    ),
    (
        "seed",
        "the number that all randomness of a run comes from; another seed is another run only where a file leaves something to chance (jitter, loss, reconnect.jitter)",
    ),
    ("documented", "a public page of ZIM says so; the source names it"),
    (
        "chosen",
        "no public page says so; zimsim had to choose, and the value is not to be taken for ZIM's",
    ),
    (
        "diagnostic",
        "a mistake in a scenario file: file, line and column, the line itself, what was expected and the nearest known name. All mistakes come at once, nothing is run, and the exit code is 2. `zimsim explain` takes the words of a message too: no client is called",
    ),
    (
        "exit code",
        "0 all held; 1 something failed; 2 wrong input or usage; 3 a bug of zimsim's own; 130 stopped by Ctrl-C",
    ),
    (
        "window",
        "from when to when an entry of expect or never looks: `from` and `to` are a step's name, a fault's NAME.end, or a time; `within` counts from `from`; both ends belong to it",
    ),
];

pub(super) fn topics() -> Vec<Topic> {
    let topic = |(term, means): &(&'static str, &str)| {
        Topic::new(*term, "term of reports and messages", Sought::Nothing).field("means", *means)
    };
    TERMS.iter().map(topic).collect()
}
