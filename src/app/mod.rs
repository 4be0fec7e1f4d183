//! The app that drives an SDK: it acts at scripted times and reacts to what it hears.

mod policy;
mod script;

pub use script::{Act, Policy, Reaction, Script, TokenQuality, TokenSpec};

use crate::node::{Input, Node, Outbox, Output};
use crate::record::Origin;
use crate::time::{Now, Span, Time};
use crate::zim::{Call, CallId, Callback, ConnectionState, News, Token, UserId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an app does when its moment has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It calls the SDK.
    Call {
        /// Pairs the result.
        id: CallId,
        /// Who asked for it.
        origin: Origin,
        /// The call.
        call: Call,
    },
    /// It shows its user something.
    Show(String),
}

/// What a device keeps of its app from one process to the next: how far the script has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    next_call: u32,
    /// How often each reaction has fired; none yet if it is empty.
    fired: Vec<u32>,
}

/// One app on one device.
pub struct App {
    script: Arc<Script>,
    out: Outbox<Doing>,
    next_step: usize,
    next_call: u32,
    /// Reactions and policy acts whose delay is running, by time and order of scheduling.
    scheduled: BTreeMap<(Time, u64), (Origin, Act)>,
    next_scheduled: u64,
    /// How often each reaction has fired.
    fired: Vec<u32>,
    /// The connection's state, as last told.
    connection: ConnectionState,
}

impl App {
    /// An app whose process starts at `from`: what its script has for earlier is past.
    pub fn new(script: Arc<Script>, from: Time, progress: Progress) -> App {
        let Progress { next_call, mut fired } = progress;
        fired.resize(script.reactions.len(), 0);
        App {
            out: Outbox::new(false),
            next_step: script.steps.partition_point(|(at, ..)| *at < from),
            next_call,
            scheduled: BTreeMap::new(),
            next_scheduled: 0,
            fired,
            connection: ConnectionState::Disconnected,
            script,
        }
    }

    /// What the next process on this device goes on from.
    pub fn into_progress(self) -> Progress {
        Progress { next_call: self.next_call, fired: self.fired }
    }

    fn timer(&mut self, now: Now) {
        let script = Arc::clone(&self.script);
        while let Some((_, origin, act)) =
            script.steps.get(self.next_step).filter(|(at, ..)| *at <= now.time)
        {
            self.next_step += 1;
            self.act(now, *origin, act.clone());
        }
        while let Some(entry) = self.scheduled.first_entry().filter(|e| e.key().0 <= now.time) {
            let (origin, act) = entry.remove();
            self.act(now, origin, act);
        }
    }

    fn hear(&mut self, now: Now, callback: &Callback) {
        let script = Arc::clone(&self.script);
        for (index, reaction) in script.reactions.iter().enumerate() {
            let left = reaction.times.is_none_or(|times| self.fired[index] < times);
            if left && reaction.on.matches(callback) {
                self.fired[index] += 1;
                self.schedule(now, reaction.after, reaction.origin, reaction.act.clone());
            }
        }
        if let Some(policy) = script.policy {
            for (after, act) in policy.answer(&script, self.connection, callback) {
                self.schedule(now, after, Origin::Policy, act);
            }
        }
        if let Callback::ConnectionStateChanged { state, .. } = callback {
            self.connection = *state;
        }
    }

    /// An app never acts within the callback itself: the earliest is one quantum later.
    fn schedule(&mut self, now: Now, after: Span, origin: Origin, act: Act) {
        let at = now.time + after.max(Time::QUANTUM);
        self.scheduled.insert((at, self.next_scheduled), (origin, act));
        self.next_scheduled += 1;
    }

    fn act(&mut self, now: Now, origin: Origin, act: Act) {
        let call = match act {
            Act::Show(text) => return self.out.push(Output::Up(Doing::Show(text))),
            Act::Call(call) => call,
            Act::Login { user, token } => Call::Login {
                token: make(&user, token, now.time),
                user,
                device: self.script.device.clone(),
                platform: self.script.platform,
            },
            Act::RenewToken { token } => {
                Call::RenewToken { token: make(&self.script.user, token, now.time) }
            }
        };
        let id = CallId(self.next_call);
        self.next_call += 1;
        self.out.push(Output::Up(Doing::Call { id, origin, call }));
    }
}

impl Node for App {
    type Act = News;
    type News = Doing;

    fn handle(&mut self, now: Now, input: Input<News>) {
        match input {
            Input::Timer => self.timer(now),
            Input::Act(News::Callback(callback)) => self.hear(now, &callback),
            // Results are the scenario's business; no reaction hangs on them.
            Input::Act(News::Result { .. }) => {}
            // An app has no connections, and hears of the network from its SDK alone.
            Input::Opened(_)
            | Input::Bytes(..)
            | Input::Closed(..)
            | Input::NetworkUp
            | Input::NetworkDown
            | Input::Resumed
            | Input::WallClockJumped => {}
        }
    }

    fn poll(&mut self) -> Option<Output<Doing>> {
        self.out.pop()
    }

    fn deadline(&self) -> Option<(Time, &'static str)> {
        let step = self.script.steps.get(self.next_step).map(|(at, ..)| (*at, "script"));
        let reaction = self.scheduled.keys().next().map(|(at, _)| (*at, "reaction"));
        step.into_iter().chain(reaction).min()
    }
}

/// The token that the app's own server hands out at this moment. That server's clock is
/// right, whatever the device's may say.
fn make(user: &UserId, spec: TokenSpec, time: Time) -> Token {
    const LONG_AGO: Span = Span::from_secs(1);
    let wall = Now::exact(time).wall;
    match spec.quality {
        TokenQuality::Good => Token::mint(user, wall + spec.life),
        TokenQuality::Forged => Token::forged(user, wall + spec.life),
        TokenQuality::Expired => Token::mint(user, wall - LONG_AGO),
    }
}
