//! The steps of an import that write: kept, planned again, applied, undone, discarded.

use super::kept::{ImportDetail, ImportState, Planned, json, parsed};
use super::{
    ImportAddress, ImportChange, ImportDraft, ImportOptions, ImportRules, ImportRun, Origin, Terms, Watch, detail,
    may_change, told, visible,
};
use crate::registry::access::Deed;
use crate::registry::apply::{apply, undo};
use crate::registry::{Access, Actor, Applied, Plan, Registry, RegistryError, now};
use crate::store::{StoredImport, StoredPlan, Tx};

/// Microseconds in a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// An import that is ready to be applied, or was.
pub enum Prepared {
    /// It is applied already.
    Done(Box<ImportDetail>),
    /// It still does exactly what was planned.
    Ready(Box<ReadyImport>),
}

/// The plans of an import, and the import as it was when they were made.
pub struct ReadyImport {
    row: StoredImport,
    plans: Vec<Plan>,
}

/// Another plan for an import that is kept.
pub struct Replanned {
    row: StoredImport,
    plan: StoredPlan,
}

impl Registry {
    /// Records that another server is about to be asked.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn record_import_fetch(&self, address: &ImportAddress, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| Ok(actor.did(tx, now(), Deed::FetchImport(&address.0.shown()))?))
    }

    /// Keeps an import, and forgets those that were left lying for too long. One that was taken without
    /// being read has to be read by the run.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn keep_import(
        &self,
        ImportDraft { file, plan, state }: ImportDraft,
        access: &Access,
        rules: &ImportRules,
    ) -> Result<(ImportDetail, ImportRun), RegistryError> {
        let at = now();
        self.store.write(|tx| {
            tx.forget_imports(at - i64::from(rules.keep_days) * DAY)?;
            let read_at = plan.read_at;
            let id = tx.add_import(file, plan, state.name(), at)?;
            Ok((told(tx, id, access)?, ImportRun::new(id, read_at, access)))
        })
    }

    /// Plans an import again from the file that is kept; writes nothing. Options that are not given
    /// stay as they are.
    ///
    /// # Errors
    /// As [`Registry::draft_import`]; [`RegistryError::ImportState`] for an applied one, and
    /// [`RegistryError::ImportForgotten`].
    pub fn replan_import(
        &self,
        id: i64,
        change: ImportChange,
        access: &Access,
        rules: &ImportRules,
    ) -> Result<Replanned, RegistryError> {
        let (row, content) = self.store.read(|tx| {
            let row = unapplied(tx, id, access)?;
            with_content(tx, row)
        })?;
        let options = change.over(parsed(&row.options)?)?;
        let terms = Terms { name: &row.name, base_url: &self.base_url, read_at: now(), options: &options };
        let drafted = self.draft(content, terms, access, rules, &Watch::default()).map_err(|refused| *refused.error)?;
        let plan = drafted.stored(terms)?;
        Ok(Replanned { row, plan })
    }

    /// Keeps the other plan.
    ///
    /// # Errors
    /// [`RegistryError::ImportMoved`] when the import was changed in the meantime.
    pub fn keep_replanned(&self, replanned: Replanned, access: &Access) -> Result<ImportDetail, RegistryError> {
        let Replanned { row, plan } = replanned;
        self.store.write(|tx| {
            if !is_same(&visible(tx, row.id, access)?, &row) {
                return Err(RegistryError::ImportMoved(row.id));
            }
            tx.replan_import(row.id, plan, ImportState::Planned.name(), now())?;
            told(tx, row.id, access)
        })
    }

    /// Makes an import ready to be applied: reads its file again and makes sure that applying it
    /// does exactly what was planned. Writes nothing.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] when it would do anything else, [`RegistryError::Conflict`] when it
    /// would take objects unasked, [`RegistryError::NotAllowed`], [`RegistryError::ImportState`].
    pub fn prepare_import(&self, id: i64, access: &Access, rules: &ImportRules) -> Result<Prepared, RegistryError> {
        let found = self.store.read(|tx| {
            let row = visible(tx, id, access)?;
            match ImportState::of(&row)? {
                ImportState::Applied => Ok(Err(detail(tx, row, access)?)),
                ImportState::Planned => with_content(tx, row).map(Ok),
                state => {
                    let advice = match state {
                        ImportState::Reading => "wait until it is planned, look at the plan, and then apply it",
                        ImportState::Failed => "do what its problem says, plan it again, and then apply it",
                        _ => "plan it again, look at the plan, and then apply it",
                    };
                    Err(RegistryError::ImportState { id, state: state.name(), advice })
                }
            }
        })?;
        let (row, content) = match found {
            Ok(kept) => kept,
            Err(done) => return Ok(Prepared::Done(Box::new(done))),
        };
        let planned: Vec<Planned> = parsed(&row.summary)?;
        let options: ImportOptions = parsed(&row.options)?;
        let terms = Terms { name: &row.name, base_url: &row.base_url, read_at: row.read_at, options: &options };
        let drafted = self.draft(content, terms, access, rules, &Watch::default()).map_err(|refused| *refused.error)?;
        let summary = drafted.summary();
        let plans = drafted.plans;
        if summary != planned {
            let same = summary.iter().zip(&planned).take_while(|(now, then)| now == then).count();
            let differs = plans.get(same).or(plans.first());
            // What it was compared with may be what this very import has just left.
            return self.store.read(|tx| match told(tx, id, access)? {
                done if done.import.state == ImportState::Applied => Ok(Prepared::Done(Box::new(done))),
                _ => Err(differs.map_or(RegistryError::ImportMoved(id), Plan::stale)),
            });
        }
        plans.iter().try_for_each(Plan::check_conflicts)?;
        Ok(Prepared::Ready(Box::new(ReadyImport { row, plans })))
    }

    /// Applies an import whole, or not at all. One that somebody else applied at the same moment is
    /// left as that left it.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] and [`RegistryError::ImportMoved`] when something was changed in the
    /// meantime.
    pub fn apply_import(
        &self,
        ReadyImport { row, plans }: ReadyImport,
        access: &Access,
        actor: &Actor,
    ) -> Result<ImportDetail, RegistryError> {
        let done = self.store.write(|tx| {
            let current = visible(tx, row.id, access)?;
            if current.state == ImportState::Applied.name() {
                return detail(tx, current, access);
            }
            if !is_same(&current, &row) {
                return Err(RegistryError::ImportMoved(row.id));
            }
            let mut results: Vec<Applied> = Vec::with_capacity(plans.len());
            for plan in plans {
                if plan.is_empty() {
                    // It has to be empty still.
                    plan.check_base(tx)?;
                    results.push(plan.outcome());
                } else {
                    results.push(apply(tx, plan, actor, Some(row.id))?);
                }
            }
            if let Some(url) = row.url {
                let origin = Origin { url, etag: row.etag };
                results.iter().try_for_each(|applied| origin.note(tx, &applied.identifier))?;
            }
            tx.set_import_state(row.id, ImportState::Applied.name(), Some(&json(&results)?), now())?;
            told(tx, row.id, access)
        })?;
        self.notice();
        Ok(done)
    }

    /// Undoes an import, every framework of it, or not at all. One that is undone already stays so.
    ///
    /// # Errors
    /// [`RegistryError::UndoBlocked`] when a framework was changed again since,
    /// [`RegistryError::NotAllowed`], [`RegistryError::ImportState`].
    pub fn undo_import(&self, id: i64, access: &Access, actor: &Actor) -> Result<ImportDetail, RegistryError> {
        let undone = self.store.write(|tx| {
            let row = visible(tx, id, access)?;
            match ImportState::of(&row)? {
                ImportState::Undone => return detail(tx, row, access),
                ImportState::Applied => {}
                state => {
                    let advice = "there is nothing to undo";
                    return Err(RegistryError::ImportState { id, state: state.name(), advice });
                }
            }
            let results: Vec<Applied> = row.result.as_deref().map(parsed).transpose()?.unwrap_or_default();
            for applied in results.iter().rev() {
                if let Some(revision) = applied.revision {
                    undo_one(tx, &applied.identifier, revision, (access, actor), id)?;
                }
            }
            tx.set_import_state(id, ImportState::Undone.name(), None, now())?;
            told(tx, id, access)
        })?;
        self.notice();
        Ok(undone)
    }

    /// Throws an import away that is not applied.
    ///
    /// # Errors
    /// [`RegistryError::ImportState`] for an applied one.
    pub fn discard_import(&self, id: i64, access: &Access, actor: &Actor) -> Result<(), RegistryError> {
        self.store.write(|tx| {
            let row = unapplied(tx, id, access)?;
            actor.did(tx, now(), Deed::DiscardImport(row.id))?;
            Ok(tx.delete_import(row.id)?)
        })
    }
}

