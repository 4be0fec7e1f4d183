//! Sessions that the server has ended, and what it holds of whom.

use super::*;
use crate::protocol::SessionEnd;
/// The server ends alice's session while she is away.
fn ended_while_away(cause: SessionEnd) -> Bench {
    let mut bench = online();
    loses(&mut bench);
    let (user, device) = bench.who(ALICE);
    bench.fact(40_000, ServerFact::SessionEnded { user, device, cause: Some(cause) });
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench
}

#[test]
fn an_end_that_is_told_late_but_rightly_breaks_nothing() {
    for (cause, event) in [(SessionEnd::KickedOut, 4), (SessionEnd::Unregistered, 6)] {
        let mut bench = ended_while_away(cause);
        bench.connection(53_060, ALICE, (0, event));
        breaks(&bench, &[]);
        let report = check(&bench.plan, &bench.recording());
        let own = report.invariants.iter().find(|outcome| outcome.id == "I.end-is-told");
        assert_eq!(own.unwrap().judged.occasions, 1);
    }
}

/// What `I.end-is-told` had to judge, and what it says.
fn ends_told(bench: &Bench) -> (usize, Vec<String>) {
    judged(bench, "I.end-is-told")
}

#[test]
fn an_end_is_owed_until_the_app_acts_by_itself() {
    // It logs in as soon as it hears.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.connection(53_060, ALICE, (0, 4));
    let login = bench.login_call(ALICE, 2_000_000_000);
    bench.call(53_060, ALICE, login.clone(), None);
    assert_eq!(ends_told(&bench), (1, Vec::new()));
    // It has tried before.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.call(45_000, ALICE, login, Some((45_000, ErrorCode::USER_HAS_ALREADY_LOGGED)));
    bench.logged_in(53_030, ALICE, false).connection(53_060, ALICE, (2, 0));
    assert_eq!(ends_told(&bench), (0, Vec::new()));
}

#[test]
fn an_end_is_owed_by_its_deadline_unless_another_comes_first_or_the_server_forgets() {
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.connection(53_060, ALICE, (0, 5));
    assert_eq!(ends_told(&bench), (0, Vec::new()));
    // 20 s until the break is noticed, and 58 s to the next attempt, from the cut's end on.
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.plan.until = crate::time::Time::from_ms(130_000);
    assert_eq!(ends_told(&bench), (0, Vec::new()));
    bench.plan.until = crate::time::Time::from_ms(130_001);
    assert_eq!(ends_told(&bench).0, 1);
    bench.server_loses_all(60_000, 60_100);
    assert_eq!(ends_told(&bench), (0, Vec::new()));
}

#[test]
fn a_server_that_lost_everything_holds_nobody_any_more() {
    let breaches = |names: &[&str]| {
        let mut bench = together();
        bench.server_loses_all(50_000, 50_100);
        lists(&mut bench, 100_000, names);
        bench.breaches()
    };
    let id = "I.member-lists-true";
    assert!(breaches(&["alice", "bob"]).iter().any(|what| what.starts_with(id)));
    assert!(!breaches(&[]).iter().any(|what| what.starts_with(id)));
    let mut bench = together();
    bench.server_loses_all(50_000, 50_100);
    let breaches = bench.breaches();
    for id in ["I.membership-agrees", "I.session-agrees"] {
        assert!(breaches.iter().any(|what| what.starts_with(id)), "{id}: {breaches:?}");
    }
}

