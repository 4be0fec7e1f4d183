//! That nothing breaks the reader: bombs, random bytes, mutated files.

use super::tests::{GARAGE, LIFT, ROWS, TUNNEL, with_steps};
use super::{load, starter};

/// Renders what is wrong, in both styles: showing a mistake must not fail either.
fn told(bytes: &[u8]) -> String {
    match load("scenarios/test.toml", bytes, ROWS) {
        Ok(_) => String::new(),
        Err(diagnostics) => {
            assert!(!diagnostics.list().is_empty());
            assert!(!diagnostics.render(true).is_empty());
            diagnostics.render(false)
        }
    }
}

#[test]
fn a_huge_file_is_refused_and_a_large_one_is_shown_in_part() {
    let huge = vec![b'#'; 1024 * 1024 + 1];
    assert!(told(&huge).contains("too large: 1048577 bytes, 1048576 at the most"));
    let steps = "{ at = 'x', client = 'nobody', call = 'login' },\n".repeat(10_000);
    let diagnostics = load("a.toml", with_steps(&steps).as_bytes(), ROWS).unwrap_err();
    assert_eq!((diagnostics.len(), diagnostics.list().len()), (20_000, 50));
    assert!(
        diagnostics.render(false).ends_with("a.toml: 20000 mistakes (the first 50 are shown)\n")
    );
}

#[test]
fn a_small_file_can_not_fill_the_memory() {
    let clients: String = (0..20_000).map(|i| format!("a{i} = {{}},")).collect();
    let steps = "{ at = '1s', cut = 'server' },".repeat(20_000);
    let text = format!("title = 't'\nuntil = '9s'\nclients = {{ {clients} }}\nsteps = [ {steps} ]");
    assert!(told(text.as_bytes()).contains("touch more than 4000000 links"));
    let clients: String = (0..20_001).map(|i| format!("a{i} = {{}},")).collect();
    let text = format!("title = 't'\nuntil = '9s'\nclients = {{ {clients} }}");
    assert!(told(text.as_bytes()).contains("20001 clients are too many: 20000 at the most"));
}

/// The deepest nesting that the limits of TOML's reader let through, in a test's small
/// stack: dotted keys in tables in dotted keys.
#[test]
fn nesting_bombs_do_not_exhaust_the_stack() {
    let dotted = ["a"; 79].join(".");
    let open = format!("{{ {dotted} = ");
    for (head, depth) in [("params = ", 78), ("steps = ", 78), ("clients = ", 200)] {
        let bomb = format!("{head}{}1{}", open.repeat(depth), " }".repeat(depth));
        let told_of = told(bomb.as_bytes());
        assert_eq!(told_of.contains("this is not TOML"), depth > 80, "{told_of}");
        let header =
            format!("[{dotted}]\n{dotted} = {}1{}", open.repeat(depth), " }".repeat(depth));
        assert!(!told(header.as_bytes()).is_empty());
    }
    for bomb in ["[".repeat(200_000), "{a=".repeat(200_000), "a.".repeat(400_000)] {
        assert!(!told(format!("title = {bomb}").as_bytes()).is_empty());
        assert!(!told(bomb.as_bytes()).is_empty());
    }
}

#[test]
fn no_place_lies_between_the_bytes_of_a_character() {
    for text in ["\u{feff}", "\u{feff}ü = 1", "title = \"网", "网 = '\u{0}'", "\r", "a = '\r\n"]
    {
        told(text.as_bytes());
    }
}

mod random {
    use super::*;
    use proptest::prelude::*;

    /// Cuts, doubles, swaps and overwrites pieces of a file.
    fn mutate(mut bytes: Vec<u8>, edits: &[(u8, usize, usize, u8)]) -> Vec<u8> {
        for (kind, a, b, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let (a, b) = (a % bytes.len(), b % bytes.len());
            let (from, to) = (a.min(b), a.max(b));
            match kind % 5 {
                0 => {
                    bytes.drain(from..to);
                }
                1 => {
                    let piece = bytes[from..to].to_vec();
                    bytes.splice(to..to, piece);
                }
                2 => bytes.swap(a, b),
                3 => bytes[a] = *byte,
                _ => {
                    let piece = bytes[from..to].to_vec();
                    bytes.splice(0..0, piece);
                }
            }
            bytes.truncate(20_000);
        }
        bytes
    }

    /// Words of the language, so that random files get past the first stage.
    const PIECES: &[&str] = &[
        "title",
        "until",
        "clients",
        "steps",
        "react",
        "expect",
        "never",
        "params",
        "network",
        " = ",
        "= \"5s\"",
        "= {",
        "}",
        "[",
        "]",
        ",",
        "\n",
        "\"alice\"",
        "at",
        "client",
        "call",
        "\"login\"",
        "cut",
        "for",
        "name",
        "on",
        "room",
        "state",
        "\"0/9\"",
        "3",
        "-1",
        "1.5",
        "true",
        "[clients.a]\n",
        "[[steps]]\n",
        "alice",
        ".",
        "'''",
        "\"",
        "#",
        "网",
        "\r\n",
        "heal",
        "crash",
        "restart",
        "\"server\"",
        "link",
        "latency",
        "rate",
        "\"9Mbit/s\"",
        "profile",
        "\"3G\"",
        "gilbert_elliott",
        "reset",
        "within",
        "from",
        "\"x.end\"",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn random_bytes_are_refused_calmly(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            told(&bytes);
        }

        #[test]
        fn random_words_are_refused_calmly(
            picks in prop::collection::vec(0..PIECES.len(), 0..120)
        ) {
            let text: String = picks.into_iter().map(|pick| PIECES[pick]).collect();
            told(text.as_bytes());
        }

        #[test]
        fn mutated_files_are_read_or_refused_calmly(
            which in 0..4usize,
            edits in prop::collection::vec(any::<(u8, usize, usize, u8)>(), 1..6),
            small in any::<bool>(),
        ) {
            let file = [TUNNEL, LIFT, GARAGE, &starter("x")][which].as_bytes().to_vec();
            // Small edits keep most of the file whole, so that later stages see it.
            let near = |(kind, a, b, byte): &(u8, usize, usize, u8)| {
                (*kind, *a, if small { a.saturating_add(b % 12) } else { *b }, *byte)
            };
            let edits: Vec<_> = edits.iter().map(near).collect();
            told(&mutate(file, &edits));
        }
    }
}
