//! Every name that a file introduces, found before anything is judged: so that one
//! mistake in a step doesn't make each later mention of its room a mistake too.

use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::{Fields, Placed};
use super::nearest::nearest;
use crate::record::ClientId;
use crate::zim::CallKind;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::{DeTable, DeValue};

/// Stands for a client whose name is misspelt or missing: it could be any.
const ANYBODY: &str = "";

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// Every client, with its place in the plan.
    pub clients: BTreeMap<&'a str, ClientId>,
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
        for (index, (key, value)) in table.iter().enumerate() {
            let name: &str = key.get_ref();
            self.clients.insert(name, ClientId(index));
            let user = value.get_ref().as_table().and_then(|table| text(table, "user"));
            self.users.insert(user.unwrap_or(name));
        }
    }

    fn gather_act(&mut self, table: &'a DeTable<'a>) {
        let client = text(table, "client").filter(|name| self.clients.contains_key(name));
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

    /// The client of this name.
    pub fn client(&self, name: &Placed<&str>, m: &mut Mistakes) -> Option<ClientId> {
        if let Some(id) = self.clients.get(name.value) {
            return Some(*id);
        }
        if !self.clients_known {
            return None;
        }
        let message = format!("no client is called {}", quoted(name.value));
        let diagnostic = Diagnostic::new(name.place.clone(), message).label("unknown client");
        m.add(self.suggest(diagnostic, name.value, self.clients.keys().copied(), m, "clients"));
        None
    }

    /// Reports an account that no client has.
    pub fn check_user(&self, name: &Placed<&str>, m: &mut Mistakes) {
        if self.users.contains(name.value) || !self.clients_known {
            return;
        }
        let message = format!("no client has the user {}", quoted(name.value));
        let diagnostic = Diagnostic::new(name.place.clone(), message).label("unknown user");
        m.add(self.suggest(diagnostic, name.value, self.users.iter().copied(), m, "users"));
    }

    /// Reports a room that nobody ever goes into.
    pub fn check_room(&self, room: &Placed<&str>, m: &mut Mistakes) {
        if self.rooms.contains_key(room.value) || self.nameless_room {
            return;
        }
        let message = format!("nobody ever enters the room {}", quoted(room.value));
        let diagnostic = Diagnostic::new(room.place.clone(), message)
            .label("no createRoom, joinRoom or enterRoom names it");
        m.add(self.suggest(diagnostic, room.value, self.rooms.keys().copied(), m, "rooms"));
    }

    /// Reports a room that this client never goes into, so that it hears nothing of it.
    pub fn check_room_of(&self, room: &Placed<&str>, client: &str, m: &mut Mistakes) {
        let Some(visitors) = self.rooms.get(room.value) else {
            return self.check_room(room, m);
        };
        if visitors.contains(client) || visitors.contains(ANYBODY) || self.nameless_room {
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
        if by.is_some_and(|by| by.contains(client) || by.contains(ANYBODY)) {
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
