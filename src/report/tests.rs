//! Pages as data: the same bytes, nothing lost, nothing that a hostile name could do.

use super::{Listed, Run, diff, front_page, mermaid, page};
use crate::contract::{self, Report};
use crate::engine::{self, Engine};
use crate::record::{Recording, ServerFact};
use crate::scenario::{self, Plan};
use crate::timeline::{self, Difference, Side, Words};
use std::collections::BTreeSet;

const SCRIPT: &str = "</script><script>alert(1)</script>";
const OUTAGE: &str = r#"
title   = "TITLE"
until   = "4m"
params  = { room.heartbeat_timeout = "60s", reconnect.jitter = "0%" }
clients = { "爱丽丝" = {}, bob = {} }
steps = [
  { at = "0s",  client = "爱丽丝", call = "login" },
  { at = "0s",  client = "bob",    call = "login" },
  { at = "2s",  client = "爱丽丝", call = "enterRoom", room = "大厅" },
  { at = "2s",  client = "bob",    call = "enterRoom", room = "大厅" },
  { at = "12s", cut = "爱丽丝", for = "100s", name = "隧道" },
  { at = "20s", client = "bob", show = "TITLE" },
  { at = "3m",  client = "bob", call = "sendRoomMessage", room = "大厅", text = "TITLE" },
]
expect = [ { client = "爱丽丝", row = "4.T2.timeout", room = "大厅", from = "隧道.end", within = "40s" } ]
"#;

/// A run with this text in every place that takes any.
struct Ran {
    plan: Plan,
    recording: Recording,
    report: Report,
}

impl Ran {
    fn new(text: &str, seed: u64) -> Ran {
        let file = OUTAGE.replace("TITLE", text);
        let plan = scenario::load("x.toml", file.as_bytes(), &contract::ids());
        let mut plan = plan.unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
        plan.seed = crate::rng::Seed(seed);
        let recording = engine::run(&plan, Engine::Event, true);
        let report = contract::check(&plan, &recording);
        Ran { plan, recording, report }
    }

    fn run(&self) -> Run<'_> {
        let Ran { plan, recording, report } = self;
        Run { plan, recording, report, source: Some("title = \"<b>\""), up: None }
    }

    fn page(&self) -> String {
        page(&self.run())
    }

    fn text(&self) -> String {
        timeline::text(&self.plan, &self.recording, &self.report, false)
    }
}

/// What stands between the tags, entities resolved.
fn shown(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, letter)| text.replace(entity, letter))
}

fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let mark = format!(" {name}=\"");
    let after = html.split(mark.as_str()).skip(1);
    after.map(|rest| rest.split('"').next().unwrap_or("")).collect()
}

/// Every tag is closed in order, ids are unique, links lead somewhere, nothing is fetched.
fn sound(html: &str) {
    const VOID: &[&str] = &["meta", "input", "br"];
    // Style and script are raw text to a browser.
    let mut body = html.to_owned();
    for raw in ["style", "script"] {
        let (open, close) = (format!("<{raw}>"), format!("</{raw}>"));
        assert_eq!(body.matches(&open).count(), 1, "one {raw}");
        let (before, after) = body.split_once(&open).unwrap();
        let (inside, after) = after.split_once(&close).unwrap();
        // The name of SVG's vocabulary looks like an address and is none.
        let inside = inside.replace("http://www.w3.org/2000/svg", "");
        for way in ["http", "url(", "@import", "fetch("] {
            assert!(!inside.contains(way), "{raw}: {way} fetches");
        }
        body = format!("{before}{after}");
    }
    let mut open: Vec<&str> = Vec::new();
    for tag in body.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "closes another: {tag}"),
            None if name.starts_with('!') || VOID.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let ids = attributes(&body, "id");
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "an id twice");
    let links = attributes(&body, "href").into_iter().chain(attributes(&body, "aria-labelledby"));
    for link in links {
        let Some(target) = link.strip_prefix('#').or(Some(link)) else { continue };
        let page = target.contains(".html");
        assert!(page || unique.contains(&target), "leads nowhere: {link}");
        assert!(!target.contains(':'), "leads out of the page: {link}");
    }
    assert!(attributes(&body, "src").is_empty(), "fetches");
}

#[test]
fn the_same_run_is_the_same_page() {
    let (first, again) = (Ran::new("plain", 1), Ran::new("plain", 1));
    assert_eq!(first.page(), again.page());
    assert_eq!(mermaid(&first.run()), mermaid(&again.run()));
}

#[test]
fn every_public_event_and_fact_is_on_the_page_in_its_place() {
    let ran = Ran::new("plain", 1);
    let html = ran.page();
    let words = Words::new(&ran.plan, &ran.recording);
    let mut events = 0;
    for (index, record) in ran.recording.records.iter().enumerate() {
        let Some(event) = words.event(record) else { continue };
        events += 1;
        let item = html.split(&format!(" id=\"e{index}\"")).nth(1).expect(&event);
        let item = shown(item.split("</li>").next().unwrap());
        assert!(item.contains(&event) && item.contains(&record.at.to_string()), "{event}: {item}");
        assert_eq!(html.matches(&format!(" id=\"m{index}\"")).count(), 1, "on a lane: {event}");
    }
    assert!(events > 25, "{events}");
    for text in ["T0", "T1", "T2", "隧道", "爱丽丝's open connection", "4.T2.timeout", "大厅"]
    {
        assert!(shown(&html).contains(text), "no {text}");
    }
    let facts = |fact: &ServerFact| matches!(fact, ServerFact::Answered { .. });
    assert!(ran.recording.records.iter().any(|record| match &record.event {
        crate::record::Event::Server(fact) => facts(fact),
        _ => false,
    }));
    assert!(shown(&html).contains("is 爱丽丝 on 爱丽丝 in 大厅? no, heartbeat timed out"));
}

