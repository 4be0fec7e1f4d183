//! Not logged in: never, no longer, or ended for good.

use super::{Common, SdkInput, State, logging_in::LoggingIn};
use crate::node::Input;
use crate::time::Now;
use crate::zim::{Call, CallId, ErrorCode};

/// Why nobody is logged in.
#[derive(Clone, Copy)]
pub(super) enum Idle {
    /// `login` never succeeded.
    Fresh,
    /// The app called `logout`.
    LoggedOut,
    /// Kicked out, token expired, or unregistered.
    Ended,
}

impl Idle {
    pub fn name(self) -> &'static str {
        match self {
            Idle::Fresh => "fresh",
            Idle::LoggedOut => "logged out",
            Idle::Ended => "ended",
        }
    }

    pub fn handle(self, common: &mut Common, now: Now, input: SdkInput) -> State {
        match input {
            Input::Act((id, call)) => self.call(common, now, id, call),
            Input::Opened(_)
            | Input::Bytes(..)
            | Input::Closed(..)
            | Input::Timer
            | Input::NetworkUp
            | Input::NetworkDown
            | Input::Resumed
            | Input::WallClockJumped => {
                common.ignored(&input, self.name());
                State::Idle(self)
            }
        }
    }

    fn call(self, common: &mut Common, now: Now, id: CallId, call: Call) -> State {
        let kind = call.kind();
        match call {
            Call::Login { user, device, platform, token } => {
                LoggingIn::begin(common, now, id, (user, device, platform, token))
            }
            Call::Logout => {
                common.result(id, kind, ErrorCode::SUCCESS);
                State::Idle(Idle::LoggedOut)
            }
            Call::RenewToken { .. }
            | Call::CreateRoom { .. }
            | Call::JoinRoom { .. }
            | Call::EnterRoom { .. }
            | Call::LeaveRoom { .. }
            | Call::SendPeerMessage { .. }
            | Call::SendRoomMessage { .. }
            | Call::QueryRoomMemberList { .. } => {
                common.result(id, kind, self.refusal());
                State::Idle(self)
            }
        }
    }

    fn refusal(self) -> ErrorCode {
        match self {
            Idle::Fresh | Idle::Ended => ErrorCode::USER_IS_NOT_LOGGED,
            Idle::LoggedOut => ErrorCode::USER_HAS_ALREADY_LOGGED_OUT,
        }
    }
}
