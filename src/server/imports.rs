//! Imports over HTTP: send a file, look at what it would change, apply it, undo it.
//!
//! A file is the body of the request; everything else is in the query, so that no file can be taken
//! for anything else. What takes long is planned first and written after that (`AppState::plan`,
//! `AppState::write`).

mod events;
mod query;
mod run;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentDisposition, Header as _, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use query::{Asked, ListPage, NewImport, Window, change, limit, new_import, query};

pub(crate) use events::get_import_events;

use super::auth::{Allowed, Write, actor_of, never_kept};
use super::error::{ApiError, Problem};
use super::methods::IMPORTS;
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{
    Access, Actor, Differences, ImportAddress, ImportChange, ImportDetail, ImportInfo, ImportOptions, ImportSource,
    Prepared, Registry,
};

/// Counts what became of a step.
fn counted<T>(state: &AppState, done: &'static str, outcome: Result<T, ApiError>) -> Result<T, ApiError> {
    match &outcome {
        Ok(_) => state.metrics.imported(done),
        Err(ApiError::Refused(_) | ApiError::Forbidden(_) | ApiError::TooLarge(_)) => state.metrics.imported("refused"),
        Err(_) => {}
    }
    outcome
}

/// List imports
///
/// Newest first: those that were made with this token, or all of them for an admin of the server.
#[utoipa::path(
    tag = "Imports",
    params(ListPage),
    responses(
        (status = 200, description = "The imports; Link has the next page", body = Vec<ImportInfo>, headers(("Link" = String))),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[get("/api/v1/imports")]
pub(crate) async fn list_imports(
    caller: Allowed<Write>,
    state: web::Data<AppState>,
    page: Asked<ListPage>,
) -> Result<HttpResponse, ApiError> {
    let page = query(page)?;
    let (before, limit) = (page.before.unwrap_or(i64::MAX), limit(page.limit)?);
    let access = caller.access;
    let mut found = state.read(move |registry| registry.imports(before, i64::from(limit) + 1, &access)).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let mut answer = never_kept(&found);
    if let Some(last) = found.last().filter(|_| more) {
        let next = format!("<{}{IMPORTS}?before={}&limit={limit}>; rel=\"next\"", state.public_url, last.id);
        answer.headers_mut().insert(header::LINK, next.parse().map_err(ApiError::internal)?);
    }
    Ok(answer)
}

/// Plan an import
///
/// The body is the file itself, of any content type: a spreadsheet (XLSX, XLSM, XLS, XLSB, ODS, CSV,
/// TSV), or frameworks in JSON or XML, plain or packed with gzip or zstd. Or there is none, and `url`
/// says where to fetch it. Nothing is changed yet: the answer says what applying it would do, and
/// how a spreadsheet was understood.
///
/// With `Prefer: respond-async` the answer comes before the file is read: follow it at `/events`. The
/// file is then kept whatever becomes of it, so that how it is read can be corrected.
#[utoipa::path(
    tag = "Imports",
    params(
        NewImport,
        ImportChange,
        ("Prefer" = Option<String>, Header, description = "`respond-async`: do not wait until it is planned"),
    ),
    request_body(content = Option<String>, content_type = "application/octet-stream", description = "The file; none with `url`"),
    responses(
        (status = 201, description = "It is planned", body = ImportDetail, headers(("Location" = String))),
        (status = 202, description = "It will be planned", body = ImportDetail, headers(("Location" = String), ("Preference-Applied" = String))),
        (status = 400, description = "The request is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token may not change a framework that would be changed", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is larger than the limit, as it was sent or when unpacked", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is a form and not the file itself", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is nothing to import in it, or it cannot be fetched", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[post("/api/v1/imports")]
pub(crate) async fn create_import(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let status = if run::prefers_no_wait(req.headers()) { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    let kept = create(caller, &req, &state, status, body).await;
    let kept = if status == StatusCode::CREATED { counted(&state, "planned", kept) } else { kept }?;
    let location = format!("{}{IMPORTS}/{}", state.public_url, kept.import.id);
    let mut answer = answered(&kept, status);
    answer.headers_mut().insert(header::LOCATION, location.parse().map_err(ApiError::internal)?);
    Ok(answer)
}

/// An answer with that status; one that comes early says so.
fn answered(import: &ImportDetail, status: StatusCode) -> HttpResponse {
    let mut answer = never_kept(import);
    *answer.status_mut() = status;
    if status == StatusCode::ACCEPTED {
        let applied = header::HeaderName::from_static("preference-applied");
        answer.headers_mut().insert(applied, HeaderValue::from_static(run::RESPOND_ASYNC));
    }
    answer
}

async fn create(
    caller: Allowed<Write>,
    req: &HttpRequest,
    state: &web::Data<AppState>,
    status: StatusCode,
    body: web::Payload,
) -> Result<ImportDetail, ApiError> {
    let (NewImport { url, name }, asked) = new_import(req.query_string())?;
    let options = asked.over(ImportOptions::default())?;
    let bytes = file(req, state.max_body_bytes, body).await?;
    let source = match url {
        Some(_) if !bytes.is_empty() => {
            return Err(Refusal::bad_request("Send a file as the body or an address as `url`, not both."));
        }
        Some(url) => fetch(req, state, &url).await?,
        None => ImportSource::File { name: name.or_else(|| sent_name(req)).unwrap_or_default(), bytes },
    };
    if status == StatusCode::ACCEPTED {
        return take(state, source, options, caller.access).await;
    }
    let (access, rules) = (caller.access, Arc::clone(&state.imports));
    let (may, within) = (access.clone(), Arc::clone(&rules));
    let draft = state.plan(move |registry| registry.draft_import(source, options, &may, &within)).await?;
    state.write(move |registry| registry.keep_import(draft, &access, &rules)).await.map(|(kept, _)| kept)
}

/// Keeps a file, and begins to read it.
pub(super) async fn take(
    state: &web::Data<AppState>,
    source: ImportSource,
    options: ImportOptions,
    access: Access,
) -> Result<ImportDetail, ApiError> {
    let rules = Arc::clone(&state.imports);
    let (may, within) = (access.clone(), Arc::clone(&rules));
    let draft = state.take(move |registry| registry.take_import(source, options, &may, &within)).await?;
    let (kept, reading) = state.write(move |registry| registry.keep_import(draft, &access, &rules)).await?;
    run::begin(state, reading);
    Ok(kept)
}

/// The body, under the limit.
async fn file(req: &HttpRequest, most: usize, body: web::Payload) -> Result<Vec<u8>, ApiError> {
    let kind = req.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let detail = "Send the file itself as the body, not a form with the file in it.".to_owned();
        let (slug, title) = ("not-the-file", "Not the file itself");
        return Err(Refusal { status, slug, title, detail, report: Vec::new() }.into());
    }
    let bytes = body.to_bytes_limited(most).await.map_err(|_| ApiError::TooLarge(most))?;
    let bytes = bytes.map_err(|_| Refusal::bad_request("The body did not arrive whole; send it again."))?;
    Ok(bytes.into())
}

/// What another server has, asked for under the name of who wants it.
pub(super) async fn fetch(req: &HttpRequest, state: &web::Data<AppState>, url: &str) -> Result<ImportSource, ApiError> {
    let address = ImportAddress::parse(url)?;
    let (recorded, actor) = (address.clone(), actor_of(req));
    state.write(move |registry| registry.record_import_fetch(&recorded, &actor)).await?;
    let rules = Arc::clone(&state.imports);
    state.fetch(move |_| Registry::fetch_import(&address, &rules)).await
}

/// What Content-Disposition calls the file, without any folder.
fn sent_name(req: &HttpRequest) -> Option<String> {
    let disposition = ContentDisposition::parse(req).ok()?;
    let extended = disposition.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    let name = extended.or_else(|| disposition.get_filename().map(str::to_owned))?;
    name.rsplit(['/', '\\']).next().map(str::to_owned)
}

/// Read one import
///
/// With the beginning of its differences, and how a spreadsheet was understood.
#[utoipa::path(
    tag = "Imports",
    params(("id" = i64, Path, description = "Number of the import", example = 7)),
    responses(
        (status = 200, description = "The import", body = ImportDetail),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[get("/api/v1/imports/{id}")]
pub(crate) async fn get_import(
    caller: Allowed<Write>,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    Ok(never_kept(&look(&state, *id, caller.access).await?))
}

/// An import; reading it goes on if the server that did is gone.
pub(super) async fn look(state: &web::Data<AppState>, id: i64, access: Access) -> Result<ImportDetail, ApiError> {
    let may = access.clone();
    let (detail, is_silent) = state.read(move |registry| registry.import(id, &may)).await?;
    run::resume(state, id, is_silent, &access).await?;
    Ok(detail)
}

/// Read the differences of one framework of an import
///
/// A window on each kind of entry; `counts` of the import says how many there are.
#[utoipa::path(
    tag = "Imports",
    params(
        ("id" = i64, Path, description = "Number of the import", example = 7),
        ("framework" = String, Path, description = "Identifier of the framework", example = "51b46463-ba60-588e-8983-87f29c985831"),
        Window,
    ),
    responses(
        (status = 200, description = "The differences", body = Differences),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such import of this token, or no such framework in it", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[get("/api/v1/imports/{id}/frameworks/{framework}")]
pub(crate) async fn get_import_differences(
    caller: Allowed<Write>,
    state: web::Data<AppState>,
    path: web::Path<(i64, String)>,
    window: Asked<Window>,
) -> Result<HttpResponse, ApiError> {
    let (id, framework) = path.into_inner();
    let window = query(window)?;
    let window = (window.offset.unwrap_or(0) as usize, usize::from(limit(window.limit)?));
    let asked = move |registry: &Registry| registry.import_differences(id, &framework, window, &caller.access);
    let found = state.read(asked).await?;
    let nothing = || ApiError::NotFound("This import has no such framework; its own address lists them.".to_owned());
    Ok(never_kept(&found.ok_or_else(nothing)?))
}

/// Plan an import again
///
/// From the file that was sent, against what is stored now; with other options where they are given,
/// such as corrections of how a spreadsheet is read. An option that is given empty is taken back. Of
/// an import that failed or was undone, this makes one that can be applied.
#[utoipa::path(
    tag = "Imports",
    params(
        ("id" = i64, Path, description = "Number of the import", example = 7),
        ImportChange,
        ("Prefer" = Option<String>, Header, description = "`respond-async`: do not wait until it is planned"),
    ),
    responses(
        (status = 200, description = "It is planned", body = ImportDetail),
        (status = 202, description = "It will be planned", body = ImportDetail, headers(("Preference-Applied" = String))),
        (status = 400, description = "The query is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token may not change a framework that would be changed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is applied", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "Its file is no longer kept", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Nothing can be imported of it so, or its frameworks would change each other", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[post("/api/v1/imports/{id}/plan")]
pub(crate) async fn plan_import(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    let asked = change(req.query_string())?;
    if run::prefers_no_wait(req.headers()) {
        return Ok(answered(&plan_again(&state, *id, asked, caller.access).await?, StatusCode::ACCEPTED));
    }
    let (access, may, rules) = (caller.access.clone(), caller.access, Arc::clone(&state.imports));
    let planned = async {
        let planned = state.plan(move |registry| registry.replan_import(*id, asked, &access, &rules)).await?;
        state.write(move |registry| registry.keep_replanned(planned, &may)).await
    };
    Ok(never_kept(&counted(&state, "planned", planned.await)?))
}

/// Begins to read an import again.
pub(super) async fn plan_again(
    state: &web::Data<AppState>,
    id: i64,
    asked: ImportChange,
    access: Access,
) -> Result<ImportDetail, ApiError> {
    let (kept, reading) = state.write(move |registry| registry.begin_replan(id, asked, &access)).await?;
    run::begin(state, reading);
    Ok(kept)
}

/// Apply an import
///
/// Does exactly what was planned, every framework of the file or none, or says that something was
/// changed since. Asking again for what is done changes nothing and answers the same, so a lost
/// answer may be asked for again.
#[utoipa::path(
    tag = "Imports",
    params(("id" = i64, Path, description = "Number of the import", example = 7)),
    responses(
        (status = 200, description = "It is applied", body = ImportDetail),
        (status = 403, description = "The token may not change a framework that would be changed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A framework was changed since, or objects belong to other frameworks, or the import was undone", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "Its file is no longer kept", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[post("/api/v1/imports/{id}/apply")]
pub(crate) async fn apply_import(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    Ok(never_kept(&apply(&state, *id, caller.access, actor_of(&req)).await?))
}

/// Does what was planned.
pub(super) async fn apply(
    state: &web::Data<AppState>,
    id: i64,
    access: Access,
    actor: Actor,
) -> Result<ImportDetail, ApiError> {
    let (may, rules) = (access.clone(), Arc::clone(&state.imports));
    let applied = async {
        match state.plan(move |registry| registry.prepare_import(id, &may, &rules)).await? {
            Prepared::Done(done) => Ok(*done),
            Prepared::Ready(ready) => state.write(move |registry| registry.apply_import(*ready, &access, &actor)).await,
        }
    };
    counted(state, "applied", applied.await)
}

/// Undo an import
///
/// Takes every framework of it back to what it was before. Asking again changes nothing.
#[utoipa::path(
    tag = "Imports",
    params(("id" = i64, Path, description = "Number of the import", example = 7)),
    responses(
        (status = 200, description = "It is undone", body = ImportDetail),
        (status = 403, description = "The token may not change a framework that would be changed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A framework was changed again since, or the import is not applied", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[post("/api/v1/imports/{id}/undo")]
pub(crate) async fn undo_import(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    Ok(never_kept(&undo(&state, *id, caller.access, actor_of(&req)).await?))
}

/// Takes back what was done.
pub(super) async fn undo(
    state: &web::Data<AppState>,
    id: i64,
    access: Access,
    actor: Actor,
) -> Result<ImportDetail, ApiError> {
    let undone = state.write(move |registry| registry.undo_import(id, &access, &actor)).await;
    counted(state, "undone", undone)
}

/// Discard an import
///
/// One that is not applied, with its file.
#[utoipa::path(
    tag = "Imports",
    params(("id" = i64, Path, description = "Number of the import", example = 7)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is no such import of this token", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is applied", body = Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = []), ("client_credentials" = ["frameworks.write"])),
)]
#[delete("/api/v1/imports/{id}")]
pub(crate) async fn discard_import(
    caller: Allowed<Write>,
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<i64>,
) -> Result<HttpResponse, ApiError> {
    discard(&state, *id, caller.access, actor_of(&req)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Throws an import away that is not applied.
pub(super) async fn discard(
    state: &web::Data<AppState>,
    id: i64,
    access: Access,
    actor: Actor,
) -> Result<(), ApiError> {
    state.write(move |registry| registry.discard_import(id, &access, &actor)).await
}
