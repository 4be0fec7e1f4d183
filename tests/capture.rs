//! Captures, read back by somebody else's reader, and by tshark where there is one.
//!
//! `ZIMSIM_TSHARK=required cargo test --test capture` fails where there is none.

use pcap_parser::pcapng::{Block, parse_block_le};
use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{Linktype, OptionCode, PcapNGOption};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use zimsim::capture::{self, Viewpoint};
use zimsim::engine::{self, Engine};
use zimsim::net::describe;
use zimsim::record::{ClientId, Event, HostId, Wire};
use zimsim::scenario::{self, Plan};

/// A cut, random loss, a server that crashes and restarts, a NAT, resets.
const SCENARIOS: [&str; 5] = [
    "4-t2-timeout-enter",
    "1-weak-lossy",
    "server-crash-kept",
    "life-phone-in-pocket",
    "life-office-firewall",
];
const ALICE: HostId = HostId::Client(ClientId(0));
/// Her address.
const ALICES: [u8; 4] = [10, 1, 0, 1];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn load(stem: &str) -> Plan {
    let path = format!("scenarios/{stem}.toml");
    let bytes = fs::read(root().join(&path)).expect("a scenario that ships");
    scenario::load(&path, &bytes, &zimsim::contract::ids())
        .unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

fn capture(plan: &Plan, viewpoint: Viewpoint) -> Vec<u8> {
    let (_, sightings) = engine::run_tapped(plan, Engine::Event, false);
    capture::pcapng(plan, &sightings, viewpoint)
}

/// What a reader finds in a capture.
#[derive(Debug, Default)]
struct Found {
    comment: String,
    interfaces: Vec<String>,
    packets: Vec<FoundPacket>,
}

#[derive(Debug)]
struct FoundPacket {
    ms: u64,
    interface: String,
    comment: Option<String>,
    outbound: bool,
    bytes: Vec<u8>,
}

fn read(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (after, block) = parse_block_le(rest).expect("a block");
        rest = after;
        match block {
            Block::SectionHeader(header) => {
                assert_eq!((header.major_version, header.minor_version), (1, 0));
                assert!(header.shb_userappl().unwrap().unwrap().starts_with("zimsim "));
                found.comment = comment(&header.options).expect("a comment");
            }
            Block::InterfaceDescription(interface) => {
                assert_eq!(interface.linktype, Linktype::IPV4);
                assert_eq!(interface.ts_resolution(), Some(1000), "milliseconds");
                found.interfaces.push(interface.if_name().unwrap().unwrap().to_owned());
            }
            Block::EnhancedPacket(packet) => {
                assert_eq!(packet.caplen, packet.origlen);
                let flags = option(&packet.options, OptionCode(2)).expect("flags");
                found.packets.push(FoundPacket {
                    ms: u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low),
                    interface: found.interfaces[packet.if_id as usize].clone(),
                    comment: comment(&packet.options),
                    outbound: flags.as_u32_le() == Ok(2),
                    bytes: packet.packet_data().to_vec(),
                });
            }
            other => panic!("nobody wrote {other:?}"),
        }
    }
    found
}

fn option<'a>(options: &'a [PcapNGOption<'a>], code: OptionCode) -> Option<&'a PcapNGOption<'a>> {
    options.iter().find(|option| option.code == code)
}

