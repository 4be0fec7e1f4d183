//! Every key that a scenario file knows, as data: what tables there are, what each key
//! holds, and what it is for.

/// A kind of table in the file.
#[derive(Debug)]
pub(super) struct Shape {
    /// What such a table is called in messages: `step`; see [`Shape::one`].
    pub what: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
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
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in quotes.
    Text,
    /// `"15s"`
    Duration,
    /// `"10%"`
    Share,
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
            Kind::Share => "a share in quotes, as in \"10%\"",
            Kind::Whole => "a whole number, without quotes",
            Kind::Flag => "true or false, without quotes",
            Kind::Table => "a table: { … }",
            Kind::List => "a list: [ … ]",
            Kind::Texts => "text in quotes, or a list of texts",
            Kind::WholeOrWord => "a whole number, or \"any\"",
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

    /// The names of all keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

const fn may(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, required: false }
}

const fn must(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, required: true }
}

/// The file itself.
pub(super) const ROOT: Shape = Shape {
    what: "scenario",
    keys: &[
        must("title", Kind::Text),
        may("seed", Kind::Whole),
        must("until", Kind::Duration),
        may("params", Kind::Table),
        may("network", Kind::Table),
        must("clients", Kind::Table),
        may("steps", Kind::List),
        may("react", Kind::List),
        may("expect", Kind::List),
        may("never", Kind::List),
    ],
};

/// `network`
pub(super) const NETWORK: Shape = Shape {
    what: "network",
    keys: &[
        may("latency", Kind::Duration),
        may("jitter", Kind::Duration),
        may("loss", Kind::Share),
        may("up", Kind::Table),
        may("down", Kind::Table),
    ],
};

/// `up` and `down`
pub(super) const DIRECTION: Shape = Shape {
    what: "direction",
    keys: &[
        may("latency", Kind::Duration),
        may("jitter", Kind::Duration),
        may("loss", Kind::Share),
    ],
};

/// One of `clients`
pub(super) const CLIENT: Shape = Shape {
    what: "client",
    keys: &[
        may("user", Kind::Text),
        may("device", Kind::Text),
        may("platform", Kind::Text),
        may("token_life", Kind::Duration),
        may("policy", Kind::Text),
        may("latency", Kind::Duration),
        may("jitter", Kind::Duration),
        may("loss", Kind::Share),
        may("up", Kind::Table),
        may("down", Kind::Table),
    ],
};

/// One of `steps`
pub(super) const STEP: Shape = Shape {
    what: "step",
    keys: &[
        must("at", Kind::Duration),
        may("name", Kind::Text),
        may("client", Kind::Text),
        may("call", Kind::Text),
        may("show", Kind::Text),
        may("cut", Kind::Texts),
        may("stall", Kind::Texts),
        may("heal", Kind::Text),
        may("crash", Kind::Text),
        may("restart", Kind::Text),
        may("link", Kind::Texts),
        may("admin", Kind::Text),
        may("room", Kind::Text),
        may("user", Kind::Text),
        may("to", Kind::Text),
        may("text", Kind::Text),
        may("token", Kind::Text),
        may("token_life", Kind::Duration),
        may("result", Kind::WholeOrWord),
        may("for", Kind::Duration),
        may("direction", Kind::Text),
        may("state", Kind::Text),
        may("latency", Kind::Duration),
        may("jitter", Kind::Duration),
        may("loss", Kind::Share),
        may("may_miss", Kind::Flag),
    ],
};

/// The keys of a step that say what is done; exactly one of them is there.
pub(super) const STEP_ACTS: &[&str] =
    &["call", "show", "cut", "stall", "heal", "crash", "restart", "link", "admin"];

/// One of `react`
pub(super) const REACTION: Shape = Shape {
    what: "reaction",
    keys: &[
        must("client", Kind::Text),
        must("on", Kind::Table),
        may("after", Kind::Duration),
        may("times", Kind::Whole),
        may("call", Kind::Text),
        may("show", Kind::Text),
        may("room", Kind::Text),
        may("user", Kind::Text),
        may("to", Kind::Text),
        may("text", Kind::Text),
        may("token", Kind::Text),
        may("token_life", Kind::Duration),
    ],
};

/// The keys of a reaction that say what is done.
pub(super) const REACTION_ACTS: &[&str] = &["call", "show"];

/// `on` of a reaction
pub(super) const ON: Shape = Shape {
    what: "`on` table",
    keys: &[
        may("connection", Kind::Text),
        may("state", Kind::Text),
        may("callback", Kind::Text),
        may("room", Kind::Text),
        may("text", Kind::Text),
        may("sender", Kind::Text),
        may("member", Kind::Text),
    ],
};

/// The keys of `on` that say what is looked for.
pub(super) const ON_MATCHERS: &[&str] = &["connection", "state", "callback"];

/// One of `expect`
pub(super) const EXPECT: Shape = Shape { what: "expectation", keys: WATCH_KEYS };

/// One of `never`
pub(super) const NEVER: Shape = Shape { what: "`never` entry", keys: WATCH_KEYS };

const WATCH_KEYS: &[Key] = &[
    must("client", Kind::Text),
    may("row", Kind::Text),
    may("connection", Kind::Text),
    may("state", Kind::Text),
    may("callback", Kind::Text),
    may("show", Kind::Text),
    may("room", Kind::Text),
    may("text", Kind::Text),
    may("sender", Kind::Text),
    may("member", Kind::Text),
    may("from", Kind::Moment),
    may("to", Kind::Moment),
    may("within", Kind::Duration),
];

/// The keys of a watch that say what is looked for.
pub(super) const WATCH_MATCHERS: &[&str] = &["row", "connection", "state", "callback", "show"];
