//! Aligning a whole text: each sentence of it by itself, under the heading that it stands under.
//!
//! Never contains how one sentence is aligned: that is `align`.

use std::ops::Range;

use super::{AlignQuery, AlignScope, Alignment, RegistryError, View};
use crate::text::{Mark, lines, sentences_within, words};

/// The most sentences of one text that are aligned.
pub const MOST_SENTENCES: usize = 100;
/// A sentence with fewer words says too little, and is taken for a heading where it ends a line.
const FEWEST_WORDS: usize = 2;
/// A sentence, and what it is about.
#[derive(Clone, Debug)]
pub struct AlignedSentence {
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
    pub alignment: Alignment,
}

impl View<'_> {
    /// What each sentence of a text is about, in their order.
    ///
    /// # Errors
    /// [`RegistryError::AlignRequest`] for more than [`MOST_SENTENCES`], else as [`View::align`].
    pub fn align_passage(&self, text: &str, scope: &AlignScope) -> Result<Vec<AlignedSentence>, RegistryError> {
        let (mut places, mut queries, mut heading) = (Vec::new(), Vec::new(), None);
        for line in lines(text) {
            let written = text.get(line.at.clone()).unwrap_or_default();
            if matches!(line.mark, Mark::Heading(_)) || (line.mark == Mark::None && written.ends_with(':')) {
                heading = Some(written.to_owned());
                continue;
            }
            for at in sentences_within(text, line.at) {
                let sentence = text.get(at.clone()).unwrap_or_default();
                if words(sentence).take(FEWEST_WORDS).count() < FEWEST_WORDS {
                    continue;
                }
                places.push(at);
                queries.push(AlignQuery { context: heading.clone(), ..AlignQuery::of(sentence) });
            }
        }
        if places.is_empty() && !text.trim().is_empty() {
            // One word or a heading is all that there is.
            places.push(0..text.len());
            queries.push(AlignQuery::of(text.trim()));
        }
        if places.len() > MOST_SENTENCES {
            let found = places.len();
            return Err(RegistryError::AlignRequest(format!(
                "the text has {found} sentences, and {MOST_SENTENCES} are aligned at once; send it in parts"
            )));
        }
        let alignments = self.align(&queries, scope)?;
        Ok(places.into_iter().zip(alignments).map(|(at, alignment)| AlignedSentence { at, alignment }).collect())
    }
}
