//! What is aligned to: the texts of one item of a framework. Never anything of how it is stored.

/// One item, as far as an alignment can be told by it. Texts are as published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    /// Human coding scheme.
    pub code: Option<String>,
    pub statement: String,
    /// Other names: the abbreviated statement, alternative labels, keywords.
    pub labels: Vec<String>,
    /// What is said about it beside the statement.
    pub notes: Option<String>,
    /// Statements of what stands above it, from the top down.
    pub path: Vec<String>,
    /// The identifier of what stands directly above it.
    pub parent: Option<String>,
    /// Codes of education levels.
    pub grades: Vec<String>,
    /// An item type.
    pub kind: Option<String>,
    /// A language tag.
    pub language: Option<String>,
}
