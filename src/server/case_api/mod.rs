//! The standard's own paths, `/ims/case/…`, for both versions: one handler over one table, because
//! the twelve operations differ in nothing but what they ask the registry for.
//!
//! Everything here answers in the standard's forms. It must never hold a rule of the standard that
//! `case` could hold, nor touch a body that the registry wrote.

mod discovery;
mod path;

use actix_web::http::{Method, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};

pub(crate) use discovery::Discovery;
pub use discovery::document as discovery_document;
pub(crate) use path::segment_of;
use path::{CasePath, Target};

use super::error::ApiError;
use super::etag::Tagged;
use super::middleware::Route;
use super::packages;
use super::state::AppState;
use super::surface::CASE_BASE;
use super::url;
use crate::case::Version;
use crate::case::select::{self, Query};
use crate::case::status::{Failure, is_case_uuid};
use crate::registry::{Operation, View};

/// The paths; also what is under the base path without being an operation.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::scope(CASE_BASE).default_service(web::to(answer_case)));
}

/// The answer to a request if it is in memory and goes out as it is; never waits.
pub(crate) fn answer_from_memory(req: &HttpRequest, state: &AppState) -> Option<HttpResponse> {
    let tail = req.path().strip_prefix(CASE_BASE)?.strip_prefix('/')?;
    if req.method() != Method::GET || req.headers().contains_key(header::ACCEPT_ENCODING) {
        return None;
    }
    let CasePath { version, target, route } = CasePath::parse(tail);
    let Ok(Target::Object(operation, id)) = target else { return None };
    let kept = state.view(req).kept_answer(version, Some(operation), &id)??;
    req.extensions_mut().insert(Route(route));
    Some(Tagged::from(kept).answer(req, json()))
}

async fn answer_case(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let tail = req.match_info().unprocessed();
    let CasePath { version, target, route } = CasePath::parse(tail.strip_prefix('/').unwrap_or(tail));
    req.extensions_mut().insert(Route(route));
    let target = target?;
    if req.method() != Method::GET {
        return Err(Failure::MethodNotAllowed.into());
    }
    match target {
        Target::Object(operation, id) => match state.view(&req).kept_answer(version, Some(operation), &id) {
            Some(kept) => Ok(Tagged::from(kept.ok_or_else(|| missing(&id))?).answer(&req, json())),
            // What waits is put aside, so that what does not is small to carry about.
            None => Box::pin(get_object(&req, &state, version, operation, id)).await,
        },
        Target::Documents => Box::pin(list_documents(&req, &state, version)).await,
        Target::Discovery => Ok(state.discovery.of(version).answer(&req, json())),
    }
}

async fn list_documents(req: &HttpRequest, state: &AppState, version: Version) -> Result<HttpResponse, ApiError> {
    let pairs = url::query_pairs(req.query_string()).map_err(|parameter| Failure::InvalidSelection {
        description: format!("the value or name of `{parameter}` is not percent-encoded UTF-8; write % as %25"),
        parameter,
    })?;
    let query = Query::parse(version, &pairs, &state.paging).map_err(Failure::from)?;
    let asked = query.clone();
    let (total, body) = state
        .look(req, move |view| view.documents(version, &asked).map(|page| (page.total, Tagged::new(page.json))))
        .await?;
    let collection = format!("{}/ims/case/{}/CFDocuments", state.public_url, version.segment());
    let mut response = json();
    response.insert_header(("X-Total-Count", total.to_string()));
    response.insert_header((header::LINK, select::links(&collection, &query, total)));
    Ok(body.answer(req, response))
}

async fn get_object(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    version: Version,
    operation: Operation,
    id: String,
) -> Result<HttpResponse, ApiError> {
    let missing = missing(&id);
    if operation == Operation::Package {
        return packages::answer(req, state, version, &id, json()).await?.ok_or_else(|| missing.into());
    }
    let read = move |view: &View<'_>| view.answer(version, operation, &id);
    let found = if operation.is_small() { state.look_up(req, read).await? } else { state.look(req, read).await? };
    Ok(Tagged::from(found.ok_or(missing)?).answer(req, json()))
}

/// Published identifiers may break the standard's pattern, so the lookup comes first (digest 15).
fn missing(id: &str) -> Failure {
    if is_case_uuid(id) { Failure::UnknownObject } else { Failure::InvalidUuid }
}

fn json() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type("application/json");
    response
}
