//! The documented transitions, as data: from a state, to a state with an event, and what
//! must have happened for it.

use crate::param::Params;
use crate::protocol::{RoomEnd, SessionEnd as End};
use crate::zim::{ConnectionEvent as C, ConnectionState as CS, RoomEvent as R, RoomState as RS};

/// What must have happened in the same millisecond, or be under way, for a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Login,
    Logout,
    /// `createRoom`.
    Create,
    /// `joinRoom` or `enterRoom`.
    Enter,
    /// An earlier `leaveRoom`.
    Leave,
    /// The connection is DISCONNECTED in the same millisecond, and by no logout.
    SessionEnd,
    /// The server has ended the session for this reason, or an administrator has.
    Ended(End),
    /// The server has put the user out of the room for this reason.
    PutOut(RoomEnd),
}

/// An event that is documented, or that a parameter chooses.
pub(super) enum Event<E> {
    Is(E),
    Chosen(fn(&Params) -> E),
}

impl<E: Copy> Event<E> {
    pub fn of(&self, params: &Params) -> E {
        match self {
            Event::Is(event) => *event,
            Event::Chosen(chosen) => chosen(params),
        }
    }
}

/// A transition of the connection.
pub(super) struct Connection {
    pub from: CS,
    pub to: CS,
    pub event: Event<C>,
    pub needs: Needs,
    /// Where it is documented; read by people.
    pub source: &'static str,
}

/// A transition of a room; `since` is the event of the state it leaves, where that matters.
pub(super) struct Room {
    pub from: RS,
    pub since: Option<R>,
    pub to: RS,
    pub event: Event<R>,
    pub needs: Needs,
    /// Where it is documented; read by people.
    pub source: &'static str,
}

const fn connection(
    (from, to): (CS, CS),
    event: Event<C>,
    needs: Needs,
    source: &'static str,
) -> Connection {
    Connection { from, to, event, needs, source }
}

const fn room(
    (from, since, to): (RS, Option<R>, RS),
    event: Event<R>,
    needs: Needs,
    source: &'static str,
) -> Room {
    Room { from, since, to, event, needs, source }
}

const LOGOUT: Event<C> = Event::Chosen(|params| params.logout_event);
const REFUSED: Event<C> = Event::Chosen(|params| params.login_refused_event);

/// Of the connection.
pub(super) const CONNECTION: &[Connection] = &[
    connection(
        (CS::Disconnected, CS::Connecting),
        Event::Is(C::ActiveLogin),
        Needs::Login,
        "API login",
    ),
    connection((CS::Connecting, CS::Connected), Event::Is(C::Success), Needs::Nothing, "API login"),
    connection(
        (CS::Connecting, CS::Disconnected),
        REFUSED,
        Needs::Nothing,
        "iOS header ZIMDefines.h",
    ),
    connection(
        (CS::Connecting, CS::Disconnected),
        Event::Is(C::LoginTimeout),
        Needs::Nothing,
        "API enum, LoginTimeout",
    ),
    connection((CS::Connecting, CS::Disconnected), LOGOUT, Needs::Logout, "API logout"),
    connection(
        (CS::Connected, CS::Reconnecting),
        Event::Is(C::LoginInterrupted),
        Needs::Nothing,
        "the document, scene 1",
    ),
    connection(
        (CS::Reconnecting, CS::Connected),
        Event::Is(C::Success),
        Needs::Nothing,
        "the document, scene 1",
    ),
    connection(
        (CS::Reconnecting, CS::Disconnected),
        Event::Is(C::KickedOut),
        Needs::Ended(End::KickedOut),
        "the document, scene 1",
    ),
    connection(
        (CS::Reconnecting, CS::Disconnected),
        Event::Is(C::TokenExpired),
        Needs::Nothing,
        "the document, scene 1",
    ),
    connection(
        (CS::Reconnecting, CS::Disconnected),
        Event::Is(C::Unregistered),
        Needs::Ended(End::Unregistered),
        "the document, scene 1",
    ),
    connection(
        (CS::Connected, CS::Disconnected),
        Event::Is(C::KickedOut),
        Needs::Ended(End::KickedOut),
        "the document, scene 2",
    ),
    connection(
        (CS::Connected, CS::Disconnected),
        Event::Is(C::TokenExpired),
        Needs::Nothing,
        "the document, scene 3",
    ),
    connection(
        (CS::Connected, CS::Disconnected),
        Event::Is(C::Unregistered),
        Needs::Ended(End::Unregistered),
        "API enum, Unregistered",
    ),
    connection((CS::Connected, CS::Disconnected), LOGOUT, Needs::Logout, "API logout"),
    connection((CS::Reconnecting, CS::Disconnected), LOGOUT, Needs::Logout, "API logout"),
];

