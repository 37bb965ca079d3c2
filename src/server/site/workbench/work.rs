//! What was sent, cut into segments, each with the items that it may be about.
//!
//! Asks the registry as the API does, and puts the three kinds of answers into one form. Never contains HTML.

use std::collections::HashMap;
use std::ops::Range;

use super::input::Input;
use super::pieces::{Piece, as_text, in_bytes, pieces};
use crate::credentials::job::{Class, Importance, Kind as JobKind};
use crate::credentials::{self, Document, Pasted, Place, PlaceOf, ReadHints};
use crate::registry::{
    ACCEPTED_FROM, AchievementError, AchievementOptions, AlignScope, AlignedAchievement, AlignedRequirement,
    AlignedSentence, ItemPlace, JobCandidate, JobOptions, ProposedAlignment, REFUSED_BELOW, RegistryError,
    ResolvedObject, View,
};

/// The most candidates of a segment.
const CANDIDATES: usize = 5;

/// What was sent, aligned.
#[derive(Default)]
pub(super) struct Worked {
    /// What it is, as the API names it.
    pub name: String,
    pub title: Option<String>,
    /// The whole text, where it is one.
    pub passage: Vec<Piece>,
    pub segments: Vec<Segment>,
    /// What is no competency, and what it is in its place.
    pub set_aside: Vec<(String, Class)>,
    /// `on`, `off` or `pending`; nothing when nothing was compared.
    pub semantic: Option<&'static str>,
    /// What is odd about the document, in English.
    pub warnings: Vec<String>,
    /// What it is aligned to already, and how much of that means nothing here.
    pub existing: Vec<Shown>,
    pub unresolved: usize,
    /// Whether parts of it are signed.
    pub is_signed: bool,
    /// Whether what is accepted goes into the document.
    pub has_place: bool,
}

/// What is aligned by itself: a sentence, a requirement, an achievement.
pub(super) struct Segment {
    /// From 1.
    pub number: usize,
    pub heading: Option<String>,
    pub texts: Vec<String>,
    pub importance: Option<Importance>,
    pub candidates: Vec<Candidate>,
    /// Whether its candidates are too unsure to be claimed.
    pub is_weak: bool,
    /// Whether it is signed, so that alignments stand beside it.
    pub is_signed: bool,
}

/// What is shown of an object.
#[derive(Clone, Debug)]
pub(in crate::server::site) struct Shown {
    pub identifier: String,
    pub code: Option<String>,
    pub statement: String,
    /// The title of its framework.
    pub framework: String,
    pub is_retired: bool,
}

impl From<ResolvedObject> for Shown {
    fn from(object: ResolvedObject) -> Shown {
        let ResolvedObject { identifier, code, statement, framework, retired, .. } = object;
        Shown { identifier, code, statement, framework: framework.title, is_retired: retired }
    }
}

/// An item that a segment may be about.
pub(super) struct Candidate {
    /// What it is accepted for.
    pub pointer: String,
    pub object: Shown,
    pub confidence: f64,
    pub method: &'static str,
    /// What it was found by: words without their endings, or a code.
    pub terms: Vec<String>,
    /// How much of the item's statement is said, from 0 to 1.
    pub covered: Option<f64>,
    pub is_in_force: bool,
    pub replacements: Vec<Shown>,
    pub place: ItemPlace,
}

impl Segment {
    /// What can be claimed.
    pub(super) fn near(&self) -> Vec<&Candidate> {
        self.candidates.iter().filter(|one| !self.is_far(one)).collect()
    }

    /// What comes near, and is less likely than not to be worth a look.
    pub(super) fn far(&self) -> Vec<&Candidate> {
        self.candidates.iter().filter(|one| self.is_far(one)).collect()
    }

    fn is_far(&self, candidate: &Candidate) -> bool {
        self.is_weak || candidate.confidence < f64::from(REFUSED_BELOW)
    }
}

impl Candidate {
    /// Whether it is accepted before anybody looked.
    pub(super) fn is_sure(&self) -> bool {
        self.is_in_force && self.confidence >= ACCEPTED_FROM
    }
}

