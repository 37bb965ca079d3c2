//! A package as CTDL-ASN.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::names;
use super::super::relations::{self, STATED_AS};
use super::read::{SHAPE, natural};
use super::terms::{self, UNDETERMINED};
use super::{CASE_ASSOCIATION, CASE_OBJECT, COMPETENCY, FRAMEWORK, REGISTRY};
use crate::case::model::Package;
use crate::case::v1p1::CFPackage;
use crate::case::vocab::IS_CHILD_OF;

const CONTEXT: &str = "https://credreg.net/ctdlasn/schema/context/json";

/// The names of the things of one package, by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Ids {
    items: HashMap<String, String>,
    framework: HashMap<String, String>,
    all: HashSet<String>,
}

impl Ids {
    pub(super) fn insert(&mut self, identifier: &str, id: &str, is_item: bool) {
        let map = if is_item { &mut self.items } else { &mut self.framework };
        map.insert(identifier.to_owned(), id.to_owned());
        self.all.insert(id.to_owned());
    }

    fn any(&self, identifier: &str) -> Option<&String> {
        self.items.get(identifier).or_else(|| self.framework.get(identifier))
    }
}

/// What an association is in CTDL-ASN. A child's parent is told as [`IS_CHILD_OF`].
pub(super) struct Statement {
    pub property: String,
    pub subject: String,
    pub object: String,
}

/// What CTDL-ASN can say of an association in CASE JSON; `None` where it has no property, or where
/// the thing that would have it is not in the package.
pub(super) fn statement(association: &Map<String, Value>, ids: &Ids) -> Option<Statement> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let kind = text(association.get("associationType"))?;
    let (origin, destination) = (association.get("originNodeURI")?, association.get("destinationNodeURI")?);
    let (property, turned) = if kind == IS_CHILD_OF {
        (IS_CHILD_OF.to_owned(), false)
    } else {
        let stated = association.get("extensions").and_then(|map| map.get(STATED_AS)).and_then(Value::as_str);
        let (property, (_, turned)) = relations::ctdl_asn(&kind, stated)?;
        (format!("ceasn:{property}"), turned)
    };
    let (subject, object) = if turned { (destination, origin) } else { (origin, destination) };
    let subject = ids.items.get(&text(subject.get("identifier"))?)?.clone();
    let named = text(object.get("identifier")).and_then(|identifier| ids.any(&identifier).cloned());
    let object = named.or_else(|| text(object.get("uri")))?;
    Some(Statement { property, subject, object })
}

/// The package as a CTDL-ASN document.
#[must_use]
pub fn write(package: &Package) -> Value {
    let Ok(Value::Object(mut case)) = serde_json::to_value(CFPackage::from(package)) else { return Value::Null };
    let mut take = |name: &str| case.shift_remove(name).unwrap_or_default();
    let document = object(take("CFDocument"));
    let items: Vec<Map<String, Value>> = objects(take("CFItems"));
    let associations: Vec<Map<String, Value>> = objects(take("CFAssociations"));

    let identifier = text(&document, "identifier");
    let framework_id = format!("{REGISTRY}ce-{identifier}");
    let mut ids = Ids::default();
    ids.insert(identifier, &framework_id, false);
    for item in &items {
        let own = text(item, "identifier");
        // Names have to differ, even where an item and its framework have one identifier.
        let id = if own == identifier { format!("{framework_id}#item") } else { format!("{REGISTRY}ce-{own}") };
        ids.insert(own, &id, true);
    }
    let language = tag(&document).unwrap_or(UNDETERMINED);
    let structure = Structure::of(&associations, &ids);

    let mut graph = vec![framework(&document, &items, &framework_id, language, case)];
    for item in &items {
        let id = ids.items.get(text(item, "identifier")).map_or("", String::as_str);
        graph.push(competency(item, id, &framework_id, language, &structure));
    }
    if let Some(Value::Object(framework)) = graph.first_mut() {
        structure.write(framework, &framework_id, &framework_id);
    }
    graph.extend(associations.into_iter().map(|association| {
        json!({
            "@id": format!("urn:uuid:{}", text(&association, "identifier")),
            "@type": CASE_ASSOCIATION,
            CASE_OBJECT: literal(association),
        })
    }));
    json!({"@context": CONTEXT, "@id": framework_id, "@graph": graph})
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

fn objects(value: Value) -> Vec<Map<String, Value>> {
    if let Value::Array(list) = value { list.into_iter().map(object).collect() } else { Vec::new() }
}

fn text<'m>(map: &'m Map<String, Value>, name: &str) -> &'m str {
    map.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// CASE JSON inside of JSON-LD.
fn literal(members: Map<String, Value>) -> Value {
    json!({"@type": "@json", "@value": members})
}

/// The language of an object, where it is a language tag.
fn tag(members: &Map<String, Value>) -> Option<&str> {
    let language = names::language(text(members, "language"));
    let first = language.split('-').next().unwrap_or_default();
    let is_tag = (2..=8).contains(&first.len())
        && language.len() <= 35
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_tag.then_some(language)
}

/// Properties of other vocabularies that were kept as extensions stand in their own place again.
fn native_extensions(properties: &mut Map<String, Value>, members: &Map<String, Value>) {
    let structure = [SHAPE.children, SHAPE.parents, SHAPE.part_of].concat();
    let extensions = members.get("extensions").and_then(Value::as_object);
    for (name, value) in extensions.into_iter().flatten() {
        let free = names::is_short(name)
            && !name.starts_with("case:")
            && name != "ceterms:ctid"
            && !structure.contains(&name.as_str())
            && relations::meaning(name).is_none()
            && !properties.contains_key(name);
        if free {
            properties.insert(name.clone(), value.clone());
        }
    }
}

