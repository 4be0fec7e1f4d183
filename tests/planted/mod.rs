//! Bugs, planted: each alters what a run told, as an SDK with that bug would have; and plans
//! noisy enough to meet them.

use std::fmt::Write;
use zimsim::contract::Check;
use zimsim::engine::{self, Engine};
use zimsim::explore::{Ran, Runner, judge};
use zimsim::record::{ClientId, Event, Record, Recording, Who};
use zimsim::rng::{Seed, Stream};
use zimsim::scenario::{Document, Plan};
use zimsim::time::{Span, Time};
use zimsim::zim::{Callback, ConnectionEvent, ConnectionState, RoomEvent, RoomState};

/// A bug: what it is, and what runs a plan with it.
pub struct Planted {
    pub name: &'static str,
    pub runner: Runner,
}

const fn planted(name: &'static str, run: fn(&Plan) -> Recording) -> Planted {
    Planted { name, runner: Runner { run } }
}

pub const BUGS: &[Planted] = &[
    planted("the verdict is lost after a second outage", verdict_lost),
    planted("a message comes twice once the server has crashed", message_twice),
    planted("an app hears nothing after it was suspended", silent_after_suspend),
    planted("a kick in a room is told as an expired token", kick_is_expiry),
    planted("a room is back before its connection after a reset", room_too_early),
    planted("a call in a cut is answered twice", answered_twice),
    planted("a room that timed out is told as gone", timeout_is_gone),
    planted("nobody tells of the outage that follows a renewal", outage_untold),
];

fn sound(plan: &Plan) -> Recording {
    engine::run(plan, Engine::Event, false)
}

fn clients(plan: &Plan) -> impl Iterator<Item = ClientId> {
    (0..plan.clients.len()).map(ClientId)
}

fn connection(record: &Record) -> Option<(ConnectionState, ConnectionEvent)> {
    match record.event {
        Event::Callback(Callback::ConnectionStateChanged { state, event }) => Some((state, event)),
        _ => None,
    }
}

/// When a fault by this name of its act began, and when it ended.
fn faults(plan: &Plan, recording: &Recording, act: &str, who: &str) -> Vec<(Time, Time)> {
    let receipts = plan.faults.iter().zip(&recording.receipts);
    let own = receipts.filter(|(fault, receipt)| {
        fault.act == act && fault.who.contains(who) && !receipt.is_empty()
    });
    own.map(|(fault, _)| (fault.from, fault.to.unwrap_or(plan.until))).collect()
}

fn verdict_lost(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let mut returns = 0;
        recording.records.retain(|record| {
            if record.who != Who::Client(client) {
                return true;
            }
            match &record.event {
                Event::Callback(Callback::ConnectionStateChanged { state, event }) => {
                    let back =
                        *state == ConnectionState::Connected && *event == ConnectionEvent::Success;
                    returns += usize::from(back);
                    true
                }
                // The first login is a return as well.
                Event::Callback(Callback::RoomStateChanged { state, event, .. }) => {
                    let verdict = (*state, *event) == (RoomState::Connected, RoomEvent::Success);
                    !(verdict && returns == 3)
                }
                _ => true,
            }
        });
    }
    recording
}

fn message_twice(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    let Some((_, back)) = faults(plan, &recording, "crash", "server").first().copied() else {
        return recording;
    };
    let is_message = |record: &Record| {
        record.at > back
            && matches!(
                record.event,
                Event::Callback(
                    Callback::RoomMessageReceived { .. } | Callback::PeerMessageReceived { .. }
                )
            )
    };
    if let Some(place) = recording.records.iter().position(is_message) {
        let again = recording.records[place].clone();
        recording.records.insert(place, again);
    }
    recording
}

fn silent_after_suspend(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let name = &plan.clients[client.0].name;
        let Some((_, end)) = faults(plan, &recording, "suspend", name).first().copied() else {
            continue;
        };
        recording.records.retain(|record| {
            let own = record.who == Who::Client(client) && record.at > end;
            !(own && matches!(record.event, Event::Callback(_) | Event::Result { .. }))
        });
    }
    recording
}

