//! One framework of another server: its description, and its package wherever that is.

use serde_json::Value;
use url::Url;

use super::catalogue::{Listed, address, in_path};
use super::client::{Answer, Client, Download};
use super::error::{FetchError, shown};
use super::json::{self, member, not_case};
use super::target::{Kind, Target};
use crate::case::Version;
use crate::case::read::canonical;

impl Client {
    /// What the server says about one framework, and in which of the versions.
    ///
    /// # Errors
    /// That of the last version tried; see [`FetchError::is_gone`].
    pub fn describe(&self, base: &str, versions: &[Version], id: &str) -> Result<(Version, Listed), FetchError> {
        let mut last = FetchError::NotAnAddress(base.to_owned());
        for version in versions {
            let url = address(base, *version, &format!("CFDocuments/{}", in_path(id)))?;
            match self.sent(&url).and_then(|download| document(&download, id)) {
                Ok(listed) => return Ok((*version, listed)),
                // That it is gone says more than that there is something else.
                Err(error) if error.is_absence() => last = if last.is_gone() { last } else { error },
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// The package of a framework that a server has described. Its address is tried by
    /// CFPackageURI's identifier, by the framework's own, and as CFPackageURI says (digest 16.3).
    ///
    /// # Errors
    /// What the last of them came to.
    pub fn package(&self, base: &str, version: Version, of: &Listed, etag: Option<&str>) -> Result<Answer, FetchError> {
        let (identifier, uri) = &of.package;
        let by_id = |id: &str| address(base, version, &format!("CFPackages/{}", in_path(id)));
        let mut places: Vec<Url> = Vec::new();
        for id in identifier.iter().chain([&of.identifier]) {
            places.push(by_id(id)?);
        }
        places.extend(uri.iter().filter_map(|uri| uri.parse().ok()));
        let mut last = FetchError::NotAnAddress(base.to_owned());
        let mut tried: Vec<&Url> = Vec::new();
        for place in &places {
            if tried.contains(&place) {
                continue;
            }
            tried.push(place);
            match self.case(place, etag) {
                Err(error) if error.is_absence() => last = error,
                other => return other,
            }
        }
        Err(last)
    }

    /// What is at an address that is no catalogue: a package, or what leads to one.
    ///
    /// # Errors
    /// When there is no package to be had.
    pub fn at(&self, target: &Target, etag: Option<&str>) -> Result<Answer, FetchError> {
        match &target.kind {
            Kind::File => self.get(&target.url, etag),
            Kind::Package(version, id) => {
                let other = other(*version);
                let elsewhere = address(&target.base, other, &format!("CFPackages/{}", in_path(id)))?;
                self.first(&[target.url.clone(), elsewhere], etag)
            }
            Kind::Document(version, id) => {
                let (version, listed) = self.describe(&target.base, &[*version, other(*version)], id)?;
                self.package(&target.base, version, &listed, etag)
            }
            Kind::Permalink => self.permalink(target, etag),
            Kind::Catalogue(_) => Err(not_case(&target.url, "a whole catalogue".to_owned())),
        }
    }

    fn permalink(&self, target: &Target, etag: Option<&str>) -> Result<Answer, FetchError> {
        let mut suffixed = target.url.clone();
        suffixed.set_path(&format!("{}.json", target.url.path().trim_end_matches('/')));
        let answer = self.first(&[target.url.clone(), suffixed], etag)?;
        let Answer::Sent(download) = &answer else { return Ok(answer) };
        let value = json::parse(&download.url, &download.body)?;
        if value.get("CFDocument").is_some() || value.get("CFPackage").is_some() {
            return Ok(answer);
        }
        if let Some(framework) = value.get("CFDocumentURI") {
            let id = member(framework, "identifier").unwrap_or("that its CFDocumentURI names");
            let found = format!("one part of the framework {id}; import that");
            return Err(not_case(&download.url, found));
        }
        let missing = || not_case(&download.url, "neither a framework nor its package".to_owned());
        let listed = Listed::read(&value).filter(|_| value.get("title").is_some()).ok_or_else(missing)?;
        match self.package(&target.base, Version::V1p1, &listed, None) {
            Err(error) if error.is_absence() => self.package(&target.base, Version::V1p0, &listed, None),
            other => other,
        }
    }

    fn first(&self, places: &[Url], etag: Option<&str>) -> Result<Answer, FetchError> {
        let mut first = None;
        for place in places {
            match self.case(place, etag) {
                Err(error) if error.is_absence() => first = first.or(Some(error)),
                other => return other,
            }
        }
        Err(first.unwrap_or_else(|| FetchError::NotAnAddress(String::new())))
    }

    /// An answer that at least begins like JSON.
    fn case(&self, url: &Url, etag: Option<&str>) -> Result<Answer, FetchError> {
        let answer = self.get(url, etag)?;
        if let Answer::Sent(download) = &answer {
            json::expect_json(&download.url, &download.body)?;
        }
        Ok(answer)
    }

    fn sent(&self, url: &Url) -> Result<Download, FetchError> {
        match self.get(url, None)? {
            Answer::Sent(download) => Ok(*download),
            Answer::Unchanged => Err(not_case(url, "an answer to another question (304)".to_owned())),
        }
    }
}

/// The CFDocument that was asked for, and no other.
fn document(download: &Download, wanted: &str) -> Result<Listed, FetchError> {
    let value = json::parse(&download.url, &download.body)?;
    let bare: &Value = value.get("CFDocument").unwrap_or(&value);
    let listed = Listed::read(bare).ok_or_else(|| not_case(&download.url, "JSON without a CFDocument".to_owned()))?;
    if canonical(&listed.identifier) != canonical(wanted) {
        let (url, wanted, found) = (shown(&download.url), wanted.to_owned(), listed.identifier);
        return Err(FetchError::OtherFramework { url, wanted, found });
    }
    Ok(listed)
}

fn other(version: Version) -> Version {
    match version {
        Version::V1p0 => Version::V1p1,
        Version::V1p1 => Version::V1p0,
    }
}
