//! The one middleware of our own, outermost: it gives every request an id, a time limit and a
//! catch for panics, writes every error in the form of its surface, and sets the headers, the log
//! line and the metrics that every answer has.
//!
//! It is one because its parts need each other: an answer to a panic must carry the same headers
//! as any other. HEAD is routed as GET here; the server leaves the body out by what the client
//! sent. Never logs a query string, an address, or a user agent.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, web};
use futures_util::FutureExt as _;
use prometheus::IntGauge;
use uuid::Uuid;

use super::auth;
use super::case_api;
use super::error::{ApiError, Asked};
use super::etag;
use super::methods;
use super::site::{self, Chosen};
use super::state::AppState;
use super::surface::Surface;
use crate::telemetry::panic_message;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything from this server; nothing inline, nothing from elsewhere, no frames.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

/// A handler's own name for its route, where the pattern tells too little.
pub(crate) struct Route(pub String);

/// What is known of a request before it is answered; the request itself is gone after a panic.
struct Facts {
    request_id: String,
    method: Method,
    /// Encoded as it came, without the query.
    path: String,
    surface: Surface,
    started: Instant,
    preflight: bool,
    content_length: usize,
    /// The methods that the path answers.
    allow: HeaderValue,
    /// Whether it is to change something.
    changes: bool,
    takes_long: bool,
    /// For a browser: how it is to be told of an error, and of which address.
    seen: Option<(Chosen, String)>,
}

impl Facts {
    fn of(state: &AppState, req: &ServiceRequest) -> Facts {
        let (headers, path) = (req.headers(), req.match_info().as_str());
        let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let surface = Surface::of(path, accept);
        let here = || req.uri().path_and_query().map_or("/", |all| all.as_str()).to_owned();
        Facts {
            seen: (surface == Surface::Html).then(|| (site::chosen(headers), here())),
            request_id: request_id(headers),
            method: req.method().clone(),
            path: req.path().to_owned(),
            surface,
            allow: methods::of(path, state.read_only),
            changes: methods::changes(req.method(), path),
            takes_long: methods::takes_long(req.method(), path),
            started: Instant::now(),
            preflight: headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD),
            content_length: length.and_then(|length| length.parse().ok()).unwrap_or(0),
        }
    }

    fn asked<'a>(&'a self, state: &'a AppState) -> Asked<'a> {
        Asked {
            surface: self.surface,
            path: &self.path,
            allow: &self.allow,
            request_id: &self.request_id,
            frame: &state.frame,
            seen: self.seen.as_ref().map_or_else(Default::default, |(chosen, here)| (*chosen, here.as_str())),
        }
    }
}

/// Counts a request as long as it lives, however it ends.
struct InFlight<'a>(&'a IntGauge);

impl<'a> InFlight<'a> {
    fn new(gauge: &'a IntGauge) -> InFlight<'a> {
        gauge.inc();
        InFlight(gauge)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Answers a request, whatever happens to it.
///
/// # Errors
/// An answer in the shape of an error: after a panic or a timeout the request is gone, and a
/// `ServiceResponse` cannot be made without it.
pub(crate) async fn front<B: MessageBody + 'static>(
    state: web::Data<AppState>,
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let facts = Facts::of(&state, &req);
    let _in_flight = InFlight::new(&state.metrics.in_flight);
    if facts.method == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    if facts.method == Method::OPTIONS {
        return Ok(finished(&state, &facts, req.into_response(options(&state, &facts)).map_into_right_body()));
    }
    if facts.content_length > state.max_body_bytes && !methods::is_endless(&facts.path) {
        let response = ApiError::TooLarge(state.max_body_bytes).answer(&facts.asked(&state));
        return Ok(finished(&state, &facts, req.into_response(response).map_into_right_body()));
    }
    let admitted = auth::admit(&state, &req, &facts.request_id).await;
    let is_refused = state.read_only && facts.changes;
    if let Err(refused) = admitted.and_then(|()| if is_refused { Err(ApiError::ReadOnly) } else { Ok(()) }) {
        let response = refused.answer(&facts.asked(&state));
        return Ok(finished(&state, &facts, req.into_response(response).map_into_right_body()));
    }
    // Most that is asked for: nothing has to be routed, compressed or waited for.
    if let Some(response) = case_api::answer_from_memory(req.request(), &state) {
        return Ok(finished(&state, &facts, req.into_response(response.map_into_right_body())));
    }
    let mut answer = pin!(AssertUnwindSafe(next.call(req)).catch_unwind());
    let limit = if facts.takes_long { state.import_timeout } else { state.request_timeout };
    // What is ready at once needs no timer.
    let outcome = match futures_util::poll!(answer.as_mut()) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => tokio::time::timeout(limit, answer).await,
    };
    let lost = match outcome {
        Ok(Ok(Ok(response))) => return Ok(finished(&state, &facts, presentable(&state, &facts, response))),
        Ok(Ok(Err(error))) => ApiError::Other(error.as_response_error().status_code()),
        Ok(Err(panic)) => ApiError::internal(panic_message(panic.as_ref())),
        Err(_) => ApiError::Timeout,
    };
    let mut response = lost.answer(&facts.asked(&state));
    let status = response.status();
    add_headers(&state, &facts, response.headers_mut());
    record(&state, &facts, "lost", status);
    Err(InternalError::from_response(lost.to_string(), response).into())
}

/// Puts the surface's own form in the place of a bare error.
fn presentable<B: MessageBody>(
    state: &AppState,
    facts: &Facts,
    response: ServiceResponse<B>,
) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    let is_shown = response.response().extensions().get::<site::Shown>().is_some();
    if is_shown || (!status.is_client_error() && !status.is_server_error()) {
        return response.map_into_left_body();
    }
    let asked = facts.asked(state);
    let answer = match response.response().error().and_then(|error| error.as_error::<ApiError>()) {
        Some(error) => error.answer(&asked),
        None => ApiError::kind_of(response.response(), state.max_body_bytes).answer(&asked),
    };
    response.into_response(answer.map_into_right_body())
}

