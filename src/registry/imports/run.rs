//! Reading an import after the request for it was answered: how far it is, which run may end it, and
//! who goes on when the server that read it is gone.
//!
//! A run is known by the time it began at, which is kept with the import: what a run that was
//! overtaken by another has found out is thrown away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::{ImportDetail, ImportState, json, parsed};
use super::{
    ImportChange, ImportDraft, ImportOptions, ImportRules, ImportSource, SheetLayout, Terms, file, told, unapplied,
    visible, with_content,
};
use crate::case::report::Entry;
use crate::registry::{Access, Registry, RegistryError, now};
use crate::store::{Packed, StoredPlan};

/// A run that has said nothing for so long, in microseconds, has ended without a word.
const SILENCE: i64 = 10 * 1_000_000;

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportStage {
    /// Others are read before.
    #[default]
    Waiting,
    /// The file is read.
    Reading,
    /// Frameworks are made of what was read.
    Building,
    /// They are compared with what is stored.
    Comparing,
}

impl ImportStage {
    const ALL: [ImportStage; 4] =
        [ImportStage::Waiting, ImportStage::Reading, ImportStage::Building, ImportStage::Comparing];
}

/// How far reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportProgress {
    pub stage: ImportStage,
    /// Rows of spreadsheets that were read; old binary workbooks tell theirs all at once.
    pub rows: u64,
}

/// How far reading is, shared by who reads and who tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    stage: Arc<AtomicU8>,
    pub(super) rows: Arc<AtomicU64>,
}

impl Watch {
    pub(super) fn enter(&self, stage: ImportStage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    fn look(&self) -> ImportProgress {
        let stage = ImportStage::ALL.get(usize::from(self.stage.load(Ordering::Relaxed)));
        ImportProgress { stage: stage.copied().unwrap_or_default(), rows: self.rows.load(Ordering::Relaxed) }
    }
}

/// Why an import could not be planned, for those who come back to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportProblem {
    /// As the problem that the same request had been answered with.
    #[serde(rename = "type")]
    #[schema(example = "urn:casement:problem:unreadable")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// What the reader of the file has to say.
    #[serde(default)]
    pub report: Vec<Entry>,
}

/// One run of reading an import.
#[derive(Clone, Debug)]
pub struct ImportRun {
    pub id: i64,
    read_at: i64,
    access: Access,
    watch: Watch,
}

/// Why a file cannot be planned, and as much of it as was understood.
#[derive(Debug)]
pub struct Refused {
    pub error: Box<RegistryError>,
    pub layout: Option<Box<SheetLayout>>,
}

impl From<RegistryError> for Refused {
    fn from(error: RegistryError) -> Refused {
        Refused { error: Box::new(error), layout: None }
    }
}

/// How a run ended.
pub enum RunEnd {
    Planned(Box<StoredPlan>),
    Failed { problem: ImportProblem, layout: Option<Box<SheetLayout>> },
}

impl Registry {
    /// Makes a file ready to be kept before it is read.
    ///
    /// # Errors
    /// [`RegistryError::Source`] when it cannot be unpacked.
    pub fn take_import(
        &self,
        source: ImportSource,
        options: ImportOptions,
        access: &Access,
        rules: &ImportRules,
    ) -> Result<ImportDraft, RegistryError> {
        let (file, content) = file(source, access, rules)?;
        drop(content);
        Ok(ImportDraft { file, plan: unread(&self.base_url, json(&options)?, now())?, state: ImportState::Reading })
    }

    /// Begins to read an import again, with other options.
    ///
    /// # Errors
    /// As [`Registry::replan_import`].
    pub fn begin_replan(
        &self,
        id: i64,
        change: ImportChange,
        access: &Access,
    ) -> Result<(ImportDetail, ImportRun), RegistryError> {
        self.store.write(|tx| {
            let row = unapplied(tx, id, access)?;
            if !tx.has_import_content(id)? {
                return Err(RegistryError::ImportForgotten(id));
            }
            let options = change.over(parsed(&row.options)?)?;
            let at = now();
            tx.replan_import(id, unread(&self.base_url, json(&options)?, at)?, ImportState::Reading.name(), at)?;
            let detail = told(tx, id, access)?;
            Ok((detail, ImportRun::new(id, at, access)))
        })
    }

