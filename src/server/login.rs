//! Who may log in, who may come back, and who has to go.

use super::Server;
use super::agenda::Timer;
use super::memory::{Presence, Session, SessionId};
use crate::protocol::{RequestId, ServerFrame, SessionEnd, SessionRef};
use crate::record::{ConnId, Event, ServerFact, Wire};
use crate::time::{Now, Span, Wall};
use crate::zim::{DeviceId, ErrorCode, Token, TokenFault, UserId};
use std::collections::BTreeSet;

/// What a client hands in to log in.
pub(super) struct Login {
    pub id: RequestId,
    pub user: UserId,
    pub device: DeviceId,
    pub token: Token,
    pub resume: Option<SessionRef>,
    pub renewed: bool,
}

/// Why a login is refused.
struct Refusal {
    code: ErrorCode,
    ended: Option<SessionEnd>,
}

impl Server {
    /// Works on a login, or lets it wait until those before it are done.
    pub(super) fn take_login(&mut self, now: Now, conn: ConnId, login: Login) {
        let takes = self.params.login_server_time;
        if takes == Span::ZERO {
            return self.login(now, conn, login);
        }
        if let Some(known) = self.conns.get_mut(&conn) {
            known.in_line = true;
        }
        if self.line.is_empty() {
            self.agenda.add(now.time + takes, Timer::LoginDone);
        }
        self.line.push_back((conn, login));
        self.out.note(Event::Wire(Wire::LoginsInLine(self.line.len())));
    }

    /// The login at the head of the line is done, and the next one begins. Connections that
    /// are gone by now take no time.
    pub(super) fn next_login(&mut self, now: Now) {
        if let Some((conn, login)) = self.line.pop_front()
            && let Some(known) = self.conns.get_mut(&conn)
        {
            known.in_line = false;
            self.login(now, conn, login);
        }
        while self.line.front().is_some_and(|(conn, _)| !self.conns.contains_key(conn)) {
            self.line.pop_front();
        }
        if !self.line.is_empty() {
            self.agenda.add(now.time + self.params.login_server_time, Timer::LoginDone);
        }
        self.out.note(Event::Wire(Wire::LoginsInLine(self.line.len())));
    }

    fn login(&mut self, now: Now, conn: ConnId, login: Login) {
        let request = login.id;
        match self.admit(now, conn, login) {
            Ok((session, resumed)) => self.welcome(conn, request, session, resumed),
            Err(Refusal { code, ended }) => {
                self.send(conn, ServerFrame::Refused { id: request, code, ended });
                self.finish(conn);
            }
        }
    }

    fn admit(
        &mut self,
        now: Now,
        conn: ConnId,
        login: Login,
    ) -> Result<(SessionRef, bool), Refusal> {
        self.refuse_ended(&login)?;
        let expires = self.check_token(now, &login)?;
        let (session, resumed) = match self.known_session(&login) {
            Some(known) => (known, true),
            None => (self.new_session(now, &login), false),
        };
        self.comes_online(now, conn, session.id, expires);
        // The newcomer counts; if the earliest login is its own, it is the one to go.
        for loser in self.over_the_limit(&login.user) {
            if loser == session.id {
                self.detach(loser);
                self.end_session(now, loser, Some(SessionEnd::KickedOut));
                let ended = Some(SessionEnd::KickedOut);
                return Err(Refusal { code: ErrorCode::USER_IS_NOT_LOGGED, ended });
            }
            self.end_session(now, loser, Some(SessionEnd::KickedOut));
        }
        Ok((session, resumed))
    }

    /// A session that has ended stays ended. One that ended by its token's expiry may be
    /// succeeded by one with a better token.
    fn refuse_ended(&self, login: &Login) -> Result<(), Refusal> {
        if self.memory.unregistered.contains(&login.user) {
            let ended = login.resume.map(|_| SessionEnd::Unregistered);
            return Err(Refusal { code: ErrorCode::COMMON_ERROR, ended });
        }
        match login.resume.and_then(|resume| self.memory.ended.get(&resume.id)) {
            Some(SessionEnd::KickedOut) => {
                let ended = Some(SessionEnd::KickedOut);
                Err(Refusal { code: ErrorCode::USER_IS_NOT_LOGGED, ended })
            }
            Some(SessionEnd::Unregistered) => {
                let ended = Some(SessionEnd::Unregistered);
                Err(Refusal { code: ErrorCode::COMMON_ERROR, ended })
            }
            Some(SessionEnd::TokenExpired) | None => Ok(()),
        }
    }

