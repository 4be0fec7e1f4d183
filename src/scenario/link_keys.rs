//! The keys that say how a link behaves.

use super::keys::{Key, Kind, may};
use super::words::Words;

pub(super) const PROFILE: Key = may(
    "profile",
    Kind::Text,
    "ready-made settings, which keys beside it refine; `zimsim profiles` lists them",
)
.of(Words::Profiles);
pub(super) const LATENCY: Key =
    may("latency", Kind::Duration, "how long a packet travels, one way; at least 1 ms");
pub(super) const JITTER: Key = may(
    "jitter",
    Kind::Duration,
    "how far delays scatter around `latency`; packets may overtake each other",
);
pub(super) const JITTER_DISTRIBUTION: Key = may(
    "jitter_distribution",
    Kind::Text,
    "in which shape delays scatter: evenly up to `jitter` if not given",
)
.of(Words::Distributions);
pub(super) const JITTER_CORRELATION: Key = may(
    "jitter_correlation",
    Kind::Share,
    "how likely a packet scatters exactly as the one before it",
);
pub(super) const KEEP_ORDER: Key = may(
    "keep_order",
    Kind::Flag,
    "whether no packet arrives before one that was sent earlier; false if not given",
);
pub(super) const LOSS: Key =
    may("loss", Kind::Share, "which share of the packets is lost, each by its own draw");
pub(super) const LOSS_CORRELATION: Key = may(
    "loss_correlation",
    Kind::Share,
    "how likely a packet meets the same fate as the one before it; the share stays `loss`",
);
pub(super) const GILBERT: Key = may(
    "gilbert_elliott",
    Kind::Table,
    "loss in bursts: a good and a bad state, as netem's gemodel; \"none\" takes it away",
);
pub(super) const DUPLICATE: Key =
    may("duplicate", Kind::Share, "which share of the packets arrives twice");
pub(super) const REORDER: Key = may(
    "reorder",
    Kind::Share,
    "which share of the packets skips the latency and so overtakes others",
);
pub(super) const REORDER_GAP: Key = may(
    "reorder_gap",
    Kind::Whole,
    "after one that overtook, so many packets less one keep their place; 1 if not given",
);
pub(super) const CORRUPT: Key = may(
    "corrupt",
    Kind::Share,
    "which share of the packets arrives with one bit flipped: the receiver's checksum drops them",
);
pub(super) const RATE: Key = may(
    "rate",
    Kind::Rate,
    "how many bits a second leave, one packet after the other; \"unlimited\" if not given",
);
pub(super) const QUEUE: Key = may(
    "queue",
    Kind::Size,
    "how many bytes may wait for `rate`; what does not fit in is dropped; 64KiB if not given",
);
