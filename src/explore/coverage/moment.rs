//! Where in its life a client is: what its app has been told, at any time of a run.

use super::super::kind::Kind;
use crate::record::{ClientId, Event, Record, Recording, Who};
use crate::scenario::Plan;
use crate::time::Time;
use crate::zim::{Callback, ConnectionEvent, ConnectionState, RoomEvent, RoomId, RoomState};

macro_rules! moments {
    ($($(#[$doc:meta])* $moment:ident $name:literal,)*) => {
        /// A protocol state of a client: that of its connection, and of its rooms.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Moment { $($(#[$doc])* $moment,)* }

        impl Moment {
            /// Every moment.
            pub const ALL: &[Moment] = &[$(Moment::$moment,)*];

            /// What reports call it.
            pub const fn name(self) -> &'static str {
                match self { $(Moment::$moment => $name,)* }
            }
        }
    };
}

moments! {
    /// Before its login, after its logout, or after a login that failed.
    Out "not logged in",
    /// A login is under way.
    Connecting "CONNECTING",
    /// Logged in, and in no room.
    Online "CONNECTED",
    /// Logged in, and on its way into a room.
    Entering "CONNECTED, entering a room",
    /// Logged in, and in a room.
    InRoom "CONNECTED, in a room",
    /// Between T1 and T2.
    Restoring "CONNECTED, its room being restored",
    /// Its connection is lost, and it was in no room.
    Reconnecting "RECONNECTING",
    /// Its connection is lost, and a room with it.
    Away "RECONNECTING, its room interrupted",
    /// Kicked out, its token expired, or unregistered.
    Ended "ended for good",
    /// Its process is dead.
    Dead "no process",
}

/// How many moments there are.
pub(super) const MOMENTS: usize = Moment::ALL.len();

impl Moment {
    /// Whether a fault of this kind can strike a client then, but for two things that happen to
    /// share a millisecond.
    pub fn admits(self, kind: Kind) -> bool {
        match (kind, self) {
            // A name is looked up only by an SDK that is about to connect, or has just given up.
            (
                Kind::Names,
                Moment::Out | Moment::Connecting | Moment::Reconnecting | Moment::Away,
            ) => true,
            (Kind::Names, _) => false,
            // A clock matters to an SDK that holds a token, from its login on.
            (Kind::Clock, Moment::Out | Moment::Connecting | Moment::Ended | Moment::Dead) => false,
            // Nobody dies twice, and nobody dead has anything to do.
            (Kind::ClientKilled | Kind::Suspend, Moment::Dead) => false,
            _ => true,
        }
    }
}

/// A change of state that an app was told of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// Of its connection.
    Connection(ConnectionState, (ConnectionState, ConnectionEvent)),
    /// Of a room.
    Room((RoomState, RoomEvent), (RoomState, RoomEvent)),
}

/// One client on its way through a run.
struct Life<'a> {
    alive: bool,
    connection: (ConnectionState, ConnectionEvent),
    rooms: Vec<(&'a RoomId, (RoomState, RoomEvent))>,
    /// From when on it is in which moment, by time.
    moments: Vec<(Time, Moment)>,
}

const FRESH: (ConnectionState, ConnectionEvent) =
    (ConnectionState::Disconnected, ConnectionEvent::Success);
const OUTSIDE: (RoomState, RoomEvent) = (RoomState::Disconnected, RoomEvent::Success);

