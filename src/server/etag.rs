//! Bodies with a strong ETag, and the 304 for who has them already.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use sha2::{Digest, Sha256};

/// A body and what identifies exactly these bytes.
#[derive(Clone)]
pub(crate) struct Tagged {
    body: Bytes,
    tag: String,
}

impl Tagged {
    /// Hashes the body: not for the async threads when it may be large.
    #[must_use]
    pub(crate) fn new(body: impl Into<Bytes>) -> Tagged {
        let body = body.into();
        let tag = hex(&Sha256::digest(&body), 16);
        Tagged { body, tag }
    }

    /// Ends the answer: the body, or 304 when the client has it.
    #[must_use]
    pub(crate) fn answer(self, req: &HttpRequest, mut builder: HttpResponseBuilder) -> HttpResponse {
        // Data changes when it is imported: caches may keep it, but ask before they use it.
        builder.insert_header((header::CACHE_CONTROL, "public, no-cache"));
        if let Some(known) = matching(req.headers(), &self.tag) {
            return builder.status(StatusCode::NOT_MODIFIED).insert_header((header::ETAG, known)).finish();
        }
        builder.insert_header((header::ETAG, format!("\"{}\"", self.tag))).body(self.body)
    }
}

/// The first `bytes` bytes of a hash in hexadecimal.
#[must_use]
pub(crate) fn hex(hash: &[u8], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes * 2);
    for byte in hash.iter().take(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Names the encoding in the tag of an encoded body: a strong tag stands for one sequence of bytes.
pub(crate) fn name_encoding(headers: &mut HeaderMap) {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
    let (Some(tag), Some(encoding)) = (tag, encoding) else { return };
    let Some(opaque) = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) else { return };
    if let Ok(named) = HeaderValue::from_str(&format!("\"{opaque}-{encoding}\"")) {
        headers.insert(header::ETAG, named);
    }
}

/// The tag of `If-None-Match` that stands for the body, in whatever encoding the client has it.
fn matching(headers: &HeaderMap, tag: &str) -> Option<String> {
    let lists = headers.get_all(header::IF_NONE_MATCH).filter_map(|list| list.to_str().ok());
    for known in lists.flat_map(|list| list.split(',')).map(str::trim) {
        if known == "*" {
            return Some(format!("\"{tag}\""));
        }
        let opaque = known.strip_prefix("W/").unwrap_or(known).trim_matches('"');
        if opaque.strip_prefix(tag).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) {
            return Some(known.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_matches_in_every_encoding() {
        for (given, expect) in
            [("\"abc\"", true), ("\"x\", W/\"abc-br\"", true), ("*", true), ("\"abcd\"", false), ("\"x\"", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(given));
            assert_eq!(matching(&headers, "abc").is_some(), expect, "{given}");
        }
        assert_eq!(matching(&HeaderMap::new(), "abc"), None);
    }
}
