//! Putting what somebody accepted into a job, and nothing else.

use super::JobFailure;
use crate::credentials::job::{self, Addition, Placed};
use crate::registry::{Accepted, RegistryError, View};

impl View<'_> {
    /// Puts exactly these items into a posting; nothing for forms that have no place for any: texts, pages and lists. What is
    /// not published here or no longer in force is left out.
    ///
    /// # Errors
    /// [`RegistryError::Job`] when the document cannot be read or has no place for them, and when the store cannot be read.
    pub fn place_job(&self, body: &[u8], accepted: &[Accepted]) -> Result<Option<Placed>, RegistryError> {
        let job = job::read(body, None).map_err(JobFailure::from)?;
        let targets = self.targets(&self.in_force(accepted)?)?;
        let addition = |one: &Accepted| {
            Some(Addition { pointer: one.pointer.clone(), target: targets.get(&one.identifier)?.clone() })
        };
        let additions: Vec<Addition> = accepted.iter().filter_map(addition).collect();
        Ok(job::place(&job, &additions).map_err(JobFailure::from)?)
    }
}
