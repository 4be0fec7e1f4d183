//! Every name that a file introduces, found before anything is judged: so that one
//! mistake in a step doesn't make each later mention of its room a mistake too.

use super::crowd;
use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::{Fields, Placed};
use super::nearest::nearest;
use super::plan::CrowdPlan;
use crate::record::ClientId;
use crate::zim::CallKind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Stands for a client whose name is misspelt or missing: it could be any.
const ANYBODY: &str = "";

/// Those that one name stands for.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Their places in the plan; one behind the other, and at least one.
    pub members: Range<usize>,
    /// Whether they are a crowd, be it of one.
    pub is_crowd: bool,
    /// How many rooms the crowd fills.
    rooms: usize,
}

impl Group {
    /// Its members.
    pub fn ids(&self) -> impl Iterator<Item = ClientId> + use<> {
        self.members.clone().map(ClientId)
    }

    /// The first of them.
    pub fn first(&self) -> ClientId {
        ClientId(self.members.start)
    }
}

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// Every entry of `clients`, with those it stands for.
    groups: BTreeMap<&'a str, Group>,
    /// Every account that some client has or logs in with.
    pub users: BTreeSet<&'a str>,
    /// Names of steps.
    pub steps: BTreeSet<&'a str>,
    /// Each room with those who ever go into it.
    rooms: BTreeMap<&'a str, BTreeSet<&'a str>>,
    texts: BTreeSet<&'a str>,
    shown: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Whether some call enters a room that it fails to name: then no room is unknown.
    nameless_room: bool,
    /// Whether the table of clients could be read; if not, no client is unknown.
    clients_known: bool,
}

