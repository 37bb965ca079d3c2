//! What free texts mention: codes in runs of words, identifiers and uris.

use std::collections::BTreeSet;
use std::ops::Range;

use super::shape;
use super::told::{FoundBy, Resolution, ResolveState, ResolvedMention};
use super::{Reference, Resolving};
use crate::registry::RegistryError;
use crate::search::{Key, Lookup};
use crate::text::mentions::{Mention, disjoint, mentions};

/// How many runs of words are looked up for all texts together.
const RUNS: usize = 100_000;

/// One thing that a text of a reference mentions.
struct Mentioned {
    reference: usize,
    at: Range<usize>,
    meant: Reference,
}

impl Resolving<'_, '_, '_> {
    /// Resolves the free texts of references of which nothing else was found.
    pub(super) fn passages(
        &mut self,
        references: &[Reference],
        resolutions: &mut [Resolution],
    ) -> Result<(), RegistryError> {
        let mut mentioned: Vec<Mentioned> = Vec::new();
        let mut left = RUNS;
        for (at, (reference, resolution)) in references.iter().zip(resolutions.iter_mut()).enumerate() {
            let (Some(text), ResolveState::Unknown) = (&reference.passage, resolution.state) else { continue };
            let addresses = addresses(text);
            let mut runs: Vec<Mention> = mentions(text);
            runs.retain(|run| !run.code.is_number() && !overlaps(&addresses, &run.at));
            if runs.len() > left {
                resolution.note =
                    Some("the texts are too long to be looked at as a whole; send them in parts".to_owned());
                runs.truncate(left);
            }
            left -= runs.len();
            let codes = self.known(runs, &reference.framework)?;
            let mut found: Vec<(Range<usize>, Reference)> =
                addresses.into_iter().map(|at| (at.clone(), Reference::any(word(text, &at)))).collect();
            for code in codes {
                let meant = word(text, &code.at).to_owned();
                let framework = reference.framework.clone();
                found.push((code.at, Reference { code: Some(meant), framework, ..Reference::default() }));
            }
            found.sort_by_key(|(range, _)| range.start);
            mentioned.extend(found.into_iter().map(|(range, meant)| Mentioned { reference: at, at: range, meant }));
        }
        let meant: Vec<Reference> = mentioned.iter().map(|one| one.meant.clone()).collect();
        let found = self.each(&meant)?;
        let mut counted = Counted::default();
        for (one, resolution) in mentioned.into_iter().zip(found) {
            let text = references.get(one.reference).and_then(|reference| reference.passage.as_deref());
            let (Some(text), Some(answer)) = (text, resolutions.get_mut(one.reference)) else { continue };
            let span = counted.span(one.reference, text, &one.at);
            answer.mentions.push(ResolvedMention { span, text: word(text, &one.at).to_owned(), resolution });
        }
        for answer in resolutions.iter_mut().filter(|answer| !answer.mentions.is_empty()) {
            summarise(answer);
        }
        Ok(())
    }

    /// The runs that something has as its code, without those that overlap a longer one.
    fn known(&mut self, runs: Vec<Mention>, framework: &[String]) -> Result<Vec<Mention>, RegistryError> {
        if runs.is_empty() {
            return Ok(runs);
        }
        let packages = if framework.is_empty() { None } else { Some(self.packages(framework)?) };
        let packages = packages.as_ref().filter(|packages: &&BTreeSet<String>| !packages.is_empty());
        // More before a code than it has is another word here.
        let key = |run: &Mention| run.tokens == 1;
        let lookups: Vec<Lookup<'_>> =
            runs.iter().map(|run| Lookup { key: Key::Code { code: &run.code, longer: key(run) }, packages }).collect();
        let found = self.index()?.look_up(&lookups, &self.view.search_sight())?;
        let has = found.iter().map(|hits| !hits.is_empty()).collect::<Vec<bool>>();
        Ok(disjoint(runs.into_iter().zip(has).filter(|(_, has)| *has).map(|(run, _)| run)))
    }
}

fn word<'t>(text: &'t str, at: &Range<usize>) -> &'t str {
    text.get(at.clone()).unwrap_or_default()
}

/// How many characters of a text were counted: places come in its order, so that it is counted once.
#[derive(Default)]
struct Counted {
    reference: Option<usize>,
    bytes: usize,
    chars: usize,
}

impl Counted {
    fn span(&mut self, reference: usize, text: &str, at: &Range<usize>) -> [usize; 2] {
        if self.reference != Some(reference) {
            *self = Counted { reference: Some(reference), bytes: 0, chars: 0 };
        }
        [at.start, at.end].map(|place| {
            self.chars += text.get(self.bytes..place).map_or(0, |part| part.chars().count());
            self.bytes = place;
            self.chars
        })
    }
}

/// Where words are uris, identifiers or CTIDs.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let base = text.as_ptr() as usize;
    let mut found = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || "<>\"“”".contains(c)) {
        let bare = word.trim_matches(|c: char| "()[]{}'’,;.!?".contains(c));
        if shape::is_address(bare) {
            let start = bare.as_ptr() as usize - base;
            found.push(start..start + bare.len());
        }
    }
    found
}

/// Whether a place overlaps one of those, which are in order.
fn overlaps(ranges: &[Range<usize>], one: &Range<usize>) -> bool {
    let after = ranges.partition_point(|range| range.end <= one.start);
    ranges.get(after).is_some_and(|range| range.start < one.end)
}

/// What a text means as a whole: the one object of all that it mentions, or that there are several.
fn summarise(answer: &mut Resolution) {
    let found = answer.mentions.iter().map(|one| &one.resolution);
    let states: BTreeSet<ResolveState> = found.clone().map(|one| one.state).collect();
    let nothing = [ResolveState::Unknown, ResolveState::NotCase];
    let mut objects: Vec<&Resolution> = found.filter(|one| one.object.is_some()).collect();
    objects.dedup_by(|a, b| a.object == b.object);
    match objects.as_slice() {
        _ if states.contains(&ResolveState::Ambiguous) => answer.state = ResolveState::Ambiguous,
        [one] => {
            let one = (*one).clone();
            (answer.state, answer.object, answer.replacements) = (one.state, one.object, one.replacements);
        }
        [] => answer.state = states.into_iter().find(|state| nothing.contains(state)).unwrap_or(ResolveState::Unknown),
        _ => {
            answer.state = ResolveState::Resolved;
            answer.note.get_or_insert_with(|| "it mentions several; see mentions".to_owned());
        }
    }
    answer.found_by = (!nothing.contains(&answer.state)).then_some(FoundBy::Text);
}
