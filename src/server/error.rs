//! Everything that a handler can answer beside success, and how it looks on each surface: the CASE
//! status body under `/ims/case`, a page for browsers, `application/problem+json` (RFC 9457) else.
//!
//! Clients get a code and a sentence that says what to do. Causes go to the log, once, here.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use askama::Template as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Challenge;
use super::limits::Wait;
use super::oauth;
use super::refusal::Refusal;
use super::site::{self, Chosen, Frame, Site};
use super::surface::Surface;

use crate::case::report::Entry;
use crate::case::status::Failure;
use crate::registry::{OpenIdError, RegistryError};
use crate::telemetry::ErrorChain;

/// What is wrong with a request, or with us.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// 401: who asks has to say who they are.
    Unauthorised(Challenge),
    /// 303: who asks has to sign in first, at that address.
    SignIn(String),
    /// Why somebody could not be signed in by a provider; the page to sign in says so.
    OpenId(OpenIdError),
    /// 403; the sentence says what is missing.
    Forbidden(Cow<'static, str>),
    /// 405: nothing can be changed at this server.
    ReadOnly,
    /// What the registry has a reason for not doing.
    Refused(Box<Refusal>),
    /// 429: this client asks too often.
    TooMany(Wait),
    /// A refusal of the token endpoint, in the form that is prescribed there.
    OAuth(oauth::Refusal),
    /// 404; the sentence says where to look.
    NotFound(String),
    /// 405.
    MethodNotAllowed,
    /// 406; the sentence names the forms there are.
    NotAcceptable(String),
    /// 413, with the most bytes that a request may have.
    TooLarge(usize),
    /// The database is busy: 503, and 429 where the standard has a code for that.
    Busy,
    /// 503: it took too long.
    Timeout,
    /// 503: the database does not answer.
    NotReady(RegistryError),
    /// 500, with the cause for the log.
    Internal(Box<dyn std::error::Error + Send + Sync>),
    /// A failure that the standard has words for.
    Case(Failure),
    /// What the framework refused; it has nothing but a status.
    Other(StatusCode),
}

/// A problem as RFC 9457 has it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "type": "urn:casement:problem:not-found",
    "title": "Not found",
    "status": 404,
    "detail": "No framework has this identifier; /api/v1/frameworks lists them.",
    "instance": "/api/v1/frameworks/0",
    "requestId": "1f1b3a52-5a0e-4c76-9a2e-0f3c8f0f2d11"
}))]
pub(crate) struct Problem {
    /// Stable name of the kind of problem; programs may rely on it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// What to tell the operator, who finds the request in the log by it.
    pub request_id: String,
    /// What the reader of a file has to say, where the problem is one of a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub report: Vec<Entry>,
}

impl Problem {
    /// What it is served as.
    pub(crate) const MEDIA_TYPE: &'static str = "application/problem+json";
}

/// What an error needs to know of the request that it answers.
pub(crate) struct Asked<'a> {
    /// In which form to answer.
    pub surface: Surface,
    /// The path, encoded as it came.
    pub path: &'a str,
    /// The methods that the path answers.
    pub allow: &'a HeaderValue,
    /// The request's id.
    pub request_id: &'a str,
    /// What every page needs.
    pub frame: &'a Frame,
    /// How a page is wanted, and the address with its query.
    pub seen: (Chosen, &'a str),
}

impl ApiError {
    /// Our fault, with its cause.
    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ApiError {
        ApiError::Internal(cause.into())
    }

    /// The error behind a response, whoever made it.
    #[must_use]
    pub(crate) fn kind_of(response: &HttpResponse<impl actix_web::body::MessageBody>, most: usize) -> ApiError {
        match response.status().as_u16() {
            404 => ApiError::NotFound("Nothing has this address; /docs tells what there is.".to_owned()),
            405 => ApiError::MethodNotAllowed,
            413 => ApiError::TooLarge(most),
            _ => ApiError::Other(response.status()),
        }
    }

