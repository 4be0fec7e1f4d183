//! The JSON Schema of scenario files, for editors: completion, hover, and mistakes while
//! they are typed. Made from the same tables that [`super::load`] checks with.
//!
//! It is never stricter than `load`, and looser only where a file's own names decide (which
//! clients, rooms and steps there are, and when).

use super::acts::{Choice, Takes, with_words};
use super::keys::{
    CLIENT, DIRECTION, EXPECT, Inside, Key, Kind, NAT_BOX, NETWORK, NEVER, ON, REACTION, ROOT,
    STEP, Shape,
};
use super::link_keys::GILBERT_ELLIOTT;
use super::pairs::Word;
use super::repeat::BOUNDS;
use super::words::Words;
use crate::param::{Form, Params};
use crate::zim::{ConnectionEvent, ConnectionState, ErrorCode, RoomEvent, RoomState};
use serde_json::{Map, Value, json};

/// What the file is called that holds the schema.
pub const SCHEMA_FILE: &str = "scenario.schema.json";

const DURATION: &str = "^[0-9]+(ms|s|m|h|d)$";
const OFFSET: &str = "^[+-][0-9]+(ms|s|m|h|d)$";
const RATE: &str = "^([0-9]+([.][0-9]{1,6})?[kMG]?bit/s|unlimited)$";
const SIZE: &str = "^[0-9]+([.][0-9]{1,6})?(B|kB|MB|KiB|MiB)$";
const SHARE: &str = "^[0-9]{1,3}([.][0-9]{1,4})?%$";

/// The shapes that the schema names, each with its name there.
const NAMED: &[(&str, &Shape)] = &[
    ("network", &NETWORK),
    ("direction", &DIRECTION),
    ("client", &CLIENT),
    ("bursts", &GILBERT_ELLIOTT),
    ("nat", &NAT_BOX),
    ("step", &STEP),
    ("reaction", &REACTION),
    ("on", &ON),
    ("expectation", &EXPECT),
    ("never", &NEVER),
];

/// The JSON Schema (draft 7) of scenario files, as text that ends with a newline. `rows` are
/// the contract's rows: id, and what it demands.
pub fn schema(rows: &[(&str, &str)]) -> String {
    let mut root = shape(&ROOT, rows);
    let definitions = NAMED.iter().map(|(name, of)| ((*name).to_owned(), shape(of, rows)));
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("zimsim scenario");
    root["definitions"] = Value::Object(definitions.collect());
    let text = serde_json::to_string_pretty(&root).expect("keys are text");
    text + "\n"
}

fn shape(shape: &Shape, rows: &[(&str, &str)]) -> Value {
    let properties = shape.keys.iter().map(|key| (key.name.to_owned(), property(key, rows)));
    let required = shape.keys.iter().filter(|key| key.required).map(|key| key.name);
    let mut made = json!({
        "type": "object",
        "description": shape.about,
        "properties": properties.collect::<Map<_, _>>(),
        "required": required.collect::<Vec<_>>(),
        "additionalProperties": false,
    });
    if !shape.choices.is_empty() {
        let one = shape.choices.iter().map(|choice| json!({ "required": [choice.key] }));
        made["anyOf"] = one.collect();
        made["allOf"] = shape.choices.iter().flat_map(|choice| rules(shape, choice)).collect();
    }
    made
}

/// Which keys may stand beside a choice, and which must: in general, then word by word.
fn rules(shape: &Shape, choice: &Choice) -> Vec<Value> {
    let beside = |keys: &Takes, if_so: Value| {
        let mut may: Vec<_> = shape.names().filter(|key| shape.always(key)).collect();
        may.push(choice.key);
        may.extend(choice.needs);
        may.extend(choice.takes);
        may.extend(keys.takes);
        // What a reaction answers may name the room that its call needs.
        let implied = |key: &&&str| shape.key("on").is_none() || **key != "room";
        let needs: Vec<_> = choice.needs.iter().chain(keys.needs).filter(implied).collect();
        let may: Map<_, _> = may.into_iter().map(|key| (key.to_owned(), json!(true))).collect();
        let mut then = json!({ "properties": may, "additionalProperties": false });
        if !needs.is_empty() {
            then["required"] = json!(needs);
        }
        if choice.takes.contains(&"every") {
            let bounds = BOUNDS.map(|key| (key.to_owned(), json!(["every"])));
            then["dependencies"] = Value::Object(Map::from_iter(bounds));
            then["not"] = json!({ "required": BOUNDS });
        }
        json!({ "if": if_so, "then": then })
    };
    let Some(words) = choice.by_word else {
        return vec![beside(
            &Takes { takes: &[], needs: &[] },
            json!({ "required": [choice.key] }),
        )];
    };
    let mut groups: Vec<(Takes, Vec<&str>)> = Vec::new();
    for (word, takes) in with_words(words) {
        match groups.iter_mut().find(|(known, _)| *known == takes) {
            Some((_, words)) => words.push(word),
            None => groups.push((takes, vec![word])),
        }
    }
    let rule = |(takes, words): (Takes, Vec<&str>)| {
        let if_so = json!({
            "required": [choice.key],
            "properties": { choice.key: { "enum": words } },
        });
        beside(&takes, if_so)
    };
    groups.into_iter().map(rule).collect()
}

