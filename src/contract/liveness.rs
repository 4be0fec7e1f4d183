//! `L.converges`: once the network is whole, nobody waits for ever.
//!
//! From the moment at which nothing is cut, stalled or down any more and no link of the
//! client's loses packets, each of its waits (CONNECTING or RECONNECTING; a room CONNECTING)
//! ends within a bound. It is the sum of what can stand one after the other:
//!
//! - TCP's backed-off resend: what was sent during the trouble goes again only after a pause
//!   that has doubled from 1 s for as long as the trouble lasted. So it may be as long as the
//!   trouble was, 60 s at the most (RFC 6298's cap);
//! - a link that died in the last moment is noticed: heartbeat period, patience, grace;
//! - an attempt that began in the trouble hangs: connect timeout, then login timeout;
//! - the pause after it: the longest, stretched by its jitter;
//! - the attempt that gets through: handshake, upgrade, login, question, two round trips each
//!   for the stacks, and 1 s for one first segment that is resent;
//! - the room's questions go unheard to the last, and one more while a heartbeat is awaited.
//!
//! A call of the app's own (`login`, `enterRoom`) may take its own timeout if that is longer.

use super::story::Story;
use super::trouble;
use crate::param::{Params, Percent};
use crate::record::{ClientId, Recording, Way};
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{ConnectionState, RoomId, RoomState};
use std::collections::BTreeMap;
use std::fmt;

/// The check's name.
pub const LIVENESS: &str = "L.converges";
/// What must hold.
pub const LIVENESS_TEXT: &str = "once nothing is cut, stalled, down or suspended and no link \
                                 loses packets, each client's waits end within a bound: its \
                                 connection's, and every room's";
/// Where that comes from.
pub const LIVENESS_SOURCE: &str = "the document, scenes 1 and 4; the bound is computed from the \
                                   parameters";
/// The first timeout after which TCP sends again (RFC 6298).
const RESEND_FIRST: Span = Span::from_secs(1);
/// The longest (RFC 6298: a cap of at least 60 s).
const RESEND_MOST: Span = Span::from_secs(60);

/// What became of one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convergence {
    /// Whose.
    pub client: ClientId,
    /// When its network is whole for good; `None`: not in this run.
    pub calm: Option<Time>,
    /// How long a wait may last from then on.
    pub bound: Span,
    /// The verdict.
    pub verdict: Converged,
}

/// Whether a client's waits ended in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Converged {
    /// They did, the last of them then.
    Held {
        /// When the last wait ended; the calm, if nothing waited after it.
        by: Time,
    },
    /// The run ended too early to tell, or its network is never whole.
    NotJudged,
    /// At least one did not.
    Broken(Vec<Wait>),
}

/// One wait that lasted too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When its time was over.
    pub due: Time,
    /// Who waits for what since when.
    pub what: String,
}

/// A stretch of waiting.
struct Stretch<'a> {
    from: Time,
    /// `None`: it never ended.
    to: Option<Time>,
    of: Awaited<'a>,
}

/// What is waited for.
enum Awaited<'a> {
    Connection(ConnectionState),
    Room(&'a RoomId),
}

impl fmt::Display for Awaited<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Awaited::Connection(state) => write!(f, "its connection, {state}"),
            Awaited::Room(room) => write!(f, "{room}, CONNECTING"),
        }
    }
}

/// Judges every client: its last process, and an earlier one where that waited too long.
pub(super) fn judge(plan: &Plan, recording: &Recording, stories: &[Story]) -> Vec<Convergence> {
    let mut all = Vec::new();
    for (place, story) in stories.iter().enumerate() {
        let convergence = judge_process(plan, recording, story);
        let last = stories.get(place + 1).is_none_or(|next| next.client != story.client);
        if last || matches!(convergence.verdict, Converged::Broken(_)) {
            all.push(convergence);
        }
    }
    all
}

fn judge_process(plan: &Plan, recording: &Recording, story: &Story) -> Convergence {
    let client = story.client;
    let (calm, trouble) = match calm(plan, recording, client) {
        Some((calm, trouble)) if calm <= story.end => (Some(calm), trouble),
        Some(_) | None => (None, RESEND_MOST),
    };
    let bound = bound(&plan.params, trouble, trouble::round_trip(plan, client));
    let verdict = match calm {
        Some(calm) => verdict(plan.client_name(client), story, calm, bound),
        None => Converged::NotJudged,
    };
    Convergence { client, calm, bound, verdict }
}

fn verdict(name: &str, story: &Story, calm: Time, bound: Span) -> Converged {
    let mut broken = Vec::new();
    let mut by = calm;
    let mut early = false;
    for Stretch { from, to, of } in stretches(story) {
        let due = calm.max(from) + bound;
        if to.unwrap_or(story.end) > due {
            let what = format!("{name}: waits for {of} since {from}");
            broken.push(Wait { due, what });
        }
        match to {
            Some(to) => by = by.max(to),
            None => early = true,
        }
    }
    if !broken.is_empty() {
        return Converged::Broken(broken);
    }
    if early { Converged::NotJudged } else { Converged::Held { by } }
}

