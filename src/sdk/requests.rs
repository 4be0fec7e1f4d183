//! Requests that wait for the server's answer.

use super::{Common, Message, after};
use crate::protocol::RequestId;
use crate::time::{Now, Time};
use crate::zim::{CallId, CallKind, ErrorCode, RoomId, Token};
use std::collections::BTreeMap;

/// The requests in flight on one connection.
#[derive(Default)]
pub(super) struct Requests {
    waiting: BTreeMap<RequestId, Request>,
    /// Leaves whose calls were given up, and which the server may still carry out.
    late_leaves: BTreeMap<RequestId, RoomId>,
}

/// A request on behalf of a call of the app.
pub(super) struct Request {
    pub call: CallId,
    pub kind: CallKind,
    pub about: About,
    by: Time,
}

/// What the answer will change here.
pub(super) enum About {
    /// Nothing; only the call waits for it.
    Nothing,
    /// This room: it is being entered or left.
    Room(RoomId),
    /// This token: it is to replace the old one.
    Token(Token),
    /// This message: after a break it is sent again.
    Message(Message),
}

impl Requests {
    /// Notes that a call waits for the answer to `id`.
    pub fn add(
        &mut self,
        common: &Common,
        now: Now,
        id: RequestId,
        (call, kind): (CallId, CallKind),
        about: About,
    ) {
        let by = match &about {
            // It is held through a break, and has one time for everything.
            About::Message(message) => message.until.max(now.time + Time::QUANTUM),
            About::Nothing | About::Room(_) | About::Token(_) => {
                after(now, common.params.request_timeout)
            }
        };
        self.waiting.insert(id, Request { call, kind, about, by });
    }

    /// Takes the request that this answer belongs to; `None` if it was given up.
    pub fn answered(&mut self, id: RequestId) -> Option<Request> {
        self.waiting.remove(&id)
    }

    /// Takes the oldest request whose time is over.
    pub fn overdue(&mut self, now: Now) -> Option<(RequestId, Request)> {
        let id = self.waiting.iter().find(|(_, r)| r.by <= now.time).map(|(id, _)| *id)?;
        self.waiting.remove_entry(&id)
    }

    /// Keeps in mind a leave whose call was given up.
    pub fn keep_in_mind(&mut self, id: RequestId, room: RoomId) {
        self.late_leaves.insert(id, room);
    }

    /// The room that this answer is about, if it answers a leave that was given up.
    pub fn late_leave(&mut self, id: RequestId) -> Option<RoomId> {
        self.late_leaves.remove(&id)
    }

    /// Takes all that wait, oldest first.
    pub fn drain(&mut self) -> impl Iterator<Item = Request> + use<> {
        std::mem::take(&mut self.waiting).into_values()
    }

    /// When the next one is overdue.
    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        self.waiting.values().map(|request| (request.by, "request timeout")).min()
    }
}

impl Request {
    /// Answers the call.
    pub fn answer(&self, common: &mut Common, code: ErrorCode) {
        common.result(self.call, self.kind, code);
    }
}
