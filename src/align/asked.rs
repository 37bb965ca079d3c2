//! A query as it is compared: its stems, letters, grades and vectors, read once for all collections.

use std::collections::HashMap;

use super::embed::Encoder;
use super::grade::Band;
use super::query::{Piece, Query};
use super::terms::{Stems, Terms, Vocabulary};
use super::trigrams::Trigrams;
use super::vectors::Vector;

/// A query, read.
pub(super) struct Asked<'q> {
    pub(super) query: &'q Query,
    pub(super) pieces: Vec<Piece>,
    pub(super) trigrams: Trigrams,
    pub(super) piece_trigrams: Vec<Trigrams>,
    pub(super) band: Option<Band>,
    pub(super) vectors: Option<AskedVectors>,
    short: Vec<String>,
    full: Vec<String>,
    context: Vec<String>,
    piece_stems: Vec<Vec<String>>,
}

/// The vectors of a query's parts.
pub(super) struct AskedVectors {
    pub(super) short: Vector,
    pub(super) full: Vector,
    pub(super) context: Option<Vector>,
    pub(super) pieces: Vec<Vector>,
}

/// The terms of a query's parts, in the numbers of one collection.
pub(super) struct AskedTerms {
    pub(super) short: Terms,
    pub(super) full: Terms,
    pub(super) context: Terms,
    /// Never empty: a query without pieces is one piece.
    pub(super) pieces: Vec<Terms>,
}

impl<'q> Asked<'q> {
    pub(super) fn new(query: &'q Query) -> Asked<'q> {
        let mut stems = Stems::default();
        let language = query.language.as_deref();
        let pieces = query.pieces();
        Asked {
            short: stems.of(query.short(), language),
            full: stems.of(&query.full(), language),
            context: stems.of(&context(query), language),
            piece_stems: pieces.iter().map(|piece| stems.of(&piece.text, language)).collect(),
            trigrams: Trigrams::of(query.short()),
            piece_trigrams: pieces.iter().map(|piece| Trigrams::of(&piece.text)).collect(),
            band: Band::of(&query.grades),
            vectors: None,
            pieces,
            query,
        }
    }

    /// The texts whose vectors are needed: in short, in full, the context, the pieces.
    fn texts(&self) -> Vec<String> {
        let whole = [self.query.short().to_owned(), self.query.full(), context(self.query)];
        whole.into_iter().chain(self.pieces.iter().map(|piece| piece.text.clone())).collect()
    }

    /// Takes the vectors of [`Asked::texts`].
    fn embed(&mut self, vectors: &[&[f32]]) {
        let has_context = !self.context.is_empty();
        let mut vectors = vectors.iter().map(|vector| Vector::of(vector));
        if let (Some(short), Some(full), Some(context)) = (vectors.next(), vectors.next(), vectors.next()) {
            let context = has_context.then_some(context);
            self.vectors = Some(AskedVectors { short, full, context, pieces: vectors.collect() });
        }
    }

    pub(super) fn terms(&self, vocabulary: &Vocabulary) -> AskedTerms {
        let mut pieces: Vec<Terms> = self.piece_stems.iter().map(|stems| vocabulary.look_up(stems)).collect();
        if pieces.is_empty() {
            pieces.push(vocabulary.look_up(&self.short));
        }
        AskedTerms {
            short: vocabulary.look_up(&self.short),
            full: vocabulary.look_up(&self.full),
            context: vocabulary.look_up(&self.context),
            pieces,
        }
    }

    /// How many words are asked.
    pub(super) fn words(&self) -> usize {
        self.full.len()
    }
}

/// Computes the vectors of all, each different text of them once.
pub(super) fn embed_all(all: &mut [Asked<'_>], encoder: &Encoder, threads: usize) {
    let texts: Vec<Vec<String>> = all.iter().map(Asked::texts).collect();
    let (mut distinct, mut rows): (Vec<&str>, HashMap<&str, usize>) = (Vec::new(), HashMap::new());
    for text in texts.iter().flatten() {
        rows.entry(text).or_insert_with(|| {
            distinct.push(text);
            distinct.len() - 1
        });
    }
    let vectors = encoder.encode(&distinct, threads);
    for (one, texts) in all.iter_mut().zip(&texts) {
        let own = texts.iter().filter_map(|text| vectors.get(*rows.get(text.as_str())?));
        one.embed(&own.map(Vec::as_slice).collect::<Vec<_>>());
    }
}

fn context(query: &Query) -> String {
    query.context.iter().chain(&query.path).map(|text| text.trim()).collect::<Vec<_>>().join(". ")
}