#[test]
fn pages_are_sound() {
    let ran = Ran::new("plain", 1);
    sound(&ran.page());
    let up = Some(("../index.html", "all"));
    sound(&page(&Run { up, ..ran.run() }));
    let listed = [Listed { link: "x.html", plan: &ran.plan, report: &ran.report }];
    sound(&front_page(&listed));
}

#[test]
fn a_hostile_text_is_text() {
    for text in
        [SCRIPT, "<img src=x onerror=alert(1)>", "'&amp;&#60;", "\u{202e}evil\u{2066}", "]]>"]
    {
        let ran = Ran::new(text, 1);
        let html = ran.page();
        sound(&html);
        assert!(shown(&html).contains(text), "kept as it is: {text}");
        let listed = [Listed { link: "x.html", plan: &ran.plan, report: &ran.report }];
        sound(&front_page(&listed));
        let side = Side { label: text, text: &ran.text() };
        sound(&diff(text, side, side).unwrap().page);
    }
}

#[test]
fn a_failed_run_says_so_first_with_a_link_to_the_moment() {
    let mut ran = Ran::new("plain", 1);
    let what = "it is <wrong>".to_owned();
    let at = Some(crate::time::Time::from_ms(2_000));
    ran.report.failures.push(contract::Failure { check: contract::Check::Never, at, what });
    let html = ran.page();
    sound(&html);
    let text = shown(&html);
    assert!(text.find("What failed").unwrap() < text.find("Timeline").unwrap());
    assert!(text.contains("it is <wrong>") && text.contains("failed: 1 reason"));
}

#[test]
fn old_and_new_stand_side_by_side_and_what_differs_is_marked() {
    let (old, new) = (Ran::new("old", 1), Ran::new("new", 1));
    let (old, new) = (old.text(), new.text());
    let side = |label, text| Side { label, text };
    let compared = diff("x", side("old.snap", &old), side("this run", &new)).unwrap();
    assert_eq!(compared.difference, Difference::Lines { added: 2, removed: 2 });
    sound(&compared.page);
    for part in ["only-a", "only-b", "chart-a", "chart-b", "flagged", "events the same"] {
        assert!(compared.page.contains(part), "no {part}");
    }
    let same = diff("x", side("a", &old), side("b", &old)).unwrap();
    assert_eq!(same.difference, Difference::None);
    assert!(!same.page.contains("\"only-a\"") && !same.page.contains("flagged\""));
    let wrong = diff("x", side("a", &old), side("b", "no timeline")).unwrap_err();
    assert_eq!(wrong, "b: no timeline");
}

#[test]
fn a_diagram_stays_within_mermaids_limits_and_says_when_it_was_cut() {
    let ran = Ran::new("a;b#<script>", 1);
    let diagram = mermaid(&ran.run());
    assert!(diagram.starts_with("sequenceDiagram\n"), "{diagram}");
    assert!(diagram.contains("participant c1 as 爱丽丝"), "{diagram}");
    assert!(diagram.contains("c1-xs: attempt 1 to connect"), "{diagram}");
    assert!(diagram.contains("c0->>s: login") && diagram.contains("s->>c0: welcome"), "{diagram}");
    assert!(!diagram.contains("<script>") && !diagram.contains("cut: "), "{diagram}");
    let mut long = Ran::new("plain", 1);
    let shown = long
        .recording
        .records
        .iter()
        .find(|record| matches!(record.event, crate::record::Event::Shown { .. }));
    let more = vec![shown.expect("bob shows something").clone(); 700];
    long.recording.records.extend(more);
    let diagram = mermaid(&long.run());
    assert!(diagram.chars().count() <= 50_000 && diagram.lines().count() <= 510);
    let last = diagram.lines().last().unwrap();
    assert!(last.contains("cut: ") && last.contains("left out"), "{last}");
}

/// A crowd and one client beside it.
fn crowded() -> Ran {
    let file = r#"
title   = "a crowd and bob"
until   = "20s"
clients = { bob = {}, crowd = { size = 40, login = "0s..2s", rooms_of = 10 } }
steps = [
  { at = "0s", client = "bob", call = "login" },
  { at = "5s", client = "bob", call = "enterRoom", room = "crowd-room-1" },
  { at = "8s", cut = "crowd", for = "2s", name = "dip" },
]
"#;
    let plan = scenario::load("x.toml", file.as_bytes(), &contract::ids());
    let plan = plan.unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    let recording = engine::run(&plan, Engine::Event, super::wants_trace(&plan));
    let report = contract::check(&plan, &recording);
    Ran { plan, recording, report }
}

#[test]
fn a_crowd_is_told_in_numbers_and_those_beside_it_one_by_one() {
    let ran = crowded();
    let page = ran.page();
    assert!(page.contains("crowd, a crowd of 40"), "its numbers are there");
    assert!(page.contains("<svg xmlns"), "and its plot");
    for member in ["crowd-00", "crowd-07", "crowd-39"] {
        assert!(!page.contains(&format!("data-who=\"{member}\"")), "{member} has no events");
    }
    let own = ran.recording.records.iter().filter(|r| r.event.is_public());
    let own = own.filter(|r| r.who == crate::record::Who::Client(crate::record::ClientId(0)));
    assert_eq!(ran.plan.clients[0].name, "bob");
    assert_eq!(page.matches("data-who=\"bob\"").count(), own.count(), "each event of bob's");
    assert!(page.len() < 200_000, "{} bytes", page.len());
    let diagram = mermaid(&ran.run());
    assert!(diagram.contains("as bob") && !diagram.contains("as crowd-"), "{diagram}");
}
