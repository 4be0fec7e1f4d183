//! What a run leaves behind: a closed set of events, in order.
//!
//! Two levels. *Public* events are what an app can see, what the scenario did, and what
//! the server decided; the timeline, the snapshots and most checks rest on them. *Wire*
//! events are everything below; they show under `--trace` and never move a snapshot.

use crate::protocol::{ClientFrame, FrameKind, RoomEnd, ServerFrame, SessionEnd, Standing};
use crate::time::{Span, Time, Wall};
use crate::zim::{Call, CallId, CallKind, Callback, DeviceId, ErrorCode, Member, RoomId, UserId};

/// A client of the plan, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub usize);

/// A fault of the plan, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultId(pub usize);

/// A change within a flap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The link is up after so many times down.
    Up(u64),
    /// The link is down for the so-manieth time.
    Down(u64),
}

/// A connection as its own host counts them; a client's first is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u32);

/// Whose event it is. The order is that of events in the same millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The network and the scenario's hand on it.
    Net,
    /// The server.
    Server,
    /// A client: its app and its SDK.
    Client(ClientId),
}

/// A host of the simulated network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostId {
    /// The server.
    Server,
    /// A client device.
    Client(ClientId),
    /// The captive portal, which takes itself for the server.
    Portal,
}

impl From<HostId> for Who {
    fn from(host: HostId) -> Who {
        match host {
            // The portal is part of the network that clients are in.
            HostId::Portal => Who::Net,
            HostId::Server => Who::Server,
            HostId::Client(client) => Who::Client(client),
        }
    }
}

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Time,
    /// Whose.
    pub who: Who,
    /// What.
    pub event: Event,
}

/// Why a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A step of the scenario, by its place in `steps`.
    Step(usize),
    /// A step that repeats, by its place in `steps`, and which of its times this is, from 0.
    Repeated(usize, u64),
    /// A reaction, by its place in `react`.
    Reaction(usize),
    /// A ready-made policy.
    Policy,
    /// The habits of a crowd's members.
    Crowd,
}

/// Everything that can happen in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The app calls the SDK.
    Called {
        /// Pairs the result.
        id: CallId,
        /// Who asked for it.
        origin: Origin,
        /// The call.
        call: Call,
    },
    /// The SDK answers a call.
    Result {
        /// Which call.
        id: CallId,
        /// Which kind of call.
        kind: CallKind,
        /// How it went.
        code: ErrorCode,
        /// Who is in the room, where that was asked.
        members: Option<Vec<Member>>,
    },
    /// The SDK calls the app back.
    Callback(Callback),
    /// The app shows its user something.
    Shown {
        /// What it says.
        text: String,
    },
    /// A fault begins.
    FaultBegan(FaultId),
    /// A fault ends.
    FaultEnded(FaultId),
    /// Within a fault that comes and goes: it comes, or goes.
    FaultPhase(FaultId, Phase),
    /// The scenario changes a link's settings, by the change's place in the plan.
    LinkChanged(usize),
    /// A client's process dies, and with it its SDK and app.
    ProcessDied,
    /// A client's process starts again: a new SDK, a new app.
    ProcessStarted,
    /// An administrator acts on the server.
    Admin {
        /// What is done.
        act: AdminAct,
        /// Whether there was anybody or anything to do it to.
        hit: bool,
        /// Whose session ended by it, or whose time in a room.
        victims: Vec<Victim>,
    },
    /// The server reports a fact about its sessions and rooms.
    Server(ServerFact),
    /// Something on the wire, or inside a core.
    Wire(Wire),
}

/// A user on a device, whom an administrator's act struck.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Victim {
    /// The account.
    pub user: UserId,
    /// The device.
    pub device: DeviceId,
}

/// What an administrator can do through the server's own interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminAct {
    /// Destroy a room; everybody in it is out.
    DestroyRoom {
        /// Which.
        room: RoomId,
    },
    /// Kick a user from a room.
    KickFromRoom {
        /// Which.
        room: RoomId,
        /// Whom.
        user: UserId,
    },
    /// End all sessions of a user.
    KickUser {
        /// Whom.
        user: UserId,
    },
    /// Unregister an account; it can't log in again.
    Unregister {
        /// Which.
        user: UserId,
    },
}

