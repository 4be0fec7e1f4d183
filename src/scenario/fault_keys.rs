//! The keys of steps that are faults, or say how one goes.

use super::keys::{Key, Kind, may};
use super::words::Words;

pub(super) const CUT: Key = may(
    "cut",
    Kind::Texts,
    "packets of these clients vanish, also those in flight; \"server\" for all clients",
);
pub(super) const STALL: Key = may(
    "stall",
    Kind::Texts,
    "packets of these clients wait, and arrive in order when it ends; \"server\" for all clients",
);
pub(super) const FLAP: Key = may(
    "flap",
    Kind::Texts,
    "the links of these clients come and go: `down_for`, `up_for`, and so on, `times` times down; \"server\" for all clients",
);
pub(super) const BLACKHOLE: Key = may(
    "blackhole",
    Kind::Texts,
    "packets of a connection of these clients vanish once `after` bytes of its data have gone that way; \"server\" for all clients",
);
pub(super) const RST: Key = may(
    "rst",
    Kind::Texts,
    "a box on the way resets the open connections of these clients; \"server\" for all clients",
);
pub(super) const DOWN_FOR: Key =
    may("down_for", Kind::Duration, "how long a flapping link is down each time");
pub(super) const UP_FOR: Key =
    may("up_for", Kind::Duration, "how long a flapping link is up between two times");
pub(super) const TIMES: Key = may(
    "times",
    Kind::Whole,
    "how often a step that repeats `every` so often happens, or a flapping link is down; 1 to 10000",
);
pub(super) const AFTER: Key = may(
    "after",
    Kind::Size,
    "how many bytes of data a black hole lets pass, resent ones counted again",
);
pub(super) const HEAL: Key =
    may("heal", Kind::Text, "the name of a cut, stall, flap or black hole that ends here");
pub(super) const CRASH: Key =
    may("crash", Kind::Text, "the server or a client loses its power, or its process is killed");
pub(super) const RESTART: Key =
    may("restart", Kind::Text, "the server or client that has crashed is back");
pub(super) const SUSPEND: Key = may(
    "suspend",
    Kind::Texts,
    "the apps of these clients stop, and their kernels go on acknowledging: in the background",
);
pub(super) const DOZE: Key =
    may("doze", Kind::Texts, "the apps of these clients stop, and they have no network");
pub(super) const OFFLINE: Key = may(
    "offline",
    Kind::Texts,
    "these clients have no network, and their operating system says so: airplane mode",
);
pub(super) const HANDOVER: Key = may(
    "handover",
    Kind::Texts,
    "these clients come to another network, with another address, after `for` or at once",
);
pub(super) const PORTAL: Key =
    may("portal", Kind::Texts, "a captive portal answers these clients in the server's place");
pub(super) const DNS: Key =
    may("dns", Kind::Texts, "these clients can't look up the server's name as usual");
pub(super) const OVERLOAD: Key =
    may("overload", Kind::Text, "the server hears of everything late, and answers late")
        .of(Words::Server);
pub(super) const CLOCK: Key =
    may("clock", Kind::Texts, "the calendar clocks of these clients are set");
pub(super) const HOW: Key =
    may("how", Kind::Text, "\"power\": silence; \"killed\": its kernel resets and refuses")
        .of(Words::Crashes);
pub(super) const TOLD: Key =
    may("told", Kind::Flag, "whether the operating system says so; true if not given");
pub(super) const ANSWER: Key =
    may("answer", Kind::Text, "what the portal, or the look-up, answers").of(Words::Answers);
pub(super) const DELAY: Key =
    may("delay", Kind::Duration, "how long the look-up takes, or how late the server is");
pub(super) const BY: Key =
    may("by", Kind::Offset, "by how much the clock is set: \"+1h\" forward, \"-1h\" back");
pub(super) const LINK: Key = may(
    "link",
    Kind::Texts,
    "the links of these clients behave differently from now on; \"server\" for all clients",
);
pub(super) const EVERY: Key = may(
    "every",
    Kind::Duration,
    "the step is repeated after so long, and again: `times` times in all, or `for` so long",
);
pub(super) const FOR: Key = may(
    "for",
    Kind::Duration,
    "how long the fault lasts, or a step goes on that repeats; until a step ends it, or the run ends, if not given",
);
pub(super) const DIRECTION_OF: Key =
    may("direction", Kind::Text, "\"up\" is to the server; \"both\" if not given")
        .of(Words::Directions);
pub(super) const SERVER_STATE: Key =
    may("state", Kind::Text, "whether the server still knows sessions and rooms when it is back")
        .of(Words::ServerStates);
pub(super) const MAY_MISS: Key = may(
    "may_miss",
    Kind::Flag,
    "whether it is no failure if this hits nothing; false if not given",
);
