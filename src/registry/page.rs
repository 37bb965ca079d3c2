//! What a person sees of one object at its permalink: text, place, associations.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::publish::{language_of, named, parse, text, title_of};
use super::{RegistryError, View, label};
use crate::case::model::Class;
use crate::case::vocab::{self, IS_CHILD_OF};
use crate::store::{Object, Tx};

/// A place that a page links to.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub identifier: String,
    /// Code and statement, or title.
    pub label: String,
}

/// One association as seen from the object that a page is about.
#[derive(Clone, Debug)]
pub struct AssociationLine {
    /// How it reads from here, e.g. `is child of`.
    pub words: String,
    pub association_identifier: String,
    /// Text of the other end.
    pub label: String,
    /// Address of the other end: a permalink here when it is stored here, else its uri when that
    /// is http(s), else nothing.
    pub href: Option<String>,
    /// Title of the other end's framework, when stored here.
    pub framework: Option<String>,
}

/// What a person sees of one object at its permalink.
#[derive(Clone, Debug)]
pub struct ObjectPage {
    pub class: Class,
    pub identifier: String,
    pub uri: String,
    /// Code, short text or title: what names the object.
    pub title: String,
    pub code: Option<String>,
    /// The full statement, description or licence text; may hold Markdown and line breaks.
    pub statement: Option<String>,
    /// Language tag of the text.
    pub language: Option<String>,
    /// The framework it belongs to (absent for the framework itself).
    pub framework: Option<Crumb>,
    /// From the framework's root down to the parent.
    pub path: Vec<Crumb>,
    /// In order; at most [`ObjectPage::CHILDREN`].
    pub children: Vec<Crumb>,
    /// How many children there are in all.
    pub children_total: u64,
    /// The other properties, by their CASE names, as text.
    pub properties: Vec<(String, String)>,
    /// Without the isChildOf edges already told by `path` and `children`.
    pub associations: Vec<AssociationLine>,
    pub last_change: String,
    /// Set when the object is retired: the statusEndDate, or the document's Retired/Deprecated status.
    pub retired: Option<String>,
}

impl ObjectPage {
    /// How many children a page lists.
    pub const CHILDREN: usize = 200;
}

/// How many associations a page lists.
const ASSOCIATIONS: usize = 500;
/// How deep a path may be: trees are not, but data may hold a loop.
const DEPTH: usize = 64;

/// Members that the page shows in a place of their own.
const SHOWN_ELSEWHERE: [&str; 8] = [
    "identifier",
    "uri",
    "title",
    "fullStatement",
    "humanCodingScheme",
    "lastChangeDateTime",
    "CFRubricCriteria",
    "CFRubricCriterionLevels",
];

impl View<'_> {
    /// What the page of that object shows; `None` when there is no such object.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, id: &str) -> Result<Option<ObjectPage>, RegistryError> {
        self.look(|tx| {
            let Some(object) = named(tx, id)? else { return Ok(None) };
            let edges: Vec<Edge> = tx.associations_of(&object.id)?.iter().map(Edge::new).collect();
            let framework = match object.class {
                Class::Document => None,
                _ => Some(Crumb { label: title_of(tx, &object.home_id)?, identifier: object.home_id.clone() }),
            };
            let (children, children_total) = children(tx, &object, &edges)?;
            let value = parse(&object);
            let optional = |name: &str| Some(text(&value, name)).filter(|text| !text.is_empty());
            let (from, statement) = ["fullStatement", "licenseText", "description"]
                .into_iter()
                .find_map(|name| Some((name, optional(name)?)))
                .unzip();
            Ok(Some(ObjectPage {
                class: object.class,
                uri: text(&value, "uri"),
                title: label(&object),
                code: optional("humanCodingScheme").or_else(|| optional("hierarchyCode")),
                statement,
                language: optional("language").or(language_of(tx, &object.home_id)?),
                framework,
                path: path(tx, &object, &edges)?,
                children,
                children_total,
                properties: properties(&value, from.unwrap_or_default()),
                associations: lines(tx, &object, &edges)?,
                last_change: text(&value, "lastChangeDateTime"),
                retired: retired(&value),
                identifier: object.id,
            }))
        })
    }
}

