//! Rubrics, as 1.1 writes them.

use serde::Serialize;
use serde_json::Number;

use super::link::{LinkUri, link};
use crate::case::model::{self, Extensions};

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
