//! The seam between a core and whatever runs it.
//!
//! A core is a state machine without I/O. It owns no socket, reads no clock and draws no
//! randomness but from a stream handed to it. Inputs come in with the time; effects are
//! polled out; a deadline says when to come back if nothing else happens first.
//!
//! [`step`] is the only caller of `handle`. One input, then everything drained: so a
//! core never sees an input while its last effects are still unheard.
//!
//! ```
//! use std::sync::Arc;
//! use zimsim::node::{Input, Output, step};
//! use zimsim::param::Params;
//! use zimsim::rng::Seed;
//! use zimsim::sdk::{SERVER_NAME, Sdk, Store};
//! use zimsim::time::{Now, Time, Wall};
//! use zimsim::zim::{Call, CallId, Platform, Token};
//!
//! let (params, random) = (Arc::new(Params::default()), Seed(1).stream("alice"));
//! let mut sdk = Sdk::new(params, random, 0, Store::default(), false);
//! let login = Call::Login {
//!     user: "alice".into(),
//!     device: "phone".into(),
//!     platform: Platform::Android,
//!     token: Token::mint(&"alice".into(), Wall::from_ms(3_600_000)),
//! };
//! let now = Now::exact(Time::ZERO);
//! let mut effects = Vec::new();
//! step(&mut sdk, now, Input::Act((CallId(0), login)), |effect| effects.push(effect));
//! assert!(effects.iter().any(|effect| matches!(effect, Output::Connect(_, SERVER_NAME))));
//! ```

use crate::protocol::FrameKind;
use crate::record::{CloseCause, ConnId, Event, Wire};
use crate::time::{Now, Time};
use std::collections::VecDeque;

/// What can happen to a core. `A` is what comes from above it: a call for the SDK, an
/// administrator's act for the server, news of the SDK for the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<A> {
    /// A connection it asked for is open, or, at a server, one was accepted.
    Opened(ConnId),
    /// Bytes arrived, cut anywhere.
    Bytes(ConnId, Vec<u8>),
    /// A connection is over; nothing more comes of it.
    Closed(ConnId, CloseCause),
    /// The deadline has come.
    Timer,
    /// Something from above.
    Act(A),
    /// The operating system says that the network is there.
    NetworkUp,
    /// The operating system says that the network is gone.
    NetworkDown,
    /// The process runs again after it was suspended.
    Resumed,
    /// The calendar clock was set.
    WallClockJumped,
}

/// What a core wants done. `E` is what goes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<E> {
    /// Open a connection to the host of this name; answered by `Opened` or `Closed`.
    Connect(ConnId, &'static str),
    /// Send bytes, which are one frame of this kind.
    Send(ConnId, FrameKind, Vec<u8>),
    /// Send what is queued, then close (FIN). No more is heard of the connection.
    Finish(ConnId),
    /// Drop the connection now (RST). No more is heard of it.
    Abort(ConnId),
    /// Tell whoever is above.
    Up(E),
    /// Write it down.
    Note(Event),
}

/// A core: the SDK, the server, or the app.
pub trait Node {
    /// What comes from above.
    type Act;
    /// What goes up.
    type News;

    /// Feeds one input. `now` never goes back.
    fn handle(&mut self, now: Now, input: Input<Self::Act>);

    /// The next effect, oldest first; `None` means drained.
    fn poll(&mut self) -> Option<Output<Self::News>>;

    /// When to feed [`Input::Timer`] if nothing else comes first, and for what. Later than
    /// the last [`Input::Timer`], always: timers can't spin within a millisecond.
    fn deadline(&self) -> Option<(Time, &'static str)>;
}

/// Feeds one input and hands every effect to `sink`, which must not feed the core.
pub fn step<N: Node>(
    node: &mut N,
    now: Now,
    input: Input<N::Act>,
    mut sink: impl FnMut(Output<N::News>),
) {
    let timers_ran = matches!(input, Input::Timer);
    node.handle(now, input);
    while let Some(output) = node.poll() {
        sink(output);
    }
    if timers_ran && let Some((at, timer)) = node.deadline() {
        assert!(at > now.time, "the deadline `{timer}` at {at} is not after {}", now.time);
    }
}

/// Where a core queues its effects until they are polled.
#[derive(Debug)]
pub struct Outbox<E> {
    queue: VecDeque<Output<E>>,
    trace: bool,
}

impl<E> Outbox<E> {
    /// An empty one. `trace`: whether [`Outbox::trace`] keeps anything.
    pub fn new(trace: bool) -> Outbox<E> {
        Outbox { queue: VecDeque::new(), trace }
    }

    /// Queues an effect.
    pub fn push(&mut self, output: Output<E>) {
        self.queue.push_back(output);
    }

    /// Queues an event for the recording.
    pub fn note(&mut self, event: Event) {
        self.queue.push_back(Output::Note(event));
    }

    /// Queues an event that only a traced run records, and only then makes it.
    pub fn trace(&mut self, event: impl FnOnce() -> Wire) {
        if self.trace {
            self.queue.push_back(Output::Note(Event::Wire(event())));
        }
    }

    /// The oldest effect.
    pub fn pop(&mut self) -> Option<Output<E>> {
        self.queue.pop_front()
    }
}
