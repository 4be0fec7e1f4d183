//! The list of everything that can be reached.

use super::super::kind::Kind;
use super::moment::{MOMENTS, Moment};
use crate::contract::{self, INVARIANTS, LIVENESS, ROWS};
use crate::param::Params;
use crate::zim::{ConnectionEvent, ConnectionState, RoomEvent, RoomState};
use std::sync::OnceLock;

/// What a spot is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An occasion of a row of the document.
    Row,
    /// An occasion of an invariant.
    Invariant,
    /// A client whose waits could be judged.
    Liveness,
    /// A documented transition of a connection.
    Connection,
    /// A documented transition of a room.
    Room,
    /// A fault that struck.
    Struck,
    /// A fault that missed: told, and never missing.
    Missed,
    /// A client that was in this state when this kind of fault struck it.
    Pair,
}

impl Group {
    /// Every group, in the order of reports.
    pub const ALL: &[Group] = &[
        Group::Row,
        Group::Invariant,
        Group::Liveness,
        Group::Connection,
        Group::Room,
        Group::Struck,
        Group::Missed,
        Group::Pair,
    ];

    /// What reports call its spots.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Row => "rows",
            Group::Invariant => "invariants",
            Group::Liveness => "liveness",
            Group::Connection => "connection transitions",
            Group::Room => "room transitions",
            Group::Struck => "faults that struck",
            Group::Missed => "faults that missed",
            Group::Pair => "pairs of fault and state",
        }
    }
}

/// Something that a run can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it is about.
    pub group: Group,
    /// Which of its group.
    pub name: String,
    /// Whether it can be reached, and should be.
    pub wanted: bool,
}

/// All spots, group by group.
pub fn spots() -> &'static [Spot] {
    &Places::get().spots
}

type Connection = (ConnectionState, (ConnectionState, ConnectionEvent));
type Room = ((RoomState, Option<RoomEvent>), (RoomState, RoomEvent));

/// All spots, and where each group begins.
pub(super) struct Places {
    spots: Vec<Spot>,
    rows: usize,
    pub invariants: usize,
    pub liveness: usize,
    pub connection: usize,
    pub room: usize,
    pub struck: usize,
    pub missed: usize,
    pairs: usize,
    /// For each transition of the tables the place in its group: two of one name are one.
    connection_ways: Vec<usize>,
    room_ways: Vec<usize>,
}

impl Places {
    /// The list, made once.
    pub fn get() -> &'static Places {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(Places::make)
    }

    fn make() -> Places {
        let usual = Params::default();
        let connection: Vec<_> =
            contract::connection_ways(&usual).map(|way| connection_name(&way)).collect();
        let room: Vec<_> = contract::room_ways(&usual).map(|way| room_name(&way)).collect();
        let (connection, connection_ways) = distinct(connection);
        let (room, room_ways) = distinct(room);
        let mut spots = Vec::new();
        let mut list = |group, names: Vec<(String, bool)>| {
            let first = spots.len();
            spots.extend(names.into_iter().map(|(name, wanted)| Spot { group, name, wanted }));
            first
        };
        let wanted = |names: Vec<String>| names.into_iter().map(|name| (name, true)).collect();
        let kinds = || Kind::ALL.iter().map(|kind| kind.name().to_owned());
        let pairs = Kind::ALL.iter().flat_map(|kind| {
            let name = |moment: &Moment| format!("{}: {}", kind.name(), moment.name());
            Moment::ALL.iter().map(move |moment| (name(moment), moment.admits(*kind)))
        });
        Places {
            rows: list(Group::Row, wanted(ROWS.iter().map(|row| row.id.to_owned()).collect())),
            invariants: list(
                Group::Invariant,
                wanted(INVARIANTS.iter().map(|own| own.id.to_owned()).collect()),
            ),
            liveness: list(Group::Liveness, vec![(LIVENESS.to_owned(), true)]),
            connection: list(Group::Connection, wanted(connection)),
            room: list(Group::Room, wanted(room)),
            struck: list(Group::Struck, wanted(kinds().collect())),
            missed: list(Group::Missed, kinds().map(|name| (name, false)).collect()),
            pairs: list(Group::Pair, pairs.collect()),
            spots,
            connection_ways,
            room_ways,
        }
    }

    /// The spot of a row.
    pub fn row(&self, id: &str) -> Option<usize> {
        ROWS.iter().position(|row| row.id == id).map(|place| self.rows + place)
    }

    /// The spot of a pair.
    pub fn pair(&self, kind: Kind, moment: Moment) -> usize {
        self.pairs + kind.place() * MOMENTS + moment as usize
    }
}

/// The transitions of one run, whose events depend on its parameters.
pub(super) struct Ways {
    connection: Vec<Connection>,
    room: Vec<Room>,
}

impl Ways {
    /// Those under these parameters.
    pub fn of(params: &Params) -> Ways {
        Ways {
            connection: contract::connection_ways(params).collect(),
            room: contract::room_ways(params).collect(),
        }
    }

    /// The place of this transition in its group; of two that look the same, the first.
    pub fn connection(
        &self,
        from: ConnectionState,
        to: (ConnectionState, ConnectionEvent),
    ) -> Option<usize> {
        let place = self.connection.iter().position(|way| *way == (from, to))?;
        Some(Places::get().connection_ways[place])
    }

    /// As [`Ways::connection`], for a room.
    pub fn room(&self, from: (RoomState, RoomEvent), to: (RoomState, RoomEvent)) -> Option<usize> {
        let is = |((state, since), end): &Room| {
            *state == from.0 && since.is_none_or(|since| since == from.1) && *end == to
        };
        let place = self.room.iter().position(is)?;
        Some(Places::get().room_ways[place])
    }
}

fn connection_name((from, (to, event)): &Connection) -> String {
    format!("{from} to {to}/{event}")
}

fn room_name(((from, since), (to, event)): &Room) -> String {
    let since = since.map(|since| format!("/{since}")).unwrap_or_default();
    format!("{from}{since} to {to}/{event}")
}

/// The names, each once, and the place of each in that list.
fn distinct(names: Vec<String>) -> (Vec<String>, Vec<usize>) {
    let mut once: Vec<String> = Vec::new();
    let mut places = Vec::new();
    for name in names {
        let known = once.iter().position(|own| *own == name);
        places.push(known.unwrap_or(once.len()));
        if known.is_none() {
            once.push(name);
        }
    }
    (once, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::kind::KINDS;
    use std::collections::BTreeSet;

    #[test]
    fn every_spot_has_a_name_of_its_own() {
        let names: BTreeSet<_> = spots().iter().map(|spot| (spot.group, &spot.name)).collect();
        assert_eq!(names.len(), spots().len());
        let pairs = spots().iter().filter(|spot| spot.group == Group::Pair).count();
        assert_eq!(pairs, KINDS * MOMENTS);
    }

    #[test]
    fn a_transition_by_a_chosen_event_is_the_one_of_the_table() {
        let params = Params { logout_event: ConnectionEvent::ActiveLogin, ..Params::default() };
        let logout = |params: &Params, event| {
            let to = (ConnectionState::Disconnected, event);
            Ways::of(params).connection(ConnectionState::Connected, to)
        };
        let usual = logout(&Params::default(), ConnectionEvent::Success);
        assert!(usual.is_some());
        assert_eq!(logout(&params, ConnectionEvent::ActiveLogin), usual);
        assert_eq!(logout(&params, ConnectionEvent::Success), None);
    }
}
