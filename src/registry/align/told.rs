//! What is told of an alignment: the objects that were found, how sure each is, and why.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlignScope, Shown};
use crate::align::{Aligned, Decided, Match, Query};
use crate::case::model::Class;
use crate::registry::resolve::{ResolvedObject, told_objects};
use crate::registry::{RegistryError, View};
use crate::store::Tx;

/// What a text is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    /// Whether nothing here fits well enough to be claimed; candidates may still be looked at.
    pub none: bool,
    /// The best first.
    pub candidates: Vec<AlignmentCandidate>,
    /// What somebody rejected for this text, and is no candidate therefore.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub rejected: Vec<ResolvedObject>,
    pub methods: AlignmentMethods,
}

impl Alignment {
    /// Whether somebody rejected that item for this text.
    pub(in crate::registry) fn rejects(&self, identifier: &str) -> bool {
        self.rejected.iter().any(|one| one.identifier == identifier)
    }
}

/// How it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentMethods {
    /// `on` when meanings were compared; `off` without a model; `pending` while vectors are still computed.
    #[schema(example = "on")]
    pub semantic: &'static str,
    /// The SHA-256 of the model's weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub model: Option<String>,
}

/// One item that a text may be about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentCandidate {
    #[serde(flatten)]
    pub object: ResolvedObject,
    /// Statements of what stands above it, from the top down.
    pub path: Vec<String>,
    /// How often such an answer is right, from 0 to 1.
    #[schema(example = 0.82)]
    pub confidence: f64,
    /// How well it fits: only to be compared within one answer.
    pub score: f64,
    /// The association type that can be claimed.
    #[schema(example = "isRelatedTo")]
    pub association_type: &'static str,
    pub why: AlignmentWhy,
}

/// Why an item was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentWhy {
    /// `feedback` (somebody decided so), `code`, `semantic` (meanings and words) or `lexical` (words alone).
    pub method: &'static str,
    /// The part of the text that fits best: from which character, and before which.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub span: Option<[usize; 2]>,
    /// Words of both, without their endings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub terms: Vec<String>,
    /// How alike the meanings are, from -1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub cosine: Option<f64>,
    /// How much of the item's statement the text says, from 0 to 1.
    pub covered: f64,
    /// How many years lie between the grades of the text and of the item, where both are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub grade_gap: Option<f64>,
}

/// What was asked, and what was decided of it before.
pub(super) struct Asked<'a> {
    pub(super) queries: &'a [Query],
    /// Of each query.
    pub(super) decided: &'a [Decided],
    pub(super) shown: &'a [Shown],
    pub(super) scope: &'a AlignScope,
}

/// Everything that is told of some texts.
pub(super) fn tell(
    view: &View<'_>,
    tx: &mut Tx<'_>,
    asked: &Asked<'_>,
    aligned: Vec<Aligned>,
) -> Result<Vec<Alignment>, RegistryError> {
    let Asked { queries, decided, shown, scope } = *asked;
    let id_of = |(collection, item): (usize, usize)| {
        let item = shown.get(collection)?.ready.collection.items().get(item)?;
        Some(item.id.clone())
    };
    let matched = aligned.iter().flat_map(|one| &one.matches).map(|one| (one.collection, one.item));
    let rejected = decided.iter().flat_map(|one| &one.rejected).copied();
    let ids: HashSet<String> = matched.chain(rejected).filter_map(id_of).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let objects = told_objects(tx, Class::Item, &ids, view.registry.base_url())?;
    let told = queries.iter().zip(decided).zip(aligned).map(|((query, decided), one)| {
        let candidates = one.matches.iter().filter(|one| one.confidence >= scope.min_confidence);
        let candidates: Vec<AlignmentCandidate> =
            candidates.filter_map(|of| candidate(of, query, shown, &objects, one.semantic)).collect();
        let rejected = decided.rejected.iter().filter_map(|one| objects.get(&id_of(*one)?).cloned()).collect();
        let methods = methods(view, shown, one.semantic);
        Alignment { none: one.none || candidates.is_empty(), candidates, rejected, methods }
    });
    Ok(told.collect())
}

fn methods(view: &View<'_>, shown: &[Shown], semantic: bool) -> AlignmentMethods {
    let encoder = view.registry.shelf.encoder.as_ref();
    let is_pending = encoder.is_some() && shown.iter().any(|one| one.vectors.is_none());
    let semantic = if semantic {
        "on"
    } else if is_pending {
        "pending"
    } else {
        "off"
    };
    AlignmentMethods { semantic, model: encoder.map(|encoder| encoder.hash().to_owned()) }
}

fn candidate(
    of: &Match,
    query: &Query,
    shown: &[Shown],
    objects: &HashMap<String, ResolvedObject>,
    semantic: bool,
) -> Option<AlignmentCandidate> {
    let item = shown.get(of.collection)?.ready.collection.items().get(of.item)?;
    let why = &of.why;
    let characters = |at: usize| query.text.get(..at).map_or(0, |before| before.chars().count());
    Some(AlignmentCandidate {
        object: objects.get(&item.id)?.clone(),
        path: item.path.clone(),
        confidence: rounded(of.confidence),
        score: rounded(of.score),
        association_type: of.relation.association(),
        why: AlignmentWhy {
            method: if why.by_decision {
                "feedback"
            } else if why.by_code {
                "code"
            } else if semantic {
                "semantic"
            } else {
                "lexical"
            },
            span: why.at.as_ref().map(|at| [characters(at.start), characters(at.end)]),
            terms: why.words.clone(),
            cosine: why.cosine.map(rounded),
            covered: rounded(why.covered),
            grade_gap: why.grade_gap.map(f64::from),
        },
    })
}

/// Four digits: more would only tell of the processor that it was computed on.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}
