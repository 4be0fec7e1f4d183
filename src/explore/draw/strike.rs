//! The fault schedule of a drawn plan: each has its own few kinds, its own number of faults and
//! its own lengths, as in swarm testing; a plan in which everything happens shows little.

use super::super::dice::Dice;
use super::super::kind::Kind;
use super::cast::{Actor, Cast};
use super::timing::{FIRST_FAULT, Timing};
use super::{Aim, Sketch, Weights, links, ms, whole};
use crate::scenario::{Table, Value};

/// No plan has more kinds of faults.
const MOST_KINDS: u64 = 6;

/// Draws the faults, the changes of links, and the administrators' acts.
pub(super) fn draw(
    dice: &mut Dice,
    weights: &Weights,
    cast: &Cast<'_>,
    timing: &Timing,
    sketch: &mut Sketch,
) {
    let kinds = 1 + dice.below(MOST_KINDS);
    let mut weight_of: Vec<u32> = Kind::ALL.iter().map(|kind| weights.of_kind(*kind)).collect();
    let mut swarm: Vec<(Kind, u32)> = Vec::new();
    for _ in 0..kinds {
        let Some(place) = dice.weighted(weight_of.iter().copied()) else { break };
        weight_of[place] = 0;
        swarm.push((Kind::ALL[place], dice.pick(&[1, 2, 4])));
    }
    let count = 1 + dice.pick(&[0, 1, 2, 4, 8]);
    let mut strikes = Strikes::new(dice, cast, timing, sketch);
    for _ in 0..count {
        let Some(place) = dice.weighted(swarm.iter().map(|(_, intensity)| *intensity)) else {
            break;
        };
        let kind = swarm[place].0;
        let aim = weights.aim(dice, kind);
        strikes.strike(dice, kind, aim);
    }
}

/// How long the faults of a plan last.
#[derive(Clone, Copy)]
enum Lengths {
    /// Mostly unnoticed by a heartbeat.
    Short,
    /// Mostly noticed.
    Middle,
    /// Mostly so long that a room is lost.
    Long,
    /// Anything.
    Mixed,
}

/// The faults of one plan, as they are drawn one after the other.
pub(super) struct Strikes<'a> {
    cast: &'a Cast<'a>,
    timing: &'a Timing,
    lengths: Lengths,
    /// Hosts that a `restart` brings back; they crash no second time, so that it is clear which
    /// crash that ends.
    restarts: Vec<&'a str>,
    /// How many faults have a name.
    named: u64,
    sketch: &'a mut Sketch,
}

