//! What a fault is aimed at: most of what is delicate lasts only for a moment.

/// A moment in the life of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aim {
    /// Any time.
    Anywhere,
    /// Just before a login.
    Before,
    /// While a login is under way.
    Login,
    /// While a room is being entered.
    Entry,
    /// While an earlier fault lasts.
    During,
    /// When an earlier fault is over, and the SDK finds back.
    Return,
    /// Just after a logout.
    After,
}

impl Aim {
    /// Every aim.
    pub const ALL: &[Aim] =
        &[Aim::Anywhere, Aim::Before, Aim::Login, Aim::Entry, Aim::During, Aim::Return, Aim::After];
}

/// How many aims there are.
pub(crate) const AIMS: usize = Aim::ALL.len();

/// The moments, in ms, that a plan has for each aim so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Aims([Vec<u64>; AIMS]);

impl Aims {
    /// One more of them.
    pub fn add(&mut self, aim: Aim, at: u64) {
        self.0[aim as usize].push(at);
    }

    /// A fault lasts from then to then.
    pub fn fault(&mut self, from: u64, to: u64) {
        self.add(Aim::During, from);
        self.add(Aim::Return, to);
    }

    /// All of them.
    pub fn of(&self, aim: Aim) -> &[u64] {
        &self.0[aim as usize]
    }
}
