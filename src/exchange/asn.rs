//! The vocabulary of the Achievement Standards Network: standard documents and statements, in
//! whichever form they came.

use serde_json::{Value, json};

use super::draft::{Draft, Object, outside, split_languages};
use super::frameworks::{self, Shape};
use super::graph::{Graph, Node, Text, references, texts};
use super::names;
use crate::case::education;
use crate::case::report::{Entry, Severity};

const SHAPE: Shape = Shape {
    frameworks: &["asn:StandardDocument"],
    items: &["asn:Statement"],
    children: &["gemq:hasChild", "asn:hasChild"],
    parents: &["gemq:isChildOf", "asn:isChildOf"],
    part_of: &["dcterms:isPartOf"],
    document,
    item,
};

/// What says of a document who made the file and when.
const PRIMARY_TOPIC: &str = "foaf:primaryTopic";
const ABOUT: &str = "foaf:isPrimaryTopicOf";

/// The frameworks of a graph.
pub(super) fn drafts(mut graph: Graph, notes: Vec<Entry>) -> Vec<Draft> {
    attach_descriptions(&mut graph);
    frameworks::drafts(graph, notes, &SHAPE, |_, _| {}, |_, _, _| false)
}

/// Puts the description of the file into the document that it describes.
fn attach_descriptions(graph: &mut Graph) {
    let mut found = Vec::new();
    for node in &mut graph.nodes {
        let topics = node.references(PRIMARY_TOPIC);
        if let (Some(topic), true) = (topics.first(), node.types.is_empty()) {
            node.members.shift_remove(PRIMARY_TOPIC);
            found.push((topic.clone(), node.to_json()));
            node.members.clear();
        }
    }
    for (topic, description) in found {
        graph.node(&topic, String::new).add(ABOUT, description);
    }
}

/// Moves a text into a member of CASE; several become one, with `between` between them.
fn text(object: &mut Object, node: &mut Node, names: &[&str], member: &str, between: &str) {
    let language = object.members.get("language").and_then(Value::as_str).map(str::to_owned);
    if let Some((name, value)) = node.take(names) {
        let place = node.place_of(name);
        let (here, others) = split_languages(texts(&value), language.as_deref());
        if !others.is_empty() {
            object.extend(name, Value::Object(others));
        }
        if here.is_empty() {
            object.extend(name, value);
        } else {
            object.set(member, here.join(between), place);
        }
    }
}

/// The language of the text that matters most, else the one that is named.
fn language(object: &mut Object, node: &mut Node, of: &[&str]) {
    let spoken = of.iter().find_map(|name| node.members.get(*name)).and_then(|value| {
        let all: Vec<Text> = texts(value);
        all.into_iter().find_map(|text| text.language)
    });
    let named = node.references("dcterms:language");
    let code = named.first().map(|uri| names::language(names::last_part(uri)).to_owned());
    let primary = |tag: &str| names::language(tag.split('-').next().unwrap_or(tag)).to_owned();
    let agree = named.len() == 1 && spoken.as_deref().is_none_or(|tag| code.as_deref() == Some(primary(tag).as_str()));
    let place = node.place_of("dcterms:language");
    if agree {
        node.members.shift_remove("dcterms:language");
    }
    if let Some(tag) = spoken.or(code) {
        object.set("language", tag, place);
    }
}

/// Subjects: texts, and concepts with an address.
fn subjects(object: &mut Object, node: &mut Node) {
    let Some((name, value)) = node.take(&["dcterms:subject", "dc:subject"]) else { return };
    let place = node.place_of(name);
    let list = if let Value::Array(list) = value { list } else { vec![value] };
    let mut words = Vec::new();
    let mut links = Vec::new();
    for one in list {
        if let Some(uri) = one.get("@id").and_then(Value::as_str) {
            let label = one.get("skos:prefLabel").and_then(Value::as_str);
            let title = label.unwrap_or_else(|| names::last_part(uri));
            let mut link = outside(uri);
            link["title"] = Value::from(title);
            words.push(Value::from(title));
            links.push(link);
        } else {
            words.extend(texts(&one).into_iter().map(|text| Value::from(text.text)));
        }
    }
    object.set("subject", words, place.clone());
    if !links.is_empty() {
        object.set("subjectURI", links, place);
    }
}

