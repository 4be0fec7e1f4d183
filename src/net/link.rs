//! How one direction of a link behaves: the settings, and changes of them; and how a NAT does.

use crate::param::{Percent, Rate, Size};
use crate::time::Span;
use std::fmt;

/// How delays scatter around the latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Evenly, from `latency - jitter` to `latency + jitter`.
    Uniform,
    /// The bell curve; `jitter` is its standard deviation.
    Normal,
    /// Pareto's, of shape 3 as in netem: mostly a little early, now and then very late.
    Pareto,
}

impl Distribution {
    /// Each with its name in scenario files.
    pub const ALL: &[(&str, Distribution)] = &[
        ("uniform", Distribution::Uniform),
        ("normal", Distribution::Normal),
        ("pareto", Distribution::Pareto),
    ];

    /// No delay is later than the latency by more than this many jitters.
    pub const fn tail(self) -> u64 {
        match self {
            Distribution::Uniform => 1,
            Distribution::Normal | Distribution::Pareto => 4,
        }
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = Distribution::ALL.iter().find(|(_, known)| known == self);
        f.write_str(own.expect("all are listed").0)
    }
}

/// Loss in bursts: Gilbert and Elliott's two states, as netem's `gemodel`. Each packet meets
/// the state and then moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GilbertElliott {
    /// `p`: how likely the good state turns bad after a packet.
    pub p: Percent,
    /// `r`: how likely the bad state turns good after a packet; a burst lasts `1/r` packets.
    pub r: Percent,
    /// netem's `1-h`: the share lost in the bad state.
    pub bad_loss: Percent,
    /// netem's `1-k`: the share lost in the good state.
    pub good_loss: Percent,
}

impl GilbertElliott {
    /// Whether a packet can be lost at all.
    pub fn loses(&self) -> bool {
        self.good_loss.ppm() > 0 || (self.bad_loss.ppm() > 0 && self.p.ppm() > 0)
    }
}

impl fmt::Display for GilbertElliott {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GilbertElliott { p, r, bad_loss, good_loss } = self;
        write!(f, "p {p} r {r} bad_loss {bad_loss} good_loss {good_loss}")
    }
}

/// A bit rate, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bandwidth {
    /// Packets take no time to send.
    Unlimited,
    /// So many bits a second.
    Limited(Rate),
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bandwidth::Unlimited => f.write_str("unlimited"),
            Bandwidth::Limited(rate) => rate.fmt(f),
        }
    }
}

/// Whether packets are lost in bursts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bursts {
    /// They are not.
    None,
    /// They are, by this model.
    By(GilbertElliott),
}

impl fmt::Display for Bursts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bursts::None => f.write_str("none"),
            Bursts::By(model) => model.fmt(f),
        }
    }
}

/// How a client's NAT behaves. Prints as `idle 30s then rst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NatSettings {
    /// A mapping that no packet uses for so long is gone.
    pub idle: Span,
    /// What becomes of the next segment that the client sends on a connection without one.
    pub then: Unmapped,
}

/// What a NAT does with a segment from inside that has no mapping and begins no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmapped {
    /// It makes a new mapping, with another port outside. The server knows no connection
    /// from there and answers with an RST.
    NewPort,
    /// It drops it, as a firewall that keeps states does.
    Drop,
}

impl Unmapped {
    /// Each with its word in scenario files.
    pub const ALL: &[(&str, Unmapped)] = &[("rst", Unmapped::NewPort), ("drop", Unmapped::Drop)];
}

impl fmt::Display for NatSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = Unmapped::ALL.iter().find(|(_, then)| *then == self.then);
        let (then, _) = own.expect("all are listed");
        write!(f, "idle {} then {then}", self.idle)
    }
}

