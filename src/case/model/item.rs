//! One statement of a framework.

use super::{Date, Extensions, Identity, Link};

/// A CFItem (digest 8.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub identity: Identity,
    pub full_statement: String,
    pub alternative_label: Option<String>,
    pub item_type: Option<String>,
    pub human_coding_scheme: Option<String>,
    pub list_enumeration: Option<String>,
    pub abbreviated_statement: Option<String>,
    pub concept_keywords: Option<Vec<String>>,
    /// A single link, to a CFConcept, despite the plural name.
    pub concept_keywords_uri: Option<Link>,
    pub notes: Option<String>,
    pub subject: Option<Vec<String>>,
    pub subject_uri: Option<Vec<Link>>,
    pub language: Option<String>,
    pub education_level: Option<Vec<String>>,
    pub item_type_uri: Option<Link>,
    pub license_uri: Option<Link>,
    pub status_start_date: Option<Date>,
    pub status_end_date: Option<Date>,
    pub extensions: Option<Extensions>,
    /// The framework the item belongs to, when that is not the one whose package carries it: an
    /// alias (digest 14.4). Never written in a package.
    pub home: Option<Link>,
}

impl Item {
    /// What names the item best in a link: its code, else its short text, else its statement.
    #[must_use]
    pub fn label(&self) -> &str {
        [&self.human_coding_scheme, &self.abbreviated_statement]
            .into_iter()
            .flatten()
            .map(|text| text.trim())
            .find(|text| !text.is_empty())
            .unwrap_or(&self.full_statement)
    }
}