impl<'a> Names<'a> {
    /// Looks through the whole file.
    pub fn gather(root: &Fields<'a>) -> Names<'a> {
        let mut names = Names::default();
        if let Some(table) = root.raw("clients").and_then(|value| value.get_ref().as_table()) {
            names.gather_clients(table);
        }
        for key in ["steps", "react"] {
            let list = root.raw(key).and_then(|value| value.get_ref().as_array());
            for table in list.into_iter().flatten().filter_map(|item| item.get_ref().as_table()) {
                names.gather_act(table);
            }
        }
        names
    }

    fn gather_clients(&mut self, table: &'a DeTable<'a>) {
        self.clients_known = true;
        for (index, resident) in crowd::roster(table).into_iter().enumerate() {
            let group = self.groups.entry(resident.key).or_insert_with(|| Group {
                members: index..index,
                is_crowd: crowd::size(&table[resident.key]).is_some(),
                rooms: crowd::rooms(&table[resident.key]),
            });
            group.members.end = index + 1;
        }
        for (key, value) in table.iter().filter(|(_, value)| crowd::size(value).is_none()) {
            let user = value.get_ref().as_table().and_then(|table| text(table, "user"));
            self.users.insert(user.unwrap_or(key.get_ref()));
        }
    }

    fn gather_act(&mut self, table: &'a DeTable<'a>) {
        let client = text(table, "client").filter(|name| self.is_client(name));
        let client = client.unwrap_or(ANYBODY);
        self.steps.extend(text(table, "name"));
        if let Some(shown) = text(table, "show") {
            self.shown.entry(shown).or_default().insert(client);
        }
        if text(table, "admin").is_some() {
            return;
        }
        self.users.extend(text(table, "user"));
        self.texts.extend(text(table, "text"));
        let on = table.get("on").and_then(|on| on.get_ref().as_table());
        let room = text(table, "room").or_else(|| text(on?, "room"));
        let enters = match text(table, "call").and_then(CallKind::from_name) {
            Some(CallKind::CreateRoom | CallKind::JoinRoom | CallKind::EnterRoom) | None => true,
            Some(
                CallKind::Login
                | CallKind::Logout
                | CallKind::RenewToken
                | CallKind::LeaveRoom
                | CallKind::SendPeerMessage
                | CallKind::SendRoomMessage
                | CallKind::QueryRoomMemberList,
            ) => false,
        };
        if !enters || !table.contains_key("call") {
            return;
        }
        match room {
            Some(room) => {
                self.rooms.entry(room).or_default().insert(client);
            }
            None => self.nameless_room = true,
        }
    }

    /// Whether a client or a crowd is called like this.
    pub fn is_client(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The client, the crowd, or the member of a crowd that is called like this.
    pub fn find(&self, name: &str) -> Option<Group> {
        if let Some(group) = self.groups.get(name) {
            return Some(group.clone());
        }
        let (crowd, _) = name.rsplit_once('-')?;
        let group = self.groups.get(crowd).filter(|group| group.is_crowd)?;
        let place = group.members.start + crowd::place_of(name, crowd, group.members.len())?;
        Some(Group { members: place..place + 1, is_crowd: false, rooms: 0 })
    }

    /// The crowds, by name.
    pub fn crowds(&self) -> Vec<CrowdPlan> {
        let crowds = self.groups.iter().filter(|(_, group)| group.is_crowd);
        let plan = |(name, group): (&&str, &Group)| CrowdPlan {
            name: (*name).to_owned(),
            members: group.members.clone(),
        };
        crowds.map(plan).collect()
    }

    /// Those that are called like this; reports it if there is nobody.
    pub fn group(&self, name: &Placed<&str>, m: &mut Mistakes) -> Option<Group> {
        if let Some(group) = self.find(name.value) {
            return Some(group);
        }
        if !self.clients_known {
            return None;
        }
        let message = format!("no client is called {}", quoted(name.value));
        let diagnostic = Diagnostic::new(name.place.clone(), message).label("unknown client");
        m.add(self.suggest(diagnostic, name.value, self.groups.keys().copied(), m, "clients"));
        None
    }

    /// Reports an account that no client has.
    pub fn check_user(&self, name: &Placed<&str>, m: &mut Mistakes) {
        let is_member = self.find(name.value).is_some_and(|group| !group.is_crowd);
        if self.users.contains(name.value) || is_member || !self.clients_known {
            return;
        }
        let message = format!("no client has the user {}", quoted(name.value));
        let diagnostic = Diagnostic::new(name.place.clone(), message).label("unknown user");
        m.add(self.suggest(diagnostic, name.value, self.users.iter().copied(), m, "users"));
    }

    /// Reports a room that nobody ever goes into.
    pub fn check_room(&self, room: &Placed<&str>, m: &mut Mistakes) {
        let of_crowd = self.crowd_of_room(room.value).is_some();
        if self.rooms.contains_key(room.value) || of_crowd || self.nameless_room {
            return;
        }
        let message = format!("nobody ever enters the room {}", quoted(room.value));
        let diagnostic = Diagnostic::new(room.place.clone(), message)
            .label("no createRoom, joinRoom or enterRoom names it");
        m.add(self.suggest(diagnostic, room.value, self.rooms.keys().copied(), m, "rooms"));
    }

    /// The crowd that this is a room of.
    fn crowd_of_room(&self, room: &str) -> Option<&'a str> {
        let (crowd, _) = room.rsplit_once("-room-")?;
        let (name, group) = self.groups.get_key_value(crowd)?;
        crowd::is_room(room, crowd, group.rooms).then_some(*name)
    }

    /// The crowd of this member.
    fn crowd_of<'b>(&self, member: &'b str) -> Option<&'b str> {
        let (crowd, _) = member.rsplit_once('-')?;
        self.find(member).filter(|_| self.groups.contains_key(crowd)).map(|_| crowd)
    }

    /// Reports a room that this client never goes into, so that it hears nothing of it.
    pub fn check_room_of(&self, room: &Placed<&str>, client: &str, m: &mut Mistakes) {
        let crowd = self.crowd_of(client).unwrap_or(client);
        let (Some(visitors), false) =
            (self.rooms.get(room.value), self.crowd_of_room(room.value) == Some(crowd))
        else {
            return self.check_room(room, m);
        };
        if visitors.contains(client)
            || visitors.contains(crowd)
            || visitors.contains(ANYBODY)
            || self.nameless_room
        {
            return;
        }
        let message = format!("{client} never enters the room {}", quoted(room.value));
        m.add(
            Diagnostic::new(room.place.clone(), message)
                .label(format!("no createRoom, joinRoom or enterRoom of {client} names it")),
        );
    }

    /// Reports a message that nobody ever sends.
    pub fn check_text(&self, text: &Placed<&str>, m: &mut Mistakes) {
        if self.texts.contains(text.value) {
            return;
        }
        let message = format!("nobody ever sends the text {}", quoted(text.value));
        let diagnostic =
            Diagnostic::new(text.place.clone(), message).label("no call has this `text`");
        m.add(self.suggest(diagnostic, text.value, self.texts.iter().copied(), m, "texts"));
    }

    /// Reports something that this client never shows.
    pub fn check_shown(&self, text: &Placed<&str>, client: &str, m: &mut Mistakes) {
        let by = self.shown.get(text.value);
        let crowd = self.crowd_of(client).unwrap_or(client);
        let says =
            |by: &BTreeSet<&str>| [client, crowd, ANYBODY].iter().any(|who| by.contains(who));
        if by.is_some_and(says) {
            return;
        }
        let message = format!("{client} never shows {}", quoted(text.value));
        let own = self.shown.iter().filter(|(_, by)| by.contains(client)).map(|(text, _)| *text);
        let diagnostic = Diagnostic::new(text.place.clone(), message)
            .label(format!("no `show` of {client} says this"));
        m.add(self.suggest(diagnostic, text.value, own, m, "texts"));
    }

    /// Adds the nearest name, or all of them where they are few.
    fn suggest<'b>(
        &self,
        diagnostic: Diagnostic,
        word: &str,
        known: impl Iterator<Item = &'b str> + Clone,
        m: &Mistakes,
        what: &str,
    ) -> Diagnostic {
        const FEW: usize = 8;
        if m.full() {
            return diagnostic;
        }
        if let Some(meant) = nearest(word, known.clone()) {
            return diagnostic.help(format!("did you mean {}?", quoted(meant)));
        }
        let names: Vec<_> = known.clone().take(FEW).map(quoted).collect();
        let rest = if known.count() > FEW { ", …" } else { "" };
        match names.is_empty() {
            true => diagnostic,
            false => diagnostic.help(format!("known {what}: {}{rest}", names.join(", "))),
        }
    }
}

fn text<'a>(table: &'a DeTable<'a>, key: &str) -> Option<&'a str> {
    match table.get(key)?.get_ref() {
        DeValue::String(text) => Some(text),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}
