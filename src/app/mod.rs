//! The app that drives an SDK: it acts at scripted times and reacts to what it hears.

mod script;

pub use script::{Act, Policy, Reaction, Script, TokenQuality, TokenSpec};
