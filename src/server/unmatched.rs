//! What has no handler: an address that exists, asked with another method, or none at all.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use super::methods;

/// Everything without a handler: an address that exists, asked with another method, or none at all.
/// The routes match by path and method together, so both arrive here.
pub(crate) async fn answer_unmatched(req: HttpRequest) -> Result<HttpResponse, ApiError> {
    let answers_get = methods::of(req.match_info().as_str(), false).as_bytes().starts_with(b"GET");
    if (req.method() != Method::GET || !answers_get) && req.match_pattern().is_some() {
        return Err(ApiError::MethodNotAllowed);
    }
    Err(ApiError::NotFound("Nothing has this address; / lists the frameworks and /docs the API.".to_owned()))
}
