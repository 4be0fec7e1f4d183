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

/// Every parameter: name, default, mark, source, what it does.
pub fn params_table() -> String {
    let default = Params::default();
    let head = ["name", "default", "mark", "source", "what it does"].map(str::to_owned);
    let rows = Params::TABLE.iter().map(|row| {
        let [name, mark, source, text] = [row.name, row.mark.name(), row.source, row.text];
        [name.to_owned(), row.get(&default), mark.to_owned(), source.to_owned(), text.to_owned()]
    });
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(rows).collect();
    let column = |place: usize| rows.iter().map(|row| width(&row[place])).max().unwrap_or(0);
    let widths = [column(0), column(1), column(2), column(3)];
    let mut out = String::new();
    for [name, value, mark, source, text] in &rows {
        let cells = [name, value, mark, source];
        let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, w)| pad(cell, w)).collect();
        line(&mut out, &format!("{}  {text}", padded.join("  ")));
    }
    out
}