impl<'a> Strikes<'a> {
    /// No faults yet, and what kind of lengths they will have.
    pub fn new(
        dice: &mut Dice,
        cast: &'a Cast<'a>,
        timing: &'a Timing,
        sketch: &'a mut Sketch,
    ) -> Strikes<'a> {
        let lengths = dice.pick(&[Lengths::Short, Lengths::Middle, Lengths::Long, Lengths::Mixed]);
        Strikes { cast, timing, lengths, restarts: Vec::new(), named: 0, sketch }
    }

    /// One more.
    pub fn strike(&mut self, dice: &mut Dice, kind: Kind, aim: Aim) {
        let at = self.moment(dice, aim);
        let lasts = self.length(dice).min(self.timing.calm - at).max(1);
        let row = Table::new([("at", ms(at).into())]);
        // What comes next may be aimed at the aftermath.
        self.sketch.aims.add(Aim::During, at);
        match kind {
            Kind::Cut => self.sever(dice, "cut", at, lasts),
            Kind::Stall => self.sever(dice, "stall", at, lasts),
            Kind::Flap => self.flap(dice, at, lasts),
            Kind::BlackHole => {
                let row = row.with("blackhole", self.whom(dice));
                let row = way(dice, row).with("after", format!("{}B", dice.below(1_500)));
                self.lasting(dice, at, lasts, row);
            }
            Kind::Reset => {
                let end = dice.pick(&["client", "server", "both"]);
                self.instant(at, row.with("rst", self.whom(dice)).with("to", end));
            }
            Kind::ClientDown => {
                let host = self.somebody(dice);
                self.crash(dice, at, lasts, host, "power");
            }
            Kind::ClientKilled => {
                let host = self.somebody(dice);
                self.crash(dice, at, lasts, host, "killed");
            }
            Kind::ServerDown => self.crash(dice, at, lasts, "server", "power"),
            Kind::ServerKilled => self.crash(dice, at, lasts, "server", "killed"),
            Kind::Suspend => self.befall(dice, "suspend", at, lasts, |_, row| row),
            Kind::Doze => self.befall(dice, "doze", at, lasts, |_, row| row),
            Kind::Offline => self.befall(dice, "offline", at, lasts, |_, row| row),
            Kind::Portal => self.befall(dice, "portal", at, lasts, |dice, row| {
                row.with("answer", dice.pick(&["silence", "reset"]))
            }),
            Kind::Names => self.befall(dice, "dns", at, lasts, |dice, row| {
                let delay = ms(dice.between(1, 8_000));
                match dice.below(4) {
                    0 => row.with("answer", "silence"),
                    1 => row.with("answer", "fails"),
                    2 => row.with("answer", "fails").with("delay", delay),
                    _ => row.with("answer", "slow").with("delay", delay),
                }
            }),
            Kind::Handover => {
                let row = row.with("handover", self.devices(dice));
                let row = row.with("told", dice.percent(50));
                // Without `for` it is an instant, which nothing could heal.
                let lasts = if dice.percent(50) { 0 } else { lasts };
                self.sketch.aims.add(Aim::Return, at + lasts);
                self.instant(at, if lasts > 0 { row.with("for", ms(lasts)) } else { row });
            }
            Kind::Overload => {
                let delay = ms(dice.pick(&[50, 500, 3_000, 10_000]) + dice.below(500));
                let row = row.with("overload", "server").with("delay", delay);
                self.lasting(dice, at, lasts, row);
            }
            Kind::Clock => {
                let by = dice.pick(&[1_000, 30_000, 120_000]);
                let sign = dice.pick(&["+", "-"]);
                let by = format!("{sign}{}", ms(dice.between(1, by)));
                self.instant(at, row.with("clock", self.devices(dice)).with("by", by));
            }
            Kind::Link => {
                let row = row.with("link", self.whom(dice));
                let mut row = way(dice, row).with("for", ms(lasts));
                links::passing(dice, self.timing.slowest / 2, &mut row);
                self.instant(at, row);
                self.sketch.aims.add(Aim::Return, at + lasts);
            }
            Kind::DestroyRoom => {
                let row = row.with("admin", "destroyRoom").with("room", self.cast.any_room(dice));
                self.instant(at, row);
            }
            Kind::KickFromRoom => {
                let row = row.with("admin", "kickFromRoom").with("room", self.cast.any_room(dice));
                self.instant(at, row.with("user", self.cast.anybody(dice).user));
            }
            Kind::KickUser => {
                let row = row.with("admin", "kickUser");
                self.instant(at, row.with("user", self.cast.anybody(dice).user));
            }
            Kind::Unregister => {
                let row = row.with("admin", "unregister");
                self.instant(at, row.with("user", self.cast.anybody(dice).user));
            }
        }
    }

    /// When it strikes: near what it is aimed at, as far as the plan has that.
    fn moment(&self, dice: &mut Dice, aim: Aim) -> u64 {
        let last = self.timing.calm - 1;
        let at = match self.sketch.aims.of(aim) {
            [] => dice.between(FIRST_FAULT, last),
            places => {
                let place = dice.pick(places);
                let trip = 2 * self.timing.slowest;
                let near = match aim {
                    Aim::Anywhere => 0,
                    Aim::Before => dice.below(100),
                    Aim::Login => dice.below(3 * trip),
                    Aim::Entry => dice.below(2 * trip),
                    Aim::After => dice.below(2 * trip + 100),
                    Aim::During => dice.below(8_000),
                    Aim::Return => dice.below(self.timing.max_delay + trip),
                };
                place + near
            }
        };
        // Faults that would come too early or too late are spread, not piled up.
        if (FIRST_FAULT..=last).contains(&at) { at } else { dice.between(FIRST_FAULT, last) }
    }

    fn length(&self, dice: &mut Dice) -> u64 {
        let lengths = match self.lengths {
            Lengths::Mixed => dice.pick(&[Lengths::Short, Lengths::Middle, Lengths::Long]),
            Lengths::Short | Lengths::Middle | Lengths::Long => self.lengths,
        };
        match lengths {
            Lengths::Short => dice.between(1, 4_000),
            Lengths::Middle => dice.between(3_000, 20_000),
            Lengths::Long | Lengths::Mixed => {
                let room = self.timing.room_timeout;
                dice.between(room / 2, 2 * room)
            }
        }
    }

    fn sever(&mut self, dice: &mut Dice, act: &'static str, at: u64, lasts: u64) {
        let row = Table::new([("at", ms(at).into()), (act, self.whom(dice))]);
        let row = way(dice, row);
        self.lasting(dice, at, lasts, row);
    }

    fn flap(&mut self, dice: &mut Dice, at: u64, lasts: u64) {
        let times = dice.between(1, 5);
        let each = (lasts / times).max(2);
        let down = dice.between(1, each - 1);
        let row = Table::new([("at", ms(at).into()), ("flap", self.whom(dice))]);
        let row = way(dice, row).with("down_for", ms(down)).with("up_for", ms(each - down));
        self.instant(at, row.with("times", whole(times)));
        self.sketch.aims.add(Aim::Return, at + each * times);
    }

    fn crash(&mut self, dice: &mut Dice, at: u64, lasts: u64, host: &'a str, how: &str) {
        if self.restarts.contains(&host) {
            return;
        }
        let mut row = Table::new([("at", ms(at).into()), ("crash", host.into())]);
        if how == "killed" {
            row.set("how", how);
        }
        if host == "server" {
            row.set("state", dice.pick(&["kept", "lost"]));
        }
        // A crash of that host that is there already may be open when the restart comes.
        let earlier = self.sketch.steps.iter().any(|(_, row)| row.text("crash") == Some(host));
        if earlier || dice.percent(80) {
            self.instant(at, row.with("for", ms(lasts)));
        } else {
            self.instant(at, row);
            self.restarts.push(host);
            let back = at + lasts;
            let row = Table::new([("at", ms(back).into()), ("restart", host.into())]);
            self.sketch.step(back, row);
        }
        self.sketch.aims.add(Aim::Return, at + lasts);
    }

    fn befall(
        &mut self,
        dice: &mut Dice,
        act: &'static str,
        at: u64,
        lasts: u64,
        say: impl FnOnce(&mut Dice, Table) -> Table,
    ) {
        let row = Table::new([("at", ms(at).into()), (act, self.devices(dice))]);
        let row = say(dice, row);
        self.lasting(dice, at, lasts, row);
    }

    /// A fault that lasts: mostly by `for`, sometimes until it is healed.
    fn lasting(&mut self, dice: &mut Dice, at: u64, lasts: u64, row: Table) {
        self.sketch.aims.add(Aim::Return, at + lasts);
        if dice.percent(90) {
            return self.instant(at, row.with("for", ms(lasts)));
        }
        self.named += 1;
        let name = format!("drawn-{}", self.named);
        self.instant(at, row.with("name", name.as_str()));
        let end = at + lasts;
        let row = Table::new([("at", ms(end).into()), ("heal", name.into())]);
        self.sketch.step(end, row);
    }

    fn instant(&mut self, at: u64, row: Table) {
        self.sketch.step(at, row.with("may_miss", true));
    }

    fn somebody(&self, dice: &mut Dice) -> &'a str {
        self.cast.anybody(dice).name
    }

    /// One device, or several.
    fn devices(&self, dice: &mut Dice) -> Value {
        if dice.percent(85) {
            return self.somebody(dice).into();
        }
        let some: Vec<&Actor<'_>> = self.cast.actors.iter().filter(|_| dice.percent(60)).collect();
        match some.as_slice() {
            [] => self.somebody(dice).into(),
            [one] => one.name.into(),
            some => Value::List(some.iter().map(|actor| actor.name.into()).collect()),
        }
    }

    /// One device, several, or all by the server's name.
    fn whom(&self, dice: &mut Dice) -> Value {
        if dice.percent(20) { "server".into() } else { self.devices(dice) }
    }
}

/// Most faults of links are in both ways.
fn way(dice: &mut Dice, row: Table) -> Table {
    match dice.below(4) {
        0 => row.with("direction", "up"),
        1 => row.with("direction", "down"),
        _ => row,
    }
}