fn comment(options: &[PcapNGOption<'_>]) -> Option<String> {
    option(options, OptionCode::Comment).map(|option| option.as_str().expect("text").to_owned())
}

#[test]
fn the_wire_shows_each_segment_that_the_trace_has_once_and_in_its_order() {
    for stem in SCENARIOS {
        let plan = load(stem);
        let recording = engine::run(&plan, Engine::Event, true);
        // A remark on a packet that arrived is no packet that was sent.
        let sent = recording.records.iter().filter_map(|record| match &record.event {
            Event::Wire(Wire::Segment(text)) if text.starts_with("10.") => {
                Some((record.at.ms(), text.clone()))
            }
            _ => None,
        });
        let sent: Vec<_> = sent.collect();
        let found = read(&capture(&plan, Viewpoint::Wire));
        let boxes = ["alice's nat", "middlebox"];
        let by_hosts = found.packets.iter().filter(|p| !boxes.contains(&p.interface.as_str()));
        let seen = by_hosts.map(|packet| (packet.ms, describe(&packet.bytes)));
        assert_eq!(seen.collect::<Vec<_>>(), sent, "{stem}");
        assert!(sent.len() > 30, "{stem}");
    }
}

#[test]
fn every_host_has_an_interface_of_its_name_and_every_packet_its_senders() {
    let plan = load("4-t2-timeout-enter");
    let found = read(&capture(&plan, Viewpoint::Wire));
    assert_eq!(found.interfaces, ["server", "alice", "bob"]);
    assert!(found.comment.starts_with("4-t2-timeout-enter, seed 1: 4.T2 timeout: 100 s"));
    assert!(found.comment.contains("the run begins at 1970-01-01 00:00:00 UTC"));
    for packet in &found.packets {
        let name = match packet.bytes[12..16] {
            [10, 0, 0, 1] => "server",
            [10, 1, 0, 1] => "alice",
            [10, 1, 0, 2] => "bob",
            _ => panic!("nobody's address: {packet:?}"),
        };
        assert_eq!((packet.interface.as_str(), packet.outbound), (name, true));
    }
}

#[test]
fn a_host_sees_what_it_sends_and_what_reaches_it_and_nothing_else() {
    let plan = load("4-t2-timeout-enter");
    let wire = read(&capture(&plan, Viewpoint::Wire));
    let alice = read(&capture(&plan, Viewpoint::Host(ALICE)));
    assert_eq!(alice.interfaces, ["alice"]);
    assert!(alice.packets.iter().all(|packet| packet.comment.is_none()));
    let of = |found: &Found, outbound: bool| -> Vec<Vec<u8>> {
        let packets = found.packets.iter().filter(|packet| packet.outbound == outbound);
        packets.map(|packet| packet.bytes.clone()).collect()
    };
    let address = ALICES;
    let from_her = |packet: &&FoundPacket| packet.bytes[12..16] == address;
    let sent = wire.packets.iter().filter(from_her).map(|packet| packet.bytes.clone());
    assert_eq!(of(&alice, true), sent.collect::<Vec<_>>());
    // The wire shows a packet when it is sent, she when it arrives: her link's latency later.
    let to_her = wire.packets.iter().filter(|packet| packet.bytes[16..20] == address);
    let reached = to_her.filter(|packet| packet.comment.is_none());
    let reached: Vec<_> = reached.map(|packet| (packet.ms + 30, packet.bytes.clone())).collect();
    let hers = alice.packets.iter().filter(|packet| !packet.outbound);
    assert_eq!(hers.map(|packet| (packet.ms, packet.bytes.clone())).collect::<Vec<_>>(), reached);
    assert!(reached.len() > 10);
}

#[test]
fn a_packet_that_never_arrives_says_so_on_the_wire() {
    let plan = load("4-t2-timeout-enter");
    let found = read(&capture(&plan, Viewpoint::Wire));
    let lost: Vec<_> = found.packets.iter().filter(|packet| packet.comment.is_some()).collect();
    assert!(lost.len() > 5);
    for packet in lost {
        let comment = packet.comment.as_deref().unwrap_or_default();
        assert!(comment.starts_with("lost at ") && comment.ends_with(": by tunnel"), "{comment}");
        assert!((11_970..112_000).contains(&packet.ms), "{packet:?}");
        let [from, to] = [12, 16].map(|at| &packet.bytes[at..at + 4]);
        assert!([from, to].contains(&&ALICES[..]), "{packet:?}");
    }
    // Nor does what the link itself loses arrive.
    let lossy = read(&capture(&load("1-weak-lossy"), Viewpoint::Wire));
    let by_link = |packet: &&FoundPacket| {
        packet.comment.as_deref()
            == Some(&format!("lost at {}.{:03}: by the link", packet.ms / 1000, packet.ms % 1000))
    };
    assert!(lossy.packets.iter().filter(by_link).count() > 5);
}

#[test]
fn a_nat_is_seen_from_both_its_sides() {
    let plan = load("life-phone-in-pocket");
    let outside = [198, 18, 0, 1];
    let ends = |packet: &FoundPacket| [&packet.bytes[12..16], &packet.bytes[16..20]].concat();
    let touches =
        |packet: &&FoundPacket, address: [u8; 4]| ends(packet).chunks(4).any(|end| end == address);
    let at = |host| read(&capture(&plan, Viewpoint::Host(host))).packets;
    let server = at(HostId::Server);
    assert!(server.iter().any(|packet| touches(&packet, outside)));
    assert!(!server.iter().any(|packet| touches(&packet, ALICES)));
    let alice = at(ALICE);
    assert!(!alice.is_empty() && alice.iter().all(|packet| touches(&packet, ALICES)));
    let wire = read(&capture(&plan, Viewpoint::Wire));
    assert_eq!(wire.interfaces, ["server", "alice", "bob", "alice's nat"]);
    // What it lets pass to her is what reaches her a latency later.
    let by_nat = wire.packets.iter().filter(|packet| packet.interface == "alice's nat");
    let (up, down): (Vec<_>, Vec<_>) = by_nat.partition(|packet| touches(packet, outside));
    let down: Vec<_> = down.iter().map(|packet| (packet.ms + 30, &packet.bytes)).collect();
    let hers = alice.iter().filter(|packet| !packet.outbound);
    assert_eq!(down, hers.map(|packet| (packet.ms, &packet.bytes)).collect::<Vec<_>>());
    let to_server = server.iter().filter(|packet| !packet.outbound && touches(packet, outside));
    assert_eq!(
        up.iter().map(|packet| (packet.ms, &packet.bytes)).collect::<Vec<_>>(),
        to_server.map(|packet| (packet.ms, &packet.bytes)).collect::<Vec<_>>()
    );
    let lost = wire.packets.iter().filter_map(|packet| packet.comment.as_deref());
    assert!(lost.clone().count() > 3);
    for comment in lost {
        assert!(comment.ends_with(": the NAT has no mapping for it"), "{comment}");
    }
}

#[test]
fn a_reset_that_a_box_made_up_is_marked() {
    let found = read(&capture(&load("life-office-firewall"), Viewpoint::Wire));
    assert_eq!(found.interfaces, ["server", "alice", "bob", "middlebox"]);
    let made_up = found.packets.iter().filter(|packet| packet.interface == "middlebox");
    let made_up: Vec<_> = made_up.collect();
    assert_eq!(made_up.len(), 2);
    for packet in made_up {
        assert_eq!(packet.ms, 15_000);
        assert_eq!(packet.comment.as_deref(), Some("made up by a box on the way"));
        assert!(describe(&packet.bytes).contains(" RST "), "{}", describe(&packet.bytes));
    }
}

#[test]
fn both_engines_and_every_run_give_the_same_file() {
    for stem in SCENARIOS {
        let plan = load(stem);
        let [event, again, turmoil] =
            [Engine::Event, Engine::Event, Engine::Turmoil].map(|engine| {
                let (recording, sightings) = engine::run_tapped(&plan, engine, false);
                // Looking changes nothing.
                assert_eq!(recording, engine::run(&plan, engine, false), "{stem}");
                capture::pcapng(&plan, &sightings, Viewpoint::Wire)
            });
        assert!(event == again, "{stem}: two runs differ");
        assert!(event == turmoil, "{stem}: the engines differ");
    }
}

#[test]
fn every_checksum_is_right() {
    for stem in SCENARIOS {
        for packet in read(&capture(&load(stem), Viewpoint::Wire)).packets {
            let (header, segment) = packet.bytes.split_at(20);
            assert_eq!(ones_complement_sum(&[header]), 0xffff, "{packet:?}");
            let length = u16::try_from(segment.len()).expect("a short packet").to_be_bytes();
            let pseudo_header = [&header[12..20], &[0, header[9]], &length].concat();
            assert_eq!(ones_complement_sum(&[&pseudo_header, segment]), 0xffff, "{packet:?}");
        }
    }
}

/// RFC 1071; each part but the last has an even length.
fn ones_complement_sum(parts: &[&[u8]]) -> u32 {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let value = |word: &[u8]| u32::from(word[0]) << 8 | u32::from(*word.get(1).unwrap_or(&0));
    let mut sum: u32 = words.map(value).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}

#[test]
fn the_command_line_writes_the_file_or_says_why_not() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pcap");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable target folder");
    let file = folder.join("out.pcapng");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_zimsim"))
            .args(["run", "scenarios/4-t2-restored.toml"])
            .args(arguments)
            .current_dir(root())
            .output()
            .expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let path = file.to_str().expect("text");
    let (code, timeline, errors) = run(&["--pcap", path, "--pcap-at", "alice"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert_eq!(timeline, run(&[]).1, "a capture changes nothing");
    let plan = load("4-t2-restored");
    assert_eq!(fs::read(&file).expect("a file"), capture(&plan, Viewpoint::Host(ALICE)));
    let wrong = [
        (&["--pcap", path, "--pcap-at", "alcie"][..], "did you mean \"alice\"?"),
        (&["--pcap", path, "scenarios/1-reconnect.toml"], "one run, and here are 2"),
        (&["--pcap", "no/such/folder/out.pcapng"], "can't write no/such/folder/out.pcapng"),
        (&["--pcap-at", "alice"], "--pcap <FILE>"),
    ];
    for (arguments, words) in wrong {
        let (code, timeline, errors) = run(arguments);
        assert_eq!((code, timeline.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }
    let _ = fs::remove_dir_all(&folder);
}

/// tshark's fields of the packets of a capture that a filter lets through; `None` if there
/// is no tshark here and none is required.
fn tshark(file: &Path, options: &[&str], filter: &str, fields: &[&str]) -> Option<Vec<String>> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]);
    command.args(options).arg("-r").arg(file).args(["-Y", filter, "-T", "fields"]);
    fields.iter().for_each(|field| {
        command.args(["-e", field]);
    });
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            let required = std::env::var("ZIMSIM_TSHARK").is_ok_and(|value| value == "required");
            assert!(!required, "tshark is required: {error}");
            println!("skipped: there is no tshark here ({error})");
            return None;
        }
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).expect("text");
    Some(text.lines().map(str::to_owned).collect())
}

