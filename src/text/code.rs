//! Codes: the parts of a human coding scheme, and the other ways people write the same one.
//!
//! Nothing here knows a framework: what is left out or put in differently is told by the shape of a
//! code alone.

use std::collections::BTreeSet;

use super::fold::fold;

/// The longest code that is taken for one, in bytes.
const LONGEST: usize = 120;
/// The most parts that a code is looked at in.
const PARTS: usize = 16;

/// A code in its parts: `RL.11-12.1` is `rl`, `11`, `12`, `1`; `B.4a` is `b`, `4`, `a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    parts: Vec<String>,
}

impl Code {
    /// The parts of a text; `None` when it has none, or is too long for a code.
    #[must_use]
    pub fn new(text: &str) -> Option<Code> {
        if text.len() > LONGEST {
            return None;
        }
        let mut parts: Vec<String> = Vec::new();
        let mut last = None;
        for c in fold(text).chars() {
            let kind = c.is_alphanumeric().then(|| c.is_numeric());
            match (kind, parts.last_mut()) {
                (Some(_), Some(part)) if kind == last => part.push(c),
                (Some(_), _) => parts.push(c.to_string()),
                (None, _) => {}
            }
            last = kind;
        }
        (!parts.is_empty() && parts.len() <= PARTS).then_some(Code { parts })
    }

    /// The parts with a full stop between them: the same for every choice of separators.
    #[must_use]
    pub fn separated(&self) -> String {
        self.parts.join(".")
    }

    /// The parts without separators.
    #[must_use]
    pub fn joined(&self) -> String {
        self.parts.concat()
    }

    /// How many parts there are.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Whether it is a number and nothing else: many a number is no code.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.parts.len() == 1 && self.has(char::is_numeric)
    }

    /// Whether a code says enough without what came before it.
    fn is_telling(&self) -> bool {
        let letters = self.has(char::is_alphabetic);
        match self.parts.as_slice() {
            [one] => !letters && one.len() >= 3,
            several => letters && (self.has(char::is_numeric) || several.len() > 2),
        }
    }

    fn has(&self, kind: fn(char) -> bool) -> bool {
        self.parts.iter().any(|part| part.starts_with(kind))
    }

    /// The code without its first parts, the longest first: without the publisher's, the subject's …
    /// prefix. What is left has letters, and digits or three parts; or it is a number of three digits.
    /// A high school's conceptual category also counts without its HS (`HSA-REI` is `A-REI`).
    #[must_use]
    pub fn tails(&self) -> Vec<Code> {
        let tail = |from: usize| Code { parts: self.parts.get(from..).unwrap_or_default().to_vec() };
        let mut tails: Vec<Code> = (1..self.parts.len()).map(tail).collect();
        tails.retain(Code::is_telling);
        if let Some((first, rest)) = self.parts.split_first()
            && let Some(category) = first.strip_prefix("hs").filter(|category| !category.is_empty())
            && !rest.is_empty()
        {
            let parts = std::iter::once(category.to_owned()).chain(rest.iter().cloned()).collect();
            tails.insert(0, Code { parts });
        }
        tails
    }

    /// The code without the single letters in its middle: many write `3.OA.1` for `3.OA.A.1`. `None`
    /// when there are none.
    #[must_use]
    pub fn without_clusters(&self) -> Option<Code> {
        let last = self.parts.len().checked_sub(1)?;
        let is_cluster = |at: usize, part: &String| {
            let number_follows = self.parts.get(at + 1).is_some_and(|next| next.starts_with(char::is_numeric));
            let word_before = at > 0 && self.parts.get(at - 1).is_some_and(|before| before.chars().count() > 1);
            at < last
                && number_follows
                && word_before
                && part.chars().count() == 1
                && part.starts_with(char::is_alphabetic)
        };
        let kept = self.parts.iter().enumerate().filter(|(at, part)| !is_cluster(*at, part));
        let parts: Vec<String> = kept.map(|(_, part)| part.clone()).collect();
        (parts.len() < self.parts.len()).then_some(Code { parts })
    }

    /// Every other way of writing it that is looked for: its tails, each also without clusters, all
    /// without separators.
    #[must_use]
    pub fn variants(&self) -> BTreeSet<String> {
        let whole = std::iter::once(self.clone());
        let mut variants = BTreeSet::new();
        for code in whole.chain(self.tails()) {
            variants.extend(code.without_clusters().map(|code| code.joined()));
            variants.insert(code.joined());
        }
        variants.remove(&self.joined());
        variants
    }
}

/// Whether a text looks like a code, and no word: it has digits or a single separator-joined shape, and
/// no spaces but between short parts.
#[must_use]
pub fn looks_like_code(text: &str) -> bool {
    let Some(code) = Code::new(text) else { return false };
    let text = text.trim();
    let short = text.split(|c: char| !c.is_alphanumeric()).all(|part| part.chars().count() <= 12);
    let capitals = text.len() <= 8 && text.chars().all(|c| c.is_uppercase() || c.is_numeric() || c.is_whitespace());
    let separated = code.parts() > 1 && !text.contains(char::is_whitespace);
    let numbered = code.has(char::is_numeric) && short && text.split_whitespace().count() <= 8;
    numbered || capitals || separated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::new(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn separators_make_no_difference() {
        for (one, other) in [
            ("RL.11-12.1", "rl 11 12 1"),
            ("RL.11–12.1", "RL-11-12-1"),
            ("§111.26(b)(2)(A)", "111.26.b.2.a"),
            ("HSA-REI.B.4.a", "HSA.REI.B.4a"),
            ("MS-PS1-2", "ms ps1 2"),
            ("CCSS.MATH.CONTENT.3.OA.A.1", "ccss/math/content/3/oa/a/1"),
        ] {
            assert_eq!(code(one), code(other));
        }
        assert_ne!(code("1.12").separated(), code("11.2").separated());
        assert_eq!(code("1.12").joined(), code("11.2").joined());
        assert_eq!(Code::new("…"), None);
        assert_eq!(Code::new(&"1.".repeat(100)), None);
    }

    #[test]
    fn prefixes_and_clusters_may_be_missing() {
        let variants = code("CCSS.MATH.CONTENT.3.OA.A.1").variants();
        for variant in ["mathcontent3oaa1", "3oaa1", "3oa1", "ccssmathcontent3oa1"] {
            assert!(variants.contains(variant), "{variants:?}");
        }
        assert!(code("HSA-REI.B.4.a").variants().contains("arei4a"));
        // Nothing but numbers has no prefix that could be left out.
        assert!(code("1.2.3").variants().is_empty());
        assert!(code("MP1").variants().is_empty());
        assert_eq!(code("A.1").without_clusters(), None);
    }

    #[test]
    fn words_are_no_codes() {
        for text in ["3.OA.1", "rl 11 12 1", "MP", "S1.4.0", "ELA-LITERACY", "§111.26(b)(2)(A)", "15-1252.00"] {
            assert!(looks_like_code(text), "{text}");
        }
        for text in ["fractions", "adding fractions with unlike denominators", "understanding 12 multiplications", ""] {
            assert!(!looks_like_code(text), "{text}");
        }
    }
}
