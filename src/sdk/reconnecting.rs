//! Between T0 and T1: the link is lost, and the SDK is at getting it back, without end.

use super::dial::{Credentials, Dial, Progress, Refusal, Welcome};
use super::messages::{Held, Message};
use super::rooms::Rooms;
use super::{Account, Common, Idle, Online, SdkInput, State, TokenWatch, earliest, end_event};
use crate::node::Input;
use crate::param::{ExpiryWhileReconnecting, RenewWhileReconnecting};
use crate::protocol::SessionEnd;
use crate::time::{Now, Time};
use crate::zim::{
    Call, CallId, CallKind, ConnectionEvent, ConnectionState, ErrorCode, RoomEvent, RoomState,
    Token,
};

pub(super) struct Reconnecting {
    account: Account,
    since: Time,
    dial: Dial,
    rooms: Rooms,
    held: Held,
    renewal: Option<Renewal>,
}

/// A `renewToken` that waits for the link.
pub(super) struct Renewal {
    pub call: CallId,
    pub token: Token,
}

impl Reconnecting {
    /// Begins with the first pause. The app has been told already.
    pub fn begin(
        common: &mut Common,
        now: Now,
        account: Account,
        rooms: Rooms,
    ) -> Box<Reconnecting> {
        let dial = Dial::after_pause(common, now);
        let (since, held) = (now.time, Held::default());
        Box::new(Reconnecting { account, since, dial, rooms, held, renewal: None })
    }

    pub fn handle(mut self: Box<Self>, common: &mut Common, now: Now, input: SdkInput) -> State {
        match input {
            Input::Act((id, call)) => return self.call(common, now, id, call),
            Input::WallClockJumped => {
                self.account.token.clock_jumped(common, now);
                return State::Reconnecting(self);
            }
            Input::Timer => {
                if self.account.token.ran_out(now) {
                    match common.params.token_expiry_while_reconnecting {
                        ExpiryWhileReconnecting::AtExpiry => {
                            return self.end(common, SessionEnd::TokenExpired);
                        }
                        ExpiryWhileReconnecting::AtReconnect => {
                            self.account.token.leave_end_to_server();
                        }
                    }
                }
                self.account.token.warn_if_due(common, now);
                self.held.expire(common, now);
            }
            Input::Opened(_)
            | Input::Bytes(..)
            | Input::Closed(..)
            | Input::NetworkUp
            | Input::NetworkDown
            | Input::Resumed => {}
        }
        self.dial(common, now, input)
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        let [warning, end] = self.account.token.deadlines();
        earliest([self.dial.deadline(), self.held.deadline(), warning, end])
    }

    fn dial(mut self: Box<Self>, common: &mut Common, now: Now, input: SdkInput) -> State {
        let newest = self.renewal.as_ref().map(|renewal| &renewal.token);
        let token = newest.unwrap_or(&self.account.token.token).clone();
        let renewed = self.renewal.is_some();
        let with = Credentials { account: &self.account, token: &token, renewed };
        match self.dial.handle(common, now, &with, input) {
            Progress::Dialling(dial) => {
                self.dial = dial;
                State::Reconnecting(self)
            }
            Progress::Welcome(welcome) => {
                let Reconnecting { account, rooms, held, renewal, .. } = *self;
                back(common, now, (account, rooms, held, renewal), welcome)
            }
            Progress::Refused(Refusal { code, ended, token, dial }) => {
                self.dial = dial;
                self.refused(common, now, code, ended, &token)
            }
        }
    }

    fn refused(
        mut self: Box<Self>,
        common: &mut Common,
        now: Now,
        code: ErrorCode,
        ended: Option<SessionEnd>,
        token: &Token,
    ) -> State {
        if let Some(cause) = ended {
            return self.end(common, cause);
        }
        match self.renewal.take() {
            // A renewal that is no good leaves the old token to be tried.
            Some(renewal) if renewal.token == *token => {
                common.result(renewal.call, CallKind::RenewToken, code);
                self.account.token.watch_end_again(common, now);
            }
            // It came after the login had left, and is still to be tried.
            Some(renewal) => self.renewal = Some(renewal),
            None if code == ErrorCode::TOKEN_EXPIRED => {
                return self.end(common, SessionEnd::TokenExpired);
            }
            None => {}
        }
        State::Reconnecting(self)
    }

    /// The session has ended for good while the link was lost.
    fn end(mut self: Box<Self>, common: &mut Common, cause: SessionEnd) -> State {
        self.dial.hang_up(common);
        let told = self.rooms.end_all(common.params.room_terminal_event);
        common.connection_and_rooms((ConnectionState::Disconnected, end_event(cause)), told);
        self.fail_waiting(common, ErrorCode::USER_IS_NOT_LOGGED);
        State::Idle(Idle::Ended)
    }

