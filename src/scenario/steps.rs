//! The steps: who does what, when.

use super::calls::{self, check_keys, check_needs};
use super::clients::one_of;
use super::context::{Context, Step};
use super::crowd::{chosen, delay, only_crowds};
use super::diagnostic::{Diagnostic, Mistakes, Place, or_list, quoted};
use super::fields::{Fields, Placed};
use super::hosts::BEFALLS;
use super::keys::STEP;
use super::names::Group;
use super::nearest::nearest;
use super::network::{Moment, Network};
use super::plan::{ExpectedResult, PlannedAdmin};
use super::repeat::Repeat;
use super::words::ADMINS;
use crate::app::Act;
use crate::record::{AdminAct, Origin};
use crate::time::{Span, Time};
use crate::zim::{ErrorCode, RoomId, UserId};
use std::collections::BTreeMap;
use toml::de::DeValue;

/// What the steps amount to.
pub(super) struct Steps<'a> {
    /// What each client does, in file order.
    pub scripts: Vec<Vec<(Time, Origin, Act)>>,
    /// How many steps of the file these are, and those of administrators.
    calls: usize,
    /// How scripted calls must end, by time, then file order.
    pub results: Vec<ExpectedResult>,
    /// What administrators do, by time, then file order.
    pub admin: Vec<(Time, PlannedAdmin)>,
    /// Faults and settings.
    pub network: Network<'a>,
}

