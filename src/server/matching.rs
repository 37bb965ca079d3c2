//! A job against a record over HTTP: `POST /api/v1/match`.
//!
//! Nothing that is sent is stored or logged, and no name of a person is answered.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde_json::Value;
use utoipa::ToSchema;

use super::error::{ApiError, Problem};
use super::jobs::told;
use super::refusal::Refusal;
use super::state::AppState;
use crate::registry::{MET_FROM, MatchRequest, Matched, Required, View};

/// Where jobs are held against records.
pub(crate) const PATH: &str = "/api/v1/match";

/// A job and a record.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "required": ["https://casement.example/uri/5c1b3a52-0d5e-4a57-9d3e-3a0d7c2f6a10"],
    "record": {"type": ["VerifiableCredential", "OpenBadgeCredential"], "credentialSubject": {"achievement": {
        "type": ["Achievement"], "name": "Water Sampling", "alignment": [{"type": ["Alignment"], "targetName": "Chlorine residual testing",
        "targetUrl": "https://casement.example/uri/8f0e2c34-6b1d-4e7a-a1c5-2d9b7e4f1c21"}]}}}
}))]
#[expect(dead_code, reason = "it describes what `asked` reads")]
pub(crate) struct MatchBody {
    /// The posting: JSON in any form that /api/v1/align/job takes, or a text. Either this or `required` is given.
    #[schema(value_type = Object, required = false)]
    job: Option<Value>,
    /// The media type of a posting that is a text: text/plain, text/markdown or text/html.
    #[schema(default = "text/plain", required = false)]
    job_media_type: Option<String>,
    /// Identifiers or uris of frameworks or items. Of what has items below it, the lowest are required.
    #[schema(required = false)]
    required: Option<Vec<String>>,
    /// A CLR, a badge, a compact JWS in a string, or a list of these.
    #[schema(value_type = Object)]
    record: Value,
    /// Identifiers, uris or titles of the frameworks that texts are looked for in; else all.
    #[schema(required = false)]
    frameworks: Option<Vec<String>>,
    /// The least confidence of a path by which a requirement is met.
    #[schema(minimum = 0, maximum = 1, default = 0.5, required = false)]
    min_confidence: Option<f64>,
}

/// Match a job and a record
///
/// Says of each requirement whether the record meets it, by which achievement, and through which path: the same item,
/// something below or above it, an association between frameworks, or only the same text; with a confidence for each step
/// and their product. What was revoked, has expired or was not completed does not count. `missing` has the requirements that
/// are asked for and not met.
#[utoipa::path(
    tag = "Alignment",
    request_body(content = MatchBody, content_type = "application/json"),
    responses(
        (status = 200, description = "The requirements and what meets them", body = Matched),
        (status = 400, description = "The body is no JSON of this form", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The media type of the job is none that is read", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The job or the record cannot be read, or a competency is not here", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/match")]
pub(crate) async fn match_record(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let request = asked(&body)?;
    let matched = state.look(&req, move |view: &View<'_>| view.match_record(&request)).await?;
    told(&matched)
}

fn asked(body: &[u8]) -> Result<MatchRequest, ApiError> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Refusal::bad_request(format!("Send JSON: {{\"job\": …, \"record\": …}}; the body is no JSON: {error}."))
    })?;
    let Value::Object(mut members) = value else {
        return Err(Refusal::bad_request("Send an object: {\"job\": …, \"record\": …}."));
    };
    let known = ["job", "jobMediaType", "required", "record", "frameworks", "minConfidence"];
    if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Refusal::bad_request(format!("There is no member {name}; there are {}.", known.join(", "))));
    }
    members.retain(|_, value| !value.is_null());
    let media_type = match members.remove("jobMediaType") {
        None => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(Refusal::bad_request("jobMediaType is a text, such as text/html.")),
    };
    let required = match (members.remove("job"), members.remove("required")) {
        (Some(Value::String(text)), None) => {
            Required::Job(text.into_bytes(), Some(media_type.unwrap_or_else(|| "text/plain".to_owned())))
        }
        (Some(json), None) => Required::Job(json.to_string().into_bytes(), Some("application/json".to_owned())),
        (None, Some(list)) => Required::Competencies(texts("required", list)?),
        _ => return Err(Refusal::bad_request("Give either job or required.")),
    };
    let frameworks = members.remove("frameworks").map_or(Ok(Vec::new()), |list| texts("frameworks", list))?;
    let min_confidence = match members.remove("minConfidence") {
        None => MET_FROM,
        Some(number) => number
            .as_f64()
            .filter(|least| (0.0..=1.0).contains(least))
            .ok_or_else(|| Refusal::bad_request("minConfidence is a number from 0 to 1."))?,
    };
    let record = members
        .remove("record")
        .ok_or_else(|| Refusal::bad_request("Give the record: a CLR, a badge, a compact JWS, or a list of these."))?;
    Ok(MatchRequest { required, record, frameworks, min_confidence })
}

fn texts(name: &str, list: Value) -> Result<Vec<String>, ApiError> {
    let wrong = || Refusal::bad_request(format!("{name} is a list of identifiers or uris, with one at least."));
    let Value::Array(list) = list else { return Err(wrong()) };
    let texts: Option<Vec<String>> = list.iter().map(|one| one.as_str().map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty()).ok_or_else(wrong)
}
