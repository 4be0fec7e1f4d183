//! The app called `login`, and the server has not yet said yes.

use super::dial::{Credentials, Dial, Progress, Refusal, Welcome};
use super::{Account, Common, Idle, Online, SdkInput, State, TokenWatch, after, earliest};
use crate::node::Input;
use crate::time::{Now, Time};
use crate::zim::{
    Call, CallId, CallKind, ConnectionEvent, ConnectionState, DeviceId, ErrorCode, Platform, Token,
    UserId,
};

pub(super) struct LoggingIn {
    call: CallId,
    account: Account,
    dial: Dial,
    by: Time,
}

impl LoggingIn {
    /// Tells the app that a login is under way, and begins it.
    pub fn begin(
        common: &mut Common,
        now: Now,
        call: CallId,
        (user, device, platform, token): (UserId, DeviceId, Platform, Token),
    ) -> State {
        common.connection(ConnectionState::Connecting, ConnectionEvent::ActiveLogin);
        let token = TokenWatch::new(token);
        let account = Account { user, device, platform, token, session: None };
        let dial = Dial::at_once(common, now);
        let by = after(now, common.params.login_timeout);
        State::LoggingIn(Box::new(LoggingIn { call, account, dial, by }))
    }

    pub fn handle(self: Box<Self>, common: &mut Common, now: Now, input: SdkInput) -> State {
        match input {
            Input::Act((id, call)) => self.call(common, id, &call),
            Input::Timer if self.by <= now.time => {
                let code = if self.dial.reached {
                    ErrorCode::REQUEST_TIMEOUT
                } else {
                    ErrorCode::NETWORK_ERROR
                };
                self.give_up(common, ConnectionEvent::LoginTimeout, code)
            }
            Input::Opened(_)
            | Input::Bytes(..)
            | Input::Closed(..)
            | Input::Timer
            | Input::NetworkUp
            | Input::NetworkDown
            | Input::Resumed
            | Input::WallClockJumped => self.dial(common, now, input),
        }
    }

    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        earliest([Some((self.by, "login")), self.dial.deadline()])
    }

    fn dial(mut self: Box<Self>, common: &mut Common, now: Now, input: SdkInput) -> State {
        let token = self.account.token.token.clone();
        let with = Credentials { account: &self.account, token: &token, renewed: false };
        match self.dial.handle(common, now, &with, input) {
            Progress::Dialling(dial) => {
                self.dial = dial;
                State::LoggingIn(self)
            }
            Progress::Welcome(Welcome { conn, channel, session, rest, token: _ }) => {
                self.account.session = Some(session);
                common.connection(ConnectionState::Connected, ConnectionEvent::Success);
                common.result(self.call, CallKind::Login, ErrorCode::SUCCESS);
                self.account.token.arm(common, now);
                let online = Online::begin(common, now, self.account, conn, channel);
                online.hear(common, now, rest)
            }
            Progress::Refused(Refusal { code, dial, ended: _, token: _ }) => {
                self.dial = dial;
                let event = common.params.login_refused_event;
                self.give_up(common, event, code)
            }
        }
    }

    fn call(self: Box<Self>, common: &mut Common, id: CallId, call: &Call) -> State {
        let kind = call.kind();
        match call {
            Call::Login { .. } => common.result(id, kind, ErrorCode::USER_HAS_ALREADY_LOGGED),
            Call::Logout => {
                let event = common.params.logout_event;
                self.give_up(common, event, ErrorCode::USER_HAS_ALREADY_LOGGED_OUT);
                common.result(id, kind, ErrorCode::SUCCESS);
                return State::Idle(Idle::LoggedOut);
            }
            Call::RenewToken { .. }
            | Call::CreateRoom { .. }
            | Call::JoinRoom { .. }
            | Call::EnterRoom { .. }
            | Call::LeaveRoom { .. }
            | Call::SendPeerMessage { .. }
            | Call::SendRoomMessage { .. }
            | Call::QueryRoomMemberList { .. } => {
                common.result(id, kind, common.params.call_while_connecting);
            }
        }
        State::LoggingIn(self)
    }

    /// Ends the login without success.
    fn give_up(
        mut self: Box<Self>,
        common: &mut Common,
        event: ConnectionEvent,
        code: ErrorCode,
    ) -> State {
        self.dial.hang_up(common);
        common.connection(ConnectionState::Disconnected, event);
        common.result(self.call, CallKind::Login, code);
        State::Idle(Idle::Fresh)
    }
}