#[test]
fn what_the_server_holds_of_one_device_says_nothing_of_another() {
    let answer = |at: u64| Some((at, ErrorCode::SUCCESS));
    let leaves = |bench: &mut Bench, at: u64, client| {
        let leave = Call::LeaveRoom { room: "r1".into() };
        bench.call(at, client, leave, answer(at + 60));
        left(bench, at + 30, client, None);
        bench.room(at + 60, client, "r1", (0, 0));
    };
    let logs_out = |bench: &mut Bench, at: u64, client| {
        let (user, device) = bench.who(client);
        bench.call(at, client, Call::Logout, answer(at)).connection(at, client, (0, 0));
        bench.fact(at + 30, ServerFact::SessionEnded { user, device, cause: None });
    };
    let account = || {
        let mut bench = Bench::new(&["phone", "tablet"]);
        bench.plan.params.login_multi_device = true;
        for client in &mut bench.plan.clients {
            client.script.user = "alice".into();
        }
        bench.login(0, ALICE, 2_000_000_000);
        bench
    };
    // The tablet goes, the phone stays.
    let mut bench = account();
    bench.login(1_000, BOB, 2_000_000_000);
    enters(&mut bench, 2_000, ALICE);
    enters(&mut bench, 3_000, BOB);
    leaves(&mut bench, 50_000, BOB);
    logs_out(&mut bench, 60_000, BOB);
    let (user, device) = bench.who(BOB);
    bench.fact(61_000, ServerFact::UserOffline { user, device });
    breaks(&bench, &[]);
    // The phone goes, the tablet comes.
    let mut bench = account();
    enters(&mut bench, 2_000, ALICE);
    leaves(&mut bench, 30_000, ALICE);
    bench.login(40_000, BOB, 2_000_000_000);
    enters(&mut bench, 50_000, BOB);
    logs_out(&mut bench, 60_000, ALICE);
    bench.logged_in(100_000, BOB, true);
    breaks(&bench, &[]);
}

#[test]
fn who_is_out_for_the_server_is_out_by_whatever_put_it_there() {
    let mut bench = online();
    let (user, device) = bench.who(ALICE);
    bench.fact(100_000, ServerFact::UserOffline { user, device });
    let away = "I.session-agrees  alice: CONNECTED, but the server has held alice to be away \
                since 100.000";
    breaks(&bench, &[away]);
    let destroyed = |room: &str| {
        let mut bench = together();
        bench.fact(100_000, ServerFact::RoomDestroyed { room: room.into() });
        let breaches = bench.breaches();
        breaches.iter().filter(|what| what.starts_with("I.membership-agrees")).count()
    };
    assert_eq!(destroyed("r1"), 2, "both of them");
    assert_eq!(destroyed("r2"), 0);
}

#[test]
fn an_end_may_be_an_administrators_or_a_rivals() {
    use crate::record::AdminAct;
    let undocumented = |bench: &Bench| {
        bench.breaches().iter().any(|what| what.starts_with("I.connection-transitions"))
    };
    let by_hand = |act: AdminAct, event| {
        let mut bench = online();
        bench.put(100_000, Who::Server, Event::Admin { act, hit: true, victims: Vec::new() });
        bench.connection(100_030, ALICE, (0, event));
        undocumented(&bench)
    };
    let kick = |user: &str| AdminAct::KickUser { user: user.into() };
    let unregister = |user: &str| AdminAct::Unregister { user: user.into() };
    assert!(!by_hand(kick("alice"), 4) && !by_hand(unregister("alice"), 6));
    assert!(by_hand(kick("bob"), 4) && by_hand(unregister("bob"), 6), "somebody else's");
    assert!(by_hand(kick("alice"), 6) && by_hand(unregister("alice"), 4), "another act");
    let by_rival = |at, event| {
        let mut bench = online();
        bench.plan.clients[BOB.0].script.user = "alice".into();
        bench.logged_in(at, BOB, false).connection(100_030, ALICE, (0, event));
        undocumented(&bench)
    };
    assert!(!by_rival(100_000, 4));
    assert!(by_rival(100_000, 6), "a rival unregisters nobody");
    assert!(by_rival(110_000, 4), "it came later");
}

