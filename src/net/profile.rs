//! Ready-made link settings by the names that people know, and where each number is from.
//!
//! A packet-level network takes a tool's target values, not what the tool adds to make up for
//! working on whole requests (DevTools multiplies its round trips by 2.75 to 5). A round trip
//! is divided evenly between the two ways.

use super::link::{Bandwidth, LinkSettings};
use crate::param::{Percent, Rate};
use crate::time::Span;

/// How sure a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read in the named source itself.
    Read,
    /// Found in others' copies of the named source, which agree.
    Copied,
    /// Attributed to the named source; nothing that we could read settles it.
    Unverified,
    /// This project's own choice, for the given reason.
    Chosen,
}

impl Evidence {
    /// The mark as tables print it.
    pub const fn name(self) -> &'static str {
        match self {
            Evidence::Read => "read",
            Evidence::Copied => "copied",
            Evidence::Unverified => "unverified",
            Evidence::Chosen => "chosen",
        }
    }
}

/// Where some of a profile's numbers are from.
#[derive(Clone, Copy, Debug)]
pub struct Provenance {
    /// Which: a setting's name, `rate`, or that of one direction, `up rate`.
    pub of: &'static [&'static str],
    /// How sure they are.
    pub evidence: Evidence,
    /// The source, or the reason.
    pub source: &'static str,
}

/// Ready-made settings for both directions.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Its name in scenario files.
    pub name: &'static str,
    /// What it stands for.
    pub about: &'static str,
    /// Towards the server.
    pub up: LinkSettings,
    /// From the server.
    pub down: LinkSettings,
    /// Where each number is from.
    pub provenance: &'static [Provenance],
}

impl Profile {
    /// The profile of this name.
    pub fn find(name: &str) -> Option<&'static Profile> {
        Profile::ALL.iter().find(|profile| profile.name == name)
    }
}

const fn link(kbits: u64, latency_ms: u64) -> LinkSettings {
    LinkSettings {
        latency: Span::from_ms(latency_ms),
        rate: Bandwidth::Limited(Rate::from_bits(kbits * 1000)),
        ..LinkSettings::USUAL
    }
}

const fn lossy(link: LinkSettings, ppm: u32) -> LinkSettings {
    LinkSettings { loss: Percent::from_ppm(ppm), ..link }
}

const fn from(of: &'static [&'static str], evidence: Evidence, source: &'static str) -> Provenance {
    Provenance { of, evidence, source }
}

const FIREFOX: &str =
    "Firefox DevTools documentation, network throttling table; half the latency each way";
const FIREFOX_DSL: &str =
    "Firefox DevTools documentation, network throttling table; of its 5 ms 3 up and 2 down";
const CHROME_SLOW_3G: &str = "Chrome DevTools, NetworkManager.ts, \"3G\" (before 2024 \"Slow 3G\"): target 400 ms round trip, 500 kbit/s";
const CHROME_SLOW_4G: &str = "Chrome DevTools, NetworkManager.ts, \"Slow 4G\" (before 2024 \"Fast 3G\"): target 150 ms round trip; Lighthouse's mobileSlow4G is the same";
const CHROME_FAST_4G: &str =
    "Chrome DevTools, NetworkManager.ts, \"Fast 4G\": target 60 ms round trip, 9 and 1.5 Mbit/s";
const APPLE_EDGE: &str = "Apple's Network Link Conditioner, \"Edge\"; WebPageTest's Edge has the same rates and the same 840 ms round trip";
const APPLE_3G: &str = "Apple's Network Link Conditioner, \"3G\"";
const WPT_LTE: &str = "WebPageTest, connectivity.ini, LTE: 12 Mbit/s, 70 ms round trip";
const WPT_LTE_UP: &str =
    "WebPageTest's LTE is symmetric as far as we recall; copies of Apple's LTE say 10 Mbit/s up";
const COMCAST_SATELLITE: &str = "comcast (tylertreat), README, Satellite: 0.2 % loss";
const ORBIT: &str = "up to a geostationary orbit and down (2 x 35,786 km) light takes 239 ms; the rest is equipment";
const NEW_RADIO: &str = "no tool we know ships a 5G preset; a quick link of today";
const SATELLITE_RATE: &str = "a consumer plan of today; comcast names none";
const APPLE_BAD: &str = "Apple's Network Link Conditioner, \"Very Bad Network\"; copies agree on 500 ms each way and give 1 to 20 % loss";
const NAME: &str = "its name says so";
const USUAL: &str = "a link needs some; the usual one";

/// What every profile's queue is.
const QUEUE: Provenance = from(&["queue"], Evidence::Chosen, "no tool's preset names one");