impl<'a> Steps<'a> {
    /// Reads `steps`.
    pub fn read(root: &Fields<'a>, context: &Context<'a>, m: &mut Mistakes) -> Steps<'a> {
        let mut steps = Steps {
            scripts: vec![Vec::new(); context.clients.len()],
            calls: 0,
            results: Vec::new(),
            admin: Vec::new(),
            network: Network::default(),
        };
        let mut named = BTreeMap::new();
        for (index, item) in root.list("steps", m).iter().enumerate() {
            if let Some(fields) = Fields::open(item, &STEP, root.source, m) {
                let name = name(&fields, &mut named, m);
                let moment = steps.step(index, name, &fields, context, m);
                if let Some(name) = name {
                    steps.network.moments.insert(name, moment);
                }
            }
        }
        steps.network.resolve_endings(context, m);
        steps.results.sort_by_key(|result| result.at);
        steps.admin.sort_by_key(|(at, _)| *at);
        steps
    }

    /// How many steps could be read.
    pub fn count(&self) -> usize {
        self.calls + self.network.count()
    }

    /// Reads one step; its moment, if nothing is wrong with it.
    fn step(
        &mut self,
        index: usize,
        name: Option<&'a str>,
        fields: &Fields<'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<Moment> {
        let at = at(fields, context, m);
        let act = only_act(fields, m)?;
        // Without a usable time the rest is still read, for its own mistakes.
        let step = Step { fields, at: at.unwrap_or(Time::ZERO), index, name };
        let endings = self.network.endings.len();
        let fault = match act {
            "call" => self.call(&step, context, m).map(|()| None),
            "show" => self.show(&step, context, m).map(|()| None),
            "admin" => self.admin(&step, context, m).map(|()| None),
            "heal" => self.network.heal(&step, context, m).map(|()| None),
            "restart" => self.network.restart(&step, context, m).map(|()| None),
            "link" => self.network.link(&step, context, m).map(|()| None),
            "flap" => self.network.flap(&step, context, m).map(Some),
            "blackhole" => self.network.black_hole(&step, context, m).map(Some),
            "rst" => self.network.reset(&step, context, m).map(Some),
            "crash" => self.network.crash(&step, context, m).map(Some),
            act if BEFALLS.contains(&act) => self.network.befall(act, &step, context, m).map(Some),
            "cut" | "stall" => self.network.sever(act, &step, context, m).map(Some),
            other => unreachable!("nobody reads {other}"),
        };
        if at.is_none() {
            self.network.endings.truncate(endings);
        }
        let sound = at.is_some() && fault.is_some();
        self.network.unsure_crash |= !sound && act == "crash";
        self.network.unsure_end |= !sound && ["heal", "restart"].contains(&act);
        Some(Moment { from: at?, fault: fault? })
    }

    fn call(&mut self, step: &Step<'_, 'a>, context: &Context<'a>, m: &mut Mistakes) -> Option<()> {
        let group = group(step.fields, "call", context, m);
        let script = group.as_ref().map(|group| &context.clients[group.members.start].script);
        let repeat = Repeat::read(step.fields, step.at, context, m);
        let last = repeat.map_or(step.at, Repeat::last);
        let over = group.as_ref().and_then(|group| over(group, step, last, context, m));
        let code = result(step.fields, m);
        let (kind, act) = calls::call(step.fields, None, script, m)?;
        if !step.fields.has("result") {
            check_targets(step.fields, context, m);
        }
        let clients = chosen(&group?, step.fields, step.index, context, m)?;
        let (over, code, repeat, index) = (over?, code?, repeat?, step.index);
        if !repeat.check_most(clients.len(), step.fields, m) {
            return None;
        }
        let own_account = !step.fields.has("user");
        for client in clients {
            let plan = &context.clients[client.0];
            let late = over.map_or(Span::ZERO, |over| delay(plan, context.seed, index, over));
            let act = match act.clone() {
                Act::Login { user: _, token } if own_account => {
                    Act::Login { user: plan.script.user.clone(), token }
                }
                act => act,
            };
            for (turn, at) in repeat.moments() {
                let (at, origin) = (at + late, repeat.origin(index, turn));
                // Of calls that are repeated and may end in any way, some may meet a process
                // that is down, or the end of the run.
                if code.is_some() || !repeat.is_repeated() {
                    self.results.push(ExpectedResult { client, origin, kind, at, code });
                }
                self.scripts[client.0].push((at, origin, act.clone()));
            }
        }
        self.calls += 1;
        Some(())
    }

    fn show(&mut self, step: &Step<'_, 'a>, context: &Context<'a>, m: &mut Mistakes) -> Option<()> {
        let group = group(step.fields, "show", context, m);
        let repeat = Repeat::read(step.fields, step.at, context, m);
        let act = calls::show(step.fields, m)?;
        let clients = chosen(&group?, step.fields, step.index, context, m)?;
        let repeat = repeat?;
        if !repeat.check_most(clients.len(), step.fields, m) {
            return None;
        }
        for client in clients {
            let origin = |turn| repeat.origin(step.index, turn);
            let moments = repeat.moments().map(|(turn, at)| (at, origin(turn), act.clone()));
            self.scripts[client.0].extend(moments);
        }
        self.calls += 1;
        Some(())
    }

    fn admin(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<()> {
        let fields = step.fields;
        let word = fields.text("admin", m)?;
        let needs = one_of("act of an administrator", &word, ADMINS, m)?;
        let mut sound = check_keys(fields, "admin", Some((word.value, needs)), m);
        sound &= check_needs(fields, word.value, &word.place, needs, m);
        let may_miss = fields.flag("may_miss", m);
        let repeat = Repeat::read(fields, step.at, context, m);
        let room = fields.text("room", m);
        let user = fields.text("user", m);
        if !may_miss && sound {
            check_targets(fields, context, m);
        }
        let room = || Some(RoomId::from(room.as_ref()?.value));
        let user = || Some(UserId::from(user.as_ref()?.value));
        let act = match word.value {
            "destroyRoom" => AdminAct::DestroyRoom { room: room()? },
            "kickFromRoom" => AdminAct::KickFromRoom { room: room()?, user: user()? },
            "kickUser" => AdminAct::KickUser { user: user()? },
            _ => AdminAct::Unregister { user: user()? },
        };
        let repeat = repeat.filter(|repeat| repeat.check_most(1, fields, m))?;
        let planned = |(_, at)| (at, PlannedAdmin { act: act.clone(), may_miss });
        self.admin.extend(repeat.moments().map(planned));
        self.calls += 1;
        sound.then_some(())
    }
}

/// Reads `at`, which must lie in the run.
fn at(fields: &Fields<'_>, context: &Context<'_>, m: &mut Mistakes) -> Option<Time> {
    let at = fields.duration("at", m)?;
    let time = Time::ZERO + at.value;
    if time >= context.until {
        let message =
            format!("this step is at {}, but the run ends at {}", at.value, context.span());
        m.add(
            Diagnostic::new(at.place, message)
                .label("must be before `until`")
                .also(context.until_place.clone(), "the run ends here"),
        );
        return None;
    }
    Some(time)
}

/// Reads `name`, which must be new.
fn name<'a>(
    fields: &Fields<'a>,
    named: &mut BTreeMap<&'a str, Place>,
    m: &mut Mistakes,
) -> Option<&'a str> {
    let name = fields.text("name", m)?;
    if let Some(first) = named.get(name.value) {
        let message = format!("two steps are called {}", quoted(name.value));
        m.add(
            Diagnostic::new(name.place, message)
                .label("the second")
                .also(first.clone(), "the first"),
        );
        return None;
    }
    let label = if name.value.is_empty() || name.value.chars().count() > 32 {
        "a name has 1 to 32 characters"
    } else if name.value.contains(|c: char| c.is_control() || c == '.') {
        "a name has no dot and no control character"
    } else if name.value.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        "a name begins with no digit: it would look like a duration"
    } else {
        named.insert(name.value, name.place);
        return Some(name.value);
    };
    let message = format!("no step can be called {}", quoted(name.value));
    m.add(Diagnostic::new(name.place, message).label(label));
    None
}

