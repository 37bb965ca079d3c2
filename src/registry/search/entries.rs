//! From a stored framework to what is indexed of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use serde_json::Value;

use super::texts::{Edge, End, Texts, members};
use crate::case::model::Class;
use crate::case::vocab::{EXACT_MATCH_OF, IS_CHILD_OF};
use crate::registry::RegistryError;
use crate::registry::answers::seconds;
use crate::registry::eligible;
use crate::registry::publish::{parse, text};
use crate::search::{Associated, Entry, Framework, Path, Pointer, Replaced, Replacement, Writer, rank_of_package};
use crate::store::{Object, Tx};

/// How many rows are read at once.
const SLICE: usize = 2_000;

/// Replaces what the index knows of a framework by what is in sight of it.
///
/// # Errors
/// When the store cannot be read or the index cannot be written.
pub(super) fn replace(tx: &mut Tx<'_>, writer: &mut Writer, package: &str) -> Result<Replaced, RegistryError> {
    let has_pointers = writer.has_pointers()?;
    let mut replacement = writer.replace(package)?;
    let documents = tx.package_class(package, Class::Document)?;
    let Some(document) = documents.iter().find(|object| object.id == package) else { return Ok(replacement.finish()) };
    let framework = Arc::new(framework(document));
    let tree = Tree::read(tx, &framework)?;
    let indexing = Indexing { framework, tree, has_pointers };
    replacement.entry(&indexing.document(document))?;
    for pointer in &indexing.tree.pointers {
        replacement.pointer(pointer)?;
    }
    indexing.items(tx, &mut replacement)?;
    indexing.rubrics(tx, &mut replacement)?;
    Ok(replacement.finish())
}

fn framework(document: &Object) -> Framework {
    let texts = Texts::of(document);
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_ref().map(|text| text.clone().into_owned());
    let status = owned(&texts.adoption_status);
    Framework {
        id: document.id.clone(),
        title: texts.statement(),
        creator: owned(&texts.creator),
        is_retired: status.as_deref().is_some_and(is_retired),
        status,
        language: owned(&texts.language),
        subjects: texts.subject,
    }
}

/// What the associations of a framework say.
struct Tree {
    /// Parents by children.
    parents: HashMap<String, String>,
    /// Places by items, depth first.
    places: HashMap<String, u64>,
    /// What stands above the children of an item.
    paths: HashMap<String, Arc<Path>>,
    /// What is the same as one of its items.
    same: HashMap<String, Vec<Associated>>,
    pointers: Vec<Pointer>,
}

impl Tree {
    fn read(tx: &mut Tx<'_>, framework: &Framework) -> Result<Tree, RegistryError> {
        let mut best: HashMap<String, (bool, i64, String)> = HashMap::new();
        let mut exact: Vec<(End, End)> = Vec::new();
        let crossing = tx.crossing(Some(&framework.id))?;
        each(tx, &framework.id, Class::Association, |_, object| {
            if crossing.contains(&(object.package_id.clone(), object.id.clone())) {
                return Ok(());
            }
            let edge = Edge::of(object);
            if edge.kind == EXACT_MATCH_OF {
                exact.push((edge.origin, edge.destination));
            } else if edge.kind == IS_CHILD_OF && edge.origin.id != edge.destination.id {
                let found = (edge.grouped, edge.sequence, edge.destination.id);
                match best.get(&edge.origin.id) {
                    Some(known) if *known <= found => {}
                    _ => drop(best.insert(edge.origin.id, found)),
                }
            }
            Ok(())
        })?;
        let places = places(&best, &framework.id);
        let parents = best.into_iter().map(|(child, (_, _, parent))| (child, parent)).collect();
        let (same, pointers) = matches(tx, framework, &exact)?;
        let mut tree = Tree { parents, places, paths: HashMap::new(), same, pointers };
        tree.read_paths(tx, framework)?;
        Ok(tree)
    }

    /// The paths of everything that has something below it.
    fn read_paths(&mut self, tx: &mut Tx<'_>, framework: &Framework) -> Result<(), RegistryError> {
        let above: HashSet<&str> = self.parents.values().map(String::as_str).filter(|id| *id != framework.id).collect();
        let mut above: Vec<&str> = above.into_iter().collect();
        // From the top down: what is above has the lower place.
        above.sort_by_key(|id| self.places.get(*id));
        let found = tx.objects_among(Class::Item, &above)?;
        let mut paths: HashMap<String, Arc<Path>> = HashMap::with_capacity(above.len());
        for id in &above {
            let Some(object) = found.get(*id) else { continue };
            let texts = Texts::of(object);
            let statement = texts.statement();
            let short = texts.abbreviated_statement.as_deref().unwrap_or_default();
            let language = texts.language.as_deref().or(framework.language.as_deref());
            let parent = self.parents.get(*id).and_then(|parent| paths.get(parent));
            paths.insert((*id).to_owned(), Path::below(parent, id, &[&statement, short], language));
        }
        self.paths = paths;
        Ok(())
    }

