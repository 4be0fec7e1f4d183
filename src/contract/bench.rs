//! Recordings by hand, for tests: a plan, and events put down one by one.

use super::LIVENESS;
use crate::app::Script;
use crate::net::{Fault, HostFault, LinkSettings, ServerState};
use crate::param::Params;
use crate::record::{
    ClientId, ConnId, Event, FaultId, Hit, HostId, Origin, Receipt, Record, Recording, ServerFact,
    Way, Who, Wire,
};
use crate::rng::Seed;
use crate::scenario::{ClientPlan, Plan, PlannedFault, Watch, Watched};
use crate::time::{Span, Time, Wall};
use crate::zim::{
    Call, CallId, CallKind, Callback, ConnectionEvent, ConnectionState, ErrorCode, Platform,
    RoomEvent, RoomState, Token,
};

/// The first client of every bench.
pub const ALICE: ClientId = ClientId(0);
/// The second, where there is one.
pub const BOB: ClientId = ClientId(1);

/// A plan and a recording under construction.
#[derive(Clone, Debug)]
pub struct Bench {
    pub plan: Plan,
    records: Vec<Record>,
    receipts: Vec<Receipt>,
    calls: u32,
}

impl Bench {
    /// Clients of these names, each its own user on its own device; 200 s.
    pub fn new(names: &[&str]) -> Bench {
        let plan = Plan {
            name: "bench".into(),
            title: "by hand".into(),
            seed: Seed(1),
            until: Time::from_ms(200_000),
            params: Params::default(),
            clients: names.iter().map(|name| client(name)).collect(),
            crowds: Vec::new(),
            faults: Vec::new(),
            changes: Vec::new(),
            acts: Vec::new(),
            admin: Vec::new(),
            results: Vec::new(),
            expects: Vec::new(),
            nevers: Vec::new(),
        };
        Bench { plan, records: Vec::new(), receipts: Vec::new(), calls: 0 }
    }

    /// Alice alone.
    pub fn alice() -> Bench {
        Bench::new(&["alice"])
    }

    /// Puts down any event.
    pub fn put(&mut self, at: u64, who: Who, event: Event) -> &mut Bench {
        self.records.push(Record { at: Time::from_ms(at), who, event });
        self
    }

    /// `onConnectionStateChanged` by numbers.
    pub fn connection(
        &mut self,
        at: u64,
        client: ClientId,
        (state, event): (u32, u32),
    ) -> &mut Bench {
        let state = ConnectionState::from_number(state).unwrap();
        let event = ConnectionEvent::from_number(event).unwrap();
        let callback = Callback::ConnectionStateChanged { state, event };
        self.put(at, Who::Client(client), Event::Callback(callback))
    }

    /// `onRoomStateChanged` by numbers.
    pub fn room(
        &mut self,
        at: u64,
        client: ClientId,
        room: &str,
        (state, event): (u32, u32),
    ) -> &mut Bench {
        let state = RoomState::from_number(state).unwrap();
        let event = RoomEvent::from_number(event).unwrap();
        let callback = Callback::RoomStateChanged { room: room.into(), state, event };
        self.put(at, Who::Client(client), Event::Callback(callback))
    }

    /// A call and its result; `None`: it never comes.
    pub fn call(
        &mut self,
        at: u64,
        client: ClientId,
        call: Call,
        result: Option<(u64, ErrorCode)>,
    ) -> &mut Bench {
        let id = CallId(self.calls);
        let origin = Origin::Step(usize::try_from(self.calls).unwrap());
        self.calls += 1;
        let kind = call.kind();
        self.put(at, Who::Client(client), Event::Called { id, origin, call });
        if let Some((at, code)) = result {
            let event = Event::Result { id, kind, code, members: None };
            self.put(at, Who::Client(client), event);
        }
        self
    }

    /// A login that succeeds 60 ms after `at`, with its callbacks and the server's fact.
    pub fn login(&mut self, at: u64, client: ClientId, expires: u64) -> &mut Bench {
        let call = self.login_call(client, expires);
        self.connection(at, client, (1, 1));
        self.logged_in(at + 30, client, false);
        self.connection(at + 60, client, (2, 0));
        self.call(at, client, call, Some((at + 60, ErrorCode::SUCCESS)))
    }

