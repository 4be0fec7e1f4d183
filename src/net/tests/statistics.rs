//! Over many packets a link does what its settings say. The runs are seeded, so a test never
//! wavers; each tolerance is five standard deviations of what is measured, as derived beside it.

use super::*;
use crate::net::impair::{Draws, Impairments, Passage};
use crate::param::{Rate, Size};
use crate::rng::Label;

const BYTES: u64 = 1000;

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

fn limited(text: &str) -> Bandwidth {
    Bandwidth::Limited(Rate::parse(text).unwrap())
}

/// What becomes of so many packets, `every` ms one; with the moment of sending.
fn passages(settings: &LinkSettings, count: u64, every: u64) -> Vec<(u64, Passage)> {
    let mut link = Impairments::default();
    let pass = |n| {
        let now = ms(n * every);
        let draws = Draws { seed: Seed(1), label: Label::new("alice up"), now, index: 0 };
        (now.ms(), link.pass(settings, &draws, BYTES))
    };
    (0..count).map(pass).collect()
}

fn lost(settings: &LinkSettings, count: u64) -> Vec<bool> {
    let lost = |(_, passage): &(u64, Passage)| matches!(passage, Passage::Lost(_));
    passages(settings, count, 1).iter().map(lost).collect()
}

/// The delays of so many packets, far enough apart not to meet.
fn delays(settings: &LinkSettings, count: u64) -> Vec<f64> {
    let delay = |(sent, passage): (u64, Passage)| match passage {
        Passage::Arrives(_, first, _) => number(first.at.ms() - sent),
        Passage::Lost(_) | Passage::Dropped => panic!("a link that loses nothing"),
    };
    passages(settings, count, 1).into_iter().map(delay).collect()
}

fn number(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

fn share(of: &[bool]) -> f64 {
    let hits = of.iter().filter(|hit| **hit).count();
    number(hits.try_into().unwrap()) / number(of.len().try_into().unwrap())
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / number(of.len().try_into().unwrap())
}

/// The mean length of runs of losses.
fn burst(of: &[bool]) -> f64 {
    let runs = of.split(|lost| !lost).map(<[bool]>::len).filter(|length| *length > 0);
    mean(&runs.map(|length| number(length.try_into().unwrap())).collect::<Vec<_>>())
}

/// How much a value tells of the one `lag` packets later: 0 nothing, 1 all.
fn correlation(of: &[f64], lag: usize) -> f64 {
    let middle = mean(of);
    let product = |(a, b): (&f64, &f64)| (a - middle) * (b - middle);
    let with = |lag| of.iter().zip(&of[lag..]).map(product).sum::<f64>();
    with(lag) / with(0)
}

#[track_caller]
fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() < tolerance, "{found}, not {wanted} ± {tolerance}");
}

/// Five standard deviations of a share that is measured over `count` packets of which each
/// correlates with the next by `rho`.
fn five(share: f64, count: f64, rho: f64) -> f64 {
    5.0 * (share * (1.0 - share) * (1.0 + rho) / (1.0 - rho) / count).sqrt()
}

#[test]
fn random_loss_has_its_share_and_no_bursts() {
    let lossy = LinkSettings { loss: percent("20%"), ..link() };
    let fates = lost(&lossy, 200_000);
    near(share(&fates), 0.2, five(0.2, 200_000.0, 0.0));
    // A run of losses is geometric: it goes on with 0.2; 32,000 of them.
    near(burst(&fates), 1.0 / 0.8, 5.0 * (0.2_f64.sqrt() / 0.8) / 32_000_f64.sqrt());
}

#[test]
fn correlated_loss_keeps_its_share_and_comes_in_runs() {
    let correlated =
        LinkSettings { loss: percent("20%"), loss_correlation: percent("50%"), ..link() };
    let fates = lost(&correlated, 200_000);
    near(share(&fates), 0.2, five(0.2, 200_000.0, 0.5));
    // A loss is followed by another with 0.5 + 0.5 * 0.2 = 0.6; 16,000 runs.
    near(burst(&fates), 1.0 / 0.4, 5.0 * (0.6_f64.sqrt() / 0.4) / 16_000_f64.sqrt());
}

#[test]
fn bursts_have_the_share_and_the_length_of_gilbert_s_model() {
    let model = GilbertElliott {
        p: percent("1%"),
        r: percent("25%"),
        bad_loss: percent("100%"),
        good_loss: percent("0%"),
    };
    let fates = lost(&LinkSettings { gilbert_elliott: Bursts::By(model), ..link() }, 500_000);
    // The bad state holds p/(p + r) of the time; states correlate by 1 - p - r.
    let bad = 0.01 / 0.26;
    near(share(&fates), bad, five(bad, 500_000.0, 0.74));
    // A burst goes on with 1 - r; one begins with every 104th packet.
    near(burst(&fates), 4.0, 5.0 * (0.75_f64.sqrt() / 0.25) / 4800_f64.sqrt());
}

