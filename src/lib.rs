//! zimsim runs an instant-messaging client SDK and its server inside a deterministic
//! simulated network, and checks what the app above the SDK is told when the network fails.
//!
//! The SDK and the server are a model, written from the public documentation of ZEGO's ZIM
//! SDK. That a row of the documented tables is *held* means that this model agrees with the
//! document; it says nothing about ZEGO's own binary.
//!
//! # The walk
//! ```text
//! scenario file ──load──▶ Plan ──run(engine)──▶ Recording ──check──▶ Report ──text──▶ timeline
//! ```
//! Every stage is a function of the one before it and of nothing else: no clock, no
//! operating system's randomness, no order of a hash table. The same file and seed give the
//! same bytes.
//!
//! ```
//! use zimsim::{contract, engine, scenario, timeline};
//!
//! let file = r#"
//! title   = "alice loses the network for half a minute"
//! until   = "90s"
//! clients = { alice = {} }
//! steps = [
//!   { at = "0s",  client = "alice", call = "login" },
//!   { at = "12s", cut = "alice", for = "30s", name = "tunnel" },
//! ]
//! expect = [ { client = "alice", row = "1.connected", from = "tunnel.end", within = "40s" } ]
//! "#;
//! let plan = scenario::load("tunnel.toml", file.as_bytes(), &contract::ids())
//!     .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
//! let recording = engine::run(&plan, engine::Engine::Event, false);
//! let report = contract::check(&plan, &recording);
//! assert!(report.held(), "{}", timeline::text(&plan, &recording, &report, false));
//! ```
//!
//! # The modules, each using only those above it
//! | module | what it is |
//! |---|---|
//! | [`time`], [`rng`] | virtual time in whole milliseconds; one seed split into labelled streams |
//! | [`zim`] | the public vocabulary: states, events, error codes, calls, callbacks |
//! | [`param`] | every duration and choice, with its mark (documented or chosen) and source |
//! | [`protocol`] | what client and server say to each other: JSON in WebSocket messages |
//! | [`record`] | the closed set of events that a run leaves behind |
//! | [`node`] | the seam between a core and whatever runs it |
//! | [`sdk`], [`server`], [`app`] | the three cores; none knows another |
//! | [`net`] | what becomes of a packet; a host's TCP/IP stack |
//! | [`scenario`] | file, mistakes, plan |
//! | [`engine`] | runs a plan: by an event queue, or on turmoil |
//! | [`capture`] | a run's packets as a file for Wireshark |
//! | [`contract`] | the document's rows as data, and whether a recording keeps them |
//! | [`timeline`], [`report`] | a run as text and as JSON; as a page, a site, a diagram |
//! | [`explain`] | what a word means, and which scenarios show it |
//! | [`explore`] | draws plans, sweeps moments, finds boundaries, shrinks what fails |
//!
//! # What is absent, on purpose
//! - A core owns no socket, reads no clock and draws no randomness of its own: time comes in
//!   as a parameter, effects are polled out, random streams are handed in.
//! - No core knows which engine runs it, and what happens at a moment is the same code for
//!   both engines.
//! - A check sees the plan and the recording, never an engine; no core imports a table of
//!   the contract. A check that reads the same constant as the code proves nothing.
//! - A fault is an act on the network or on a host. The cores never see one.
//! - Bytes from a peer never panic anything: they end their connection.

#![deny(missing_docs)]

pub mod app;
pub mod capture;
pub mod contract;
pub mod engine;
pub mod explain;
pub mod explore;
pub mod net;
pub mod node;
pub mod param;
pub mod protocol;
pub mod record;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod sdk;
pub mod server;
pub mod time;
pub mod timeline;
pub mod zim;
