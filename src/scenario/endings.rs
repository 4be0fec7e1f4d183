//! `heal` and `restart`: which fault each of them ends.

use super::calls::check_keys;
use super::context::{Context, Step};
use super::diagnostic::{Diagnostic, Mistakes, quoted};
use super::fields::Placed;
use super::hosts::host_of;
use super::nearest::nearest;
use super::network::{Draft, Ending, Ends, LinkDraft, Network};
use crate::net::{Fault, HostFault};
use crate::record::{FaultId, HostId};
use crate::time::Time;

impl<'a> Network<'a> {
    /// Reads `heal`.
    pub fn heal(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<()> {
        let sound = check_keys(step.fields, "heal", None, m);
        let name = step.fields.text("heal", m)?;
        let place = name.place.clone();
        if !context.names.steps.contains(name.value) {
            m.add(self.no_such_fault(&name, context));
            return None;
        }
        self.endings.push(Ending {
            at: step.at,
            order: step.index,
            place,
            ends: Ends::Named(name),
        });
        sound.then_some(())
    }

    /// Reads `restart`.
    pub fn restart(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<()> {
        let sound = check_keys(step.fields, "restart", None, m);
        let host = step.fields.text("restart", m)?;
        let (struck, _) = host_of(&host, context, m)?;
        self.endings.push(Ending {
            at: step.at,
            order: step.index,
            place: host.place,
            ends: Ends::CrashOf(struck),
        });
        sound.then_some(())
    }

    /// Lets each `heal` and `restart` end its fault, in order of time.
    pub fn resolve_endings(&mut self, context: &Context<'a>, m: &mut Mistakes) {
        let mut endings = std::mem::take(&mut self.endings);
        endings.sort_by_key(|ending| (ending.at, ending.order));
        for ending in endings {
            let found = match &ending.ends {
                Ends::Named(name) => self.named_fault(name, context),
                Ends::CrashOf(host) => {
                    self.open_crash(*host, ending.at).map(Some).ok_or_else(|| {
                        let who = match host {
                            HostId::Server | HostId::Portal => "the server".to_owned(),
                            HostId::Client(client) => context.clients[client.0].name.clone(),
                        };
                        Diagnostic::new(
                            ending.place.clone(),
                            format!("{who} is not down at that time"),
                        )
                        .label("nothing to restart")
                    })
                }
            };
            match found {
                Ok(Some(id)) => self.end(id, &ending, m),
                Ok(None) => self.unsure_end = true,
                Err(_) if self.unsure_crash && matches!(ending.ends, Ends::CrashOf(_)) => {}
                Err(diagnostic) => {
                    self.unsure_end = true;
                    m.add(diagnostic);
                }
            }
        }
    }

    /// The fault of this name; `Ok(None)` where its step is wrong for another reason.
    fn named_fault(
        &self,
        name: &Placed<&'a str>,
        context: &Context<'a>,
    ) -> Result<Option<FaultId>, Diagnostic> {
        let Some(moment) = self.moments.get(name.value) else {
            return Ok(None);
        };
        let Some(moment) = moment else {
            return Ok(None);
        };
        let Some(id) = moment.fault else {
            return Err(self.no_such_fault(name, context));
        };
        if !is_crash(&self.drafts[id.0]) {
            return Ok(Some(id));
        }
        let message = format!("{} is a crash, which `heal` does not end", quoted(name.value));
        let who = &self.drafts[id.0].fault.who;
        Err(Diagnostic::new(name.place.clone(), message)
            .label("a crash")
            .help(format!("a crash ends with: restart = {}", quoted(who))))
    }

    /// The crash of this host that is on at this time; of several the one that began last.
    fn open_crash(&self, host: HostId, at: Time) -> Option<FaultId> {
        let open = self.drafts.iter().enumerate().filter(|(_, draft)| {
            let down = is_crash(draft) && draft.fault.fault.strikes(host);
            let over = draft.lasts_until.is_some_and(|end| end <= at);
            down && draft.fault.from < at && !over && draft.ended_by.is_none()
        });
        open.max_by_key(|(_, draft)| draft.fault.from).map(|(index, _)| FaultId(index))
    }

    fn end(&mut self, id: FaultId, ending: &Ending<'a>, m: &mut Mistakes) {
        let draft = &mut self.drafts[id.0];
        let wrong = |message: &str, label: &str| {
            Diagnostic::new(ending.place.clone(), message).label(label)
        };
        if let Some((_, first)) = &draft.ended_by {
            m.add(
                wrong("this fault is ended twice", "the second time")
                    .also(first.clone(), "the first time"),
            );
        } else if ending.at <= draft.fault.from {
            let began = draft.fault.from.since(Time::ZERO);
            let healed = ending.at.since(Time::ZERO);
            m.add(
                wrong("this fault is healed before it has begun", &format!("at {healed}"))
                    .also(draft.place.clone(), format!("begins at {began}")),
            );
        } else if let Some(over) = draft.lasts_until.filter(|over| *over <= ending.at) {
            let over = over.since(Time::ZERO);
            m.add(
                wrong("this fault is over by then", "nothing left to heal")
                    .also(draft.place.clone(), format!("ends by itself at {over}")),
            );
        } else {
            draft.fault.to = Some(ending.at);
            draft.ended_by = Some((ending.order, ending.place.clone()));
        }
    }

    fn no_such_fault(&self, name: &Placed<&str>, context: &Context<'_>) -> Diagnostic {
        let message = format!("no fault is called {}", quoted(name.value));
        let diagnostic = Diagnostic::new(name.place.clone(), message).label("unknown fault");
        if context.names.is_client(name.value) || name.value == "server" {
            return diagnostic
                .help("`heal` names a fault, not a host: give the cut a name = \"…\"");
        }
        let of_link = |draft: &LinkDraft| draft.planned.name.as_deref() == Some(name.value);
        if self.changes.iter().any(of_link) {
            return diagnostic.help(
                "a change of links ends by its own `for`, or by: link = \"…\", reset = true",
            );
        }
        match nearest(name.value, context.names.steps.iter().copied()) {
            Some(meant) if meant != name.value => {
                diagnostic.help(format!("did you mean {}?", quoted(meant)))
            }
            Some(_) | None => diagnostic.help("a cut, stall or crash gets a name by name = \"…\""),
        }
    }
}

/// Whether a `restart` ends this.
fn is_crash(draft: &Draft) -> bool {
    match draft.fault.fault {
        Fault::Hosts(_, HostFault::PowerCut { .. } | HostFault::Killed { .. }) => true,
        Fault::Cut(_)
        | Fault::Stall(_)
        | Fault::Flap(..)
        | Fault::BlackHole(..)
        | Fault::Reset(..)
        | Fault::Hosts(..) => false,
    }
}
