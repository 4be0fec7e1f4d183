//! What a link carries, as scenario files write it: bits in a second, bytes in a queue.

use super::ValueError;
use std::fmt;

/// A bit rate; written `1.6Mbit/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    bits: u64,
}

/// A number of bytes; written `64KiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    bytes: u64,
}

const NS_PER_SECOND: u64 = 1_000_000_000;

/// Decimal, as networks count.
const RATE_UNITS: &[(&str, u64)] =
    &[("bit/s", 1), ("kbit/s", 1000), ("Mbit/s", 1_000_000), ("Gbit/s", 1_000_000_000)];

/// Decimal and binary, as memory is counted.
const SIZE_UNITS: &[(&str, u64)] =
    &[("B", 1), ("kB", 1000), ("MB", 1_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20)];

impl Rate {
    /// So many bits a second; not zero.
    pub const fn from_bits(bits: u64) -> Rate {
        Rate { bits }
    }

    /// Bits in a second.
    pub const fn bits(self) -> u64 {
        self.bits
    }

    /// How long so many bytes take, in ns, rounded up.
    pub fn ns_for(self, bytes: u64) -> u64 {
        (bytes * 8 * NS_PER_SECOND).div_ceil(self.bits)
    }

    /// Reads `56kbit/s`, `1.6Mbit/s`: from 1 bit/s to 100 Gbit/s.
    ///
    /// # Errors
    /// Says what is allowed.
    pub fn parse(text: &str) -> Result<Rate, ValueError> {
        const MOST: u64 = 100_000_000_000;
        let byte_units = ["kbps", "Mbps", "mbps", "kB/s", "MB/s", "bps"];
        if byte_units.iter().any(|unit| text.ends_with(unit)) {
            let wrong =
                "unclear unit: some tools mean bits by it, some bytes; write kbit/s or Mbit/s";
            return Err(ValueError(wrong.to_owned()));
        }
        let bits = quantity(text, RATE_UNITS, "a rate", "1.6Mbit/s")?;
        match bits {
            0 => {
                Err(ValueError("a rate is at least 1 bit/s; for a dead link use `cut`".to_owned()))
            }
            1..=MOST => Ok(Rate { bits }),
            _ => Err(ValueError("a rate is 100 Gbit/s at the most".to_owned())),
        }
    }
}

impl Size {
    /// So many bytes.
    pub const fn from_bytes(bytes: u64) -> Size {
        Size { bytes }
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.bytes
    }

    /// Reads `1500B`, `64KiB`, `1.5MB`, up to 1 GiB.
    ///
    /// # Errors
    /// Says what is allowed.
    pub fn parse(text: &str) -> Result<Size, ValueError> {
        let bytes = quantity(text, SIZE_UNITS, "a size", "64KiB")?;
        if bytes > 1 << 30 {
            return Err(ValueError("a size is 1024 MiB at the most".to_owned()));
        }
        Ok(Size { bytes })
    }
}

/// Reads a number, with up to six decimals, and one of the units.
fn quantity(
    text: &str,
    units: &[(&str, u64)],
    what: &str,
    example: &str,
) -> Result<u64, ValueError> {
    let names: Vec<_> = units.iter().map(|(unit, _)| *unit).collect();
    let names = names.join(", ");
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let dangling = number.contains('.') && decimals.is_empty();
    if whole.is_empty() || dangling || decimals.contains('.') {
        return Err(ValueError(format!("expected {what}, as in \"{example}\"")));
    }
    if unit.is_empty() {
        return Err(ValueError(format!("{what} needs a unit: {names}")));
    }
    let Some((_, scale)) = units.iter().find(|(name, _)| *name == unit) else {
        return Err(ValueError(format!("unknown unit; use {names}")));
    };
    let too_long = || ValueError(format!("{what} can't have so many digits"));
    if whole.len() > 12 || decimals.len() > 6 {
        return Err(too_long());
    }
    // Both parts have digits only, and few.
    let millionths: u128 = format!("{whole}{decimals:0<6}").parse().map_err(|_| too_long())?;
    let scaled = millionths * u128::from(*scale);
    if !scaled.is_multiple_of(1_000_000) {
        let smallest = units.first().map_or("", |(unit, _)| unit);
        return Err(ValueError(format!("{what} is a whole number of {smallest}")));
    }
    u64::try_from(scaled / 1_000_000).map_err(|_| too_long())
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.bits, RATE_UNITS.iter().rev())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = SIZE_UNITS.iter().rev().find(|(_, scale)| self.bytes.is_multiple_of(*scale));
        let (unit, scale) = whole.filter(|_| self.bytes > 0).unwrap_or(&SIZE_UNITS[0]);
        write!(f, "{}{unit}", self.bytes / scale)
    }
}

/// Prints in the largest unit of which there is at least one.
fn print<'a>(
    f: &mut fmt::Formatter<'_>,
    value: u64,
    mut largest_first: impl Iterator<Item = &'a (&'a str, u64)>,
) -> fmt::Result {
    let (unit, scale) = largest_first.find(|(_, scale)| value >= *scale).unwrap_or(&("bit/s", 1));
    let (whole, rest) = (value / scale, value % scale);
    if rest == 0 {
        return write!(f, "{whole}{unit}");
    }
    let digits = scale.ilog10();
    let decimals = format!("{rest:0width$}", width = usize::try_from(digits).unwrap_or(0));
    write!(f, "{whole}.{}{unit}", decimals.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_prints_as_it_is_written() {
        for text in ["1bit/s", "50kbit/s", "1.6Mbit/s", "750kbit/s", "2.5Gbit/s", "100Gbit/s"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        for (wrong, says) in [
            ("", "expected a rate"),
            ("fast", "expected a rate"),
            ("1.Mbit/s", "expected a rate"),
            ("1.2.3Mbit/s", "expected a rate"),
            ("64", "needs a unit"),
            ("64kbit", "unknown unit"),
            ("64 kbit/s", "unknown unit"),
            ("64kbps", "unclear unit"),
            ("0kbit/s", "at least 1 bit/s"),
            ("101Gbit/s", "100 Gbit/s at the most"),
            ("0.5bit/s", "whole number of bit/s"),
            ("1.2345678Mbit/s", "so many digits"),
            ("9999999999999bit/s", "so many digits"),
            ("999999999999Gbit/s", "so many digits"),
        ] {
            let told = Rate::parse(wrong).unwrap_err().to_string();
            assert!(told.contains(says), "{wrong}: {told}");
        }
    }

    #[test]
    fn a_size_prints_as_it_is_written() {
        for text in ["0B", "1500B", "64KiB", "1MiB", "1536KiB", "250kB"] {
            assert_eq!(Size::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Size::parse("1.5MiB").unwrap().bytes(), 1_572_864);
        for wrong in ["", "64", "64K", "64Kib", "1025MiB", "-1B", "1.5B"] {
            assert!(Size::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bytes_take_their_time() {
        assert_eq!(Rate::from_bits(8).ns_for(1), 1_000_000_000);
        assert_eq!(Rate::from_bits(1_600_000).ns_for(1500), 7_500_000);
        assert_eq!(Rate::from_bits(3_000_000_000).ns_for(1), 3, "2.67 ns, rounded up");
    }
}
