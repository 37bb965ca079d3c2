//! `POST /mcp`: one message of the protocol in, its answer out. No conversation is kept between requests, so any server
//! of several may answer any of them.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, post, web};
use http_body_util::{BodyExt as _, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::handler::Handler;
use crate::server::auth::access_of;
use crate::server::error::{ApiError, status};
use crate::server::refusal::Refusal;
use crate::server::state::AppState;

/// Where the protocol is spoken.
pub(crate) const PATH: &str = "/mcp";
/// The most bytes of one message.
const MOST_BYTES: usize = 1 << 20;

/// Answers one message: the streamable HTTP transport, without its streams. It is not in the description of our API,
/// because it is a protocol of its own, whose errors are those of JSON-RPC.
#[post("/mcp")]
pub(crate) async fn speak(
    req: HttpRequest,
    state: web::Data<AppState>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let handler = Handler::of_client(state, access_of(&req));
    // Whose name a client knows this server by is the operator's business, and nothing here is for this machine alone.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(MOST_BYTES)
        .disable_allowed_hosts();
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(handler.clone()), sessions, config);
    let (head, body) = service.handle(asked(&req, body)?).await.into_parts();
    let Ok(body) = body.collect().await;
    let mut response = HttpResponse::build(status(head.status.as_u16()));
    for (name, value) in &head.headers {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(response.body(body.to_bytes()))
}

/// A request in the types of the SDK.
fn asked(req: &HttpRequest, body: web::Bytes) -> Result<http::Request<Full<bytes::Bytes>>, ApiError> {
    let mut request = http::Request::builder().method(http::Method::POST).uri(PATH);
    for (name, value) in req.headers() {
        request = request.header(name.as_str(), value.as_bytes());
    }
    let unreadable = |error| Refusal::bad_request(format!("A header is not understood: {error}."));
    request.body(Full::new(body)).map_err(unreadable)
}
