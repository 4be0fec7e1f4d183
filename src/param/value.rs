//! What a parameter can be: how each kind of value is read, printed and refused.

use crate::time::Span;
use crate::zim::{ConnectionEvent, ErrorCode, RoomEvent};
use std::fmt;

/// A value as a scenario file holds it, before it is known to be the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text: a duration, a share, or one of several words.
    Text(String),
}

/// Why a setting is refused; the text says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(pub String);

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a value is written in a file: for editors, which check it while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Some text.
    Text,
    /// `"15s"`
    Duration,
    /// `"20%"`
    Share,
    /// A whole number, from the first to the second.
    Whole(i64, i64),
    /// `true` or `false`
    Flag,
    /// One of these words.
    Words(Vec<&'static str>),
    /// An error code.
    Code,
}

/// A kind of value that a parameter can have.
pub trait ParamValue: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Says what is allowed.
    fn read(setting: &Setting) -> Result<Self, ValueError>;
    /// Prints it as a scenario file would write it, without quotes.
    fn print(&self) -> String;
    /// What is allowed, for people.
    fn allowed() -> String;
    /// How it is written.
    fn form() -> Form {
        Form::Text
    }
}

impl ParamValue for Span {
    fn read(setting: &Setting) -> Result<Span, ValueError> {
        let text = match setting {
            Setting::Text(text) => text.clone(),
            Setting::Integer(number) => number.to_string(),
            Setting::Bool(_) => {
                return Err(ValueError("expected a duration, as in \"15s\"".into()));
            }
        };
        Span::parse(&text).map_err(|error| ValueError(error.to_string()))
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "a duration".into()
    }

    fn form() -> Form {
        Form::Duration
    }
}

impl ParamValue for bool {
    fn read(setting: &Setting) -> Result<bool, ValueError> {
        match setting {
            Setting::Bool(value) => Ok(*value),
            Setting::Integer(_) | Setting::Text(_) => {
                Err(ValueError("expected true or false, without quotes".into()))
            }
        }
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "true or false".into()
    }

    fn form() -> Form {
        Form::Flag
    }
}

/// The largest whole number that a parameter can be.
const LARGEST: i64 = 1_000_000;

impl ParamValue for u32 {
    fn read(setting: &Setting) -> Result<u32, ValueError> {
        match setting {
            Setting::Integer(number @ 1..=LARGEST) => Ok(u32::try_from(*number).expect("bounded")),
            Setting::Integer(_) | Setting::Bool(_) | Setting::Text(_) => {
                Err(ValueError("expected a whole number from 1 to 1000000, without quotes".into()))
            }
        }
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "a whole number".into()
    }

    fn form() -> Form {
        Form::Whole(1, LARGEST)
    }
}

/// A share, in millionths; written `20%` or `0.5%`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    ppm: u32,
}

impl Percent {
    /// The whole, in millionths.
    pub const WHOLE: u64 = 1_000_000;

    /// So many millionths; 1,000,000 is everything.
    pub const fn from_ppm(ppm: u32) -> Percent {
        Percent { ppm }
    }

    /// The share in millionths.
    pub const fn ppm(self) -> u64 {
        self.ppm as u64
    }

    /// Reads `20%`, `0.5%`, up to four decimals, from 0% to 100%.
    ///
    /// # Errors
    /// Says what is allowed.
    pub fn parse(text: &str) -> Result<Percent, ValueError> {
        let wrong = || ValueError("expected a share from \"0%\" to \"100%\"".to_owned());
        let number = text.strip_suffix('%').ok_or_else(wrong)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let dangling = number.contains('.') && decimals.is_empty();
        if whole.is_empty() || whole.len() > 3 || decimals.len() > 4 || dangling {
            return Err(wrong());
        }
        if !digits(whole) || !digits(decimals) {
            return Err(wrong());
        }
        let ppm: u32 = format!("{whole}{decimals:0<4}").parse().map_err(|_| wrong())?;
        if u64::from(ppm) > Percent::WHOLE {
            return Err(wrong());
        }
        Ok(Percent { ppm })
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:04}", self.ppm % 10_000);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{}%", self.ppm / 10_000),
            decimals => write!(f, "{}.{decimals}%", self.ppm / 10_000),
        }
    }
}

impl ParamValue for Percent {
    fn read(setting: &Setting) -> Result<Percent, ValueError> {
        match setting {
            Setting::Text(text) => Percent::parse(text),
            Setting::Integer(number) => Percent::parse(&number.to_string()),
            Setting::Bool(_) => Err(ValueError("expected a share, as in \"20%\"".into())),
        }
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "0% to 100%".into()
    }