/// Education levels as CASE writes them; a level that has no code keeps its own name.
fn education_levels(draft: &mut Draft, object: &mut Object, node: &mut Node) {
    let Some((name, value)) = node.take(&["dcterms:educationLevel", "asn:educationLevel"]) else { return };
    let place = node.place_of(name);
    let list = if let Value::Array(list) = value { list } else { vec![value] };
    let mut levels: Vec<Value> = Vec::new();
    for one in list {
        for uri in references(&one) {
            let own = names::last_part(&uri);
            let level = education::level(own);
            if level.is_none() {
                let sentence = format!("no level that CASE files have a code for; kept as {own}");
                draft.note(Severity::Info, "education-level", place.clone(), sentence, Some(&one));
            }
            levels.push(Value::from(level.unwrap_or(own)));
        }
    }
    object.set("educationLevel", levels, place);
}

/// What CASE has no property for.
fn rest(object: &mut Object, node: Node) {
    for (name, value) in node.members {
        object.extend(&name, value);
    }
}

/// What a publication status means in CASE.
pub(super) fn adoption_status(concept: &str) -> Option<&'static str> {
    match names::last_part(concept).to_ascii_lowercase().as_str() {
        "published" => Some("Adopted"),
        "draft" => Some("Draft"),
        "deprecated" => Some("Deprecated"),
        _ => None,
    }
}

fn document(draft: &mut Draft, mut node: Node) {
    let mut object = Object::at(node.place.clone());
    object.identify(&node.id);
    language(&mut object, &mut node, &["dc:title", "dcterms:title", "dcterms:description"]);
    text(&mut object, &mut node, &["dc:title", "dcterms:title"], "title", " / ");
    text(&mut object, &mut node, &["loc:aut", "dcterms:creator", "dc:creator"], "creator", "; ");
    text(&mut object, &mut node, &["dc:publisher", "dcterms:publisher"], "publisher", "; ");
    text(&mut object, &mut node, &["dcterms:description", "dc:description"], "description", "\n\n");
    text(&mut object, &mut node, &["skos:note", "asn:comment"], "notes", "\n\n");
    text(&mut object, &mut node, &["owl:versionInfo"], "version", ", ");
    subjects(&mut object, &mut node);
    if let [source] = node.references("dcterms:source").as_slice() {
        let place = node.place_of("dcterms:source");
        object.set("officialSourceURL", source.as_str(), place);
        node.members.shift_remove("dcterms:source");
    }
    if let [status] = node.references("asn:publicationStatus").as_slice()
        && let Some(meant) = adoption_status(status)
    {
        let place = node.place_of("asn:publicationStatus");
        object.set("adoptionStatus", meant, place);
    }
    let license = description(&mut object, &mut node);
    rest(&mut object, node);
    draft.document = object;
    if let Some(License { uri, title, place }) = license {
        draft.license(&uri, title, place);
    }
}

struct License {
    uri: String,
    title: Option<String>,
    place: String,
}

/// What is said of the file: when it last changed, and its licence.
fn description(object: &mut Object, node: &mut Node) -> Option<License> {
    let place = node.place_of(ABOUT);
    let Some(Value::Object(about)) = node.members.get_mut(ABOUT) else { return None };
    if let Some(modified) = about.get("dcterms:modified").map(texts)
        && let [time] = modified.as_slice()
    {
        object.set("lastChangeDateTime", time.text.as_str(), place.clone());
        about.shift_remove("dcterms:modified");
    }
    let license = about.get("cc:license")?;
    let uris = references(license);
    let title = license.get("skos:prefLabel").and_then(Value::as_str).map(str::to_owned);
    let uri = uris.first().filter(|_| uris.len() == 1)?.clone();
    about.shift_remove("cc:license");
    Some(License { uri, title, place })
}

fn item(draft: &mut Draft, mut node: Node) -> Object {
    let mut object = Object::at(node.place.clone());
    object.identify(&node.id);
    language(&mut object, &mut node, &["dcterms:description", "dc:description"]);
    text(&mut object, &mut node, &["dcterms:description", "dc:description"], "fullStatement", "\n\n");
    text(&mut object, &mut node, &["asn:statementNotation"], "humanCodingScheme", ", ");
    text(&mut object, &mut node, &["asn:listID"], "listEnumeration", ", ");
    text(&mut object, &mut node, &["asn:statementLabel"], "CFItemType", ", ");
    text(&mut object, &mut node, &["dc:title", "dcterms:title"], "abbreviatedStatement", " / ");
    text(&mut object, &mut node, &["asn:comment"], "notes", "\n\n");
    text(&mut object, &mut node, &["dcterms:modified"], "lastChangeDateTime", ", ");
    subjects(&mut object, &mut node);
    education_levels(draft, &mut object, &mut node);
    if let Some((_, value)) = node.take(&["asn:conceptKeyword"]) {
        let words: Vec<String> = texts(&value).into_iter().map(|text| text.text).collect();
        object.set("conceptKeywords", json!(words), node.place_of("asn:conceptKeyword"));
    }
    rest(&mut object, node);
    object
}
