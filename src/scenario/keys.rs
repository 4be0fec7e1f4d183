//! Every key that a scenario file knows, as data: what tables there are, what each key
//! holds, and what it is for. Messages, the editors' schema and `zimsim explain` read it here.

use super::acts::{Choice, MATCHERS, ON_CHOICES, REACTION_CHOICES, STEP_CHOICES};
use super::fault_keys::{
    AFTER, ANSWER, BLACKHOLE, BY, CLOCK, CRASH, CUT, DELAY, DIRECTION_OF, DNS, DOWN_FOR, DOZE,
    EVERY, FLAP, FOR, HANDOVER, HEAL, HOW, LINK, MAY_MISS, OFFLINE, OVERLOAD, PORTAL, RESTART, RST,
    SERVER_STATE, STALL, SUSPEND, TIMES, TOLD, UP_FOR,
};
use super::link_keys::with_link_keys;
use super::words::Words;

/// A kind of table in the file.
#[derive(Debug)]
pub(super) struct Shape {
    /// What such a table is called in messages: `step`; see [`Shape::one`].
    pub what: &'static str,
    /// What it is for, for people.
    pub about: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
    /// The keys of which exactly one is there, if there are such, and what goes with each.
    pub choices: &'static [Choice],
    /// Where there are choices: the keys that none of them names. They may always be there.
    pub always: &'static [&'static str],
}

/// One key of a table.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it is for, with units and what holds without it: shown by editors.
    pub about: &'static str,
    /// Which words its text may be, where that is a closed set.
    pub words: Words,
    /// What stands inside, where it is a table or a list.
    pub inside: Inside,
}

/// What stands inside a table or a list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inside {
    /// It is neither.
    Nothing,
    /// The table is of this shape.
    One(&'static Shape),
    /// The table is of this shape, or the text "none" stands there.
    OneOrNone(&'static Shape),
    /// Each item of the list is of this shape, or each value of the table under its own name.
    Each(&'static Shape),
    /// Parameters, by their names.
    Params,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in quotes.
    Text,
    /// `"15s"`
    Duration,
    /// `"+90s"`
    Offset,
    /// `"10%"`
    Share,
    /// `"1.6Mbit/s"`
    Rate,
    /// `"64KiB"`
    Size,
    /// A whole number.
    Whole,
    /// `true` or `false`
    Flag,
    /// A table.
    Table,
    /// A list.
    List,
    /// One text, or a list of them.
    Texts,
    /// A whole number, or a word.
    WholeOrWord,
    /// A duration since the beginning, or the name of a step.
    Moment,
}

impl Kind {
    /// What is expected, for messages.
    pub const fn expected(self) -> &'static str {
        match self {
            Kind::Text => "text in quotes",
            Kind::Duration => "a duration in quotes, as in \"15s\"",
            Kind::Offset => "a duration with a sign in quotes, as in \"+90s\"",
            Kind::Share => "a share in quotes, as in \"10%\"",
            Kind::Rate => "a rate in quotes, as in \"1.6Mbit/s\"",
            Kind::Size => "a size in quotes, as in \"64KiB\"",
            Kind::Whole => "a whole number, without quotes",
            Kind::Flag => "true or false, without quotes",
            Kind::Table => "a table: { … }",
            Kind::List => "a list: [ … ]",
            Kind::Texts => "text in quotes, or a list of texts",
            Kind::WholeOrWord => "an error code, its name in quotes, or \"any\"",
            Kind::Moment => "a duration or the name of a step, in quotes",
        }
    }
}

impl Shape {
    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// `a step`, `an expectation`
    pub fn one(&self) -> String {
        let vowel = self.what.trim_start_matches('`').starts_with(['a', 'e', 'i', 'o', 'u']);
        format!("{} {}", if vowel { "an" } else { "a" }, self.what)
    }

    /// The choice that this key makes.
    pub fn choice(&self, key: &str) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.key == key)
    }

    /// Whether this key may be there whatever the table is about.
    pub fn always(&self, key: &str) -> bool {
        self.choices.is_empty() || self.always.contains(&key)
    }

    /// The names of all keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

