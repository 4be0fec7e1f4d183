//! Steps that repeat: how often, when, and what their calls must end with.

use super::{Plan, load};
use crate::app::Act;
use crate::record::{AdminAct, Origin};
use crate::time::Time;

fn plan(step: &str) -> Plan {
    let text = format!(
        "title = \"beats\"\nuntil = \"2m\"\n\
         clients = {{ alice = {{}}, fans = {{ size = 20, login = \"0s..5s\" }} }}\n\
         steps = [\n  {{ at = \"0s\", client = \"alice\", call = \"login\" }},\n  {step},\n]\n"
    );
    load("beats.toml", text.as_bytes(), &[]).unwrap_or_else(|told| panic!("{}", told.render(false)))
}

/// When alice does what the step says, in seconds.
fn seconds(plan: &Plan) -> Vec<u64> {
    let steps = plan.clients[0].script.steps.iter();
    let ours = steps.filter(|(_, origin, _)| *origin != Origin::Step(0));
    ours.map(|(at, ..)| at.since(Time::ZERO).ms() / 1000).collect()
}

const SHOW: &str = "client = \"alice\", show = \"beat\" }";

#[test]
fn a_step_is_repeated_so_often_or_so_long_or_to_the_end() {
    let when = |keys: &str| seconds(&plan(&format!("{{ at = \"10s\", {keys}{SHOW}")));
    assert_eq!(when(""), [10]);
    assert_eq!(when("every = \"8s\", times = 3, "), [10, 18, 26]);
    // [start, end): after 24 s the time is over.
    assert_eq!(when("every = \"8s\", for = \"24s\", "), [10, 18, 26]);
    assert_eq!(when("every = \"8s\", for = \"25s\", "), [10, 18, 26, 34]);
    assert_eq!(when("every = \"30s\", "), [10, 40, 70, 100]);
    // The run is over at 120 s.
    assert_eq!(when("every = \"55s\", "), [10, 65]);
    assert_eq!(when("every = \"10s\", ").len(), 11);
}

#[test]
fn each_time_is_told_from_the_others_and_must_end_as_the_step_says() {
    let call = "client = \"alice\", call = \"queryRoomMemberList\", room = \"r1\"";
    let step = |more: &str| format!("{{ at = \"10s\", every = \"5s\", times = 3, {call}{more} }}");
    let plan = plan(&step(", result = 6000121"));
    let results: Vec<_> = plan.results.iter().map(|result| (result.origin, result.at)).collect();
    let at = |secs: u64| Time::from_ms(secs * 1000);
    let turn = |turn| Origin::Repeated(1, turn);
    let expected =
        [(Origin::Step(0), at(0)), (turn(0), at(10)), (turn(1), at(15)), (turn(2), at(20))];
    assert_eq!(results, expected);
    // Those that may end in any way need not even be made: the app may be down.
    let plan = self::plan(&step(", result = \"any\""));
    assert_eq!(plan.results.len(), 1);
    assert_eq!(seconds(&plan), [10, 15, 20]);
}

#[test]
fn a_crowds_members_keep_their_own_rhythm() {
    let plan = plan(
        "{ at = \"10s\", every = \"20s\", times = 3, over = \"15s\", client = \"fans\", \
         call = \"sendPeerMessage\", to = \"alice\", text = \"beat\" }",
    );
    for fan in &plan.clients[1..] {
        let sent = fan.script.steps.iter().filter(|(.., act)| matches!(act, Act::Call(_)));
        let ms: Vec<_> = sent.map(|(at, ..)| at.since(Time::ZERO).ms()).collect();
        assert!((10_000..=25_000).contains(&ms[0]), "{ms:?}");
        assert_eq!([ms[1], ms[2]], [ms[0] + 20_000, ms[0] + 40_000]);
    }
}

#[test]
fn an_administrator_goes_on_too() {
    let plan = plan(
        "{ at = \"10s\", every = \"1m\", admin = \"kickUser\", user = \"alice\", may_miss = true }",
    );
    let acts: Vec<_> = plan.admin.iter().map(|(at, planned)| (*at, &planned.act)).collect();
    let kick = AdminAct::KickUser { user: "alice".into() };
    assert_eq!(acts, [(Time::from_ms(10_000), &kick), (Time::from_ms(70_000), &kick)]);
}
