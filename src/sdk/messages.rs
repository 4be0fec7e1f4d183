//! Peer messages that met a broken link: held for a while, and sent again at T1.

use super::{Common, after};
use crate::time::{Now, Time};
use crate::zim::{CallId, CallKind, ErrorCode, UserId};

/// A peer message and the call that waits for it.
#[derive(Clone)]
pub(super) struct Message {
    pub call: CallId,
    pub to: UserId,
    pub text: String,
    /// Tells the server that a message sent again is one it may have.
    pub key: u64,
}

/// Messages that wait for the link, in the order of their calls.
#[derive(Default)]
pub(super) struct Held {
    messages: Vec<(Message, Time)>,
}

impl Held {
    /// Holds a message for as long as one may wait.
    pub fn add(&mut self, common: &Common, now: Now, message: Message) {
        self.messages.push((message, after(now, common.params.message_resend_window)));
    }

    /// Answers the calls of those that have waited too long.
    pub fn expire(&mut self, common: &mut Common, now: Now) {
        let messages = std::mem::take(&mut self.messages);
        let (over, still) = messages.into_iter().partition(|(_, until)| *until <= now.time);
        self.messages = still;
        let over: Vec<(Message, Time)> = over;
        for (message, _) in over {
            let code = common.params.message_resend_code;
            common.result(message.call, CallKind::SendPeerMessage, code);
        }
    }

    /// Answers all calls: there will be no link.
    pub fn fail(self, common: &mut Common, code: ErrorCode) {
        for (message, _) in self.messages {
            common.result(message.call, CallKind::SendPeerMessage, code);
        }
    }

    /// Takes all that wait, oldest first.
    pub fn into_messages(self) -> impl Iterator<Item = Message> {
        self.messages.into_iter().map(|(message, _)| message)
    }

    /// When the next one has waited too long.
    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        self.messages.iter().map(|(_, until)| (*until, "held message")).min()
    }
}
