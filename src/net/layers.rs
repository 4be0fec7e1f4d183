//! What a scenario makes of a link in the course of a run: its own settings, and the changes
//! that lie on them.

use super::link::{LinkSettings, LinkUpdate, NatSettings};
use crate::record::Way;

/// A change of links at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a plan has few, and nearly all of them set")]
pub enum LinkChange {
    /// New settings on top of those there are, by direction.
    Set {
        /// Towards the server.
        up: LinkUpdate,
        /// From the server.
        down: LinkUpdate,
        /// How the NAT behaves, if that changes; it is one box for both directions.
        nat: Option<NatSettings>,
    },
    /// The change at this place of the plan is taken away; others stay.
    Undo(usize),
    /// All changes are taken away.
    Reset,
}

/// One direction's settings and what lies on them; of several the last wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    own: LinkSettings,
    /// By the change's place in the plan, in the order in which they came.
    set: Vec<(usize, LinkUpdate)>,
}

impl Layers {
    /// Settings that nothing lies on.
    pub fn new(own: LinkSettings) -> Layers {
        Layers { own, set: Vec::new() }
    }

    /// The change at this place of the plan happens.
    pub fn change(&mut self, place: usize, way: Way, change: &LinkChange) {
        match change {
            LinkChange::Set { up, down, nat: _ } => {
                let update = match way {
                    Way::Up => up,
                    Way::Down => down,
                };
                self.set.push((place, *update));
            }
            LinkChange::Undo(undone) => self.set.retain(|(place, _)| place != undone),
            LinkChange::Reset => self.set.clear(),
        }
    }

    /// What holds now.
    pub fn settings(&self) -> LinkSettings {
        let mut settings = self.own;
        for (_, update) in &self.set {
            settings.apply(update);
        }
        settings
    }

    /// Whether this change still lies on the link.
    pub fn holds(&self, place: usize) -> bool {
        self.set.iter().any(|(other, _)| *other == place)
    }
}

/// How a client's NAT behaves by itself and what lies on it; of several the last wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatLayers {
    own: NatSettings,
    set: Vec<(usize, NatSettings)>,
}

impl NatLayers {
    /// Settings that nothing lies on.
    pub fn new(own: NatSettings) -> NatLayers {
        NatLayers { own, set: Vec::new() }
    }

    /// The change at this place of the plan happens.
    pub fn change(&mut self, place: usize, change: &LinkChange) {
        match change {
            LinkChange::Set { up: _, down: _, nat } => {
                self.set.extend(nat.map(|nat| (place, nat)));
            }
            LinkChange::Undo(undone) => self.set.retain(|(place, _)| place != undone),
            LinkChange::Reset => self.set.clear(),
        }
    }

    /// What holds now.
    pub fn settings(&self) -> NatSettings {
        self.set.last().map_or(self.own, |(_, nat)| *nat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    fn latency(ms: u64) -> LinkChange {
        let update = LinkUpdate { latency: Some(Span::from_ms(ms)), ..LinkUpdate::default() };
        LinkChange::Set { up: update, down: LinkUpdate::default(), nat: None }
    }

    #[test]
    fn the_last_change_wins_and_what_is_undone_leaves_the_others() {
        let mut layers = Layers::new(LinkSettings::USUAL);
        let latency_after = |layers: &mut Layers, place, change| {
            layers.change(place, Way::Up, &change);
            layers.settings().latency.ms()
        };
        assert_eq!(latency_after(&mut layers, 0, latency(100)), 100);
        assert_eq!(latency_after(&mut layers, 1, latency(200)), 200);
        assert_eq!(latency_after(&mut layers, 2, LinkChange::Undo(0)), 200);
        assert!(layers.holds(1) && !layers.holds(0));
        assert_eq!(latency_after(&mut layers, 3, LinkChange::Undo(1)), 30);
        assert_eq!(latency_after(&mut layers, 4, latency(300)), 300);
        assert_eq!(latency_after(&mut layers, 5, LinkChange::Reset), 30);
        assert_eq!(latency_after(&mut layers, 6, LinkChange::Undo(4)), 30);
        layers.change(7, Way::Down, &latency(400));
        assert_eq!(layers.settings(), LinkSettings::USUAL, "that was the other way");
    }
}
