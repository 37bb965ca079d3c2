//! What a text to align is asked with, spelled the same over HTTP and in a line of a batch.
//!
//! Never contains what is done by it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{AlignScope, CANDIDATES, MOST_CANDIDATES};
use crate::registry::{AlignQuery, RegistryError};

/// The most bytes of one text with everything that is said of it.
pub(in crate::registry) const MOST_BYTES: usize = 1 << 20;

/// What a body has to be.
const WHAT: &str = "send a JSON object with at least \"text\"";

/// A text to align. Only `text` is needed; what else is known of it makes the answer better.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(example = json!({
    "text": "Learners add and subtract fractions with unlike denominators.", "educationLevel": ["05"],
    "frameworks": ["Common Core State Standards for Math"], "max": 3
}))]
pub struct AlignTextRequest {
    #[schema(required = true)]
    text: String,
    /// The name of what the text is of: an achievement, a course, an occupation.
    name: Option<String>,
    /// Criteria, outcomes, objectives: each a statement of its own.
    criteria: Vec<String>,
    /// Other names of the same.
    alternative_labels: Vec<String>,
    /// What is said beside: a description, a comment.
    notes: Option<String>,
    /// What the text stands in: an occupation, the sentence around it.
    context: Option<String>,
    /// The text's own code, where it is an item of another framework.
    code: Option<String>,
    /// Codes of education levels.
    education_level: Vec<String>,
    /// Statements of what stands above the text where it comes from, from the top down.
    path: Vec<String>,
    /// A language tag; English when nothing is said.
    language: Option<String>,
    /// Identifiers, uris, or words of titles; any of them. None is every framework.
    frameworks: Vec<String>,
    /// Item types; none is every one.
    item_types: Vec<String>,
    /// How many candidates at most.
    #[schema(minimum = 1, maximum = 100, default = 10)]
    max: Option<usize>,
    /// What is less sure is left out.
    #[schema(minimum = 0, maximum = 1, default = 0)]
    min_confidence: Option<f32>,
}

impl AlignTextRequest {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`RegistryError::TooLong`], and [`RegistryError::AlignRequest`] for what is no such request, with the place.
    pub fn read(body: &[u8]) -> Result<(AlignQuery, AlignScope), RegistryError> {
        if body.len() > MOST_BYTES {
            return Err(RegistryError::TooLong(MOST_BYTES));
        }
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(RegistryError::AlignRequest(format!("{WHAT}; the body is none")));
        }
        let request: AlignTextRequest = serde_json::from_slice(body)
            .map_err(|error| RegistryError::AlignRequest(format!("{WHAT}; the body is not understood: {error}")))?;
        request.parts()
    }

    /// The text, and where it is aligned to.
    ///
    /// # Errors
    /// [`RegistryError::AlignRequest`] for a value that makes no sense.
    pub(in crate::registry) fn parts(self) -> Result<(AlignQuery, AlignScope), RegistryError> {
        if self.text.trim().is_empty() && self.name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            return Err(refused("the text is empty; give one of at least a word"));
        }
        let max = self.max.unwrap_or(CANDIDATES);
        if !(1..=MOST_CANDIDATES).contains(&max) {
            return Err(refused(&format!("give max as a number from 1 to {MOST_CANDIDATES}")));
        }
        let min_confidence = self.min_confidence.unwrap_or_default();
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(refused("give minConfidence as a number from 0 to 1"));
        }
        let AlignTextRequest { text, name, criteria, alternative_labels, notes, context, code, .. } = self;
        let AlignTextRequest { education_level, path, language, frameworks, item_types, .. } = self;
        let query = AlignQuery {
            text,
            name,
            parts: criteria,
            labels: alternative_labels,
            notes,
            context,
            code,
            grades: education_level,
            path,
            language,
        };
        Ok((query, AlignScope { frameworks, item_types, max, min_confidence }))
    }
}

fn refused(why: &str) -> RegistryError {
    RegistryError::AlignRequest(why.to_owned())
}
