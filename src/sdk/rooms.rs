//! The rooms of one session, as the app is told of them.

use super::{Common, after};
use crate::protocol::{EnterHow, RequestId, RoomEnd, Standing};
use crate::time::{Now, Time};
use crate::zim::{CallKind, ErrorCode, RoomEvent, RoomId, RoomState};
use std::collections::BTreeMap;

/// Rooms that are entered, in, or to be restored. All others are DISCONNECTED.
#[derive(Default)]
pub(super) struct Rooms {
    phases: BTreeMap<RoomId, Phase>,
    /// Rooms that the server may hold the user to be in although the app was told otherwise:
    /// it is to be told, until it confirms. With the request that told it last.
    abandoned: BTreeMap<RoomId, Option<RequestId>>,
    /// The highest number of a message heard in each room, where messages are numbered.
    seen: BTreeMap<RoomId, u64>,
}

/// Where one room stands.
enum Phase {
    /// A call to enter it waits for its answer.
    Entering(CallKind),
    /// In it.
    In,
    /// Between T0 and T1.
    Interrupted,
    /// Between T1 and T2: the server was asked.
    Asking(Question),
}

/// The question of T1 about one room. Any answer to it counts, however often it was asked.
#[derive(Default)]
struct Question {
    requests: Vec<RequestId>,
    /// When it was asked last.
    asked: Time,
    /// When it is to be looked at again.
    by: Time,
}

/// A question of T1 that waits too long.
pub(super) struct Unanswered {
    pub room: RoomId,
    /// How often it was asked.
    pub tries: usize,
    /// When it was asked last.
    pub asked: Time,
}

impl Rooms {
    /// Whether a call about this room can go out now.
    ///
    /// # Errors
    /// 6000326 while the room is connecting, 6000321 where the user is not in it.
    pub fn usable(&self, room: &RoomId) -> Result<(), ErrorCode> {
        match self.phases.get(room) {
            Some(Phase::In) => Ok(()),
            Some(Phase::Entering(_) | Phase::Interrupted | Phase::Asking(_)) => {
                Err(ErrorCode::THE_ROOM_IS_CONNECTING)
            }
            None => Err(ErrorCode::USER_IS_NOT_IN_THE_ROOM),
        }
    }

    /// Begins to enter a room, and tells the app.
    ///
    /// # Errors
    /// 6000326 while the room is connecting, 6000320 where the user is in it.
    pub fn enter(
        &mut self,
        common: &mut Common,
        room: &RoomId,
        kind: CallKind,
    ) -> Result<EnterHow, ErrorCode> {
        match self.phases.get(room) {
            Some(Phase::In) => return Err(ErrorCode::USER_IS_ALREADY_IN_THE_ROOM),
            Some(Phase::Entering(_) | Phase::Interrupted | Phase::Asking(_)) => {
                return Err(ErrorCode::THE_ROOM_IS_CONNECTING);
            }
            None => {}
        }
        let (how, event) = match kind {
            CallKind::CreateRoom => (EnterHow::Create, RoomEvent::ActiveCreate),
            CallKind::JoinRoom => (EnterHow::Join, RoomEvent::ActiveEnter),
            CallKind::EnterRoom => (EnterHow::Enter, RoomEvent::ActiveEnter),
            CallKind::Login
            | CallKind::Logout
            | CallKind::RenewToken
            | CallKind::LeaveRoom
            | CallKind::SendPeerMessage
            | CallKind::SendRoomMessage
            | CallKind::QueryRoomMemberList => unreachable!("{kind} enters no room"),
        };
        self.abandoned.remove(room);
        self.seen.remove(room);
        self.phases.insert(room.clone(), Phase::Entering(kind));
        common.room(room, RoomState::Connecting, event);
        Ok(how)
    }

    /// The server's word on an entry.
    pub fn entered(&mut self, common: &mut Common, room: &RoomId, code: ErrorCode) {
        if code == ErrorCode::SUCCESS {
            self.phases.insert(room.clone(), Phase::In);
            common.room(room, RoomState::Connected, RoomEvent::Success);
        } else if let Some(Phase::Entering(kind)) = self.phases.remove(room) {
            common.room(room, RoomState::Disconnected, failed_entry(kind));
        }
    }

    /// The app left a room, and the server says so.
    pub fn left(&mut self, common: &mut Common, room: &RoomId) {
        if self.phases.remove(room).is_some() {
            common.room(room, RoomState::Disconnected, RoomEvent::Success);
        }
    }

    /// The server ended the user's time in a room. A room whose question is still open waits
    /// for the answer instead: that one is T2.
    pub fn ended(&mut self, common: &mut Common, room: &RoomId, cause: RoomEnd) {
        let event = match cause {
            RoomEnd::Destroyed => RoomEvent::RoomNotExist,
            RoomEnd::Kicked => RoomEvent::KickedOut,
            RoomEnd::OtherDevice => RoomEvent::KickedOutByOtherDevice,
            RoomEnd::TimedOut => RoomEvent::ConnectTimeout,
        };
        if let Some(Phase::In) = self.phases.get(room) {
            self.phases.remove(room);
            common.room(room, RoomState::Disconnected, event);
        }
    }

    /// Whether messages of this room reach the app: in it, or about to be again.
    pub fn hears(&self, room: &RoomId) -> bool {
        matches!(self.phases.get(room), Some(Phase::In | Phase::Asking(_)))
    }

    /// Whether a message of this room is to reach the app. A numbered one that comes before
    /// T2 comes again after it, and one that was heard is not heard twice.
    pub fn takes(&mut self, room: &RoomId, number: Option<u64>) -> bool {
        let Some(number) = number else { return self.hears(room) };
        let seen = self.seen.entry(room.clone()).or_default();
        if number <= *seen || !matches!(self.phases.get(room), Some(Phase::In)) {
            return false;
        }
        *seen = number;
        true
    }

