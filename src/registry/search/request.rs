//! What may be asked of a search.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::registry::RegistryError;
use crate::search::{Cursor, Field, Query};

/// How many hits of each framework are told when they are grouped.
const OF_EACH: usize = 3;

/// A search as it is asked for.
#[expect(clippy::struct_excessive_bools, reason = "switches of one request, each with a parameter of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    /// In the query language.
    pub q: String,
    /// In place of `q`: the identifier of an object, to find what is like it.
    pub like: Option<String>,
    /// Identifiers, uris, or words of titles; any of them.
    pub framework: Vec<String>,
    /// The identifier of an item: only it and what is below it.
    pub under: Option<String>,
    pub grade: Vec<String>,
    pub subject: Vec<String>,
    pub item_type: Vec<String>,
    pub language: Vec<String>,
    pub status: Vec<String>,
    pub kind: Vec<String>,
    /// Only what a credential can be issued for, or only what none can.
    pub eligible: Option<bool>,
    pub limit: usize,
    /// From the answer before.
    pub cursor: Option<String>,
    pub facets: bool,
    pub grouped: bool,
    /// Whether what is retired stands among the rest.
    pub mixed: bool,
    /// Whether the last word is still being typed.
    pub typing: bool,
}

impl Default for SearchRequest {
    fn default() -> SearchRequest {
        SearchRequest {
            q: String::new(),
            like: None,
            framework: Vec::new(),
            under: None,
            grade: Vec::new(),
            subject: Vec::new(),
            item_type: Vec::new(),
            language: Vec::new(),
            status: Vec::new(),
            kind: Vec::new(),
            eligible: None,
            limit: 20,
            cursor: None,
            facets: true,
            grouped: false,
            mixed: false,
            typing: false,
        }
    }
}

impl SearchRequest {
    pub(super) fn query(&self) -> Query {
        Query::parse(&self.q)
    }

    pub(super) fn of_each(&self) -> usize {
        if self.grouped { OF_EACH } else { 0 }
    }

    pub(super) fn fields(&self) -> Vec<(Field, Vec<String>)> {
        let all = [
            (Field::Grade, &self.grade),
            (Field::Subject, &self.subject),
            (Field::Type, &self.item_type),
            (Field::Language, &self.language),
            (Field::Status, &self.status),
            (Field::Kind, &self.kind),
        ];
        all.into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(field, values)| (field, values.clone()))
            .collect()
    }

    pub(super) fn cursor(&self) -> Result<Option<Cursor>, RegistryError> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let cursor = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cursor
            .map(Some)
            .ok_or_else(|| RegistryError::SearchRequest("the cursor is none that an answer gave".to_owned()))
    }
}

/// A cursor as it goes into an address.
pub(super) fn written(cursor: &Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}
