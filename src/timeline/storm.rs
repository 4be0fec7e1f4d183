//! What many clients do together, second by second: who tries, who is connected, who waits.

use crate::record::{ClientId, Event, Record, Recording, Who, Wire};
use crate::time::{Span, Time};
use crate::zim::{Callback, ConnectionState, RoomState};
use std::ops::Range;

/// Many clients as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storm {
    /// Each of them.
    pub clients: Vec<OneOfMany>,
    /// Second by second, to the end of the run.
    pub seconds: Vec<Second>,
    /// The longest line of logins at the server, and since when it was so long.
    pub line: Option<(usize, Time)>,
}

/// One client's part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneOfMany {
    /// When it was connected for the first time.
    pub connected: Option<Time>,
    /// Whether it was in a room at some time.
    pub entered: bool,
    /// Its losses of the connection, each with its end; `None`: the run ended first.
    pub losses: Vec<(Time, Option<End>)>,
    /// Its attempts to open a connection.
    pub attempts: usize,
    state: State,
}

/// How a loss of the connection ended, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is back.
    Back(Time),
    /// The session ended instead.
    Over(Time),
}

/// What happened in one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Second {
    /// Attempts to open a connection.
    pub attempts: usize,
    /// How many clients are connected when it is over.
    pub connected: usize,
    /// The longest line of logins at the server.
    pub line: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Down,
    Up,
    Lost,
}

impl Storm {
    /// Reads the part of these clients, by their places in the plan, and the server's.
    pub fn of(recording: &Recording, members: &Range<usize>) -> Storm {
        let mut walk = Walk {
            storm: Storm {
                clients: vec![OneOfMany::default(); members.len()],
                seconds: vec![Second::default(); second(recording.end) + 1],
                line: None,
            },
            second: 0,
            up: 0,
            line: 0,
        };
        for record in &recording.records {
            walk.pass_to(second(record.at));
            walk.take(record, members);
        }
        walk.pass_to(second(recording.end));
        walk.storm.seconds[walk.second].connected = walk.up;
        walk.storm
    }

    /// When each client was first connected, in order of time.
    pub fn first_connected(&self) -> Vec<Time> {
        let mut times: Vec<_> = self.clients.iter().filter_map(|one| one.connected).collect();
        times.sort_unstable();
        times
    }

    /// Every loss of a connection with its end.
    pub fn losses(&self) -> impl Iterator<Item = (Time, Option<End>)> {
        self.clients.iter().flat_map(|one| one.losses.iter().copied())
    }

    /// How long each client was without its connection that got it back, in order of length.
    pub fn recoveries(&self) -> Vec<Span> {
        let spans = self.losses().filter_map(|(lost, end)| match end {
            Some(End::Back(back)) => Some(back.since(lost)),
            Some(End::Over(_)) | None => None,
        });
        sorted(spans)
    }

    /// How long after this moment each connection was back that was lost then, in order.
    pub fn back_after(&self, moment: Time) -> Vec<Span> {
        let spans = self.losses().filter_map(|(lost, end)| match end {
            Some(End::Back(back)) if lost <= moment && back >= moment => Some(back.since(moment)),
            Some(End::Back(_) | End::Over(_)) | None => None,
        });
        sorted(spans)
    }

    /// All attempts.
    pub fn attempts(&self) -> usize {
        self.clients.iter().map(|one| one.attempts).sum()
    }

    /// The second with the most attempts: how many, and which it is.
    pub fn busiest(&self) -> Option<(usize, usize)> {
        let busy = self.seconds.iter().enumerate().map(|(at, second)| (second.attempts, at));
        busy.max_by_key(|(attempts, at)| (*attempts, usize::MAX - at))
    }
}

/// The value that so many per cent do not exceed; values are in order.
pub fn percentile(values: &[Span], percent: usize) -> Option<Span> {
    let place = (values.len() * percent).div_ceil(100).checked_sub(1)?;
    values.get(place).copied()
}

fn sorted(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    spans
}

fn second(at: Time) -> usize {
    usize::try_from(at.ms() / 1000).expect("a run has fewer seconds")
}

struct Walk {
    storm: Storm,
    second: usize,
    up: usize,
    line: usize,
}

impl Walk {
    /// Closes the seconds before this one.
    fn pass_to(&mut self, second: usize) {
        while self.second < second {
            self.storm.seconds[self.second].connected = self.up;
            self.second += 1;
            self.storm.seconds[self.second].line = self.line;
        }
    }

