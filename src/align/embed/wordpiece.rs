//! Word pieces: a text as the numbers that the encoder was trained on (BERT's uncased vocabulary).
//!
//! Follows the reference step by step: cleaned, CJK signs set apart, accents dropped, lower case, cut at
//! white space and punctuation, then the longest pieces that the vocabulary has. Never looks at weights.

use std::collections::HashMap;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::props::{EnumeratedProperty, GeneralCategory};

/// What a longer word is taken for.
const LONGEST_WORD: usize = 100;
/// How much of a text is looked at, in bytes, before it is cut to what the encoder takes.
const LOOKED_AT: usize = 16_384;

/// A vocabulary that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the vocabulary has no piece {0}")]
pub struct MissingPiece(&'static str);

/// The pieces and their numbers.
pub(super) struct WordPieces {
    pieces: HashMap<String, u32>,
    unknown: u32,
    first: u32,
    last: u32,
    longest: usize,
}

impl WordPieces {
    /// A vocabulary as it is written: a piece a line, numbered from zero.
    ///
    /// # Errors
    /// When one of BERT's own pieces is missing.
    pub(super) fn new(vocabulary: &str) -> Result<WordPieces, MissingPiece> {
        let pieces: HashMap<String, u32> =
            (0..).zip(vocabulary.lines()).map(|(at, line)| (line.to_owned(), at)).collect();
        let number = |piece: &'static str| pieces.get(piece).copied().ok_or(MissingPiece(piece));
        let (unknown, first, last) = (number("[UNK]")?, number("[CLS]")?, number("[SEP]")?);
        let longest = pieces.keys().map(String::len).max().unwrap_or_default();
        Ok(WordPieces { pieces, unknown, first, last, longest })
    }

    /// How many pieces there are.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// The numbers of a text's pieces between the two that mark its ends, at most `most` of them.
    #[must_use]
    pub(super) fn numbers(&self, text: &str, most: usize) -> Vec<u32> {
        let mut numbers = vec![self.first];
        let text = beginning(text, LOOKED_AT);
        let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
        let mut word = String::new();
        for c in apart.chars() {
            if numbers.len() >= most {
                break;
            }
            match kind(c) {
                Kind::Dropped => {}
                Kind::Space => self.end(&mut word, &mut numbers),
                Kind::Alone => {
                    self.end(&mut word, &mut numbers);
                    word.extend(c.to_lowercase());
                    self.end(&mut word, &mut numbers);
                }
                Kind::Inside => word.extend(c.to_lowercase()),
            }
        }
        self.end(&mut word, &mut numbers);
        numbers.truncate(most.saturating_sub(1));
        numbers.push(self.last);
        numbers
    }

    /// Cuts a word into the longest pieces there are; a word that cannot be cut is one unknown piece.
    fn end(&self, word: &mut String, numbers: &mut Vec<u32>) {
        let before = numbers.len();
        let mut rest = word.as_str();
        let mut is_known = word.chars().count() <= LONGEST_WORD;
        let mut piece = String::new();
        while is_known && !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= self.longest);
            let ends: Vec<usize> = ends.collect();
            let found = ends.into_iter().rev().find_map(|end| {
                piece.clear();
                if numbers.len() > before {
                    piece.push_str("##");
                }
                piece.push_str(rest.get(..end)?);
                Some((end, *self.pieces.get(&piece)?))
            });
            match found {
                Some((end, number)) => {
                    numbers.push(number);
                    rest = rest.get(end..).unwrap_or_default();
                }
                None => is_known = false,
            }
        }
        if !is_known {
            numbers.truncate(before);
            numbers.push(self.unknown);
        }
        word.clear();
    }
}

/// At most so many bytes of a text, cut between signs.
fn beginning(text: &str, most: usize) -> &str {
    let cut = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.get(..cut).unwrap_or_default()
}

enum Kind {
    Dropped,
    Space,
    /// A word by itself.
    Alone,
    Inside,
}

fn kind(c: char) -> Kind {
    match c {
        ' ' | '\t' | '\n' | '\r' => return Kind::Space,
        '\0' | '\u{fffd}' => return Kind::Dropped,
        'a'..='z' | 'A'..='Z' | '0'..='9' => return Kind::Inside,
        _ if c.is_ascii_punctuation() || is_cjk(c) => return Kind::Alone,
        _ => {}
    }
    match GeneralCategory::for_char(c) {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::Unassigned
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse
        | GeneralCategory::NonspacingMark => Kind::Dropped,
        GeneralCategory::SpaceSeparator => Kind::Space,
        GeneralCategory::ConnectorPunctuation
        | GeneralCategory::DashPunctuation
        | GeneralCategory::OpenPunctuation
        | GeneralCategory::ClosePunctuation
        | GeneralCategory::InitialPunctuation
        | GeneralCategory::FinalPunctuation
        | GeneralCategory::OtherPunctuation => Kind::Alone,
        _ if c.is_whitespace() => Kind::Space,
        _ => Kind::Inside,
    }
}

/// The signs that the reference sets apart.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b820}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> WordPieces {
        WordPieces::new("[PAD]\n[UNK]\n[CLS]\n[SEP]\nfrac\n##tion\n##s\nadd\n,\n数\ne\n##le\n##ve").unwrap()
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        for (text, expected) in [
            ("Fractions, ADD", &[2, 4, 5, 6, 8, 7, 3][..]),
            ("élève", &[2, 10, 11, 12, 3]),
            ("数数", &[2, 9, 9, 3]),
            ("zebra add", &[2, 1, 7, 3]),
            ("", &[2, 3]),
            ("\u{0}\u{ad}\u{a0}add\u{fffd}", &[2, 7, 3]),
        ] {
            assert_eq!(pieces().numbers(text, 256), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let numbers = pieces().numbers(&"add ".repeat(100_000), 256);
        assert_eq!((numbers.len(), numbers.last()), (256, Some(&3)));
        assert_eq!(pieces().numbers(&"a".repeat(1_000_000), 256), [2, 1, 3]);
        assert_eq!(pieces().numbers(&"数".repeat(100_000), 8).len(), 8);
    }

    #[test]
    fn a_vocabulary_without_marks_is_refused() {
        assert!(WordPieces::new("a\nb").is_err());
    }
}
