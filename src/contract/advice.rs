//! What the document tells the app to do, and apps that do what it warns of.
//!
//! This grades the app, not the SDK: a misstep fails no scenario.

use super::aftermath;
use super::check::Report;
use super::outage::{Outage, OutageEnd};
use super::rows::{ROWS, Row};
use super::story::{ConnectionTurn, Made, Story, connection_words};
use crate::record::{ClientId, Origin};
use crate::time::{Span, Time};
use crate::zim::{Call, ConnectionEvent, ConnectionState, ErrorCode, RoomEvent, RoomId, UserId};

/// A reaction later than this counts as its user's own wish: the document forbids to reconnect
/// from code, not to log in again from a login page.
const AUTOMATIC: Span = Span::from_secs(10);

/// An app that did what the document tells it not to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misstep {
    /// Whose app.
    pub client: ClientId,
    /// When.
    pub at: Time,
    /// The row whose advice it did not take.
    pub row: &'static str,
    /// What it did, in words that don't name the time.
    pub did: String,
    /// What the document thinks of that, in words that follow a comma.
    pub remark: &'static str,
}

const WARNED: &str = "which the document warns against";
const NEEDLESS: &str = "which the document calls needless";
const NOT_ADVISED: &str = "which the document advises against";

/// The advice of every row that a run exercised, each text once with its rows, in the
/// document's order.
pub fn given(report: &Report) -> Vec<(Vec<&'static str>, &'static str)> {
    let exercised = |row: &&Row| report.findings.iter().any(|finding| finding.row == row.id);
    let mut given: Vec<(Vec<&'static str>, &'static str)> = Vec::new();
    for row in ROWS.iter().filter(exercised) {
        match given.iter_mut().find(|(_, advice)| *advice == row.advice) {
            Some((rows, _)) => rows.push(row.id),
            None => given.push((vec![row.id], row.advice)),
        }
    }
    given
}

/// What one app did against the document's advice, by time.
pub fn missteps(story: &Story, outages: &[Outage]) -> Vec<Misstep> {
    let mut missteps = Vec::new();
    for made in &story.calls {
        let misstep = match made.call {
            Call::Login { user, .. } => login(story, made, user),
            Call::CreateRoom { room } | Call::JoinRoom { room } | Call::EnterRoom { room } => {
                entering(story, outages, made, room)
            }
            Call::Logout
            | Call::RenewToken { .. }
            | Call::LeaveRoom { .. }
            | Call::QueryRoomMemberList { .. }
            | Call::SendRoomMessage { .. }
            | Call::SendPeerMessage { .. } => None,
        };
        missteps.extend(misstep);
    }
    missteps
}

fn misstep(
    story: &Story,
    made: &Made,
    row: &'static str,
    did: String,
    remark: &'static str,
) -> Misstep {
    Misstep { client: story.client, at: made.mark.at, row, did, remark }
}

/// A `login` that does the SDK's work during RECONNECTING, whoever asked for it, or one that
/// the app makes by itself after the SDK has given up.
fn login(story: &Story, made: &Made, user: &UserId) -> Option<Misstep> {
    if story.state_before(made.mark.index) == ConnectionState::Reconnecting {
        // Another account's login is no attempt to get this one back.
        let same = account(story, made.mark.index) == Some(user);
        let did = "called login during RECONNECTING".to_owned();
        return same.then(|| misstep(story, made, "1.reconnecting", did, NEEDLESS));
    }
    let turn = last_turn(story, made, |turn| {
        turn.state == ConnectionState::Connected || row_of(turn).is_some()
    })?;
    let row = row_of(turn)?;
    let did = format!("called login after {}", plain(turn));
    let forbidden = by_itself(made, turn.mark.at);
    forbidden.then(|| misstep(story, made, row, did, WARNED))
}

