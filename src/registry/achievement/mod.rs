//! Aligning an achievement: from a credential to the objects of frameworks that it is about, and back into it.
//!
//! What is known for sure is resolved; the rest is matched. Nothing that was sent is stored or logged. Never contains
//! how a credential is read or written: that is `credentials`.

mod accepted;
mod codes;
mod levels;
mod options;
mod texts;
mod told;

use std::collections::{BTreeSet, HashMap};

pub use accepted::{Accepted, PlacedAchievement};
pub use options::{AchievementOptions, AlignMode, AlignPlaces, OptionError};
pub use told::{
    AlignedAchievement, AlignmentReason, DocumentWarning, ExistingAlignment, FrozenPart, ProposedAlignment,
};

use super::{AlignmentMethods, Reference, RegistryError, Resolution, ResolveState, ResolvedObject, View};
use crate::credentials::{
    self, Addition, CredentialError, Document, Existing, OnSigned, Outcome, Place, PlaceError, PlaceOf, ReadHints,
    Target,
};

/// The most places of one document that are aligned: each is a search of its own.
const MOST_PLACES: usize = 200;
/// The most alignments that one document may have: each is resolved.
const MOST_EXISTING: usize = 10_000;

/// Why an achievement is not aligned.
#[derive(Debug, thiserror::Error)]
pub enum AchievementError {
    #[error(transparent)]
    Unread(#[from] CredentialError),
    #[error(transparent)]
    NotPlaced(#[from] PlaceError),
    /// A document with too much in it for one request.
    #[error("the document has {found} {what}, and {most} are taken at once; send parts of it")]
    TooMany { what: &'static str, found: usize, most: usize },
}

/// Something that was found for a place.
#[derive(Clone, Debug)]
struct Found {
    identifier: String,
    confidence: f64,
    why: AlignmentReason,
}

/// Objects that something was found to be, as they are told and as they are written.
type Known = HashMap<String, (Resolution, Target)>;

impl View<'_> {
    /// Aligns the achievements of a document, which may be of any kind that `credentials` reads.
    ///
    /// # Errors
    /// [`RegistryError::Achievement`] when the document cannot be read or must not be changed, [`RegistryError::NoIndex`]
    /// when there is no index yet, and when the store or the index cannot be read.
    pub fn align_achievement(
        &self,
        body: &[u8],
        content_type: Option<&str>,
        options: &AchievementOptions,
    ) -> Result<AlignedAchievement, RegistryError> {
        let hints = ReadHints { content_type, language: options.language.as_deref() };
        let document = credentials::read(body, hints).map_err(AchievementError::from)?;
        let wanted = wanted(&document, options.places)?;
        let apply = options.mode == AlignMode::Apply;
        if options.on_signed == OnSigned::Error {
            // Before anything is looked for, so that it does not depend on what is found.
            credentials::place(&document, &[], options.alignment, options.on_signed).map_err(AchievementError::from)?;
        }

        let existing = self.existing(&document)?;
        let (found, methods) = self.found_for_places(&document, &wanted, &existing, options)?;
        let known = self.known(&found, &existing)?;
        let found: Vec<Vec<&Found>> =
            wanted.iter().zip(&found).map(|(place, found)| chosen(found, *place, &existing, &known, options)).collect();

        let sure = |found: &&&Found| apply && found.confidence >= options.min_confidence && in_force(found, &known);
        let mut additions = Vec::new();
        for (place, found) in wanted.iter().zip(&found) {
            for found in found.iter().filter(sure) {
                if let Some((_, target)) = known.get(&found.identifier) {
                    additions.push((*found, Addition { place: *place, target }));
                }
            }
        }
        let only: Vec<Addition<'_>> = additions.iter().map(|(_, addition)| *addition).collect();
        let placed = credentials::place(&document, &only, options.alignment, options.on_signed)
            .map_err(AchievementError::from)?;

        let mut answer = AlignedAchievement {
            kind: document.kind.name(),
            document: placed.document.filter(|_| apply),
            added: Vec::new(),
            existing: Vec::new(),
            candidates: Vec::new(),
            frozen: document.frozen.iter().map(FrozenPart::from).collect(),
            unsigned: placed.unsigned,
            warnings: document.warnings.iter().map(DocumentWarning::from).collect(),
            methods,
            none: none(&document, &wanted, &found),
        };
        for ((found, _), outcome) in additions.iter().zip(placed.outcomes) {
            let Some((resolution, _)) = known.get(&found.identifier) else { continue };
            let (pointer, alignment, detached) = match outcome {
                Outcome::Added { pointer, alignment } => (pointer, alignment, false),
                Outcome::Detached { pointer, alignment } => (pointer, alignment, true),
                Outcome::Present => continue,
            };
            answer.added.extend(proposed(found, resolution, pointer, alignment, detached));
        }
        for (place, found) in wanted.iter().zip(&found) {
            let placed_here = additions.iter().filter(|(_, addition)| addition.place == *place).count();
            let Some(of) = document.places.get(*place) else { continue };
            let rest = found.iter().filter(|found| !sure(found));
            answer.candidates.extend(rest.filter_map(|found| candidate(found, of, placed_here, &known, options)));
        }
        answer.existing = existing.iter().filter_map(|one| one.told(&document, &known, options)).collect();
        Ok(answer)
    }

    /// What each alignment of the document means here.
    fn existing(&self, document: &Document) -> Result<Vec<Resolved>, RegistryError> {
        let all: Vec<(usize, usize, &Existing)> = document
            .places
            .iter()
            .enumerate()
            .flat_map(|(place, of)| of.alignments.iter().enumerate().map(move |(at, one)| (place, at, one)))
            .collect();
        limited("alignments", all.len(), MOST_EXISTING)?;
        let references: Vec<Reference> = all.iter().map(|(_, _, one)| reference(one)).collect();
        let resolutions = self.resolve(&references)?.into_iter();
        Ok(all
            .iter()
            .zip(resolutions)
            .map(|((place, at, _), resolution)| Resolved { place: *place, at: *at, resolution })
            .collect())
    }

    /// What is found for each of the places, the surest first.
    fn found_for_places(
        &self,
        document: &Document,
        wanted: &[usize],
        existing: &[Resolved],
        options: &AchievementOptions,
    ) -> Result<(Vec<Vec<Found>>, Option<AlignmentMethods>), RegistryError> {
        let places: Vec<&Place> = wanted.iter().filter_map(|place| document.places.get(*place)).collect();
        let mut found = self.found_by_code(&places, options)?;
        self.find_levels(&places, options, &mut found)?;
        let methods = self.find_by_text(document, wanted, existing, options, &mut found)?;
        for found in &mut found {
            found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.identifier.cmp(&b.identifier)));
            let mut seen = BTreeSet::new();
            found.retain(|one| seen.insert(one.identifier.clone()));
        }
        Ok((found, methods))
    }

