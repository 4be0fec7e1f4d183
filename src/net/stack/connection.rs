//! One connection of a host: a TCP end, and what those above know and want of it.

use super::StackEvent;
use super::end::{End, State};
use super::intake::Intake;
use super::route::Route;
use super::wire::Outgoing;
use crate::net::packet::Segment;
use crate::record::{CloseCause, ConnId};
use crate::time::{Span, Time, earliest};
use std::collections::VecDeque;

/// A connection from its first segment until nothing of it is left.
pub(super) struct Connection {
    end: End,
    /// When the end next wants a poll, as it said at the last one.
    wants_poll: Option<Time>,
    intake: Intake,
    /// Which segments are its own.
    pub route: Route,
    phase: Phase,
    /// Bytes that the socket's buffer had no room for yet.
    unsent: VecDeque<u8>,
    /// Whether a FIN is to follow `unsent`.
    finishing: Finishing,
    /// When a state that could last for ever is given up.
    expires: Option<Time>,
    close_timeout: Span,
}

/// What those above know of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// They asked for it and wait.
    Connecting(ConnId),
    /// They have not heard of it: its handshake is not complete.
    Accepting,
    /// They use it.
    Open(ConnId),
    /// They want to hear no more of it.
    Forsaken,
}

/// How far an orderly close has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finishing {
    No,
    Wanted,
    /// The FIN is the stack's affair now.
    Handed,
}

/// Where a connection puts what comes of it.
pub(super) struct Outlet<'a> {
    pub events: &'a mut VecDeque<StackEvent>,
    pub packets: &'a mut Outgoing,
    /// The number that the next accepted connection gets.
    pub next_accepted: &'a mut u32,
    /// Whether those above take in what arrives.
    pub reading: bool,
}

impl Connection {
    /// A connection that this host opens.
    pub fn connecting(mut end: End, conn: ConnId, route: Route, close_timeout: Span) -> Connection {
        let (to, to_port) = route.peer();
        end.connect(route.own_port, to, to_port);
        Connection::new(end, route, Phase::Connecting(conn), None, close_timeout)
    }

    /// A connection that a SYN to this host begins; it is given up at `expires` unless its
    /// handshake is complete by then.
    pub fn accepting(mut end: End, route: Route, expires: Time, close_timeout: Span) -> Connection {
        end.listen(route.own_port);
        Connection::new(end, route, Phase::Accepting, Some(expires), close_timeout)
    }

    fn new(
        end: End,
        route: Route,
        phase: Phase,
        expires: Option<Time>,
        close_timeout: Span,
    ) -> Connection {
        let (unsent, finishing) = (VecDeque::new(), Finishing::No);
        let (wants_poll, intake) = (None, Intake::new(end.buffer()));
        Connection {
            end,
            wants_poll,
            intake,
            route,
            phase,
            unsent,
            finishing,
            expires,
            close_timeout,
        }
    }

    /// The number that those above know it by, while they want to hear of it.
    pub fn conn(&self) -> Option<ConnId> {
        match self.phase {
            Phase::Connecting(conn) | Phase::Open(conn) => Some(conn),
            Phase::Accepting | Phase::Forsaken => None,
        }
    }

    /// Feeds one packet, of which this is the segment.
    pub fn receive(
        &mut self,
        now: Time,
        segment: &Segment,
        packet: &mut [u8],
        outlet: &mut Outlet<'_>,
    ) {
        if !self.intake.admits(segment, packet) {
            return;
        }
        self.end.receive(now, packet, outlet.packets);
        if !matches!(self.end.state(), State::Listen | State::SynSent | State::Closed) {
            self.intake.begin(segment);
        }
        // A FIN is acknowledged before its owner answers it with one of its own. All else is
        // acted on first: what the stack sends then gives nobody anything more to do.
        if segment.fin {
            self.wants_poll = self.end.send_what_is_due(now, outlet.packets);
            self.settle(now, outlet);
        } else {
            self.act(now, outlet);
            self.wants_poll = self.end.send_what_is_due(now, outlet.packets);
        }
    }

    /// Queues bytes. Those that come after a FIN was asked for are dropped.
    pub fn send(&mut self, now: Time, bytes: &[u8], outlet: &mut Outlet<'_>) {
        if self.finishing != Finishing::No {
            return;
        }
        let written = if self.unsent.is_empty() { self.end.write(bytes) } else { 0 };
        self.unsent.extend(&bytes[written..]);
        if !self.is_over(now) {
            self.wants_poll = self.end.poll(now, outlet.packets);
        }
    }

    /// Sends a FIN after what is queued, and goes on unheard. One that is still being
    /// opened is dropped: there is nobody yet to send a FIN to.
    pub fn finish(&mut self, now: Time, outlet: &mut Outlet<'_>) {
        let opening = self.end.state() == State::SynSent;
        self.forsake(now);
        if opening {
            // Not polled any more: the stack would send an RST.
            self.end.close();
            return;
        }
        self.settle(now, outlet);
    }

