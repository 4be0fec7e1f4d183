//! The invariants as data.

use super::{
    Invariant, calls, changes, endings, lists, messages, moments, reports, sessions, time_forward,
};

/// Every invariant.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "I.connection-transitions",
        text: "the connection makes only documented transitions, with their documented events, and \
               ends only as the server has ended it",
        source: "FAQ zim-reconnect-support; API reference, login, logout, ZIMConnectionState and \
                 ZIMConnectionEvent",
        check: changes::connection_transitions,
    },
    Invariant {
        id: "I.room-transitions",
        text: "a room makes only documented transitions, with their documented events, and ends \
               only as the server has ended it",
        source: "FAQ zim-reconnect-support; guide manage-rooms; API reference, ZIMRoomState and \
                 ZIMRoomEvent",
        check: changes::room_transitions,
    },
    Invariant {
        id: "I.change-only",
        text: "a state callback tells of a change, but for 1/1 at T1 where \
               room.callback_at_t1 asks for it",
        source: "the callbacks' names; room.callback_at_t1",
        check: changes::change_only,
    },
    Invariant {
        id: "I.rooms-follow-connection",
        text: "at the end of a millisecond no room is CONNECTED while the connection is not, and \
               every room is DISCONNECTED once the connection is",
        source: "the document's table of T0 to T2; that rooms end with their connection is chosen",
        check: changes::rooms_follow_connection,
    },
    Invariant {
        id: "I.outage-order",
        text: "a room is interrupted only when its connection is lost (T0), repeats it at most \
               once at each return (T1), and has its verdict (T2) only while the connection is \
               back",
        source: "the document's table of T0 to T2",
        check: moments::order,
    },
    Invariant {
        id: "I.outage-complete",
        text: "once the connection is back (T1) and stays, each interrupted room gets its verdict \
               (T2) before its questions and the heartbeat have had their time",
        source: "the document's table of T0 to T2; room.query_timeout, room.query_tries",
        check: moments::complete,
    },
    Invariant {
        id: "I.verdict-is-answer",
        text: "a room's verdict at T2 is the server's answer",
        source: "the document: the SDK asks the back end and reports by its answer",
        check: moments::verdict_is_answer,
    },
    Invariant {
        id: "I.end-is-told",
        text: "a session that the server has ended, by a kick or because the account is \
               unregistered, is told so once the network allows it, and the SDK does not bring it \
               back",
        source: "the document, scenes 1 and 2; API reference, KICKED_OUT and UNREGISTERED",
        check: endings::end_is_told,
    },
    Invariant {
        id: "I.disconnected-stays",
        text: "while DISCONNECTED no attempt reaches the network before the app calls login",
        source: "the document, scenes 1 to 3: no more retries",
        check: sessions::disconnected_stays,
    },
    Invariant {
        id: "I.disconnected-refuses",
        text: "while DISCONNECTED every call but login and logout fails with 6000121, after \
               logout with 6000122",
        source: "the document, scenes 1 to 3; error codes, 6000121 and 6000122",
        check: sessions::disconnected_refuses,
    },
    Invariant {
        id: "I.sdk-reconnects",
        text: "a return from RECONNECTING is the SDK's own work: it tried, and no login of the \
               app succeeded meanwhile",
        source: "the document, scene 1: need not call login",
        check: sessions::sdk_reconnects,
    },
    Invariant {
        id: "I.one-result",
        text: "every call gets exactly one result, and none is overdue when the run ends",
        source: "each call's asynchronous result in the API reference; the timeouts are chosen",
        check: calls::one_result,
    },
    Invariant {
        id: "I.result-with-state",
        text: "when a call to log in, or to enter or leave a room, ends, what it was about has \
               its new state in the same millisecond",
        source: "API reference: the callback tells of what the call has done; that they come \
                 together is chosen",
        check: calls::result_with_state,
    },
    Invariant {
        id: "I.room-message-delivery",
        text: "a room message that was acknowledged reaches each member who was CONNECTED in one \
               session from its call to the bound, once and in order",
        source: "API sendMessage; the bound is heartbeat.period + patience + grace + 1 s",
        check: messages::room,
    },
    Invariant {
        id: "I.peer-message-delivery",
        text: "a peer message that was acknowledged reaches each device of its receiver that was \
               CONNECTED in one session from its call to the bound, once and in order; a receiver \
               with one device that was away hears it after its return; none hears it twice",
        source: "API sendMessage, isOfflineMessage; the bound is heartbeat.period + patience + \
                 grace + 1 s",
        check: messages::peer,
    },
    Invariant {
        id: "I.membership-agrees",
        text: "on an undisturbed link, what a client says of a room agrees with the server \
               within two round trips and 1 s",
        source: "onRoomStateChanged: what it tells is the back end's view",
        check: reports::membership,
    },
    Invariant {
        id: "I.session-agrees",
        text: "on an undisturbed link, what a client says of its connection agrees with the \
               server within two round trips and 1 s (leaving: and user.offline_after)",
        source: "onConnectionStateChanged: what it tells is the session's state",
        check: reports::session,
    },
    Invariant {
        id: "I.member-lists-true",
        text: "a member list is what the server held at some moment between call and result",
        source: "API queryRoomMemberList",
        check: lists::member_lists,
    },
    Invariant {
        id: "I.member-news-true",
        text: "no client hears of more joins or leaves of a user than there were",
        source: "API onRoomMemberJoined, onRoomMemberLeft",
        check: lists::member_news,
    },
    Invariant {
        id: "I.time-forward",
        text: "virtual time never goes back, and in a millisecond hosts keep their order",
        source: "the recording's own order",
        check: time_forward,
    },
];
