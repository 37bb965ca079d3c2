//! Planning an import: reads the input and compares it with what is stored. Writes nothing.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::compare::{Delta, Diff, compare};
use super::{Registry, RegistryError, parts, reconcile};
use crate::case::model::Class;
use crate::case::read::Reading;
use crate::case::report::Report;
use crate::store::{Object, Tx};

/// How an import is to be made.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Where the input comes from, e.g. a file's name; recorded with the revision.
    pub source: String,
    /// Delete what is stored and not in the input; by default it is kept.
    pub delete_missing: bool,
    /// Take objects that belong to other frameworks; by default that is refused.
    pub move_objects: bool,
}

/// An object that the input claims and another framework owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    #[serde(serialize_with = "class_name")]
    pub class: Class,
    pub id: String,
    pub held_by: String,
    pub held_by_title: String,
    pub wanted_by: String,
    pub wanted_by_title: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn class_name<S: serde::Serializer>(class: &Class, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(class.name())
}

/// What an import would do.
pub struct Plan {
    /// The framework's identifier and title.
    pub identifier: String,
    pub title: String,
    pub options: PlanOptions,
    pub report: Report,
    pub diff: Diff,
    pub conflicts: Vec<Conflict>,
    /// The mirror that makes the plan, if one does.
    pub(super) by_mirror: Option<String>,
    /// The revision the framework was at when the plan was made.
    pub(super) base: Option<i64>,
    /// The newest change of any framework then.
    pub(super) seen: i64,
    pub(super) write: Vec<Object>,
    pub(super) replaced: Vec<Object>,
    pub(super) missing: Vec<Object>,
}

impl Plan {
    /// Whether the framework is stored already.
    #[must_use]
    pub fn is_update(&self) -> bool {
        self.base.is_some()
    }

    /// Whether items of the stored framework are not in the input.
    pub(super) fn loses_items(&self) -> bool {
        self.missing.iter().any(|object| object.class == Class::Item)
    }

    /// Whether applying it would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diff.is_empty() && (self.missing.is_empty() || !self.options.delete_missing)
    }
}

impl Registry {
    /// Plans the import of every framework in `bytes`, which are unpacked already.
    ///
    /// # Errors
    /// [`RegistryError::Read`] or [`RegistryError::Exchange`] when there is no framework in it.
    pub fn plan(&self, bytes: Vec<u8>, options: &PlanOptions) -> Result<Vec<Plan>, RegistryError> {
        let (_, readings) = super::readings(&bytes, &self.reading_context())?;
        drop(bytes);
        readings.into_iter().map(|reading| self.plan_reading(reading, options.clone())).collect()
    }

    /// Plans the import of one package.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan_reading(&self, mut reading: Reading, options: PlanOptions) -> Result<Plan, RegistryError> {
        self.store.read(|tx| {
            let identifier = reading.package.identifier().to_owned();
            let title = reading.package.document.title.clone();
            let base = tx.current_revision(&identifier)?;
            let stored = match base {
                Some(_) => tx.package_rows(&identifier)?,
                None => Vec::new(),
            };
            let stored: HashMap<_, _> =
                stored.into_iter().map(|object| ((object.class, object.id.clone()), object)).collect();
            reconcile::keep_stored(&mut reading, &stored);
            if !options.delete_missing {
                reconcile::keep_rubric_parts(&mut reading.package, &stored);
            }
            let Reading { package, report, replaced_identifiers, .. } = reading;
            let new = parts::objects(package, &replaced_identifiers);
            let conflicts = conflicts(tx, &identifier, &title, &new)?;
            let Delta { diff, write, replaced, missing, .. } = compare(stored, new);
            let (by_mirror, seen) = (None, tx.newest_change()?);
            Ok(Plan {
                identifier,
                title,
                options,
                report,
                diff,
                conflicts,
                by_mirror,
                base,
                seen,
                write,
                replaced,
                missing,
            })
        })
    }
}

/// Which of the objects other frameworks own.
pub(super) fn conflicts(
    tx: &mut Tx<'_>,
    wanted_by: &str,
    title: &str,
    new: &[Object],
) -> Result<Vec<Conflict>, RegistryError> {
    let own = |object: &&Object| !object.is_alias() && !object.class.is_definition();
    let wanted: HashSet<(Class, &str)> =
        new.iter().filter(own).map(|object| (object.class, object.id.as_str())).collect();
    let ids: Vec<&str> = wanted.iter().map(|(_, id)| *id).collect();
    let mut held = tx.homes_elsewhere(wanted_by, &ids)?;
    held.retain(|(class, id, _)| wanted.contains(&(*class, id.as_str())));
    held.sort();
    let mut titles: HashMap<String, String> = HashMap::new();
    let mut conflicts = Vec::with_capacity(held.len());
    for (class, id, held_by) in held {
        if !titles.contains_key(&held_by) {
            titles.insert(held_by.clone(), super::publish::title_of(tx, &held_by)?);
        }
        conflicts.push(Conflict {
            class,
            id,
            held_by_title: titles.get(&held_by).cloned().unwrap_or_default(),
            held_by,
            wanted_by: wanted_by.to_owned(),
            wanted_by_title: title.to_owned(),
        });
    }
    Ok(conflicts)
}