/// A way into a room that the SDK is just restoring, or straight back into one that it lost
/// for other reasons.
fn entering(story: &Story, outages: &[Outage], made: &Made, room: &RoomId) -> Option<Misstep> {
    let mut own = outages.iter().filter(|each| each.client == story.client && each.room == *room);
    let begun = own.rfind(|each| each.t0 < made.mark)?;
    let over = begun.t2.filter(|t2| t2.mark < made.mark);
    let kind = made.call.kind();
    match over {
        Some(t2) => {
            let other = begun.row == Some("4.T2.other")
                && t2.event == RoomEvent::NetworkDisconnected
                && by_itself(made, t2.mark.at);
            let did = format!("called {kind} {room} after 0/2");
            other.then(|| misstep(story, made, "4.T2.other", did, NOT_ADVISED))
        }
        None => {
            let restoring = is_under_way(begun, made.mark.at) && is_code(made);
            let row = match begun.t1.is_some_and(|t1| t1 < made.mark) {
                true => "4.T1",
                false => "4.T0",
            };
            let did = format!("called {kind} {room} while the SDK restored it");
            restoring.then(|| misstep(story, made, row, did, NEEDLESS))
        }
    }
}

/// Whether the SDK is still restoring the room at this moment.
fn is_under_way(outage: &Outage, at: Time) -> bool {
    match outage.end {
        OutageEnd::Verdict => outage.t2.is_some_and(|t2| at < t2.mark.at),
        OutageEnd::Left(end) | OutageEnd::Session { at: end, .. } => at < end,
        OutageEnd::Open => true,
    }
}

/// Whether the app's code made this call, not its user.
fn is_code(made: &Made) -> bool {
    match made.origin {
        Origin::Step(_) | Origin::Repeated(..) | Origin::Crowd => false,
        Origin::Reaction(_) | Origin::Policy => true,
    }
}

/// Whether the app's code made this call within a short time of what it heard at `heard`.
fn by_itself(made: &Made, heard: Time) -> bool {
    is_code(made) && made.mark.at.since(heard) <= AUTOMATIC
}

/// The latest connection callback before a call that is of this kind.
fn last_turn<'s>(
    story: &'s Story,
    made: &Made,
    is_meant: impl Fn(&ConnectionTurn) -> bool,
) -> Option<&'s ConnectionTurn> {
    story.connections.iter().rev().find(|turn| turn.mark < made.mark && is_meant(turn))
}

/// The row that speaks of this terminal callback; `None` if it is not one.
fn row_of(turn: &ConnectionTurn) -> Option<&'static str> {
    if turn.state != ConnectionState::Disconnected || !aftermath::is_terminal(turn.event) {
        return None;
    }
    match turn.event {
        ConnectionEvent::KickedOut => Some("2.kicked"),
        ConnectionEvent::TokenExpired => Some("3.expired"),
        ConnectionEvent::Unregistered => Some("1.gave-up"),
        ConnectionEvent::Success
        | ConnectionEvent::ActiveLogin
        | ConnectionEvent::LoginTimeout
        | ConnectionEvent::LoginInterrupted => None,
    }
}

/// `DISCONNECTED/KICKED_OUT`
fn plain(turn: &ConnectionTurn) -> String {
    let words = connection_words(turn.state, turn.event);
    words.split(' ').next().unwrap_or_default().to_owned()
}

