//! What a reaction answers and a watch looks for: one matcher for both.

use super::acts;
use super::calls::check_keys;
use super::context::Context;
use super::diagnostic::{Diagnostic, Mistakes, Place, or_list, quoted};
use super::fields::{Fields, Placed};
use super::nearest::nearest;
use super::pairs;
use crate::zim::{Callback, Pattern, RoomId, UserId};

/// Who listens, and whether something that can't come is a mistake.
#[derive(Clone, Copy)]
pub(super) struct Listener<'a> {
    /// The client's name, where it is right.
    pub client: Option<&'a str>,
    /// Whether a pair that is never reported is a mistake. It is none in `never`: there it
    /// may guard against an SDK that does report it.
    pub must_come: bool,
}

/// The one matcher that is there; reports none and several.
pub(super) fn only_matcher(fields: &Fields<'_>, m: &mut Mistakes) -> Option<&'static str> {
    let present = fields.choices();
    let place = |key: &str| fields.key_place(key).expect("the key is present");
    match present.as_slice() {
        [matcher] => return Some(matcher),
        [] => {
            let matchers: Vec<_> = fields.shape.choices.iter().map(|choice| choice.key).collect();
            if matchers.iter().any(|matcher| fields.means(matcher)) {
                return None;
            }
            let names: Vec<_> = matchers.iter().map(|key| format!("`{key}`")).collect();
            let what = fields.shape.what;
            let message = format!("this {what} does not say what to look for");
            let diagnostic = Diagnostic::new(fields.place.clone(), message)
                .label(format!("needs one of {}", or_list(&names)));
            m.add(match fields.has("room") {
                true => diagnostic.help("a room alone is too little: add a state, as in \"0/*\""),
                false => diagnostic,
            });
        }
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` can't both match");
            m.add(
                Diagnostic::new(place(second), message)
                    .label("one callback is never both")
                    .also(place(first), "the other")
                    .help("keep one of them, or write two entries"),
            );
        }
    }
    None
}

/// Reads the pattern of `connection`, `state` or `callback`, and how to say it.
pub(super) fn pattern(
    fields: &Fields<'_>,
    matcher: &str,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Pattern, String)> {
    match matcher {
        "connection" => connection(fields, listener, context, m),
        "state" => room_state(fields, listener, context, m),
        _ => callback(fields, listener, context, m),
    }
}

fn connection(
    fields: &Fields<'_>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Pattern, String)> {
    let sound = check_keys(fields, "connection", None, m);
    let text = fields.text("connection", m)?;
    let pair = pairs::pair(&text, fields.source, m)?;
    if listener.must_come {
        pairs::check_connection(pair, &text, &context.params, m);
    }
    let pattern = Pattern { connection: Some(pair), ..Pattern::default() };
    sound.then(|| (pattern, format!("connection {}", text.value)))
}

fn room_state(
    fields: &Fields<'_>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Pattern, String)> {
    let sound = check_keys(fields, "state", None, m);
    let room = room(fields, listener, context, m);
    if !fields.means("room") {
        let place = fields.key_place("state").expect("the matcher is present");
        m.add(
            Diagnostic::new(place, "`state` needs `room`")
                .label("the state of which room?")
                .help("the state of the connection is: connection = \"…\""),
        );
    }
    let text = fields.text("state", m)?;
    let pair = pairs::pair(&text, fields.source, m)?;
    if listener.must_come {
        pairs::check_room(pair, &text, &context.params, m);
    }
    let room = room?;
    let words = format!("room {} {}", room.value, text.value);
    let room = Some(RoomId::from(room.value));
    sound.then(|| (Pattern { room_state: Some(pair), room, ..Pattern::default() }, words))
}

fn callback(
    fields: &Fields<'_>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Pattern, String)> {
    let text = fields.text("callback", m)?;
    let name = known_callback(&text, m)?;
    let takes = acts::callback(name).takes;
    let mut sound = check_keys(fields, "callback", Some((name, takes)), m);
    if name == "onTokenWillExpire" && !context.params.token_authentication && listener.must_come {
        m.add(
            Diagnostic::new(text.place, "`onTokenWillExpire` never fires in this scenario")
                .label("nobody has a token here")
                .help("it sets token.authentication = false"),
        );
        sound = false;
    }
    let room = room(fields, listener, context, m);
    let content = fields.text("text", m);
    let sender = fields.text("sender", m);
    let member = fields.text("member", m);
    for user in [&sender, &member].into_iter().flatten() {
        context.names.check_user(user, m);
    }
    if let Some(content) = &content {
        context.names.check_text(content, m);
    }
    let mut words = name.to_owned();
    words.extend(room.iter().map(|room| format!(" in {}", room.value)));
    words.extend(sender.iter().map(|sender| format!(", sender {}", sender.value)));
    words.extend(member.iter().map(|member| format!(", member {}", member.value)));
    words.extend(content.iter().map(|content| format!(", text {}", quoted(content.value))));
    let pattern = Pattern {
        callback: Some(name),
        room: room.map(|room| RoomId::from(room.value)),
        text: content.map(|content| content.value.to_owned()),
        from: sender.map(|sender| UserId::from(sender.value)),
        member: member.map(|member| UserId::from(member.value)),
        ..Pattern::default()
    };
    sound.then_some((pattern, words))
}

/// The callback of this name.
fn known_callback(text: &Placed<&str>, m: &mut Mistakes) -> Option<&'static str> {
    let known = Callback::NAMES.iter().copied().find(|name| *name == text.value);
    if known.is_none() {
        m.add(unknown_callback(text.value, text.place.clone()));
    }
    known
}

fn unknown_callback(name: &str, place: Place) -> Diagnostic {
    let diagnostic = Diagnostic::new(place, format!("unknown callback {}", quoted(name)))
        .label("no such callback");
    match nearest(name, Callback::NAMES.iter().copied()) {
        Some(meant) => diagnostic.help(format!("did you mean {}?", quoted(meant))),
        None => diagnostic.help(format!("known callbacks: {}", Callback::NAMES.join(", "))),
    }
}

/// Reads `room`, which the listener must enter at some time to hear of it.
pub(super) fn room<'a>(
    fields: &Fields<'a>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Placed<&'a str>> {
    let room = fields.text("room", m)?;
    match listener.client {
        Some(client) => context.names.check_room_of(&room, client, m),
        None => context.names.check_room(&room, m),
    }
    Some(room)
}
