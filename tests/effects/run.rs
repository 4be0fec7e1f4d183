//! Runs of two people in a room, and what their packets and connections went through.

use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::net::{Place, Seen, describe};
use zimsim::record::{ClientId, CloseCause, Event, HostId, Recording, Who, Wire};
use zimsim::scenario;
use zimsim::zim::{CallKind, Callback, ErrorCode};

const ALICE: ClientId = ClientId(0);
const BOB: ClientId = ClientId(1);

/// One run.
pub struct Run {
    recording: Recording,
    packets: Vec<Packet>,
}

/// A packet that alice's device sends, or that is sent to it.
#[derive(Clone, Debug)]
pub struct Packet {
    /// When, in ms.
    pub at: u64,
    /// Whether alice's device sends it.
    pub up: bool,
    /// Its flags, ports and lengths, in words.
    pub text: String,
    /// Bytes of data.
    pub len: usize,
    /// Whether anything took it.
    pub lost: bool,
}

impl Packet {
    fn is(&self, flags: &str) -> bool {
        self.text.split(' ').nth(3) == Some(flags)
    }
}

/// Alice and bob are in r1 from 2 s on; then this happens. `alice`: what her table holds.
pub fn open_with(alice: &str, steps: &str) -> Run {
    let head = "  { at = \"0s\", client = \"alice\", call = \"login\" },\n  \
                { at = \"0s\", client = \"bob\", call = \"login\" },\n  \
                { at = \"2s\", client = \"alice\", call = \"enterRoom\", room = \"r1\" },\n  \
                { at = \"2s\", client = \"bob\", call = \"enterRoom\", room = \"r1\" },\n";
    run(alice, &format!("{head}{steps}"))
}

/// As [`open_with`], with a table that holds nothing.
pub fn open(steps: &str) -> Run {
    open_with("", steps)
}

/// This happens, and alice logs in at 10 s.
pub fn connect(steps: &str) -> Run {
    run(
        "",
        &format!(
            "{steps}\n  {{ at = \"10s\", client = \"alice\", call = \"login\", result = \"any\" }},\n"
        ),
    )
}

fn run(alice: &str, steps: &str) -> Run {
    let text = format!(
        "title = \"t\"\nuntil = \"90s\"\nparams = {{ reconnect.jitter = \"0%\" }}\n\
         clients = {{ alice = {{ {alice} }}, bob = {{}} }}\nsteps = [\n{steps}]\n"
    );
    let plan = scenario::load("effects.toml", text.as_bytes(), &contract::ids());
    let plan = plan.unwrap_or_else(|wrong| panic!("{}{text}", wrong.render(false)));
    let (recording, sightings) = engine::run_tapped(&plan, Engine::Event, true);
    for (fault, receipt) in plan.faults.iter().zip(&recording.receipts) {
        assert!(!receipt.is_empty() || fault.may_miss, "{} hit nothing", fault.words());
    }
    let seen = sightings.iter().filter_map(|sighting| {
        let Seen::Sent(fortune) = &sighting.seen else { return None };
        let text = describe(&sighting.packet);
        let up = sighting.place == Place::Host(HostId::Client(ALICE));
        // Bob's device is 10.1.0.2, and sends as 10.1.0.2.
        let bobs = text.contains("10.1.0.2:");
        let len = text.rsplit(' ').next()?.parse().ok()?;
        let lost = !fortune.losses.is_empty();
        (!bobs).then(|| Packet { at: sighting.at.ms(), up, text, len, lost })
    });
    Run { packets: seen.collect(), recording }
}

/// Bob says `text` in r1.
pub fn bob_says(at: &str, text: &str) -> String {
    format!(
        "  {{ at = {at:?}, client = \"bob\", call = \"sendRoomMessage\", room = \"r1\", text = {text:?} }},\n"
    )
}

/// Alice says `text` in r1; it may fail.
pub fn alice_says(at: &str, text: &str) -> String {
    format!(
        "  {{ at = {at:?}, client = \"alice\", call = \"sendRoomMessage\", room = \"r1\", text = {text:?}, result = \"any\" }},\n"
    )
}