    /// The answer, in the form of the surface.
    #[must_use]
    pub(crate) fn answer(&self, asked: &Asked<'_>) -> HttpResponse {
        self.log(asked.request_id);
        if let ApiError::OAuth(refusal) = self {
            return refusal.answer();
        }
        let mut response = match asked.surface {
            Surface::Case(version) => {
                let failure = self.failure();
                let mut response = HttpResponse::build(status(failure.http_status())).json(failure.body(version));
                response.head_mut().reason = Some(failure.reason());
                response
            }
            Surface::Problem => {
                let problem = self.problem(asked);
                let body = serde_json::to_string(&problem).unwrap_or_default();
                HttpResponse::build(self.status_code()).content_type(Problem::MEDIA_TYPE).body(body)
            }
            Surface::Html => {
                let Problem { title, status, detail, request_id, .. } = self.problem(asked);
                let (chosen, here) = asked.seen;
                let site = Site::seen(asked.frame, chosen, here);
                let page = site::Problem { site, title, status, detail: &detail, request_id: &request_id };
                let body = page.render().unwrap_or_else(|_| detail.clone());
                HttpResponse::build(self.status_code()).content_type(site::HTML).body(body)
            }
        };
        if !matches!(asked.surface, Surface::Case(_)) {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        }
        self.add_headers(asked, response.headers_mut());
        response
    }

