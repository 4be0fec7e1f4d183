//! What the document does not speak of, and an app in a failing network meets all the same.

use super::{Note, NoteKind, Shown, page};

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.login-timeout",
        kind: NoteKind::Silent,
        rows: &[],
        open: "a first login without a network: when does it fail, and with what?",
        document: &[],
        elsewhere: &[page(
            "API reference, ZIMConnectionEvent",
            "LoginTimeout 2; neither its time nor the code is given",
        )],
        chosen: "0/2 after 15 s; 6000104 if the server was never reached, 6000105 if only its \
                 answer is missing",
        params: &["login.timeout"],
        shown: Shown::By(&["base-login-timeout", "base-login-no-answer"]),
    },
    Note {
        id: "N.login-refused",
        kind: NoteKind::Silent,
        rows: &[],
        open: "which event comes with DISCONNECTED when the server refuses a login?",
        document: &[],
        elsewhere: &[page("iOS header ZIMDefines.h", "state 0 after a wrong AppID or token")],
        chosen: "event 1, ACTIVE_LOGIN",
        params: &["login.refused_event"],
        shown: Shown::By(&["base-login-refused"]),
    },
    Note {
        id: "N.calls-while-connecting",
        kind: NoteKind::Silent,
        rows: &[],
        open: "what does a call end with that is made while the login is under way?",
        document: &[],
        elsewhere: &[],
        chosen: "6000121: not logged in",
        params: &["call.while_connecting"],
        shown: Shown::By(&["base-calls-in-wrong-state"]),
    },
    Note {
        id: "N.logout-events",
        kind: NoteKind::Silent,
        rows: &[],
        open: "which events come with DISCONNECTED after logout, of the connection and of its \
               rooms?",
        document: &[],
        elsewhere: &[page("API logout; ZIMRoomState", "state 0 for both, without an event")],
        chosen: "event 0, SUCCESS, for both",
        params: &["logout.event", "room.logout_event"],
        shown: Shown::By(&["1-logout-while-reconnecting", "base-calls-in-wrong-state"]),
    },
    Note {
        id: "N.how-many-rooms",
        kind: NoteKind::Silent,
        rows: &[],
        open: "how many rooms may exist, and how many may a user be in? Other pages differ",
        document: &[],
        elsewhere: &[
            page("pricing page", "10, 50 or any number by plan; a user in 1 or 5"),
            page("error codes; FAQ im-room-quota (2023)", "20"),
        ],
        chosen: "50 for an app, 5 for a user",
        params: &["room.max_per_app", "room.max_per_user"],
        shown: Shown::By(&["base-calls-in-wrong-state"]),
    },
];
