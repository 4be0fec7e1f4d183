//! What an administrator does through the server's own interface.

use super::Server;
use crate::protocol::{RoomEnd, SessionEnd};
use crate::record::{AdminAct, Event, Victim};
use crate::time::Now;
use crate::zim::{RoomId, UserId};

impl Server {
    pub(super) fn admin(&mut self, now: Now, act: AdminAct) {
        let victims = self.victims(&act);
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
        self.out.note(Event::Admin { act, hit, victims });
    }

    /// Whom an act is about to strike, by name.
    fn victims(&self, act: &AdminAct) -> Vec<Victim> {
        let sessions: Vec<_> = match act {
            AdminAct::DestroyRoom { room } => {
                let room = self.memory.rooms.get(room);
                room.map(|room| room.members.iter().copied().collect()).unwrap_or_default()
            }
            AdminAct::KickFromRoom { room, user } => self.members_of(room, user),
            AdminAct::KickUser { user } | AdminAct::Unregister { user } => {
                self.memory.sessions_of(user)
            }
        };
        let session = |id| self.memory.sessions.get(id);
        let named = sessions.iter().filter_map(session);
        let mut victims: Vec<_> = named
            .map(|session| Victim { user: session.user.clone(), device: session.device.clone() })
            .collect();
        victims.sort();
        victims
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
