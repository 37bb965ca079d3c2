//! What is told of a job that was aligned (credentials digest, 4.5).
//!
//! Never contains how candidates are found.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Found;
use crate::credentials::job::{Classification, Kind, Requirement};

/// A job and what its requirements are about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignedJob {
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub title: Option<String>,
    /// The classes of occupations it belongs to. They choose frameworks, and are never aligned themselves.
    pub classifications: Vec<Classification>,
    pub requirements: Vec<AlignedRequirement>,
    /// With `mode=apply`: the document with what was accepted, or just as it came. Texts, pages and lists have none.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_json")]
    #[schema(value_type = Object, required = false)]
    pub document: Option<String>,
    /// JSON pointers to what was added to the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub added: Vec<String>,
    /// What is odd about the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<String>,
    /// By what candidates were looked for.
    #[schema(example = json!(["reference", "code", "name", "text"]))]
    pub methods: Vec<&'static str>,
    /// Whether meanings of texts were compared: `on`, `off` without a model, or `pending` while vectors are computed.
    #[schema(example = "on")]
    pub semantic: &'static str,
}

/// One requirement with its candidates.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignedRequirement {
    #[serde(flatten)]
    pub requirement: Requirement,
    pub status: RequirementStatus,
    /// Why there are no candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reason: Option<String>,
    /// The surest first.
    pub candidates: Vec<JobCandidate>,
}

/// Whether anything was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum RequirementStatus {
    Aligned,
    Unaligned,
}

/// An item that a requirement may be about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobCandidate {
    pub identifier: String,
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub human_coding_scheme: Option<String>,
    pub statement: String,
    /// The framework and the state of it that was aligned against.
    pub framework: crate::registry::ResolvedFramework,
    /// From 0 to 1: how often this is right.
    pub score: f64,
    pub relation: JobRelation,
    pub decision: JobDecision,
    /// Set when it is no longer in force.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub retired: bool,
    pub why: JobReason,
}

/// How a requirement and an item are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobRelation {
    /// The requirement names this item, or says what it says.
    Exact,
    /// The requirement is a part of it.
    Narrower,
    /// The requirement is about it, among other things.
    Related,
}

/// What is proposed to do about a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum JobDecision {
    /// It is as sure as was asked for, and in force.
    Accept,
    /// Somebody should look at it.
    Review,
}

/// Why something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobReason {
    /// `reference`: a term names it. `code`: its code or address stands in the text. `name`: its statement is the text.
    /// `lexical` and `semantic`: the text is about it, by words, and by words and meanings. `feedback`: somebody decided so.
    #[schema(example = "reference")]
    pub method: &'static str,
    /// What it was found by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub terms: Vec<String>,
}

impl AlignedRequirement {
    pub(super) fn new(requirement: &Requirement, found: Vec<Found>, min_confidence: f64) -> AlignedRequirement {
        let reason = found.is_empty().then(|| unaligned(requirement));
        AlignedRequirement {
            requirement: requirement.clone(),
            status: if found.is_empty() { RequirementStatus::Unaligned } else { RequirementStatus::Aligned },
            reason,
            candidates: found.into_iter().map(|found| candidate(found, min_confidence)).collect(),
        }
    }
}

/// Why nothing is found for a requirement.
pub(in crate::registry) fn unaligned(requirement: &Requirement) -> String {
    if !requirement.class.names_competencies() {
        return format!("{}, not a competency", requirement.class.words());
    }
    match requirement.term.as_ref().and_then(|term| term.scheme) {
        Some(scheme) => format!("it names a term of {scheme}, and nothing here is said to be the same"),
        None => "nothing here fits well enough".to_owned(),
    }
}

fn candidate(found: Found, min_confidence: f64) -> JobCandidate {
    let Found { object, score, relation, why } = found;
    let accept = score >= min_confidence && !object.retired;
    JobCandidate {
        identifier: object.identifier,
        uri: object.uri,
        human_coding_scheme: object.code,
        statement: object.statement,
        framework: object.framework,
        score,
        relation,
        decision: if accept { JobDecision::Accept } else { JobDecision::Review },
        retired: object.retired,
        why,
    }
}

/// JSON as it stands, so that nothing of it is spelled anew.
fn as_json<S: Serializer>(document: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue =
        serde_json::from_str(document.as_deref().unwrap_or("null")).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}