#[test]
fn elliott_s_states_lose_each_its_share() {
    let model = GilbertElliott {
        p: percent("2%"),
        r: percent("10%"),
        bad_loss: percent("60%"),
        good_loss: percent("1%"),
    };
    let fates = lost(&LinkSettings { gilbert_elliott: Bursts::By(model), ..link() }, 500_000);
    let bad = 0.02 / 0.12;
    // Losses correlate less than the states (0.88) that they come from.
    near(share(&fates), bad * 0.6 + (1.0 - bad) * 0.01, five(bad, 500_000.0, 0.88));
}

#[test]
fn duplicates_and_flipped_bits_have_their_shares() {
    let settings = LinkSettings { duplicate: percent("10%"), corrupt: percent("3%"), ..link() };
    let count = 100_000;
    let (mut twice, mut damaged, mut damaged_copies) = (0, 0, 0);
    let mut bits = BTreeMap::new();
    for (_, passage) in passages(&settings, count, 1) {
        let Passage::Arrives(_, first, second) = passage else { panic!("nothing is lost") };
        twice += u64::from(second.is_some());
        damaged += u64::from(first.damage.is_some());
        damaged_copies += u64::from(second.is_some_and(|copy| copy.damage.is_some()));
        if let Some(bit) = first.damage {
            *bits.entry(bit * 10 / (8 * BYTES)).or_insert(0) += 1;
        }
    }
    near(number(twice) / number(count), 0.1, five(0.1, 100_000.0, 0.0));
    near(number(damaged) / number(count), 0.03, five(0.03, 100_000.0, 0.0));
    near(number(damaged_copies) / number(twice), 0.03, five(0.03, number(twice), 0.0));
    // Every tenth of the packet is hit alike: 300 times of 3000, 5 * sqrt(300 * 0.9) = 82.
    assert!(bits.len() == 10 && bits.values().all(|hits| (218..382).contains(hits)), "{bits:?}");
}

#[test]
fn packets_overtake_with_their_share_and_their_gap() {
    let settings = LinkSettings { reorder: percent("25%"), reorder_gap: 5, ..link() };
    let overtakes = |(sent, passage): (u64, Passage)| {
        let Passage::Arrives(_, first, None) = passage else { panic!("nothing is lost") };
        assert_eq!(first.at.ms() - sent, if first.overtakes { 1 } else { LATENCY });
        first.overtakes
    };
    let fates: Vec<_> = passages(&settings, 100_000, 1).into_iter().map(overtakes).collect();
    let runs: Vec<_> = fates.split(|overtakes| *overtakes).map(<[bool]>::len).collect();
    // What lies between two that overtook: not what is before the first and after the last.
    let gaps: Vec<_> =
        runs[1..runs.len() - 1].iter().map(|run| number((*run).try_into().unwrap())).collect();
    assert!(gaps.iter().all(|gap| *gap >= 4.0), "four keep their place");
    // Then each overtakes with 1/4: 4 + 3 on average; 12,500 gaps of deviation sqrt(12).
    near(mean(&gaps), 7.0, 5.0 * (12.0_f64 / 12_500.0).sqrt());
}

fn jittery(distribution: Distribution) -> LinkSettings {
    LinkSettings {
        latency: Span::from_ms(1000),
        jitter: Span::from_ms(100),
        jitter_distribution: distribution,
        ..link()
    }
}

#[test]
fn uniform_delays_fill_their_bounds() {
    let delays = delays(&jittery(Distribution::Uniform), 200_000);
    let deviation = 201_f64 / 12_f64.sqrt();
    near(mean(&delays), 1000.0, 5.0 * deviation / 200_000_f64.sqrt());
    for tenth in 0_u32..10 {
        let (low, high) = (900.0 + 20.0 * f64::from(tenth), 920.0 + 20.0 * f64::from(tenth));
        let inside: Vec<_> = delays.iter().map(|d| *d >= low && *d < high).collect();
        near(share(&inside), 20.0 / 201.0, five(20.0 / 201.0, 200_000.0, 0.0));
    }
    assert!(delays.iter().all(|delay| (900.0..=1100.0).contains(delay)));
}

