//! RDF/JSON into a graph: an object of subjects, each an object of predicates, each a list of
//! `{"value", "type", "lang", "datatype"}`.

use serde_json::{Map, Value, json};

use super::graph::{Graph, literal};
use super::names;
use crate::case::report::{Entry, Severity};

const ASN: &str = "http://purl.org/ASN/schema/core/";

/// Whether the value is RDF/JSON about the Achievement Standards Network.
pub(super) fn is_asn(value: &Value) -> bool {
    let Some(subjects) = value.as_object() else { return false };
    subjects.values().filter_map(Value::as_object).any(|predicates| {
        predicates.iter().any(|(predicate, values)| {
            let about_asn = predicate.starts_with(ASN)
                || values.as_array().is_some_and(|list| {
                    list.iter().any(|one| one.get("value").and_then(Value::as_str).is_some_and(|v| v.starts_with(ASN)))
                });
            about_asn && values.as_array().is_some_and(|list| list.iter().any(|one| one.get("value").is_some()))
        })
    })
}

/// Everything that the value says, and what could not be taken for a statement.
pub(super) fn graph(value: Value) -> (Graph, Vec<Entry>) {
    let mut graph = Graph::default();
    let mut notes = Vec::new();
    let Value::Object(subjects) = value else { return (graph, notes) };
    for (subject, predicates) in subjects {
        let place = format!("/{}", subject.replace('~', "~0").replace('/', "~1"));
        let Value::Object(predicates) = predicates else {
            notes.push(not_a_statement(place, &predicates));
            continue;
        };
        let node = graph.node(&subject, || place.clone());
        for (predicate, values) in predicates {
            let name = names::short(&predicate);
            let values = match values {
                Value::Array(list) => list,
                single => vec![single],
            };
            for (index, one) in values.into_iter().enumerate() {
                match term(&one) {
                    Some(Value::Object(map)) if name == "rdf:type" => {
                        let class = map.get("@id").and_then(Value::as_str).unwrap_or_default();
                        node.types.push(names::short(class));
                    }
                    Some(term) => node.add(&name, term),
                    None => {
                        let place = format!("{}/{index}", predicate_place(&place, &predicate));
                        notes.push(not_a_statement(place, &one));
                    }
                }
            }
        }
    }
    (graph, notes)
}

fn predicate_place(place: &str, predicate: &str) -> String {
    format!("{place}/{}", predicate.replace('~', "~0").replace('/', "~1"))
}

fn term(one: &Value) -> Option<Value> {
    let map: &Map<String, Value> = one.as_object()?;
    let value = match map.get("value")? {
        Value::String(text) => text.clone(),
        number @ (Value::Number(_) | Value::Bool(_)) => number.to_string(),
        _ => return None,
    };
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(match map.get("type").and_then(Value::as_str) {
        Some("uri" | "bnode") => json!({"@id": value}),
        _ => literal(value, text("lang"), text("datatype").map(|uri| names::short(&uri))),
    })
}

fn not_a_statement(place: String, original: &Value) -> Entry {
    Entry {
        severity: Severity::Loss,
        code: "not-a-statement".to_owned(),
        place,
        sentence: "RDF/JSON has a list of objects with `value` and `type` here; left out".to_owned(),
        original: Some(original.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_properties_in_order() {
        let value = json!({"http://h.example/S1": {
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type":
                [{"value": "http://purl.org/ASN/schema/core/Statement", "type": "uri"}],
            "http://purl.org/dc/terms/description": [{"value": "One", "type": "literal", "lang": "en-US"}],
            "http://purl.org/gem/qualifiers/hasChild":
                [{"value": "u:2", "type": "uri"}, {"value": "u:1", "type": "uri"}, 7],
        }, "x": 1});
        assert!(is_asn(&value));
        let (graph, notes) = graph(value);
        let node = &graph.nodes[0];
        assert!(node.is("asn:Statement"));
        assert_eq!(node.references("gemq:hasChild"), ["u:2", "u:1"]);
        assert_eq!(node.members["dcterms:description"], json!({"@value": "One", "@language": "en-US"}));
        let places: Vec<&str> = notes.iter().map(|entry| entry.place.as_str()).collect();
        assert_eq!(places, ["/http:~1~1h.example~1S1/http:~1~1purl.org~1gem~1qualifiers~1hasChild/2", "/x"]);
        assert!(!is_asn(&json!({"a": {"b": [{"value": "c", "type": "uri"}]}})));
    }
}