/// The members that the properties do not say, or say otherwise.
fn difference(members: &Map<String, Value>, properties: &Map<String, Value>, is_framework: bool) -> Map<String, Value> {
    let said = natural(properties, is_framework);
    let mut difference = Map::new();
    for (name, value) in members {
        if said.get(name) != Some(value) {
            difference.insert(name.clone(), value.clone());
        }
    }
    for name in said.keys().filter(|name| !members.contains_key(*name)) {
        difference.insert(name.clone(), Value::Null);
    }
    difference
}

fn head(id: &str, class: &str, identifier: &str) -> Map<String, Value> {
    let members = [("@id", id), ("@type", class), ("ceterms:ctid", &format!("ce-{identifier}"))];
    members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

fn framework(
    document: &Map<String, Value>,
    items: &[Map<String, Value>],
    id: &str,
    language: &str,
    mut case: Map<String, Value>,
) -> Value {
    let mut properties = head(id, FRAMEWORK, text(document, "identifier"));
    terms::write(&mut properties, document, terms::FRAMEWORK, language);
    // Both are required of a framework.
    properties.entry("ceasn:description").or_insert_with(|| json!({language: text(document, "title")}));
    properties.entry("ceasn:inLanguage").or_insert_with(|| json!([language]));
    properties.insert("ceasn:source".to_owned(), json!([text(document, "uri")]));
    if let Some(uri) = document.get("licenseURI").and_then(|link| link.get("uri")) {
        properties.insert("ceasn:license".to_owned(), uri.clone());
    }
    native_extensions(&mut properties, document);
    let levels: BTreeSet<String> = items
        .iter()
        .filter_map(|item| item.get("educationLevel").and_then(Value::as_array))
        .flatten()
        .filter_map(|level| terms::level_concept(level.as_str()?))
        .collect();
    if !levels.is_empty() {
        properties.entry("ceasn:educationLevelType").or_insert_with(|| json!(levels));
    }
    let difference = difference(document, &properties, true);
    case.insert("CFDocument".to_owned(), Value::Object(difference));
    properties.insert(CASE_OBJECT.to_owned(), literal(case));
    Value::Object(properties)
}

fn competency(item: &Map<String, Value>, id: &str, framework: &str, language: &str, structure: &Structure) -> Value {
    let language = tag(item).unwrap_or(language);
    let mut properties = head(id, COMPETENCY, text(item, "identifier"));
    terms::write(&mut properties, item, terms::COMPETENCY, language);
    properties.entry("ceasn:inLanguage").or_insert_with(|| json!([language]));
    if let Some(number) = structure.number(id) {
        properties.entry("ceasn:listID").or_insert_with(|| Value::from(number.to_string()));
    }
    native_extensions(&mut properties, item);
    let difference = difference(item, &properties, false);
    properties.insert("ceasn:isPartOf".to_owned(), json!([framework]));
    structure.write(&mut properties, id, framework);
    let uri = text(item, "uri");
    if uri != id
        && let Value::Array(same) = properties.entry("ceasn:exactAlignment").or_insert_with(|| json!([]))
        && !same.iter().any(|one| one == uri)
    {
        same.insert(0, Value::from(uri));
    }
    if !difference.is_empty() {
        properties.insert(CASE_OBJECT.to_owned(), literal(difference));
    }
    Value::Object(properties)
}

/// What things say of one another, by who says it.
#[derive(Default)]
struct Structure {
    /// The children of each thing with their numbers, in order.
    children: HashMap<String, Vec<(i64, String)>>,
    parents: HashMap<String, Vec<String>>,
    numbers: HashMap<String, i64>,
    relations: HashMap<String, Vec<(String, String)>>,
}

impl Structure {
    fn of(associations: &[Map<String, Value>], ids: &Ids) -> Structure {
        let mut structure = Structure::default();
        let mut seen = HashSet::new();
        for association in associations {
            let Some(Statement { property, subject, object }) = statement(association, ids) else { continue };
            if !seen.insert((property.clone(), subject.clone(), object.clone())) {
                continue;
            }
            if property != IS_CHILD_OF {
                structure.relations.entry(subject).or_default().push((property, object));
                continue;
            }
            let number = association.get("sequenceNumber").and_then(Value::as_i64);
            if let Some(number) = number {
                structure.numbers.entry(subject.clone()).or_insert(number);
            }
            if ids.all.contains(&object) {
                let children = structure.children.entry(object.clone()).or_default();
                children.push((number.unwrap_or(i64::MAX), subject.clone()));
            }
            structure.parents.entry(subject).or_default().push(object);
        }
        for children in structure.children.values_mut() {
            children.sort_by_key(|(number, _)| *number);
        }
        structure
    }

    fn number(&self, id: &str) -> Option<i64> {
        self.numbers.get(id).copied()
    }

    fn write(&self, properties: &mut Map<String, Value>, id: &str, framework: &str) {
        let mut add = |name: &str, value: &str| {
            let list = properties.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(Value::from(value));
            }
        };
        for parent in self.parents.get(id).into_iter().flatten() {
            add(if parent == framework { "ceasn:isTopChildOf" } else { "ceasn:isChildOf" }, parent);
        }
        for (_, child) in self.children.get(id).into_iter().flatten() {
            add(if id == framework { "ceasn:hasTopChild" } else { "ceasn:hasChild" }, child);
        }
        for (property, object) in self.relations.get(id).into_iter().flatten() {
            add(property, object);
        }
        // One framework is what it can be the top child of.
        if let Some(Value::Array(list)) = properties.get_mut("ceasn:isTopChildOf") {
            let first = list.first().cloned().unwrap_or_default();
            properties.insert("ceasn:isTopChildOf".to_owned(), first);
        }
    }
}
