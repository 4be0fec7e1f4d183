//! How fast SDK and server are in a drawn plan, and how long the faults may last, so that what
//! they leave waiting must have ended before the run has.

use super::super::dice::Dice;
use super::{ms, set_param, whole};
use crate::scenario::Table;

/// A run of usual length.
const USUAL_RUN: u64 = 120_000;
/// No fault is earlier: everybody has begun to log in.
pub(super) const FIRST_FAULT: u64 = 1_000;
/// The longest pause of TCP's resends (RFC 6298).
const RESEND_MOST: u64 = 60_000;
/// What the bound of liveness has beside the parameters: one first segment that is resent.
const RESEND_FIRST: u64 = 1_000;

/// All times of a plan, in ms.
#[derive(Clone, Debug)]
pub(super) struct Timing {
    /// When the run ends.
    pub until: u64,
    /// When the last fault is over.
    pub calm: u64,
    /// The longest that any link may take for a packet, one way.
    pub slowest: u64,
    /// How often the SDK sends a heartbeat.
    pub period: u64,
    /// How long an outage lasts after which a room is lost.
    pub room_timeout: u64,
    /// The longest pause between two attempts.
    pub max_delay: u64,
    /// The parameters that are not left at their default.
    pub params: Table,
}

impl Timing {
    /// Most plans are quick: an SDK that notices, retries and gives up within seconds, so that
    /// much happens in two minutes. Some have the defaults, and run for as long as those need.
    pub fn draw(dice: &mut Dice) -> Timing {
        let slowest = match dice.below(10) {
            0 => 1_500,
            1 | 2 => 500,
            _ => 150,
        };
        if dice.percent(12) { Timing::usual(dice, slowest) } else { Timing::quick(dice, slowest) }
    }

    fn usual(dice: &mut Dice, slowest: u64) -> Timing {
        let rest =
            rest([10_000, 5_000, 5_000], [10_000, 10_000], (30_000, 20), (5_000, 3), slowest);
        let calm = dice.between(20, 75) * 1000;
        let until = calm + (calm - FIRST_FAULT).min(RESEND_MOST) + rest;
        // A room is lost after 90 s, which hardly any of these outages lasts.
        let room_timeout = if dice.percent(60) { dice.between(35, 60) * 1000 } else { 90_000 };
        let mut params = Table::default();
        set_param(&mut params, "room.heartbeat_timeout", ms(room_timeout));
        Timing {
            until: until.div_ceil(1000) * 1000,
            calm,
            slowest,
            period: 10_000,
            room_timeout,
            max_delay: 30_000,
            params,
        }
    }

    fn quick(dice: &mut Dice, slowest: u64) -> Timing {
        let trip = 2 * slowest;
        let period = dice.between(4, 16) * 500;
        let patience = dice.between(2, 10) * 500 + trip;
        let grace = dice.between(2, 8) * 500;
        let connect = dice.between(4, 16) * 500 + trip;
        let login = dice.between(4, 16) * 500 + trip;
        let first_delay = dice.between(1, 10) * 200;
        let max_delay = dice.between(4, 24) * 500;
        let jitter = dice.pick(&[0, 0, 20, 50]);
        let query = dice.between(2, 8) * 500;
        let tries = dice.between(1, 3);
        let room_timeout = period + patience + trip + dice.between(2, 40) * 500;
        let offline = period + patience + trip + dice.between(2, 20) * 500;
        let rest = rest(
            [period, patience, grace],
            [connect, login],
            (max_delay, jitter),
            (query, tries),
            slowest,
        );
        let calm = (USUAL_RUN + FIRST_FAULT).saturating_sub(rest) / 2;
        let times = [
            ("heartbeat.period", ms(period)),
            ("heartbeat.patience", ms(patience)),
            ("heartbeat.grace", ms(grace)),
            ("reconnect.first_delay", ms(first_delay.min(max_delay))),
            ("reconnect.max_delay", ms(max_delay)),
            ("reconnect.connect_timeout", ms(connect)),
            ("reconnect.login_timeout", ms(login)),
            ("login.timeout", ms(dice.between(6, 30) * 500 + trip)),
            ("request.timeout", ms(dice.between(4, 20) * 500 + trip)),
            ("room.query_timeout", ms(query)),
            ("room.heartbeat_timeout", ms(room_timeout)),
            ("user.offline_after", ms(offline)),
            ("token.warning", ms(dice.between(2, 30) * 1000)),
        ];
        let mut params = Table::default();
        for (name, value) in times {
            set_param(&mut params, name, value);
        }
        set_param(&mut params, "reconnect.jitter", format!("{jitter}%"));
        set_param(&mut params, "room.query_tries", whole(tries));
        Timing { until: USUAL_RUN, calm, slowest, period, room_timeout, max_delay, params }
    }
}

/// The bound of liveness but for TCP's resends, which grow with the trouble. The check computes
/// its own; a test compares them.
fn rest(
    notice: [u64; 3],
    hanging: [u64; 2],
    (max_delay, jitter): (u64, u64),
    (query, tries): (u64, u64),
    slowest: u64,
) -> u64 {
    let notice: u64 = notice.iter().sum();
    let hanging: u64 = hanging.iter().sum();
    let pause = max_delay * (100 + jitter) / 100;
    let through = 8 * 2 * slowest + RESEND_FIRST;
    2 * notice + hanging + pause + through + query * (tries + 1) + 1_000
}