#[test]
fn normal_delays_follow_the_bell_curve() {
    let delays = delays(&jittery(Distribution::Normal), 200_000);
    near(mean(&delays), 1000.0, 5.0 * 100.0 / 200_000_f64.sqrt());
    let variance = mean(&delays.iter().map(|d| (d - 1000.0).powi(2)).collect::<Vec<_>>());
    near(variance.sqrt(), 100.0, 5.0 * 100.0 / 400_000_f64.sqrt());
    // Shares beyond one, two and three deviations, on either side; a delay is rounded to a
    // ms, so the borders lie half a ms further out.
    for (border, beyond) in [(100.5, 0.157_5), (200.5, 0.022_48), (300.5, 0.001_328)] {
        let late: Vec<_> = delays.iter().map(|d| d - 1000.0 > border).collect();
        let early: Vec<_> = delays.iter().map(|d| 1000.0 - d > border).collect();
        near(share(&late), beyond, five(beyond, 200_000.0, 0.0) + 2.0 / 4096.0);
        near(share(&early), beyond, five(beyond, 200_000.0, 0.0) + 2.0 / 4096.0);
    }
}

#[test]
fn pareto_delays_have_a_long_tail() {
    let delays = delays(&jittery(Distribution::Pareto), 200_000);
    // A share s of all is later than (s^(-1/3) - 3/2) * 4/3 jitters, up to four of them.
    for (later_by, beyond) in [(-0.32, 0.5), (0.0, 8.0 / 27.0), (2.0, 1.0 / 27.0)] {
        let late: Vec<_> = delays.iter().map(|d| d - 1000.0 > 100.0 * later_by).collect();
        // Half a ms of rounding moves the share by under 0.4 %.
        near(share(&late), beyond, five(beyond, 200_000.0, 0.0) + 0.004);
    }
    let bounds = (933.0, 1400.0);
    assert!(delays.iter().all(|delay| (bounds.0..=bounds.1).contains(delay)));
    let cut: Vec<_> = delays.iter().map(|delay| *delay == bounds.1).collect();
    near(share(&cut), 1.0 / 91.0, five(1.0 / 91.0, 200_000.0, 0.0) + 1.0 / 4096.0);
}

#[test]
fn correlated_delays_forget_by_the_power_of_the_distance() {
    for distribution in [Distribution::Uniform, Distribution::Normal] {
        let settings = LinkSettings { jitter_correlation: percent("50%"), ..jittery(distribution) };
        let delays = delays(&settings, 200_000);
        for (lag, wanted) in [(1, 0.5), (2, 0.25), (5, 1.0 / 32.0)] {
            // The deviation of an estimated correlation, doubled runs counted: sqrt(3/n).
            near(correlation(&delays, lag), wanted, 5.0 * (3.0_f64 / 200_000.0).sqrt());
        }
        let deviation = if distribution == Distribution::Normal { 100.0 } else { 58.0 };
        near(mean(&delays), 1000.0, 5.0 * deviation * (3.0_f64 / 200_000.0).sqrt());
    }
    near(correlation(&delays(&jittery(Distribution::Normal), 200_000), 1), 0.0, 0.012);
}

#[test]
fn order_is_kept_where_it_is_asked_for() {
    let arrivals = |keep_order| -> Vec<u64> {
        let settings = LinkSettings { keep_order, ..jittery(Distribution::Normal) };
        let at = |(_, passage)| match passage {
            Passage::Arrives(_, first, _) => first.at.ms(),
            Passage::Lost(_) | Passage::Dropped => panic!("nothing is lost"),
        };
        passages(&settings, 5000, 10).into_iter().map(at).collect()
    };
    assert!(arrivals(true).is_sorted());
    assert!(!arrivals(false).is_sorted());
    let kept = arrivals(true).into_iter().zip(arrivals(false));
    assert!(kept.clone().all(|(kept, free)| kept >= free), "it only ever waits for others");
    assert!(kept.filter(|(kept, free)| kept == free).count() > 500, "and not longer than needed");
}

#[test]
fn a_full_queue_lets_through_exactly_the_rate() {
    // 1000 bytes take 8 ms at 1 Mbit/s; one is sent every 2 ms.
    let slow =
        LinkSettings { rate: limited("1Mbit/s"), queue: Size::parse("8kB").unwrap(), ..link() };
    let mut arrivals = Vec::new();
    let mut waits = Vec::new();
    for (sent, passage) in passages(&slow, 10_000, 2) {
        if let Passage::Arrives(exit, first, None) = passage {
            arrivals.push(first.at.ms());
            waits.push(exit.waits);
            assert_eq!(exit.at, sent * 1_000_000 + exit.waits + 8_000_000, "it waits, then leaves");
        }
    }
    // 20 s at 1 Mbit/s are 2500 such packets, and what is in the queue at the end.
    assert_eq!(arrivals.len(), 2500 + 7);
    assert!(arrivals.iter().enumerate().all(|(n, at)| *at == 8 * (n as u64 + 1) + LATENCY));
    // Room for 8 of them: the newest waits for 7 at the most, 56 ms.
    assert_eq!(waits.iter().max(), Some(&56_000_000));
    let late = mean(&waits.iter().skip(100).map(|w| number(*w / 1000)).collect::<Vec<_>>());
    near(late, 55_000.0, 1500.0);
}

