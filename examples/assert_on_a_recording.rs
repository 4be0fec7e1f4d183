//! Asks a run something that no `expect` can say: how long an app is without its connection,
//! for cuts of every length up to a minute.
//!
//! `cargo run --example assert_on_a_recording`

use zimsim::engine::{self, Engine};
use zimsim::record::{Event, Recording};
use zimsim::time::{Span, Time};
use zimsim::zim::{Callback, ConnectionState};
use zimsim::{contract, scenario};

/// How long the connection was told to be RECONNECTING, all in all.
fn without_connection(recording: &Recording) -> Span {
    let mut lost: Option<Time> = None;
    let mut total = Span::ZERO;
    for record in &recording.records {
        let Event::Callback(Callback::ConnectionStateChanged { state, .. }) = &record.event else {
            continue;
        };
        match (state, lost) {
            (ConnectionState::Reconnecting, None) => lost = Some(record.at),
            (ConnectionState::Connected, Some(since)) => {
                total = Span::from_ms(total.ms() + record.at.since(since).ms());
                lost = None;
            }
            (ConnectionState::Reconnecting | ConnectionState::Connected, _)
            | (ConnectionState::Connecting | ConnectionState::Disconnected, _) => {}
        }
    }
    total
}

fn main() {
    for seconds in [4, 10, 20, 40, 60] {
        let file = format!(
            r#"
            title   = "a cut of {seconds} s"
            until   = "4m"
            params  = {{ reconnect.jitter = "0%" }}
            clients = {{ alice = {{}} }}
            steps = [
              {{ at = "0s",  client = "alice", call = "login" }},
              {{ at = "12s", cut = "alice", for = "{seconds}s", may_miss = true }},
            ]
            "#
        );
        let plan = scenario::load("cut.toml", file.as_bytes(), &contract::ids())
            .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
        let recording = engine::run(&plan, Engine::Event, false);
        let without = without_connection(&recording);
        println!("cut for {seconds:2} s: {without} without a connection");
        assert!(without.ms() < 90_000, "the SDK gives up waiting after a cut of {seconds} s");
    }
}
