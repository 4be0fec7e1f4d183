//! Calls and their results.

use super::super::story::{Made, Story};
use super::super::trouble;
use super::{Case, Judged};
use crate::param::RenewWhileReconnecting;
use crate::scenario::Plan;
use crate::time::{Span, Time};
use crate::zim::{CallKind, ConnectionState, ErrorCode, RoomEvent, RoomState};

/// For results that come in the millisecond in which they are due, or the next.
const SLACK: Span = Span::from_secs(1);

/// `I.one-result`.
pub(super) fn one_result(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let who = case.name(story);
        for made in &story.calls {
            let overdue = made.result.is_none() && is_overdue(case.plan, story, made);
            judged.occasion(
                story.end,
                overdue.then(|| {
                    format!("{who}: {}, called at {}, still has no result", made.call, made.mark.at)
                }),
            );
        }
        for (mark, _, kind) in &story.strays {
            let what = format!("{who}: a result of {kind} that answers no open call");
            judged.occasion(mark.at, Some(what));
        }
    }
    judged
}

/// `I.result-with-state`.
pub(super) fn result_with_state(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let who = case.name(story);
        for made in &story.calls {
            let Some((result, code)) = made.result else { continue };
            let problem = match made.call.kind() {
                CallKind::Login => login_problem(story, made, result.at, code),
                CallKind::CreateRoom | CallKind::JoinRoom | CallKind::EnterRoom => {
                    entry_problem(story, made, result.at, code)
                }
                CallKind::LeaveRoom if code == ErrorCode::SUCCESS => {
                    let state = room_leaving(story, made, result.at);
                    (state == RoomState::Connected).then(|| format!("the room is still {state}"))
                }
                CallKind::LeaveRoom
                | CallKind::Logout
                | CallKind::RenewToken
                | CallKind::SendPeerMessage
                | CallKind::SendRoomMessage
                | CallKind::QueryRoomMemberList => continue,
            };
            let ended = || format!("{who}: {}, called at {}, ended", made.call, made.mark.at);
            judged.occasion(result.at, problem.map(|what| format!("{}, but {what}", ended())));
        }
    }
    judged
}

/// What is wrong with the connection when a login ends that was under way.
fn login_problem(story: &Story, made: &Made, at: Time, code: ErrorCode) -> Option<String> {
    let began = story.turns_to(ConnectionState::Connecting, made.mark.at);
    let again = calls_at(story, at).any(|other| other.call.kind() == CallKind::Login);
    let state = story.state_leaving(at);
    // It may end again in the same millisecond: by a kick that came right behind.
    let up = state == ConnectionState::Connected || story.turns_to(ConnectionState::Connected, at);
    let wrong = state == ConnectionState::Connecting || (code == ErrorCode::SUCCESS && !up);
    (began && !again && wrong).then(|| format!("the connection is {state}"))
}

/// What is wrong with the room when an entry ends that was under way.
fn entry_problem(story: &Story, made: &Made, at: Time, code: ErrorCode) -> Option<String> {
    let room = made.call.room();
    let turns = || story.rooms.iter().filter(|turn| Some(turn.room) == room);
    let began = turns().any(|turn| {
        turn.mark.at == made.mark.at
            && matches!(turn.event, RoomEvent::ActiveCreate | RoomEvent::ActiveEnter)
    });
    let again = calls_at(story, at).any(|other| other.call.room() == room);
    let state = room_leaving(story, made, at);
    let told = |wanted: fn(RoomState) -> bool| {
        turns().any(|turn| turn.mark.at == at && wanted(turn.state))
    };
    // It may be interrupted again in the same millisecond.
    let wrong = !told(|state| state != RoomState::Connecting)
        || (code == ErrorCode::SUCCESS && !told(|state| state == RoomState::Connected));
    (began && !again && wrong).then(|| format!("the room is {state}"))
}

/// Calls that an app makes in this millisecond, in answer to what it hears then.
fn calls_at<'s, 'a>(story: &'s Story<'a>, at: Time) -> impl Iterator<Item = &'s Made<'a>> {
    story.calls.iter().filter(move |made| made.mark.at == at)
}

/// The room of this call when the millisecond is over.
fn room_leaving(story: &Story, made: &Made, at: Time) -> RoomState {
    let room = made.call.room();
    let mut turns = story.rooms.iter().filter(|turn| Some(turn.room) == room && turn.mark.at <= at);
    turns.next_back().map_or(RoomState::Disconnected, |turn| turn.state)
}

/// Whether a call without a result has waited longer than its time. That time begins anew
/// with each change of the connection: what is held through a break is then sent again.
fn is_overdue(plan: &Plan, story: &Story, made: &Made) -> bool {
    if trouble::held_up(plan, story.client, made.mark.at, story.end) {
        return false;
    }
    let params = &plan.params;
    let turn = story.connections.last().map(|turn| turn.mark.at);
    let since = turn.map_or(made.mark.at, |turn| turn.max(made.mark.at));
    let reconnecting = story.state_leaving(story.end) == ConnectionState::Reconnecting;
    let limit = match made.call.kind() {
        CallKind::Login => params.login_timeout,
        CallKind::SendPeerMessage => params.message_resend_window.max(params.request_timeout),
        CallKind::RenewToken => {
            let holds = params.token_renew_while_reconnecting == RenewWhileReconnecting::Hold;
            if reconnecting && holds {
                return false;
            }
            params.request_timeout
        }
        CallKind::Logout
        | CallKind::CreateRoom
        | CallKind::JoinRoom
        | CallKind::EnterRoom
        | CallKind::LeaveRoom
        | CallKind::SendRoomMessage
        | CallKind::QueryRoomMemberList => params.request_timeout,
    };
    story.end > since + limit + SLACK
}
