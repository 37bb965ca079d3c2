//! A document, as 1.1 writes it.

use serde::Serialize;

use super::link::{LinkUri, link, links};
use crate::case::model::{self, Extensions};

/// CFDocument; in a package without its CFPackageURI (digest 8.3, 8.9).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFDocument<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_version: Option<&'a str>,
    pub creator: &'a str,
    pub title: &'a str,
    pub last_change_date_time: &'a str,
    #[serde(rename = "officialSourceURL", skip_serializing_if = "Option::is_none")]
    pub official_source_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a [String]>,
    #[serde(rename = "subjectURI", skip_serializing_if = "Option::is_none")]
    pub subject_uri: Option<Vec<LinkUri<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adoption_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_start_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_end_date: Option<&'a str>,
    #[serde(rename = "licenseURI", skip_serializing_if = "Option::is_none")]
    pub license_uri: Option<LinkUri<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
    #[serde(rename = "CFPackageURI", skip_serializing_if = "Option::is_none")]
    pub package_uri: Option<LinkUri<'a>>,
}

impl<'a> From<&'a model::Document> for CFDocument<'a> {
    fn from(document: &'a model::Document) -> Self {
        let model::Document {
            identity: model::Identity { identifier, uri, last_change },
            framework_type,
            case_version,
            creator,
            title,
            official_source_url,
            publisher,
            description,
            subject,
            subject_uri,
            language,
            version,
            adoption_status,
            status_start_date,
            status_end_date,
            license_uri,
            notes,
            extensions,
        } = document;
        CFDocument {
            identifier,
            uri,
            framework_type: framework_type.as_deref(),
            case_version: case_version.as_deref(),
            creator,
            title,
            last_change_date_time: last_change.as_str(),
            official_source_url: official_source_url.as_deref(),
            publisher: publisher.as_deref(),
            description: description.as_deref(),
            subject: subject.as_deref(),
            subject_uri: links(subject_uri),
            language: language.as_deref(),
            version: version.as_deref(),
            adoption_status: adoption_status.as_deref(),
            status_start_date: status_start_date.as_ref().map(model::Date::as_str),
            status_end_date: status_end_date.as_ref().map(model::Date::as_str),
            license_uri: link(license_uri),
            notes: notes.as_deref(),
            extensions: extensions.as_ref(),
            package_uri: None,
        }
    }
}
