//! What happens to an import, as it happens: `text/event-stream` (the HTML standard, server-sent
//! events).
//!
//! Every event is the import in short, and its id the time of its last change: a client that comes
//! back with the id of the last one it saw misses nothing, at whatever server it comes back to.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;

use super::run;
use crate::registry::{Access, ImportInfo, ImportState};
use crate::server::auth::{Allowed, Write};
use crate::server::error::{ApiError, Problem};
use crate::server::state::AppState;

/// How often the import is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How long one answer is; its client comes back, and may have to show a token that is still good.
const LONGEST: Duration = Duration::from_secs(60);

/// Follow an import
///
/// Events while it is read: `progress`, and at the end `done` or `failed`. The data of each is the
/// import in short, as JSON. The answer ends behind the last event, or after a minute; whoever comes
/// back with `Last-Event-ID` is told what happened since, and 204 when that was the end.
#[utoipa::path(
    tag = "Imports",
    params(
        ("id" = i64, Path, description = "Number of the import", example = 7),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen"),
    ),
    responses(
        (status = 200, description = "The events", body = String, content_type = "text/event-stream"),
        (status = 204, description = "Nothing more will happen by itself"),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[get("/api/v1/imports/{id}/events")]
pub(crate) async fn get_import_events(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    let seen = req.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let mut watcher = Watcher { state, id: *id, access: caller.access, seen, begun: Instant::now(), is_over: false };
    let first = watcher.look().await?;
    if watcher.is_over && first.is_none() {
        return Ok(HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish());
    }
    let events = stream::unfold((watcher, first), |(mut watcher, ready)| async move {
        let event = match ready {
            Some(event) => event,
            None => watcher.next().await?,
        };
        Some((Ok::<_, Infallible>(event), (watcher, None)))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // What is compressed is held back until there is enough of it.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events))
}

/// Who follows one import.
struct Watcher {
    state: web::Data<AppState>,
    id: i64,
    access: Access,
    /// The last event that was sent.
    seen: Option<i64>,
    begun: Instant,
    is_over: bool,
}

impl Watcher {
    /// The next event; none when the answer ends.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.is_over && self.begun.elapsed() < LONGEST && !self.state.is_stopping() {
            tokio::time::sleep(LOOK).await;
            match self.look().await {
                Ok(Some(event)) => return Some(event),
                Ok(None) | Err(ApiError::Busy) => {}
                // It was discarded, or the database is gone: who comes back is told.
                Err(_) => return None,
            }
        }
        None
    }

    /// What happened since it was last looked at.
    async fn look(&mut self) -> Result<Option<Bytes>, ApiError> {
        let (id, access) = (self.id, self.access.clone());
        let (info, is_silent) = self.state.read(move |registry| registry.import_info(id, &access)).await?;
        run::resume(&self.state, id, is_silent, &self.access).await?;
        self.is_over = info.state != ImportState::Reading;
        let at = info.touched_at;
        if self.seen.is_some_and(|seen| at <= seen) {
            return Ok(None);
        }
        self.seen = Some(at);
        Ok(Some(event(&info)?))
    }
}

fn event(info: &ImportInfo) -> Result<Bytes, ApiError> {
    let name = match info.state {
        ImportState::Reading => "progress",
        ImportState::Failed => "failed",
        _ => "done",
    };
    let data = serde_json::to_string(info).map_err(ApiError::internal)?;
    Ok(format!("id: {}\nevent: {name}\ndata: {data}\n\n", info.touched_at).into())
}
