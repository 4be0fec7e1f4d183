//! What was unfinished when the run ended.

use super::story::{RoomTurn, Story, connection_words, room_words};
use crate::scenario::Plan;
use crate::zim::{ConnectionState, RoomId, RoomState};
use std::collections::BTreeMap;

/// This client's loose ends: calls without a result, a connection or rooms under way.
pub fn of(plan: &Plan, story: &Story) -> Vec<String> {
    let client = plan.client_name(story.client);
    let mut loose = Vec::new();
    for made in story.calls.iter().filter(|made| made.result.is_none()) {
        let call = made.call;
        loose.push(format!("{client}: {call}, called at {}, has no result", made.mark.at));
    }
    if let Some(turn) = story.connections.last() {
        let words = connection_words(turn.state, turn.event);
        match turn.state {
            ConnectionState::Connecting | ConnectionState::Reconnecting => {
                loose.push(format!("{client}: {words} since {}", turn.mark.at));
            }
            ConnectionState::Connected | ConnectionState::Disconnected => {}
        }
    }
    loose.extend(rooms(story).map(|turn| {
        let words = room_words(turn.state, turn.event);
        format!("{client}: {} has been {words} since {}", turn.room, turn.mark.at)
    }));
    loose
}

/// Rooms without a verdict, each with the callback since which it has been so.
fn rooms<'a>(story: &Story<'a>) -> impl Iterator<Item = RoomTurn<'a>> {
    let mut waiting: BTreeMap<&RoomId, RoomTurn<'a>> = BTreeMap::new();
    for turn in &story.rooms {
        match turn.state {
            RoomState::Connecting => {
                waiting.entry(turn.room).or_insert(*turn);
            }
            RoomState::Connected | RoomState::Disconnected => {
                waiting.remove(turn.room);
            }
        }
    }
    waiting.into_values()
}
