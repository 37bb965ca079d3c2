//! Clauses: the pieces of a sentence that may each name a skill of its own.

use std::ops::Range;

/// Words at which a sentence is cut; they belong to no piece.
const CUTS: [&str; 26] = [
    "and", "or", "with", "including", "include", "includes", "such", "using", "through", "by", "while", "as well as", "for",
    "to", "in", "of", "on", "into", "from", "that", "which", "who", "e.g", "like", "ensuring", "within",
];
/// Of these, those that join parts of one thing more often than two things: the piece is kept whole as well.
const WEAK: [&str; 7] = ["for", "to", "in", "of", "on", "into", "from"];

/// The clauses of a text, in bytes, in their order: cut at punctuation and at words that join, and the same again
/// without the weaker ones.
pub(super) fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for weak in [false, true] {
        for range in cut(text, weak) {
            if !found.contains(&range) {
                found.push(range);
            }
        }
    }
    found
}

fn cut(text: &str, at_weak: bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut begin, mut end) = (0, 0);
    let mut push = |begin: usize, end: usize| {
        let piece = text.get(begin..end).unwrap_or_default();
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#' | ')' | '('));
        if trimmed.chars().any(char::is_alphabetic) {
            let from = begin + piece.find(trimmed).unwrap_or_default();
            pieces.push(from..from + trimmed.len());
        }
    };
    for (at, word) in words(text) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_cut = CUTS.contains(&bare.as_str()) && (at_weak || !WEAK.contains(&bare.as_str()));
        if is_cut {
            push(begin, at);
            begin = at + word.len();
        }
        end = at + word.len();
        if word.ends_with([',', ';', ':', '.', '!', '?', ')', '•', '|', '/']) || word.starts_with(['(', '•', '-', '–', '—', '*']) {
            if word.starts_with(['(', '•', '-', '–', '—', '*']) && begin < at {
                push(begin, at);
                begin = at;
            }
            if word.ends_with([',', ';', ':', '.', '!', '?', ')', '•', '|', '/']) {
                push(begin, end);
                begin = end;
            }
        }
    }
    push(begin, end.max(begin));
    pieces
}

/// The words of a text with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - start, word))
}
