//! What became of each connected room in each loss of the connection: T0, T1, T2.
//!
//! Only what the recording says; `scene4` judges it.

use super::story::{ConnectionTurn, Mark, RoomTurn, Story};
use crate::protocol::Standing;
use crate::record::{ClientId, ServerFact};
use crate::time::Time;
use crate::zim::{CallKind, ConnectionEvent, ConnectionState, RoomEvent, RoomId, RoomState};
use std::collections::BTreeMap;

/// One room's way through one loss of the connection. A loss that begins again before T2
/// continues the same outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Whose.
    pub client: ClientId,
    /// Of which room.
    pub room: RoomId,
    /// The connection goes to 3.
    pub t0: Mark,
    /// The room says 1/1 in the millisecond of T0.
    pub interrupted: Option<Mark>,
    /// The connection is back at 2; the last time if it was lost again before T2.
    pub t1: Option<Mark>,
    /// Earlier T1s, after each of which the connection was lost again.
    pub relapses: Vec<Relapse>,
    /// The room says 1/1 again.
    pub repeats: Vec<Mark>,
    /// The questions since the last T1, up to T2.
    pub asked: Vec<Time>,
    /// The server's answers since the last T1, up to T2.
    pub answers: Vec<(Time, Standing)>,
    /// The room's verdict.
    pub t2: Option<RoomVerdict>,
    /// How it ended.
    pub end: OutageEnd,
    /// The row of T2 that applies, once it is known.
    pub row: Option<&'static str>,
    /// Whether that row was held.
    pub held: Option<bool>,
}

/// A T1 that led to no T2, because the connection was lost again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relapse {
    /// The connection is back at 2.
    pub t1: Mark,
    /// It goes to 3 again.
    pub lost: Mark,
    /// The questions in between.
    pub asked: Vec<Time>,
    /// What the server answered in between; the client heard none of it.
    pub answers: Vec<(Time, Standing)>,
}

/// The room callback of T2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomVerdict {
    /// Where.
    pub mark: Mark,
    /// The connection's state then.
    pub connection: ConnectionState,
    /// The room's new state.
    pub state: RoomState,
    /// Why.
    pub event: RoomEvent,
}

/// How an outage of a room ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutageEnd {
    /// With a verdict.
    Verdict,
    /// The app left the room meanwhile.
    Left(Time),
    /// The session ended, and the room with it.
    Session {
        /// When.
        at: Time,
        /// What the connection said; [`ConnectionEvent::Success`] after a logout.
        event: ConnectionEvent,
    },
    /// It had not when the run did.
    Open,
}

/// The outages of one client, and the 1/1 callbacks that came without one.
#[derive(Debug, Default)]
pub struct Outages<'a> {
    /// In order of T0, then by room.
    pub all: Vec<Outage>,
    /// A connected room said 1/1 while the connection stood.
    pub strays: Vec<RoomTurn<'a>>,
}

/// Finds the outages of one client.
pub fn outages<'a>(story: &Story<'a>) -> Outages<'a> {
    let mut walk = Walk { story, rooms: BTreeMap::new(), open: Vec::new(), found: Vec::new() };
    let mut strays = Vec::new();
    let mut connections = story.connections.iter().peekable();
    for turn in &story.rooms {
        while let Some(earlier) = connections.next_if(|c| c.mark.index < turn.mark.index) {
            walk.connection(earlier);
        }
        if walk.room(turn) == Heard::Stray {
            strays.push(*turn);
        }
    }
    connections.for_each(|turn| walk.connection(turn));
    let mut all = walk.found;
    all.extend(walk.open);
    all.sort_by(|a, b| (a.t0, &a.room).cmp(&(b.t0, &b.room)));
    all.iter_mut().for_each(|outage| complete(story, outage));
    Outages { all, strays }
}

struct Walk<'s, 'a> {
    story: &'s Story<'a>,
    rooms: BTreeMap<&'a RoomId, RoomState>,
    open: Vec<Outage>,
    found: Vec<Outage>,
}

#[derive(PartialEq, Eq)]
enum Heard {
    Explained,
    Stray,
}

