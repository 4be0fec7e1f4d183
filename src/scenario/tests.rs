//! Whole files, and the plans they become.

use super::*;
use crate::app::{Act, Policy, TokenQuality};
use crate::net::{Fault, HostFault, LinkSettings, NatSettings, ResetEnd, ServerState, Unmapped};
use crate::param::{Percent, Size};
use crate::record::{AdminAct, ClientId, FaultId, HostId, Origin, Phase, Way};
use crate::time::{Span, Time};
use crate::zim::{Call, CallKind, ConnectionState, ErrorCode, Platform, RoomEvent, RoomState};

pub(super) const ROWS: &[&str] =
    &["2.kicked", "3.will-expire", "3.expired", "4.T0", "4.T1", "4.T2.restored", "4.T2.timeout"];

pub(super) const TUNNEL: &str = r#"
title   = "4.T2 timeout: 100 s in a tunnel, r1 gives alice up, her app enters again"
until   = "4m"
params  = { room.heartbeat_timeout = "60s" }
clients = { alice = {}, bob = {} }
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "0s",  client = "bob",   call = "login" },
  { at = "2s",  client = "alice", call = "enterRoom", room = "r1" },
  { at = "2s",  client = "bob",   call = "enterRoom", room = "r1" },
  { at = "12s", cut = "alice", for = "100s", name = "tunnel" },
  { at = "3m",  client = "alice", call = "sendRoomMessage", room = "r1", text = "back" },
]
react = [
  { client = "alice", on = { room = "r1", state = "0/9" }, after = "2s", times = 1, call = "enterRoom" },
]
expect = [
  { client = "alice", row = "4.T0",         room = "r1", from = "tunnel",     within = "20s" },
  { client = "alice", row = "4.T2.timeout", room = "r1", from = "tunnel.end", within = "30s" },
  { client = "alice", room = "r1", state = "2/0",        from = "tunnel.end", within = "40s" },
  { client = "bob", callback = "onRoomMessageReceived", room = "r1", text = "back" },
]
never = [
  { client = "alice", room = "r1", state = "0/*", from = "tunnel", to = "tunnel.end" },   # no verdict while offline
  { client = "bob", connection = "3/*" },
]
"#;

pub(super) const LIFT: &str = r#"
title   = "2 kicked while offline: phone in a lift, the same account logs in on a tablet"
until   = "3m"
clients = { phone = { user = "alice", platform = "Android" }, tablet = { user = "alice", platform = "iPadOS" } }
steps = [
  { at = "0s",  client = "phone",  call = "login" },
  { at = "2s",  client = "phone",  call = "enterRoom", room = "r1" },
  { at = "12s", cut = "phone", for = "60s", name = "lift" },
  { at = "32s", client = "tablet", call = "login" },
  { at = "2m",  client = "phone",  call = "sendRoomMessage", room = "r1", text = "?", result = 6000121 },
]
expect = [
  { client = "phone", connection = "3/3", from = "lift", within = "20s" },
  { client = "phone", row = "2.kicked", from = "lift.end", within = "40s" },
]
never = [ { client = "phone", connection = "2/*", from = "lift" }, { client = "tablet", connection = "0/*" } ]
"#;

pub(super) const GARAGE: &str = r#"
title   = "3 the token runs out while reconnecting"
until   = "3m"
clients = { alice = { token_life = "60s" } }
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "35s", cut = "alice", for = "60s", name = "garage" },
  { at = "2m",  client = "alice", call = "enterRoom", room = "r1", result = 6000121 },
]
expect = [
  { client = "alice", row = "3.will-expire", within = "31s" },
  { client = "alice", row = "3.expired", from = "garage", within = "100s" },
]
"#;

fn load_text(text: &str) -> Plan {
    load("scenarios/test.toml", text.as_bytes(), ROWS)
        .unwrap_or_else(|e| panic!("{}", e.render(false)))
}

fn at(secs: u64) -> Time {
    Time::from_ms(secs * 1000)
}

/// A plan of two clients who are in r1, with these further lines.
fn load_steps(steps: &str) -> Plan {
    load_text(&with_steps(steps))
}

