//! Grades: what a run says of a row, and where the document leaves it to a parameter.

use super::finding::Finding;
use super::outage::Outage;
use super::story::Story;
use crate::param::TokenClock;
use crate::protocol::Standing;
use crate::record::ServerFact;
use crate::scenario::Plan;
use crate::zim::{CallKind, ConnectionState, RoomEvent};
use std::collections::BTreeMap;

/// What a run says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The row never applied.
    NotExercised,
    /// What was seen fits the row, but the document does not decide it: a parameter with the
    /// mark `chosen` does.
    Allowed,
    /// As documented.
    Held,
    /// Otherwise than documented.
    Contradicted,
}

impl Grade {
    /// Every grade, the best known first.
    pub const ALL: [Grade; 4] =
        [Grade::Held, Grade::Allowed, Grade::Contradicted, Grade::NotExercised];

    /// The grade in a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Grade::NotExercised => "not exercised",
            Grade::Allowed => "allowed",
            Grade::Held => "held",
            Grade::Contradicted => "contradicted",
        }
    }
}

/// How often each grade was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Occasions that are as documented.
    pub held: usize,
    /// Occasions that a chosen parameter decided, by its name.
    pub allowed: BTreeMap<&'static str, usize>,
    /// Occasions that are otherwise than documented.
    pub contradicted: usize,
}

impl Tally {
    /// The tally of these occasions.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Tally {
        let mut tally = Tally::default();
        for finding in findings {
            match (finding.grade(), finding.decided_by) {
                (Grade::Contradicted, _) => tally.contradicted += 1,
                (Grade::Allowed, Some(param)) => *tally.allowed.entry(param).or_default() += 1,
                (Grade::Held | Grade::Allowed, _) => tally.held += 1,
                (Grade::NotExercised, _) => {}
            }
        }
        tally
    }

    /// The grade of all together: one contradiction is too many, and one occasion that the
    /// document decides is enough for `held`.
    pub fn grade(&self) -> Grade {
        if self.contradicted > 0 {
            Grade::Contradicted
        } else if self.held > 0 {
            Grade::Held
        } else if !self.allowed.is_empty() {
            Grade::Allowed
        } else {
            Grade::NotExercised
        }
    }
}

/// Writes into each of a client's findings which chosen parameter decided it.
pub fn mark(plan: &Plan, story: &Story, outages: &[Outage], findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.client == story.client) {
        finding.decided_by = match finding.row {
            "3.renewed" => renewal(story, finding),
            "3.expired" => expiry(plan, story, finding),
            "4.T1" => repeat(story, finding),
            "4.T2.restored" | "4.T2.timeout" | "4.T2.gone" | "4.T2.other" => {
                room_verdict(story, outages, finding)
            }
            _ => None,
        };
    }
}

/// A renewal that met a broken link: the document speaks of none.
fn renewal(story: &Story, finding: &Finding) -> Option<&'static str> {
    let result = finding.record?;
    let made = story
        .calls_of(CallKind::RenewToken)
        .find(|made| made.result.is_some_and(|(mark, _)| mark.index == result))?;
    let broken = story.state_before(made.mark.index) != ConnectionState::Connected
        || story.connections.iter().any(|turn| {
            turn.mark > made.mark
                && turn.mark.index < result
                && turn.state == ConnectionState::Reconnecting
        });
    broken.then_some("token.renew_while_reconnecting")
}

/// An expiry while the SDK reconnects, or one that only the server's clock tells.
fn expiry(plan: &Plan, story: &Story, finding: &Finding) -> Option<&'static str> {
    let told = finding.record?;
    let by_server = plan.params.token_clock == TokenClock::Server;
    match (story.state_before(told), by_server) {
        (_, true) => Some("token.clock"),
        (ConnectionState::Reconnecting, false) => Some("token.expiry_while_reconnecting"),
        (
            ConnectionState::Connected
            | ConnectionState::Connecting
            | ConnectionState::Disconnected,
            false,
        ) => None,
    }
}

/// The room's callback at T1, which brings no change: the table shows a state there.
fn repeat(story: &Story, finding: &Finding) -> Option<&'static str> {
    let record = finding.record?;
    let repeated = story.rooms.iter().any(|turn| turn.mark.index == record);
    repeated.then_some("room.callback_at_t1")
}

/// A verdict whose number no page gives.
fn room_verdict(story: &Story, outages: &[Outage], finding: &Finding) -> Option<&'static str> {
    let outage = outages.iter().find(|outage| {
        outage.client == finding.client
            && Some(&outage.room) == finding.room.as_ref()
            && outage.t2.is_some_and(|t2| Some(t2.mark.index) == finding.record)
    })?;
    let t2 = outage.t2?;
    match outage.answers.last() {
        Some((_, Standing::Kicked)) => Some("room.kicked_while_away"),
        Some((
            _,
            Standing::In
            | Standing::TimedOut
            | Standing::Gone
            | Standing::OtherDevice
            | Standing::Out,
        )) => None,
        None if t2.event == RoomEvent::NetworkDisconnected && !was_put_out(story, outage) => {
            Some("room.query_tries")
        }
        None => None,
    }
}

/// Whether the server put the user out of the room after T1, and said so unasked.
fn was_put_out(story: &Story, outage: &Outage) -> bool {
    let after = |index| outage.t1.is_some_and(|t1| index > t1.index);
    story.facts.iter().any(|(mark, fact)| match fact {
        ServerFact::Left { room, cause, .. } => {
            *room == outage.room && cause.is_some() && after(mark.index)
        }
        ServerFact::LoggedIn { .. }
        | ServerFact::SessionEnded { .. }
        | ServerFact::UserOffline { .. }
        | ServerFact::Entered { .. }
        | ServerFact::RoomDestroyed { .. }
        | ServerFact::Answered { .. } => false,
    })
}
