//! BM25: how well the words of a query meet one field of every item (Robertson and Zaragoza, 2009).

use super::terms::{Terms, Vocabulary};

/// How soon another occurrence of a word says nothing new.
const SATURATION: f32 = 1.2;
/// How much a longer text has to say more.
const LENGTH: f32 = 0.75;

/// One field of every item: which items have a term, and how often.
#[derive(Default)]
pub(super) struct Field {
    /// Where the items of each term begin; one more than there are terms.
    begins: Vec<u32>,
    items: Vec<u32>,
    /// What each occurrence counts for, lengths included.
    shares: Vec<f32>,
    count: usize,
}

impl Field {
    /// The field of items with these terms, in the order of items.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t Terms>, terms: usize) -> Field {
        let mut postings: Vec<(u32, u32, u16)> = Vec::new();
        let mut lengths: Vec<f32> = Vec::new();
        for (item, text) in (0_u32..).zip(texts) {
            let mut sorted = text.in_order.clone();
            sorted.sort_unstable();
            for run in sorted.chunk_by(|a, b| a == b) {
                let times = u16::try_from(run.len()).unwrap_or(u16::MAX);
                postings.extend(run.first().map(|term| (*term, item, times)));
            }
            #[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
            lengths.push(sorted.len() as f32);
        }
        postings.sort_unstable_by_key(|(term, item, _)| (*term, *item));
        #[expect(clippy::cast_precision_loss, reason = "counts of items")]
        let mean = (lengths.iter().sum::<f32>() / lengths.len().max(1) as f32).max(1.0);
        let mut begins = vec![0_u32; terms + 1];
        for (term, _, _) in &postings {
            if let Some(begin) = begins.get_mut(*term as usize + 1) {
                *begin += 1;
            }
        }
        let mut so_far = 0;
        for begin in &mut begins {
            so_far += *begin;
            *begin = so_far;
        }
        let share = |(_, item, times): &(u32, u32, u16)| {
            let length = lengths.get(*item as usize).copied().unwrap_or_default();
            let times = f32::from(*times);
            times * (SATURATION + 1.0) / (times + SATURATION * (1.0 - LENGTH + LENGTH * length / mean))
        };
        let shares = postings.iter().map(share).collect();
        Field { begins, items: postings.into_iter().map(|(_, item, _)| item).collect(), shares, count: lengths.len() }
    }

    /// The score of every item for these terms.
    pub(super) fn scores(&self, terms: &Terms, vocabulary: &Vocabulary) -> Vec<f32> {
        let mut scores = vec![0.0; self.count];
        for term in &terms.in_order {
            let at = *term as usize;
            let (Some(begin), Some(end)) = (self.begins.get(at), self.begins.get(at + 1)) else { continue };
            let range = *begin as usize..*end as usize;
            let weight = vocabulary.weight(*term);
            let items = self.items.get(range.clone()).unwrap_or_default();
            for (item, share) in items.iter().zip(self.shares.get(range).unwrap_or_default()) {
                if let Some(score) = scores.get_mut(*item as usize) {
                    *score += weight * share;
                }
            }
        }
        scores
    }
}
