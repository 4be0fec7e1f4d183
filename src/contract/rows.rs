//! The documented rows, as data.
//!
//! The sentences are the document's own, copied letter for letter from the extracted
//! text of the page; the extraction ran code marks together (`RECONNECTINGstate`).

/// One row of the contract: a promise of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in scenario files and reports.
    pub id: &'static str,
    /// The document's own words, one item a sentence or table cell.
    pub sentence: &'static [&'static str],
    /// What is demanded of a recording, in our words.
    pub demand: &'static str,
    /// What the document tells the app to do.
    pub advice: &'static str,
    /// Which page says so.
    pub source: &'static str,
    /// Which revision of the page.
    pub revision: &'static str,
}

const PAGE: &str = "FAQ zim-reconnect-support (zh)";
const SEED: &str = "2024-02-07";
const FALL_BACK: &str =
    "tell the user why and fall back (e.g. to the login page); do not reconnect from app code";

/// Every row, in the document's order.
pub const ROWS: &[Row] = &[
    Row {
        id: "1.reconnecting",
        sentence: &[
            "如果用户的机器出现弱网或断网的情况,SDK 内部会主动触发重连,此时会通过 \
             onConnectionStateChanged 回调出 RECONNECTINGstateLOGIN_INTERRUPTEDevent,\
             开发者监听到断网状态事件时需要给用户一些明确的 UI 提醒以提升用户体验。",
            "从 2.9.0 版本开始,SDK 会以合适的频率内部不断重连,因此开发者无需在业务层调用 SDK 的 \
             login 接口进行重连。",
        ],
        demand: "a connection that breaks is told as 3/3, and the SDK goes on trying by itself",
        advice: "show a clear notice; there is no need to call login",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "1.connected",
        sentence: &["如果 SDK 能重新连接,则会通过 onConnectionStateChanged 回调出 \
                     CONNECTEDstateSUCCESSevent"],
        demand: "a reconnection that gets through is told as 2/0",
        advice: "nothing",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "1.gave-up",
        sentence: &[
            "如果因特殊事件导致 SDK 无法重新连接,则会通过 onConnectionStateChanged 回调出 \
                     DISCONNECTEDstate 及相应的event 。并且此时调用其他接口都会报错,且错误码为 \
                     6000121,表示“未登录”。",
        ],
        demand: "a reconnection that can't be is told as 0/4, 0/5 or 0/6; then no more attempts, \
                 and every call but login and logout fails with 6000121",
        advice: FALL_BACK,
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "2.kicked",
        sentence: &[
            "在未开启 ZIM 的多端登录情况下,如果有其他端登录了本端已登录的帐号(userID),\
             则会把本端挤下线,本端会出现断线的情况,并且 SDK 不会主动触发重连。",
            "此时将通过 onConnectionStateChanged 回调出 DISCONNECTEDstateKICKED_OUTevent,\
             并且调用其他接口都会报错,且错误码为 6000121,表示“未登录”。",
        ],
        demand: "without multi-device login, once another device logs in anew: 0/4, and never \
                 2/0 before it; then no attempts, and every call but login and logout fails \
                 with 6000121",
        advice: FALL_BACK,
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "3.will-expire",
        sentence: &["如果 AppID 配置了 Token 鉴权,则在 Token 快过期时,会通过 onTokenWillExprie \
                     进行回调。"],
        demand: "where tokens are asked for, onTokenWillExpire comes once per token, \
                 token.warning before its expiry, or at once if less is left",
        advice: "fetch a new token and call renewToken",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "3.renewed",
        sentence: &["当用户获取了新的 Token 后,通过 renewToken 接口向 SDK 传入新的 Token ,\
                     以保证 Token 正常使用。"],
        demand: "after a renewToken in time, nothing breaks at the old token's expiry",
        advice: "nothing",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "3.expired",
        sentence: &["如果没有及时传入新的 Token,则 SDK 会在 Token 过期时,断开与服务器的链接,\
                     并通过onConnectionStateChanged 回调出DISCONNECTEDstate ,\
                     并且调用其他接口都会报错,且错误码为 6000121,表示“未登录”。"],
        demand: "a token that runs out is told as 0/5 at its expiry; then no attempts, and every \
                 call but login and logout fails with 6000121",
        advice: FALL_BACK,
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T0",
        sentence: &[
            "state == 3(网络重连中)",
            "state == 1(房间进入尝试连接)",
            "event == 1(房间网络中断)",
        ],
        demand: "when the connection goes to 3, each room that is connected says 1/1 in the same \
                 millisecond",
        advice: "wait",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T1",
        sentence: &[
            "state == 2(网络恢复)",
            "state == 1(开始真正尝试恢复房间连接)",
            "event == 1(房间网络中断",
        ],
        demand: "when the connection is back at 2, the room is still 1/1; it says so again if, and \
                 only if, room.callback_at_t1 is on",
        advice: "wait",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.asks",
        sentence: &["在网络恢复瞬间,SDK 会询问 ZIM 后台,本段用户是否还在房间内。\
                     SDK 会根据 ZIM 后台返回结果做相应的事件通知。"],
        demand: "in the very millisecond of T1 the SDK asks about each interrupted room, and never \
                 while it is not connected",
        advice: "nothing",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T2.restored",
        sentence: &["state == 2(网络恢复)", "state == 2(房间已连接)", "event == 0(房间网络恢复)"],
        demand: "after T1, while connected: 2/0, if the server answered that the user is in",
        advice: "nothing: the room's functions work again",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T2.timeout",
        sentence: &[
            "state == 2(网络恢复)",
            "state == 0(房间已断开)",
            "event == 9(因心跳超时而与房间断开连接)",
        ],
        demand: "after T1, while connected: 0/9, if the server answered that the room's heartbeat \
                 timed out",
        advice: "call joinRoom or enterRoom to get back in, or tell the user that they have left",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T2.gone",
        sentence: &["state == 2(网络恢复)", "state == 0(房间已断开)", "event == 3(房间不存在)"],
        demand: "after T1, while connected: 0/3, if the server answered that there is no such room",
        advice: "call createRoom or enterRoom if wanted, or tell the user that they have left",
        source: PAGE,
        revision: SEED,
    },
    Row {
        id: "4.T2.other",
        sentence: &["(our paraphrase; the row is not in the revision of 2024-02-07) \
                     other reasons: state == 0, event == 2"],
        demand: "after T1, while connected: 0/2 (or what room.kicked_while_away names, or 0/10), \
                 if the server answered that the user is out for another reason, or never answered",
        advice: "joinRoom or enterRoom if the user wishes; rejoining automatically is not advised",
        source: PAGE,
        revision: "2026-07-28",
    },
];

/// Every row's id, in the document's order.
pub fn ids() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.id).collect()
}

impl Row {
    /// The row with this id.
    pub fn find(id: &str) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_found_by_its_own_id_and_no_other() {
        let ids: BTreeSet<_> = ids().into_iter().collect();
        assert_eq!(ids.len(), ROWS.len());
        assert_eq!(ids.len(), 14);
        for row in ROWS {
            assert_eq!(Row::find(row.id), Some(row));
        }
        assert_eq!(Row::find("4.t0"), None);
    }
}
