//! What an address means: a package, a document, a permalink, a file, or a whole server.

use url::Url;

use super::client::check;
use super::error::{FetchError, shown};
use crate::case::Version;

/// What is at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `…/CFPackages/{id}`
    Package(Version, String),
    /// `…/CFDocuments/{id}`
    Document(Version, String),
    /// `…/uri/p{id}` or `…/uri/{id}`
    Permalink,
    /// A file with a package in it.
    File,
    /// A server with all it has; the version when the address says one.
    Catalogue(Option<Version>),
}

/// An address that somebody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub url: Url,
    pub kind: Kind,
    /// Everything before `/ims/case/`, without a slash at its end.
    pub base: String,
}

impl Target {
    /// Whether the text is an address and not the name of a file.
    #[must_use]
    pub fn is_address(text: &str) -> bool {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https"))
    }

    /// Reads an address.
    ///
    /// # Errors
    /// [`FetchError::NotAnAddress`] and [`FetchError::CredentialsInUrl`].
    pub fn parse(text: &str) -> Result<Target, FetchError> {
        // Whatever it is, it must not be repeated: it may hold a password.
        let unreadable = || FetchError::NotAnAddress(text.split(['?', '@']).next().unwrap_or_default().to_owned());
        let mut url: Url = text.trim().parse().map_err(|_| unreadable())?;
        check(&url)?;
        url.set_fragment(None);
        let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let (kind, base) = kind_of(&segments);
        let base = match base.join("/") {
            path if path.is_empty() => url.origin().ascii_serialization(),
            path => format!("{}/{path}", url.origin().ascii_serialization()),
        };
        Ok(Target { url, kind, base })
    }

    /// The address as it may be shown and recorded.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.url)
    }
}

fn kind_of<'s>(segments: &'s [&'s str]) -> (Kind, &'s [&'s str]) {
    let cased = |at: usize, name: &str| segments.get(at).is_some_and(|part| part.eq_ignore_ascii_case(name));
    let ims = (0..segments.len()).find(|at| cased(*at, "ims") && cased(at + 1, "case"));
    if let Some(at) = ims {
        let version = Version::ALL
            .into_iter()
            .find(|version| cased(at + 2, version.segment()))
            .filter(|_| segments.len() > at + 2);
        let base = segments.get(..at).unwrap_or_default();
        let id = segments.get(at + 4).map(|id| bare(id).to_owned());
        return match (version, id) {
            (Some(version), Some(id)) if cased(at + 3, "CFPackages") => (Kind::Package(version, id), base),
            (Some(version), Some(id)) if cased(at + 3, "CFDocuments") => (Kind::Document(version, id), base),
            (Some(_), Some(_)) => (Kind::File, base),
            (version, _) => (Kind::Catalogue(version), base),
        };
    }
    if let Some((before, [uri, _])) = segments.split_last_chunk().map(|(before, last): (_, &[&str; 2])| (before, last))
        && uri.eq_ignore_ascii_case("uri")
    {
        return (Kind::Permalink, before);
    }
    let last = segments.last().copied().unwrap_or_default().to_ascii_lowercase();
    if [".json", ".gz", ".zst"].iter().any(|ending| last.ends_with(ending)) {
        return (Kind::File, segments.split_last().map_or(&[], |(_, before)| before));
    }
    (Kind::Catalogue(None), segments)
}

/// An identifier in a path, without the suffix that some servers take (digest 16.1).
fn bare(id: &str) -> &str {
    id.strip_suffix(".json").unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_means_something() {
        const ID: &str = "c5fb0812-d7cb-11e8-824f-0242ac160002";
        let id = || ID.to_owned();
        for (text, kind, base) in [
            (format!("https://h.example/ims/case/v1p1/CFPackages/{ID}"), Kind::Package(Version::V1p1, id()), ""),
            (
                format!("https://h.example/ims/case/v1p0/CFPackages/{ID}.json?x=1"),
                Kind::Package(Version::V1p0, id()),
                "",
            ),
            (format!("https://h.example/t/ims/case/v1p0/CFDocuments/{ID}/"), Kind::Document(Version::V1p0, id()), "/t"),
            (format!("https://h.example/uri/p{ID}"), Kind::Permalink, ""),
            (format!("https://h.example/a/uri/{ID}.json"), Kind::Permalink, "/a"),
            ("https://h.example".to_owned(), Kind::Catalogue(None), ""),
            ("https://h.example/a/b/".to_owned(), Kind::Catalogue(None), "/a/b"),
            ("https://h.example/ims/case/v1p1".to_owned(), Kind::Catalogue(Some(Version::V1p1)), ""),
            (
                "https://h.example/ims/case/v1p0/CFDocuments?limit=5".to_owned(),
                Kind::Catalogue(Some(Version::V1p0)),
                "",
            ),
            ("https://h.example/ims/case".to_owned(), Kind::Catalogue(None), ""),
            ("https://h.example/files/maths.json.gz".to_owned(), Kind::File, "/files"),
        ] {
            let target = Target::parse(&text).unwrap();
            assert_eq!((target.kind, target.base), (kind, format!("https://h.example{base}")), "{text}");
        }
        assert_eq!(Target::parse("HTTP://127.1:80/").unwrap().base, "http://127.0.0.1");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_secrets() {
        for wrong in ["ftp://h/x", "https://", "file:///etc/passwd", "https://u:secret@h/", "https://u@h/", "h.example"]
        {
            let error = Target::parse(wrong).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(Target::is_address("HTTPS://h") && !Target::is_address("https.json") && !Target::is_address("ftp://h"));
    }
}
