//! What a framework says of itself: its page's head, its rubrics, its associations.

use std::collections::HashMap;

use serde_json::Value;

use super::lines::{ItemLine, lines};
use super::object::Crumb;
use super::object::retired;
use super::skeleton::{Link, Skeleton};
use crate::case::model::Class;
use crate::registry::publish::{find, parse, summary, text, title_of};
use crate::registry::{FrameworkSummary, RegistryError, View, label};
use crate::store::Tx;

/// What the page of a framework shows beside its items.
#[derive(Clone, Debug)]
pub struct FrameworkPage {
    pub summary: FrameworkSummary,
    pub description: String,
    pub publisher: String,
    pub version: String,
    pub notes: String,
    /// Where the official text is, as the framework says.
    pub source: String,
    pub status_start: String,
    pub status_end: String,
    pub subjects: Vec<String>,
    pub licence: Option<Licence>,
    /// Groupings that arrange the items as another tree.
    pub trees: Vec<Crumb>,
    pub rubrics: u64,
    /// How many associations there are of each type.
    pub kinds: Vec<(String, u64)>,
    pub retired: Option<String>,
}

/// Under which terms a framework is published.
#[derive(Clone, Debug, Default)]
pub struct Licence {
    pub title: String,
    pub text: String,
    /// Where its terms are, or its own uri.
    pub uri: String,
    /// Its identifier, when it is stored here.
    pub identifier: Option<String>,
}

/// A rubric to be read.
#[derive(Clone, Debug)]
pub struct RubricPage {
    pub identifier: String,
    pub title: String,
    pub description: String,
    /// The names of its levels, from what its criteria have, in their order.
    pub levels: Vec<String>,
    pub criteria: Vec<CriterionRow>,
}

/// A row of a rubric.
#[derive(Clone, Debug)]
pub struct CriterionRow {
    pub identifier: String,
    pub category: String,
    pub description: String,
    pub weight: String,
    /// The item that it is about.
    pub item: Option<ItemLine>,
    /// For each of the rubric's levels what this criterion says of it.
    pub cells: Vec<Option<LevelCell>>,
}

/// What a criterion says of a level.
#[derive(Clone, Debug)]
pub struct LevelCell {
    pub identifier: String,
    pub description: String,
    pub score: String,
    pub feedback: String,
}

/// Which associations of a framework are listed.
#[derive(Clone, Debug, Default)]
pub struct AssociationFilter {
    pub kind: Option<String>,
    /// Whether the other end is in the framework: `Some(true)` only those within, `Some(false)` only others.
    pub within: Option<bool>,
    pub from: usize,
    pub most: usize,
}

/// Some associations of a framework.
#[derive(Clone, Debug, Default)]
pub struct AssociationList {
    pub rows: Vec<AssociationRow>,
    pub total: usize,
    pub from: usize,
}

/// One association with both its ends.
#[derive(Clone, Debug)]
pub struct AssociationRow {
    pub identifier: String,
    pub kind: String,
    pub origin: EndLine,
    pub destination: EndLine,
}

/// One end of an association.
#[derive(Clone, Debug, Default)]
pub struct EndLine {
    /// The item, when it is in sight.
    pub item: Option<ItemLine>,
    /// What the association calls it.
    pub title: String,
    /// Where it is, when it is a place of the web or of ours.
    pub uri: String,
    pub identifier: String,
    /// The title of its framework, when that is another one.
    pub framework: String,
}

