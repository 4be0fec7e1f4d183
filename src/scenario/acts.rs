//! Which keys go with which act, call, callback and matcher, as data.

use super::link_keys::LINK_KEYS;
use super::words::{ADMINS, Words};
use crate::zim::{CallKind, Callback};

/// A key of which one of several is there, and the keys that go with it.
#[derive(Debug)]
pub(super) struct Choice {
    /// The key.
    pub key: &'static str,
    /// Keys that must be there with it.
    pub needs: &'static [&'static str],
    /// Keys that may be there too.
    pub takes: &'static [&'static str],
    /// Whether the word that it holds decides about further keys.
    pub by_word: Option<Words>,
}

/// The keys that go with one word: those it takes, and which of them it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Takes {
    /// Keys that may be there.
    pub takes: &'static [&'static str],
    /// Those of them that must.
    pub needs: &'static [&'static str],
}

const fn choice(
    key: &'static str,
    needs: &'static [&'static str],
    takes: &'static [&'static str],
) -> Choice {
    Choice { key, needs, takes, by_word: None }
}

impl Choice {
    const fn by(self, words: Words) -> Choice {
        Choice { by_word: Some(words), ..self }
    }

    /// Whether this choice is made by this key, or says anything about it.
    #[cfg(test)]
    pub fn names(&self, key: &str) -> bool {
        let own = self.key == key || self.needs.contains(&key) || self.takes.contains(&key);
        let by_word = |words| with_words(words).any(|(_, keys)| keys.takes.contains(&key));
        own || self.by_word.is_some_and(by_word)
    }
}

/// The keys of `link` that are no settings.
const LINK_OWN: [&str; 6] = ["direction", "share", "nat", "for", "reset", "may_miss"];

/// All keys of `link`: its own, then every setting of a link.
const LINK_TAKES: [&str; LINK_OWN.len() + LINK_KEYS.len()] = {
    let mut all = [""; LINK_OWN.len() + LINK_KEYS.len()];
    let mut place = 0;
    while place < all.len() {
        all[place] = match place < LINK_OWN.len() {
            true => LINK_OWN[place],
            false => LINK_KEYS[place - LINK_OWN.len()],
        };
        place += 1;
    }
    all
};

/// What a step does.
pub(super) const STEP_CHOICES: &[Choice] = &[
    choice("call", &["client"], &["result", "share", "over", "every", "times", "for"])
        .by(Words::Calls),
    choice("show", &["client"], &["share", "every", "times", "for"]),
    choice("cut", &[], &["for", "direction", "share", "may_miss"]),
    choice("stall", &[], &["for", "direction", "share", "may_miss"]),
    choice(
        "flap",
        &["down_for", "up_for"],
        &["down_for", "up_for", "times", "direction", "may_miss"],
    ),
    choice("blackhole", &["after"], &["after", "for", "direction", "may_miss"]),
    choice("rst", &["to"], &["to", "may_miss"]),
    choice("heal", &[], &[]),
    // The server's crash needs `state`, a client's takes none.
    choice("crash", &[], &["for", "how", "state", "may_miss"]),
    choice("restart", &[], &[]),
    choice("suspend", &[], &["for", "may_miss"]),
    choice("doze", &[], &["for", "may_miss"]),
    choice("offline", &[], &["for", "may_miss"]),
    choice("handover", &[], &["for", "told", "may_miss"]),
    choice("portal", &[], &["for", "answer", "may_miss"]),
    choice("dns", &["answer"], &["for", "answer", "delay", "may_miss"]),
    choice("overload", &["delay"], &["for", "delay", "may_miss"]),
    choice("clock", &["by"], &["by", "may_miss"]),
    choice("link", &[], &LINK_TAKES),
    choice("admin", &[], &["may_miss", "every", "times", "for"]).by(Words::Admins),
];

/// The acts of steps whose key holds the hosts that they are about: faults, their ends by
/// `restart`, and changes of links.
pub fn host_acts() -> impl Iterator<Item = &'static str> {
    let keys = STEP_CHOICES.iter().map(|choice| choice.key);
    keys.filter(|key| !["call", "show", "heal", "admin"].contains(key))
}

/// What a reaction does.
pub(super) const REACTION_CHOICES: &[Choice] =
    &[choice("call", &[], &[]).by(Words::Calls), choice("show", &[], &[])];

/// What a reaction answers.
pub(super) const ON_CHOICES: &[Choice] = &[
    choice("connection", &[], &[]),
    choice("state", &["room"], &["room"]),
    choice("callback", &[], &[]).by(Words::Callbacks),
];

/// What a watch looks for.
pub(super) const MATCHERS: &[Choice] = &[
    choice("row", &[], &["room"]),
    choice("connection", &[], &[]),
    choice("state", &["room"], &["room"]),
    choice("callback", &[], &[]).by(Words::Callbacks),
    choice("show", &[], &[]),
];

/// The words of a set, each with the keys that go with it; none where words have no keys.
pub(super) fn with_words(words: Words) -> impl Iterator<Item = (&'static str, Takes)> {
    let calls = (words == Words::Calls).then_some(CallKind::ALL).into_iter().flatten();
    let calls = calls.map(|kind| (kind.name(), call(*kind)));
    let callbacks = (words == Words::Callbacks).then_some(Callback::NAMES).into_iter().flatten();
    let callbacks = callbacks.map(|name| (*name, callback(name)));
    let admins = (words == Words::Admins).then_some(ADMINS).into_iter().flatten();
    let admins = admins.map(|(name, keys)| (*name, Takes { takes: keys, needs: keys }));
    calls.chain(callbacks).chain(admins)
}

/// The keys of a call.
pub(super) fn call(kind: CallKind) -> Takes {
    let (takes, needs): (&[&str], &[&str]) = match kind {
        CallKind::Login => (&["user", "token", "token_life"], &[]),
        CallKind::Logout => (&[], &[]),
        CallKind::RenewToken => (&["token", "token_life"], &[]),
        CallKind::CreateRoom
        | CallKind::JoinRoom
        | CallKind::EnterRoom
        | CallKind::LeaveRoom
        | CallKind::QueryRoomMemberList => (&["room"], &["room"]),
        CallKind::SendPeerMessage => (&["to", "text"], &["to", "text"]),
        CallKind::SendRoomMessage => (&["room", "text"], &["room", "text"]),
    };
    Takes { takes, needs }
}

/// The keys that narrow down a callback.
pub(super) fn callback(name: &str) -> Takes {
    let takes: &[&str] = match name {
        "onRoomStateChanged" => &["room"],
        "onRoomMemberJoined" | "onRoomMemberLeft" => &["room", "member"],
        "onPeerMessageReceived" => &["sender", "text"],
        "onRoomMessageReceived" => &["room", "sender", "text"],
        _ => &[],
    };
    Takes { takes, needs: &[] }
}
