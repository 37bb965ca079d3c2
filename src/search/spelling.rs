//! Words that are one typing error away.

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};
use tantivy::Searcher;
use tantivy::schema::Field;

use super::SearchError;

/// The shortest word that is taken for a mistake, in characters: what is shorter is near everything.
const SHORTEST: usize = 4;

/// The most frequent word with one letter more, less, other or swapped, with how often it is there.
/// The first letter is right: few mistype it, and it tells the most of a word.
///
/// # Errors
/// When the index cannot be read.
pub(super) fn nearest(searcher: &Searcher, words: Field, word: &str) -> Result<Option<(u64, String)>, SearchError> {
    let Some(first) = word.chars().next().filter(|_| word.chars().count() >= SHORTEST) else { return Ok(None) };
    let near = LevenshteinAutomatonBuilder::new(1, true).build_dfa(word);
    let mut counts = std::collections::HashMap::<String, u64>::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(words)?;
        let mut terms = index.terms().range().ge(first.to_string().as_bytes()).into_stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            if !term.starts_with(first) {
                break;
            }
            let close = term.len().abs_diff(word.len()) <= 4 && matches!(near.eval(term), Distance::Exact(_));
            if close {
                *counts.entry(term.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    Ok(counts.into_iter().map(|(term, count)| (count, term)).max())
}
