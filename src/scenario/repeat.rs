//! Steps that repeat: `every` so often, and `times` or `for` how long.

use super::context::Context;
use super::diagnostic::{Diagnostic, Mistakes};
use super::fields::Fields;
use super::weather::times;
use crate::record::Origin;
use crate::time::{Span, Time};

/// Keys that say how often a step is repeated: not both, and neither without `every`.
pub(super) const BOUNDS: [&str; 2] = ["times", "for"];

/// A step may be repeated so often, for all of a crowd together.
const MOST: u64 = 1_000_000;

/// When a step happens: once, or again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeat {
    at: Time,
    /// The time between two of them; `None`: it happens once.
    every: Option<Span>,
    /// How often it happens; at least once.
    times: u64,
}

impl Repeat {
    /// Reads how often a step at this time happens. Without a bound it goes on until the run
    /// ends.
    pub fn read(
        fields: &Fields<'_>,
        at: Time,
        context: &Context<'_>,
        m: &mut Mistakes,
    ) -> Option<Repeat> {
        let bounds = fields.present(&BOUNDS);
        if !fields.has("every") {
            for key in bounds.iter().filter(|_| !fields.means("every")) {
                let place = fields.key_place(key).expect("the key is present");
                let message = format!("`{key}` means nothing without `every`");
                m.add(Diagnostic::new(place, message).label("this step happens once"));
            }
            return bounds.is_empty().then_some(Repeat { at, every: None, times: 1 });
        }
        let every = fields.some_time("every", m);
        let lasts = fields.some_time("for", m);
        let count = times(fields, m);
        if let [first, second] = bounds[..] {
            let place = |key| fields.key_place(key).expect("the key is present");
            m.add(
                Diagnostic::new(place(second), "`times` and `for` both say how often")
                    .label("one too many")
                    .also(place(first), "the other"),
            );
            return None;
        }
        let every = every?;
        let rest = context.until.since(at);
        let fits = |span: Span| span.ms().div_ceil(every.value.ms());
        let (times, key) = match bounds.first() {
            Some(&"for") => (fits(lasts?.value), "for"),
            Some(_) => (count?, "times"),
            None => (fits(rest), "every"),
        };
        let repeat = Repeat { at, every: Some(every.value), times };
        if times > fits(rest) {
            let last = repeat.last().since(Time::ZERO);
            let message =
                format!("the last of {times} is at {last}, but the run ends at {}", context.span());
            let place = fields.key_place(key).expect("the key is present");
            m.add(
                Diagnostic::new(place, message)
                    .label("must all be before `until`")
                    .also(context.until_place.clone(), "the run ends here")
                    .help("without `times` and `for` it goes on until the run ends"),
            );
            return None;
        }
        Some(repeat)
    }

    /// Every time it happens.
    pub fn moments(self) -> impl Iterator<Item = (u64, Time)> {
        let every = self.every.map_or(0, Span::ms);
        (0..self.times).map(move |turn| (turn, self.at + Span::from_ms(turn * every)))
    }

    /// The last time it happens.
    pub fn last(self) -> Time {
        let every = self.every.map_or(0, Span::ms);
        self.at + Span::from_ms(every.saturating_mul(self.times - 1))
    }

    /// Why a call is made at this turn of the step at this place.
    pub fn origin(self, step: usize, turn: u64) -> Origin {
        match self.every {
            Some(_) => Origin::Repeated(step, turn),
            None => Origin::Step(step),
        }
    }

    /// Whether it happens more than once.
    pub fn is_repeated(self) -> bool {
        self.every.is_some()
    }

    /// Reports more repetitions by so many clients than a run should hold; whether there are
    /// no more.
    pub fn check_most(self, clients: usize, fields: &Fields<'_>, m: &mut Mistakes) -> bool {
        let clients = u64::try_from(clients).unwrap_or(u64::MAX);
        let all = self.times.saturating_mul(clients);
        if all > MOST && self.is_repeated() {
            let place = fields.key_place("every").expect("the key is present");
            let message = format!("this step happens {all} times, {MOST} are the most");
            // Without a usable end of the run, too, there are too many; but that is told by then.
            if m.is_empty() {
                m.add(Diagnostic::new(place, message).label("too often"));
            }
            return false;
        }
        true
    }
}
