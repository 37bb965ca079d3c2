//! JSON of the Common Standards Project into a graph with ASN's names, from which its standards
//! were made: a standard set of its API (`standards` with `depth`, `ancestorIds` and `position`),
//! or a converted document (`isChildOf` and `children`), perhaps nested.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::graph::{Graph, Node};
use crate::case::report::{Entry, Severity};

/// What the project calls the properties of ASN.
const NAMES: &[(&str, &str)] = &[
    ("altStatementNotation", "asn:altStatementNotation"),
    ("asnIdentifier", "asn:identifier"),
    ("author", "loc:aut"),
    ("authorityStatus", "asn:authorityStatus"),
    ("comments", "asn:comment"),
    ("dateCopyright", "dcterms:dateCopyright"),
    ("description", "dcterms:description"),
    ("educationLevel", "dcterms:educationLevel"),
    ("educationLevels", "dcterms:educationLevel"),
    ("exactMatch", "skos:exactMatch"),
    ("indexingStatus", "asn:indexingStatus"),
    ("isChildOf", "gemq:isChildOf"),
    ("isPartOf", "dcterms:isPartOf"),
    ("language", "dcterms:language"),
    ("listID", "asn:listID"),
    ("listId", "asn:listID"),
    ("publicationStatus", "asn:publicationStatus"),
    ("publisher", "dc:publisher"),
    ("repositoryDate", "asn:repositoryDate"),
    ("rights", "dcterms:rights"),
    ("source", "dcterms:source"),
    ("sourceURL", "dcterms:source"),
    ("statementLabel", "asn:statementLabel"),
    ("statementNotation", "asn:statementNotation"),
    ("subject", "dcterms:subject"),
    ("tableOfContents", "dcterms:tableOfContents"),
    ("title", "dc:title"),
    ("valid", "dcterms:valid"),
];

const CHILD: &str = "gemq:hasChild";

/// Whether the value is a standard set, a converted document, or a list of them.
pub(super) fn is_it(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(is_it),
        Value::Object(map) => {
            let looks = |one: &Value| {
                one.get("description").is_some()
                    && ["depth", "ancestorIds", "isChildOf", "asnIdentifier", "children"]
                        .iter()
                        .any(|name| one.get(*name).is_some())
            };
            match map.get("standards") {
                Some(Value::Object(standards)) => standards.values().any(looks),
                Some(Value::Array(standards)) => standards.iter().any(looks),
                _ => map.get("data").is_some_and(is_it),
            }
        }
        _ => false,
    }
}

/// Everything that the value says.
pub(super) fn graph(value: Value) -> (Graph, Vec<Entry>) {
    let mut reader = Reader { graph: Graph::default(), notes: Vec::new() };
    reader.any(value, "");
    (reader.graph, reader.notes)
}

struct Reader {
    graph: Graph,
    notes: Vec<Entry>,
}

type Standard = (String, String, Map<String, Value>);

impl Reader {
    fn any(&mut self, value: Value, place: &str) {
        match value {
            Value::Array(list) => {
                for (index, one) in list.into_iter().enumerate() {
                    self.any(one, &format!("{place}/{index}"));
                }
            }
            Value::Object(mut map) if !map.contains_key("standards") && map.contains_key("data") => {
                let inner = map.shift_remove("data").unwrap_or_default();
                for (name, rest) in map {
                    self.lost(format!("{place}/{name}"), &rest);
                }
                self.any(inner, &format!("{place}/data"));
            }
            Value::Object(map) => self.set(map, place),
            other => self.lost(place.to_owned(), &other),
        }
    }

    fn lost(&mut self, place: String, original: &Value) {
        self.notes.push(Entry {
            severity: Severity::Loss,
            code: "wrong-type".to_owned(),
            place,
            sentence: "this is no part of a standard set; left out".to_owned(),
            original: Some(original.to_string()),
        });
    }

    fn set(&mut self, mut map: Map<String, Value>, place: &str) {
        let mut standards = Vec::new();
        self.gather(
            map.shift_remove("standards").unwrap_or_default(),
            &format!("{place}/standards"),
            None,
            &mut standards,
        );
        let position = |standard: &Standard| standard.2.get("position").and_then(Value::as_f64);
        if standards.iter().all(|standard| position(standard).is_some()) {
            standards.sort_by(|a, b| position(a).partial_cmp(&position(b)).unwrap_or(std::cmp::Ordering::Equal));
        }
        let node = document(map, place);
        let depths: HashMap<String, Option<f64>> =
            standards.iter().map(|(id, _, map)| (id.clone(), map.get("depth").and_then(Value::as_f64))).collect();
        let id = node.id.clone();
        *self.graph.node(&id, String::new) = node;
        for (name, place, map) in standards {
            let node = standard(&name, place, map, &id, &depths);
            *self.graph.node(&name, String::new) = node;
        }
    }

