//! Scene 3 of the document: the token expires (Token 过期).

use super::{Note, NoteKind, Shown, page};

const EXPIRES: &str = "如果没有及时传入新的 Token,则 SDK 会在 Token 过期时,断开与服务器的链接";
const RENEW: &str = "当用户获取了新的 Token 后,通过 renewToken 接口向 SDK 传入新的 Token";

pub(super) const NOTES: &[Note] = &[
    Note {
        id: "N.on-token-will-exprie",
        kind: NoteKind::Misspells,
        rows: &["3.will-expire"],
        open: "the callback's name: whoever copies it from the page gets no warning",
        document: &["则在 Token 快过期时,会通过 onTokenWillExprie 进行回调。"],
        elsewhere: &[page("API reference, ZIMEventHandler", "onTokenWillExpire")],
        chosen: "onTokenWillExpire; a scenario that spells it otherwise is told the right name",
        params: &[],
        shown: Shown::By(&["3-token-expired"]),
    },
    Note {
        id: "N.link-for-connection",
        kind: NoteKind::Misspells,
        rows: &["3.expired"],
        open: "链接 is a hyperlink; what is closed is the connection, 连接, as everywhere else",
        document: &["断开与服务器的链接"],
        elsewhere: &[],
        chosen: "the SDK closes its connection",
        params: &[],
        shown: Shown::By(&["3-token-expired"]),
    },
    Note {
        id: "N.when-warned",
        kind: NoteKind::Silent,
        rows: &["3.will-expire"],
        open: "how soon before its expiry is a token about to expire, and is the warning \
               repeated?",
        document: &["则在 Token 快过期时,会通过 onTokenWillExprie 进行回调。"],
        elsewhere: &[page("guide authentication", "30 s before; at once if less is left")],
        chosen: "as the guide has it, once for each token",
        params: &["token.warning"],
        shown: Shown::By(&["3-token-expired", "3-short-token", "3-token-renewed-again"]),
    },
    Note {
        id: "N.expired-event",
        kind: NoteKind::Silent,
        rows: &["3.expired"],
        open: "with which event does DISCONNECTED come when the token runs out?",
        document: &["并通过onConnectionStateChanged 回调出DISCONNECTEDstate ,"],
        elsewhere: &[
            page("API reference, ZIMConnectionEvent", "TokenExpired 5, since 2.18.0"),
            page("this page, revision of 2026-03-25", "names TokenExpired"),
        ],
        chosen: "TOKEN_EXPIRED (0/5)",
        params: &[],
        shown: Shown::By(&["3-token-expired"]),
    },
    Note {
        id: "N.whose-clock",
        kind: NoteKind::Silent,
        rows: &["3.expired"],
        open: "at expiry by whose clock, the device's or the server's?",
        document: &[EXPIRES],
        elsewhere: &[],
        chosen: "whichever says so first; each alone can be had",
        params: &["token.clock"],
        shown: Shown::By(&["3-device-clock", "3-server-clock"]),
    },
    Note {
        id: "N.expires-while-reconnecting",
        kind: NoteKind::Silent,
        rows: &["3.expired", "1.gave-up"],
        open: "a token that runs out while the SDK reconnects: is the app told then, or once the \
               network is back?",
        document: &[EXPIRES],
        elsewhere: &[],
        chosen: "then, still offline, and the retries end",
        params: &["token.expiry_while_reconnecting"],
        shown: Shown::By(&[
            "3-expired-while-offline",
            "3-expired-at-reconnect",
            "3-expired-but-let-in",
        ]),
    },
    Note {
        id: "N.renew-in-a-break",
        kind: NoteKind::Silent,
        rows: &["3.renewed"],
        open: "the warning may come while the SDK reconnects: what becomes of a renewToken then?",
        document: &[RENEW],
        elsewhere: &[],
        chosen: "it waits, the SDK returns with the new token, and the server's word on it is \
                 the result",
        params: &["token.renew_while_reconnecting"],
        shown: Shown::By(&[
            "3-renew-in-a-break",
            "3-renew-in-a-cut",
            "3-renew-while-reconnecting",
            "3-renew-in-a-cut-late",
            "3-renew-fails-in-a-cut",
        ]),
    },
    Note {
        id: "N.renew-after-expiry",
        kind: NoteKind::Contradicts,
        rows: &["3.expired"],
        open: "can a token be renewed after it has run out?",
        document: &["并且调用其他接口都会报错,且错误码为 6000121,表示“未登录”。"],
        elsewhere: &[page("error codes (2026-06-05), 6000106", "call renewToken and try again")],
        chosen: "no: renewToken is one of the other calls and fails with 6000121; the app logs \
                 in anew",
        params: &[],
        shown: Shown::By(&["3-token-expired"]),
    },
    Note {
        id: "N.short-tokens",
        kind: NoteKind::Silent,
        rows: &["3.will-expire"],
        open: "may a token have less than 30 s to live? Other pages differ",
        document: &[],
        elsewhere: &[
            page("error codes (2026-06-05), 6000108", "refused at login and renewToken"),
            page("guide authentication; API login", "logs in, and the warning comes at once"),
        ],
        chosen: "it logs in and warns at once",
        params: &["token.min_life"],
        shown: Shown::By(&["3-short-token", "3-short-token-refused"]),
    },
    Note {
        id: "N.token-authentication",
        kind: NoteKind::Silent,
        rows: &["3.will-expire", "3.expired"],
        open: "is token authentication on by default, and what holds where it is not?",
        document: &["如果 AppID 配置了 Token 鉴权"],
        elsewhere: &[
            page(
                "FAQ zim-token-upgrade",
                "AppSign, if given too, is looked at first; it never \
                                           expires",
            ),
            page("guide authentication", "a token lives 24 days at the most"),
        ],
        chosen: "on, as this scene could not be shown otherwise; where it is off nothing warns \
                 and nothing expires",
        params: &["token.authentication", "token.life"],
        shown: Shown::By(&["3-token-expired", "3-no-token-authentication"]),
    },
];
