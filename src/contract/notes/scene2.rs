//! Scene 2 of the document: the account is kicked out (帐号被踢出).

use super::{Note, NoteKind, Shown, page};

const KICK: &str = "如果有其他端登录了本端已登录的帐号(userID),则会把本端挤下线";

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.old-device-returns",
        kind: NoteKind::Silent,
        rows: &["2.kicked", "1.gave-up"],
        open: "a device that is offline when another logs in: does its own return kick the \
               newer one?",
        document: &[KICK],
        elsewhere: &[page(
            "release notes 2.12.0 (2023-11-20)",
            "login was changed so that devices on weak networks no longer kick each other",
        )],
        chosen: "no: a return is no new login. The later login stays, and the device that comes \
                 back is told 0/4, however late",
        params: &[],
        shown: Shown::By(&[
            "2-kicked-while-offline",
            "2-no-kick-in-turn",
            "2-kicked-while-offline-late",
        ]),
    },
    Note {
        id: "N.same-device-again",
        kind: NoteKind::Silent,
        rows: &[],
        open: "is another end another device, or any other session? A device that logs in again \
               after a logout that was lost is its own predecessor",
        document: &[KICK],
        elsewhere: &[],
        chosen: "another device: the same device takes the place of its older session, and \
                 nobody is kicked",
        params: &[],
        shown: Shown::By(&["2-same-device-again"]),
    },
    Note {
        id: "N.kicked-by-the-back-end",
        kind: NoteKind::Silent,
        rows: &["1.gave-up"],
        open: "the scene knows kicks by another device only; an administrator may end a session \
               too",
        document: &[KICK],
        elsewhere: &[page("API reference, ZIMConnectionEvent", "KickedOut 4, and not by whom")],
        chosen: "0/4 as well, on every device of the account",
        params: &[],
        shown: Shown::By(&["2-kicked-by-administrator", "1-unregistered-while-reconnecting"]),
    },
    Note {
        id: "N.multi-device",
        kind: NoteKind::Silent,
        rows: &["2.kicked"],
        open: "and with multi-device login? The scene stops at: where it is off",
        document: &["在未开启 ZIM 的多端登录情况下"],
        elsewhere: &[page(
            "guide multi-device-login (2026-07-06)",
            "10 devices at the most; the one that logged in first goes, with 0/4",
        )],
        chosen: "as the guide has it; off by default",
        params: &["login.multi_device", "login.max_devices"],
        shown: Shown::By(&["2-multi-device", "2-kicked"]),
    },
    Note {
        id: "N.one-room-two-devices",
        kind: NoteKind::Silent,
        rows: &[],
        open: "what does a room say whose user enters it on a second device? Other pages differ",
        document: &[],
        elsewhere: &[
            page("guide multi-device-login, text and most samples", "event 10"),
            page("guide multi-device-login, samples for Android and Flutter", "test event 8"),
        ],
        chosen: "0/10 on the first device, unless both may stay",
        params: &["room.one_device"],
        shown: Shown::By(&["2-multi-device-room", "2-multi-device-two-in-room"]),
    },
    Note {
        id: "N.rooms-after-the-end",
        kind: NoteKind::Silent,
        rows: &["2.kicked", "3.expired", "1.gave-up"],
        open: "what do the rooms say when the session ends for good: kicked, token expired, \
               unregistered?",
        document: &[],
        elsewhere: &[page(
            "API reference, ZIMRoomState",
            "logout leads to DISCONNECTED; of a kick or an expiry it says nothing",
        )],
        chosen: "each says DISCONNECTED in the same millisecond, with event 2",
        params: &["room.terminal_event"],
        shown: Shown::By(&["3-token-expired", "2-kicked", "1-unregistered-while-reconnecting"]),
    },
];