/// Makes the settings, changes of them, and their words.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $kind:ty = $usual:expr;)*) => {
        /// How one direction of a link behaves when no fault lies on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct LinkSettings { $($(#[$doc])* pub $field: $kind,)* }

        /// New settings; what is `None` stays. Prints as `latency 300ms, loss 10%`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct LinkUpdate { $($(#[$doc])* pub $field: Option<$kind>,)* }

        impl LinkSettings {
            /// What a link has where nothing is said: 30 ms, and nothing goes wrong.
            pub const USUAL: LinkSettings = LinkSettings { $($field: $usual,)* };

            /// What differs from [`LinkSettings::USUAL`].
            pub fn unusual(&self) -> LinkUpdate {
                let usual = LinkSettings::USUAL;
                LinkUpdate { $($field: (self.$field != usual.$field).then_some(self.$field),)* }
            }

            /// Takes over what the update names.
            pub fn apply(&mut self, update: &LinkUpdate) {
                $(self.$field = update.$field.unwrap_or(self.$field);)*
            }
        }

        impl LinkUpdate {
            /// This update with a later one on top.
            #[must_use]
            pub fn then(&self, later: &LinkUpdate) -> LinkUpdate {
                LinkUpdate { $($field: later.$field.or(self.$field),)* }
            }
        }

        impl From<LinkSettings> for LinkUpdate {
            fn from(settings: LinkSettings) -> LinkUpdate {
                LinkUpdate { $($field: Some(settings.$field),)* }
            }
        }

        impl fmt::Display for LinkUpdate {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut comma = "";
                $(if let Some(value) = self.$field {
                    write!(f, "{comma}{} {value}", stringify!($field))?;
                    comma = ", ";
                })*
                let _ = comma;
                Ok(())
            }
        }
    };
}

settings! {
    /// One-way latency; at least 1 ms.
    latency: Span = Span::from_ms(30);
    /// How far delays scatter; each is at least 1 ms. Packets may overtake each other.
    jitter: Span = Span::ZERO;
    /// In which shape.
    jitter_distribution: Distribution = Distribution::Uniform;
    /// How likely a packet scatters exactly as the one before it.
    jitter_correlation: Percent = Percent::from_ppm(0);
    /// Whether no packet arrives before one that was sent earlier.
    keep_order: bool = false;
    /// Share of packets that vanish, each by its own draw.
    loss: Percent = Percent::from_ppm(0);
    /// How likely a packet meets the same fate as the one before it.
    loss_correlation: Percent = Percent::from_ppm(0);
    /// Loss in bursts, besides `loss`.
    gilbert_elliott: Bursts = Bursts::None;
    /// Share of packets that arrive twice.
    duplicate: Percent = Percent::from_ppm(0);
    /// Share of packets that skip the latency and so overtake others.
    reorder: Percent = Percent::from_ppm(0);
    /// After one that overtook, so many packets less one keep their place, as in netem.
    reorder_gap: u32 = 1;
    /// Share of packets that arrive with one bit flipped; their receiver's checksum drops them.
    corrupt: Percent = Percent::from_ppm(0);
    /// How fast packets leave, one after the other.
    rate: Bandwidth = Bandwidth::Unlimited;
    /// Bytes that may wait for it; what does not fit in is dropped. At least one full packet.
    queue: Size = Size::from_bytes(65_536);
}

impl LinkSettings {
    /// Whether a packet can fail to arrive, other than by a full queue.
    pub fn loses(&self) -> bool {
        let bursts = match self.gilbert_elliott {
            Bursts::None => false,
            Bursts::By(model) => model.loses(),
        };
        bursts || self.loss.ppm() > 0 || self.corrupt.ppm() > 0
    }

    /// The longest that a packet which arrives can be under way: a full queue before it, then
    /// the latest of all delays.
    pub fn longest(&self) -> Span {
        let queue = match self.rate {
            Bandwidth::Unlimited => 0,
            Bandwidth::Limited(rate) => rate.ns_for(self.queue.bytes()).div_ceil(1_000_000),
        };
        Span::from_ms(queue) + self.latency + self.jitter * self.jitter_distribution.tail()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_changes_what_it_names_and_prints_it() {
        let update = LinkUpdate {
            latency: Some(Span::from_ms(300)),
            rate: Some(Bandwidth::Limited(Rate::from_bits(1_600_000))),
            ..LinkUpdate::default()
        };
        let mut settings = LinkSettings::USUAL;
        settings.apply(&update);
        assert_eq!(settings.unusual(), update);
        assert_eq!(update.to_string(), "latency 300ms, rate 1.6Mbit/s");
        assert_eq!(LinkUpdate::default().to_string(), "");
        settings.apply(&LinkSettings::USUAL.into());
        assert_eq!(settings, LinkSettings::USUAL);
    }

    #[test]
    fn the_longest_way_counts_queue_and_tail() {
        let settings = LinkSettings {
            jitter: Span::from_ms(10),
            jitter_distribution: Distribution::Pareto,
            rate: Bandwidth::Limited(Rate::from_bits(65_536)),
            queue: Size::from_bytes(8192),
            ..LinkSettings::USUAL
        };
        assert_eq!(settings.longest(), Span::from_ms(30 + 40 + 1000));
        assert_eq!(LinkSettings::USUAL.longest(), Span::from_ms(30));
    }
}