    fn take(&mut self, record: &Record, members: &Range<usize>) {
        if let (Who::Server, Event::Wire(Wire::LoginsInLine(line))) = (record.who, &record.event) {
            self.line = *line;
            let longest = &mut self.storm.seconds[self.second].line;
            *longest = (*longest).max(*line);
            if self.storm.line.is_none_or(|(most, _)| *line > most) {
                self.storm.line = Some((*line, record.at));
            }
        }
        let Who::Client(ClientId(client)) = record.who else { return };
        if !members.contains(&client) {
            return;
        }
        let one = &mut self.storm.clients[client - members.start];
        match &record.event {
            Event::Wire(Wire::Attempt { .. }) => {
                one.attempts += 1;
                self.storm.seconds[self.second].attempts += 1;
            }
            Event::Callback(Callback::ConnectionStateChanged { state, .. }) => {
                self.up -= usize::from(one.state == State::Up);
                one.turn(*state, record.at);
                self.up += usize::from(one.state == State::Up);
            }
            Event::Callback(Callback::RoomStateChanged { state, .. }) => {
                one.entered |= *state == RoomState::Connected;
            }
            Event::ProcessDied => {
                self.up -= usize::from(one.state == State::Up);
                one.turn(ConnectionState::Disconnected, record.at);
            }
            Event::Callback(_)
            | Event::Called { .. }
            | Event::Result { .. }
            | Event::Shown { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessStarted
            | Event::Admin { .. }
            | Event::Server(_)
            | Event::Wire(_) => {}
        }
    }
}

impl OneOfMany {
    fn turn(&mut self, state: ConnectionState, at: Time) {
        let was_lost = self.state == State::Lost;
        let (next, end) = match state {
            ConnectionState::Connected => (State::Up, End::Back(at)),
            ConnectionState::Disconnected | ConnectionState::Connecting => {
                (State::Down, End::Over(at))
            }
            ConnectionState::Reconnecting => {
                if !was_lost {
                    self.losses.push((at, None));
                }
                self.state = State::Lost;
                return;
            }
        };
        if next == State::Up {
            self.connected.get_or_insert(at);
        }
        if let Some((_, open)) = self.losses.last_mut().filter(|_| was_lost) {
            *open = Some(end);
        }
        self.state = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::bench::{ALICE, Bench};
    use crate::zim::ConnectionEvent;

    #[test]
    fn losses_attempts_and_connections_are_counted_by_the_second() {
        use ConnectionState::{Connected, Connecting, Reconnecting};
        let mut bench = Bench::new(&["alice", "bob"]);
        let turns = [
            (0, Connecting, ConnectionEvent::ActiveLogin),
            (500, Connected, ConnectionEvent::Success),
            (3_200, Reconnecting, ConnectionEvent::LoginInterrupted),
            (7_700, Connected, ConnectionEvent::Success),
        ];
        for (at, state, event) in turns {
            let told = Event::Callback(Callback::ConnectionStateChanged { state, event });
            bench.put(at, Who::Client(ALICE), told);
        }
        let line = |line| Event::Wire(Wire::LoginsInLine(line));
        bench.put(4_000, Who::Server, line(3)).put(4_100, Who::Server, line(2));
        let recording = bench.recording();
        let storm = Storm::of(&recording, &(0..2));
        let connected: Vec<_> = storm.seconds[..9].iter().map(|second| second.connected).collect();
        assert_eq!(connected, [1, 1, 1, 0, 0, 0, 0, 1, 1]);
        assert_eq!(storm.recoveries(), [Span::from_ms(4_500)]);
        assert_eq!(storm.back_after(Time::from_ms(5_000)), [Span::from_ms(2_700)]);
        assert_eq!(storm.back_after(Time::from_ms(3_000)), []);
        assert_eq!(storm.line, Some((3, Time::from_ms(4_000))));
        let lines: Vec<_> = storm.seconds[3..6].iter().map(|second| second.line).collect();
        assert_eq!(lines, [0, 3, 2]);
        let alone = Storm::of(&recording, &(1..2));
        assert_eq!(alone.clients, [OneOfMany::default()]);
        assert_eq!(alone.seconds[5].connected, 0);
    }

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        let spans: Vec<_> = [1, 2, 3, 4].map(Span::from_secs).to_vec();
        assert_eq!(percentile(&spans, 50), Some(Span::from_secs(2)));
        assert_eq!(percentile(&spans, 51), Some(Span::from_secs(3)));
        assert_eq!(percentile(&spans, 99), Some(Span::from_secs(4)));
        assert_eq!(percentile(&[], 50), None);
    }
}
