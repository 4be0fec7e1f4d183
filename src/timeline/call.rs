//! One call in words, as it is made and as it is answered.

use crate::param::Params;
use crate::scenario::ClientPlan;
use crate::time::{Span, Time, Wall};
use crate::zim::{Call, Token, TokenFault, UserId};

/// `login as bob (token forged)`, `enterRoom r1`, `sendRoomMessage r1 "back"`.
pub fn made(client: &ClientPlan, at: Time, call: &Call) -> String {
    let kind = call.kind();
    match call {
        Call::Login { user, token, .. } => {
            let token = token_words(client.script.token_life, user, token, at);
            format!("{kind}{}{token}", as_user(client, user))
        }
        // The app's own server always makes tokens for the app's own account.
        Call::RenewToken { token } => {
            let script = &client.script;
            format!("{kind}{}", token_words(script.token_life, &script.user, token, at))
        }
        Call::Logout => kind.name().to_owned(),
        Call::CreateRoom { room }
        | Call::JoinRoom { room }
        | Call::EnterRoom { room }
        | Call::LeaveRoom { room }
        | Call::QueryRoomMemberList { room } => format!("{kind} {room}"),
        Call::SendPeerMessage { to, text } => format!("{kind} {to} {text:?}"),
        Call::SendRoomMessage { room, text } => format!("{kind} {room} {text:?}"),
    }
}

/// What stands before a result: `login as bob`, `joinRoom r1`, `sendPeerMessage to bob`.
pub fn answered(client: &ClientPlan, call: &Call) -> String {
    let kind = call.kind();
    match call {
        Call::Login { user, .. } => format!("{kind}{}", as_user(client, user)),
        Call::Logout | Call::RenewToken { .. } => kind.name().to_owned(),
        Call::CreateRoom { room }
        | Call::JoinRoom { room }
        | Call::EnterRoom { room }
        | Call::LeaveRoom { room }
        | Call::SendRoomMessage { room, .. }
        | Call::QueryRoomMemberList { room } => format!("{kind} {room}"),
        Call::SendPeerMessage { to, .. } => format!("{kind} to {to}"),
    }
}

fn as_user(client: &ClientPlan, user: &UserId) -> String {
    match user.as_str() == client.name {
        true => String::new(),
        false => format!(" as {user}"),
    }
}

/// What is unusual about a token: for this client, or anywhere.
fn token_words(usual: Span, user: &UserId, token: &Token, at: Time) -> String {
    let now = Wall::from_ms(i64::try_from(at.ms()).unwrap_or(i64::MAX));
    match token.verify(user, now) {
        Err(TokenFault::Invalid) => " (token forged)".to_owned(),
        Err(TokenFault::Expired) => " (token expired)".to_owned(),
        Ok(expires) => {
            let life = expires.until_from(now);
            let ordinary = life == usual && life == Params::default().token_life;
            if ordinary { String::new() } else { format!(" (token {life})") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::bench::{ALICE, Bench};
    use crate::zim::Platform;

    const DAYS: u64 = 24 * 24 * 3600 * 1000;

    fn wall(ms: u64) -> Wall {
        Wall::from_ms(i64::try_from(ms).unwrap())
    }

    fn login(user: &str, token: Token) -> Call {
        Call::Login {
            user: user.into(),
            device: "alice".into(),
            platform: Platform::Android,
            token,
        }
    }

    fn made_at_5s(usual: Span, call: &Call) -> String {
        let mut client = Bench::alice().plan.clients[ALICE.0].clone();
        client.script.token_life = usual;
        made(&client, Time::from_ms(5_000), call)
    }

    #[test]
    fn a_token_shows_unless_it_is_good_usual_and_of_the_default_life() {
        let (days, minute) = (Params::default().token_life, Span::from_secs(60));
        assert_eq!(days.ms(), DAYS);
        let good = |user: &str, life| Token::mint(&user.into(), wall(5_000 + life));
        assert_eq!(made_at_5s(days, &login("alice", good("alice", DAYS))), "login");
        let short = login("alice", good("alice", 60_000));
        assert_eq!(made_at_5s(days, &short), "login (token 1m)");
        assert_eq!(made_at_5s(minute, &short), "login (token 1m)");
        let long = login("alice", good("alice", DAYS));
        assert_eq!(made_at_5s(minute, &long), "login (token 24d)");
        let expired = login("bob", Token::mint(&"bob".into(), wall(4_000)));
        assert_eq!(made_at_5s(days, &expired), "login as bob (token expired)");
        let forged = Token::forged(&"alice".into(), wall(5_000 + DAYS));
        let renew = Call::RenewToken { token: forged };
        assert_eq!(made_at_5s(days, &renew), "renewToken (token forged)");
        let renew = Call::RenewToken { token: good("alice", 45_000) };
        assert_eq!(made_at_5s(days, &renew), "renewToken (token 45s)");
    }

    #[test]
    fn a_result_names_what_it_was_about() {
        let client = &Bench::alice().plan.clients[ALICE.0];
        let token = Token::mint(&"alice".into(), wall(60_000));
        assert_eq!(answered(client, &login("alice", token.clone())), "login");
        assert_eq!(answered(client, &login("bob", token)), "login as bob");
        let message = Call::SendPeerMessage { to: "bob".into(), text: "hi".into() };
        assert_eq!(answered(client, &message), "sendPeerMessage to bob");
        assert_eq!(answered(client, &Call::JoinRoom { room: "r1".into() }), "joinRoom r1");
    }
}
