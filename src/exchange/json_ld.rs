//! JSON-LD into a graph, as far as files of frameworks use it: `@graph`, things inside of things,
//! short names and prefixes of an inline `@context`. No remote context is fetched; the well-known
//! prefixes are known. Values stay as they are written.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::graph::Graph;
use super::names;
use crate::case::report::{Entry, Severity};

/// Members of a publishing request around the graph itself.
const WRAPPERS: [&str; 2] = ["GraphInput", "CompetencyFrameworkGraph"];

/// Whether a thing of one of the classes is in the value.
pub(super) fn holds(value: &Value, classes: &[&str]) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|one| holds(one, classes)),
        Value::Object(map) => {
            let is_one = types(map).any(|class| classes.contains(&names::short(class).as_str()));
            let inside = ["@graph"].iter().chain(&WRAPPERS).filter_map(|name| map.get(*name));
            is_one || inside.into_iter().any(|inner| holds(inner, classes))
        }
        _ => false,
    }
}

fn types(map: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let list = match map.get("@type") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter().filter_map(Value::as_str)
}

/// Everything that the value says. Things of the `classes` that stand inside of others are taken
/// out of them; other things stay where they are.
pub(super) fn graph(value: Value, classes: &'static [&'static str]) -> (Graph, Vec<Entry>) {
    let mut reader = Reader { graph: Graph::default(), notes: Vec::new(), classes, terms: HashMap::new(), unnamed: 0 };
    reader.top(value, "");
    (reader.graph, reader.notes)
}

struct Reader {
    graph: Graph,
    notes: Vec<Entry>,
    classes: &'static [&'static str],
    /// What the file's own `@context` calls things.
    terms: HashMap<String, String>,
    unnamed: usize,
}

impl Reader {
    fn top(&mut self, value: Value, place: &str) {
        match value {
            Value::Array(list) => {
                for (index, one) in list.into_iter().enumerate() {
                    self.top(one, &format!("{place}/{index}"));
                }
            }
            Value::Object(mut map) => {
                if let Some(context) = map.shift_remove("@context") {
                    self.context(&context);
                }
                let inner = WRAPPERS.iter().find_map(|name| Some((*name, map.shift_remove(*name)?)));
                let inner = inner.or_else(|| Some(("@graph", map.shift_remove("@graph")?)));
                match inner {
                    Some((name, inner)) => {
                        // The name of the graph is that of its framework, or of its place.
                        map.shift_remove("@id");
                        for (beside, original) in map {
                            let sentence = "this is no part of the graph; left out";
                            self.note(Severity::Loss, "beside-graph", format!("{place}/{beside}"), sentence, &original);
                        }
                        self.top(inner, &format!("{place}/{name}"));
                    }
                    None => {
                        self.thing(map, place.to_owned());
                    }
                }
            }
            other => {
                let sentence = "expected a thing, as an object, here; left out";
                self.note(Severity::Loss, "wrong-type", place.to_owned(), sentence, &other);
            }
        }
    }

    fn note(&mut self, severity: Severity, code: &str, place: String, sentence: &str, original: &Value) {
        let original = Some(original.to_string());
        self.notes.push(Entry { severity, code: code.to_owned(), place, sentence: sentence.to_owned(), original });
    }

    fn context(&mut self, context: &Value) {
        match context {
            Value::Array(list) => list.iter().for_each(|one| self.context(one)),
            Value::Object(map) => {
                for (term, meaning) in map {
                    let uri = meaning.as_str().or_else(|| meaning.get("@id").and_then(Value::as_str));
                    if let Some(uri) = uri.filter(|_| !term.starts_with('@')) {
                        self.terms.insert(term.clone(), uri.to_owned());
                    }
                }
            }
            _ => {}
        }
    }

    /// The short form of a name, whatever the file's context calls it.
    fn name(&self, written: &str) -> String {
        if let Some(uri) = self.terms.get(written).filter(|uri| uri.as_str() != written) {
            return names::short(&self.expand(uri));
        }
        names::short(&self.expand(written))
    }

    fn expand(&self, name: &str) -> String {
        let known = name.split_once(':').and_then(|(prefix, rest)| Some((self.terms.get(prefix)?, rest)));
        known.map_or_else(|| name.to_owned(), |(namespace, rest)| format!("{namespace}{rest}"))
    }

    /// The name of the thing. The depth is that of the JSON, which has a limit.
    fn thing(&mut self, mut map: Map<String, Value>, place: String) -> String {
        let text = |map: &Map<String, Value>, name: &str| {
            map.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        let id = text(&map, "@id").or_else(|| text(&map, "ceterms:ctid")).unwrap_or_else(|| {
            self.unnamed += 1;
            format!("_:unnamed-{}", self.unnamed)
        });
        let classes: Vec<String> = types(&map).map(|class| self.name(class)).collect();
        map.shift_remove("@id");
        map.shift_remove("@type");
        let mut members = Vec::with_capacity(map.len());
        for (key, value) in map {
            let at = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
            members.push((self.name(&key), self.value(value, &at)));
        }
        let node = self.graph.node(&id, || place);
        for class in classes {
            if !node.is(&class) {
                node.types.push(class);
            }
        }
        for (name, value) in members {
            // Said again of the same thing: both are kept, the same only once.
            if node.members.get(&name) != Some(&value) {
                match value {
                    Value::Array(list) if node.members.contains_key(&name) => {
                        list.into_iter().for_each(|one| node.add(&name, one));
                    }
                    value if node.members.contains_key(&name) => node.add(&name, value),
                    value => {
                        node.members.insert(name, value);
                    }
                }
            }
        }
        id
    }

    fn value(&mut self, value: Value, place: &str) -> Value {
        match value {
            Value::Array(list) => {
                let each = list.into_iter().enumerate();
                each.map(|(index, one)| self.value(one, &format!("{place}/{index}"))).collect()
            }
            Value::Object(map) if types(&map).any(|class| self.classes.contains(&self.name(class).as_str())) => {
                json!({"@id": self.thing(map, place.to_owned())})
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_spelling_become_short_and_things_inside_come_out() {
        let value = json!({"@context": ["https://credreg.net/x", {"n": "https://purl.org/ctdlasn/terms/", "label": "n:name"}],
            "@graph": [{"@id": "u:f", "@type": "n:CompetencyFramework", "label": {"en": "F"},
                "https://purl.org/ctdlasn/terms/hasTopChild":
                    [{"@id": "u:1", "@type": "ceasn:Competency", "n:competencyText": {"en": "One"}}],
                "ceasn:publisher": {"@type": "ceterms:Organization", "ceterms:name": "P"}}, 7], "extra": 1});
        assert!(holds(&json!({"GraphInput": {"@graph": [{"@type": "ceasn:Competency"}]}}), &["ceasn:Competency"]));
        let (graph, notes) = graph(value, &["ceasn:Competency", "ceasn:CompetencyFramework"]);
        let framework = &graph.nodes[graph.find("u:f").unwrap()];
        assert!(framework.is("ceasn:CompetencyFramework"));
        assert_eq!(framework.members["ceasn:name"], json!({"en": "F"}));
        assert_eq!(framework.references("ceasn:hasTopChild"), ["u:1"]);
        assert_eq!(framework.members["ceasn:publisher"]["ceterms:name"], "P");
        let places: Vec<&str> = notes.iter().map(|entry| entry.place.as_str()).collect();
        assert_eq!(places, ["/extra", "/@graph/1"]);
    }
}
