//! The faults, what each does, and the runs that prove it.

use super::run::{Run, alice_says, bob_says, connect, open, open_with};
use zimsim::record::CloseCause::{NoSuchHost, Refused, Reset};
use zimsim::zim::CallKind;

/// A fault's line of the table.
pub struct Row {
    /// As the file puts it.
    pub fault: &'static str,
    /// What becomes of packets, of an open connection, and of a connect in progress.
    pub cells: [Cell; 3],
}

/// What a fault does, and a run that fails if it does not.
pub struct Cell {
    /// In words.
    pub says: &'static str,
    /// The run.
    pub proof: fn(),
}

const fn cell(says: &'static str, proof: fn()) -> Cell {
    Cell { says, proof }
}

/// SYNs go out again as TCP does it: 1, 3 and 7 s after the first.
const SYNS: [u64; 4] = [10_000, 11_000, 13_000, 17_000];

const NEVER: [u64; 0] = [];

fn bare(step: &str) -> String {
    format!("  {{ {step} }},\n")
}

/// A message of bob's on its way to alice, and one of hers on its way to the server, when this
/// begins at 20 s; and two more while it lasts.
fn busy(step: &str) -> Run {
    let says = [
        bob_says("19960ms", "under way"),
        alice_says("19980ms", "hers, under way"),
        bare(step),
        bob_says("21s", "meanwhile"),
        alice_says("21s", "hers, meanwhile"),
    ];
    open(&says.concat())
}

