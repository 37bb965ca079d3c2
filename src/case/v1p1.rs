//! How CASE 1.1 writes the model: the closed, null-free JSON of the official schemas.
//!
//! Write-only and borrowing; reading is `case::read`. Structs destructure the model in full, so a
//! property added to the model does not compile until its place on the wire is decided. 1.0 is
//! these structs with what 1.1 added unset: `case::v1p0`.

use serde::Serialize;
use serde_json::Number;

use super::model;
use super::model::Extensions;

/// LinkURI (digest 8.2).
#[derive(Clone, Debug, Serialize)]
pub struct LinkUri<'a> {
    pub title: &'a str,
    pub identifier: &'a str,
    pub uri: &'a str,
}

impl<'a> From<&'a model::Link> for LinkUri<'a> {
    fn from(link: &'a model::Link) -> Self {
        let model::Link { title, identifier, uri } = link;
        LinkUri { title, identifier, uri }
    }
}

fn link(link: &Option<model::Link>) -> Option<LinkUri<'_>> {
    link.as_ref().map(LinkUri::from)
}

fn links(links: &Option<Vec<model::Link>>) -> Option<Vec<LinkUri<'_>>> {
    links.as_ref().map(|links| links.iter().map(LinkUri::from).collect())
}

/// LinkGenURI (digest 8.2).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkGenUri<'a> {
    pub title: &'a str,
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_type: Option<&'a str>,
}

impl<'a> From<&'a model::NodeLink> for LinkGenUri<'a> {
    fn from(link: &'a model::NodeLink) -> Self {
        let model::NodeLink { title, identifier, uri, target_type } = link;
        LinkGenUri { title, identifier, uri, target_type: target_type.as_deref() }
    }
}

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

/// CFAssociation; in a package and in an association set without its CFDocumentURI (digest 8.5).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFAssociation<'a> {
    pub identifier: &'a str,
    pub association_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence_number: Option<i64>,
    pub uri: &'a str,
    #[serde(rename = "originNodeURI")]
    pub origin: LinkGenUri<'a>,
    #[serde(rename = "destinationNodeURI")]
    pub destination: LinkGenUri<'a>,
    #[serde(rename = "CFAssociationGroupingURI", skip_serializing_if = "Option::is_none")]
    pub grouping_uri: Option<LinkUri<'a>>,
    pub last_change_date_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
    #[serde(rename = "CFDocumentURI", skip_serializing_if = "Option::is_none")]
    pub document_uri: Option<LinkUri<'a>>,
}

impl<'a> From<&'a model::Association> for CFAssociation<'a> {
    fn from(association: &'a model::Association) -> Self {
        let model::Association {
            identity: model::Identity { identifier, uri, last_change },
            association_type,
            sequence_number,
            origin,
            destination,
            grouping_uri,
            notes,
            extensions,
        } = association;
        CFAssociation {
            identifier,
            association_type,
            sequence_number: *sequence_number,
            uri,
            origin: LinkGenUri::from(origin),
            destination: LinkGenUri::from(destination),
            grouping_uri: link(grouping_uri),
            last_change_date_time: last_change.as_str(),
            notes: notes.as_deref(),
            extensions: extensions.as_ref(),
            document_uri: None,
        }
    }
}

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

/// CFRubric with its criteria (digest 8.7).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFRubric<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    pub last_change_date_time: &'a str,
    #[serde(rename = "CFRubricCriteria", skip_serializing_if = "Option::is_none")]
    pub criteria: Option<Vec<CFRubricCriterion<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

impl<'a> From<&'a model::Rubric> for CFRubric<'a> {
    fn from(rubric: &'a model::Rubric) -> Self {
        let model::Rubric {
            identity: model::Identity { identifier, uri, last_change },
            title,
            description,
            criteria,
            extensions,
        } = rubric;
        CFRubric {
            identifier,
            uri,
            title: title.as_deref(),
            description: description.as_deref(),
            last_change_date_time: last_change.as_str(),
            criteria: criteria.as_ref().map(|all| all.iter().map(CFRubricCriterion::from).collect()),
            extensions: extensions.as_ref(),
        }
    }
}