impl<'a> Walk<'_, 'a> {
    fn connection(&mut self, turn: &ConnectionTurn) {
        match turn.state {
            ConnectionState::Reconnecting => self.lost(turn.mark),
            ConnectionState::Connected => {
                self.open.iter_mut().for_each(|outage| outage.t1 = Some(turn.mark));
            }
            ConnectionState::Disconnected => {
                let ended = self.open.drain(..);
                let end = OutageEnd::Session { at: turn.mark.at, event: turn.event };
                self.found.extend(ended.map(|outage| Outage { end, ..outage }));
                self.rooms.clear();
            }
            ConnectionState::Connecting => {}
        }
    }

    fn lost(&mut self, t0: Mark) {
        if self.story.state_before(t0.index) == ConnectionState::Reconnecting {
            return;
        }
        for outage in &mut self.open {
            if let Some(t1) = outage.t1.take() {
                let relapse = Relapse { t1, lost: t0, asked: Vec::new(), answers: Vec::new() };
                outage.relapses.push(relapse);
            }
        }
        let connected = self.rooms.iter().filter(|(_, state)| **state == RoomState::Connected);
        let rooms: Vec<&RoomId> = connected.map(|(room, _)| *room).collect();
        for room in rooms {
            self.rooms.insert(room, RoomState::Connecting);
            self.open.push(begun(self.story.client, room, t0));
        }
    }

    fn room(&mut self, turn: &RoomTurn<'a>) -> Heard {
        let interrupted =
            (turn.state, turn.event) == (RoomState::Connecting, RoomEvent::NetworkInterrupted);
        let Some(place) = self.open.iter().position(|outage| outage.room == *turn.room) else {
            return self.outside(turn, interrupted);
        };
        let outage = &mut self.open[place];
        if interrupted {
            if turn.mark.at == outage.t0.at && outage.interrupted.is_none() {
                outage.interrupted = Some(turn.mark);
            } else {
                outage.repeats.push(turn.mark);
            }
            return Heard::Explained;
        }
        self.rooms.insert(turn.room, turn.state);
        let outage = self.open.remove(place);
        let closed = self.closed(outage, turn);
        self.found.push(closed);
        Heard::Explained
    }

    /// A room callback while the room is in no outage.
    fn outside(&mut self, turn: &RoomTurn<'a>, interrupted: bool) -> Heard {
        let was_connected = self.rooms.get(turn.room) == Some(&RoomState::Connected);
        if !interrupted {
            self.rooms.insert(turn.room, turn.state);
            return Heard::Explained;
        }
        // The room may speak before the connection does: then T0 follows in this ms.
        if was_connected && self.story.turns_to(ConnectionState::Reconnecting, turn.mark.at) {
            let t0 = self.story.connections.iter().find(|c| c.mark > turn.mark);
            if let Some(t0) = t0.filter(|t0| t0.mark.at == turn.mark.at) {
                let mut outage = begun(self.story.client, turn.room, t0.mark);
                outage.interrupted = Some(turn.mark);
                self.open.push(outage);
                self.rooms.insert(turn.room, RoomState::Connecting);
                return Heard::Explained;
            }
        }
        self.rooms.insert(turn.room, RoomState::Connecting);
        if was_connected { Heard::Stray } else { Heard::Explained }
    }

    fn closed(&self, outage: Outage, turn: &RoomTurn) -> Outage {
        let at = turn.mark.at;
        let leaves = |call: &&super::story::Made| {
            call.call.room() == Some(turn.room)
                && call.mark.at >= outage.t0.at
                && call.mark.at <= at
        };
        let out = turn.state == RoomState::Disconnected;
        let over = self.story.connections.iter().find(|connection| {
            connection.mark.at == at && connection.state == ConnectionState::Disconnected
        });
        if let Some(over) = over.filter(|_| out) {
            return Outage { end: OutageEnd::Session { at, event: over.event }, ..outage };
        }
        let left = out && turn.event == RoomEvent::Success;
        if left && self.story.calls_of(CallKind::LeaveRoom).any(|call| leaves(&call)) {
            return Outage { end: OutageEnd::Left(at), ..outage };
        }
        let t2 = RoomVerdict {
            mark: turn.mark,
            connection: self.story.state_before(turn.mark.index),
            state: turn.state,
            event: turn.event,
        };
        Outage { t2: Some(t2), end: OutageEnd::Verdict, ..outage }
    }
}

fn begun(client: ClientId, room: &RoomId, t0: Mark) -> Outage {
    Outage {
        client,
        room: room.clone(),
        t0,
        interrupted: None,
        t1: None,
        relapses: Vec::new(),
        repeats: Vec::new(),
        asked: Vec::new(),
        answers: Vec::new(),
        t2: None,
        end: OutageEnd::Open,
        row: None,
        held: None,
    }
}

/// Fills in what was asked and answered between each T1 and what it led to.
fn complete(story: &Story, outage: &mut Outage) {
    for relapse in &mut outage.relapses {
        let span = (relapse.t1.at, relapse.lost.at);
        (relapse.asked, relapse.answers) = questions(story, &outage.room, span);
    }
    let Some(t1) = outage.t1 else { return };
    let over = match outage.end {
        OutageEnd::Verdict => outage.t2.map_or(story.end, |t2| t2.mark.at),
        OutageEnd::Left(at) | OutageEnd::Session { at, .. } => at,
        OutageEnd::Open => story.end,
    };
    (outage.asked, outage.answers) = questions(story, &outage.room, (t1.at, over));
}

/// The questions about a room between two moments, and the server's answers.
fn questions(
    story: &Story,
    room: &RoomId,
    (from, to): (Time, Time),
) -> (Vec<Time>, Vec<(Time, Standing)>) {
    let within = |mark: &Mark| mark.at >= from && mark.at <= to;
    let asked = story.asked.iter().filter(|(mark, about)| within(mark) && *about == room);
    let asked = asked.map(|(mark, _)| mark.at).collect();
    let mut answers = Vec::new();
    for (mark, fact) in story.facts.iter().filter(|(mark, _)| within(mark)) {
        if let ServerFact::Answered { room: about, standing, .. } = fact
            && about == room
        {
            answers.push((mark.at, *standing));
        }
    }
    (asked, answers)
}