/// The account of the latest login that worked.
fn account<'s>(story: &'s Story, index: usize) -> Option<&'s UserId> {
    let worked = story.calls.iter().rev().filter(|made| {
        made.result.is_some_and(|(mark, code)| mark.index < index && code == ErrorCode::SUCCESS)
    });
    worked
        .filter_map(|made| match made.call {
            Call::Login { user, .. } => Some(user),
            Call::Logout
            | Call::RenewToken { .. }
            | Call::CreateRoom { .. }
            | Call::JoinRoom { .. }
            | Call::EnterRoom { .. }
            | Call::LeaveRoom { .. }
            | Call::QueryRoomMemberList { .. }
            | Call::SendRoomMessage { .. }
            | Call::SendPeerMessage { .. } => None,
        })
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::bench::{ALICE, Bench};
    use crate::protocol::Standing;
    use crate::record::{Event, ServerFact, Who};
    use crate::zim::CallId;

    const NEVER: u64 = 10_000_000;

    /// Alice calls something for which the scenario's steps are not to blame, or are.
    fn calls(bench: &mut Bench, at: u64, call: Call, origin: Origin) {
        let id = CallId(1000 + u32::try_from(at).unwrap());
        bench.put(at, Who::Client(ALICE), Event::Called { id, origin, call });
    }

    /// Each misstep of alice's app: row, time, what, and what the document thinks of it.
    fn told(bench: &Bench) -> Vec<(&'static str, u64, String, &'static str)> {
        let missteps = bench.report().app.into_iter();
        missteps.map(|each| (each.row, each.at.ms(), each.did, each.remark)).collect()
    }

    fn enter(room: &str) -> Call {
        Call::EnterRoom { room: room.into() }
    }

    fn logged_in() -> Bench {
        let mut bench = Bench::alice();
        bench.login(0, ALICE, NEVER);
        bench
    }

    #[test]
    fn login_by_code_after_each_terminal_callback_is_warned_of() {
        let table = [
            (4, "2.kicked", "KICKED_OUT"),
            (5, "3.expired", "TOKEN_EXPIRED"),
            (6, "1.gave-up", "UNREGISTERED"),
        ];
        for (event, row, name) in table {
            let mut bench = logged_in();
            bench.connection(5_000, ALICE, (0, event));
            let login = bench.login_call(ALICE, NEVER);
            calls(&mut bench, 6_000, login, Origin::Policy);
            let did = format!("called login after DISCONNECTED/{name}");
            assert_eq!(told(&bench), [(row, 6_000, did, WARNED)]);
        }
    }

    #[test]
    fn a_login_of_the_users_own_or_long_after_is_no_misstep() {
        let after = |at, origin| {
            let mut bench = logged_in();
            bench.connection(5_000, ALICE, (0, 4));
            let login = bench.login_call(ALICE, NEVER);
            calls(&mut bench, at, login, origin);
            told(&bench).len()
        };
        assert_eq!(after(6_000, Origin::Reaction(0)), 1);
        assert_eq!(after(15_000, Origin::Reaction(0)), 1);
        assert_eq!(after(15_001, Origin::Reaction(0)), 0);
        assert_eq!(after(6_000, Origin::Step(9)), 0);
        let mut bench = logged_in();
        bench.connection(5_000, ALICE, (0, 4)).connection(5_500, ALICE, (2, 0));
        let login = bench.login_call(ALICE, NEVER);
        calls(&mut bench, 6_000, login, Origin::Policy);
        assert_eq!(told(&bench), [], "the session of the kick is long over");
    }

    #[test]
    fn login_during_reconnecting_is_needless_for_the_same_account_only() {
        let mut bench = logged_in();
        bench.connection(5_000, ALICE, (3, 3));
        let login = bench.login_call(ALICE, NEVER);
        let mut other = bench.clone();
        calls(&mut bench, 6_000, login.clone(), Origin::Step(9));
        let did = "called login during RECONNECTING".to_owned();
        assert_eq!(told(&bench), [("1.reconnecting", 6_000, did, NEEDLESS)]);
        let Call::Login { device, platform, token, .. } = login else { panic!("a login") };
        let login = Call::Login { user: "bob".into(), device, platform, token };
        calls(&mut other, 6_000, login, Origin::Policy);
        assert_eq!(told(&other), []);
    }

    /// Out of r1 at 40.060 with this answer of the server's.
    fn lost(standing: Standing, event: u32) -> Bench {
        let mut bench = logged_in();
        bench.entered(2_000, ALICE).connection(27_000, ALICE, (3, 3));
        bench.room(27_000, ALICE, "r1", (1, 1)).attempts(ALICE, &[28_000, 39_900]);
        bench.connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
        let (user, device) = bench.who(ALICE);
        bench.fact(40_030, ServerFact::Answered { user, device, room: "r1".into(), standing });
        bench.room(40_060, ALICE, "r1", (0, event));
        bench
    }

    #[test]
    fn going_back_by_itself_is_advised_against_after_other_reasons_alone() {
        let back = |standing, event, at, origin| {
            let mut bench = lost(standing, event);
            calls(&mut bench, at, enter("r1"), origin);
            told(&bench)
        };
        let did = "called enterRoom r1 after 0/2".to_owned();
        let misstep = ("4.T2.other", 41_000, did, NOT_ADVISED);
        assert_eq!(back(Standing::Out, 2, 41_000, Origin::Reaction(0)), [misstep]);
        assert_eq!(back(Standing::Out, 2, 41_000, Origin::Step(9)), []);
        assert_eq!(back(Standing::Out, 2, 55_000, Origin::Reaction(0)), []);
        assert_eq!(back(Standing::TimedOut, 9, 41_000, Origin::Reaction(0)), []);
    }

    #[test]
    fn entering_a_room_that_the_sdk_restores_is_needless() {
        for (at, row) in [(30_000, "4.T0"), (40_010, "4.T1")] {
            let mut bench = lost(Standing::TimedOut, 9);
            calls(&mut bench, at, enter("r1"), Origin::Reaction(0));
            calls(&mut bench, at, enter("r2"), Origin::Reaction(0));
            let did = "called enterRoom r1 while the SDK restored it".to_owned();
            assert_eq!(told(&bench), [(row, at, did, NEEDLESS)]);
        }
    }

    #[test]
    fn a_room_that_was_left_or_has_its_verdict_is_restored_no_more() {
        let away = || {
            let mut bench = logged_in();
            bench.entered(2_000, ALICE).connection(27_000, ALICE, (3, 3));
            bench.room(27_000, ALICE, "r1", (1, 1)).attempts(ALICE, &[28_000]);
            bench
        };
        let entered_at = |at| {
            let mut bench = away();
            calls(&mut bench, at, enter("r1"), Origin::Reaction(0));
            let leave = Call::LeaveRoom { room: "r1".into() };
            bench.call(35_000, ALICE, leave, Some((35_000, ErrorCode::SUCCESS)));
            bench.room(35_000, ALICE, "r1", (0, 0));
            told(&bench).len()
        };
        assert_eq!([34_000, 35_000, 36_000].map(entered_at), [1, 0, 0]);
        // With its verdict, and put down before it.
        let mut bench = away();
        calls(&mut bench, 40_060, enter("r1"), Origin::Reaction(0));
        bench.connection(40_000, ALICE, (2, 0)).asked(40_000, ALICE);
        bench.room(40_060, ALICE, "r1", (0, 9));
        assert_eq!(told(&bench), []);
    }

    #[test]
    fn a_terminal_event_in_another_state_ends_nothing() {
        let mut bench = logged_in();
        bench.connection(5_000, ALICE, (2, 4));
        let login = bench.login_call(ALICE, NEVER);
        calls(&mut bench, 6_000, login, Origin::Policy);
        assert_eq!(told(&bench), []);
    }

    #[test]
    fn each_advice_is_given_once_with_all_its_rows() {
        let given = given(&lost(Standing::TimedOut, 9).report());
        let rows: Vec<_> = given.iter().map(|(rows, _)| rows.join(" ")).collect();
        let expected = ["1.reconnecting", "1.connected 4.asks", "4.T0 4.T1", "4.T2.timeout"];
        assert_eq!(rows, expected);
        assert_eq!(given[2].1, "wait");
    }
}
