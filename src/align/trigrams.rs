//! Trigrams: how alike two texts are letter by letter, for forms of words that no stemmer knows.

use crate::text::{fold, words};

/// A text as the set of its runs of three letters, within words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trigrams(Vec<u64>);

impl Trigrams {
    pub(super) fn of(text: &str) -> Trigrams {
        let mut all = Vec::new();
        for word in words(text) {
            let signs: Vec<char> = std::iter::once(' ').chain(fold(&word.text).chars()).chain([' ']).collect();
            for run in signs.windows(3) {
                all.push(run.iter().fold(0_u64, |number, sign| (number << 21) | u64::from(u32::from(*sign))));
            }
        }
        all.sort_unstable();
        all.dedup();
        Trigrams(all)
    }

    /// The cosine of two sets: 0 for nothing in common, 1 for the same.
    #[expect(clippy::cast_precision_loss, reason = "counts of a text's signs")]
    pub(super) fn likeness(&self, other: &Trigrams) -> f32 {
        if self.0.is_empty() || other.0.is_empty() {
            return 0.0;
        }
        let (mut one, mut two, mut common) = (self.0.iter().peekable(), other.0.iter().peekable(), 0_usize);
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(two.next()),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    one.next();
                    two.next();
                }
            }
        }
        common as f32 / ((self.0.len() * other.0.len()) as f32).sqrt()
    }
}
