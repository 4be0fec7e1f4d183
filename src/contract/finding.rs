//! What a check says: on this occasion this row was held, or was not.

use super::grade::Grade;
use crate::record::ClientId;
use crate::time::Time;
use crate::zim::RoomId;

/// One occasion on which a row applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The row's id.
    pub row: &'static str,
    /// Whose occasion.
    pub client: ClientId,
    /// In which room, where the row is about rooms.
    pub room: Option<RoomId>,
    /// When.
    pub at: Time,
    /// The record that exhibits it, by its place in the recording.
    pub record: Option<usize>,
    /// Whether the row was held.
    pub verdict: Verdict,
    /// The chosen parameter that decided what was seen, where the document does not.
    pub decided_by: Option<&'static str>,
}

impl Finding {
    /// This occasion's grade.
    pub fn grade(&self) -> Grade {
        match (&self.verdict, self.decided_by) {
            (Verdict::Contradicted(_), _) => Grade::Contradicted,
            (Verdict::Held, Some(_)) => Grade::Allowed,
            (Verdict::Held, None) => Grade::Held,
        }
    }
}

/// Whether a row was held on one occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As documented.
    Held,
    /// Otherwise; says what was seen instead, with times.
    Contradicted(String),
}

impl Verdict {
    /// Whether it is [`Verdict::Held`].
    pub fn is_held(&self) -> bool {
        match self {
            Verdict::Held => true,
            Verdict::Contradicted(_) => false,
        }
    }

    /// Held unless something is wrong.
    pub fn of(problem: Option<String>) -> Verdict {
        match problem {
            None => Verdict::Held,
            Some(what) => Verdict::Contradicted(what),
        }
    }
}
