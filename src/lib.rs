//! zimsim runs an instant-messaging client SDK and its server in a deterministic
//! simulated network. (Architecture notes follow when the modules are all there.)

pub mod app;
pub mod contract;
pub mod engine;
pub mod net;
pub mod node;
pub mod param;
pub mod protocol;
pub mod record;
pub mod rng;
pub mod scenario;
pub mod sdk;
pub mod server;
pub mod time;
pub mod timeline;
pub mod zim;
