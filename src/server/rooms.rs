//! Rooms: who is in them, who is put out, and when they end.

use super::Server;
use super::agenda::Timer;
use super::memory::{Room, Session, SessionId};
use crate::protocol::{EnterHow, RoomEnd, ServerFrame, Standing};
use crate::record::ServerFact;
use crate::time::Now;
use crate::zim::{ErrorCode, RoomId, UserId};

impl Server {
    /// A session comes into a room.
    ///
    /// # Errors
    /// 6000322 to 6000325, as documented for the three calls.
    pub(super) fn enter(
        &mut self,
        now: Now,
        id: SessionId,
        room: &RoomId,
        how: EnterHow,
    ) -> Result<(), ErrorCode> {
        let exists = self.memory.rooms.contains_key(room);
        let session = &self.memory.sessions[&id];
        if session.rooms.contains(room) && how != EnterHow::Create {
            return Ok(());
        }
        match (how, exists) {
            (EnterHow::Create, true) => return Err(ErrorCode::THE_ROOM_ALREADY_EXISTS),
            (EnterHow::Join, false) => return Err(ErrorCode::THE_ROOM_DOES_NOT_EXIST),
            (EnterHow::Create | EnterHow::Enter, false) => {
                if self.memory.rooms.len() >= limit(self.params.room_max_per_app) {
                    return Err(ErrorCode::THE_NUMBER_OF_EXISTING_ROOMS_HAS_REACHED_LIMIT);
                }
            }
            (EnterHow::Join | EnterHow::Enter, true) => {}
        }
        if session.rooms.len() >= limit(self.params.room_max_per_user) {
            return Err(ErrorCode::THE_NUMBER_OF_JOINED_ROOMS_HAS_REACHED_LIMIT);
        }
        self.add_member(now, id, room);
        Ok(())
    }

    fn add_member(&mut self, now: Now, id: SessionId, name: &RoomId) {
        let Session { user, device, .. } = &self.memory.sessions[&id];
        let (user, device) = (user.clone(), device.clone());
        let own_others = self.members_of(name, &user);
        let room = self.memory.rooms.entry(name.clone()).or_default();
        room.members.insert(id);
        room.history.enters(id);
        room.out.remove(&id);
        room.empty_since = None;
        if let Some(session) = self.memory.sessions.get_mut(&id) {
            session.rooms.insert(name.clone());
        }
        self.watch_rooms(now, id);
        self.fact(ServerFact::Entered { room: name.clone(), user: user.clone(), device });
        if own_others.is_empty() {
            let frame = ServerFrame::MemberJoined { room: name.clone(), member: user.clone() };
            self.tell_others(name, &user, &frame);
        } else if self.params.room_one_device {
            for other in own_others {
                self.put_out(now, other, name, RoomEnd::OtherDevice);
            }
        }
    }

    /// A session leaves a room by itself.
    ///
    /// # Errors
    /// 6000321 where it is not in the room.
    pub(super) fn leave(
        &mut self,
        now: Now,
        id: SessionId,
        room: &RoomId,
    ) -> Result<(), ErrorCode> {
        if !self.memory.sessions[&id].rooms.contains(room) {
            return Err(ErrorCode::USER_IS_NOT_IN_THE_ROOM);
        }
        self.remove_member(now, id, room, None);
        Ok(())
    }

    /// A session that ends leaves all its rooms.
    pub(super) fn leave_all(&mut self, now: Now, id: SessionId) {
        let rooms = self.memory.sessions.get(&id).map(|s| s.rooms.clone()).unwrap_or_default();
        for room in rooms {
            self.remove_member(now, id, &room, None);
        }
    }

    /// Puts a session out of a room: tells it if it is there, and remembers why.
    pub(super) fn put_out(&mut self, now: Now, id: SessionId, room: &RoomId, cause: RoomEnd) {
        let standing = match cause {
            RoomEnd::Destroyed => Standing::Gone,
            RoomEnd::Kicked => Standing::Kicked,
            RoomEnd::OtherDevice => Standing::OtherDevice,
            RoomEnd::TimedOut => Standing::TimedOut,
        };
        if let Some(room) = self.memory.rooms.get_mut(room) {
            room.out.insert(id, standing);
        }
        self.push(id, ServerFrame::RoomEnded { room: room.clone(), cause });
        self.remove_member(now, id, room, Some(cause));
    }

