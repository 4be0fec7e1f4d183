//! The table of `zimsim profiles`: ready-made link settings, and where each number is from.

use super::object::Object;
use super::wide::{line, wrapped};
use crate::net::{Bandwidth, LinkSettings, Profile};

const INDENT: &str = "    ";

/// What the marks mean, below the table.
const LEGEND: &str = "read: in the named source itself. copied: in others' copies of it, which \
    agree. unverified: attributed to it, and nothing we could read settles it. chosen: zimsim's \
    own. Latencies are one way, half of a round trip each.";

/// Every profile: name, what it stands for, its numbers each way, and where they are from.
pub fn profiles_table() -> String {
    let mut out = String::new();
    for profile in Profile::ALL {
        line(&mut out, &format!("{}: {}", profile.name, profile.about));
        line(&mut out, &format!("{INDENT}up    {}", numbers(&profile.up)));
        line(&mut out, &format!("{INDENT}down  {}", numbers(&profile.down)));
        for provenance in profile.provenance {
            let of = provenance.of.join(", ");
            let text = format!("{of}: {}; {}", provenance.evidence.name(), provenance.source);
            wrapped(&mut out, INDENT, &text);
        }
        line(&mut out, "");
    }
    wrapped(&mut out, "", LEGEND);
    out
}

/// `latency 75ms, rate 1.6Mbit/s, queue 64KiB`
fn numbers(settings: &LinkSettings) -> String {
    let mut parts = vec![format!("latency {}", settings.latency)];
    if let Bandwidth::Limited(rate) = settings.rate {
        parts.push(format!("rate {rate}, queue {}", settings.queue));
    }
    if settings.loss.ppm() > 0 {
        parts.push(format!("loss {}", settings.loss));
    }
    parts.join(", ")
}

/// The same, one JSON object a line.
pub fn profiles_json() -> String {
    let mut out = String::new();
    for profile in Profile::ALL {
        let provenance = profile.provenance.iter().map(|provenance| {
            Object::new()
                .with("of", provenance.of)
                .with("evidence", provenance.evidence.name())
                .with("source", provenance.source)
        });
        let object = Object::new()
            .with("v", 1)
            .with("kind", "profile")
            .with("name", profile.name)
            .with("about", profile.about)
            .nest("up", Some(settings(&profile.up)))
            .nest("down", Some(settings(&profile.down)))
            .list("provenance", provenance);
        line(&mut out, &object.text());
    }
    out
}

fn settings(settings: &LinkSettings) -> Object {
    let rate = match settings.rate {
        Bandwidth::Unlimited => None,
        Bandwidth::Limited(rate) => Some(rate.bits()),
    };
    Object::new()
        .with("latency_ms", settings.latency.ms())
        .with("rate_bits", rate)
        .with("queue_bytes", rate.map(|_| settings.queue.bytes()))
        .with("loss_ppm", settings.loss.ppm())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_each_profile_with_its_sources() {
        let table = profiles_table();
        let slow = "slow 4G: 4G far from its mast; what mobile pages are judged by\n    \
                    up    latency 75ms, rate 750kbit/s, queue 64KiB\n    \
                    down  latency 75ms, rate 1.6Mbit/s, queue 64KiB\n    \
                    rate, latency: read; Chrome DevTools";
        assert!(table.contains(slow), "{table}");
        assert!(table.contains("down  latency 500ms, rate 1Mbit/s, queue 64KiB, loss 10%"));
        assert!(table.contains("rate, latency, loss: unverified; Apple's"));
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    }

    #[test]
    fn the_json_has_a_line_for_each() {
        let json = profiles_json();
        assert_eq!(json.lines().count(), Profile::ALL.len());
        for (text, profile) in json.lines().zip(Profile::ALL) {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(value["name"], profile.name);
            assert_eq!(value["down"]["latency_ms"], profile.down.latency.ms());
            assert!(!value["provenance"].as_array().unwrap().is_empty());
        }
    }
}