    /// Up to which number the messages of a room were heard.
    pub fn seen(&self, room: &RoomId) -> u64 {
        self.seen.get(room).copied().unwrap_or(0)
    }

    /// T0: what each room reports when the network breaks. Entries under way fail; a room
    /// that was still to be restored has nothing new to say.
    pub fn interrupt(&mut self) -> Vec<(RoomId, RoomState, RoomEvent)> {
        let mut told = Vec::new();
        for (room, phase) in std::mem::take(&mut self.phases) {
            match phase {
                Phase::Entering(kind) => {
                    told.push((room.clone(), RoomState::Disconnected, failed_entry(kind)));
                    self.abandoned.insert(room, None);
                }
                Phase::In => {
                    let event = RoomEvent::NetworkInterrupted;
                    told.push((room.clone(), RoomState::Connecting, event));
                    self.phases.insert(room, Phase::Interrupted);
                }
                Phase::Interrupted | Phase::Asking(_) => {
                    self.phases.insert(room, Phase::Interrupted);
                }
            }
        }
        told
    }

    /// What each room reports when the session is over.
    pub fn end_all(&mut self, event: RoomEvent) -> Vec<(RoomId, RoomState, RoomEvent)> {
        let phases = std::mem::take(&mut self.phases);
        self.abandoned.clear();
        let told = |(room, phase)| match phase {
            Phase::Entering(kind) => (room, RoomState::Disconnected, failed_entry(kind)),
            Phase::In | Phase::Interrupted | Phase::Asking(_) => {
                (room, RoomState::Disconnected, event)
            }
        };
        phases.into_iter().map(told).collect()
    }

    /// The rooms between T0 and T1.
    pub fn interrupted(&self) -> Vec<RoomId> {
        let waiting = |phase: &Phase| matches!(phase, Phase::Interrupted);
        self.phases.iter().filter(|(_, p)| waiting(p)).map(|(room, _)| room.clone()).collect()
    }

    /// The rooms that the server is still to be told of.
    pub fn abandoned(&self) -> Vec<RoomId> {
        self.abandoned.keys().cloned().collect()
    }

    /// The server is being told that the user is not in this room.
    pub fn abandon(&mut self, room: RoomId, request: RequestId) {
        self.abandoned.insert(room, Some(request));
    }

    /// The server has heard, if this was such a request.
    pub fn abandonment_heard(&mut self, answered: RequestId) {
        self.abandoned.retain(|_, request| *request != Some(answered));
    }

    /// The question about this room went out.
    pub fn asked(&mut self, common: &Common, now: Now, room: &RoomId, request: RequestId) {
        let phase = self.phases.entry(room.clone()).or_insert(Phase::Interrupted);
        let mut question = match std::mem::replace(phase, Phase::Interrupted) {
            Phase::Asking(question) => question,
            Phase::Entering(_) | Phase::In | Phase::Interrupted => Question::default(),
        };
        question.requests.push(request);
        question.asked = now.time;
        question.by = after(now, common.params.room_query_timeout);
        *phase = Phase::Asking(question);
    }

    /// Questions that wait too long. Each waits anew, whatever becomes of it.
    pub fn unanswered(&mut self, common: &Common, now: Now) -> Vec<Unanswered> {
        let mut late = Vec::new();
        for (room, phase) in &mut self.phases {
            match phase {
                Phase::Asking(question) if question.by <= now.time => {
                    question.by = after(now, common.params.room_query_timeout);
                    let (tries, asked) = (question.requests.len(), question.asked);
                    late.push(Unanswered { room: room.clone(), tries, asked });
                }
                Phase::Asking(_) | Phase::Entering(_) | Phase::In | Phase::Interrupted => {}
            }
        }
        late
    }

    /// T2: the answer decides.
    pub fn verdict(&mut self, common: &mut Common, answered: RequestId, standing: Standing) {
        let asked = |phase: &Phase| match phase {
            Phase::Asking(question) => question.requests.contains(&answered),
            Phase::Entering(_) | Phase::In | Phase::Interrupted => false,
        };
        let room = self.phases.iter().find(|(_, phase)| asked(phase)).map(|(r, _)| r.clone());
        if let Some(room) = room {
            self.decide(common, &room, standing);
        }
    }

    /// Settles a room by what is known of the user's standing in it.
    pub fn decide(&mut self, common: &mut Common, room: &RoomId, standing: Standing) {
        let event = match standing {
            Standing::In => {
                self.phases.insert(room.clone(), Phase::In);
                common.room(room, RoomState::Connected, RoomEvent::Success);
                return;
            }
            Standing::TimedOut => RoomEvent::ConnectTimeout,
            Standing::Gone => RoomEvent::RoomNotExist,
            Standing::Kicked => common.params.room_kicked_while_away,
            Standing::OtherDevice => RoomEvent::KickedOutByOtherDevice,
            Standing::Out => RoomEvent::NetworkDisconnected,
        };
        self.phases.remove(room);
        common.room(room, RoomState::Disconnected, event);
    }

    /// When the next question is overdue.
    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        let by = |phase: &Phase| match phase {
            Phase::Asking(question) => Some((question.by, "room question")),
            Phase::Entering(_) | Phase::In | Phase::Interrupted => None,
        };
        self.phases.values().filter_map(by).min()
    }
}

fn failed_entry(kind: CallKind) -> RoomEvent {
    if kind == CallKind::CreateRoom { RoomEvent::CreateFailed } else { RoomEvent::EnterFailed }
}
