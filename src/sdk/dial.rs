//! Getting a connection and logging in on it, again and again, with growing pauses.
//!
//! A first login and a reconnection both dial; what they make of the outcome differs.

use super::{Account, Common, SERVER_NAME, SdkInput, after};
use crate::node::{Input, Output};
use crate::param::Percent;
use crate::protocol::{
    Channel, ClientFrame, FrameKind, Received, RequestId, ServerFrame, SessionEnd, SessionRef,
};
use crate::record::{ConnId, Wire};
use crate::rng::scale;
use crate::time::{Now, Span, Time};
use crate::zim::{ErrorCode, Token};

/// The client's end of a WebSocket.
pub(super) type ClientChannel = Channel<ServerFrame>;

/// Attempts to be connected and logged in.
pub(super) struct Dial {
    link: Link,
    /// Attempts so far.
    attempts: u32,
    /// Pauses since the beginning, or since the network was last said to be there.
    pauses: u32,
    /// Whether a server has been reached at all.
    pub reached: bool,
}

enum Link {
    /// Between two attempts.
    Waiting { until: Time },
    /// TCP and WebSocket are being opened.
    Opening { conn: ConnId, channel: ClientChannel, by: Time },
    /// The server is to answer the login.
    LoggingIn {
        conn: ConnId,
        channel: ClientChannel,
        request: RequestId,
        /// What was handed in; the app may have brought a newer one since.
        token: Token,
        by: Time,
    },
}

/// What became of an input.
pub(super) enum Progress {
    /// Still at it.
    Dialling(Dial),
    Welcome(Welcome),
    /// The server refused; the connection is closed.
    Refused(Refusal),
}

/// Logged in.
pub(super) struct Welcome {
    pub conn: ConnId,
    pub channel: ClientChannel,
    pub session: SessionRef,
    /// The token that the server took.
    pub token: Token,
    /// What came right behind the welcome.
    pub rest: Vec<ServerFrame>,
}

/// Not logged in, but ready to try again.
pub(super) struct Refusal {
    pub code: ErrorCode,
    pub ended: Option<SessionEnd>,
    /// The token that the server did not take.
    pub token: Token,
    pub dial: Dial,
}

/// What to log in with.
pub(super) struct Credentials<'a> {
    pub account: &'a Account,
    pub token: &'a Token,
    /// Whether the token waits to replace the session's own.
    pub renewed: bool,
}

impl Dial {
    /// Begins with an attempt at once.
    pub fn at_once(common: &mut Common, now: Now) -> Dial {
        let mut dial = Dial::new(now);
        dial.attempt(common, now);
        dial
    }

    /// Begins with a pause.
    pub fn after_pause(common: &mut Common, now: Now) -> Dial {
        let mut dial = Dial::new(now);
        dial.pause(common, now);
        dial
    }

    fn new(now: Now) -> Dial {
        let link = Link::Waiting { until: now.time };
        Dial { link, attempts: 0, pauses: 0, reached: false }
    }

    /// Feeds an input.
    pub fn handle(
        mut self,
        common: &mut Common,
        now: Now,
        with: &Credentials<'_>,
        input: SdkInput,
    ) -> Progress {
        match input {
            Input::Opened(conn) => self.opened(common, conn),
            Input::Bytes(conn, bytes) => {
                return self.bytes(common, now, with, conn, &bytes);
            }
            Input::Closed(conn, cause) => {
                if self.conn() == Some(conn) {
                    common.out.trace(|| Wire::Closed(conn, cause));
                    self.pause(common, now);
                }
            }
            Input::Timer => self.timer(common, now),
            // What was tried without a network may hang for long: its segments were lost.
            Input::NetworkUp => {
                self.hang_up(common);
                self.pauses = 0;
                self.attempt(common, now);
            }
            Input::Resumed => {
                if let Link::Waiting { .. } = self.link {
                    self.pauses = 0;
                    self.attempt(common, now);
                }
            }
            Input::NetworkDown => {
                if self.hang_up(common) {
                    self.pause(common, now);
                }
            }
            Input::Act(_) | Input::WallClockJumped => common.ignored(&input, "dialling"),
        }
        Progress::Dialling(self)
    }

    /// Gives up what is under way; whether there was anything.
    pub fn hang_up(&mut self, common: &mut Common) -> bool {
        let Some(conn) = self.conn() else { return false };
        common.abort(conn);
        true
    }

    /// When to be woken.
    pub fn deadline(&self) -> Option<(Time, &'static str)> {
        match &self.link {
            Link::Waiting { until } => Some((*until, "next attempt")),
            Link::Opening { by, .. } => Some((*by, "connect timeout")),
            Link::LoggingIn { by, .. } => Some((*by, "login timeout")),
        }
    }

    fn conn(&self) -> Option<ConnId> {
        match &self.link {
            Link::Waiting { .. } => None,
            Link::Opening { conn, .. } | Link::LoggingIn { conn, .. } => Some(*conn),
        }
    }

