//! Imports as they are kept and told: how far each is, and the plan of each framework in short.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::Tree;
use super::{Differences, ImportOptions, ImportProblem, ImportProgress, SheetLayout, together};
use crate::case::report::Severity;
use crate::registry::{Access, Applied, Plan, RegistryError, written};
use crate::store::{StoreError, StoredImport};

/// How many entries of each kind are told where nobody asks for more.
const LISTED: usize = 100;
/// Of how many frameworks differences are told at once.
const IN_FULL: usize = 20;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
    /// Its file is being read; `progress` says how far that is.
    Reading,
    /// It cannot be planned as it is; `problem` says why, and what to do.
    Failed,
    /// It was compared with what is stored; nothing is written.
    Planned,
    /// What was planned is done.
    Applied,
    /// What was done is taken back.
    Undone,
}

impl ImportState {
    /// As it is written and stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ImportState::Reading => "reading",
            ImportState::Failed => "failed",
            ImportState::Planned => "planned",
            ImportState::Applied => "applied",
            ImportState::Undone => "undone",
        }
    }

    pub(super) fn of(row: &StoredImport) -> Result<ImportState, RegistryError> {
        let all = [
            ImportState::Reading,
            ImportState::Failed,
            ImportState::Planned,
            ImportState::Applied,
            ImportState::Undone,
        ];
        let found = all.into_iter().find(|state| state.name() == row.state);
        found.ok_or_else(|| corrupt(format!("unknown state {}", row.state)))
    }
}

/// How much the plan of a framework holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    /// What the framework has in the file.
    #[serde(default)]
    pub items: usize,
    #[serde(default)]
    pub associations: usize,
    pub added: usize,
    pub changed: usize,
    /// The same, in another order.
    pub moved: u64,
    pub unchanged: u64,
    /// Stored and not in the file; kept unless `deleteMissing` was asked for.
    pub missing: usize,
    /// Claimed by this framework and owned by others.
    pub conflicts: usize,
    /// What the reader repaired or assumed, and what it could not keep.
    pub infos: usize,
    pub warnings: usize,
    pub losses: usize,
}

/// The plan of one framework in short, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Planned {
    pub identifier: String,
    pub title: String,
    pub base: Option<i64>,
    pub counts: ImportCounts,
    /// [`together::digest`]
    pub digest: String,
}

impl Planned {
    pub(super) fn of(plan: &Plan, tree: &Tree) -> Planned {
        let diff = &plan.diff;
        let counts = ImportCounts {
            items: tree.items,
            associations: tree.associations,
            added: diff.added.len(),
            changed: diff.changed.len(),
            moved: diff.moved,
            unchanged: diff.unchanged,
            missing: diff.missing.len(),
            conflicts: plan.conflicts.len(),
            infos: plan.report.count(Severity::Info),
            warnings: plan.report.count(Severity::Warning),
            losses: plan.report.count(Severity::Loss),
        };
        let (identifier, title) = (plan.identifier.clone(), plan.title.clone());
        Planned { identifier, title, base: plan.base, counts, digest: together::digest(plan) }
    }
}

/// A framework of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportFramework {
    pub identifier: String,
    pub title: String,
    /// The revision that it was at when the plan was made; `null` when it was not stored.
    pub base_revision: Option<i64>,
    pub counts: ImportCounts,
    /// What came of it, once it is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
}

/// An import in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportInfo {
    pub id: i64,
    pub state: ImportState,
    /// What the file is called.
    #[schema(example = "mathematics.json")]
    pub name: String,
    /// Where it was fetched, if it was.
    pub url: Option<String>,
    /// Who made it: the id of a token, or `user:` and a name.
    pub created_by: String,
    /// Times are in UTC.
    #[schema(example = "2026-11-21T09:30:00.123Z")]
    pub created_at: String,
    /// When it was last planned, applied or undone.
    pub changed_at: String,
    /// The same as a number, which is larger after every change.
    #[serde(skip)]
    pub touched_at: i64,
    /// The size of the file when unpacked.
    pub bytes: i64,
    pub options: ImportOptions,
    /// How far reading it is, while it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<ImportProgress>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ImportProblem>,
    pub frameworks: Vec<ImportFramework>,
}

impl ImportInfo {
    pub(super) fn of(row: StoredImport) -> Result<ImportInfo, RegistryError> {
        let state = ImportState::of(&row)?;
        let planned: Vec<Planned> = parsed(&row.summary)?;
        let result = row.result.as_deref();
        let (mut results, problem): (Vec<Applied>, Option<ImportProblem>) = match state {
            ImportState::Failed => (Vec::new(), result.map(parsed).transpose()?),
            _ => (result.map(parsed).transpose()?.unwrap_or_default(), None),
        };
        let frameworks = planned.into_iter().map(|Planned { identifier, title, base, counts, .. }| {
            let at = results.iter().position(|applied| applied.identifier == identifier);
            let applied = at.map(|at| results.swap_remove(at));
            ImportFramework { identifier, title, base_revision: base, counts, applied }
        });
        Ok(ImportInfo {
            id: row.id,
            state,
            frameworks: frameworks.collect(),
            options: parsed(&row.options)?,
            progress: row.progress.as_deref().map(parsed).transpose()?,
            problem,
            name: row.name,
            url: row.url,
            created_by: row.created_by,
            created_at: written(row.created_at),
            changed_at: written(row.touched_at),
            touched_at: row.touched_at,
            bytes: row.size,
        })
    }
}

/// An import with the beginning of its differences.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ImportDetail {
    #[serde(flatten)]
    pub import: ImportInfo,
    /// How a spreadsheet was understood; `null` for a package.
    pub spreadsheet: Option<SheetLayout>,
    /// Of the first 20 frameworks, the first 100 entries of each kind; the address of a framework
    /// has the others.
    pub differences: Vec<Differences>,
}

impl ImportDetail {
    pub(super) fn of(
        import: ImportInfo,
        spreadsheet: Option<SheetLayout>,
        all: Vec<Differences>,
        access: &Access,
    ) -> ImportDetail {
        let told = all.into_iter().take(IN_FULL).map(|one| one.window(0, LISTED, access));
        ImportDetail { import, spreadsheet, differences: told.collect() }
    }
}

/// What is kept as JSON.
pub(super) fn read<T: DeserializeOwned>(kept: &[u8]) -> Result<T, RegistryError> {
    serde_json::from_slice(kept).map_err(|error| corrupt(error.to_string()))
}

pub(super) fn json(value: &impl Serialize) -> Result<String, RegistryError> {
    serde_json::to_string(value).map_err(|error| corrupt(error.to_string()))
}

pub(super) fn parsed<T: DeserializeOwned>(kept: &str) -> Result<T, RegistryError> {
    serde_json::from_str(kept).map_err(|error| corrupt(error.to_string()))
}

fn corrupt(source: String) -> RegistryError {
    RegistryError::Store(StoreError::Corrupt { what: "import", source: source.into() })
}
