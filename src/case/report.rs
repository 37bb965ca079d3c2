//! What a reader repaired, supplied or could not keep: one entry each, with a place a person can
//! find. Shared by every reader; never holds an opinion on what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much an entry matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The same information in its proper form.
    Info,
    /// Something was assumed, supplied or changed: look at it.
    Warning,
    /// Something could not be kept: a value, or a whole row of a spreadsheet.
    Loss,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Loss => "loss",
        })
    }
}

/// One repair or loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Entry {
    pub severity: Severity,
    /// Stable, kebab-case; programs may rely on it.
    pub code: String,
    /// Where in the input: a JSON pointer (RFC 6901), or in a spreadsheet a cell or a row
    /// (`CF Item!C17`, `CF Item!17`). Empty for the whole.
    pub place: String,
    /// What happened, for a person.
    pub sentence: String,
    /// What stood there, as JSON text (of a row its cells); so that even what is not kept is not gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original: Option<String>,
}

/// Everything a reader has to say about one input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Report {
    pub entries: Vec<Entry>,
}

impl Report {
    /// How many entries are of that severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.entries.iter().filter(|entry| entry.severity == severity).count()
    }

    /// Entries grouped by code with their number and one example, in order of first appearance.
    #[must_use]
    pub fn summary(&self) -> Vec<(&Entry, usize)> {
        let mut groups: Vec<(&Entry, usize)> = Vec::new();
        for entry in &self.entries {
            match groups.iter_mut().find(|(first, _)| first.code == entry.code) {
                Some((_, count)) => *count += 1,
                None => groups.push((entry, 1)),
            }
        }
        groups
    }
}
