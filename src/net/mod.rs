//! The simulated network and the hosts' TCP/IP stacks.
//!
//! [`Net`] decides every packet's fate once, and both engines ask it. [`Stack`] is one
//! host's TCP/IP: whole IP packets from a real TCP (smoltcp), no sockets of the machine.

mod address;
mod effect;
mod fault;
mod flight;
mod flows;
mod impair;
mod lane;
mod layers;
mod ledger;
mod link;
mod model;
mod nat;
mod packet;
mod profile;
mod receipt;
mod remark;
mod stack;
mod tap;
#[cfg(test)]
mod tests;

pub use fault::{
    Direction, Fault, HostFault, NameAnswer, PortalAnswer, ResetEnd, Rhythm, ServerState,
};
pub use layers::{Layers, LinkChange, NatLayers};
pub use link::{
    Bandwidth, Bursts, Distribution, GilbertElliott, LinkSettings, LinkUpdate, NatSettings,
    Unmapped,
};
pub use model::Net;
pub use nat::NatLoss;
#[cfg(test)]
pub(crate) use packet::receiver;
pub use packet::{Fate, Flight, Packet, Sent, Stamp, describe};
pub use profile::{Evidence, Profile, Provenance};
pub use stack::{Stack, StackConfig, StackEvent};
pub use tap::{Cause, Fortune, Loss, Place, Seen, Sighting};