pub(super) fn with_steps(steps: &str) -> String {
    format!(
        "title = \"t\"\nuntil = \"2m\"\nclients = {{ alice = {{}}, bob = {{}} }}\nsteps = [\n\
         {{ at = \"1s\", client = \"alice\", call = \"enterRoom\", room = \"r1\" }},\n\
         {{ at = \"1s\", client = \"bob\", call = \"enterRoom\", room = \"r1\" }},\n{steps}\n]\n"
    )
}

#[test]
fn the_tunnel_becomes_a_plan() {
    let plan = load_text(TUNNEL);
    assert_eq!(plan.name, "test");
    assert_eq!((plan.seed, plan.until), (crate::rng::Seed(1), at(240)));
    assert_eq!(plan.params.room_heartbeat_timeout, Span::from_secs(60));
    assert_eq!(plan.clients.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["alice", "bob"]);
    let alice = &plan.clients[0];
    assert_eq!(alice.up.latency, Span::from_ms(30));
    let origins: Vec<_> = alice.script.steps.iter().map(|(at, origin, _)| (*at, *origin)).collect();
    let expected = [(at(0), Origin::Step(0)), (at(2), Origin::Step(2)), (at(180), Origin::Step(5))];
    assert_eq!(origins, expected);
    let message = Call::SendRoomMessage { room: "r1".into(), text: "back".into() };
    assert_eq!(alice.script.steps[2].2, Act::Call(message));

    let [fault] = plan.faults.as_slice() else { panic!("one fault") };
    assert_eq!(fault.name.as_deref(), Some("tunnel"));
    assert_eq!(fault.words(), "cut alice");
    assert_eq!((fault.from, fault.to, fault.may_miss), (at(12), Some(at(112)), false));
    let both = vec![(ClientId(0), Way::Up), (ClientId(0), Way::Down)];
    assert_eq!(fault.fault, Fault::Cut(both));
    let id = FaultId(0);
    assert_eq!(plan.acts, [(at(12), NetAct::Begin(id)), (at(112), NetAct::End(id))]);

    let [reaction] = alice.script.reactions.as_slice() else { panic!("one reaction") };
    assert_eq!(reaction.act, Act::Call(Call::EnterRoom { room: "r1".into() }));
    assert_eq!((reaction.after, reaction.times), (Span::from_secs(2), Some(1)));
    let pair = reaction.on.room_state.expect("a room's state is meant");
    assert_eq!(pair.state, Some(RoomState::Disconnected));
    assert_eq!(pair.event, Some(RoomEvent::ConnectTimeout));
    assert_eq!(plan.results.len(), 5);
    assert!(plan.results.iter().all(|result| result.code == Some(ErrorCode::SUCCESS)));
}

#[test]
fn windows_hang_on_the_tunnel() {
    let plan = load_text(TUNNEL);
    let seen: Vec<_> =
        plan.expects.iter().chain(&plan.nevers).map(|w| (w.from, w.to, w.words.as_str())).collect();
    let expected = [
        (at(12), at(32), "alice: row 4.T0 in r1, within 20s of tunnel"),
        (at(112), at(142), "alice: row 4.T2.timeout in r1, within 30s of tunnel.end"),
        (at(112), at(152), "alice: room r1 2/0, within 40s of tunnel.end"),
        (at(0), at(240), "bob: onRoomMessageReceived in r1, text \"back\""),
        (at(12), at(112), "alice: room r1 0/*, from tunnel to tunnel.end"),
        (at(0), at(240), "bob: connection 3/*"),
    ];
    assert_eq!(seen, expected);
    let Watched::Callback(pattern) = &plan.nevers[1].what else { panic!("a callback") };
    let pair = pattern.connection.expect("a connection's state is meant");
    assert_eq!((pair.state, pair.event), (Some(ConnectionState::Reconnecting), None));
}

#[test]
fn two_devices_of_one_account() {
    let plan = load_text(LIFT);
    let devices: Vec<_> = plan.clients.iter().map(|c| c.script.device.as_str()).collect();
    assert_eq!(devices, ["phone", "tablet"]);
    assert!(plan.clients.iter().all(|client| client.script.user.as_str() == "alice"));
    assert_eq!(plan.clients[1].script.platform, Platform::IPadOS);
    let last = plan.results.last().expect("four calls");
    assert_eq!((last.kind, last.code), (CallKind::SendRoomMessage, Some(ErrorCode(6_000_121))));
    assert_eq!((last.origin, last.at), (Origin::Step(4), at(120)));
}

