//! Crowds: one entry of `clients` with a `size` stands for many clients.
//!
//! `clients = { crowd = { size = 10000, login = "0s..30s", rooms_of = 50 } }` makes
//! `crowd-00001` to `crowd-10000`. Each has an account and a device of its own, logs in at a
//! moment drawn for it, and enters its room once it is connected. What is drawn for a member
//! is a function of the seed and its name alone.

use super::clients::{LONGEST_NAME, MOST_CLIENTS, one_of};
use super::context::Context;
use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::{Fields, Placed};
use super::names::Group;
use super::plan::ClientPlan;
use crate::app::{Act, Reaction, TokenQuality, TokenSpec};
use crate::param::{Params, Percent};
use crate::record::{ClientId, Origin};
use crate::rng::{Label, Seed, scale};
use crate::time::{Span, Time};
use crate::zim::{Call, ConnectionState, DeviceId, Pair, Pattern, Platform, RoomId, UserId};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A room of a crowd holds no more: each message to it goes to everybody in it.
const LARGEST_ROOM: usize = 50;

/// The keys that only a crowd has.
const ONLY_CROWDS: &[&str] = &["login", "rooms_of", "platforms"];

/// What is drawn for a member.
const LOGIN: u64 = 1;
const PLATFORM: u64 = 2;
const SHARE: u64 = 3;
const DELAY: u64 = 4;

/// Somebody in the table of clients.
pub(super) struct Resident<'a> {
    /// Its own name.
    pub name: Cow<'a, str>,
    /// Its entry in the table.
    pub key: &'a str,
    /// Its place in its crowd, if it is of one.
    pub place: usize,
}

