//! What an app does: calls and notices, as steps and reactions both have them.
//! `script` is that of the client, where its name is right.

use super::acts::{self, Takes};
use super::clients::{check_id, one_of};
use super::diagnostic::{Diagnostic, Mistakes, Place, or_list, quoted};
use super::fields::{Fields, Placed};
use super::keys::Kind;
use super::nearest::nearest;
use super::words::TOKENS;
use crate::app::{Act, Script, TokenQuality, TokenSpec};
use crate::zim::{Call, CallKind, RoomId, UserId};

/// A message may have no more bytes: it must fit into one frame.
const LONGEST_TEXT: usize = 2048;

/// Reads the `call` of a step or reaction. `room` stands in where a call needs a room and
/// the table names none.
pub(super) fn call(
    fields: &Fields<'_>,
    room: Option<&str>,
    script: Option<&Script>,
    m: &mut Mistakes,
) -> Option<(CallKind, Act)> {
    let name = fields.text("call", m)?;
    let kind = kind(&name, m)?;
    let Takes { takes, mut needs } = acts::call(kind);
    if room.is_some() {
        needs = needs.strip_prefix(&["room"]).unwrap_or(needs);
    }
    let mut sound = check_keys(fields, "call", Some((kind.name(), takes)), m);
    sound &= check_needs(fields, kind.name(), &name.place, needs, m);

    let user = fields.text("user", m).filter(|user| check_id("user", user, m));
    let to = fields.text("to", m).filter(|to| check_id("to", to, m));
    let named = fields.text("room", m).filter(|room| check_id("room", room, m));
    let room = named.map(|room| room.value).or(room).map(RoomId::from);
    let text = fields.text("text", m).filter(|text| check_text("text", text, m));
    let token = token(fields, script, m);
    if !sound {
        return None;
    }
    let text = text.map(|text| text.value.to_owned());
    let act = match kind {
        CallKind::Login => {
            let user = match user {
                Some(user) => UserId::from(user.value),
                None => script?.user.clone(),
            };
            Act::Login { user, token: token? }
        }
        CallKind::Logout => Act::Call(Call::Logout),
        CallKind::RenewToken => Act::RenewToken { token: token? },
        CallKind::CreateRoom => Act::Call(Call::CreateRoom { room: room? }),
        CallKind::JoinRoom => Act::Call(Call::JoinRoom { room: room? }),
        CallKind::EnterRoom => Act::Call(Call::EnterRoom { room: room? }),
        CallKind::LeaveRoom => Act::Call(Call::LeaveRoom { room: room? }),
        CallKind::QueryRoomMemberList => Act::Call(Call::QueryRoomMemberList { room: room? }),
        CallKind::SendPeerMessage => {
            Act::Call(Call::SendPeerMessage { to: UserId::from(to?.value), text: text? })
        }
        CallKind::SendRoomMessage => Act::Call(Call::SendRoomMessage { room: room?, text: text? }),
    };
    Some((kind, act))
}

/// Reads the `show` of a step or reaction.
pub(super) fn show(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Act> {
    let sound = check_keys(fields, "show", None, m);
    let text = fields.text("show", m).filter(|text| check_text("show", text, m))?;
    sound.then(|| Act::Show(text.value.to_owned()))
}

fn kind(name: &Placed<&str>, m: &mut Mistakes) -> Option<CallKind> {
    if let Some(kind) = CallKind::from_name(name.value) {
        return Some(kind);
    }
    let diagnostic =
        Diagnostic::new(name.place.clone(), format!("unknown call {}", quoted(name.value)));
    let names: Vec<_> = CallKind::ALL.iter().map(|kind| kind.name()).collect();
    m.add(match nearest(name.value, names.iter().copied()) {
        Some(meant) => {
            diagnostic.label("no such call").help(format!("did you mean {}?", quoted(meant)))
        }
        None => diagnostic.label("no such call").help(format!("known calls: {}", names.join(", "))),
    });
    None
}

fn token(fields: &Fields<'_>, script: Option<&Script>, m: &mut Mistakes) -> Option<TokenSpec> {
    let life = fields.duration("token_life", m);
    let quality = match fields.text("token", m) {
        Some(word) => one_of("token", &word, TOKENS, m)?,
        None => TokenQuality::Good,
    };
    let life = life.map(|life| life.value).or(script.map(|script| script.token_life))?;
    Some(TokenSpec { quality, life })
}

fn check_text(key: &str, text: &Placed<&str>, m: &mut Mistakes) -> bool {
    let label = if text.value.is_empty() {
        "it is empty"
    } else if text.value.len() > LONGEST_TEXT {
        "it has more than 2048 bytes"
    } else {
        return true;
    };
    m.add(Diagnostic::new(text.place.clone(), format!("`{key}` has no usable text")).label(label));
    false
}

/// Reports keys that have nothing to do with what the table is about; whether there are
/// none. `key` is the key that says what that is, `word` the word it holds, where that has
/// keys of its own.
pub(super) fn check_keys(
    fields: &Fields<'_>,
    key: &str,
    word: Option<(&str, &[&str])>,
    m: &mut Mistakes,
) -> bool {
    let shape = fields.shape;
    let choice = shape.choice(key).expect("only choices of the shape are made");
    let (what, takes) = word.unwrap_or((key, choice.takes));
    let mut sound = true;
    for found in fields.known() {
        let beside = choice.needs.contains(&found) || choice.takes.contains(&found);
        if found == key || beside || takes.contains(&found) || shape.always(found) {
            continue;
        }
        sound = false;
        let place = fields.key_place(found).expect("the key is present");
        let takes: Vec<_> = takes.iter().map(|key| format!("`{key}`")).collect();
        let label = match takes.is_empty() {
            true => format!("`{what}` takes nothing else"),
            false => format!("`{what}` takes {}", or_list(&takes).replace(" or ", " and ")),
        };
        let diagnostic = Diagnostic::new(place, format!("`{what}` takes no `{found}`"));
        m.add(diagnostic.label(label).maybe_help(instead(key, found)));
    }
    sound
}

/// What an author probably wanted who gave this act this key.
fn instead(act: &str, key: &str) -> Option<String> {
    let help = match (act, key) {
        ("cut", "every") => {
            "a cut that comes and goes is: flap = …, down_for = …, up_for = …, times = …"
        }
        (_, "every") => "only `call`, `show` and `admin` repeat: write a step for each time",
        _ => return None,
    };
    Some(help.to_owned())
}

/// Reports keys that this act needs and that are not there; whether there are none.
pub(super) fn check_needs(
    fields: &Fields<'_>,
    what: &str,
    place: &Place,
    needs: &[&str],
    m: &mut Mistakes,
) -> bool {
    let mut sound = true;
    for key in needs.iter().filter(|key| !fields.has(key)) {
        sound = false;
        if fields.means(key) {
            continue;
        }
        let kind = fields.shape.key(key).map_or(Kind::Text, |key| key.kind);
        let diagnostic = Diagnostic::new(place.clone(), format!("`{what}` needs `{key}`"))
            .label(format!("`{key}` is missing: {}", kind.expected()));
        m.add(diagnostic.maybe_help(example(key)));
    }
    sound
}

fn example(key: &str) -> Option<String> {
    let value = match key {
        "room" => "r1",
        "to" => "bob",
        "user" => "alice",
        "text" => "hello",
        "client" => "alice",
        "state" => "lost",
        "down_for" => "2s",
        "up_for" => "20s",
        "after" => "16KiB",
        _ => return None,
    };
    Some(format!("as in: {key} = \"{value}\""))
}