    fn attempt(&mut self, common: &mut Common, now: Now) {
        let conn = common.new_conn();
        common.note(Wire::Attempt { conn, number: self.attempts });
        self.attempts += 1;
        common.out.push(Output::Connect(conn, SERVER_NAME));
        let channel = Channel::client(common.random.fork(u64::from(conn.0)), SERVER_NAME);
        let by = after(now, common.params.reconnect_connect_timeout);
        self.link = Link::Opening { conn, channel, by };
    }

    /// Waits before the next attempt: doubling, up to a limit, with jitter to both sides.
    fn pause(&mut self, common: &mut Common, now: Now) {
        let params = &common.params;
        let doubled = params.reconnect_first_delay * (1 << self.pauses.min(20));
        self.pauses += 1;
        let wait = doubled.min(params.reconnect_max_delay);
        let jitter = params.reconnect_jitter.ppm();
        let share = Percent::WHOLE - jitter + scale(common.random.next_u64(), 2 * jitter + 1);
        let wait = Span::from_ms(wait.ms() * share / Percent::WHOLE);
        common.out.trace(|| Wire::BackedOff { wait });
        self.link = Link::Waiting { until: after(now, wait) };
    }

    fn opened(&mut self, common: &mut Common, opened: ConnId) {
        match &mut self.link {
            Link::Opening { conn, channel, .. } if *conn == opened => {
                common.out.trace(|| Wire::Opened(opened));
                let request = channel.open();
                common.out.push(Output::Send(opened, FrameKind::Upgrade, request));
            }
            Link::Waiting { .. } | Link::Opening { .. } | Link::LoggingIn { .. } => {
                common.ignored(&Input::Opened(opened), "dialling");
            }
        }
    }

    fn timer(&mut self, common: &mut Common, now: Now) {
        if self.deadline().is_none_or(|(at, _)| at > now.time) {
            return;
        }
        match &self.link {
            Link::Waiting { .. } => self.attempt(common, now),
            Link::Opening { conn, .. } | Link::LoggingIn { conn, .. } => {
                common.abort(*conn);
                self.pause(common, now);
            }
        }
    }

    fn bytes(
        mut self,
        common: &mut Common,
        now: Now,
        with: &Credentials<'_>,
        from: ConnId,
        bytes: &[u8],
    ) -> Progress {
        if self.conn() != Some(from) {
            common.ignored(&Input::Bytes(from, Vec::new()), "dialling");
            return Progress::Dialling(self);
        }
        let received = match &mut self.link {
            Link::Opening { channel, .. } | Link::LoggingIn { channel, .. } => {
                channel.receive(bytes)
            }
            Link::Waiting { .. } => unreachable!("a pause has no connection"),
        };
        let received = match received {
            Ok(received) => received,
            Err(error) => {
                common.note(Wire::Misbehaved(from, error.to_string()));
                common.abort(from);
                self.pause(common, now);
                return Progress::Dialling(self);
            }
        };
        self.heard(common, now, with, from, received)
    }

    fn heard(
        mut self,
        common: &mut Common,
        now: Now,
        with: &Credentials<'_>,
        conn: ConnId,
        received: Received<ServerFrame>,
    ) -> Progress {
        if !received.reply.is_empty() {
            common.out.push(Output::Send(conn, FrameKind::ClientControl, received.reply));
        }
        if received.opened {
            self.log_in(common, now, with);
        }
        let mut frames = received.frames.into_iter();
        while let Some(frame) = frames.next() {
            common.out.trace(|| Wire::ClientGot(conn, frame.clone()));
            match (frame, self.link) {
                (
                    ServerFrame::Welcome { id, session },
                    Link::LoggingIn { channel, request, token, .. },
                ) if id == request => {
                    let rest = frames.collect();
                    return Progress::Welcome(Welcome { conn, channel, session, token, rest });
                }
                (
                    ServerFrame::Refused { id, code, ended },
                    Link::LoggingIn { request, token, .. },
                ) if id == request => {
                    common.out.push(Output::Finish(conn));
                    self.link = Link::Waiting { until: now.time };
                    self.pause(common, now);
                    return Progress::Refused(Refusal { code, ended, token, dial: self });
                }
                // Pushes before the welcome belong to no session.
                (_, link) => self.link = link,
            }
        }
        if received.closed {
            common.out.push(Output::Finish(conn));
            self.pause(common, now);
        }
        Progress::Dialling(self)
    }

    fn log_in(&mut self, common: &mut Common, now: Now, with: &Credentials<'_>) {
        let Credentials { account, token, renewed } = *with;
        self.reached = true;
        let link = std::mem::replace(&mut self.link, Link::Waiting { until: now.time });
        let (Link::Opening { conn, mut channel, .. } | Link::LoggingIn { conn, mut channel, .. }) =
            link
        else {
            unreachable!("a pause has no connection");
        };
        let request = common.new_request();
        let login = ClientFrame::Login {
            id: request,
            user: account.user.clone(),
            device: account.device.clone(),
            platform: account.platform,
            token: token.clone(),
            resume: account.session,
            renewed,
        };
        common.send(conn, &mut channel, login);
        let by = after(now, common.params.reconnect_login_timeout);
        self.link = Link::LoggingIn { conn, channel, request, token: token.clone(), by };
    }
}