/// An association as far as pages need it.
struct Edge {
    id: String,
    package_id: String,
    kind: String,
    sequence: i64,
    grouped: bool,
    origin: End,
    destination: End,
}

#[derive(Clone, Default)]
struct End {
    id: String,
    title: String,
    uri: String,
}

impl Edge {
    fn new(object: &Object) -> Edge {
        let value = parse(object);
        let end = |name: &str, key: &Option<String>| {
            let link = value.get(name).cloned().unwrap_or_default();
            End { id: key.clone().unwrap_or_default(), title: text(&link, "title"), uri: text(&link, "uri") }
        };
        Edge {
            id: object.id.clone(),
            package_id: object.package_id.clone(),
            kind: text(&value, "associationType"),
            sequence: value.get("sequenceNumber").and_then(Value::as_i64).unwrap_or(i64::MAX),
            grouped: value.get("CFAssociationGroupingURI").is_some(),
            origin: end("originNodeURI", &object.origin),
            destination: end("destinationNodeURI", &object.destination),
        }
    }

    fn is_child_edge(&self) -> bool {
        self.kind == IS_CHILD_OF && self.origin.id != self.destination.id
    }
}

/// The edge to the parent that a reader expects: in the object's own framework, not in a grouping.
fn parent<'e>(edges: &'e [Edge], child: &str, home: &str) -> Option<&'e Edge> {
    let up = edges.iter().filter(|edge| edge.is_child_edge() && edge.origin.id == child);
    up.min_by_key(|edge| (edge.package_id != home, edge.grouped, edge.sequence))
}

fn path(tx: &mut Tx<'_>, object: &Object, edges: &[Edge]) -> Result<Vec<Crumb>, RegistryError> {
    let mut path = Vec::new();
    let mut seen = HashSet::from([object.id.clone()]);
    let mut next = parent(edges, &object.id, &object.home_id).map(|edge| edge.destination.clone());
    while let Some(end) = next.take() {
        if path.len() >= DEPTH || !seen.insert(end.id.clone()) {
            break;
        }
        let Some(item) = tx.object(Class::Item, &end.id)? else { break };
        path.push(Crumb { label: label(&item), identifier: end.id.clone() });
        let above: Vec<Edge> = tx.associations_of(&end.id)?.iter().map(Edge::new).collect();
        next = parent(&above, &end.id, &item.home_id).map(|edge| edge.destination.clone());
    }
    path.reverse();
    Ok(path)
}