fn kick_is_expiry(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let mut in_room = false;
        for record in &mut recording.records {
            if record.who != Who::Client(client) {
                continue;
            }
            match &mut record.event {
                Event::Callback(Callback::RoomStateChanged { state, .. }) => {
                    in_room |= *state == RoomState::Connected;
                }
                Event::Callback(Callback::ConnectionStateChanged { event, .. })
                    if *event == ConnectionEvent::KickedOut && in_room =>
                {
                    *event = ConnectionEvent::TokenExpired;
                }
                _ => {}
            }
        }
    }
    recording
}

fn room_too_early(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let name = &plan.clients[client.0].name;
        for (reset, _) in faults(plan, &recording, "rst", name) {
            let lost = |record: &Record| {
                record.who == Who::Client(client)
                    && record.at > reset
                    && record.at.since(reset) < Span::from_secs(2)
            };
            let room = recording.records.iter().filter(|record| lost(record)).find_map(|record| {
                match &record.event {
                    Event::Callback(Callback::RoomStateChanged { room, state, event })
                        if (*state, *event)
                            == (RoomState::Connecting, RoomEvent::NetworkInterrupted) =>
                    {
                        Some((record.at, room.clone()))
                    }
                    _ => None,
                }
            });
            let Some((at, room)) = room else { continue };
            let at = at + Span::from_ms(1);
            let (state, event) = (RoomState::Connected, RoomEvent::Success);
            let event = Event::Callback(Callback::RoomStateChanged { room, state, event });
            let early = Record { at, who: Who::Client(client), event };
            let after = |record: &Record| (record.at, record.who) > (at, early.who);
            let place = recording.records.iter().position(after);
            recording.records.insert(place.unwrap_or(recording.records.len()), early);
        }
    }
    recording
}

fn answered_twice(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let cuts = faults(plan, &recording, "cut", &plan.clients[client.0].name);
        let place = recording.records.iter().position(|record| {
            record.who == Who::Client(client)
                && matches!(record.event, Event::Result { .. })
                && cuts.iter().any(|(from, to)| record.at >= *from && record.at < *to)
        });
        if let Some(place) = place {
            let again = recording.records[place].clone();
            recording.records.insert(place, again);
        }
    }
    recording
}

fn timeout_is_gone(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for record in &mut recording.records {
        if let Event::Callback(Callback::RoomStateChanged { event, .. }) = &mut record.event
            && *event == RoomEvent::ConnectTimeout
        {
            *event = RoomEvent::RoomNotExist;
        }
    }
    recording
}

fn outage_untold(plan: &Plan) -> Recording {
    let mut recording = sound(plan);
    for client in clients(plan) {
        let renewed = recording.records.iter().find(|record| {
            let call = |kind: &zimsim::zim::CallKind| *kind == zimsim::zim::CallKind::RenewToken;
            record.who == Who::Client(client)
                && matches!(&record.event, Event::Result { kind, code, .. } if call(kind) && *code == zimsim::zim::ErrorCode::SUCCESS)
        });
        let Some(renewed) = renewed.map(|record| record.at) else { continue };
        recording.records.retain(|record| {
            let own = record.who == Who::Client(client) && record.at > renewed;
            !(own
                && connection(record)
                    .is_some_and(|(state, _)| state == ConnectionState::Reconnecting))
        });
    }
    recording
}

/// The first drawn document that fails by a check of the contract because of the bug, with
/// that check; and how many were drawn.
pub fn find(runner: Runner, draw: impl Fn(u64) -> String) -> (u64, Document, Check) {
    for n in 0..400 {
        let text = draw(n);
        let document = Document::read(&text);
        let ran = |runner| -> Ran {
            judge("drawn.toml", &document, runner)
                .unwrap_or_else(|wrong| panic!("{}\n{text}", wrong.render(false)))
        };
        if let Some(check) = ran(runner).failed_contract().first() {
            let sound = ran(Runner::EVENT).failed_contract();
            assert!(sound.is_empty(), "a real bug: {sound:?}\n{text}");
            return (n, document, *check);
        }
    }
    panic!("no drawn plan meets the bug");
}

