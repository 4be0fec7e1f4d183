//! Who is who in a document: what refers to whom, and new names for all.

use super::hunt::Hunt;
use crate::scenario::{Document, Table, Value, host_acts};
use crate::time::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for all clients, or for the server's host.
pub const SERVER: &str = "server";

const LISTS: [&str; 4] = ["steps", "react", "expect", "never"];

/// Does something to every row of every list, and to each `on` in one.
pub fn each_row(document: &mut Document, change: &mut dyn FnMut(&mut Table)) {
    for list in LISTS {
        let rows = document.root.get_mut(list).and_then(Value::list_mut);
        for row in rows.into_iter().flatten().filter_map(Value::table_mut) {
            change(row);
            row.get_mut("on").and_then(Value::table_mut).map(&mut *change);
        }
    }
}

/// Takes out every row that speaks of somebody or something that is not there (any more).
pub fn mend(document: &mut Document) {
    loop {
        let clients = clients(document);
        let accounts = accounts(document);
        let named: BTreeSet<_> =
            document.rows("steps").filter_map(|row| row.text("name")).collect();
        let named: BTreeSet<String> = named.into_iter().map(str::to_owned).collect();
        let crashed: BTreeSet<String> =
            document.rows("steps").filter_map(|row| row.text("crash")).map(str::to_owned).collect();
        let there = |name: &str| name == SERVER || clients.contains(name);
        let moment = |text: &str| {
            Span::parse(text).is_ok() || named.contains(text.strip_suffix(".end").unwrap_or(text))
        };
        let mut changed = false;
        for list in LISTS {
            let Some(rows) = document.root.get_mut(list).and_then(Value::list_mut) else {
                continue;
            };
            let before = rows.len();
            for row in rows.iter_mut().filter_map(Value::table_mut) {
                changed |= narrow(row, &there);
            }
            rows.retain(|row| {
                let Some(row) = row.table() else { return true };
                let sound =
                    |key: &str, holds: &dyn Fn(&str) -> bool| row.text(key).is_none_or(holds);
                let account = |key| sound(key, &|name| accounts.contains(name));
                let watch = list == "expect" || list == "never";
                sound("client", &|name| clients.contains(name))
                    && host_acts().all(|key| sound(key, &there))
                    && sound("heal", &|name| named.contains(name))
                    && sound("restart", &|name| crashed.contains(name))
                    && account("user")
                    && account("sender")
                    && account("member")
                    && (row.get("call").is_none() || account("to"))
                    && (!watch || (sound("from", &moment) && sound("to", &moment)))
            });
            changed |= rows.len() != before;
        }
        if !changed {
            return;
        }
    }
}

/// Takes those who are not there out of a list of targets. Tells whether there were any.
fn narrow(row: &mut Table, there: &dyn Fn(&str) -> bool) -> bool {
    for key in host_acts() {
        let Some(Value::List(targets)) = row.get_mut(key) else { continue };
        let before = targets.len();
        targets.retain(|target| target.text().is_none_or(there));
        let left = targets.len();
        if left == 0 {
            row.set(key, "");
        }
        return left != before;
    }
    false
}

/// The clients, and the members of crowds that are called by their names.
fn clients(document: &Document) -> BTreeSet<String> {
    let table = document.root.get("clients").and_then(Value::table);
    let mut names: BTreeSet<String> =
        table.into_iter().flat_map(Table::entries).map(|(name, _)| name.to_owned()).collect();
    let crowds: Vec<_> = table
        .into_iter()
        .flat_map(Table::entries)
        .filter(|(_, client)| client.table().is_some_and(|client| client.get("size").is_some()))
        .map(|(name, _)| format!("{name}-"))
        .collect();
    let called =
        document.rows("steps").chain(document.rows("expect")).chain(document.rows("never"));
    let called: Vec<String> =
        called.filter_map(|row| row.text("client")).map(str::to_owned).collect();
    names.extend(
        called.into_iter().filter(|name| crowds.iter().any(|crowd| name.starts_with(crowd))),
    );
    names
}

