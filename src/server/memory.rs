//! What a server knows beyond its connections: what a restart may keep or lose.

use super::history::History;
use crate::protocol::{SessionEnd, SessionRef, Standing};
use crate::record::ConnId;
use crate::time::{Now, Time, Wall};
use crate::zim::{DeviceId, RoomId, UserId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The server's number for a session, unlike any other in the run.
pub(super) type SessionId = u64;

/// Accounts, sessions, rooms and undelivered messages.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) sessions: BTreeMap<SessionId, Session>,
    /// The sessions of each user.
    pub(super) by_user: BTreeMap<UserId, BTreeSet<SessionId>>,
    /// Sessions that have ended for good, for the client that comes back to one.
    pub(super) ended: BTreeMap<SessionId, SessionEnd>,
    pub(super) rooms: BTreeMap<RoomId, Room>,
    pub(super) mail: BTreeMap<UserId, Mailbox>,
    /// Everybody who has ever logged in.
    pub(super) accounts: BTreeSet<UserId>,
    pub(super) unregistered: BTreeSet<UserId>,
    next_session: SessionId,
    /// What message numbers begin behind; no two processes share it, so that a receiver
    /// never takes a new message for one it has.
    first_number: u64,
}

/// One user on one device, from login to logout, kick or expiry; breaks included.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub user: UserId,
    pub device: DeviceId,
    /// When the user logged in, in ms; a reconnection keeps it.
    pub since: u64,
    /// The session that its client came back to, if no server knew that one any more. Until it
    /// has heard of its new one it comes back to that again.
    pub instead_of: Option<SessionId>,
    pub token_expires: Option<Wall>,
    pub last_heard: Time,
    pub presence: Presence,
    /// When it last came online; messages of before were missed.
    pub online_since: Time,
    pub rooms: BTreeSet<RoomId>,
    /// The highest peer message it has confirmed.
    pub has_mail_upto: u64,
    /// The newest of its own messages that was answered, as its SDK counts them.
    pub last_message: u64,
    /// Those of them that were refused.
    pub refused_messages: BTreeSet<u64>,
}

/// Whether a session's client is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// On this connection, which may be dead without the server knowing.
    Online(ConnId),
    /// Not heard of since the server started.
    Unheard,
    /// Seen to be gone.
    Offline,
}

/// A room with its members, and why former members are out.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    pub members: BTreeSet<SessionId>,
    /// Sessions that the server put out of the room.
    pub out: BTreeMap<SessionId, Standing>,
    /// Since when nobody is in it.
    pub empty_since: Option<Time>,
    pub history: History,
}

/// Peer messages to one user that some session has not confirmed.
#[derive(Clone, Debug)]
pub(super) struct Mailbox {
    pub last_number: u64,
    pub waiting: VecDeque<Mail>,
    /// The highest number that any session has confirmed; a new login begins behind it.
    pub confirmed: u64,
}

/// A peer message.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub number: u64,
    pub from: UserId,
    pub text: String,
    pub at: Time,
}

impl Memory {
    /// An empty memory of the server's `incarnation`-th process. Its session numbers are
    /// unlike those of any other.
    pub fn new(incarnation: u32) -> Memory {
        let first = u64::from(incarnation) << 32;
        Memory { next_session: first, first_number: first, ..Memory::default() }
    }

    /// What is left when a process dies without saving: the accounts, which live elsewhere.
    pub fn lost(&self, incarnation: u32) -> Memory {
        let accounts = self.accounts.clone();
        let unregistered = self.unregistered.clone();
        Memory { accounts, unregistered, ..Memory::new(incarnation) }
    }

    /// Nobody is connected to a process that has just started.
    pub(super) fn wake(&mut self, now: Now) {
        for session in self.sessions.values_mut() {
            session.last_heard = now.time;
            if let Presence::Online(_) = session.presence {
                session.presence = Presence::Unheard;
            }
        }
    }

    /// Adds a session and names it.
    pub(super) fn add(&mut self, session: Session) -> SessionRef {
        self.next_session += 1;
        let id = self.next_session;
        let since = session.since;
        self.accounts.insert(session.user.clone());
        self.by_user.entry(session.user.clone()).or_default().insert(id);
        self.sessions.insert(id, session);
        SessionRef { id, since }
    }

    /// Takes a session out.
    pub(super) fn remove(&mut self, id: SessionId) -> Option<Session> {
        let session = self.sessions.remove(&id)?;
        if let Some(ids) = self.by_user.get_mut(&session.user) {
            ids.remove(&id);
        }
        Some(session)
    }

    /// The user's mailbox.
    pub(super) fn mailbox(&mut self, user: &UserId) -> &mut Mailbox {
        let first = self.first_number;
        self.mail.entry(user.clone()).or_insert_with(|| Mailbox {
            last_number: first,
            waiting: VecDeque::new(),
            confirmed: first,
        })
    }

    /// The user's sessions, oldest number first.
    pub(super) fn sessions_of(&self, user: &UserId) -> Vec<SessionId> {
        self.by_user.get(user).map(|ids| ids.iter().copied().collect()).unwrap_or_default()
    }
}