impl Worked {
    /// Whether anything was found.
    pub(super) fn has_candidates(&self) -> bool {
        self.segments.iter().any(|segment| !segment.near().is_empty())
    }

    /// Whether there is anything that can be accepted.
    pub(super) fn has_offers(&self) -> bool {
        self.segments.iter().any(|segment| !segment.candidates.is_empty())
    }
}

/// Aligns what was sent.
///
/// # Errors
/// As the registry's own ways to align.
pub(super) fn work(view: &View<'_>, input: &Input) -> Result<Worked, RegistryError> {
    let mut worked = match input.kind {
        Pasted::Credential => credential(view, input)?,
        Pasted::Job => job(view, input)?,
        Pasted::Text => text(view, input)?,
    };
    let candidates = worked.segments.iter().flat_map(|segment| &segment.candidates);
    let ids: Vec<String> = candidates.map(|candidate| candidate.object.identifier.clone()).collect();
    let places = view.places(&ids.iter().map(String::as_str).collect::<Vec<_>>())?;
    for candidate in worked.segments.iter_mut().flat_map(|segment| &mut segment.candidates) {
        candidate.place = places.get(&candidate.object.identifier).cloned().unwrap_or_default();
    }
    Ok(worked)
}

fn text(view: &View<'_>, input: &Input) -> Result<Worked, RegistryError> {
    let text = as_text(&input.document);
    let scope = AlignScope { frameworks: input.frameworks.clone(), max: CANDIDATES, ..AlignScope::default() };
    let sentences = view.align_passage(text, &scope)?;
    let places: Vec<(Range<usize>, usize)> = sentences.iter().zip(1..).map(|(one, n)| (one.at.clone(), n)).collect();
    let semantic = sentences.first().map(|one| one.alignment.methods.semantic);
    let segment = |(one, number): (AlignedSentence, usize)| {
        let candidates = one.alignment.candidates.into_iter().map(|found| Candidate {
            pointer: String::new(),
            is_in_force: !found.object.retired,
            object: found.object.into(),
            confidence: found.confidence,
            method: found.why.method,
            terms: found.why.terms,
            covered: Some(found.why.covered),
            replacements: Vec::new(),
            place: ItemPlace::default(),
        });
        Segment {
            texts: vec![text.get(one.at).unwrap_or_default().to_owned()],
            is_weak: one.alignment.none,
            candidates: candidates.collect(),
            ..Segment::numbered(number)
        }
    };
    Ok(Worked {
        name: Pasted::Text.name().to_owned(),
        passage: pieces(text, &places),
        segments: sentences.into_iter().zip(1..).map(segment).collect(),
        semantic,
        ..Worked::default()
    })
}

fn credential(view: &View<'_>, input: &Input) -> Result<Worked, RegistryError> {
    let document = credentials::read(&input.document, ReadHints::default()).map_err(AchievementError::from)?;
    let options =
        AchievementOptions { frameworks: input.frameworks.clone(), max: CANDIDATES, ..AchievementOptions::default() };
    let aligned = view.align_achievement(&input.document, None, &options)?;
    let AlignedAchievement { kind, existing, candidates, frozen, warnings, methods, .. } = aligned;
    let mut found: HashMap<String, Vec<Candidate>> = HashMap::new();
    for one in candidates {
        let place = place_of(&one.pointer).to_owned();
        found.entry(place.clone()).or_default().push(proposed(one, place));
    }
    let achievements = document.places.iter().filter(|place| place.of == PlaceOf::Achievement);
    let segments = achievements.zip(1..).map(|(place, number)| Segment {
        heading: place.texts.name.clone(),
        texts: texts(place),
        candidates: found.remove(&place.pointer).unwrap_or_default(),
        is_signed: place.frozen.is_some(),
        ..Segment::numbered(number)
    });
    let objects: Vec<_> = existing.into_iter().map(|one| one.resolution.object).collect();
    Ok(Worked {
        name: kind.to_owned(),
        title: title(&document),
        segments: segments.collect(),
        semantic: methods.map(|methods| methods.semantic),
        warnings: warnings.into_iter().map(|warning| warning.message.to_owned()).collect(),
        unresolved: objects.iter().filter(|object| object.is_none()).count(),
        existing: objects.into_iter().flatten().map(Shown::from).collect(),
        is_signed: !frozen.is_empty(),
        has_place: true,
        ..Worked::default()
    })
}

