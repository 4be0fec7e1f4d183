//! What the messages about wrong scenario files mean: the rule behind each, with an example
//! of wrong and right.

use super::{Sought, Topic};

/// What such topics are called.
pub(super) const MISTAKE: &str = "mistake in a scenario file";

/// A rule of scenario files, and the messages that tell of its breach.
pub(super) struct Rule {
    /// What it is called: words of its messages that a shell takes as they are.
    pub name: &'static str,
    /// The messages; `…` stands for any words.
    pub says: &'static [&'static str],
    /// The rule, and what to do.
    pub rule: &'static str,
    /// An example that breaks it: a line of the file, or an entry of `steps` or `expect`.
    pub wrong: &'static str,
    /// The same, put right.
    pub right: &'static str,
}

/// Every rule.
pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "this is not TOML",
        says: &[
            "this is not TOML",
            "the file is not UTF-8: …",
            "the file is empty",
            "the file is too large: …",
        ],
        rule: "a scenario is a TOML file (toml.io) in UTF-8: text in quotes; numbers, true and false without; lists in [ ], tables in { }, commas between. The mark is where reading had to stop: the mistake is there or just before",
        wrong: "title = tunnel",
        right: "title = \"tunnel\"",
    },
    Rule {
        name: "is given twice",
        says: &["… is given twice"],
        rule: "a key stands once in its table; a parameter is set once, whichever way it is written",
        wrong: "params = { heartbeat.period = \"5s\", \"heartbeat.period\" = \"6s\" }",
        right: "params = { heartbeat.period = \"5s\" }",
    },
    Rule {
        name: "has landed under the header",
        says: &["… has landed under the header …", "… stands inside …"],
        rule: "title, until, clients, steps, react, expect and never stand at the top of the file. In TOML, all lines below a [header] belong to it: put them above the first header, or write tables without headers",
        wrong: "clients = { alice = { until = \"2m\" }, bob = {} }",
        right: "clients = { alice = {}, bob = {} }",
    },
    Rule {
        name: "unknown key",
        says: &["unknown key … in …"],
        rule: "each kind of table has its own keys, and no others: `zimsim explain KEY` says where a key may stand. A misspelt key is never ignored",
        wrong: "{ at = \"20s\", cut = \"bob\", fro = \"5s\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\" }",
    },
    Rule {
        name: "is missing in this",
        says: &["… is missing in this …", "… needs …", "a slow answer needs …"],
        rule: "some keys must be there: `title`, `until` and `clients` in a file, `at` in a step, `client` where somebody acts or watches, and what an act needs, as a message needs its text",
        wrong: "{ at = \"20s\", client = \"alice\", call = \"sendRoomMessage\", room = \"r1\" }",
        right: "{ at = \"20s\", client = \"alice\", call = \"sendRoomMessage\", room = \"r1\", text = \"hi\" }",
    },
    Rule {
        name: "without an act",
        says: &["a … without an act", "two acts in one …"],
        rule: "a step does exactly one thing: a call, a show, a fault, a change of links, or an administrator's act; a reaction a call or a show. Two things at one time are two steps with the same `at`",
        wrong: "{ at = \"20s\", cut = \"bob\", stall = \"alice\", for = \"5s\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\" }",
    },
    Rule {
        name: "takes no",
        says: &[
            "… takes no …",
            "only the server's crash takes …",
            "an answer that never comes has no …",
            "only the server can be overloaded",
            "… is for devices, not for the server",
        ],
        rule: "the key exists, but means nothing with this act, call or callback: `zimsim explain ACT` lists the keys that go with it",
        wrong: "{ at = \"20s\", cut = \"bob\", for = \"5s\", text = \"hi\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\" }",
    },
    Rule {
        name: "means nothing without",
        says: &["… means nothing without …"],
        rule: "the key says more about another, which is not there: `times` and `for` of a call about `every`, `queue` about `rate`, and so on. Add the other, or take this one away",
        wrong: "{ at = \"20s\", times = 3, client = \"alice\", show = \"no network\" }",
        right: "{ at = \"20s\", every = \"5s\", times = 3, client = \"alice\", show = \"no network\" }",
    },
    Rule {
        name: "is no duration",
        says: &["… is no duration: …", "… must be at least 1 ms"],
        rule: "a duration is a whole number with a unit, in quotes: \"250ms\", \"15s\", \"4m\", \"2h\", \"1d\". Half a second is \"500ms\"",
        wrong: "{ at = \"20s\", cut = \"bob\", for = \"1.5s\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"1500ms\" }",
    },
    Rule {
        name: "must be",
        says: &["… must be …"],
        rule: "each key holds one kind of value: durations, shares (\"10%\"), rates (\"1Mbit/s\"), sizes (\"16KiB\") and names in quotes; whole numbers, true and false without",
        wrong: "{ at = 20, cut = \"bob\", for = \"5s\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\" }",
    },
    Rule {
        name: "is no share",
        says: &[
            "… is no share: …",
            "… is no rate: …",
            "… is no size: …",
            "… is no offset of a clock: …",
        ],
        rule: "a share is \"10%\" or \"0.5%\", up to 100%; a rate \"64kbit/s\" or \"1.6Mbit/s\"; a size \"1500B\", \"16KiB\" or \"64kB\"; what sets a clock has a sign: \"+90s\", \"-1h\"",
        wrong: "network = { loss = \"0.1\" }",
        right: "network = { loss = \"10%\" }",
    },
    Rule {
        name: "out of range",
        says: &[
            "… must be from … to …",
            "… must be below …",
            "… must be above …",
            "… must hold one full packet, …",
            "`times` can't be …",
            "`seed` can't be negative",
        ],
        rule: "the value is of the right kind, but too small or too large for anything to come of it; the message says what is allowed",
        wrong: "{ at = \"20s\", every = \"5s\", times = 0, client = \"alice\", show = \"no network\" }",
        right: "{ at = \"20s\", every = \"5s\", times = 2, client = \"alice\", show = \"no network\" }",
    },
    Rule {
        name: "but the run ends",
        says: &[
            "this step is at …, but the run ends at …",
            "the last of … is at …, but the run ends at …",
            "this step goes on until after the end of the run, …",
            "… is after the end of the run, …",
        ],
        rule: "everything lies before the file's `until`: steps, all their repetitions, and the moments that windows name. Only a fault may last beyond the end. Make `until` later, or the step earlier",
        wrong: "{ at = \"3m\", client = \"alice\", show = \"no network\" }",
        right: "{ at = \"90s\", client = \"alice\", show = \"no network\" }",
    },
    Rule {
        name: "no client is called",
        says: &[
            "no client is called …",
            "no host is called …",
            "… is named twice",
            "… names nobody",
            "`server` means every client, so it stands alone",
        ],
        rule: "`client`, `cut` and the like take names from `clients`: one, or a list with each once; many faults take \"server\" too, which means every client and stands alone. It is the name in the file that counts, not the `user`",
        wrong: "{ at = \"20s\", cut = \"bobby\", for = \"5s\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\" }",
    },
    Rule {
        name: "can be called",
        says: &[
            "no client can be called …",
            "no step can be called …",
            "two steps are called …",
            "the name of the crowd … is too long",
            "`room` can't be …",
            "`user` can't be …",
            "`to` can't be …",
            "`device` can't be …",
        ],
        rule: "a name has 1 to 32 characters, no dot (windows write \"tunnel.end\") and no control character, and is used once; a step's begins with no digit. \"server\" and \"net\" are taken",
        wrong: "{ at = \"20s\", cut = \"bob\", for = \"5s\", name = \"lift.1\" }",
        right: "{ at = \"20s\", cut = \"bob\", for = \"5s\", name = \"lift-1\" }",
    },
    Rule {
        name: "no client has the user",
        says: &["no client has the user …"],
        rule: "an account that nobody has is most likely misspelt: a client's is its `user`, or else its own name. A call that is meant to fail says so by its `result`, and an administrator's act by may_miss = true",
        wrong: "{ at = \"20s\", client = \"alice\", call = \"sendPeerMessage\", to = \"carol\", text = \"hi\" }",
        right: "{ at = \"20s\", client = \"alice\", call = \"sendPeerMessage\", to = \"bob\", text = \"hi\", result = \"any\" }",
    },
    Rule {
        name: "ever enters the room",
        says: &["nobody ever enters the room …", "… never enters the room …"],
        rule: "a room is known by the createRoom, joinRoom or enterRoom that names it; what is expected of, or sent to, another is most likely misspelt",
        wrong: "{ client = \"alice\", room = \"r2\", state = \"2/0\" }",
        right: "{ client = \"alice\", room = \"r1\", state = \"2/0\" }",
    },
    Rule {
        name: "never happens here",
        says: &[
            "nobody ever sends the text …",
            "… never shows …",
            "`onTokenWillExpire` never fires in this scenario",
            "this reaction can never happen: …",
        ],
        rule: "what is watched for can't happen in this file, whatever the run does: no step or reaction sends such a text or shows such words, no token lives that long. Texts are compared letter by letter",
        wrong: "{ client = \"alice\", callback = \"onRoomMessageReceived\", room = \"r1\", text = \"hello\" }",
        right: "{ client = \"alice\", callback = \"onRoomMessageReceived\", room = \"r1\" }",
    },
    Rule {
        name: "no fault is called",
        says: &[
            "no fault is called …",
            "no fault and no step is called …",
            "… is no fault, so it has no end",
        ],
        rule: "`heal` names a fault by the `name` that its step has; `from` and `to` name a step, or with .end a fault's end. A call has no end",
        wrong: "{ client = \"alice\", row = \"1.connected\", from = \"tunel.end\" }",
        right: "{ client = \"alice\", row = \"1.connected\", from = \"tunnel.end\" }",
    },
    Rule {
        name: "this fault is",
        says: &[
            "this fault is ended twice",
            "this fault is healed before it has begun",
            "this fault is over by then",
            "… is not down at that time",
            "… is a crash, which `heal` does not end",
        ],
        rule: "a fault ends once: by its `for`, or by a later `heal = \"NAME\"`; a crash by its `for`, or by a later `restart = \"server\"` (or the client)",
        wrong: "{ at = \"50s\", heal = \"tunnel\" }",
        right: "{ at = \"20s\", heal = \"tunnel\" }",
    },
    Rule {
        name: "does not end in this run",
        says: &["… does not end in this run"],
        rule: "a window hangs on the end of a fault that lasts to the end of the run: give the fault a `for` that is over before `until`, or end it with `heal` or `restart`",
        wrong: "until = \"30s\"",
        right: "until = \"2m\"",
    },
    Rule {
        name: "no moment of the run",
        says: &[
            "no moment of the run: …",
            "this window ends at …, before it begins at …",
            "… and `within` both say when the window ends",
        ],
        rule: "a window goes from `from` (a step's name, a fault's NAME.end, or a time such as \"15s\") to `to`, or for `within`: one of the two, and not before it begins",
        wrong: "{ client = \"alice\", connection = \"3/3\", from = \"tunnel\", to = \"5s\" }",
        right: "{ client = \"alice\", connection = \"3/3\", from = \"tunnel\", within = \"20s\" }",
    },
    Rule {
        name: "does not say what to look for",
        says: &["this … does not say what to look for", "… and … can't both match"],
        rule: "an entry of expect or never, and `on` of a reaction, names exactly one thing: `row`, `connection`, `state` (with its `room`), `callback` or `show`; other keys narrow it down",
        wrong: "{ client = \"alice\", from = \"tunnel\", within = \"20s\" }",
        right: "{ client = \"alice\", connection = \"3/3\", from = \"tunnel\", within = \"20s\" }",
    },
    Rule {
        name: "is no pair of state and event",
        says: &[
            "… is no pair of state and event",
            "unknown connection state …",
            "unknown connection event …",
            "unknown room state …",
            "unknown room event …",
            "no connection ever reports …",
            "no room ever reports …",
        ],
        rule: "a pair is \"state/event\", each a public number, a name in capitals, or * for any: \"3/3\", \"RECONNECTING/*\". `zimsim explain 3/3` says what a pair means; some never come together",
        wrong: "{ client = \"alice\", connection = \"3\" }",
        right: "{ client = \"alice\", connection = \"3/*\" }",
    },
    Rule {
        name: "the contract has no row",
        says: &["the contract has no row …", "row … is about no room"],
        rule: "`row` is the id of a row of the documented tables; `zimsim contract` lists them. Only those of scene 4 are about a room",
        wrong: "{ client = \"alice\", row = \"4.T2.restord\", room = \"r1\" }",
        right: "{ client = \"alice\", row = \"4.T2.restored\", room = \"r1\" }",
    },
    Rule {
        name: "unknown word",
        says: &["unknown …"],
        rule: "the key holds one of a few words (calls, callbacks, platforms, profiles …), as they are written, capitals included: `zimsim explain KEY` lists them",
        wrong: "{ at = \"20s\", client = \"alice\", call = \"leaveroom\", room = \"r1\" }",
        right: "{ at = \"20s\", client = \"alice\", call = \"leaveRoom\", room = \"r1\" }",
    },
    Rule {
        name: "unknown parameter",
        says: &["unknown parameter …", "… can't be set to this"],
        rule: "`params` sets what `zimsim params` lists, each to a value of its own kind: `zimsim explain NAME` says what a parameter may be",
        wrong: "params = { heartbeat.interval = \"5s\" }",
        right: "params = { heartbeat.period = \"5s\" }",
    },
    Rule {
        name: "no call ends with",
        says: &["no call ends with …"],
        rule: "`result` is the error code that the call must end with: one of those that zimsim's model knows, or \"any\". `zimsim explain` lists them",
        wrong: "{ at = \"20s\", client = \"alice\", call = \"logout\", result = 404 }",
        right: "{ at = \"20s\", client = \"alice\", call = \"logout\", result = \"any\" }",
    },
    Rule {
        name: "is for a crowd",
        says: &[
            "… is for a crowd, and this is one client",
            "… can't be given for a crowd",
            "a crowd has 1 to …",
            "a room of a crowd holds …",
            "… members need … rooms, and … may exist",
            "… of … is nobody",
            "… is no stretch of time: …",
            "… is a crowd, and one device crashes at a time",
            "`platform` and `platforms` can't both be given",
        ],
        rule: "a client with a `size` is a crowd of so many: fans = { size = 200, login = \"0s..30s\", rooms_of = 50 }. Some keys are for crowds only, others for one client only; steps name a crowd as a whole, a `share` of it, or one member: \"fans-001\"",
        wrong: "{ at = \"20s\", cut = \"bob\", for = \"5s\", share = \"50%\" }",
        right: "{ at = \"20s\", cut = \"fans\", for = \"5s\", share = \"50%\" }",
    },
    Rule {
        name: "contradict each other",
        says: &[
            "… contradict each other",
            "… don't go together",
            "… changes nothing",
            "`times` and `for` both say how often",
        ],
        rule: "two keys can't both be meant, or none of those is there that would do something. Keep one",
        wrong: "{ at = \"20s\", link = \"bob\", reset = true, loss = \"10%\" }",
        right: "{ at = \"20s\", link = \"bob\", loss = \"10%\", may_miss = true }",
    },
    Rule {
        name: "is behind no NAT",
        says: &["… is behind no NAT"],
        rule: "`link` changes the NAT that a client has been behind from the beginning: give it one in its table in `clients`, or all clients in `network`",
        wrong: "{ at = \"20s\", link = \"alice\", nat = { idle = \"30s\" } }",
        right: "network = { nat = { idle = \"5m\" } }",
    },
    Rule {
        name: "too many",
        says: &[
            "… clients are too many: …",
            "the steps together touch more than … links",
            "the steps together move devices more than … times",
            "this step happens … times, … are the most",
        ],
        rule: "a file is bounded, so that a slip of the finger can't fill the memory; the message names the bound",
        wrong: "{ at = \"0s\", every = \"1ms\", client = \"fans\", show = \"hello\" }",
        right: "{ at = \"0s\", every = \"10s\", client = \"fans\", show = \"hello\" }",
    },
    Rule {
        name: "a scenario needs at least one client",
        says: &["a scenario needs at least one client"],
        rule: "`clients` names the devices; {} is one that has all defaults",
        wrong: "clients = {}",
        right: "clients = { alice = {}, bob = {} }",
    },
    Rule {
        name: "has no usable text",
        says: &["… has no usable text"],
        rule: "a message, or what an app shows, has 1 to 2048 bytes",
        wrong: "{ at = \"20s\", client = \"alice\", show = \"\" }",
        right: "{ at = \"20s\", client = \"alice\", show = \"no network\" }",
    },
];

impl Rule {
    /// What there is to say about it.
    pub fn topic(&self) -> Topic {
        Topic::new(self.name, MISTAKE, Sought::Nothing)
            .field("said as", self.says.join("\n"))
            .field("rule", self.rule)
            .field("wrong", self.wrong)
            .field("right", self.right)
    }
}

/// One topic a rule.
pub(super) fn topics() -> Vec<Topic> {
    RULES.iter().map(Rule::topic).collect()
}
