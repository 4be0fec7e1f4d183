//! The SDK in its own terms: inputs in, outputs out, no network.

mod bench;
mod link;
mod requests;
mod token;
