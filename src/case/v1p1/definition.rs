//! Definitions, as 1.1 writes them.

use serde::Serialize;

use crate::case::model::{self, Extensions};

/// Any of the five definition classes (digest 8.6): one struct, since a property that a class
/// lacks is never set by that class's conversion.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFDefinition<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    pub title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hierarchy_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_text: Option<&'a str>,
    pub last_change_date_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

impl<'a> CFDefinition<'a> {
    fn new(
        identity: &'a model::Identity,
        title: &'a str,
        description: Option<&'a str>,
        extensions: &'a Option<Extensions>,
    ) -> Self {
        let model::Identity { identifier, uri, last_change } = identity;
        CFDefinition {
            identifier,
            uri,
            title,
            description,
            keywords: None,
            hierarchy_code: None,
            type_code: None,
            license_text: None,
            last_change_date_time: last_change.as_str(),
            extensions: extensions.as_ref(),
        }
    }
}

impl<'a> From<&'a model::Concept> for CFDefinition<'a> {
    fn from(concept: &'a model::Concept) -> Self {
        let model::Concept { identity, title, keywords, hierarchy_code, description, extensions } = concept;
        CFDefinition {
            keywords: keywords.as_deref(),
            hierarchy_code: Some(hierarchy_code),
            ..CFDefinition::new(identity, title, description.as_deref(), extensions)
        }
    }
}

impl<'a> From<&'a model::Subject> for CFDefinition<'a> {
    fn from(subject: &'a model::Subject) -> Self {
        let model::Subject { identity, title, hierarchy_code, description, extensions } = subject;
        CFDefinition {
            hierarchy_code: Some(hierarchy_code),
            ..CFDefinition::new(identity, title, description.as_deref(), extensions)
        }
    }
}

impl<'a> From<&'a model::ItemType> for CFDefinition<'a> {
    fn from(item_type: &'a model::ItemType) -> Self {
        let model::ItemType { identity, title, description, hierarchy_code, type_code, extensions } = item_type;
        CFDefinition {
            hierarchy_code: Some(hierarchy_code),
            type_code: type_code.as_deref(),
            ..CFDefinition::new(identity, title, Some(description), extensions)
        }
    }
}

impl<'a> From<&'a model::License> for CFDefinition<'a> {
    fn from(license: &'a model::License) -> Self {
        let model::License { identity, title, description, license_text, extensions } = license;
        CFDefinition {
            license_text: Some(license_text),
            ..CFDefinition::new(identity, title, description.as_deref(), extensions)
        }
    }
}

impl<'a> From<&'a model::Grouping> for CFDefinition<'a> {
    fn from(grouping: &'a model::Grouping) -> Self {
        let model::Grouping { identity, title, description, extensions } = grouping;
        CFDefinition::new(identity, title, description.as_deref(), extensions)
    }
}

/// The CFDefinitions of a package.
#[derive(Clone, Debug, Serialize)]
pub struct CFDefinitions<'a> {
    #[serde(rename = "CFConcepts", skip_serializing_if = "Option::is_none")]
    pub concepts: Option<Vec<CFDefinition<'a>>>,
    #[serde(rename = "CFSubjects", skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<CFDefinition<'a>>>,
    #[serde(rename = "CFLicenses", skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Vec<CFDefinition<'a>>>,
    #[serde(rename = "CFItemTypes", skip_serializing_if = "Option::is_none")]
    pub item_types: Option<Vec<CFDefinition<'a>>>,
    #[serde(rename = "CFAssociationGroupings", skip_serializing_if = "Option::is_none")]
    pub groupings: Option<Vec<CFDefinition<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

fn definitions<'a, T>(list: &'a Option<Vec<T>>) -> Option<Vec<CFDefinition<'a>>>
where
    CFDefinition<'a>: From<&'a T>,
{
    list.as_ref().map(|list| list.iter().map(CFDefinition::from).collect())
}

impl<'a> From<&'a model::Definitions> for CFDefinitions<'a> {
    fn from(all: &'a model::Definitions) -> Self {
        let model::Definitions { concepts, subjects, licenses, item_types, groupings, extensions } = all;
        CFDefinitions {
            concepts: definitions(concepts),
            subjects: definitions(subjects),
            licenses: definitions(licenses),
            item_types: definitions(item_types),
            groupings: definitions(groupings),
            extensions: extensions.as_ref(),
        }
    }
}