/// A key that may be there.
pub(super) const fn may(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, required: false, about, words: Words::Any, inside: Inside::Nothing }
}

/// A key that must be there.
pub(super) const fn must(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { required: true, ..may(name, kind, about) }
}

impl Key {
    /// This key, with this inside.
    pub(super) const fn holding(self, inside: Inside) -> Key {
        Key { inside, ..self }
    }

    /// This key, holding one of these words.
    pub(super) const fn of(self, words: Words) -> Key {
        Key { words, ..self }
    }
}

// Keys that mean the same wherever they stand.
const UP: Key = may("up", Kind::Table, "settings for packets to the server only")
    .holding(Inside::One(&DIRECTION));
const DOWN: Key = may("down", Kind::Table, "settings for packets from the server only")
    .holding(Inside::One(&DIRECTION));
const NAT: Key = may("nat", Kind::Table, "the NAT that the client is behind; none if not given")
    .holding(Inside::One(&NAT_BOX));
const CALL: Key = may("call", Kind::Text, "which call of the SDK the app makes").of(Words::Calls);
const SHOW: Key = may(
    "show",
    Kind::Text,
    "what the app shows its user, a notice or a page: no effect on the network",
);
const USER: Key = may("user", Kind::Text, "the account");
const TO: Key = may("to", Kind::Text, "the account that a peer message goes to");
const TO_END: Key = may(
    "to",
    Kind::Text,
    "the account that a peer message goes to; for `rst`, the end that hears of it: \"client\", \"server\" or \"both\"",
);
const TEXT: Key = may("text", Kind::Text, "the message; 1 to 2048 bytes");
const TOKEN: Key =
    may("token", Kind::Text, "what the token is worth; \"good\" if not given").of(Words::Tokens);
const TOKEN_LIFE: Key = may(
    "token_life",
    Kind::Duration,
    "how long the token is good for, from now on; as the client has it if not given",
);
const STATE: Key = may(
    "state",
    Kind::Text,
    "the room's state/event, each a number, a name or *: \"0/9\", \"DISCONNECTED/*\"",
)
.of(Words::RoomPairs);
const CONNECTION: Key = may(
    "connection",
    Kind::Text,
    "the connection's state/event, each a number, a name or *: \"3/3\", \"RECONNECTING/*\"",
)
.of(Words::ConnectionPairs);
const CALLBACK: Key = may("callback", Kind::Text, "a callback of the SDK").of(Words::Callbacks);
const SENDER: Key = may("sender", Kind::Text, "the account that the message is from");
const MEMBER: Key = may("member", Kind::Text, "the account that joined or left");

/// The file itself.
pub(super) const ROOT: Shape = Shape {
    what: "scenario",
    about: "one scenario of zimsim: who takes part, what happens when, and what must be seen",
    keys: &[
        must("title", Kind::Text, "what the scenario is about, in one line"),
        may(
            "seed",
            Kind::Whole,
            "where all randomness comes from: the same file and seed give the same run; 1 if not given",
        ),
        must("until", Kind::Duration, "how long the run lasts; all steps lie before it"),
        may(
            "params",
            Kind::Table,
            "what SDK, server and TCP do where the documentation leaves it open; `zimsim params` lists them",
        ).holding(Inside::Params),
        may("network", Kind::Table, "how every link behaves when nothing is wrong with it").holding(Inside::One(&NETWORK)),
        must("clients", Kind::Table, "the devices, by name; {} is one that has all defaults").holding(Inside::Each(&CLIENT)),
        may(
            "steps",
            Kind::List,
            "what happens, each step at its time since the beginning; at the same time, in file order",
        ).holding(Inside::Each(&STEP)),
        may("react", Kind::List, "what an app does when it hears something").holding(Inside::Each(&REACTION)),
        may("expect", Kind::List, "what must be seen").holding(Inside::Each(&EXPECT)),
        may("never", Kind::List, "what must not be seen").holding(Inside::Each(&NEVER)),
    ],
    choices: &[],
    always: &[],
};

