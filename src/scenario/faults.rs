//! Faults: when each begins and ends, and in what order.

use super::calls::check_keys;
use super::clients::one_of;
use super::context::{Context, Step};
use super::crowd::{chosen, only_crowds};
use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::Fields;
use super::network::{Draft, Network, NetworkPlan};
use super::plan::{NetAct, PlannedFault};
use super::words::DIRECTIONS;
use crate::net::{Direction, Fault};
use crate::record::{ClientId, FaultId, Phase};
use crate::time::{Span, Time};
use std::collections::BTreeSet;

/// The links that all steps together may name, so that a small file can't fill the memory.
const MOST_LINKS: usize = 4_000_000;

/// A fault as a step tells of it, but for its times.
pub(super) struct What {
    pub act: &'static str,
    pub fault: Fault,
    pub who: String,
    pub detail: String,
    pub may_miss: bool,
}

impl<'a> Network<'a> {
    /// Reads `cut` or `stall`, whichever `act` is.
    pub fn sever(
        &mut self,
        act: &'static str,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<FaultId> {
        let sound = check_keys(step.fields, act, None, m);
        let links = self.directions(act, step, context, m);
        let lasts = lasts(step.fields, m);
        let may_miss = step.fields.flag("may_miss", m);
        let (directions, words) = links?;
        let fault = if act == "cut" { Fault::Cut(directions) } else { Fault::Stall(directions) };
        let what = What { act, fault, who: words, detail: String::new(), may_miss };
        let id = self.begin(step, what, lasts?, context);
        sound.then_some(id)
    }

    /// Notes a fault that begins with this step. One that `lasts` no time at all is an instant.
    pub(super) fn begin(
        &mut self,
        step: &Step<'_, 'a>,
        what: What,
        lasts: Option<Span>,
        context: &Context<'a>,
    ) -> FaultId {
        let What { act, fault, who, detail, may_miss } = what;
        let lasts_until = lasts.map(|lasts| step.at + lasts);
        let fault = PlannedFault {
            name: step.name.map(str::to_owned),
            fault,
            act,
            who,
            detail,
            from: step.at,
            to: lasts_until.filter(|end| *end < context.until),
            may_miss,
        };
        let place = step.fields.key_place(act).expect("the act is present");
        self.drafts.push(Draft { fault, place, lasts_until, ended_by: None, order: step.index });
        FaultId(self.drafts.len() - 1)
    }

    /// Reads whose links are meant, and how to say it.
    pub(super) fn directions(
        &mut self,
        act: &'static str,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<(Vec<Direction>, String)> {
        let fields = step.fields;
        let direction = fields.text("direction", m);
        let ways = match &direction {
            Some(word) => one_of("direction", word, DIRECTIONS, m),
            None => Some(DIRECTIONS[0].1),
        };
        let clients = whose(act, step, context, m);
        let ((clients, who), ways) = (clients?, ways?);
        self.links = self.links.saturating_add(clients.len() * ways.len());
        if self.links > MOST_LINKS {
            let place = fields.key_place(act).expect("the act is present");
            let message = format!("the steps together touch more than {MOST_LINKS} links");
            m.add(Diagnostic::new(place, message).label("from here on"));
            return None;
        }
        let directions = clients.iter().flat_map(|id| ways.iter().map(|way| (*id, *way)));
        let suffix = match direction.map(|word| word.value) {
            Some("up") => " up",
            Some("down") => " down",
            Some(_) | None => "",
        };
        Some((directions.collect(), format!("{who}{suffix}")))
    }

    /// How many steps could be read.
    pub fn count(&self) -> usize {
        let ended = self.drafts.iter().filter(|draft| draft.ended_by.is_some()).count();
        self.drafts.len() + self.changes.len() + ended
    }

    /// The fault that a window may hang its end on: when it ends, if it does in this run.
    pub fn end_of(&self, id: FaultId) -> Option<Time> {
        self.drafts[id.0].fault.to
    }