#[test]
fn a_token_lives_as_long_as_its_client_says() {
    let plan = load_text(GARAGE);
    let Act::Login { token, user } = &plan.clients[0].script.steps[0].2 else { panic!("a login") };
    assert_eq!((token.life, token.quality), (Span::from_secs(60), TokenQuality::Good));
    assert_eq!(user.as_str(), "alice");
    assert_eq!(plan.expects[0].to, at(31));
    assert_eq!(plan.expects[0].words, "alice: row 3.will-expire, within 31s of the start");
}

#[test]
fn links_go_from_the_general_to_the_special() {
    let plan = load_text(
        "title = 't'\nuntil = '9s'\n\
         network = { latency = '50ms', loss = '1%', down = { loss = '2%' } }\n\
         clients = { a = {}, b = { latency = '80ms', up = { jitter = '5ms' } } }",
    );
    let [a, b] = plan.clients.as_slice() else { panic!("two clients") };
    let ms = |ms| Span::from_ms(ms);
    assert_eq!((a.up.latency, a.up.loss), (ms(50), Percent::from_ppm(10_000)));
    assert_eq!((a.down.latency, a.down.loss), (ms(50), Percent::from_ppm(20_000)));
    assert_eq!((b.up.latency, b.up.jitter), (ms(80), ms(5)));
    assert_eq!((b.down.latency, b.down.jitter), (ms(80), ms(0)));
    assert_eq!(b.down.loss, Percent::from_ppm(20_000));
}

#[test]
fn a_profile_is_a_whole_set_that_keys_beside_it_refine() {
    let plan = load_text(
        "title = 't'\nuntil = '9s'\n\
         network = { profile = 'very bad network', loss = '3%', down = { profile = '3G' } }\n\
         clients = { a = {}, b = { profile = 'DSL', up = { rate = 'unlimited' } } }",
    );
    let [a, b] = plan.clients.as_slice() else { panic!("two clients") };
    let words = |settings: &LinkSettings| settings.unusual().to_string();
    assert_eq!(words(&a.up), "latency 500ms, loss 3%, rate 1Mbit/s");
    assert_eq!(words(&a.down), "latency 100ms, rate 780kbit/s", "3G loses nothing");
    assert_eq!(
        (words(&b.up), words(&b.down)),
        ("latency 3ms".into(), "latency 2ms, rate 2Mbit/s".into())
    );
}

