//! A JSON object that keeps the order in which its keys are given.
//!
//! `serde_json`'s own object sorts them, or not, by a feature that any crate can switch.

use serde::Serialize;

/// An object under construction.
#[derive(Debug, Default)]
pub struct Object {
    members: String,
}

impl Object {
    /// An empty one.
    pub fn new() -> Object {
        Object::default()
    }

    /// Adds a value.
    pub fn with(self, key: &str, value: impl Serialize) -> Object {
        let value = to_text(&value);
        self.put(key, &value)
    }

    /// Adds an object, or `null`.
    pub fn nest(self, key: &str, object: Option<Object>) -> Object {
        let text = object.map_or_else(|| "null".to_owned(), |object| object.text());
        self.put(key, &text)
    }

    /// Adds a list of objects.
    pub fn list(self, key: &str, objects: impl Iterator<Item = Object>) -> Object {
        let items: Vec<_> = objects.map(|object| object.text()).collect();
        self.put(key, &format!("[{}]", items.join(",")))
    }

    /// Adds the members of another object behind its own.
    pub fn and(mut self, other: Object) -> Object {
        if !self.members.is_empty() && !other.members.is_empty() {
            self.members.push(',');
        }
        self.members.push_str(&other.members);
        self
    }

    /// The object as compact JSON.
    pub fn text(&self) -> String {
        format!("{{{}}}", self.members)
    }

    fn put(mut self, key: &str, value: &str) -> Object {
        if !self.members.is_empty() {
            self.members.push(',');
        }
        self.members.push_str(&format!("{}:{value}", to_text(&key)));
        self
    }
}

fn to_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("no value here has fallible parts or odd keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_texts_are_escaped() {
        let inner = Object::new().with("b", 1).with("a", "say \"hi\"");
        let object = Object::new().with("z", true).nest("in", Some(inner)).nest("none", None);
        let object = object.and(Object::new().list("list", [Object::new()].into_iter()));
        let text = r#"{"z":true,"in":{"b":1,"a":"say \"hi\""},"none":null,"list":[{}]}"#;
        assert_eq!(object.text(), text);
    }
}
