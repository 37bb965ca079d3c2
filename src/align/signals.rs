//! Signals: how every item of a collection answers a query, each by one measure, and which items are
//! looked at more closely for it.

use std::collections::BTreeSet;

use super::collection::{Collection, Embedded};
use super::grade::Band;
use super::query::{Piece, Query};
use super::terms::Stems;
use super::trigrams::Trigrams;
use super::vectors::Vector;

/// How many of the best by each signal are looked at.
const FIRST: usize = 50;
/// How many of the best by one piece alone.
const FIRST_OF_PIECE: usize = 8;

/// A query, read once for all collections.
pub(super) struct Asked<'q> {
    pub(super) query: &'q Query,
    pub(super) pieces: Vec<Piece>,
    pub(super) short: Vec<String>,
    pub(super) full: Vec<String>,
    pub(super) context: Vec<String>,
    pub(super) piece_stems: Vec<Vec<String>>,
    pub(super) trigrams: Trigrams,
    pub(super) piece_trigrams: Vec<Trigrams>,
    pub(super) band: Option<Band>,
    pub(super) vectors: Option<AskedVectors>,
}

/// The vectors of a query's parts.
pub(super) struct AskedVectors {
    short: Vector,
    full: Vector,
    context: Option<Vector>,
    pieces: Vec<Vector>,
}

impl<'q> Asked<'q> {
    pub(super) fn new(query: &'q Query) -> Asked<'q> {
        let mut stems = Stems::default();
        let language = query.language.as_deref();
        let pieces = query.pieces();
        let context: Vec<&str> = query.context.iter().chain(&query.path).map(String::as_str).collect();
        Asked {
            short: stems.of(query.short(), language),
            full: stems.of(&query.full(), language),
            context: stems.of(&context.join(". "), language),
            piece_stems: pieces.iter().map(|piece| stems.of(&piece.text, language)).collect(),
            trigrams: Trigrams::of(query.short()),
            piece_trigrams: pieces.iter().map(|piece| Trigrams::of(&piece.text)).collect(),
            band: Band::of(&query.grades),
            vectors: None,
            pieces,
            query,
        }
    }

    /// The texts whose vectors are needed: short, full, context, pieces.
    pub(super) fn texts(&self) -> Vec<String> {
        let context = self.query.context.clone().into_iter().chain(self.query.path.iter().cloned());
        let context = context.collect::<Vec<_>>().join(". ");
        let whole = [self.query.short().to_owned(), self.query.full(), context];
        whole.into_iter().chain(self.pieces.iter().map(|piece| piece.text.clone())).collect()
    }

    /// Takes the vectors of [`Asked::texts`].
    pub(super) fn embedded(&mut self, vectors: Vec<Vec<f32>>) {
        let has_context = !self.context.is_empty();
        let mut vectors = vectors.iter().map(|vector| Vector::of(vector));
        if let (Some(short), Some(full), Some(context)) = (vectors.next(), vectors.next(), vectors.next()) {
            let context = has_context.then_some(context);
            self.vectors = Some(AskedVectors { short, full, context, pieces: vectors.collect() });
        }
    }
}

/// Every signal of a collection, a number an item; cosines are empty without a model.
pub(super) struct Signals {
    /// BM25 of what is asked in short with statements.
    pub(super) statement: Vec<f32>,
    /// BM25 of everything with everything.
    pub(super) everything: Vec<f32>,
    pub(super) cosine: Vec<f32>,
    pub(super) cosine_full: Vec<f32>,
    pub(super) cosine_notes: Vec<f32>,
    pub(super) cosine_context: Vec<f32>,
    /// The best of any piece, and which.
    pub(super) cosine_piece: Vec<f32>,
    pub(super) cosine_piece_notes: Vec<f32>,
}

impl Signals {
    /// Asks a collection; with its vectors when there are some.
    pub(super) fn of(asked: &Asked<'_>, collection: &Collection, embedded: Option<Embedded<'_>>) -> (Signals, Vec<u32>) {
        let vocabulary = &collection.vocabulary;
        let full = vocabulary.look_up(&asked.full);
        let mut signals = Signals {
            statement: collection.statements.scores(&full, vocabulary),
            everything: collection.everything.scores(&full, vocabulary),
            cosine: Vec::new(),
            cosine_full: Vec::new(),
            cosine_notes: Vec::new(),
            cosine_context: Vec::new(),
            cosine_piece: Vec::new(),
            cosine_piece_notes: Vec::new(),
        };
        let mut chosen = BTreeSet::new();
        for stems in &asked.piece_stems {
            let scores = collection.statements.scores(&vocabulary.look_up(stems), vocabulary);
            chosen.extend(first(&scores, FIRST_OF_PIECE, |_| true));
        }
        if let (Some(vectors), Some(embedded)) = (&asked.vectors, embedded) {
            signals.embed(vectors, embedded, &mut chosen);
        }
        let all = [
            &signals.statement,
            &signals.everything,
            &signals.cosine,
            &signals.cosine_full,
            &signals.cosine_notes,
            &signals.cosine_piece,
        ];
        for scores in all {
            chosen.extend(first(scores, FIRST, |_| true));
            if let Some(band) = asked.band {
                let is_near = |at: usize| {
                    collection.prepared.get(at).and_then(|item| item.band).is_some_and(|own| own.gap(band) == 0)
                };
                chosen.extend(first(scores, FIRST, is_near));
            }
        }
        (signals, chosen.into_iter().collect())
    }

