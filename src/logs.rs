//! Logs: `RUST_LOG` picks what is shown, on stderr, stamped with virtual time.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use zimsim::engine::current_moment;

struct VirtualTime;

impl FormatTime for VirtualTime {
    fn format_time(&self, w: &mut Writer<'_>) -> std::fmt::Result {
        match current_moment() {
            Some(now) => write!(w, "{:>12}", now.to_string()),
            None => write!(w, "{:>12}", "-"),
        }
    }
}

/// Turns logging on, if `RUST_LOG` asks for any.
pub fn init() {
    let Ok(filter) = EnvFilter::try_from_default_env() else { return };
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_timer(VirtualTime)
        .with_writer(std::io::stderr)
        .with_ansi(colour)
        // It would complain where nobody reads, and panic.
        .log_internal_errors(false)
        .init();
}
