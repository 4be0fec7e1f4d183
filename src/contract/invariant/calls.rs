//! Calls and their results.

use super::super::story::{Made, Story};
use super::super::trouble;
use super::{Case, Judged};
use crate::param::RenewWhileReconnecting;
use crate::scenario::Plan;
use crate::time::Span;
use crate::zim::{CallKind, ConnectionState};

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
