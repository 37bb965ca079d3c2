//! The pages that are not the page of an object: the first one, and what has no address.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use askama::Template as _;

use super::error::ApiError;
use super::etag::Tagged;
use super::methods;
use super::state::AppState;
use super::templates::{self, Home};
use crate::registry::View;

/// The routes.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/").guard(guard::Get()).to(get_home));
    config.service(web::resource("/favicon.ico").guard(guard::Get()).to(get_favicon));
}

async fn get_home(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let frameworks = state.look(&req, |view: &View<'_>| view.frameworks()).await?;
    let home = Home { frame: &state.frame, frameworks: &frameworks };
    let body = home.render().map_err(ApiError::internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type(templates::HTML);
    Ok(Tagged::new(body).answer(&req, response))
}

/// Browsers ask for it even where a page names its icon.
async fn get_favicon(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, state.frame.asset("casement.svg"))).finish()
}

/// Everything without a handler: an address that exists, asked with another method, or none at all.
/// The routes match by path and method together, so both arrive here.
pub(crate) async fn answer_unmatched(req: HttpRequest) -> Result<HttpResponse, ApiError> {
    let answers_get = methods::of(req.match_info().as_str(), false).as_bytes().starts_with(b"GET");
    if (req.method() != Method::GET || !answers_get) && req.match_pattern().is_some() {
        return Err(ApiError::MethodNotAllowed);
    }
    Err(ApiError::NotFound("Nothing has this address; / lists the frameworks and /docs the API.".to_owned()))
}
