//! Resolving over HTTP: `POST /api/v1/resolve`, thousands of references at once.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{RegistryError, Resolution, ResolveState, View};

/// Where references are resolved.
pub(crate) const PATH: &str = "/api/v1/resolve";
/// The most references of one request, and the most bytes that they take.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 16 << 20;

/// References to resolve.
#[derive(ToSchema)]
#[schema(example = json!({"references": [
    "https://casement.example/uri/98fc9523-caf2-5766-91a1-f057f0fbff6b",
    {"code": "3.OA.A.1", "framework": "Common Core State Standards for Math"},
    {"targetName": "Add within 20", "targetUrl": "https://h.example/uri/1", "targetFramework": "Mathematics"},
    {"text": "This badge covers 3.OA.A.1 and 3.OA.A.2"}
]}))]
#[expect(dead_code, reason = "it describes what `references` reads")]
pub(crate) struct ResolveRequest {
    /// At most 20,000. Each is a text whose shape tells what it is (identifier, uri, CTID, code, name), or an
    /// object: `identifier`, `uri`, `code`, `name`, `framework` (identifier, uri or title), the members of an
    /// alignment of any version (`targetUrl`, `targetCode`, `targetName`, `targetFramework`, …), or `text`, in
    /// which codes and addresses are found. The list may also be sent without the object around it.
    references: Vec<Value>,
}

/// What the references mean.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResolveAnswer {
    /// In the order of the references.
    pub resolutions: Vec<Resolution>,
    /// How many there are of each state.
    pub counts: BTreeMap<ResolveState, usize>,
}

/// Resolve references
///
/// Says which object each reference means, without guessing: by identifier, by uri in every shape that is
/// known to be in use, by CTID, by code and framework, by name and framework, or by an association that says
/// that it is an exact match. An object that has been replaced comes with its replacement. What is wrong with
/// one reference is told in its `note` and fails no other.
#[utoipa::path(
    tag = "Alignment",
    request_body(content = ResolveRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "What they mean, in their order", body = ResolveAnswer),
        (status = 400, description = "The body is no list of references", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/resolve")]
pub(crate) async fn resolve(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let work = move |view: &View<'_>| match references(&body) {
        Ok(references) => Ok(answer(view, &references)?.map_err(ApiError::internal)),
        Err(refused) => Ok(Err(refused)),
    };
    let body = state.look(&req, work).await??;
    let mut response = HttpResponse::Ok();
    response.content_type("application/json").insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.body(body))
}

/// The answer, written where it is made: it may be large.
fn answer(view: &View<'_>, all: &[Value]) -> Result<serde_json::Result<String>, RegistryError> {
    let resolutions = view.resolve_json(all)?;
    let mut counts = BTreeMap::new();
    for resolution in &resolutions {
        *counts.entry(resolution.state).or_default() += 1;
    }
    Ok(serde_json::to_string(&ResolveAnswer { resolutions, counts }))
}

/// The references of a body.
fn references(body: &[u8]) -> Result<Vec<Value>, ApiError> {
    if body.len() > MOST_BYTES {
        return Err(ApiError::TooLarge(MOST_BYTES));
    }
    let what = "Send JSON: {\"references\": [ … ]}, or the list alone";
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request(format!("{what}; the body is no JSON: {error}.")))?;
    let list = match value {
        Value::Object(mut members) => members.remove("references").unwrap_or_default(),
        other => other,
    };
    let Value::Array(list) = list else { return Err(Refusal::bad_request(format!("{what}."))) };
    if list.len() > MOST {
        let sentence = format!("There are {} references; send at most {MOST} at once.", list.len());
        return Err(Refusal::bad_request(sentence));
    }
    Ok(list)
}
