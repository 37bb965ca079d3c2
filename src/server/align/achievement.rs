//! Achievements over HTTP: `POST /api/v1/align/achievement`, a credential in, its alignments or the credential out.
//!
//! Nothing that is sent is stored or logged.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, post, web};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::super::error::{ApiError, Problem};
use super::super::negotiate::accepts;
use super::super::refusal::Refusal;
use super::super::state::AppState;
use crate::credentials::{CredentialError, PlaceError};
use crate::registry::{AchievementError, AchievementOptions, AlignMode, AlignedAchievement, View};

/// Where achievements are aligned.
pub(crate) const PATH: &str = "/api/v1/align/achievement";

/// The media types of a document by itself; the first is that of an envelope as well.
const JSON: &str = "application/json";
const DOCUMENTS: [&str; 4] = [JSON, "application/vc+ld+json", "application/ld+json", "application/vc"];

/// How it is aligned. Lists may be given several times.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what `asked` reads")]
pub(crate) struct AchievementParams {
    /// `suggest` tells alignments beside the document, `apply` places those that are sure enough. The default is
    /// `suggest`, and `apply` when the document alone is asked for.
    #[param(inline, example = "apply")]
    mode: Option<String>,
    /// `document`: the document alone, as with `Accept: application/vc+ld+json`.
    #[param(example = "document")]
    r#return: Option<String>,
    /// With `apply`: the least confidence with which something is placed.
    #[param(minimum = 0, maximum = 1, default = 0.8)]
    min_confidence: Option<f64>,
    /// Identifiers (several may stand side by side, with commas), uris or titles; else all frameworks.
    frameworks: Option<Vec<String>>,
    /// Item types; else all.
    item_types: Option<Vec<String>>,
    /// Codes of education levels that the achievement is for.
    education_level: Option<Vec<String>>,
    /// The language to read where a text is given in several.
    language: Option<String>,
    /// What gets alignments: `achievement`, `levels` of rubrics, or `all`, which are both and result descriptions.
    #[param(example = "achievement")]
    places: Option<String>,
    /// What `targetCode` says: `guid`, `human` or `none`.
    #[param(example = "guid")]
    target_code: Option<String>,
    /// What `targetName` says of an item: `short` or `full`.
    #[param(example = "short")]
    target_name: Option<String>,
    /// Whether notes of items are their descriptions.
    notes: Option<bool>,
    /// What is done about signed parts: `detach`, `error` or `unsign`.
    #[param(example = "detach")]
    on_signed: Option<String>,
    /// The most alignments of one place.
    #[param(minimum = 1, maximum = 50, default = 5)]
    max: Option<u32>,
}

