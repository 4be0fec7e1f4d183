//! The server in its own terms: frames in, frames out, no network.

mod bench;
mod mail;
mod rooms;
mod sessions;
