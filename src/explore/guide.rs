//! What the next batch should favour: the pairs of fault and protocol state that were seldom
//! reached.

use super::coverage::{Coverage, Moment};
use super::draw::{Aim, Weights};
use super::kind::Kind;

/// Weights by what earlier batches reached: a pair is favoured by how many times it would have
/// to be doubled to be as frequent as the most frequent one.
pub(super) fn guided(coverage: &Coverage) -> Weights {
    let pairs = || Kind::ALL.iter().flat_map(|kind| Moment::ALL.iter().map(|own| (*kind, *own)));
    let most = pairs().map(|(kind, moment)| coverage.pair(kind, moment)).max().unwrap_or(0);
    let mut weights = Weights::default();
    for (kind, moment) in pairs().filter(|(kind, moment)| moment.admits(*kind)) {
        let doublings = (most + 1).ilog2() - (coverage.pair(kind, moment) + 1).ilog2();
        for aim in aims(moment) {
            weights.favour(kind, *aim, doublings);
        }
    }
    weights
}

/// What to aim at to find a client in this state.
fn aims(moment: Moment) -> &'static [Aim] {
    match moment {
        Moment::Out => &[Aim::Before, Aim::After],
        Moment::Connecting => &[Aim::Login],
        Moment::Online | Moment::InRoom => &[Aim::Anywhere],
        Moment::Entering => &[Aim::Entry],
        Moment::Restoring => &[Aim::Return],
        Moment::Reconnecting | Moment::Away | Moment::Dead => &[Aim::During],
        Moment::Ended => &[Aim::During, Aim::Return],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_favoured_before_anything_is_known() {
        assert_eq!(guided(&Coverage::default()), Weights::default());
    }
}