const CREATING: (RS, Option<R>) = (RS::Connecting, Some(R::ActiveCreate));
const ENTERING: (RS, Option<R>) = (RS::Connecting, Some(R::ActiveEnter));
const AWAY: (RS, Option<R>) = (RS::Connecting, Some(R::NetworkInterrupted));
const IN: (RS, Option<R>) = (RS::Connected, None);
const OUT: (RS, Option<R>) = (RS::Disconnected, None);

const fn to((from, since): (RS, Option<R>), to: RS) -> (RS, Option<R>, RS) {
    (from, since, to)
}

const ROOM_LOGOUT: Event<R> = Event::Chosen(|params| params.room_logout_event);
const TERMINAL: Event<R> = Event::Chosen(|params| params.room_terminal_event);
const KICKED_AWAY: Event<R> = Event::Chosen(|params| params.room_kicked_while_away);

/// Of a room.
pub(super) const ROOM: &[Room] = &[
    room(to(OUT, RS::Connecting), Event::Is(R::ActiveCreate), Needs::Create, "guide manage-rooms"),
    room(to(OUT, RS::Connecting), Event::Is(R::ActiveEnter), Needs::Enter, "guide manage-rooms"),
    room(to(CREATING, RS::Connected), Event::Is(R::Success), Needs::Nothing, "guide manage-rooms"),
    room(to(ENTERING, RS::Connected), Event::Is(R::Success), Needs::Nothing, "guide manage-rooms"),
    room(
        to(CREATING, RS::Disconnected),
        Event::Is(R::CreateFailed),
        Needs::Nothing,
        "API enum, CreateFailed",
    ),
    room(
        to(ENTERING, RS::Disconnected),
        Event::Is(R::EnterFailed),
        Needs::Nothing,
        "API enum, EnterFailed",
    ),
    room(to(IN, RS::Disconnected), Event::Is(R::Success), Needs::Leave, "guide manage-rooms"),
    room(to(IN, RS::Disconnected), ROOM_LOGOUT, Needs::Logout, "API logout"),
    room(to(AWAY, RS::Disconnected), ROOM_LOGOUT, Needs::Logout, "API logout"),
    room(
        to(IN, RS::Disconnected),
        Event::Is(R::KickedOut),
        Needs::PutOut(RoomEnd::Kicked),
        "API enum, KickedOut",
    ),
    room(
        to(IN, RS::Disconnected),
        Event::Is(R::RoomNotExist),
        Needs::PutOut(RoomEnd::Destroyed),
        "guide manage-rooms, from 2.13.0",
    ),
    room(
        to(IN, RS::Disconnected),
        Event::Is(R::KickedOutByOtherDevice),
        Needs::PutOut(RoomEnd::OtherDevice),
        "guide multi-device-login",
    ),
    room(
        to(IN, RS::Disconnected),
        Event::Is(R::ConnectTimeout),
        Needs::PutOut(RoomEnd::TimedOut),
        "API enum, ConnectTimeout",
    ),
    room(to(IN, RS::Disconnected), TERMINAL, Needs::SessionEnd, "not documented: chosen"),
    room(to(AWAY, RS::Disconnected), TERMINAL, Needs::SessionEnd, "not documented: chosen"),
    room(
        to(IN, RS::Connecting),
        Event::Is(R::NetworkInterrupted),
        Needs::Nothing,
        "the document, T0",
    ),
    room(to(AWAY, RS::Connected), Event::Is(R::Success), Needs::Nothing, "the document, T2"),
    room(
        to(AWAY, RS::Disconnected),
        Event::Is(R::ConnectTimeout),
        Needs::Nothing,
        "the document, T2",
    ),
    room(
        to(AWAY, RS::Disconnected),
        Event::Is(R::RoomNotExist),
        Needs::Nothing,
        "the document, T2",
    ),
    room(
        to(AWAY, RS::Disconnected),
        Event::Is(R::NetworkDisconnected),
        Needs::Nothing,
        "the document, revision of 2026-07-28",
    ),
    room(to(AWAY, RS::Disconnected), KICKED_AWAY, Needs::Nothing, "not documented: chosen"),
    room(
        to(AWAY, RS::Disconnected),
        Event::Is(R::KickedOutByOtherDevice),
        Needs::Nothing,
        "guide multi-device-login",
    ),
];

/// Every transition of the connection under these parameters, in the table's order: from a
/// state, to a state with its event.
pub fn connection_ways(params: &Params) -> impl Iterator<Item = (CS, (CS, C))> {
    CONNECTION.iter().map(|way| (way.from, (way.to, way.event.of(params))))
}

/// Every transition of a room under these parameters, in the table's order: from a state, and
/// its event where that matters, to a state with its event.
pub fn room_ways(params: &Params) -> impl Iterator<Item = ((RS, Option<R>), (RS, R))> {
    ROOM.iter().map(|way| ((way.from, way.since), (way.to, way.event.of(params))))
}
