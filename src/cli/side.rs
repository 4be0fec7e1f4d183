//! One side of `zimsim diff`: `lift.toml@seed=7@engine=turmoil`, or `lift.snap`.

use super::files::load_plans;
use std::fs;
use std::path::Path;
use zimsim::contract;
use zimsim::engine::{self, Engine};
use zimsim::timeline;

/// A side as the user writes it.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'a> {
    file: &'a str,
    seed: Option<u64>,
    engine: Option<Engine>,
}

/// The timeline of this side; `None` after it has said on stderr what is wrong with it.
pub fn text(words: &str) -> Option<String> {
    let made = asked(words).and_then(|asked| match asked.file.ends_with(".snap") {
        true => snapshot(&asked),
        false => Ok(run(&asked)),
    });
    made.unwrap_or_else(|wrong| {
        complain!("zimsim: {wrong}");
        None
    })
}

fn snapshot(asked: &Asked) -> Result<Option<String>, String> {
    let file = asked.file;
    if asked.seed.is_some() || asked.engine.is_some() {
        return Err(format!("{file}: a snapshot is a run already and takes no seed or engine"));
    }
    let text = fs::read_to_string(file).map_err(|error| format!("can't read {file}: {error}"))?;
    Ok(Some(text))
}

fn run(asked: &Asked) -> Option<String> {
    let path = Path::new(asked.file);
    if path.is_dir() {
        complain!("zimsim: {} is a folder; name one scenario", asked.file);
        return None;
    }
    let plans = match load_plans(&[path.to_owned()], asked.seed) {
        Ok(plans) => plans?,
        Err(error) => {
            complain!("zimsim: {error}");
            return None;
        }
    };
    let plan = plans.first()?;
    let recording = engine::run(plan, asked.engine.unwrap_or(Engine::Event), false);
    let report = contract::check(plan, &recording);
    Some(timeline::text(plan, &recording, &report, false))
}

/// Takes the settings off the end. A file's own name may hold an `@`.
fn asked(words: &str) -> Result<Asked<'_>, String> {
    let mut asked = Asked { file: words, seed: None, engine: None };
    while let Some((file, setting)) = asked.file.rsplit_once('@') {
        let Some((key, value)) = setting.split_once('=') else { break };
        match (key, value) {
            ("seed", value) if asked.seed.is_none() => {
                let seed = value.parse().map_err(|_| format!("`{value}` is no seed: {words}"))?;
                asked.seed = Some(seed);
            }
            ("engine", "event") if asked.engine.is_none() => asked.engine = Some(Engine::Event),
            ("engine", "turmoil") if asked.engine.is_none() => asked.engine = Some(Engine::Turmoil),
            ("seed" | "engine", _) => {
                let known = "one @seed=N, one @engine=event or @engine=turmoil";
                return Err(format!("`@{setting}`: a side may have {known}: {words}"));
            }
            _ => break,
        }
        asked.file = file;
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_behind_the_file_in_any_order() {
        let plain = Asked { file: "a@b=c.toml", seed: None, engine: None };
        assert_eq!(asked("a@b=c.toml"), Ok(plain));
        let both = Asked { file: "x.toml", seed: Some(7), engine: Some(Engine::Turmoil) };
        assert_eq!(asked("x.toml@seed=7@engine=turmoil").as_ref(), Ok(&both));
        assert_eq!(asked("x.toml@engine=turmoil@seed=7").as_ref(), Ok(&both));
        for wrong in ["x.toml@seed=y", "x.toml@engine=steam", "x.toml@seed=1@seed=2"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
