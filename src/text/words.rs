//! Words: where they begin and end in a text.
//!
//! Scripts without spaces are cut into pairs of signs. Never changes a text: what it finds are places.

use std::borrow::Cow;
use std::ops::Range;

use super::fold::{fold, is_accent};

/// The longest word that is kept, in bytes; what is longer is no word.
const LONGEST: usize = 100;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word as it is compared: folded.
    pub text: Cow<'t, str>,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// Whether it is a pair of signs of a script without spaces.
    pub is_pair: bool,
}

/// The words of a text, in order. Pairs of signs overlap.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    Words { text, at: 0, pairs: 0 }
}

struct Words<'t> {
    text: &'t str,
    at: usize,
    /// Until where pairs are cut.
    pairs: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        loop {
            if self.at < self.pairs {
                return self.pair();
            }
            let rest = self.text.get(self.at..)?;
            let begin = self.at + rest.find(|c: char| c.is_alphanumeric())?;
            let rest = self.text.get(begin..)?;
            let first = rest.chars().next()?;
            let dense = is_dense(first);
            let ends = |c: char| !(is_inside(c) && is_dense(c) == dense);
            let end = begin + rest.find(ends).unwrap_or(rest.len());
            self.at = if dense { begin } else { end };
            if dense {
                self.pairs = end;
            } else if end - begin <= LONGEST && !self.is_command(begin) {
                return self.word(begin..end, false);
            }
        }
    }
}

impl<'t> Words<'t> {
    /// Whether a word is the name of a LaTeX command, such as `\frac`.
    fn is_command(&self, begin: usize) -> bool {
        self.text.get(..begin).is_some_and(|before| before.ends_with('\\'))
    }

    fn word(&self, at: Range<usize>, is_pair: bool) -> Option<Word<'t>> {
        Some(Word { text: fold(self.text.get(at.clone())?), at, is_pair })
    }

    /// Two signs, or one that stands alone.
    fn pair(&mut self) -> Option<Word<'t>> {
        let begin = self.at;
        let rest = self.text.get(begin..self.pairs)?;
        let mut starts = rest.char_indices().filter(|(_, c)| !is_mark(*c)).map(|(at, _)| begin + at).skip(1);
        let second = starts.next();
        let end = starts.next().unwrap_or(self.pairs);
        self.at = match second {
            Some(second) if end < self.pairs => second,
            _ => self.pairs,
        };
        self.word(begin..end, true)
    }
}

fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || is_accent(c) || is_mark(c)
}

/// Signs that belong to the one before them in scripts without spaces, and are no letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{94d}')
}

/// Scripts that are written without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}'        // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Myanmar
        | '\u{1100}'..='\u{11ff}'    // Hangul Jamo
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{318f}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::words;

    fn found(text: &str) -> Vec<String> {
        words(text)
            .map(|word| {
                assert!(text.get(word.at.clone()).is_some());
                word.text.into_owned()
            })
            .collect()
    }

    #[test]
    fn words_are_found() {
        for (text, expected) in [
            ("", vec![]),
            (" ,;. ", vec![]),
            ("Add and subtract (within 20).", vec!["add", "and", "subtract", "within", "20"]),
            ("l'élève – student's", vec!["l", "eleve", "student", "s"]),
            ("e\u{301}te\u{301} 3.NF.2a", vec!["ete", "3", "nf", "2a"]),
            ("数学的な考え方 is math", vec!["数学", "学的", "的な", "な考", "考え", "え方", "is", "math"]),
            ("数", vec!["数"]),
            ("가나다", vec!["가나", "나다"]),
            ("हिन्दी भाषा", vec!["हिन्दी", "भाषा"]),
            ("\u{1d7d8}\u{1d7d9}", vec!["01"]),
            (r"$\frac{a}{2}$ of \pi", vec!["a", "2", "of"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_no_word() {
        assert_eq!(found(&format!("a {} b", "x".repeat(10_000))), ["a", "b"]);
        assert_eq!(found(&"数".repeat(5_000)).len(), 4_999);
    }
}
