//! Signals: how every item of a collection answers a query, each by one measure, and which items are
//! looked at more closely for it.

use std::collections::BTreeSet;

use super::asked::{Asked, AskedTerms, AskedVectors};
use super::collection::{Collection, Embedded};

/// How many of the best by each signal are looked at.
const FIRST: usize = 50;
/// How many of the best by one piece alone.
const FIRST_OF_PIECE: usize = 8;

/// Every signal of a collection, a number an item; cosines are empty without vectors.
#[derive(Default)]
pub(super) struct Signals {
    /// BM25 with statements.
    pub(super) statement: Vec<f32>,
    /// BM25 with everything that is said of items.
    pub(super) everything: Vec<f32>,
    pub(super) cosine: Vec<f32>,
    pub(super) cosine_full: Vec<f32>,
    pub(super) cosine_notes: Vec<f32>,
    pub(super) cosine_context: Vec<f32>,
    /// The best of any piece.
    pub(super) cosine_piece: Vec<f32>,
    pub(super) cosine_piece_notes: Vec<f32>,
}

impl Signals {
    /// Asks a collection, with its vectors when there are some; tells also which of the items that `may` be found
    /// are looked at more closely, in their order.
    pub(super) fn of(
        asked: &Asked<'_>,
        terms: &AskedTerms,
        collection: &Collection,
        embedded: Option<Embedded<'_>>,
        may: &dyn Fn(usize) -> bool,
    ) -> (Signals, Vec<u32>) {
        let vocabulary = &collection.vocabulary;
        let mut signals = Signals {
            statement: collection.statements.scores(&terms.full, vocabulary),
            everything: collection.everything.scores(&terms.full, vocabulary),
            ..Signals::default()
        };
        let mut chosen = BTreeSet::new();
        for piece in &terms.pieces {
            chosen.extend(first(&collection.statements.scores(piece, vocabulary), FIRST_OF_PIECE, may));
        }
        if let (Some(vectors), Some(embedded)) = (&asked.vectors, embedded) {
            signals.embed(vectors, embedded, &mut chosen, may);
        }
        let Signals { statement, everything, cosine, cosine_full, cosine_notes, cosine_piece, .. } = &signals;
        for scores in [statement, everything, cosine, cosine_full, cosine_notes, cosine_piece] {
            chosen.extend(first(scores, FIRST, may));
            if let Some(band) = asked.band {
                let own = |at: usize| collection.prepared.get(at).and_then(|item| item.band);
                chosen.extend(first(scores, FIRST, &|at| may(at) && own(at).is_some_and(|own| own.gap(band) == 0)));
            }
        }
        (signals, chosen.into_iter().collect())
    }

    fn embed(
        &mut self,
        vectors: &AskedVectors,
        embedded: Embedded<'_>,
        chosen: &mut BTreeSet<u32>,
        may: &dyn Fn(usize) -> bool,
    ) {
        let mut asked = vec![&vectors.short, &vectors.full];
        asked.extend(vectors.context.iter().chain(&vectors.pieces));
        let of_rows = embedded.rows.cosines(&asked);
        let of_items = |rows: &[f32], order: &[u32]| -> Vec<f32> {
            order.iter().map(|row| rows.get(*row as usize).copied().unwrap_or_default()).collect()
        };
        let mut rows = of_rows.iter();
        let short = rows.next().map(Vec::as_slice).unwrap_or_default();
        let full = rows.next().map(Vec::as_slice).unwrap_or_default();
        self.cosine = of_items(short, embedded.statements);
        self.cosine_full = of_items(full, embedded.statements);
        self.cosine_notes = of_items(full, embedded.everything);
        if vectors.context.is_some() {
            self.cosine_context = of_items(rows.next().map(Vec::as_slice).unwrap_or_default(), embedded.statements);
        }
        self.cosine_piece = self.cosine.clone();
        self.cosine_piece_notes = self.cosine_notes.clone();
        for piece in rows {
            let statements = of_items(piece, embedded.statements);
            chosen.extend(first(&statements, FIRST_OF_PIECE, may));
            raise(&mut self.cosine_piece, &statements);
            raise(&mut self.cosine_piece_notes, &of_items(piece, embedded.everything));
        }
    }
}

/// Keeps the higher of two scores of each item.
fn raise(best: &mut [f32], other: &[f32]) {
    best.iter_mut().zip(other).for_each(|(best, other)| *best = best.max(*other));
}

/// The numbers of the best items by a score above zero, ties by their order.
fn first(scores: &[f32], most: usize, may: &dyn Fn(usize) -> bool) -> Vec<u32> {
    let found = scores.iter().enumerate().filter(|(at, score)| **score > 0.0 && may(*at));
    let mut found: Vec<(f32, u32)> = found.filter_map(|(at, score)| Some((*score, u32::try_from(at).ok()?))).collect();
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if found.len() > most {
        found.select_nth_unstable_by(most - 1, order);
        found.truncate(most);
    }
    found.into_iter().map(|(_, at)| at).collect()
}
