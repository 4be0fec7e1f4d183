//! A plan drawn at random, as a scenario file: swarm style, so that each has its own subset of
//! everything.
//!
//! Whatever is done to a run is over early enough that all that waits must have ended before
//! the run has: else liveness could not be judged.

mod aim;
mod cast;
mod choices;
mod life;
mod links;
mod strike;
mod timing;
mod vary;

pub(super) use aim::Aim;
pub use vary::vary;

use super::dice::Dice;
use super::kind::{KINDS, Kind};
use crate::rng::Seed;
use crate::scenario::{Document, Table, Value};
use crate::time::Span;
use aim::{AIMS, Aims};

/// What a socket buffers, in bytes, if nothing else is drawn. Plans exchange little; small
/// buffers fill sooner, and are made sooner, four for each connection.
const BUFFER: u64 = 8_192;

/// What drawing favours: how likely each kind of fault is, aimed at each moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights([[u32; AIMS]; KINDS]);

impl Default for Weights {
    /// Everything alike, and half of all faults at no particular moment.
    fn default() -> Weights {
        let mut row = [2; AIMS];
        row[Aim::Anywhere as usize] = 12;
        Weights([row; KINDS])
    }
}

impl Weights {
    /// Adds to how likely this kind is, aimed at this moment.
    pub(super) fn favour(&mut self, kind: Kind, aim: Aim, by: u32) {
        self.0[kind.place()][aim as usize] += by;
    }

    fn of_kind(&self, kind: Kind) -> u32 {
        self.0[kind.place()].iter().sum()
    }

    fn aim(&self, dice: &mut Dice, kind: Kind) -> Aim {
        let place = dice.weighted(self.0[kind.place()].iter().copied());
        place.map_or(Aim::Anywhere, |place| Aim::ALL[place])
    }
}

/// What has been drawn so far.
#[derive(Default)]
struct Sketch {
    /// Whether anybody has a token.
    tokens: bool,
    /// With their times in ms.
    steps: Vec<(u64, Table)>,
    react: Vec<Value>,
    aims: Aims,
}

impl Sketch {
    fn step(&mut self, at: u64, row: Table) {
        self.steps.push((at, row));
    }
}

/// The `n`-th plan of a seed: a function of the three arguments alone.
pub fn draw(seed: Seed, n: u64, weights: &Weights) -> Document {
    let mut dice = Dice::of(seed, "explore", n);
    let mut timing = timing::Timing::draw(&mut dice);
    let cast = cast::Cast::draw(&mut dice, &timing);
    set_param(&mut timing.params, "tcp.buffer", whole(BUFFER));
    let tokens = choices::draw(&mut dice, &mut timing, cast.several);
    let mut sketch = Sketch { tokens, ..Sketch::default() };
    life::draw(&mut dice, &cast, &timing, &mut sketch);
    strike::draw(&mut dice, weights, &cast, &timing, &mut sketch);
    let until = timing.until;
    sketch.steps.retain(|(at, _)| *at < until);
    sketch.steps.sort_by_key(|(at, _)| *at);
    let rows = sketch.steps.into_iter().map(|(_, row)| row.into()).collect();
    let mut root = Table::new([
        ("title", format!("plan {n} of seed {}", seed.0).into()),
        ("seed", dice.seed().into()),
        ("until", ms(until).into()),
        ("params", timing.params.into()),
        ("clients", cast.clients.into()),
        ("steps", Value::List(rows)),
    ]);
    if !sketch.react.is_empty() {
        root.set("react", Value::List(sketch.react));
    }
    Document { root }
}

/// A duration as a file writes it.
fn ms(ms: u64) -> String {
    Span::from_ms(ms).to_string()
}

/// A number as a file holds it.
fn whole(number: u64) -> Value {
    i64::try_from(number).expect("small numbers only").into()
}

/// Sets a parameter by its name: `room.heartbeat_timeout` is a key in a table.
fn set_param(params: &mut Table, name: &str, value: impl Into<Value>) {
    let Some((group, key)) = name.split_once('.') else {
        return params.set(name, value);
    };
    if params.get(group).and_then(Value::table).is_none() {
        params.set(group, Table::default());
    }
    if let Some(table) = params.get_mut(group).and_then(Value::table_mut) {
        table.set(key, value);
    }
}
