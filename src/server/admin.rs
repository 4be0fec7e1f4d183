//! What an administrator does through the server's own interface.

use super::Server;
use crate::protocol::{RoomEnd, SessionEnd};
use crate::record::{AdminAct, Event};
use crate::time::Now;
use crate::zim::{RoomId, UserId};

impl Server {
    pub(super) fn admin(&mut self, now: Now, act: AdminAct) {
        let hit = match &act {
            AdminAct::DestroyRoom { room } => self.destroy(room),
            AdminAct::KickFromRoom { room, user } => self.kick_from_room(now, room, user),
            AdminAct::KickUser { user } => self.end_all(now, user, SessionEnd::KickedOut),
            AdminAct::Unregister { user } => {
                self.end_all(now, user, SessionEnd::Unregistered);
                self.memory.unregistered.insert(user.clone());
                self.memory.accounts.remove(user)
            }
        };
        self.out.note(Event::Admin { act, hit });
    }

    fn kick_from_room(&mut self, now: Now, room: &RoomId, user: &UserId) -> bool {
        let members = self.members_of(room, user);
        for id in &members {
            self.put_out(now, *id, room, RoomEnd::Kicked);
        }
        !members.is_empty()
    }

    fn end_all(&mut self, now: Now, user: &UserId, cause: SessionEnd) -> bool {
        let sessions = self.memory.sessions_of(user);
        for id in &sessions {
            self.end_session(now, *id, Some(cause));
        }
        !sessions.is_empty()
    }
}