    /// Standards of a map, of a list, or inside of one another.
    fn gather(&mut self, value: Value, place: &str, above: Option<&str>, found: &mut Vec<Standard>) {
        let each: Vec<(String, Value)> = match value {
            Value::Object(map) => map.into_iter().collect(),
            Value::Array(list) => list.into_iter().enumerate().map(|(at, one)| (at.to_string(), one)).collect(),
            other => return self.lost(place.to_owned(), &other),
        };
        for (key, value) in each {
            let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
            let Value::Object(mut map) = value else {
                self.lost(place, &value);
                continue;
            };
            let id = match map.shift_remove("id") {
                Some(Value::String(id)) if !id.is_empty() => id,
                _ => key,
            };
            let nested = matches!(map.get("children"), Some(Value::Array(list)) if list.iter().any(Value::is_object));
            let children = if nested { map.shift_remove("children") } else { None };
            if let (Some(above), false) = (above, map.contains_key("isChildOf")) {
                map.insert("isChildOf".to_owned(), Value::from(above));
            }
            found.push((id.clone(), place.clone(), map));
            if let Some(children) = children {
                self.gather(children, &format!("{place}/children"), Some(&id), found);
            }
        }
    }
}

fn add_all(node: &mut Node, map: Map<String, Value>) {
    for (key, value) in map {
        let name = match key.as_str() {
            "children" => CHILD,
            "type" => continue,
            other => NAMES.iter().find(|(theirs, _)| *theirs == other).map_or(other, |(_, asn)| asn),
        };
        let value = if name == "skos:exactMatch" { matches(value) } else { value };
        if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        node.members.insert(name.to_owned(), value);
    }
}

/// What a standard matches: an address, or a GUID without punctuation.
fn matches(value: Value) -> Value {
    let one = |value: Value| match value.as_str().map(uuid::Uuid::try_parse) {
        Some(Ok(uuid)) => Value::from(uuid.urn().to_string()),
        _ => value,
    };
    match value {
        Value::Array(list) => list.into_iter().map(one).collect(),
        other => one(other),
    }
}

fn document(mut map: Map<String, Value>, place: &str) -> Node {
    let mut inner = match map.get("document") {
        Some(Value::Object(_)) => map.shift_remove("document").and_then(into_object).unwrap_or_default(),
        _ => Map::new(),
    };
    let meta = map.shift_remove("document_meta").and_then(into_object);
    let text = |map: &Map<String, Value>, name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let own = text(&map, "id");
    let id = own.clone().or_else(|| text(&inner, "asnIdentifier")).or_else(|| text(&inner, "id"));
    let mut node = Node::new(id.unwrap_or_else(|| "_:standard-set".to_owned()), place.to_owned());
    node.types.push("asn:StandardDocument".to_owned());
    if own.is_some() {
        // A set is a part of a document: it is called by both.
        map.shift_remove("id");
        let titles = [text(&inner, "title"), text(&map, "title")];
        let title = titles.into_iter().flatten().collect::<Vec<_>>().join(": ");
        if !title.is_empty() {
            map.insert("title".to_owned(), Value::from(title));
            inner.shift_remove("title");
        }
        if let Some(name) = map.get("jurisdiction").and_then(|one| one.get("title")).cloned() {
            map.insert("author".to_owned(), name);
        }
        for name in ["sourceURL", "publicationStatus", "valid"] {
            if let Some(value) = inner.shift_remove(name) {
                map.insert(name.to_owned(), value);
            }
        }
        if !inner.is_empty() {
            map.insert("document".to_owned(), Value::Object(inner));
        }
    } else {
        let rest = std::mem::replace(&mut map, inner);
        map.extend(rest);
    }
    let license = map.shift_remove("license").and_then(into_object);
    add_all(&mut node, map);
    if let Some(about) = meta.map(about_document).or_else(|| license.map(about_license)) {
        node.members.insert("foaf:isPrimaryTopicOf".to_owned(), about);
    }
    node
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    if let Value::Object(map) = value { Some(map) } else { None }
}

