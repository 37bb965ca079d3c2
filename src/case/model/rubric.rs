//! Rubrics: criteria are rows, levels are cells (digest 8.7).

use serde_json::Number;

use super::{Extensions, Identity, Link};

/// A CFRubric with its criteria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rubric {
    pub identity: Identity,
    pub title: Option<String>,
    pub description: Option<String>,
    pub criteria: Option<Vec<Criterion>>,
    pub extensions: Option<Extensions>,
}

/// A CFRubricCriterion with its levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    pub identity: Identity,
    pub category: Option<String>,
    pub description: Option<String>,
    pub item_uri: Option<Link>,
    /// As spelled: `2` stays `2` and `2.0` stays `2.0`.
    pub weight: Option<Number>,
    pub position: Option<i64>,
    pub rubric_id: Option<String>,
    pub levels: Option<Vec<Level>>,
    pub extensions: Option<Extensions>,
}

/// A CFRubricCriterionLevel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub identity: Identity,
    pub description: Option<String>,
    pub quality: Option<String>,
    /// As spelled, see [`Criterion::weight`].
    pub score: Option<Number>,
    pub feedback: Option<String>,
    pub position: Option<i64>,
    pub rubric_criterion_id: Option<String>,
    /// A list here, unlike everywhere else: so the official schemas have it (digest 15, row 13).
    pub extensions: Option<Vec<Extensions>>,
}
