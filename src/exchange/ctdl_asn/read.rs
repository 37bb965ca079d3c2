//! CTDL-ASN into drafts.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::super::draft::{Draft, Object};
use super::super::frameworks::{self, Shape};
use super::super::graph::{Graph, Node, references};
use super::super::{json_ld, relations};
use super::terms;
use super::write::{Ids, statement};
use super::{CASE_ASSOCIATION_SHORT, CASE_OBJECT_SHORT, CLASSES, COMPETENCY, FRAMEWORK};

pub(super) const SHAPE: Shape = Shape {
    frameworks: &[FRAMEWORK],
    items: &[COMPETENCY],
    children: &["ceasn:hasTopChild", "ceasn:hasChild"],
    parents: &["ceasn:isTopChildOf", "ceasn:isChildOf"],
    part_of: &["ceasn:isPartOf"],
    document,
    item: competency,
};

/// The frameworks in the value.
pub(super) fn drafts(value: Value) -> Vec<Draft> {
    let (mut graph, notes) = json_ld::graph(value, CLASSES);
    resolve_ctids(&mut graph);
    let associations = take_associations(&mut graph);
    let stated = Stated::of(&graph, &associations);
    let first_framework = graph.nodes.iter().find(|node| node.is(FRAMEWORK)).map(|node| node.id.clone());
    let prepare = |draft: &mut Draft, framework: &Node| {
        // They say nothing of the framework they stand in; a file of ours holds one.
        if Some(&framework.id) == first_framework.as_ref() {
            draft.associations.extend(associations.iter().map(|(place, members)| {
                let mut object = Object::at(place.clone());
                object.members = members.clone();
                object
            }));
        }
    };
    frameworks::drafts(graph, notes, &SHAPE, prepare, |property, subject, object| {
        stated.holds(property, subject, object)
    })
}

/// Things are named by their address, by another address that ends in their CTID, or by that alone.
fn resolve_ctids(graph: &mut Graph) {
    let by_ctid: HashMap<String, String> = graph
        .nodes
        .iter()
        .filter_map(|node| Some((ctid(&node.id)?.to_owned(), node.id.clone())))
        .chain(graph.nodes.iter().filter_map(|node| {
            Some((node.members.get("ceterms:ctid").and_then(Value::as_str)?.to_owned(), node.id.clone()))
        }))
        .collect();
    let known: HashSet<String> = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let structure = [SHAPE.children, SHAPE.parents, SHAPE.part_of].concat();
    for node in &mut graph.nodes {
        for (name, value) in &mut node.members {
            if structure.contains(&name.as_str()) || relations::meaning(name).is_some() {
                rename(value, &|id| (!known.contains(id)).then(|| by_ctid.get(ctid(id)?)).flatten());
            }
        }
    }
}