impl<'a> Life<'a> {
    fn new() -> Life<'a> {
        Life {
            alive: true,
            connection: FRESH,
            rooms: Vec::new(),
            moments: vec![(Time::ZERO, Moment::Out)],
        }
    }

    fn hear(&mut self, callback: &'a Callback) -> Option<Change> {
        match callback {
            Callback::ConnectionStateChanged { state, event } => {
                let before = std::mem::replace(&mut self.connection, (*state, *event));
                Some(Change::Connection(before.0, self.connection))
            }
            Callback::RoomStateChanged { room, state, event } => {
                let now = (*state, *event);
                let known = self.rooms.iter_mut().find(|(own, _)| *own == room);
                let before = match known {
                    Some((_, own)) => std::mem::replace(own, now),
                    None => {
                        self.rooms.push((room, now));
                        OUTSIDE
                    }
                };
                Some(Change::Room(before, now))
            }
            Callback::TokenWillExpire { .. }
            | Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. }
            | Callback::PeerMessageReceived { .. }
            | Callback::RoomMessageReceived { .. } => None,
        }
    }

    fn begin(&mut self, alive: bool) {
        self.alive = alive;
        self.connection = FRESH;
        self.rooms.clear();
    }

    fn moment(&self) -> Moment {
        if !self.alive {
            return Moment::Dead;
        }
        let any =
            |is: fn((RoomState, RoomEvent)) -> bool| self.rooms.iter().any(|(_, state)| is(*state));
        let away = any(|state| state == (RoomState::Connecting, RoomEvent::NetworkInterrupted));
        match self.connection {
            (ConnectionState::Disconnected, event) => match event {
                ConnectionEvent::KickedOut
                | ConnectionEvent::TokenExpired
                | ConnectionEvent::Unregistered => Moment::Ended,
                ConnectionEvent::Success
                | ConnectionEvent::ActiveLogin
                | ConnectionEvent::LoginTimeout
                | ConnectionEvent::LoginInterrupted => Moment::Out,
            },
            (ConnectionState::Connecting, _) => Moment::Connecting,
            (ConnectionState::Reconnecting, _) if away => Moment::Away,
            (ConnectionState::Reconnecting, _) => Moment::Reconnecting,
            (ConnectionState::Connected, _) if away => Moment::Restoring,
            (ConnectionState::Connected, _) => {
                if any(|(state, _)| state == RoomState::Connecting) {
                    Moment::Entering
                } else if any(|(state, _)| state == RoomState::Connected) {
                    Moment::InRoom
                } else {
                    Moment::Online
                }
            }
        }
    }

    fn note(&mut self, at: Time) {
        let now = self.moment();
        match self.moments.last_mut() {
            Some((_, last)) if *last == now => {}
            Some((since, last)) if *since == at => *last = now,
            Some(_) | None => self.moments.push((at, now)),
        }
    }
}

/// All clients' ways through a run.
pub(super) struct Lives(Vec<Vec<(Time, Moment)>>);

impl Lives {
    /// Reads a recording; `told` hears of each change of state.
    pub fn read(plan: &Plan, recording: &Recording, mut told: impl FnMut(Change)) -> Lives {
        let mut lives: Vec<_> = plan.clients.iter().map(|_| Life::new()).collect();
        for Record { at, who, event } in &recording.records {
            let Who::Client(ClientId(client)) = who else { continue };
            let life = &mut lives[*client];
            match event {
                Event::Callback(callback) => {
                    if let Some(change) = life.hear(callback) {
                        told(change);
                    }
                }
                Event::ProcessDied => life.begin(false),
                Event::ProcessStarted => life.begin(true),
                Event::Called { .. }
                | Event::Result { .. }
                | Event::Shown { .. }
                | Event::FaultBegan(_)
                | Event::FaultEnded(_)
                | Event::FaultPhase(..)
                | Event::LinkChanged(_)
                | Event::Admin { .. }
                | Event::Server(_)
                | Event::Wire(_) => continue,
            }
            life.note(*at);
        }
        Lives(lives.into_iter().map(|life| life.moments).collect())
    }

    /// Where a client is at the end of this millisecond.
    pub fn at(&self, ClientId(client): ClientId, time: Time) -> Moment {
        self.last(client, |since| since <= time)
    }

    /// Where a client is when this millisecond begins.
    pub fn before(&self, ClientId(client): ClientId, time: Time) -> Moment {
        self.last(client, |since| since < time)
    }

    fn last(&self, client: usize, is: impl Fn(Time) -> bool) -> Moment {
        let moments = &self.0[client];
        let next = moments.partition_point(|(since, _)| is(*since));
        moments[next.saturating_sub(1)].1
    }
}
