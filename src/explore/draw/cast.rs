//! Who takes part: accounts, their devices, and the links these are on.

use super::super::dice::Dice;
use super::links;
use super::ms;
use super::timing::Timing;
use crate::app::Policy;
use crate::scenario::{Table, Value};
use crate::zim::Platform;

/// Devices of one account, and the accounts of the others.
const DEVICES: [(&str, &str); 3] = [("phone", "alice"), ("tablet", "alice"), ("laptop", "alice")];
const OTHERS: [(&str, &str); 3] = [("bob", "bob"), ("carol", "carol"), ("dave", "dave")];
/// All rooms that a plan may have.
const ROOMS: [&str; 3] = ["r1", "r2", "r3"];

/// A client of a drawn plan.
#[derive(Clone, Debug)]
pub(crate) struct Actor<'a> {
    /// What the file calls it.
    pub name: &'a str,
    /// Its account.
    pub user: &'a str,
    /// The rooms that its app ever goes into.
    pub rooms: Vec<&'a str>,
}

/// Clients and rooms.
#[derive(Clone, Debug)]
pub(crate) struct Cast<'a> {
    /// One to four.
    pub actors: Vec<Actor<'a>>,
    /// Whether an account has several devices.
    pub several: bool,
    /// The file's `clients`.
    pub clients: Table,
}

impl<'a> Cast<'a> {
    /// Draws who takes part.
    pub fn draw(dice: &mut Dice, timing: &Timing) -> Cast<'a> {
        let count = dice.pick(&[1, 2, 2, 2, 3, 3, 3, 4]);
        let rooms = &ROOMS[..dice.pick(&[1, 1, 2, 3])];
        let (mut devices, mut others) = (DEVICES.iter(), OTHERS.iter());
        let mut actors: Vec<Actor<'_>> = Vec::new();
        for place in 0..count {
            let same = place == 0 || dice.percent(35);
            let own = if same { devices.next() } else { others.next() };
            let own = own.or_else(|| devices.next()).or_else(|| others.next());
            let (name, user) = *own.expect("six names for four clients");
            let mut own: Vec<_> = rooms.iter().copied().filter(|_| dice.percent(70)).collect();
            if own.is_empty() && dice.percent(80) {
                own.push(dice.pick(rooms));
            }
            actors.push(Actor { name, user, rooms: own });
        }
        let several = actors.iter().filter(|actor| actor.user == "alice").count() > 1;
        let mut clients = Table::default();
        let short_tokens = dice.pick(&[0, 0, 40, 80]);
        for actor in &actors {
            clients.set(actor.name, client(dice, actor, timing, short_tokens));
        }
        Cast { actors, several, clients }
    }

    /// One of the clients.
    pub fn anybody(&self, dice: &mut Dice) -> &Actor<'a> {
        &self.actors[dice.index(self.actors.len())]
    }

    /// A room that somebody goes into.
    pub fn any_room(&self, dice: &mut Dice) -> &'a str {
        let rooms = &self.anybody(dice).rooms;
        if rooms.is_empty() { ROOMS[0] } else { dice.pick(rooms) }
    }
}

fn client(dice: &mut Dice, actor: &Actor<'_>, timing: &Timing, short_tokens: u64) -> Value {
    let mut table = Table::default();
    if actor.name != actor.user {
        table.set("user", actor.user);
    }
    if dice.percent(30) {
        table.set("platform", dice.pick(Platform::ALL).name());
    }
    if dice.percent(short_tokens) {
        table.set("token_life", ms(dice.between(5, 70) * 1000));
    }
    if dice.percent(40) {
        table.set("policy", dice.pick(Policy::ALL).0);
    }
    if dice.percent(15) {
        let sign = dice.pick(&["+", "-"]);
        table.set("clock", format!("{sign}{}", ms(dice.between(1, 60_000))));
    }
    if dice.percent(25) {
        links::lasting(dice, timing.slowest / 2, &mut table);
    }
    // A NAT that forgets within a heartbeat would leave nobody in peace.
    if dice.percent(15) {
        let idle = timing.period + 1 + dice.below(20_000);
        let then = dice.pick(&["rst", "drop"]);
        table.set("nat", Table::new([("idle", ms(idle).into()), ("then", then.into())]));
    }
    table.into()
}
