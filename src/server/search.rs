//! Search over HTTP: `/api/v1/search` and `/api/v1/suggest`.

use actix_web::{HttpRequest, HttpResponse, get, web};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::api::answer_json;
use super::error::{ApiError, Problem};
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{SearchAnswer, SearchRequest, Suggestion};

/// The most hits of one page, and of suggestions.
const MOST: usize = 100;
const SUGGESTIONS: usize = 8;

/// What is searched for. Everything but `q`, `limit`, `cursor` and the switches may be given several
/// times; one of the values must match.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `request` reads")]
pub(crate) struct SearchParams {
    /// Words (all should match), `"phrases"`, `-not`, `OR`, `begin*`, codes in any spelling, identifiers and uris, and
    /// `field:value` with code, type, grade, subject, framework, language, status, creator, kind, updated
    /// (`updated:>2025-01-01`). Anything is searched for: what is not understood is told in `hints`.
    #[param(example = "fractions grade:3")]
    q: Option<String>,
    /// In place of `q`: identifier of an object, to find what is like it.
    like: Option<String>,
    /// Identifier, uri, or words of the title.
    framework: Option<Vec<String>>,
    /// Identifier of an item: only it and what is below it.
    under: Option<String>,
    #[param(example = json!(["03"]))]
    grade: Option<Vec<String>>,
    subject: Option<Vec<String>>,
    /// An item type.
    r#type: Option<Vec<String>>,
    /// A language tag, or its beginning.
    language: Option<Vec<String>>,
    /// An adoption status.
    status: Option<Vec<String>>,
    /// `item`, `document`, `criterion` or `level`.
    kind: Option<Vec<String>>,
    /// `true`: only items that a credential can be issued for; `false`: nothing of the kind.
    #[param(rename = "credentialEligible")]
    credential_eligible: Option<bool>,
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// `next` of the answer before; the page is of the same state where that is still known.
    cursor: Option<String>,
    /// `false` leaves the counts out.
    #[param(default = true)]
    facets: Option<bool>,
    /// `framework`: the best of each framework.
    #[param(example = "framework")]
    group: Option<String>,
    /// `true` puts what is retired among the rest; else it comes last.
    retired: Option<bool>,
    /// `true` while the last word is still being typed.
    typing: Option<bool>,
}

/// Search
///
/// Finds items, frameworks, rubric criteria and levels by their text, code or identifier. A code or an
/// identifier that is meant exactly comes first; words are ranked by how much they say of a text. When
/// nothing has a word, the nearest one is searched for, and `corrections` says so; when few have all
/// words, what has most of them follows.
#[utoipa::path(
    tag = "Search",
    params(SearchParams),
    responses(
        (status = 200, description = "What was found", body = SearchAnswer, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
        (status = 400, description = "A parameter makes no sense", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/search")]
pub(crate) async fn search(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let asked = request(req.query_string())?;
    let answer = state.look(&req, move |view| view.search(&asked)).await?;
    answer_json(&req, &answer)
}

/// What is being typed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `request` reads")]
pub(crate) struct SuggestParams {
    /// What was typed so far.
    #[param(example = "fract")]
    q: Option<String>,
    /// Identifier, uri, or words of the title.
    framework: Option<Vec<String>>,
    #[param(minimum = 1, maximum = 100, default = 8)]
    limit: Option<u32>,
}

/// Suggest while somebody types
///
/// The best hits for words of which the last is not finished.
#[utoipa::path(
    tag = "Search",
    params(SuggestParams),
    responses(
        (status = 200, description = "The best first", body = Vec<Suggestion>, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
        (status = 400, description = "A parameter makes no sense", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/suggest")]
pub(crate) async fn suggest(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let mut asked = SearchRequest { limit: SUGGESTIONS, ..SearchRequest::default() };
    read(req.query_string(), &["q", "framework", "limit"], &mut asked)?;
    asked = SearchRequest { typing: true, facets: false, ..asked };
    let answer = state.look(&req, move |view| view.suggest(&asked)).await?;
    answer_json(&req, &answer)
}

const PARAMETERS: [&str; 17] = [
    "q",
    "like",
    "framework",
    "under",
    "grade",
    "subject",
    "type",
    "language",
    "status",
    "kind",
    "credentialEligible",
    "limit",
    "cursor",
    "facets",
    "group",
    "retired",
    "typing",
];

fn request(query: &str) -> Result<SearchRequest, ApiError> {
    let mut request = SearchRequest::default();
    read(query, &PARAMETERS, &mut request)?;
    if request.like.is_some() && !request.q.is_empty() {
        return Err(Refusal::bad_request("Give either q or like."));
    }
    Ok(request)
}

fn read(query: &str, known: &[&str], request: &mut SearchRequest) -> Result<(), ApiError> {
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.contains(&name.as_ref()) {
            return Err(Refusal::bad_request(format!("There is no parameter {name}; there are {}.", known.join(", "))));
        }
        let list = match name.as_ref() {
            "framework" => Some(&mut request.framework),
            "grade" => Some(&mut request.grade),
            "subject" => Some(&mut request.subject),
            "type" => Some(&mut request.item_type),
            "language" => Some(&mut request.language),
            "status" => Some(&mut request.status),
            "kind" => Some(&mut request.kind),
            _ => None,
        };
        if let Some(list) = list {
            list.push(value.into_owned());
            continue;
        }
        if seen.iter().any(|known| *known == name) {
            return Err(Refusal::bad_request(format!("{name} is given twice; give it once.")));
        }
        seen.push(name.clone().into_owned());
        let flag = || match value.as_ref() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Refusal::bad_request(format!("{name} is true or false."))),
        };
        match name.as_ref() {
            "q" => request.q = value.into_owned(),
            "like" => request.like = Some(value.into_owned()),
            "under" => request.under = Some(value.into_owned()),
            "cursor" => request.cursor = Some(value.into_owned()),
            "credentialEligible" => request.eligible = Some(flag()?),
            "facets" => request.facets = flag()?,
            "retired" => request.mixed = flag()?,
            "typing" => request.typing = flag()?,
            "group" if value == "framework" => request.grouped = true,
            "group" => return Err(Refusal::bad_request("group can only be framework.")),
            _ => request.limit = limit(&value)?,
        }
    }
    Ok(())
}

fn limit(value: &str) -> Result<usize, ApiError> {
    match value.parse() {
        Ok(limit @ 1..=MOST) => Ok(limit),
        _ => Err(Refusal::bad_request(format!("limit is a number from 1 to {MOST}."))),
    }
}
