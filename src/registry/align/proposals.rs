//! Proposing a crosswalk: for every item of one framework, what it is aligned to in another, for somebody to review.
//!
//! Nothing is stored by it. What is proposed can be imported like any other package or sheet once it was looked at.

use std::ops::ControlFlow;

use serde::Serialize;
use utoipa::ToSchema;

use super::{AT_ONCE, AlignScope, Alignment};
use crate::align::{Item, Query};
use crate::case::model::Class;
use crate::registry::resolve::{ResolvedObject, told_objects};
use crate::registry::search::names::named;
use crate::registry::{RegistryError, View};

/// Between which frameworks, and how sure a proposal has to be.
#[derive(Clone, Debug)]
pub struct CrosswalkRequest {
    /// Identifier, uri, or words of the title.
    pub from: String,
    pub to: String,
    /// What is less sure is not proposed, from 0 to 1.
    pub min_confidence: f32,
    /// How many proposals for one item at most.
    pub each: usize,
    /// How many items the first framework may have.
    pub most: usize,
}

/// What is proposed between two frameworks.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposedCrosswalk {
    pub proposals: Vec<ProposedAssociation>,
    /// The items of the first framework for which nothing is proposed.
    pub unmatched: Vec<ResolvedObject>,
    /// `on`, `off` or `pending`: whether meanings were compared.
    pub semantic: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub model: Option<String>,
}

/// One association that may be made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposedAssociation {
    pub origin: ResolvedObject,
    /// `exactMatchOf` only where both say the same.
    #[schema(example = "isRelatedTo")]
    pub association_type: &'static str,
    pub destination: ResolvedObject,
    pub confidence: f64,
    /// Words of both, without their endings.
    pub terms: Vec<String>,
}

impl View<'_> {
    /// What may be said between two frameworks; tells `progress` how many of how many items are done, and ends with what
    /// there is when it breaks.
    ///
    /// # Errors
    /// [`RegistryError::AlignRequest`] when a name means no framework or several, when there are more items than may be,
    /// and as [`View::align`].
    pub fn propose_crosswalk(
        &self,
        request: &CrosswalkRequest,
        progress: &dyn Fn(usize, usize) -> ControlFlow<()>,
    ) -> Result<ProposedCrosswalk, RegistryError> {
        let (from, to) = (self.one_framework(&request.from)?, self.one_framework(&request.to)?);
        if from == to {
            return Err(RegistryError::AlignRequest("both are the same framework; name two".to_owned()));
        }
        let store = &self.registry.store;
        let ready = self.look(|tx| self.registry.shelf.read(store, tx, &from))?;
        let items = ready.as_ref().map(|ready| ready.collection.items()).unwrap_or_default();
        if items.len() > request.most {
            let (count, most) = (items.len(), request.most);
            let advice = "exchange the two, or let the operator run casement crosswalk, which takes any number";
            return Err(RegistryError::AlignRequest(format!(
                "{} has {count} items, and {most} are looked at in one request; {advice}",
                request.from
            )));
        }
        let scope = AlignScope {
            frameworks: vec![to],
            item_types: Vec::new(),
            max: request.each.max(1),
            min_confidence: request.min_confidence,
        };
        let mut crosswalk =
            ProposedCrosswalk { proposals: Vec::new(), unmatched: Vec::new(), semantic: "off", model: None };
        let mut done = 0;
        for part in items.chunks(AT_ONCE) {
            let queries: Vec<Query> = part.iter().map(query).collect();
            let alignments = self.align(&queries, &scope)?;
            let ids: Vec<&str> = part.iter().map(|item| item.id.as_str()).collect();
            let origins = self.look(|tx| told_objects(tx, Class::Item, &ids, self.registry.base_url()))?;
            for (item, alignment) in part.iter().zip(alignments) {
                if let Some(origin) = origins.get(&item.id) {
                    crosswalk.add(origin, alignment);
                }
            }
            done += part.len();
            if progress(done, items.len()).is_break() {
                break;
            }
        }
        Ok(crosswalk)
    }

    /// The one framework that a name means.
    fn one_framework(&self, name: &str) -> Result<String, RegistryError> {
        let names = self.look(|tx| self.registry.searching.names.read(tx, self.is_public()))?;
        match named(&names, name).as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(RegistryError::AlignRequest(format!(
                "no framework here is called {name}; give the identifier, the uri or words of the title of one"
            ))),
            several => Err(RegistryError::AlignRequest(format!(
                "{name} may mean {} frameworks; give the identifier of one: {}",
                several.len(),
                several.join(", ")
            ))),
        }
    }
}

impl ProposedCrosswalk {
    fn add(&mut self, origin: &ResolvedObject, alignment: Alignment) {
        self.semantic = alignment.methods.semantic;
        self.model = alignment.methods.model;
        if alignment.none {
            self.unmatched.push(origin.clone());
            return;
        }
        self.proposals.extend(alignment.candidates.into_iter().map(|candidate| ProposedAssociation {
            origin: origin.clone(),
            association_type: candidate.association_type,
            destination: candidate.object,
            confidence: candidate.confidence,
            terms: candidate.why.terms,
        }));
    }
}

fn query(item: &Item) -> Query {
    Query {
        text: item.statement.clone(),
        labels: item.labels.clone(),
        notes: item.notes.clone(),
        code: item.code.clone(),
        grades: item.grades.clone(),
        path: item.path.clone(),
        language: item.language.clone(),
        ..Query::default()
    }
}
