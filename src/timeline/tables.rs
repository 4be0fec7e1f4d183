//! The tables of `zimsim contract` and `zimsim params`.

use super::wide::{line, pad, width};
use crate::contract::ROWS;
use crate::param::Params;

/// Every row of the contract: id, the document's words, ours, the advice, the source.
pub fn rows_table() -> String {
    let mut out = String::new();
    for (place, row) in ROWS.iter().enumerate() {
        if place > 0 {
            line(&mut out, "");
        }
        line(&mut out, row.id);
        for sentence in row.sentence {
            field(&mut out, "document", sentence);
        }
        field(&mut out, "demand", row.demand);
        field(&mut out, "app", row.advice);
        field(&mut out, "source", &format!("{}, {}", row.source, row.revision));
    }
    out
}

fn field(out: &mut String, name: &str, text: &str) {
    line(out, &format!("  {}  {text}", pad(name, "document".len())));
}

/// Every parameter: name, default and mark on a line; below it what it does, what it may
/// be, and where the default comes from.
pub fn params_table() -> String {
    let default = Params::default();
    let names = Params::TABLE.iter().map(|row| width(row.name)).max().unwrap_or(0);
    let values = Params::TABLE.iter().map(|row| width(&row.get(&default))).max().unwrap_or(0);
    let mut out = String::new();
    for row in Params::TABLE {
        let (name, value) = (pad(row.name, names), pad(&row.get(&default), values));
        line(&mut out, &format!("{name}  {value}  {}", row.mark.name()));
        for (label, text) in
            [("", row.text), ("may be: ", &(row.allowed)()), ("source: ", row.source)]
        {
            for wrapped in wrap(&format!("{label}{text}"), LINE - INDENT.len()) {
                line(&mut out, &format!("{INDENT}{wrapped}"));
            }
        }
    }
    out
}

const LINE: usize = 96;
const INDENT: &str = "    ";

/// Breaks a text between words into lines of at most `columns`.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always one");
        if !last.is_empty() && width(last) + 1 + width(word) > columns {
            lines.push(word.to_owned());
            continue;
        }
        if !last.is_empty() {
            last.push(' ');
        }
        last.push_str(word);
    }
    lines
}
