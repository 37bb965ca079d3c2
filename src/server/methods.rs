//! Which methods the resource at a path answers, and which paths are those of imports. Pure.

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;

use super::align::{achievement, batch, feedback};
use super::{align, crosswalks, jobs, matching, mcp, oauth, resolve, site};

/// Where imports are.
pub(crate) const IMPORTS: &str = "/api/v1/imports";

/// What takes a body and changes nothing.
const WITH_A_BODY: [&str; 9] = [
    achievement::PATH,
    align::TEXT,
    batch::PATH,
    crosswalks::PATH,
    jobs::PATH,
    matching::PATH,
    mcp::http::PATH,
    resolve::PATH,
    site::PREFERENCES,
];

/// What most resources answer, and all that pages of other sites may use.
pub(crate) const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// The methods of a path with percent-encoding undone, as the header `Allow` lists them.
#[must_use]
pub(crate) fn of(path: &str, read_only: bool) -> HeaderValue {
    if path == oauth::PATH || WITH_A_BODY.contains(&path) {
        return HeaderValue::from_static("POST, OPTIONS");
    }
    if let Some(pages) = of_pages(path) {
        return pages;
    }
    if path == feedback::PATH && !read_only {
        return HeaderValue::from_static("GET, HEAD, POST, OPTIONS");
    }
    if is_below(path, feedback::PATH) && path != feedback::PATH {
        return HeaderValue::from_static(if read_only { "OPTIONS" } else { "DELETE, OPTIONS" });
    }
    let Some(below) = below_imports(path) else { return READING };
    let segments: Vec<&str> = below.split('/').skip(1).collect();
    match (segments.as_slice(), read_only) {
        ([], false) => HeaderValue::from_static("GET, HEAD, POST, OPTIONS"),
        (["templates", _], _) => READING,
        ([_], false) => HeaderValue::from_static("GET, HEAD, DELETE, OPTIONS"),
        ([_, "plan" | "apply" | "undo"], false) => HeaderValue::from_static("POST, OPTIONS"),
        ([_, "plan" | "apply" | "undo"], true) => HeaderValue::from_static("OPTIONS"),
        _ => READING,
    }
}

/// Whether a request is to change something here.
#[must_use]
pub(crate) fn changes(method: &Method, path: &str) -> bool {
    let is_kept = [IMPORTS, "/import", feedback::PATH].iter().any(|of| is_below(path, of));
    is_kept && ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// The methods of pages with forms.
fn of_pages(path: &str) -> Option<HeaderValue> {
    let is_step = ["/import/", "/users/"].iter().any(|of| path.strip_prefix(of).is_some_and(|rest| rest.contains('/')));
    if is_step || site::takes_only_forms(path) {
        return Some(HeaderValue::from_static("POST, OPTIONS"));
    }
    site::takes_forms(path).then(|| HeaderValue::from_static("GET, HEAD, POST, OPTIONS"))
}

/// Whether a body may be of any length, because it is never held whole.
#[must_use]
pub(crate) fn is_endless(path: &str) -> bool {
    path == batch::PATH
}

/// Whether a request may take as long as one that imports.
#[must_use]
pub(crate) fn takes_long(method: &Method, path: &str) -> bool {
    changes(method, path) || path == crosswalks::PATH
}

fn is_below(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn below_imports(path: &str) -> Option<&str> {
    path.strip_prefix(IMPORTS).filter(|_| is_below(path, IMPORTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_its_methods() {
        for (path, usual, read_only) in [
            ("/", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/importsx", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/imports", "GET, HEAD, POST, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/imports/7", "GET, HEAD, DELETE, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/imports/templates/xlsx", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/imports/7/apply", "POST, OPTIONS", "OPTIONS"),
            ("/api/v1/imports/7/events", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/imports/7/frameworks/x", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/resolve", "POST, OPTIONS", "POST, OPTIONS"),
            ("/api/v1/align/batch", "POST, OPTIONS", "POST, OPTIONS"),
            ("/api/v1/align/feedback", "GET, HEAD, POST, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/api/v1/align/feedback/7", "DELETE, OPTIONS", "OPTIONS"),
            ("/oauth2/token", "POST, OPTIONS", "POST, OPTIONS"),
            ("/sign-in", "GET, HEAD, POST, OPTIONS", "GET, HEAD, POST, OPTIONS"),
            ("/import/7", "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
            ("/import/7/apply", "POST, OPTIONS", "POST, OPTIONS"),
            ("/sign-out", "POST, OPTIONS", "POST, OPTIONS"),
            ("/align", "GET, HEAD, POST, OPTIONS", "GET, HEAD, POST, OPTIONS"),
            ("/align/download", "POST, OPTIONS", "POST, OPTIONS"),
            ("/preferences", "POST, OPTIONS", "POST, OPTIONS"),
        ] {
            assert_eq!(
                (of(path, false), of(path, true)),
                (usual.parse().unwrap(), read_only.parse().unwrap()),
                "{path}"
            );
        }
        assert!(changes(&Method::DELETE, "/api/v1/imports/7") && !changes(&Method::GET, "/api/v1/imports"));
        assert!(!changes(&Method::POST, "/oauth2/token") && !changes(&Method::POST, "/api/v1/align/text"));
        assert!(
            changes(&Method::POST, "/api/v1/align/feedback") && changes(&Method::DELETE, "/api/v1/align/feedback/7")
        );
    }
}
