//! The framework's own description.

use super::{Date, Extensions, Identity, Link, Timestamp};

/// A CFDocument (digest 8.3). Lists distinguish "absent" from "empty", as the JSON does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub identity: Identity,
    pub framework_type: Option<String>,
    pub case_version: Option<String>,
    pub creator: String,
    pub title: String,
    pub official_source_url: Option<String>,
    pub publisher: Option<String>,
    pub description: Option<String>,
    pub subject: Option<Vec<String>>,
    pub subject_uri: Option<Vec<Link>>,
    pub language: Option<String>,
    pub version: Option<String>,
    pub adoption_status: Option<String>,
    pub status_start_date: Option<Date>,
    pub status_end_date: Option<Date>,
    pub license_uri: Option<Link>,
    pub notes: Option<String>,
    pub extensions: Option<Extensions>,
}

impl Document {
    /// A link to this document under its own title.
    #[must_use]
    pub fn link(&self) -> Link {
        Link { title: self.title.clone(), identifier: self.identity.identifier.clone(), uri: self.identity.uri.clone() }
    }

    /// When the document last changed.
    #[must_use]
    pub fn last_change(&self) -> &Timestamp {
        &self.identity.last_change
    }
}
