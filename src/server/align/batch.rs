//! Batches over HTTP: `POST /api/v1/align/batch`, lines in, answers out in their order, for as long as there are lines.
//!
//! The body is read only as fast as answers are taken: there are never more lines in memory than are looked at together.
//! Nothing that is sent is stored or logged.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, post};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::super::auth::access_of;
use super::super::error::{ApiError, Problem};
use super::super::refusal::Refusal;
use super::super::state::AppState;
use super::NDJSON;
use crate::registry::{Access, BATCH_AT_ONCE, BatchAnswer, BatchAnswered, BatchLine, BatchLines, Registry};
use crate::telemetry::ErrorChain;

/// Where batches are aligned.
pub(crate) const PATH: &str = "/api/v1/align/batch";

/// One line of the answer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"line": 1, "id": "a", "answer": {"none": true, "candidates": [], "methods": {"semantic": "off"}}}))]
pub(crate) struct BatchAnswerLine {
    /// The number of the line that it answers, from 1; empty lines count and are not answered.
    #[schema(minimum = 1)]
    line: usize,
    /// The `id` of that line, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    id: Option<Box<RawValue>>,
    /// What the route for such a line answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    answer: Option<BatchAnswer>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    error: Option<BatchProblem>,
}

/// What is wrong with a line, in the words that its route has for it.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchProblem {
    /// Stable name of the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:casement:problem:bad-request")]
    kind: String,
    title: &'static str,
    /// The HTTP status that its route would answer with.
    status: u16,
    /// What to do about it.
    detail: String,
}

/// Align many
///
/// Lines of JSON in, a line of JSON out for each, in their order and while others are still being sent. A line is what
/// `/api/v1/align/text` takes; or it has `achievement` (the document, a compact JWS in a string) or `job` (the document, or
/// a text with `jobMediaType`) and, as members, the parameters of their routes. `id` comes back with the answer. What is
/// wrong with a line is told in the place of its answer, and the lines after it go on. The body is read as fast as
/// answers are taken: read while you send.
#[utoipa::path(
    tag = "Alignment",
    request_body(content = String, content_type = "application/x-ndjson", description = "Lines of JSON, of 4 MiB at most each",
        example = "{\"id\":1,\"text\":\"Add and subtract fractions\",\"max\":1}\n{\"id\":2,\"job\":\"Requirements:\\n- Chlorine residual testing\"}\n"),
    responses(
        (status = 200, description = "A line for each line", body = BatchAnswerLine, content_type = "application/x-ndjson"),
        (status = 415, description = "The body is packed", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/align/batch")]
pub(crate) async fn align_batch(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Payload,
) -> Result<HttpResponse, ApiError> {
    unpacked(req.headers())?;
    let batch = Batch {
        access: access_of(&req),
        body,
        patience: state.request_timeout,
        state,
        lines: BatchLines::default(),
        waiting: VecDeque::new(),
        is_over: false,
        waits: Arc::new(()),
    };
    Ok(HttpResponse::Ok()
        .content_type(NDJSON)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // What is compressed is held back until there is enough of it.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(Some(batch), |batch| async move { batch?.next().await })))
}

/// A batch on its way.
struct Batch {
    state: web::Data<AppState>,
    access: Access,
    body: web::Payload,
    /// How long the next bytes may take.
    patience: Duration,
    lines: BatchLines,
    /// Lines that came and are not looked at yet.
    waiting: VecDeque<BatchLine>,
    is_over: bool,
    /// Goes with it: who works for it sees that nobody waits any more.
    waits: Arc<()>,
}

/// Bytes for the client, and what goes on after them.
type Next = (std::io::Result<Bytes>, Option<Batch>);

impl Batch {
    /// The next answers. Where something is in the way of them the connection is cut: half of the answers must not look
    /// like all of them.
    async fn next(mut self) -> Option<Next> {
        let cut = |why: &'static str| Some((Err(std::io::Error::other(why)), None));
        match self.receive().await {
            Ok(()) if self.waiting.is_empty() => return None,
            Ok(()) if self.state.is_stopping() => return cut("the server stops"),
            Ok(()) => {}
            Err(why) => return cut(why),
        }
        let count = self.waiting.len().min(BATCH_AT_ONCE);
        let lines: Vec<BatchLine> = self.waiting.drain(..count).collect();
        let (access, waits) = (self.access.clone(), Arc::downgrade(&self.waits));
        let is_wanted = move || waits.strong_count() > 0;
        let work = move |registry: &Registry| Ok(registry.seen_by(access).align_batch(lines, &is_wanted));
        match self.state.align(work).await.and_then(written) {
            Ok(bytes) => Some((Ok(bytes), Some(self))),
            Err(error) => {
                log(&error);
                cut("the batch could not be answered to its end")
            }
        }
    }

    /// Waits until there is a line, and takes what else has come.
    async fn receive(&mut self) -> Result<(), &'static str> {
        while !self.is_over && self.waiting.len() < BATCH_AT_ONCE {
            let next = if self.waiting.is_empty() {
                timeout(self.patience, self.body.next()).await.map_err(|_| "nothing came for too long")?
            } else if let Some(next) = self.body.next().now_or_never() {
                next
            } else {
                break;
            };
            match next {
                Some(Ok(bytes)) => self.waiting.extend(self.lines.push(&bytes)),
                Some(Err(_)) => return Err("the body did not arrive whole"),
                None => {
                    self.is_over = true;
                    self.waiting.extend(self.lines.finish());
                }
            }
        }
        Ok(())
    }
}

/// Answers as lines.
fn written(answered: Vec<BatchAnswered>) -> Result<Bytes, ApiError> {
    let mut text = Vec::new();
    for BatchAnswered { line, id, outcome } in answered {
        let (answer, error) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(error) => (None, Some(problem(error.into()))),
        };
        serde_json::to_writer(&mut text, &BatchAnswerLine { line, id, answer, error }).map_err(ApiError::internal)?;
        text.push(b'\n');
    }
    Ok(text.into())
}

fn problem(error: ApiError) -> BatchProblem {
    log(&error);
    let (kind, title, detail) = error.told();
    BatchProblem { kind, title, status: error.status_code().as_u16(), detail }
}

/// What is our fault.
fn log(error: &ApiError) {
    if let ApiError::Internal(cause) = error {
        tracing::error!(error = %ErrorChain(cause.as_ref()), "a line of a batch could not be answered");
    }
}

/// A body that is packed might be of any size once it is unpacked.
fn unpacked(headers: &header::HeaderMap) -> Result<(), ApiError> {
    let is_plain = |encoding: &header::HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).all(is_plain) {
        return Ok(());
    }
    let (status, slug, title) = (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Not read");
    let detail = "Send the lines as they are, without Content-Encoding.".to_owned();
    Err(Refusal { status, slug, title, detail, report: Vec::new() }.into())
}
