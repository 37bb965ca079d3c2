//! What a person sees of one object at its permalink: text, place, associations.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::framework::{EndLine, RubricPage, end_of, item_of, members, rubric_page, titles_of};
use super::lines::{ItemLine, in_order, lines};
use crate::case::model::Class;
use crate::case::vocab::{EXACT_MATCH_OF, IS_CHILD_OF, REPLACED_BY};
use crate::registry::publish::{language_of, named, parse, text, title_of};
use crate::registry::{RegistryError, View, label};
use crate::store::{Object, Tx};

/// A place that a page links to.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub identifier: String,
    /// Code and statement, or title.
    pub label: String,
}

/// What is at a permalink, for people.
#[derive(Clone, Debug)]
pub enum Permalink {
    /// A framework, with its identifier and its uri.
    Framework(String, String),
    /// Anything else.
    Object(Box<ObjectPage>),
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
    pub item_type: String,
    /// The framework it belongs to.
    pub framework: Crumb,
    /// From the framework's root down to the parent.
    pub path: Vec<ItemLine>,
    /// What stands directly before and after it.
    pub before: Option<ItemLine>,
    pub after: Option<ItemLine>,
    /// In order; at most [`ObjectPage::CHILDREN`].
    pub children: Vec<ItemLine>,
    /// How many children there are in all.
    pub children_total: usize,
    /// The other properties, by their CASE names, as text.
    pub properties: Vec<(String, String)>,
    /// Without the isChildOf edges already told by `path` and `children`.
    pub associations: Vec<AssociationLine>,
    /// How many of those there are in all.
    pub associations_total: usize,
    /// What replaces it.
    pub replaced_by: Vec<EndLine>,
    /// The criteria of rubrics that are about it: rubric and criterion.
    pub criteria: Vec<(Crumb, Crumb)>,
    /// The rubric that it is.
    pub rubric: Option<RubricPage>,
    /// The ends of the association that it is.
    pub ends: Option<(String, EndLine, EndLine)>,
    pub last_change: String,
    /// Set when the object is retired: the statusEndDate, or the document's Retired/Deprecated status.
    pub retired: Option<String>,
}

/// One association as seen from the object that a page is about.
#[derive(Clone, Debug)]
pub struct AssociationLine {
    pub identifier: String,
    pub kind: String,
    /// Whether the object is its origin.
    pub is_forward: bool,
    pub end: EndLine,
}

impl ObjectPage {
    /// How many children a page lists.
    pub const CHILDREN: usize = 200;
}

/// How much of a path is shown, from its end: deeper trees are none.
const DEEPEST: usize = 24;
/// How many associations a page lists.
const ASSOCIATIONS: usize = 500;

/// Members that the page shows in a place of their own.
const SHOWN_ELSEWHERE: [&str; 11] = [
    "identifier",
    "uri",
    "title",
    "fullStatement",
    "humanCodingScheme",
    "lastChangeDateTime",
    "CFRubricCriteria",
    "CFRubricCriterionLevels",
    "CFItemTypeURI",
    "originNodeURI",
    "destinationNodeURI",
];

impl View<'_> {
    /// What the page at a permalink shows; `None` when there is no such object.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn page(&self, id: &str) -> Result<Option<Permalink>, RegistryError> {
        self.look(|tx| {
            let Some(object) = named(tx, id)? else { return Ok(None) };
            if object.class == Class::Document {
                let uri = text(&parse(&object), "uri");
                return Ok(Some(Permalink::Framework(object.id, uri)));
            }
            Ok(Some(Permalink::Object(Box::new(self.object_page(tx, object)?))))
        })
    }

    fn object_page(&self, tx: &mut Tx<'_>, object: Object) -> Result<ObjectPage, RegistryError> {
        let value = parse(&object);
        let place = self.place(tx, &object)?;
        let related = if object.class == Class::Item { tx.associations_of(&object.id)? } else { Vec::new() };
        let told: HashSet<&str> =
            place.path.last().into_iter().chain(&place.children).map(|line| line.identifier.as_str()).collect();
        let associations = associations(tx, &object, &related, &told)?;
        let optional = |name: &str| Some(text(&value, name)).filter(|text| !text.is_empty());
        let (from, statement) = ["fullStatement", "licenseText", "description"]
            .into_iter()
            .find_map(|name| Some((name, optional(name)?)))
            .unzip();
        let is_replaced = |line: &&AssociationLine| line.kind == REPLACED_BY && line.is_forward;
        Ok(ObjectPage {
            class: object.class,
            uri: text(&value, "uri"),
            title: label(&object),
            code: optional("humanCodingScheme").or_else(|| optional("hierarchyCode")),
            statement,
            language: optional("language").or(language_of(tx, &object.home_id)?),
            item_type: text(&value, "CFItemType"),
            framework: Crumb { label: title_of(tx, &object.home_id)?, identifier: object.home_id.clone() },
            replaced_by: associations.iter().filter(is_replaced).map(|line| line.end.clone()).collect(),
            criteria: criteria(tx, &object)?,
            rubric: rubric(tx, &object, &value)?,
            ends: ends(tx, &object, &value)?,
            properties: properties(&value, from.unwrap_or_default()),
            associations_total: related.len(),
            associations,
            last_change: text(&value, "lastChangeDateTime"),
            retired: retired(&value),
            identifier: object.id,
            path: place.path,
            before: place.before,
            after: place.after,
            children: place.children,
            children_total: place.children_total,
        })
    }

    fn place(&self, tx: &mut Tx<'_>, object: &Object) -> Result<Place, RegistryError> {
        if object.class != Class::Item {
            return Ok(Place::default());
        }
        let skeleton = self.skeleton(tx, &object.package_id)?;
        let outline = &skeleton.outline;
        let Some(at) = outline.at(&object.id) else { return Ok(Place::default()) };
        let siblings: Vec<usize> = outline.children(outline.parent(at)).collect();
        let nth = siblings.iter().position(|sibling| *sibling == at).unwrap_or_default();
        let beside = [nth.checked_sub(1), Some(nth + 1)].map(|nth| nth.and_then(|nth| siblings.get(nth)).copied());
        let children: Vec<usize> = outline.children(Some(at)).collect();
        let mut path = outline.path(at);
        path.drain(..path.len().saturating_sub(DEEPEST));
        let shown: Vec<usize> = path
            .iter()
            .chain(beside.iter().flatten())
            .chain(children.iter().take(ObjectPage::CHILDREN))
            .copied()
            .collect();
        let ids: Vec<&str> = shown.iter().map(|at| outline.id(*at)).collect();
        let found: HashMap<String, ItemLine> = lines(tx, &ids)?;
        let line = |at: &usize| found.get(outline.id(*at)).cloned();
        Ok(Place {
            path: path.iter().filter_map(line).collect(),
            before: beside[0].as_ref().and_then(line),
            after: beside[1].as_ref().and_then(line),
            children: children.iter().take(ObjectPage::CHILDREN).filter_map(line).collect(),
            children_total: children.len(),
        })
    }
}

