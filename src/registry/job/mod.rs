//! Aligning a job: from a posting to the items of frameworks that its requirements are about, and back into it.
//!
//! Every requirement gets an answer: candidates, or why there are none. Nothing that was sent is stored or logged. Never
//! contains how a posting is read or written: that is `credentials::job`.

mod accepted;
mod found;
mod options;
mod told;

pub use options::JobOptions;
pub use told::{AlignedJob, AlignedRequirement, JobCandidate, JobDecision, JobReason, JobRelation, RequirementStatus};

pub(super) use found::{AllFound, Found, Sought};
pub(super) use told::unaligned;

use std::collections::BTreeSet;

use super::{RegistryError, View};
use crate::credentials::job::{self, Addition, Job, JobError, NoPlace, Requirement};

/// The most requirements of one posting that are looked for.
pub(super) const MOST: usize = 2_000;

/// Why a job is not aligned.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    #[error(transparent)]
    Unread(#[from] JobError),
    #[error(transparent)]
    NotPlaced(#[from] NoPlace),
    /// A posting with too much in it for one request.
    #[error("the job has {0} requirements, and {MOST} are aligned at once; send parts of it")]
    TooMany(usize),
}

impl View<'_> {
    /// Aligns the requirements of a posting in any form that `credentials::job` reads.
    ///
    /// # Errors
    /// [`RegistryError::Job`] when the document cannot be read or has no place for what would be added,
    /// [`RegistryError::NoIndex`] when there is no index yet, and when the store or the index cannot be read.
    pub fn align_job(
        &self,
        body: &[u8],
        media_type: Option<&str>,
        options: &JobOptions,
    ) -> Result<AlignedJob, RegistryError> {
        let job = job::read(body, media_type).map_err(JobFailure::from)?;
        let AllFound { each: found, semantic } = self.requirements_found(&job, &options.frameworks, options.max)?;
        let requirements: Vec<AlignedRequirement> = job
            .requirements
            .iter()
            .zip(found)
            .map(|(requirement, found)| AlignedRequirement::new(requirement, found, options.min_confidence))
            .collect();
        let placed = if options.apply {
            job::place(&job, &self.additions(&requirements)?).map_err(JobFailure::from)?
        } else {
            None
        };
        let Job { kind, title, classifications, warnings, .. } = job;
        let (document, added) = placed.map_or((None, Vec::new()), |placed| (Some(placed.document), placed.added));
        Ok(AlignedJob {
            kind,
            title,
            classifications,
            requirements,
            document,
            added,
            warnings,
            methods: found::METHODS.to_vec(),
            semantic,
        })
    }

    /// What is found for each requirement; nothing for those that name no competencies.
    pub(super) fn requirements_found(
        &self,
        job: &Job,
        frameworks: &[String],
        max: usize,
    ) -> Result<AllFound, RegistryError> {
        let requirements = &job.requirements;
        let wanted = |requirement: &&Requirement| requirement.class.names_competencies();
        let sought: Vec<Sought<'_>> = requirements
            .iter()
            .filter(wanted)
            .map(|requirement| Sought {
                text: &requirement.text,
                term: requirement.term.as_ref(),
                beside: None,
                context: job.title.as_deref(),
            })
            .collect();
        if sought.len() > MOST {
            return Err(JobFailure::TooMany(sought.len()).into());
        }
        let AllFound { each, semantic } = self.found(&sought, frameworks, max)?;
        let mut found = each.into_iter();
        let each = requirements
            .iter()
            .map(|requirement| if wanted(&requirement) { found.next().unwrap_or_default() } else { Vec::new() });
        Ok(AllFound { each: each.collect(), semantic })
    }

    /// What was accepted, as it is written into documents.
    fn additions(&self, requirements: &[AlignedRequirement]) -> Result<Vec<Addition>, RegistryError> {
        let accepted = requirements.iter().flat_map(|requirement| {
            let candidates = requirement.candidates.iter().filter(|one| one.decision == JobDecision::Accept);
            candidates.map(|one| (requirement.requirement.pointer.as_str(), one.identifier.as_str()))
        });
        let accepted: Vec<(&str, &str)> = accepted.collect();
        let identifiers: BTreeSet<&str> = accepted.iter().map(|(_, identifier)| *identifier).collect();
        let targets = self.targets(&identifiers.into_iter().collect::<Vec<_>>())?;
        let addition = |(pointer, identifier): (&str, &str)| {
            Some(Addition { pointer: pointer.to_owned(), target: targets.get(identifier)?.clone() })
        };
        Ok(accepted.into_iter().filter_map(addition).collect())
    }
}
