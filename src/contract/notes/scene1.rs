//! Scene 1 of the document: the network fails (网络异常).

use super::{Note, NoteKind, Shown, page};

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.when-noticed",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting", "4.T0"],
        open: "how long after the network is gone does the app hear RECONNECTING?",
        document: &["如果用户的机器出现弱网或断网的情况,SDK 内部会主动触发重连"],
        elsewhere: &[page(
            "FAQ zim-heartbeat-timeout (2023-09-24)",
            "the SDK sends a heartbeat every 10 s, which can't be configured",
        )],
        chosen: "a link is dead when a heartbeat stays unanswered for patience and grace \
                 together: 10 s to 20 s after the loss. A shorter loss is not heard of",
        params: &["heartbeat.period", "heartbeat.patience", "heartbeat.grace"],
        shown: Shown::By(&[
            "1-reconnect",
            "1-short-cut",
            "1-long-patience-latency",
            "4-t2-restored",
        ]),
    },
    Note {
        id: "N.weak-network",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting", "1.connected"],
        open: "how weak is a weak network? One that is slow or loses packets still carries \
               everything in the end",
        document: &["如果用户的机器出现弱网或断网的情况,SDK 内部会主动触发重连"],
        elsewhere: &[],
        chosen: "weakness alone breaks nothing: only a heartbeat that stays unanswered does",
        params: &["heartbeat.patience", "heartbeat.grace"],
        shown: Shown::By(&["1-weak-lossy", "1-weak-slow"]),
    },
    Note {
        id: "N.retry-rate",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting", "1.connected"],
        open: "what is a suitable rate, and how long may one attempt take?",
        document: &["SDK 会以合适的频率内部不断重连"],
        elsewhere: &[page(
            "release notes 2.7.0",
            "a change of the network and a return to the foreground bring the next attempt \
             forward",
        )],
        chosen: "the first attempt after 1 s, then twice as long each time up to 30 s, each \
                 drawn up to 20% to either side; one attempt opens its connection within 10 s \
                 and has its login answered within 10 s",
        params: &[
            "reconnect.first_delay",
            "reconnect.max_delay",
            "reconnect.jitter",
            "reconnect.connect_timeout",
            "reconnect.login_timeout",
        ],
        shown: Shown::By(&["1-reconnect", "1-jitter", "1-two-hour-outage"]),
    },
    Note {
        id: "N.retry-for-ever",
        kind: NoteKind::Contradicts,
        rows: &["1.reconnecting", "1.connected"],
        open: "does the SDK retry without end, or is there a maximum reconnect time?",
        document: &["从 2.9.0 版本开始,SDK 会以合适的频率内部不断重连"],
        elsewhere: &[
            page("API onConnectionStateChanged", "retries until it succeeds"),
            page(
                "error codes (2026-06-05), 6000123",
                "speaks of a user who was offline for longer than the maximum reconnect time",
            ),
        ],
        chosen: "without end. The maximum reconnect time decides one thing only: whether a \
                 login of another account then fails with 6000111 or with 6000123",
        params: &["reconnect.max_time"],
        shown: Shown::By(&["1-logout-while-reconnecting", "1-two-hour-outage"]),
    },
    Note {
        id: "N.reconnecting-or-connecting",
        kind: NoteKind::Contradicts,
        rows: &["1.reconnecting"],
        open: "is a link that broke told as RECONNECTING or as CONNECTING?",
        document: &["此时会通过 onConnectionStateChanged 回调出 \
                     RECONNECTINGstateLOGIN_INTERRUPTEDevent"],
        elsewhere: &[page(
            "iOS header ZIMDefines.h; API reference of Unity3D, enum",
            "an interrupted link goes back to Connecting",
        )],
        chosen: "RECONNECTING with LOGIN_INTERRUPTED (3/3), as the document has it",
        params: &[],
        shown: Shown::By(&["1-reconnect"]),
    },
    Note {
        id: "N.since-2.9.0",
        kind: NoteKind::Contradicts,
        rows: &["1.reconnecting"],
        open: "the change that the document dates to 2.9.0 is not in that version's notes",
        document: &["从 2.9.0 版本开始,SDK 会以合适的频率内部不断重连"],
        elsewhere: &[page(
            "release notes 2.9.0 (2023-07-18)",
            "no word of reconnecting; those of 1.2.0, 1.3.1, 2.3.0 and 2.4.0 say that it was \
             improved",
        )],
        chosen: "the SDK of 2.20 or later is modelled, where both agree",
        params: &[],
        shown: Shown::By(&["1-reconnect"]),
    },
    Note {
        id: "N.special-events",
        kind: NoteKind::Silent,
        rows: &["1.gave-up"],
        open: "which special events end the retries?",
        document: &[
            "如果因特殊事件导致 SDK 无法重新连接,则会通过 onConnectionStateChanged 回调出 \
                     DISCONNECTEDstate 及相应的event 。",
        ],
        elsewhere: &[page(
            "API reference, ZIMConnectionEvent",
            "has KickedOut 4, TokenExpired 5 (since 2.18.0) and Unregistered 6 (by 2.16.0)",
        )],
        chosen: "these three: kicked out, token expired, account unregistered",
        params: &[],
        shown: Shown::By(&[
            "2-kicked-while-offline",
            "3-expired-while-offline",
            "1-unregistered-while-reconnecting",
            "1-unregistered-while-connected",
        ]),
    },
    Note {
        id: "N.other-calls",
        kind: NoteKind::Silent,
        rows: &["1.gave-up", "2.kicked", "3.expired"],
        open: "other calls fail with 6000121: other than which?",
        document: &["并且此时调用其他接口都会报错,且错误码为 6000121,表示“未登录”。"],
        elsewhere: &[
            page("guide multi-device-login (2026-07-06)", "after a kick call logout"),
            page("error codes (zh), 6000122", "what fails after logout"),
        ],
        chosen: "login and logout work, every other call fails with 6000121; after that logout \
                 with 6000122",
        params: &[],
        shown: Shown::By(&[
            "3-token-expired",
            "2-kicked",
            "1-unregistered-while-reconnecting",
            "base-calls-in-wrong-state",
        ]),
    },
    Note {
        id: "N.calls-in-a-break",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting"],
        open: "what becomes of a call that is under way when the network breaks, or made while \
               the SDK reconnects?",
        document: &[],
        elsewhere: &[
            page("error codes (2026-06-05), 6000009", "the link broke while a request was open"),
            page(
                "guide send-and-receive-messages; release notes 2.20.0",
                "a peer or group message is sent again by itself within 30 s; the code after \
                 that is not given",
            ),
        ],
        chosen: "what is under way fails with 6000009 at T0, what is called later with 6000104 \
                 at once; peer messages wait up to 30 s and then end with 6000104; an answer \
                 that does not come within 10 s is 6000105",
        params: &[
            "call.interrupted",
            "call.while_reconnecting",
            "request.timeout",
            "message.resend_window",
            "message.resend_code",
        ],
        shown: Shown::By(&[
            "1-calls-while-reconnecting",
            "1-peer-message-lost",
            "1-peer-message-once",
            "4-leave-caught-in-a-cut",
        ]),
    },
    Note {
        id: "N.login-while-reconnecting",
        kind: NoteKind::Silent,
        rows: &["1.reconnecting"],
        open: "an app need not call login while the SDK reconnects: what if it does?",
        document: &["因此开发者无需在业务层调用 SDK 的 login 接口进行重连。"],
        elsewhere: &[page(
            "error codes (2026-06-05), 6000111",
            "already logged in; another page: several accounts on one device",
        )],
        chosen: "the call is refused with 6000111, and the SDK's own retries go on",
        params: &["login.while_reconnecting", "reconnect.max_time"],
        shown: Shown::By(&["app-login-while-reconnecting", "1-logout-while-reconnecting"]),
    },
];
