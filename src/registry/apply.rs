//! Applying a plan in one transaction, and undoing the last one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Actor, Deed};
use super::compare::Diff;
use super::mirror::{check_mirrored, refuse_mirrored};
use super::plan::{Conflict, Plan, conflicts};
use super::privacy::{follow_status, touched_in};
use super::{Registry, RegistryError, now};
use crate::case::model::Class;
use crate::store::{NewRevision, Object, Revision, Tx, Undo};

/// An import that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    pub identifier: String,
    pub title: String,
    /// `None` when there was nothing to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    pub added: usize,
    pub changed: usize,
    pub moved: u64,
    pub deleted: usize,
    pub unchanged: u64,
}

/// An import that was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Undone {
    pub identifier: String,
    pub revision: i64,
    /// Where that revision came from.
    pub source: String,
    /// The revision the framework is at now; `None` when it is no longer stored.
    pub now_at: Option<i64>,
}

impl Registry {
    /// Applies a plan whole, or not at all.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] when the framework changed since the plan was made,
    /// [`RegistryError::Conflict`] when the plan would take other frameworks' objects unasked.
    pub fn apply(&self, plan: Plan) -> Result<Applied, RegistryError> {
        self.apply_as(plan, &Actor::cli())
    }

    /// [`Registry::apply`], recorded as done by `actor`.
    ///
    /// # Errors
    /// As [`Registry::apply`].
    pub fn apply_as(&self, plan: Plan, actor: &Actor) -> Result<Applied, RegistryError> {
        plan.check_conflicts()?;
        if plan.is_empty() {
            return Ok(plan.outcome());
        }
        let applied = self.store.write(|tx| apply(tx, plan, actor, None))?;
        self.notice();
        Ok(applied)
    }

    /// Lets this process see what it has just committed at once. When the look fails, nothing is
    /// answered from memory until one succeeds.
    pub(super) fn notice(&self) {
        drop(self.catch_up());
    }

    /// Undoes the last revision of a framework that is not undone yet.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchFramework`], [`RegistryError::UndoBlocked`].
    pub fn undo(&self, document_id: &str) -> Result<Undone, RegistryError> {
        self.undo_as(document_id, &Actor::cli())
    }

    /// [`Registry::undo`], recorded as done by `actor`.
    ///
    /// # Errors
    /// As [`Registry::undo`].
    pub fn undo_as(&self, document_id: &str, actor: &Actor) -> Result<Undone, RegistryError> {
        let undone = self.store.write(|tx| undo(tx, document_id, actor, None))?;
        self.notice();
        Ok(undone)
    }

    /// The revisions of a framework, newest first, undone ones included.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn revisions(&self, document_id: &str) -> Result<Vec<Revision>, RegistryError> {
        self.store.read(|tx| Ok(tx.revisions(document_id)?))
    }
}

/// Undoes the revision that a framework is at, as part of a transaction.
pub(super) fn undo(
    tx: &mut Tx<'_>,
    document_id: &str,
    actor: &Actor,
    import: Option<i64>,
) -> Result<Undone, RegistryError> {
    let revision =
        tx.current_revision(document_id)?.ok_or_else(|| RegistryError::NoSuchFramework(document_id.to_owned()))?;
    let (owner, undo) =
        tx.revision_undo(revision)?.ok_or_else(|| RegistryError::NothingToUndo(document_id.to_owned()))?;
    let source = revision_source(tx, &owner, revision)?;
    let before = undo.before.clone();
    for (other, _) in &before {
        refuse_mirrored(tx, other, None)?;
        if tx.current_revision(other)? != Some(revision) {
            return Err(RegistryError::UndoBlocked { revision, other: other.clone() });
        }
    }
    if let Some(other) = taken_meanwhile(tx, &undo)? {
        return Err(RegistryError::UndoBlocked { revision, other });
    }
    let mut touched = published_elsewhere(tx, &undo)?;
    let rows: Vec<Vec<String>> = before.iter().map(|(document, _)| touched_in(&undo, document)).collect();
    let at = now();
    tx.restore(revision, undo, at)?;
    actor.did(tx, at, Deed::Undo { document_id, revision, import })?;
    for (document, previous) in &before {
        tx.set_current_revision(document, *previous)?;
    }
    for ((document, _), rows) in before.iter().zip(&rows) {
        touched.extend(follow_status(tx, document, rows)?);
        touched.push(document.clone());
    }
    touched.sort();
    touched.dedup();
    tx.append_changes(&touched, revision, at)?;
    let now_at = before.iter().find(|(document, _)| document == document_id).and_then(|(_, previous)| *previous);
    Ok(Undone { identifier: document_id.to_owned(), revision, source, now_at })
}