impl Profile {
    /// All profiles, slow ones first.
    pub const ALL: &[Profile] = &[
        Profile {
            name: "GPRS",
            about: "2G at its slowest: half a second round trip",
            up: link(20, 250),
            down: link(50, 250),
            provenance: &[from(&["rate", "latency"], Evidence::Read, FIREFOX), QUEUE],
        },
        Profile {
            name: "EDGE",
            about: "2G at its best",
            up: link(200, 440),
            down: link(240, 400),
            provenance: &[from(&["rate", "latency"], Evidence::Copied, APPLE_EDGE), QUEUE],
        },
        Profile {
            name: "slow 3G",
            about: "3G with many users in the cell",
            up: link(500, 200),
            down: link(500, 200),
            provenance: &[from(&["rate", "latency"], Evidence::Read, CHROME_SLOW_3G), QUEUE],
        },
        Profile {
            name: "3G",
            about: "3G on average",
            up: link(330, 100),
            down: link(780, 100),
            provenance: &[from(&["rate", "latency"], Evidence::Copied, APPLE_3G), QUEUE],
        },
        Profile {
            name: "slow 4G",
            about: "4G far from its mast; what mobile pages are judged by",
            up: link(750, 75),
            down: link(1_600, 75),
            provenance: &[from(&["rate", "latency"], Evidence::Read, CHROME_SLOW_4G), QUEUE],
        },
        Profile {
            name: "4G",
            about: "4G as it should be",
            up: link(1_500, 30),
            down: link(9_000, 30),
            provenance: &[from(&["rate", "latency"], Evidence::Read, CHROME_FAST_4G), QUEUE],
        },
        Profile {
            name: "LTE",
            about: "LTE, close to its mast",
            up: link(12_000, 35),
            down: link(12_000, 35),
            provenance: &[
                from(&["down rate", "latency"], Evidence::Copied, WPT_LTE),
                from(&["up rate"], Evidence::Unverified, WPT_LTE_UP),
                QUEUE,
            ],
        },
        Profile {
            name: "5G",
            about: "5G",
            up: link(20_000, 10),
            down: link(100_000, 10),
            provenance: &[from(&["rate", "latency"], Evidence::Chosen, NEW_RADIO), QUEUE],
        },
        Profile {
            name: "Wi-Fi",
            about: "Wi-Fi at home with a quick line behind it",
            up: link(15_000, 1),
            down: link(30_000, 1),
            provenance: &[from(&["rate", "latency"], Evidence::Read, FIREFOX), QUEUE],
        },
        Profile {
            name: "DSL",
            about: "a slow line",
            up: link(1_000, 3),
            down: link(2_000, 2),
            provenance: &[from(&["rate", "latency"], Evidence::Read, FIREFOX_DSL), QUEUE],
        },
        Profile {
            name: "satellite",
            about: "a geostationary satellite",
            up: lossy(link(3_000, 280), 2_000),
            down: lossy(link(25_000, 280), 2_000),
            provenance: &[
                from(&["latency"], Evidence::Chosen, ORBIT),
                from(&["rate"], Evidence::Chosen, SATELLITE_RATE),
                from(&["loss"], Evidence::Read, COMCAST_SATELLITE),
                QUEUE,
            ],
        },
        Profile {
            name: "very bad network",
            about: "a second round trip, and one packet in ten is lost",
            up: lossy(link(1_000, 500), 100_000),
            down: lossy(link(1_000, 500), 100_000),
            provenance: &[
                from(&["rate", "latency", "loss"], Evidence::Unverified, APPLE_BAD),
                QUEUE,
            ],
        },
        Profile {
            name: "100 % loss",
            about: "nothing gets through, and nothing says so",
            up: lossy(LinkSettings::USUAL, 1_000_000),
            down: lossy(LinkSettings::USUAL, 1_000_000),
            provenance: &[
                from(&["loss"], Evidence::Chosen, NAME),
                from(&["latency"], Evidence::Chosen, USUAL),
            ],
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a profile says of one direction: `rate`, `latency`, `loss` …
    fn named(settings: &LinkSettings) -> Vec<String> {
        let mut names = vec!["latency".to_owned()];
        if settings.rate != Bandwidth::Unlimited {
            names.push("queue".to_owned());
        }
        let words = settings.unusual().to_string();
        names
            .extend(words.split(", ").filter_map(|word| word.split(' ').next()).map(str::to_owned));
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn every_number_of_a_profile_says_once_where_it_is_from() {
        for profile in Profile::ALL {
            let mut used = Vec::new();
            for (way, settings) in [("up", &profile.up), ("down", &profile.down)] {
                for name in named(settings) {
                    let own = format!("{way} {name}");
                    let all = profile.provenance.iter().flat_map(|p| p.of);
                    let telling: Vec<_> = all.filter(|of| **of == name || **of == own).collect();
                    assert_eq!(telling.len(), 1, "{}: {way} {name}", profile.name);
                    used.extend(telling);
                }
            }
            for of in profile.provenance.iter().flat_map(|provenance| provenance.of) {
                assert!(used.contains(&of), "{}: nothing has {of}", profile.name);
            }
        }
    }

    #[test]
    fn a_profile_is_found_by_its_name() {
        let found = Profile::find("slow 4G").unwrap();
        assert_eq!(found.down.unusual().to_string(), "latency 75ms, rate 1.6Mbit/s");
        assert!(Profile::find("6G").is_none());
        for (place, profile) in Profile::ALL.iter().enumerate() {
            let first = Profile::ALL.iter().position(|other| other.name == profile.name);
            assert_eq!(first, Some(place), "{} is there twice", profile.name);
        }
    }
}
