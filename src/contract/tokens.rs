//! Which token a client used from when to when, as its calls and their results tell.

use super::clock::Clock;
use super::story::{Mark, Story};
use crate::param::TokenClock;
use crate::scenario::Plan;
use crate::time::{Span, Time, Wall};
use crate::zim::{Call, ConnectionEvent, ConnectionState, ErrorCode, Token};

/// One token in use.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which login it belongs to.
    pub session: usize,
    /// Since when: the result of `login` or `renewToken`.
    pub since: Mark,
    /// When it runs out, by the clock that `token.clock` names; by the earlier of both.
    pub expires: Time,
    /// When it runs out by the server's clock.
    pub by_server: Time,
    /// When it runs out by the device's clock.
    pub by_device: Time,
    /// Whether `expires` is by the server's clock.
    pub server_decides: bool,
    /// When its end is to be warned of, by the device's clock.
    pub warning_due: Time,
    /// What the clock will read at its end.
    pub wall: Wall,
    /// When a newer one replaced it.
    pub renewed: Option<Mark>,
    /// When it was no longer in use: replaced, or the session over.
    pub over: Option<Mark>,
    /// `renewToken` calls made before it was out of use, without those answered before it was in.
    renewals: Vec<Renewal>,
}

/// One `renewToken` call.
#[derive(Clone, Copy, Debug)]
struct Renewal {
    made: Mark,
    result: Option<(Mark, ErrorCode)>,
    /// When its token runs out, by the clock that gets there first; `None`: it can't be read.
    expires: Option<Time>,
}

impl Renewal {
    /// Whether it was under way at this moment.
    fn pending(&self, at: Time) -> bool {
        self.made.at <= at && self.result.is_none_or(|(mark, _)| mark.at >= at)
    }

    /// Whether it failed for want of an answer: the server may have taken its token.
    fn unheard(&self) -> bool {
        self.result.is_some_and(|(_, code)| {
            code == ErrorCode::IM_SERVER_DISCONNECT
                || code == ErrorCode::NETWORK_ERROR
                || code == ErrorCode::REQUEST_TIMEOUT
        })
    }

    /// Whether it was under way, or had failed for want of an answer.
    fn open(&self, at: Time) -> bool {
        self.pending(at) || (self.made.at <= at && self.unheard())
    }

    /// Whether it was answered before this moment: it is never open again.
    fn answered_before(&self, at: Time) -> bool {
        !self.unheard() && self.result.is_some_and(|(mark, _)| mark.at < at)
    }
}

impl Held {
    /// Whether a `renewToken` was under way at this moment.
    pub fn renewal_pending(&self, at: Time) -> bool {
        self.renewals.iter().any(|renewal| renewal.pending(at))
    }

    /// Whether the server may have taken a newer token that the client does not know to
    /// be taken: one is under way, or failed for want of an answer.
    pub fn renewal_open(&self, at: Time) -> bool {
        self.renewals.iter().any(|renewal| renewal.open(at))
    }

    /// Whether a newer token that the server may have taken has run out by this moment.
    pub fn unheard_ran_out(&self, at: Time) -> bool {
        let ran_out = |renewal: &Renewal| renewal.expires.is_some_and(|expiry| expiry <= at);
        self.renewals.iter().any(|renewal| renewal.open(at) && ran_out(renewal))
    }

    /// The callback that ended the session while this token was in use.
    pub fn ended_with(&self, story: &Story) -> Option<(Mark, ConnectionEvent)> {
        let over = self.over?;
        let turn = story.connections.iter().find(|turn| turn.mark == over)?;
        Some((turn.mark, turn.event))
    }
}

/// Every token of this client, in order.
pub fn held(plan: &Plan, story: &Story) -> Vec<Held> {
    let clock = Clock::of(plan, story.client);
    let mut all = Vec::new();
    for (session, login) in story.calls.iter().enumerate() {
        let Call::Login { token, .. } = login.call else { continue };
        let Some((since, ErrorCode::SUCCESS)) = login.result else { continue };
        let over = session_end(story, since);
        hold((plan, &clock), story, session, since, token, over, &mut all);
    }
    all
}

/// Follows the tokens of one session.
fn hold(
    (plan, clock): (&Plan, &Clock),
    story: &Story,
    session: usize,
    login: Mark,
    first: &Token,
    over: Option<Mark>,
    all: &mut Vec<Held>,
) {
    let within = |mark: Mark| mark > login && over.is_none_or(|over| mark < over);
    let mut renewals: Vec<Renewal> = Vec::new();
    let mut swaps: Vec<(Mark, Option<Wall>)> = vec![(login, first.expires())];
    for made in story.calls.iter().filter(|made| within(made.mark)) {
        let Call::RenewToken { token } = made.call else { continue };
        let wall = token.expires();
        let expires =
            wall.map(|wall| on_server(wall).min(clock.reaches(made.mark.at, wall, Span::ZERO)));
        renewals.push(Renewal { made: made.mark, result: made.result, expires });
        if let Some((mark, ErrorCode::SUCCESS)) = made.result
            && within(mark)
        {
            swaps.push((mark, wall));
        }
    }
    swaps.sort_by_key(|(mark, _)| *mark);
    for (place, (since, wall)) in swaps.iter().enumerate() {
        let Some(wall) = *wall else { continue };
        let by_device = clock.reaches(since.at, wall, Time::QUANTUM);
        let by_server = on_server(wall);
        let server_decides = match plan.params.token_clock {
            TokenClock::Server => true,
            TokenClock::Device => false,
            TokenClock::Both => by_server < by_device,
        };
        let warns = clock.reaches(since.at, wall - plan.params.token_warning, Span::ZERO);
        let renewed = swaps.get(place + 1).map(|(mark, _)| *mark);
        let until = renewed.or(over);
        let expires = if server_decides { by_server } else { by_device };
        // Nobody asks about a time before both.
        let asked = expires.min(since.at);
        let own = |renewal: &&Renewal| {
            until.is_none_or(|until| renewal.made < until) && !renewal.answered_before(asked)
        };
        all.push(Held {
            session,
            since: *since,
            expires,
            by_server,
            by_device,
            server_decides,
            warning_due: warns,
            wall,
            renewed,
            over: until,
            renewals: renewals.iter().filter(own).copied().collect(),
        });
    }
}

/// The server's clock is never wrong.
fn on_server(wall: Wall) -> Time {
    Time::from_ms(u64::try_from(wall.ms()).unwrap_or(0))
}

/// When the session that began here was over: the app is told 0, or logs out.
fn session_end(story: &Story, since: Mark) -> Option<Mark> {
    let turns = story.connections.iter();
    let told = turns
        .filter(|turn| turn.mark > since && turn.state == ConnectionState::Disconnected)
        .map(|turn| turn.mark)
        .next();
    let logout = story.logout_after(since.index);
    told.into_iter().chain(logout).min()
}
