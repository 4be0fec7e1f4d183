//! A run as lanes: the network, the server and its rooms, each client and its rooms.

use super::arrows;
use super::cast::Cast;
use super::chart::{Chart, Kind, Lane, Look, Mark, Segment, Sort, packed};
use super::looks::{connection_look, room_look};
use crate::contract::Report;
use crate::net::{Fault, HostFault};
use crate::record::{ClientId, Event, HostId, Receipt, Record, Recording, ServerFact, Who};
use crate::scenario::{NetAct, Plan, PlannedFault};
use crate::time::Time;
use crate::timeline::receipt_words;
use crate::zim::{CallId, Callback, ConnectionState, ErrorCode, RoomId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// So many faults get a lane each; more share lanes.
const ROOMY: usize = 6;

/// The drawing of a run. Arrows and packets are there only if the recording holds a trace.
pub fn of_run(plan: &Plan, recording: &Recording, report: &Report) -> Chart {
    let mut lanes = Lanes::new(plan, recording);
    let cast = Cast::of(plan);
    let shown = recording.records.iter().enumerate().filter(|(_, record)| cast.shows(record));
    shown.for_each(|(index, record)| lanes.see(index, record));
    lanes.moments(report);
    let flagged: BTreeSet<_> = report
        .findings
        .iter()
        .filter(|finding| !finding.verdict.is_held())
        .filter_map(|finding| finding.record)
        .collect();
    let mut chart = lanes.chart(recording.end, &cast);
    for mark in chart.lanes.iter_mut().flat_map(|lane| &mut lane.marks) {
        mark.flagged = flagged.contains(&mark.event);
    }
    // The messages of a crowd are too many to draw.
    if plan.crowds.is_empty() {
        let server = chart.server().expect("every run has a server");
        let clients: Vec<_> = places(&chart.lanes, Kind::Client);
        arrows::add(&mut chart, recording, server, &clients);
    }
    chart.finished()
}

fn places(lanes: &[Lane], kind: Kind) -> Vec<usize> {
    lanes.iter().enumerate().filter(|(_, lane)| lane.kind == kind).map(|(n, _)| n).collect()
}

/// Everything under way.
struct Lanes<'a> {
    plan: &'a Plan,
    network: Vec<Lane>,
    /// The lane of each fault among those.
    fault_lanes: Vec<usize>,
    /// Settings of links, where a run changes them.
    links: Option<Lane>,
    server: Lane,
    /// Each room as the server has it, with who is in it.
    server_rooms: BTreeMap<RoomId, (Lane, Members)>,
    /// The order in which rooms came up at the server.
    server_order: Vec<RoomId>,
    clients: Vec<ClientLanes>,
}

/// `None`: there is no such room.
type Members = Option<BTreeSet<UserId>>;

struct ClientLanes {
    own: Lane,
    rooms: Vec<(RoomId, Lane)>,
    /// The room that each call is about.
    calls: BTreeMap<CallId, RoomId>,
}