    fn path(&self, id: &str) -> Option<Arc<Path>> {
        self.paths.get(self.parents.get(id)?).cloned()
    }
}

/// Places depth first, from the children of the document, and of whatever has no parent.
fn places(best: &HashMap<String, (bool, i64, String)>, document: &str) -> HashMap<String, u64> {
    let mut children: BTreeMap<&str, Vec<(bool, i64, &str)>> = BTreeMap::new();
    for (child, (grouped, sequence, parent)) in best {
        children.entry(parent).or_default().push((*grouped, *sequence, child));
    }
    for family in children.values_mut() {
        family.sort_unstable();
    }
    let tops = children.keys().filter(|parent| **parent != document && !best.contains_key(**parent));
    let mut open: Vec<&str> = tops.copied().rev().chain([document]).collect();
    let mut places = HashMap::with_capacity(best.len());
    while let Some(id) = open.pop() {
        let place = places.len() as u64;
        // A circle is met but once.
        if places.insert(id.to_owned(), place).is_some() {
            continue;
        }
        let below = children.get(id).into_iter().flatten().rev();
        open.extend(below.map(|(_, _, child)| *child).filter(|child| !places.contains_key(*child)));
    }
    places
}

type Matches = (HashMap<String, Vec<Associated>>, Vec<Pointer>);

/// What exact matches say of the framework's own items, and of those of others.
fn matches(tx: &mut Tx<'_>, framework: &Framework, exact: &[(End, End)]) -> Result<Matches, RegistryError> {
    let ids: Vec<&str> = exact.iter().flat_map(|(one, other)| [one.id.as_str(), other.id.as_str()]).collect();
    let found = tx.objects_among(Class::Item, &ids)?;
    let (mut same, mut pointers) = (HashMap::<String, Vec<Associated>>::new(), Vec::new());
    let is_own = |end: &End| found.get(&end.id).is_some_and(|object| object.package_id == framework.id);
    let told = |end: &End| match found.get(&end.id) {
        Some(object) => {
            let texts = Texts::of(object);
            let code = texts.human_coding_scheme.as_ref().map(|code| code.clone().into_owned());
            Associated { package: object.package_id.clone(), code, statement: texts.statement() }
        }
        None => Associated { package: framework.id.clone(), code: None, statement: end.title.clone() },
    };
    for (origin, destination) in exact {
        for (end, other) in [(origin, destination), (destination, origin)] {
            let associated = told(other);
            if is_own(end) {
                same.entry(end.id.clone()).or_default().push(associated);
            } else {
                pointers.push(Pointer { target: end.id.clone(), from: framework.id.clone(), associated });
            }
        }
    }
    Ok((same, pointers))
}

struct Indexing {
    framework: Arc<Framework>,
    tree: Tree,
    has_pointers: bool,
}

impl Indexing {
    fn document(&self, document: &Object) -> Entry {
        let mut entry = self.entry(document, Class::Document, 0);
        entry.notes = Texts::of(document).description.map(std::borrow::Cow::into_owned);
        entry
    }

    fn entry(&self, object: &Object, class: Class, order: u64) -> Entry {
        let texts = Texts::of(object);
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| {
            text.as_ref().filter(|text| !text.trim().is_empty()).map(|text| text.clone().into_owned())
        };
        Entry {
            id: object.id.clone(),
            class: class.name(),
            uri: texts.uri.clone().into_owned(),
            is_credential: class == Class::Item && eligible::type_of_texts(&texts).is_some(),
            codes: owned(&texts.human_coding_scheme).into_iter().collect(),
            statement: texts.statement(),
            short: owned(&texts.abbreviated_statement),
            keywords: texts
                .concept_keywords
                .iter()
                .cloned()
                .chain(owned(&texts.alternative_label))
                .chain(owned(&texts.list_enumeration))
                .collect(),
            notes: owned(&texts.notes),
            item_type: owned(&texts.item_type),
            grades: texts.education_level.clone(),
            subjects: texts.subject.clone(),
            language: owned(&texts.language),
            framework: Arc::clone(&self.framework),
            path: None,
            associated: Vec::new(),
            ends: texts.status_end_date.as_deref().and_then(end_of),
            changed: seconds(object.changed_at),
            place: rank_of_package(&self.framework.id, order),
            // Were its home stored here as well, it would be found there.
            carried_from: object.is_alias().then(|| object.home_id.clone()),
        }
    }