#[test]
fn a_room_ends_by_the_last_that_the_server_did_there() {
    let undocumented = |then: Option<ServerFact>| {
        let mut bench = together();
        left(&mut bench, 100_000, ALICE, Some(RoomEnd::Kicked));
        if let Some(then) = then {
            bench.fact(100_010, then);
        }
        bench.room(100_030, ALICE, "r1", (0, 8));
        bench.breaches().iter().any(|what| what.starts_with("I.room-transitions"))
    };
    let (user, device) = (|| "alice".into(), || "alice".into());
    let entered = |room: &str| {
        let room = room.into();
        Some(ServerFact::Entered { room, user: user(), device: device() })
    };
    let elsewhere =
        ServerFact::Left { room: "r2".into(), user: user(), device: device(), cause: None };
    assert!(!undocumented(None));
    assert!(!undocumented(Some(elsewhere)) && !undocumented(entered("r2")));
    assert!(undocumented(entered("r1")), "it has been in again since");
}

#[test]
fn a_client_is_judged_by_the_account_that_it_logs_in_as() {
    let as_carol = |bench: &mut Bench, at: u64| {
        let login = bench.login_call(ALICE, 2_000_000_000);
        let Call::Login { device, platform, token, .. } = login else { panic!("a login") };
        let user = || "carol".into();
        let login = Call::Login { user: user(), device: device.clone(), platform, token };
        let entered = ServerFact::LoggedIn { user: user(), device, resumed: false };
        bench.call(at, ALICE, login, Some((at + 60, ErrorCode::SUCCESS)));
        bench.fact(at + 30, entered).connection(at + 60, ALICE, (2, 0));
    };
    let disagree =
        |bench: &Bench| bench.breaches().iter().any(|what| what.starts_with("I.session-agrees"));
    // The callback of the login stands before its call.
    let mut bench = Bench::alice();
    bench.connection(0, ALICE, (1, 1));
    as_carol(&mut bench, 0);
    assert!(!disagree(&bench), "{:?}", bench.breaches());
    // It logs out and in again in one millisecond.
    let mut bench = Bench::alice();
    bench.login(0, ALICE, 2_000_000_000);
    bench.call(50_000, ALICE, Call::Logout, Some((50_000, ErrorCode::SUCCESS)));
    bench.connection(50_000, ALICE, (0, 0));
    let (user, device) = bench.who(ALICE);
    bench.fact(50_030, ServerFact::SessionEnded { user, device, cause: None });
    as_carol(&mut bench, 50_000);
    assert!(!disagree(&bench), "{:?}", bench.breaches());
}

#[test]
fn nobody_is_in_a_room_that_was_destroyed() {
    let mut bench = together();
    bench.fact(50_000, ServerFact::RoomDestroyed { room: "r1".into() });
    lists(&mut bench, 100_000, &[]);
    let lists = bench.breaches().into_iter().filter(|what| what.starts_with("I.member-lists"));
    assert_eq!(lists.count(), 0);
}

#[test]
fn a_session_that_comes_back_after_its_end_is_told() {
    let mut bench = ended_while_away(SessionEnd::KickedOut);
    bench.logged_in(53_030, ALICE, false);
    bench.connection(53_060, ALICE, (2, 0));
    let told = "I.end-is-told  alice: CONNECTED/SUCCESS (2/0), though the server had ended its \
                session at 40.000";
    breaks(&bench, &[told]);
}

#[test]
fn a_welcome_of_before_the_end_may_still_arrive() {
    let mut bench = online();
    loses(&mut bench);
    bench.attempts(ALICE, &[28_000, 53_000]);
    bench.logged_in(53_030, ALICE, true);
    let (user, device) = bench.who(ALICE);
    let cause = Some(SessionEnd::KickedOut);
    bench.fact(53_040, ServerFact::SessionEnded { user, device, cause });
    bench.connection(53_060, ALICE, (2, 0)).connection(53_070, ALICE, (0, 4));
    breaks(&bench, &[]);
}

#[test]
fn an_end_that_is_never_told_is_told_here() {
    let bench = ended_while_away(SessionEnd::KickedOut);
    let breaches = bench.breaches();
    let own: Vec<_> = breaches.iter().filter(|what| what.contains("I.end-is-told")).collect();
    assert_eq!(own, ["I.end-is-told  alice: the server ended its session at 40.000, never told"]);
}
