//! Scene 4 of the document: its table of T0, T1 and T2.

use super::{Note, NoteKind, Shown, page};

const TIMED_OUT: &str = "event == 9(因心跳超时而与房间断开连接)";
const GONE: &str = "event == 3(房间不存在)";
const RESTORED: &str = "event == 0(房间网络恢复)";

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.open-bracket",
        kind: NoteKind::Misspells,
        rows: &["4.T1"],
        open: "the closing bracket is missing in the cell of T1",
        document: &["event == 1(房间网络中断"],
        elsewhere: &[],
        chosen: "event 1, NETWORK_INTERRUPTED, as at T0",
        params: &[],
        shown: Shown::By(&["4-t2-restored"]),
    },
    Note {
        id: "N.callback-at-t1",
        kind: NoteKind::Silent,
        rows: &["4.T1"],
        open: "T0 and T1 show the same room state and event: does onRoomStateChanged fire a \
               second time at T1, though nothing has changed?",
        document: &["state == 1(开始真正尝试恢复房间连接)", "event == 1(房间网络中断"],
        elsewhere: &[],
        chosen: "no: the table is read as the state at that moment",
        params: &["room.callback_at_t1"],
        shown: Shown::By(&["4-callback-at-t1-off", "4-callback-at-t1-on"]),
    },
    Note {
        id: "N.connection-at-t2",
        kind: NoteKind::Silent,
        rows: &["4.T2.restored"],
        open: "the rows of T2 repeat state == 2: is that a second callback of the connection?",
        document: &["state == 2(网络恢复)", "state == 2(房间已连接)", RESTORED],
        elsewhere: &[],
        chosen: "no: the connection has been CONNECTED since T1 and says nothing new",
        params: &[],
        shown: Shown::By(&["4-t2-restored"]),
    },
    Note {
        id: "N.event-0",
        kind: NoteKind::Contradicts,
        rows: &["4.T2.restored"],
        open: "the table calls room event 0 the return of the room's network; it is the event \
               of every success",
        document: &[RESTORED],
        elsewhere: &[page(
            "API reference, ZIMRoomEvent",
            "Success 0: joined, left by its own wish, or reconnected",
        )],
        chosen: "SUCCESS: an app that wants to know of a return looks at the state before",
        params: &[],
        shown: Shown::By(&["4-t2-restored"]),
    },
    Note {
        id: "N.room-heartbeat",
        kind: NoteKind::Silent,
        rows: &["4.T2.timeout"],
        open: "after how long without a heartbeat is a user out of the room, and is that clock \
               the one by which the user counts as offline?",
        document: &[TIMED_OUT],
        elsewhere: &[
            page("FAQ zim-heartbeat-timeout (2023-09-24)", "user offline after 35 s"),
            page(
                "FAQ offline-push-trigger-in-the-background (2026-04-21)",
                "user offline after 30 s",
            ),
            page("Express (sibling product)", "90 s for a room on one page, 100 s on another"),
        ],
        chosen: "two clocks: offline after 35 s, out of the room after 90 s",
        params: &["room.heartbeat_timeout", "user.offline_after"],
        shown: Shown::By(&["4-t2-timeout-join", "4-no-verdict-while-offline"]),
    },
    Note {
        id: "N.when-a-room-ends",
        kind: NoteKind::Silent,
        rows: &["4.T2.gone", "4.T2.timeout"],
        open: "event 9 or event 3? The room of a lone member who is away too long is empty, and \
               an empty room is destroyed",
        document: &[TIMED_OUT, GONE],
        elsewhere: &[
            page(
                "FAQ empty-room-destruction",
                "at once, or after roomDestroyDelayTime, 3 h at \
                                                the most",
            ),
            page("release notes 2.20.0", "a room whose user is away for a short while is kept"),
        ],
        chosen: "a room is kept while a member's heartbeat has not timed out; an empty one goes \
                 at once by default: a lone member hears event 3, one of several event 9",
        params: &["room.destroy_delay", "room.heartbeat_timeout"],
        shown: Shown::By(&["4-t2-gone-enter", "4-t2-destroy-delay", "4-t2-destroy-delay-over"]),
    },
    Note {
        id: "N.other-verdicts",
        kind: NoteKind::Contradicts,
        rows: &["4.T2.other"],
        open: "the table knows events 9 and 3 only: what does a user hear who was kicked from \
               the room, or entered it elsewhere, while away?",
        document: &[TIMED_OUT, GONE],
        elsewhere: &[
            page(
                "this page, revision of 2026-07-28",
                "adds event 2, other reasons, and advises against entering again automatically",
            ),
            page("API reference, ZIMRoomEvent", "has KickedOut 8 and KickedOutByOtherDevice 10"),
        ],
        chosen: "event 2 for a kick while away, 10 for another device",
        params: &["room.kicked_while_away"],
        shown: Shown::By(&["4-t2-other-kicked-while-away", "4-t2-other-as-8"]),
    },
    Note {
        id: "N.missing-room-code",
        kind: NoteKind::Silent,
        rows: &["4.T2.gone"],
        open: "why not joinRoom after event 3? The advice leaves out with which error it fails",
        document: &["则可调用 createRoom"],
        elsewhere: &[page(
            "error codes (2026-06-05)",
            "6000322, 6000304 and 6000301 are all explained as: the room does not exist",
        )],
        chosen: "joinRoom fails with 6000322, and the room says 0/7",
        params: &[],
        shown: Shown::By(&["4-t2-gone-create", "4-last-member-leaves"]),
    },
];