/// Align an achievement
///
/// The body is an Open Badge (2.0 or 3.0), a CLR (1.0 or 2.0), a presentation, a bare achievement or badge class, a body of
/// the Badgr API, or any of these signed as a compact JWS. The answer says which items of frameworks its achievements are
/// about, what the alignments it has mean here, and, with `mode=apply`, has the document with the new alignments in
/// place and everything else as it came. What is signed is never changed unless `onSigned=unsign` is given. Send the
/// achievement rather than the credential: nothing of a learner is needed, read, stored or logged.
#[utoipa::path(
    tag = "Alignment",
    params(AchievementParams),
    request_body(content = serde_json::Value, content_type = "application/json", description = "The document, also as application/vc+ld+json, application/ld+json, or as a compact JWS in text/plain or application/vc+jwt"),
    responses(
        (status = 200, description = "The alignments; or the document alone, in the media type of the request", body = AlignedAchievement),
        (status = 400, description = "A parameter makes no sense, or the body is neither JSON nor a compact JWS", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "Neither an envelope nor the document is wanted", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The document is signed, and with `onSigned=error` or for the document alone that is in the way", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body is no document of these, has too much in it, or has something else where alignments stand", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/align/achievement")]
pub(crate) async fn align_achievement(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let (options, form) = asked(&req)?;
    let content_type = text_of(req.headers(), header::CONTENT_TYPE).map(str::to_owned);
    let work = move |view: &View<'_>| view.align_achievement(&body, content_type.as_deref(), &options);
    answer(state.look(&req, work).await?, form)
}

/// What is wanted back.
enum Form {
    Envelope,
    /// The document alone, as this media type.
    Document(&'static str),
}

fn answer(aligned: AlignedAchievement, form: Form) -> Result<HttpResponse, ApiError> {
    let (media_type, body) = match form {
        Form::Envelope => (JSON, serde_json::to_vec(&aligned).map_err(ApiError::internal)?),
        Form::Document(media_type) => (media_type, aligned.document.ok_or_else(only_signed)?),
    };
    let mut response = HttpResponse::Ok();
    response.content_type(media_type);
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::VARY, "Accept"));
    Ok(response.body(body))
}

/// There is a document, but none that could be returned.
fn only_signed() -> ApiError {
    let detail = "All of the document is signed, so that there is none with alignments; ask for application/json to have \
                  them beside it, or for a copy without the signature with onSigned=unsign.";
    refused(StatusCode::CONFLICT, "signed", "Signed", detail)
}

fn asked(req: &HttpRequest) -> Result<(AchievementOptions, Form), ApiError> {
    let mut options = AchievementOptions::default();
    let (mut seen, mut alone) = (Vec::new(), None);
    for (name, value) in form_urlencoded::parse(req.query_string().as_bytes()) {
        if seen.contains(&name) && !AchievementOptions::LISTS.contains(&name.as_ref()) {
            return Err(Refusal::bad_request(format!("{name} is given twice; give it once.")));
        }
        match (name.as_ref(), value.as_ref()) {
            ("return", "document") => alone = Some(true),
            ("return", "envelope") => alone = Some(false),
            ("return", _) => return Err(Refusal::bad_request("return is document or envelope.")),
            (name, value) => {
                options.set(name, value).map_err(|error| Refusal::bad_request(format!("{error}.")))?;
            }
        }
        seen.push(name);
    }
    let form = form(req.headers(), alone)?;
    if matches!(form, Form::Document(_)) {
        if seen.iter().any(|name| name == "mode") && options.mode == AlignMode::Suggest {
            let detail = "mode=suggest changes no document; leave it out, or ask for application/json.";
            return Err(Refusal::bad_request(detail));
        }
        options.mode = AlignMode::Apply;
    }
    Ok((options, form))
}

/// The form of the answer: as the parameter says, else as `Accept` does. A document has the media type of the request, where
/// the client takes that.
fn form(headers: &HeaderMap, alone: Option<bool>) -> Result<Form, ApiError> {
    let accept = text_of(headers, header::ACCEPT).unwrap_or_default();
    let taken = |name: &&&'static str| accepts(accept, name);
    let sent = text_of(headers, header::CONTENT_TYPE).unwrap_or_default();
    let sent = sent.split(';').next().unwrap_or_default().trim();
    let mirrored = DOCUMENTS.iter().find(|name| name.eq_ignore_ascii_case(sent)).filter(taken);
    let document = mirrored.or_else(|| DOCUMENTS.iter().find(taken)).copied();
    if alone.unwrap_or(!accepts(accept, JSON)) {
        document.map(Form::Document)
    } else {
        accepts(accept, JSON).then_some(Form::Envelope)
    }
    .ok_or_else(|| ApiError::NotAcceptable(format!("There is {}.", DOCUMENTS.join(", "))))
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

impl From<&AchievementError> for ApiError {
    fn from(error: &AchievementError) -> ApiError {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let detail = sentence(&error.to_string());
        match error {
            AchievementError::Unread(
                CredentialError::Empty | CredentialError::NotJson { .. } | CredentialError::NotJws,
            ) => Refusal::bad_request(detail),
            AchievementError::Unread(_) => refused(unprocessable, "no-credential", "Not a credential", &detail),
            AchievementError::TooMany { .. } => refused(unprocessable, "too-many", "Too much at once", &detail),
            AchievementError::NotPlaced(PlaceError::WrongType { .. } | PlaceError::Unreachable { .. }) => {
                refused(unprocessable, "alignment-type", "Nothing can be put in", &detail)
            }
            AchievementError::NotPlaced(PlaceError::Signed { .. }) => {
                refused(StatusCode::CONFLICT, "signed", "Signed", &detail)
            }
            AchievementError::NotPlaced(PlaceError::NoPlace { .. }) => ApiError::internal(error.to_string()),
        }
    }
}

fn refused(status: StatusCode, slug: &'static str, title: &'static str, detail: &str) -> ApiError {
    Refusal { status, slug, title, detail: detail.to_owned(), report: Vec::new() }.into()
}

fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(rest).chain(['.']).collect()
}