/// `network`
pub(super) const NETWORK: Shape = Shape {
    what: "network",
    about: "settings of every link between a client and the server; a client may have its own",
    keys: with_link_keys![UP, DOWN, NAT],
    choices: &[],
    always: &[],
};

/// `nat`
pub(super) const NAT_BOX: Shape = Shape {
    what: "`nat` table",
    about: "a box that translates addresses, between the client's link and the server",
    keys: &[
        must("idle", Kind::Duration, "a mapping that no packet uses for so long is gone"),
        may(
            "then",
            Kind::Text,
            "what the client's next segment on such a connection meets: \"rst\" (it gets a new port, and the server answers with an RST), or \"drop\" (nothing, ever); \"rst\" if not given",
        )
        .of(Words::Unmapped),
    ],
    choices: &[],
    always: &[],
};

/// `up` and `down`
pub(super) const DIRECTION: Shape = Shape {
    what: "direction",
    about: "settings of one direction",
    keys: with_link_keys![],
    choices: &[],
    always: &[],
};

/// One of `clients`
pub(super) const CLIENT: Shape = Shape {
    what: "client",
    about: "a device with an app and the SDK on it, and its link to the server",
    keys: with_link_keys![
        may("user", Kind::Text, "the account that it logs in as; its own name if not given"),
        may("device", Kind::Text, "the id of the device; the client's name if not given"),
        may("platform", Kind::Text, "what kind of device it is; Android if not given")
            .of(Words::Platforms),
        may(
            "token_life",
            Kind::Duration,
            "how long its tokens are good for; token.life if not given",
        ),
        may("policy", Kind::Text, "a ready-made set of reactions of the app").of(Words::Policies),
        may("size", Kind::Whole, "makes it a crowd of so many: NAME-0001 and so on"),
        may(
            "login",
            Kind::Text,
            "when a crowd's members log in, each at a drawn moment: \"0s..30s\""
        ),
        may("rooms_of", Kind::Whole, "how many of a crowd share a room; 50 at the most"),
        may("platforms", Kind::Texts, "each of a crowd draws one of them").of(Words::Platforms),
        may(
            "clock",
            Kind::Offset,
            "how far its calendar clock is ahead (\"+90s\") or behind (\"-90s\")",
        ),
        UP,
        DOWN,
        NAT,
    ],
    choices: &[],
    always: &[],
};

/// One of `steps`
pub(super) const STEP: Shape = Shape {
    what: "step",
    about: "one thing that happens at one time: exactly one act",
    keys: with_link_keys![
        must("at", Kind::Duration, "when, since the beginning of the run"),
        may(
            "name",
            Kind::Text,
            "what windows refer to, as in from = \"tunnel\"; a fault's end is \"tunnel.end\"",
        ),
        may("client", Kind::Text, "which client's app does this"),
        CALL,
        SHOW,
        CUT,
        STALL,
        FLAP,
        BLACKHOLE,
        RST,
        HEAL,
        CRASH,
        RESTART,
        SUSPEND,
        DOZE,
        OFFLINE,
        HANDOVER,
        PORTAL,
        DNS,
        OVERLOAD,
        CLOCK,
        HOW,
        TOLD,
        ANSWER,
        DELAY,
        BY,
        LINK,
        may("admin", Kind::Text, "what an administrator does, by the server's own API")
            .of(Words::Admins),
        may("room", Kind::Text, "the room's id"),
        USER,
        TO_END,
        TEXT,
        TOKEN,
        TOKEN_LIFE,
        may(
            "result",
            Kind::WholeOrWord,
            "the error code that the call must end with, or \"any\"; 0, success, if not given",
        )
        .of(Words::Codes),
        may("share", Kind::Share, "which share of a crowd this is about; it is drawn"),
        may("over", Kind::Duration, "a crowd's calls come at moments drawn from this time"),
        EVERY,
        FOR,
        DOWN_FOR,
        UP_FOR,
        TIMES,
        AFTER,
        DIRECTION_OF,
        SERVER_STATE,
        may(
            "reset",
            Kind::Flag,
            "with `link`: whether these links go back to what the file gives them",
        ),
        may(
            "nat",
            Kind::Table,
            "with `link`: how the NAT that these clients are behind behaves now"
        )
        .holding(Inside::One(&NAT_BOX)),
        MAY_MISS,
    ],
    choices: STEP_CHOICES,
    always: &["at", "name"],
};