impl Run {
    /// Packets that alice's device sends between two moments, the later excluded.
    pub fn up(&self, from: u64, to: u64) -> Vec<&Packet> {
        self.packets.iter().filter(|p| p.up && (from..to).contains(&p.at)).collect()
    }

    /// Packets that are sent to alice's device between two moments.
    pub fn down(&self, from: u64, to: u64) -> Vec<&Packet> {
        self.packets.iter().filter(|p| !p.up && (from..to).contains(&p.at)).collect()
    }

    /// When alice's device sends a SYN.
    pub fn syns(&self) -> Vec<u64> {
        self.packets.iter().filter(|p| p.up && p.is("SYN")).map(|p| p.at).collect()
    }

    /// When an RST is sent to alice's device.
    pub fn resets(&self) -> Vec<u64> {
        let hers = |p: &&Packet| p.text.contains("> 10.1.0.1:");
        let resets = |p: &&Packet| hers(p) && (p.is("RST") || p.is("RST|ACK"));
        self.packets.iter().filter(resets).map(|p| p.at).collect()
    }

    /// When alice's app hears that the connection is in this state: `3/3`.
    pub fn told(&self, state: &str) -> Vec<u64> {
        self.heard(ALICE, |callback| match callback {
            Callback::ConnectionStateChanged { state: own, event } => {
                format!("{}/{}", own.number(), event.number()) == state
            }
            _ => false,
        })
    }

    /// When alice's app gets this message.
    pub fn gets(&self, wanted: &str) -> Vec<u64> {
        self.heard(ALICE, |callback| message_is(callback, wanted))
    }

    fn heard(&self, who: ClientId, is_it: impl Fn(&Callback) -> bool) -> Vec<u64> {
        let own = self.recording.records.iter().filter(|r| r.who == Who::Client(who));
        let heard = own.filter_map(|record| match &record.event {
            Event::Callback(callback) if is_it(callback) => Some(record.at.ms()),
            _ => None,
        });
        heard.collect()
    }

    /// When bob's app gets this message.
    pub fn bob_gets(&self, wanted: &str) -> Vec<u64> {
        self.heard(BOB, |callback| message_is(callback, wanted))
    }

    /// When the connections of alice's SDK open.
    pub fn opens(&self) -> Vec<u64> {
        self.wire(Who::Client(ALICE), |wire| matches!(wire, Wire::Opened(_)).then_some(()))
            .into_iter()
            .map(|(at, ())| at)
            .collect()
    }

    /// When and how connections end that alice's SDK has not ended itself.
    pub fn ends(&self) -> Vec<(u64, CloseCause)> {
        self.wire(Who::Client(ALICE), closed)
    }

    /// The same at the server, bob's connections included.
    pub fn server_ends(&self) -> Vec<(u64, CloseCause)> {
        self.wire(Who::Server, closed)
    }

    fn wire<T>(&self, who: Who, pick: impl Fn(&Wire) -> Option<T>) -> Vec<(u64, T)> {
        let own = self.recording.records.iter().filter(|record| record.who == who);
        let picked = own.filter_map(|record| match &record.event {
            Event::Wire(wire) => Some((record.at.ms(), pick(wire)?)),
            _ => None,
        });
        picked.collect()
    }

    /// How alice's calls of this kind end.
    pub fn results(&self, wanted: CallKind) -> Vec<(u64, ErrorCode)> {
        let own = self.recording.records.iter().filter(|r| r.who == Who::Client(ALICE));
        let ended = own.filter_map(|record| match &record.event {
            Event::Result { kind, code, .. } if *kind == wanted => Some((record.at.ms(), *code)),
            _ => None,
        });
        ended.collect()
    }
}

fn closed(wire: &Wire) -> Option<CloseCause> {
    match wire {
        Wire::Closed(_, cause) => Some(*cause),
        _ => None,
    }
}

fn message_is(callback: &Callback, wanted: &str) -> bool {
    match callback {
        Callback::RoomMessageReceived { text, .. } => text == wanted,
        _ => false,
    }
}
