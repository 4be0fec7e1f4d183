//! Plans drawn at random: both engines give the same recording and the same capture, to the
//! last segment.
//!
//! `ZIMSIM_PARITY_PLANS=200 cargo test --test parity` draws more of them.

use std::fmt::Write;
use zimsim::engine::{self, Engine};
use zimsim::net::Profile;
use zimsim::rng::{Seed, Stream};
use zimsim::scenario;

const PLANS: u64 = 24;
const SECONDS: u64 = 60;

#[test]
fn random_plans_give_the_same_recording_on_both_engines() {
    let plans = std::env::var("ZIMSIM_PARITY_PLANS").ok();
    let plans = plans.map_or(PLANS, |text| text.parse().expect("a number of plans"));
    let mut events = 0;
    let mut faults_that_bit = 0;
    let mut worked = [0; 5];
    for n in 0..plans {
        let text = draw(n);
        let plan = match scenario::load(&format!("drawn-{n}.toml"), text.as_bytes(), &[]) {
            Ok(plan) => plan,
            Err(wrong) => panic!("{}\n{text}", wrong.render(false)),
        };
        let (event, seen) = engine::run_tapped(&plan, Engine::Event, true);
        let (turmoil, seen_there) = engine::run_tapped(&plan, Engine::Turmoil, true);
        let parted = event.records.iter().zip(&turmoil.records).find(|(a, b)| a != b);
        assert!(parted.is_none(), "plan {n}: {parted:#?}\n{text}");
        assert_eq!(event, turmoil, "plan {n}\n{text}");
        assert!(seen == seen_there, "plan {n}: the captures differ\n{text}");
        events += event.records.len();
        for link in event.links.iter().map(|link| link.counts) {
            let [lost, waited] = [link.lost, link.waited];
            let counts = [lost, waited, link.duplicated, link.overtaking, link.corrupted];
            worked.iter_mut().zip(counts).for_each(|(all, own)| *all += own);
        }
        faults_that_bit += event.receipts.iter().filter(|receipt| !receipt.is_empty()).count();
    }
    // Runs in which nothing happens agree too easily.
    if plans >= PLANS {
        assert!(worked.iter().all(|count| *count > 0), "what links never did: {worked:?}");
    }
    let plans = usize::try_from(plans).expect("a small number");
    assert!(events > plans * 200, "only {events} events in {plans} plans");
    assert!(faults_that_bit > plans, "only {faults_that_bit} faults bit in {plans} plans");
}

/// A scenario with two devices of one account and one of another, random links, random
/// calls, and random faults of every kind.
fn draw(n: u64) -> String {
    let mut random = Seed(n).stream("parity");
    let mut steps = String::new();
    for (client, room) in [("phone", "r1"), ("tablet", "r2"), ("bob", "r1")] {
        let at = random.below(3000);
        step(&mut steps, at, &format!("client = {client:?}, call = \"login\", result = \"any\""));
        let act =
            format!("client = {client:?}, call = \"enterRoom\", room = {room:?}, result = \"any\"");
        step(&mut steps, at + 500 + random.below(2000), &act);
    }
    for _ in 0..14 {
        let at = 3000 + random.below((SECONDS - 10) * 1000);
        let act = act(&mut random);
        step(&mut steps, at, &act);
    }
    let [latency, jitter, loss] = [5 + random.below(150), random.below(5), random.below(8)];
    let bob = settings(&mut random);
    let multi = random.below(2) == 1;
    let idle = 1 + random.below(15_000);
    let then = ["rst", "drop"][index(&mut random, 2)];
    format!(
        "title = \"drawn\"\nuntil = \"{SECONDS}s\"\nseed = {n}\n\
         network = {{ latency = \"{latency}ms\", jitter = \"{jitter}ms\", loss = \"{loss}%\" }}\n\
         params = {{ login.multi_device = {multi}, room.heartbeat_timeout = \"25s\" }}\n\
         clients = {{ phone = {{ user = \"alice\", token_life = \"45s\" }}, \
         tablet = {{ user = \"alice\", nat = {{ idle = \"{idle}ms\", then = {then:?} }}, policy = \"login-after-disconnected\" }}, \
         bob = {{ policy = \"advised\", {bob} }} }}\n\
         steps = [\n{steps}]\n"
    )
}

fn step(steps: &mut String, at: u64, act: &str) {
    writeln!(steps, "  {{ at = \"{at}ms\", {act} }},").expect("a string grows");
}

