//! What the SDK does by itself, and what it must not.

use super::super::story::{Mark, Story, connection_words};
use super::{Case, Judged};
use crate::zim::{CallKind, ConnectionState, ErrorCode};

/// `I.disconnected-stays`.
pub(super) fn disconnected_stays(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        for turn in &story.connections {
            if turn.state != ConnectionState::Disconnected {
                continue;
            }
            // What an app calls in one millisecond, it calls before the SDK has heard any of it.
            let login = story.calls_of(CallKind::Login).map(|made| made.mark);
            let mut login =
                login.filter(|mark| mark.index > turn.mark.index || mark.at == turn.mark.at);
            let login = login.next().map_or(usize::MAX, |mark| mark.index);
            let is_own = |mark: &&Mark| mark.index > turn.mark.index && mark.index < login;
            let attempt = story.attempts.iter().find(is_own);
            let at = attempt.map_or(turn.mark.at, |mark| mark.at);
            let problem = attempt.map(|_| {
                let (who, said) = (case.name(story), connection_words(turn.state, turn.event));
                format!("{who}: an attempt of the SDK's own after {said}")
            });
            judged.occasion(at, problem);
        }
    }
    judged
}

/// `I.disconnected-refuses`. A call without a result is `I.one-result`'s.
pub(super) fn disconnected_refuses(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        let mut last = CallKind::Login;
        for made in &story.calls {
            let kind = made.call.kind();
            if matches!(kind, CallKind::Login | CallKind::Logout) {
                last = kind;
                continue;
            }
            // A call that stands behind a login of the same millisecond finds it under way.
            let down = |mark: Mark| {
                let at_once = mark.at == made.mark.at;
                let heard = if at_once { mark.index } else { made.mark.index };
                story.state_before(made.mark.index) == ConnectionState::Disconnected
                    && story.state_before(heard) == ConnectionState::Disconnected
            };
            let Some((mark, code)) = made.result.filter(|(mark, _)| down(*mark)) else { continue };
            let wanted = match last {
                CallKind::Logout => ErrorCode::USER_HAS_ALREADY_LOGGED_OUT,
                CallKind::Login
                | CallKind::RenewToken
                | CallKind::CreateRoom
                | CallKind::JoinRoom
                | CallKind::EnterRoom
                | CallKind::LeaveRoom
                | CallKind::SendPeerMessage
                | CallKind::SendRoomMessage
                | CallKind::QueryRoomMemberList => ErrorCode::USER_IS_NOT_LOGGED,
            };
            let who = case.name(story);
            judged.occasion(
                mark.at,
                (code != wanted).then(|| {
                    format!(
                        "{who}: {kind}, called at {} while DISCONNECTED, got {code}, not {wanted}",
                        made.mark.at
                    )
                }),
            );
        }
    }
    judged
}

/// `I.sdk-reconnects`.
pub(super) fn sdk_reconnects(case: &Case) -> Judged {
    let mut judged = Judged::default();
    for story in case.stories {
        for pair in story.connections.windows(2) {
            let [lost, back] = pair else { continue };
            let returns = lost.state == ConnectionState::Reconnecting
                && back.state == ConnectionState::Connected;
            if !returns {
                continue;
            }
            let who = case.name(story);
            let problem = return_problem(story, (lost.mark, back.mark));
            judged.occasion(back.mark.at, problem.map(|what| format!("{who}: {what}")));
        }
    }
    judged
}

fn return_problem(story: &Story, (lost, back): (Mark, Mark)) -> Option<String> {
    let within = |mark: Mark| mark.index > lost.index && mark.at <= back.at;
    let succeeded = |result: Option<(Mark, ErrorCode)>| {
        result.is_some_and(|(mark, code)| code == ErrorCode::SUCCESS && mark.at <= back.at)
    };
    let login =
        story.calls_of(CallKind::Login).find(|made| within(made.mark) && succeeded(made.result));
    if let Some(login) = login {
        return Some(format!("back by the app's login of {}", login.mark.at));
    }
    let tried = story.attempts.iter().any(|mark| within(*mark));
    (!tried).then(|| format!("back without an attempt since {}", lost.at))
}