    fn items(&self, tx: &mut Tx<'_>, replacement: &mut Replacement<'_>) -> Result<(), RegistryError> {
        each(tx, &self.framework.id, Class::Item, |preferred, object| {
            if !preferred {
                return Ok(());
            }
            let after = self.tree.places.len() as u64 + object.position.unsigned_abs();
            let order = self.tree.places.get(&object.id).copied().unwrap_or(after);
            let mut entry = self.entry(object, Class::Item, order);
            entry.path = self.tree.path(&object.id);
            entry.associated = self.tree.same.get(&object.id).cloned().unwrap_or_default();
            if self.has_pointers {
                let others = replacement.pointers_to(&object.id)?;
                entry.associated.extend(others.into_iter().filter(|one| one.package != self.framework.id));
            }
            Ok(replacement.entry(&entry)?)
        })
    }

    fn rubrics(&self, tx: &mut Tx<'_>, replacement: &mut Replacement<'_>) -> Result<(), RegistryError> {
        let mut order = u64::from(u32::MAX) / 2;
        each(tx, &self.framework.id, Class::Rubric, |preferred, object| {
            if !preferred {
                return Ok(());
            }
            let rubric = parse(object);
            let title = [text(&rubric, "title"), text(&rubric, "description")].join(" ");
            let above = Path::below(None, &object.id, &[&title], self.framework.language.as_deref());
            for criterion in members(&rubric, "CFRubricCriteria") {
                order += 1;
                let own = self.part(criterion, Class::Criterion, object, order, &above);
                let below = Path::below(Some(&above), &own.id, &[&own.statement], self.framework.language.as_deref());
                replacement.entry(&own)?;
                for level in members(criterion, "CFRubricCriterionLevels") {
                    order += 1;
                    replacement.entry(&self.part(level, Class::Level, object, order, &below))?;
                }
            }
            Ok(())
        })
    }

    /// A criterion or a level: what it is called, and what is said of it.
    fn part(&self, value: &Value, class: Class, rubric: &Object, order: u64, path: &Arc<Path>) -> Entry {
        let name = text(value, if class == Class::Criterion { "category" } else { "quality" });
        let description = text(value, "description");
        let statement = if description.is_empty() { name.clone() } else { description };
        Entry {
            id: text(value, "identifier"),
            class: class.name(),
            uri: text(value, "uri"),
            short: (name != statement && !name.is_empty()).then_some(name),
            statement,
            notes: Some(text(value, "feedback")).filter(|text| !text.is_empty()),
            framework: Arc::clone(&self.framework),
            path: Some(Arc::clone(path)),
            changed: seconds(rubric.changed_at),
            place: rank_of_package(&self.framework.id, order),
            ..Entry::default()
        }
    }
}

/// Whether an adoption status says that a framework is no longer in force.
pub(in crate::registry) fn is_retired(status: &str) -> bool {
    status == "Retired" || status == "Deprecated"
}

/// When the status of an object ends, in seconds since 1970.
pub(in crate::registry) fn end_of(date: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(date.get(..10)?, "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

/// Every row of a class in a package, in order, with whether it is the one that stands for its
/// identifier: an object that several packages carry is found once.
pub(in crate::registry) fn each(
    tx: &mut Tx<'_>,
    package: &str,
    class: Class,
    mut f: impl FnMut(bool, &Object) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    let mut after: Option<(i64, String)> = None;
    loop {
        let rows = tx.package_slice(package, class, after.as_ref(), SLICE)?;
        let aliases: Vec<&str> = rows.iter().filter(|row| row.is_alias()).map(|row| row.id.as_str()).collect();
        let preferred = tx.objects_among(class, &aliases)?;
        for row in &rows {
            f(preferred.get(&row.id).is_none_or(|best| best.package_id == package), row)?;
        }
        match rows.last() {
            Some(last) if rows.len() == SLICE => after = Some((last.position, last.id.clone())),
            _ => return Ok(()),
        }
    }
}
