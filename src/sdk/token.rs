//! The token a session rests on: when to warn of its end, and when it ends.

use super::Common;
use crate::param::TokenClock;
use crate::record::Wire;
use crate::time::{Now, Span, Time, Wall};
use crate::zim::{Callback, Token};

/// A token, watched by the device's own clocks.
pub(super) struct TokenWatch {
    pub token: Token,
    expires: Option<Wall>,
    warn_at: Option<Time>,
    end_at: Option<Time>,
}

impl TokenWatch {
    /// Holds a token; nothing is watched before [`TokenWatch::arm`].
    pub fn new(token: Token) -> TokenWatch {
        TokenWatch { token, expires: None, warn_at: None, end_at: None }
    }

    /// Begins to watch a token that the server has taken. Warns at once if its end is near.
    /// Without token authentication nothing expires.
    pub fn arm(&mut self, common: &mut Common, now: Now) {
        if !common.params.token_authentication {
            return;
        }
        self.expires = self.token.expires();
        let Some(expires) = self.expires else { return };
        common.note(Wire::TokenHeld { expires });
        self.warn_at = None;
        let warn_wall = expires - common.params.token_warning;
        if warn_wall <= now.wall {
            self.warn(common, now);
        } else {
            self.warn_at = Some(now.deadline_at_wall(warn_wall));
        }
        self.set_end(common, now, expires);
    }

    /// Sets the timers anew after the calendar clock was set.
    pub fn clock_jumped(&mut self, common: &mut Common, now: Now) {
        let Some(expires) = self.expires else { return };
        if self.warn_at.is_some() {
            let warn_wall = expires - common.params.token_warning;
            self.warn_at = Some(now.deadline_at_wall(warn_wall));
        }
        if self.end_at.is_some() {
            self.set_end(common, now, expires);
        }
    }

    fn set_end(&mut self, common: &Common, now: Now, expires: Wall) {
        self.end_at = match common.params.token_clock {
            TokenClock::Device | TokenClock::Both => Some(now.deadline_at_wall(expires)),
            TokenClock::Server => None,
        };
    }

    /// Puts an end to watching for the token's end: the server is the judge at the return.
    pub fn leave_end_to_server(&mut self) {
        self.end_at = None;
    }

    /// Warns if the time has come.
    pub fn warn_if_due(&mut self, common: &mut Common, now: Now) {
        if self.warn_at.is_some_and(|at| at <= now.time) {
            self.warn(common, now);
        }
    }

    fn warn(&mut self, common: &mut Common, now: Now) {
        self.warn_at = None;
        let left = self.expires.map_or_else(Default::default, |e| e.until_from(now.wall));
        // The public callback counts whole seconds.
        let left = Span::from_secs(left.ms() / 1000);
        common.callback(Callback::TokenWillExpire { left });
    }

    /// Whether the token has run out by the device's clock.
    pub fn ran_out(&self, now: Now) -> bool {
        self.end_at.is_some_and(|at| at <= now.time)
    }

    /// When to be woken.
    pub fn deadlines(&self) -> [Option<(Time, &'static str)>; 2] {
        [self.warn_at.map(|at| (at, "token warning")), self.end_at.map(|at| (at, "token end"))]
    }

    /// A newer token waits to be used for the reconnection: its end counts, not this one's,
    /// if it is later. Whether it is any good is the server's to say.
    pub fn extend_to(&mut self, now: Now, newer: &Token) {
        if let (Some(end), Some(expires)) = (self.end_at, newer.expires()) {
            self.end_at = Some(end.max(now.deadline_at_wall(expires)));
        }
    }

    /// This one's own end counts again: the newer token was no good, or the client is back.
    /// One that is due in this moment stays so.
    pub fn watch_end_again(&mut self, common: &Common, now: Now) {
        let watched = self.end_at;
        if let Some(expires) = self.expires {
            self.set_end(common, now, expires);
        }
        self.end_at = watched.into_iter().chain(self.end_at).min();
    }
}