/// Every account that a client has or logs in with.
fn accounts(document: &Document) -> BTreeSet<String> {
    let mut accounts = BTreeSet::new();
    let clients = document.root.get("clients").and_then(Value::table);
    for (name, client) in clients.into_iter().flat_map(Table::entries) {
        let user = client.table().and_then(|client| client.text("user"));
        accounts.insert(user.unwrap_or(name).to_owned());
    }
    for row in document.rows("steps").chain(document.rows("react")) {
        if row.text("call") == Some("login") {
            accounts.extend(row.text("user").map(str::to_owned));
        }
    }
    accounts
}

/// New names for clients, accounts, rooms and messages: those that everybody knows.
pub fn rename(hunt: &mut Hunt<'_>) {
    // What a failure of an expectation says has names in it.
    if hunt.check().is_of_contract() {
        hunt.offer(renamed(&hunt.kept));
    }
}

fn renamed(document: &Document) -> Document {
    const PEOPLE: &[&str] = &["alice", "bob", "carol", "dave", "erin", "frank"];
    const DEVICES: &[&str] = &["phone", "tablet", "laptop", "watch", "car", "television"];
    let mut accounts = Words::new(PEOPLE);
    let mut devices = Words::new(DEVICES);
    let (mut rooms, mut texts) = (Words::new(&[]), Words::new(&[]));
    let mut clients = BTreeMap::new();
    let mut renamed = document.clone();
    let table = document.root.get("clients").and_then(Value::table);
    let mut new = Vec::new();
    for (name, client) in table.into_iter().flat_map(Table::entries) {
        let own = client.table().cloned().unwrap_or_default();
        let (to, own) = match own.text("user") {
            Some(user) => {
                let user = accounts.of(user, "user");
                (devices.of(name, "device"), own.with("user", user))
            }
            None => (accounts.of(name, "user"), own),
        };
        clients.insert(name.to_owned(), to.clone());
        new.push((to, own));
    }
    new.sort();
    let mut table = Table::default();
    new.into_iter().for_each(|(name, client)| table.set(&name, client));
    renamed.root.set("clients", table);
    each_row(&mut renamed, &mut |row| {
        let is_call = row.get("call").is_some();
        for (key, value) in row.entries_mut() {
            let is_client = key == "client" || host_acts().any(|act| act == key);
            let is_account = ["user", "sender", "member"].contains(&key) || key == "to" && is_call;
            match value {
                Value::Text(name) if is_client => {
                    if let Some(to) = clients.get(name) {
                        name.clone_from(to);
                    }
                }
                Value::Text(name) if is_account => *name = accounts.of(name, "user"),
                Value::Text(name) if key == "room" => *name = rooms.of(name, "r"),
                Value::Text(name) if key == "text" => *name = texts.of(name, "m"),
                Value::List(names) if is_client => {
                    for name in names {
                        if let Some(to) = name.text().and_then(|name| clients.get(name)) {
                            *name = to.as_str().into();
                        }
                    }
                }
                Value::Text(_)
                | Value::Whole(_)
                | Value::Flag(_)
                | Value::List(_)
                | Value::Table(_)
                | Value::Other(_) => {}
            }
        }
    });
    renamed
}

/// New words for old ones, in order of appearance.
struct Words {
    stock: &'static [&'static str],
    given: BTreeMap<String, String>,
}

impl Words {
    fn new(stock: &'static [&'static str]) -> Words {
        Words { stock, given: BTreeMap::new() }
    }

    /// The new word for an old one: of the stock, else `stem` and a number.
    fn of(&mut self, old: &str, stem: &str) -> String {
        let count = self.given.len();
        let fresh = || match self.stock.get(count) {
            Some(word) => (*word).to_owned(),
            None => format!("{stem}{}", count + 1),
        };
        self.given.entry(old.to_owned()).or_insert_with(fresh).clone()
    }
}