    /// Everything in order, in a run that ends then: at one moment the ends by `for` first, then
    /// file order.
    pub fn finish(self, until: Time) -> NetworkPlan {
        let mut acts = Vec::new();
        for (index, draft) in self.drafts.iter().enumerate() {
            let id = FaultId(index);
            acts.push((draft.fault.from, 1, draft.order, NetAct::Begin(id)));
            acts.extend(phases(draft, until).map(|(at, phase)| {
                let rank = match phase {
                    Phase::Up(_) => 0,
                    Phase::Down(_) => 1,
                };
                (at, rank, draft.order, NetAct::Phase(id, phase))
            }));
            if let Some(to) = draft.fault.to.filter(|_| !draft.fault.is_instant()) {
                let (rank, order) = match &draft.ended_by {
                    Some((order, _)) => (1, *order),
                    None => (0, draft.order),
                };
                acts.push((to, rank, order, NetAct::End(id)));
            }
        }
        let mut changes = Vec::new();
        let mut undone = Vec::new();
        for (index, draft) in self.changes.into_iter().enumerate() {
            acts.push((draft.planned.from, 1, draft.order, NetAct::Change(index)));
            undone.extend(draft.undo(index).map(|undo| (draft.order, undo)));
            changes.push(draft.planned);
        }
        for (order, undo) in undone {
            acts.push((undo.from, 0, order, NetAct::Change(changes.len())));
            changes.push(undo);
        }
        acts.sort_by_key(|(at, rank, order, _)| (*at, *rank, *order));
        NetworkPlan {
            faults: self.drafts.into_iter().map(|draft| draft.fault).collect(),
            changes,
            acts: acts.into_iter().map(|(at, _, _, act)| (at, act)).collect(),
        }
    }
}

/// The changes within a fault that comes and goes, as far as it lasts in a run that ends
/// then.
fn phases(draft: &Draft, until: Time) -> impl Iterator<Item = (Time, Phase)> {
    let (from, to) = (draft.fault.from, draft.fault.to);
    let rhythm = match &draft.fault.fault {
        Fault::Flap(_, rhythm) => Some(*rhythm),
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::BlackHole(..)
        | Fault::Reset(..)
        | Fault::Hosts(..) => None,
    };
    let all = rhythm.into_iter().flat_map(|rhythm| rhythm.phases().collect::<Vec<_>>());
    let all = all.map(move |(after, phase)| (from + after, phase));
    all.take_while(move |(at, _)| *at < to.unwrap_or(until))
}

/// Reads `for`: `Some(None)` if it is not there, `None` if it is wrong.
pub(super) fn lasts(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Option<Span>> {
    match fields.has("for") {
        true => fields.some_time("for", m).map(|lasts| Some(lasts.value)),
        false => Some(None),
    }
}

/// Reads which clients are meant by a name, a list of names, or `server` (all of them).
pub(super) fn whose(
    act: &'static str,
    step: &Step<'_, '_>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<(Vec<ClientId>, String)> {
    let fields = step.fields;
    let names = fields.texts(act, m)?;
    if let [name] = names.as_slice()
        && name.value == "server"
    {
        if fields.has("share") {
            only_crowds("share", fields, m);
            return None;
        }
        let all = (0..context.clients.len()).map(ClientId);
        return Some((all.collect(), "server".to_owned()));
    }
    let mut clients = Vec::new();
    let mut named: BTreeSet<ClientId> = BTreeSet::new();
    let mut sound = true;
    for name in &names {
        if name.value == "server" {
            let message = "`server` means every client, so it stands alone";
            m.add(Diagnostic::new(name.place.clone(), message).label("with other names"));
            sound = false;
            continue;
        }
        let group = context.names.group(name, m);
        match group.and_then(|group| chosen(&group, fields, step.index, context, m)) {
            Some(ids) if ids.iter().any(|id| named.contains(id)) => {
                let message = format!("{} is named twice", quoted(name.value));
                m.add(Diagnostic::new(name.place.clone(), message).label("the second time"));
                sound = false;
            }
            Some(ids) => {
                named.extend(&ids);
                clients.extend(ids);
            }
            None => sound = false,
        }
    }
    if names.is_empty() {
        let place = fields.raw(act).map_or(0..0, |value| value.span());
        m.add(Diagnostic::new(place, format!("`{act}` names nobody")).label("an empty list"));
        sound = false;
    }
    let words: Vec<_> = names.iter().map(|name| name.value).collect();
    let share = fields.raw("share").and_then(|share| share.get_ref().as_str());
    let share = share.map(|share| format!("{share} of ")).unwrap_or_default();
    sound.then(|| (clients, format!("{share}{}", words.join(", "))))
}