fn revision_source(tx: &mut Tx<'_>, document_id: &str, revision: i64) -> Result<String, RegistryError> {
    let all = tx.revisions(document_id)?;
    Ok(all.into_iter().find(|one| one.id == revision).map(|one| one.source).unwrap_or_default())
}

impl Plan {
    /// Refuses to take what belongs to other frameworks unasked.
    pub(super) fn check_conflicts(&self) -> Result<(), RegistryError> {
        let unasked = !self.conflicts.is_empty() && !self.options.move_objects;
        if unasked { Err(RegistryError::Conflict(self.conflicts.clone())) } else { Ok(()) }
    }

    /// Refuses when the framework changed since the plan was made.
    pub(super) fn check_base(&self, tx: &mut Tx<'_>) -> Result<(), RegistryError> {
        if tx.current_revision(&self.identifier)? == self.base { Ok(()) } else { Err(self.stale()) }
    }

    /// That it no longer does what it says.
    pub(super) fn stale(&self) -> RegistryError {
        RegistryError::Stale { identifier: self.identifier.clone(), title: self.title.clone() }
    }

    /// What comes of it; without a revision as long as nothing is written.
    pub(super) fn outcome(&self) -> Applied {
        Applied {
            identifier: self.identifier.clone(),
            title: self.title.clone(),
            revision: None,
            added: self.diff.added.len(),
            changed: self.diff.changed.len(),
            moved: self.diff.moved,
            deleted: if self.options.delete_missing { self.missing.len() } else { 0 },
            unchanged: self.diff.unchanged,
        }
    }
}

/// Applies a plan that changes something, as part of a transaction; `import` is the number of the
/// import over HTTP that it belongs to.
pub(super) fn apply(tx: &mut Tx<'_>, plan: Plan, actor: &Actor, import: Option<i64>) -> Result<Applied, RegistryError> {
    let mut applied = plan.outcome();
    let revision = write(tx, plan, &applied)?;
    actor.did(tx, now(), Deed::Import { document_id: &applied.identifier, revision, import })?;
    applied.revision = Some(revision);
    Ok(applied)
}

fn write(tx: &mut Tx<'_>, mut plan: Plan, counts: &Applied) -> Result<i64, RegistryError> {
    // What differs has been told; it may be as much as what is written.
    plan.diff = Diff::default();
    plan.check_base(tx)?;
    check_mirrored(tx, &plan.identifier, plan.by_mirror.as_deref())?;
    let conflicts = present_conflicts(tx, &mut plan)?;
    for conflict in &conflicts {
        refuse_mirrored(tx, &conflict.held_by, plan.by_mirror.as_deref())?;
    }
    if !conflicts.is_empty() && !plan.options.move_objects {
        return Err(RegistryError::Conflict(conflicts));
    }
    let mut undo = Undo::new(&plan.identifier, plan.base);
    let mut gone: Vec<Object> = taken_from_others(tx, &conflicts, &mut undo)?;
    let replaced: std::collections::HashSet<(Class, String)> =
        plan.replaced.iter().map(|object| (object.class, object.id.clone())).collect();
    gone.extend(plan.replaced);
    if plan.options.delete_missing {
        gone.extend(plan.missing);
    }
    delete(tx, &gone)?;
    for object in gone {
        undo.was(object);
    }
    let note_added = |object: &Object| {
        if !replaced.contains(&(object.class, object.id.clone())) {
            undo.added(object);
        }
    };
    tx.insert(plan.write.into_iter().inspect(note_added))?;

    let at = now();
    let summary = serde_json::to_string(counts).unwrap_or_default();
    let report = serde_json::to_string(&plan.report).unwrap_or_default();
    let revision = tx.record_revision(&NewRevision {
        document_id: &plan.identifier,
        at,
        source: &plan.options.source,
        summary: &summary,
        report: &report,
        undo: &undo,
    })?;
    let mut touched = published_elsewhere(tx, &undo)?;
    for (document, _) in &undo.before {
        tx.set_current_revision(document, Some(revision))?;
        touched.extend(follow_status(tx, document, &touched_in(&undo, document))?);
        touched.push(document.clone());
    }
    touched.sort();
    touched.dedup();
    tx.append_changes(&touched, revision, at)?;
    Ok(revision)
}

