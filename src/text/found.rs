//! Where a text has words that something was found by.

use std::ops::Range;

use super::{fold, words};

/// How much longer a word may be than what it was found by, in bytes: the endings.
const ENDING: usize = 5;

/// Where words stand in a text that begin as one of `terms`, which are without their endings; in bytes, in order.
#[must_use]
pub fn words_found(text: &str, terms: &[String]) -> Vec<Range<usize>> {
    let terms: Vec<_> = terms.iter().flat_map(|term| term.split_whitespace().map(fold)).collect();
    let is_found = |word: &str| {
        terms.iter().any(|term| word.strip_prefix(term.as_ref()).is_some_and(|ending| ending.len() <= ENDING))
    };
    let mut end = 0;
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in words(text).filter(|word| is_found(&word.text)) {
        // Pairs of signs overlap.
        let at = word.at.start.max(end)..word.at.end;
        end = end.max(at.end);
        if !at.is_empty() {
            found.push(at);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_stems() {
        let text = "Measures chlorine, measuring tapes; a mea.";
        let terms = ["measur".to_owned(), "chlorin".to_owned()];
        let found: Vec<&str> = words_found(text, &terms).into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, ["Measures", "chlorine", "measuring"]);
        assert!(words_found(text, &[]).is_empty());
    }
}
