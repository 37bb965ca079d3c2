//! A job against a record: which requirements are met, by which achievement, and through which path.
//!
//! What is required comes from a posting or is a framework itself; what was shown comes from a CLR or from badges. Nothing
//! of the learner is kept, stored or logged. Never contains how a posting or a record is read.

mod edges;
mod paths;
mod record;
mod required;
mod told;

pub use told::{Evidence, MatchCounts, MatchStatus, Matched, MatchedRecord, MatchedRequirement, PathStep, Withheld};

use std::collections::{BTreeSet, HashMap};

use chrono::{SecondsFormat, Utc};
use serde_json::Value;

use super::{Reference, RegistryError, ResolvedObject, View};
use crate::credentials::CredentialError;
use crate::credentials::job::Importance;
use crate::text::exact;
use paths::{Graph, Path, Way};
use record::{Record, Shown, ShownItem};
use required::Needed;

/// Requirement and achievement that are called the same, without an item of a framework between them.
const SAME_TEXT: f64 = 0.9;
/// The most achievements that are told for one requirement.
const MOST_EVIDENCE: usize = 3;
/// What is less sure is no evidence.
const LEAST: f64 = 0.1;

/// Why a job is not held against a record.
#[derive(Debug, thiserror::Error)]
pub enum MatchFailure {
    #[error("the record{} cannot be read: {source}", place(.pointer))]
    Record {
        pointer: String,
        #[source]
        source: CredentialError,
    },
    #[error("there is no {0} here, or it may be several things; give the identifier or uri of a framework or an item")]
    NoSuchCompetency(String),
    #[error("there are more than {most} {what}; send parts of it")]
    TooMany { what: &'static str, most: usize },
}

fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!(" at {pointer}") }
}

/// What is required.
#[derive(Clone, Debug, PartialEq)]
pub enum Required {
    /// A posting in any form that is read: its bytes and its media type.
    Job(Vec<u8>, Option<String>),
    /// Identifiers or uris of frameworks or items.
    Competencies(Vec<String>),
}

/// From which confidence of a path on a requirement is met, unless the caller says otherwise.
pub const MET_FROM: f64 = 0.5;

/// A job and a record.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchRequest {
    pub required: Required,
    /// A CLR, a badge, a compact JWS in a string, or a list of these.
    pub record: Value,
    /// Identifiers, uris or titles of frameworks that requirements are looked for in; none for all.
    pub frameworks: Vec<String>,
    /// The least confidence, from 0 to 1, of a path by which a requirement is met.
    pub min_confidence: f64,
}

impl View<'_> {
    /// Holds a job against a record.
    ///
    /// # Errors
    /// [`RegistryError::Job`] and [`RegistryError::Match`] when one of them cannot be read, [`RegistryError::NoIndex`] when
    /// there is no index yet, and when the store or the index cannot be read.
    pub fn match_record(&self, request: &MatchRequest) -> Result<Matched, RegistryError> {
        let required = self.required(&request.required, &request.frameworks)?;
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let record = self.record(&request.record, &request.frameworks, &now)?;
        let shown: Vec<&Shown> = record.shown.iter().filter(|shown| shown.withheld.is_none()).collect();
        let goals = goals(&shown);
        let wanted =
            required.needed.iter().flat_map(|needed| &needed.found).map(|found| found.object.identifier.clone());
        let items: BTreeSet<String> = wanted.chain(goals.keys().map(|id| (*id).to_owned())).collect();
        let graph = self.look(|tx| edges::around(tx, items))?;
        let ways: Vec<Vec<Route>> = required.needed.iter().map(|needed| ways(needed, &shown, &goals, &graph)).collect();
        let between = ways.iter().flatten().flat_map(|way| &way.path.steps).map(|step| step.to.clone()).collect();
        let objects = self.objects(between)?;
        let mut matched = Matched {
            title: required.title,
            requirements: Vec::new(),
            missing: Vec::new(),
            counts: MatchCounts::default(),
            record: told_record(&record, shown.len()),
            warnings: required.warnings,
        };
        for (needed, ways) in required.needed.into_iter().zip(&ways) {
            let evidence: Vec<Evidence> = ways.iter().map(|way| evidence(way, &needed, &shown, &objects)).collect();
            matched.add(needed, evidence, request.min_confidence);
        }
        Ok(matched)
    }

    /// The objects of identifiers, as they are told.
    fn objects(&self, identifiers: BTreeSet<String>) -> Result<HashMap<String, ResolvedObject>, RegistryError> {
        let reference = |id: &String| Reference { identifier: Some(id.clone()), ..Reference::default() };
        let resolutions = self.resolve(&identifiers.iter().map(reference).collect::<Vec<_>>())?;
        let found = identifiers.into_iter().zip(resolutions);
        Ok(found.filter_map(|(id, resolution)| Some((id, resolution.object?))).collect())
    }
}

