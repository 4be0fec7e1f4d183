//! Whether a scenario shows a topic: by its text, its plan, or a run of it.

use super::Topic;
use crate::contract::Report;
use crate::record::{Event, Recording};
use crate::scenario::{Plan, words_in};
use crate::zim::{
    CallKind, ConnectionEvent, ConnectionState, ErrorCode, Pair, Pattern, RoomEvent, RoomState,
};

/// What to look for.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    /// A row that the run exercises.
    Row(&'static str),
    /// An invariant with an occasion in the run.
    Invariant(&'static str),
    /// A parameter that is not at its default.
    Param(&'static str),
    /// A call that ends so.
    Code(ErrorCode),
    /// A connection that reports this.
    Connection(Pair<ConnectionState, ConnectionEvent>),
    /// A room that reports this.
    Room(Pair<RoomState, RoomEvent>),
    /// A callback that fires.
    Callback(&'static str),
    /// A call that is made.
    Call(CallKind),
    /// A key or a word that the file holds.
    Word(&'static str),
    /// No scenario shows it more than another.
    Nothing,
}

/// A scenario, as far as it is needed.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The file's text.
    pub source: &'a str,
    /// What it says.
    pub plan: &'a Plan,
    /// A run of it, where [`Topic::needs_runs`].
    pub run: Option<(&'a Recording, &'a Report)>,
}

impl Sought {
    /// Whether a run can report this pair at all, by the rows of the public state machine
    /// that the shipped words know; anything that is no pair is.
    pub(super) fn is_possible(&self) -> bool {
        match self {
            Sought::Connection(Pair { state: Some(state), event: Some(event) }) => {
                use ConnectionEvent as Event;
                match state {
                    ConnectionState::Disconnected => *event != Event::LoginInterrupted,
                    ConnectionState::Connecting => *event == Event::ActiveLogin,
                    ConnectionState::Connected => *event == Event::Success,
                    ConnectionState::Reconnecting => *event == Event::LoginInterrupted,
                }
            }
            Sought::Room(Pair { state: Some(state), event: Some(event) }) => {
                use RoomEvent as Event;
                match state {
                    RoomState::Disconnected => *event != Event::NetworkInterrupted,
                    RoomState::Connecting => {
                        [Event::NetworkInterrupted, Event::ActiveCreate, Event::ActiveEnter]
                            .contains(event)
                    }
                    RoomState::Connected => *event == Event::Success,
                }
            }
            Sought::Connection(_)
            | Sought::Room(_)
            | Sought::Row(_)
            | Sought::Invariant(_)
            | Sought::Param(_)
            | Sought::Code(_)
            | Sought::Callback(_)
            | Sought::Call(_)
            | Sought::Word(_)
            | Sought::Nothing => true,
        }
    }
}

impl Topic {
    /// Whether scenarios can show this topic at all.
    pub fn can_be_shown(&self) -> bool {
        match self.sought {
            Sought::Nothing => false,
            Sought::Row(_)
            | Sought::Invariant(_)
            | Sought::Param(_)
            | Sought::Code(_)
            | Sought::Connection(_)
            | Sought::Room(_)
            | Sought::Callback(_)
            | Sought::Call(_)
            | Sought::Word(_) => true,
        }
    }

    /// Whether only a run tells, not the file alone.
    pub fn needs_runs(&self) -> bool {
        match self.sought {
            Sought::Row(_)
            | Sought::Invariant(_)
            | Sought::Code(_)
            | Sought::Connection(_)
            | Sought::Room(_)
            | Sought::Callback(_)
            | Sought::Call(_) => true,
            Sought::Param(_) | Sought::Word(_) | Sought::Nothing => false,
        }
    }

    /// Whether this scenario shows the topic.
    pub fn shown_by(&self, seen: Seen) -> bool {
        let Seen { source, plan, run } = seen;
        let events = || run.into_iter().flat_map(|(recording, _)| &recording.records);
        let callback = |pattern: &Pattern| {
            let matches = |event: &Event| {
                let Event::Callback(callback) = event else { return false };
                pattern.matches(callback)
            };
            events().any(|record| matches(&record.event))
        };
        match &self.sought {
            Sought::Row(id) => {
                run.is_some_and(|(_, report)| report.findings.iter().any(|f| f.row == *id))
            }
            Sought::Invariant(id) => run.is_some_and(|(_, report)| {
                report.invariants.iter().any(|o| o.id == *id && o.judged.occasions > 0)
            }),
            Sought::Param(name) => plan.params.changed().iter().any(|row| row.name == *name),
            Sought::Code(wanted) => {
                let ends =
                    |event: &Event| matches!(event, Event::Result { code, .. } if code == wanted);
                events().any(|record| ends(&record.event))
            }
            Sought::Connection(pair) => {
                callback(&Pattern { connection: Some(*pair), ..Pattern::default() })
            }
            Sought::Room(pair) => {
                callback(&Pattern { room_state: Some(*pair), ..Pattern::default() })
            }
            Sought::Callback(name) => {
                callback(&Pattern { callback: Some(*name), ..Pattern::default() })
            }
            Sought::Call(wanted) => {
                let made = |event: &Event| {
                    let Event::Called { call, .. } = event else { return false };
                    call.kind() == *wanted
                };
                events().any(|record| made(&record.event))
            }
            Sought::Word(word) => words_in(source).contains(*word),
            Sought::Nothing => false,
        }
    }
}
