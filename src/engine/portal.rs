//! The captive portal: a host that takes itself for the server, and serves nobody.

use crate::net::{PortalAnswer, Stack, StackEvent};
use crate::time::Time;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What it does with whom; whoever is not in the list gets silence.
#[derive(Debug, Default)]
pub(super) struct Portal {
    pub answers: BTreeMap<Ipv4Addr, PortalAnswer>,
}

impl Portal {
    /// Whether a packet that belongs to no connection is answered as a kernel does.
    pub fn answers_stranger(&self, from: Ipv4Addr) -> bool {
        self.answer(from) == PortalAnswer::Reset
    }

    /// Does with a connection what it does with those who come from there.
    pub fn hear(&self, now: Time, stack: &mut Stack, event: StackEvent) {
        match event {
            StackEvent::Bytes(conn, _) => {
                let from = stack.remote(conn);
                if from.is_some_and(|from| self.answer(from) == PortalAnswer::Reset) {
                    stack.abort(now, conn);
                }
            }
            StackEvent::Accepted(_) | StackEvent::Opened(_) | StackEvent::Closed(..) => {}
        }
    }

    fn answer(&self, from: Ipv4Addr) -> PortalAnswer {
        self.answers.get(&from).copied().unwrap_or(PortalAnswer::Silence)
    }
}