fn written(stem: &str, viewpoint: Viewpoint) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{stem}.pcapng"));
    fs::write(&path, capture(&load(stem), viewpoint)).expect("a writable target folder");
    path
}

#[test]
fn tshark_finds_nothing_malformed_and_no_bad_checksum() {
    let wrong = "_ws.malformed || ip.checksum.status != 1 || tcp.checksum.status != 1 \
                 || _ws.expert.severity == error";
    for stem in SCENARIOS {
        let file = written(stem, Viewpoint::Wire);
        let Some(found) = tshark(&file, &[], wrong, &["frame.number"]) else { return };
        assert_eq!(found, [""; 0], "{stem}");
        let all = tshark(&file, &[], "tcp", &["frame.number"]).expect("it was here just now");
        assert_eq!(all.len(), read(&fs::read(&file).expect("a file")).packets.len(), "{stem}");
    }
}

#[test]
fn tshark_decodes_upgrade_and_frames_by_itself_and_json_when_asked() {
    let file = written("4-t2-restored", Viewpoint::Host(ALICE));
    let fields = ["frame.time_epoch", "frame.interface_name", "http.upgrade"];
    let Some(upgrades) = tshark(&file, &[], "http.upgrade", &fields) else { return };
    assert_eq!(upgrades[0], "0.060000000\talice\twebsocket");
    assert_eq!(upgrades[1], "0.120000000\talice\twebsocket");
    let texts = tshark(&file, &[], "websocket", &["websocket.payload.text"]);
    let texts = texts.expect("it was here just now");
    assert!(texts.iter().any(|text| text == "{\"heartbeat\":{\"id\":2}}"), "{texts:#?}");
    let as_json = ["-o", "websocket.text_type:As JSON"];
    let keys = tshark(&file, &as_json, "json", &["json.key"]).expect("it was here just now");
    assert_eq!(keys.len(), texts.len());
    assert!(keys.iter().any(|key| key == "id,heartbeat"), "{keys:#?}");
}
