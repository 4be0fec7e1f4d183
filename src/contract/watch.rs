//! `expect` and `never`: what they look for, and what was there instead.

use super::finding::{Finding, Verdict};
use super::index::Index;
use crate::record::{AdminAct, ClientId, Event, Record, Recording};
use crate::scenario::{Plan, Watch, Watched};
use crate::time::Time;
use crate::zim::{Callback, Pattern, RoomId};

/// How many events a message lists at the most.
const NEAREST: usize = 6;

/// A recording with what the checks found, sorted by client.
pub struct Sight<'a> {
    recording: &'a Recording,
    index: &'a Index<'a>,
    /// By client, each in order of time.
    findings: Vec<Vec<&'a Finding>>,
}

impl<'a> Sight<'a> {
    /// Sorts the findings.
    pub fn new(
        recording: &'a Recording,
        index: &'a Index<'a>,
        findings: &'a [Finding],
    ) -> Sight<'a> {
        let mut by_client = vec![Vec::new(); index.clients()];
        for finding in findings {
            by_client[finding.client.0].push(finding);
        }
        Sight { recording, index, findings: by_client }
    }

    /// When an `expect` was met: a row must be held then. Of many clients, when enough of
    /// them had seen it.
    pub fn met(&self, watch: &Watch) -> Option<Time> {
        let mut met: Vec<_> =
            watch.clients.clone().filter_map(|client| self.met_by(watch, client)).collect();
        met.sort_unstable();
        met.get(watch.least.checked_sub(1)?).copied()
    }

    fn met_by(&self, watch: &Watch, client: usize) -> Option<Time> {
        match &watch.what {
            Watched::Row { row, room } => {
                let mut found = self.exercised(watch, client, row, room.as_ref());
                found.find(|finding| finding.verdict.is_held()).map(|finding| finding.at)
            }
            Watched::Callback(_) | Watched::Shown(_) => self.first(watch, client),
        }
    }

    /// When a `never` was seen, by whomever: a row counts whether it was held or not.
    pub fn seen(&self, watch: &Watch) -> Option<Time> {
        let by = |client| match &watch.what {
            Watched::Row { row, room } => {
                self.exercised(watch, client, row, room.as_ref()).map(|finding| finding.at).next()
            }
            Watched::Callback(_) | Watched::Shown(_) => self.first(watch, client),
        };
        watch.clients.clone().filter_map(by).min()
    }

    /// Says what was nearest to an `expect` that was not met; of many clients, what was
    /// nearest with the first who did not see it.
    pub fn unmet_words(&self, plan: &Plan, watch: &Watch) -> String {
        let unmet = |client: &usize| self.met_by(watch, *client).is_none();
        let Some(first) = watch.clients.clone().find(unmet) else { return String::new() };
        let words = self.unmet_by(watch, first);
        if watch.clients.len() == 1 {
            return words;
        }
        let count = watch.clients.clone().filter(|client| !unmet(client)).count();
        let (all, least) = (watch.clients.len(), watch.least);
        let name = plan.client_name(ClientId(first));
        let enough = if least == all { String::new() } else { format!(", {least} were enough") };
        format!("{words} by {name}; {count} of {all} saw it{enough}")
    }

    fn unmet_by(&self, watch: &Watch, client: usize) -> String {
        let words = watch_words(watch);
        let never = format!("expected {words}, never seen");
        let window = format!("{} to {}", watch.from, watch.to);
        let (what, near) = match &watch.what {
            Watched::Row { row, room } => {
                let mut inside = self.exercised(watch, client, row, room.as_ref());
                if let Some(finding) = inside.next() {
                    let Verdict::Contradicted(why) = &finding.verdict else {
                        return never;
                    };
                    return format!("expected {words}, contradicted at {}: {why}", finding.at);
                }
                let outside = self.findings[client]
                    .iter()
                    .filter(|finding| finding.row == row && in_room(finding, room));
                let times: Vec<_> = outside.map(|finding| finding.at.to_string()).collect();
                if !times.is_empty() {
                    let times = times.join(", ");
                    return format!("{never} from {window}; the row was exercised at {times}");
                }
                self.near_row(watch, client, row, room.as_ref())
            }
            Watched::Callback(pattern) => self.near_callback(watch, client, pattern),
            Watched::Shown(_) => ("what was shown", self.list(watch, client, shown)),
        };
        if near.is_empty() {
            return format!("{never}; {what} from {window}: none");
        }
        format!("{never}; {what} from {window}: {}", near.join(", "))
    }

    fn exercised<'s>(
        &'s self,
        watch: &'s Watch,
        client: usize,
        row: &'s str,
        room: Option<&'s RoomId>,
    ) -> impl Iterator<Item = &'a Finding> + use<'s, 'a> {
        self.findings[client].iter().copied().filter(move |finding| {
            finding.row == row
                && room.is_none_or(|room| finding.room.as_ref() == Some(room))
                && finding.at >= watch.from
                && finding.at <= watch.to
        })
    }

    /// The first record of the window that is what the watch looks for.
    fn first(&self, watch: &Watch, client: usize) -> Option<Time> {
        let wanted = |record: &&Record| match (&record.event, &watch.what) {
            (Event::Callback(callback), Watched::Callback(pattern)) => pattern.matches(callback),
            (Event::Shown { text }, Watched::Shown(wanted)) => text == wanted,
            (
                Event::Callback(_)
                | Event::Shown { .. }
                | Event::Called { .. }
                | Event::Result { .. }
                | Event::FaultBegan(_)
                | Event::FaultEnded(_)
                | Event::FaultPhase(..)
                | Event::LinkChanged(_)
                | Event::ProcessDied
                | Event::ProcessStarted
                | Event::Admin { .. }
                | Event::Server(_)
                | Event::Wire(_),
                Watched::Row { .. } | Watched::Callback(_) | Watched::Shown(_),
            ) => false,
        };
        self.within(watch, client).find(wanted).map(|record| record.at)
    }

    fn within<'s>(
        &'s self,
        watch: &Watch,
        client: usize,
    ) -> impl Iterator<Item = &'a Record> + use<'s, 'a> {
        let (from, to) = (watch.from, watch.to);
        let own = self.index.own(ClientId(client)).iter();
        let records = own.map(|place| &self.recording.records[*place]);
        records.filter(move |record| record.at >= from && record.at <= to)
    }

    fn near_row(
        &self,
        watch: &Watch,
        client: usize,
        row: &str,
        room: Option<&RoomId>,
    ) -> (&'static str, Vec<String>) {
        let list = |words: &dyn Fn(&Event) -> Option<String>| self.list(watch, client, words);
        if row.starts_with("4.") {
            return ("the room's states", list(&|event| room_state(event, room)));
        }
        if row == "3.will-expire" {
            return ("the warnings", list(&|event| named(event, "onTokenWillExpire")));
        }
        ("the connection's states", list(&connection_state))
    }

    fn near_callback(
        &self,
        watch: &Watch,
        client: usize,
        pattern: &Pattern,
    ) -> (&'static str, Vec<String>) {
        let list = |words: &dyn Fn(&Event) -> Option<String>| self.list(watch, client, words);
        if pattern.room_state.is_some() {
            let room = pattern.room.as_ref();
            return ("the room's states", list(&|event| room_state(event, room)));
        }
        if pattern.connection.is_some() {
            return ("the connection's states", list(&connection_state));
        }
        let callback = |event: &Event| match pattern.callback {
            Some(name) => named(event, name),
            None => Callback::NAMES.iter().find_map(|name| named(event, name)),
        };
        ("such callbacks", list(&callback))
    }

    /// Up to [`NEAREST`] events of the window, each with its time.
    fn list(
        &self,
        watch: &Watch,
        client: usize,
        words: impl Fn(&Event) -> Option<String>,
    ) -> Vec<String> {
        let told = |record: &Record| Some(format!("{} at {}", words(&record.event)?, record.at));
        let all: Vec<_> = self.within(watch, client).filter_map(told).collect();
        let more = all.len().saturating_sub(NEAREST);
        let mut some: Vec<_> = all.into_iter().take(NEAREST).collect();
        if more > 0 {
            some.push(format!("and {more} more"));
        }
        some
    }
}

