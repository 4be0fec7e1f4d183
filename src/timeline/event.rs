//! One public event in words.

use super::wide::pad;
use crate::contract::admin_words;
use crate::record::{ClientId, Event, FaultId, Record, Recording, Who};
use crate::scenario::{Plan, PlannedFault};
use crate::zim::{Call, CallId, Callback, ErrorCode, Member};
use std::collections::BTreeMap;

/// The column at which a callback's content begins: the longest name is 24 wide.
const CONTENT: usize = 24;

/// Puts public events into words; knows which call a result answers.
pub struct Words<'a> {
    plan: &'a Plan,
    calls: BTreeMap<(ClientId, CallId), &'a Call>,
}

impl<'a> Words<'a> {
    /// For one run.
    pub fn new(plan: &'a Plan, recording: &'a Recording) -> Words<'a> {
        let mut calls = BTreeMap::new();
        for record in &recording.records {
            if let (Who::Client(client), Event::Called { id, call, .. }) =
                (record.who, &record.event)
            {
                calls.insert((client, *id), call);
            }
        }
        Words { plan, calls }
    }

    /// `net`, `server`, or the client's name.
    pub fn who(&self, who: Who) -> &'a str {
        match who {
            Who::Net => "net",
            Who::Server => "server",
            Who::Client(client) => self.plan.client_name(client),
        }
    }

    /// The event of a record; `None` below the public level.
    pub fn event(&self, record: &Record) -> Option<String> {
        Some(match &record.event {
            Event::Called { call, .. } => format!("call {}", self.call(record.who, call)),
            Event::Result { id, kind, code, members } => {
                let client = match record.who {
                    Who::Client(client) => Some(client),
                    Who::Net | Who::Server => None,
                };
                let call = client.and_then(|client| self.calls.get(&(client, *id)));
                let room = call.and_then(|call| call.room());
                let room = room.map(|room| format!(" {room}")).unwrap_or_default();
                format!("{kind}{room}: {}{}", outcome(*code), member_list(members.as_deref()))
            }
            Event::Callback(callback) => callback_words(callback),
            Event::Shown { text } => format!("shows {text:?}"),
            Event::FaultBegan(fault) => began(self.fault(*fault)),
            Event::FaultEnded(fault) => format!("{} ends", name(self.fault(*fault))),
            Event::LinkChanged(change) => self.plan.changes[*change].words.clone(),
            Event::Admin { act, hit } => {
                let missed = if *hit { "" } else { " (hit nothing)" };
                format!("admin {}{missed}", admin_words(act))
            }
            Event::Server(_) | Event::Wire(_) => return None,
        })
    }

    fn fault(&self, fault: FaultId) -> &'a PlannedFault {
        &self.plan.faults[fault.0]
    }

    /// `login`, `enterRoom r1`, `sendRoomMessage r1 "back"`.
    fn call(&self, who: Who, call: &Call) -> String {
        let kind = call.kind();
        match call {
            Call::Login { user, .. } if user.as_str() != self.who(who) => {
                format!("{kind} as {user}")
            }
            Call::Login { .. } | Call::Logout | Call::RenewToken { .. } => kind.name().to_owned(),
            Call::CreateRoom { room }
            | Call::JoinRoom { room }
            | Call::EnterRoom { room }
            | Call::LeaveRoom { room }
            | Call::QueryRoomMemberList { room } => format!("{kind} {room}"),
            Call::SendPeerMessage { to, text } => format!("{kind} {to} {text:?}"),
            Call::SendRoomMessage { room, text } => format!("{kind} {room} {text:?}"),
        }
    }
}

/// What the file calls a fault: its name, else its words.
pub fn name(fault: &PlannedFault) -> &str {
    fault.name.as_deref().unwrap_or(&fault.words)
}

/// `cut alice for 1m (tunnel)`
fn began(fault: &PlannedFault) -> String {
    let lasts = fault.to.map(|to| format!(" for {}", to.since(fault.from))).unwrap_or_default();
    let name = fault.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{lasts}{name}", fault.words)
}

fn outcome(code: ErrorCode) -> String {
    if code == ErrorCode::SUCCESS {
        return "ok".to_owned();
    }
    format!("{code} {}", code.name())
}

fn member_list(members: Option<&[Member]>) -> String {
    match members {
        None => String::new(),
        Some([]) => "  nobody".to_owned(),
        Some(members) => format!("  {}", joined(members)),
    }
}

fn joined(members: &[Member]) -> String {
    let names: Vec<_> = members.iter().map(|member| member.as_str()).collect();
    names.join(", ")
}

fn callback_words(callback: &Callback) -> String {
    let content = match callback {
        Callback::ConnectionStateChanged { state, event } => {
            format!("{state}/{event} ({}/{})", state.number(), event.number())
        }
        Callback::RoomStateChanged { state, event, .. } => {
            format!("{state}/{event} ({}/{})", state.number(), event.number())
        }
        Callback::TokenWillExpire { left } => format!("{left} left"),
        Callback::RoomMemberJoined { members, .. } | Callback::RoomMemberLeft { members, .. } => {
            joined(members)
        }
        Callback::PeerMessageReceived { from, text, offline } => {
            let waited = if *offline { " (offline)" } else { "" };
            format!("{from}: {text:?}{waited}")
        }
        Callback::RoomMessageReceived { from, text, .. } => format!("{from}: {text:?}"),
    };
    let subject = match callback.room() {
        Some(room) => format!("{} {room}", callback.name()),
        None => callback.name().to_owned(),
    };
    format!("{}  {content}", pad(&subject, CONTENT))
}
