//! One public event in words.

use super::wide::pad;
use super::{call, victims};
use crate::net::{Fault, HostFault};
use crate::record::{ClientId, Event, FaultId, Phase, Record, Recording, Who};
use crate::scenario::{ClientPlan, Plan, PlannedFault};
use crate::zim::{Call, CallId, CallKind, Callback, ErrorCode, Member};
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
            Event::Called { call, .. } => format!("call {}", self.made(record, call)),
            Event::Result { id, kind, code, members } => {
                let members = member_list(members.as_deref());
                format!("{}: {}{members}", self.answered(record.who, *id, *kind), outcome(*code))
            }
            Event::Callback(callback) => callback_words(callback),
            Event::Shown { text } => format!("shows {text:?}"),
            Event::FaultBegan(fault) => began(self.fault(*fault)),
            Event::FaultEnded(fault) => ended(self.fault(*fault)),
            Event::FaultPhase(fault, phase) => phase_words(self.fault(*fault), *phase),
            Event::LinkChanged(change) => self.plan.changes[*change].words.clone(),
            Event::ProcessDied => "its process dies".to_owned(),
            Event::ProcessStarted => "a new process starts".to_owned(),
            Event::Admin { act, hit, victims } => victims::admin(self.plan, act, *hit, victims),
            Event::Server(_) | Event::Wire(_) => return None,
        })
    }

    fn made(&self, record: &Record, call: &Call) -> String {
        match self.client(record.who) {
            Some((_, client)) => call::made(client, record.at, call),
            None => call.kind().name().to_owned(),
        }
    }

    fn answered(&self, who: Who, id: CallId, kind: CallKind) -> String {
        let made = self.client(who).and_then(|(place, client)| {
            let call = self.calls.get(&(place, id))?;
            Some(call::answered(client, call))
        });
        made.unwrap_or_else(|| kind.name().to_owned())
    }

    fn client(&self, who: Who) -> Option<(ClientId, &'a ClientPlan)> {
        match who {
            Who::Client(client) => Some((client, &self.plan.clients[client.0])),
            Who::Net | Who::Server => None,
        }
    }

    fn fault(&self, fault: FaultId) -> &'a PlannedFault {
        &self.plan.faults[fault.0]
    }
}

/// `cut alice for 1m (tunnel)`, `crash server for 20s, state kept (power cut)`
fn began(fault: &PlannedFault) -> String {
    let PlannedFault { act, who, detail, .. } = fault;
    let to = fault.to.filter(|_| !fault.is_instant());
    let lasts = to.map(|to| format!(" for {}", to.since(fault.from))).unwrap_or_default();
    let comma = if detail.is_empty() { "" } else { ", " };
    format!("{act} {who}{lasts}{comma}{detail}{}", in_brackets(fault))
}

/// `tunnel ends`, `server up again (power cut)`
fn ended(fault: &PlannedFault) -> String {
    match fault.fault {
        Fault::Hosts(_, HostFault::PowerCut { .. } | HostFault::Killed { .. }) => {
            format!("{} up again{}", fault.who, in_brackets(fault))
        }
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::Flap(..)
        | Fault::BlackHole(..)
        | Fault::Reset(..)
        | Fault::Hosts(..) => {
            let PlannedFault { name, act, who, .. } = fault;
            name.as_ref().map_or_else(|| format!("{act} {who} ends"), |name| format!("{name} ends"))
        }
    }
}

/// `train: up again (1)`, `train: down again (2)`: after, or for, so many times down
fn phase_words(fault: &PlannedFault, phase: Phase) -> String {
    let name = fault.name_or_words();
    match phase {
        Phase::Up(number) => format!("{name}: up again ({number})"),
        Phase::Down(number) => format!("{name}: down again ({number})"),
    }
}

fn in_brackets(fault: &PlannedFault) -> String {
    fault.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default()
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