/// The one act that is there; reports none and several.
pub(super) fn only_act(fields: &Fields<'_>, m: &mut Mistakes) -> Option<&'static str> {
    let what = fields.shape.what;
    let present = fields.choices();
    let place = |key: &str| fields.key_place(key).expect("the key is present");
    match present.as_slice() {
        [act] => return Some(act),
        [] => {
            let acts: Vec<_> = fields.shape.choices.iter().map(|choice| choice.key).collect();
            if !acts.iter().any(|act| fields.means(act)) {
                let names: Vec<_> = acts.iter().map(|act| format!("`{act}`")).collect();
                m.add(
                    Diagnostic::new(fields.place.clone(), format!("a {what} without an act"))
                        .label(format!("needs one of {}", or_list(&names))),
                );
            }
        }
        [first, second, ..] => m.add(
            Diagnostic::new(place(second), format!("two acts in one {what}"))
                .label("the second act")
                .also(place(first), "the first act")
                .help(format!("make each a {what} of its own")),
        ),
    }
    None
}

/// Reads `client`, which this act needs: a client, or a crowd.
fn group(
    fields: &Fields<'_>,
    act: &'static str,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Group> {
    let place = fields.key_place(act).expect("the act is present");
    check_needs(fields, act, &place, &["client"], m);
    context.names.group(&fields.text("client", m)?, m)
}

/// Reads `over`, which spreads a crowd's calls over some time, the `last` of them too:
/// `Some(None)` if it is not there.
fn over(
    group: &Group,
    step: &Step<'_, '_>,
    last: Time,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Option<Span>> {
    if !step.fields.has("over") {
        return Some(None);
    }
    let over = step.fields.duration("over", m)?;
    if !group.is_crowd {
        only_crowds("over", step.fields, m);
        return None;
    }
    if last + over.value >= context.until {
        let message =
            format!("this step goes on until after the end of the run, {}", context.span());
        m.add(
            Diagnostic::new(over.place, message)
                .label("too long")
                .also(context.until_place.clone(), "the run ends here"),
        );
        return None;
    }
    Some(Some(over.value))
}

/// Reads `result`; success if it is not there, `Some(None)` for any result.
fn result(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Option<ErrorCode>> {
    let Some(value) = fields.raw("result") else {
        return Some(Some(ErrorCode::SUCCESS));
    };
    if value.get_ref().as_str() == Some("any") {
        return Some(None);
    }
    let all = || ErrorCode::ALL.iter().copied();
    let names: Vec<_> = all().map(|code| quoted(code.name())).collect();
    let numbers: Vec<_> = all().map(|code| code.to_string()).collect();
    // As it stands in the file, and what it might have been.
    let (given, known) = match value.get_ref() {
        DeValue::String(name) => (quoted(name), names),
        DeValue::Integer(_) => (fields.whole("result", m)?.value.to_string(), numbers),
        DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => return fields.wrong_kind("result", value, m),
    };
    if let Some(place) = known.iter().position(|known| *known == given) {
        return Some(all().nth(place));
    }
    let diagnostic = Diagnostic::new(value.span(), format!("no call ends with {given}"));
    m.add(diagnostic.label("unknown result").help(
        match nearest(&given, known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("known results: {}", known.join(", ")),
        },
    ));
    None
}

/// Reports rooms that nobody enters and users that nobody is.
fn check_targets(fields: &Fields<'_>, context: &Context<'_>, m: &mut Mistakes) {
    let is_new = fields.raw("call").and_then(|call| call.get_ref().as_str()) == Some("login");
    for key in ["to", "user"] {
        if let Some(user) = text(fields, key).filter(|_| !is_new) {
            context.names.check_user(&user, m);
        }
    }
    if let Some(room) = text(fields, "room") {
        context.names.check_room(&room, m);
    }
}

/// Text whose kind is reported elsewhere.
fn text<'a>(fields: &Fields<'a>, key: &str) -> Option<Placed<&'a str>> {
    let value = fields.raw(key)?;
    match value.get_ref() {
        DeValue::String(text) => Some(Placed { value: text, place: value.span() }),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}
