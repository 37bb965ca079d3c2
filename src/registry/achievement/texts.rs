//! Items that an achievement is about by what it says: its name, description and criteria, and the texts of alignments
//! that lead nowhere.
//!
//! Never contains how texts are compared: that is `registry::align`.

use super::{AchievementOptions, AlignmentReason, Found, Resolved};
use crate::align::Query;
use crate::credentials::{Document, Place, PlaceOf};
use crate::registry::{AlignScope, AlignmentCandidate, AlignmentMethods, RegistryError, ResolveState, View};
use crate::text::{plain, sentences};

/// The most statements that are looked at one by one.
const MOST_PARTS: usize = 24;

impl View<'_> {
    /// Adds what each of the places is about by its texts, and takes away what somebody rejected for them. How that was found is nothing when there was no text at all.
    pub(super) fn find_by_text(
        &self,
        document: &Document,
        wanted: &[usize],
        existing: &[Resolved],
        options: &AchievementOptions,
        found: &mut [Vec<Found>],
    ) -> Result<Option<AlignmentMethods>, RegistryError> {
        let (mut at, mut queries) = (Vec::new(), Vec::new());
        for (position, place) in wanted.iter().enumerate() {
            let Some(of) = document.places.get(*place) else { continue };
            let query = query(of, unresolved(of, *place, existing), options);
            // Levels are of rubrics, and what is looked for here are items.
            if of.of != PlaceOf::Level && !query.text.is_empty() {
                at.push(position);
                queries.push(query);
            }
        }
        let scope = AlignScope {
            frameworks: options.frameworks.clone(),
            item_types: options.item_types.clone(),
            max: options.max,
            ..AlignScope::default()
        };
        let mut methods = None;
        for (position, alignment) in at.into_iter().zip(self.align(&queries, &scope)?) {
            if let Some(found) = found.get_mut(position) {
                found.retain(|one| !alignment.rejects(&one.identifier));
                let candidates = alignment.candidates.into_iter().filter(|_| !alignment.none);
                candidates.for_each(|candidate| add(found, by_text(candidate)));
            }
            methods = Some(alignment.methods);
        }
        Ok(methods)
    }
}

/// Adds what was found; what its code was found by is known better where the code was looked up.
fn add(found: &mut Vec<Found>, new: Found) {
    match found.iter_mut().find(|old| old.identifier == new.identifier && new.why.method == "code") {
        Some(old) => old.confidence = old.confidence.max(new.confidence),
        None => found.push(new),
    }
}

fn by_text(candidate: AlignmentCandidate) -> Found {
    let why = candidate.why;
    Found {
        identifier: candidate.object.identifier,
        confidence: candidate.confidence,
        why: AlignmentReason { method: why.method, terms: why.terms, cosine: why.cosine, covered: Some(why.covered) },
    }
}

/// What alignments of a place say that mean nothing here.
fn unresolved(of: &Place, place: usize, existing: &[Resolved]) -> Vec<String> {
    let nothing = |state| matches!(state, ResolveState::Unknown | ResolveState::NotCase);
    let open = existing.iter().filter(|one| one.place == place && nothing(one.resolution.state));
    let texts =
        open.filter_map(|one| of.alignments.get(one.at)).flat_map(|one| one.name.iter().chain(&one.description));
    texts.map(|text| plain(text).into_owned()).collect()
}

fn query(place: &Place, unresolved: Vec<String>, options: &AchievementOptions) -> Query {
    let texts = &place.texts;
    let said = |text: &Option<String>| text.as_deref().map(|text| plain(text).trim().to_owned());
    let name = said(&texts.name).filter(|name| !name.is_empty());
    let criteria = said(&texts.criteria).unwrap_or_default();
    let text = said(&texts.description).into_iter().chain(name.clone()).chain([criteria.clone()]);
    let parts = sentences(&criteria).filter_map(|at| criteria.get(at)).map(str::to_owned);
    let context: Vec<&str> = texts.field_of_study.iter().chain(&texts.specialization).map(String::as_str).collect();
    Query {
        text: text.into_iter().find(|text| !text.is_empty()).unwrap_or_default(),
        name,
        parts: parts.chain(unresolved).chain(texts.levels.iter().cloned()).take(MOST_PARTS).collect(),
        context: Some(context.join(", ")).filter(|context| !context.is_empty()),
        code: texts.human_code.clone(),
        grades: options.education_levels.clone(),
        language: texts.language.clone().or(options.language.clone()),
        ..Query::default()
    }
}