    fn add_headers(&self, asked: &Asked<'_>, headers: &mut header::HeaderMap) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            ApiError::MethodNotAllowed | ApiError::ReadOnly | ApiError::Case(Failure::MethodNotAllowed) => {
                headers.insert(header::ALLOW, asked.allow.clone());
            }
            ApiError::Busy | ApiError::Timeout | ApiError::NotReady(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            ApiError::Unauthorised(challenge) => drop(headers.insert(header::WWW_AUTHENTICATE, challenge.header())),
            ApiError::Forbidden(_) => {
                let challenge = HeaderValue::from_static(r#"Bearer realm="casement", error="insufficient_scope""#);
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            ApiError::TooMany(Wait(seconds)) => drop(headers.insert(header::RETRY_AFTER, (*seconds).into())),
            _ => {}
        }
    }

    /// Only what is our fault is logged here; every request has its line anyhow.
    fn log(&self, request_id: &str) {
        match self {
            ApiError::Internal(cause) => {
                tracing::error!(request_id, error = %ErrorChain(cause.as_ref()), "request {request_id} failed");
            }
            ApiError::NotReady(cause) => {
                tracing::error!(request_id, error = %ErrorChain(cause), "the database does not answer");
            }
            ApiError::Busy => tracing::warn!(request_id, "request {request_id} was turned away: the database is busy"),
            ApiError::Timeout => tracing::warn!(request_id, "request {request_id} took too long"),
            _ => {}
        }
    }

    /// The same in the words of the standard.
    fn failure(&self) -> Failure {
        let other = |status: u16, description: &str| Failure::Other { status, description: description.to_owned() };
        match self {
            ApiError::Case(failure) => failure.clone(),
            ApiError::Unauthorised(challenge) => other(401, challenge.sentence()),
            ApiError::Forbidden(needed) => other(403, needed),
            ApiError::SignIn(_) | ApiError::OpenId(_) => other(401, "Sign in."),
            ApiError::TooMany(_) => Failure::TooManyRequests,
            ApiError::OAuth(refusal) => other(refusal.status().as_u16(), "No access token was given."),
            ApiError::NotFound(_) => Failure::UnknownPath,
            ApiError::MethodNotAllowed | ApiError::ReadOnly => Failure::MethodNotAllowed,
            ApiError::NotAcceptable(detail) => other(406, detail),
            ApiError::TooLarge(_) => Failure::PayloadTooLarge,
            ApiError::Refused(refusal) => other(refusal.status.as_u16(), &refusal.detail),
            // The standard declares 429 for this, and not 503 (digest 5.1).
            ApiError::Busy => other(429, "The server is busy; send the request again after the time in Retry-After."),
            ApiError::Timeout | ApiError::NotReady(_) => Failure::ServerBusy,
            ApiError::Internal(_) => Failure::Internal,
            ApiError::Other(status) => match status.as_u16() {
                408 => Failure::RequestTimeout,
                415 => Failure::UnsupportedMediaType,
                500 => Failure::Internal,
                code => other(code, "The request cannot be answered as it is; correct it before sending it again."),
            },
        }
    }

    /// The stable name of the kind of problem, the kind in words, and what to do about it.
    pub(crate) fn told(&self) -> (String, &'static str, String) {
        let (slug, title, detail): (&str, &'static str, String) = match self {
            ApiError::Unauthorised(challenge) => ("unauthorised", "Not authorised", challenge.sentence().to_owned()),
            ApiError::Forbidden(needed) => ("forbidden", "Forbidden", needed.clone().into_owned()),
            ApiError::SignIn(_) | ApiError::OpenId(_) => ("unauthorised", "Not authorised", "Sign in.".to_owned()),
            ApiError::ReadOnly => (
                "read-only",
                "Read-only",
                "Nothing can be changed at this server; send it to the one that writes to the same database."
                    .to_owned(),
            ),
            ApiError::Refused(refusal) => (refusal.slug, refusal.title, refusal.detail.clone()),
            ApiError::TooMany(Wait(seconds)) => {
                ("too-many-requests", "Too many requests", format!("Wait {seconds} s before the next one."))
            }
            ApiError::OAuth(_) => ("no-access-token", "No access token", "No access token was given.".to_owned()),
            ApiError::NotFound(detail) => ("not-found", "Not found", detail.clone()),
            ApiError::MethodNotAllowed => (
                "method-not-allowed",
                "Method not allowed",
                "This address does not answer that method; the header Allow has those that it does.".to_owned(),
            ),
            ApiError::NotAcceptable(detail) => ("not-acceptable", "Not acceptable", detail.clone()),
            ApiError::TooLarge(most) => (
                "too-large",
                "Too large",
                format!("Send at most {most} bytes; a file may be packed with gzip or zstd."),
            ),
            ApiError::Busy => {
                ("busy", "Busy", "The server is busy; send the request again after the time in Retry-After.".to_owned())
            }
            ApiError::Timeout => {
                ("timeout", "Took too long", "Ask for less, or send the request again later.".to_owned())
            }
            ApiError::NotReady(_) => (
                "not-ready",
                "Not ready",
                "The database does not answer; the operator finds the reason in the log.".to_owned(),
            ),
            ApiError::Internal(_) => (
                "internal",
                "Internal error",
                "The server failed; send the request again later, or tell the operator the request id.".to_owned(),
            ),
            ApiError::Case(failure) => {
                let body = failure.body(crate::case::Version::V1p1);
                ("case", failure.reason(), body.description)
            }
            ApiError::Other(status) => (
                "http",
                status.canonical_reason().unwrap_or("Error"),
                "The request cannot be answered as it is; correct it before sending it again.".to_owned(),
            ),
        };
        (format!("urn:casement:problem:{slug}"), title, detail)
    }

    /// What the reader of a file has to say.
    pub(crate) fn report(&self) -> Vec<Entry> {
        match self {
            ApiError::Refused(refusal) => refusal.report.clone(),
            _ => Vec::new(),
        }
    }

    fn problem(&self, asked: &Asked<'_>) -> Problem {
        let (kind, title, detail) = self.told();
        Problem {
            report: self.report(),
            kind,
            title,
            status: self.status_code().as_u16(),
            detail,
            instance: asked.path.to_owned(),
            request_id: asked.request_id.to_owned(),
        }
    }
}

pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl fmt::Display for ApiError {
    /// For the log of the framework; clients see [`ApiError::answer`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered with {}", self.status_code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            ApiError::Unauthorised(_) => StatusCode::UNAUTHORIZED,
            ApiError::Forbidden(_) | ApiError::OpenId(_) => StatusCode::FORBIDDEN,
            ApiError::SignIn(_) => StatusCode::SEE_OTHER,
            ApiError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            ApiError::OAuth(refusal) => refusal.status(),
            ApiError::NotFound(_) => StatusCode::NOT_FOUND,
            ApiError::MethodNotAllowed | ApiError::ReadOnly => StatusCode::METHOD_NOT_ALLOWED,
            ApiError::Refused(refusal) => refusal.status,
            ApiError::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            ApiError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::Busy | ApiError::Timeout | ApiError::NotReady(_) => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            ApiError::Case(failure) => status(failure.http_status()),
            ApiError::Other(status) => *status,
        }
    }

    /// Bare: the middleware knows the surface and puts [`ApiError::answer`] in its place.
    fn error_response(&self) -> HttpResponse {
        match self {
            ApiError::SignIn(address) => HttpResponse::SeeOther()
                .insert_header((header::LOCATION, address.as_str()))
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .finish(),
            _ => HttpResponse::new(self.status_code()),
        }
    }
}

impl From<Challenge> for ApiError {
    fn from(challenge: Challenge) -> ApiError {
        ApiError::Unauthorised(challenge)
    }
}

impl From<Wait> for ApiError {
    fn from(wait: Wait) -> ApiError {
        ApiError::TooMany(wait)
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> ApiError {
        ApiError::Case(failure)
    }
}
