//! The header: which run this is, and what is not at its default.

use super::wide::line;
use crate::app::Policy;
use crate::net::LinkSettings;
use crate::param::Params;
use crate::record::ClientId;
use crate::scenario::{ClientPlan, Plan};
use crate::zim::Platform;

/// Stem, seed and title, then everything that is not at its default.
pub fn header(plan: &Plan, out: &mut String) {
    line(out, &format!("{}   seed {}   {}", plan.name, plan.seed.0, plan.title));
    for changed in changed(plan) {
        line(out, &changed);
    }
}

/// `room.heartbeat_timeout 1m (default 90s)`, `alice: token_life 1m`,
/// `link alice: latency 300ms`.
pub fn changed(plan: &Plan) -> Vec<String> {
    let default = Params::default();
    let rows = plan.params.changed().into_iter();
    let params = rows.map(|row| {
        format!("{} {} (default {})", row.name, row.get(&plan.params), row.get(&default))
    });
    let mut lines: Vec<_> = params.collect();
    // Of a crowd the first stands for all, but for its platform, which may be drawn.
    let alone = |place: &usize| plan.crowd_of(ClientId(*place)).is_none();
    let listed = (0..plan.clients.len()).filter(alone);
    lines.extend(listed.clone().filter_map(|place| client(plan, &plan.clients[place])));
    for crowd in &plan.crowds {
        lines.push(format!("{}: a crowd of {} clients", crowd.name, crowd.members.len()));
        let first = &plan.clients[crowd.members.start];
        lines.extend(links(&crowd.name, first));
    }
    lines.extend(listed.flat_map(|place| links(&plan.clients[place].name, &plan.clients[place])));
    lines
}

/// What is unusual about a client; `None` if nothing is.
fn client(plan: &Plan, client: &ClientPlan) -> Option<String> {
    let (name, script) = (&client.name, &client.script);
    let mut unusual = Vec::new();
    if script.user.as_str() != name {
        unusual.push(format!("user {}", script.user));
    }
    if script.device.as_str() != name {
        unusual.push(format!("device {}", script.device));
    }
    if script.platform != Platform::Android {
        unusual.push(format!("platform {}", script.platform.name()));
    }
    if script.token_life != plan.params.token_life {
        unusual.push(format!("token_life {}", script.token_life));
    }
    unusual.extend(client.nat.map(|nat| format!("nat {nat}")));
    let policy = Policy::ALL.iter().find(|(_, policy)| Some(*policy) == script.policy);
    unusual.extend(policy.map(|(word, _)| format!("policy {word}")));
    (!unusual.is_empty()).then(|| format!("{name}: {}", unusual.join(", ")))
}

/// What is unusual about a client's links.
fn links(name: &str, client: &ClientPlan) -> Vec<String> {
    if client.up == client.down {
        return link(&format!("link {name}"), client.up).into_iter().collect();
    }
    let both = [("up", client.up), ("down", client.down)];
    both.into_iter().filter_map(|(way, own)| link(&format!("link {name} {way}"), own)).collect()
}

/// What is unusual about a link; `None` if nothing is.
fn link(name: &str, settings: LinkSettings) -> Option<String> {
    let unusual = settings.unusual().to_string();
    (!unusual.is_empty()).then(|| format!("{name}: {unusual}"))
}
