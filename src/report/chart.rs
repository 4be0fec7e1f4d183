//! What is drawn, whatever it comes from: lanes with ribbons, bands, marks; arrows.

use super::axis::Axis;
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};

/// Pixels of a mark, and of a badge with two letters in it.
const MARK: u32 = 16;
const BADGE: u32 = 26;
/// So many marks of one moment stand side by side; more stand closer, down to this.
const CROWD: u32 = 8;
const CLOSEST: u32 = 4;

/// A drawing.
#[derive(Debug)]
pub struct Chart {
    /// From top to bottom.
    pub lanes: Vec<Lane>,
    /// Messages between the server's lane and clients' lanes.
    pub arrows: Vec<Arrow>,
    /// Packets that left a host: when, and the host's lane.
    pub packets: Vec<(Time, usize)>,
    /// When the run ended.
    pub end: Time,
}

/// What a lane is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A fault, or several that don't overlap; changes of link settings.
    Network,
    /// A room as the server has it.
    ServerRoom,
    /// The server.
    Server,
    /// A client device.
    Client,
    /// A room as that client's app is told of it.
    Room,
}

/// One lane.
#[derive(Debug)]
pub struct Lane {
    /// What it is about.
    pub kind: Kind,
    /// What stands beside it.
    pub name: String,
    /// A word below the name, may be empty.
    pub note: String,
    /// States, by time.
    pub ribbon: Vec<Segment>,
    /// Faults that strike it.
    pub bands: Vec<(Time, Time)>,
    /// Moments drawn across it.
    pub lines: Vec<Time>,
    /// What happened, by time.
    pub marks: Vec<Mark>,
}

/// A stretch of one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// How it looks.
    pub look: Look,
    /// The state in a figure or two; may be empty.
    pub short: String,
    /// The state in words.
    pub words: String,
    /// Where a click on it leads, if anywhere.
    pub link: Option<String>,
}

/// How a stretch looks. Colour says nothing that its words do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing there, and nothing wrong.
    Off,
    /// On the way there.
    Waiting,
    /// As it should be.
    On,
    /// Broken for now.
    Broken,
    /// Over, and not by the app's wish.
    Ended,
    /// A fault.
    Fault,
    /// A setting.
    Setting,
}

impl Look {
    /// Its class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Look::Off => "off",
            Look::Waiting => "waiting",
            Look::On => "on",
            Look::Broken => "broken",
            Look::Ended => "ended",
            Look::Fault => "fault",
            Look::Setting => "setting",
        }
    }
}

/// Something at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// What sort of thing.
    pub sort: Sort,
    /// The number of its event: the list and the chart link to each other by it.
    pub event: usize,
    /// Something is wrong with it, or (in a comparison) different.
    pub flagged: bool,
}

/// What sort of thing a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The app calls.
    Call,
    /// A call succeeded.
    Ok,
    /// A call failed.
    Error,
    /// A callback.
    Callback,
    /// The app shows something.
    Shown,
    /// The scenario's hand: faults, settings, administrators.
    Hand,
    /// A fact that the server knows.
    Fact,
    /// T0, T1 or T2 of a room.
    Moment(&'static str),
}

impl Sort {
    /// Its class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Sort::Call => "call",
            Sort::Ok => "ok",
            Sort::Error => "error",
            Sort::Callback => "callback",
            Sort::Shown => "shown",
            Sort::Hand => "hand",
            Sort::Fact => "fact",
            Sort::Moment(_) => "moment",
        }
    }

    fn width(self) -> u32 {
        match self {
            Sort::Moment(_) => BADGE,
            Sort::Call
            | Sort::Ok
            | Sort::Error
            | Sort::Callback
            | Sort::Shown
            | Sort::Hand
            | Sort::Fact => MARK,
        }
    }
}

/// A message between a client and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The client's lane.
    pub lane: usize,
    /// Towards the server.
    pub up: bool,
    /// When it was sent.
    pub sent: Time,
    /// When it arrived; `None`: never.
    pub got: Option<Time>,
    /// A heartbeat or its answer: noise, unless one looks for it.
    pub beat: bool,
    /// What it says.
    pub words: String,
}

impl Lane {
    /// An empty lane.
    pub fn new(kind: Kind, name: impl Into<String>) -> Lane {
        Lane {
            kind,
            name: name.into(),
            note: String::new(),
            ribbon: Vec::new(),
            bands: Vec::new(),
            lines: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// A new state from that moment on; the one before ends there.
    pub fn turn(&mut self, at: Time, look: Look, short: String, words: String) {
        self.close(at);
        self.ribbon.push(Segment {
            from: at,
            to: Time::from_ms(u64::MAX),
            look,
            short,
            words,
            link: None,
        });
    }

    /// Ends the present state without another.
    pub fn close(&mut self, at: Time) {
        if let Some(last) = self.ribbon.last_mut() {
            last.to = last.to.min(at);
        }
        self.ribbon.retain(|segment| segment.from < segment.to);
    }

    /// Each mark's distance from the moment it stands at, in pixels. A crowd stands closer,
    /// so that one busy millisecond does not fill the page.
    pub fn places(&self) -> Vec<u32> {
        let mut places = Vec::new();
        for crowd in self.marks.chunk_by(|a, b| a.at == b.at) {
            let count = u32::try_from(crowd.len()).unwrap_or(u32::MAX).max(CROWD);
            let closer = |width: u32| (width * CROWD / count).max(CLOSEST);
            let mut offset = 0;
            for mark in crowd {
                places.push(offset);
                let badge = matches!(mark.sort, Sort::Moment(_));
                offset += if badge { BADGE } else { closer(MARK) };
            }
        }
        places
    }
}

impl Chart {
    /// The server's lane, if there is one.
    pub fn server(&self) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.kind == Kind::Server)
    }

