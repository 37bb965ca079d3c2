//! Decisions over HTTP: `/api/v1/align/feedback`, what texts are about and what they are not, as people say.

use std::io;

use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use futures_util::stream;
use serde_json::Value;

use super::super::auth::{Allowed, Write, access_of, actor_of, never_kept};
use super::super::error::{ApiError, Problem};
use super::super::refusal::Refusal;
use super::super::state::AppState;
use super::NDJSON;
use crate::registry::{Access, Feedback, NewFeedback};

/// Where decisions are.
pub(crate) const PATH: &str = "/api/v1/align/feedback";

/// Decide
///
/// Says that a text is about an item, or is not: one decision, or a list of a thousand at most, of which all are kept or none.
/// The same text is then answered so: an accepted item comes first, with confidence 1 and the method `feedback`; a rejected
/// one is left out of the candidates. A decision takes the place of an earlier one on the same text and item. Needs the
/// right to change the framework of the item. Texts are kept: send none that tell of a learner.
#[utoipa::path(
    tag = "Alignment",
    request_body(content = NewFeedback, content_type = "application/json", description = "A decision, or a list of these"),
    responses(
        (status = 200, description = "The decisions as they are kept", body = Vec<Feedback>),
        (status = 400, description = "The request is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token may not change the framework of an item", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such item is published here", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[post("/api/v1/align/feedback")]
pub(crate) async fn create_feedback(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let (decisions, actor) = (decisions(&body)?, actor_of(&req));
    let kept = state.write(move |registry| registry.decide(&decisions, &caller.access, &actor)).await?;
    Ok(never_kept(&kept))
}

/// Export decisions
///
/// A line of JSON for each, in the order of their numbers: text, item with uri and statement, decision, and when. Those on
/// items that you do not see, or that are no longer here, are left out.
#[utoipa::path(
    tag = "Alignment",
    responses((status = 200, description = "The decisions, a line each", body = Feedback, content_type = "application/x-ndjson")),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[get("/api/v1/align/feedback")]
pub(crate) async fn list_feedback(
    _: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, ApiError> {
    let access = access_of(&req);
    let first: Slice = Ok(slice(&state, access.clone(), 0).await?);
    let slices = stream::unfold((Some(first), state, access), |(lines, state, access)| async move {
        Some(match lines? {
            Ok((lines, None)) => (Ok(lines), (None, state, access)),
            Ok((lines, Some(after))) => {
                let next = slice(&state, access.clone(), after).await;
                (Ok(lines), (Some(next), state, access))
            }
            // The connection is cut: a part must not look like all of it.
            Err(error) => (Err(io::Error::other(error.to_string())), (None, state, access)),
        })
    });
    let mut response = HttpResponse::Ok();
    Ok(response.content_type(NDJSON).insert_header((header::CACHE_CONTROL, "no-store")).streaming(slices))
}

/// Take a decision back
#[utoipa::path(
    tag = "Alignment",
    params(("id" = i64, Path, description = "Number of the decision", example = 7)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "The token may not change the framework of the item", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such decision", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[delete("/api/v1/align/feedback/{id}")]
pub(crate) async fn delete_feedback(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    let actor = actor_of(&req);
    state.write(move |registry| registry.take_back(*id, &caller.access, &actor)).await?;
    Ok(HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}

/// Some decisions as lines, and where the next begin.
type Slice = Result<(Bytes, Option<i64>), ApiError>;

async fn slice(state: &web::Data<AppState>, access: Access, after: i64) -> Slice {
    let (all, next) = state.read(move |registry| registry.seen_by(access).feedback(after)).await?;
    let mut lines = Vec::new();
    for one in all {
        serde_json::to_writer(&mut lines, &one).map_err(ApiError::internal)?;
        lines.push(b'\n');
    }
    Ok((lines.into(), next))
}

fn decisions(body: &[u8]) -> Result<Vec<NewFeedback>, ApiError> {
    let what = "Send {\"text\": …, \"item\": …, \"decision\": \"accepted\" or \"rejected\"}, or a list of these";
    let wrong =
        |error: serde_json::Error| Refusal::bad_request(format!("{what}; the body is not understood: {error}."));
    let all = match serde_json::from_slice(body).map_err(wrong)? {
        Value::Array(all) => all,
        one @ Value::Object(_) => vec![one],
        _ => return Err(Refusal::bad_request(format!("{what}; the body is none."))),
    };
    let read = |(number, one)| {
        let wrong = |error: serde_json::Error| Refusal::bad_request(format!("{what}; decision {number}: {error}."));
        serde_json::from_value(one).map_err(wrong)
    };
    (1_usize..).zip(all).map(read).collect()
}
