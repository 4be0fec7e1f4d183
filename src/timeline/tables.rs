//! The table of `zimsim params`.

use super::wide::{line, pad, width, wrapped};
use crate::param::{Params, Row};

/// These parameters: name, default and mark on a line; below it what it does, what it may
/// be, and where the default comes from.
pub fn params_table(rows: &[&Row]) -> String {
    let default = Params::default();
    let names = rows.iter().map(|row| width(row.name)).max().unwrap_or(0);
    let values = rows.iter().map(|row| width(&row.get(&default))).max().unwrap_or(0);
    let mut out = String::new();
    for row in rows {
        let (name, value) = (pad(row.name, names), pad(&row.get(&default), values));
        line(&mut out, &format!("{name}  {value}  {}", row.mark.name()));
        for (label, text) in
            [("", row.text), ("may be: ", &(row.allowed)()), ("source: ", row.source)]
        {
            wrapped(&mut out, "    ", &format!("{label}{text}"));
        }
    }
    out
}
