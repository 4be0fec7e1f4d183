//! The life of a session after its login: silence, expiry, and its end.

use super::agenda::Timer;
use super::memory::{Presence, Session, SessionId};
use super::{Server, after};
use crate::param::TokenClock;
use crate::protocol::{ServerFrame, SessionEnd};
use crate::record::ServerFact;
use crate::time::{Now, Span, Time};

impl Server {
    /// Looks after a session from now on: its silence, its rooms, its token.
    pub(super) fn watch(&mut self, now: Now, id: SessionId) {
        self.agenda.add(after(now, self.silence_span()), Timer::Silence(id));
        self.watch_rooms(now, id);
        self.watch_token(now, id);
    }

    pub(super) fn silence_span(&self) -> Span {
        self.params.user_offline_after
    }

    /// Looks after a session's room heartbeat, if it is in any room.
    pub(super) fn watch_rooms(&mut self, now: Now, id: SessionId) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        if session.rooms.is_empty() {
            return;
        }
        let at = session.last_heard + self.params.room_heartbeat_timeout;
        self.agenda.add(at.max(now.time + Time::QUANTUM), Timer::RoomsOut(id));
    }

    /// Looks after a session's token, if its end is the server's business.
    pub(super) fn watch_token(&mut self, now: Now, id: SessionId) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        let Some(expires) = session.token_expires else { return };
        match self.params.token_clock {
            TokenClock::Server | TokenClock::Both => {
                self.agenda.add(now.deadline_at_wall(expires), Timer::TokenEnd(id));
            }
            TokenClock::Device => {}
        }
    }

    pub(super) fn clock_jumped(&mut self, now: Now) {
        let ids: Vec<_> = self.memory.sessions.keys().copied().collect();
        for id in ids {
            self.watch_token(now, id);
        }
    }

    /// A sign of life.
    pub(super) fn heard(&mut self, now: Now, id: SessionId) {
        if let Some(session) = self.memory.sessions.get_mut(&id) {
            session.last_heard = now.time;
        }
    }

    /// Is a session silent for too long? Then its user is offline, and its connection, if
    /// there is still one, is dead.
    pub(super) fn silence(&mut self, now: Now, id: SessionId) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        if session.presence == Presence::Offline {
            return;
        }
        let due = session.last_heard + self.silence_span();
        if due > now.time {
            self.agenda.add(due, Timer::Silence(id));
            return;
        }
        let conn = session.presence.conn();
        self.goes_offline(id);
        if let Some(conn) = conn {
            self.abort(conn);
        }
    }

    pub(super) fn goes_offline(&mut self, id: SessionId) {
        let Some(session) = self.memory.sessions.get_mut(&id) else { return };
        session.presence = Presence::Offline;
        let (user, device) = (session.user.clone(), session.device.clone());
        self.fact(ServerFact::UserOffline { user, device });
    }

    /// Has a connected session's token run out? Its client is told, and logs out. One that
    /// can't be told is judged by the token it brings when it comes back.
    pub(super) fn token_end(&mut self, now: Now, id: SessionId) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        let Some(expires) = session.token_expires else { return };
        if expires > now.wall {
            return self.watch_token(now, id);
        }
        self.push(id, ServerFrame::Ended { cause: SessionEnd::TokenExpired });
    }

    /// A client says that its session is over: by the app's `logout`, or because the token
    /// has run out.
    pub(super) fn log_out(&mut self, now: Now, id: SessionId) {
        let expires = self.memory.sessions.get(&id).and_then(|session| session.token_expires);
        let expired = expires.is_some_and(|at| at <= now.wall);
        self.end_session(now, id, expired.then_some(SessionEnd::TokenExpired));
    }

    /// Ends a session for good and tells its client, if it can be told. `None`: the user
    /// left by itself.
    pub(super) fn end_session(&mut self, now: Now, id: SessionId, cause: Option<SessionEnd>) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        let conn = session.presence.conn();
        match (conn, cause) {
            (Some(conn), Some(cause @ (SessionEnd::KickedOut | SessionEnd::Unregistered))) => {
                self.send(conn, ServerFrame::Ended { cause });
            }
            // It is the client that says so.
            (Some(_), Some(SessionEnd::TokenExpired) | None) | (None, _) => {}
        }
        if let Some(conn) = conn {
            self.finish(conn);
        }
        self.leave_all(now, id);
        // A device's earlier process never comes back; should it, it has been replaced.
        self.memory.ended.insert(id, cause.unwrap_or(SessionEnd::KickedOut));
        let Some(Session { user, device, instead_of, .. }) = self.memory.remove(id) else { return };
        // One that the user left by itself is followed by another, which is as good.
        if let Some((forgotten, cause)) = instead_of.zip(cause) {
            self.memory.ended.insert(forgotten, cause);
        }
        self.fact(ServerFact::SessionEnded { user, device, cause });
    }
}