    fn remove_member(&mut self, now: Now, id: SessionId, name: &RoomId, cause: Option<RoomEnd>) {
        let Some(session) = self.memory.sessions.get_mut(&id) else { return };
        session.rooms.remove(name);
        let (user, device) = (session.user.clone(), session.device.clone());
        let Some(room) = self.memory.rooms.get_mut(name) else { return };
        room.members.remove(&id);
        room.history.leaves(id);
        if room.members.is_empty() {
            room.empty_since = Some(now.time);
        }
        self.fact(ServerFact::Left { room: name.clone(), user: user.clone(), device, cause });
        if self.members_of(name, &user).is_empty() {
            let frame = ServerFrame::MemberLeft { room: name.clone(), member: user.clone() };
            self.tell_others(name, &user, &frame);
        }
        self.destroy_if_empty(now, name);
    }

    /// Destroys a room that has been empty for `room.destroy_delay`; looks again later if
    /// it has not been for so long.
    pub(super) fn destroy_if_empty(&mut self, now: Now, name: &RoomId) {
        let Some(since) = self.memory.rooms.get(name).and_then(|room| room.empty_since) else {
            return;
        };
        let due = since + self.params.room_destroy_delay;
        if due > now.time {
            self.agenda.add(due, Timer::EmptyRoom(name.clone()));
            return;
        }
        self.memory.rooms.remove(name);
        self.fact(ServerFact::RoomDestroyed { room: name.clone() });
    }

    /// An administrator destroys a room; everybody is out. Whether there was such a room.
    pub(super) fn destroy(&mut self, name: &RoomId) -> bool {
        let Some(room) = self.memory.rooms.get(name) else { return false };
        let members: Vec<_> = room.members.iter().copied().collect();
        // Nobody is told that the others leave: the room itself is gone.
        self.memory.rooms.remove(name);
        for id in members {
            self.push(id, ServerFrame::RoomEnded { room: name.clone(), cause: RoomEnd::Destroyed });
            let Some(session) = self.memory.sessions.get_mut(&id) else { continue };
            session.rooms.remove(name);
            let (user, device) = (session.user.clone(), session.device.clone());
            let cause = Some(RoomEnd::Destroyed);
            self.fact(ServerFact::Left { room: name.clone(), user, device, cause });
        }
        self.fact(ServerFact::RoomDestroyed { room: name.clone() });
        true
    }

    /// Has a session's room heartbeat run out? Then it is out of all its rooms.
    pub(super) fn rooms_out(&mut self, now: Now, id: SessionId) {
        let Some(session) = self.memory.sessions.get(&id) else { return };
        if session.last_heard + self.params.room_heartbeat_timeout > now.time {
            return self.watch_rooms(now, id);
        }
        for room in session.rooms.clone() {
            self.put_out(now, id, &room, RoomEnd::TimedOut);
        }
    }

    /// How a session stands in a room: the answer to the question of T1.
    pub(super) fn standing(&self, id: SessionId, name: &RoomId) -> Standing {
        let Some(room) = self.memory.rooms.get(name) else { return Standing::Gone };
        if room.members.contains(&id) {
            return Standing::In;
        }
        room.out.get(&id).copied().unwrap_or(Standing::Out)
    }

    /// The users in a room, by name.
    pub(super) fn users_in(&self, room: &RoomId) -> Vec<UserId> {
        let members = self.memory.rooms.get(room).into_iter().flat_map(|room| &room.members);
        let mut users: Vec<_> = members.map(|id| self.memory.sessions[id].user.clone()).collect();
        users.sort_unstable();
        users.dedup();
        users
    }

    /// The sessions in a room that belong to this user.
    pub(super) fn members_of(&self, room: &RoomId, user: &UserId) -> Vec<SessionId> {
        let Some(Room { members, .. }) = self.memory.rooms.get(room) else { return Vec::new() };
        let own = self.memory.sessions_of(user);
        own.into_iter().filter(|id| members.contains(id)).collect()
    }

    /// Tells everybody in a room but one user.
    pub(super) fn tell_others(&mut self, room: &RoomId, but: &UserId, frame: &ServerFrame) {
        let Some(Room { members, .. }) = self.memory.rooms.get(room) else { return };
        let sessions = members.iter().map(|id| &self.memory.sessions[id]);
        let others = sessions.filter(|session| session.user != *but);
        let conns = others.filter_map(|session| session.presence.conn()).collect();
        self.send_to_all(conns, frame);
    }
}

fn limit(number: u32) -> usize {
    usize::try_from(number).expect("a small number")
}
