//! Crosswalks over HTTP: `POST /api/v1/crosswalks`, what may be said between two frameworks, for somebody to review.
//!
//! Nothing is stored by it.

use std::ops::ControlFlow;
use std::sync::Arc;

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::auth::access_of;
use super::error::{ApiError, Problem};
use super::negotiate;
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{CrosswalkRequest, ProposedCrosswalk, Registry, RegistryError};

/// Where crosswalks are proposed.
pub(crate) const PATH: &str = "/api/v1/crosswalks";
/// How many items of the first framework are looked at in one request.
const MOST_ITEMS: usize = 5_000;
/// The most proposals for one item.
const MOST_EACH: usize = 20;

/// Between which frameworks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"from": "California Common Core", "to": "Common Core State Standards for Math", "minConfidence": 0.5}))]
pub(crate) struct CrosswalkBody {
    /// The framework whose items are looked at: an identifier, a uri, or words of its title.
    from: String,
    /// The framework that they are aligned to.
    to: String,
    /// What is less sure is not proposed.
    #[serde(default = "half")]
    #[schema(minimum = 0, maximum = 1, default = 0.5, required = false)]
    min_confidence: f32,
    /// How many proposals for one item at most.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 20, default = 1, required = false)]
    each: usize,
}

const fn half() -> f32 {
    0.5
}

const fn one() -> usize {
    1
}

/// What the answer is written as.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `form` reads")]
pub(crate) struct CrosswalkParams {
    /// `json` (the proposals), `case` (a CASE package of associations), `xlsx` or `csv` (a sheet to review, which can be
    /// imported again); without it, what `Accept` says.
    #[param(example = "csv")]
    format: Option<String>,
}

/// What a crosswalk is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Xlsx,
    Case,
}

impl Form {
    /// Those that a media type decides, and the one that shares its own with another.
    const ALL: [Form; 4] = [Form::Json, Form::Csv, Form::Xlsx, Form::Case];

    const fn name(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
            Form::Case => "case",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Form::Json | Form::Case => "application/json",
            Form::Csv => "text/csv",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Propose a crosswalk
///
/// For every item of one framework, the items of another that it is about: `exactMatchOf` only where both say the same,
/// `isPartOf` where it says what stands directly below, else `isRelatedTo`. Nothing is stored: review the sheet or the
/// package, and import it. At most 5,000 items are looked at, and one crosswalk is made at a time.
#[utoipa::path(
    tag = "Alignment",
    params(CrosswalkParams),
    request_body(content = CrosswalkBody, content_type = "application/json"),
    responses(
        (status = 200, description = "What may be said", content(
            (ProposedCrosswalk = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 400, description = "The request is not understood, or a name means no framework or several", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "The client wants none of the forms", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/crosswalks")]
pub(crate) async fn propose_crosswalk(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let (form, request, access) = (form(&req)?, asked(&body)?, access_of(&req));
    let waits = Arc::new(());
    let is_awaited = Arc::downgrade(&waits);
    let work = move |registry: &Registry| {
        let go_on =
            |_, _| if is_awaited.strong_count() > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        let crosswalk = registry.seen_by(access).propose_crosswalk(&request, &go_on)?;
        written(&crosswalk, form, registry.base_url())
    };
    let bytes = state.cross(work).await?;
    drop(waits);
    Ok(answer(bytes, form))
}

fn written(crosswalk: &ProposedCrosswalk, form: Form, base_url: &str) -> Result<Vec<u8>, RegistryError> {
    Ok(match form {
        Form::Json => serde_json::to_vec(crosswalk).unwrap_or_default(),
        Form::Case => crosswalk.package(base_url).to_string().into_bytes(),
        Form::Csv => crosswalk.csv(),
        Form::Xlsx => crosswalk.xlsx(base_url)?,
    })
}

fn answer(bytes: Vec<u8>, form: Form) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(form.media_type());
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
    if let Form::Csv | Form::Xlsx = form {
        let parameters = vec![DispositionParam::Filename(format!("crosswalk.{}", form.name()))];
        response.insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters });
    }
    response.body(bytes)
}

/// The form of the answer: as the parameter says, else as `Accept` does.
fn form(req: &HttpRequest) -> Result<Form, ApiError> {
    let mut named = None;
    for (name, value) in form_urlencoded::parse(req.query_string().as_bytes()) {
        let found = Form::ALL.into_iter().find(|form| form.name() == value);
        match (name.as_ref(), found) {
            ("format", Some(form)) if named.is_none() => named = Some(form),
            ("format", Some(_)) => return Err(Refusal::bad_request("format is given twice; give it once.")),
            ("format", None) => return Err(Refusal::bad_request("format is json, case, xlsx or csv.")),
            (name, _) => {
                return Err(Refusal::bad_request(format!("There is no parameter {name}; there is format.")));
            }
        }
    }
    let accept = req.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let none = || {
        let names: Vec<&str> = Form::ALL.iter().take(3).map(|form| form.media_type()).collect();
        ApiError::NotAcceptable(format!("There is {}.", names.join(", ")))
    };
    match named {
        Some(form) => Ok(form),
        None => negotiate::best(accept, &Form::ALL, Form::media_type).ok_or_else(none),
    }
}

fn asked(body: &[u8]) -> Result<CrosswalkRequest, ApiError> {
    let wrong = |error: serde_json::Error| {
        Refusal::bad_request(format!("Send {{\"from\": …, \"to\": …}}; the body is not understood: {error}."))
    };
    let CrosswalkBody { from, to, min_confidence, each } = serde_json::from_slice(body).map_err(wrong)?;
    if !(0.0..=1.0).contains(&min_confidence) {
        return Err(Refusal::bad_request("minConfidence is a number from 0 to 1."));
    }
    if !(1..=MOST_EACH).contains(&each) {
        return Err(Refusal::bad_request(format!("each is a number from 1 to {MOST_EACH}.")));
    }
    Ok(CrosswalkRequest { from, to, min_confidence, each, most: MOST_ITEMS })
}
