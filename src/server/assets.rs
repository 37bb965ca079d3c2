//! The files that pages load, compiled in or of the server's brand, served under a path that changes
//! with them, so that browsers may keep them for a year.

use std::sync::OnceLock;

use actix_web::http::header;
use actix_web::{HttpResponse, guard, web};
use sha2::{Digest, Sha256};

use super::error::ApiError;
use super::site::Brand;
use super::state::AppState;
use crate::registry::hex;

/// Name, media type and content of every file.
const FILES: [(&str, &str, &str); 3] = [
    ("casement.css", "text/css; charset=utf-8", include_str!("../../assets/casement.css")),
    ("casement.js", "text/javascript; charset=utf-8", include_str!("../../assets/casement.js")),
    ("casement.svg", "image/svg+xml", include_str!("../../assets/casement.svg")),
];

/// The routes.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/assets/{hash}/{name}").guard(guard::Get()).to(get_asset));
}

/// The path of a file: `/assets/{hash}/{name}`.
#[must_use]
pub(crate) fn path(brand: &Brand, name: &str) -> String {
    let hash = if brand.file(name).is_some() { &brand.hash } else { hash() };
    format!("/assets/{hash}/{name}")
}

/// One hash for all files together.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let mut all = Sha256::new();
        for (_, _, content) in FILES {
            all.update(content.as_bytes());
        }
        hex(&all.finalize(), 8)
    })
}

/// A page of another edition asks for another hash; it gets today's file, but not for long.
async fn get_asset(state: web::Data<AppState>, path: web::Path<(String, String)>) -> Result<HttpResponse, ApiError> {
    let (asked, name) = path.into_inner();
    let brand = &state.frame.brand;
    let file = FILES.into_iter().find(|(known, _, _)| *known == name);
    let own = brand.file(&name).map(|file| (file.media_type, file.content.clone(), brand.hash.as_str()));
    let found = own.or_else(|| file.map(|(_, media_type, content)| (media_type, content.into(), hash())));
    let nothing = || ApiError::NotFound("There is no such file.".to_owned());
    let (media_type, content, hash) = found.ok_or_else(nothing)?;
    let caching = if asked == hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(HttpResponse::Ok().content_type(media_type).insert_header((header::CACHE_CONTROL, caching)).body(content))
}