/// One of `react`
pub(super) const REACTION: Shape = Shape {
    what: "reaction",
    about: "what one app does each time it hears something",
    keys: &[
        must("client", Kind::Text, "whose app reacts"),
        must("on", Kind::Table, "what it reacts to").holding(Inside::One(&ON)),
        may("after", Kind::Duration, "how long after the callback; at once if not given"),
        may("times", Kind::Whole, "how often at the most; each time if not given"),
        CALL,
        SHOW,
        may("room", Kind::Text, "the room's id; that of `on` if not given"),
        USER,
        TO,
        TEXT,
        TOKEN,
        TOKEN_LIFE,
    ],
    choices: REACTION_CHOICES,
    always: &["client", "on", "after", "times"],
};

/// `on` of a reaction
pub(super) const ON: Shape = Shape {
    what: "`on` table",
    about: "the callback that is reacted to: exactly one of `connection`, `state` and `callback`",
    keys: &[
        CONNECTION,
        STATE,
        CALLBACK,
        may("room", Kind::Text, "only in this room"),
        may("text", Kind::Text, "only a message of this text"),
        SENDER,
        MEMBER,
    ],
    choices: ON_CHOICES,
    always: &[],
};

/// One of `expect`
pub(super) const EXPECT: Shape = Shape {
    what: "expectation",
    about: "what one client must see or show, within a window of time",
    keys: WATCH_KEYS,
    choices: MATCHERS,
    always: &["client", "share", "from", "to", "within"],
};

/// One of `never`
pub(super) const NEVER: Shape = Shape {
    what: "`never` entry",
    about: "what one client must neither see nor show, within a window of time",
    keys: WATCH_KEYS,
    choices: MATCHERS,
    always: &["client", "share", "from", "to", "within"],
};

/// The keys of `expect` and `never`.
const WATCH_KEYS: &[Key] = &[
    must("client", Kind::Text, "who is to see or show it; of a crowd everybody"),
    may("share", Kind::Share, "at least so many of a crowd; only in `expect`"),
    may("row", Kind::Text, "a row of the documented tables: it must be exercised there and hold")
        .of(Words::Rows),
    CONNECTION,
    STATE,
    CALLBACK,
    may("show", Kind::Text, "what the app shows its user"),
    may("room", Kind::Text, "only in this room"),
    may("text", Kind::Text, "only a message of this text"),
    SENDER,
    MEMBER,
    may(
        "from",
        Kind::Moment,
        "the window begins: a step's name, a fault's \"NAME.end\", or a time; the run's beginning if not given",
    ),
    may("to", Kind::Moment, "the window ends, like `from`; the run's end if not given"),
    may("within", Kind::Duration, "the window ends so long after `from`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_choice_names_may_always_be_there() {
        for shape in [&STEP, &REACTION, &ON, &EXPECT, &NEVER] {
            let named = |key: &&str| shape.choices.iter().any(|choice| choice.names(key));
            let free: Vec<_> = shape.names().filter(|key| !named(key)).collect();
            assert_eq!(shape.always, free, "{}", shape.what);
        }
    }

    #[test]
    fn every_key_says_in_one_line_what_it_is_for() {
        let shapes = [&ROOT, &NETWORK, &DIRECTION, &CLIENT, &STEP, &REACTION, &ON, &EXPECT, &NEVER];
        for shape in shapes {
            for key in shape.keys {
                let about = key.about;
                assert!(about.chars().count() > 8 && !about.ends_with('.'), "{}", key.name);
                assert!(about.chars().count() <= 130 && !about.contains('\n'), "{}", key.name);
            }
        }
    }
}
