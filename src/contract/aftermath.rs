//! What must hold after the SDK has closed the connection for good.

use super::finding::{Finding, Verdict};
use super::story::{Made, Story, connection_words};
use crate::time::Time;
use crate::zim::{CallKind, ConnectionEvent, ConnectionState, ErrorCode};

/// Whether a session that ends with this event has ended for good.
pub fn is_terminal(event: ConnectionEvent) -> bool {
    match event {
        ConnectionEvent::KickedOut
        | ConnectionEvent::TokenExpired
        | ConnectionEvent::Unregistered => true,
        ConnectionEvent::Success
        | ConnectionEvent::ActiveLogin
        | ConnectionEvent::LoginTimeout
        | ConnectionEvent::LoginInterrupted => false,
    }
}

/// What is wrong after each terminal callback and is told by no finding: not every such
/// callback is an occasion of a row.
pub fn unreported(story: &Story, findings: &[Finding]) -> Vec<(Time, String)> {
    let mut problems = Vec::new();
    for turn in &story.connections {
        if turn.state != ConnectionState::Disconnected || !is_terminal(turn.event) {
            continue;
        }
        let Some(what) = problem(story, turn.mark.index) else { continue };
        let verdict = Verdict::Contradicted(what.clone());
        let told = findings.iter().any(|finding| {
            finding.client == story.client
                && finding.record == Some(turn.mark.index)
                && finding.verdict == verdict
        });
        if !told {
            let words = connection_words(turn.state, turn.event);
            problems.push((turn.mark.at, format!("after {words}: {what}")));
        }
    }
    problems
}

/// What is wrong after the terminal callback at record `index`, until the app calls
/// `login` again: attempts of the SDK's own, or a call that gets anything but 6000121
/// (6000122 once the app has called `logout`).
pub fn problem(story: &Story, index: usize) -> Option<String> {
    let until = story.login_after(index).map_or(usize::MAX, |mark| mark.index);
    let attempt = story.attempts.iter().find(|mark| mark.index > index && mark.index < until);
    if let Some(attempt) = attempt {
        return Some(format!("the SDK tried to connect again at {}", attempt.at));
    }
    let logout = story.logout_after(index).map_or(usize::MAX, |mark| mark.index);
    let calls = story.calls.iter().filter(|made| {
        let kind = made.call.kind();
        made.mark.index > index
            && made.mark.index < until
            && kind != CallKind::Login
            && kind != CallKind::Logout
    });
    calls.filter_map(|made| wrong_answer(made, made.mark.index > logout)).next()
}

fn wrong_answer(made: &Made, after_logout: bool) -> Option<String> {
    let wanted = if after_logout {
        ErrorCode::USER_HAS_ALREADY_LOGGED_OUT
    } else {
        ErrorCode::USER_IS_NOT_LOGGED
    };
    let (kind, called) = (made.call.kind(), made.mark.at);
    match made.result {
        Some((_, code)) if code == wanted => None,
        Some((mark, code)) => Some(format!(
            "{kind}, called at {called}, got {code} at {} instead of {wanted}",
            mark.at
        )),
        None => Some(format!("{kind}, called at {called}, got no result instead of {wanted}")),
    }
}