/// Facts that only the server knows and that checks compare the clients with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerFact {
    /// A user logged in on a device.
    LoggedIn {
        /// The account.
        user: UserId,
        /// The device.
        device: DeviceId,
        /// Whether it came back to a session rather than beginning one.
        resumed: bool,
    },
    /// A session ended for good.
    SessionEnded {
        /// The account.
        user: UserId,
        /// The device.
        device: DeviceId,
        /// Why; `None` after a logout.
        cause: Option<SessionEnd>,
    },
    /// No heartbeat for too long, or the connection was seen to close.
    UserOffline {
        /// The account.
        user: UserId,
        /// The device.
        device: DeviceId,
    },
    /// A user is in a room.
    Entered {
        /// Which room.
        room: RoomId,
        /// Who.
        user: UserId,
        /// On which device.
        device: DeviceId,
    },
    /// A user is out of a room.
    Left {
        /// Which room.
        room: RoomId,
        /// Who.
        user: UserId,
        /// On which device.
        device: DeviceId,
        /// Why; `None` when it left by itself or its session ended.
        cause: Option<RoomEnd>,
    },
    /// A room is gone.
    RoomDestroyed {
        /// Which.
        room: RoomId,
    },
    /// The server answered the question of T1.
    Answered {
        /// Who asked.
        user: UserId,
        /// On which device.
        device: DeviceId,
        /// About which room.
        room: RoomId,
        /// The answer.
        standing: Standing,
    },
}

impl ServerFact {
    /// Whom it is about, if it is about one user on one device.
    pub fn about(&self) -> Option<(&UserId, &DeviceId)> {
        match self {
            ServerFact::LoggedIn { user, device, .. }
            | ServerFact::SessionEnded { user, device, .. }
            | ServerFact::UserOffline { user, device }
            | ServerFact::Entered { user, device, .. }
            | ServerFact::Left { user, device, .. }
            | ServerFact::Answered { user, device, .. } => Some((user, device)),
            ServerFact::RoomDestroyed { .. } => None,
        }
    }
}

/// Events below what an app can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The SDK tries to open a connection.
    Attempt {
        /// Which connection.
        conn: ConnId,
        /// How many attempts this outage or login has had before.
        number: u32,
    },
    /// The SDK asks whether its user is still in a room.
    Asked {
        /// Which room.
        room: RoomId,
    },
    /// The SDK's belief about its token changed: it now runs out then.
    TokenHeld {
        /// When, by the device's calendar clock.
        expires: Wall,
    },
    /// A client's frame goes out.
    ClientSent(ConnId, ClientFrame),
    /// A server's frame goes out.
    ServerSent(ConnId, ServerFrame),
    /// A client's frame arrives.
    ServerGot(ConnId, ClientFrame),
    /// A server's frame arrives.
    ClientGot(ConnId, ServerFrame),
    /// A connection is open.
    Opened(ConnId),
    /// A connection is over.
    Closed(ConnId, CloseCause),
    /// The peer's bytes made no sense; the text says why.
    Misbehaved(ConnId, String),
    /// A core changed its state.
    State {
        /// What it was.
        from: &'static str,
        /// What it is.
        to: &'static str,
    },
    /// So many logins wait in line at the server, where it takes its time over each.
    LoginsInLine(usize),
    /// The SDK waits before its next attempt.
    BackedOff {
        /// For so long.
        wait: Span,
    },
    /// A segment leaves a host; the text is its summary.
    Segment(String),
    /// The link did something to a packet of this host; the text says what, and which.
    Link(String),
    /// An input that means nothing in the present state; the text says which.
    Ignored(String),
}

