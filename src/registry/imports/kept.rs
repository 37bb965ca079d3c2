//! Imports as they are kept and told: the plan of each framework in short, and its differences,
//! which are told in windows.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ImportOptions, together};
use crate::case::report::{Entry, Severity};
use crate::registry::{Access, Applied, Changed, Conflict, Mention, Plan, RegistryError, written};
use crate::store::{StoreError, StoredImport};

/// How many entries of each kind are told where nobody asks for more.
const LISTED: usize = 100;
/// Of how many frameworks differences are told at once.
const IN_FULL: usize = 20;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportState {
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
            ImportState::Planned => "planned",
            ImportState::Applied => "applied",
            ImportState::Undone => "undone",
        }
    }

    pub(super) fn of(row: &StoredImport) -> Result<ImportState, RegistryError> {
        let all = [ImportState::Planned, ImportState::Applied, ImportState::Undone];
        let found = all.into_iter().find(|state| state.name() == row.state);
        found.ok_or_else(|| corrupt(format!("unknown state {}", row.state)))
    }
}

/// How much the plan of a framework holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
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
    pub(super) fn of(plan: &Plan) -> Planned {
        let diff = &plan.diff;
        let counts = ImportCounts {
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
    /// The id of the token that it was made with.
    pub created_by: String,
    /// Times are in UTC.
    #[schema(example = "2026-11-21T09:30:00.123Z")]
    pub created_at: String,
    /// When it was last planned, applied or undone.
    pub changed_at: String,
    /// The size of the file when unpacked.
    pub bytes: i64,
    pub options: ImportOptions,
    pub frameworks: Vec<ImportFramework>,
}

impl ImportInfo {
    pub(super) fn of(row: StoredImport) -> Result<ImportInfo, RegistryError> {
        let state = ImportState::of(&row)?;
        let planned: Vec<Planned> = parsed(&row.summary)?;
        let mut results: Vec<Applied> = row.result.as_deref().map(parsed).transpose()?.unwrap_or_default();
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
            name: row.name,
            url: row.url,
            created_by: row.created_by,
            created_at: written(row.created_at),
            changed_at: written(row.touched_at),
            bytes: row.size,
        })
    }
}

/// An import with the beginning of its differences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportDetail {
    #[serde(flatten)]
    pub import: ImportInfo,
    /// Of the first 20 frameworks, the first 100 entries of each kind; the address of a framework
    /// has the others.
    pub differences: Vec<Differences>,
}

impl ImportDetail {
    pub(super) fn of(import: ImportInfo, all: Vec<Differences>, access: &Access) -> ImportDetail {
        let told = all.into_iter().take(IN_FULL).map(|one| one.window(0, LISTED, access));
        ImportDetail { import, differences: told.collect() }
    }
}

/// What an import would change in one framework, object by object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Differences {
    pub identifier: String,
    /// What the reader repaired, assumed or could not keep.
    pub report: Vec<Entry>,
    pub added: Vec<Difference>,
    pub changed: Vec<Difference>,
    pub missing: Vec<Difference>,
    /// Objects that other frameworks own.
    pub conflicts: Vec<Claim>,
    /// Whether there are more entries of some kind behind these.
    #[serde(default)]
    pub truncated: bool,
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// The class by its CASE name.
    #[schema(example = "CFItem")]
    pub class: String,
    pub identifier: String,
    /// What a person knows it by.
    pub label: String,
    /// The CASE names of the properties that differ, where it is in both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
}

/// One object that the file claims and another framework owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The class by its CASE name.
    pub class: String,
    pub identifier: String,
    /// The framework that owns it; `null` for one that the token is not good for.
    pub held_by: Option<String>,
    pub held_by_title: Option<String>,
}

impl From<&Mention> for Difference {
    fn from(mention: &Mention) -> Difference {
        let Mention { class, identifier, label } = mention.clone();
        Difference { class: class.to_owned(), identifier, label, properties: Vec::new() }
    }
}

impl From<&Changed> for Difference {
    fn from(changed: &Changed) -> Difference {
        Difference { properties: changed.properties.clone(), ..Difference::from(&changed.object) }
    }
}

impl From<&Conflict> for Claim {
    fn from(conflict: &Conflict) -> Claim {
        Claim {
            class: conflict.class.name().to_owned(),
            identifier: conflict.id.clone(),
            held_by: Some(conflict.held_by.clone()),
            held_by_title: Some(conflict.held_by_title.clone()),
        }
    }
}

impl Claim {
    /// Without the name of a framework that might be private.
    fn told_to(self, access: &Access) -> Claim {
        match &self.held_by {
            Some(holder) if !access.may_write(holder) => Claim { held_by: None, held_by_title: None, ..self },
            _ => self,
        }
    }
}

impl Differences {
    pub(super) fn of(plan: &Plan) -> Differences {
        Differences {
            identifier: plan.identifier.clone(),
            report: plan.report.entries.clone(),
            added: plan.diff.added.iter().map(Difference::from).collect(),
            changed: plan.diff.changed.iter().map(Difference::from).collect(),
            missing: plan.diff.missing.iter().map(Difference::from).collect(),
            conflicts: plan.conflicts.iter().map(Claim::from).collect(),
            truncated: false,
        }
    }

    /// At most `limit` entries of each kind from number `offset` on.
    pub(super) fn window(self, offset: usize, limit: usize, access: &Access) -> Differences {
        let mut truncated = false;
        let Differences { identifier, report, added, changed, missing, conflicts, .. } = self;
        let cut = &mut truncated;
        let differences = Differences {
            identifier,
            report: slice(report, offset, limit, cut),
            added: slice(added, offset, limit, cut),
            changed: slice(changed, offset, limit, cut),
            missing: slice(missing, offset, limit, cut),
            conflicts: slice(conflicts, offset, limit, cut).into_iter().map(|claim| claim.told_to(access)).collect(),
            truncated: false,
        };
        Differences { truncated, ..differences }
    }
}

fn slice<T>(all: Vec<T>, offset: usize, limit: usize, truncated: &mut bool) -> Vec<T> {
    *truncated |= all.len() > offset.saturating_add(limit);
    all.into_iter().skip(offset).take(limit).collect()
}

/// The differences as they are kept.
pub(super) fn differences(kept: &[u8]) -> Result<Vec<Differences>, RegistryError> {
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
