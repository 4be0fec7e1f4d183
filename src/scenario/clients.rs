//! Clients and parameters.

use super::crowd::{self, Crowd, Resident};
use super::diagnostic::{Diagnostic, Mistakes, Place, or_list, quoted};
use super::fields::{Fields, Placed, found, misplaced};
use super::keys::CLIENT;
use super::links::Links;
use super::nearest::nearest;
use super::plan::ClientPlan;
use crate::app::{Policy, Script};
use crate::param::{Params, Row, Setting};
use crate::rng::Seed;
use crate::time::Time;
use crate::zim::{DeviceId, Platform, UserId};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A scenario may have no more clients.
pub(super) const MOST_CLIENTS: usize = 20_000;

/// A name may have no more characters.
pub(super) const LONGEST_NAME: usize = 32;

/// Reads `params`.
pub(super) fn params(root: &Fields<'_>, m: &mut Mistakes) -> Params {
    let mut params = Params::default();
    let mut given = Vec::new();
    if let Some(table) = root.entries("params", m) {
        param_table("", &table, root, &mut given, &mut params, m);
    }
    params
}

/// Reads the parameters whose names begin with `prefix`. Goes no deeper than known names
/// do, so that no file can exhaust the stack.
fn param_table(
    prefix: &str,
    table: &Placed<&DeTable<'_>>,
    root: &Fields<'_>,
    given: &mut Vec<(&'static str, Place)>,
    params: &mut Params,
    m: &mut Mistakes,
) {
    for (key, value) in table.value.iter() {
        let name = [prefix, key.get_ref()].concat();
        if prefix.is_empty() && misplaced(key, "`params`", &table.place, root.source, m) {
            continue;
        }
        let begins = |row: &Row| row.name.strip_prefix(&name).is_some_and(|r| r.starts_with('.'));
        match value.get_ref().as_table().filter(|_| Params::TABLE.iter().any(begins)) {
            Some(inner) => {
                let inner = Placed { value: inner, place: value.span() };
                param_table(&(name + "."), &inner, root, given, params, m);
            }
            None => match Row::find(&name) {
                Some(row) => set_param(row, key.span(), value, given, params, m),
                None => m.add(unknown_param(&name, key.span(), value.get_ref())),
            },
        }
    }
}

fn unknown_param(name: &str, place: Place, value: &DeValue<'_>) -> Diagnostic {
    // A misspelt first part (`rom.heartbeat_timeout`) is judged with its second.
    let mut whole = name.to_owned();
    let mut inner = value;
    while let Some((key, value)) = inner.as_table().and_then(|table| table.iter().next()) {
        if whole.len() > 2 * LONGEST_NAME {
            break;
        }
        whole = format!("{whole}.{}", key.get_ref());
        inner = value.get_ref();
    }
    let diagnostic = Diagnostic::new(place, format!("unknown parameter {}", quoted(&whole)));
    match nearest(&whole, Params::TABLE.iter().map(|row| row.name)) {
        Some(meant) => {
            diagnostic.label("no such parameter").help(format!("did you mean `{meant}`?"))
        }
        None => diagnostic.label("no such parameter").help("`zimsim params` lists them all"),
    }
}

fn set_param(
    row: &'static Row,
    place: Place,
    value: &Spanned<DeValue<'_>>,
    given: &mut Vec<(&'static str, Place)>,
    params: &mut Params,
    m: &mut Mistakes,
) {
    if let Some((_, first)) = given.iter().find(|(name, _)| *name == row.name) {
        m.add(
            Diagnostic::new(place, format!("the parameter `{}` is given twice", row.name))
                .label("the second time")
                .also(first.clone(), "the first time"),
        );
        return;
    }
    given.push((row.name, place));
    let setting = match value.get_ref() {
        DeValue::String(text) => Some(Setting::Text(text.clone().into_owned())),
        DeValue::Boolean(flag) => Some(Setting::Bool(*flag)),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(Setting::Integer)
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    };
    let label = match setting.map(|setting| row.set(params, &setting)) {
        Some(Ok(())) => return,
        Some(Err(error)) => error.to_string(),
        None => format!("{}; expected {}", found(value.get_ref()), (row.allowed)()),
    };
    let message = format!("`{}` can't be set to this", row.name);
    m.add(Diagnostic::new(value.span(), message).label(label).help(row.text));
}

/// Reads `clients`; only crowds have anything in their scripts yet. In the order of
/// [`crowd::roster`].
pub(super) fn clients(
    root: &Fields<'_>,
    links: Links,
    (params, seed, until): (&Params, Seed, Time),
    m: &mut Mistakes,
) -> Vec<ClientPlan> {
    let Some(table) = root.entries("clients", m) else {
        return Vec::new();
    };
    if table.value.is_empty() {
        m.add(
            Diagnostic::new(table.place.clone(), "a scenario needs at least one client")
                .label("nobody here")
                .help("as in: clients = { alice = {} }"),
        );
    }
    let roster = crowd::roster(table.value);
    if roster.len() > MOST_CLIENTS {
        let message = format!("{} clients are too many: {MOST_CLIENTS} at the most", roster.len());
        m.add(Diagnostic::new(table.place.clone(), message));
        return Vec::new();
    }
    let under_header = root.source.get(table.place.clone()).is_some_and(|t| t.starts_with('['));
    let crowds = table.value.iter().filter(|(_, value)| crowd::size(value).is_some());
    let crowds: Vec<&str> = crowds.map(|(key, _)| key.get_ref().as_ref()).collect();
    let mut entries = BTreeMap::new();
    for (key, value) in table.value.iter() {
        let stray = under_header && misplaced(key, "`clients`", &table.place, root.source, m);
        let mut client = plain_client(key.get_ref(), links, params);
        let mut crowd = None;
        if !stray {
            check_client_name(key, &crowds, m);
            if let Some(fields) = Fields::open(value, &CLIENT, root.source, m) {
                refine_client(&mut client, &fields, links, m);
                crowd = Crowd::read(key.get_ref(), &fields, params, until, m);
            }
        }
        let name: &str = key.get_ref();
        entries.insert(name, (client, crowd));
    }
    let resident = |Resident { name: _, key, place }: Resident<'_>| match &entries[key] {
        (template, Some(crowd)) => crowd.member(seed, template, place),
        (client, None) => client.clone(),
    };
    roster.into_iter().map(resident).collect()
}

/// A client about which the file says nothing but its name.
fn plain_client(name: &str, links: Links, params: &Params) -> ClientPlan {
    let script = Script {
        user: UserId::from(name),
        device: DeviceId::from(name),
        platform: Platform::Android,
        token_life: params.token_life,
        steps: Vec::new(),
        reactions: Vec::new(),
        policy: None,
    };
    ClientPlan {
        name: name.to_owned(),
        script,
        up: links.up,
        down: links.down,
        nat: links.nat,
        clock_ms: 0,
    }
}

fn refine_client(client: &mut ClientPlan, fields: &Fields<'_>, links: Links, m: &mut Mistakes) {
    let links = links.refined(fields, m);
    client.up = links.up;
    client.down = links.down;
    client.nat = links.nat;
    let script = &mut client.script;
    if let Some(user) = fields.text("user", m).filter(|user| check_id("user", user, m)) {
        script.user = UserId::from(user.value);
    }
    if let Some(device) = fields.text("device", m).filter(|id| check_id("device", id, m)) {
        script.device = DeviceId::from(device.value);
    }
    if let Some(ahead) = fields.offset("clock", m) {
        client.clock_ms = ahead.value;
    }
    if let Some(life) = fields.duration("token_life", m) {
        script.token_life = life.value;
    }
    if let Some(word) = fields.text("platform", m) {
        let known: Vec<_> = Platform::ALL.iter().map(|known| (known.name(), *known)).collect();
        script.platform = one_of("platform", &word, &known, m).unwrap_or(script.platform);
    }
    if let Some(word) = fields.text("policy", m) {
        script.policy = one_of("policy", &word, Policy::ALL, m);
    }
}

fn check_client_name(key: &Spanned<toml::de::DeString<'_>>, crowds: &[&str], m: &mut Mistakes) {
    let name: &str = key.get_ref();
    let label = if ["server", "net"].contains(&name) {
        "this name is taken"
    } else if name.is_empty() || name.chars().count() > LONGEST_NAME {
        "a name has 1 to 32 characters"
    } else if name.contains(|c: char| c.is_control() || c == '.') {
        "a name has no dot and no control character"
    } else if crowds
        .iter()
        .any(|crowd| name.strip_prefix(crowd).is_some_and(|rest| rest.starts_with('-')))
    {
        "names that begin like this belong to the members of a crowd"
    } else {
        return;
    };
    let message = format!("no client can be called {}", quoted(name));
    m.add(Diagnostic::new(key.span(), message).label(label));
}

/// Whether this can be the id of a user, device or room; reports it if not.
pub(super) fn check_id(key: &str, id: &Placed<&str>, m: &mut Mistakes) -> bool {
    const LONGEST: usize = 128;
    let label = if id.value.is_empty() {
        "it is empty"
    } else if id.value.len() > LONGEST {
        "it has more than 128 bytes"
    } else if id.value.contains(char::is_control) {
        "it has a control character"
    } else {
        return true;
    };
    let message = format!("`{key}` can't be {}", quoted(id.value));
    m.add(Diagnostic::new(id.place.clone(), message).label(label));
    false
}

/// The value that this word stands for; reports it if there is none.
pub(super) fn one_of<T: Copy>(
    key: &str,
    word: &Placed<&str>,
    known: &[(&str, T)],
    m: &mut Mistakes,
) -> Option<T> {
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == word.value) {
        return Some(*value);
    }
    let names: Vec<_> = known.iter().map(|(name, _)| quoted(name)).collect();
    let diagnostic =
        Diagnostic::new(word.place.clone(), format!("unknown {key} {}", quoted(word.value)))
            .label(format!("expected {}", or_list(&names)));
    let meant = nearest(word.value, known.iter().map(|(name, _)| *name));
    m.add(diagnostic.maybe_help(meant.map(|meant| format!("did you mean {}?", quoted(meant)))));
    None
}
