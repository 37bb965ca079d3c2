//! Aligning texts to what is published: which frameworks are asked, and what is told of what was found.
//!
//! Knows nothing of credentials or job postings: whoever reads those asks here for each of their texts.

mod decided;
mod embedding;
pub mod evaluate;
mod items;
mod proposals;
mod request;
mod review;
mod shelf;
mod told;
mod vectors;

use std::sync::Arc;

pub use embedding::{EmbeddingKeeper, EmbeddingState};
pub use proposals::{CrosswalkRequest, ProposedAssociation, ProposedCrosswalk};
pub use request::AlignTextRequest;
pub use told::{Alignment, AlignmentCandidate, AlignmentMethods, AlignmentWhy};

pub(in crate::registry) use decided::text_key;
pub(in crate::registry) use request::MOST_BYTES;
pub(in crate::registry) use shelf::Shelf;

use super::search::names::named;
use super::{RegistryError, View};
use crate::align::{self, Aligned, Decided, Query, Within};
use crate::store::Tx;
use shelf::Ready;

/// How many items are looked through at most for one text, in all frameworks together.
const MOST_ITEMS: usize = 300_000;
/// How many texts are looked for side by side.
pub(in crate::registry) const AT_ONCE: usize = 32;
/// How many candidates are given when nobody says.
pub const CANDIDATES: usize = 10;
/// From which confidence on something is accepted unless the caller says otherwise.
pub const ACCEPTED_FROM: f64 = 0.8;
/// The most candidates of one text.
pub const MOST_CANDIDATES: usize = 100;

/// Where a text is aligned to, and how much is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignScope {
    /// Identifiers, uris, or words of titles; any of them. None is every framework.
    pub frameworks: Vec<String>,
    /// Item types, in any case; none is every one.
    pub item_types: Vec<String>,
    /// How many candidates of a text at most.
    pub max: usize,
    /// What is less sure is left out, from 0 to 1.
    pub min_confidence: f32,
}

impl Default for AlignScope {
    fn default() -> AlignScope {
        AlignScope { frameworks: Vec::new(), item_types: Vec::new(), max: CANDIDATES, min_confidence: 0.0 }
    }
}

/// One framework that is looked through.
struct Shown {
    package: String,
    ready: Arc<Ready>,
    vectors: Option<Arc<vectors::Placed>>,
    /// Which items may be answered; empty when all may.
    may: Vec<bool>,
}

impl View<'_> {
    /// What each of the texts is about, in their order. What was decided of a text is answered again ([`decided`]).
    ///
    /// # Errors
    /// [`RegistryError::AlignRequest`] for a framework that is not here, and for more items than can be looked
    /// through; and when the store cannot be read.
    pub fn align(&self, queries: &[Query], scope: &AlignScope) -> Result<Vec<Alignment>, RegistryError> {
        self.look(|tx| {
            let shown = self.shown(tx, scope)?;
            let shelf = &self.registry.shelf;
            let decided = decided::decided(tx, queries, &shown)?;
            let parts = queries.chunks(AT_ONCE).zip(decided.chunks(AT_ONCE));
            let aligned = parts.flat_map(|(part, decided)| look(part, decided, &shown, shelf, scope.max)).collect();
            told::tell(self, tx, &told::Asked { queries, decided: &decided, shown: &shown, scope }, aligned)
        })
    }

    /// The frameworks that are asked for, in the order of their identifiers.
    fn shown(&self, tx: &mut Tx<'_>, scope: &AlignScope) -> Result<Vec<Shown>, RegistryError> {
        let names = self.registry.searching.names.read(tx, self.is_public())?;
        let mut packages: Vec<String> = Vec::new();
        for asked in &scope.frameworks {
            let found = named(&names, asked);
            if found.is_empty() {
                let advice = "give the identifier, the uri or words of the title of one that /api/v1/frameworks lists";
                return Err(RegistryError::AlignRequest(format!("no framework here is called {asked}; {advice}")));
            }
            packages.extend(found);
        }
        if scope.frameworks.is_empty() {
            packages = names.iter().map(|name| name.id.clone()).collect();
        }
        packages.sort_unstable();
        packages.dedup();
        let mut count = 0;
        for package in &packages {
            count += match self.registry.shelf.size(package) {
                Some(kept) => kept,
                None => usize::try_from(tx.package_counts(package)?.items).unwrap_or(usize::MAX),
            };
        }
        if count > MOST_ITEMS {
            let advice = "name the frameworks that may be aligned to";
            return Err(RegistryError::AlignRequest(format!("{count} items are too many to look through; {advice}")));
        }
        let mut shown = Vec::new();
        for package in packages {
            let Some(ready) = self.registry.shelf.read(&self.registry.store, tx, &package)? else { continue };
            let vectors = self.registry.shelf.vectors(&package, &ready);
            let is_asked = |kind: &Option<String>| {
                scope.item_types.iter().any(|asked| kind.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(asked)))
            };
            let may = if scope.item_types.is_empty() {
                Vec::new()
            } else {
                ready.collection.items().iter().map(|item| is_asked(&item.kind)).collect()
            };
            shown.push(Shown { package, ready, vectors, may });
        }
        Ok(shown)
    }
}

fn look(queries: &[Query], decided: &[Decided], shown: &[Shown], shelf: &Shelf, most: usize) -> Vec<Aligned> {
    let may: Vec<Box<dyn Fn(usize) -> bool + Sync + '_>> = shown
        .iter()
        .map(|one| -> Box<dyn Fn(usize) -> bool + Sync + '_> {
            if one.may.is_empty() {
                Box::new(|_| true)
            } else {
                Box::new(|at| one.may.get(at).copied().unwrap_or_default())
            }
        })
        .collect();
    let within: Vec<Within<'_>> = shown
        .iter()
        .zip(&may)
        .map(|(one, may)| Within {
            collection: &one.ready.collection,
            embedded: one.vectors.as_ref().map(|vectors| vectors.embedded()),
            may: may.as_ref(),
        })
        .collect();
    align::align_all(queries, decided, shelf.encoder.as_deref(), shelf.threads, &within, most)
}