    /// The axis on which nothing of these drawings covers anything.
    pub fn axis(charts: &[&Chart]) -> Axis {
        let mut widths: BTreeMap<Time, u32> = BTreeMap::new();
        let mut slot = |at: Time, width: u32| {
            let widest = widths.entry(at).or_default();
            *widest = width.max(*widest);
        };
        for lane in charts.iter().flat_map(|chart| &chart.lanes) {
            for (mark, place) in lane.marks.iter().zip(lane.places()) {
                slot(mark.at, place + mark.sort.width());
            }
            let ends = lane.ribbon.iter().flat_map(|segment| [segment.from, segment.to]);
            ends.chain(lane.lines.iter().copied()).for_each(|at| slot(at, 0));
        }
        let end = charts.iter().map(|chart| chart.end).max().unwrap_or_default();
        widths.retain(|at, _| *at <= end);
        Axis::new(widths, end)
    }

    /// Cuts what has no end off at the run's end, and puts marks in order.
    pub fn finished(mut self) -> Chart {
        let end = self.end;
        for lane in &mut self.lanes {
            lane.ribbon.iter_mut().for_each(|segment| segment.to = segment.to.min(end));
            lane.bands.iter_mut().for_each(|(_, to)| *to = (*to).min(end));
            lane.marks.sort_by_key(|mark| mark.at);
            let lines: BTreeSet<_> = lane.lines.iter().copied().collect();
            lane.lines = lines.into_iter().collect();
        }
        self
    }
}

/// Puts stretches on as few lanes as keep them apart; each gets a lane of its own while there
/// are no more than `roomy`.
pub fn packed(stretches: &[(Time, Time)], roomy: usize) -> Vec<usize> {
    let mut ends: Vec<Time> = Vec::new();
    let mut place = |(from, to): &(Time, Time)| {
        let free = ends.iter().position(|end| end <= from);
        let lane = free.filter(|_| stretches.len() > roomy).unwrap_or(ends.len());
        match ends.get_mut(lane) {
            Some(end) => *end = *to,
            None => ends.push(*to),
        }
        lane
    };
    stretches.iter().map(&mut place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(ms: u64) -> Time {
        Time::from_ms(ms)
    }

    #[test]
    fn marks_of_one_moment_stand_side_by_side_and_the_axis_has_room_for_them() {
        let mut lane = Lane::new(Kind::Client, "alice");
        let mark = |at, sort| Mark { at: t(at), sort, event: 0, flagged: false };
        lane.marks = vec![
            mark(5, Sort::Moment("T0")),
            mark(5, Sort::Callback),
            mark(5, Sort::Ok),
            mark(9, Sort::Ok),
        ];
        assert_eq!(lane.places(), [0, BADGE, BADGE + MARK, 0]);
        let lanes = vec![lane];
        let chart = Chart { lanes, arrows: Vec::new(), packets: Vec::new(), end: t(20) };
        let axis = Chart::axis(&[&chart]);
        assert_eq!(axis.x(t(9)).fixed - axis.x(t(5)).fixed, BADGE + 2 * MARK);
    }

    #[test]
    fn a_crowd_of_marks_takes_little_more_room_than_a_few() {
        let mut lane = Lane::new(Kind::Server, "server");
        let fact = Mark { at: t(5), sort: Sort::Fact, event: 0, flagged: false };
        lane.marks = vec![fact; 2 * usize::try_from(CROWD).unwrap()];
        assert_eq!(lane.places().last(), Some(&((2 * CROWD - 1) * MARK / 2)));
    }

    #[test]
    fn a_state_that_lasts_no_time_leaves_no_stretch() {
        let mut lane = Lane::new(Kind::Client, "alice");
        lane.turn(t(1), Look::Waiting, "1".into(), "a".into());
        lane.turn(t(1), Look::On, "2".into(), "b".into());
        lane.turn(t(7), Look::Broken, "3".into(), "c".into());
        lane.close(t(9));
        let spans: Vec<_> = lane.ribbon.iter().map(|s| (s.from, s.to, s.look)).collect();
        assert_eq!(spans, [(t(1), t(7), Look::On), (t(7), t(9), Look::Broken)]);
    }

    #[test]
    fn stretches_share_a_lane_only_where_there_are_many_and_they_are_apart() {
        let stretches = [(t(0), t(5)), (t(2), t(9)), (t(5), t(6))];
        assert_eq!(packed(&stretches, 3), [0, 1, 2]);
        assert_eq!(packed(&stretches, 2), [0, 1, 0]);
    }
}