    /// The call of a login with a good token.
    pub fn login_call(&self, client: ClientId, expires: u64) -> Call {
        let script = &self.plan.clients[client.0].script;
        Call::Login {
            user: script.user.clone(),
            device: script.device.clone(),
            platform: script.platform,
            token: Token::mint(&script.user, wall(expires)),
        }
    }

    /// `renewToken` with a good token.
    pub fn renew(
        &mut self,
        at: u64,
        client: ClientId,
        expires: u64,
        result: Option<(u64, ErrorCode)>,
    ) -> &mut Bench {
        let user = self.plan.clients[client.0].script.user.clone();
        let call = Call::RenewToken { token: Token::mint(&user, wall(expires)) };
        self.call(at, client, call, result)
    }

    /// `onTokenWillExpire`.
    pub fn warning(&mut self, at: u64, client: ClientId, left: Span) -> &mut Bench {
        let callback = Callback::TokenWillExpire { left };
        self.put(at, Who::Client(client), Event::Callback(callback))
    }

    /// In `r1` since `at`.
    pub fn entered(&mut self, at: u64, client: ClientId) -> &mut Bench {
        let call = Call::EnterRoom { room: "r1".into() };
        self.room(at, client, "r1", (1, 6));
        self.room(at + 60, client, "r1", (2, 0));
        self.call(at, client, call, Some((at + 60, ErrorCode::SUCCESS)))
    }

    /// Attempts to connect at these moments.
    pub fn attempts(&mut self, client: ClientId, at: &[u64]) -> &mut Bench {
        for (number, at) in (0..).zip(at) {
            let conn = ConnId(number + 1);
            self.put(*at, Who::Client(client), Event::Wire(Wire::Attempt { conn, number }));
        }
        self
    }

    /// The question of T1 about `r1`.
    pub fn asked(&mut self, at: u64, client: ClientId) -> &mut Bench {
        self.put(at, Who::Client(client), Event::Wire(Wire::Asked { room: "r1".into() }))
    }

    /// A fact of the server's.
    pub fn fact(&mut self, at: u64, fact: ServerFact) -> &mut Bench {
        self.put(at, Who::Server, Event::Server(fact))
    }

    /// The server lets a client in, or back in.
    pub fn logged_in(&mut self, at: u64, client: ClientId, resumed: bool) -> &mut Bench {
        let (user, device) = self.who(client);
        self.fact(at, ServerFact::LoggedIn { user, device, resumed })
    }

    /// The client's user and device.
    pub fn who(&self, client: ClientId) -> (crate::zim::UserId, crate::zim::DeviceId) {
        let script = &self.plan.clients[client.0].script;
        (script.user.clone(), script.device.clone())
    }

    /// Adds a fault to the plan, from one moment to another; nobody has noticed it yet.
    pub fn fault(&mut self, fault: Fault, who: &str, (from, to): (u64, u64)) -> FaultId {
        self.plan.faults.push(PlannedFault {
            name: None,
            fault,
            act: "fault",
            who: who.to_owned(),
            detail: String::new(),
            from: Time::from_ms(from),
            to: Some(Time::from_ms(to)),
            may_miss: true,
        });
        FaultId(self.plan.faults.len() - 1)
    }

    /// The server is down for a while, and loses everything.
    pub fn server_loses_all(&mut self, from: u64, to: u64) -> &mut Bench {
        let crash = HostFault::PowerCut { state: ServerState::Lost };
        let id = self.fault(Fault::Hosts(vec![HostId::Server], crash), "server", (from, to));
        self.put(from, Who::Net, Event::FaultBegan(id))
    }

    /// A cut of one client's link that hit its open connection.
    pub fn cut(&mut self, name: &str, client: ClientId, from: u64, to: u64) -> &mut Bench {
        let who = self.plan.client_name(client).to_owned();
        let cut = Fault::Cut(vec![(client, Way::Up), (client, Way::Down)]);
        let id = self.fault(cut, &who, (from, to));
        let planned = &mut self.plan.faults[id.0];
        (planned.name, planned.act, planned.may_miss) = (Some(name.into()), "cut", false);
        let first = Time::from_ms(from);
        let hit = |way| Hit {
            client,
            way,
            open: vec![ConnId(0)],
            connects: vec![],
            frames: vec![],
            packets: 9,
            first,
        };
        self.receipts
            .push(Receipt { hits: vec![hit(Way::Up), hit(Way::Down)], strikes: Vec::new() });
        self.put(from, Who::Net, Event::FaultBegan(id)).put(to, Who::Net, Event::FaultEnded(id))
    }

