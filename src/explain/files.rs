//! The words of scenario files: keys, and the fixed words that they may hold.

use super::{Sought, Topic};
use crate::scenario::{KeyHelp, key_help};
use crate::zim::{CallKind, Callback};

/// How some keys are written; in each example the key holds what it usually does.
pub(super) const WRITTEN: &[(&str, &str)] = &[
    ("until", "until = \"4m\""),
    ("params", "params = { room.heartbeat_timeout = \"60s\", reconnect.jitter = \"0%\" }"),
    ("network", "network = { profile = \"4G\", loss = \"1%\" }"),
    ("clients", "clients = { alice = {}, bob = { user = \"bob\", platform = \"Web\" } }"),
    ("policy", "clients = { alice = { policy = \"advised\" }, bob = {} }"),
    (
        "size",
        "clients = { alice = {}, bob = {}, fans = { size = 200, login = \"0s..30s\", rooms_of = 50 } }",
    ),
    (
        "call",
        "{ at = \"20s\", client = \"alice\", call = \"sendRoomMessage\", room = \"r1\", text = \"hi\" }",
    ),
    ("result", "{ at = \"20s\", client = \"bob\", call = \"logout\", result = \"any\" }"),
    (
        "every",
        "{ at = \"20s\", every = \"8s\", for = \"1m\", client = \"alice\", call = \"sendRoomMessage\", room = \"r1\", text = \"beat\", result = \"any\" }",
    ),
    ("show", "{ at = \"20s\", client = \"alice\", show = \"no network\" }"),
    ("cut", "{ at = \"20s\", cut = \"alice\", for = \"30s\", name = \"lift\" }"),
    (
        "direction",
        "{ at = \"20s\", cut = [\"alice\", \"bob\"], direction = \"up\", for = \"30s\" }",
    ),
    ("stall", "{ at = \"20s\", stall = \"alice\", for = \"10s\" }"),
    ("flap", "{ at = \"20s\", flap = \"alice\", down_for = \"4s\", up_for = \"10s\", times = 3 }"),
    ("blackhole", "{ at = \"20s\", blackhole = \"alice\", after = \"16KiB\", for = \"1m\" }"),
    ("rst", "{ at = \"20s\", rst = \"alice\", to = \"client\" }"),
    ("heal", "{ at = \"20s\", heal = \"tunnel\" }"),
    ("crash", "{ at = \"20s\", crash = \"server\", state = \"lost\", for = \"10s\" }"),
    ("suspend", "{ at = \"20s\", suspend = \"alice\", for = \"90s\" }"),
    ("doze", "{ at = \"20s\", doze = \"alice\", for = \"90s\" }"),
    ("offline", "{ at = \"20s\", offline = \"alice\", for = \"1m\", name = \"flight\" }"),
    ("handover", "{ at = \"20s\", handover = \"alice\", for = \"2s\" }"),
    ("portal", "{ at = \"20s\", portal = \"alice\", answer = \"silence\", for = \"1m\" }"),
    ("dns", "{ at = \"20s\", dns = \"alice\", answer = \"slow\", delay = \"3s\", for = \"1m\" }"),
    ("overload", "{ at = \"20s\", overload = \"server\", delay = \"4s\", for = \"1m\" }"),
    ("clock", "{ at = \"20s\", clock = \"alice\", by = \"+1h\" }"),
    ("link", "{ at = \"20s\", link = \"alice\", profile = \"3G\", loss = \"5%\", for = \"1m\" }"),
    ("admin", "{ at = \"20s\", admin = \"kickUser\", user = \"alice\" }"),
    (
        "react",
        "react = [ { client = \"alice\", on = { connection = \"3/*\" }, show = \"no network\" } ]",
    ),
    (
        "expect",
        "expect = [ { client = \"alice\", connection = \"3/3\", from = \"tunnel\", within = \"20s\" } ]",
    ),
    ("never", "never = [ { client = \"bob\", connection = \"3/*\" } ]"),
    (
        "row",
        "{ client = \"alice\", row = \"4.T2.restored\", room = \"r1\", from = \"tunnel.end\" }",
    ),
    (
        "callback",
        "{ client = \"bob\", callback = \"onRoomMessageReceived\", room = \"r1\", text = \"hi\" }",
    ),
    (
        "state",
        "{ client = \"alice\", room = \"r1\", state = \"2/0\", from = \"tunnel.end\", within = \"40s\" }",
    ),
    ("within", "{ client = \"alice\", connection = \"3/3\", from = \"tunnel\", within = \"20s\" }"),
];

/// One topic a key, whatever tables have it, and one a word.
pub(super) fn topics() -> Vec<Topic> {
    let mut keys: Vec<Topic> = Vec::new();
    let mut words: Vec<Topic> = Vec::new();
    for help in key_help() {
        match keys.iter_mut().find(|topic| topic.name == help.name) {
            Some(topic) => topic.fields.extend(about(&help)),
            None => {
                let mut topic =
                    Topic::new(help.name, "key of a scenario file", Sought::Word(help.name));
                topic.fields.extend(about(&help));
                keys.push(topic);
            }
        }
        for word in &help.words {
            let known = words.iter().any(|topic| topic.name == word.word);
            let named =
                CallKind::from_name(word.word).is_some() || Callback::NAMES.contains(&word.word);
            if known || named {
                continue;
            }
            let topic = Topic::new(word.word, "word of a scenario file", Sought::Word(word.word))
                .field("means", word.about)
                .field("written", format!("{} = \"{}\"", help.name, word.word))
                .field("with", with(&word.takes));
            words.push(topic);
        }
    }
    for topic in &mut keys {
        topic.fields.extend(written(&topic.name).map(|example| ("written", example.to_owned())));
    }
    keys.into_iter().chain(words).collect()
}

fn written(key: &str) -> Option<&'static str> {
    WRITTEN.iter().find(|(known, _)| *known == key).map(|(_, example)| *example)
}

fn about(help: &KeyHelp) -> Vec<(&'static str, String)> {
    let mut lines = vec![format!("{}; holds {}", help.about, help.holds)];
    for word in &help.words {
        let with = with(&word.takes);
        let with = if with.is_empty() { with } else { format!("; with {with}") };
        lines.push(format!("\"{}\": {}{with}", word.word, word.about));
    }
    let needs = help.needs.iter().map(|key| (*key, true));
    let takes = help.takes.iter().map(|key| (*key, false));
    let beside = with(&needs.chain(takes).collect::<Vec<_>>());
    if !beside.is_empty() {
        lines.push(format!("with {beside}"));
    }
    vec![(help.table, lines.join("\n"))]
}

/// `room and text (needed), result`
fn with(keys: &[(&'static str, bool)]) -> String {
    let keys = keys.iter().map(|(key, needed)| match needed {
        true => format!("{key} (needed)"),
        false => (*key).to_owned(),
    });
    keys.collect::<Vec<_>>().join(", ")
}