fn in_room(finding: &Finding, room: &Option<RoomId>) -> bool {
    room.is_none() || finding.room == *room
}

fn shown(event: &Event) -> Option<String> {
    let Event::Shown { text } = event else { return None };
    Some(format!("{text:?}"))
}

fn connection_state(event: &Event) -> Option<String> {
    let Event::Callback(Callback::ConnectionStateChanged { state, event }) = event else {
        return None;
    };
    Some(format!("{}/{}", state.number(), event.number()))
}

fn room_state(event: &Event, wanted: Option<&RoomId>) -> Option<String> {
    let Event::Callback(Callback::RoomStateChanged { room, state, event }) = event else {
        return None;
    };
    let pair = format!("{}/{}", state.number(), event.number());
    match wanted {
        Some(wanted) => (wanted == room).then_some(pair),
        None => Some(format!("{room} {pair}")),
    }
}

/// A callback of this name, with its message's text or its members.
fn named(event: &Event, name: &str) -> Option<String> {
    let Event::Callback(callback) = event else { return None };
    if callback.name() != name {
        return None;
    }
    Some(match callback {
        Callback::PeerMessageReceived { from, text, .. }
        | Callback::RoomMessageReceived { from, text, .. } => format!("{name} {from}: {text:?}"),
        Callback::RoomMemberJoined { members, .. } | Callback::RoomMemberLeft { members, .. } => {
            let members: Vec<_> = members.iter().map(|member| member.as_str()).collect();
            format!("{name} {}", members.join(", "))
        }
        Callback::ConnectionStateChanged { .. }
        | Callback::RoomStateChanged { .. }
        | Callback::TokenWillExpire { .. } => name.to_owned(),
    })
}

/// How the file puts it; a window of one moment reads `at 65s`.
pub fn watch_words(watch: &Watch) -> String {
    match watch.words.rsplit_once(", within 0s of ") {
        Some((what, moment)) if watch.from == watch.to => format!("{what}, at {moment}"),
        Some(_) | None => watch.words.clone(),
    }
}

/// `destroyRoom r1`, `kickUser alice`.
pub fn admin_words(act: &AdminAct) -> String {
    match act {
        AdminAct::DestroyRoom { room } => format!("destroyRoom {room}"),
        AdminAct::KickFromRoom { room, user } => format!("kickFromRoom {room} {user}"),
        AdminAct::KickUser { user } => format!("kickUser {user}"),
        AdminAct::Unregister { user } => format!("unregister {user}"),
    }
}
