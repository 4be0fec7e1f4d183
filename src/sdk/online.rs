//! Logged in and connected: heartbeats, requests, pushes, and noticing that it is over.

use super::dial::ClientChannel;
use super::reconnecting::{Reconnecting, Renewal};
use super::requests::{About, Request, Requests};
use super::rooms::{Rooms, Unanswered};
use super::{Account, Common, Idle, SdkInput, State, TokenWatch, after, earliest, end_event};
use crate::node::{Input, Output};
use crate::param::RenewWhileReconnecting;
use crate::protocol::{ClientFrame, FrameKind, RequestId, ServerFrame, SessionEnd, Standing};
use crate::record::{ConnId, Wire};
use crate::time::{Now, Time};
use crate::zim::{
    CallKind, Callback, ConnectionEvent, ConnectionState, ErrorCode, Member, News, RoomId,
};
use std::collections::VecDeque;

pub(super) struct Online {
    pub account: Account,
    pub conn: ConnId,
    pub channel: ClientChannel,
    pub rooms: Rooms,
    pub requests: Requests,
    heartbeat: Heartbeat,
}

/// The sign of life, and whether it is answered.
struct Heartbeat {
    next: Time,
    /// Sent and not yet answered, oldest first.
    unanswered: VecDeque<Sent>,
    /// When the newest one that was answered was sent.
    alive_at: Option<Time>,
}

/// A heartbeat under way.
struct Sent {
    id: RequestId,
    at: Time,
    /// When its silence means that the link is dead.
    dead_at: Time,
}

impl Online {
    /// Takes over a connection that was welcomed.
    pub fn begin(
        common: &Common,
        now: Now,
        account: Account,
        conn: ConnId,
        channel: ClientChannel,
    ) -> Box<Online> {
        let next = after(now, common.params.heartbeat_period);
        let heartbeat = Heartbeat { next, unanswered: VecDeque::new(), alive_at: None };
        let (rooms, requests) = (Rooms::default(), Requests::default());
        Box::new(Online { account, conn, channel, rooms, requests, heartbeat })
    }

    /// Takes over the rooms of before the break: asks about each, and tells the server which
    /// ones the user is not in, whatever it may think.
    pub fn restore(&mut self, common: &mut Common, now: Now, rooms: Rooms) {
        self.rooms = rooms;
        for room in self.rooms.interrupted() {
            self.ask(common, now, &room);
        }
        for room in self.rooms.abandoned() {
            self.leave_silently(common, room);
        }
    }

