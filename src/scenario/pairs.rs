//! State and event pairs as a file writes them: `3/3`, `RECONNECTING/*`, `0/9`.

use super::diagnostic::{Diagnostic, Mistakes, Place, quoted};
use super::fields::Placed;
use super::nearest::nearest;
use crate::param::Params;
use crate::zim::{ConnectionEvent, ConnectionState, Pair, RoomEvent, RoomState};

/// One value of a public enumeration.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// What the enumeration is called in messages.
    const WHAT: &'static str;
    /// Every value.
    const EVERY: &'static [Self];
    /// The public number.
    fn public_number(self) -> u32;
    /// The public name.
    fn public_name(self) -> &'static str;
}

macro_rules! word {
    ($name:ident, $what:literal) => {
        impl Word for $name {
            const WHAT: &'static str = $what;
            const EVERY: &'static [$name] = $name::ALL;
            fn public_number(self) -> u32 {
                self.number()
            }
            fn public_name(self) -> &'static str {
                self.name()
            }
        }
    };
}

word!(ConnectionState, "connection state");
word!(ConnectionEvent, "connection event");
word!(RoomState, "room state");
word!(RoomEvent, "room event");

/// Reads a pair; reports each half that is wrong at its own place.
pub(super) fn pair<S: Word, E: Word>(
    text: &Placed<&str>,
    source: &str,
    m: &mut Mistakes,
) -> Option<Pair<S, E>> {
    let Some((state, event)) = text.value.split_once('/') else {
        let message = format!("{} is no pair of state and event", quoted(text.value));
        m.add(
            Diagnostic::new(text.place.clone(), message)
                .label("expected \"state/event\"")
                .help(format!("`*` leaves one open, as in: \"{}/*\"", text.value.escape_debug())),
        );
        return None;
    };
    let state_place = within(text, source, 0, state.len());
    let event_place = within(text, source, state.len() + 1, event.len());
    let state = half::<S>(state, state_place, m);
    let event = half::<E>(event, event_place, m);
    Some(Pair { state: state?, event: event? })
}

/// `Some(None)` for `*`.
fn half<W: Word>(text: &str, place: Place, m: &mut Mistakes) -> Option<Option<W>> {
    if text == "*" {
        return Some(None);
    }
    let number = text.parse::<u32>().ok();
    let found = W::EVERY
        .iter()
        .find(|word| number == Some(word.public_number()) || text == word.public_name());
    if let Some(word) = found {
        return Some(Some(*word));
    }
    let diagnostic = Diagnostic::new(place, format!("unknown {} {}", W::WHAT, quoted(text)));
    let names = W::EVERY.iter().map(|word| word.public_name());
    let diagnostic = match nearest(text, names).filter(|_| number.is_none()) {
        Some(meant) => {
            diagnostic.label(format!("no such {}", W::WHAT)).help(format!("did you mean {meant}?"))
        }
        None => {
            let known = W::EVERY.iter();
            let known: Vec<_> = known
                .map(|word| format!("{} {}", word.public_number(), word.public_name()))
                .collect();
            diagnostic.label(format!("no such {}", W::WHAT)).help(format!(
                "known {}s: {}, and * for any",
                W::WHAT,
                known.join(", ")
            ))
        }
    };
    m.add(diagnostic);
    None
}

/// The place of a part of a text, where the file has it letter by letter.
fn within(text: &Placed<&str>, source: &str, offset: usize, len: usize) -> Place {
    let start = text.place.start + 1;
    let plain = source.get(start..start + text.value.len()) == Some(text.value);
    match plain && len > 0 {
        true => start + offset..start + offset + len,
        false => text.place.clone(),
    }
}

/// Reports a pair that no connection ever has.
pub(super) fn check_connection(
    pair: Pair<ConnectionState, ConnectionEvent>,
    text: &Placed<&str>,
    params: &Params,
    m: &mut Mistakes,
) {
    use ConnectionEvent as Event;
    let possible = |state: &ConnectionState| -> Vec<Event> {
        match state {
            ConnectionState::Disconnected => {
                let documented = [
                    Event::LoginTimeout,
                    Event::KickedOut,
                    Event::TokenExpired,
                    Event::Unregistered,
                ];
                let chosen = [params.login_refused_event, params.logout_event];
                documented.into_iter().chain(chosen).collect()
            }
            ConnectionState::Connecting => vec![Event::ActiveLogin],
            ConnectionState::Connected => vec![Event::Success],
            ConnectionState::Reconnecting => vec![Event::LoginInterrupted],
        }
    };
    check(pair, text, "connection", possible, m);
}

/// Reports a pair that no room ever has.
pub(super) fn check_room(
    pair: Pair<RoomState, RoomEvent>,
    text: &Placed<&str>,
    params: &Params,
    m: &mut Mistakes,
) {
    use RoomEvent as Event;
    let possible = |state: &RoomState| -> Vec<Event> {
        match state {
            RoomState::Disconnected => {
                let documented = [
                    Event::Success,
                    Event::NetworkDisconnected,
                    Event::RoomNotExist,
                    Event::CreateFailed,
                    Event::EnterFailed,
                    Event::KickedOut,
                    Event::ConnectTimeout,
                    Event::KickedOutByOtherDevice,
                ];
                let chosen = [
                    params.room_kicked_while_away,
                    params.room_terminal_event,
                    params.room_logout_event,
                ];
                documented.into_iter().chain(chosen).collect()
            }
            RoomState::Connecting => {
                vec![Event::NetworkInterrupted, Event::ActiveCreate, Event::ActiveEnter]
            }
            RoomState::Connected => vec![Event::Success],
        }
    };
    check(pair, text, "room", possible, m);
}

fn check<S: Word, E: Word>(
    pair: Pair<S, E>,
    text: &Placed<&str>,
    what: &str,
    possible: impl Fn(&S) -> Vec<E>,
    m: &mut Mistakes,
) {
    let states: Vec<S> = match pair.state {
        Some(state) => vec![state],
        None => S::EVERY.to_vec(),
    };
    let meets = |state: &S| possible(state).iter().any(|event| pair.matches(state, event));
    if states.iter().any(meets) {
        return;
    }
    let mut pairs = Vec::new();
    for state in &states {
        let mut events = possible(state);
        events.sort_by_key(|event| event.public_number());
        events.dedup();
        let state = state.public_number();
        pairs.extend(events.iter().map(|event| format!("{state}/{}", event.public_number())));
    }
    let message = format!("no {what} ever reports {}", quoted(text.value));
    let diagnostic = Diagnostic::new(text.place.clone(), message).label("never happens");
    let whose = match pair.state {
        Some(state) => format!("with state {} ({})", state.public_name(), state.public_number()),
        None => "with any state".to_owned(),
    };
    m.add(diagnostic.help(format!("possible {whose}: {}", pairs.join(", "))));
}
