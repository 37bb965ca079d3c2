//! Things with properties, as every RDF form says them: what the readers of those forms fill and
//! the readers of vocabularies take apart.
//!
//! Values are those of JSON-LD: a text, `{"@value", "@language"}`, `{"@id"}`, a map of languages,
//! or a list of them. Names are short ([`super::names`]). Knows no vocabulary.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// One thing.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its uri, or a name that begins with `_:`.
    pub id: String,
    pub types: Vec<String>,
    /// Where it stands: a JSON pointer, or `line 84`.
    pub place: String,
    pub members: Map<String, Value>,
}

/// A text and its language, where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub text: String,
    pub language: Option<String>,
}

impl Node {
    pub(super) fn new(id: String, place: String) -> Node {
        Node { id, types: Vec::new(), place, members: Map::new() }
    }

    pub(super) fn is(&self, class: &str) -> bool {
        self.types.iter().any(|one| one == class)
    }

    /// Adds one more value of a property.
    pub(super) fn add(&mut self, name: &str, value: Value) {
        match self.members.get_mut(name) {
            None => {
                self.members.insert(name.to_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// Removes the first of the properties that is there, with the name it has.
    pub(super) fn take<'n>(&mut self, names: &[&'n str]) -> Option<(&'n str, Value)> {
        // The order of the others is kept: extensions are in the order of the file.
        names.iter().find_map(|name| self.members.shift_remove(*name).map(|value| (*name, value)))
    }

    /// The things that a property names.
    pub(super) fn references(&self, name: &str) -> Vec<String> {
        self.members.get(name).map(references).unwrap_or_default()
    }

    /// The place of one of its properties.
    pub(super) fn place_of(&self, name: &str) -> String {
        if self.place.starts_with("line ") {
            return format!("{}: {name}", self.place);
        }
        format!("{}/{}", self.place, name.replace('~', "~0").replace('/', "~1"))
    }

    /// The thing as JSON-LD.
    pub(super) fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("@id".to_owned(), Value::from(self.id.as_str()));
        if !self.types.is_empty() {
            object.insert("@type".to_owned(), json!(self.types));
        }
        object.extend(self.members.clone());
        Value::Object(object)
    }
}

/// All things of a file, in its order.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    by_id: HashMap<String, usize>,
}

impl Graph {
    /// The thing of that name; a new one, at `place`, when it was not named before.
    pub(super) fn node(&mut self, id: &str, place: impl FnOnce() -> String) -> &mut Node {
        let index = match self.by_id.get(id) {
            Some(index) => *index,
            None => {
                self.by_id.insert(id.to_owned(), self.nodes.len());
                self.nodes.push(Node::new(id.to_owned(), place()));
                self.nodes.len() - 1
            }
        };
        &mut self.nodes[index]
    }

    /// The position of the thing of that name.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

/// The texts of a value: of a text itself, of values with a language, of a map of languages.
/// Numbers are written out. What is no text is left out.
pub(super) fn texts(value: &Value) -> Vec<Text> {
    let mut found = Vec::new();
    collect(value, None, &mut found);
    found
}

fn collect(value: &Value, language: Option<&str>, found: &mut Vec<Text>) {
    let mut push = |text: String, language: Option<&str>| {
        found.push(Text { text, language: language.map(str::to_owned) });
    };
    match value {
        Value::String(text) => push(text.clone(), language),
        Value::Number(_) | Value::Bool(_) => push(value.to_string(), language),
        Value::Array(list) => list.iter().for_each(|one| collect(one, language, found)),
        Value::Object(map) => match (map.get("@value"), map.get("@id")) {
            (Some(inner), _) => {
                let said = map.get("@language").and_then(Value::as_str).or(language);
                collect(inner, said, found);
            }
            (None, Some(Value::String(uri))) => push(uri.clone(), None),
            _ if is_language_map(map) => map.iter().for_each(|(key, inner)| collect(inner, Some(key), found)),
            _ => {}
        },
        Value::Null => {}
    }
}

/// Whether an object says the same in several languages. `@none` stands for no language.
pub(super) fn is_language_map(map: &Map<String, Value>) -> bool {
    let is_tag = |key: &str| {
        let first = key.split('-').next().unwrap_or_default();
        key == "@none"
            || (2..=8).contains(&first.len())
                && key.len() <= 35
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_text = |value: &Value| match value {
        Value::Array(list) => list.iter().all(Value::is_string),
        other => other.is_string(),
    };
    !map.is_empty() && map.iter().all(|(key, value)| is_tag(key) && is_text(value))
}

/// The names of things in a value: of `{"@id"}`, of objects with an address, of plain texts.
pub(super) fn references(value: &Value) -> Vec<String> {
    match value {
        Value::String(uri) if !uri.trim().is_empty() => vec![uri.trim().to_owned()],
        Value::Array(list) => list.iter().flat_map(references).collect(),
        Value::Object(map) => {
            ["@id", "@value"].iter().find_map(|key| map.get(*key)).map(references).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// A text of JSON-LD.
pub(super) fn literal(text: String, language: Option<String>, datatype: Option<String>) -> Value {
    match (language, datatype) {
        (Some(language), _) => json!({"@value": text, "@language": language}),
        (None, Some(datatype)) if datatype != "xsd:string" => json!({"@value": text, "@type": datatype}),
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_text_is_read() {
        let text =
            |text: &str, language: Option<&str>| Text { text: text.to_owned(), language: language.map(str::to_owned) };
        let value = json!(["a", {"@value": "b", "@language": "en"}, {"fr": "c", "de": ["d", "e"]}, 7, {"x": {}}]);
        let expected = [
            text("a", None),
            text("b", Some("en")),
            text("c", Some("fr")),
            text("d", Some("de")),
            text("e", Some("de")),
            text("7", None),
        ];
        assert_eq!(texts(&value), expected);
        assert_eq!(references(&json!(["u:a", {"@id": "u:b"}, "", {"en": "x"}, 3])), ["u:a", "u:b"]);
    }

    #[test]
    fn values_of_one_property_gather_in_order() {
        let mut graph = Graph::default();
        let node = graph.node("u:a", || "line 1".to_owned());
        for text in ["1", "2", "3"] {
            node.add("asn:comment", Value::from(text));
        }
        assert_eq!(node.members["asn:comment"], json!(["1", "2", "3"]));
        assert_eq!(graph.node("u:a", || "line 9".to_owned()).place_of("asn:comment"), "line 1: asn:comment");
        assert_eq!(graph.find("u:a"), Some(0));
    }
}