    /// Everything that was found and what existing alignments mean, with its text and its framework.
    fn known(&self, found: &[Vec<Found>], existing: &[Resolved]) -> Result<Known, RegistryError> {
        let named = found.iter().flatten().map(|found| found.identifier.clone());
        let meant = existing.iter().filter_map(|one| one.current().map(|object| object.identifier.clone()));
        let identifiers: Vec<String> = named.chain(meant).collect::<BTreeSet<String>>().into_iter().collect();
        let reference =
            |identifier: &String| Reference { identifier: Some(identifier.clone()), ..Reference::default() };
        let resolutions = self.resolve(&identifiers.iter().map(reference).collect::<Vec<_>>())?;
        let all: Vec<&str> = identifiers.iter().map(String::as_str).collect();
        let mut targets = self.targets(&all)?;
        let each = identifiers.into_iter().zip(resolutions).filter(|(_, resolution)| resolution.object.is_some());
        Ok(each.filter_map(|(id, resolution)| targets.remove(&id).map(|target| (id, (resolution, target)))).collect())
    }
}

/// The places that get alignments.
fn wanted(document: &Document, places: AlignPlaces) -> Result<Vec<usize>, AchievementError> {
    let is_wanted = |of: PlaceOf| match places {
        AlignPlaces::Achievement => of == PlaceOf::Achievement,
        AlignPlaces::Levels => of == PlaceOf::Level,
        AlignPlaces::All => of != PlaceOf::Result,
    };
    let all = document.places.iter().enumerate();
    let wanted: Vec<usize> = all.filter(|(_, place)| is_wanted(place.of)).map(|(at, _)| at).collect();
    limited("achievements and parts of them", wanted.len(), MOST_PLACES)?;
    Ok(wanted)
}