/// Code and statement of an item, cut to a line.
fn line(value: &Value) -> String {
    const LONGEST: usize = 200;
    let code = text(value, "humanCodingScheme");
    let statement = text(value, "fullStatement").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line = if code.is_empty() { statement } else { format!("{code} {statement}") };
    if let Some((cut, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

fn children(tx: &mut Tx<'_>, object: &Object, edges: &[Edge]) -> Result<(Vec<Crumb>, u64), RegistryError> {
    let mut down: Vec<&Edge> =
        edges.iter().filter(|edge| edge.is_child_edge() && edge.destination.id == object.id && !edge.grouped).collect();
    down.sort_by_key(|edge| edge.sequence);
    let mut ids: Vec<&str> = Vec::with_capacity(down.len());
    let mut seen = HashSet::new();
    ids.extend(down.iter().map(|edge| edge.origin.id.as_str()).filter(|id| seen.insert(*id)));
    let total = ids.len() as u64;
    ids.truncate(ObjectPage::CHILDREN);
    let found = tx.objects_among(Class::Item, &ids)?;
    let crumb =
        |id: &&str| found.get(*id).map(|item| Crumb { identifier: (*id).to_owned(), label: line(&parse(item)) });
    let children: Vec<Crumb> = ids.iter().filter_map(crumb).collect();
    if children.is_empty() && object.class == Class::Document {
        return roots(tx, &object.id);
    }
    Ok((children, total))
}

/// The items without a parent, for frameworks that do not tie their top to the document.
fn roots(tx: &mut Tx<'_>, package_id: &str) -> Result<(Vec<Crumb>, u64), RegistryError> {
    let associations = tx.package_class(package_id, Class::Association)?;
    let edges: Vec<Edge> = associations.iter().map(Edge::new).collect();
    let below: HashSet<&str> = edges.iter().filter(|e| e.is_child_edge()).map(|e| e.origin.id.as_str()).collect();
    let items = tx.package_class(package_id, Class::Item)?;
    let tops: Vec<&Object> = items.iter().filter(|item| !below.contains(item.id.as_str())).collect();
    let crumbs = tops.iter().take(ObjectPage::CHILDREN);
    let crumbs = crumbs.map(|item| Crumb { identifier: item.id.clone(), label: line(&parse(item)) }).collect();
    Ok((crumbs, tops.len() as u64))
}

fn lines(tx: &mut Tx<'_>, object: &Object, edges: &[Edge]) -> Result<Vec<AssociationLine>, RegistryError> {
    let told = parent(edges, &object.id, &object.home_id).map(|edge| edge.id.clone());
    let shown: Vec<&Edge> = edges
        .iter()
        .filter(|edge| Some(&edge.id) != told.as_ref())
        .filter(|edge| !(edge.is_child_edge() && edge.destination.id == object.id && !edge.grouped))
        .take(ASSOCIATIONS)
        .collect();
    let other = |edge: &Edge| if edge.origin.id == object.id { edge.destination.clone() } else { edge.origin.clone() };
    let ends: Vec<End> = shown.iter().map(|edge| other(edge)).collect();
    let ids: Vec<&str> = ends.iter().map(|end| end.id.as_str()).collect();
    let items = tx.objects_among(Class::Item, &ids)?;
    let documents = tx.objects_among(Class::Document, &ids)?;
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    for item in items.values() {
        if !titles.contains_key(&item.home_id) {
            titles.insert(item.home_id.clone(), title_of(tx, &item.home_id)?);
        }
    }
    let mut lines: Vec<AssociationLine> = shown
        .iter()
        .zip(&ends)
        .map(|(edge, end)| association_line(edge, end, object, &items, &documents, &titles))
        .collect();
    lines.sort_by(|a, b| a.words.cmp(&b.words));
    Ok(lines)
}

fn association_line(
    edge: &Edge,
    end: &End,
    object: &Object,
    items: &HashMap<String, Object>,
    documents: &HashMap<String, Object>,
    titles: &BTreeMap<String, String>,
) -> AssociationLine {
    let (forward, backward) = vocab::association_words(&edge.kind);
    let item = items.get(&end.id);
    let (label, href) = match (item, documents.get(&end.id)) {
        (Some(item), _) => (line(&parse(item)), Some(format!("/uri/{}", end.id))),
        (None, Some(document)) => (text(&parse(document), "title"), Some(format!("/uri/{}", end.id))),
        (None, None) => {
            let web = end.uri.starts_with("https://") || end.uri.starts_with("http://");
            let label = if end.title.trim().is_empty() { &end.uri } else { &end.title };
            (label.clone(), web.then(|| end.uri.clone()))
        }
    };
    AssociationLine {
        words: if edge.origin.id == object.id { forward } else { backward }.to_owned(),
        association_identifier: edge.id.clone(),
        label,
        href,
        framework: item.and_then(|item| titles.get(&item.home_id)).cloned(),
    }
}

/// What is not told elsewhere on the page; `statement` is the member that the statement came from.
fn properties(value: &Value, statement: &str) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten().filter(|(name, _)| *name != statement);
    members
        .filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), words(value)))
        .collect()
}

/// A member as a person reads it: a text, a list with commas, a link by its title.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(map) if map.contains_key("uri") && map.contains_key("title") => text(value, "title"),
        other => other.to_string(),
    }
}

fn retired(value: &Value) -> Option<String> {
    let status = text(value, "adoptionStatus");
    if status == "Retired" || status == "Deprecated" {
        return Some(status);
    }
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    Some(text(value, "statusEndDate")).filter(|end| !end.is_empty() && *end <= today)
}
