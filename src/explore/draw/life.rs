//! What apps do in a drawn plan: they log in, meet in rooms, write, leave, come back.

use super::super::dice::Dice;
use super::cast::{Actor, Cast};
use super::timing::Timing;
use super::{Aim, Sketch, ms};
use crate::scenario::Table;

/// Draws the calls of every app, and what it answers to.
pub(super) fn draw(dice: &mut Dice, cast: &Cast<'_>, timing: &Timing, sketch: &mut Sketch) {
    let busy = dice.pick(&[1, 4, 8]);
    let chatty = dice.pick(&[10, 40, 70]);
    let restless = dice.pick(&[0, 10, 30]);
    for actor in &cast.actors {
        // Some log in only later, beside those who are there.
        let late = dice.percent(20);
        let begin = if late { dice.below(timing.calm) } else { dice.below(900) };
        let mut life = Life { dice: &mut *dice, actor, cast, sketch: &mut *sketch };
        life.log_in(begin);
        life.enter_all(begin + 100);
        let calls = 1 + life.dice.below(busy);
        for _ in 0..calls {
            let at = life.dice.between(begin + 500, timing.calm + 10_000);
            life.anything(at, chatty, restless);
        }
        // Somebody speaks when all is over: what is still broken then comes to light.
        let last = timing.until - 1 - life.dice.below(5_000);
        life.speak(last);
        life.answers();
    }
}

/// One app's life.
struct Life<'a> {
    dice: &'a mut Dice,
    actor: &'a Actor<'a>,
    cast: &'a Cast<'a>,
    sketch: &'a mut Sketch,
}

impl<'a> Life<'a> {
    fn call(&mut self, at: u64, name: &str) -> Table {
        let row = Table::new([("at", ms(at).into()), ("client", self.actor.name.into())]);
        row.with("call", name)
    }

    fn done(&mut self, at: u64, row: Table) {
        self.sketch.step(at, row.with("result", "any"));
    }

    fn log_in(&mut self, at: u64) {
        let mut row = self.call(at, "login");
        match self.dice.below(40) {
            0 => row.set("token", "forged"),
            1 => row.set("token", "expired"),
            2 | 3 => row.set("token_life", ms(self.dice.between(1, 40) * 1000)),
            _ => {}
        }
        self.sketch.aims.add(Aim::Login, at);
        self.sketch.aims.add(Aim::Before, at.saturating_sub(1 + self.dice.below(500)));
        self.done(at, row);
    }

    fn enter_all(&mut self, at: u64) {
        let mut at = at;
        for room in self.actor.rooms.clone() {
            at += self.dice.below(1_500);
            let call = self.dice.pick(&["enterRoom", "enterRoom", "enterRoom", "createRoom"]);
            self.enter(at, call, room);
        }
    }

    fn enter(&mut self, at: u64, call: &str, room: &str) {
        let row = self.call(at, call).with("room", room);
        self.sketch.aims.add(Aim::Entry, at);
        self.done(at, row);
    }

    fn anything(&mut self, at: u64, chatty: u64, restless: u64) {
        if self.dice.percent(chatty) {
            return self.speak(at);
        }
        if self.dice.percent(restless) {
            return self.log_out(at);
        }
        let Some(room) = self.room() else { return self.renew(at) };
        match self.dice.below(8) {
            0 => self.renew(at),
            1 => self.log_in(at),
            2 => {
                let row = self.call(at, "queryRoomMemberList").with("room", room);
                self.done(at, row);
            }
            3 | 4 => {
                let row = self.call(at, "leaveRoom").with("room", room);
                self.done(at, row);
                let again = at + self.dice.below(4_000);
                if self.dice.percent(60) {
                    self.enter(again, "enterRoom", room);
                }
            }
            5 => self.enter(at, "createRoom", room),
            6 => self.enter(at, "joinRoom", room),
            _ => self.enter(at, "enterRoom", room),
        }
    }

    /// Most who leave come back, some at once.
    fn log_out(&mut self, at: u64) {
        let row = self.call(at, "logout");
        self.sketch.aims.add(Aim::After, at);
        self.done(at, row);
        if self.dice.percent(75) {
            let pause = self.dice.pick(&[1, 200, 2_000, 10_000]);
            let again = at + self.dice.between(1, pause);
            self.log_in(again);
            if let Some(room) = self.room() {
                let wait = self.dice.between(50, 1_000);
                self.enter(again + wait, "enterRoom", room);
            }
        }
    }

    fn renew(&mut self, at: u64) {
        let mut row = self.call(at, "renewToken");
        match self.dice.below(10) {
            0 => row.set("token", "forged"),
            1 => row.set("token", "expired"),
            2..=4 => row.set("token_life", ms(self.dice.between(2, 60) * 1000)),
            _ => {}
        }
        self.done(at, row);
    }

    /// A message to a room or to a user. No two texts are the same.
    fn speak(&mut self, at: u64) {
        let number = self.sketch.steps.len();
        let mut text = format!("m{number}");
        if self.dice.percent(5) {
            text.push_str(&"x".repeat(self.dice.index(1_500)));
        }
        let room = if self.dice.percent(50) { self.room() } else { None };
        let row = match room {
            Some(room) => self.call(at, "sendRoomMessage").with("room", room),
            None => {
                let to = self.cast.anybody(self.dice).user;
                self.call(at, "sendPeerMessage").with("to", to)
            }
        };
        self.done(at, row.with("text", text));
    }

    fn room(&mut self) -> Option<&'a str> {
        let rooms: &'a [&'a str] = &self.actor.rooms;
        (!rooms.is_empty()).then(|| self.dice.pick(rooms))
    }

    /// What this app does on its own account when it hears something.
    fn answers(&mut self) {
        if self.sketch.tokens && self.dice.percent(15) {
            let on = Table::new([("callback", "onTokenWillExpire".into())]);
            self.answer(on, "renewToken", None);
        }
        if self.dice.percent(15) {
            self.answer(Table::new([("connection", "0/*".into())]), "login", None);
        }
        if self.dice.percent(15)
            && let Some(room) = self.room()
        {
            let on = Table::new([("room", room.into()), ("state", "0/*".into())]);
            let call = self.dice.pick(&["enterRoom", "joinRoom", "createRoom"]);
            self.answer(on, call, Some(room));
        }
        if self.dice.percent(10)
            && let Some(room) = self.room()
        {
            self.answer(Table::new([("connection", "2/*".into())]), "enterRoom", Some(room));
        }
    }

    fn answer(&mut self, on: Table, call: &str, room: Option<&str>) {
        let after = self.dice.pick(&[0, 100, 1_000, 3_000]);
        let mut row = Table::new([("client", self.actor.name.into()), ("on", on.into())])
            .with("after", ms(after))
            .with("times", i64::from(self.dice.pick(&[1, 2, 3])))
            .with("call", call);
        if let Some(room) = room {
            row.set("room", room);
        }
        self.sketch.react.push(row.into());
    }
}
