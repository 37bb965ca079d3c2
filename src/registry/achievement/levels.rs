//! Levels of an issuer's rubric that are levels of a rubric here: those that say the same.
//!
//! Never guesses: levels of different rubrics have the same names and alike descriptions, and mean different things.

use super::{AchievementOptions, AlignmentReason, Found};
use crate::credentials::{Place, PlaceOf, Target};
use crate::registry::{RegistryError, SearchRequest, View};
use crate::text::{exact, words};

/// The same description and the same name.
const BOTH: f64 = 0.95;
/// The same description.
const DESCRIPTION: f64 = 0.85;
/// How many levels with the words of a description are compared.
const COMPARED: usize = 50;
/// How many words of a description are searched for.
const WORDS: usize = 30;

impl View<'_> {
    /// Adds what is found for each place that is a level with a description.
    pub(super) fn find_levels(
        &self,
        places: &[&Place],
        options: &AchievementOptions,
        found: &mut [Vec<Found>],
    ) -> Result<(), RegistryError> {
        let levels = places.iter().zip(found).filter(|(place, _)| place.of == PlaceOf::Level);
        for (place, found) in levels {
            let Some(description) = place.texts.description.as_deref().map(exact::statement) else { continue };
            if description.is_empty() {
                continue;
            }
            let name = place.texts.name.as_deref().map(exact::statement).unwrap_or_default();
            let alike = self.levels_with_words(&description, options)?;
            let same = |target: &&Target| target.full.as_deref().map(exact::statement).as_ref() == Some(&description);
            let named = |target: &Target| target.short.as_deref().map(exact::statement).as_ref() == Some(&name);
            let same: Vec<&Target> = alike.iter().filter(same).collect();
            let both: Vec<&Target> = same.iter().copied().filter(|target| named(target)).collect();
            let (best, confidence) = if both.is_empty() { (same, DESCRIPTION) } else { (both, BOTH) };
            // Several rubrics with the very same level: which one is meant cannot be told.
            let each = confidence / f64::from(u32::try_from(best.len()).unwrap_or(u32::MAX));
            found.extend(best.into_iter().map(|target| Found {
                identifier: target.identifier.clone(),
                confidence: each,
                why: AlignmentReason { method: "level", terms: Vec::new(), cosine: None, covered: None },
            }));
        }
        Ok(())
    }

    fn levels_with_words(&self, text: &str, options: &AchievementOptions) -> Result<Vec<Target>, RegistryError> {
        let q: Vec<_> = words(text).map(|word| word.text).take(WORDS).collect();
        let request = SearchRequest {
            q: q.join(" "),
            framework: options.frameworks.clone(),
            kind: vec!["level".to_owned()],
            limit: COMPARED,
            facets: false,
            ..SearchRequest::default()
        };
        let hits = self.search(&request)?.hits;
        let ids: Vec<&str> = hits.iter().map(|hit| hit.identifier.as_str()).collect();
        let mut targets = self.targets(&ids)?;
        Ok(ids.iter().filter_map(|id| targets.remove(*id)).collect())
    }
}
