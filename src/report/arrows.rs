//! Which frame that was sent is which that arrived, and what left each host.
//!
//! A connection has a number at either end, each end its own. They are told together by the
//! first frame that the server got on one of its connections, which is the first that some
//! client sent on one of its own; from there on TCP keeps the order.

use super::chart::{Arrow, Chart};
use crate::protocol::{ClientFrame, ServerFrame};
use crate::record::{ClientId, ConnId, Event, Recording, Who, Wire};
use crate::time::Time;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One end's frames of one connection, in order.
type Sent<'a, F> = Vec<(Time, &'a F)>;
/// A client's end of a connection.
type End = (ClientId, ConnId);

#[derive(Default)]
struct Traffic<'a> {
    up_sent: BTreeMap<End, Sent<'a, ClientFrame>>,
    up_got: BTreeMap<ConnId, Sent<'a, ClientFrame>>,
    down_sent: BTreeMap<ConnId, Sent<'a, ServerFrame>>,
    down_got: BTreeMap<End, Sent<'a, ServerFrame>>,
    attempts: Vec<(End, Time, u32)>,
    opened: BTreeSet<End>,
}

/// Adds a run's messages and packets to its drawing; `clients`: the lane of each.
pub fn add(chart: &mut Chart, recording: &Recording, server: usize, clients: &[usize]) {
    let mut traffic = Traffic::default();
    for record in &recording.records {
        let Event::Wire(wire) = &record.event else { continue };
        let at = record.at;
        match (wire, record.who) {
            (Wire::ClientSent(conn, frame), Who::Client(client)) => {
                traffic.up_sent.entry((client, *conn)).or_default().push((at, frame));
            }
            (Wire::ServerGot(conn, frame), Who::Server) => {
                traffic.up_got.entry(*conn).or_default().push((at, frame));
            }
            (Wire::ServerSent(conn, frame), Who::Server) => {
                traffic.down_sent.entry(*conn).or_default().push((at, frame));
            }
            (Wire::ClientGot(conn, frame), Who::Client(client)) => {
                traffic.down_got.entry((client, *conn)).or_default().push((at, frame));
            }
            (Wire::Attempt { conn, number }, Who::Client(client)) => {
                traffic.attempts.push(((client, *conn), at, *number));
            }
            (Wire::Opened(conn), Who::Client(client)) => {
                traffic.opened.insert((client, *conn));
            }
            (Wire::Segment(_), Who::Client(client)) => {
                chart.packets.push((at, clients[client.0]));
            }
            (Wire::Segment(_), Who::Server) => chart.packets.push((at, server)),
            (
                Wire::ClientSent(..)
                | Wire::ClientGot(..)
                | Wire::ServerSent(..)
                | Wire::ServerGot(..)
                | Wire::Attempt { .. }
                | Wire::Opened(_)
                | Wire::Segment(_),
                _,
            )
            | (
                Wire::Asked { .. }
                | Wire::TokenHeld { .. }
                | Wire::Link(_)
                | Wire::Closed(..)
                | Wire::Misbehaved(..)
                | Wire::State { .. }
                | Wire::LoginsInLine(_)
                | Wire::BackedOff { .. }
                | Wire::Ignored(_),
                _,
            ) => {}
        }
    }
    chart.arrows = traffic.arrows(clients);
}

impl Traffic<'_> {
    fn arrows(&self, clients: &[usize]) -> Vec<Arrow> {
        let ends = self.ends();
        let mut arrows = Vec::new();
        for (end, sent) in &self.up_sent {
            let conn = ends.get(end);
            let got = conn.and_then(|conn| self.up_got.get(conn)).map_or(&[][..], |got| got);
            for (place, (at, frame)) in sent.iter().enumerate() {
                arrows.push(Arrow {
                    lane: clients[end.0.0],
                    up: true,
                    sent: *at,
                    got: got.get(place).map(|(at, _)| *at),
                    beat: matches!(frame, ClientFrame::Heartbeat { .. }),
                    words: words(frame),
                });
            }
            let sent = conn.and_then(|conn| self.down_sent.get(conn)).map_or(&[][..], |sent| sent);
            let got = self.down_got.get(end).map_or(&[][..], |got| got);
            for (place, (at, frame)) in sent.iter().enumerate() {
                arrows.push(Arrow {
                    lane: clients[end.0.0],
                    up: false,
                    sent: *at,
                    got: got.get(place).map(|(at, _)| *at),
                    beat: matches!(frame, ServerFrame::Alive { .. }),
                    words: words(frame),
                });
            }
        }
        for (end, at, number) in self.attempts.iter().filter(|(end, ..)| !self.opened.contains(end))
        {
            arrows.push(Arrow {
                lane: clients[end.0.0],
                up: true,
                sent: *at,
                got: None,
                beat: false,
                words: format!("attempt {number} to connect"),
            });
        }
        arrows.sort_by_key(|arrow| (arrow.sent, arrow.lane, !arrow.up));
        arrows
    }

    /// The server's number for each client's connection that got a frame through.
    fn ends(&self) -> BTreeMap<End, ConnId> {
        let mut ends = BTreeMap::new();
        for (conn, got) in &self.up_got {
            let Some((at, first)) = got.first() else { continue };
            let mut free = self.up_sent.iter().filter(|(end, _)| !ends.contains_key(*end));
            let found = free.find(|(_, sent)| {
                sent.first().is_some_and(|(when, frame)| when <= at && frame == first)
            });
            if let Some((end, _)) = found {
                ends.insert(*end, *conn);
            }
        }
        ends
    }
}

/// A frame as it goes over the wire.
fn words(frame: &impl Serialize) -> String {
    serde_json::to_string(frame).expect("a frame has string keys and no fallible parts")
}
