//! The parameters themselves.

use super::{
    CallbackOrder, ExpiryWhileReconnecting, Mark, ParamValue, Percent, RenewWhileReconnecting, Row,
    TokenClock,
};
use crate::time::Span;
use crate::zim::{ConnectionEvent, ErrorCode, RoomEvent};

macro_rules! params {
    ($(
        $field:ident: $kind:ty = $default:expr, $name:literal,
        $mark:ident $source:literal, $text:literal;
    )*) => {
        /// The parameters of a run. `Params::default()` is what the table says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Params { $(#[doc = $text] pub $field: $kind,)* }

        impl Default for Params {
            fn default() -> Params {
                Params { $($field: $default,)* }
            }
        }

        impl Params {
            /// Every parameter, in the order in which `zimsim params` prints them.
            pub const TABLE: &[Row] = &[$(Row {
                name: $name,
                mark: Mark::$mark,
                source: $source,
                text: $text,
                allowed: <$kind as ParamValue>::allowed,
                form: <$kind as ParamValue>::form,
                get: |params| params.$field.print(),
                set: |params, setting| {
                    params.$field = <$kind as ParamValue>::read(setting)?;
                    Ok(())
                },
            },)*];
        }
    };
}

params! {
    heartbeat_period: Span = Span::from_secs(10), "heartbeat.period",
        Documented "FAQ zim-heartbeat-timeout (2023-09-24)",
        "how often the SDK sends a heartbeat";
    heartbeat_patience: Span = Span::from_secs(5), "heartbeat.patience",
        Chosen "no page says how a dead link is noticed",
        "how long a cut may last without the app hearing of it: a heartbeat unanswered for so long is overdue";
    heartbeat_grace: Span = Span::from_secs(5), "heartbeat.grace",
        Chosen "TCP resends after 1, 3 and 7 s: after a cut just under the patience, with round trips under 0.5 s and no cut just before, the answer is there 9 s and a round trip after the heartbeat at the latest",
        "how long TCP may still resend an overdue heartbeat or its answer before the link counts as dead";

    reconnect_first_delay: Span = Span::from_secs(1), "reconnect.first_delay",
        Chosen "the document says only: at a suitable rate",
        "wait before the first attempt to reconnect";
    reconnect_max_delay: Span = Span::from_secs(30), "reconnect.max_delay",
        Chosen "the document says only: at a suitable rate",
        "longest wait between two attempts; the wait doubles up to it";
    reconnect_jitter: Percent = Percent::from_ppm(200_000), "reconnect.jitter",
        Chosen "nothing public; spreads the clients of a restarted server",
        "how far each wait is drawn to either side";
    reconnect_connect_timeout: Span = Span::from_secs(10), "reconnect.connect_timeout",
        Chosen "nothing public",
        "how long one attempt may take to open a connection (TCP and WebSocket)";
    reconnect_login_timeout: Span = Span::from_secs(10), "reconnect.login_timeout",
        Chosen "nothing public",
        "how long one attempt waits for the server's answer to its login";
    reconnect_max_time: Span = Span::from_secs(60), "reconnect.max_time",
        Chosen "error 6000123 speaks of a maximum reconnect time and gives no figure",
        "after so long in RECONNECTING a login of another account fails with 6000123, not 6000111";

    login_timeout: Span = Span::from_secs(15), "login.timeout",
        Chosen "LOGIN_TIMEOUT is documented, its time is not",
        "how long a login called by the app may take in all";
    login_refused_event: ConnectionEvent = ConnectionEvent::ActiveLogin, "login.refused_event",
        Chosen "state 0 is documented for a refused login, its event is not",
        "event that goes with DISCONNECTED when the server refuses a login";
    login_multi_device: bool = false, "login.multi_device",
        Documented "guide multi-device-login (2026-07-06): single by default",
        "whether one account may be logged in on several devices";
    login_max_devices: u32 = 10, "login.max_devices",
        Documented "guide multi-device-login (2026-07-06)",
        "how many, where login.multi_device is on; the earliest login goes";
    login_server_time: Span = Span::ZERO, "login.server_time",
        Chosen "nothing public; a server that is never busy",
        "how long the server works on one login; the others wait in line";
    login_server_wait: Span = Span::from_secs(30), "login.server_wait",
        Chosen "nothing public",
        "how long the server keeps a connection on which nobody logs in";
    logout_event: ConnectionEvent = ConnectionEvent::Success, "logout.event",
        Chosen "state 0 after logout is documented, its event is not",
        "event that goes with DISCONNECTED after logout";

    message_resend_window: Span = Span::from_secs(30), "message.resend_window",
        Documented "guide send-and-receive-messages; release notes 2.20.0",
        "how long a peer message waits, from its call on, to be sent, and sent again after a break";
    message_resend_code: ErrorCode = ErrorCode::NETWORK_ERROR, "message.resend_code",
        Chosen "6000104, 6000105 and 6000009 would all fit",
        "what a peer message ends with when that time is over";
    request_timeout: Span = Span::from_secs(10), "request.timeout",
        Chosen "6000105 is documented, its time is not",
        "how long a call waits for the server's answer";
    call_while_connecting: ErrorCode = ErrorCode::USER_IS_NOT_LOGGED, "call.while_connecting",
        Chosen "nothing public",
        "what a call ends with while the login is under way";
    call_interrupted: ErrorCode = ErrorCode::IM_SERVER_DISCONNECT, "call.interrupted",
        Documented "error codes (2026-06-05): 6000009, the link broke while a request was in flight",
        "what a call ends with whose answer is outstanding at T0";
    call_while_reconnecting: ErrorCode = ErrorCode::NETWORK_ERROR, "call.while_reconnecting",
        Chosen "6000104 or 6000009 at once, or 6000105 after a wait, would all fit",
        "what a call ends with that is made during RECONNECTING";
    login_while_reconnecting: ErrorCode = ErrorCode::USER_HAS_ALREADY_LOGGED, "login.while_reconnecting",
        Chosen "the document says only that it is needless",
        "what a login ends with that is called during RECONNECTING";
    callback_order: CallbackOrder = CallbackOrder::ConnectionFirst, "callback.order",
        Chosen "the order at T0, T1, logout and kick is nowhere stated",
        "which callback comes first when connection and rooms change together";

    token_authentication: bool = true, "token.authentication",
        Chosen "the document: if the AppID is configured for it",
        "whether the server asks for a token at all";
    token_life: Span = Span::from_secs(24 * 24 * 3600), "token.life",
        Documented "guide authentication: 24 days at the most",
        "life of the tokens that the app's own server hands out, where the scenario sets none";
    token_warning: Span = Span::from_secs(30), "token.warning",
        Documented "guide authentication",
        "how long before expiry onTokenWillExpire fires; at once if less is left";
    token_min_life: Span = Span::ZERO, "token.min_life",
        Chosen "error 6000108 says 30 s; the guide and the API say a shorter token logs in and warns at once",
        "life that must be left at login and renewToken, else 6000108";
    token_clock: TokenClock = TokenClock::Both, "token.clock",
        Chosen "whose clock decides is nowhere stated",
        "whose calendar clock ends a session whose token has run out";
    token_expiry_while_reconnecting: ExpiryWhileReconnecting = ExpiryWhileReconnecting::AtExpiry,
        "token.expiry_while_reconnecting",
        Chosen "nothing public",
        "when a token that runs out during RECONNECTING ends the session";
    token_renew_while_reconnecting: RenewWhileReconnecting = RenewWhileReconnecting::Hold,
        "token.renew_while_reconnecting",
        Chosen "nothing public",
        "what becomes of a renewToken that is called during RECONNECTING, or unanswered at T0";

    room_callback_at_t1: bool = false, "room.callback_at_t1",
        Chosen "the rows T0 and T1 show the same pair; whether the callback fires twice is not said",
        "whether onRoomStateChanged (1/1) fires again at T1";
    room_heartbeat_timeout: Span = Span::from_secs(90), "room.heartbeat_timeout",
        Chosen "the figure of the sibling product Express; ZIM publishes none",
        "without a heartbeat for so long, a user is out of its rooms";
    room_query_timeout: Span = Span::from_secs(5), "room.query_timeout",
        Chosen "nothing public",
        "how long the question of T1 waits for its answer before it is asked again";
    room_query_tries: u32 = 3, "room.query_tries",
        Chosen "nothing public",
        "how often the question is asked before silence on a link that lives ends the room with 0/2";
    room_kicked_while_away: RoomEvent = RoomEvent::NetworkDisconnected, "room.kicked_while_away",
        Chosen "event 8, 9 or 2 would all fit",
        "event at T2 for a user whom an administrator kicked from the room meanwhile";
    room_messages_while_away: bool = false, "room.messages_while_away",
        Documented "API onRoomMessageReceived, FAQ zim-offline-messages: missed by default, delivered with a paid option",
        "whether a member who comes back to its room gets the messages that it missed";
    room_terminal_event: RoomEvent = RoomEvent::NetworkDisconnected, "room.terminal_event",
        Chosen "what rooms report when the session ends is nowhere stated",
        "event of a room that ends with its session (kicked, token expired, unregistered)";
    room_logout_event: RoomEvent = RoomEvent::Success, "room.logout_event",
        Chosen "state 0 after logout is documented, its event is not",
        "event of a room that ends by logout";
    room_one_device: bool = true, "room.one_device",
        Documented "guide multi-device-login: by default the room is left on the other device",
        "whether a user who comes into a room on a second device leaves it on the first (0/10)";
    room_destroy_delay: Span = Span::ZERO, "room.destroy_delay",
        Documented "FAQ empty-room-destruction; 0 by default, 3 h at the most",
        "how long an empty room lives on";
    room_max_per_user: u32 = 5, "room.max_per_user",
        Documented "pricing page, FAQ multi-room-join",
        "how many rooms one user may be in, else 6000325";
    room_max_per_app: u32 = 50, "room.max_per_app",
        Documented "pricing page (Signaling and Pro plan)",
        "how many rooms may exist, else 6000324";

    user_offline_after: Span = Span::from_secs(35), "user.offline_after",
        Documented "FAQ zim-heartbeat-timeout (2023-09-24); 30 s on the page about background push",
        "without a heartbeat for so long, the server holds a user to be offline";

    tcp_buffer: u32 = 65_536, "tcp.buffer",
        Chosen "a common default",
        "bytes of each socket buffer";
    tcp_handshake_timeout: Span = Span::from_secs(60), "tcp.handshake_timeout",
        Chosen "about Linux's five resends",
        "how long a server keeps a connection half open by a lost handshake";
    tcp_close_timeout: Span = Span::from_secs(60), "tcp.close_timeout",
        Chosen "Linux's tcp_fin_timeout",
        "how long a closing connection waits for its peer";
}
