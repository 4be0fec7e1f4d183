//! What counts as a hit: a fault or an act that hits nothing fails its scenario, unless that
//! says `may_miss`.

use crate::net::{Fault, HostFault};
use crate::record::AdminAct;

/// One kind of fault, or of an administrator's act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HitRule {
    /// What is done.
    pub kind: &'static str,
    /// What counts as a hit of it.
    pub hit: &'static str,
}

const CUT: HitRule = HitRule {
    kind: "cut",
    hit: "a packet of its way, under way when it begins or sent while it lasts",
};
const STALL: HitRule =
    HitRule { kind: "stall", hit: "a packet whose time to arrive comes while it lasts" };
const FLAP: HitRule =
    HitRule { kind: "flap", hit: "as for a cut, in any of the times when the link is down" };
const BLACK_HOLE: HitRule = HitRule {
    kind: "black hole",
    hit: "a packet of a connection of which so many bytes have gone that way already",
};
const RESET: HitRule = HitRule {
    kind: "reset by a box on the way (rst)",
    hit: "a connection that is open at one of its ends, and whose RST gets on its way",
};
const POWER_CUT: HitRule = HitRule {
    kind: "power cut of a host (crash)",
    hit: "a process that runs there, or a packet under way to the host or sent to it while it \
          is down",
};
const KILL: HitRule = HitRule { kind: "kill of a process", hit: "a process that runs there" };
const SUSPENSION: HitRule = HitRule {
    kind: "suspension of a process",
    hit: "a timer or an input that the process has to leave waiting",
};
const DOZE: HitRule =
    HitRule { kind: "doze", hit: "as for a suspension, or as for a cut both ways" };
const OFFLINE: HitRule = HitRule {
    kind: "network interface down",
    hit: "a running process that is told of it, or as for a cut both ways",
};
const HANDOVER: HitRule = HitRule {
    kind: "another network (handover)",
    hit: "as for a cut both ways, and any later packet from or to the old address; or a running \
          process that is told",
};
const PORTAL: HitRule =
    HitRule { kind: "captive portal", hit: "a packet to or from the client while it lasts" };
const NAMES: HitRule = HitRule {
    kind: "name service disturbed",
    hit: "a look-up of the server's name while it lasts",
};
const OVERLOAD: HitRule =
    HitRule { kind: "overload of the server", hit: "something that its process hears of late" };
const CLOCK: HitRule = HitRule {
    kind: "calendar clock set",
    hit: "a deadline by that clock (a token's) that moves; one that has no token yet, or no \
          token authentication, has none",
};
/// The rule of a change of link settings.
pub const LINK: HitRule = HitRule {
    kind: "link settings",
    hit: "a packet sent under them. Whether it suffers is chance: a loss of 1 % may lose none",
};
const DESTROY: HitRule = HitRule { kind: "admin destroyRoom", hit: "the room exists" };
const KICK_FROM: HitRule = HitRule { kind: "admin kickFromRoom", hit: "the user is in the room" };
const KICK: HitRule = HitRule { kind: "admin kickUser", hit: "the user has a session" };
const UNREGISTER: HitRule =
    HitRule { kind: "admin unregister", hit: "the account exists: it has logged in before" };

/// Every kind.
pub const HITS: &[HitRule] = &[
    CUT, STALL, FLAP, BLACK_HOLE, RESET, POWER_CUT, KILL, SUSPENSION, DOZE, OFFLINE, HANDOVER,
    PORTAL, NAMES, OVERLOAD, CLOCK, LINK, DESTROY, KICK_FROM, KICK, UNREGISTER,
];

/// The rule of this fault.
pub fn of_fault(fault: &Fault) -> HitRule {
    match fault {
        Fault::Cut(_) => CUT,
        Fault::Stall(_) => STALL,
        Fault::Flap(..) => FLAP,
        Fault::BlackHole(..) => BLACK_HOLE,
        Fault::Reset(..) => RESET,
        Fault::Hosts(_, fault) => match fault {
            HostFault::PowerCut { state: _ } => POWER_CUT,
            HostFault::Killed { state: _ } => KILL,
            HostFault::Suspended => SUSPENSION,
            HostFault::Dozing => DOZE,
            HostFault::Offline => OFFLINE,
            HostFault::Handover { told: _ } => HANDOVER,
            HostFault::Portal(_) => PORTAL,
            HostFault::Names(_) => NAMES,
            HostFault::Overload(_) => OVERLOAD,
            HostFault::ClockSet { by_ms: _ } => CLOCK,
        },
    }
}

/// The rule of this act.
pub fn of_act(act: &AdminAct) -> HitRule {
    match act {
        AdminAct::DestroyRoom { .. } => DESTROY,
        AdminAct::KickFromRoom { .. } => KICK_FROM,
        AdminAct::KickUser { .. } => KICK,
        AdminAct::Unregister { .. } => UNREGISTER,
    }
}