impl Matched {
    fn add(&mut self, needed: Needed, evidence: Vec<Evidence>, min_confidence: f64) {
        let confidence = evidence.first().map_or(0.0, |best| best.confidence);
        let status = if confidence >= min_confidence && !evidence.is_empty() {
            MatchStatus::Met
        } else if !evidence.is_empty() {
            MatchStatus::Partly
        } else if needed.found.is_empty() {
            MatchStatus::Unaligned
        } else {
            MatchStatus::Missing
        };
        let count = match status {
            MatchStatus::Met => &mut self.counts.met,
            MatchStatus::Partly => &mut self.counts.partly,
            MatchStatus::Missing => &mut self.counts.missing,
            MatchStatus::Unaligned => &mut self.counts.unaligned,
        };
        *count += 1;
        let asked = needed.importance != Importance::Preferred && needed.class.names_competencies();
        if asked && status != MatchStatus::Met {
            self.missing.push(needed.id.clone());
        }
        let Needed { id, pointer, span, text, importance, class, unaligned, found } = needed;
        let reason = unaligned.filter(|_| status == MatchStatus::Unaligned);
        self.requirements.push(MatchedRequirement {
            id,
            pointer,
            span,
            text,
            importance,
            class,
            status,
            item: found.into_iter().next().map(|found| found.object),
            reason,
            confidence,
            evidence,
        });
    }
}

/// Which achievements are about an item, the surest first.
type Goals<'a> = HashMap<&'a str, Vec<(usize, &'a ShownItem)>>;

fn goals<'a>(shown: &[&'a Shown]) -> Goals<'a> {
    let mut goals: Goals<'a> = HashMap::new();
    for (index, shown) in shown.iter().enumerate() {
        for item in &shown.items {
            goals.entry(item.object.identifier.as_str()).or_default().push((index, item));
        }
    }
    for of_item in goals.values_mut() {
        of_item.sort_by(|(one, a), (other, b)| b.confidence.total_cmp(&a.confidence).then(one.cmp(other)));
    }
    goals
}

/// A way from a requirement to an achievement.
struct Route {
    /// Which of the requirement's candidates it begins with; `None` when texts are the same.
    candidate: Option<usize>,
    path: Path,
    shown: usize,
    item: Option<ShownItem>,
    confidence: f64,
}

/// The best ways to different achievements, the surest first.
fn ways(needed: &Needed, shown: &[&Shown], goals: &Goals<'_>, graph: &Graph) -> Vec<Route> {
    let mut ways: Vec<Route> = Vec::new();
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    while ways.len() < MOST_EVIDENCE {
        let open = |id: &str| goals.get(id).and_then(|all| all.iter().find(|(index, _)| !reached.contains(index)));
        let from = |(index, found): (usize, &crate::registry::job::Found)| {
            let path = graph.best(&found.object.identifier, |id| open(id).map_or(0.0, |(_, item)| item.confidence))?;
            let (shown, item) = open(&path.end)?;
            let confidence = found.score * path.confidence;
            Some(Route { candidate: Some(index), path, shown: *shown, item: Some((*item).clone()), confidence })
        };
        let best = needed
            .found
            .iter()
            .enumerate()
            .filter_map(from)
            .reduce(|a, b| if b.confidence > a.confidence { b } else { a });
        let Some(best) = best.filter(|best: &Route| best.confidence >= LEAST) else { break };
        reached.insert(best.shown);
        ways.push(best);
    }
    ways.extend(same_text(needed, shown, &reached));
    ways.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.shown.cmp(&b.shown)));
    ways.truncate(MOST_EVIDENCE);
    ways
}

/// The achievement that is called as the requirement is.
fn same_text(needed: &Needed, shown: &[&Shown], reached: &BTreeSet<usize>) -> Option<Route> {
    let text = exact::statement(&needed.text);
    let is_same = |shown: &&Shown| shown.name.as_deref().is_some_and(|name| exact::statement(name) == text);
    let at = shown.iter().position(is_same).filter(|at| needed.class.names_competencies() && !reached.contains(at))?;
    let path = Path { steps: Vec::new(), end: String::new(), confidence: SAME_TEXT };
    Some(Route { candidate: None, path, shown: at, item: None, confidence: SAME_TEXT })
}

fn evidence(way: &Route, needed: &Needed, shown: &[&Shown], objects: &HashMap<String, ResolvedObject>) -> Evidence {
    let mut path = Vec::new();
    if let Some(found) = way.candidate.and_then(|index| needed.found.get(index)) {
        let (by, object) = (Some(found.why.method), Some(found.object.clone()));
        path.push(PathStep { step: "requirement", by, confidence: found.score, object, pointer: None });
    }
    for edge in &way.path.steps {
        let step = match edge.way {
            Way::Descendant => "descendant",
            Way::Ancestor => "ancestor",
            Way::Association => "association",
        };
        let object = objects.get(&edge.to).cloned();
        path.push(PathStep { step, by: Some(edge.kind), confidence: edge.confidence, object, pointer: None });
    }
    path.push(match &way.item {
        Some(item) => PathStep {
            step: item.by,
            by: None,
            confidence: item.confidence,
            object: None,
            pointer: Some(item.pointer.clone()),
        },
        None => PathStep { step: "text", by: None, confidence: SAME_TEXT, object: None, pointer: None },
    });
    let shown = shown.get(way.shown);
    Evidence {
        assertion: shown.map(|shown| shown.pointer.clone()).unwrap_or_default(),
        achievement: shown.and_then(|shown| shown.name.clone()),
        confidence: way.confidence,
        path,
    }
}

fn told_record(record: &Record, achievements: usize) -> MatchedRecord {
    let withheld = record
        .shown
        .iter()
        .filter_map(|shown| Some(Withheld { pointer: shown.pointer.clone(), reason: shown.withheld? }));
    MatchedRecord {
        kinds: record.kinds.clone(),
        achievements,
        withheld: withheld.collect(),
        unresolved: record.unresolved,
    }
}
