//! Objects whose codes, addresses or identifiers an achievement gives: its human code, and what stands in its texts.
//!
//! Never contains matching by words.

use super::{AchievementOptions, AlignmentReason, Found};
use crate::credentials::Place;
use crate::registry::{FoundBy, Reference, RegistryError, Resolution, ResolveState, ResolvedObject, View};
use crate::text::exact;

/// A code in a text, an identifier or an address: what somebody wrote down on purpose.
const WRITTEN: f64 = 0.95;
/// A human code whose object also has the name, or one within the frameworks that were asked for.
const CODE_AND_MORE: f64 = 0.97;
/// A human code that only one object has: another framework may have been meant.
const CODE_ALONE: f64 = 0.6;

impl View<'_> {
    /// What is found for each place by codes.
    pub(super) fn found_by_code(
        &self,
        places: &[&Place],
        options: &AchievementOptions,
    ) -> Result<Vec<Vec<Found>>, RegistryError> {
        let framework = &options.frameworks;
        let coded = |place: &&Place| Reference {
            code: place.texts.human_code.clone(),
            framework: framework.clone(),
            ..Reference::default()
        };
        let written = |place: &&Place| Reference {
            passage: Some(passage(place)).filter(|text| !text.is_empty()),
            framework: framework.clone(),
            ..Reference::default()
        };
        let references: Vec<Reference> = places.iter().map(coded).chain(places.iter().map(written)).collect();
        let mut resolutions = self.resolve(&references)?;
        let texts = resolutions.split_off(places.len().min(resolutions.len()));
        let each = places.iter().zip(resolutions).zip(texts);
        Ok(each.map(|((place, code), text)| of_place(place, &code, &text, !framework.is_empty())).collect())
    }
}

fn of_place(place: &Place, code: &Resolution, text: &Resolution, limited: bool) -> Vec<Found> {
    let by_code = place.texts.human_code.iter().filter_map(|term| {
        let object = meant(code).filter(|_| code.found_by == Some(FoundBy::Code))?;
        let confidence = if limited || has_name(object, place) { CODE_AND_MORE } else { CODE_ALONE };
        Some(found(object, confidence, term))
    });
    let in_text =
        text.mentions.iter().filter_map(|mention| Some(found(meant(&mention.resolution)?, WRITTEN, &mention.text)));
    by_code.chain(in_text).collect()
}

/// The one object that is meant.
fn meant(resolution: &Resolution) -> Option<&ResolvedObject> {
    let sure = !matches!(resolution.state, ResolveState::Ambiguous | ResolveState::Unknown | ResolveState::NotCase);
    resolution.object.as_ref().filter(|_| sure)
}

fn has_name(object: &ResolvedObject, place: &Place) -> bool {
    let texts = [Some(&object.statement), object.abbreviated_statement.as_ref()];
    let name = place.texts.name.as_deref().map(exact::statement).filter(|name| !name.is_empty());
    name.is_some_and(|name| texts.into_iter().flatten().any(|text| exact::statement(text) == name))
}

fn found(object: &ResolvedObject, confidence: f64, term: &str) -> Found {
    let why = AlignmentReason { method: "code", terms: vec![term.to_owned()], cosine: None, covered: None };
    Found { identifier: object.identifier.clone(), confidence, why }
}

/// What is said of a place, in one text.
fn passage(place: &Place) -> String {
    let texts = &place.texts;
    let said = texts.name.iter().chain(&texts.description).chain(&texts.criteria).chain(&texts.tags);
    said.map(String::as_str).collect::<Vec<_>>().join("\n")
}