    pub fn handle(mut self: Box<Self>, common: &mut Common, now: Now, input: SdkInput) -> State {
        match input {
            Input::Act((id, call)) => return self.call(common, now, id, call),
            Input::Bytes(conn, bytes) if conn == self.conn => {
                return self.bytes(common, now, &bytes);
            }
            Input::Closed(conn, cause) if conn == self.conn => {
                common.out.trace(|| Wire::Closed(conn, cause));
                return self.lost(common, now);
            }
            Input::Timer => return self.timer(common, now),
            Input::NetworkDown => {
                common.abort(self.conn);
                return self.lost(common, now);
            }
            Input::Resumed => self.send_heartbeat(common, now),
            Input::WallClockJumped => self.account.token.clock_jumped(common, now),
            // News of a connection given up, or of a network that this link proves anyway.
            Input::Opened(_) | Input::Bytes(..) | Input::Closed(..) | Input::NetworkUp => {
                common.ignored(&input, "online");
            }
        }
        State::Online(self)
    }

    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        let [warning, end] = self.account.token.deadlines();
        let dead = self.heartbeat.unanswered.front().map(|sent| (sent.dead_at, "dead link"));
        let next = Some((self.heartbeat.next, "heartbeat"));
        earliest([warning, end, dead, next, self.requests.deadline(), self.rooms.deadline()])
    }

    fn timer(mut self: Box<Self>, common: &mut Common, now: Now) -> State {
        if self.account.token.ran_out(now) {
            return self.end(common, SessionEnd::TokenExpired);
        }
        self.account.token.warn_if_due(common, now);
        if self.heartbeat.unanswered.front().is_some_and(|sent| sent.dead_at <= now.time) {
            common.abort(self.conn);
            return self.lost(common, now);
        }
        if self.heartbeat.next <= now.time {
            self.send_heartbeat(common, now);
        }
        while let Some((id, request)) = self.requests.overdue(now) {
            self.request_timed_out(common, id, &request);
        }
        for question in self.rooms.unanswered(common, now) {
            self.ask_again_or_give_up(common, now, question);
        }
        State::Online(self)
    }

    /// Silence is a verdict only on a link that is known to have lived since the question:
    /// else it may be a link that is about to be found dead, and the outage goes on.
    fn ask_again_or_give_up(&mut self, common: &mut Common, now: Now, question: Unanswered) {
        let Unanswered { room, tries, asked } = question;
        if tries < usize::try_from(common.params.room_query_tries).expect("a small number") {
            self.ask(common, now, &room);
        } else if self.heartbeat.alive_at.is_some_and(|sent| sent > asked) {
            self.rooms.decide(common, &room, Standing::Out);
            self.leave_silently(common, room);
        }
    }

    fn send_heartbeat(&mut self, common: &mut Common, now: Now) {
        let id = common.new_request();
        common.send(self.conn, &mut self.channel, ClientFrame::Heartbeat { id });
        let patience = common.params.heartbeat_patience + common.params.heartbeat_grace;
        let dead_at = after(now, patience);
        self.heartbeat.unanswered.push_back(Sent { id, at: now.time, dead_at });
        self.heartbeat.next = after(now, common.params.heartbeat_period);
    }

    /// A call has waited too long. TCP may still deliver its request: an entry is taken
    /// back, and a leave is kept in mind, so that server and app do not part over it.
    fn request_timed_out(&mut self, common: &mut Common, id: RequestId, request: &Request) {
        if let About::Message(_) = request.about {
            return request.answer(common, common.params.message_resend_code);
        }
        if let About::Room(room) = &request.about {
            if enters(request.kind) {
                self.rooms.entered(common, room, ErrorCode::REQUEST_TIMEOUT);
                self.leave_silently(common, room.clone());
            } else {
                self.requests.keep_in_mind(id, room.clone());
            }
        }
        request.answer(common, ErrorCode::REQUEST_TIMEOUT);
    }

    /// The answer to a call that was given up: if the user has left a room by it, the app
    /// is told by the callback.
    fn answered_late(&mut self, common: &mut Common, id: RequestId, code: ErrorCode) {
        if let Some(room) = self.requests.late_leave(id)
            && code == ErrorCode::SUCCESS
        {
            self.rooms.left(common, &room);
        }
    }

    fn ask(&mut self, common: &mut Common, now: Now, room: &RoomId) {
        let id = common.new_request();
        let seen = common.params.room_messages_while_away.then(|| self.rooms.seen(room));
        let question = ClientFrame::AmIIn { id, room: room.clone(), seen };
        common.send(self.conn, &mut self.channel, question);
        common.note(Wire::Asked { room: room.clone() });
        self.rooms.asked(common, now, room, id);
    }

    /// Tells the server that the user is not in a room. No call waits for the answer, but
    /// until it comes the server is told again after each break.
    fn leave_silently(&mut self, common: &mut Common, room: RoomId) {
        let id = common.new_request();
        common.send(self.conn, &mut self.channel, ClientFrame::Leave { id, room: room.clone() });
        self.rooms.abandon(room, id);
    }

    fn bytes(mut self: Box<Self>, common: &mut Common, now: Now, bytes: &[u8]) -> State {
        let received = match self.channel.receive(bytes) {
            Ok(received) => received,
            Err(error) => {
                common.note(Wire::Misbehaved(self.conn, error.to_string()));
                common.abort(self.conn);
                return self.lost(common, now);
            }
        };
        let conn = self.conn;
        if !received.reply.is_empty() {
            common.out.push(Output::Send(conn, FrameKind::ClientControl, received.reply));
        }
        let next = self.hear(common, now, received.frames);
        match next {
            State::Online(online) if received.closed => {
                common.out.push(Output::Finish(conn));
                online.lost(common, now)
            }
            State::Online(_) | State::Idle(_) | State::LoggingIn(_) | State::Reconnecting(_) => {
                next
            }
        }
    }

    /// Takes in frames in order; the session may end with one of them.
    pub fn hear(
        mut self: Box<Self>,
        common: &mut Common,
        now: Now,
        frames: Vec<ServerFrame>,
    ) -> State {
        for frame in frames {
            common.out.trace(|| Wire::ClientGot(self.conn, frame.clone()));
            if let ServerFrame::Ended { cause } = frame {
                return self.end(common, cause);
            }
            self.frame(common, now, frame);
        }
        State::Online(self)
    }

    fn frame(&mut self, common: &mut Common, now: Now, frame: ServerFrame) {
        match frame {
            ServerFrame::Alive { id } => {
                let unanswered = &mut self.heartbeat.unanswered;
                while let Some(sent) = unanswered.front().filter(|sent| sent.id <= id) {
                    self.heartbeat.alive_at = Some(sent.at);
                    unanswered.pop_front();
                }
            }
            ServerFrame::Done { id, code } => {
                if let Some(request) = self.requests.answered(id) {
                    self.done(common, now, request, code);
                } else {
                    self.rooms.abandonment_heard(id);
                    self.answered_late(common, id, code);
                }
            }
            ServerFrame::MemberList { id, members } => {
                if let Some(Request { call: id, kind, .. }) = self.requests.answered(id) {
                    let code = ErrorCode::SUCCESS;
                    let news = News::Result { id, kind, code, members: Some(members) };
                    common.out.push(Output::Up(news));
                }
            }
            ServerFrame::Standing { id, standing } => self.rooms.verdict(common, id, standing),
            ServerFrame::RoomEnded { room, cause } => self.rooms.ended(common, &room, cause),
            ServerFrame::MemberJoined { room, member } => {
                let joined = |room, members| Callback::RoomMemberJoined { room, members };
                self.members(common, room, member, joined);
            }
            ServerFrame::MemberLeft { room, member } => {
                let left = |room, members| Callback::RoomMemberLeft { room, members };
                self.members(common, room, member, left);
            }
            ServerFrame::PeerMessage { number, from, text, offline } => {
                self.peer_message(
                    common,
                    number,
                    Callback::PeerMessageReceived { from, text, offline },
                );
            }
            ServerFrame::RoomMessage { room, from, text, number } => {
                if self.rooms.takes(&room, number) {
                    common.callback(Callback::RoomMessageReceived { room, from, text });
                }
            }
            ServerFrame::Welcome { .. } | ServerFrame::Refused { .. } => {
                common.note(Wire::Misbehaved(self.conn, "a second answer to the login".into()));
            }
            ServerFrame::Ended { .. } => unreachable!("taken out before"),
        }
    }

    fn members(
        &mut self,
        common: &mut Common,
        room: RoomId,
        member: Member,
        callback: fn(RoomId, Vec<Member>) -> Callback,
    ) {
        if self.rooms.hears(&room) {
            common.callback(callback(room, vec![member]));
        }
    }

    /// Tells of a peer message once, and tells the server that it came.
    fn peer_message(&mut self, common: &mut Common, number: u64, callback: Callback) {
        let seen = match &common.store.peer_seen {
            Some((user, seen)) if *user == self.account.user => *seen,
            Some(_) | None => 0,
        };
        if number > seen {
            common.callback(callback);
            common.store.peer_seen = Some((self.account.user.clone(), number));
        }
        let upto = number.max(seen);
        common.send(self.conn, &mut self.channel, ClientFrame::Got { upto });
    }

    fn done(&mut self, common: &mut Common, now: Now, request: Request, code: ErrorCode) {
        match &request.about {
            About::Nothing | About::Message(_) => {}
            About::Room(room) if enters(request.kind) => self.rooms.entered(common, room, code),
            About::Room(room) => {
                if code == ErrorCode::SUCCESS {
                    self.rooms.left(common, room);
                }
            }
            About::Token(token) => {
                if code == ErrorCode::SUCCESS {
                    request.answer(common, code);
                    self.account.token = TokenWatch::new(token.clone());
                    self.account.token.arm(common, now);
                    return;
                }
            }
        }
        request.answer(common, code);
    }

    /// T0: the link is lost. Requests in flight fail, but peer messages, and a renewal, may
    /// wait for T1.
    fn lost(mut self: Box<Self>, common: &mut Common, now: Now) -> State {
        let told = self.rooms.interrupt();
        let pair = (ConnectionState::Reconnecting, ConnectionEvent::LoginInterrupted);
        common.connection_and_rooms(pair, told);
        let requests: Vec<_> = self.requests.drain().collect();
        let mut next = Reconnecting::begin(common, now, self.account, self.rooms);
        let holds = common.params.token_renew_while_reconnecting == RenewWhileReconnecting::Hold;
        for Request { call, kind, about, .. } in requests {
            match about {
                About::Message(message) => next.hold_message(now, message),
                About::Token(token) if holds => {
                    next.hold_renewal(common, now, Renewal { call, token });
                }
                About::Token(_) | About::Nothing | About::Room(_) => {
                    common.result(call, kind, common.params.call_interrupted);
                }
            }
        }
        State::Reconnecting(next)
    }

    /// The session is over for good. Of its token's end the server is told: it would let
    /// the user return with a better one, and keep the rooms until then.
    fn end(mut self: Box<Self>, common: &mut Common, cause: SessionEnd) -> State {
        if cause == SessionEnd::TokenExpired {
            common.send(self.conn, &mut self.channel, ClientFrame::Logout {});
        }
        common.out.push(Output::Finish(self.conn));
        let told = self.rooms.end_all(common.params.room_terminal_event);
        common.connection_and_rooms((ConnectionState::Disconnected, end_event(cause)), told);
        for request in self.requests.drain() {
            request.answer(common, ErrorCode::USER_IS_NOT_LOGGED);
        }
        State::Idle(Idle::Ended)
    }

    /// The app logs out: the server is told, and nobody waits for its answer.
    pub fn log_out(mut self: Box<Self>, common: &mut Common) -> State {
        common.send(self.conn, &mut self.channel, ClientFrame::Logout {});
        common.out.push(Output::Finish(self.conn));
        let told = self.rooms.end_all(common.params.room_logout_event);
        let event = common.params.logout_event;
        common.connection_and_rooms((ConnectionState::Disconnected, event), told);
        for request in self.requests.drain() {
            request.answer(common, ErrorCode::USER_HAS_ALREADY_LOGGED_OUT);
        }
        State::Idle(Idle::LoggedOut)
    }
}

fn enters(kind: CallKind) -> bool {
    matches!(kind, CallKind::CreateRoom | CallKind::JoinRoom | CallKind::EnterRoom)
}