fn rename<'n>(value: &mut Value, other: &impl Fn(&str) -> Option<&'n String>) {
    match value {
        Value::String(id) => {
            if let Some(name) = other(id) {
                id.clone_from(name);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| rename(one, other)),
        Value::Object(map) => {
            if let Some(id) = map.get_mut("@id") {
                rename(id, other);
            }
        }
        _ => {}
    }
}

/// The CTID that a name ends in.
fn ctid(id: &str) -> Option<&str> {
    let last = id.rsplit('/').next().unwrap_or(id);
    (last.starts_with("ce-") && last.len() == 39).then_some(last)
}

/// Associations that are things of their own, as CASE JSON.
fn take_associations(graph: &mut Graph) -> Vec<(String, Map<String, Value>)> {
    let mut found = Vec::new();
    for node in graph.nodes.iter_mut().filter(|node| node.is(CASE_ASSOCIATION_SHORT)) {
        if let Some(object) = case_object(node) {
            found.push((node.place.clone(), object));
            // What is left of it says nothing else.
            node.members.clear();
        }
    }
    found
}

/// The CASE members that stand beside the properties of a thing.
pub(super) fn case_object(node: &mut Node) -> Option<Map<String, Value>> {
    match node.members.shift_remove(CASE_OBJECT_SHORT)? {
        Value::Object(mut literal) => match literal.shift_remove("@value") {
            Some(Value::Object(object)) => Some(object),
            _ => Some(literal),
        },
        _ => None,
    }
}

/// Puts them over what the properties say.
fn overlay(object: &mut Object, members: Map<String, Value>) {
    for (name, value) in members {
        if value.is_null() {
            object.members.shift_remove(&name);
        } else {
            object.members.insert(name, value);
        }
    }
}

/// Statements that are associations of the file already.
struct Stated {
    statements: HashSet<(String, String, String)>,
    /// The CASE uris of competencies, which they are exactly aligned to.
    own: HashSet<(String, String)>,
}

impl Stated {
    fn of(graph: &Graph, associations: &[(String, Map<String, Value>)]) -> Stated {
        let mut ids = Ids::default();
        let mut own = HashSet::new();
        for node in &graph.nodes {
            let ctid = node.members.get("ceterms:ctid").and_then(Value::as_str).unwrap_or(&node.id);
            if let (Some(identifier), true) = (ctid.strip_prefix("ce-"), node.is(FRAMEWORK) || node.is(COMPETENCY)) {
                ids.insert(identifier, &node.id, node.is(COMPETENCY));
            }
            let object = node.members.get(CASE_OBJECT_SHORT).and_then(|literal| literal.get("@value"));
            if let Some(uri) = object.and_then(|object| object.get("uri")).and_then(Value::as_str) {
                own.insert((node.id.clone(), uri.to_owned()));
            }
        }
        let statements = associations
            .iter()
            .filter_map(|(_, members)| statement(members, &ids))
            .map(|statement| (statement.property, statement.subject, statement.object))
            .collect();
        Stated { statements, own }
    }

    fn holds(&self, property: &str, subject: &str, object: &str) -> bool {
        let key = (property.to_owned(), subject.to_owned(), object.to_owned());
        self.statements.contains(&key) || property == "ceasn:exactAlignment" && self.own.contains(&(key.1, key.2))
    }
}

/// The identity of a thing: its CTID is its identifier.
fn identify(node: &mut Node) -> Object {
    let mut object = Object::at(node.place.clone());
    object.identify(&node.id);
    let place = node.place_of("ceterms:ctid");
    match node.take(&["ceterms:ctid"]) {
        Some((_, Value::String(ctid))) => {
            let identifier = ctid.strip_prefix("ce-").unwrap_or(&ctid);
            object.set("identifier", identifier, place);
        }
        Some((name, other)) => object.extend(name, other),
        None => {}
    }
    object
}

fn extend(object: &mut Object, node: Node) {
    for (name, value) in node.members {
        object.extend(&name, value);
    }
}

fn document(draft: &mut Draft, mut node: Node) {
    let case = case_object(&mut node);
    let license = natural_document(draft, &mut node);
    extend_document(draft, node);
    if let Some((uri, place)) = license {
        draft.license(&uri, None, place);
    }
    let Some(mut case) = case else { return };
    draft.is_whole = true;
    if let Some(Value::Object(members)) = case.shift_remove("CFDocument") {
        overlay(&mut draft.document, members);
    }
    draft.rest = case;
}

fn extend_document(draft: &mut Draft, node: Node) {
    let mut document = std::mem::take(&mut draft.document);
    extend(&mut document, node);
    draft.document = document;
}

/// What a framework's properties say, and its licence.
fn natural_document(draft: &mut Draft, node: &mut Node) -> Option<(String, String)> {
    let mut object = identify(node);
    terms::read(draft, node, &mut object, terms::FRAMEWORK, None);
    if let (false, [source]) =
        (object.members.contains_key("officialSourceURL"), node.references("ceasn:source").as_slice())
    {
        let place = node.place_of("ceasn:source");
        object.set("officialSourceURL", source.as_str(), place);
        node.members.shift_remove("ceasn:source");
    }
    if !object.members.contains_key("creator")
        && let Some(publisher) = object.members.get("publisher").cloned()
    {
        object.set("creator", publisher, node.place_of("ceasn:publisherName"));
    }
    draft.document = object;
    let place = node.place_of("ceasn:license");
    match node.members.get("ceasn:license").map(references).as_deref() {
        Some([uri]) => {
            let uri = uri.clone();
            node.members.shift_remove("ceasn:license");
            Some((uri, place))
        }
        _ => None,
    }
}

fn competency(draft: &mut Draft, mut node: Node) -> Object {
    let case = case_object(&mut node);
    let language = draft.document.members.get("language").and_then(Value::as_str).map(str::to_owned);
    let mut object = identify(&mut node);
    terms::read(draft, &mut node, &mut object, terms::COMPETENCY, language.as_deref());
    extend(&mut object, node);
    if !object.members.contains_key("fullStatement")
        && let Some(label) = object.members.get("abbreviatedStatement").cloned()
    {
        // A competency needs a label or a text; CASE needs the text.
        object.members.insert("fullStatement".to_owned(), label);
    }
    overlay(&mut object, case.unwrap_or_default());
    object
}

/// The members of CASE that a framework's or competency's properties alone say.
pub(super) fn natural(properties: &Map<String, Value>, is_framework: bool) -> Map<String, Value> {
    let (graph, _) = json_ld::graph(Value::Object(properties.clone()), &[]);
    let Some(node) = graph.nodes.into_iter().next() else { return Map::new() };
    let mut draft = Draft::default();
    if is_framework {
        document(&mut draft, node);
        draft.document.members
    } else {
        competency(&mut draft, node).members
    }
}
