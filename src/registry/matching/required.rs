//! What is required: the requirements of a posting, or the items of a framework.
//!
//! Never contains what is done with it.

use std::collections::{BTreeSet, HashSet};

use super::{MatchFailure, Required};
use crate::case::model::Class as ObjectClass;
use crate::case::vocab::IS_CHILD_OF;
use crate::credentials::job::{self, Class, Importance, Span};
use crate::registry::job::{Found, JobFailure, JobReason, JobRelation, unaligned};
use crate::registry::publish::{parse, text};
use crate::registry::{Reference, RegistryError, ResolveState, ResolvedObject, View};
use crate::store::{End, Tx};

/// The most items that may be required.
const MOST: usize = 2_000;
/// The most candidates of a requirement that paths begin with.
const MOST_CANDIDATES: usize = 5;
/// How deep below an item its parts are looked for.
const DEEPEST: usize = 20;

/// What is required, read.
#[derive(Debug, Default)]
pub(super) struct RequiredRead {
    pub title: Option<String>,
    pub needed: Vec<Needed>,
    pub warnings: Vec<String>,
}

/// One requirement.
#[derive(Clone, Debug)]
pub(super) struct Needed {
    pub id: String,
    pub pointer: Option<String>,
    pub span: Option<Span>,
    pub text: String,
    pub importance: Importance,
    pub class: Class,
    /// The items that it is about.
    pub found: Vec<Found>,
    /// Why there are none.
    pub unaligned: Option<String>,
}

impl View<'_> {
    pub(super) fn required(&self, required: &Required, frameworks: &[String]) -> Result<RequiredRead, RegistryError> {
        match required {
            Required::Job(body, media_type) => {
                let job = job::read(body, media_type.as_deref()).map_err(JobFailure::from)?;
                let found = self.requirements_found(&job, frameworks, MOST_CANDIDATES)?.each;
                let needed = job.requirements.iter().zip(found).map(|(requirement, found)| Needed {
                    id: requirement.id.clone(),
                    pointer: Some(requirement.pointer.clone()),
                    span: Some(requirement.span),
                    text: requirement.text.clone(),
                    importance: requirement.importance,
                    class: requirement.class,
                    unaligned: found.is_empty().then(|| unaligned(requirement)),
                    found,
                });
                Ok(RequiredRead { needed: needed.collect(), title: job.title, warnings: job.warnings })
            }
            Required::Competencies(names) => self.competencies(names),
        }
    }

    /// Items as they are named, and the lowest items of what has some below it.
    fn competencies(&self, names: &[String]) -> Result<RequiredRead, RegistryError> {
        let references: Vec<Reference> = names.iter().map(|name| Reference::any(name.as_str())).collect();
        let mut identifiers: Vec<String> = Vec::new();
        let mut title = None;
        for (name, resolution) in names.iter().zip(self.resolve(&references)?) {
            let sure =
                !matches!(resolution.state, ResolveState::Ambiguous | ResolveState::Unknown | ResolveState::NotCase);
            let object = resolution.object.filter(|_| sure);
            let Some(object) = object else { return Err(MatchFailure::NoSuchCompetency(name.clone()).into()) };
            title = title.or_else(|| Some(object.statement.clone()).filter(|_| names.len() == 1));
            identifiers.extend(self.look(|tx| lowest(tx, &object))?);
        }
        let mut seen = HashSet::new();
        identifiers.retain(|id| seen.insert(id.clone()));
        if identifiers.len() > MOST {
            return Err(MatchFailure::TooMany { what: "competencies", most: MOST }.into());
        }
        let reference = |id: &String| Reference { identifier: Some(id.clone()), ..Reference::default() };
        let resolutions = self.resolve(&identifiers.iter().map(reference).collect::<Vec<_>>())?;
        let objects = resolutions.into_iter().filter_map(|resolution| resolution.object);
        let needed = objects.enumerate().map(|(index, object)| needed(index, object)).collect();
        Ok(RequiredRead { title, needed, warnings: Vec::new() })
    }
}

fn needed(index: usize, object: ResolvedObject) -> Needed {
    let why = JobReason { method: "reference", terms: Vec::new() };
    Needed {
        id: format!("r{}", index + 1),
        pointer: None,
        span: None,
        text: object.statement.clone(),
        importance: Importance::Required,
        class: Class::Skill,
        unaligned: None,
        found: vec![Found { object, score: 1.0, relation: JobRelation::Exact, why }],
    }
}

/// The items below an object that have none below them, in the order of the framework; itself when it has none.
fn lowest(tx: &mut Tx<'_>, object: &ResolvedObject) -> Result<Vec<String>, RegistryError> {
    if object.kind == ObjectClass::Document.name() {
        let items = tx.package_class(&object.identifier, ObjectClass::Item)?;
        let associations = tx.package_class(&object.identifier, ObjectClass::Association)?;
        let is_child = |value: &serde_json::Value| text(value, "associationType") == IS_CHILD_OF;
        let parents: HashSet<String> =
            associations.into_iter().filter(|one| is_child(&parse(one))).filter_map(|one| one.destination).collect();
        return Ok(items.into_iter().map(|item| item.id).filter(|id| !parents.contains(id)).collect());
    }
    let (mut lowest, mut seen) = (Vec::new(), BTreeSet::from([object.identifier.clone()]));
    let mut open = vec![object.identifier.clone()];
    for _ in 0..DEEPEST {
        let ids: Vec<&str> = open.iter().map(String::as_str).collect();
        let mut parents: HashSet<String> = HashSet::new();
        let mut further = Vec::new();
        for association in tx.associations_saying(IS_CHILD_OF, End::Destination, &ids)? {
            if text(&parse(&association), "associationType") != IS_CHILD_OF {
                continue;
            }
            let (Some(child), Some(parent)) = (association.origin, association.destination) else { continue };
            parents.insert(parent);
            if seen.insert(child.clone()) {
                further.push(child);
            }
        }
        lowest.extend(open.into_iter().filter(|id| !parents.contains(id)));
        open = further;
        if open.is_empty() || lowest.len() > MOST {
            break;
        }
    }
    Ok(lowest)
}
