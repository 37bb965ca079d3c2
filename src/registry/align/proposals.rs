//! Proposing a crosswalk: for every item of one framework, what it is aligned to in another, for somebody to review.
//!
//! Nothing is stored by it. What is proposed can be imported like any other package or sheet once it was looked at.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AlignScope, Alignment};
use crate::align::{Item, Query};
use crate::case::model::Class;
use crate::registry::resolve::{ResolvedObject, told_objects};
use crate::registry::search::names::named;
use crate::registry::{RegistryError, View, now, written};

/// How many items are aligned in one transaction.
const AT_ONCE: usize = 32;

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
    /// What may be said between two frameworks; tells `progress` how many of how many items are done.
    ///
    /// # Errors
    /// [`RegistryError::AlignRequest`] when a name means no framework or several, and as [`View::align`].
    pub fn propose_crosswalk(
        &self,
        request: &CrosswalkRequest,
        progress: &dyn Fn(usize, usize),
    ) -> Result<ProposedCrosswalk, RegistryError> {
        let (from, to) = (self.one_framework(&request.from)?, self.one_framework(&request.to)?);
        if from == to {
            return Err(RegistryError::AlignRequest("both are the same framework; name two".to_owned()));
        }
        let store = &self.registry.store;
        let ready = self.look(|tx| self.registry.shelf.read(store, tx, &from))?;
        let items = ready.as_ref().map(|ready| ready.collection.items()).unwrap_or_default();
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
            progress(done, items.len());
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

    /// The proposals as a CASE 1.1 package of associations, in whose extensions stands how sure each is and that nobody
    /// has reviewed it. Uris begin with `base_url`; identifiers are the same for the same proposals.
    #[must_use]
    pub fn package(&self, base_url: &str) -> Value {
        let at = written(now());
        let named = |what: &str| {
            Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("casement crosswalk {what}").as_bytes()).to_string()
        };
        let ends = self.proposals.first().map(|one| (&one.origin.framework, &one.destination.framework));
        let (from, to) =
            ends.map_or((String::new(), String::new()), |(from, to)| (from.title.clone(), to.title.clone()));
        let id = named(&ends.map_or_else(String::new, |(from, to)| format!("{} {}", from.identifier, to.identifier)));
        let title = format!("Proposed crosswalk: {from} to {to}");
        let uri = |id: &str| format!("{base_url}/uri/{id}");
        let end = |object: &ResolvedObject| {
            let title = object.code.as_deref().unwrap_or(&object.statement);
            json!({"title": title, "identifier": object.identifier, "uri": object.uri})
        };
        let associations = self.proposals.iter().map(|one| {
            let (origin, destination) = (&one.origin.identifier, &one.destination.identifier);
            let own = named(&format!("{id} {origin} {} {destination}", one.association_type));
            json!({
                "identifier": own, "uri": uri(&own), "associationType": one.association_type, "lastChangeDateTime": at,
                "originNodeURI": end(&one.origin), "destinationNodeURI": end(&one.destination),
                "extensions": {"confidence": one.confidence, "method": self.method(), "model": self.model, "review": "proposed"},
            })
        });
        let associations: Vec<Value> = associations.map(without_nulls).collect();
        json!({
            "CFDocument": {
                "identifier": id, "uri": uri(&id), "title": title, "creator": "Casement", "adoptionStatus": "Draft",
                "lastChangeDateTime": at,
                "description": "Associations that a machine proposes; nobody has reviewed them.",
            },
            "CFItems": [],
            "CFAssociations": associations,
        })
    }

    fn method(&self) -> &'static str {
        if self.semantic == "on" { "semantic" } else { "lexical" }
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

/// What CASE never has.
fn without_nulls(mut value: Value) -> Value {
    if let Some(extensions) = value.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.retain(|_, value| !value.is_null());
    }
    value
}
