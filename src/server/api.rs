//! Our own API, `/api/v1`: what the standard has no operation for.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::error::ApiError;
use super::etag::Tagged;
use super::state::AppState;
use crate::registry::{FrameworkSummary, View};

/// List the frameworks
///
/// Every framework that is published here, by title, with its size.
#[utoipa::path(
    tag = "Frameworks",
    responses(
        (status = 200, description = "The frameworks", body = Vec<FrameworkSummary>, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
    ),
)]
#[get("/api/v1/frameworks")]
pub(crate) async fn list_frameworks(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let frameworks = state.look(&req, |view: &View<'_>| view.frameworks()).await?;
    answer_json(&req, &frameworks)
}

/// Read one framework
///
/// The same facts as in the list. Its content is under the CASE paths and at `/uri/p{id}`.
#[utoipa::path(
    tag = "Frameworks",
    params(("id" = String, Path, description = "Identifier of the framework, in any case", example = "51b46463-ba60-588e-8983-87f29c985831")),
    responses(
        (status = 200, description = "The framework", body = FrameworkSummary, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
        (status = 404, description = "No framework has this identifier", body = super::error::Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/frameworks/{id}")]
pub(crate) async fn get_framework(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = id.into_inner();
    let found = state.look(&req, move |view| view.framework(&id)).await?;
    let nothing = || ApiError::NotFound("No framework has this identifier; /api/v1/frameworks lists them.".to_owned());
    answer_json(&req, &found.ok_or_else(nothing)?)
}

/// A value as JSON, with its tag.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub(super) fn answer_json(req: &HttpRequest, value: &impl serde::Serialize) -> Result<HttpResponse, ApiError> {
    let body = serde_json::to_string(value).map_err(ApiError::internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json");
    Ok(Tagged::new(body).answer(req, response))
}