/// Four devices, noise on every link, two dozen calls and ten faults, at odd moments, and a
/// quiet minute in the end.
pub fn noisy(n: u64) -> String {
    let mut random = Seed(n).stream("planted");
    let mut steps = String::new();
    let mut step = |at: u64, act: String| {
        writeln!(steps, "  {{ at = \"{at}ms\", {act} }},").expect("a string grows");
    };
    for (place, client) in CLIENTS.iter().enumerate() {
        let at = random.below(4000);
        step(at, format!("client = {client:?}, call = \"login\", result = \"any\""));
        let room = ["r1", "r1", "hall", "r1"][place];
        let at = at + 700 + random.below(3000);
        step(
            at,
            format!("client = {client:?}, call = \"enterRoom\", room = {room:?}, result = \"any\""),
        );
    }
    for _ in 0..16 {
        let at = 7000 + random.below(170_000);
        let client = CLIENTS[index(&mut random, CLIENTS.len())];
        let act = [
            "call = \"sendRoomMessage\", room = \"r1\", text = \"are you still there\"",
            "call = \"sendPeerMessage\", to = \"bettina\", text = \"hello from me\"",
            "call = \"enterRoom\", room = \"r1\"",
            "call = \"queryRoomMemberList\", room = \"r1\"",
            "call = \"renewToken\"",
            "call = \"login\"",
        ][index(&mut random, 6)];
        step(at, format!("client = {client:?}, {act}, result = \"any\""));
    }
    for _ in 0..10 {
        let at = 7000 + random.below(120_000);
        step(at, fault(&mut random));
    }
    format!(
        "title = \"noisy\"\nuntil = \"273456ms\"\nseed = {n}\n\
         network = {{ latency = \"{}ms\", jitter = \"{}ms\", loss = \"{}%\", duplicate = \"2%\" }}\n\
         params = {{ room.heartbeat_timeout = \"41s\", callback.order = \"rooms-first\" }}\n\
         clients = {{ annas-phone = {{ user = \"anna\", token_life = \"240s\" }}, \
         annas-pad = {{ user = \"anna\", platform = \"iPadOS\" }}, bettina = {{ loss = \"1%\" }}, \
         zoe = {{ policy = \"advised\", token_life = \"100s\" }} }}\nsteps = [\n{steps}]\n\
         react = [ {{ client = \"zoe\", on = {{ connection = \"3/*\" }}, show = \"no network\" }} ]\n",
        20 + random.below(100),
        1 + random.below(20),
        random.below(4),
    )
}

const CLIENTS: [&str; 4] = ["annas-phone", "annas-pad", "bettina", "zoe"];

fn fault(random: &mut Stream) -> String {
    let client = CLIENTS[index(random, CLIENTS.len())];
    let (one, other) = (1 + random.below(60_000), 1 + random.below(20_000));
    let act = match random.below(12) {
        0..=2 => format!("cut = {client:?}, for = \"{one}ms\""),
        3 => format!("flap = {client:?}, down_for = \"{other}ms\", up_for = \"9001ms\", times = 3"),
        4 => format!("cut = [\"zoe\", {:?}], for = \"{one}ms\"", CLIENTS[index(random, 3)]),
        5 => format!("crash = \"server\", state = \"kept\", for = \"{other}ms\""),
        6 => format!("suspend = {client:?}, for = \"{one}ms\""),
        7 => format!("rst = {client:?}, to = \"both\""),
        8 => format!("stall = \"server\", for = \"{other}ms\""),
        9 => format!("portal = {client:?}, answer = \"reset\", for = \"{one}ms\""),
        10 => format!("link = {client:?}, latency = \"{}ms\", loss = \"3%\"", 1 + other / 40),
        _ => "admin = \"kickUser\", user = \"bettina\"".to_owned(),
    };
    format!("{act}, may_miss = true")
}

fn index(random: &mut Stream, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).expect("a small number")
}
