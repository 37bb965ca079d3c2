//! An item, as 1.1 writes it.

use serde::Serialize;

use super::link::{LinkUri, link, links};
use crate::case::model::{self, Extensions};

/// CFItem; in a package without its CFDocumentURI (digest 8.4, 8.9).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFItem<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    pub full_statement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative_label: Option<&'a str>,
    #[serde(rename = "CFItemType", skip_serializing_if = "Option::is_none")]
    pub item_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human_coding_scheme: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_enumeration: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abbreviated_statement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concept_keywords: Option<&'a [String]>,
    #[serde(rename = "conceptKeywordsURI", skip_serializing_if = "Option::is_none")]
    pub concept_keywords_uri: Option<LinkUri<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a [String]>,
    #[serde(rename = "subjectURI", skip_serializing_if = "Option::is_none")]
    pub subject_uri: Option<Vec<LinkUri<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education_level: Option<&'a [String]>,
    #[serde(rename = "CFItemTypeURI", skip_serializing_if = "Option::is_none")]
    pub item_type_uri: Option<LinkUri<'a>>,
    #[serde(rename = "licenseURI", skip_serializing_if = "Option::is_none")]
    pub license_uri: Option<LinkUri<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_start_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_end_date: Option<&'a str>,
    pub last_change_date_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
    #[serde(rename = "CFDocumentURI", skip_serializing_if = "Option::is_none")]
    pub document_uri: Option<LinkUri<'a>>,
}

impl<'a> From<&'a model::Item> for CFItem<'a> {
    fn from(item: &'a model::Item) -> Self {
        let model::Item {
            identity: model::Identity { identifier, uri, last_change },
            full_statement,
            alternative_label,
            item_type,
            human_coding_scheme,
            list_enumeration,
            abbreviated_statement,
            concept_keywords,
            concept_keywords_uri,
            notes,
            subject,
            subject_uri,
            language,
            education_level,
            item_type_uri,
            license_uri,
            status_start_date,
            status_end_date,
            extensions,
            home: _,
        } = item;
        CFItem {
            identifier,
            uri,
            full_statement,
            alternative_label: alternative_label.as_deref(),
            item_type: item_type.as_deref(),
            human_coding_scheme: human_coding_scheme.as_deref(),
            list_enumeration: list_enumeration.as_deref(),
            abbreviated_statement: abbreviated_statement.as_deref(),
            concept_keywords: concept_keywords.as_deref(),
            concept_keywords_uri: link(concept_keywords_uri),
            notes: notes.as_deref(),
            subject: subject.as_deref(),
            subject_uri: links(subject_uri),
            language: language.as_deref(),
            education_level: education_level.as_deref(),
            item_type_uri: link(item_type_uri),
            license_uri: link(license_uri),
            status_start_date: status_start_date.as_ref().map(model::Date::as_str),
            status_end_date: status_end_date.as_ref().map(model::Date::as_str),
            last_change_date_time: last_change.as_str(),
            extensions: extensions.as_ref(),
            document_uri: None,
        }
    }
}