/// CFRubricCriterion with its levels.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFRubricCriterion<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(rename = "CFItemURI", skip_serializing_if = "Option::is_none")]
    pub item_uri: Option<LinkUri<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<&'a Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubric_id: Option<&'a str>,
    pub last_change_date_time: &'a str,
    #[serde(rename = "CFRubricCriterionLevels", skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<CFRubricCriterionLevel<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

impl<'a> From<&'a model::Criterion> for CFRubricCriterion<'a> {
    fn from(criterion: &'a model::Criterion) -> Self {
        let model::Criterion {
            identity: model::Identity { identifier, uri, last_change },
            category,
            description,
            item_uri,
            weight,
            position,
            rubric_id,
            levels,
            extensions,
        } = criterion;
        CFRubricCriterion {
            identifier,
            uri,
            category: category.as_deref(),
            description: description.as_deref(),
            item_uri: link(item_uri),
            weight: weight.as_ref(),
            position: *position,
            rubric_id: rubric_id.as_deref(),
            last_change_date_time: last_change.as_str(),
            levels: levels.as_ref().map(|all| all.iter().map(CFRubricCriterionLevel::from).collect()),
            extensions: extensions.as_ref(),
        }
    }
}

/// CFRubricCriterionLevel.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CFRubricCriterionLevel<'a> {
    pub identifier: &'a str,
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<&'a Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubric_criterion_id: Option<&'a str>,
    pub last_change_date_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a [Extensions]>,
}

impl<'a> From<&'a model::Level> for CFRubricCriterionLevel<'a> {
    fn from(level: &'a model::Level) -> Self {
        let model::Level {
            identity: model::Identity { identifier, uri, last_change },
            description,
            quality,
            score,
            feedback,
            position,
            rubric_criterion_id,
            extensions,
        } = level;
        CFRubricCriterionLevel {
            identifier,
            uri,
            description: description.as_deref(),
            quality: quality.as_deref(),
            score: score.as_ref(),
            feedback: feedback.as_deref(),
            position: *position,
            rubric_criterion_id: rubric_criterion_id.as_deref(),
            last_change_date_time: last_change.as_str(),
            extensions: extensions.as_deref(),
        }
    }
}

/// CFPackage: always with its items and associations, even when there are none (digest 8.8).
#[derive(Clone, Debug, Serialize)]
pub struct CFPackage<'a> {
    #[serde(rename = "CFDocument")]
    pub document: CFDocument<'a>,
    #[serde(rename = "CFItems")]
    pub items: Vec<CFItem<'a>>,
    #[serde(rename = "CFAssociations")]
    pub associations: Vec<CFAssociation<'a>>,
    #[serde(rename = "CFDefinitions", skip_serializing_if = "Option::is_none")]
    pub definitions: Option<CFDefinitions<'a>>,
    #[serde(rename = "CFRubrics", skip_serializing_if = "Option::is_none")]
    pub rubrics: Option<Vec<CFRubric<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<&'a Extensions>,
}

impl<'a> From<&'a model::Package> for CFPackage<'a> {
    fn from(package: &'a model::Package) -> Self {
        let model::Package { document, package_uri: _, items, associations, definitions, rubrics, extensions } =
            package;
        CFPackage {
            document: CFDocument::from(document),
            items: items.iter().map(CFItem::from).collect(),
            associations: associations.iter().map(CFAssociation::from).collect(),
            definitions: definitions.as_ref().map(CFDefinitions::from),
            rubrics: rubrics.as_ref().map(|all| all.iter().map(CFRubric::from).collect()),
            extensions: extensions.as_ref(),
        }
    }
}
