//! Boundaries of shipped scenarios, and of a planted bug that comes and goes.

use std::fs;
use std::path::Path;
use zimsim::engine::{self, Engine};
use zimsim::explore::{Asked, Bounds, NoBoundary, Runner, boundary};
use zimsim::record::{Event, Recording};
use zimsim::scenario::{Document, Plan};
use zimsim::time::Span;
use zimsim::zim::Callback;

fn document(stem: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{stem}.toml"));
    Document::read(&fs::read_to_string(path).expect("a scenario that ships"))
}

fn asked<'a>(vary: &'a str, from: &'a str, to: &'a str) -> Asked<'a> {
    Asked { vary, from, to, step: None, within: None }
}

fn find(stem: &str, asked: &Asked<'_>, runner: Runner) -> Bounds {
    let found = boundary(&format!("{stem}.toml"), &document(stem), asked, runner, &|| false);
    found.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

fn rows(bounds: &Bounds, place: usize) -> String {
    bounds.stretches[place].rows.join(" ")
}

/// What the tunnel's length decides. It begins at 12.000. The heartbeat of 20.180 is resent by TCP
/// at 21.180, 23.180 and 27.180; it is given up at 30.180: a tunnel that ends by 27.180 goes
/// unnoticed. After it, the SYN of 57.180 is resent at 58.180, 60.180 and 64.180; the next attempt
/// comes at 75.180, and the server gives the room up at 70.210: a tunnel that ends by 64.180 has
/// the room restored, a longer one has not.
#[test]
fn the_table_of_a_tunnel_is_pinned() {
    let asked = asked("steps.tunnel.for", "1s", "120s");
    let bounds = find("4-t2-timeout-enter", &asked, Runner::EVENT);
    insta::assert_snapshot!("tunnel", bounds.text());
    assert!(!bounds.comes_back() && !bounds.fails());
}

#[test]
fn the_rooms_heartbeat_timeout_decides_between_restored_and_timeout() {
    let asked = asked("params.room.heartbeat_timeout", "20s", "3m");
    let bounds = find("4-t2-timeout-enter", &asked, Runner::EVENT);
    let last = bounds.stretches.len() - 1;
    assert!(rows(&bounds, 0).contains("4.T2.timeout"), "{}", bounds.text());
    assert!(rows(&bounds, last).contains("4.T2.restored"), "{}", bounds.text());
    // The server hears alice's last heartbeat at 10.210, and next of her at 141.330.
    let flip = bounds.stretches.iter().find(|stretch| stretch.rows.contains(&"4.T2.restored"));
    let flip = flip.map(|stretch| Span::parse(&stretch.first).expect("a duration"));
    assert_eq!(flip, Some(Span::from_ms(131_120)), "{}", bounds.text());
    assert!(bounds.stretches.iter().any(|stretch| stretch.has_own));
}

#[test]
fn two_searches_find_the_same_whatever_the_threads_do() {
    let asked = asked("steps.tunnel.for", "10s", "60s");
    let one = find("4-t2-timeout-enter", &asked, Runner::EVENT);
    let other = find("4-t2-timeout-enter", &asked, Runner::EVENT);
    assert_eq!((one.text(), one.json()), (other.text(), other.json()));
}

/// In a tunnel of 39.1 s to 40.9 s, bob misses the message: between two values of the grid.
fn comes_and_goes(plan: &Plan) -> Recording {
    let mut recording = engine::run(plan, Engine::Event, false);
    let tunnel = &plan.faults[0];
    let length = tunnel.to.unwrap_or(plan.until).since(tunnel.from);
    if (39_100..40_900).contains(&length.ms()) {
        let message =
            |event: &Event| matches!(event, Event::Callback(Callback::RoomMessageReceived { .. }));
        recording.records.retain(|record| !message(&record.event));
    }
    recording
}

#[test]
fn an_outcome_that_comes_and_goes_between_two_values_of_the_grid_is_found() {
    let asked = asked("steps.tunnel.for", "1s", "120s");
    let bounds = find("4-t2-timeout-enter", &asked, Runner { run: comes_and_goes });
    assert!(bounds.comes_back(), "{}", bounds.text());
    let text = bounds.text();
    assert!(text.contains("39100ms to 40899ms") && text.contains("not monotone"), "{text}");
    assert!(text.contains("- bob  onRoomMessageReceived r1  alice: \"back\""), "{text}");
}

#[test]
fn shares_rates_sizes_and_numbers_are_varied_in_their_units() {
    for (stem, vary, from, to) in [
        ("4-t2-restored", "network.loss", "0%", "40%"),
        ("4-t2-restored", "network.latency", "1ms", "3s"),
        ("4-t2-restored", "network.up.rate", "1kbit/s", "64kbit/s"),
        ("4-t2-restored", "params.room.query_tries", "1", "5"),
        ("4-t2-restored", "clients.alice.token_life", "5s", "2m"),
        ("4-t2-restored", "seed", "1", "9"),
    ] {
        let asked =
            Asked { within: Some(from).filter(|_| from.starts_with('1')), ..asked(vary, from, to) };
        let bounds = find(stem, &asked, Runner::EVENT);
        let (first, last) = (&bounds.stretches[0], bounds.stretches.last().expect("some"));
        assert_eq!(first.first, from, "{}", bounds.text());
        assert_eq!(last.last.replace("2m", "120s"), to.replace("2m", "120s"), "{}", bounds.text());
        println!("{}", bounds.text());
    }
}

#[test]
fn what_makes_no_sense_is_said() {
    let wrong = |vary, from, to| {
        let asked = asked(vary, from, to);
        let stem = "4-t2-timeout-enter";
        match boundary(stem, &document(stem), &asked, Runner::EVENT, &|| false) {
            Err(NoBoundary::Asked(text)) => text,
            Err(NoBoundary::Document(mistakes)) => mistakes.render(false),
            Ok(bounds) => panic!("{}", bounds.text()),
        }
    };
    for (vary, from, to, says) in [
        ("steps.tunel.for", "1s", "2s", "nearest: \"tunnel\""),
        ("steps[17].for", "1s", "2s", "steps[0] to steps[5]"),
        ("steps", "1s", "2s", "steps has 6 rows"),
        ("steps.tunnel", "1s", "2s", "in it: at, cut, for, name"),
        ("steps.tunnel.fro", "1s", "2s", "unknown key"),
        ("stebs[1].at", "1s", "2s", "nearest: \"steps\""),
        ("clients.alce.token_life", "1s", "2s", "nearest: \"alice\""),
        ("params.room.hartbeat_timeout", "1s", "2s", "nearest: \"room.heartbeat_timeout\""),
        ("steps..for", "1s", "2s", "is no path"),
        ("steps[x].for", "1s", "2s", "is no path"),
        ("steps.tunnel.for", "1s", "2%", "another kind"),
        ("steps.tunnel.for", "2s", "1s", "not below"),
        ("steps.tunnel.for", "1x", "2s", "neither a duration"),
        ("title", "1s", "2s", "is no amount"),
        ("steps.tunnel.cut", "1s", "2s", "holds \"alice\""),
        ("steps.tunnel.for", "1%", "2%", "another kind"),
    ] {
        let text = wrong(vary, from, to);
        assert!(text.contains(says), "{vary} {from} {to}: {text}");
    }
    let fine = Asked { step: Some("1ms"), ..asked("steps.tunnel.for", "1s", "120s") };
    let stem = "4-t2-timeout-enter";
    let Err(NoBoundary::Asked(text)) =
        boundary(stem, &document(stem), &fine, Runner::EVENT, &|| false)
    else {
        panic!("a grid of 119,000 values");
    };
    assert!(text.contains("a grid of 119000 values"), "{text}");
}
