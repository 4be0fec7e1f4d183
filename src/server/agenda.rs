//! What the server has to look at, and when. Whoever looks checks whether it is still
//! due: a heartbeat need not move its timers.

use super::memory::SessionId;
use crate::record::ConnId;
use crate::time::Time;
use crate::zim::RoomId;
use std::collections::BTreeSet;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// Is the login at the head of the line done?
    LoginDone,
    /// Has anybody logged in on this connection?
    LoginWait(ConnId),
    /// Has this session been heard of lately?
    Silence(SessionId),
    /// Has this session's room heartbeat run out?
    RoomsOut(SessionId),
    /// Has this session's token run out?
    TokenEnd(SessionId),
    /// Has this room been empty for long enough?
    EmptyRoom(RoomId),
}

impl Timer {
    fn name(&self) -> &'static str {
        match self {
            Timer::LoginDone => "login done",
            Timer::LoginWait(_) => "login wait",
            Timer::Silence(_) => "user silence",
            Timer::RoomsOut(_) => "room heartbeat",
            Timer::TokenEnd(_) => "token end",
            Timer::EmptyRoom(_) => "empty room",
        }
    }
}

/// Timers in order of time, then of their kind and subject.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    timers: BTreeSet<(Time, Timer)>,
}

impl Agenda {
    pub fn add(&mut self, at: Time, timer: Timer) {
        self.timers.insert((at, timer));
    }

    /// Takes the first timer that is due.
    pub fn due(&mut self, now: Time) -> Option<Timer> {
        let (at, _) = self.timers.first()?;
        if *at > now {
            return None;
        }
        self.timers.pop_first().map(|(_, timer)| timer)
    }

    pub fn next(&self) -> Option<(Time, &'static str)> {
        self.timers.first().map(|(at, timer)| (*at, timer.name()))
    }
}
