//! Who has lanes and events of their own in a report: everybody but the members of crowds,
//! whose thousands would bury the rest.

use crate::record::{ClientId, Event, Record, Who};
use crate::scenario::Plan;
use crate::zim::UserId;
use std::collections::BTreeSet;

/// Whom a report shows one by one.
pub struct Cast<'a> {
    plan: &'a Plan,
    /// The accounts of those who are shown, where there is a crowd that is not.
    users: BTreeSet<&'a UserId>,
}

impl<'a> Cast<'a> {
    /// The cast of a run.
    pub fn of(plan: &'a Plan) -> Cast<'a> {
        let alone = plan.clients.iter().enumerate();
        let alone = alone.filter(|(place, _)| plan.crowd_of(ClientId(*place)).is_none());
        let users = alone.map(|(_, client)| &client.script.user).collect();
        Cast { plan, users }
    }

    /// Whether this client is shown.
    pub fn has(&self, client: ClientId) -> bool {
        self.plan.crowd_of(client).is_none()
    }

    /// Whether a record is about somebody who is shown. With a crowd the wire is left out, and
    /// so are the server's facts about its members.
    pub fn shows(&self, record: &Record) -> bool {
        if self.plan.crowds.is_empty() {
            return true;
        }
        match (&record.event, record.who) {
            (Event::Wire(_), _) => false,
            (Event::Server(fact), _) => {
                fact.about().is_some_and(|(user, _)| self.users.contains(user))
            }
            (_, Who::Client(client)) => self.has(client),
            (_, Who::Net | Who::Server) => true,
        }
    }
}