    fn form() -> Form {
        Form::Share
    }
}

/// Reads one of several words, or says which there are.
fn read_word<T: Copy>(setting: &Setting, words: &[(&str, T)]) -> Result<T, ValueError> {
    let found = match setting {
        Setting::Text(text) => words.iter().find(|(word, _)| word == text),
        Setting::Bool(_) | Setting::Integer(_) => None,
    };
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        ValueError(format!("expected {}", or_list(&words)))
    })
}

/// `"a", "b" or "c"`
fn or_list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl ParamValue for $name {
            fn read(setting: &Setting) -> Result<$name, ValueError> {
                read_word(setting, &[$(($word, $name::$variant),)*])
            }

            fn print(&self) -> String {
                match self { $($name::$variant => $word.to_owned(),)* }
            }

            fn allowed() -> String {
                or_list(&[$($word,)*]).replace('"', "")
            }

            fn form() -> Form {
                Form::Words(vec![$($word,)*])
            }
        }
    };
}

choice!(
    /// Which callback comes first when connection and rooms change in the same moment.
    CallbackOrder {
        /// `onConnectionStateChanged`, then `onRoomStateChanged`.
        ConnectionFirst "connection-first",
        /// `onRoomStateChanged`, then `onConnectionStateChanged`.
        RoomsFirst "rooms-first",
    }
);

choice!(
    /// Whose calendar clock ends a session when its token runs out.
    TokenClock {
        /// The device's, as the users' document words it.
        Device "device",
        /// The server's.
        Server "server",
        /// Whichever comes first.
        Both "both",
    }
);

choice!(
    /// What happens when a token runs out while the SDK is reconnecting.
    ExpiryWhileReconnecting {
        /// The SDK ends the session at the moment of expiry.
        AtExpiry "at-expiry",
        /// The SDK goes on trying; the server refuses it when it gets through. One that it lets
        /// in, by its own clock, is judged by the device's own again, if that decides.
        AtReconnect "at-reconnect",
    }
);

choice!(
    /// What becomes of a `renewToken` that meets a broken link.
    RenewWhileReconnecting {
        /// It waits and is used for the reconnection.
        Hold "hold",
        /// It fails like any other call.
        Fail "fail",
    }
);

impl ParamValue for ConnectionEvent {
    fn read(setting: &Setting) -> Result<ConnectionEvent, ValueError> {
        let words: Vec<_> = ConnectionEvent::ALL.iter().map(|e| (e.name(), *e)).collect();
        read_word(setting, &words)
    }

    fn print(&self) -> String {
        self.name().to_owned()
    }

    fn allowed() -> String {
        "a connection event".into()
    }

    fn form() -> Form {
        Form::Words(ConnectionEvent::ALL.iter().map(|event| event.name()).collect())
    }
}

impl ParamValue for RoomEvent {
    fn read(setting: &Setting) -> Result<RoomEvent, ValueError> {
        let words: Vec<_> = RoomEvent::ALL.iter().map(|e| (e.name(), *e)).collect();
        read_word(setting, &words)
    }

    fn print(&self) -> String {
        self.name().to_owned()
    }

    fn allowed() -> String {
        "a room event".into()
    }

    fn form() -> Form {
        Form::Words(RoomEvent::ALL.iter().map(|event| event.name()).collect())
    }
}

impl ParamValue for ErrorCode {
    fn read(setting: &Setting) -> Result<ErrorCode, ValueError> {
        let known = match setting {
            Setting::Integer(number) => {
                ErrorCode::ALL.iter().find(|code| i64::from(code.0) == *number)
            }
            Setting::Bool(_) | Setting::Text(_) => None,
        };
        let wrong = || ValueError("expected an error code, as in 6000104, without quotes".into());
        known.copied().ok_or_else(wrong)
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "an error code".into()
    }

    fn form() -> Form {
        Form::Code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_prints_as_it_is_written() {
        for text in ["0%", "20%", "100%", "0.5%", "12.25%", "0.0001%"] {
            assert_eq!(Percent::parse(text).unwrap().to_string(), text);
        }
        for wrong in ["", "%", "20", "101%", "1.%", "-1%", "1.23456%", "a%", "1e2%", "100.1%"] {
            assert!(Percent::parse(wrong).is_err(), "{wrong}");
        }
    }
}
