//! Peer messages: kept until their receiver confirms them, so that none is lost to a
//! connection that was dead without the server knowing.

use super::Server;
use super::memory::{Mail, SessionId};
use crate::protocol::ServerFrame;
use crate::time::Now;
use crate::zim::{ErrorCode, UserId};

impl Server {
    /// Takes a message for a user and pushes it to each of its devices that is online.
    ///
    /// # Errors
    /// 6000204 where nobody of that name has ever logged in.
    pub(super) fn peer_message(
        &mut self,
        now: Now,
        id: SessionId,
        to: &UserId,
        text: String,
        key: u64,
    ) -> Result<(), ErrorCode> {
        let nobody = !self.memory.accounts.contains(to) || self.memory.unregistered.contains(to);
        let Some(session) = self.memory.sessions.get_mut(&id) else { return Ok(()) };
        // Sent again because the first answer was lost, not the message: it gets that answer.
        if key <= session.last_message {
            return match session.refused_messages.contains(&key) {
                true => Err(ErrorCode::TARGET_DOES_NOT_EXIST),
                false => Ok(()),
            };
        }
        session.last_message = key;
        if nobody {
            session.refused_messages.insert(key);
            return Err(ErrorCode::TARGET_DOES_NOT_EXIST);
        }
        let from = session.user.clone();
        let mailbox = self.memory.mailbox(to);
        mailbox.last_number += 1;
        let number = mailbox.last_number;
        mailbox.waiting.push_back(Mail {
            number,
            from: from.clone(),
            text: text.clone(),
            at: now.time,
        });
        for session in self.memory.sessions_of(to) {
            let (from, text) = (from.clone(), text.clone());
            self.push(session, ServerFrame::PeerMessage { number, from, text, offline: false });
        }
        Ok(())
    }

    /// Pushes what a session that has just come online has not confirmed.
    pub(super) fn deliver_mail(&mut self, id: SessionId) {
        let session = &self.memory.sessions[&id];
        let (has, online_since) = (session.has_mail_upto, session.online_since);
        let Some(mailbox) = self.memory.mail.get(&session.user) else { return };
        let missing: Vec<_> =
            mailbox.waiting.iter().filter(|mail| mail.number > has).cloned().collect();
        for Mail { number, from, text, at } in missing {
            let offline = at < online_since;
            self.push(id, ServerFrame::PeerMessage { number, from, text, offline });
        }
    }

    /// A session confirms its messages up to a number; what everybody has is dropped.
    pub(super) fn got_mail(&mut self, id: SessionId, upto: u64) {
        let Some(session) = self.memory.sessions.get_mut(&id) else { return };
        let user = session.user.clone();
        let Some(mailbox) = self.memory.mail.get_mut(&user) else { return };
        session.has_mail_upto = session.has_mail_upto.max(upto.min(mailbox.last_number));
        mailbox.confirmed = mailbox.confirmed.max(session.has_mail_upto);
        let sessions = &self.memory.sessions;
        let ids = self.memory.by_user.get(&user).into_iter().flatten();
        let all_have = ids.map(|id| sessions[id].has_mail_upto).min().unwrap_or(0);
        while mailbox.waiting.front().is_some_and(|mail| mail.number <= all_have) {
            mailbox.waiting.pop_front();
        }
    }
}
