//! Scene 4 of the document: a room loses the network (ZIM 房间断网), what lies around its table.

use super::{Note, NoteKind, Shown, page};

const ASKS: &str = "在网络恢复瞬间,SDK 会询问 ZIM 后台,本段用户是否还在房间内。";
const WAIT: &str = "等待 SDK 自动重连网络,用户无需做任何操作。";

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.this-section-of-user",
        kind: NoteKind::Misspells,
        rows: &["4.asks"],
        open: "本段用户, this section's user, is to be 本端用户, this end's user",
        document: &[ASKS],
        elsewhere: &[],
        chosen: "the SDK asks about the user of this device",
        params: &[],
        shown: Shown::By(&["4-t2-restored"]),
    },
    Note {
        id: "N.the-question",
        kind: NoteKind::Silent,
        rows: &["4.asks"],
        open: "how long does the SDK wait for the back end's answer, and what if none comes?",
        document: &[ASKS],
        elsewhere: &[],
        chosen: "5 s, three times; then silence is told as 0/2, if a heartbeat that left after \
                 the last question was answered, so that the link lives. zimsim's own server \
                 answers in order, so no scenario can show that; the SDK's tests do",
        params: &["room.query_timeout", "room.query_tries"],
        shown: Shown::By(&["4-asked-again"]),
    },
    Note {
        id: "N.who-restores",
        kind: NoteKind::Contradicts,
        rows: &["4.T0", "4.T1", "4.T2.restored"],
        open: "does the SDK bring the user back into the room, or must the app enter again?",
        document: &[WAIT],
        elsewhere: &[
            page(
                "upgrade guide for Web, 2.21.0 (2025-07-15)",
                "the SDK no longer enters rooms again: the app watches both callbacks and calls \
                 enterRoom or joinRoom",
            ),
            page(
                "API onRoomStateChanged",
                "the SDK tries a room only up to a limit; the app should try again, within \
                 limits",
            ),
        ],
        chosen: "the SDK asks whether the user is still in. If so, the room is restored and the \
                 app does nothing; if not, it does not enter again, and that is the app's",
        params: &[],
        shown: Shown::By(&["4-t2-restored", "4-t2-timeout-enter"]),
    },
    Note {
        id: "N.second-break",
        kind: NoteKind::Silent,
        rows: &["4.T0", "4.T1"],
        open: "what if the network breaks again between T1 and T2?",
        document: &["则房间会经过 T0、T1、T2 三个时期,尝试恢复房间连接。"],
        elsewhere: &[],
        chosen: "the same outage goes on: the room is still 1/1 and says nothing new, there is a \
                 second T1 with a question of its own, and one T2",
        params: &[],
        shown: Shown::By(&["4-second-cut-before-t2"]),
    },
    Note {
        id: "N.several-rooms",
        kind: NoteKind::Silent,
        rows: &["4.T0", "4.T2.timeout", "4.T2.gone", "4.T2.restored"],
        open: "with several rooms: one callback for each, and may their verdicts differ?",
        document: &["房间已连接状态中,网络若异常断网,SDK 内部会自动尝试重连"],
        elsewhere: &[],
        chosen: "each room has its own T0, question and verdict, in the order of their ids",
        params: &["room.max_per_user"],
        shown: Shown::By(&["4-two-rooms"]),
    },
    Note {
        id: "N.callback-order",
        kind: NoteKind::Silent,
        rows: &["4.T0", "4.T1"],
        open: "which callback comes first at T0 and T1, the connection's or the room's? The \
               table has them side by side",
        document: &["时刻 onConnectionStateChanged"],
        elsewhere: &[],
        chosen: "the connection's",
        params: &["callback.order"],
        shown: Shown::By(&["4-t2-restored", "4-rooms-first"]),
    },
    Note {
        id: "N.room-calls-in-an-outage",
        kind: NoteKind::Silent,
        rows: &["4.T1"],
        open: "what do calls about the room end with between T0 and T2?",
        document: &[WAIT],
        elsewhere: &[page(
            "error codes (2026-06-05), 6000326",
            "any operation on a room that is connecting; wait for onRoomStateChanged",
        )],
        chosen: "6000326 until T2; other calls work again at T1",
        params: &[],
        shown: Shown::By(&["4-call-between-t1-and-t2", "1-calls-while-reconnecting"]),
    },
    Note {
        id: "N.entry-in-a-break",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting"],
        open: "a createRoom, joinRoom or enterRoom that is under way when the network breaks: \
               does the room go through T0 to T2 too?",
        document: &["房间已连接状态中,网络若异常断网"],
        elsewhere: &[page(
            "API reference, ZIMRoomState",
            "CONNECTING: a call is not answered yet; also shown when the network drops",
        )],
        chosen: "no: the call fails, the room says 0/5 or 0/7, and at T1 the SDK takes back an \
                 entry that the server may have carried out",
        params: &["call.interrupted"],
        shown: Shown::By(&["1-entry-cut-off", "1-calls-while-reconnecting"]),
    },
    Note {
        id: "N.what-others-hear",
        kind: NoteKind::Silent,
        rows: &["4.T2.timeout"],
        open: "what do the other members of the room hear of an outage?",
        document: &[],
        elsewhere: &[page(
            "Express, room connection status (sibling product)",
            "nothing within the timeout; that the user has left when it is over",
        )],
        chosen: "as Express has it: onRoomMemberLeft when the room's heartbeat times out, \
                 nothing if the member is back before",
        params: &["room.heartbeat_timeout"],
        shown: Shown::By(&["4-no-verdict-while-offline", "4-t2-restored"]),
    },
    Note {
        id: "N.destroyed-while-connected",
        kind: NoteKind::Silent,
        rows: &["4.T2.gone"],
        open: "a room that the back end destroys, while the member is there or away",
        document: &["event == 3(房间不存在)"],
        elsewhere: &[page("guide manage-rooms", "event 3 from 2.13.0 on, event 8 before")],
        chosen: "0/3 at once to members that are connected, 0/3 at T2 to one that was away",
        params: &[],
        shown: Shown::By(&["4-room-ended-while-connected", "4-t2-destroyed-while-away"]),
    },
];
