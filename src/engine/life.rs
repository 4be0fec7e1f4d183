//! What becomes of one host over a whole run: its processes, its clock, and what lasts on it.

use super::host::{Belongings, NameService, Slowness};
use crate::net::{NameAnswer, ServerState};
use crate::record::{FaultId, HostId};
use crate::server::Memory;
use crate::time::{Now, Span, Time};

/// A host from the first of its processes to the last.
pub(super) struct Life {
    /// Which host it is.
    pub host: HostId,
    /// How many faults keep the machine without power; it runs while there are none.
    power_cuts: u32,
    /// How many faults keep its process dead.
    kills: u32,
    /// How often the process has been started before.
    pub incarnation: u32,
    /// The first moment at which the present process does anything.
    pub up_from: Time,
    /// Whether one of the faults that hold it down destroys its state.
    loses_state: bool,
    /// What the next process begins with.
    pub saved: Belongings,
    /// How many connections the device has had.
    pub conns: u32,
    /// How far its calendar clock is ahead, in ms.
    pub clock_ms: i64,
    /// The faults that stop its process.
    pub stops: Vec<FaultId>,
    /// How many faults have told it that it has no network.
    pub offline: u32,
    /// The faults that disturb look-ups; the last one counts.
    names: Vec<(FaultId, NameAnswer)>,
    /// The faults that make it hear late; the last one counts.
    delays: Vec<(FaultId, Span)>,
}

impl Life {
    /// A host before its first process.
    pub fn new(host: HostId, clock_ms: i64) -> Life {
        let saved = match host {
            HostId::Server => Belongings::Server(Memory::new(0)),
            HostId::Client(_) => Belongings::Client(Default::default(), Default::default()),
            HostId::Portal => Belongings::None,
        };
        Life {
            host,
            power_cuts: 0,
            kills: 0,
            incarnation: 0,
            up_from: Time::ZERO,
            loses_state: false,
            saved,
            conns: 0,
            clock_ms,
            stops: Vec::new(),
            offline: 0,
            names: Vec::new(),
            delays: Vec::new(),
        }
    }

    /// Whether the machine runs, and with it the kernel.
    pub fn has_power(&self, now: Time) -> bool {
        self.power_cuts == 0 && now >= self.up_from
    }

    /// When the machine is to start, if nothing keeps it down and it is yet to come.
    pub fn starts_after(&self, now: Time) -> Option<Time> {
        Some(self.up_from).filter(|at| self.power_cuts == 0 && *at > now)
    }

    /// Whether the process is not kept dead; it runs if the machine does.
    pub fn has_process(&self) -> bool {
        self.power_cuts == 0 && self.kills == 0
    }

    /// Both clocks of the device.
    pub fn now(&self, time: Time) -> Now {
        Now::skewed(time, self.clock_ms)
    }

    /// The power goes; whether it was there.
    pub fn lose_power(&mut self, state: ServerState) -> bool {
        self.loses_state |= state == ServerState::Lost;
        self.power_cuts += 1;
        self.power_cuts == 1
    }

    /// The process is killed.
    pub fn kill(&mut self, state: ServerState) {
        self.loses_state |= state == ServerState::Lost;
        self.kills += 1;
    }

    /// A power cut ends; whether the power is back.
    pub fn regain_power(&mut self) -> bool {
        self.power_cuts -= 1;
        self.power_cuts == 0
    }

    /// What killed the process ends.
    pub fn cease_killing(&mut self) {
        self.kills -= 1;
    }

    /// The machine or its process starts again, and acts from the next moment on.
    pub fn start_again(&mut self, now: Time) {
        self.incarnation += 1;
        self.up_from = now + Time::QUANTUM;
        if self.has_process() && std::mem::take(&mut self.loses_state) {
            self.saved.lose(self.incarnation);
        }
    }

    /// Names are looked up in this way from now on.
    pub fn disturb_names(&mut self, fault: FaultId, answer: NameAnswer) {
        self.names.push((fault, answer));
    }

    /// A disturbance of look-ups ends.
    pub fn mend_names(&mut self, fault: FaultId) {
        self.names.retain(|(by, _)| *by != fault);
    }

    /// How names are looked up now.
    pub fn names(&self) -> NameService {
        self.names.last().copied()
    }

    /// The process hears so much later from now on.
    pub fn slow_down(&mut self, fault: FaultId, delay: Span) {
        self.delays.push((fault, delay));
    }

    /// A slowness ends.
    pub fn speed_up(&mut self, fault: FaultId) {
        self.delays.retain(|(by, _)| *by != fault);
    }

    /// How slow it is now.
    pub fn slowness(&self) -> Slowness {
        self.delays.last().copied()
    }
}
