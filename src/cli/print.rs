//! Output: painted on a terminal, plain in a pipe.

use super::HELD;
use std::io::{self, IsTerminal, Write};
use zimsim::timeline;

/// Prints a timeline or a table.
///
/// # Errors
/// When stdout can't be written, as when its reader is gone.
pub fn print(text: &str) -> io::Result<u8> {
    let mut out = anstream::stdout().lock();
    let painted = if io::stdout().is_terminal() { timeline::paint(text) } else { text.into() };
    out.write_all(painted.as_bytes())?;
    out.flush()?;
    Ok(HELD)
}

/// Prints what programs read, as it is.
///
/// # Errors
/// When stdout can't be written, as when its reader is gone.
pub fn print_plain(text: &str) -> io::Result<u8> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(HELD)
}
