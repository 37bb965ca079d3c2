//! The import wizard: drop a file, see how it was read, correct that, see what it would change, apply,
//! undo. Each step is a form that leads back to the page of the import; what an import is and does is
//! the registry's, as for the API.

mod columns;
mod page;
mod upload;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, guard, web};
use askama::Template;

use super::Site;
use super::accounts::{lead, refused};
use super::filters::Filters;
use crate::registry::{ImportInfo, ImportOptions, ImportSource};
use crate::server::auth::{Write, actor_of};
use crate::server::error::ApiError;
use crate::server::forms::{Submitted, Visitor, may_send};
use crate::server::imports;
use crate::server::state::AppState;

/// How many imports a page of the list has.
const LISTED: u16 = 20;

/// The routes.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let page = |path: &str| web::resource(path.to_owned()).guard(guard::Get());
    let form = |path: &str| web::resource(path.to_owned()).guard(guard::Post());
    config
        .service(page("/import").to(get_wizard))
        .service(form("/import").to(send_file))
        .service(page("/import/{id}").to(page::get_import_page))
        .service(form("/import/{id}/{step}").to(take_step));
}

/// The beginning: the form for a file, and the imports that there are.
#[derive(Template)]
#[template(path = "import.html")]
struct Wizard<'a> {
    site: Site<'a>,
    token: String,
    imports: Vec<ImportInfo>,
    /// The query of the page with older ones.
    older: Option<String>,
    most: usize,
    problem: Option<String>,
}

impl Wizard<'_> {
    fn title(import: &ImportInfo) -> String {
        let titles: Vec<&str> = import.frameworks.iter().map(|one| one.title.as_str()).take(3).collect();
        titles.join(", ")
    }
}

/// Shows the beginning.
async fn get_wizard(
    req: HttpRequest,
    state: web::Data<AppState>,
    by: Visitor<Write>,
) -> Result<HttpResponse, ApiError> {
    wizard(&req, &state, &by, (StatusCode::OK, None)).await
}

async fn wizard(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    by: &Visitor<Write>,
    (status, problem): (StatusCode, Option<String>),
) -> Result<HttpResponse, ApiError> {
    let asked = Filters::of(req.query_string(), &["before"]);
    let before = asked.value("before").and_then(|number| number.parse().ok()).unwrap_or(i64::MAX);
    let access = by.access();
    let mut found = state.read(move |registry| registry.imports(before, i64::from(LISTED) + 1, &access)).await?;
    let more = found.len() > usize::from(LISTED);
    found.truncate(LISTED.into());
    let older = found.last().filter(|_| more).map(|last| format!("?before={}", last.id));
    let (site, token) = (Site::of(&state.frame, req), by.session.form_token.clone());
    Site::show(status, &Wizard { site, token, imports: found, older, most: state.max_body_bytes, problem })
}

/// Takes a file, or the address of one, and leads to the page of its import.
async fn send_file(req: HttpRequest, state: web::Data<AppState>, body: web::Payload) -> Result<HttpResponse, ApiError> {
    let by: Visitor<Write> = may_send(&req)?;
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let upload = upload::read(&by, &req, body, state.max_body_bytes).await?;
    let kept = async {
        let source = match upload.url {
            Some(url) => imports::fetch(&req, &state, &url).await?,
            None => ImportSource::File { name: upload.name, bytes: upload.bytes },
        };
        imports::take(&state, source, ImportOptions::default(), by.access()).await
    };
    match refused(kept.await)? {
        Ok(kept) => Ok(lead(&state.frame.base, &format!("/import/{}", kept.import.id))),
        Err((status, problem)) => wizard(&req, &state, &by, (status, Some(problem))).await,
    }
}

/// Takes a step of an import: `plan`, `apply`, `undo` or `discard`.
async fn take_step(
    req: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(i64, String)>,
    form: Submitted<Write>,
) -> Result<HttpResponse, ApiError> {
    if state.read_only {
        return Err(ApiError::ReadOnly);
    }
    let ((id, step), by, actor) = (path.into_inner(), form.by, actor_of(&req));
    let access = by.access();
    let done = match step.as_str() {
        "plan" => {
            let import = imports::look(&state, id, access.clone()).await?;
            imports::plan_again(&state, id, columns::change(&form.fields, &import), access).await.map(drop)
        }
        "apply" => imports::apply(&state, id, access, actor).await.map(drop),
        "undo" => imports::undo(&state, id, access, actor).await.map(drop),
        "discard" => {
            imports::discard(&state, id, access, actor).await?;
            return Ok(lead(&state.frame.base, "/import"));
        }
        _ => return Err(ApiError::NotFound("An import has no such step.".to_owned())),
    };
    match refused(done)? {
        Ok(()) => Ok(lead(&state.frame.base, &format!("/import/{id}"))),
        Err((status, problem)) => page::show(&req, &state, &by, id, (status, Some(problem))).await,
    }
}
