//! What an app does: at scripted times, and when it hears something.

use crate::record::Origin;
use crate::time::{Span, Time};
use crate::zim::{Call, DeviceId, Pattern, Platform, UserId};

/// Something an app can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `login`, with a token made at that moment.
    Login {
        /// The account.
        user: UserId,
        /// The token its server hands out.
        token: TokenSpec,
    },
    /// `renewToken`, with a token made at that moment.
    RenewToken {
        /// The token its server hands out.
        token: TokenSpec,
    },
    /// Any other call. Never `Login` or `RenewToken`.
    Call(Call),
    /// Show the user something.
    Show(String),
}

/// What kind of token the app's own server hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSpec {
    /// Whether it is any good.
    pub quality: TokenQuality,
    /// How long it lives from now on.
    pub life: Span,
}

/// Whether a token is any good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenQuality {
    /// It is.
    Good,
    /// Nobody who may sign has signed it.
    Forged,
    /// It ran out one second ago.
    Expired,
}

/// A ready-made way of reacting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Follows the document's advice row by row.
    Advised,
    /// Calls `login` during RECONNECTING, which the document says is needless.
    LoginWhileReconnecting,
    /// Calls `login` after a terminal DISCONNECTED, which the document forbids.
    LoginAfterDisconnected,
}

impl Policy {
    /// Every policy with its name in scenario files.
    pub const ALL: &[(&str, Policy)] = &[
        ("advised", Policy::Advised),
        ("login-while-reconnecting", Policy::LoginWhileReconnecting),
        ("login-after-disconnected", Policy::LoginAfterDisconnected),
    ];

    /// What it does, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Policy::Advised => "Follows the document's advice row by row.",
            Policy::LoginWhileReconnecting => {
                "Calls login during RECONNECTING, which the document says is needless."
            }
            Policy::LoginAfterDisconnected => {
                "Calls login after a terminal DISCONNECTED, which the document forbids."
            }
        }
    }
}

impl TokenQuality {
    /// What it is, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            TokenQuality::Good => "As good as one can be.",
            TokenQuality::Forged => "Nobody who may sign has signed it.",
            TokenQuality::Expired => "It ran out one second ago.",
        }
    }
}

/// When this is heard, do that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Who asked for it.
    pub origin: Origin,
    /// The callbacks it answers.
    pub on: Pattern,
    /// How long after.
    pub after: Span,
    /// How often at the most; `None`: every time.
    pub times: Option<u32>,
    /// What to do.
    pub act: Act,
}

/// Everything one app does in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The account it logs in with when a policy does.
    pub user: UserId,
    /// The installation.
    pub device: DeviceId,
    /// What it runs on.
    pub platform: Platform,
    /// Life of its tokens where nothing else is said.
    pub token_life: Span,
    /// Acts by time, in file order within a moment.
    pub steps: Vec<(Time, Origin, Act)>,
    /// Reactions in file order.
    pub reactions: Vec<Reaction>,
    /// A ready-made policy, in addition.
    pub policy: Option<Policy>,
}