    /// Sends an RST, unless the connection is still being opened: then nothing, since an
    /// RST would only tell the peer of a connection that it never had.
    pub fn abort(&mut self, now: Time, outlet: &mut Outlet<'_>) {
        if self.end.state() != State::SynSent {
            self.end.abort();
            self.end.poll(now, outlet.packets);
        }
    }

    /// Lets the stack send, and reports what came of it.
    pub fn poll(&mut self, now: Time, outlet: &mut Outlet<'_>) {
        if self.is_over(now) {
            return;
        }
        self.wants_poll = self.end.poll(now, outlet.packets);
        self.settle(now, outlet);
    }

    /// Whether nothing is left of the connection: it is closed, its state was given up, or
    /// an RST sent it back to listening before its handshake was complete.
    pub fn is_over(&self, now: Time) -> bool {
        let given_up = self.expires.is_some_and(|at| at <= now);
        given_up || matches!(self.end.state(), State::Closed | State::Listen)
    }

    /// When to poll it next; always later than `now`.
    pub fn deadline(&self, now: Time) -> Option<Time> {
        let poll_at = self.wants_poll.map(|at| at.max(now + Time::QUANTUM));
        earliest([poll_at, self.expires])
    }

    /// Acts on the TCP's state until there is nothing more to do now.
    fn settle(&mut self, now: Time, outlet: &mut Outlet<'_>) {
        while self.act(now, outlet) {
            self.wants_poll = self.end.send_what_is_due(now, outlet.packets);
        }
    }

    /// Reports, reads, writes; whether any of it may have given the stack something to send.
    fn act(&mut self, now: Time, outlet: &mut Outlet<'_>) -> bool {
        self.note_handshake(outlet);
        let read = outlet.reading && self.pass_on_bytes(outlet);
        // A FIN stands behind bytes that are still to be read; an RST has thrown them away.
        if outlet.reading || self.end.state() == State::Closed {
            self.note_end(now, outlet);
        }
        let written = self.write_unsent();
        let closed = self.finishing == Finishing::Wanted && self.unsent.is_empty();
        if closed {
            self.end.close();
            self.finishing = Finishing::Handed;
        }
        read || written || closed
    }

    fn note_handshake(&mut self, outlet: &mut Outlet<'_>) {
        if self.is_opening() {
            return;
        }
        match self.phase {
            Phase::Connecting(conn) if self.end.state() == State::Closed => {
                outlet.events.push_back(StackEvent::Closed(conn, CloseCause::Refused));
                self.phase = Phase::Forsaken;
            }
            Phase::Connecting(conn) => {
                outlet.events.push_back(StackEvent::Opened(conn));
                self.phase = Phase::Open(conn);
            }
            Phase::Accepting if self.end.state() == State::Closed => {}
            Phase::Accepting => {
                let conn = ConnId(*outlet.next_accepted);
                *outlet.next_accepted += 1;
                outlet.events.push_back(StackEvent::Accepted(conn));
                self.phase = Phase::Open(conn);
                self.expires = None;
            }
            Phase::Open(_) | Phase::Forsaken => {}
        }
    }

    /// Whether the handshake is still going on.
    fn is_opening(&self) -> bool {
        matches!(self.end.state(), State::Listen | State::SynSent | State::SynReceived)
    }

    fn pass_on_bytes(&mut self, outlet: &mut Outlet<'_>) -> bool {
        let bytes = self.end.read();
        if bytes.is_empty() {
            return false;
        }
        self.intake.read(bytes.len());
        match self.phase {
            Phase::Open(conn) => outlet.events.push_back(StackEvent::Bytes(conn, bytes)),
            // Read all the same, or the window would close and the peer hang on us.
            Phase::Connecting(_) | Phase::Accepting | Phase::Forsaken => {}
        }
        true
    }

    fn note_end(&mut self, now: Time, outlet: &mut Outlet<'_>) {
        let Phase::Open(conn) = self.phase else {
            return;
        };
        match self.end.state() {
            State::CloseWait | State::LastAck | State::Closing | State::TimeWait => {
                outlet.events.push_back(StackEvent::Closed(conn, CloseCause::Finished));
                self.forsake(now);
            }
            State::Closed => {
                outlet.events.push_back(StackEvent::Closed(conn, CloseCause::Reset));
                self.phase = Phase::Forsaken;
            }
            State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2 => {}
        }
    }

    fn forsake(&mut self, now: Time) {
        self.phase = Phase::Forsaken;
        self.finishing = Finishing::Wanted;
        self.expires = Some(now + self.close_timeout.max(Time::QUANTUM));
    }

    fn write_unsent(&mut self) -> bool {
        let mut written = 0;
        while !self.unsent.is_empty() {
            let (front, _) = self.unsent.as_slices();
            let fitted = self.end.write(front);
            if fitted == 0 {
                break;
            }
            self.unsent.drain(..fitted);
            written += fitted;
        }
        written > 0
    }
}
