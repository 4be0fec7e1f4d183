//! Events below what an app can see, in words. The form is for eyes only: no snapshot
//! holds it.

use crate::protocol::{RoomEnd, SessionEnd, Standing};
use crate::record::{CloseCause, ConnId, Event, ServerFact, Wire};
use serde::Serialize;

/// A server's fact or a wire event in one line; empty for a public event.
pub fn event(event: &Event) -> String {
    match event {
        Event::Server(fact) => format!("= {}", fact_words(fact)),
        Event::Wire(wire) => format!(". {}", wire_words(wire)),
        Event::Called { .. }
        | Event::Result { .. }
        | Event::Callback(_)
        | Event::Shown { .. }
        | Event::FaultBegan(_)
        | Event::FaultEnded(_)
        | Event::FaultPhase(..)
        | Event::LinkChanged(_)
        | Event::ProcessDied
        | Event::ProcessStarted
        | Event::Admin { .. } => String::new(),
    }
}

fn fact_words(fact: &ServerFact) -> String {
    match fact {
        ServerFact::LoggedIn { user, device, resumed: true } => {
            format!("{user} is back on {device}")
        }
        ServerFact::LoggedIn { user, device, resumed: false } => {
            format!("{user} logged in on {device}")
        }
        ServerFact::SessionEnded { user, device, cause } => {
            format!("session of {user} on {device} ended: {}", session_end(*cause))
        }
        ServerFact::UserOffline { user, device } => format!("{user} on {device} is offline"),
        ServerFact::Entered { room, user, device } => format!("{user} on {device} is in {room}"),
        ServerFact::Left { room, user, device, cause } => {
            format!("{user} on {device} is out of {room}: {}", room_end(*cause))
        }
        ServerFact::RoomDestroyed { room } => format!("{room} is gone"),
        ServerFact::Answered { user, device, room, standing } => {
            format!("is {user} on {device} in {room}? {}", standing.words())
        }
    }
}

fn wire_words(wire: &Wire) -> String {
    match wire {
        Wire::Attempt { conn, number } => format!("attempt {number} on {}", conn_words(*conn)),
        Wire::Asked { room } => format!("asks: in {room}?"),
        Wire::TokenHeld { expires } => format!("token runs out at wall {} ms", expires.ms()),
        Wire::ClientSent(conn, frame) => format!("{} sends {}", conn_words(*conn), json(frame)),
        Wire::ServerSent(conn, frame) => format!("{} sends {}", conn_words(*conn), json(frame)),
        Wire::ServerGot(conn, frame) => format!("{} got {}", conn_words(*conn), json(frame)),
        Wire::ClientGot(conn, frame) => format!("{} got {}", conn_words(*conn), json(frame)),
        Wire::Opened(conn) => format!("{} open", conn_words(*conn)),
        Wire::Closed(conn, cause) => format!("{} closed: {}", conn_words(*conn), closed(*cause)),
        Wire::Misbehaved(conn, why) => format!("{} in trouble: {why}", conn_words(*conn)),
        Wire::State { from, to } => format!("state {from} -> {to}"),
        Wire::LoginsInLine(line) => format!("{line} logins in line"),
        Wire::BackedOff { wait } => format!("waits {wait}"),
        Wire::Segment(summary) => format!("segment {summary}"),
        Wire::Link(what) => format!("link {what}"),
        Wire::Ignored(what) => format!("ignored {what}"),
    }
}

fn conn_words(conn: ConnId) -> String {
    format!("c{}", conn.0)
}

/// A frame as it goes over the wire.
fn json(frame: &impl Serialize) -> String {
    serde_json::to_string(frame).expect("a frame has string keys and no fallible parts")
}

/// Why a session ended, in a word.
pub fn session_end(cause: Option<SessionEnd>) -> &'static str {
    match cause {
        None => "logout",
        Some(SessionEnd::KickedOut) => "kicked_out",
        Some(SessionEnd::TokenExpired) => "token_expired",
        Some(SessionEnd::Unregistered) => "unregistered",
    }
}

/// Why a user's time in a room ended, in a word.
pub fn room_end(cause: Option<RoomEnd>) -> &'static str {
    match cause {
        None => "left",
        Some(RoomEnd::Destroyed) => "destroyed",
        Some(RoomEnd::Kicked) => "kicked",
        Some(RoomEnd::OtherDevice) => "other_device",
        Some(RoomEnd::TimedOut) => "timed_out",
    }
}

/// How a user stands in a room, in a word.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::In => "in",
        Standing::TimedOut => "timed_out",
        Standing::Gone => "gone",
        Standing::Kicked => "kicked",
        Standing::OtherDevice => "other_device",
        Standing::Out => "out",
    }
}

/// Why a connection is over, in a word.
pub fn closed(cause: CloseCause) -> &'static str {
    match cause {
        CloseCause::Finished => "finished",
        CloseCause::Reset => "reset",
        CloseCause::Refused => "refused",
        CloseCause::TimedOut => "timed_out",
        CloseCause::NoPort => "no_port",
        CloseCause::NoSuchHost => "no_such_host",
    }
}
