//! A drawing from a timeline's text: a snapshot is nothing else.

use super::chart::{Chart, Kind, Lane, Look, Mark, Segment, Sort};
use super::looks::{connection_look, room_look};
use crate::time::{Span, Time};
use crate::timeline::{Entry, Timeline};
use crate::zim::{CallKind, ConnectionEvent, ConnectionState, RoomEvent, RoomState};

/// The drawing of a timeline up to `end`, which its text does not tell; `flagged`: the places
/// of events to be told from the others.
pub fn of_text(timeline: &Timeline, flagged: &dyn Fn(usize) -> bool, end: Time) -> Chart {
    let mut chart = Kept::default();
    for (place, entry) in timeline.events.iter().enumerate() {
        let sort = sort(entry);
        let mark = Mark { at: entry.at, sort, event: place, flagged: flagged(place) };
        chart.see(entry, mark);
    }
    for section in &timeline.sections {
        let Some(whose) = section.title.strip_prefix("outage of ") else { continue };
        let Some((client, room)) = whose.rsplit_once(", ") else { continue };
        section.lines.iter().for_each(|line| chart.moment(client, room, line, timeline));
    }
    chart.finished(end)
}

#[derive(Default)]
struct Kept {
    network: Vec<Lane>,
    server: Option<Lane>,
    /// Each client's lanes: its own, then its rooms'.
    clients: Vec<Vec<Lane>>,
}

impl Kept {
    fn see(&mut self, entry: &Entry, mark: Mark) {
        match entry.who {
            "net" => self.network(entry, mark),
            "server" => {
                let server = self.server.get_or_insert_with(|| Lane::new(Kind::Server, "server"));
                server.marks.push(mark);
            }
            client => {
                let room = room_of(&entry.normal);
                let turn = turn(&entry.normal);
                let lanes = self.client(client);
                let place = match room {
                    Some(room) => room_lane(lanes, room),
                    None => 0,
                };
                let over = turn.as_ref().is_some_and(|turn| turn.ends_session) && place == 0;
                if let Some(turn) = turn {
                    lanes[place].turn(entry.at, turn.look, turn.short, turn.words);
                }
                lanes[place].marks.push(mark);
                match process(&entry.normal) {
                    Some(true) => {
                        let words = "no process".to_owned();
                        lanes[0].turn(entry.at, Look::Ended, String::new(), words);
                    }
                    Some(false) => lanes[0].close(entry.at),
                    None => {}
                }
                if over || process(&entry.normal).is_some() {
                    lanes.iter_mut().skip(1).for_each(|lane| lane.close(entry.at));
                }
            }
        }
    }

    fn client(&mut self, name: &str) -> &mut Vec<Lane> {
        let place = self.clients.iter().position(|lanes| lanes[0].name == name);
        let place = place.unwrap_or_else(|| {
            self.clients.push(vec![Lane::new(Kind::Client, name)]);
            self.clients.len() - 1
        });
        &mut self.clients[place]
    }

    /// A fault that says how long it lasts gets a stretch; one lane for each that overlaps.
    fn network(&mut self, entry: &Entry, mark: Mark) {
        let until = lasts(&entry.normal).map(|span| entry.at + span);
        let from = entry.at;
        let free = |lane: &Lane| match (until, lane.ribbon.last()) {
            (Some(_), Some(last)) => last.to <= from,
            (Some(_) | None, None) | (None, Some(_)) => true,
        };
        let place = self.network.iter().position(free);
        let place = place.unwrap_or_else(|| {
            self.network.push(Lane::new(Kind::Network, "network"));
            self.network.len() - 1
        });
        let lane = &mut self.network[place];
        if let Some(to) = until {
            let words = entry.words.to_owned();
            let (short, link) = (String::new(), None);
            lane.ribbon.push(Segment { from, to, look: Look::Fault, short, words, link });
        }
        lane.marks.push(mark);
    }

    /// `T0     30.180   connection 3   room 1/1`
    fn moment(&mut self, client: &str, room: &str, line: &str, timeline: &Timeline) {
        let mut words = line.split_whitespace();
        let name = match words.next() {
            Some("T0") => "T0",
            Some("T1") => "T1",
            Some("T2") => "T2",
            Some(_) | None => return,
        };
        let Some(at) = words.next() else { return };
        let here = |entry: &Entry| entry.at.to_string() == at && entry.who == client;
        let Some(event) = timeline.events.iter().position(here) else { return };
        let at = timeline.events[event].at;
        let lanes = self.client(client);
        let place = room_lane(lanes, room);
        lanes[0].lines.push(at);
        let lane = &mut lanes[place];
        lane.lines.push(at);
        let before = lane.marks.partition_point(|other| other.at < at);
        let sort = Sort::Moment(name);
        lane.marks.insert(before, Mark { at, sort, event, flagged: false });
    }

    fn finished(self, end: Time) -> Chart {
        let lanes = self.network.into_iter().chain(self.server);
        let lanes = lanes.chain(self.clients.into_iter().flatten()).collect();
        Chart { lanes, arrows: Vec::new(), packets: Vec::new(), end }.finished()
    }
}

