//! A scenario with all names resolved, all bounds checked, everything in order of time.
//!
//! Nothing after this stage can find a mistake of the author's: engines and checks take
//! a plan as it is.

use crate::app::Script;
use crate::net::{
    Direction, Fault, HostFault, Layers, LinkChange, LinkSettings, NatLayers, NatSettings,
};
use crate::param::Params;
use crate::record::{AdminAct, ClientId, FaultId, HostId, Origin, Phase, Way};
use crate::rng::Seed;
use crate::time::{Span, Time};
use crate::zim::{CallKind, ErrorCode, Pattern, RoomId};
use std::ops::Range;

/// A scenario that is ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The file's stem: `4-t2-timeout`.
    pub name: String,
    /// What it is about, in one line.
    pub title: String,
    /// Where all randomness comes from.
    pub seed: Seed,
    /// When the run ends.
    pub until: Time,
    /// Every parameter.
    pub params: Params,
    /// The clients, sorted by name; a [`ClientId`] is a place in here.
    pub clients: Vec<ClientPlan>,
    /// The crowds among them, by name.
    pub crowds: Vec<CrowdPlan>,
    /// The faults, in file order; a [`FaultId`] is a place in here.
    pub faults: Vec<PlannedFault>,
    /// Changes of link settings, in file order.
    pub changes: Vec<PlannedChange>,
    /// What happens to the network and its hosts, by time, then file order.
    pub acts: Vec<(Time, NetAct)>,
    /// What administrators do, by time, then file order; with the step's place in the file.
    pub admin: Vec<(Time, PlannedAdmin)>,
    /// How scripted calls must end.
    pub results: Vec<ExpectedResult>,
    /// What must be seen.
    pub expects: Vec<Watch>,
    /// What must not be seen.
    pub nevers: Vec<Watch>,
}

/// One client device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPlan {
    /// Its name in the file.
    pub name: String,
    /// What its app does.
    pub script: Script,
    /// Its link towards the server.
    pub up: LinkSettings,
    /// Its link from the server.
    pub down: LinkSettings,
    /// The NAT that it is behind, if any.
    pub nat: Option<NatSettings>,
    /// How far its calendar clock is ahead at the beginning, in ms; negative: behind.
    pub clock_ms: i64,
}

/// Clients that one line of the file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdPlan {
    /// What the file calls them.
    pub name: String,
    /// Their places in [`Plan::clients`].
    pub members: Range<usize>,
}

/// An act on the network or on a host, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetAct {
    /// A fault begins.
    Begin(FaultId),
    /// A fault ends.
    End(FaultId),
    /// A fault that comes and goes comes, or goes.
    Phase(FaultId, Phase),
    /// Settings change; the place in [`Plan::changes`].
    Change(usize),
}

/// A fault with its place in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    /// What the file calls it, if it does.
    pub name: Option<String>,
    /// What it is.
    pub fault: Fault,
    /// The step's act, as the file puts it: `cut`.
    pub act: &'static str,
    /// Whom it strikes: `alice, bob`, `alice up`, `server`.
    pub who: String,
    /// What else there is to say: `state lost`; often nothing.
    pub detail: String,
    /// When it begins.
    pub from: Time,
    /// When it ends; `None`: not in this run.
    pub to: Option<Time>,
    /// Whether it may hit nothing.
    pub may_miss: bool,
}

impl PlannedFault {
    /// How the file puts it: `cut alice`, `cut alice up`, `crash server, state lost`.
    pub fn words(&self) -> String {
        let PlannedFault { act, who, detail, .. } = self;
        let comma = if detail.is_empty() { "" } else { ", " };
        format!("{act} {who}{comma}{detail}")
    }

    /// What the file calls it, else how it puts it.
    pub fn name_or_words(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.words())
    }

    /// Whether it takes no time: it is over as soon as it has begun.
    pub fn is_instant(&self) -> bool {
        self.to == Some(self.from)
    }
}

/// A change of link settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedChange {
    /// Which directions; sorted.
    pub directions: Vec<Direction>,
    /// To what.
    pub change: LinkChange,
    /// How the file puts it: `link alice: latency 300ms, loss 10%`.
    pub words: String,
    /// What the file calls it, if it does.
    pub name: Option<String>,
    /// When.
    pub from: Time,
    /// Whether it may meet no packet.
    pub may_miss: bool,
}

