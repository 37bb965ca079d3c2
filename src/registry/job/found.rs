//! What is found for the texts and terms of requirements and achievements: by the terms they name, by codes in them, by
//! their words being a statement, and by what they are about.
//!
//! Never contains how an answer looks.

use std::collections::{BTreeSet, HashMap};

use super::told::{JobReason, JobRelation};
use crate::credentials::job::Term;
use crate::registry::{
    AlignQuery, AlignScope, Alignment, FoundBy, Reference, RegistryError, Resolution, ResolveState, ResolvedObject,
    View,
};

/// By what is looked for; `text` by words, and by meanings when `semantic` says so.
pub(super) const METHODS: [&str; 4] = ["reference", "code", "name", "text"];

/// A term that resolves to one object.
const REFERENCE: f64 = 1.0;
/// A term that somebody said is exactly the same as an object.
const EXACT_MATCH: f64 = 0.95;
/// The replacement of what is named.
const REPLACEMENT: f64 = 0.9;
/// A code or an address in a text.
const CODE: f64 = 0.95;
/// A text that is the statement of one object.
const NAME: f64 = 0.9;
/// Something that is no longer in force.
const RETIRED: f64 = 0.5;

/// The most texts that are aligned for one request.
const MOST_TEXTS: usize = 500;

/// Something to look for.
#[derive(Clone, Copy, Debug)]
pub(in crate::registry) struct Sought<'a> {
    pub(in crate::registry) text: &'a str,
    pub(in crate::registry) term: Option<&'a Term>,
    /// What is said beside it.
    pub(in crate::registry) beside: Option<&'a str>,
    /// What it stands in, such as the title of the job.
    pub(in crate::registry) context: Option<&'a str>,
}

/// What was found for each, and whether meanings were compared.
#[derive(Debug)]
pub(in crate::registry) struct AllFound {
    pub(in crate::registry) each: Vec<Vec<Found>>,
    /// `on`, `off`, or `pending` while they are still computed.
    pub(in crate::registry) semantic: &'static str,
}

/// Something that was found.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Found {
    pub(in crate::registry) object: ResolvedObject,
    pub(in crate::registry) score: f64,
    pub(in crate::registry) relation: JobRelation,
    pub(in crate::registry) why: JobReason,
}