    fn embed(&mut self, vectors: &AskedVectors, embedded: Embedded<'_>, chosen: &mut BTreeSet<u32>) {
        let pieces: Vec<&Vector> = vectors.pieces.iter().collect();
        let mut asked = vec![&vectors.short, &vectors.full];
        asked.extend(vectors.context.iter());
        asked.extend(pieces.iter().copied());
        let mut cosines = embedded.statements.cosines(&asked).into_iter();
        self.cosine = cosines.next().unwrap_or_default();
        self.cosine_full = cosines.next().unwrap_or_default();
        if vectors.context.is_some() {
            self.cosine_context = cosines.next().unwrap_or_default();
        }
        self.cosine_piece = self.cosine.clone();
        for piece in cosines {
            chosen.extend(first(&piece, FIRST_OF_PIECE, |_| true));
            self.cosine_piece.iter_mut().zip(piece).for_each(|(best, one)| *best = best.max(one));
        }
        let mut asked = vec![&vectors.full];
        asked.extend(pieces);
        let mut cosines = embedded.everything.cosines(&asked).into_iter();
        self.cosine_notes = cosines.next().unwrap_or_default();
        self.cosine_piece_notes = self.cosine_notes.clone();
        for piece in cosines {
            self.cosine_piece_notes.iter_mut().zip(piece).for_each(|(best, one)| *best = best.max(one));
        }
    }
}

/// The numbers of the best items by a score above zero, ties by their order.
fn first(scores: &[f32], most: usize, is_asked: impl Fn(usize) -> bool) -> Vec<u32> {
    let found = scores.iter().enumerate().filter(|(at, score)| **score > 0.0 && is_asked(*at));
    let mut found: Vec<(f32, u32)> =
        found.filter_map(|(at, score)| Some((*score, u32::try_from(at).ok()?))).collect();
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if found.len() > most {
        found.select_nth_unstable_by(most - 1, order);
        found.truncate(most);
    }
    found.into_iter().map(|(_, at)| at).collect()
}

// LAB
pub fn texts_of(q: &Query) -> Vec<String> { Asked::new(q).texts() }
pub fn look(q: &Query, v: Option<Vec<Vec<f32>>>, c: &Collection, e: Option<Embedded<'_>>) -> (Vec<u32>, Vec<super::features::Features>) {
    let mut a = Asked::new(q);
    if let Some(v) = v { a.embedded(v); }
    let (s, chosen) = Signals::of(&a, c, e);
    let f = super::features::features(&a, &s, c, &chosen);
    (chosen, f)
}
