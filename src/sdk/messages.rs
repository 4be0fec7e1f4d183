//! Peer messages that met a broken link: held for a while, and sent again at T1.

use super::Common;
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
    /// When it has waited too long, whatever it waits for.
    pub until: Time,
}

/// Messages that wait for the link, in the order of their calls.
#[derive(Default)]
pub(super) struct Held {
    messages: Vec<Message>,
}

impl Held {
    /// Holds a message for as long as it may wait; at least for this moment.
    pub fn add(&mut self, now: Now, message: Message) {
        let until = message.until.max(now.time + Time::QUANTUM);
        self.messages.push(Message { until, ..message });
    }

    /// Answers the calls of those that have waited too long.
    pub fn expire(&mut self, common: &mut Common, now: Now) {
        let messages = std::mem::take(&mut self.messages);
        let (over, still) = messages.into_iter().partition(|message| message.until <= now.time);
        self.messages = still;
        let over: Vec<Message> = over;
        for message in over {
            let code = common.params.message_resend_code;
            common.result(message.call, CallKind::SendPeerMessage, code);
        }
    }

    /// Answers all calls: there will be no link.
    pub fn fail(self, common: &mut Common, code: ErrorCode) {
        for message in self.messages {
            common.result(message.call, CallKind::SendPeerMessage, code);
        }
    }

    /// Takes all that wait, oldest first.
    pub fn into_messages(self) -> impl Iterator<Item = Message> {
        self.messages.into_iter()
    }

    /// When the next one has waited too long.
    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        self.messages.iter().map(|message| (message.until, "held message")).min()
    }
}