impl View<'_> {
    /// What is found for each, the surest first, within the frameworks that are asked for.
    pub(in crate::registry) fn found(
        &self,
        sought: &[Sought<'_>],
        frameworks: &[String],
        max: usize,
    ) -> Result<AllFound, RegistryError> {
        let within = self.frameworks_named(frameworks)?;
        let mut references: Vec<(usize, &'static str, Reference)> = Vec::new();
        for (index, one) in sought.iter().enumerate() {
            if let Some(term) = one.term {
                references.push((index, "reference", of_term(term, one.text)));
            }
            references.push((index, "code", Reference::passage(bounded(one.text))));
            let name =
                Reference { name: Some(bounded(one.text)), framework: frameworks.to_vec(), ..Reference::default() };
            references.push((index, "name", name));
        }
        let asked: Vec<Reference> = references.iter().map(|(_, _, reference)| reference.clone()).collect();
        let mut all: Vec<Vec<Found>> = vec![Vec::new(); sought.len()];
        for ((index, method, _), resolution) in references.into_iter().zip(self.resolve(&asked)?) {
            if let (Some(found), Some(one)) = (all.get_mut(index), sought.get(index)) {
                found.extend(of_resolution(method, resolution, one.text));
            }
        }
        let semantic = self.by_text(sought, frameworks, max, &mut all)?;
        for found in &mut all {
            found.retain(|one| within.as_ref().is_none_or(|within| within.contains(&one.object.framework.identifier)));
            found.sort_by(|a, b| {
                b.score.total_cmp(&a.score).then_with(|| a.object.identifier.cmp(&b.object.identifier))
            });
            let mut seen = BTreeSet::new();
            found.retain(|one| seen.insert(one.object.identifier.clone()));
            found.truncate(max);
        }
        Ok(AllFound { each: all, semantic })
    }

    /// Adds what texts are about, where nothing else is sure or somebody has decided, and takes away what was rejected. The
    /// same text is looked at once.
    fn by_text(
        &self,
        sought: &[Sought<'_>],
        frameworks: &[String],
        max: usize,
        all: &mut [Vec<Found>],
    ) -> Result<&'static str, RegistryError> {
        let asking: Vec<AlignQuery> = sought.iter().map(query).collect();
        let decided = self.are_decided(&asking)?;
        let mut queries: Vec<AlignQuery> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut asked: Vec<(usize, usize)> = Vec::new();
        for (index, ((one, query), is_decided)) in sought.iter().zip(asking).zip(decided).enumerate() {
            let is_open = || all.get(index).is_some_and(|found| found.iter().all(|one| one.score < NAME));
            if one.text.trim().is_empty() || !(is_decided || is_open()) {
                continue;
            }
            let place = *places.entry(one.text).or_insert_with(|| {
                queries.push(query);
                queries.len() - 1
            });
            asked.push((index, place));
        }
        if queries.is_empty() {
            return Ok("off");
        }
        if queries.len() > MOST_TEXTS {
            return Err(RegistryError::AlignRequest(format!(
                "there are {} texts to align, and {MOST_TEXTS} are aligned at once; send them in parts",
                queries.len()
            )));
        }
        let scope = AlignScope { frameworks: frameworks.to_vec(), max, ..AlignScope::default() };
        let aligned = self.align(&queries, &scope)?;
        for (index, place) in asked {
            if let (Some(found), Some(alignment)) = (all.get_mut(index), aligned.get(place)) {
                found.retain(|one| !alignment.rejects(&one.object.identifier));
                found.extend(of_alignment(alignment));
            }
        }
        Ok(aligned.first().map_or("off", |alignment| alignment.methods.semantic))
    }

    /// The identifiers of frameworks that are asked for; `None` for all.
    fn frameworks_named(&self, frameworks: &[String]) -> Result<Option<BTreeSet<String>>, RegistryError> {
        if frameworks.is_empty() {
            return Ok(None);
        }
        let reference = |name: &String| Reference { framework: vec![name.clone()], ..Reference::default() };
        let resolutions = self.resolve(&frameworks.iter().map(reference).collect::<Vec<_>>())?;
        let mut named = BTreeSet::new();
        for (name, resolution) in frameworks.iter().zip(resolutions) {
            let found = resolution.object.into_iter().chain(resolution.hits).map(|object| object.identifier);
            let found: Vec<String> = found.collect();
            if found.is_empty() {
                return Err(RegistryError::SearchRequest(format!("there is no framework {name} here")));
            }
            named.extend(found);
        }
        Ok(Some(named))
    }
}

fn query(one: &Sought<'_>) -> AlignQuery {
    AlignQuery {
        text: bounded(one.text),
        notes: one.beside.map(bounded),
        context: one.context.map(bounded),
        ..AlignQuery::default()
    }
}

/// What a text is about; nothing when nothing fits well enough.
fn of_alignment(alignment: &Alignment) -> Vec<Found> {
    let candidates = alignment.candidates.iter().filter(|_| !alignment.none);
    let found = candidates.map(|candidate| Found {
        object: candidate.object.clone(),
        score: candidate.confidence * if candidate.object.retired { RETIRED } else { 1.0 },
        relation: match candidate.association_type {
            "exactMatchOf" => JobRelation::Exact,
            "isPartOf" => JobRelation::Narrower,
            _ => JobRelation::Related,
        },
        why: JobReason { method: candidate.why.method, terms: candidate.why.terms.clone() },
    });
    found.collect()
}

fn of_term(term: &Term, text: &str) -> Reference {
    let set = term.set.as_ref();
    let framework = set.into_iter().flat_map(|set| [&set.uri, &set.name]).flatten().cloned().collect();
    Reference {
        any: term.identifier.clone().filter(|_| term.uri.is_none()),
        uri: term.uri.clone(),
        code: term.code.clone(),
        // A name alone says too little without the set that it is of.
        name: set.map(|_| bounded(text)),
        framework,
        ..Reference::default()
    }
}

fn of_resolution(method: &'static str, resolution: Resolution, text: &str) -> Vec<Found> {
    let Resolution { state, found_by, object, replacements, hits, mentions, .. } = resolution;
    if method == "code" {
        let each = mentions.into_iter().flat_map(|mention| {
            let written = mention.text;
            of_resolution("mention", mention.resolution, &written)
        });
        return each.collect();
    }
    let (score, method, relation, terms) = match (method, found_by) {
        ("mention", _) => (CODE, "code", JobRelation::Related, vec![text.to_owned()]),
        ("name", Some(FoundBy::Name)) => (NAME, "name", JobRelation::Exact, Vec::new()),
        ("name", _) => return Vec::new(),
        (_, Some(FoundBy::ExactMatch)) => (EXACT_MATCH, "reference", JobRelation::Exact, Vec::new()),
        _ => (REFERENCE, "reference", JobRelation::Exact, Vec::new()),
    };
    let found = |object: ResolvedObject, score: f64| {
        let why = JobReason { method, terms: terms.clone() };
        Found { object, score, relation, why }
    };
    match state {
        ResolveState::Resolved | ResolveState::Moved => object.map(|object| found(object, score)).into_iter().collect(),
        ResolveState::Replaced => {
            let newer = replacements.into_iter().filter_map(|one| one.object);
            newer.map(|object| found(object, score * REPLACEMENT)).collect()
        }
        ResolveState::Retired => object.map(|object| found(object, score * RETIRED)).into_iter().collect(),
        ResolveState::Ambiguous => {
            let share = score / f64::from(u32::try_from(hits.len().max(1)).unwrap_or(u32::MAX));
            hits.into_iter().map(|object| found(object, share)).collect()
        }
        ResolveState::Unknown | ResolveState::NotCase => Vec::new(),
    }
}

/// As much of a text as a reference may have.
fn bounded(text: &str) -> String {
    const MOST: usize = 2_000;
    text.chars().take(MOST).collect()
}