    fn call(mut self: Box<Self>, common: &mut Common, now: Now, id: CallId, call: Call) -> State {
        let kind = call.kind();
        let code = match call {
            Call::Login { user, .. } => {
                let long = now.time.since(self.since) >= common.params.reconnect_max_time;
                if long && user != self.account.user {
                    ErrorCode::USER_OFFLINE
                } else {
                    common.params.login_while_reconnecting
                }
            }
            Call::Logout => return self.log_out(common, id),
            Call::RenewToken { token } => match common.params.token_renew_while_reconnecting {
                RenewWhileReconnecting::Hold => {
                    self.hold_renewal(common, now, Renewal { call: id, token });
                    return State::Reconnecting(self);
                }
                RenewWhileReconnecting::Fail => common.params.call_while_reconnecting,
            },
            Call::CreateRoom { room }
            | Call::JoinRoom { room }
            | Call::EnterRoom { room }
            | Call::LeaveRoom { room }
            | Call::SendRoomMessage { room, .. }
            | Call::QueryRoomMemberList { room } => match self.rooms.usable(&room) {
                Err(ErrorCode::THE_ROOM_IS_CONNECTING) => ErrorCode::THE_ROOM_IS_CONNECTING,
                Ok(()) | Err(_) => common.params.call_while_reconnecting,
            },
            Call::SendPeerMessage { to, text } => {
                let message = common.new_message(now, id, to, text);
                self.hold_message(now, message);
                return State::Reconnecting(self);
            }
        };
        common.result(id, kind, code);
        State::Reconnecting(self)
    }

    /// Keeps a peer message for T1.
    pub fn hold_message(&mut self, now: Now, message: Message) {
        self.held.add(now, message);
    }

    /// Keeps a new token for the reconnection. An older one that waits is superseded.
    pub fn hold_renewal(&mut self, common: &mut Common, now: Now, renewal: Renewal) {
        self.account.token.extend_to(now, &renewal.token);
        if let Some(older) = self.renewal.replace(renewal) {
            common.result(older.call, CallKind::RenewToken, common.params.call_interrupted);
        }
    }

    /// Answers the calls that wait for a link that will not be.
    fn fail_waiting(self: Box<Self>, common: &mut Common, code: ErrorCode) {
        self.held.fail(common, code);
        if let Some(renewal) = self.renewal {
            common.result(renewal.call, CallKind::RenewToken, code);
        }
    }

    fn log_out(mut self: Box<Self>, common: &mut Common, id: CallId) -> State {
        self.dial.hang_up(common);
        let told = self.rooms.end_all(common.params.room_logout_event);
        let event = common.params.logout_event;
        common.connection_and_rooms((ConnectionState::Disconnected, event), told);
        self.fail_waiting(common, ErrorCode::USER_HAS_ALREADY_LOGGED_OUT);
        common.result(id, CallKind::Logout, ErrorCode::SUCCESS);
        State::Idle(Idle::LoggedOut)
    }
}

/// T1: connected again. The question about each room leaves in this very moment.
fn back(
    common: &mut Common,
    now: Now,
    (mut account, rooms, held, renewal): (Account, Rooms, Held, Option<Renewal>),
    Welcome { conn, channel, session, token, rest }: Welcome,
) -> State {
    account.session = Some(session);
    let again = |room| (room, RoomState::Connecting, RoomEvent::NetworkInterrupted);
    let told = match common.params.room_callback_at_t1 {
        true => rooms.interrupted().into_iter().map(again).collect(),
        false => Vec::new(),
    };
    common.connection_and_rooms((ConnectionState::Connected, ConnectionEvent::Success), told);
    let newest = renewal.as_ref().is_some_and(|renewal| renewal.token == token);
    let untried = match renewal {
        Some(renewal) if newest => {
            common.result(renewal.call, CallKind::RenewToken, ErrorCode::SUCCESS);
            None
        }
        // It came after the login had left, and is still to be tried.
        untried => untried,
    };
    // The token in use is the one that the login brought: perhaps one that was superseded since.
    if newest || token != account.token.token {
        account.token = TokenWatch::new(token);
        account.token.arm(common, now);
    } else {
        account.token.watch_end_again(common, now);
    }
    let mut online = Online::begin(common, now, account, conn, channel);
    online.restore(common, now, rooms);
    for message in held.into_messages() {
        online.send_message(common, now, message);
    }
    if let Some(Renewal { call, token }) = untried {
        online.renew(common, now, call, token);
    }
    online.hear(common, now, rest)
}