fn proposed(one: ProposedAlignment, pointer: String) -> Candidate {
    let is_in_force = !one.object.retired && one.replacements.is_empty();
    let replacements: Vec<Shown> = one.replacements.into_iter().filter_map(|one| one.object).map(Shown::from).collect();
    Candidate {
        pointer,
        is_in_force,
        object: one.object.into(),
        confidence: one.confidence,
        method: one.why.method,
        terms: one.why.terms,
        covered: one.why.covered,
        replacements,
        place: ItemPlace::default(),
    }
}

/// The pointer of what has an alignment, from that of the alignment.
fn place_of(alignment: &str) -> &str {
    alignment.rsplitn(3, '/').nth(2).unwrap_or_default()
}

/// The name of the only achievement.
fn title(document: &Document) -> Option<String> {
    let mut names = document.places.iter().filter(|place| place.of == PlaceOf::Achievement);
    match (names.next(), names.next()) {
        (Some(one), None) => one.texts.name.clone(),
        _ => None,
    }
}

fn texts(place: &Place) -> Vec<String> {
    let texts = [&place.texts.description, &place.texts.criteria];
    texts.into_iter().flatten().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn job(view: &View<'_>, input: &Input) -> Result<Worked, RegistryError> {
    let options = JobOptions { frameworks: input.frameworks.clone(), max: CANDIDATES, ..JobOptions::default() };
    let aligned = view.align_job(&input.document, None, &options)?;
    let is_passage = matches!(aligned.kind, JobKind::Text | JobKind::Markdown);
    let has_place = !is_passage && !matches!(aligned.kind, JobKind::Html | JobKind::List);
    let mut worked = Worked {
        name: serde_json::to_value(aligned.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        title: aligned.title,
        semantic: Some(aligned.semantic),
        warnings: aligned.warnings,
        has_place,
        ..Worked::default()
    };
    let mut spans: Vec<([usize; 2], usize)> = Vec::new();
    for one in aligned.requirements {
        if !one.requirement.class.names_competencies() {
            worked.set_aside.push((one.requirement.text, one.requirement.class));
            continue;
        }
        let number = worked.segments.len() + 1;
        spans.push((one.requirement.span, number));
        worked.segments.push(requirement(one, number));
    }
    if is_passage {
        let text = as_text(&input.document);
        worked.passage = pieces(text, &in_bytes(text, &spans));
    }
    Ok(worked)
}

fn requirement(one: AlignedRequirement, number: usize) -> Segment {
    let pointer = one.requirement.pointer;
    let candidate = |found: JobCandidate| Candidate {
        pointer: pointer.clone(),
        is_in_force: !found.retired,
        confidence: found.score,
        method: found.why.method,
        terms: found.why.terms,
        covered: None,
        replacements: Vec::new(),
        place: ItemPlace::default(),
        object: Shown {
            identifier: found.identifier,
            code: found.human_coding_scheme,
            statement: found.statement,
            framework: found.framework.title,
            is_retired: found.retired,
        },
    };
    Segment {
        texts: vec![one.requirement.text],
        importance: Some(one.requirement.importance),
        candidates: one.candidates.into_iter().map(candidate).collect(),
        ..Segment::numbered(number)
    }
}

impl Segment {
    fn numbered(number: usize) -> Segment {
        Segment {
            number,
            heading: None,
            texts: Vec::new(),
            importance: None,
            candidates: Vec::new(),
            is_weak: false,
            is_signed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alignment_stands_in_its_place() {
        for (pointer, place) in [
            ("/alignment/0", ""),
            ("/credentialSubject/achievement/alignment/2", "/credentialSubject/achievement"),
            ("/signedAssertions/0#/achievement/alignments/0", "/signedAssertions/0#/achievement"),
        ] {
            assert_eq!(place_of(pointer), place);
        }
    }
}