/// Which of the objects other frameworks own now, which must be those that it was planned with.
fn present_conflicts(tx: &mut Tx<'_>, plan: &mut Plan) -> Result<Vec<Conflict>, RegistryError> {
    if tx.newest_change()? == plan.seen {
        return Ok(std::mem::take(&mut plan.conflicts));
    }
    let now = conflicts(tx, &plan.identifier, &plan.title, &plan.write)?;
    let is_refused = !now.is_empty() && !plan.options.move_objects;
    if is_refused || same_claims(&now, &plan.conflicts) { Ok(now) } else { Err(plan.stale()) }
}

/// Whether the same objects of the same frameworks are claimed.
fn same_claims(these: &[Conflict], those: &[Conflict]) -> bool {
    let keys = |conflicts: &[Conflict]| -> BTreeSet<(Class, String, String)> {
        conflicts.iter().map(|one| (one.class, one.id.clone(), one.held_by.clone())).collect()
    };
    keys(these) == keys(those)
}

/// The framework that has since become the home of an object that the undo would bring back.
fn taken_meanwhile(tx: &mut Tx<'_>, undo: &Undo) -> Result<Option<String>, RegistryError> {
    let mut by_package: BTreeMap<&str, Vec<(Class, &str)>> = BTreeMap::new();
    for (package, class, id) in undo.restored() {
        by_package.entry(package).or_default().push((class, id));
    }
    for (package, back) in by_package {
        let ids: Vec<&str> = back.iter().map(|(_, id)| *id).collect();
        let held = tx.homes_elsewhere(package, &ids)?;
        let other = held
            .into_iter()
            .find(|(class, id, holder)| back.contains(&(*class, id.as_str())) && !undo.adds(holder, *class, id));
        if let Some((_, _, holder)) = other {
            return Ok(Some(holder));
        }
    }
    Ok(None)
}

/// The objects that the import moves here from other frameworks, with those frameworks' state noted.
fn taken_from_others(tx: &mut Tx<'_>, conflicts: &[Conflict], undo: &mut Undo) -> Result<Vec<Object>, RegistryError> {
    let mut by_holder: BTreeMap<&str, Vec<(Class, &str)>> = BTreeMap::new();
    for conflict in conflicts {
        by_holder.entry(&conflict.held_by).or_default().push((conflict.class, &conflict.id));
    }
    let mut taken = Vec::new();
    for (holder, wanted) in by_holder {
        undo.before.push((holder.to_owned(), tx.current_revision(holder)?));
        let rows = tx.package_rows(holder)?;
        taken.extend(rows.into_iter().filter(|row| wanted.contains(&(row.class, row.id.as_str()))));
    }
    Ok(taken)
}

fn delete(tx: &mut Tx<'_>, gone: &[Object]) -> Result<(), RegistryError> {
    let mut groups: BTreeMap<(&str, Class), Vec<&str>> = BTreeMap::new();
    for object in gone {
        groups.entry((&object.package_id, object.class)).or_default().push(&object.id);
    }
    for ((package, class), ids) in groups {
        tx.delete(package, class, &ids)?;
    }
    Ok(())
}

/// Other packages that publish one of the touched items as an alias.
fn published_elsewhere(tx: &mut Tx<'_>, undo: &Undo) -> Result<Vec<String>, RegistryError> {
    let mut by_package: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (package, class, id) in undo.touched() {
        if class == Class::Item {
            by_package.entry(package).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    for (package, ids) in by_package {
        found.extend(tx.aliased_in(package, &ids)?);
    }
    Ok(found)
}
