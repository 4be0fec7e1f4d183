//! What a client's frame makes the server do.

use super::Server;
use super::login::Login;
use super::memory::SessionId;
use crate::protocol::{ClientFrame, RequestId, ServerFrame};
use crate::record::{ConnId, ServerFact};
use crate::time::Now;
use crate::zim::{ErrorCode, RoomId, Token, TokenFault};

impl Server {
    pub(super) fn frame(&mut self, now: Now, conn: ConnId, frame: ClientFrame) {
        // An earlier frame of the same segment may have ended the connection.
        let Some(known) = self.conns.get(&conn) else { return };
        match (known.session, frame) {
            (None, ClientFrame::Login { .. }) if known.in_line => {
                self.misbehaved(conn, "a second login before the first was answered".into());
            }
            (
                None,
                ClientFrame::Login { id, user, device, token, resume, renewed, platform: _ },
            ) => {
                self.take_login(now, conn, Login { id, user, device, token, resume, renewed });
            }
            (None, other) => {
                self.misbehaved(conn, format!("expected a login, got {}", frame_name(&other)));
            }
            (Some(_), ClientFrame::Login { .. }) => {
                self.misbehaved(conn, "a second login on one connection".into());
            }
            (Some(session), frame) => self.session_frame(now, conn, session, frame),
        }
    }

    fn session_frame(&mut self, now: Now, conn: ConnId, session: SessionId, frame: ClientFrame) {
        match frame {
            ClientFrame::Login { .. } => unreachable!("refused before"),
            ClientFrame::Logout {} => self.log_out(now, session),
            ClientFrame::Heartbeat { id } => {
                self.heard(now, session);
                self.send(conn, ServerFrame::Alive { id });
            }
            ClientFrame::RenewToken { id, token } => {
                let outcome = self.renew_token(now, session, &token);
                self.done(conn, id, outcome);
            }
            ClientFrame::Enter { id, room, how } => {
                let outcome = self.enter(now, session, &room, how);
                self.done(conn, id, outcome);
            }
            ClientFrame::Leave { id, room } => {
                let outcome = self.leave(now, session, &room);
                self.done(conn, id, outcome);
            }
            ClientFrame::AmIIn { id, room, seen } => {
                self.am_i_in(conn, session, id, &room);
                if let Some(seen) = seen.filter(|_| self.params.room_messages_while_away) {
                    self.catch_up(session, &room, seen);
                }
            }
            ClientFrame::Members { id, room } => {
                if self.memory.sessions[&session].rooms.contains(&room) {
                    let members = self.users_in(&room);
                    self.send(conn, ServerFrame::MemberList { id, members });
                } else {
                    self.done(conn, id, Err(ErrorCode::USER_IS_NOT_IN_THE_ROOM));
                }
            }
            ClientFrame::PeerMessage { id, to, text, key } => {
                let outcome = self.peer_message(now, session, &to, text, key);
                self.done(conn, id, outcome);
            }
            ClientFrame::RoomMessage { id, room, text } => {
                let outcome = self.room_message(session, &room, text);
                self.done(conn, id, outcome);
            }
            ClientFrame::Got { upto } => self.got_mail(session, upto),
        }
    }

    fn done(&mut self, conn: ConnId, id: RequestId, outcome: Result<(), ErrorCode>) {
        let code = outcome.err().unwrap_or(ErrorCode::SUCCESS);
        self.send(conn, ServerFrame::Done { id, code });
    }

    fn am_i_in(&mut self, conn: ConnId, session: SessionId, id: RequestId, room: &RoomId) {
        let standing = self.standing(session, room);
        self.send(conn, ServerFrame::Standing { id, standing });
        let session = &self.memory.sessions[&session];
        let (user, device) = (session.user.clone(), session.device.clone());
        let room = room.clone();
        self.fact(ServerFact::Answered { user, device, room, standing });
    }

    fn room_message(
        &mut self,
        session: SessionId,
        room: &RoomId,
        text: String,
    ) -> Result<(), ErrorCode> {
        let session = &self.memory.sessions[&session];
        if !session.rooms.contains(room) {
            return Err(ErrorCode::USER_IS_NOT_IN_THE_ROOM);
        }
        let from = session.user.clone();
        let keeps = self.params.room_messages_while_away;
        let kept = self.memory.rooms.get_mut(room).filter(|_| keeps);
        let number = kept.map(|room| room.history.keep(&from, &text));
        let (name, sender) = (room.clone(), from.clone());
        let frame = ServerFrame::RoomMessage { room: name, from: sender, text, number };
        self.tell_others(room, &from, &frame);
        Ok(())
    }

    fn renew_token(&mut self, now: Now, id: SessionId, token: &Token) -> Result<(), ErrorCode> {
        if !self.params.token_authentication {
            return Ok(());
        }
        let user = self.memory.sessions[&id].user.clone();
        let expires = token.verify(&user, now.wall).map_err(|fault| match fault {
            TokenFault::Invalid => ErrorCode::TOKEN_INVALID,
            TokenFault::Expired => ErrorCode::TOKEN_EXPIRED,
        })?;
        if expires.until_from(now.wall) < self.params.token_min_life {
            return Err(ErrorCode::TOKEN_TIME_IS_TOO_SHORT);
        }
        if let Some(session) = self.memory.sessions.get_mut(&id) {
            session.token_expires = Some(expires);
        }
        self.watch_token(now, id);
        Ok(())
    }
}

fn frame_name(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::Login { .. } => "login",
        ClientFrame::Logout {} => "logout",
        ClientFrame::Heartbeat { .. } => "heartbeat",
        ClientFrame::RenewToken { .. } => "renew_token",
        ClientFrame::Enter { .. } => "enter",
        ClientFrame::Leave { .. } => "leave",
        ClientFrame::AmIIn { .. } => "am_i_in",
        ClientFrame::Members { .. } => "members",
        ClientFrame::PeerMessage { .. } => "peer_message",
        ClientFrame::RoomMessage { .. } => "room_message",
        ClientFrame::Got { .. } => "got",
    }
}