impl<'a> Lanes<'a> {
    fn new(plan: &'a Plan, recording: &Recording) -> Lanes<'a> {
        let mut server = Lane::new(Kind::Server, "server");
        server.turn(Time::ZERO, Look::On, String::new(), "running".to_owned());
        let clients = plan.clients.iter().map(|client| {
            let mut own = Lane::new(Kind::Client, &client.name);
            if client.script.user.as_str() != client.name {
                own.note = client.script.user.to_string();
            }
            ClientLanes { own, rooms: Vec::new(), calls: BTreeMap::new() }
        });
        let mut lanes = Lanes {
            plan,
            network: Vec::new(),
            fault_lanes: Vec::new(),
            links: None,
            server,
            server_rooms: BTreeMap::new(),
            server_order: Vec::new(),
            clients: clients.collect(),
        };
        lanes.faults(recording);
        lanes
    }

    /// A lane for each fault, and its band over what it strikes.
    fn faults(&mut self, recording: &Recording) {
        let (end, none) = (recording.end, Receipt::default());
        let stretch = |fault: &PlannedFault| (fault.from, fault.to.unwrap_or(end));
        let stretches: Vec<_> = self.plan.faults.iter().map(stretch).collect();
        self.fault_lanes = packed(&stretches, ROOMY);
        for (place, fault) in self.plan.faults.iter().enumerate() {
            let ((from, to), lane) = (stretches[place], self.fault_lanes[place]);
            if lane == self.network.len() {
                let own = fault.name_or_words();
                let name = if stretches.len() > ROOMY { "faults".to_owned() } else { own };
                self.network.push(Lane::new(Kind::Network, name));
            }
            let name = fault.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            let receipt = recording.receipts.get(place).unwrap_or(&none);
            let hit = receipt_words(self.plan, &fault.fault, receipt, false);
            let words = format!("{name}{} · hit {hit}", fault.words());
            let link = Some(format!("#f{place}"));
            let segment =
                Segment { from, to, look: Look::Fault, short: String::new(), words, link };
            self.network[lane].ribbon.push(segment);
            let reach = reach(&fault.fault);
            if reach.server {
                self.server.bands.push((from, to));
            }
            for client in reach.clients {
                self.clients[client.0].own.bands.push((from, to));
            }
        }
    }

    fn see(&mut self, index: usize, record: &Record) {
        let mark = |sort| Mark { at: record.at, sort, event: index, flagged: false };
        match &record.event {
            Event::Called { id, call, .. } => {
                let room = call.room().cloned();
                if let (Some(room), Some(client)) = (&room, self.client(record.who)) {
                    client.calls.insert(*id, room.clone());
                }
                self.put(record.who, room.as_ref(), mark(Sort::Call));
            }
            Event::Result { id, code, .. } => {
                let sort = if *code == ErrorCode::SUCCESS { Sort::Ok } else { Sort::Error };
                let client = self.client(record.who);
                let room = client.and_then(|client| client.calls.get(id).cloned());
                self.put(record.who, room.as_ref(), mark(sort));
            }
            Event::Callback(callback) => {
                self.put(record.who, callback.room(), mark(Sort::Callback));
                self.heard(record, callback);
            }
            Event::Shown { .. } => self.put(record.who, None, mark(Sort::Shown)),
            Event::FaultBegan(fault) => {
                self.network[self.fault_lanes[fault.0]].marks.push(mark(Sort::Hand));
                self.server_process(record.at, &self.plan.faults[fault.0].fault, false);
            }
            Event::FaultEnded(fault) => {
                self.network[self.fault_lanes[fault.0]].marks.push(mark(Sort::Hand));
                self.server_process(record.at, &self.plan.faults[fault.0].fault, true);
            }
            Event::FaultPhase(fault, _) => {
                self.network[self.fault_lanes[fault.0]].marks.push(mark(Sort::Hand));
            }
            Event::LinkChanged(change) => {
                let words = self.plan.changes[*change].words.clone();
                let links = self.links.get_or_insert_with(|| Lane::new(Kind::Network, "links"));
                links.turn(record.at, Look::Setting, String::new(), words);
                links.marks.push(mark(Sort::Hand));
            }
            Event::ProcessDied | Event::ProcessStarted => {
                self.put(record.who, None, mark(Sort::Hand));
                self.client_process(record);
            }
            Event::Admin { .. } => self.server.marks.push(mark(Sort::Hand)),
            Event::Server(fact) => {
                self.server.marks.push(mark(Sort::Fact));
                self.fact(record.at, fact);
            }
            Event::Wire(_) => {}
        }
    }

    fn client(&mut self, who: Who) -> Option<&mut ClientLanes> {
        match who {
            Who::Client(client) => Some(&mut self.clients[client.0]),
            Who::Net | Who::Server => None,
        }
    }

    /// Puts a mark on the lane of whose it is, or of that one's room.
    fn put(&mut self, who: Who, room: Option<&RoomId>, mark: Mark) {
        match (self.client(who), room) {
            (Some(client), Some(room)) => client.room(room).marks.push(mark),
            (Some(client), None) => client.own.marks.push(mark),
            (None, _) => self.server.marks.push(mark),
        }
    }

    /// A state on a client's ribbons.
    fn heard(&mut self, record: &Record, callback: &Callback) {
        let Some(client) = self.client(record.who) else { return };
        match callback {
            Callback::ConnectionStateChanged { state, event } => {
                let short = format!("{}/{}", state.number(), event.number());
                let look = connection_look(*state, *event);
                client.own.turn(record.at, look, short, format!("{state}/{event}"));
                if *state == ConnectionState::Disconnected {
                    // Nothing is told of rooms from here on; those that still speak in this
                    // millisecond do so on ribbons of their own.
                    client.rooms.iter_mut().for_each(|(_, lane)| lane.close(record.at));
                }
            }
            Callback::RoomStateChanged { room, state, event } => {
                let short = format!("{}/{}", state.number(), event.number());
                let look = room_look(*state, *event);
                client.room(room).turn(record.at, look, short, format!("{state}/{event}"));
            }
            Callback::TokenWillExpire { .. }
            | Callback::RoomMemberJoined { .. }
            | Callback::RoomMemberLeft { .. }
            | Callback::PeerMessageReceived { .. }
            | Callback::RoomMessageReceived { .. } => {}
        }
    }

    /// The server's process dies or starts again, if that is what the fault does.
    fn server_process(&mut self, at: Time, fault: &Fault, ended: bool) {
        if !downs_server(fault) {
            return;
        }
        let down =
            self.plan.acts.iter().filter(|(when, _)| *when <= at).map(|(_, act)| match act {
                NetAct::Begin(fault) if downs_server(&self.plan.faults[fault.0].fault) => 1,
                NetAct::End(fault) if downs_server(&self.plan.faults[fault.0].fault) => -1,
                NetAct::Begin(_) | NetAct::End(_) | NetAct::Phase(..) | NetAct::Change(_) => 0,
            });
        let is_down = down.sum::<i32>() > 0;
        if ended && !is_down {
            self.server.turn(at, Look::On, String::new(), "running again".to_owned());
        } else if !ended {
            self.server.turn(at, Look::Broken, String::new(), "down".to_owned());
        }
        for (lane, members) in self.server_rooms.values_mut() {
            if !ended {
                lane.close(at);
            }
            if fault.loses_server_state() {
                *members = None;
            }
            if let (true, false, Some(members)) = (ended, is_down, members) {
                lane.turn(at, Look::On, String::new(), member_words(members));
            }
        }
    }

    /// A client's process dies or starts again, and with it all that its app was told.
    fn client_process(&mut self, record: &Record) {
        let dies = record.event == Event::ProcessDied;
        let Some(client) = self.client(record.who) else { return };
        client.rooms.iter_mut().for_each(|(_, lane)| lane.close(record.at));
        match dies {
            true => client.own.turn(record.at, Look::Ended, String::new(), "no process".into()),
            false => client.own.close(record.at),
        }
    }

    /// Who is in which room, as the server has it.
    fn fact(&mut self, at: Time, fact: &ServerFact) {
        match fact {
            ServerFact::Entered { room, user, .. } => {
                self.members(at, room, |members| {
                    members.get_or_insert_default().insert(user.clone());
                });
            }
            ServerFact::Left { room, user, .. } => self.members(at, room, |members| {
                members.get_or_insert_default().remove(user);
            }),
            ServerFact::RoomDestroyed { room } => self.members(at, room, |members| *members = None),
            ServerFact::LoggedIn { .. }
            | ServerFact::SessionEnded { .. }
            | ServerFact::UserOffline { .. }
            | ServerFact::Answered { .. } => {}
        }
    }

    fn members(&mut self, at: Time, room: &RoomId, change: impl FnOnce(&mut Members)) {
        if !self.server_rooms.contains_key(room) {
            let mut lane = Lane::new(Kind::ServerRoom, room.to_string());
            lane.note = "at the server".to_owned();
            self.server_rooms.insert(room.clone(), (lane, None));
            self.server_order.push(room.clone());
        }
        let (lane, members) = self.server_rooms.get_mut(room).expect("put there above");
        let before = members.clone();
        change(members);
        match members {
            None => lane.close(at),
            Some(now) if before.as_ref() != Some(now) => {
                let look = if now.is_empty() { Look::Off } else { Look::On };
                lane.turn(at, look, String::new(), member_words(now));
            }
            Some(_) => {}
        }
    }

    /// T0, T1 and T2 of each outage, on the room's lane and across the client's.
    fn moments(&mut self, report: &Report) {
        for outage in &report.outages {
            let client = &mut self.clients[outage.client.0];
            let mut moments = vec![("T0", outage.t0)];
            for relapse in &outage.relapses {
                moments.extend([("T1", relapse.t1), ("T0", relapse.lost)]);
            }
            moments.extend(outage.t1.map(|mark| ("T1", mark)));
            moments.extend(outage.t2.map(|t2| ("T2", t2.mark)));
            for (name, mark) in moments {
                let lane = client.room(&outage.room);
                // Before the callback itself.
                let place = lane.marks.partition_point(|other| other.at < mark.at);
                let sort = Sort::Moment(name);
                let badge = Mark { at: mark.at, sort, event: mark.index, flagged: false };
                lane.marks.insert(place, badge);
                lane.lines.push(mark.at);
                client.own.lines.push(mark.at);
            }
        }
    }

    fn chart(mut self, end: Time, cast: &Cast) -> Chart {
        let mut lanes = self.network;
        lanes.extend(self.links);
        for room in &self.server_order {
            lanes.extend(self.server_rooms.remove(room).map(|(lane, _)| lane));
        }
        lanes.push(self.server);
        let clients = self.clients.into_iter().enumerate();
        for (_, client) in clients.filter(|(place, _)| cast.has(ClientId(*place))) {
            let bands = client.own.bands.clone();
            lanes.push(client.own);
            let rooms = client.rooms.into_iter();
            lanes.extend(rooms.map(|(_, lane)| Lane { bands: bands.clone(), ..lane }));
        }
        Chart { lanes, arrows: Vec::new(), packets: Vec::new(), end }
    }
}

impl ClientLanes {
    /// This client's lane for a room; there is one from now on.
    fn room(&mut self, room: &RoomId) -> &mut Lane {
        let place = self.rooms.iter().position(|(other, _)| other == room);
        let place = place.unwrap_or_else(|| {
            let mut lane = Lane::new(Kind::Room, room.to_string());
            lane.note = format!("room of {}", self.own.name);
            self.rooms.push((room.clone(), lane));
            self.rooms.len() - 1
        });
        &mut self.rooms[place].1
    }
}

/// What a fault strikes.
struct Reach {
    server: bool,
    clients: BTreeSet<ClientId>,
}

fn reach(fault: &Fault) -> Reach {
    match fault {
        Fault::Cut(directions)
        | Fault::Stall(directions)
        | Fault::Flap(directions, _)
        | Fault::BlackHole(directions, _) => {
            let clients = directions.iter().map(|(client, _)| *client).collect();
            Reach { server: false, clients }
        }
        Fault::Reset(clients, _) => {
            Reach { server: false, clients: clients.iter().copied().collect() }
        }
        Fault::Hosts(hosts, _) => {
            let mut reach = Reach { server: false, clients: BTreeSet::new() };
            for host in hosts {
                match host {
                    HostId::Server => reach.server = true,
                    HostId::Client(client) => {
                        reach.clients.insert(*client);
                    }
                    HostId::Portal => {}
                }
            }
            reach
        }
    }
}

/// Whether there is no process of the server's while this lasts.
fn downs_server(fault: &Fault) -> bool {
    match fault {
        Fault::Hosts(hosts, HostFault::PowerCut { .. } | HostFault::Killed { .. }) => {
            hosts.contains(&HostId::Server)
        }
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::Flap(..)
        | Fault::BlackHole(..)
        | Fault::Reset(..)
        | Fault::Hosts(..) => false,
    }
}

fn member_words(members: &BTreeSet<UserId>) -> String {
    if members.is_empty() {
        return "nobody".to_owned();
    }
    members.iter().map(|user| user.as_str()).collect::<Vec<_>>().join(", ")
}
