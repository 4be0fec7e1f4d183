//! The contract's rows and invariants, and the parameters.

use super::{Sought, Topic};
use crate::contract::{INVARIANTS, LIVENESS, ROWS};
use crate::param::{Mark, Params, Row};

/// What the rows are called.
pub(super) const ROW: &str = "row of the documented tables";

/// What parameters are called.
pub(super) const PARAM: &str = "parameter";

/// Rows, invariants and liveness.
pub(super) fn contract() -> Vec<Topic> {
    let rows = ROWS.iter().map(|row| {
        Topic::new(row.id, ROW, Sought::Row(row.id))
            .field("document", row.sentence.join("\n"))
            .field("demands", row.demand)
            .field("the app", row.advice)
            .field("documented", format!("{}, {}", row.source, row.revision))
            .field("decided by", params_in(row.demand))
    });
    let invariants = INVARIANTS.iter().map(|invariant| {
        Topic::new(invariant.id, "invariant", Sought::Invariant(invariant.id))
            .field("must hold", invariant.text)
            .field("from", invariant.source)
    });
    let liveness = Topic::new(LIVENESS, "invariant", Sought::Nothing)
        .field(
            "must hold",
            "once the network is whole for good, every wait ends: a client is back, or has been \
             told that it is out, within the time that its parameters allow",
        )
        .field("from", "no promise of the document: without it a model that hangs would hold");
    rows.chain(invariants).chain([liveness]).collect()
}

/// The parameters that a text names.
fn params_in(text: &str) -> String {
    let named = Params::TABLE.iter().filter(|row| text.contains(row.name));
    named.map(|row| row.name).collect::<Vec<_>>().join(", ")
}

/// Every parameter.
pub(super) fn params() -> Vec<Topic> {
    Params::TABLE.iter().map(param).collect()
}

fn param(row: &'static Row) -> Topic {
    let origin = match row.mark {
        Mark::Documented => format!("by ZIM: {}", row.source),
        Mark::Chosen => format!("not by ZIM; zimsim's own choice: {}", row.source),
    };
    let rows: Vec<_> =
        ROWS.iter().filter(|other| other.demand.contains(row.name)).map(|row| row.id).collect();
    Topic::new(row.name, PARAM, Sought::Param(row.name))
        .field("does", row.text)
        .field("default", row.get(&Params::default()))
        .field("may be", (row.allowed)())
        .field("documented", origin)
        .field("decides", rows.join(", "))
        .field("set by", format!("params = {{ {} = … }}", row.name))
}

/// The parameters whose names begin with this word: `heartbeat`.
pub(super) fn group(word: &str) -> Option<Topic> {
    let beginning = format!("{}.", word.trim_end_matches('.'));
    let rows: Vec<_> =
        Params::TABLE.iter().filter(|row| row.name.starts_with(&beginning)).collect();
    let list: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {}: {}", row.name, row.get(&Params::default()), row.text))
        .collect();
    (!rows.is_empty())
        .then(|| Topic::new(word, "parameters", Sought::Nothing).field("are", list.join("\n")))
}

/// The rows whose demands speak of this.
pub(super) fn rows_about(words: &[String]) -> String {
    let about = |demand: &str| {
        let mut parts = demand.split(|c: char| !(c.is_alphanumeric() || "/_*".contains(c)));
        parts.any(|part| words.iter().any(|word| word == part))
    };
    let rows = ROWS.iter().filter(|row| about(row.demand));
    rows.map(|row| row.id).collect::<Vec<_>>().join(", ")
}
