//! What each thing that was done to a run struck, and in which protocol state.

use super::super::kind::Kind;
use super::moment::{Lives, Moment};
use crate::net::LinkChange;
use crate::record::{Blow, ClientId, Event, HostId, Receipt, Recording, Strike};
use crate::scenario::Plan;
use std::collections::BTreeSet;

/// One thing that was done.
pub(super) struct Done {
    /// What.
    pub kind: Kind,
    /// Whether it struck anything.
    pub struck: bool,
    /// Where those were whom it struck, each client by itself.
    pub moments: Vec<Moment>,
}

/// Everything that was done to a run.
pub(super) fn all(plan: &Plan, recording: &Recording, lives: &Lives) -> Vec<Done> {
    let faults = plan.faults.iter().zip(&recording.receipts).map(|(planned, receipt)| Done {
        kind: Kind::of_fault(&planned.fault),
        struck: !receipt.is_empty(),
        moments: moments(plan, receipt, lives),
    });
    let changes = plan.changes.iter().zip(&recording.changes);
    let set = changes.filter(|(change, _)| matches!(change.change, LinkChange::Set { .. }));
    let changes = set.map(|(change, packets)| {
        let clients: BTreeSet<_> = change.directions.iter().map(|(client, _)| *client).collect();
        let here = |client: &ClientId| lives.before(*client, change.from);
        let moments = match packets {
            0 => Vec::new(),
            _ => clients.iter().map(here).collect(),
        };
        Done { kind: Kind::Link, struck: *packets > 0, moments }
    });
    let acts = recording.records.iter().filter_map(|record| {
        let Event::Admin { act, hit, victims } = &record.event else { return None };
        let of = |client: &ClientId| {
            let script = &plan.clients[client.0].script;
            victims.iter().any(|one| one.user == script.user && one.device == script.device)
        };
        let clients = (0..plan.clients.len()).map(ClientId).filter(of);
        let moments = clients.map(|client| lives.before(client, record.at)).collect();
        Some(Done { kind: Kind::of_act(act), struck: *hit, moments })
    });
    faults.chain(changes).chain(acts).collect()
}

/// Where those are whom a fault struck, at its first blow to each.
fn moments(plan: &Plan, receipt: &Receipt, lives: &Lives) -> Vec<Moment> {
    let mut first: Vec<Option<(crate::time::Time, Moment)>> = vec![None; plan.clients.len()];
    let mut strike = |client: ClientId, at, moment| {
        let own = &mut first[client.0];
        if own.is_none_or(|(earlier, _)| at < earlier) {
            *own = Some((at, moment));
        }
    };
    for Strike { host, blow, first: at, .. } in &receipt.strikes {
        let place = |client| match blow {
            // These come before anything else in their millisecond.
            Blow::Killed | Blow::Told | Blow::MovedDeadline => lives.before(client, *at),
            Blow::LeftWaiting | Blow::LookedUp | Blow::HeardLate => lives.at(client, *at),
        };
        match host {
            HostId::Client(client) => strike(*client, *at, place(*client)),
            // What befalls the server befalls all.
            HostId::Server => {
                for client in (0..plan.clients.len()).map(ClientId) {
                    strike(client, *at, place(client));
                }
            }
            HostId::Portal => {}
        }
    }
    for hit in &receipt.hits {
        strike(hit.client, hit.first, lives.at(hit.client, hit.first));
    }
    first.into_iter().flatten().map(|(_, moment)| moment).collect()
}
