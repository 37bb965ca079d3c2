//! Putting what somebody accepted into a credential, and nothing else.

use super::AchievementError;
use crate::credentials::{self, Addition, AlignmentOptions, OnSigned, Outcome, ReadHints};
use crate::registry::{Reference, RegistryError, ResolveState, View};

/// One object that somebody accepted for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// JSON pointer of what the object is accepted for: of a credential what has the alignments, of a job the requirement.
    pub pointer: String,
    /// The identifier of the object.
    pub identifier: String,
}

/// A credential with what was accepted.
#[derive(Clone, Debug)]
pub struct PlacedAchievement {
    /// The document; absent when all of it is signed.
    pub document: Option<Vec<u8>>,
    /// How many alignments are in it that were not.
    pub added: usize,
    /// Alignments of parts that are signed, with the pointers at which they would stand.
    pub beside: Vec<(String, serde_json::Value)>,
    /// Pointers of what lost its proof and needs a new one.
    pub unsigned: Vec<String>,
}

impl View<'_> {
    /// Puts exactly these alignments into a document, in their order. What is not published here, no longer in force, or for
    /// no place of the document is left out.
    ///
    /// # Errors
    /// [`RegistryError::Achievement`] when the document cannot be read or must not be changed, and when the store cannot be
    /// read.
    pub fn place_achievement(
        &self,
        body: &[u8],
        accepted: &[Accepted],
        on_signed: OnSigned,
    ) -> Result<PlacedAchievement, RegistryError> {
        let document = credentials::read(body, ReadHints::default()).map_err(AchievementError::from)?;
        let targets = self.targets(&self.in_force(accepted)?)?;
        let addition = |one: &Accepted| {
            let place = document.places.iter().position(|place| place.pointer == one.pointer)?;
            Some(Addition { place, target: targets.get(&one.identifier)? })
        };
        let additions: Vec<Addition<'_>> = accepted.iter().filter_map(addition).collect();
        let placed = credentials::place(&document, &additions, AlignmentOptions::default(), on_signed)
            .map_err(AchievementError::from)?;
        let added = placed.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Added { .. })).count();
        let beside = placed.outcomes.into_iter().filter_map(|outcome| match outcome {
            Outcome::Detached { pointer, alignment } => Some((pointer, alignment)),
            Outcome::Added { .. } | Outcome::Present => None,
        });
        Ok(PlacedAchievement { added, beside: beside.collect(), document: placed.document, unsigned: placed.unsigned })
    }

    /// The identifiers of those that are published here and in force.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn in_force<'a>(&self, accepted: &'a [Accepted]) -> Result<Vec<&'a str>, RegistryError> {
        let reference = |one: &Accepted| Reference { identifier: Some(one.identifier.clone()), ..Reference::default() };
        let resolutions = self.resolve(&accepted.iter().map(reference).collect::<Vec<_>>())?;
        let is_in_force = |state| matches!(state, ResolveState::Resolved | ResolveState::Moved);
        let both = accepted.iter().zip(resolutions).filter(|(_, resolution)| is_in_force(resolution.state));
        Ok(both.map(|(one, _)| one.identifier.as_str()).collect())
    }
}