impl View<'_> {
    /// What the page of a framework shows; `None` when there is no such framework.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn framework_page(&self, id: &str) -> Result<Option<FrameworkPage>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let skeleton = self.skeleton(tx, &document.id)?;
            let crossing = tx.crossing(Some(&document.id))?;
            let value = parse(&document);
            let say = |name: &str| text(&value, name);
            let arranging = skeleton.trees();
            let groupings = tx.package_class(&document.id, Class::Grouping)?;
            let trees = groupings.iter().filter(|grouping| arranging.contains(grouping.id.as_str()));
            let subjects = value.get("subject").and_then(Value::as_array).into_iter().flatten();
            Ok(Some(FrameworkPage {
                summary: summary(tx, &document, &crossing)?,
                description: say("description"),
                publisher: say("publisher"),
                version: say("version"),
                notes: say("notes"),
                source: say("officialSourceURL"),
                status_start: say("statusStartDate"),
                status_end: say("statusEndDate"),
                subjects: subjects.filter_map(|subject| subject.as_str().map(str::to_owned)).collect(),
                licence: licence(tx, &value)?,
                trees: trees.map(|one| Crumb { identifier: one.id.clone(), label: label(one) }).collect(),
                rubrics: tx.package_ids(&document.id, Class::Rubric)?.len() as u64,
                kinds: skeleton.kinds.iter().map(|(kind, count)| (kind.to_string(), *count)).collect(),
                retired: retired(&value),
            }))
        })
    }

    /// The rubrics of a framework.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rubrics(&self, id: &str) -> Result<Option<Vec<RubricPage>>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let rubrics = tx.package_class(&document.id, Class::Rubric)?;
            let values: Vec<Value> = rubrics.iter().map(parse).collect();
            let items: Vec<String> =
                values.iter().flat_map(|rubric| members(rubric, "CFRubricCriteria")).filter_map(item_of).collect();
            let items = lines(tx, &items.iter().map(String::as_str).collect::<Vec<_>>())?;
            Ok(Some(
                rubrics.iter().zip(&values).map(|(rubric, value)| rubric_page(&rubric.id, value, &items)).collect(),
            ))
        })
    }

    /// Some associations of a framework, in its order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn framework_associations(
        &self,
        id: &str,
        filter: &AssociationFilter,
    ) -> Result<Option<AssociationList>, RegistryError> {
        self.look(|tx| {
            let Some(document) = find(tx, Class::Document, id)? else { return Ok(None) };
            let skeleton = self.skeleton(tx, &document.id)?;
            let fits = |link: &&Link| {
                let is_kind = filter.kind.as_deref().is_none_or(|kind| kind == link.kind.as_ref());
                is_kind && filter.within.is_none_or(|within| within == is_within(&skeleton, link))
            };
            let chosen: Vec<&Link> = skeleton.links.iter().filter(fits).collect();
            let piece: Vec<&Link> = chosen.iter().skip(filter.from).take(filter.most).copied().collect();
            Ok(Some(AssociationList { rows: rows(tx, &document.id, &piece)?, total: chosen.len(), from: filter.from }))
        })
    }
}

fn is_within(skeleton: &Skeleton, link: &Link) -> bool {
    let known = |id: &str| id == skeleton.id || skeleton.outline.at(id).is_some();
    known(&link.origin) && known(&link.destination)
}

/// The associations with what is known of their ends.
fn rows(tx: &mut Tx<'_>, document_id: &str, links: &[&Link]) -> Result<Vec<AssociationRow>, RegistryError> {
    let ids: Vec<&str> = links.iter().map(|link| link.id.as_ref()).collect();
    let bodies = tx.objects_among(Class::Association, &ids)?;
    let ends: Vec<&str> = links.iter().flat_map(|link| [link.origin.as_ref(), link.destination.as_ref()]).collect();
    let items = lines(tx, &ends)?;
    let titles = titles_of(tx, document_id, &items)?;
    let end = |value: &Value, name: &str, id: &str| end_of(value, name, id, &items, &titles);
    let row = |link: &&Link| {
        let value = bodies.get(link.id.as_ref()).map(parse).unwrap_or_default();
        AssociationRow {
            identifier: link.id.to_string(),
            kind: link.kind.to_string(),
            origin: end(&value, "originNodeURI", &link.origin),
            destination: end(&value, "destinationNodeURI", &link.destination),
        }
    };
    Ok(links.iter().map(row).collect())
}

