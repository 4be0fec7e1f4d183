//! Faults of hosts: crashes, and what else can befall a device or the server.

use super::calls::{check_keys, check_needs};
use super::clients::one_of;
use super::context::{Context, Step};
use super::diagnostic::{Diagnostic, Mistakes, Place, quoted};
use super::faults::{What, lasts, whose};
use super::fields::{Fields, Placed};
use super::nearest::nearest;
use super::network::Network;
use super::words::{CRASHES, NAME_ANSWERS, PORTAL_ANSWERS, SERVER_STATES};
use crate::net::{Fault, HostFault, NameAnswer, PortalAnswer, ServerState};
use crate::record::{ClientId, FaultId, HostId};
use crate::time::Span;

/// The acts that this file reads, but for `crash`; each names whom it strikes.
pub(super) const BEFALLS: &[&str] =
    &["suspend", "doze", "offline", "handover", "portal", "dns", "overload", "clock"];

/// How many addresses there are for those who move.
const MOST_MOVES: usize = 60_000;

/// What kind of fault a step asks for, and what else there is to say of it.
type Asked = Option<(HostFault, String)>;

impl<'a> Network<'a> {
    /// Reads `crash`.
    pub fn crash(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let fields = step.fields;
        let mut sound = check_keys(fields, "crash", None, m);
        let host = fields.text("crash", m).and_then(|host| host_of(&host, context, m));
        let lasts = lasts(fields, m);
        let may_miss = fields.flag("may_miss", m);
        let how = match fields.text("how", m) {
            Some(word) => one_of("how", &word, CRASHES, m),
            None => (!fields.has("how")).then_some(CRASHES[0].1),
        };
        let state = match host {
            Some((HostId::Client(_), _)) => {
                sound &= no_state(fields, m);
                Some((ServerState::Kept, String::new()))
            }
            Some((HostId::Server | HostId::Portal, _)) => server_state(fields, m),
            None => None,
        };
        let ((host, who), (state, detail)) = (host?, state?);
        let killed = how?;
        let fault = match killed {
            true => HostFault::Killed { state },
            false => HostFault::PowerCut { state },
        };
        let how = if killed { "killed" } else { "" };
        let comma = if killed && !detail.is_empty() { ", " } else { "" };
        let detail = format!("{how}{comma}{detail}");
        let fault = Fault::Hosts(vec![host], fault);
        let what = What { act: "crash", fault, who, detail, may_miss };
        let id = self.begin(step, what, lasts?, context);
        sound.then_some(id)
    }

    /// Reads one of [`BEFALLS`].
    pub fn befall(
        &mut self,
        act: &'static str,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let fields = step.fields;
        let mut sound = check_keys(fields, act, None, m);
        let hosts = match act {
            "overload" => server_only(fields, m),
            _ => self.devices(act, step, context, m),
        };
        let lasts = lasts(fields, m);
        let may_miss = fields.flag("may_miss", m);
        let place = fields.key_place(act).expect("the act is present");
        let asked: Asked = match act {
            "suspend" => Some((HostFault::Suspended, String::new())),
            "doze" => Some((HostFault::Dozing, String::new())),
            "offline" => Some((HostFault::Offline, String::new())),
            "handover" => Some(handover(fields, m)),
            "portal" => portal(fields, m),
            "dns" => dns(fields, place, m),
            "overload" => overload(fields, place, m),
            "clock" => clock(fields, place, m),
            other => unreachable!("nobody reads {other}"),
        };
        let instant = act == "clock" || (act == "handover" && !fields.has("for"));
        let lasts = if instant { Some(Some(Span::ZERO)) } else { lasts };
        let ((hosts, who), (fault, detail)) = (hosts?, asked?);
        if act == "handover" {
            sound &= self.count_moves(hosts.len(), fields, m);
        }
        let what = What { act, fault: Fault::Hosts(hosts, fault), who, detail, may_miss };
        let id = self.begin(step, what, lasts?, context);
        sound.then_some(id)
    }

    fn devices(
        &mut self,
        act: &'static str,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<(Vec<HostId>, String)> {
        let names = step.fields.texts(act, m)?;
        if let Some(server) = names.iter().find(|name| name.value == "server") {
            let message = format!("`{act}` is for devices, not for the server");
            m.add(
                Diagnostic::new(server.place.clone(), message)
                    .label("expected a client, or a list of clients"),
            );
            return None;
        }
        let (clients, who): (Vec<ClientId>, String) = whose(act, step, context, m)?;
        Some((clients.into_iter().map(HostId::Client).collect(), who))
    }

    fn count_moves(&mut self, moves: usize, fields: &Fields<'_>, m: &mut Mistakes) -> bool {
        self.moves = self.moves.saturating_add(moves);
        if self.moves <= MOST_MOVES {
            return true;
        }
        let place = fields.key_place("handover").expect("the act is present");
        let message = format!("the steps together move devices more than {MOST_MOVES} times");
        m.add(Diagnostic::new(place, message).label("from here on"));
        false
    }
}

