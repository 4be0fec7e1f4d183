//! When the network is at fault, as the plan tells it: some demands have a deadline only
//! while nothing is wrong.

use crate::net::LinkUpdate;
use crate::record::ClientId;
use crate::scenario::{Plan, PlannedChange, PlannedFault};
use crate::time::{Span, Time};

/// How long a fault that is over can still hold up a segment: TCP's longest wait.
pub const AFTERMATH: Span = Span::from_secs(64);

/// Whether anything disturbs this client's traffic between the two moments, or did
/// shortly before.
pub fn disturbed(plan: &Plan, client: ClientId, from: Time, to: Time) -> bool {
    let from = Time::from_ms(from.ms().saturating_sub(AFTERMATH.ms()));
    let overlaps = |fault: &PlannedFault| fault.from <= to && fault.to.is_none_or(|t| t >= from);
    lossy(plan, client)
        || plan.faults.iter().any(|each| each.fault.concerns(client) && overlaps(each))
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

/// Whether the server loses its state between the two moments, and with it every decision.
pub fn forgotten(plan: &Plan, from: Time, to: Time) -> bool {
    let within = |fault: &&PlannedFault| fault.from >= from && fault.from <= to;
    plan.faults.iter().filter(within).any(|planned| planned.fault.loses_server_state())
}

/// The longest time a packet there and its answer can take, by the settings of the plan.
pub fn round_trip(plan: &Plan, client: ClientId) -> Span {
    let settings = &plan.clients[client.0];
    let both = [settings.up, settings.down];
    let changes = || changes_of(plan, client);
    let latency = both.iter().map(|link| link.latency).chain(changes().filter_map(|u| u.latency));
    let jitter = both.iter().map(|link| link.jitter).chain(changes().filter_map(|u| u.jitter));
    let one_way = latency.max().unwrap_or_default() + jitter.max().unwrap_or_default();
    one_way * 2
}

fn lossy(plan: &Plan, client: ClientId) -> bool {
    let settings = &plan.clients[client.0];
    settings.up.loss.ppm() > 0
        || settings.down.loss.ppm() > 0
        || changes_of(plan, client).any(|update| update.loss.is_some_and(|loss| loss.ppm() > 0))
}

fn changes_of(plan: &Plan, client: ClientId) -> impl Iterator<Item = LinkUpdate> {
    let of_client = move |change: &&PlannedChange| {
        change.directions.iter().any(|(changed, _)| *changed == client)
    };
    plan.changes.iter().filter(of_client).map(|change| change.update)
}
