//! When the network is at fault, as the plan tells it: some demands have a deadline only
//! while nothing is wrong.

use crate::net::{Bandwidth, Fault, HostFault};
use crate::record::{ClientId, Way};
use crate::scenario::{Plan, PlannedFault};
use crate::time::{Span, Time};

/// How long a fault that is over can still hold up a segment: TCP's longest wait.
pub const AFTERMATH: Span = Span::from_secs(64);

/// Whether anything disturbs this client's traffic between the two moments, or did
/// shortly before.
pub fn disturbed(plan: &Plan, client: ClientId, from: Time, to: Time) -> bool {
    let from = Time::from_ms(from.ms().saturating_sub(AFTERMATH.ms()));
    let overlaps = |fault: &PlannedFault| fault.from <= to && fault.to.is_none_or(|t| t >= from);
    plan.faults.iter().any(|each| each.fault.concerns(client) && overlaps(each))
        || lossy(plan, client)
}

/// From when on nothing disturbs this client's traffic any more, `from` at the earliest;
/// `None`: that never comes.
pub fn calm_from(plan: &Plan, client: ClientId, from: Time) -> Option<Time> {
    if lossy(plan, client) {
        return None;
    }
    let mut ends =
        plan.faults.iter().filter(|each| each.fault.concerns(client)).map(|each| each.to);
    ends.try_fold(from, |latest, end| Some(latest.max(end?)))
}

/// Whether this client's process, or the server's, is stopped or slow at any moment between
/// the two, both included: then nothing is owed at its time.
pub fn held_up(plan: &Plan, client: ClientId, from: Time, to: Time) -> bool {
    holds(plan, client)
        .any(|planned| planned.from <= to && planned.to.is_none_or(|end| end >= from))
}

/// When something that takes two running processes no longer than this is due: whatever holds
/// one of them up lets the time begin anew at its end. `None`: never.
pub fn due(plan: &Plan, client: ClientId, from: Time, within: Span) -> Option<Time> {
    let mut holds: Vec<_> = holds(plan, client).collect();
    holds.sort_by_key(|planned| planned.from);
    holds.iter().try_fold(from + within, |due, planned| match planned.to {
        _ if planned.from > due => Some(due),
        Some(end) if end < from => Some(due),
        end => Some(due.max(end? + within)),
    })
}

/// When whatever held up this client's process, or the server's, came to an end.
pub fn holds_end(plan: &Plan, client: ClientId) -> impl Iterator<Item = Time> {
    holds(plan, client).filter_map(|planned| planned.to)
}

/// What stops or slows this client's process, or the server's.
fn holds(plan: &Plan, client: ClientId) -> impl Iterator<Item = &PlannedFault> {
    plan.faults.iter().filter(move |planned| match &planned.fault {
        Fault::Hosts(_, HostFault::Suspended | HostFault::Dozing | HostFault::Overload(_)) => {
            planned.fault.concerns(client)
        }
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::Flap(..)
        | Fault::BlackHole(..)
        | Fault::Reset(..)
        | Fault::Hosts(..) => false,
    })
}

/// Whether the server loses its state between the two moments, and with it every decision.
pub fn forgotten(plan: &Plan, from: Time, to: Time) -> bool {
    let within = |fault: &&PlannedFault| fault.from >= from && fault.from <= to;
    plan.faults.iter().filter(within).any(|planned| planned.fault.loses_server_state())
}

/// The longest time a packet there and its answer can take, by the settings of the plan: a
/// full queue each way, and the latest of all delays.
pub fn round_trip(plan: &Plan, client: ClientId) -> Span {
    let longest = |way| {
        let history = plan.link_history((client, way));
        history.iter().map(|(_, settings)| settings.longest()).max().unwrap_or_default()
    };
    longest(Way::Up) + longest(Way::Down)
}

/// Whether this client's NAT forgets a connection between two heartbeats, though nothing is
/// wrong otherwise: from when on it does, and from when on not, in order of time.
pub fn nat_forgets(plan: &Plan, client: ClientId) -> Vec<(Time, bool)> {
    let period = plan.params.heartbeat_period;
    let history = plan.nat_history(client).into_iter();
    history.map(|(at, nat)| (at, nat.idle <= period)).collect()
}

/// Whether packets can fail to arrive: by chance, in a NAT, or because a queue may be full
/// (which only the run itself can tell, so any queue counts here).
fn lossy(plan: &Plan, client: ClientId) -> bool {
    let by_link = [Way::Up, Way::Down].iter().any(|way| {
        let history = plan.link_history((client, *way));
        history.iter().any(|(_, link)| link.loses() || link.rate != Bandwidth::Unlimited)
    });
    by_link || nat_forgets(plan, client).iter().any(|(_, forgets)| *forgets)
}
