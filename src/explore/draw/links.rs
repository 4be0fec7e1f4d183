//! Settings of links: those that last, and lose nothing; and those that pass.

use super::super::dice::Dice;
use super::ms;
use crate::scenario::Table;

/// Sets what a link has for the whole run: slow perhaps, never lossy, and no packet longer
/// under way than `slowest` ms.
pub(super) fn lasting(dice: &mut Dice, slowest: u64, table: &mut Table) {
    let mut left = slowest;
    if dice.percent(70) {
        table.set("latency", ms(take(dice, &mut left)));
    } else {
        left = left.saturating_sub(30);
    }
    if dice.percent(30) {
        scatter(dice, &mut left, table);
    }
    if dice.percent(20) {
        table.set("duplicate", share(dice, 30));
    }
    if dice.percent(20) {
        narrow(dice, left, table);
    }
}

/// Sets what a link has for a while: as above, and it may lose packets.
pub(super) fn passing(dice: &mut Dice, slowest: u64, table: &mut Table) {
    let mut left = slowest;
    let mut none = true;
    if dice.percent(40) {
        table.set("latency", ms(take(dice, &mut left)));
        none = false;
    } else {
        left /= 2;
    }
    if dice.percent(25) {
        scatter(dice, &mut left, table);
        none = false;
    } else if dice.percent(15) {
        table.set("reorder", share(dice, 50));
        table.set("reorder_gap", i64::from(dice.pick(&[1, 2, 4])));
        // Packets that overtake, and none that may not: whatever the link had before.
        table.set("keep_order", false);
        none = false;
    }
    if dice.percent(15) {
        table.set("duplicate", share(dice, 80));
        none = false;
    }
    if dice.percent(20) {
        table.set("corrupt", share(dice, 50));
        none = false;
    }
    if dice.percent(15) {
        narrow(dice, left, table);
        none = false;
    }
    if dice.percent(20) {
        let bursts = [("p", share(dice, 30).into()), ("r", share(dice, 80).into())];
        table.set("gilbert_elliott", Table::new(bursts));
    } else if none || dice.percent(40) {
        table.set("loss", if dice.percent(10) { "100%".to_owned() } else { share(dice, 80) });
        if dice.percent(30) {
            table.set("loss_correlation", share(dice, 90));
        }
    }
}

/// Part of what is left, and at least 1 ms.
fn take(dice: &mut Dice, left: &mut u64) -> u64 {
    let taken = dice.between(1, (*left * 2 / 3).max(1));
    *left -= taken.min(*left);
    taken
}

/// Delays that scatter; no shape's tail is longer than four times the jitter.
fn scatter(dice: &mut Dice, left: &mut u64, table: &mut Table) {
    let jitter = dice.between(1, (*left / 5).max(1));
    *left -= (jitter * 4).min(*left);
    table.set("jitter", ms(jitter));
    table.set("jitter_distribution", dice.pick(&["uniform", "normal", "pareto"]));
    if dice.percent(30) {
        table.set("jitter_correlation", share(dice, 90));
    }
    if dice.percent(40) {
        table.set("keep_order", true);
        table.set("reorder", "0%");
    }
}

/// A rate, and a queue that is empty again within what is left.
fn narrow(dice: &mut Dice, left: u64, table: &mut Table) {
    // Room for a few full packets, or the first larger message would be dropped for ever.
    let kib = dice.between(4, 8);
    let kbits = (kib * 1024 * 8).div_ceil(left.max(1)).max(64) + dice.below(400);
    table.set("rate", format!("{kbits}kbit/s"));
    table.set("queue", format!("{kib}KiB"));
}

/// From 1% to this, as text.
fn share(dice: &mut Dice, most: u64) -> String {
    format!("{}%", dice.between(1, most))
}