fn limited(what: &'static str, found: usize, most: usize) -> Result<(), AchievementError> {
    if found > most { Err(AchievementError::TooMany { what, found, most }) } else { Ok(()) }
}

/// Pointers of the places for which nothing was found that could be claimed, and that have nothing yet.
fn none(document: &Document, wanted: &[usize], found: &[Vec<&Found>]) -> Vec<String> {
    let empty = wanted.iter().zip(found).filter(|(_, found)| found.is_empty());
    let places = empty.filter_map(|(place, _)| document.places.get(*place));
    places.filter(|place| place.alignments.is_empty()).map(|place| place.pointer.clone()).collect()
}

/// What is taken of what was found for a place: what is no alignment there yet, of the types asked for.
fn chosen<'f>(
    found: &'f [Found],
    place: usize,
    existing: &[Resolved],
    known: &Known,
    options: &AchievementOptions,
) -> Vec<&'f Found> {
    let there = |identifier: &str| {
        let here = existing.iter().filter(|one| one.place == place);
        here.filter_map(|one| one.resolution.object.as_ref()).any(|object| object.identifier == identifier)
    };
    let types: Vec<String> = options.item_types.iter().map(|name| name.to_lowercase()).collect();
    let of_type = |target: &Target| {
        types.is_empty() || target.item_type.as_ref().is_some_and(|name| types.contains(&name.to_lowercase()))
    };
    let taken = found.iter().filter(|one| known.get(&one.identifier).is_some_and(|(_, target)| of_type(target)));
    taken.filter(|one| !there(&one.identifier)).take(options.max).collect()
}

/// Whether an object is in force: what is over is told, and never placed.
fn in_force(found: &Found, known: &Known) -> bool {
    known
        .get(&found.identifier)
        .is_some_and(|(resolution, _)| matches!(resolution.state, ResolveState::Resolved | ResolveState::Moved))
}

fn candidate(
    found: &Found,
    place: &Place,
    placed_here: usize,
    known: &Known,
    options: &AchievementOptions,
) -> Option<ProposedAlignment> {
    let (resolution, target) = known.get(&found.identifier)?;
    let alignment = credentials::alignment(place.spelling, target, options.alignment);
    proposed(found, resolution, place.next_pointer(placed_here), alignment.into(), place.frozen.is_some())
}

fn proposed(
    found: &Found,
    resolution: &Resolution,
    pointer: String,
    alignment: serde_json::Value,
    detached: bool,
) -> Option<ProposedAlignment> {
    Some(ProposedAlignment {
        pointer,
        alignment,
        detached,
        confidence: found.confidence,
        why: found.why.clone(),
        object: resolution.object.clone()?,
        replacements: resolution.replacements.clone(),
    })
}

/// An alignment that the document has, and what it means.
struct Resolved {
    place: usize,
    at: usize,
    resolution: Resolution,
}

impl Resolved {
    /// The object as it would be written now: what has replaced it, where that is one and published here.
    fn current(&self) -> Option<&ResolvedObject> {
        match (self.resolution.state, self.resolution.replacements.as_slice()) {
            (ResolveState::Replaced, [one]) => one.object.as_ref(),
            (ResolveState::Replaced, _) => None,
            _ => self.resolution.object.as_ref(),
        }
    }

    fn told(&self, document: &Document, known: &Known, options: &AchievementOptions) -> Option<ExistingAlignment> {
        let place = document.places.get(self.place)?;
        let write = |target| credentials::alignment(place.spelling, target, options.alignment).into();
        let current = self.current().and_then(|object| known.get(&object.identifier));
        Some(ExistingAlignment {
            pointer: place.alignments.get(self.at)?.pointer.clone(),
            resolution: self.resolution.clone(),
            current: current.map(|(_, target)| write(target)),
        })
    }
}

/// An alignment as something to resolve.
fn reference(existing: &Existing) -> Reference {
    Reference {
        uri: existing.url.clone(),
        code: existing.code.clone(),
        name: existing.name.clone(),
        framework: existing.framework.iter().cloned().collect(),
        target_type: existing.target_type.clone(),
        ..Reference::default()
    }
}
