//! Jobs over HTTP: `POST /api/v1/align/job`, a posting in, the items that its requirements are about or the posting out.
//!
//! Nothing that is sent is stored or logged.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::error::{ApiError, Problem};
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{AlignedJob, JobOptions, View};

/// Where jobs are aligned.
pub(crate) const PATH: &str = "/api/v1/align/job";

/// How a job is aligned.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what `options` reads")]
pub(crate) struct JobParams {
    /// `suggest` tells candidates beside the document, `apply` also puts those that are accepted into it.
    #[param(inline, example = "apply")]
    mode: Option<String>,
    /// The least confidence with which a candidate is accepted.
    #[param(minimum = 0, maximum = 1, default = 0.8)]
    min_confidence: Option<f64>,
    /// Identifiers, uris or titles; else all frameworks. May be given several times.
    frameworks: Option<Vec<String>>,
    /// The most candidates of one requirement.
    #[param(minimum = 1, maximum = 50, default = 5)]
    max: Option<u32>,
}

/// Align a job
///
/// The body is a posting as plain text, Markdown or HTML, a JobPosting or Occupation of schema.org, a PositionOpening or
/// JobPosting of HR Open (JDX), an Occupation, Job, WorkRole or Task of CTDL, or a list of strings; its media type says
/// which. The answer has every requirement with its place (JSON pointer, and a span in Unicode scalar values), what kind of
/// thing it is and how much it is asked for, and the items it is about or why there are none. With `mode=apply` it has
/// the document with what was accepted, in the form that the document has for it, and everything else as it came.
#[utoipa::path(
    tag = "Alignment",
    params(JobParams),
    request_body(content = String, content_type = "text/plain", description = "The posting, also as text/markdown, text/html, application/json or application/ld+json"),
    responses(
        (status = 200, description = "The requirements and what they are about", body = AlignedJob),
        (status = 400, description = "A parameter makes no sense, or the body is empty, no UTF-8 or no JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The media type is none that is read", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The JSON is no job, has too many requirements, or has something else where terms stand", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/align/job")]
pub(crate) async fn align_job(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let options = options(req.query_string())?;
    let media_type = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let work = move |view: &View<'_>| view.align_job(&body, media_type.as_deref(), &options);
    told(&state.look(&req, work).await?)
}

/// An answer that nobody keeps.
pub(super) fn told(answer: &impl serde::Serialize) -> Result<HttpResponse, ApiError> {
    let body = serde_json::to_string(answer).map_err(ApiError::internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json").insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.body(body))
}

fn options(query: &str) -> Result<JobOptions, ApiError> {
    let mut options = JobOptions::default();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if seen.iter().any(|known| *known == name) && !JobOptions::LISTS.contains(&name.as_ref()) {
            return Err(Refusal::bad_request(format!("{name} is given twice; give it once.")));
        }
        options.set(&name, &value).map_err(|error| Refusal::bad_request(format!("{error}.")))?;
        seen.push(name.into_owned());
    }
    Ok(options)
}
