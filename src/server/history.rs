//! Room messages that are kept for members who are away, where the application has that
//! option: whoever comes back to its room gets those that it has not heard.

use super::Server;
use super::memory::SessionId;
use crate::protocol::ServerFrame;
use crate::zim::{RoomId, UserId};
use std::collections::{BTreeMap, VecDeque};

/// The newest messages of a room that are kept (the plan with room history keeps 2000).
const MOST_KEPT: usize = 2000;

/// What a room keeps of its messages. Without the option it stays empty.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    last_number: u64,
    kept: VecDeque<Kept>,
    /// The newest number when each member came in: what was before is not for it.
    came_in: BTreeMap<SessionId, u64>,
}

#[derive(Clone, Debug)]
struct Kept {
    number: u64,
    from: UserId,
    text: String,
}

impl History {
    /// Somebody comes into the room.
    pub fn enters(&mut self, id: SessionId) {
        self.came_in.insert(id, self.last_number);
    }

    /// Somebody is out of it.
    pub fn leaves(&mut self, id: SessionId) {
        self.came_in.remove(&id);
    }

    /// Keeps a message, and numbers it.
    pub fn keep(&mut self, from: &UserId, text: &str) -> u64 {
        self.last_number += 1;
        let (number, from, text) = (self.last_number, from.clone(), text.to_owned());
        self.kept.push_back(Kept { number, from, text });
        if self.kept.len() > MOST_KEPT {
            self.kept.pop_front();
        }
        number
    }
}

impl Server {
    /// Pushes the messages of a room that a member, who has heard all up to `seen`, missed.
    pub(super) fn catch_up(&mut self, id: SessionId, name: &RoomId, seen: u64) {
        let Some(room) = self.memory.rooms.get(name) else { return };
        let user = &self.memory.sessions[&id].user;
        let after = seen.max(room.history.came_in.get(&id).copied().unwrap_or(u64::MAX));
        let missed = room.history.kept.iter().filter(|kept| kept.number > after);
        let missed = missed.filter(|kept| kept.from != *user);
        let frames: Vec<_> = missed
            .map(|Kept { number, from, text }| ServerFrame::RoomMessage {
                room: name.clone(),
                from: from.clone(),
                text: text.clone(),
                number: Some(*number),
            })
            .collect();
        for frame in frames {
            self.push(id, frame);
        }
    }
}
