//! A server on a bench: its clients are a [`Channel`] each.

use crate::node::{Input, Node, Output, step};
use crate::param::Params;
use crate::protocol::{
    Channel, ClientFrame, EnterHow, RequestId, ServerFrame, SessionEnd, SessionRef, Standing,
};
use crate::record::{AdminAct, ConnId, Event, ServerFact, Victim, Wire};
use crate::rng::Seed;
use crate::server::{Memory, Server};
use crate::time::{Now, Time, Wall};
use crate::zim::{ErrorCode, Platform, Token};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const SUCCESS: ErrorCode = ErrorCode::SUCCESS;

/// A server on a bench, with clients that are a [`Channel`] each.
pub(super) struct Bench {
    pub server: Server,
    pub params: Arc<Params>,
    pub now: Time,
    /// How far the calendar clock is ahead of the timer clock, in ms.
    pub wall_ahead: i64,
    pub clients: BTreeMap<ConnId, Channel<ServerFrame>>,
    pub next_conn: u32,
    pub next_request: u32,
    pub got: Vec<(ConnId, ServerFrame)>,
    pub closed: Vec<ConnId>,
    pub facts: Vec<ServerFact>,
    pub admin_hits: Vec<bool>,
    /// Whom the administrator's acts struck, by name.
    pub victims: Vec<Victim>,
    pub misbehaved: Vec<String>,
}

impl Bench {
    pub fn new(set: impl FnOnce(&mut Params)) -> Bench {
        let mut params = Params::default();
        set(&mut params);
        let params = Arc::new(params);
        let now = Now::exact(Time::ZERO);
        Bench {
            server: Server::start(Arc::clone(&params), Memory::new(0), now, false),
            params,
            now: Time::ZERO,
            wall_ahead: 0,
            clients: BTreeMap::new(),
            next_conn: 0,
            next_request: 0,
            got: Vec::new(),
            closed: Vec::new(),
            facts: Vec::new(),
            admin_hits: Vec::new(),
            victims: Vec::new(),
            misbehaved: Vec::new(),
        }
    }

    pub fn at(&mut self, secs: u64) -> &mut Bench {
        let until = Time::from_ms(secs * 1000);
        while let Some((at, _)) = self.server.deadline().filter(|(at, _)| *at <= until) {
            self.now = at.max(self.now);
            self.feed(Input::Timer);
        }
        self.now = until;
        self
    }

    pub fn feed(&mut self, input: Input<AdminAct>) {
        let mut outputs = Vec::new();
        let wall = Wall::from_ms(self.now.ms().cast_signed() + self.wall_ahead);
        let now = Now { time: self.now, wall };
        step(&mut self.server, now, input, |output| outputs.push(output));
        for output in outputs {
            match output {
                Output::Send(conn, _, bytes) => {
                    let client = self.clients.get_mut(&conn).expect("an open connection");
                    let received = client.receive(&bytes).expect("a server keeps to the protocol");
                    self.got.extend(received.frames.into_iter().map(|frame| (conn, frame)));
                }
                Output::Finish(conn) | Output::Abort(conn) => self.closed.push(conn),
                Output::Note(Event::Server(fact)) => self.facts.push(fact),
                Output::Note(Event::Admin { hit, victims, .. }) => {
                    self.admin_hits.push(hit);
                    self.victims.extend(victims);
                }
                Output::Note(Event::Wire(Wire::Misbehaved(_, why))) => self.misbehaved.push(why),
                Output::Note(_) => {}
                Output::Connect(..) => panic!("a server connects nowhere"),
                Output::Up(never) => match never {},
            }
        }
    }

    pub fn open(&mut self) -> ConnId {
        let conn = ConnId(self.next_conn);
        self.next_conn += 1;
        let mut client = Channel::client(Seed(1).stream("bench"), "zim-server");
        let upgrade = client.open();
        self.clients.insert(conn, client);
        self.feed(Input::Opened(conn));
        self.feed(Input::Bytes(conn, upgrade));
        conn
    }

    pub fn send(
        &mut self,
        conn: ConnId,
        frame: impl FnOnce(RequestId) -> ClientFrame,
    ) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        let client = self.clients.get_mut(&conn).expect("an open connection");
        let bytes = client.encode(&frame(id));
        self.feed(Input::Bytes(conn, bytes));
        id
    }

    pub fn login_on(&mut self, conn: ConnId, user: &str, device: &str, resume: Option<SessionRef>) {
        let token = Token::mint(&user.into(), Wall::from_ms(3_600_000));
        self.login_with(conn, token, (user, device), resume);
    }

    pub fn login_with(
        &mut self,
        conn: ConnId,
        token: Token,
        (user, device): (&str, &str),
        resume: Option<SessionRef>,
    ) {
        let (user, device) = (user.into(), device.into());
        let platform = Platform::Android;
        self.send(conn, |id| ClientFrame::Login {
            id,
            user,
            device,
            platform,
            token,
            resume,
            renewed: false,
        });
    }

    /// Logs in, and is welcome.
    pub fn login(&mut self, user: &str, device: &str) -> (ConnId, SessionRef) {
        let conn = self.open();
        self.login_on(conn, user, device, None);
        (conn, self.welcome(conn).expect("welcome"))
    }

    pub fn come_back(&mut self, user: &str, device: &str, session: SessionRef) -> ConnId {
        let conn = self.open();
        self.login_on(conn, user, device, Some(session));
        conn
    }

    pub fn welcome(&self, conn: ConnId) -> Option<SessionRef> {
        self.frames(conn).iter().find_map(|frame| match frame {
            ServerFrame::Welcome { session, .. } => Some(*session),
            _ => None,
        })
    }

    /// Why a login on this connection was refused.
    pub fn refusal(&self, conn: ConnId) -> Option<(ErrorCode, Option<SessionEnd>)> {
        self.frames(conn).iter().find_map(|frame| match frame {
            ServerFrame::Refused { code, ended, .. } => Some((*code, *ended)),
            _ => None,
        })
    }

    pub fn enter(&mut self, conn: ConnId, room: &str, how: EnterHow) -> ErrorCode {
        let id = self.send(conn, |id| ClientFrame::Enter { id, room: room.into(), how });
        self.code(conn, id)
    }

    pub fn code(&self, conn: ConnId, request: RequestId) -> ErrorCode {
        let code = self.frames(conn).into_iter().find_map(|frame| match frame {
            ServerFrame::Done { id, code } if id == request => Some(code),
            _ => None,
        });
        code.expect("an answer")
    }

    pub fn standing(&mut self, conn: ConnId, room: &str) -> Standing {
        let asked = self.send(conn, |id| ClientFrame::AmIIn { id, room: room.into(), seen: None });
        let standing = self.frames(conn).into_iter().find_map(|frame| match frame {
            ServerFrame::Standing { id, standing } if id == asked => Some(standing),
            _ => None,
        });
        standing.expect("an answer")
    }

    pub fn frames(&self, conn: ConnId) -> Vec<ServerFrame> {
        self.got.iter().filter(|(to, _)| *to == conn).map(|(_, frame)| frame.clone()).collect()
    }

    pub fn heartbeat(&mut self, conn: ConnId) {
        self.send(conn, |id| ClientFrame::Heartbeat { id });
    }

    pub fn has(&self, conn: ConnId, frame: &ServerFrame) -> bool {
        self.frames(conn).contains(frame)
    }
}
