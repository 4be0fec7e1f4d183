//! T0, T1 and T2 of each room.

use super::super::outage::{Outage, OutageEnd, RoomVerdict};
use super::super::story::{Story, room_words};
use super::super::trouble;
use super::{Case, Judged};
use crate::param::Params;
use crate::protocol::Standing;
use crate::time::{Span, Time};
use crate::zim::{ConnectionState, RoomEvent, RoomState};

/// For the stack's work between two hosts that are not held up.
const SLACK: Span = Span::from_secs(1);

/// `I.outage-order`. That a room says nothing at T0 is `I.rooms-follow-connection`'s.
pub(super) fn order(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for (story, outages) in case.stories.iter().zip(&case.outages) {
        for stray in &outages.strays {
            let said = room_words(stray.state, stray.event);
            let what =
                format!("{}: {} {said} while the connection stood", case.name(story), stray.room);
            judged.occasion(stray.mark.at, Some(what));
        }
    }
    for (story, outage) in case.outages() {
        let late_t0 = outage.interrupted.is_none().then(|| outage.repeats.first()).flatten();
        let who = case.name(story);
        let problem = match (outage.t1, outage.t2) {
            (_, Some(t2)) if t2.connection != ConnectionState::Connected => {
                Some((t2.mark.at, format!("{who}: T2 of {} came before T1", outage.room)))
            }
            (Some(_) | None, _) => late_t0.map(|mark| {
                (mark.at, format!("{who}: T0 of {} came after the connection's", outage.room))
            }),
        };
        let problem = problem.or_else(|| {
            let twice = outage.repeats.windows(2).find(|pair| pair[0].at == pair[1].at)?;
            let what = format!("{who}: {} said 1/1 twice at {}", outage.room, twice[1].at);
            Some((twice[1].at, what))
        });
        let at = problem.as_ref().map_or(outage.t0.at, |(at, _)| *at);
        judged.occasion(at, problem.map(|(_, what)| what));
    }
    judged
}

/// `I.outage-complete`. A link that fell silent again is lost within the bound, so that a
/// connection that stayed has answered; a process that does not run owes nothing.
pub(super) fn complete(case: &Case) -> Judged {
    let mut judged = Judged::default();
    let bound = verdict_bound(&case.plan.params);
    for (story, outage) in case.outages() {
        let Some(t1) = outage.t1 else { continue };
        let Some(due) = trouble::due(case.plan, story.client, t1.at, bound) else { continue };
        let late = match outage.end {
            OutageEnd::Verdict => outage.t2.is_some_and(|t2| t2.mark.at > due),
            OutageEnd::Open if story.end > due => true,
            OutageEnd::Open | OutageEnd::Left(_) | OutageEnd::Session { .. } => continue,
        };
        let problem = late.then(|| {
            let who = case.name(story);
            format!("{who}: {} had no verdict by {due}, T1 was at {}", outage.room, t1.at)
        });
        judged.occasion(due.min(story.end), problem);
    }
    judged
}

/// How long after T1 a room may be without its verdict while the connection stands: every
/// question has its time, and after the last a heartbeat must be sent and answered.
fn verdict_bound(params: &Params) -> Span {
    let questions = params.room_query_timeout * (u64::from(params.room_query_tries) + 1);
    let heartbeat = params.heartbeat_period + params.heartbeat_patience + params.heartbeat_grace;
    questions + heartbeat + SLACK
}

/// `I.verdict-is-answer`.
pub(super) fn verdict_is_answer(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for (story, outage) in case.outages() {
        let (Some(t1), Some(t2)) = (outage.t1, outage.t2) else { continue };
        let problem = answer_problem(case, outage, t1.at, t2);
        let named = problem.map(|what| format!("{}: {} {what}", name(case, story), outage.room));
        judged.occasion(t2.mark.at, named);
    }
    judged
}

fn name<'c>(case: &'c Case, story: &Story) -> &'c str {
    case.plan.client_name(story.client)
}

fn answer_problem(case: &Case, outage: &Outage, t1: Time, t2: RoomVerdict) -> Option<String> {
    let said = || room_words(t2.state, t2.event);
    let params = &case.plan.params;
    let Some((_, last)) = outage.answers.last() else {
        let tried = params.room_query_timeout * u64::from(params.room_query_tries);
        let silence = (t2.state, t2.event)
            == (RoomState::Disconnected, RoomEvent::NetworkDisconnected)
            && t2.mark.at >= t1 + tried;
        return (!silence).then(|| format!("{}, but the server had not answered", said()));
    };
    let pair = (t2.state, t2.event);
    let is_answer = outage.answers.iter().any(|(_, standing)| verdict(params, *standing) == pair);
    (!is_answer).then(|| format!("{}, but the server had answered: {}", said(), last.words()))
}

/// What the document lets the app hear of each answer.
fn verdict(params: &Params, standing: Standing) -> (RoomState, RoomEvent) {
    match standing {
        Standing::In => (RoomState::Connected, RoomEvent::Success),
        Standing::TimedOut => (RoomState::Disconnected, RoomEvent::ConnectTimeout),
        Standing::Gone => (RoomState::Disconnected, RoomEvent::RoomNotExist),
        Standing::Kicked => (RoomState::Disconnected, params.room_kicked_while_away),
        Standing::OtherDevice => (RoomState::Disconnected, RoomEvent::KickedOutByOtherDevice),
        Standing::Out => (RoomState::Disconnected, RoomEvent::NetworkDisconnected),
    }
}
