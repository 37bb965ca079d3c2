//! The nested JSON of ASN manifests into a graph: statements with `children`, whose members are
//! named `asn_listID` or `dcterms_description`, and whose values are texts, `{"literal",
//! "language"}` or `{"uri", "prefLabel"}`.

use serde_json::{Map, Value, json};

use super::graph::{Graph, literal};
use crate::case::report::{Entry, Severity};

/// Members that only say how to draw the tree.
const DRAWING: [&str; 2] = ["leaf", "cls"];

/// Whether the value is a tree of such statements.
pub(super) fn is_it(value: &Value) -> bool {
    let looks = |one: &Value| {
        one.as_object().is_some_and(|map| {
            let named = map.keys().any(|key| key.starts_with("asn_") || key.starts_with("dcterms_"));
            named && (map.contains_key("id") || map.contains_key("text") || map.contains_key("children"))
        })
    };
    match value {
        Value::Array(list) => list.iter().any(looks),
        other => looks(other),
    }
}

/// Everything that the value says. One object at the top is the document; a list at the top holds
/// the statements of a document that the file does not describe.
pub(super) fn graph(value: Value) -> (Graph, Vec<Entry>) {
    let mut reader = Tree { graph: Graph::default(), notes: Vec::new() };
    match value {
        Value::Array(list) => {
            let children = reader.children(list, "");
            let first = children.first().cloned().unwrap_or_default();
            // What the same file is recognised by when it is read again.
            let document = reader.graph.node(&format!("_:document-of-{first}"), String::new);
            document.types.push("asn:StandardDocument".to_owned());
            for child in children {
                document.add("gemq:hasChild", json!({"@id": child}));
            }
            reader.notes.push(Entry {
                severity: Severity::Warning,
                code: "no-document".to_owned(),
                place: String::new(),
                sentence: "the file holds statements and not the document they belong to; one is made".to_owned(),
                original: None,
            });
        }
        other => {
            reader.node(other, String::new(), "asn:StandardDocument");
        }
    }
    (reader.graph, reader.notes)
}

struct Tree {
    graph: Graph,
    notes: Vec<Entry>,
}

impl Tree {
    fn children(&mut self, list: Vec<Value>, place: &str) -> Vec<String> {
        let each = list.into_iter().enumerate();
        each.filter_map(|(index, one)| self.node(one, format!("{place}/{index}"), "asn:Statement")).collect()
    }

    /// The name of the thing. The depth is that of the JSON, which has a limit.
    fn node(&mut self, value: Value, place: String, class: &str) -> Option<String> {
        let Value::Object(mut map) = value else {
            self.notes.push(Entry {
                severity: Severity::Loss,
                code: "wrong-type".to_owned(),
                place,
                sentence: "expected a statement here; left out".to_owned(),
                original: Some(value.to_string()),
            });
            return None;
        };
        let id = match map.shift_remove("id") {
            Some(Value::String(id)) if !id.trim().is_empty() => id,
            _ => format!("_:at-{}", place.trim_start_matches('/').replace('/', "-")),
        };
        let children = map.shift_remove("children");
        let text = map.shift_remove("text");
        let node = self.graph.node(&id, || place.clone());
        node.types.push(class.to_owned());
        for (key, value) in map.into_iter().filter(|(key, _)| !DRAWING.contains(&key.as_str())) {
            let name = key.replacen('_', ":", 1);
            for one in terms(value) {
                node.add(&name, one);
            }
        }
        // `text` is the description, without its language.
        if let Some(text) = text
            && !node.members.contains_key("dcterms:description")
            && !(class == "asn:StandardDocument" && node.members.contains_key("dcterms:title"))
        {
            let name = if class == "asn:StandardDocument" { "dcterms:title" } else { "dcterms:description" };
            for one in terms(text) {
                node.add(name, one);
            }
        }
        if let Some(Value::Array(list)) = children {
            let ids = self.children(list, &format!("{place}/children"));
            let node = self.graph.node(&id, || place);
            for child in ids {
                node.add("gemq:hasChild", json!({"@id": child}));
            }
        }
        Some(id)
    }
}

fn terms(value: Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.into_iter().flat_map(terms).collect(),
        Value::Object(map) => vec![term(map)],
        other => vec![other],
    }
}

fn term(map: Map<String, Value>) -> Value {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    match (text("uri"), text("literal")) {
        (Some(uri), _) => {
            let label = text("prefLabel").map(|label| ("skos:prefLabel".to_owned(), Value::from(label)));
            let object: Map<String, Value> = [("@id".to_owned(), Value::from(uri))].into_iter().chain(label).collect();
            Value::Object(object)
        }
        (None, Some(words)) => literal(words, text("language"), None),
        (None, None) => Value::Object(map),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_becomes_things_and_their_children() {
        let value = json!([{"id": "u:1", "text": "One", "asn_listID": "1.", "cls": "folder", "children": [
            {"id": "u:2", "text": "Two", "dcterms_description": {"literal": "Two", "language": "en"},
             "dcterms_educationLevel": [{"uri": "u:Level/K", "prefLabel": "K"}], "leaf": "true"},
            5
        ]}]);
        assert!(is_it(&value));
        let (graph, notes) = graph(value);
        let one = &graph.nodes[graph.find("u:1").unwrap()];
        assert_eq!(one.references("gemq:hasChild"), ["u:2"]);
        assert_eq!(one.members["dcterms:description"], json!("One"));
        let two = &graph.nodes[graph.find("u:2").unwrap()];
        assert_eq!(two.place, "/0/children/0");
        assert_eq!(two.members["dcterms:description"], json!({"@value": "Two", "@language": "en"}));
        assert_eq!(two.references("dcterms:educationLevel"), ["u:Level/K"]);
        let codes: Vec<&str> = notes.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, ["wrong-type", "no-document"]);
        assert!(!is_it(&json!([{"id": 1, "text": "x"}])));
    }
}