fn property(key: &Key, rows: &[(&str, &str)]) -> Value {
    let mut made = match (key.kind, key.inside) {
        (_, Inside::One(of)) => reference(of),
        (_, Inside::OneOrNone(of)) => json!({ "anyOf": [reference(of), { "const": "none" }] }),
        (Kind::List, Inside::Each(of)) => json!({ "type": "array", "items": reference(of) }),
        (_, Inside::Each(of)) => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[^.]{1,32}$", "not": { "enum": ["server", "net"] } },
            "additionalProperties": reference(of),
        }),
        (_, Inside::Params) => params(),
        (kind, Inside::Nothing) => of_kind(kind),
    };
    let mut about = key.about.to_owned();
    restrict(&mut made, &mut about, key.words, rows);
    if made.get("$ref").is_some() {
        // Beside a reference, draft 7 reads nothing.
        return json!({ "allOf": [made], "description": about });
    }
    made["description"] = json!(about);
    made
}

fn reference(of: &Shape) -> Value {
    let named = NAMED.iter().find(|(_, shape)| std::ptr::eq(*shape, of) || shape.what == of.what);
    let (name, _) = named.expect("every shape inside another has a name");
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Moment => json!({ "type": "string" }),
        Kind::Duration => json!({ "type": "string", "pattern": DURATION }),
        Kind::Offset => json!({ "type": "string", "pattern": OFFSET }),
        Kind::Share => json!({ "type": "string", "pattern": SHARE }),
        Kind::Rate => json!({ "type": "string", "pattern": RATE }),
        Kind::Size => json!({ "type": "string", "pattern": SIZE }),
        Kind::Whole => json!({ "type": "integer", "minimum": 0 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Table => json!({ "type": "object" }),
        Kind::List => json!({ "type": "array" }),
        Kind::Texts => json!({
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            ],
        }),
        Kind::WholeOrWord => json!({}),
    }
}

/// Narrows a key down to its words, and says below its description what they mean.
fn restrict(made: &mut Value, about: &mut String, words: Words, rows: &[(&str, &str)]) {
    let ids: Vec<_> = rows.iter().map(|(id, _)| *id).collect();
    match words {
        Words::Any => {}
        Words::ConnectionPairs => {
            made["pattern"] = json!(pair::<ConnectionState, ConnectionEvent>());
            halves::<ConnectionState>(about);
            halves::<ConnectionEvent>(about);
        }
        Words::RoomPairs => {
            made["pattern"] = json!(pair::<RoomState, RoomEvent>());
            halves::<RoomState>(about);
            halves::<RoomEvent>(about);
        }
        Words::Codes => {
            let codes = ErrorCode::ALL.iter().map(|code| json!(code.0));
            let names = ErrorCode::ALL.iter().map(|code| json!(code.name()));
            made["enum"] = codes.chain(names).chain([json!("any")]).collect();
            let lines = ErrorCode::ALL.iter().map(|code| (code.0.to_string(), code.name()));
            list(about, lines);
        }
        Words::Rows => {
            made["enum"] = json!(ids);
            list(about, rows.iter().map(|(id, demand)| ((*id).to_owned(), *demand)));
        }
        Words::Calls
        | Words::Callbacks
        | Words::Platforms
        | Words::Policies
        | Words::Profiles
        | Words::Distributions
        | Words::Tokens
        | Words::Admins
        | Words::Directions
        | Words::ServerStates
        | Words::Crashes
        | Words::Answers
        | Words::Unmapped
        | Words::Server => {
            made["enum"] = json!(words.list());
            list(about, words.meanings().iter().map(|(word, text)| ((*word).to_owned(), *text)));
        }
    }
}

/// `\n- word: text`, as Markdown, which editors show.
fn list<'a>(about: &mut String, lines: impl Iterator<Item = (String, &'a str)>) {
    let lines: Vec<_> = lines.map(|(word, text)| format!("\n- `{word}`: {text}")).collect();
    if !lines.is_empty() {
        about.push('\n');
        about.push_str(&lines.concat());
    }
}

