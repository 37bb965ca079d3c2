//! What is told of a job against a record.
//!
//! Never contains a name of a person.

use serde::Serialize;
use utoipa::ToSchema;

use crate::credentials::job::{Class, Importance, Span};
use crate::registry::ResolvedObject;

/// Which requirements a record meets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Matched {
    /// What the job is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub title: Option<String>,
    pub requirements: Vec<MatchedRequirement>,
    /// Requirements, by their ids, that are competencies, are asked for, and for which nothing sure enough was shown.
    #[schema(example = json!(["r2"]))]
    pub missing: Vec<String>,
    pub counts: MatchCounts,
    pub record: MatchedRecord,
    /// What is odd about what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<String>,
}

/// How many requirements there are of each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchCounts {
    pub met: usize,
    pub partly: usize,
    pub missing: usize,
    pub unaligned: usize,
}

/// What was read of the record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchedRecord {
    /// What its documents are.
    #[schema(example = json!(["clr2/ClrCredential"]))]
    pub kinds: Vec<&'static str>,
    /// How many achievements count.
    pub achievements: usize,
    /// Achievements that do not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub withheld: Vec<Withheld>,
    /// How many of its alignments mean nothing here.
    pub unresolved: usize,
}

/// An achievement that does not count.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Withheld {
    /// JSON pointer in the record.
    pub pointer: String,
    #[schema(example = "it has expired")]
    pub reason: &'static str,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum MatchStatus {
    /// A path is as sure as was asked for.
    Met,
    /// There is a path, and it is less sure.
    Partly,
    /// No path leads to anything that was shown.
    Missing,
    /// It is no competency, or nothing here is known to be what it is about.
    Unaligned,
}

/// One requirement, and what meets it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchedRequirement {
    pub id: String,
    /// JSON pointer in the job; absent for requirements that are items of a framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Vec<u32>)]
    pub span: Option<Span>,
    pub text: String,
    pub importance: Importance,
    pub class: Class,
    pub status: MatchStatus,
    /// The item that it is about, or most likely about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub item: Option<ResolvedObject>,
    /// Why it is unaligned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub reason: Option<String>,
    /// From 0 to 1: the product of the path's steps; 0 when there is none.
    pub confidence: f64,
    /// The best evidence of each achievement, the surest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub evidence: Vec<Evidence>,
}

/// An achievement and the way from the requirement to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// JSON pointer of the achievement in the record.
    #[schema(example = "/credentialSubject/verifiableCredential/0/credentialSubject/achievement")]
    pub assertion: String,
    /// What the achievement is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub achievement: Option<String>,
    pub confidence: f64,
    /// From the requirement to the achievement.
    pub path: Vec<PathStep>,
}

/// One step, with where it leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathStep {
    /// `requirement`: from the requirement to an item. `descendant`, `ancestor`, `association`: from an item to another.
    /// `alignment`: the achievement is aligned to the item. `name`, `code`: its name is the item's, or has its code. `text`:
    /// requirement and achievement are called the same, without any item between them.
    #[schema(example = "descendant")]
    pub step: &'static str,
    /// How the requirement was found to be about the item, or the type of the association.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "exactMatchOf")]
    pub by: Option<&'static str>,
    pub confidence: f64,
    /// The item that the step leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub object: Option<ResolvedObject>,
    /// JSON pointer of the alignment in the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub pointer: Option<String>,
}
