//! What must hold after the SDK has closed the connection for good.

use super::story::{Made, Story};
use crate::zim::{CallKind, ErrorCode};

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
