//! Which kind of client an address is for, and so in which form its errors are written.

use super::negotiate::{self, Form};
use crate::case::Version;

/// The base path of the standard; it must follow the host directly (digest 1).
pub(crate) const CASE_BASE: &str = "/ims/case";

/// The form of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// The standard's status body, in that version's spelling.
    Case(Version),
    /// A page.
    Html,
    /// `application/problem+json`.
    Problem,
}

impl Surface {
    /// The surface of a path with percent-encoding undone, for a client that accepts `accept`.
    #[must_use]
    pub(crate) fn of(path: &str, accept: Option<&str>) -> Surface {
        if let Some(rest) = path.strip_prefix(CASE_BASE).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Surface::Case(version_of(rest));
        }
        let only_for_programs = ["/api/", "/healthz", "/readyz", "/metrics", "/openapi.json"];
        if only_for_programs.iter().any(|prefix| path.starts_with(prefix)) {
            return Surface::Problem;
        }
        match Form::strip_suffix(path).1 {
            Some(Form::Html) => Surface::Html,
            None if negotiate::prefers_html(accept) => Surface::Html,
            _ => Surface::Problem,
        }
    }
}

/// The version that the path below the base names; the newest for any other.
fn version_of(rest: &str) -> Version {
    let segment = rest.split('/').nth(1).unwrap_or_default();
    Version::ALL.into_iter().find(|version| version.segment() == segment).unwrap_or(Version::V1p1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_before_the_client() {
        let browser = Some("text/html");
        for (path, accept, expect) in [
            ("/ims/case", browser, Surface::Case(Version::V1p1)),
            ("/ims/case/v1p0/x", browser, Surface::Case(Version::V1p0)),
            ("/ims/case/v9p9/x", None, Surface::Case(Version::V1p1)),
            ("/ims/cases", None, Surface::Problem),
            ("/api/v1/x", browser, Surface::Problem),
            ("/uri/x", browser, Surface::Html),
            ("/uri/x", None, Surface::Problem),
            ("/uri/x.json", browser, Surface::Problem),
            ("/uri/x.html", None, Surface::Html),
        ] {
            assert_eq!(Surface::of(path, accept), expect, "{path} {accept:?}");
        }
    }
}
