//! How links behave: what a table says of them, and the steps that change them.

use super::calls::check_keys;
use super::clients::one_of;
use super::context::{Context, Step};
use super::diagnostic::{Diagnostic, Mistakes};
use super::fields::{Fields, Placed};
use super::keys::{DIRECTION, NAT_BOX, NETWORK};
use super::link_keys::{GILBERT_ELLIOTT, LINK_KEYS};
use super::network::{LinkDraft, Network};
use super::plan::PlannedChange;
use crate::net::{
    Bandwidth, Bursts, Direction, Distribution, GilbertElliott, LinkChange, LinkSettings,
    LinkUpdate, NatSettings, Profile, Unmapped,
};
use crate::param::{Percent, Rate, Size};
use crate::record::Way;
use crate::time::Span;

/// A queue that can't hold one full packet would let nothing through.
const SMALLEST_QUEUE: u64 = 1500;

/// The settings of a link, most general first: what a later table leaves out stays.
#[derive(Clone, Copy)]
pub(super) struct Links {
    pub up: LinkSettings,
    pub down: LinkSettings,
    pub nat: Option<NatSettings>,
}

impl Links {
    /// Reads `network`.
    pub fn network(root: &Fields<'_>, m: &mut Mistakes) -> Links {
        let links = Links { up: LinkSettings::USUAL, down: LinkSettings::USUAL, nat: None };
        let network = root.raw("network");
        match network.and_then(|value| Fields::open(value, &NETWORK, root.source, m)) {
            Some(fields) => links.refined(&fields, m),
            None => links,
        }
    }

    /// These settings as changed by what the table says, for both ways or in `up` and `down`.
    pub fn refined(mut self, fields: &Fields<'_>, m: &mut Mistakes) -> Links {
        let said = Said::read(fields, m);
        self.up.apply(&said.up());
        self.down.apply(&said.down());
        check(fields, |asked| asked(&self.up) || asked(&self.down), m);
        for (way, settings) in [("up", &mut self.up), ("down", &mut self.down)] {
            let table = fields.raw(way);
            let table = table.and_then(|value| Fields::open(value, &DIRECTION, fields.source, m));
            if let Some(table) = table {
                let said = Said::read(&table, m);
                settings.apply(&if way == "up" { said.up() } else { said.down() });
                check(&table, |asked| asked(settings), m);
            }
        }
        self.nat = nat(fields, m).or(self.nat);
        self
    }
}

/// Reads `nat`.
fn nat(fields: &Fields<'_>, m: &mut Mistakes) -> Option<NatSettings> {
    let fields = Fields::open(fields.raw("nat")?, &NAT_BOX, fields.source, m)?;
    let idle = fields.some_time("idle", m);
    let then = match fields.text("then", m) {
        Some(word) => one_of("answer of a NAT", &word, Unmapped::ALL, m)?,
        None => Unmapped::NewPort,
    };
    Some(NatSettings { idle: idle?.value, then })
}

/// Reads the `nat` of a step that changes these links; `None` if something is wrong with it. A
/// NAT is one box for both directions, and it can't come into a link that connections pass.
fn changed_nat(
    fields: &Fields<'_>,
    links: Option<&[Direction]>,
    context: &Context<'_>,
    m: &mut Mistakes,
) -> Option<Option<NatSettings>> {
    let Some(place) = fields.key_place("nat") else { return Some(None) };
    let nat = nat(fields, m);
    if let Some(one_way) = fields.text("direction", m).filter(|word| word.value != "both") {
        let message = format!("`nat` and direction \"{}\" don't go together", one_way.value);
        let label = "a NAT is one box for both directions";
        m.add(Diagnostic::new(place, message).label(label));
        return None;
    }
    let clients = links?.iter().map(|(client, _)| &context.clients[client.0]);
    if let Some(client) = clients.into_iter().find(|client| client.nat.is_none()) {
        m.add(
            Diagnostic::new(place, format!("{} is behind no NAT", client.name))
                .label("there is none to change")
                .help(
                    "put the client behind one: `nat` in its table in `clients`, or in `network`",
                ),
        );
        return None;
    }
    Some(Some(nat?))
}

/// What one table says of links.
struct Said {
    profile: Option<&'static Profile>,
    /// What stands beside the profile, and wins.
    own: LinkUpdate,
}

impl Said {
    fn read(fields: &Fields<'_>, m: &mut Mistakes) -> Said {
        let profile = fields.text("profile", m);
        let known: Vec<_> = Profile::ALL.iter().map(|profile| (profile.name, profile)).collect();
        let profile = profile.and_then(|word| one_of("profile", &word, &known, m));
        Said { profile, own: update(fields, m) }
    }

    fn up(&self) -> LinkUpdate {
        let all = self.profile.map(|profile| LinkUpdate::from(profile.up));
        all.unwrap_or_default().then(&self.own)
    }

    fn down(&self) -> LinkUpdate {
        let all = self.profile.map(|profile| LinkUpdate::from(profile.down));
        all.unwrap_or_default().then(&self.own)
    }

