//! From a stored framework to the items that texts are aligned to.

use std::collections::{BTreeSet, HashMap};

use crate::align::Item;
use crate::case::model::Class;
use crate::case::vocab::IS_CHILD_OF;
use crate::registry::RegistryError;
use crate::registry::search::entries::each;
use crate::registry::search::texts::{Edge, Texts};
use crate::store::{Sight, Store, Tx};

/// How many levels above an item are told.
const LEVELS: usize = 12;

/// Every item of a framework, in its order, as everybody sees it: what another framework keeps private is not in it. Of
/// a private framework, as those see it who see nothing else that is private. `None` when there is no such framework.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn items(store: &Store, package: &str) -> Result<Option<Vec<Item>>, RegistryError> {
    let is_private = store.read(|tx| Ok::<_, RegistryError>(tx.is_private(package)?))?;
    let only = BTreeSet::from([package.to_owned()]);
    let sight = if is_private { Sight::PublicAnd(only) } else { Sight::public() };
    store.read_with(sight, |tx| read(tx, package))
}

fn read(tx: &mut Tx<'_>, package: &str) -> Result<Option<Vec<Item>>, RegistryError> {
    let documents = tx.package_class(package, Class::Document)?;
    let Some(document) = documents.iter().find(|object| object.id == package) else { return Ok(None) };
    let language = Texts::of(document).language.map(std::borrow::Cow::into_owned);
    let parents = parents(tx, package)?;
    let mut items = Vec::new();
    each(tx, package, Class::Item, |is_preferred, object| {
        if is_preferred {
            let texts = Texts::of(object);
            let owned = |text: &Option<std::borrow::Cow<'_, str>>| {
                text.as_deref().filter(|text| !text.trim().is_empty()).map(str::to_owned)
            };
            let alternative = owned(&texts.alternative_label);
            let alternative = alternative.iter().flat_map(|text| text.split([';', '\n', '|']));
            let labels = owned(&texts.abbreviated_statement)
                .into_iter()
                .chain(alternative.map(|label| label.trim().to_owned()))
                .chain(texts.concept_keywords.iter().cloned());
            items.push(Item {
                id: object.id.clone(),
                code: owned(&texts.human_coding_scheme),
                statement: texts.statement(),
                labels: labels.filter(|label| !label.trim().is_empty()).collect(),
                notes: owned(&texts.notes),
                path: Vec::new(),
                parent: parents.get(&object.id).cloned(),
                grades: texts.education_level.clone(),
                kind: owned(&texts.item_type),
                language: owned(&texts.language).or_else(|| language.clone()),
            });
        }
        Ok(())
    })?;
    let statements: HashMap<&str, &str> =
        items.iter().map(|item| (item.id.as_str(), item.statement.as_str())).collect();
    let paths: Vec<Vec<String>> = items.iter().map(|item| path(&item.id, &parents, &statements)).collect();
    items.iter_mut().zip(paths).for_each(|(item, path)| item.path = path);
    Ok(Some(items))
}

/// The item that each stands below: the first by grouping, order and identifier.
fn parents(tx: &mut Tx<'_>, package: &str) -> Result<HashMap<String, String>, RegistryError> {
    let mut best: HashMap<String, (bool, i64, String)> = HashMap::new();
    each(tx, package, Class::Association, |_, object| {
        let edge = Edge::of(object);
        if edge.kind == IS_CHILD_OF && edge.origin.id != edge.destination.id {
            let found = (edge.grouped, edge.sequence, edge.destination.id);
            match best.get(&edge.origin.id) {
                Some(known) if *known <= found => {}
                _ => drop(best.insert(edge.origin.id, found)),
            }
        }
        Ok(())
    })?;
    Ok(best.into_iter().map(|(child, (_, _, parent))| (child, parent)).collect())
}

/// Statements of what stands above an item, from the top down.
fn path(id: &str, parents: &HashMap<String, String>, statements: &HashMap<&str, &str>) -> Vec<String> {
    let mut path = Vec::new();
    let mut at = id;
    while let Some(parent) = parents.get(at)
        && path.len() < LEVELS
        && let Some(statement) = statements.get(parent.as_str())
    {
        path.push((*statement).to_owned());
        at = parent;
    }
    path.reverse();
    path
}