/// An administrator's act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAdmin {
    /// What is done.
    pub act: AdminAct,
    /// Whether there may be nobody and nothing to do it to.
    pub may_miss: bool,
}

/// How one scripted call must end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedResult {
    /// Whose call.
    pub client: ClientId,
    /// The step that asks for it.
    pub origin: Origin,
    /// Which call.
    pub kind: CallKind,
    /// When it is made.
    pub at: Time,
    /// The code it must end with; `None`: any.
    pub code: Option<ErrorCode>,
}

/// Something to be seen, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// By whom, by place: one client, or all members of a crowd.
    pub clients: Range<usize>,
    /// How many of them must see it, at the least.
    pub least: usize,
    /// What.
    pub what: Watched,
    /// From when, inclusive.
    pub from: Time,
    /// Until when, inclusive.
    pub to: Time,
    /// How the file puts it, for messages: `alice: row 4.T0 in r1, within 20s of tunnel`.
    pub words: String,
}

/// What a [`Watch`] looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// A row of the contract, exhibited at that time (and, in `expect`, held).
    Row {
        /// The row's id.
        row: String,
        /// In this room; `None`: in any, or none.
        room: Option<RoomId>,
    },
    /// A callback.
    Callback(Pattern),
    /// Something the app shows, word for word.
    Shown(String),
}

impl Plan {
    /// The client's name.
    pub fn client_name(&self, client: ClientId) -> &str {
        &self.clients[client.0].name
    }

    /// The host's name, as files and reports have it.
    pub fn host_name(&self, host: HostId) -> &str {
        match host {
            HostId::Server => "server",
            HostId::Client(client) => self.client_name(client),
            HostId::Portal => "portal",
        }
    }

    /// Whether any client is ever behind a captive portal.
    pub fn has_portal(&self) -> bool {
        let portal =
            |planned: &PlannedFault| matches!(planned.fault, Fault::Hosts(_, HostFault::Portal(_)));
        self.faults.iter().any(portal)
    }

    /// What one direction of a client's link is set to, from when on, in order of time.
    pub fn link_history(&self, (client, way): Direction) -> Vec<(Time, LinkSettings)> {
        let own = &self.clients[client.0];
        let own = match way {
            Way::Up => own.up,
            Way::Down => own.down,
        };
        let mut layers = Layers::new(own);
        let mut history = vec![(Time::ZERO, own)];
        for (at, act) in &self.acts {
            let NetAct::Change(place) = act else { continue };
            let planned = &self.changes[*place];
            if planned.directions.binary_search(&(client, way)).is_ok() {
                layers.change(*place, way, &planned.change);
                history.push((*at, layers.settings()));
            }
        }
        history
    }

    /// How this client's NAT behaves, from when on, in order of time; nothing if it has none.
    pub fn nat_history(&self, client: ClientId) -> Vec<(Time, NatSettings)> {
        let Some(own) = self.clients[client.0].nat else { return Vec::new() };
        let mut layers = NatLayers::new(own);
        let mut history = vec![(Time::ZERO, own)];
        for (at, act) in &self.acts {
            let NetAct::Change(place) = act else { continue };
            let planned = &self.changes[*place];
            if planned.directions.binary_search(&(client, Way::Up)).is_ok() {
                layers.change(*place, &planned.change);
                history.push((*at, layers.settings()));
            }
        }
        history
    }

    /// The crowd that this client is of.
    pub fn crowd_of(&self, ClientId(client): ClientId) -> Option<&CrowdPlan> {
        self.crowds.iter().find(|crowd| crowd.members.contains(&client))
    }

    /// What the file calls these clients.
    pub fn group_name(&self, clients: &Range<usize>) -> &str {
        match self.crowds.iter().find(|crowd| crowd.members == *clients) {
            Some(crowd) => &crowd.name,
            None => &self.clients[clients.start].name,
        }
    }

    /// How long the run lasts.
    pub fn span(&self) -> Span {
        self.until.since(Time::ZERO)
    }
}
