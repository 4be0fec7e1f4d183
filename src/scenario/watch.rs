//! `expect` and `never`: what is looked for, and in which window of time.

use super::calls::check_keys;
use super::context::Context;
use super::crowd::{only_crowds, part};
use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::{Fields, Placed};
use super::keys::{EXPECT, NEVER, Shape};
use super::names::Group;
use super::nearest::nearest;
use super::network::Network;
use super::pattern::{Listener, only_matcher, pattern, room};
use super::plan::{Watch, Watched};
use crate::time::{Span, Time};
use crate::zim::RoomId;

/// Whether something is to be seen, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is.
    Expect,
    /// It is not.
    Never,
}

impl Purpose {
    /// The shape of its entries.
    pub fn shape(self) -> &'static Shape {
        match self {
            Purpose::Expect => &EXPECT,
            Purpose::Never => &NEVER,
        }
    }
}

/// Reads one entry of `expect` or `never`.
pub(super) fn watch(
    fields: &Fields<'_>,
    purpose: Purpose,
    context: &Context<'_>,
    network: &Network<'_>,
    m: &mut Mistakes,
) -> Option<Watch> {
    let name = fields.text("client", m);
    let group = name.as_ref().and_then(|name| context.names.group(name, m));
    let least = group.as_ref().and_then(|group| least(group, fields, purpose, m));
    let known = name.filter(|_| group.is_some()).map(|name| name.value);
    let listener = Listener { client: known, must_come: purpose == Purpose::Expect };
    let what = only_matcher(fields, m).and_then(|matcher| match matcher {
        "row" => row(fields, listener, context, m),
        "show" => shown(fields, listener, context, m),
        matcher => {
            let (pattern, words) = pattern(fields, matcher, listener, context, m)?;
            Some((Watched::Callback(pattern), words))
        }
    });
    let window = window(fields, context, network, m);
    let ((what, what_words), window) = (what?, window?);
    let (least, clients) = (least?, group?.members);
    let share = match fields.raw("share").and_then(|share| share.get_ref().as_str()) {
        Some(share) => format!("{share} of "),
        None => String::new(),
    };
    let words = format!("{share}{}: {what_words}{}", known?, window.words);
    Some(Watch { clients, least, what, from: window.from, to: window.to, words })
}

/// How many of them must see it: all of them, or at least a `share`.
fn least(group: &Group, fields: &Fields<'_>, purpose: Purpose, m: &mut Mistakes) -> Option<usize> {
    if !fields.has("share") {
        return Some(group.members.len());
    }
    let share = fields.share("share", m)?;
    if purpose == Purpose::Never {
        let label = "an entry of `never` is about everybody it names";
        m.add(Diagnostic::new(share.place, "`never` takes no `share`").label(label));
        return None;
    }
    if !group.is_crowd {
        only_crowds("share", fields, m);
        return None;
    }
    Some(part(group.members.len(), share.value).max(1))
}

/// The document's scene whose rows are about rooms.
const ROOM_SCENE: &str = "4.";

fn row(
    fields: &Fields<'_>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Watched, String)> {
    let sound = check_keys(fields, "row", None, m);
    let row = fields.text("row", m)?;
    let room = room(fields, listener, context, m);
    if !context.rows.contains(&row.value) {
        let message = format!("the contract has no row {}", quoted(row.value));
        let diagnostic = Diagnostic::new(row.place, message).label("unknown row");
        m.add(match nearest(row.value, context.rows.iter().copied()) {
            Some(meant) => diagnostic.help(format!("did you mean {}?", quoted(meant))),
            None => diagnostic.help(format!("known rows: {}", context.rows.join(", "))),
        });
        return None;
    }
    let in_room = room.as_ref().map(|room| format!(" in {}", room.value));
    if let Some(place) = fields.key_place("room").filter(|_| !row.value.starts_with(ROOM_SCENE)) {
        let message = format!("row {} is about no room", quoted(row.value));
        m.add(
            Diagnostic::new(place, message)
                .label("it could never match")
                .help("only the rows of scene 4 are about a room"),
        );
        return None;
    }
    let words = format!("row {}{}", row.value, in_room.unwrap_or_default());
    let room = room.map(|room| RoomId::from(room.value));
    sound.then(|| (Watched::Row { row: row.value.to_owned(), room }, words))
}

fn shown(
    fields: &Fields<'_>,
    listener: Listener<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Watched, String)> {
    let sound = check_keys(fields, "show", None, m);
    let text = fields.text("show", m)?;
    if let Some(client) = listener.client {
        let group = context.names.find(client);
        // A policy shows words of its own, which no file lists.
        let free =
            group.is_some_and(|group| context.clients[group.members.start].script.policy.is_some());
        if !free {
            context.names.check_shown(&text, client, m);
        }
    }
    let words = format!("shows {}", quoted(text.value));
    sound.then(|| (Watched::Shown(text.value.to_owned()), words))
}