    /// Forgets what the faults hit.
    pub fn without_hits(&mut self) -> &mut Bench {
        self.receipts.iter_mut().for_each(|receipt| receipt.hits.clear());
        self
    }

    /// An `expect` between two moments.
    pub fn expect(&mut self, client: ClientId, what: Watched, from: u64, to: u64) -> &mut Bench {
        let watch = watch(client, what, from, to);
        self.plan.expects.push(watch);
        self
    }

    /// A `never` between two moments.
    pub fn never(&mut self, client: ClientId, what: Watched, from: u64, to: u64) -> &mut Bench {
        let watch = watch(client, what, from, to);
        self.plan.nevers.push(watch);
        self
    }

    /// What is recorded, in the order of recordings.
    pub fn recording(&self) -> Recording {
        let mut records = self.records.clone();
        records.sort_by_key(|record| (record.at, record.who));
        Recording {
            records,
            receipts: self.receipts.clone(),
            links: Vec::new(),
            changes: vec![1; self.plan.changes.len()],
            end: self.plan.until,
        }
    }

    /// The report, without the invariants: a sketch that shows one row leaves out much that
    /// every real recording has.
    pub fn report(&self) -> crate::contract::Report {
        let mut report = crate::contract::check(&self.plan, &self.recording());
        let is_own = |what: &str| !what.starts_with("I.") && !what.starts_with(LIVENESS);
        report.failures.retain(|failure| is_own(&failure.what));
        report.invariants.clear();
        report.liveness.clear();
        report
    }

    /// What breaks an invariant or liveness, each with its id in front.
    pub fn breaches(&self) -> Vec<String> {
        let report = crate::contract::check(&self.plan, &self.recording());
        let failures = report.failures.into_iter().map(|failure| failure.what);
        failures.filter(|what| what.starts_with("I.") || what.starts_with(LIVENESS)).collect()
    }

    /// Each finding of this row: `Ok`, or what was seen instead.
    pub fn verdicts(&self, row: &str) -> Vec<Result<(), String>> {
        assert!(crate::contract::Row::find(row).is_some(), "no row {row}");
        let findings = self.report().findings.into_iter().filter(|f| f.row == row);
        let verdicts = findings.map(|finding| match finding.verdict {
            crate::contract::Verdict::Held => Ok(()),
            crate::contract::Verdict::Contradicted(what) => Err(what),
        });
        verdicts.collect()
    }

    /// The row was held on exactly one occasion.
    pub fn holds(&self, row: &str) {
        assert_eq!(self.verdicts(row), [Ok(())], "{row}");
    }

    /// The row was contradicted on exactly one occasion, and not otherwise exercised; the
    /// message and the report's failures say so.
    pub fn contradicts(&self, row: &str, why: &str) {
        assert_eq!(self.verdicts(row), [Err(why.to_owned())], "{row}");
        assert!(!self.report().held());
    }

    /// The row was not exercised.
    pub fn leaves_out(&self, row: &str) {
        assert_eq!(self.verdicts(row), [], "{row}");
    }

    /// What fails the scenario.
    pub fn failures(&self) -> Vec<String> {
        self.report().failures.into_iter().map(|failure| failure.what).collect()
    }
}

/// An ordinary call without a room.
pub fn query() -> Call {
    Call::QueryRoomMemberList { room: "r1".into() }
}

/// What that call's results are about.
pub const QUERY: CallKind = CallKind::QueryRoomMemberList;

fn wall(ms: u64) -> Wall {
    Wall::from_ms(i64::try_from(ms).unwrap())
}

fn watch(client: ClientId, what: Watched, from: u64, to: u64) -> Watch {
    let (from, to) = (Time::from_ms(from), Time::from_ms(to));
    let clients = client.0..client.0 + 1;
    Watch { clients, least: 1, what, from, to, words: "that".into() }
}

fn client(name: &str) -> ClientPlan {
    let usual = LinkSettings::USUAL;
    let script = Script {
        user: name.into(),
        device: name.into(),
        platform: Platform::Android,
        token_life: Params::default().token_life,
        steps: Vec::new(),
        reactions: Vec::new(),
        policy: None,
    };
    ClientPlan { name: name.into(), script, up: usual, down: usual, nat: None, clock_ms: 0 }
}
