//! Every duration and choice of SDK, server and TCP: name, default, mark and source.
//!
//! A default is `documented` where a public ZIM page states it, and `chosen`
//! otherwise: then it is this project's, and never to be presented as ZIM's. One table
//! (in `table.rs`) makes the struct, its defaults, the look-up by name and the text
//! that `zimsim params` prints.
//!
//! ```
//! use zimsim::param::{Mark, Params, Row, Setting};
//!
//! let row = Row::find("room.heartbeat_timeout").unwrap();
//! assert_eq!((row.mark, row.get(&Params::default()).as_str()), (Mark::Chosen, "90s"));
//! let mut params = Params::default();
//! row.set(&mut params, &Setting::Text("60s".into())).unwrap();
//! assert_eq!(params.changed().len(), 1);
//! assert!(row.set(&mut params, &Setting::Text("60".into())).is_err());
//! ```

mod quantity;
mod table;
mod value;

pub use quantity::{Rate, Size};
pub use table::Params;
pub use value::{
    CallbackOrder, ExpiryWhileReconnecting, Form, ParamValue, Percent, RenewWhileReconnecting,
    Setting, TokenClock, ValueError,
};

/// Whether a value is ZIM's or ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A public page of ZIM states it.
    Documented,
    /// Nothing public states it; this project chose.
    Chosen,
}

impl Mark {
    /// The mark as the tables print it.
    pub const fn name(self) -> &'static str {
        match self {
            Mark::Documented => "documented",
            Mark::Chosen => "chosen",
        }
    }
}

/// One parameter's row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name that a scenario file uses.
    pub name: &'static str,
    /// Whether the default is documented.
    pub mark: Mark,
    /// Where the default comes from, or why it was chosen.
    pub source: &'static str,
    /// What it does.
    pub text: &'static str,
    /// What it may be set to.
    pub allowed: fn() -> String,
    /// How its value is written in a file.
    pub form: fn() -> Form,
    get: fn(&Params) -> String,
    set: fn(&mut Params, &Setting) -> Result<(), ValueError>,
}

impl Row {
    /// The row with this name.
    pub fn find(name: &str) -> Option<&'static Row> {
        Params::TABLE.iter().find(|row| row.name == name)
    }

    /// This parameter's value in `params`, as a scenario file would write it.
    pub fn get(&self, params: &Params) -> String {
        (self.get)(params)
    }

    /// Sets this parameter in `params`.
    ///
    /// # Errors
    /// Says what the parameter may be set to.
    pub fn set(&self, params: &mut Params, setting: &Setting) -> Result<(), ValueError> {
        (self.set)(params, setting)
    }
}

impl Params {
    /// The rows that are not at their default, in table order.
    pub fn changed(&self) -> Vec<&'static Row> {
        let default = Params::default();
        Params::TABLE.iter().filter(|row| row.get(self) != row.get(&default)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_can_be_written_and_read_again() {
        let default = Params::default();
        for row in Params::TABLE {
            let text = row.get(&default);
            let setting = match text.as_str() {
                "true" => Setting::Bool(true),
                "false" => Setting::Bool(false),
                number if number.chars().all(|c| c.is_ascii_digit()) => {
                    Setting::Integer(number.parse().unwrap())
                }
                text => Setting::Text(text.to_owned()),
            };
            let mut params = Params::default();
            row.set(&mut params, &setting).unwrap_or_else(|e| panic!("{}: {e}", row.name));
            assert_eq!(row.get(&params), text, "{}", row.name);
        }
    }

    #[test]
    fn only_what_was_set_counts_as_changed() {
        let mut params = Params::default();
        assert!(params.changed().is_empty());
        let row = Row::find("room.heartbeat_timeout").unwrap();
        row.set(&mut params, &Setting::Text("60s".into())).unwrap();
        let names: Vec<_> = params.changed().iter().map(|row| row.name).collect();
        assert_eq!(names, ["room.heartbeat_timeout"]);
    }

    #[test]
    fn a_wrong_value_says_what_is_allowed() {
        let mut params = Params::default();
        let row = Row::find("heartbeat.period").unwrap();
        let error = row.set(&mut params, &Setting::Integer(10)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a duration needs a unit: \"10ms\", \"10s\", \"10m\" or \"10h\""
        );
        let row = Row::find("callback.order").unwrap();
        let error = row.set(&mut params, &Setting::Text("rooms".into())).unwrap_err();
        assert_eq!(error.to_string(), "expected \"connection-first\" or \"rooms-first\"");
    }
}