#[test]
fn a_rate_below_a_packet_a_millisecond_delivers_several_in_one_in_order() {
    let quick = LinkSettings { rate: limited("100Mbit/s"), ..link() };
    let mut net = Net::new(Seed(1), &clients(1, quick), Vec::new());
    let stamps: Vec<_> =
        (0..60).map(|_| one(&mut net, ms(0), alice(), network::syn()).unwrap().stamp).collect();
    // A SYN of 48 bytes takes 3.84 us; 60 of them leave within one ms.
    assert!(stamps.iter().all(|stamp| stamp.at == ms(1 + LATENCY)), "{stamps:?}");
    assert!(stamps.is_sorted());
    let slower = LinkSettings { rate: limited("1Mbit/s"), ..link() };
    let mut net = Net::new(Seed(1), &clients(1, slower), Vec::new());
    let syn = network::syn();
    let took = u64::try_from(syn.len()).unwrap() * 8;
    for n in 1..=60 {
        let at = one(&mut net, ms(0), alice(), syn.clone()).unwrap().stamp.at;
        assert_eq!(at, ms((n * took).div_ceil(1000) + LATENCY), "the clock runs in ns");
    }
}

#[test]
fn a_queue_drains_when_the_rate_is_lifted_and_dies_with_a_cut() {
    let slow = LinkSettings { rate: limited("1kbit/s"), ..link() };
    let mut net = Net::new(Seed(1), &clients(1, slow), vec![Fault::Cut(vec![UP])]);
    let syn = network::syn();
    let took = u64::try_from(syn.len()).unwrap() * 8;
    let first = one(&mut net, ms(0), alice(), syn.clone()).unwrap().stamp.at;
    assert_eq!(first, ms(took + LATENCY));
    let rate = Some(Bandwidth::Unlimited);
    net.change(ms(0), 0, &[UP], &set(LinkUpdate { rate, ..LinkUpdate::default() }));
    let second = one(&mut net, ms(1), alice(), syn.clone()).unwrap().stamp.at;
    assert_eq!(second, first, "what is queued goes first, at the rate it was queued at");
    net.begin(ms(2), FaultId(0));
    net.end(ms(3), FaultId(0));
    let third = one(&mut net, ms(4), alice(), syn).unwrap().stamp.at;
    assert_eq!(third, ms(4 + LATENCY), "nothing is left to wait for");
}

#[test]
fn the_counts_tell_what_was_done_and_the_remarks_to_which() {
    let busy = LinkSettings {
        loss: percent("10%"),
        duplicate: percent("10%"),
        reorder: percent("10%"),
        corrupt: percent("10%"),
        rate: limited("64kbit/s"),
        queue: Size::parse("1500B").unwrap(),
        ..link()
    };
    let mut net = Net::new(Seed(1), &clients(1, busy), Vec::new());
    net.remark();
    let flights: usize =
        (0..1000).map(|n| sent(&mut net, ms(5 * n), alice(), network::syn()).len()).sum();
    let remarks: Vec<_> = std::iter::from_fn(|| net.poll_note()).collect();
    let told = |word: &str| remarks.iter().filter(|remark| remark.contains(word)).count();
    let counts = net.uses()[0].counts;
    let as_told = [
        (counts.lost, told("lost: ")),
        (counts.dropped, told("no room in the queue: ")),
        (counts.duplicated, told("doubled")),
        (counts.overtaking, told("overtakes")),
        (counts.waited, told("waits ")),
    ];
    for (counted, told) in as_told {
        assert!(told > 20, "{as_told:?}");
        assert_eq!(counted, u64::try_from(told).unwrap());
    }
    let arrived = counts.sent - counts.lost - counts.dropped + counts.duplicated;
    assert_eq!((counts.sent, arrived), (1000, u64::try_from(flights).unwrap()));
    assert!(counts.corrupted >= u64::try_from(told("flipped")).unwrap() && told("flipped") > 20);
    assert_eq!(net.uses()[1].counts, crate::record::LinkCounts::default());
}