/// Why a connection is over, as a socket tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCause {
    /// The peer finished (FIN).
    Finished,
    /// The peer reset it (RST).
    Reset,
    /// Nobody listens there (RST to a connect).
    Refused,
    /// The stack gave it up after its own timeout.
    TimedOut,
    /// The host has no port left.
    NoPort,
    /// The name can't be looked up.
    NoSuchHost,
}

/// Whether a scenario's author or an app could know of this event.
impl Event {
    /// True for events of the public level.
    pub fn is_public(&self) -> bool {
        match self {
            Event::Called { .. }
            | Event::Result { .. }
            | Event::Callback(_)
            | Event::Shown { .. }
            | Event::FaultBegan(_)
            | Event::FaultEnded(_)
            | Event::FaultPhase(..)
            | Event::LinkChanged(_)
            | Event::ProcessDied
            | Event::ProcessStarted
            | Event::Admin { .. } => true,
            Event::Server(_) | Event::Wire(_) => false,
        }
    }
}

/// A whole run: its events in order, and what each fault hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// In order of time; in one millisecond network first, then server, then clients as
    /// in the plan, each in its own order.
    pub records: Vec<Record>,
    /// What each fault of the plan hit, in the plan's order.
    pub receipts: Vec<Receipt>,
    /// What each direction of each link did to its packets, by client, up before down.
    pub links: Vec<LinkUse>,
    /// How many packets each change of the plan met, in the plan's order.
    pub changes: Vec<u64>,
    /// When the run ended.
    pub end: Time,
}

/// What one direction of a client's link did to its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkUse {
    /// Whose link.
    pub client: ClientId,
    /// Which way.
    pub way: Way,
    /// How often it did what.
    pub counts: LinkCounts,
}

/// Counts of packets; those that a cut or a crash took are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// All that were sent.
    pub sent: u64,
    /// Found the queue full.
    pub dropped: u64,
    /// Vanished on the way.
    pub lost: u64,
    /// Arrived twice.
    pub duplicated: u64,
    /// Skipped the latency.
    pub overtaking: u64,
    /// Arrived with a bit flipped; each copy counts.
    pub corrupted: u64,
    /// Waited behind others in the queue.
    pub waited: u64,
    /// The longest such wait, in ns.
    pub longest_wait: u64,
    /// When the queue was first and last found full.
    pub dropped_when: Option<(Time, Time)>,
}

/// What one fault hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// What it hit of the traffic, by client and direction, in that order.
    pub hits: Vec<Hit>,
    /// What it did to hosts themselves, by host and kind, in that order.
    pub strikes: Vec<Strike>,
}

impl Receipt {
    /// Whether the fault hit anything at all.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty() && self.strikes.is_empty()
    }
}

/// What a fault did to a host, other than to its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// Which host.
    pub host: HostId,
    /// What was done.
    pub blow: Blow,
    /// How often.
    pub times: u64,
    /// When first.
    pub first: Time,
}

/// A way of striking a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blow {
    /// Its running process died.
    Killed,
    /// A timer or an input that its stopped process had to leave waiting.
    LeftWaiting,
    /// The operating system told its running process of the network.
    Told,
    /// A look-up of the server's name that failed, took longer, or got no answer.
    LookedUp,
    /// Something that its process heard of late.
    HeardLate,
    /// A deadline by the calendar clock that moved.
    MovedDeadline,
}

/// What a fault hit of one client's traffic in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose link.
    pub client: ClientId,
    /// Which way.
    pub way: Way,
    /// Connections that had data or acknowledgements hit.
    pub open: Vec<ConnId>,
    /// Connections that were being opened.
    pub connects: Vec<ConnId>,
    /// Frames of which at least a byte was hit, by connection and kind.
    pub frames: Vec<Struck>,
    /// How many packets.
    pub packets: u64,
    /// The first packet hit.
    pub first: Time,
}

/// A frame that a fault struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Struck {
    /// On which of the client's connections.
    pub conn: ConnId,
    /// What kind of frame.
    pub kind: FrameKind,
    /// Which of its kind on that connection, from 1.
    pub number: u32,
}

/// A direction of a client's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}