/// From when to when, both inclusive.
struct Window {
    from: Time,
    to: Time,
    words: String,
}

fn window(
    fields: &Fields<'_>,
    context: &Context<'_>,
    network: &Network<'_>,
    m: &mut Mistakes,
) -> Option<Window> {
    let moment = |key: &'static str, m: &mut Mistakes| {
        let text = fields.text(key, m);
        let time = text.as_ref().and_then(|text| moment(text, context, network, m));
        (text, time)
    };
    let (from_text, from) = moment("from", m);
    let (to_text, to) = moment("to", m);
    let within = fields.duration("within", m);
    if fields.has("to") && fields.has("within") {
        let place = fields.key_place("within").expect("the key is present");
        let first = fields.key_place("to").expect("the key is present");
        m.add(
            Diagnostic::new(place, "`to` and `within` both say when the window ends")
                .label("one too many")
                .also(first, "the other"),
        );
        return None;
    }
    let from = if fields.has("from") { from? } else { Time::ZERO };
    let to = match (fields.has("to"), fields.has("within")) {
        (true, _) => to?,
        (false, true) => (from + within.as_ref()?.value).min(context.until),
        (false, false) => context.until,
    };
    let begin = from_text.map(|text| text.value);
    let words = match (begin, &to_text, &within) {
        (begin, None, Some(within)) => {
            format!(", within {} of {}", within.value, begin.unwrap_or("the start"))
        }
        (Some(begin), Some(end), _) => format!(", from {begin} to {}", end.value),
        (Some(begin), None, None) => format!(", from {begin}"),
        (None, Some(end), _) => format!(", until {}", end.value),
        (None, None, None) => String::new(),
    };
    if let Some(end) = to_text.filter(|_| to < from) {
        let (from, to) = (from.since(Time::ZERO), to.since(Time::ZERO));
        let message = format!("this window ends at {to}, before it begins at {from}");
        m.add(Diagnostic::new(end.place, message).label("too early"));
        return None;
    }
    Some(Window { from, to, words })
}

/// A moment of the run: a duration since its beginning, or a named step, or a fault's end.
fn moment(
    text: &Placed<&str>,
    context: &Context<'_>,
    network: &Network<'_>,
    m: &mut Mistakes,
) -> Option<Time> {
    if text.value.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return since_start(text, context, m);
    }
    let (name, end) = match text.value.strip_suffix(".end") {
        Some(name) => (name, true),
        None => (text.value, false),
    };
    if !context.names.steps.contains(name) {
        m.add(no_such_step(text, name, end, context, m));
        return None;
    }
    let moment = (*network.moments.get(name)?)?;
    if !end {
        return Some(moment.from);
    }
    let Some(end) = moment
        .fault
        .map(|fault| network.end_of(fault))
        .or_else(|| network.link_ends.get(name).copied())
    else {
        let message = format!("{} is no fault, so it has no end", quoted(name));
        m.add(
            Diagnostic::new(text.place.clone(), message)
                .label("only a fault has an end, or a change of links with a `for`"),
        );
        return None;
    };
    if end.is_none() && !network.unsure_end {
        let message = format!("{} does not end in this run", quoted(name));
        m.add(
            Diagnostic::new(text.place.clone(), message)
                .label("it lasts to the end of the run")
                .help("give it a `for` that ends before `until`, or end it with a step"),
        );
    }
    end
}

fn since_start(text: &Placed<&str>, context: &Context<'_>, m: &mut Mistakes) -> Option<Time> {
    match Span::parse(text.value) {
        Ok(span) if Time::ZERO + span <= context.until => Some(Time::ZERO + span),
        Ok(span) => {
            let message = format!("{span} is after the end of the run, {}", context.span());
            m.add(
                Diagnostic::new(text.place.clone(), message)
                    .label("nothing happens then")
                    .also(context.until_place.clone(), "the run ends here"),
            );
            None
        }
        Err(error) => {
            let message = format!("no moment of the run: {}", quoted(text.value));
            m.add(Diagnostic::new(text.place.clone(), message).label(error.to_string()));
            None
        }
    }
}

fn no_such_step(
    text: &Placed<&str>,
    name: &str,
    end: bool,
    context: &Context<'_>,
    m: &Mistakes,
) -> Diagnostic {
    let message = format!("no fault and no step is called {}", quoted(name));
    let diagnostic = Diagnostic::new(text.place.clone(), message).label("unknown name");
    let known = context.names.steps.iter().copied();
    match nearest(name, known).filter(|_| !m.full()) {
        Some(meant) => {
            let suffix = if end { ".end" } else { "" };
            diagnostic.help(format!("did you mean {}?", quoted(&format!("{meant}{suffix}"))))
        }
        None => diagnostic.help("a step gets a name by name = \"…\"; a moment may also be \"15s\""),
    }
}