fn act(random: &mut Stream) -> String {
    let client = ["phone", "tablet", "bob"][index(random, 3)];
    let target = ["phone", "tablet", "bob", "server"][index(random, 4)];
    let way = ["up", "down", "both"][index(random, 3)];
    let length = 1 + random.below(12_000);
    match random.below(19) {
        0 | 1 => {
            format!("cut = {target:?}, direction = {way:?}, for = \"{length}ms\", may_miss = true")
        }
        2 => format!(
            "stall = {target:?}, direction = {way:?}, for = \"{length}ms\", may_miss = true"
        ),
        3 => {
            let state = ["kept", "lost"][index(random, 2)];
            format!("crash = \"server\", state = {state:?}, for = \"{length}ms\", may_miss = true")
        }
        4 => {
            let settings = settings(random);
            let lasts = match random.below(2) {
                0 => String::new(),
                _ => format!(", for = \"{length}ms\""),
            };
            format!("link = {target:?}, direction = {way:?}, {settings}{lasts}, may_miss = true")
        }
        5 => {
            let act = ["destroyRoom", "kickFromRoom", "kickUser"][index(random, 3)];
            let what = match act {
                "destroyRoom" => "room = \"r1\"",
                "kickFromRoom" => "room = \"r1\", user = \"bob\"",
                _ => "user = \"alice\"",
            };
            format!("admin = {act:?}, {what}, may_miss = true")
        }
        11 => format!("link = {target:?}, reset = true, may_miss = true"),
        6 => format!("client = {client:?}, call = \"renewToken\", result = \"any\""),
        7 => {
            let text = random.below(1000);
            format!(
                "client = {client:?}, call = \"sendPeerMessage\", to = \"bob\", \
                 text = \"{text}\", result = \"any\""
            )
        }
        8 => {
            let [down, up] = [1 + random.below(6000), 1 + random.below(6000)];
            let times = 1 + random.below(4);
            format!(
                "flap = {target:?}, direction = {way:?}, down_for = \"{down}ms\", \
                 up_for = \"{up}ms\", times = {times}, may_miss = true"
            )
        }
        9 => {
            let bytes = random.below(600);
            format!(
                "blackhole = {target:?}, direction = {way:?}, after = \"{bytes}B\", \
                 for = \"{length}ms\", may_miss = true"
            )
        }
        10 => {
            let end = ["client", "server", "both"][index(random, 3)];
            format!("rst = {target:?}, to = {end:?}, may_miss = true")
        }
        12 => {
            let text = "x".repeat(index(random, 1500));
            format!(
                "client = {client:?}, call = \"sendRoomMessage\", room = \"r1\", \
                 text = \"{text}\", result = \"any\""
            )
        }
        13 => {
            let idle = 1 + random.below(15_000);
            let then = ["rst", "drop"][index(random, 2)];
            format!(
                "link = \"tablet\", nat = {{ idle = \"{idle}ms\", then = {then:?} }}, \
                 for = \"{length}ms\", may_miss = true"
            )
        }
        _ => host_fault(random, client, length),
    }
}

/// Something that befalls a device, or the server.
fn host_fault(random: &mut Stream, client: &str, length: u64) -> String {
    let delay = 1 + random.below(6000);
    let lasts = format!("for = \"{length}ms\", may_miss = true");
    let flip = random.below(2) == 1;
    match random.below(10) {
        0 => format!("suspend = {client:?}, {lasts}"),
        1 => format!("doze = {client:?}, {lasts}"),
        2 => format!("offline = [\"bob\", \"phone\"], {lasts}"),
        3 => format!("handover = {client:?}, told = {flip}, may_miss = true"),
        4 => format!("handover = {client:?}, told = {flip}, {lasts}"),
        5 => {
            let answer = if flip { "silence" } else { "reset" };
            format!("portal = {client:?}, answer = {answer:?}, {lasts}")
        }
        6 => {
            let answer = if flip { "slow" } else { "fails" };
            format!("dns = {client:?}, answer = {answer:?}, delay = \"{delay}ms\", {lasts}")
        }
        7 => {
            let how = if flip { "power" } else { "killed" };
            format!("crash = {client:?}, how = {how:?}, {lasts}")
        }
        8 if flip => format!("overload = \"server\", delay = \"{delay}ms\", {lasts}"),
        8 => format!("crash = \"server\", how = \"killed\", state = \"kept\", {lasts}"),
        _ => {
            let sign = if flip { '+' } else { '-' };
            format!("clock = {client:?}, by = \"{sign}{delay}ms\", may_miss = true")
        }
    }
}

/// A link's settings, each there or not; or a profile; or back to those of the file.
fn settings(random: &mut Stream) -> String {
    let name = Profile::ALL[index(random, Profile::ALL.len() as u64)].name;
    if random.below(4) == 0 {
        return format!("profile = {name:?}");
    }
    let mut settings = format!("latency = \"{}ms\"", 1 + random.below(300));
    let mut add = |text: String| write!(settings, ", {text}").expect("a string grows");
    let share = |random: &mut Stream, most: u64| format!("\"{}%\"", random.below(most));
    if random.below(2) == 0 {
        let shape = ["uniform", "normal", "pareto"][index(random, 3)];
        add(format!("jitter = \"{}ms\", jitter_distribution = {shape:?}", 1 + random.below(80)));
        add(format!("jitter_correlation = {}", share(random, 90)));
        add(format!("keep_order = {}, reorder = \"0%\"", random.below(2) == 0));
    } else if random.below(3) == 0 {
        let gap = 1 + random.below(4);
        add(format!("keep_order = false, reorder = {}, reorder_gap = {gap}", share(random, 50)));
    }
    if random.below(3) == 0 {
        add(format!("loss = {}, loss_correlation = {}", share(random, 40), share(random, 90)));
    }
    if random.below(3) == 0 {
        let [p, r] = [1 + random.below(30), 1 + random.below(80)];
        add(format!("gilbert_elliott = {{ p = \"{p}%\", r = \"{r}%\" }}"));
    }
    if random.below(3) == 0 {
        add(format!("duplicate = {}, corrupt = {}", share(random, 80), share(random, 50)));
    }
    if random.below(2) == 0 {
        let [rate, queue] = [8 + random.below(400), 2 + random.below(40)];
        add(format!("rate = \"{rate}kbit/s\", queue = \"{queue}KiB\""));
    }
    settings
}

fn index(random: &mut Stream, bound: u64) -> usize {
    usize::try_from(random.below(bound)).expect("a small number")
}
