//! The scenario that `zimsim new` writes: complete, commented, to be edited.

/// A scenario file to begin with. It parses and runs as it stands; `name` becomes part of
/// its title.
pub fn starter(name: &str) -> String {
    let title: String = name.chars().filter(|c| !c.is_control()).collect();
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    TEXT.replace("TITLE", &title)
}

const TEXT: &str = r#"#:schema ./scenario.schema.json
# One scenario: who takes part, what happens when, and what must be seen.
# Durations are whole numbers with a unit, in quotes: "250ms", "15s", "4m", "2h".
# `zimsim explain cut` says what a key is for, with an example; it knows words and messages too.

# What this scenario is about, in one line.
title = "TITLE: alice loses the network for 20 s, and her room is restored"

# How long the run lasts. All steps lie before it.
until = "2m"

# Where all randomness comes from; the same file and seed give the same run.
seed = 1

# How every link behaves when nothing is wrong with it: one-way latency, its jitter,
# and the share of packets that are lost.
network = { latency = "30ms", jitter = "0ms", loss = "0%" }

# What the documentation leaves open. `zimsim params` lists every parameter.
params = { room.heartbeat_timeout = "90s" }

# The devices. Each logs in as the user of its own name, unless user = "…" says otherwise.
clients = { alice = {}, bob = {} }

# What happens, each step at its time since the beginning of the run.
# A client makes a call; it must succeed, unless result = … names an error code, or "any".
# `cut` takes a client off the network; its name is what the checks below refer to.
steps = [
  { at = "0s",  client = "alice", call = "login" },
  { at = "0s",  client = "bob",   call = "login" },
  { at = "2s",  client = "alice", call = "enterRoom", room = "r1" },
  { at = "2s",  client = "bob",   call = "enterRoom", room = "r1" },
  { at = "12s", cut = "alice", for = "20s", name = "tunnel" },
  { at = "90s", client = "alice", call = "sendRoomMessage", room = "r1", text = "I am back" },
]

# What an app does when it hears something. Times are counted from the callback.
react = [
  { client = "alice", on = { connection = "3/*" }, after = "0s", show = "No network" },
]

# What must be seen. `row` is a row of the documented contract (`zimsim contract` lists them);
# a pair is state/event, each a number, a name, or * for any.
# `from` names a step or a time, NAME.end is a fault's end, `within` is counted from there.
expect = [
  { client = "alice", row = "4.T0", room = "r1", from = "tunnel", within = "20s" },
  { client = "alice", room = "r1", state = "CONNECTED/SUCCESS", from = "tunnel.end" },
  { client = "bob", callback = "onRoomMessageReceived", room = "r1", text = "I am back" },
]

# What must not be seen: bob's connection has nothing to do with alice's tunnel.
never = [
  { client = "bob", connection = "RECONNECTING/*" },
]
"#;
