//! What an import would change, object by object, and what its reader has to say: as it is kept, and
//! told in windows. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case::report::{Entry, Severity};
use crate::registry::{Access, Changed, Conflict, Mention, Plan, TreeLine};
use crate::tabular::cells::{Place, letters};

/// What an import would change in one framework, object by object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Differences {
    pub identifier: String,
    /// The first 1,000 items of the tree that the file gives.
    #[serde(default)]
    pub tree: Vec<TreeLine>,
    /// What the reader repaired, assumed or could not keep.
    pub report: Vec<Remark>,
    pub added: Vec<Difference>,
    pub changed: Vec<Difference>,
    pub missing: Vec<Difference>,
    /// Objects that other frameworks own.
    pub conflicts: Vec<Claim>,
    /// Whether there are more entries of some kind behind these.
    #[serde(default)]
    pub truncated: bool,
}

/// Something the reader has to say of a place in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    pub severity: Severity,
    /// Stable; programs may rely on it.
    pub code: String,
    /// A JSON pointer, or a cell or row of a spreadsheet (`CF Item!C17`, `CF Item!17`). Empty for the
    /// whole.
    pub place: String,
    /// The place taken apart, in a spreadsheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Its letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What happened, and what to do.
    pub sentence: String,
    /// What stood there, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
}

impl Remark {
    fn of(entry: &Entry, is_sheet: bool) -> Remark {
        let Entry { severity, code, place, sentence, original } = entry.clone();
        let (sheet, row, column) = match Place::parse(&place).filter(|_| is_sheet) {
            Some(Place { sheet, row, column }) => (Some(sheet.to_owned()), Some(row), column.map(letters)),
            None => (None, None, None),
        };
        Remark { severity, code, place, sheet, row, column, sentence, original }
    }
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
    pub(super) fn of(plan: &Plan, tree: Vec<TreeLine>, is_sheet: bool) -> Differences {
        Differences {
            identifier: plan.identifier.clone(),
            tree,
            report: plan.report.entries.iter().map(|entry| Remark::of(entry, is_sheet)).collect(),
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
        let Differences { identifier, tree, report, added, changed, missing, conflicts, .. } = self;
        let cut = &mut truncated;
        let differences = Differences {
            identifier,
            tree: slice(tree, offset, limit, cut),
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