    fn check_token(&self, now: Now, login: &Login) -> Result<Option<Wall>, Refusal> {
        if !self.params.token_authentication {
            return Ok(None);
        }
        let expires = match login.token.verify(&login.user, now.wall) {
            Ok(expires) => expires,
            Err(TokenFault::Invalid) => {
                return Err(Refusal { code: ErrorCode::TOKEN_INVALID, ended: None });
            }
            Err(TokenFault::Expired) => {
                return Err(Refusal { code: ErrorCode::TOKEN_EXPIRED, ended: None });
            }
        };
        let too_short = expires.until_from(now.wall) < self.params.token_min_life;
        if too_short && (login.resume.is_none() || login.renewed) {
            return Err(Refusal { code: ErrorCode::TOKEN_TIME_IS_TOO_SHORT, ended: None });
        }
        Ok(Some(expires))
    }

    /// The session that a client comes back to, if the server knows it.
    fn known_session(&self, login: &Login) -> Option<SessionRef> {
        let resume = login.resume?;
        let session = self.memory.sessions.get(&resume.id)?;
        let same = session.user == login.user && session.device == login.device;
        same.then_some(SessionRef { id: resume.id, since: session.since })
    }

    /// Begins a session. A client that comes back to one the server does not know keeps
    /// its place in the order of logins. What the device had before is over: its process
    /// is gone.
    fn new_session(&mut self, now: Now, login: &Login) -> SessionRef {
        for old in self.memory.sessions_of(&login.user) {
            if self.memory.sessions.get(&old).is_some_and(|s| s.device == login.device) {
                self.end_session(now, old, None);
            }
        }
        let forgotten = login.resume.map(|resume| resume.id);
        let forgotten = forgotten.filter(|id| !self.memory.sessions.contains_key(id));
        let confirmed = self.memory.mail.get(&login.user).map_or(0, |mail| mail.confirmed);
        self.memory.add(Session {
            user: login.user.clone(),
            device: login.device.clone(),
            since: login.resume.map_or(now.time.ms(), |resume| resume.since),
            instead_of: forgotten,
            token_expires: None,
            last_heard: now.time,
            presence: Presence::Offline,
            online_since: now.time,
            rooms: BTreeSet::new(),
            has_mail_upto: confirmed,
            last_message: 0,
            refused_messages: BTreeSet::new(),
        })
    }

    fn comes_online(&mut self, now: Now, conn: ConnId, id: SessionId, expires: Option<Wall>) {
        // A connection of before the break is dead, whether the server knew it or not.
        if let Some(dead) = self.memory.sessions.get(&id).and_then(|s| s.presence.conn()) {
            self.abort(dead);
        }
        if let Some(session) = self.memory.sessions.get_mut(&id) {
            session.presence = Presence::Online(conn);
            session.token_expires = expires;
            session.last_heard = now.time;
            session.online_since = now.time;
        }
        if let Some(conn) = self.conns.get_mut(&conn) {
            conn.session = Some(id);
        }
        self.watch(now, id);
    }

    /// Drops a session's connection without a word.
    fn detach(&mut self, id: SessionId) {
        let Some(session) = self.memory.sessions.get_mut(&id) else { return };
        let Some(conn) = session.presence.conn() else { return };
        session.presence = Presence::Offline;
        if let Some(conn) = self.conns.get_mut(&conn) {
            conn.session = None;
        }
    }

    /// The sessions that have to go, earliest login first. One that is away counts like any
    /// other: it learns of its end when it comes back, however long that takes.
    fn over_the_limit(&self, user: &UserId) -> Vec<SessionId> {
        let limit = if self.params.login_multi_device { self.params.login_max_devices } else { 1 };
        let limit = usize::try_from(limit).expect("a small number");
        let since = |id: &SessionId| (self.memory.sessions[id].since, *id);
        let mut counted: Vec<(u64, SessionId)> =
            self.memory.sessions_of(user).iter().map(since).collect();
        counted.sort_unstable();
        let surplus = counted.len().saturating_sub(limit);
        counted.into_iter().take(surplus).map(|(_, id)| id).collect()
    }

    fn welcome(&mut self, conn: ConnId, id: RequestId, session: SessionRef, resumed: bool) {
        self.send(conn, ServerFrame::Welcome { id, session });
        let Session { user, device, .. } = &self.memory.sessions[&session.id];
        let (user, device) = (user.clone(), device.clone());
        self.fact(ServerFact::LoggedIn { user, device, resumed });
        self.deliver_mail(session.id);
    }
}
