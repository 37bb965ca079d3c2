//! Keeps what was minted or assumed when a package was first read: reading it again, from input
//! that still does not say, must not change it (identifiers and uris are forever).

use std::collections::{HashMap, HashSet};

use crate::case::model::{Class, Criterion, Identity, Level, Package, Rubric, Timestamp};
use crate::case::read::{self, Reading, Stored};
use crate::store::Object;

/// Gives objects whose uri or time the input did not give the ones they are stored with.
pub(super) fn keep_stored(reading: &mut Reading, stored: &HashMap<(Class, String), Object>) {
    if stored.is_empty() || reading.minted_uris.is_empty() && reading.assumed_times.is_empty() {
        return;
    }
    let kept = |list: &[(Class, String)], name: &str| -> HashMap<(Class, String), String> {
        list.iter()
            .filter_map(|key| {
                let body: serde_json::Value = serde_json::from_str(&stored.get(key)?.body).ok()?;
                Some((key.clone(), body.get(name)?.as_str()?.to_owned()))
            })
            .collect()
    };
    let uris = kept(&reading.minted_uris, "uri");
    let times = kept(&reading.assumed_times, "lastChangeDateTime");
    let mut renamed = HashMap::new();
    each_identity(&mut reading.package, &mut |class, identity| {
        let key = (class, identity.identifier.clone());
        if let Some(uri) = uris.get(&key) {
            let minted = std::mem::replace(&mut identity.uri, uri.clone());
            renamed.insert(minted, uri.clone());
        }
        if let Some(time) = times.get(&key).and_then(|text| Timestamp::parse(text)) {
            identity.last_change = time;
        }
    });
    renamed.retain(|minted, uri| minted != uri);
    if !renamed.is_empty() {
        each_link_uri(&mut reading.package, &mut |uri| {
            if let Some(kept) = renamed.get(uri) {
                uri.clone_from(kept);
            }
        });
    }
}

/// Keeps criteria and levels that are stored and that the input no longer has: like every other
/// object, they go only when that is asked for.
pub(super) fn keep_rubric_parts(package: &mut Package, stored: &HashMap<(Class, String), Object>) {
    let mut present: HashSet<String> = HashSet::new();
    each_identity(package, &mut |class, identity| {
        if matches!(class, Class::Criterion | Class::Level) {
            present.insert(identity.identifier.clone());
        }
    });
    for rubric in package.rubrics.iter_mut().flatten() {
        let Some(before) = stored_rubric(stored, &rubric.identity.identifier) else { continue };
        for old in before.criteria.into_iter().flatten() {
            let criteria = rubric.criteria.get_or_insert_default();
            let held = criteria.iter_mut().find(|criterion| criterion.identity.identifier == old.identity.identifier);
            match held {
                Some(criterion) => keep_levels(criterion, old.levels, &present),
                None if !present.contains(&old.identity.identifier) => criteria.push(old),
                None => {}
            }
        }
    }
}

fn keep_levels(criterion: &mut Criterion, before: Option<Vec<Level>>, present: &HashSet<String>) {
    let gone = before.into_iter().flatten().filter(|level| !present.contains(&level.identity.identifier));
    for level in gone {
        criterion.levels.get_or_insert_default().push(level);
    }
}

fn stored_rubric(stored: &HashMap<(Class, String), Object>, id: &str) -> Option<Rubric> {
    let object = stored.get(&(Class::Rubric, id.to_owned()))?;
    match read::object(Class::Rubric, serde_json::from_str(&object.body).ok()?)? {
        Stored::Rubric(rubric) => Some(rubric),
        _ => None,
    }
}

fn each_identity(package: &mut Package, f: &mut impl FnMut(Class, &mut Identity)) {
    f(Class::Document, &mut package.document.identity);
    package.items.iter_mut().for_each(|one| f(Class::Item, &mut one.identity));
    package.associations.iter_mut().for_each(|one| f(Class::Association, &mut one.identity));
    if let Some(all) = &mut package.definitions {
        all.concepts.iter_mut().flatten().for_each(|one| f(Class::Concept, &mut one.identity));
        all.subjects.iter_mut().flatten().for_each(|one| f(Class::Subject, &mut one.identity));
        all.licenses.iter_mut().flatten().for_each(|one| f(Class::License, &mut one.identity));
        all.item_types.iter_mut().flatten().for_each(|one| f(Class::ItemType, &mut one.identity));
        all.groupings.iter_mut().flatten().for_each(|one| f(Class::Grouping, &mut one.identity));
    }
    for rubric in package.rubrics.iter_mut().flatten() {
        f(Class::Rubric, &mut rubric.identity);
        for criterion in rubric.criteria.iter_mut().flatten() {
            f(Class::Criterion, &mut criterion.identity);
            criterion.levels.iter_mut().flatten().for_each(|one| f(Class::Level, &mut one.identity));
        }
    }
}

fn each_link_uri(package: &mut Package, f: &mut impl FnMut(&mut String)) {
    let document = &mut package.document;
    document.subject_uri.iter_mut().flatten().for_each(|link| f(&mut link.uri));
    document.license_uri.iter_mut().for_each(|link| f(&mut link.uri));
    for item in &mut package.items {
        item.subject_uri.iter_mut().flatten().for_each(|link| f(&mut link.uri));
        let single = [&mut item.concept_keywords_uri, &mut item.item_type_uri, &mut item.license_uri];
        single.into_iter().flatten().for_each(|link| f(&mut link.uri));
    }
    for association in &mut package.associations {
        f(&mut association.origin.uri);
        f(&mut association.destination.uri);
        association.grouping_uri.iter_mut().for_each(|link| f(&mut link.uri));
    }
    let criteria = package.rubrics.iter_mut().flatten().flat_map(|rubric| rubric.criteria.iter_mut().flatten());
    criteria.filter_map(|criterion| criterion.item_uri.as_mut()).for_each(|link| f(&mut link.uri));
}
