//! From a parsed file to a plan; collects every mistake on the way.

use super::clients;
use super::context::Context;
use super::diagnostic::{Diagnostic, Mistakes};
use super::fields::Fields;
use super::links::Links;
use super::names::Names;
use super::plan::{Plan, Watch};
use super::react;
use super::steps::Steps;
use super::watch::{self, Purpose};
use crate::rng::Seed;
use crate::time::{Span, Time};
use toml::de::{DeTable, DeValue};

/// Lowers a whole file; the plan counts only if no mistake was added. `asked`: a seed that
/// replaces the file's own.
pub(super) fn lower<'a>(
    name: &str,
    table: &'a DeTable<'a>,
    source: &'a str,
    (rows, asked): (&'a [&'a str], Option<Seed>),
    m: &mut Mistakes,
) -> Plan {
    let root = Fields::root(table, source, m);
    let title = root.text("title", m).map_or("", |title| title.value);
    let written = seed(&root, m);
    let seed = asked.unwrap_or(written);
    let until = until(&root, m);
    let params = clients::params(&root, m);
    let links = Links::network(&root, m);
    let clients = clients::clients(&root, links, (&params, seed, until), m);
    let until_place = root.raw("until").map_or(0..0, |until| until.span());
    let names = Names::gather(&root);
    let context = Context { names, rows, params, seed, until, until_place, clients };

    let steps = Steps::read(&root, &context, m);
    let reactions = react::reactions(&root, &context, m);
    let expects = watches(&root, "expect", Purpose::Expect, &context, &steps, m);
    let nevers = watches(&root, "never", Purpose::Never, &context, &steps, m);
    root.report_missing(m);

    if m.is_empty() {
        let read = [steps.count(), reactions.len(), expects.len(), nevers.len()];
        let written = ["steps", "react", "expect", "never"].map(|key| root.list(key, m).len());
        assert_eq!(read, written, "an entry that is left out is reported");
    }
    let Context { names, params, mut clients, .. } = context;
    let (network, mut scripts) = (steps.network.finish(until), steps.scripts);
    for (client, script) in clients.iter_mut().zip(&mut scripts) {
        client.script.steps.append(script);
        client.script.steps.sort_by_key(|(at, _, _)| *at);
    }
    for (group, reaction) in reactions {
        for client in group.ids() {
            clients[client.0].script.reactions.push(reaction.clone());
        }
    }
    Plan {
        name: name.to_owned(),
        title: title.to_owned(),
        seed,
        until,
        params,
        clients,
        crowds: names.crowds(),
        faults: network.faults,
        changes: network.changes,
        acts: network.acts,
        admin: steps.admin,
        results: steps.results,
        expects,
        nevers,
    }
}

fn seed(root: &Fields<'_>, m: &mut Mistakes) -> Seed {
    // A seed has 64 bits, one more than other whole numbers.
    let large = root.raw("seed").and_then(|value| match value.get_ref() {
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
        DeValue::String(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    });
    if let Some(seed) = large {
        return Seed(seed);
    }
    if let Some(seed) = root.whole("seed", m) {
        m.add(Diagnostic::new(seed.place, "`seed` can't be negative").label("below zero"));
    }
    Seed(1)
}

/// When the run ends; without a usable `until` as late as can be, so that no step seems
/// to be too late.
fn until(root: &Fields<'_>, m: &mut Mistakes) -> Time {
    match root.some_time("until", m) {
        Some(until) => Time::ZERO + until.value,
        None => Time::ZERO + Span::from_secs(1000 * 24 * 3600),
    }
}

fn watches<'a>(
    root: &Fields<'a>,
    key: &'static str,
    purpose: Purpose,
    context: &Context<'a>,
    steps: &Steps<'a>,
    m: &mut Mistakes,
) -> Vec<Watch> {
    let list = root.list(key, m);
    let watches = list.iter().filter_map(|item| {
        let fields = Fields::open(item, purpose.shape(), root.source, m)?;
        watch::watch(&fields, purpose, context, &steps.network, m)
    });
    watches.collect()
}
