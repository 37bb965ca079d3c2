//! BM25: how well the words of a query meet one field of every item (Robertson and Zaragoza, 2009).

use super::terms::Vocabulary;

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
    pub(super) fn new(items: &[Vec<u32>], terms: usize) -> Field {
        let mut postings: Vec<(u32, u32, u16)> = Vec::new();
        let mut sorted = Vec::new();
        for (item, text) in (0_u32..).zip(items) {
            sorted.clone_from(text);
            sorted.sort_unstable();
            for run in sorted.chunk_by(|a, b| a == b) {
                let times = u16::try_from(run.len()).unwrap_or(u16::MAX);
                postings.extend(run.first().map(|term| (*term, item, times)));
            }
        }
        postings.sort_unstable_by_key(|(term, item, _)| (*term, *item));
        #[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
        let mean = (items.iter().map(Vec::len).sum::<usize>() as f32 / items.len().max(1) as f32).max(1.0);
        let mut begins = vec![0_u32; terms + 1];
        for (term, _, _) in &postings {
            if let Some(begin) = begins.get_mut(*term as usize + 1) {
                *begin += 1;
            }
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let share = |(_, item, times): &(u32, u32, u16)| {
            #[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
            let length = items.get(*item as usize).map_or(0, Vec::len) as f32;
            let times = f32::from(*times);
            times * (SATURATION + 1.0) / (times + SATURATION * (1.0 - LENGTH + LENGTH * length / mean))
        };
        let shares = postings.iter().map(share).collect();
        Field { begins, items: postings.into_iter().map(|(_, item, _)| item).collect(), shares, count: items.len() }
    }

    /// The score of every item for these terms.
    pub(super) fn scores(&self, terms: &[Option<u32>], vocabulary: &Vocabulary) -> Vec<f32> {
        let mut scores = vec![0.0; self.count];
        for term in terms.iter().flatten() {
            let at = *term as usize;
            let (Some(begin), Some(end)) = (self.begins.get(at), self.begins.get(at + 1)) else { continue };
            let range = *begin as usize..*end as usize;
            let weight = vocabulary.weight(Some(*term));
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