    /// `profile 3G, loss 2%, nat idle 30s then rst`
    fn words(&self, nat: Option<NatSettings>) -> String {
        let profile = self.profile.map(|profile| format!("profile {}", profile.name));
        let own = Some(self.own.to_string()).filter(|own| !own.is_empty());
        let nat = nat.map(|nat| format!("nat {nat}"));
        let words: Vec<_> = profile.into_iter().chain(own).chain(nat).collect();
        words.join(", ")
    }
}

/// Reads the settings that a table names one by one.
fn update(fields: &Fields<'_>, m: &mut Mistakes) -> LinkUpdate {
    let gap = fields.whole("reorder_gap", m);
    let gap = gap.and_then(|gap| within(&gap, "reorder_gap", 1, 1_000_000, m));
    LinkUpdate {
        latency: fields.some_time("latency", m).map(|latency| latency.value),
        jitter: fields.duration("jitter", m).map(|jitter| jitter.value),
        jitter_distribution: fields
            .text("jitter_distribution", m)
            .and_then(|word| one_of("distribution", &word, Distribution::ALL, m)),
        jitter_correlation: correlation(fields, "jitter_correlation", m),
        keep_order: fields.has("keep_order").then(|| fields.flag("keep_order", m)),
        loss: fields.share("loss", m).map(|loss| loss.value),
        loss_correlation: correlation(fields, "loss_correlation", m),
        gilbert_elliott: bursts(fields, m),
        duplicate: fields.share("duplicate", m).map(|share| share.value),
        reorder: fields.share("reorder", m).map(|share| share.value),
        reorder_gap: gap,
        corrupt: fields.share("corrupt", m).map(|share| share.value),
        rate: rate(fields, m),
        queue: queue(fields, m),
    }
}

/// A likelihood that something repeats; not always, or the first draw would decide for ever.
fn correlation(fields: &Fields<'_>, key: &'static str, m: &mut Mistakes) -> Option<Percent> {
    let share = fields.share(key, m)?;
    if share.value.ppm() == Percent::WHOLE {
        let message = format!("`{key}` must be below 100%");
        let label = "the first packet would decide about all";
        m.add(Diagnostic::new(share.place, message).label(label));
        return None;
    }
    Some(share.value)
}

