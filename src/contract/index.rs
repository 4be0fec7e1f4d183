//! Where in a recording to look, so that judging each of many clients does not mean reading
//! everything each time.

use super::invariant::forgets;
use crate::record::{ClientId, Event, Recording, ServerFact, Who};
use crate::scenario::Plan;
use crate::zim::{RoomId, UserId};
use std::collections::BTreeMap;

/// Places in a recording, each list in order.
#[derive(Debug)]
pub struct Index<'a> {
    /// By client: its own records.
    own: Vec<Vec<usize>>,
    /// What the server says of each user.
    about: BTreeMap<&'a UserId, Vec<usize>>,
    /// Who came into each room and left it, and where it was destroyed.
    rooms: BTreeMap<&'a RoomId, Vec<usize>>,
    /// Where each room was destroyed.
    destroyed: BTreeMap<&'a RoomId, Vec<usize>>,
    /// Where the server forgets everything.
    forgets: Vec<usize>,
}

impl<'a> Index<'a> {
    /// Reads the whole recording once.
    pub fn of(plan: &Plan, recording: &'a Recording) -> Index<'a> {
        let mut index = Index {
            own: vec![Vec::new(); plan.clients.len()],
            about: BTreeMap::new(),
            rooms: BTreeMap::new(),
            destroyed: BTreeMap::new(),
            forgets: Vec::new(),
        };
        for (place, record) in recording.records.iter().enumerate() {
            if let Who::Client(ClientId(client)) = record.who {
                index.own[client].push(place);
            }
            if forgets(plan, record) {
                index.forgets.push(place);
            }
            if let Event::Server(fact) = &record.event {
                index.take(place, fact);
            }
        }
        index
    }

    fn take(&mut self, place: usize, fact: &'a ServerFact) {
        if let Some((user, _)) = fact.about() {
            self.about.entry(user).or_default().push(place);
        }
        match fact {
            ServerFact::Entered { room, .. } | ServerFact::Left { room, .. } => {
                self.rooms.entry(room).or_default().push(place);
            }
            ServerFact::RoomDestroyed { room } => {
                self.rooms.entry(room).or_default().push(place);
                self.destroyed.entry(room).or_default().push(place);
            }
            ServerFact::LoggedIn { .. }
            | ServerFact::SessionEnded { .. }
            | ServerFact::UserOffline { .. }
            | ServerFact::Answered { .. } => {}
        }
    }

    /// How many clients there are.
    pub fn clients(&self) -> usize {
        self.own.len()
    }

    /// This client's records.
    pub fn own(&self, ClientId(client): ClientId) -> &[usize] {
        &self.own[client]
    }

    /// What the server says of this user.
    pub fn about(&self, user: &UserId) -> &[usize] {
        self.about.get(user).map_or(&[], Vec::as_slice)
    }

    /// Everything that decides whether this user is logged in.
    pub fn of_user(&self, user: &UserId) -> Vec<usize> {
        merged([self.about(user), &self.forgets])
    }

    /// Everything that decides whether this user is in this room.
    pub fn of_member(&self, room: &RoomId, user: &UserId) -> Vec<usize> {
        let destroyed = self.destroyed.get(room).map_or(&[][..], Vec::as_slice);
        merged([self.about(user), destroyed, &self.forgets])
    }

    /// Everything that decides who is in this room.
    pub fn of_room(&self, room: &RoomId) -> Vec<usize> {
        let own = self.rooms.get(room).map_or(&[][..], Vec::as_slice);
        merged([own, &self.forgets])
    }
}

fn merged<const N: usize>(lists: [&[usize]; N]) -> Vec<usize> {
    let mut all = lists.concat();
    all.sort_unstable();
    all
}
