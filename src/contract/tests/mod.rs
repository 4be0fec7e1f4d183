//! Every row: one recording that holds it, and recordings that must be reported.

mod expectations;
mod expiry_away;
mod grades;
mod network;
mod rooms;
mod session;
mod token;
mod trouble;
