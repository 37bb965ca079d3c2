//! Searching what is published: from a request to an answer with everything that is shown of it.
//!
//! What is found comes from the index, what is shown from the store, in one transaction that holds
//! nothing out of sight: an index that is late can miss something, but never show what is not there.

pub(super) mod entries;
mod indexing;
pub(super) mod names;
mod request;
mod shown;
pub(super) mod texts;

pub use indexing::{IndexKeeper, Indexed};
pub use request::SearchRequest;
pub use shown::{
    Ancestor, Correction, FacetCount, FrameworkHits, HitFramework, IndexState, SearchAnswer, SearchFacets, SearchHit,
    Snippet, Suggestion,
};

use std::collections::BTreeSet;

use super::{RegistryError, View, now, publish};
use crate::case::model::Class;
use crate::search::{Found, Generation, Like, Limits, Search, Sight, Snapshots};
use crate::store::Tx;
use names::Name;
pub(super) use names::Names;
use shown::Showing;
pub(super) use texts::Texts;

/// What searching keeps in memory.
#[derive(Default)]
pub(super) struct Searching {
    pub(super) names: Names,
    pub(super) snapshots: Snapshots,
}

impl View<'_> {
    /// Searches everything in sight.
    ///
    /// # Errors
    /// [`RegistryError::SearchRequest`] for what makes no sense, [`RegistryError::NoIndex`], and when the
    /// store or the index cannot be read.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, RegistryError> {
        let generation = self.generation()?;
        self.look(|tx| {
            let names = self.registry.searching.names.read(tx, self.is_public())?;
            if let Some(found) = self.by_identifier(tx, &generation, request)? {
                return Showing { tx, names: &names, is_public: self.is_public() }.answer(request, &found, &generation);
            }
            let found = self.find(tx, &generation, request, &names)?;
            Showing { tx, names: &names, is_public: self.is_public() }.answer(request, &found, &generation)
        })
    }

    /// What the last words of a text may become: a few of the best hits.
    ///
    /// # Errors
    /// As [`View::search`].
    pub fn suggest(&self, request: &SearchRequest) -> Result<Vec<Suggestion>, RegistryError> {
        let generation = self.generation()?;
        self.look(|tx| {
            let names = self.registry.searching.names.read(tx, self.is_public())?;
            let found = self.find(tx, &generation, request, &names)?;
            Showing { tx, names: &names, is_public: self.is_public() }.suggestions(&found)
        })
    }

    pub(super) fn generation(&self) -> Result<std::sync::Arc<Generation>, RegistryError> {
        let index = self.registry.index.as_ref().ok_or(RegistryError::NoIndex)?;
        index.current()?.ok_or(RegistryError::NoIndex)
    }

    fn find(
        &self,
        tx: &mut Tx<'_>,
        generation: &Generation,
        request: &SearchRequest,
        names: &[Name],
    ) -> Result<Found, RegistryError> {
        let sight = self.search_sight();
        let search = Search {
            query: request.query(),
            like: request.like.as_ref().map(|id| like(tx, id)).transpose()?,
            limits: limits(request, names),
            sight: &sight,
            limit: request.limit,
            cursor: request.cursor()?,
            facets: request.facets,
            of_each: request.of_each(),
            mixed: request.mixed,
            typing: request.typing,
            now: super::answers::seconds(now()),
            frameworks: &|text| names::named(names, text),
        };
        Ok(generation.search(&search, &self.registry.searching.snapshots)?)
    }

    /// The object that a query names by its identifier or its uri.
    fn by_identifier(
        &self,
        tx: &mut Tx<'_>,
        generation: &Generation,
        request: &SearchRequest,
    ) -> Result<Option<Found>, RegistryError> {
        let text = request.q.trim();
        let last = text.rsplit(['/', ':']).next().unwrap_or(text);
        if !looks_like_identifier(last) || text.contains(char::is_whitespace) {
            return Ok(None);
        }
        let Some(object) = publish::named(tx, last)? else { return Ok(None) };
        if ![Class::Item, Class::Document, Class::Criterion, Class::Level].contains(&object.class) {
            return Ok(None);
        }
        let sight = self.search_sight();
        Ok(generation.one(&object.package_id, object.class.name(), &object.id, &sight)?.map(Found::only))
    }

    pub(super) fn search_sight(&self) -> Sight {
        match super::view::sight(self.access()) {
            crate::store::Sight::All => Sight::All,
            crate::store::Sight::PublicAnd(shown) => Sight::Only(shown),
        }
    }
}

fn limits(request: &SearchRequest, names: &[Name]) -> Limits {
    let packages = (!request.framework.is_empty())
        .then(|| request.framework.iter().flat_map(|text| names::named(names, text)).collect::<BTreeSet<String>>());
    Limits {
        packages,
        under: request.under.as_ref().map(|id| publish::stored_form(id)),
        eligible: request.eligible,
        fields: request.fields(),
    }
}

/// What others are likened to.
fn like(tx: &mut Tx<'_>, id: &str) -> Result<Like, RegistryError> {
    let nothing = || RegistryError::SearchRequest(format!("like names {id}, which is not published here"));
    let object = publish::named(tx, id)?.ok_or_else(nothing)?;
    let texts = Texts::of(&object);
    let text = [texts.statement(), texts.abbreviated_statement.unwrap_or_default().into_owned()].join(" ");
    Ok(Like { package: object.package_id.clone(), class: object.class.name(), id: object.id.clone(), text })
}

/// A UUID, with or without the letter that addresses of packages have.
fn looks_like_identifier(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
