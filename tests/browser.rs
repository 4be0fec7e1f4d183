//! Pages in a real browser: no error, no text over another, contrast, every event there; on a
//! phone's width and a desk's, light and dark.
//!
//! Runs where `ZIMSIM_CHROMIUM` names a Chromium (`.ci/run` sees to that), and is skipped
//! elsewhere.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tungstenite::{Message, WebSocket};

const LOOK: &str = include_str!("browser/look.js");
/// Far longer than anything takes: a browser that hangs ends the test.
const PATIENCE: Duration = Duration::from_secs(60);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A browser, and the page that it shows.
struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: Value,
    calls: u64,
    errors: Vec<String>,
}

impl Browser {
    fn start(program: &str, profile: &Path) -> Browser {
        let _ = fs::remove_dir_all(profile);
        let mut process = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
            .args(["--disable-component-update", "--disable-sync", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let stderr = process.stderr.take().expect("piped");
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| line.split_once("listening on ").map(|(_, at)| at.to_owned()));
        let address = address.expect("the browser says where it listens");
        // Whoever no longer reads its complaints stops it from making them.
        std::thread::spawn(move || lines.for_each(drop));
        let host = address.trim_start_matches("ws://").split('/').next().expect("a host");
        let stream = TcpStream::connect(host).expect("the browser listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let (socket, _) = tungstenite::client(&address, stream).expect("a handshake");
        let mut browser =
            Browser { process, socket, session: Value::Null, calls: 0, errors: Vec::new() };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attach)["sessionId"].clone();
        for domain in ["Page", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": params });
        if !self.session.is_null() {
            call["sessionId"] = self.session.clone();
        }
        self.socket.send(Message::text(call.to_string())).expect("the browser listens");
        loop {
            let heard = self.hear();
            if heard["id"] == self.calls {
                assert!(heard["error"].is_null(), "{method}: {}", heard["error"]);
                return heard["result"].clone();
            }
        }
    }

    fn hear(&mut self) -> Value {
        let text = self.socket.read().expect("the browser answers").into_text().expect("text");
        let heard: Value = serde_json::from_str(&text).expect("JSON");
        let what = &heard["params"];
        match heard["method"].as_str() {
            Some("Runtime.exceptionThrown") => self.errors.push(what.to_string()),
            Some("Runtime.consoleAPICalled") if what["type"] == "error" => {
                self.errors.push(what.to_string());
            }
            Some("Log.entryAdded") if what["entry"]["level"] == "error" => {
                self.errors.push(what["entry"]["text"].to_string());
            }
            Some(_) | None => {}
        }
        heard
    }

    fn open(&mut self, page: &Path, width: u32, scheme: &str) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.call("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
        let url = format!("file://{}", page.display());
        self.call("Page.navigate", json!({ "url": url }));
        let loaded = "new Promise(done => document.readyState === 'complete' && location.protocol === 'file:' \
                      ? done(1) : addEventListener('load', () => done(1)))";
        while self.run(loaded).is_null() {}
    }

    /// The value of an expression in the page; nothing while the page is on its way.
    fn run(&mut self, expression: &str) -> Value {
        let what = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let done = self.call("Runtime.evaluate", what);
        assert!(done["exceptionDetails"].is_null(), "{}", done["exceptionDetails"]);
        done["result"]["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Many clients, Chinese names, a hostile text, two faults at once, and an expectation that
/// is not met.
fn crowd() -> String {
    let names: Vec<_> = (1..=18).map(|n| format!("客户端{n}")).collect();
    let clients: Vec<_> = names.iter().map(|name| format!("\"{name}\" = {{}}")).collect();
    let steps = names.iter().map(|name| {
        format!(
            "  {{ at = \"0s\", client = \"{name}\", call = \"login\" }},\n  \
             {{ at = \"2s\", client = \"{name}\", call = \"enterRoom\", room = \"大厅 一\" }},\n"
        )
    });
    format!(
        "title = \"会议室: 很多客户端, <b>一半</b>在隧道里, and a title that is long enough to need a second line on a phone\"\n\
         until = \"3m\"\nclients = {{ {} }}\nsteps = [\n{}  \
         {{ at = \"12s\", cut = [\"客户端1\", \"客户端2\"], for = \"40s\", name = \"隧道\" }},\n  \
         {{ at = \"20s\", stall = \"客户端3\", for = \"9s\", may_miss = true }},\n  \
         {{ at = \"2m\", client = \"客户端4\", call = \"sendRoomMessage\", room = \"大厅 一\", text = \"</script> 你好\" }},\n]\n\
         expect = [ {{ client = \"客户端5\", connection = \"3/3\", within = \"50s\" }} ]\n",
        clients.join(", "),
        steps.collect::<String>()
    )
}

fn zimsim(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_zimsim"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The scenarios that ship, but for the large ones.
fn scenarios() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("scenarios")).expect("a folder of the repository");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut files: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

/// The pages to look at: runs short, long, crowded and failed; a crowd of hundreds; two runs;
/// a site.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a writable folder");
    fs::write(folder.join("crowd.toml"), crowd()).expect("a writable folder");
    let ours = |name: &str| root().join("scenarios").join(name).display().to_string();
    let runs = [
        ("crowd", "crowd.toml".to_owned()),
        ("base", ours("base-login-and-chat.toml")),
        ("outage", ours("4-t2-timeout-enter.toml")),
        ("relapse", ours("4-second-cut-before-t2.toml")),
        ("long", ours("large/1-two-hour-outage.toml")),
        ("storm", ours("large/server-restart-under-200.toml")),
        ("messages", ours("1-messages-all-the-while.toml")),
    ];
    for (name, file) in &runs {
        zimsim(folder, &["run", file, "--format", "html", "-o", &format!("{name}.html")]);
    }
    let (a, b) = (ours("1-jitter.toml@seed=1"), ours("1-jitter.toml@seed=2"));
    zimsim(folder, &["diff", &a, &b, "--format", "html", "-o", "diff.html"]);
    let mut site: Vec<_> = scenarios().iter().map(|path| path.display().to_string()).collect();
    site.extend(["-o".to_owned(), "site".to_owned()]);
    zimsim(
        folder,
        &[&["report"], &site.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat(),
    );
    let single = runs.iter().map(|(name, _)| folder.join(format!("{name}.html")));
    let mut pages: Vec<_> = single.chain([folder.join("diff.html")]).collect();
    pages.push(folder.join("site/index.html"));
    pages
}

/// What readers do first.
const STATES: [(&str, &str); 4] = [
    ("as it opens", "0"),
    ("to fit", "document.querySelector('[data-zoom=fit]')?.click(); 0"),
    ("nearer", "document.querySelector('[data-zoom=in]')?.click(); 0"),
    ("true to scale", "document.querySelector('[data-scale]')?.click(); 0"),
];

#[test]
fn pages_hold_up_in_a_browser() {
    let Some(program) = std::env::var("ZIMSIM_CHROMIUM").ok().filter(|name| !name.is_empty())
    else {
        eprintln!("skipped: ZIMSIM_CHROMIUM names no browser");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    let pages = pages(&folder.join("pages"));
    let mut browser = Browser::start(&program, &folder.join("profile"));
    let mut wrong = Vec::new();
    for page in &pages {
        for (width, scheme) in [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")] {
            browser.open(page, width, scheme);
            let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // Where things stand does not hang on the colours.
            let states = if scheme == "light" { &STATES[..] } else { &STATES[..1] };
            for (state, doing) in states {
                browser.run(doing);
                let complaints = browser.run(LOOK);
                let complaints = complaints.as_array().expect("a list").clone();
                let place = format!("{name} at {width} px, {scheme}, {state}");
                wrong.extend(complaints.iter().map(|what| format!("{place}: {what}")));
            }
            let errors = std::mem::take(&mut browser.errors);
            wrong.extend(
                errors.iter().map(|what| format!("{name} at {width} px, {scheme}: {what}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