fn halves<W: Word>(about: &mut String) {
    let values = W::EVERY.iter();
    let values: Vec<_> =
        values.map(|word| format!("{} `{}`", word.public_number(), word.public_name())).collect();
    about.push_str(&format!("\n\n{}s: {}", W::WHAT, values.join(", ")));
}

fn pair<S: Word, E: Word>() -> String {
    format!("^({})/({})$", half::<S>(), half::<E>())
}

fn half<W: Word>() -> String {
    let words = W::EVERY.iter();
    let words =
        words.flat_map(|word| [word.public_number().to_string(), word.public_name().into()]);
    format!("[*]|{}", words.collect::<Vec<_>>().join("|"))
}

/// `params`: nested by the parts of the names, as dotted keys are read, and also whole names
/// in quotes.
fn params() -> Value {
    let mut top = Map::new();
    for row in Params::TABLE {
        let mut one = match (row.form)() {
            Form::Text => json!({ "type": "string" }),
            Form::Duration => of_kind(Kind::Duration),
            Form::Share => of_kind(Kind::Share),
            Form::Whole(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Form::Flag => json!({ "type": "boolean" }),
            Form::Words(words) => json!({ "enum": words }),
            Form::Code => json!({ "enum": ErrorCode::ALL.iter().map(|c| c.0).collect::<Vec<_>>() }),
        };
        let default = row.get(&Params::default());
        let mark = row.mark.name();
        one["description"] =
            json!(format!("{}\n\nDefault {default}. {mark}: {}", row.text, row.source));
        one["default"] = match (row.form)() {
            Form::Whole(..) | Form::Flag | Form::Code => {
                default.parse().unwrap_or(Value::String(default))
            }
            Form::Text | Form::Duration | Form::Share | Form::Words(_) => json!(default),
        };
        top.insert(row.name.to_owned(), one.clone());
        let mut table = &mut top;
        let mut parts = row.name.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                table.insert(part.to_owned(), one.clone());
                break;
            }
            let inner = table.entry(part).or_insert_with(
                || json!({ "type": "object", "description": format!("the parameters {part}.…"), "properties": {}, "additionalProperties": false }),
            );
            table = inner["properties"].as_object_mut().expect("made so");
        }
    }
    json!({ "type": "object", "properties": top, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_the_schema_with_its_words() {
        let schema: Value = serde_json::from_str(&schema(&[("9.row", "demand")])).unwrap();
        for (name, shape) in NAMED {
            for key in shape.keys {
                let property = &schema["definitions"][name]["properties"][key.name];
                let about = property["description"].as_str().unwrap();
                assert!(about.starts_with(key.about), "{name}.{}", key.name);
            }
        }
        let step = &schema["definitions"]["step"];
        assert!(step["properties"]["call"]["enum"].as_array().unwrap().contains(&json!("login")));
        let expectation = &schema["definitions"]["expectation"];
        assert_eq!(expectation["properties"]["row"]["enum"], json!(["9.row"]));
    }

    #[test]
    fn a_cut_takes_no_text_and_a_room_message_needs_one() {
        let schema: Value = serde_json::from_str(&schema(&[])).unwrap();
        let rules = schema["definitions"]["step"]["allOf"].as_array().unwrap();
        let cut = rules.iter().find(|rule| rule["if"]["required"] == json!(["cut"])).unwrap();
        assert_eq!(cut["then"]["additionalProperties"], json!(false));
        assert_eq!(cut["then"]["properties"]["for"], json!(true));
        assert!(cut["then"]["properties"].get("text").is_none());
        let names_it = |rule: &&Value| {
            let words = rule["if"]["properties"]["call"]["enum"].as_array();
            words.is_some_and(|words| words.contains(&json!("sendRoomMessage")))
        };
        let message = rules.iter().find(names_it).unwrap();
        assert_eq!(message["then"]["required"], json!(["client", "room", "text"]));
    }

    #[test]
    fn a_parameter_is_found_by_its_parts_and_by_its_whole_name() {
        let schema: Value = serde_json::from_str(&schema(&[])).unwrap();
        let params = &schema["properties"]["params"]["properties"];
        let nested = &params["room"]["properties"]["heartbeat_timeout"];
        assert_eq!(nested, &params["room.heartbeat_timeout"]);
        assert_eq!(nested["default"], json!("90s"));
        assert!(nested["description"].as_str().unwrap().contains("chosen: "));
        assert_eq!(params["room.query_tries"]["default"], json!(3));
    }
}
