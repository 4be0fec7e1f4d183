//! The closed sets of words that keys may hold, each named once.

use crate::app::{Policy, TokenQuality};
use crate::net::{
    Distribution, NameAnswer, PortalAnswer, Profile, ResetEnd, ServerState, Unmapped,
};
use crate::record::Way;
use crate::time::Span;
use crate::zim::{CallKind, Callback, Platform};

/// Which words the text of a key may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// No closed set: any text, or one that only the file itself decides.
    Any,
    /// Calls of the SDK.
    Calls,
    /// Callbacks of the SDK.
    Callbacks,
    /// Ready-made link settings.
    Profiles,
    /// Shapes in which delays scatter.
    Distributions,
    /// Kinds of devices.
    Platforms,
    /// Ready-made reactions.
    Policies,
    /// What a token is worth.
    Tokens,
    /// What an administrator does.
    Admins,
    /// Which way packets go.
    Directions,
    /// What a server still knows after a crash.
    ServerStates,
    /// What a NAT does with a segment of a connection that it does not know.
    Unmapped,
    /// Only the server.
    Server,
    /// How a process dies.
    Crashes,
    /// What a captive portal or a look-up of a name answers.
    Answers,
    /// Pairs of a connection's state and event.
    ConnectionPairs,
    /// Pairs of a room's state and event.
    RoomPairs,
    /// Ids of the contract's rows.
    Rows,
    /// Error codes; numbers, not text.
    Codes,
}

/// The words for what a token is worth.
pub(super) const TOKENS: &[(&str, TokenQuality)] = &[
    ("good", TokenQuality::Good),
    ("forged", TokenQuality::Forged),
    ("expired", TokenQuality::Expired),
];

/// What an administrator may do, and the keys that each needs.
pub(super) const ADMINS: &[(&str, &[&str])] = &[
    ("destroyRoom", &["room"]),
    ("kickFromRoom", &["room", "user"]),
    ("kickUser", &["user"]),
    ("unregister", &["user"]),
];

/// Which directions of a link are meant; the first is the default.
pub(super) const DIRECTIONS: &[(&str, &[Way])] =
    &[("both", &[Way::Up, Way::Down]), ("up", &[Way::Up]), ("down", &[Way::Down])];

/// What a server still knows after a crash.
pub(super) const SERVER_STATES: &[(&str, ServerState)] =
    &[("kept", ServerState::Kept), ("lost", ServerState::Lost)];

/// How a process dies; the first is the default. Whether it is killed, its kernel living on.
pub(super) const CRASHES: &[(&str, bool)] = &[("power", false), ("killed", true)];

/// What a captive portal does with connections.
pub(super) const PORTAL_ANSWERS: &[(&str, PortalAnswer)] =
    &[("silence", PortalAnswer::Silence), ("reset", PortalAnswer::Reset)];

/// What becomes of look-ups; the spans stand for those of `delay`.
pub(super) const NAME_ANSWERS: &[(&str, NameAnswer)] = &[
    ("fails", NameAnswer::Fails(Span::ZERO)),
    ("slow", NameAnswer::Slow(Span::ZERO)),
    ("silence", NameAnswer::Silence),
];

/// Which end of a connection hears of a reset.
pub(super) const ENDS: &[(&str, ResetEnd)] =
    &[("client", ResetEnd::Client), ("server", ResetEnd::Server), ("both", ResetEnd::Both)];

/// What a NAT does with a segment of a connection that it does not know.
pub(super) const UNMAPPED: &[(&str, Unmapped)] =
    &[("rst", Unmapped::NewPort), ("drop", Unmapped::Drop)];

impl Words {
    /// The words, where they are a plain list of texts; pairs and codes have rules of their
    /// own, and `rows` are the contract's.
    #[expect(dead_code, reason = "the schema and `explain` are next")]
    pub fn list(self, rows: &[&'static str]) -> Vec<&'static str> {
        fn names<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
            table.iter().map(|(name, _)| *name).collect()
        }
        match self {
            Words::Any | Words::ConnectionPairs | Words::RoomPairs | Words::Codes => Vec::new(),
            Words::Calls => CallKind::ALL.iter().map(|kind| kind.name()).collect(),
            Words::Callbacks => Callback::NAMES.to_vec(),
            Words::Profiles => Profile::ALL.iter().map(|profile| profile.name).collect(),
            Words::Distributions => names(Distribution::ALL),
            Words::Platforms => Platform::ALL.iter().map(|platform| platform.name()).collect(),
            Words::Policies => names(Policy::ALL),
            Words::Tokens => names(TOKENS),
            Words::Admins => names(ADMINS),
            Words::Directions => names(DIRECTIONS),
            Words::ServerStates => names(SERVER_STATES),
            Words::Unmapped => names(UNMAPPED),
            Words::Server => vec!["server"],
            Words::Crashes => names(CRASHES),
            Words::Answers => {
                let mut all = names(PORTAL_ANSWERS);
                all.extend(names(NAME_ANSWERS));
                all.sort_unstable();
                all.dedup();
                all
            }
            Words::Rows => rows.to_vec(),
        }
    }
}
