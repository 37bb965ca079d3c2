//! The ready snippet of an object for the formats that point at CASE, and the credentials that an item
//! leads to.

use std::fmt::Write as _;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::api::answer_json;
use super::error::{ApiError, Problem};
use super::etag::Tagged;
use super::refusal::Refusal;
use super::state::AppState;
use super::url::header_safe;
use crate::credentials::{AlignmentOptions, SnippetFormat};
use crate::registry::{ItemCredentials, Reference, Resolution, ResolveState, View};

/// Says what became of the object: `resolved`, `moved`, `replaced` or `retired`.
const STATE: &str = "x-casement-state";

/// How a snippet is written.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `asked` reads")]
pub(crate) struct SnippetParams {
    /// `guid`, the human coding scheme (`human`), or `none`.
    #[param(default = "guid")]
    #[param(rename = "targetCode")]
    target_code: Option<String>,
    /// `short`: the abbreviated statement where there is one. `full`: the full statement.
    #[param(default = "short")]
    #[param(rename = "targetName")]
    target_name: Option<String>,
}

/// Get the snippet of one object
///
/// What a badge, a record, a job posting, a test item or a course takes to point at an item, a rubric, a
/// criterion, a level or a framework: ready to be put there. The same object in the same state is always
/// written in the same way. The header X-Casement-State says whether it is still in force; `Link` has its uri
/// (`canonical`) and what has replaced it (`successor-version`).
#[utoipa::path(
    tag = "Alignment",
    params(
        ("format" = String, Path, description = "ob2, ob3, clr1, clr2, schema.org, hropen, ctdl, qti, cc, lti or oneroster", example = "ob3"),
        ("id" = String, Path, description = "Identifier of the object, in any case", example = "98fc9523-caf2-5766-91a1-f057f0fbff6b"),
        SnippetParams,
    ),
    responses(
        (status = 200, description = "The snippet: XML for qti and cc, else JSON", content(
            (serde_json::Value = "application/json"), (String = "application/xml"),
        ), headers(("ETag" = String), ("Link" = String), ("X-Casement-State" = String))),
        (status = 304, description = "The client has it"),
        (status = 400, description = "A parameter makes no sense", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Nothing that can be aligned to has this identifier", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/alignments/{format}/{id}")]
pub(crate) async fn get_alignment(
    req: HttpRequest,
    state: web::Data<AppState>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (format, id) = path.into_inner();
    let (options, uri) = asked(req.query_string())?;
    if uri.is_some() {
        return Err(Refusal::bad_request("Give either an identifier in the path or uri."));
    }
    let reference = Reference { identifier: Some(id), ..Reference::default() };
    answer(&req, &state, &format, reference, options).await
}

/// Get the snippet of the object with a uri
///
/// As above, for a uri in every shape that `/api/v1/resolve` knows.
#[utoipa::path(
    tag = "Alignment",
    params(
        ("format" = String, Path, description = "As above", example = "ob3"),
        ("uri" = String, Query, description = "A uri of the object", example = "https://casement.example/uri/98fc9523-caf2-5766-91a1-f057f0fbff6b"),
        SnippetParams,
    ),
    responses(
        (status = 200, description = "The snippet: XML for qti and cc, else JSON", content(
            (serde_json::Value = "application/json"), (String = "application/xml"),
        ), headers(("ETag" = String), ("Link" = String), ("X-Casement-State" = String))),
        (status = 304, description = "The client has it"),
        (status = 400, description = "A parameter makes no sense", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Nothing that can be aligned to has this uri", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/alignments/{format}")]
pub(crate) async fn find_alignment(
    req: HttpRequest,
    state: web::Data<AppState>,
    format: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (options, uri) = asked(req.query_string())?;
    let uri = uri.ok_or_else(|| Refusal::bad_request("Give an identifier in the path, or uri."))?;
    answer(&req, &state, &format, Reference { uri: Some(uri), ..Reference::default() }, options).await
}

/// Find the credentials of an item
///
/// Which credentials can be asserted for who has this item: the items above it, itself among them, that
/// a credential can be issued for, and those that it is a criterion of. Each is served as an Open Badges 3.0
/// Achievement.
#[utoipa::path(
    tag = "Alignment",
    params(("id" = String, Path, description = "Identifier of the item, in any case", example = "98fc9523-caf2-5766-91a1-f057f0fbff6b")),
    responses(
        (status = 200, description = "The credentials, the nearest first; none is an answer too", body = ItemCredentials, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
        (status = 404, description = "No item has this identifier", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/items/{id}/credentials")]
pub(crate) async fn list_item_credentials(
    req: HttpRequest,
    state: web::Data<AppState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let found = state.look(&req, move |view: &View<'_>| view.item_credentials(&id)).await?;
    let nothing = || ApiError::NotFound("No item has this identifier; /api/v1/search finds items.".to_owned());
    answer_json(&req, &found.ok_or_else(nothing)?)
}

async fn answer(
    req: &HttpRequest,
    state: &AppState,
    format: &str,
    reference: Reference,
    options: AlignmentOptions,
) -> Result<HttpResponse, ApiError> {
    let format: SnippetFormat = format.parse().map_err(|error| Refusal::bad_request(format!("{error}.")))?;
    let work = move |view: &View<'_>| {
        Ok(view.snippet(&reference, format, options)?.map(|found| (Tagged::new(found.body), found.resolution)))
    };
    let (body, resolution) = state.look(req, work).await?.map_err(|resolution| nothing(&resolution))?;
    let mut response = HttpResponse::Ok();
    response.content_type(format.media_type());
    response.insert_header((header::LINK, links(&resolution)));
    response.insert_header((STATE, word(resolution.state)));
    Ok(body.answer(req, response))
}

fn nothing(resolution: &Resolution) -> ApiError {
    let detail = match (&resolution.object, resolution.state) {
        (Some(object), _) => {
            let kind = object.kind;
            format!("Nothing is aligned to a {kind}; there are items, frameworks, rubrics, criteria and levels.")
        }
        (None, ResolveState::Ambiguous) => {
            "Several objects may be meant; /api/v1/resolve lists them, ask for one by its identifier.".to_owned()
        }
        _ => "Nothing that can be aligned to is published here under it; /api/v1/search finds items.".to_owned(),
    };
    ApiError::NotFound(detail)
}

/// Where it is, and what has replaced it.
fn links(resolution: &Resolution) -> String {
    let mut links = String::new();
    if let Some(object) = &resolution.object {
        // Writing to a String cannot fail.
        let _ = write!(links, "<{}>; rel=\"canonical\"", header_safe(&object.uri));
    }
    for replacement in &resolution.replacements {
        let _ = write!(links, ", <{}>; rel=\"successor-version\"", header_safe(&replacement.uri));
    }
    links
}

fn word(state: ResolveState) -> &'static str {
    match state {
        ResolveState::Moved => "moved",
        ResolveState::Replaced => "replaced",
        ResolveState::Retired => "retired",
        _ => "resolved",
    }
}

/// The options, and the uri.
fn asked(query: &str) -> Result<(AlignmentOptions, Option<String>), ApiError> {
    let (mut options, mut uri) = (AlignmentOptions::default(), None);
    let wrong = |error| Refusal::bad_request(format!("{error}."));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "targetCode" => options.code = value.parse().map_err(wrong)?,
            "targetName" => options.name = value.parse().map_err(wrong)?,
            "uri" => uri = Some(value.into_owned()),
            other => {
                let sentence = format!("There is no parameter {other}; there are targetCode, targetName and uri.");
                return Err(Refusal::bad_request(sentence));
            }
        }
    }
    Ok((options, uri))
}