/// Every line.
pub const ROWS: &[Row] = &[
    Row {
        fault: "`cut`, shorter than the heartbeat's patience (5 s)",
        cells: [
            cell("those under way and those sent meanwhile vanish, both ways", || {
                let run = busy(r#"at = "20s", cut = "alice", for = "4s""#);
                assert!(run.up(19_980, 24_000).iter().all(|packet| packet.lost));
                assert!(run.down(19_990, 24_000).iter().all(|packet| packet.lost));
                assert!(run.up(24_000, 90_000).iter().all(|packet| !packet.lost));
                assert!(!run.up(20_000, 24_000).is_empty() && !run.down(20_000, 24_000).is_empty());
            }),
            cell(
                "resends carry it over; the app hears nothing (on links with round trips under \
                 0.5 s; right after an earlier cut TCP resends more slowly, and a second one may \
                 be noticed)",
                || {
                    let run = busy(r#"at = "20s", cut = "alice", for = "4s""#);
                    assert_eq!((run.told("3/3"), run.ends()), (vec![], vec![]));
                    assert!(run.gets("meanwhile")[0] > 24_000);
                    assert!(run.bob_gets("hers, meanwhile")[0] > 24_000);
                },
            ),
            cell("its SYNs go out again after 1, 3, 7 s", || {
                let run = connect(&bare(r#"at = "9s", cut = "alice", for = "5s""#));
                assert_eq!(run.syns()[..4], SYNS);
                assert_eq!(run.opens(), [17_060]);
            }),
        ],
    },
    Row {
        fault: "`cut`, longer",
        cells: [
            cell("as above", || {
                let run = busy(r#"at = "20s", cut = "alice", for = "40s""#);
                assert!(run.up(19_980, 60_000).iter().all(|packet| packet.lost));
                assert!(run.down(19_990, 60_000).iter().all(|packet| packet.lost));
            }),
            cell(
                "silence, until the heartbeat is given up (up to 20 s after the cut began)",
                || {
                    let run = busy(r#"at = "20s", cut = "alice", for = "40s""#);
                    assert_eq!(run.ends(), []);
                    let given_up = run.told("3/3");
                    assert!((25_000..40_000).contains(&given_up[0]), "{given_up:?}");
                    assert_eq!(run.gets("meanwhile"), NEVER, "missed for good");
                },
            ),
            cell("hangs until its own timeout", || {
                let run = connect(&bare(r#"at = "9s", cut = "alice", for = "60s""#));
                assert_eq!((run.opens(), run.ends()), (vec![], vec![]));
                assert!(run.results(CallKind::Login)[0].0 > 20_000);
            }),
        ],
    },
    Row {
        fault: "`cut`, one way",
        cells: [
            cell("vanish that way; the others arrive", || {
                let run = busy(r#"at = "20s", cut = "alice", direction = "up", for = "40s""#);
                assert!(run.up(19_980, 60_000).iter().all(|packet| packet.lost));
                assert!(run.down(19_960, 60_000).iter().all(|packet| !packet.lost));
                assert_eq!(run.gets("meanwhile").len(), 1);
                let run = busy(r#"at = "20s", cut = "alice", direction = "down", for = "40s""#);
                assert!(run.down(19_990, 60_000).iter().all(|packet| packet.lost));
                assert_eq!(run.bob_gets("hers, meanwhile").len(), 1);
            }),
            cell("as above: a heartbeat needs both ways", || {
                for way in ["up", "down"] {
                    let cut =
                        format!(r#"at = "20s", cut = "alice", direction = {way:?}, for = "40s""#);
                    assert_eq!(busy(&cut).told("3/3").len(), 1, "{way}");
                }
            }),
            cell("as above", || {
                for way in ["up", "down"] {
                    let cut =
                        format!(r#"at = "9s", cut = "alice", direction = {way:?}, for = "5s""#);
                    let run = connect(&bare(&cut));
                    assert_eq!((&run.syns()[..4], run.opens()), (&SYNS[..], vec![17_060]), "{way}");
                }
            }),
        ],
    },
    Row {
        fault: "`stall`",
        cells: [
            cell("wait, and arrive in order when it ends", || {
                let run = busy(r#"at = "20s", stall = "alice", for = "4s""#);
                assert!(run.up(0, 90_000).iter().all(|packet| !packet.lost));
                assert!(run.down(0, 90_000).iter().all(|packet| !packet.lost));
                assert_eq!(
                    (run.gets("under way"), run.gets("meanwhile")),
                    (vec![24_000], vec![24_000])
                );
            }),
            cell("late, complete, in order", || {
                let run = busy(r#"at = "20s", stall = "alice", for = "4s""#);
                assert_eq!((run.told("3/3"), run.ends()), (vec![], vec![]));
                assert_eq!(run.bob_gets("hers, meanwhile").len(), 1);
            }),
            cell("late", || {
                let run = connect(&bare(r#"at = "9s", stall = "alice", for = "4s""#));
                assert_eq!(run.opens(), [13_030]);
                assert_eq!(run.told("2/0").len(), 1, "whatever was sent again");
            }),
        ],
    },
    Row {
        fault: "`flap`",
        cells: [
            cell("vanish in each time down, as by a `cut`", || {
                let run = open(&[
                    bare(r#"at = "20s", flap = "alice", down_for = "2s", up_for = "3s", times = 2"#),
                    bob_says("21s", "first"),
                    bob_says("24s", "between"),
                    bob_says("26s", "second"),
                ].concat());
                for (from, to) in [(20_000, 22_000), (25_000, 27_000)] {
                    let down = run.down(from, to);
                    assert!(!down.is_empty() && down.iter().all(|packet| packet.lost), "{from}");
                }
                assert!(run.down(22_000, 24_970).iter().all(|packet| !packet.lost));
            }),
            cell("each time down is a `cut` of that length", || {
                let run = open(&bare(
                    r#"at = "20s", flap = "alice", down_for = "2s", up_for = "8s", times = 3"#,
                ));
                assert_eq!((run.told("3/3"), run.ends()), (vec![], vec![]));
                let run = open(&bare(
                    r#"at = "20s", flap = "alice", down_for = "25s", up_for = "8s", times = 2"#,
                ));
                assert_eq!(run.told("3/3").len(), 2);
            }),
            cell("as with a `cut`", || {
                let run = connect(&bare(
                    r#"at = "9s", flap = "alice", down_for = "3s", up_for = "500ms", times = 3"#,
                ));
                assert_eq!(run.syns()[..4], SYNS);
                assert_eq!(
                    run.opens(),
                    [21_060],
                    "down at each of them: the next attempt gets through"
                );
            }),
        ],
    },
    Row {
        fault: "`blackhole`",
        cells: [
            cell("vanish once `after` bytes of the connection's data have gone that way", || {
                let run = open(&[
                    bare(r#"at = "20s", blackhole = "alice", direction = "down", after = "50B", for = "60s""#),
                    bob_says("20500ms", "first"),
                    bob_says("21s", "second"),
                ].concat());
                let down = run.down(20_000, 30_000);
                let passed: usize = down.iter().filter(|p| !p.lost).map(|p| p.len).sum();
                assert!((50..130).contains(&passed), "{passed} passed");
                assert!(down.iter().any(|packet| packet.lost));
                assert!(run.up(20_000, 30_000).iter().all(|packet| !packet.lost), "the other way");
            }),
            cell(
                "works until its bytes have gone that way, then as a `cut` of that connection and \
                 way alone",
                || {
                    let run = open(&[
                        bare(r#"at = "20s", blackhole = "alice", direction = "down", after = "50B", for = "60s""#),
                        bob_says("20500ms", "first"),
                        bob_says("21s", "second"),
                    ].concat());
                    assert_eq!((run.gets("first").len(), run.gets("second").len()), (1, 0));
                    assert_eq!(run.told("3/3").len(), 1, "the heartbeat's answer is lost too");
                    assert!(run.opens().len() > 1, "the next connection has its own bytes");
                },
            ),
            cell("goes through, unless `after` is `\"0B\"`", || {
                let hole = |after: &str| {
                    connect(&bare(&format!(
                        r#"at = "9s", blackhole = "alice", after = {after:?}, for = "60s""#
                    )))
                };
                assert_eq!(hole("10B").opens()[0], 10_060);
                assert_eq!(hole("0B").opens(), NEVER);
            }),
        ],
    },
    Row {
        fault: "`rst` to the client",
        cells: [
            cell("one is made up on the way and travels as any other", || {
                let run = open(&bare(r#"at = "20s", rst = "alice", to = "client""#));
                assert_eq!(run.resets()[0], 20_000);
                assert!(run.up(0, 90_000).iter().chain(&run.down(0, 90_000)).all(|p| !p.lost));
            }),
            cell("over at once; the server holds its end until the next login replaces it", || {
                let run = open(&bare(r#"at = "20s", rst = "alice", to = "client""#));
                assert_eq!(run.ends(), [(20_030, Reset)]);
                assert_eq!(run.told("3/3"), [20_030]);
                assert!(
                    run.server_ends().iter().all(|(at, _)| *at > 21_000),
                    "{:?}",
                    run.server_ends()
                );
            }),
            cell("untouched", || {
                let run = connect(&bare(
                    r#"at = "10020ms", rst = "alice", to = "client", may_miss = true"#,
                ));
                assert_eq!((run.opens(), run.ends()), (vec![10_060], vec![]));
            }),
        ],
    },
    Row {
        fault: "`rst` to the server",
        cells: [
            cell("one is made up on the way and travels as any other", || {
                let run = open(&bare(r#"at = "25s", rst = "alice", to = "server""#));
                assert!(run.up(25_000, 29_000).is_empty(), "alice's device sends none");
                assert_eq!(run.server_ends()[0], (25_030, Reset));
            }),
            cell("the client hears nothing until the RST that answers its next segment", || {
                let run = open(&bare(r#"at = "25s", rst = "alice", to = "server""#));
                assert_eq!(run.resets(), [30_210]);
                assert_eq!((run.ends(), run.told("3/3")), (vec![(30_240, Reset)], vec![30_240]));
            }),
            cell("untouched", || {
                let run = connect(&bare(
                    r#"at = "10020ms", rst = "alice", to = "server", may_miss = true"#,
                ));
                assert_eq!((run.opens(), run.ends()), (vec![10_060], vec![]));
            }),
        ],
    },
    Row {
        fault: "`nat` that has forgotten it",
        cells: [
            cell("from outside: vanish; from inside: get another port outside, or vanish", || {
                let run = forgetful("rst");
                assert!(run.down(19_000, 19_100).iter().all(|packet| packet.lost));
                assert!(run.up(20_000, 21_000).iter().all(|packet| !packet.lost));
                let run = forgetful("drop");
                let up = run.up(20_000, 24_000);
                assert!(!up.is_empty() && up.iter().all(|packet| packet.lost));
            }),
            cell(
                "what the server sends is lost; the client's next segment meets an RST \
                 (`then = \"rst\"`), or is lost too (`\"drop\"`)",
                || {
                    let run = forgetful("rst");
                    assert_eq!((run.gets("unheard"), run.ends()[0]), (vec![], (20_240, Reset)));
                    let run = forgetful("drop");
                    assert_eq!((run.gets("unheard"), run.ends()), (vec![], vec![]));
                    assert!(run.told("3/3")[0] > 25_000, "given up by the heartbeat");
                },
            ),
            cell("goes through: it gets a mapping of its own", || {
                for then in ["rst", "drop"] {
                    let run = forgetful(then);
                    assert!(run.opens().len() > 1 && run.told("2/0").len() > 1, "{then}");
                }
            }),
        ],
    },
    Row {
        fault: "`crash` of the server",
        cells: [
            cell("those to it vanish; those that it has sent arrive", || {
                let run = busy(r#"at = "20s", crash = "server", state = "kept", for = "20s""#);
                assert_eq!(run.gets("under way"), [20_020]);
                assert!(run.up(19_980, 40_000).iter().all(|packet| packet.lost));
            }),
            cell("silence; after the restart the first segment is answered by an RST", || {
                let run =
                    open(&bare(r#"at = "20s", crash = "server", state = "kept", for = "5s""#));
                assert_eq!((run.down(20_000, 25_000).len(), run.ends()[0].1), (0, Reset));
                assert!(run.resets()[0] > 25_000);
            }),
            cell("hangs while the server is down", || {
                let run =
                    connect(&bare(r#"at = "9s", crash = "server", state = "kept", for = "5s""#));
                assert_eq!((&run.syns()[..4], run.opens()), (&SYNS[..], vec![17_060]));
            }),
        ],
    },
    Row {
        fault: "`crash` of the server, killed",
        cells: [
            cell("arrive, and are answered by an RST", || {
                let run = open(&[
                    bare(r#"at = "20s", crash = "server", how = "killed", state = "kept", for = "5s""#),
                ].concat());
                assert!(run.up(0, 90_000).iter().all(|packet| !packet.lost));
                assert_eq!(run.resets()[0], 20_000);
            }),
            cell("an RST at once", || {
                let run = open(&bare(
                    r#"at = "20s", crash = "server", how = "killed", state = "kept", for = "5s""#,
                ));
                assert_eq!(run.ends()[0], (20_030, Reset));
            }),
            cell("refused by an RST", || {
                let run = connect(&bare(
                    r#"at = "9s", crash = "server", how = "killed", state = "kept", for = "5s""#,
                ));
                assert_eq!(run.ends()[0], (10_060, Refused));
            }),
        ],
    },
    Row {
        fault: "`crash` of a client",
        cells: [
            cell("those to it vanish; killed: they arrive, and are answered by an RST", || {
                let run = busy(r#"at = "20s", crash = "alice", for = "60s""#);
                assert!(run.down(19_990, 60_000).iter().all(|packet| packet.lost));
                assert!(run.up(20_000, 60_000).is_empty());
                let run = busy(r#"at = "20s", crash = "alice", how = "killed", for = "60s""#);
                assert!(run.down(0, 60_000).iter().all(|packet| !packet.lost));
                assert!(run.up(20_000, 60_000).iter().any(|packet| packet.text.contains("RST")));
            }),
            cell(
                "half-open at the server until its heartbeats are missed; killed: an RST at once",
                || {
                    let run = open(&bare(r#"at = "20s", crash = "alice", for = "60s""#));
                    assert!(run.server_ends().iter().all(|(at, _)| *at > 40_000));
                    let run =
                        open(&bare(r#"at = "20s", crash = "alice", how = "killed", for = "60s""#));
                    assert_eq!(run.server_ends()[0], (20_030, Reset));
                },
            ),
            cell("gone with its process", || {
                let run = connect(&bare(r#"at = "10020ms", crash = "alice", for = "60s""#));
                assert_eq!((run.syns(), run.opens()), (vec![10_000], vec![]));
            }),
        ],
    },
    Row {
        fault: "`suspend`",
        cells: [
            cell("arrive, and are acknowledged by the kernel", || {
                let run = suspended("suspend");
                assert!(run.down(20_000, 60_000).iter().all(|packet| !packet.lost));
                assert!(!run.up(21_000, 22_000).is_empty(), "the acknowledgement");
            }),
            cell("kept alive by the kernel; what arrives waits, then its window closes", || {
                let run = suspended("suspend");
                assert_eq!((run.gets("meanwhile"), run.ends()), (vec![24_000], vec![]));
                let much: String = (0..40).map(|_| bob_says("21s", &"x".repeat(2000))).collect();
                let run =
                    open(&[bare(r#"at = "20s", suspend = "alice", for = "8s""#), much].concat());
                let taken: usize = run.down(20_000, 28_000).iter().map(|packet| packet.len).sum();
                assert!((60_000..66_000).contains(&taken), "{taken}: its buffer, and probes");
            }),
            cell("completed by the kernel, heard of later", || {
                let run = connect(&bare(r#"at = "10020ms", suspend = "alice", for = "5s""#));
                assert!(run.up(10_060, 10_061)[0].text.contains(" ACK "), "the kernel's");
                assert_eq!(run.opens(), [15_020]);
            }),
        ],
    },
    Row {
        fault: "`doze`",
        cells: [
            cell("vanish, as by a `cut`", || {
                let run = suspended("doze");
                let down = run.down(20_000, 24_000);
                assert!(!down.is_empty() && down.iter().all(|packet| packet.lost));
            }),
            cell("silence; it may be dead when the process runs again", || {
                let run = suspended("doze");
                assert_eq!((run.gets("meanwhile").len(), run.ends()), (1, vec![]), "a short one");
                let run = open(&bare(r#"at = "20s", doze = "alice", for = "50s""#));
                assert!(run.told("3/3")[0] >= 70_000, "told when it runs again");
            }),
            cell("its SYNs go out again", || {
                let run = connect(&bare(r#"at = "10020ms", doze = "alice", for = "5s""#));
                assert_eq!(run.syns()[..4], SYNS);
            }),
        ],
    },
    Row {
        fault: "`offline`",
        cells: [
            cell("vanish, as by a `cut`", || {
                let run = busy(r#"at = "20s", offline = "alice", for = "20s""#);
                let all = [run.up(19_980, 40_000), run.down(19_990, 40_000)].concat();
                assert!(!all.is_empty() && all.iter().all(|packet| packet.lost));
            }),
            cell(
                "the SDK drops it at once, and its RST is lost too: half-open at the server",
                || {
                    let run = open(&bare(r#"at = "20s", offline = "alice", for = "20s""#));
                    assert_eq!(run.told("3/3"), [20_000]);
                    let up = run.up(20_000, 20_001);
                    assert!(up[0].text.contains("RST") && up[0].lost, "{up:?}");
                    assert!(run.server_ends().iter().all(|(at, _)| *at >= 40_000));
                },
            ),
            cell("given up; a new one is begun the moment the network is back", || {
                let run = connect(&bare(r#"at = "10020ms", offline = "alice", for = "5s""#));
                assert_eq!((run.syns().last(), run.opens()), (Some(&15_020), vec![15_080]));
            }),
        ],
    },
    Row {
        fault: "`handover`",
        cells: [
            cell("to and from the old address vanish", || {
                let run = busy(r#"at = "20s", handover = "alice", told = false"#);
                let old = [run.up(19_980, 25_000), run.down(19_990, 25_000)].concat();
                assert!(
                    !old.is_empty() && old.iter().all(|p| p.lost && p.text.contains("10.1.0.1:"))
                );
            }),
            cell(
                "dead: nothing to or from the old address arrives; half-open at the server until \
                 its heartbeats are missed",
                || {
                    let run = open(&bare(r#"at = "20s", handover = "alice", told = false"#));
                    assert_eq!((run.told("3/3").len(), run.ends()), (1, vec![]));
                    assert!(run.server_ends().iter().all(|(at, _)| *at > 30_000));
                    assert!(run.up(40_000, 90_000).iter().all(|p| !p.text.contains("10.1.0.1:")));
                },
            ),
            cell(
                "begun anew from the new address if the operating system tells; else it hangs until its own timeout",
                || {
                    let run = connect(&bare(r#"at = "10020ms", handover = "alice""#));
                    assert_eq!((run.syns(), run.opens()), (vec![10_000, 10_020], vec![10_080]));
                    let run = connect(&bare(r#"at = "10020ms", handover = "alice", told = false"#));
                    assert_eq!((&run.syns()[..4], run.opens()[0]), (&SYNS[..], 21_060));
                },
            ),
        ],
    },
    Row {
        fault: "`portal`",
        cells: [
            cell("from the client go to the portal; from the server vanish", || {
                let run = busy(r#"at = "20s", portal = "alice", answer = "silence", for = "20s""#);
                assert_eq!(run.bob_gets("hers, meanwhile"), NEVER);
                let meant = run.down(20_000, 40_000);
                assert!(meant.iter().any(|packet| packet.lost) && run.gets("meanwhile").is_empty());
            }),
            cell("silent: its segments vanish; resetting: an RST to the next one", || {
                let portal = |answer: &str| {
                    open(&bare(&format!(
                        r#"at = "20s", portal = "alice", answer = {answer:?}, for = "30s""#
                    )))
                };
                assert_eq!(portal("silence").ends(), []);
                assert_eq!(portal("silence").told("3/3").len(), 1);
                assert_eq!(portal("reset").ends()[0], (20_240, Reset));
            }),
            cell(
                "succeeds, with the portal; then silence until the login times out, or an RST",
                || {
                    let portal = |answer: &str| {
                        connect(&bare(&format!(
                            r#"at = "9s", portal = "alice", answer = {answer:?}, for = "60s""#
                        )))
                    };
                    let silent = portal("silence");
                    assert_eq!((silent.opens()[0], silent.told("2/0")), (10_060, vec![]));
                    assert!(silent.results(CallKind::Login)[0].0 > 20_000);
                    let resets = portal("reset");
                    assert_eq!((resets.opens()[0], resets.ends()[0].1), (10_060, Reset));
                },
            ),
        ],
    },
    Row {
        fault: "`dns`",
        cells: [
            cell("untouched", || {
                let run = open(&bare(
                    r#"at = "20s", dns = "alice", answer = "fails", for = "20s", may_miss = true"#,
                ));
                assert!(run.up(0, 90_000).iter().chain(&run.down(0, 90_000)).all(|p| !p.lost));
            }),
            cell("untouched", || {
                let run = open(&bare(
                    r#"at = "20s", dns = "alice", answer = "fails", for = "20s", may_miss = true"#,
                ));
                assert_eq!((run.told("3/3"), run.ends()), (vec![], vec![]));
            }),
            cell("fails, waits, or hangs before its SYN", || {
                let dns = |answer: &str| {
                    connect(&bare(&format!(r#"at = "9s", dns = "alice", {answer}, for = "60s""#)))
                };
                let fails = dns(r#"answer = "fails", delay = "1s""#);
                assert_eq!((fails.syns(), fails.ends()[0]), (vec![], (11_000, NoSuchHost)));
                assert_eq!(dns(r#"answer = "slow", delay = "3s""#).syns(), [13_000]);
                let silent = dns(r#"answer = "silence""#);
                assert_eq!((silent.syns(), silent.ends()), (vec![], vec![]));
            }),
        ],
    },
    Row {
        fault: "`overload`",
        cells: [
            cell("arrive, and are acknowledged by the kernel", || {
                let run = overloaded();
                assert!(run.up(0, 90_000).iter().all(|packet| !packet.lost));
                let down = run.down(21_000, 22_900);
                assert!(!down.is_empty() && down.iter().all(|packet| packet.len == 0), "{down:?}");
            }),
            cell(
                "acknowledged by the kernel; the heartbeat is given up if its answer is later than \
                 its patience",
                || {
                    let run = overloaded();
                    assert_eq!(run.told("3/3"), NEVER, "2 s there, 2 s back: in time");
                    assert!(run.bob_gets("hers")[0] > 23_000);
                    let run = open(&bare(
                        r#"at = "20s", overload = "server", delay = "20s", for = "40s""#,
                    ));
                    assert_eq!(run.told("3/3").len(), 1);
                },
            ),
            cell("as ever; the login's answer is late", || {
                let run =
                    connect(&bare(r#"at = "9s", overload = "server", delay = "1s", for = "60s""#));
                assert_eq!(run.opens(), [10_060]);
                assert!(run.told("2/0")[0] > 12_000);
            }),
        ],
    },
    Row {
        fault: "`clock`",
        cells: [
            cell("untouched", || {
                let run = set_clock();
                assert!(run.up(0, 90_000).iter().chain(&run.down(0, 90_000)).all(|p| !p.lost));
            }),
            cell("untouched, until a token runs out by it", || {
                let run = set_clock();
                assert_eq!((run.told("3/3"), run.told("0/5")), (vec![], vec![20_001]));
            }),
            cell("untouched", || {
                let run = connect(&bare(
                    r#"at = "10020ms", clock = "alice", by = "+1h", may_miss = true"#,
                ));
                assert_eq!(run.opens()[0], 10_060);
            }),
        ],
    },
];

/// Alice's NAT forgets what is idle for 8.5 s: before bob's message at 19 s, and before her
/// heartbeat at 20.180 s.
fn forgetful(then: &str) -> Run {
    let nat = format!(r#"nat = {{ idle = "8500ms", then = {then:?} }}"#);
    open_with(&nat, &bob_says("19s", "unheard"))
}

/// Alice's app stops for 4 s, and bob writes meanwhile.
fn suspended(how: &str) -> Run {
    open(
        &[
            bare(&format!(r#"at = "20s", {how} = "alice", for = "4s""#)),
            bob_says("21s", "meanwhile"),
        ]
        .concat(),
    )
}

/// The server takes 2 s each way.
fn overloaded() -> Run {
    open(
        &[
            bare(r#"at = "20500ms", overload = "server", delay = "2s", for = "8s""#),
            alice_says("21s", "hers"),
        ]
        .concat(),
    )
}

/// Alice's calendar clock jumps beyond the life of her token.
fn set_clock() -> Run {
    open_with(r#"token_life = "1h""#, &bare(r#"at = "20s", clock = "alice", by = "+2h""#))
}