/// Everybody in the table of clients, members of crowds one by one, sorted by name.
pub(super) fn roster<'a>(table: &'a DeTable<'a>) -> Vec<Resident<'a>> {
    let mut all = Vec::new();
    for (key, value) in table.iter() {
        let key: &str = key.get_ref();
        match size(value) {
            Some(size) => all.extend((0..size).map(|place| Resident {
                name: member_name(key, place, size).into(),
                key,
                place,
            })),
            None => all.push(Resident { name: key.into(), key, place: 0 }),
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// `crowd-00042`, the first is 1.
fn member_name(crowd: &str, place: usize, size: usize) -> String {
    format!("{crowd}-{:0width$}", place + 1, width = digits(size))
}

/// `crowd-room-7`, the first is 1.
fn room_name(crowd: &str, place: usize) -> String {
    format!("{crowd}-room-{}", place + 1)
}

/// The place in a crowd of this size of whoever is called like this.
pub(super) fn place_of(member: &str, crowd: &str, size: usize) -> Option<usize> {
    let place = number(member, crowd)?.checked_sub(1).filter(|place| *place < size)?;
    (member_name(crowd, place, size) == member).then_some(place)
}

/// Whether this is one of so many rooms of a crowd.
pub(super) fn is_room(room: &str, crowd: &str, rooms: usize) -> bool {
    let place = number(room, crowd).and_then(|number| number.checked_sub(1));
    place.is_some_and(|place| place < rooms && room_name(crowd, place) == room)
}

fn number(name: &str, crowd: &str) -> Option<usize> {
    name.strip_prefix(crowd)?.rsplit_once('-')?.1.parse().ok()
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

/// How many this entry stands for, if it is a crowd of a size that can be.
pub(super) fn size(value: &Spanned<DeValue<'_>>) -> Option<usize> {
    let count = whole(value, "size")?;
    (1..=MOST_CLIENTS).contains(&count).then_some(count)
}

/// How many rooms this crowd fills.
pub(super) fn rooms(value: &Spanned<DeValue<'_>>) -> usize {
    match (size(value), whole(value, "rooms_of")) {
        (Some(size), Some(of @ 1..)) => size.div_ceil(of),
        (Some(_) | None, Some(_) | None) => 0,
    }
}

fn whole(value: &Spanned<DeValue<'_>>, key: &str) -> Option<usize> {
    match value.get_ref().as_table()?.get(key)?.get_ref() {
        DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok(),
        DeValue::String(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// What all members of a crowd have in common.
pub(super) struct Crowd<'a> {
    name: &'a str,
    size: usize,
    /// From when to when they log in.
    login: Option<(Span, Span)>,
    rooms_of: Option<usize>,
    platforms: Vec<Platform>,
}

impl<'a> Crowd<'a> {
    /// Reads what makes a crowd of a client; `None` if it is none, or not a sound one.
    pub fn read(
        name: &'a str,
        fields: &Fields<'a>,
        params: &Params,
        until: Time,
        m: &mut Mistakes,
    ) -> Option<Crowd<'a>> {
        let Some(size) = fields.whole("size", m) else {
            if !fields.means("size") {
                not_alone(fields, m);
            }
            return None;
        };
        let count = usize::try_from(size.value).ok().filter(|n| (1..=MOST_CLIENTS).contains(n));
        let Some(count) = count else {
            let message = format!("a crowd has 1 to {MOST_CLIENTS} members");
            let label = format!("found {}", size.value);
            m.add(Diagnostic::new(size.place, message).label(label));
            return None;
        };
        if name.chars().count() + 1 + digits(count) > LONGEST_NAME {
            let message = format!("the name of the crowd {} is too long", quoted(name));
            let label = format!("members are called {}", member_name(name, 0, count));
            m.add(Diagnostic::new(size.place, message).label(label));
        }
        for key in ["user", "device"] {
            if let Some(place) = fields.key_place(key) {
                let message = format!("`{key}` can't be given for a crowd");
                let label = "each member has one of its own, called like itself";
                m.add(Diagnostic::new(place, message).label(label));
            }
        }
        let login = fields.text("login", m).and_then(|text| window(&text, until, m));
        let rooms_of = rooms_of(fields, count, params, m);
        let platforms = platforms(fields, m);
        Some(Crowd { name, size: count, login, rooms_of, platforms })
    }

    /// The member at this place; `template` is what it has in common with all others.
    pub fn member(&self, seed: Seed, template: &ClientPlan, place: usize) -> ClientPlan {
        let mut member = template.clone();
        member.name = member_name(self.name, place, self.size);
        let script = &mut member.script;
        script.user = UserId::from(member.name.as_str());
        script.device = DeviceId::from(member.name.as_str());
        let label = Label::new(&member.name);
        let draw = |purpose, bound| scale(seed.draw(label, purpose, 0, 0), bound);
        if !self.platforms.is_empty() {
            let count = u64::try_from(self.platforms.len()).expect("a short list");
            let drawn = usize::try_from(draw(PLATFORM, count)).expect("below the list's length");
            script.platform = self.platforms[drawn];
        }
        if let Some((from, to)) = self.login {
            let delay = Span::from_ms(draw(LOGIN, to.ms() - from.ms() + 1));
            let token = TokenSpec { quality: TokenQuality::Good, life: script.token_life };
            let login = Act::Login { user: script.user.clone(), token };
            script.steps.push((Time::ZERO + from + delay, Origin::Crowd, login));
        }
        if let Some(of) = self.rooms_of {
            let room = room_name(self.name, place / of);
            script.reactions.push(enters_once_connected(RoomId::from(room.as_str())));
        }
        member
    }
}

/// Reports keys that mean nothing without `size`.
fn not_alone(fields: &Fields<'_>, m: &mut Mistakes) {
    for key in ONLY_CROWDS {
        if let Some(place) = fields.key_place(key) {
            let message = format!("`{key}` is for a crowd, and this is one client");
            m.add(
                Diagnostic::new(place, message)
                    .label("needs `size`")
                    .help("as in: crowd = { size = 1000, login = \"0s..30s\", rooms_of = 50 }"),
            );
        }
    }
}

/// Reads `"0s..30s"`; one duration alone is a moment for all.
fn window(text: &Placed<&str>, until: Time, m: &mut Mistakes) -> Option<(Span, Span)> {
    let (from, to) = text.value.split_once("..").unwrap_or((text.value, text.value));
    let label = match (Span::parse(from), Span::parse(to)) {
        (Ok(from), Ok(to)) if from > to => "ends before it begins".to_owned(),
        (Ok(_), Ok(to)) if Time::ZERO + to >= until => "reaches beyond `until`".to_owned(),
        (Ok(from), Ok(to)) => return Some((from, to)),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    };
    let message = format!("`login` is no stretch of time: {}", quoted(text.value));
    let help = "as in: login = \"0s..30s\": each logs in at a moment drawn from it";
    m.add(Diagnostic::new(text.place.clone(), message).label(label).help(help));
    None
}

fn rooms_of(
    fields: &Fields<'_>,
    members: usize,
    params: &Params,
    m: &mut Mistakes,
) -> Option<usize> {
    let given = fields.whole("rooms_of", m)?;
    let of = usize::try_from(given.value).ok().filter(|of| (1..=LARGEST_ROOM).contains(of));
    let Some(of) = of else {
        let message = format!("a room of a crowd holds 1 to {LARGEST_ROOM} members");
        let label = format!("found {}", given.value);
        m.add(Diagnostic::new(given.place, message).label(label));
        return None;
    };
    let rooms = members.div_ceil(of);
    if rooms > usize::try_from(params.room_max_per_app).unwrap_or(usize::MAX) {
        let limit = params.room_max_per_app;
        let message = format!("{members} members need {rooms} rooms, and {limit} may exist");
        m.add(
            Diagnostic::new(given.place, message)
                .label("the last could not enter theirs")
                .help(format!("raise the limit: params = {{ room.max_per_app = {rooms} }}")),
        );
    }
    Some(of)
}

fn platforms(fields: &Fields<'_>, m: &mut Mistakes) -> Vec<Platform> {
    let Some(words) = fields.texts("platforms", m) else { return Vec::new() };
    if let Some(place) = fields.key_place("platform") {
        let message = "`platform` and `platforms` can't both be given";
        m.add(Diagnostic::new(place, message).label("one for all, or one drawn for each"));
    }
    let known: Vec<_> = Platform::ALL.iter().map(|known| (known.name(), *known)).collect();
    words.iter().filter_map(|word| one_of("platform", word, &known, m)).collect()
}

fn enters_once_connected(room: RoomId) -> Reaction {
    let connected = Pair { state: Some(ConnectionState::Connected), event: None };
    Reaction {
        origin: Origin::Crowd,
        on: Pattern { connection: Some(connected), ..Pattern::default() },
        after: Span::ZERO,
        times: Some(1),
        act: Act::Call(Call::EnterRoom { room }),
    }
}

/// Those of a group that a step is about: all, or a drawn `share`. `step` is its place in
/// the file: another step draws others.
pub(super) fn chosen(
    group: &Group,
    fields: &Fields<'_>,
    step: usize,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Vec<ClientId>> {
    if !fields.has("share") {
        return Some(group.ids().collect());
    }
    let share = fields.share("share", m)?;
    if !group.is_crowd {
        only_crowds("share", fields, m);
        return None;
    }
    let count = part(group.members.len(), share.value);
    if count == 0 {
        let message = format!("{} of {} is nobody", share.value, group.members.len());
        m.add(Diagnostic::new(share.place, message).label("too small a share"));
        return None;
    }
    let step = u64::try_from(step).expect("a short file");
    let rank = |id: &ClientId| {
        let label = Label::new(&context.clients[id.0].name);
        (context.seed.draw(label, SHARE, step, 0), *id)
    };
    let mut ranked: Vec<_> = group.ids().map(|id| rank(&id)).collect();
    ranked.sort_unstable();
    let mut ids: Vec<_> = ranked.into_iter().take(count).map(|(_, id)| id).collect();
    ids.sort_unstable();
    Some(ids)
}

/// So many of a crowd are this share, rounded down.
pub(super) fn part(members: usize, share: Percent) -> usize {
    let members = u64::try_from(members).expect("few clients");
    usize::try_from(members * share.ppm() / Percent::WHOLE).expect("a part of a whole")
}

/// Reports a key that only a step or watch about a crowd has.
pub(super) fn only_crowds(key: &'static str, fields: &Fields<'_>, m: &mut Mistakes) {
    let place = fields.key_place(key).expect("the key is there");
    let message = format!("`{key}` is for a crowd, and this is one client");
    m.add(Diagnostic::new(place, message).label("a client with a `size` is a crowd"));
}

/// How much later than the step this member acts, if the step is spread `over` some time.
pub(super) fn delay(client: &ClientPlan, seed: Seed, step: usize, over: Span) -> Span {
    let step = u64::try_from(step).expect("a short file");
    let draw = seed.draw(Label::new(&client.name), DELAY, step, 0);
    Span::from_ms(scale(draw, over.ms() + 1))
}