#[test]
fn changes_of_a_link_lie_on_each_other_and_go_again() {
    let plan = load_steps(
        "{ at = '10s', link = 'alice', loss = '10%', for = '30s', name = 'train' },\n\
         { at = '20s', link = 'alice', direction = 'up', latency = '300ms', rate = '1Mbit/s' },\n\
         { at = '50s', link = 'alice', profile = 'GPRS', for = '5m' },\n\
         { at = '60s', link = 'alice', reset = true },",
    );
    let history = |way| {
        let all = plan.link_history((ClientId(0), way)).into_iter();
        all.map(|(at, settings)| format!("{} {}", at.ms() / 1000, settings.unusual()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        history(Way::Up),
        [
            "0 ",
            "10 loss 10%",
            "20 latency 300ms, loss 10%, rate 1Mbit/s",
            "40 latency 300ms, rate 1Mbit/s",
            "50 latency 250ms, rate 20kbit/s",
            "60 "
        ]
    );
    assert_eq!(history(Way::Down)[1..3], ["10 loss 10%", "40 "]);
    let words: Vec<_> = plan.changes.iter().map(|change| change.words.as_str()).collect();
    let expected = [
        "link alice for 30s: loss 10% (train)",
        "link alice up: latency 300ms, rate 1Mbit/s",
        "link alice for 5m: profile GPRS",
        "link alice: reset",
        "train ends",
    ];
    assert_eq!(words, expected);
}

#[test]
fn acts_at_one_moment_are_ends_first_then_in_file_order() {
    let plan = load_steps(
        "{ at = '30s', link = 'bob', latency = '300ms', loss = '10%' },\n\
         { at = '30s', stall = ['bob', 'alice'], direction = 'up', name = 's' },\n\
         { at = '20s', cut = 'alice', for = '10s', may_miss = true },\n\
         { at = '30s', crash = 'server', state = 'lost' },\n\
         { at = '50s', restart = 'server' },\n\
         { at = '50s', heal = 's' },\n\
         { at = '40s', cut = 'server', for = '10s' },\n\
         { at = '119s', cut = 'server', direction = 'down', for = '10s' },",
    );
    let [stall, cut, crash, all, late] = [0, 1, 2, 3, 4].map(FaultId);
    let expected = [
        (at(20), NetAct::Begin(cut)),
        (at(30), NetAct::End(cut)),
        (at(30), NetAct::Change(0)),
        (at(30), NetAct::Begin(stall)),
        (at(30), NetAct::Begin(crash)),
        (at(40), NetAct::Begin(all)),
        (at(50), NetAct::End(all)),
        (at(50), NetAct::End(crash)),
        (at(50), NetAct::End(stall)),
        (at(119), NetAct::Begin(late)),
    ];
    assert_eq!(plan.acts, expected);
    assert_eq!(
        plan.faults[0].fault,
        Fault::Stall(vec![(ClientId(1), Way::Up), (ClientId(0), Way::Up)])
    );
    assert_eq!(
        plan.faults[2].fault,
        Fault::Hosts(vec![HostId::Server], HostFault::PowerCut { state: ServerState::Lost })
    );
    let words: Vec<_> = plan.faults.iter().map(PlannedFault::words).collect();
    let expected = [
        "stall bob, alice up",
        "cut alice",
        "crash server, state lost",
        "cut server",
        "cut server down",
    ];
    assert_eq!(words, expected);
    assert_eq!(
        plan.faults.iter().map(|f| f.may_miss).collect::<Vec<_>>(),
        [false, true, false, false, false]
    );
    assert_eq!(plan.faults[4].to, None);
    assert_eq!(plan.changes[0].words, "link bob: latency 300ms, loss 10%");
}

#[test]
fn a_fault_may_be_healed_before_its_time() {
    let plan = load_steps(
        "{ at = '20s', cut = 'alice', for = '60s', name = 'c' },\n{ at = '30s', heal = 'c' },",
    );
    assert_eq!(plan.faults[0].to, Some(at(30)));
    let id = FaultId(0);
    assert_eq!(plan.acts, [(at(20), NetAct::Begin(id)), (at(30), NetAct::End(id))]);
}

#[test]
fn a_flap_that_is_healed_or_outlasts_the_run_has_no_phase_after_it() {
    let flap = "flap = 'alice', down_for = '2s', up_for = '3s', times = 9, name = 'f' },";
    let plan = load_steps(&format!("{{ at = '20s', {flap}\n{{ at = '27s', heal = 'f' }},"));
    let id = FaultId(0);
    let healed = [
        (at(20), NetAct::Begin(id)),
        (at(22), NetAct::Phase(id, Phase::Up(1))),
        (at(25), NetAct::Phase(id, Phase::Down(2))),
        (at(27), NetAct::End(id)),
    ];
    assert_eq!(plan.acts, healed);
    let plan = load_steps(&format!("{{ at = '114s', {flap}"));
    assert_eq!(plan.faults[0].to, None);
    assert_eq!(plan.acts.last(), Some(&(at(119), NetAct::Phase(id, Phase::Down(2)))));
    assert_eq!(plan.faults[0].words(), "flap alice, down 2s, up 3s, 9 times");
}

#[test]
fn boxes_on_the_way_are_read_with_their_defaults() {
    let plan = load_steps(
        "{ at = '20s', blackhole = 'server', after = '1.5kB', direction = 'down' },\n\
         { at = '30s', rst = ['alice', 'bob'], to = 'both' },",
    );
    let down = [ClientId(0), ClientId(1)].map(|client| (client, Way::Down));
    let hole = Fault::BlackHole(down.to_vec(), Size::from_bytes(1500));
    assert_eq!((&plan.faults[0].fault, plan.faults[0].to), (&hole, None));
    let reset = Fault::Reset(vec![ClientId(0), ClientId(1)], ResetEnd::Both);
    assert_eq!(plan.faults[1].fault, reset);
    assert!(plan.faults[1].is_instant());
}

#[test]
fn a_clients_nat_comes_before_everybodys() {
    let plan = load_text(
        "title = 't'\nuntil = '9s'\nnetwork = { nat = { idle = '30s' } }\n\
         clients = { a = {}, b = { nat = { idle = '5m', then = 'drop' } } }",
    );
    let nats: Vec<_> = plan.clients.iter().map(|client| client.nat).collect();
    let nat = |secs, then| Some(NatSettings { idle: Span::from_secs(secs), then });
    assert_eq!(nats, [nat(30, Unmapped::NewPort), nat(300, Unmapped::Drop)]);
}

#[test]
fn a_nat_changes_at_a_scripted_time_and_back() {
    let plan = load_text(
        "title = 't'\nuntil = '90s'\nclients = { a = { nat = { idle = '5m' } }, b = {} }\nsteps = [\n\
         { at = '10s', link = 'a', nat = { idle = '20s', then = 'drop' }, for = '30s' },\n\
         { at = '20s', link = 'a', latency = '90ms', nat = { idle = '1m' } },\n\
         { at = '60s', link = 'a', reset = true },\n]",
    );
    let nat = |secs, then| NatSettings { idle: Span::from_secs(secs), then };
    let history = [
        (0, nat(300, Unmapped::NewPort)),
        (10, nat(20, Unmapped::Drop)),
        (20, nat(60, Unmapped::NewPort)),
        (40, nat(60, Unmapped::NewPort)),
        (60, nat(300, Unmapped::NewPort)),
    ];
    let history = history.map(|(secs, nat)| (Time::from_ms(secs * 1000), nat));
    assert_eq!(plan.nat_history(ClientId(0)), history);
    assert_eq!(plan.nat_history(ClientId(1)), []);
    assert_eq!(plan.changes[1].words, "link a: latency 90ms, nat idle 1m then rst");
}

#[test]
fn administrators_and_odd_calls() {
    let plan = load_steps(
        "{ at = '9s', admin = 'kickFromRoom', room = 'r1', user = 'bob' },\n\
         { at = '5s', admin = 'unregister', user = 'nobody', may_miss = true },\n\
         { at = '6s', client = 'bob', call = 'login', user = 'carl', token = 'forged',\n\
         token_life = '9s', result = 'any' },\n\
         { at = '7s', client = 'bob', call = 'sendPeerMessage', to = 'carl', text = '你好',\n\
         result = 'USER_IS_NOT_LOGGED' },\n\
         { at = '8s', client = 'bob', show = 'page' },",
    );
    let acts: Vec<_> = plan.admin.iter().map(|(at, admin)| (*at, admin.clone())).collect();
    let unregister = AdminAct::Unregister { user: "nobody".into() };
    let kick = AdminAct::KickFromRoom { room: "r1".into(), user: "bob".into() };
    assert_eq!(acts[0], (at(5), PlannedAdmin { act: unregister, may_miss: true }));
    assert_eq!(acts[1], (at(9), PlannedAdmin { act: kick, may_miss: false }));
    let bob = &plan.clients[1].script;
    let Act::Login { user, token } = &bob.steps[1].2 else { panic!("a login") };
    assert_eq!((user.as_str(), token.quality), ("carl", TokenQuality::Forged));
    assert_eq!(token.life, Span::from_secs(9));
    assert_eq!(plan.results[2].code, None);
    assert_eq!(plan.results[3].code, Some(ErrorCode::USER_IS_NOT_LOGGED));
    assert_eq!(bob.steps[3].2, Act::Show("page".into()));
}

#[test]
fn the_starter_is_a_scenario() {
    let plan = load("new/my \"lift\".toml", starter("my \"lift\" \\ 1").as_bytes(), ROWS);
    let plan = plan.unwrap_or_else(|e| panic!("{}", e.render(false)));
    assert!(plan.title.starts_with("my \"lift\" \\ 1: alice"));
    assert_eq!((plan.clients.len(), plan.faults.len()), (2, 1));
    assert_eq!((plan.expects.len(), plan.nevers.len()), (3, 1));
}

#[test]
fn a_policy_has_its_name() {
    let plan = load_text(
        "title = 't'\nuntil = '9s'\nclients = { a = { policy = 'login-while-reconnecting' } }",
    );
    assert_eq!(plan.clients[0].script.policy, Some(Policy::LoginWhileReconnecting));
}

const CROWD: &str = r#"
title   = "a crowd and one more"
until   = "5m"
clients = { zoe = {}, crowd = { size = 120, login = "10s..30s", rooms_of = 50, latency = "70ms", platforms = ["Win", "Web"] } }
steps = [
  { at = "0s", client = "zoe", call = "login" },
  { at = "1m", client = "crowd", share = "25%", over = "20s", call = "sendPeerMessage", to = "crowd-007", text = "hi" },
  { at = "2m", client = "crowd-007", call = "logout" },
  { at = "3m", cut = "crowd", share = "10%", for = "20s" },
]
expect = [
  { client = "crowd", share = "90%", room = "crowd-room-2", state = "2/0" },
  { client = "crowd-007", callback = "onPeerMessageReceived", text = "hi" },
]
never = [ { client = "crowd", connection = "0/4" } ]
"#;

#[test]
fn a_crowd_is_many_clients_like_one_another() {
    let plan = load_text(CROWD);
    assert_eq!(plan.clients.len(), 121);
    assert!(plan.clients.is_sorted_by_key(|client| &client.name));
    assert_eq!(plan.crowds.len(), 1);
    assert_eq!(plan.crowds[0].members, 0..120);
    let seventh = &plan.clients[6];
    assert_eq!((seventh.name.as_str(), seventh.script.user.as_str()), ("crowd-007", "crowd-007"));
    let members = &plan.clients[..120];
    assert!(members.iter().all(|one| one.up.latency == Span::from_ms(70)));
    let logins: Vec<_> = members.iter().map(|one| one.script.steps[0].0).collect();
    assert!(logins.iter().all(|login| *login >= at(10) && *login <= at(30)));
    assert!(logins.windows(2).any(|pair| pair[0] != pair[1]), "not all at once");
    let windows = members.iter().filter(|one| one.script.platform == Platform::Win).count();
    assert!((30..90).contains(&windows), "{windows} of 120 draw one platform of two");
    let room = |one: &ClientPlan| match &one.script.reactions[0].act {
        Act::Call(Call::EnterRoom { room }) => room.to_string(),
        other => panic!("{other:?}"),
    };
    let rooms: Vec<_> = members.iter().map(room).collect();
    let in_room = |name: &str| rooms.iter().filter(|room| *room == name).count();
    assert_eq!(["crowd-room-1", "crowd-room-2", "crowd-room-3"].map(in_room), [50, 50, 20]);
}

#[test]
fn a_step_is_about_all_of_a_crowd_or_a_share_and_one_member_has_a_name() {
    let plan = load_text(CROWD);
    let sent = |one: &ClientPlan| {
        let mut steps = one.script.steps.iter();
        steps.find(|(_, origin, _)| *origin == Origin::Step(1)).map(|(time, ..)| *time)
    };
    let times: Vec<_> = plan.clients.iter().filter_map(sent).collect();
    assert_eq!(times.len(), 30, "a quarter of 120");
    assert!(times.iter().all(|time| *time >= at(60) && *time <= at(80)));
    assert_eq!(plan.results.iter().filter(|result| result.origin == Origin::Step(1)).count(), 30);
    assert_eq!(plan.clients[6].script.steps.last().map(|(time, ..)| *time), Some(at(120)));
    let Fault::Cut(directions) = &plan.faults[0].fault else { panic!("a cut") };
    assert_eq!(directions.len(), 2 * 12, "both ways of a tenth");
    assert_eq!(plan.faults[0].words(), "cut 10% of crowd");
    assert_eq!((plan.expects[0].clients.clone(), plan.expects[0].least), (0..120, 108));
    assert_eq!((plan.expects[1].clients.clone(), plan.expects[1].least), (6..7, 1));
    assert_eq!(plan.nevers[0].least, 120);
    assert_eq!(plan.expects[0].words, "90% of crowd: room crowd-room-2 2/0");
}

#[test]
fn what_is_drawn_for_a_member_moves_with_the_seed_and_nothing_else() {
    let steps = |text: &str, seed| {
        let plan = load_with("crowd.toml", text.as_bytes(), ROWS, seed).expect("a right file");
        plan.clients[6].script.steps[0].0
    };
    let first = steps(CROWD, None);
    assert_eq!(steps(CROWD, Some(Seed(1))), first);
    assert_ne!(steps(CROWD, Some(Seed(2))), first);
    assert_eq!(steps(&CROWD.replace("size = 120", "size = 999"), None), first);
}
