//! What a CASE server lists: `CFDocuments`, page after page, from servers that page well, badly, or
//! not at all.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::Value;
use ureq::http::header;
use url::Url;

use super::client::{Answer, Client, Download, text};
use super::error::FetchError;
use super::json::{self, member, not_case};
use crate::case::Version;

/// How many documents a page is asked to have.
const PAGE: usize = 100;
/// The largest page in bytes.
const LARGEST_PAGE: u64 = 64 << 20;
/// How many frameworks one server may list.
const MOST: usize = 100_000;
/// How long a title may be.
const LONGEST_TITLE: usize = 500;

/// The frameworks of a server.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Everything before `/ims/case/`.
    pub base: String,
    /// The version that it was listed in.
    pub version: Version,
    pub listed: Vec<Listed>,
}

/// A framework, as its server describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As received.
    pub identifier: String,
    pub title: String,
    pub creator: String,
    /// `lastChangeDateTime` as received.
    pub last_change: Option<String>,
    /// Identifier and uri of its `CFPackageURI`, as far as there are any.
    pub package: (Option<String>, Option<String>),
}

impl Listed {
    /// Reads a CFDocument, or whatever stands for one.
    pub(super) fn read(document: &Value) -> Option<Listed> {
        let text = |name: &str| member(document, name).unwrap_or_default().chars().take(LONGEST_TITLE).collect();
        let package = match document.get("CFPackageURI") {
            Some(Value::String(uri)) => (None, Some(uri.trim().to_owned())),
            Some(link) => (member(link, "identifier").map(str::to_owned), member(link, "uri").map(str::to_owned)),
            None => (None, None),
        };
        Some(Listed {
            identifier: member(document, "identifier")?.to_owned(),
            title: text("title"),
            creator: text("creator"),
            last_change: member(document, "lastChangeDateTime").map(str::to_owned),
            package,
        })
    }
}

/// The address of something of CASE below a base.
pub(super) fn address(base: &str, version: Version, rest: &str) -> Result<Url, FetchError> {
    let text = format!("{base}/ims/case/{}/{rest}", version.segment());
    text.parse().map_err(|_| FetchError::NotAnAddress(text))
}

/// An identifier of the other server, fit for a path.
pub(super) fn in_path(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.extend(url::form_urlencoded::byte_serialize(&[byte]).map(|text| text.replace('+', "%20")));
        }
    }
    encoded
}

