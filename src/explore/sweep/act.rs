//! What is swept over a run, and how it is put into a document at a moment.

use crate::scenario::{Document, Plan, Table, Value, nearest};
use crate::time::{Span, Time};

/// The host that is not a client.
const SERVER: &str = "server";

/// A kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An administrator's act on the account.
    Admin(&'static str),
    /// A call of the app.
    Call(&'static str),
    /// A fault on the network or a host; whether the server can be struck by it too.
    Fault { key: &'static str, server: bool },
    /// The same account logs in on another device.
    Login,
    /// The token runs out.
    Expiry,
}

/// An act's name, what it does, and how long it lasts if not said; 0 for one that takes no time.
struct Known {
    name: &'static str,
    about: &'static str,
    kind: Kind,
    seconds: u64,
}

const fn known(name: &'static str, about: &'static str, kind: Kind, seconds: u64) -> Known {
    Known { name, about, kind, seconds }
}

const fn fault(key: &'static str, server: bool) -> Kind {
    Kind::Fault { key, server }
}

const ACTS: &[Known] = &[
    known("kick", "an administrator kicks the user", Kind::Admin("kickUser"), 0),
    known("unregister", "an administrator unregisters the account", Kind::Admin("unregister"), 0),
    known("login", "the same account logs in on another device", Kind::Login, 0),
    known("expiry", "the token runs out then", Kind::Expiry, 0),
    known("cut", "no packets pass", fault("cut", true), 30),
    known("stall", "packets wait until it ends", fault("stall", true), 30),
    known("offline", "no network, and the system says so", fault("offline", false), 30),
    known("handover", "another network with another address", fault("handover", false), 1),
    known("suspend", "the app is in the background", fault("suspend", false), 30),
    known("crash", "a power cut; the server keeps its state", fault("crash", true), 5),
    known("rst", "a box on the way resets the connections", fault("rst", true), 0),
    known("renew", "the app calls renewToken", Kind::Call("renewToken"), 0),
    known("logout", "the app calls logout", Kind::Call("logout"), 0),
];

/// An act on somebody: `kick@alice`, `cut@alice:20s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// As it is written.
    pub text: String,
    kind: Kind,
    /// The client, or the server.
    target: String,
    /// The client's account.
    user: String,
    length: Span,
}

impl Act {
    /// All acts with what they do, for help.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        ACTS.iter().map(|known| (known.name, known.about))
    }

    /// Reads `kick@alice`, `cut@alice:20s`.
    ///
    /// # Errors
    /// Says what is wrong, what is known, and what is nearest to it.
    pub fn parse(text: &str, plan: &Plan) -> Result<Act, String> {
        let names = || ACTS.iter().map(|known| known.name);
        let (name, rest) = text.split_once('@').ok_or_else(|| {
            format!(
                "{text:?} is no act; it is written ACT@CLIENT, as in kick@alice or cut@alice:20s"
            )
        })?;
        let known = ACTS.iter().find(|known| known.name == name).ok_or_else(|| {
            let hint = hint(name, names());
            format!("no act is called {name:?}{hint}; acts: {}", joined(names()))
        })?;
        let (target, length) = match rest.split_once(':') {
            Some((target, length)) => (target, Some(length)),
            None => (rest, None),
        };
        let clients = || plan.clients.iter().map(|client| client.name.as_str());
        let client = plan.clients.iter().find(|client| client.name == target);
        let strikes_server = matches!(known.kind, Kind::Fault { server: true, .. });
        if client.is_none() && !(target == SERVER && strikes_server) {
            let server = strikes_server.then_some(SERVER);
            let hint = hint(target, clients().chain(server));
            let all = joined(clients().chain(server));
            return Err(format!("{name} strikes nobody called {target:?}{hint}; there are {all}"));
        }
        let length = match length {
            None => Span::from_secs(known.seconds),
            Some(_) if known.seconds == 0 => return Err(format!("{name} takes no time")),
            Some(text) => Span::parse(text).map_err(|error| error.to_string())?,
        };
        let user = client.map(|client| client.script.user.as_str().to_owned());
        Ok(Act {
            text: text.to_owned(),
            kind: known.kind,
            target: target.to_owned(),
            user: user.unwrap_or_default(),
            length,
        })
    }

    /// The client that it strikes, or the server.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What there must be for the act before it happens: the other device.
    pub fn prepare(&self, document: &Document) -> Document {
        let mut prepared = document.clone();
        if self.kind == Kind::Login {
            let device = Table::new([("user", self.user.as_str().into())]);
            if let Some(clients) = prepared.root.get_mut("clients").and_then(Value::table_mut) {
                clients.set(&self.other_device(document), device);
            }
        }
        prepared
    }

    /// A name that no client has.
    fn other_device(&self, document: &Document) -> String {
        let clients = document.root.get("clients").and_then(Value::table);
        let free = |name: &String| clients.is_none_or(|clients| clients.get(name).is_none());
        let mut names = (2..).map(|number| format!("{}-{number}", self.target));
        names.find(free).expect("there are more numbers than clients")
    }

    /// A prepared document with the act at a moment; `before` is it as it was. `None` where the
    /// act can't be: a token that nobody has fetched yet can't run out.
    pub fn at(&self, moment: Time, prepared: &Document, before: &Document) -> Option<Document> {
        let mut document = prepared.clone();
        if self.kind == Kind::Expiry {
            let fetched = self.fetched(moment, &document)?;
            let steps = document.list_mut("steps");
            let step = steps.get_mut(fetched.0).and_then(Value::table_mut)?;
            step.set("token_life", moment.since(fetched.1).to_string());
            return Some(document);
        }
        let at = moment.since(Time::ZERO).to_string();
        let step = Table::new([("at", at.into())]);
        let step = match self.kind {
            Kind::Admin(act) => {
                step.with("admin", act).with("user", self.user.as_str()).with("may_miss", true)
            }
            Kind::Call(call) => {
                step.with("client", self.target.as_str()).with("call", call).with("result", "any")
            }
            Kind::Login => step
                .with("client", self.other_device(before))
                .with("call", "login")
                .with("result", "any"),
            Kind::Fault { key, .. } => self.fault(step, key),
            Kind::Expiry => return None,
        };
        document.list_mut("steps").push(step.into());
        Some(document)
    }

    fn fault(&self, step: Table, key: &str) -> Table {
        let mut step = step.with(key, self.target.as_str());
        if key == "rst" {
            step.set("to", "both");
        }
        if key == "crash" && self.target == SERVER {
            step.set("state", "kept");
        }
        if self.length > Span::ZERO {
            step.set("for", self.length.to_string());
        }
        step.with("may_miss", true)
    }

    /// The latest step before a moment in which the client fetches a token: its place, and when.
    fn fetched(&self, moment: Time, document: &Document) -> Option<(usize, Time)> {
        let fetches = |row: &Table| {
            let call = row.text("call").is_some_and(|call| call == "login" || call == "renewToken");
            call && row.text("client") == Some(&self.target)
        };
        let at = |row: &Table| Some(Time::ZERO + Span::parse(row.text("at")?).ok()?);
        let steps = document.rows("steps").enumerate();
        let found = steps.filter(|(_, row)| fetches(row));
        let found = found.filter_map(|(place, row)| Some((place, at(row)?)));
        found.filter(|(_, at)| *at < moment).max_by_key(|(place, at)| (*at, *place))
    }
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// ` (nearest: "kick")`
fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!(" (nearest: {near:?})")).unwrap_or_default()
}
