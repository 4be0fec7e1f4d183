//! Virtual time: whole milliseconds since the run began, and nothing else.
//!
//! There is no way to read a real clock here. A device has two clocks, because
//! they part in life: [`Time`] never jumps and drives timers, [`Wall`] is the
//! calendar clock that token expiry is written in.

mod alarms;

pub(crate) use alarms::Alarms;

use std::fmt;
use std::ops::{Add, Mul, Sub};

/// A moment of virtual time, in milliseconds since the run began. Never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// A length of virtual time in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

/// A reading of a calendar clock, in milliseconds; zero is the run's beginning on
/// a clock without skew. A token's expiry is such a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wall(i64);

/// What a core is told of the present: both clocks of its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The clock that timers run on.
    pub time: Time,
    /// The clock that token expiry is compared with.
    pub wall: Wall,
}

impl Time {
    /// The beginning of every run.
    pub const ZERO: Time = Time(0);
    /// The smallest step of virtual time; a new deadline is at least this far away.
    pub const QUANTUM: Span = Span(1);

    /// The moment `ms` milliseconds after the beginning.
    pub const fn from_ms(ms: u64) -> Time {
        Time(ms)
    }

    /// Milliseconds since the beginning.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was; zero if it is still to come.
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// Stands for never, and after every time there is.
const NEVER: Time = Time(u64::MAX);

/// The first of these moments, if there is any. The comparison has no branches, since which is
/// the first can't be foreseen.
pub(crate) fn earliest<const N: usize>(moments: [Option<Time>; N]) -> Option<Time> {
    moments.iter().map(|at| at.unwrap_or(NEVER)).min().filter(|at| *at != NEVER)
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A span of `ms` milliseconds.
    pub const fn from_ms(ms: u64) -> Span {
        Span(ms)
    }

    /// A span of `secs` seconds.
    pub const fn from_secs(secs: u64) -> Span {
        Span(secs * 1000)
    }

    /// The span in milliseconds.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// Reads a whole number and a unit: `250ms`, `15s`, `4m`, `2h`, `24d`.
    ///
    /// # Errors
    /// Says what is wrong with the text: no unit, a sign, a fraction, an unknown
    /// unit, or more than a thousand days.
    pub fn parse(text: &str) -> Result<Span, SpanError> {
        const LONGEST_MS: u64 = 1000 * 24 * 3_600_000;
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(split);
        if text.starts_with('-') {
            return Err(SpanError::Negative);
        }
        if unit.starts_with('.') {
            return Err(SpanError::Fraction);
        }
        if digits.is_empty() {
            return Err(SpanError::NoNumber);
        }
        let scale = match unit {
            "" => return Err(SpanError::NoUnit(digits.to_owned())),
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 24 * 3_600_000,
            other => return Err(SpanError::UnknownUnit(other.to_owned())),
        };
        let ms = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(scale));
        match ms {
            Some(ms) if ms <= LONGEST_MS => Ok(Span(ms)),
            Some(_) | None => Err(SpanError::TooLong),
        }
    }
}

/// Why a text is no [`Span`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpanError {
    /// The text begins with no digit.
    NoNumber,
    /// A number without its unit; holds the number.
    NoUnit(String),
    /// A unit that is none of ours.
    UnknownUnit(String),
    /// A minus sign: time only goes forward.
    Negative,
    /// A decimal point; the quantum is one whole millisecond.
    Fraction,
    /// Over a thousand days.
    TooLong,
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpanError::NoNumber => f.write_str("expected a whole number and a unit, as in \"15s\""),
            SpanError::NoUnit(n) => {
                write!(f, "a duration needs a unit: \"{n}ms\", \"{n}s\", \"{n}m\" or \"{n}h\"")
            }
            SpanError::UnknownUnit(unit) => {
                write!(f, "unknown unit \"{unit}\"; use ms, s, m, h or d")
            }
            SpanError::Negative => f.write_str("a duration can't be negative"),
            SpanError::Fraction => {
                f.write_str("a duration is a whole number; use a smaller unit (\"1500ms\")")
            }
            SpanError::TooLong => f.write_str("a duration can be 1000 days at the most"),
        }
    }
}

impl Wall {
    /// A reading of `ms` milliseconds.
    pub const fn from_ms(ms: i64) -> Wall {
        Wall(ms)
    }

    /// The reading in milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// How far ahead of `now` this reading is; zero if it has passed.
    pub fn until_from(self, now: Wall) -> Span {
        Span(u64::try_from(self.0.saturating_sub(now.0)).unwrap_or(0))
    }
}

impl Now {
    /// A device whose calendar clock is right.
    pub fn exact(time: Time) -> Now {
        let wall = Wall(i64::try_from(time.0).expect("a run ends long before i64 does"));
        Now { time, wall }
    }

    /// A device whose calendar clock is `ahead_ms` milliseconds ahead, or behind if negative.
    pub fn skewed(time: Time, ahead_ms: i64) -> Now {
        let Now { time, wall: Wall(right) } = Now::exact(time);
        Now { time, wall: Wall(right.saturating_add(ahead_ms)) }
    }

    /// The moment on the timer clock at which the calendar clock will read `wall`;
    /// at least one quantum away, so that it can be a deadline.
    pub fn deadline_at_wall(self, wall: Wall) -> Time {
        self.time + wall.until_from(self.wall).max(Time::QUANTUM)
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Add<Span> for Wall {
    type Output = Wall;
    fn add(self, span: Span) -> Wall {
        Wall(self.0.saturating_add_unsigned(span.0))
    }
}

impl Sub<Span> for Wall {
    type Output = Wall;
    fn sub(self, span: Span) -> Wall {
        Wall(self.0.saturating_sub_unsigned(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, times: u64) -> Span {
        Span(self.0.saturating_mul(times))
    }
}

/// Seconds with three decimals: `12.040`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// The largest unit that leaves a whole number, as a scenario file writes it.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(24 * 3_600_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
        let unit = units.iter().find(|(ms, _)| self.0 >= *ms && self.0.is_multiple_of(*ms));
        match unit {
            _ if self.0 == 0 => f.write_str("0s"),
            Some((ms, name)) => write!(f, "{}{name}", self.0 / ms),
            None => write!(f, "{}ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_prints_as_it_is_written() {
        for text in ["0s", "1ms", "250ms", "15s", "90s", "4m", "2h", "24d"] {
            assert_eq!(Span::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Span::parse("60s").unwrap().to_string(), "1m");
    }

    #[test]
    fn a_wrong_span_says_what_is_wrong() {
        assert_eq!(Span::parse("15"), Err(SpanError::NoUnit("15".into())));
        assert_eq!(Span::parse("-3s"), Err(SpanError::Negative));
        assert_eq!(Span::parse("1.5s"), Err(SpanError::Fraction));
        assert_eq!(Span::parse("15sx"), Err(SpanError::UnknownUnit("sx".into())));
        assert_eq!(Span::parse("s"), Err(SpanError::NoNumber));
        assert_eq!(Span::parse("99999999999999999999s"), Err(SpanError::TooLong));
        assert_eq!(Span::parse("1001d"), Err(SpanError::TooLong));
    }

    #[test]
    fn a_wall_deadline_that_has_passed_is_one_quantum_away() {
        let now = Now::exact(Time::from_ms(500));
        assert_eq!(now.deadline_at_wall(Wall::from_ms(100)), Time::from_ms(501));
        assert_eq!(now.deadline_at_wall(Wall::from_ms(900)), Time::from_ms(900));
    }
}
