//! What is told of a reference: its state, and the objects that it means.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResolveState {
    /// It means one object, which is in force.
    Resolved,
    /// It means one object, which has another uri than the one given.
    Moved,
    /// It means one object, which others have replaced: they are in `replacements`.
    Replaced,
    /// It means one object, which is no longer in force and has no replacement.
    Retired,
    /// It may mean several: they are in `hits`.
    Ambiguous,
    /// Nothing here is meant.
    Unknown,
    /// It belongs to another scheme, which `scheme` names, and nothing here is the same as it.
    NotCase,
}

/// By what an object was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum FoundBy {
    /// Its uri, or the identifier in an address of it.
    Uri,
    Identifier,
    /// The identifier in a CTID.
    Ctid,
    /// Its human coding scheme, within the framework where one was named.
    Code,
    /// Its statement or title, within the framework where one was named.
    Name,
    /// It is said to be an exact match of what was meant.
    ExactMatch,
    /// The codes, uris and identifiers in a text.
    Text,
}

/// What a reference means.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    pub state: ResolveState,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub found_by: Option<FoundBy>,
    /// The one object that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub object: Option<ResolvedObject>,
    /// What has replaced it, as far as that is known here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub replacements: Vec<Replacement>,
    /// All that may be meant, at most 50.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub hits: Vec<ResolvedObject>,
    /// The scheme that it belongs to, where that is not CASE.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "O*NET-SOC")]
    pub scheme: Option<&'static str>,
    /// For a text: what was found in it, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, no_recursion)]
    pub mentions: Vec<ResolvedMention>,
    /// What should be known of it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub note: Option<String>,
}

/// One object that is meant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedObject {
    /// Its class in the standard.
    #[schema(example = "CFItem")]
    pub kind: &'static str,
    pub identifier: String,
    pub uri: String,
    /// Its human coding scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub code: Option<String>,
    /// The full statement or title.
    pub statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub abbreviated_statement: Option<String>,
    pub last_change_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub status_end_date: Option<String>,
    /// Whether it, or its framework, is no longer in force.
    pub retired: bool,
    /// The framework it belongs to, and the state of that.
    pub framework: ResolvedFramework,
}

/// A framework, and its state: enough to note what was aligned against.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedFramework {
    pub identifier: String,
    pub uri: String,
    pub title: String,
    /// Absent when the framework itself is not published here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub last_change_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub adoption_status: Option<String>,
}

/// What has replaced an object.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    pub identifier: String,
    pub uri: String,
    /// Absent when it is not published here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub object: Option<ResolvedObject>,
}

/// Something in a text that was resolved.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedMention {
    /// Where it stands in the text: from which character, and before which.
    pub span: [usize; 2],
    pub text: String,
    pub resolution: Resolution,
}

impl Resolution {
    /// Nothing is meant, and why.
    #[must_use]
    pub fn unknown(note: impl Into<String>) -> Resolution {
        let note = Some(note.into()).filter(|note: &String| !note.is_empty());
        Resolution { note, ..Resolution::default() }
    }
}

impl Default for Resolution {
    fn default() -> Resolution {
        Resolution {
            state: ResolveState::Unknown,
            found_by: None,
            object: None,
            replacements: Vec::new(),
            hits: Vec::new(),
            scheme: None,
            mentions: Vec::new(),
            note: None,
        }
    }
}