/// Reads the name of a host that can crash: the server, or one client.
pub(super) fn host_of(
    name: &Placed<&str>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(HostId, String)> {
    if name.value == "server" {
        return Some((HostId::Server, name.value.to_owned()));
    }
    let known = context.names.is_client(name.value);
    if !known && nearest(name.value, ["server"]).is_some() {
        let message = format!("no host is called {}", quoted(name.value));
        m.add(
            Diagnostic::new(name.place.clone(), message)
                .label("unknown host")
                .help("did you mean \"server\"?"),
        );
        return None;
    }
    let group = context.names.group(name, m)?;
    if group.is_crowd {
        let message =
            format!("{} is a crowd, and one device crashes at a time", quoted(name.value));
        let help = format!("name a member, as in {}", context.clients[group.members.start].name);
        m.add(Diagnostic::new(name.place.clone(), message).label("a crowd").help(help));
        return None;
    }
    Some((HostId::Client(group.first()), name.value.to_owned()))
}

fn server_state(fields: &Fields<'_>, m: &mut Mistakes) -> Option<(ServerState, String)> {
    if !fields.means("state") {
        let place = fields.key_place("crash").expect("the act is present");
        m.add(
            Diagnostic::new(place, "`crash` needs `state`")
                .label("what does the server still know when it starts again?")
                .help("state = \"kept\": all sessions and rooms; state = \"lost\": none"),
        );
    }
    let word = fields.text("state", m)?;
    let state = one_of("state", &word, SERVER_STATES, m)?;
    Some((state, format!("state {}", word.value)))
}

/// Reports a `state` of a device; whether there is none.
fn no_state(fields: &Fields<'_>, m: &mut Mistakes) -> bool {
    let Some(place) = fields.key_place("state") else { return true };
    m.add(
        Diagnostic::new(place, "only the server's crash takes `state`")
            .label("a device begins anew with what an SDK keeps on it"),
    );
    false
}

fn server_only(fields: &Fields<'_>, m: &mut Mistakes) -> Option<(Vec<HostId>, String)> {
    let host = fields.text("overload", m)?;
    if host.value == "server" {
        return Some((vec![HostId::Server], "server".to_owned()));
    }
    m.add(
        Diagnostic::new(host.place, "only the server can be overloaded")
            .label(format!("found {}", quoted(host.value)))
            .help("as in: overload = \"server\""),
    );
    None
}

fn handover(fields: &Fields<'_>, m: &mut Mistakes) -> (HostFault, String) {
    let told = !fields.has("told") || fields.flag("told", m);
    let detail = if told { "" } else { "without a word" };
    (HostFault::Handover { told }, detail.to_owned())
}

fn portal(fields: &Fields<'_>, m: &mut Mistakes) -> Asked {
    let answer = match fields.text("answer", m) {
        Some(word) => one_of("answer", &word, PORTAL_ANSWERS, m)?,
        None if fields.has("answer") => return None,
        None => PortalAnswer::Silence,
    };
    let detail = match answer {
        PortalAnswer::Silence => "which is silent",
        PortalAnswer::Reset => "which resets",
    };
    Some((HostFault::Portal(answer), detail.to_owned()))
}

fn dns(fields: &Fields<'_>, place: Place, m: &mut Mistakes) -> Asked {
    let sound = check_needs(fields, "dns", &place, &["answer"], m);
    let word = fields.text("answer", m);
    let delay = fields.some_time("delay", m);
    let answer = one_of("answer", &word?, NAME_ANSWERS, m)?;
    if fields.has("delay") && delay.is_none() {
        return None;
    }
    let (answer, detail) = match (answer, delay) {
        (NameAnswer::Silence, Some(delay)) => {
            m.add(
                Diagnostic::new(delay.place, "an answer that never comes has no `delay`")
                    .label("remove it, or choose another `answer`"),
            );
            return None;
        }
        (NameAnswer::Silence, None) => (NameAnswer::Silence, "no answer".to_owned()),
        (NameAnswer::Fails(at_once), None) => (NameAnswer::Fails(at_once), "fails".to_owned()),
        (NameAnswer::Fails(_), Some(Placed { value, .. })) => {
            (NameAnswer::Fails(value), format!("fails after {value}"))
        }
        (NameAnswer::Slow(_), Some(Placed { value, .. })) => {
            (NameAnswer::Slow(value), format!("takes {value}"))
        }
        (NameAnswer::Slow(_), None) => {
            let place = fields.key_place("answer").expect("it was read");
            m.add(
                Diagnostic::new(place, "a slow answer needs `delay`")
                    .label("how long does the look-up take?"),
            );
            return None;
        }
    };
    sound.then_some((HostFault::Names(answer), detail))
}

fn overload(fields: &Fields<'_>, place: Place, m: &mut Mistakes) -> Asked {
    check_needs(fields, "overload", &place, &["delay"], m);
    let delay = fields.some_time("delay", m)?.value;
    Some((HostFault::Overload(delay), format!("everything {delay} late")))
}

fn clock(fields: &Fields<'_>, place: Place, m: &mut Mistakes) -> Asked {
    check_needs(fields, "clock", &place, &["by"], m);
    let by = fields.offset("by", m)?;
    if by.value == 0 {
        m.add(Diagnostic::new(by.place, "`by` must be at least 1 ms").label("no change at all"));
        return None;
    }
    let (by_ms, way) = (by.value, if by.value > 0 { "forward" } else { "back" });
    let detail = format!("{way} {}", Span::from_ms(by_ms.unsigned_abs()));
    Some((HostFault::ClockSet { by_ms }, detail))
}
