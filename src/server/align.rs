//! Aligning texts over HTTP: `POST /api/v1/align/text`.

pub(crate) mod achievement;
pub(crate) mod batch;
pub(crate) mod feedback;

use actix_web::{HttpRequest, HttpResponse, post, web};

use super::error::{ApiError, Problem};
use super::jobs::told;
use super::state::AppState;
use crate::registry::{AlignTextRequest, Alignment};

/// Where texts are aligned.
pub(crate) const TEXT: &str = "/api/v1/align/text";
/// What lines of JSON are served as.
const NDJSON: &str = "application/x-ndjson";
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
    told(&answer.first())
}
