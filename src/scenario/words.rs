//! The closed sets of words that keys may hold, each named once.

use crate::app::{Policy, TokenQuality};
use crate::net::{Distribution, NameAnswer, PortalAnswer, Profile, ResetEnd, ServerState};
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

impl Words {
    /// The words, where they are a plain list of texts that this crate's vocabulary fixes.
    pub fn list(self) -> Vec<&'static str> {
        self.meanings().iter().map(|(word, _)| *word).collect()
    }

    /// The same words, each with what it means.
    pub fn meanings(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Words::Any | Words::ConnectionPairs | Words::RoomPairs | Words::Codes | Words::Rows => {
                Vec::new()
            }
            Words::Calls => CallKind::ALL.iter().map(|kind| (kind.name(), kind.about())).collect(),
            Words::Callbacks => {
                Callback::NAMES.iter().copied().zip(Callback::ABOUT.iter().copied()).collect()
            }
            Words::Platforms => {
                Platform::ALL.iter().map(|known| (known.name(), known.about())).collect()
            }
            Words::Policies => {
                Policy::ALL.iter().map(|(name, policy)| (*name, policy.about())).collect()
            }
            Words::Tokens => {
                TOKENS.iter().map(|(name, quality)| (*name, quality.about())).collect()
            }
            Words::Admins => ADMINS.iter().map(|(name, _)| (*name, administrator(name))).collect(),
            Words::Directions => vec![
                ("both", "to the server and from it"),
                ("up", "to the server"),
                ("down", "from the server"),
            ],
            Words::ServerStates => vec![
                ("kept", "sessions and rooms are there again"),
                ("lost", "the server has forgotten everything"),
            ],
            Words::Server => vec![("server", "the server, which all clients use")],
            Words::Profiles => {
                Profile::ALL.iter().map(|profile| (profile.name, profile.about)).collect()
            }
            Words::Distributions => Distribution::ALL
                .iter()
                .map(|(name, _)| {
                    let about = match *name {
                        "uniform" => "every delay up to `jitter` is equally likely",
                        "normal" => "most delays lie near `latency`",
                        _ => "a few delays are far longer than the others",
                    };
                    (*name, about)
                })
                .collect(),
            Words::Unmapped => vec![
                ("rst", "it gets a new port, and the server answers with an RST"),
                ("drop", "it vanishes"),
            ],
            Words::Crashes => vec![
                ("power", "the host is silent from one moment to the next"),
                ("killed", "the process dies; its kernel lives on, resets and refuses"),
            ],
            Words::Answers => vec![
                ("fails", "the look-up fails, at once or after `delay`"),
                ("reset", "the portal resets connections"),
                ("silence", "the portal takes packets and says nothing; the look-up never ends"),
                ("slow", "the look-up takes `delay`"),
            ],
        }
    }
}

fn administrator(act: &str) -> &'static str {
    match act {
        "destroyRoom" => "the room is gone, with everybody in it",
        "kickFromRoom" => "one user is out of the room",
        "kickUser" => "the user's sessions end",
        _ => "the account is gone",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_and_the_tables_that_files_are_read_with_agree() {
        let names = |words: Words| words.list();
        assert!(names(Words::Directions).iter().eq(DIRECTIONS.iter().map(|(name, _)| name)));
        assert!(names(Words::ServerStates).iter().eq(SERVER_STATES.iter().map(|(name, _)| name)));
        assert_eq!(names(Words::Callbacks).len(), Callback::ABOUT.len());
        assert!(names(Words::Crashes).iter().eq(CRASHES.iter().map(|(name, _)| name)));
        let portal = PORTAL_ANSWERS.iter().map(|(name, _)| *name);
        let answers: BTreeSet<_> =
            portal.chain(NAME_ANSWERS.iter().map(|(name, _)| *name)).collect();
        assert!(answers.into_iter().eq(names(Words::Answers)));
    }
}