/// The titles of the frameworks that items belong to, but for one.
pub(super) fn titles_of(
    tx: &mut Tx<'_>,
    document_id: &str,
    items: &HashMap<String, ItemLine>,
) -> Result<HashMap<String, String>, RegistryError> {
    let mut titles: HashMap<String, String> = HashMap::new();
    for item in items.values() {
        if item.framework != document_id && !titles.contains_key(&item.framework) {
            titles.insert(item.framework.clone(), title_of(tx, &item.framework)?);
        }
    }
    Ok(titles)
}

/// One end of an association, from what it says and what is known of the item.
pub(super) fn end_of(
    association: &Value,
    name: &str,
    id: &str,
    items: &HashMap<String, ItemLine>,
    titles: &HashMap<String, String>,
) -> EndLine {
    let told = association.get(name).cloned().unwrap_or_default();
    let item = items.get(id).cloned();
    let framework = item.as_ref().and_then(|item| titles.get(&item.framework).cloned()).unwrap_or_default();
    EndLine { item, title: text(&told, "title"), uri: text(&told, "uri"), identifier: id.to_owned(), framework }
}

fn licence(tx: &mut Tx<'_>, document: &Value) -> Result<Option<Licence>, RegistryError> {
    let Some(link) = document.get("licenseURI").filter(|link| !link.is_null()) else { return Ok(None) };
    let id = text(link, "identifier");
    let stored = if id.is_empty() { None } else { tx.object(Class::License, &id)? };
    let value = stored.as_ref().map(parse).unwrap_or_default();
    let title = Some(text(&value, "title")).filter(|title| !title.is_empty()).unwrap_or_else(|| text(link, "title"));
    Ok(Some(Licence {
        title,
        text: text(&value, "licenseText"),
        uri: text(link, "uri"),
        identifier: stored.map(|object| object.id),
    }))
}

pub(super) fn members<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn item_of(criterion: &Value) -> Option<String> {
    criterion.get("CFItemURI").map(|link| text(link, "identifier")).filter(|id| !id.is_empty())
}

/// A number as it is written, or nothing.
fn number(value: &Value, name: &str) -> String {
    value.get(name).filter(|value| value.is_number()).map(Value::to_string).unwrap_or_default()
}

pub(super) fn rubric_page(id: &str, value: &Value, items: &HashMap<String, ItemLine>) -> RubricPage {
    let mut criteria: Vec<&Value> = members(value, "CFRubricCriteria").iter().collect();
    let place = |value: &Value| value.get("position").and_then(Value::as_f64).unwrap_or(f64::MAX);
    criteria.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let levels_of = |criterion: &Value| {
        let mut levels: Vec<Value> = members(criterion, "CFRubricCriterionLevels").to_vec();
        levels.sort_by(|a, b| place(a).total_cmp(&place(b)));
        levels
    };
    let mut levels: Vec<String> = Vec::new();
    for (nth, level) in criteria.iter().flat_map(|criterion| levels_of(criterion).into_iter().enumerate()) {
        let name = level_name(nth, &level);
        if !levels.contains(&name) {
            levels.push(name);
        }
    }
    let row = |criterion: &&Value| {
        let mut own: HashMap<String, LevelCell> = HashMap::new();
        for (nth, level) in levels_of(criterion).iter().enumerate() {
            let cell = LevelCell {
                identifier: text(level, "identifier"),
                description: text(level, "description"),
                score: number(level, "score"),
                feedback: text(level, "feedback"),
            };
            own.entry(level_name(nth, level)).or_insert(cell);
        }
        CriterionRow {
            identifier: text(criterion, "identifier"),
            category: text(criterion, "category"),
            description: text(criterion, "description"),
            weight: number(criterion, "weight"),
            item: item_of(criterion).and_then(|id| items.get(&id).cloned()),
            cells: levels.iter().map(|name| own.remove(name)).collect(),
        }
    };
    RubricPage {
        identifier: id.to_owned(),
        title: text(value, "title"),
        description: text(value, "description"),
        criteria: criteria.iter().map(row).collect(),
        levels,
    }
}

/// What a level is called: its quality, or its number.
fn level_name(nth: usize, level: &Value) -> String {
    let quality = text(level, "quality");
    if quality.trim().is_empty() { (nth + 1).to_string() } else { quality }
}