fn finished<B: MessageBody>(state: &AppState, facts: &Facts, mut response: ServiceResponse<B>) -> ServiceResponse<B> {
    let named = response.request().extensions().get::<Route>().map(|route| route.0.clone());
    let route = named.or_else(|| response.request().match_pattern()).unwrap_or_else(|| "unmatched".to_owned());
    let is_anonymous = auth::access_of(response.request()).is_anonymous();
    add_headers(state, facts, response.headers_mut());
    match is_anonymous {
        true if state.may_be_kept => auth::keep_apart(response.headers_mut()),
        true => {}
        false => auth::keep_private(response.headers_mut()),
    }
    record(state, facts, &route, response.status());
    response
}

/// The answer to OPTIONS, whether a browser asks before reading across sites or anybody else.
fn options(state: &AppState, facts: &Facts) -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    response.insert_header((header::ALLOW, facts.allow.clone()));
    if state.cors && facts.preflight {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, methods::READING));
        response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "*, Authorization"));
        response.insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"));
    }
    response.finish()
}

fn add_headers(state: &AppState, facts: &Facts, headers: &mut HeaderMap) {
    if let Ok(id) = HeaderValue::from_str(&facts.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    }
    vary_by_encoding(headers);
    if state.cors {
        // No credentials are ever allowed, so every site may be told the same.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("X-Total-Count, Link, ETag, X-Request-Id, Retry-After"),
        );
    }
    etag::name_encoding(headers);
}

/// Every body might have been compressed, so caches must keep the forms apart; what compresses
/// says so only when it did.
fn vary_by_encoding(headers: &mut HeaderMap) {
    let told = headers.get_all(header::VARY).filter_map(|vary| vary.to_str().ok());
    if !told.into_iter().any(|vary| vary.to_ascii_lowercase().contains("accept-encoding")) {
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
}

fn record(state: &AppState, facts: &Facts, route: &str, status: StatusCode) {
    let took = facts.started.elapsed();
    let method = known_method(&facts.method);
    state.metrics.answered(method, route, status.as_u16(), took.as_secs_f64());
    let milliseconds = took.as_secs_f64() * 1000.0;
    let (request_id, path, status) = (facts.request_id.as_str(), facts.path.as_str(), status.as_u16());
    tracing::info!(request_id, method, route, path, status, milliseconds, "{method} {path} answered {status}");
}

/// A method anybody may make up must not become a label.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "OTHER",
    }
}

/// The id that came with the request when it is harmless in a log, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let sane = |id: &&str| {
        (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(sane);
    given.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_ids_are_taken_over() {
        let check = |given: &'static str, taken: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(given));
            assert_eq!(request_id(&headers) == given, taken, "{given}");
        };
        check("abc-1.2_3", true);
        check("a b", false);
        check("", false);
        check("<script>", false);
    }
}
