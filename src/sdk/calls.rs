//! The app's calls while the SDK is online.

use super::online::Online;
use super::requests::About;
use super::{Common, Message, State};
use crate::protocol::{ClientFrame, RequestId};
use crate::time::Now;
use crate::zim::{Call, CallId, CallKind, ErrorCode, RoomId, Token};

/// Longest room ID, in bytes (release notes 2.13.0).
const ROOM_ID_MAX: usize = 128;

impl Online {
    /// Takes a call: refuses it here, or sends its request and lets it wait.
    pub(super) fn call(
        mut self: Box<Self>,
        common: &mut Common,
        now: Now,
        id: CallId,
        call: Call,
    ) -> State {
        let kind = call.kind();
        let sent = match call {
            Call::Logout => {
                let next = self.log_out(common);
                common.result(id, kind, ErrorCode::SUCCESS);
                return next;
            }
            Call::Login { .. } => Err(ErrorCode::USER_HAS_ALREADY_LOGGED),
            Call::RenewToken { token } => {
                self.renew(common, now, id, token);
                return State::Online(self);
            }
            Call::CreateRoom { room } | Call::JoinRoom { room } | Call::EnterRoom { room } => {
                self.enter(common, kind, room)
            }
            Call::LeaveRoom { room } => self.rooms.usable(&room).map(|()| {
                let frame = |id| ClientFrame::Leave { id, room: room.clone() };
                self.request(common, frame, About::Room(room.clone()))
            }),
            Call::SendPeerMessage { to, text } => {
                let message = common.new_message(now, id, to, text);
                self.send_message(common, now, message);
                return State::Online(self);
            }
            Call::SendRoomMessage { room, text } => self.rooms.usable(&room).map(|()| {
                let frame = |id| ClientFrame::RoomMessage { id, room, text };
                self.request(common, frame, About::Nothing)
            }),
            Call::QueryRoomMemberList { room } => self.rooms.usable(&room).map(|()| {
                let frame = |id| ClientFrame::Members { id, room };
                self.request(common, frame, About::Nothing)
            }),
        };
        match sent {
            Ok((request, about)) => self.requests.add(common, now, request, (id, kind), about),
            Err(code) => common.result(id, kind, code),
        }
        State::Online(self)
    }

    /// Asks the server to take a new token.
    pub(super) fn renew(&mut self, common: &mut Common, now: Now, call: CallId, token: Token) {
        let frame = |id| ClientFrame::RenewToken { id, token: token.clone() };
        let (request, about) = self.request(common, frame, About::Token(token.clone()));
        self.requests.add(common, now, request, (call, CallKind::RenewToken), about);
    }

    /// Sends a peer message, for the first time or again.
    pub(super) fn send_message(&mut self, common: &mut Common, now: Now, message: Message) {
        let Message { call, to, text, key, until: _ } = message.clone();
        let frame = |id| ClientFrame::PeerMessage { id, to, text, key };
        let (request, about) = self.request(common, frame, About::Message(message));
        self.requests.add(common, now, request, (call, CallKind::SendPeerMessage), about);
    }

    fn request(
        &mut self,
        common: &mut Common,
        frame: impl FnOnce(RequestId) -> ClientFrame,
        about: About,
    ) -> (RequestId, About) {
        let id = common.new_request();
        common.send(self.conn, &mut self.channel, frame(id));
        (id, about)
    }

    fn enter(
        &mut self,
        common: &mut Common,
        kind: CallKind,
        room: RoomId,
    ) -> Result<(RequestId, About), ErrorCode> {
        if room.as_str().is_empty() || room.as_str().len() > ROOM_ID_MAX {
            return Err(ErrorCode::PARAMS_INVALID);
        }
        let how = self.rooms.enter(common, &room, kind)?;
        let frame = |id| ClientFrame::Enter { id, room: room.clone(), how };
        Ok(self.request(common, frame, About::Room(room.clone())))
    }
}
