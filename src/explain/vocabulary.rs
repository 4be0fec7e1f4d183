//! ZIM's public words: states, events and their pairs, error codes, calls, callbacks.

use super::topics::rows_about;
use super::{Sought, Topic};
use crate::param::Params;
use crate::zim::{
    CallKind, Callback, ConnectionEvent, ConnectionState, ErrorCode, Pair, RoomEvent, RoomState,
};

const ENUMS: &str = "numbers in ZIM's public type declarations; names as its guides write them";

/// Every state, event, code, call and callback.
pub(super) fn topics() -> Vec<Topic> {
    let mut topics = Vec::new();
    topics.extend(ConnectionState::ALL.iter().map(|state| {
        let pair = Pair { state: Some(*state), event: None };
        value("connection state", state.number(), state.name(), state.about())
            .sought(Sought::Connection(pair))
    }));
    topics.extend(ConnectionEvent::ALL.iter().map(|event| {
        let pair = Pair { state: None, event: Some(*event) };
        value("connection event", event.number(), event.name(), event.about())
            .sought(Sought::Connection(pair))
    }));
    topics.extend(RoomState::ALL.iter().map(|state| {
        let pair = Pair { state: Some(*state), event: None };
        value("room state", state.number(), state.name(), state.about()).sought(Sought::Room(pair))
    }));
    topics.extend(RoomEvent::ALL.iter().map(|event| {
        let pair = Pair { state: None, event: Some(*event) };
        value("room event", event.number(), event.name(), event.about()).sought(Sought::Room(pair))
    }));
    topics.extend(ErrorCode::ALL.iter().map(|code| self::code(*code)));
    topics.extend(CallKind::ALL.iter().map(|kind| {
        Topic::new(kind.name(), "call of the SDK", Sought::Call(*kind))
            .field("does", kind.about())
            .field("documented", "ZIM's public API reference")
            .field(
                "written",
                format!("{{ at = \"2s\", client = \"alice\", call = \"{kind}\", … }}"),
            )
    }));
    topics.extend(Callback::NAMES.iter().zip(Callback::ABOUT).map(|(name, about)| {
        Topic::new(*name, "callback of the SDK", Sought::Callback(name))
            .field("tells", *about)
            .field("documented", "ZIM's public API reference")
            .field("written", format!("{{ client = \"alice\", callback = \"{name}\", … }}"))
    }));
    topics
}

impl Topic {
    fn sought(self, sought: Sought) -> Topic {
        Topic { sought, ..self }
    }
}

fn value(kind: &'static str, number: u32, name: &str, about: &str) -> Topic {
    Topic::new(name, kind, Sought::Nothing)
        .also(number.to_string())
        .field("number", number.to_string())
        .field("means", about)
        .field("documented", ENUMS)
}

fn code(code: ErrorCode) -> Topic {
    let rows = rows_about(&[code.0.to_string()]);
    let default = Params::default();
    let number = code.0.to_string();
    let params = Params::TABLE.iter().filter(|row| row.get(&default) == number);
    let params: Vec<_> =
        params.map(|row| format!("{} ({}): {}", row.name, row.mark.name(), row.text)).collect();
    Topic::new(number, "error code", Sought::Code(code))
        .also(code.name())
        .field("name", code.name())
        .field("means", code.about())
        .field("documented", "ZIM's public table of error codes")
        .field("rows", rows)
        .field("where", params.join("\n"))
}

/// The topics of a pair: `3/3`, `DISCONNECTED/*`, `room 0/9`, `connection 2/0`.
pub(super) fn pairs(word: &str) -> Vec<Topic> {
    let (whose, pair) = match word.split_once(' ') {
        Some((whose, pair)) => (Some(whose), pair.trim()),
        None => (None, word),
    };
    let Some((state, event)) = pair.split_once('/') else { return Vec::new() };
    let mut found = Vec::new();
    if whose.is_none_or(|whose| whose == "connection")
        && let Some(state) = half(state, ConnectionState::from_number, ConnectionState::from_name)
        && let Some(event) = half(event, ConnectionEvent::from_number, ConnectionEvent::from_name)
    {
        let pair = Pair { state, event };
        let state = state.map(|s| (s.number(), s.name(), s.about()));
        let event = event.map(|e| (e.number(), e.name(), e.about()));
        found.push(pair_topic("connection", state, event, Sought::Connection(pair)));
    }
    if whose.is_none_or(|whose| whose == "room")
        && let Some(state) = half(state, RoomState::from_number, RoomState::from_name)
        && let Some(event) = half(event, RoomEvent::from_number, RoomEvent::from_name)
    {
        let pair = Pair { state, event };
        let state = state.map(|s| (s.number(), s.name(), s.about()));
        let event = event.map(|e| (e.number(), e.name(), e.about()));
        found.push(pair_topic("room", state, event, Sought::Room(pair)));
    }
    // Of two readings the one that files can ask for counts.
    let possible: Vec<_> =
        found.iter().filter(|topic| topic.sought.is_possible()).cloned().collect();
    if possible.is_empty() { found } else { possible }
}

/// `Some(None)` for `*`, `None` for no word at all.
fn half<T>(
    text: &str,
    number: fn(u32) -> Option<T>,
    name: fn(&str) -> Option<T>,
) -> Option<Option<T>> {
    if text == "*" {
        return Some(None);
    }
    text.parse().ok().and_then(number).or_else(|| name(&text.to_uppercase())).map(Some)
}

/// A value's number, name and meaning; `None` for any.
type Named = Option<(u32, &'static str, &'static str)>;

fn pair_topic(whose: &str, state: Named, event: Named, sought: Sought) -> Topic {
    let number = |half: Named| half.map_or("*".to_owned(), |(number, ..)| number.to_string());
    let words = |half: Named| match half {
        Some((number, name, about)) => format!("{number} {name}: {about}"),
        None => "any".to_owned(),
    };
    let pair = format!("{}/{}", number(state), number(event));
    let rows = rows_about(std::slice::from_ref(&pair));
    let key = if whose == "room" { "room = \"r1\", state" } else { "connection" };
    Topic::new(format!("{whose} {pair}"), "pair of state and event", sought)
        .field("state", words(state))
        .field("event", words(event))
        .field("documented", ENUMS)
        .field("rows", rows)
        .field("written", format!("{{ client = \"alice\", {key} = \"{pair}\" }}"))
}
