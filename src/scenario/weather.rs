//! Faults of the way between: links that flap, boxes that reset or swallow connections.

use super::calls::{check_keys, check_needs};
use super::clients::one_of;
use super::context::{Context, Step};
use super::diagnostic::{Diagnostic, Mistakes};
use super::faults::{What, lasts, whose};
use super::fields::Fields;
use super::network::Network;
use super::words::ENDS;
use crate::net::{Fault, Rhythm};
use crate::param::Size;
use crate::record::FaultId;
use crate::time::Span;

/// The most times that a link may be down in one flap, so that a small file can't fill the
/// memory.
const MOST_TIMES: u64 = 10_000;

impl<'a> Network<'a> {
    /// Reads `flap`.
    pub fn flap(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let fields = step.fields;
        let needs = ["down_for", "up_for", "times"];
        let mut sound = check_keys(fields, "flap", None, m);
        let place = fields.key_place("flap").expect("the act is present");
        sound &= check_needs(fields, "flap", &place, &needs, m);
        let links = self.directions("flap", step, context, m);
        let down = fields.some_time("down_for", m);
        let up = fields.some_time("up_for", m);
        let times = times(fields, m);
        let may_miss = fields.flag("may_miss", m);
        let (directions, who) = links?;
        let rhythm = Rhythm { down: down?.value, up: up?.value, times: times? };
        let Rhythm { down, up, times } = rhythm;
        self.links = self.links.saturating_add(usize::try_from(2 * times).unwrap_or(usize::MAX));
        let detail = format!("down {down}, up {up}, {times} times");
        let fault = Fault::Flap(directions, rhythm);
        let what = What { act: "flap", fault, who, detail, may_miss };
        let id = self.begin(step, what, Some(rhythm.lasts()), context);
        sound.then_some(id)
    }

    /// Reads `blackhole`.
    pub fn black_hole(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let fields = step.fields;
        let mut sound = check_keys(fields, "blackhole", None, m);
        let place = fields.key_place("blackhole").expect("the act is present");
        sound &= check_needs(fields, "blackhole", &place, &["after"], m);
        let links = self.directions("blackhole", step, context, m);
        let after = fields.parsed("after", "size", Size::parse, m);
        let lasts = lasts(fields, m);
        let may_miss = fields.flag("may_miss", m);
        let ((directions, who), after) = (links?, after?);
        let detail = format!("after {}", after.value);
        let fault = Fault::BlackHole(directions, after.value);
        let what = What { act: "blackhole", fault, who, detail, may_miss };
        let id = self.begin(step, what, lasts?, context);
        sound.then_some(id)
    }

    /// Reads `rst`.
    pub fn reset(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let fields = step.fields;
        let mut sound = check_keys(fields, "rst", None, m);
        let clients = whose("rst", step, context, m);
        let may_miss = fields.flag("may_miss", m);
        if !fields.means("to") {
            sound = false;
            let place = fields.key_place("rst").expect("the act is present");
            m.add(
                Diagnostic::new(place, "`rst` needs `to`")
                    .label("which end of the connections hears of it?")
                    .help("to = \"client\", \"server\" or \"both\""),
            );
        }
        let word = fields.text("to", m)?;
        let end = one_of("end of a connection", &word, ENDS, m)?;
        let (clients, who) = clients?;
        self.links = self.links.saturating_add(2 * clients.len());
        let fault = Fault::Reset(clients, end);
        let detail = format!("to {}", word.value);
        let what = What { act: "rst", fault, who, detail, may_miss };
        let id = self.begin(step, what, Some(Span::ZERO), context);
        sound.then_some(id)
    }
}

/// Reads `times`.
pub(super) fn times(fields: &Fields<'_>, m: &mut Mistakes) -> Option<u64> {
    let times = fields.whole("times", m)?;
    let number = u64::try_from(times.value).ok().filter(|times| (1..=MOST_TIMES).contains(times));
    if number.is_none() {
        let message = format!("`times` can't be {}", times.value);
        m.add(Diagnostic::new(times.place, message).label(format!("from 1 to {MOST_TIMES}")));
    }
    number
}
