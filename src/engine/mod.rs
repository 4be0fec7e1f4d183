//! Runs a plan: the same hosts on the same network, by two engines that must agree.
//!
//! - [`Engine::Event`] knows when each host has something to do and jumps from moment to moment.
//! - [`Engine::Turmoil`] runs each host as a turmoil host on a tokio runtime of its own and
//!   carries packets in its datagrams: another clock, another scheduler, another
//!   transport, whose only job is to disagree.
//!
//! What happens at a moment is the same code for both (`World`); when a host is
//! looked at, and how a packet gets to it, is not.
//!
//! ```
//! # use zimsim::{contract, scenario};
//! # let file = scenario::starter("lift");
//! # let plan = scenario::load("lift.toml", file.as_bytes(), &contract::ids()).unwrap();
//! use zimsim::engine::{self, Engine};
//! use zimsim::record::Event;
//!
//! let recording = engine::run(&plan, Engine::Event, false);
//! assert_eq!(recording, engine::run(&plan, Engine::Turmoil, false));
//! let heard = |event: &Event| matches!(event, Event::Callback(_));
//! assert!(recording.records.iter().any(|record| heard(&record.event)));
//! ```

mod befall;
mod event;
mod host;
mod inbox;
mod life;
mod moment;
mod portal;
#[cfg(test)]
mod tests;
mod turmoil;
mod world;

pub use moment::current_moment;

use crate::net::Sighting;
use crate::record::Recording;
use crate::scenario::Plan;
use world::World;

/// Which engine runs a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Event queue; the default.
    Event,
    /// turmoil.
    Turmoil,
}

impl Engine {
    /// Every engine with its name on the command line.
    pub const ALL: &[(&str, Engine)] = &[("event", Engine::Event), ("turmoil", Engine::Turmoil)];
}

/// Runs a plan to its end. `trace` keeps wire events; it changes nothing else.
///
/// # Panics
/// When a host panics, on either engine: that is a bug of zimsim's own.
pub fn run(plan: &Plan, engine: Engine, trace: bool) -> Recording {
    run_world(World::new(plan, trace), plan, engine).0
}

/// As [`run`], and keeps every packet: wherever it is sent or received, by
/// time, then place. The recording is the same.
///
/// # Panics
/// As [`run`].
pub fn run_tapped(plan: &Plan, engine: Engine, trace: bool) -> (Recording, Vec<Sighting>) {
    run_world(World::new(plan, trace).tap(), plan, engine)
}

fn run_world(world: World, plan: &Plan, engine: Engine) -> (Recording, Vec<Sighting>) {
    match engine {
        Engine::Event => event::run(world, plan.until),
        Engine::Turmoil => turmoil::run(world, plan.seed, plan.until),
    }
}
