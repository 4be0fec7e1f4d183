//! The parameters that are no times: what SDK and server do where the documents leave it open.
//! Those that would make a check blind, or an event mean two things, are left alone.

use super::super::dice::Dice;
use super::set_param;
use super::timing::Timing;
use crate::scenario::Value;

/// A parameter, and what it may be drawn to.
struct Choice {
    name: &'static str,
    to: &'static [To],
}

/// A value of a parameter.
#[derive(Clone, Copy)]
enum To {
    Flag(bool),
    Word(&'static str),
    Number(i64),
}

use To::{Flag, Number, Word};

const CHOICES: &[Choice] = &[
    Choice { name: "login.multi_device", to: &[Flag(true)] },
    Choice { name: "login.max_devices", to: &[Number(1), Number(2)] },
    Choice { name: "login.refused_event", to: &[Word("SUCCESS"), Word("LOGIN_INTERRUPTED")] },
    Choice { name: "login.server_time", to: &[Word("200ms"), Word("1s")] },
    Choice { name: "login.server_wait", to: &[Word("3s"), Word("10s")] },
    Choice { name: "login.while_reconnecting", to: &[Number(6_000_104)] },
    Choice { name: "message.resend_window", to: &[Word("5s"), Word("10s")] },
    Choice { name: "message.resend_code", to: &[Number(6_000_105), Number(6_000_009)] },
    Choice { name: "call.while_connecting", to: &[Number(6_000_104), Number(6_000_122)] },
    Choice { name: "call.interrupted", to: &[Number(6_000_104), Number(6_000_105)] },
    Choice { name: "call.while_reconnecting", to: &[Number(6_000_009), Number(6_000_105)] },
    Choice { name: "callback.order", to: &[Word("rooms-first")] },
    Choice { name: "reconnect.max_time", to: &[Word("2s"), Word("10s")] },
    Choice { name: "token.authentication", to: &[Flag(false)] },
    Choice { name: "token.min_life", to: &[Word("5s"), Word("30s")] },
    Choice { name: "token.clock", to: &[Word("device"), Word("server")] },
    Choice { name: "token.expiry_while_reconnecting", to: &[Word("at-reconnect")] },
    Choice { name: "token.renew_while_reconnecting", to: &[Word("fail")] },
    Choice { name: "room.callback_at_t1", to: &[Flag(true)] },
    Choice { name: "room.kicked_while_away", to: &[Word("KICKED_OUT"), Word("CONNECT_TIMEOUT")] },
    Choice { name: "room.messages_while_away", to: &[Flag(true)] },
    Choice { name: "room.terminal_event", to: &[Word("KICKED_OUT"), Word("SUCCESS")] },
    Choice { name: "room.logout_event", to: &[Word("NETWORK_DISCONNECTED")] },
    Choice { name: "room.one_device", to: &[Flag(false)] },
    Choice { name: "room.destroy_delay", to: &[Word("2s"), Word("10s"), Word("30s")] },
    Choice { name: "room.max_per_user", to: &[Number(1), Number(2)] },
    Choice { name: "room.max_per_app", to: &[Number(1), Number(2)] },
    Choice { name: "tcp.buffer", to: &[Number(4_096), Number(65_536)] },
    Choice { name: "tcp.handshake_timeout", to: &[Word("5s"), Word("15s")] },
    Choice { name: "tcp.close_timeout", to: &[Word("2s"), Word("15s")] },
];

/// Each plan has its own few of them; `several` devices make those about devices likelier.
/// Whether anybody has a token.
pub(super) fn draw(dice: &mut Dice, timing: &mut Timing, several: bool) -> bool {
    let mut tokens = true;
    let share = dice.pick(&[0, 5, 10, 25]);
    for Choice { name, to } in CHOICES {
        let about_devices = name.starts_with("login.multi") || *name == "room.one_device";
        let share = if about_devices && several { 50 } else { share };
        if dice.percent(share) {
            set_param(&mut timing.params, name, dice.pick(to));
            tokens &= *name != "token.authentication";
        }
    }
    tokens
}

impl From<To> for Value {
    fn from(to: To) -> Value {
        match to {
            Flag(flag) => flag.into(),
            Word(word) => word.into(),
            Number(number) => number.into(),
        }
    }
}