fn stretches<'a>(story: &Story<'a>) -> Vec<Stretch<'a>> {
    let mut all = Vec::new();
    let mut open: Option<(Time, ConnectionState)> = None;
    for turn in &story.connections {
        let waits = match turn.state {
            ConnectionState::Connecting | ConnectionState::Reconnecting => true,
            ConnectionState::Connected | ConnectionState::Disconnected => false,
        };
        if let Some((from, state)) = open.take() {
            all.push(Stretch { from, to: Some(turn.mark.at), of: Awaited::Connection(state) });
        }
        open = waits.then_some((turn.mark.at, turn.state));
    }
    all.extend(open.map(|(from, state)| Stretch {
        from,
        to: None,
        of: Awaited::Connection(state),
    }));
    let mut rooms: BTreeMap<&RoomId, Time> = BTreeMap::new();
    for turn in &story.rooms {
        match turn.state {
            RoomState::Connecting => {
                rooms.entry(turn.room).or_insert(turn.mark.at);
            }
            RoomState::Connected | RoomState::Disconnected => {
                let from = rooms.remove(turn.room);
                let (to, of) = (Some(turn.mark.at), Awaited::Room(turn.room));
                all.extend(from.map(|from| Stretch { from, to, of }));
            }
        }
    }
    let waiting = rooms.into_iter();
    all.extend(waiting.map(|(room, from)| Stretch { from, to: None, of: Awaited::Room(room) }));
    all
}

/// How long a wait may last, after trouble of this length.
fn bound(params: &Params, trouble: Span, round_trip: Span) -> Span {
    let resend = trouble.max(RESEND_FIRST).min(RESEND_MOST);
    let notice = params.heartbeat_period + params.heartbeat_patience + params.heartbeat_grace;
    let hanging = params.reconnect_connect_timeout + params.reconnect_login_timeout;
    let stretched = params.reconnect_max_delay * (Percent::WHOLE + params.reconnect_jitter.ppm());
    let pause = Span::from_ms(stretched.ms() / Percent::WHOLE);
    let through = round_trip * 8 + RESEND_FIRST;
    let questions = params.room_query_timeout * (u64::from(params.room_query_tries) + 1);
    let all = resend + notice + hanging + pause + through + questions + notice;
    all.max(params.login_timeout + through).max(params.request_timeout + through)
}

/// From when on this client's network is whole for good, and for how long it was not.
fn calm(plan: &Plan, recording: &Recording, client: ClientId) -> Option<(Time, Span)> {
    let mut first = None;
    let mut calm = Time::ZERO;
    for planned in plan.faults.iter().filter(|planned| planned.fault.concerns(client)) {
        first = Some(first.map_or(planned.from, |first: Time| first.min(planned.from)));
        calm = calm.max(planned.to?);
    }
    let forgetful = stretch(trouble::nat_forgets(plan, client))?;
    let lossy =
        [lossy(plan, recording, client, Way::Up)?, lossy(plan, recording, client, Way::Down)?];
    for (from, to) in lossy.into_iter().chain([forgetful]).flatten() {
        first = Some(first.map_or(from, |first| first.min(from)));
        calm = calm.max(to);
    }
    Some((calm, first.map_or(Span::ZERO, |first| calm.since(first))))
}

/// From the first moment at which something is so to the last; `Some(None)` if never, `None` if
/// for ever.
#[expect(clippy::option_option, reason = "never is not for ever")]
fn stretch(turns: Vec<(Time, bool)>) -> Option<Option<(Time, Time)>> {
    let mut since = None;
    let mut found: Option<(Time, Time)> = None;
    for (at, is_so) in turns {
        match (since, is_so) {
            (None, true) => since = Some(at),
            (Some(from), false) => {
                found = Some((found.map_or(from, |(first, _)| first), at));
                since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    since.is_none().then_some(found)
}

/// From when to when this direction loses packets, as [`stretch`]. A queue that was full loses
/// too; when, only the run itself tells.
#[expect(clippy::option_option, reason = "never is not for ever")]
fn lossy(
    plan: &Plan,
    recording: &Recording,
    client: ClientId,
    way: Way,
) -> Option<Option<(Time, Time)>> {
    let history = plan.link_history((client, way)).into_iter();
    let by_chance = stretch(history.map(|(at, link)| (at, link.loses())).collect())?;
    let own = recording.links.iter().find(|link| link.client == client && link.way == way);
    let by_queue = own.and_then(|link| link.counts.dropped_when);
    Some(match (by_chance, by_queue) {
        (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
        (one, other) => one.or(other),
    })
}
