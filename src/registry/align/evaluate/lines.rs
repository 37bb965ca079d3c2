//! The files of judged queries and of targets: one JSON object a line.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::align::{Item, Query};

/// A line that is none of its kind.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not understood")]
pub struct LineError {
    line: usize,
    #[source]
    source: serde_json::Error,
}

/// Reads every line that is not empty.
///
/// # Errors
/// For the first line that is none of its kind.
pub fn read_lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, LineError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|source| LineError { line: at + 1, source })).collect()
}

/// One item that queries are aligned to.
#[derive(Clone, Debug, Deserialize)]
pub struct JudgedTarget {
    id: String,
    statement: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    alt: Vec<String>,
    #[serde(default)]
    notes: Option<String>,
    /// Statements of what stands above it, from the top down.
    #[serde(default)]
    path: Vec<String>,
    #[serde(default)]
    grade: Vec<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    framework: Option<String>,
}

impl JudgedTarget {
    /// The framework that it is of, and the item.
    pub(super) fn into_item(self) -> (String, Item) {
        let JudgedTarget { id, statement, code, alt, notes, path, grade, label, framework } = self;
        let parent = (!path.is_empty()).then(|| path.join("\n"));
        let item =
            Item { id, code, statement, labels: alt, notes, path, parent, grades: grade, kind: label, language: None };
        (framework.unwrap_or_default(), item)
    }
}

/// One query with its right answers.
#[derive(Clone, Debug, Deserialize)]
pub struct JudgedQuery {
    pub id: String,
    text: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    criteria: Vec<String>,
    #[serde(default)]
    context: Option<String>,
    #[serde(default)]
    notes: Option<String>,
    #[serde(default)]
    alt: Vec<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    grade: Vec<String>,
    #[serde(default)]
    path: Vec<String>,
    /// Identifiers of the targets that are right; none when nothing fits.
    #[serde(default)]
    pub gold: Vec<String>,
    /// The name of the targets' file, without its endings.
    #[serde(default)]
    pub targets: Option<String>,
    /// Only targets that say they are of it are looked at.
    #[serde(default)]
    pub framework: Option<String>,
}

impl JudgedQuery {
    /// What is asked.
    pub(super) fn query(&self) -> Query {
        let JudgedQuery { text, name, criteria, context, notes, alt, code, grade, path, .. } = self.clone();
        Query { name, text, parts: criteria, labels: alt, notes, context, code, grades: grade, path, language: None }
    }
}