/// Where an item stands.
#[derive(Default)]
struct Place {
    path: Vec<ItemLine>,
    before: Option<ItemLine>,
    after: Option<ItemLine>,
    children: Vec<ItemLine>,
    children_total: usize,
}

/// The associations of an item but for those that `told` tells, in the order of their weight.
fn associations(
    tx: &mut Tx<'_>,
    object: &Object,
    related: &[Object],
    told: &HashSet<&str>,
) -> Result<Vec<AssociationLine>, RegistryError> {
    let other = |association: &Object| {
        let is_forward = association.origin.as_deref() == Some(object.id.as_str());
        let end = if is_forward { &association.destination } else { &association.origin };
        (is_forward, end.clone().unwrap_or_default())
    };
    let ends: Vec<String> = related.iter().take(ASSOCIATIONS).map(|association| other(association).1).collect();
    let ids: Vec<&str> = ends.iter().map(String::as_str).collect();
    let items = lines(tx, &ids)?;
    let titles = titles_of(tx, &object.home_id, &items)?;
    let mut shown = Vec::new();
    for association in related.iter().take(ASSOCIATIONS) {
        let value = parse(association);
        let (is_forward, id) = other(association);
        let kind = text(&value, "associationType");
        let is_own_document = kind == IS_CHILD_OF && id == object.home_id;
        if kind == IS_CHILD_OF && told.contains(id.as_str()) || is_own_document {
            continue;
        }
        let name = if is_forward { "destinationNodeURI" } else { "originNodeURI" };
        let end = end_of(&value, name, &id, &items, &titles);
        shown.push(AssociationLine { identifier: association.id.clone(), kind, is_forward, end });
    }
    // The same by type, what says that something is the same first.
    let weight = |line: &AssociationLine| {
        let first = [REPLACED_BY, EXACT_MATCH_OF].iter().position(|kind| *kind == line.kind).unwrap_or(2);
        (first, line.kind.clone(), !line.is_forward)
    };
    shown.sort_by_cached_key(weight);
    Ok(shown)
}

/// The criteria of rubrics of the item's framework that are about it.
fn criteria(tx: &mut Tx<'_>, object: &Object) -> Result<Vec<(Crumb, Crumb)>, RegistryError> {
    if object.class != Class::Item {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for rubric in tx.package_class(&object.package_id, Class::Rubric)? {
        let value = parse(&rubric);
        for criterion in
            members(&value, "CFRubricCriteria").iter().filter(|one| item_of(one).as_deref() == Some(&object.id))
        {
            let named = [text(criterion, "category"), text(criterion, "description")];
            let label_of = named.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default();
            let crumb = Crumb { identifier: text(criterion, "identifier"), label: label_of };
            found.push((Crumb { identifier: rubric.id.clone(), label: label(&rubric) }, crumb));
        }
    }
    Ok(found)
}

/// The object as a rubric, if it is one.
fn rubric(tx: &mut Tx<'_>, object: &Object, value: &Value) -> Result<Option<RubricPage>, RegistryError> {
    if object.class != Class::Rubric {
        return Ok(None);
    }
    let ids: Vec<String> = members(value, "CFRubricCriteria").iter().filter_map(item_of).collect();
    let items = in_order(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>())?;
    let items = items.into_iter().map(|line| (line.identifier.clone(), line)).collect();
    Ok(Some(rubric_page(&object.id, value, &items)))
}

/// The type and the ends of an association.
fn ends(tx: &mut Tx<'_>, object: &Object, value: &Value) -> Result<Option<(String, EndLine, EndLine)>, RegistryError> {
    if object.class != Class::Association {
        return Ok(None);
    }
    let [origin, destination] = [&object.origin, &object.destination].map(|end| end.clone().unwrap_or_default());
    let items = lines(tx, &[origin.as_str(), destination.as_str()])?;
    let titles = titles_of(tx, &object.home_id, &items)?;
    let end = |name: &str, id: &str| end_of(value, name, id, &items, &titles);
    let (from, to) = (end("originNodeURI", &origin), end("destinationNodeURI", &destination));
    Ok(Some((text(value, "associationType"), from, to)))
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

/// Since when or how something is no longer in force.
pub(super) fn retired(value: &Value) -> Option<String> {
    let status = text(value, "adoptionStatus");
    if status == "Retired" || status == "Deprecated" {
        return Some(status);
    }
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    Some(text(value, "statusEndDate")).filter(|end| !end.is_empty() && *end <= today)
}
