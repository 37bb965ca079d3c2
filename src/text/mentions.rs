//! Codes in free text: which runs of its words may be one, and where they stand.
//!
//! Pure: says what looks like a code, never whether there is such a code.

use std::ops::Range;

use super::code::Code;

/// The most words that a code is written in.
const TOKENS: usize = 5;
/// The fewest letters and digits of a code.
const SHORTEST: usize = 3;
/// The longest part of a code that is written in several words, in characters.
const PART: usize = 12;
/// How many runs of one text are looked at.
const MOST: usize = 20_000;

/// A run of words that looks like a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in bytes, without the punctuation around it.
    pub at: Range<usize>,
    /// How many words it has.
    pub tokens: usize,
    /// What it would be as a code.
    pub code: Code,
}

/// Every run of up to five words that may be a code: at least three letters and digits, one of
/// them a digit. The longest come first, then those that come first in the text; of a text that
/// has too many, the first 20,000.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    let tokens: Vec<Token> = tokens(text).collect();
    let mut found = Vec::new();
    for first in 0..tokens.len() {
        if found.len() >= MOST {
            break;
        }
        for (at, last) in tokens.iter().enumerate().skip(first).take(TOKENS) {
            let run = tokens.get(first..=at).unwrap_or_default();
            found.extend(mention(text, run));
            if last.ends {
                break;
            }
        }
    }
    found.sort_by_key(|one| (std::cmp::Reverse((one.tokens, one.at.len())), one.at.start));
    found
}

/// Those that do not overlap one that came before; in the order of the text.
#[must_use]
pub fn disjoint(mentions: impl IntoIterator<Item = Mention>) -> Vec<Mention> {
    let mut kept: std::collections::BTreeMap<usize, Mention> = std::collections::BTreeMap::new();
    for one in mentions {
        let before = kept.range(..one.at.end).next_back();
        if before.is_none_or(|(_, before)| before.at.end <= one.at.start) {
            kept.insert(one.at.start, one);
        }
    }
    kept.into_values().collect()
}

/// A run of signs without white space.
struct Token {
    at: Range<usize>,
    has_digit: bool,
    /// Whether its parts are as short as those of codes.
    is_short: bool,
    /// Whether nothing that comes after it can belong to it.
    ends: bool,
}

fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let base = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| {
        let start = word.as_ptr() as usize - base;
        Token {
            at: start..start + word.len(),
            has_digit: word.contains(char::is_numeric),
            is_short: word.split(|c: char| !c.is_alphanumeric()).all(|part| part.chars().count() <= PART),
            ends: word.ends_with([',', ';', ':', '!', '?', '"', '”']),
        }
    })
}

fn mention(text: &str, run: &[Token]) -> Option<Mention> {
    let (first, last) = (run.first()?, run.last()?);
    if !run.iter().any(|token| token.has_digit) || run.len() > 1 && !run.iter().all(|token| token.is_short) {
        return None;
    }
    let at = trimmed(text, first.at.start..last.at.end)?;
    // What is cut off at the ends is a run of its own.
    if at.start >= first.at.end || at.end <= last.at.start {
        return None;
    }
    let code = Code::new(text.get(at.clone())?)?;
    (code.joined().chars().count() >= SHORTEST).then_some(Mention { at, tokens: run.len(), code })
}

/// The place without the punctuation around it; a bracket stays that closes one inside.
fn trimmed(text: &str, at: Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(at.clone())?;
    let begun = whole.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '§');
    let mut ended = begun.trim_end_matches(|c: char| !c.is_alphanumeric());
    for (open, close) in [('(', ')'), ('[', ']')] {
        let with = begun.get(..ended.len() + 1).filter(|with| with.ends_with(close));
        if ended.contains(open) && ended.matches(open).count() > ended.matches(close).count() {
            ended = with.unwrap_or(ended);
        }
    }
    let start = at.start + (whole.len() - begun.len());
    Some(start..start + ended.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        mentions(text).into_iter().map(|one| &text[one.at]).collect()
    }

    #[test]
    fn runs_that_may_be_codes_are_found_the_longest_first() {
        for (text, first, has) in [
            ("Aligned to ri.4.3", "Aligned to ri.4.3", "ri.4.3"),
            ("Unit 3 outcome (w.11-12.2b): see rubric", "Unit 3 outcome (w.11-12.2b)", "w.11-12.2b"),
            ("learner meets RI.4.5.", "learner meets RI.4.5", "RI.4.5"),
            ("§111.26(b)(2)(A), and more", "§111.26(b)(2)(A)", "§111.26(b)(2)(A)"),
            ("ccss math 3 OA 1", "ccss math 3 OA 1", "3 OA 1"),
            ("数学 3.OA.1、と", "数学 3.OA.1、と", "3.OA.1、と"),
        ] {
            let all = found(text);
            assert_eq!(all.first(), Some(&first), "{text}");
            assert!(all.contains(&has), "{all:?}");
            assert!(all.is_sorted_by_key(|run| std::cmp::Reverse(run.split_whitespace().count())), "{all:?}");
        }
    }

    #[test]
    fn words_and_what_is_too_short_are_none() {
        for text in ["", "no digits here", "4", "a1", "1.", "— – 2 …", "\u{200f}\u{202e}"] {
            assert!(found(text).is_empty(), "{text}");
        }
        // What has a comma behind it ends there.
        assert!(!found("3.OA.1, 3.OA.2").contains(&"3.OA.1, 3.OA.2"));
    }

    #[test]
    fn of_those_that_overlap_the_longest_stays() {
        let text = "ccss 3 OA 1 and 4.NF.2";
        let known = ["3 OA 1", "OA 1", "4.NF.2"];
        let kept = disjoint(mentions(text).into_iter().filter(|one| known.contains(&&text[one.at.clone()])));
        assert_eq!(kept.into_iter().map(|one| &text[one.at]).collect::<Vec<_>>(), ["3 OA 1", "4.NF.2"]);
    }

    #[test]
    fn hostile_texts_end_soon() {
        for text in ["1a ".repeat(500_000), "1".repeat(1_000_000), "( ".repeat(500_000), "é1 ٣ ".repeat(100_000)] {
            let all = mentions(&text);
            assert!(all.len() <= MOST + TOKENS, "{}", all.len());
            assert!(all.iter().all(|one| text.get(one.at.clone()).is_some()));
            assert!(disjoint(all).len() <= MOST);
        }
    }
}
