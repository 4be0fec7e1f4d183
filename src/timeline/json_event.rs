//! One event as members of a JSON object: `type` first, then what the type carries.

use super::object::Object;
use super::trace::{closed, room_end, session_end, standing};
use crate::contract::admin_words;
use crate::record::{ConnId, Event, FaultId, Origin, Phase, ServerFact, Wire};
use crate::scenario::Plan;
use crate::zim::{Call, CallId, Callback};
use serde::Serialize;

/// The members of one event.
pub fn fields(plan: &Plan, event: &Event) -> Object {
    match event {
        Event::Called { id, origin, call } => called(*id, *origin, call),
        Event::Result { id, kind, code, members } => typed("result")
            .with("id", id.0)
            .with("call", kind.name())
            .with("code", code)
            .with("members", members),
        Event::Callback(callback) => callback_fields(callback),
        Event::Shown { text } => typed("shown").with("text", text),
        Event::FaultBegan(fault) => fault_fields(plan, "fault_began", *fault),
        Event::FaultEnded(fault) => fault_fields(plan, "fault_ended", *fault),
        Event::FaultPhase(fault, phase) => {
            let (is, number) = match phase {
                Phase::Up(number) => ("up", number),
                Phase::Down(number) => ("down", number),
            };
            fault_fields(plan, "fault_phase", *fault).with("is", is).with("number", number)
        }
        Event::LinkChanged(change) => {
            let words = &plan.changes[*change].words;
            typed("link_changed").with("change", change).with("words", words)
        }
        Event::ProcessDied => typed("process_died"),
        Event::ProcessStarted => typed("process_started"),
        Event::Admin { act, hit, victims } => {
            let victims = victims.iter().map(|victim| {
                Object::new().with("user", &victim.user).with("device", &victim.device)
            });
            typed("admin").with("act", admin_words(act)).with("hit", hit).list("victims", victims)
        }
        Event::Server(fact) => fact_fields(fact),
        Event::Wire(wire) => wire_fields(wire),
    }
}

fn typed(name: &str) -> Object {
    Object::new().with("type", name)
}

fn fault_fields(plan: &Plan, kind: &str, fault: FaultId) -> Object {
    let planned = &plan.faults[fault.0];
    typed(kind).with("fault", fault.0).with("name", &planned.name).with("words", planned.words())
}

fn called(id: CallId, origin: Origin, call: &Call) -> Object {
    let (by, place) = match origin {
        Origin::Step(place) | Origin::Repeated(place, _) => ("step", Some(place)),
        Origin::Reaction(place) => ("reaction", Some(place)),
        Origin::Policy => ("policy", None),
        Origin::Crowd => ("crowd", None),
    };
    let head = typed("called").with("id", id.0).with("by", by).with("place", place);
    let head = head.with("call", call.kind().name());
    match call {
        Call::Login { user, device, platform, token } => head
            .with("user", user)
            .with("device", device)
            .with("platform", platform.name())
            .with("expires", token.expires().map(|wall| wall.ms())),
        Call::Logout => head,
        Call::RenewToken { token } => head.with("expires", token.expires().map(|wall| wall.ms())),
        Call::CreateRoom { room }
        | Call::JoinRoom { room }
        | Call::EnterRoom { room }
        | Call::LeaveRoom { room }
        | Call::QueryRoomMemberList { room } => head.with("room", room),
        Call::SendPeerMessage { to, text } => head.with("to", to).with("text", text),
        Call::SendRoomMessage { room, text } => head.with("room", room).with("text", text),
    }
}

fn callback_fields(callback: &Callback) -> Object {
    let head = typed("callback").with("name", callback.name());
    match callback {
        Callback::ConnectionStateChanged { state, event } => {
            head.with("state", state.number()).with("event", event.number())
        }
        Callback::RoomStateChanged { room, state, event } => {
            head.with("room", room).with("state", state.number()).with("event", event.number())
        }
        Callback::TokenWillExpire { left } => head.with("left", left.ms()),
        Callback::RoomMemberJoined { room, members }
        | Callback::RoomMemberLeft { room, members } => {
            head.with("room", room).with("members", members)
        }
        Callback::PeerMessageReceived { from, text, offline } => {
            head.with("from", from).with("text", text).with("offline", offline)
        }
        Callback::RoomMessageReceived { room, from, text } => {
            head.with("room", room).with("from", from).with("text", text)
        }
    }
}

fn fact_fields(fact: &ServerFact) -> Object {
    match fact {
        ServerFact::LoggedIn { user, device, resumed } => {
            typed("logged_in").with("user", user).with("device", device).with("resumed", resumed)
        }
        ServerFact::SessionEnded { user, device, cause } => typed("session_ended")
            .with("user", user)
            .with("device", device)
            .with("cause", session_end(*cause)),
        ServerFact::UserOffline { user, device } => {
            typed("user_offline").with("user", user).with("device", device)
        }
        ServerFact::Entered { room, user, device } => {
            typed("entered").with("room", room).with("user", user).with("device", device)
        }
        ServerFact::Left { room, user, device, cause } => typed("left")
            .with("room", room)
            .with("user", user)
            .with("device", device)
            .with("cause", room_end(*cause)),
        ServerFact::RoomDestroyed { room } => typed("room_destroyed").with("room", room),
        ServerFact::Answered { user, device, room, standing: answer } => typed("answered")
            .with("user", user)
            .with("device", device)
            .with("room", room)
            .with("standing", standing(*answer)),
    }
}

fn wire_fields(wire: &Wire) -> Object {
    match wire {
        Wire::Attempt { conn, number } => on("attempt", *conn).with("number", number),
        Wire::Asked { room } => typed("asked").with("room", room),
        Wire::TokenHeld { expires } => typed("token_held").with("expires", expires.ms()),
        Wire::ClientSent(conn, frame) => framed("client_sent", *conn, frame),
        Wire::ServerSent(conn, frame) => framed("server_sent", *conn, frame),
        Wire::ServerGot(conn, frame) => framed("server_got", *conn, frame),
        Wire::ClientGot(conn, frame) => framed("client_got", *conn, frame),
        Wire::Opened(conn) => on("opened", *conn),
        Wire::Closed(conn, cause) => on("closed", *conn).with("cause", closed(*cause)),
        Wire::Misbehaved(conn, why) => on("misbehaved", *conn).with("why", why),
        Wire::State { from, to } => typed("state").with("from", from).with("to", to),
        Wire::LoginsInLine(line) => typed("logins_in_line").with("line", line),
        Wire::BackedOff { wait } => typed("backed_off").with("wait", wait.ms()),
        Wire::Segment(summary) => typed("segment").with("summary", summary),
        Wire::Link(what) => typed("link").with("what", what),
        Wire::Ignored(what) => typed("ignored").with("what", what),
    }
}

fn on(kind: &str, conn: ConnId) -> Object {
    typed(kind).with("conn", conn.0)
}

fn framed(kind: &str, conn: ConnId, frame: &impl Serialize) -> Object {
    on(kind, conn).with("frame", frame)
}
