//! Reactions: when a client hears this, it does that.

use super::calls;
use super::context::Context;
use super::diagnostic::{Diagnostic, Mistakes};
use super::fields::Fields;
use super::keys::{ON, REACTION};
use super::names::Group;
use super::pattern::{Listener, only_matcher, pattern};
use super::steps::only_act;
use crate::app::{Act, Reaction};
use crate::record::{ClientId, Origin};
use crate::time::Span;
use crate::zim::{Call, Pattern};

/// Reads `react`: each reaction with those who have it, in file order.
pub(super) fn reactions(
    root: &Fields<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Vec<(Group, Reaction)> {
    let list = root.list("react", m).iter().enumerate();
    let reactions = list.filter_map(|(index, item)| {
        let fields = Fields::open(item, &REACTION, root.source, m)?;
        reaction(index, &fields, context, m)
    });
    reactions.collect()
}

fn reaction(
    index: usize,
    fields: &Fields<'_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Group, Reaction)> {
    let name = fields.text("client", m);
    let group = name.as_ref().and_then(|name| context.names.group(name, m));
    let known = name.filter(|_| group.is_some()).map(|name| name.value);
    let client = group.as_ref().map(Group::first);
    let on = fields.raw("on").and_then(|value| Fields::open(value, &ON, fields.source, m));
    let on = on.and_then(|on| answered(&on, known, context, m));
    let after = match fields.has("after") {
        true => fields.duration("after", m).map(|after| after.value),
        false => Some(Span::ZERO),
    };
    let times = times(fields, m);
    let act = act(fields, on.as_ref(), client, context, m);
    let origin = Origin::Reaction(index);
    let reaction = Reaction { origin, on: on?, after: after?, times: times?, act: act? };
    Some((group?, reaction))
}

fn answered(
    on: &Fields<'_>,
    client: Option<&str>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Pattern> {
    let matcher = only_matcher(on, m)?;
    let listener = Listener { client, must_come: true };
    pattern(on, matcher, listener, context, m).map(|(pattern, _)| pattern)
}

/// Reads `times`: `Some(None)` if it is not there, `None` if it is wrong.
fn times(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Option<u32>> {
    if !fields.has("times") {
        return Some(None);
    }
    let times = fields.whole("times", m)?;
    match u32::try_from(times.value) {
        Ok(count @ 1..) => Some(Some(count)),
        Ok(0) | Err(_) => {
            let message = "this reaction can never happen: `times` must be at least 1";
            m.add(
                Diagnostic::new(times.place, message)
                    .label(format!("found {}", times.value))
                    .help("without `times` it happens every time"),
            );
            None
        }
    }
}

fn act(
    fields: &Fields<'_>,
    on: Option<&Pattern>,
    client: Option<ClientId>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Act> {
    if only_act(fields, m)? == "show" {
        return calls::show(fields, m);
    }
    // A reaction to a room's state is about that room, unless it names another. Where
    // `on` itself is wrong, no room is missed.
    let room = match on {
        Some(on) => on.room.as_ref().map(|room| room.as_str()),
        None => Some("-"),
    };
    let script = client.map(|client| &context.clients[client.0].script);
    let (_, act) = calls::call(fields, room, script, m)?;
    if let (Act::Call(Call::SendPeerMessage { .. }), Some(to)) = (&act, fields.text("to", m)) {
        context.names.check_user(&to, m);
    }
    if fields.has("room")
        && let Some(room) = fields.text("room", m)
    {
        context.names.check_room(&room, m);
    }
    Some(act)
}
