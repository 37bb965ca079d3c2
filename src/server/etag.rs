//! Bodies with a strong ETag, and the 304 for who has them already.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use super::state::AppState;
use crate::registry::Answer;

/// A body and what identifies exactly these bytes.
#[derive(Clone)]
pub(crate) struct Tagged(Arc<Answer>);

impl From<Arc<Answer>> for Tagged {
    fn from(answer: Arc<Answer>) -> Tagged {
        Tagged(answer)
    }
}

impl Tagged {
    /// Hashes the body: not for the async threads when it may be large.
    #[must_use]
    pub(crate) fn new(body: impl Into<Bytes>) -> Tagged {
        Tagged(Arc::new(Answer::new(body, None)))
    }

    /// Ends the answer: the body, or 304 when the client has it.
    #[must_use]
    pub(crate) fn answer(self, req: &HttpRequest, mut builder: HttpResponseBuilder) -> HttpResponse {
        let Answer { body, tag, modified, .. } = self.0.as_ref();
        match validate(req, &mut builder, tag, *modified) {
            Some(not_modified) => not_modified,
            None => builder.body(body.clone()),
        }
    }
}

/// Sets what caches need on an answer; the 304 when the client has that answer already.
pub(crate) fn validate(
    req: &HttpRequest,
    builder: &mut HttpResponseBuilder,
    tag: &str,
    modified: Option<i64>,
) -> Option<HttpResponse> {
    if let Some(state) = req.app_data::<web::Data<AppState>>() {
        builder.insert_header((header::CACHE_CONTROL, state.cache_control.clone()));
    }
    // The time has whole seconds: it is told when its second is over, and nothing else that
    // happened in it could carry the same.
    let modified = modified.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs()));
    let modified = modified.filter(|time| time.elapsed().is_ok_and(|age| age >= Duration::from_secs(1)));
    if let Some(time) = modified {
        builder.insert_header(header::LastModified(time.into()));
    }
    let asked = req.headers();
    let known = match matching(asked, tag) {
        Some(known) => known,
        // The tag decides wherever it is asked for (RFC 9110, 13.2.2).
        None if asked.contains_key(header::IF_NONE_MATCH) || !modified.is_some_and(|time| seen_since(asked, time)) => {
            builder.insert_header((header::ETAG, format!("\"{tag}\"")));
            return None;
        }
        None => format!("\"{tag}\""),
    };
    Some(builder.status(StatusCode::NOT_MODIFIED).insert_header((header::ETAG, known)).finish())
}

/// Whether the client has what there was at that time or later.
fn seen_since(asked: &HeaderMap, modified: SystemTime) -> bool {
    let since = asked.get(header::IF_MODIFIED_SINCE).and_then(|since| since.to_str().ok());
    let since: Option<header::HttpDate> = since.and_then(|since| since.parse().ok());
    since.is_some_and(|since| modified <= SystemTime::from(since))
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