/// The place of a room's lane among its client's; there is one from now on.
fn room_lane(lanes: &mut Vec<Lane>, room: &str) -> usize {
    let known = lanes.iter().skip(1).position(|lane| lane.name == room);
    known.map_or_else(
        || {
            let mut lane = Lane::new(Kind::Room, room);
            lane.note = format!("room of {}", lanes[0].name);
            lanes.push(lane);
            lanes.len() - 1
        },
        |place| place + 1,
    )
}

/// A new state on a ribbon.
struct Turn {
    look: Look,
    short: String,
    words: String,
    ends_session: bool,
}

/// `onRoomStateChanged r1 DISCONNECTED/CONNECT_TIMEOUT (0/9)`
fn turn(words: &str) -> Option<Turn> {
    let (head, numbers) = words.rsplit_once(" (")?;
    let (head, pair) = head.rsplit_once(' ')?;
    let short = numbers.strip_suffix(')')?.to_owned();
    let (state, event) = short.split_once('/')?;
    let (state, event): (u32, u32) = (state.parse().ok()?, event.parse().ok()?);
    let look = if head == "onConnectionStateChanged" {
        let state = ConnectionState::from_number(state)?;
        connection_look(state, ConnectionEvent::from_number(event)?)
    } else if head.starts_with("onRoomStateChanged ") {
        room_look(RoomState::from_number(state)?, RoomEvent::from_number(event)?)
    } else {
        return None;
    };
    let ends_session = head == "onConnectionStateChanged" && state == 0;
    Some(Turn { look, words: pair.to_owned(), short, ends_session })
}

/// The room that an event is about, if it is about one.
fn room_of(words: &str) -> Option<&str> {
    if let Some(rest) = words.strip_prefix("onRoomStateChanged ") {
        let (room, _) = rest.rsplit_once(" (")?.0.rsplit_once(' ')?;
        return Some(room);
    }
    let words = words.strip_prefix("call ").unwrap_or(words);
    let (name, rest) = words.split_once(' ')?;
    let about_room = match CallKind::from_name(name) {
        Some(
            CallKind::CreateRoom
            | CallKind::JoinRoom
            | CallKind::EnterRoom
            | CallKind::LeaveRoom
            | CallKind::SendRoomMessage
            | CallKind::QueryRoomMemberList,
        ) => true,
        Some(
            CallKind::Login | CallKind::Logout | CallKind::RenewToken | CallKind::SendPeerMessage,
        ) => false,
        None => name.starts_with("onRoom"),
    };
    let room = rest.split(' ').next()?;
    about_room.then(|| room.strip_suffix(':').unwrap_or(room))
}

/// How long a fault lasts by its own words: `cut alice for 100s (tunnel)`.
fn lasts(words: &str) -> Option<Span> {
    let (_, after) = words.split_once(" for ")?;
    let span = after.split([' ', ',']).next()?;
    Span::parse(span).ok()
}

/// What becomes of a client's process: whether it dies or starts.
fn process(words: &str) -> Option<bool> {
    match words {
        "its process dies" => Some(true),
        "a new process starts" => Some(false),
        _ => None,
    }
}

fn sort(entry: &Entry) -> Sort {
    let words = entry.normal.as_str();
    if entry.who == "net" || entry.who == "server" || process(words).is_some() {
        Sort::Hand
    } else if words.starts_with("call ") {
        Sort::Call
    } else if words.starts_with("shows ") {
        Sort::Shown
    } else if words.starts_with("on") {
        Sort::Callback
    } else if words.contains(": ok") {
        Sort::Ok
    } else {
        Sort::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_says_is_found_in_it() {
        let room = "onRoomStateChanged 大厅 一 DISCONNECTED/CONNECT_TIMEOUT (0/9)";
        let turn_of = |words| turn(words).map(|turn| (turn.look, turn.short, turn.ends_session));
        assert_eq!(turn_of(room), Some((Look::Ended, "0/9".into(), false)));
        assert_eq!(room_of(room), Some("大厅 一"));
        let lost = "onConnectionStateChanged RECONNECTING/LOGIN_INTERRUPTED (3/3)";
        assert_eq!(turn_of(lost), Some((Look::Broken, "3/3".into(), false)));
        assert_eq!(room_of(lost), None);
        assert_eq!(room_of("call sendRoomMessage r1 \"a b\""), Some("r1"));
        assert_eq!(room_of("enterRoom r1: ok"), Some("r1"));
        assert_eq!(room_of("sendPeerMessage to bob: ok"), None);
        assert_eq!(turn_of("onRoomMessageReceived r1 bob: \"x (1/1)\""), None);
    }

    #[test]
    fn a_fault_lasts_as_long_as_it_says() {
        assert_eq!(lasts("cut alice for 100s (tunnel)"), Some(Span::from_secs(100)));
        assert_eq!(lasts("crash server for 20s, state kept"), Some(Span::from_secs(20)));
        assert_eq!(lasts("tunnel ends"), None);
    }
}
