//! Aligning texts over HTTP: `POST /api/v1/align/text`.

pub(crate) mod achievement;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{AlignQuery, AlignScope, Alignment, CANDIDATES, MOST_CANDIDATES};

/// Where texts are aligned.
pub(crate) const TEXT: &str = "/api/v1/align/text";
/// The most bytes of one text with everything that is said of it.
const MOST_BYTES: usize = 1 << 20;

/// What a body has to be.
const WHAT: &str = "Send a JSON object with at least \"text\"";

/// A text to align. Only `text` is needed; what else is known of it makes the answer better.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(example = json!({
    "text": "Learners add and subtract fractions with unlike denominators.", "educationLevel": ["05"],
    "frameworks": ["Common Core State Standards for Math"], "max": 3
}))]
pub(crate) struct AlignTextRequest {
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
    /// Reads a body.
    ///
    /// # Errors
    /// For what is no such request, with the place.
    pub(crate) fn read(body: &[u8]) -> Result<(AlignQuery, AlignScope), ApiError> {
        if body.len() > MOST_BYTES {
            return Err(ApiError::TooLarge(MOST_BYTES));
        }
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Refusal::bad_request(format!("{WHAT}; the body is none.")));
        }
        let request: AlignTextRequest = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad_request(format!("{WHAT}; the body is not understood: {error}.")))?;
        request.parts()
    }

    fn parts(self) -> Result<(AlignQuery, AlignScope), ApiError> {
        if self.text.trim().is_empty() && self.name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            return Err(Refusal::bad_request("text is empty; give a text of at least a word."));
        }
        let max = self.max.unwrap_or(CANDIDATES);
        if !(1..=MOST_CANDIDATES).contains(&max) {
            return Err(Refusal::bad_request(format!("max is a number from 1 to {MOST_CANDIDATES}.")));
        }
        let min_confidence = self.min_confidence.unwrap_or_default();
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(Refusal::bad_request("minConfidence is a number from 0 to 1."));
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

/// Align a text
///
/// The items that a text is about, the best first, each with how sure that is and why; `none` when nothing here fits
/// well enough to be claimed. A code in the text names its item. `methods` says whether meanings were compared or
/// words alone. The same text and the same frameworks give the same answer.
#[utoipa::path(
    tag = "Alignment",
    request_body(content = AlignTextRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "What it is about", body = Alignment),
        (status = 400, description = "The request is not understood, or names a framework that is not here", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The text is too long", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/align/text")]
pub(crate) async fn align_text(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let (query, scope) = AlignTextRequest::read(&body)?;
    let answer = state.look(&req, move |view| view.align(&[query], &scope)).await?;
    let body = serde_json::to_string(&answer.first()).map_err(ApiError::internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json").insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.body(body))
}