/// What a converted document says of the file it was made from.
fn about_document(mut meta: Map<String, Value>) -> Value {
    let license = [("title", "license"), ("URL", "licenseURL")]
        .into_iter()
        .filter_map(|(name, theirs)| Some((name.to_owned(), meta.shift_remove(theirs)?)))
        .collect();
    let mut about = about_license(license);
    for (key, value) in meta {
        let name = match key.as_str() {
            "modified" | "created" | "rightsHolder" => format!("dcterms:{key}"),
            "attributionURL" | "attributionName" => format!("cc:{key}"),
            "primaryTopic" => continue,
            _ => key,
        };
        about[name] = value;
    }
    about
}

fn about_license(mut license: Map<String, Value>) -> Value {
    let mut about = json!({});
    let title = license.shift_remove("title");
    match license.shift_remove("URL").or_else(|| license.shift_remove("url")) {
        Some(url) => about["cc:license"] = json!({"@id": url, "skos:prefLabel": title}),
        None => about["dcterms:license"] = title.unwrap_or_default(),
    }
    for (key, value) in license {
        let name = if key == "rightsHolder" { "dcterms:rightsHolder".to_owned() } else { key };
        about[name] = value;
    }
    about
}

fn standard(
    id: &str,
    place: String,
    mut map: Map<String, Value>,
    document: &str,
    depths: &HashMap<String, Option<f64>>,
) -> Node {
    let mut node = Node::new(id.to_owned(), place);
    node.types.push("asn:Statement".to_owned());
    // Where it stands is said by the hierarchy, which is made of these.
    map.shift_remove("position");
    map.shift_remove("depth");
    if let Some(Value::Array(ancestors)) = map.shift_remove("ancestorIds") {
        let known = ancestors.iter().filter_map(Value::as_str);
        let mut deepest: Option<(&str, Option<f64>)> = None;
        for ancestor in known {
            let depth = depths.get(ancestor).copied().flatten();
            if depths.contains_key(ancestor) && deepest.is_none_or(|(_, before)| depth > before) {
                deepest = Some((ancestor, depth));
            }
        }
        let parent = match deepest {
            Some((parent, _)) => parent,
            None => ancestors.iter().find_map(Value::as_str).unwrap_or(document),
        };
        map.entry("isChildOf").or_insert_with(|| Value::from(parent));
    }
    map.entry("isPartOf").or_insert_with(|| Value::from(document));
    add_all(&mut node, map);
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_set_is_put_in_order_by_position_and_ancestors() {
        let value = json!({"data": {"id": "SET", "title": "Grade 1", "document": {"title": "Math", "valid": "2012"},
        "jurisdiction": {"id": "J", "title": "Maryland"}, "license": {"title": "CC BY", "URL": "u:by"},
        "standards": {
            "B": {"id": "B", "position": 20, "depth": 1, "ancestorIds": ["R", "A"], "description": "b"},
            "A": {"id": "A", "position": 10, "depth": 0, "ancestorIds": [], "description": "a"},
            "C": {"id": "C", "position": 30, "depth": 2, "ancestorIds": ["B", "A"], "description": "c",
                  "exactMatch": ["6C33D2BEC1AC431C8FC4BF9FD4DD3DCA"]}
        }}});
        assert!(is_it(&value));
        let (graph, notes) = graph(value);
        assert!(notes.is_empty(), "{notes:?}");
        let ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["SET", "A", "B", "C"]);
        let parents: Vec<Vec<String>> = graph.nodes.iter().map(|node| node.references("gemq:isChildOf")).collect();
        assert_eq!(parents, [vec![], vec!["SET".to_owned()], vec!["A".to_owned()], vec!["B".to_owned()]]);
        assert_eq!(graph.nodes[0].members["dc:title"], json!("Math: Grade 1"));
        assert_eq!(graph.nodes[0].members["loc:aut"], json!("Maryland"));
        assert_eq!(graph.nodes[0].members["jurisdiction"]["id"], json!("J"));
    }

    #[test]
    fn other_json_is_not_taken_for_it() {
        for other in [json!({"standards": {}}), json!({"standards": {"a": {"title": "x"}}}), json!([]), json!(1)] {
            assert!(!is_it(&other), "{other}");
        }
    }
}