/// Undoes what an import did to one framework, unless that is undone already.
fn undo_one(
    tx: &mut Tx<'_>,
    framework: &str,
    revision: i64,
    (access, actor): (&Access, &Actor),
    import: i64,
) -> Result<(), RegistryError> {
    let is_undone = |tx: &mut Tx<'_>| -> Result<bool, RegistryError> {
        let all = tx.revisions(framework)?;
        Ok(all.iter().any(|one| one.id == revision && one.undone_at.is_some()))
    };
    let (_, touched) = tx.revision_undo(revision)?.ok_or_else(|| RegistryError::NothingToUndo(framework.to_owned()))?;
    for (other, _) in &touched.before {
        may_change(access, other)?;
    }
    if is_undone(tx)? {
        return Ok(());
    }
    if tx.current_revision(framework)? != Some(revision) {
        return Err(RegistryError::UndoBlocked { revision, other: framework.to_owned() });
    }
    undo(tx, framework, actor, Some(import)).map(drop)
}

/// Whether nothing was done to an import but saying how far reading it is.
fn is_same(current: &StoredImport, before: &StoredImport) -> bool {
    let told = StoredImport { touched_at: before.touched_at, progress: before.progress.clone(), ..current.clone() };
    told == *before
}

pub(super) fn unapplied(tx: &mut Tx<'_>, id: i64, access: &Access) -> Result<StoredImport, RegistryError> {
    let row = visible(tx, id, access)?;
    match ImportState::of(&row)? {
        ImportState::Applied => {
            let advice = "undo it first";
            Err(RegistryError::ImportState { id, state: ImportState::Applied.name(), advice })
        }
        _ => Ok(row),
    }
}

pub(super) fn with_content(tx: &mut Tx<'_>, row: StoredImport) -> Result<(StoredImport, Vec<u8>), RegistryError> {
    let content = tx.import_content(row.id)?.ok_or(RegistryError::ImportForgotten(row.id))?;
    Ok((row, content))
}
