//! The keys that say how a link behaves, wherever they stand.

use super::keys::{Inside, Key, Kind, Shape, may, must};
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
)
.holding(Inside::OneOrNone(&GILBERT_ELLIOTT));
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

/// The names of the keys that say how a link behaves.
pub const LINK_KEYS: &[&str] = &[
    "profile",
    "latency",
    "jitter",
    "jitter_distribution",
    "jitter_correlation",
    "keep_order",
    "loss",
    "loss_correlation",
    "gilbert_elliott",
    "duplicate",
    "reorder",
    "reorder_gap",
    "corrupt",
    "rate",
    "queue",
];

/// A list of keys that ends with those of [`LINK_KEYS`].
macro_rules! with_link_keys {
    ($($key:expr),* $(,)?) => {
        &[
            $($key,)*
            $crate::scenario::link_keys::PROFILE,
            $crate::scenario::link_keys::LATENCY,
            $crate::scenario::link_keys::JITTER,
            $crate::scenario::link_keys::JITTER_DISTRIBUTION,
            $crate::scenario::link_keys::JITTER_CORRELATION,
            $crate::scenario::link_keys::KEEP_ORDER,
            $crate::scenario::link_keys::LOSS,
            $crate::scenario::link_keys::LOSS_CORRELATION,
            $crate::scenario::link_keys::GILBERT,
            $crate::scenario::link_keys::DUPLICATE,
            $crate::scenario::link_keys::REORDER,
            $crate::scenario::link_keys::REORDER_GAP,
            $crate::scenario::link_keys::CORRUPT,
            $crate::scenario::link_keys::RATE,
            $crate::scenario::link_keys::QUEUE,
        ]
    };
}
pub(super) use with_link_keys;

/// `gilbert_elliott`
pub(super) const GILBERT_ELLIOTT: Shape = Shape {
    what: "`gilbert_elliott` table",
    about: "loss in bursts: each packet meets the present state, which may then turn",
    keys: &[
        must("p", Kind::Share, "how likely the good state turns bad after a packet"),
        must(
            "r",
            Kind::Share,
            "how likely the bad state turns good after a packet: a burst lasts 1/r packets",
        ),
        may("bad_loss", Kind::Share, "share lost in the bad state, netem's 1-h; 100% if not given"),
        may("good_loss", Kind::Share, "share lost in the good state, netem's 1-k; 0% if not given"),
    ],
    choices: &[],
    always: &[],
};