/// Reads `gilbert_elliott`.
fn bursts(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Bursts> {
    let value = fields.raw("gilbert_elliott")?;
    if value.get_ref().as_str() == Some("none") {
        return Some(Bursts::None);
    }
    let table = Fields::open(value, &GILBERT_ELLIOTT, fields.source, m)?;
    let (p, r) = (table.share("p", m), table.share("r", m));
    let bad_loss = table.share("bad_loss", m);
    let good_loss = table.share("good_loss", m);
    let (p, r) = (p?, r?);
    if p.value.ppm() > 0 && r.value.ppm() == 0 {
        let message = "`r` must be above 0%";
        m.add(Diagnostic::new(r.place, message).label("a burst would never end"));
        return None;
    }
    let whole = Percent::from_ppm(1_000_000);
    let bad_loss = if table.has("bad_loss") { bad_loss?.value } else { whole };
    let good_loss = if table.has("good_loss") { good_loss?.value } else { Percent::from_ppm(0) };
    let model = GilbertElliott { p: p.value, r: r.value, bad_loss, good_loss };
    Some(Bursts::By(model))
}

/// Reads `rate`.
fn rate(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Bandwidth> {
    if fields.raw("rate")?.get_ref().as_str() == Some("unlimited") {
        return Some(Bandwidth::Unlimited);
    }
    let rate = fields.parsed("rate", "rate", Rate::parse, m)?;
    Some(Bandwidth::Limited(rate.value))
}

/// Reads `queue`.
fn queue(fields: &Fields<'_>, m: &mut Mistakes) -> Option<Size> {
    let size = fields.parsed("queue", "size", Size::parse, m)?;
    if size.value.bytes() < SMALLEST_QUEUE {
        let message = format!("`queue` must hold one full packet, {SMALLEST_QUEUE}B");
        m.add(Diagnostic::new(size.place, message).label("too small"));
        return None;
    }
    Some(size.value)
}

fn within(number: &Placed<i64>, key: &str, least: u32, most: u32, m: &mut Mistakes) -> Option<u32> {
    let small = u32::try_from(number.value).ok().filter(|n| (least..=most).contains(n));
    if small.is_none() {
        let message = format!("`{key}` must be from {least} to {most}");
        m.add(Diagnostic::new(number.place.clone(), message).label("out of range"));
    }
    small
}

/// A setting that says something only beside another one.
struct Needs {
    key: &'static str,
    other: &'static str,
    /// Whether the other one is there.
    met: fn(&LinkSettings) -> bool,
}

const NEEDS: &[Needs] = &[
    Needs { key: "jitter_distribution", other: "jitter", met: |s| s.jitter > Span::ZERO },
    Needs { key: "jitter_correlation", other: "jitter", met: |s| s.jitter > Span::ZERO },
    Needs { key: "keep_order", other: "jitter", met: |s| s.jitter > Span::ZERO || !s.keep_order },
    Needs { key: "loss_correlation", other: "loss", met: |s| s.loss.ppm() > 0 },
    Needs { key: "reorder_gap", other: "reorder", met: |s| s.reorder.ppm() > 0 },
    Needs { key: "queue", other: "rate", met: |s| s.rate != Bandwidth::Unlimited },
];

/// Reports settings that mean nothing, or not both; `any` tells whether this is so of any of
/// the links, with what this table says of them.
fn check(fields: &Fields<'_>, any: impl Fn(fn(&LinkSettings) -> bool) -> bool, m: &mut Mistakes) {
    for Needs { key, other, met } in NEEDS {
        let Some(place) = fields.key_place(key) else { continue };
        if fields.means(other) || any(*met) {
            continue;
        }
        let message = format!("`{key}` means nothing without `{other}`");
        m.add(
            Diagnostic::new(place, message)
                .label(format!("there is no `{other}` here"))
                .help(format!("give `{other}` in the same table")),
        );
    }
    let present = fields.present(&["keep_order", "reorder"]);
    let contradict = || any(|s| s.keep_order && s.reorder.ppm() > 0);
    if let Some(last) = present.last().filter(|_| contradict()) {
        let place = fields.key_place(last).expect("the key is present");
        m.add(
            Diagnostic::new(place, "`keep_order` and `reorder` contradict each other")
                .label("packets can't both keep their order and overtake"),
        );
    }
}

impl<'a> Network<'a> {
    /// Reads `link`.
    pub fn link(
        &mut self,
        step: &Step<'_, 'a>,
        context: &Context<'a>,
        m: &mut Mistakes,
    ) -> Option<()> {
        let fields = step.fields;
        let sound = check_keys(fields, "link", None, m);
        let links = self.directions("link", step, context, m);
        let said = Said::read(fields, m);
        let nat = changed_nat(fields, links.as_ref().map(|(links, _)| &links[..]), context, m);
        let lasts = fields.has("for").then(|| fields.some_time("for", m));
        let may_miss = fields.flag("may_miss", m);
        let reset = fields.flag("reset", m);
        let place = fields.key_place("link").expect("the act is present");
        let settings: Vec<_> = LINK_KEYS.iter().filter(|key| fields.means(key)).collect();
        if reset {
            let beside = fields.present(&[LINK_KEYS, &["nat", "for"]].concat());
            if let Some(key) = beside.first() {
                let place = fields.key_place(key).expect("the key is present");
                let message = format!("`reset` and `{key}` don't go together");
                let label = "`reset` goes back to what the file gives these links";
                m.add(Diagnostic::new(place, message).label(label));
                return None;
            }
        } else if settings.is_empty() && !fields.has("nat") {
            m.add(
                Diagnostic::new(place, "`link` changes nothing")
                    .label("needs at least one setting: `latency`, `loss`, `profile` …")
                    .help("to go back to what the file gives these links: reset = true"),
            );
            return None;
        }
        let ((directions, who), nat) = (links?, nat?);
        let (up, down) = (said.up(), said.down());
        let come_to = |(client, way): &Direction| {
            let client = &context.clients[client.0];
            let (mut settings, update) = match way {
                Way::Up => (client.up, up),
                Way::Down => (client.down, down),
            };
            settings.apply(&update);
            settings
        };
        check(fields, |asked| directions.iter().any(|each| asked(&come_to(each))), m);
        let lasts = match lasts {
            Some(lasts) => Some(lasts?.value),
            None => None,
        };
        let what = if reset { "reset".to_owned() } else { said.words(nat) };
        let change = match reset {
            true => LinkChange::Reset,
            false => LinkChange::Set { up, down, nat },
        };
        // Sorted, so that it is quick to find out whom a change of many links concerns.
        let mut directions = directions;
        directions.sort_unstable();
        let end = lasts.map(|lasts| step.at + lasts);
        if let (Some(name), Some(end)) = (step.name, end) {
            self.link_ends.insert(name, Some(end).filter(|end| *end < context.until));
        }
        let name = step.name.map(str::to_owned);
        let words = words(&who, &what, lasts, step.name);
        let planned = PlannedChange { name, directions, change, words, from: step.at, may_miss };
        let end = end.filter(|end| *end < context.until);
        self.changes.push(LinkDraft { order: step.index, planned, end, who });
        sound.then_some(())
    }
}

/// `link alice: loss 10%`, `link alice for 30s: profile 3G (stadium)`
fn words(who: &str, what: &str, lasts: Option<Span>, name: Option<&str>) -> String {
    match lasts {
        None => format!("link {who}: {what}"),
        Some(lasts) => {
            let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
            format!("link {who} for {lasts}: {what}{name}")
        }
    }
}

impl LinkDraft {
    /// The end of a change that lasts only for a while; the change is at this place.
    pub fn undo(&self, place: usize) -> Option<PlannedChange> {
        let from = self.end?;
        let words = match &self.planned.name {
            Some(name) => format!("{name} ends"),
            None => format!("link {}: as before", self.who),
        };
        let directions = self.planned.directions.clone();
        let change = LinkChange::Undo(place);
        let name = None;
        Some(PlannedChange { name, directions, change, words, from, may_miss: true })
    }
}