impl Client {
    /// What the server at `base` lists, in the first of the versions that it has.
    ///
    /// # Errors
    /// [`FetchError::NoCatalogue`] when it has none of them, else what stands in the way.
    pub fn catalogue(&self, base: &str, versions: &[Version]) -> Result<Catalogue, FetchError> {
        let mut last = None;
        for version in versions {
            match self.list(base, *version) {
                Ok(listed) => return Ok(Catalogue { base: base.to_owned(), version: *version, listed }),
                Err(error) if error.is_absence() => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        let unasked = || FetchError::NotAnAddress(base.to_owned());
        Err(FetchError::NoCatalogue { base: base.to_owned(), last: Box::new(last.unwrap_or_else(unasked)) })
    }

    fn list(&self, base: &str, version: Version) -> Result<Vec<Listed>, FetchError> {
        // One time limit for the whole, or a server could go on for ever, a page at a time.
        let deadline = Instant::now() + self.settings().timeout;
        let page = |offset: usize| format!("CFDocuments?limit={PAGE}&offset={offset}&sort=identifier&orderBy=asc");
        let mut url = address(base, version, &page(0))?;
        let mut all: Vec<Listed> = Vec::new();
        let mut known = HashSet::new();
        let mut received = 0;
        loop {
            let download = match self.page(&url, deadline) {
                // Some servers do not know these parameters, and say so.
                Err(FetchError::Status { status: 400, .. }) if received == 0 && url.query().is_some() => {
                    url = address(base, version, "CFDocuments")?;
                    continue;
                }
                other => other?,
            };
            let documents = documents(&download)?;
            received += documents.len();
            let before = all.len();
            all.extend(documents.into_iter().filter(|one| known.insert(one.identifier.clone())));
            if all.len() > MOST {
                return Err(FetchError::Endless { base: base.to_owned(), most: MOST });
            }
            // Nothing new: the end, or a server that does not page and sends the same for ever.
            if all.len() == before || url.query().is_none() {
                return Ok(all);
            }
            let total = text(&download.headers, header::HeaderName::from_static("x-total-count"));
            if total.and_then(|total| total.trim().parse().ok()).is_some_and(|total: usize| received >= total) {
                return Ok(all);
            }
            url = match next(&download) {
                Next::At(next) if next.origin() == url.origin() => next,
                Next::None => return Ok(all),
                // Behind a proxy servers often do not know their own address.
                Next::At(_) | Next::Unsaid => address(base, version, &page(received))?,
            };
        }
    }

    fn page(&self, url: &Url, deadline: Instant) -> Result<Download, FetchError> {
        match self.get_within(url, None, LARGEST_PAGE.min(self.settings().max_bytes), deadline)? {
            Answer::Sent(download) => Ok(*download),
            Answer::Unchanged => Err(not_case(url, "an answer to another question (304)".to_owned())),
        }
    }
}

/// What a Link header says about the next page.
enum Next {
    At(Url),
    /// There are links, and none is the next one.
    None,
    /// No links at all.
    Unsaid,
}

fn next(download: &Download) -> Next {
    let mut links = download.headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok()).peekable();
    if links.peek().is_none() {
        return Next::Unsaid;
    }
    // Commas may stand in addresses, so the addresses are looked for.
    for header in links {
        for (at, _) in header.match_indices('<') {
            let Some((target, rest)) = header.get(at + 1..).and_then(|rest| rest.split_once('>')) else { continue };
            let parameters = rest.split('<').next().unwrap_or_default().to_ascii_lowercase();
            let is_next = ["rel=\"next\"", "rel=next", "rel='next'"].iter().any(|rel| parameters.contains(rel));
            if let (true, Ok(url)) = (is_next, download.url.join(target)) {
                return Next::At(url);
            }
        }
    }
    Next::None
}

fn documents(download: &Download) -> Result<Vec<Listed>, FetchError> {
    let value = json::parse(&download.url, &download.body)?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(map) => match map.get("CFDocuments") {
            Some(Value::Array(list)) => list,
            _ => return Err(not_case(&download.url, "JSON without CFDocuments".to_owned())),
        },
        _ => return Err(not_case(&download.url, "JSON without CFDocuments".to_owned())),
    };
    let unwrapped = list.iter().map(|entry| entry.get("CFDocument").unwrap_or(entry));
    Ok(unwrapped.filter_map(Listed::read).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use ureq::http::{HeaderMap, HeaderValue};

    use super::*;

    fn download(link: Option<&'static str>) -> Download {
        let mut headers = HeaderMap::new();
        headers.extend(link.map(|link| (header::LINK, HeaderValue::from_static(link))));
        let url = "https://h.example/ims/case/v1p1/CFDocuments?limit=100&offset=0".parse().unwrap();
        Download { url, etag: None, body: Vec::new(), headers }
    }

    #[test]
    fn the_next_page_is_found() {
        let found = |link| match next(&download(link)) {
            Next::At(url) => url.query().unwrap_or_default().to_owned(),
            Next::None => "none".to_owned(),
            Next::Unsaid => "unsaid".to_owned(),
        };
        assert_eq!(found(None), "unsaid");
        assert_eq!(
            found(Some("<https://h.example/a?offset=0>; rel=\"first\", </a?offset=1,2>; rel=\"next\"")),
            "offset=1,2"
        );
        assert_eq!(found(Some("<https://h.example/a?offset=1>;rel=next")), "offset=1");
        assert_eq!(found(Some("<https://h.example/a?offset=0>; rel=\"prev\"")), "none");
        assert_eq!(found(Some("nonsense")), "none");
    }

    #[test]
    fn documents_are_read_as_they_come() {
        let read = |value: Value| Listed::read(&value);
        let listed = read(json!({"identifier": " i ", "title": null, "CFPackageURI": {"identifier": "p", "uri": 7}}));
        assert_eq!(listed.unwrap().package, (Some("p".to_owned()), None));
        let listed = read(json!({"identifier": "i", "CFPackageURI": "https://h.example/p"})).unwrap();
        assert_eq!(listed.package, (None, Some("https://h.example/p".to_owned())));
        assert_eq!(read(json!({"title": "t"})), None);
        assert_eq!(in_path("a/b ä?"), "a%2Fb%20%C3%A4%3F");
    }
}