    /// Takes over the reading of an import of `access` whose run has ended without a word, as it does
    /// with its server. Nothing for any other import.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub fn resume_import(&self, id: i64, access: &Access) -> Result<Option<ImportRun>, RegistryError> {
        self.store.write(|tx| {
            let row = visible(tx, id, access)?;
            // Read as somebody else, it might say more than its owner may know.
            let is_own = access.holder() == Some(row.created_by.as_str());
            let at = now();
            if !is_own || !is_silent(&row.state, row.touched_at, at) {
                return Ok(None);
            }
            tx.take_over_import(id, at)?;
            Ok(Some(ImportRun::new(id, at, access)))
        })
    }

    /// Reads the file of a run and plans its import; writes nothing.
    ///
    /// # Errors
    /// When the store cannot be read; what is wrong with the file is a result.
    pub fn read_import(
        &self,
        run: &ImportRun,
        rules: &ImportRules,
    ) -> Result<Result<Box<StoredPlan>, Refused>, RegistryError> {
        let (row, content) = self.store.read(|tx| {
            let row = visible(tx, run.id, &run.access)?;
            with_content(tx, row)
        })?;
        let options: ImportOptions = parsed(&row.options)?;
        let terms = Terms { name: &row.name, base_url: &row.base_url, read_at: run.read_at, options: &options };
        let drafted = self.draft(content, terms, &run.access, rules, &run.watch);
        Ok(drafted.and_then(|drafted| Ok(Box::new(drafted.stored(terms)?))))
    }

    /// Says how far a run is, and that it still goes on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn note_import_run(&self, run: &ImportRun) -> Result<(), RegistryError> {
        let progress = json(&run.watch.look())?;
        self.store.write(|tx| Ok(tx.note_import_progress(run.id, run.read_at, &progress, now())?))
    }

    /// Ends a run; what it found out is kept unless another has begun since.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_import_run(&self, run: &ImportRun, end: RunEnd) -> Result<(), RegistryError> {
        let ended = match end {
            RunEnd::Planned(plan) => (*plan, ImportState::Planned),
            RunEnd::Failed { problem, layout } => {
                let layout = layout.map(|layout| Packed::of(json(&layout)?.as_bytes()).map_err(RegistryError::from));
                let layout = layout.transpose()?.unwrap_or(Packed::nothing());
                let plan = unread(&self.base_url, String::new(), run.read_at)?;
                (StoredPlan { result: Some(json(&problem)?), progress: None, layout, ..plan }, ImportState::Failed)
            }
        };
        self.store.write(|tx| {
            let (plan, state) = ended;
            let Some(row) = tx.import(run.id)? else { return Ok(()) };
            if row.state != ImportState::Reading.name() || row.read_at != run.read_at {
                return Ok(());
            }
            Ok(tx.replan_import(run.id, StoredPlan { options: row.options, ..plan }, state.name(), now())?)
        })
    }
}

impl ImportRun {
    pub(super) fn new(id: i64, read_at: i64, access: &Access) -> ImportRun {
        ImportRun { id, read_at, access: access.clone(), watch: Watch::default() }
    }
}

/// Whether whoever reads it has not been heard of for too long.
pub(super) fn is_silent(state: &str, touched_at: i64, at: i64) -> bool {
    state == ImportState::Reading.name() && touched_at < at - SILENCE
}

/// The plan of what has not been read.
fn unread(base_url: &str, options: String, read_at: i64) -> Result<StoredPlan, RegistryError> {
    Ok(StoredPlan {
        base_url: base_url.to_owned(),
        read_at,
        options,
        summary: "[]".to_owned(),
        result: None,
        progress: Some(json(&ImportProgress::default())?),
        details: Packed::nothing(),
        layout: Packed::nothing(),
    })
}
