//! Overlaps: how far the words of a query and of an item are the same, by how much they tell.

use std::collections::HashMap;

use super::asked::AskedTerms;
use super::collection::Prepared;
use super::terms::{Terms, Vocabulary};

/// Shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Overlaps {
    /// Of the item's statement that the query has.
    pub(super) item: f32,
    /// Of the query that the statement has.
    pub(super) query: f32,
    /// Of the statement that one piece has, at best.
    pub(super) item_by_piece: f32,
    /// Both ways between the statement and a piece, at best.
    pub(super) piece: f32,
    /// Of the query that everything said of the item has.
    pub(super) all_query: f32,
    /// Both ways between a label and a piece, at best.
    pub(super) label: f32,
    /// Of a label that the query has, at best.
    pub(super) label_covered: f32,
    pub(super) notes: f32,
    pub(super) path: f32,
    pub(super) context_path: f32,
    pub(super) context_notes: f32,
    /// 1 when the whole statement stands in the query.
    pub(super) phrase: f32,
    pub(super) label_phrase: f32,
    /// 1 when what is asked in short stands in the statement.
    pub(super) inside: f32,
    /// Both ways between query and statement.
    pub(super) same: f32,
}

/// Which parts of a query have a term: a bit each.
pub(super) struct Having<'t> {
    terms: &'t AskedTerms,
    parts: HashMap<u32, u32>,
    vocabulary: &'t Vocabulary,
}

const FULL: u32 = 1;
const CONTEXT: u32 = 2;
const SHORT: u32 = 4;
/// The bit of the first piece.
const PIECE: u32 = 8;

impl<'t> Having<'t> {
    pub(super) fn new(terms: &'t AskedTerms, vocabulary: &'t Vocabulary) -> Having<'t> {
        let mut parts: HashMap<u32, u32> = HashMap::new();
        let pieces = (0_u32..).zip(&terms.pieces).map(|(at, piece)| (PIECE.checked_shl(at).unwrap_or_default(), piece));
        let whole = [(FULL, &terms.full), (CONTEXT, &terms.context), (SHORT, &terms.short)];
        for (bit, part) in whole.into_iter().chain(pieces) {
            part.distinct.iter().for_each(|term| *parts.entry(*term).or_default() |= bit);
        }
        Having { terms, parts, vocabulary }
    }

    /// The overlaps with one item.
    pub(super) fn overlaps(&self, item: &Prepared) -> Overlaps {
        let AskedTerms { short, full, context, pieces } = self.terms;
        let statement = self.common(&item.statement);
        let notes = self.common(&item.notes);
        let path = self.common(&item.path);
        let (own, asked) = (share(statement.full, item.statement.weight), share(statement.full, full.weight));
        let mut overlaps = Overlaps {
            item: own,
            query: asked,
            same: both(own, asked),
            notes: share(notes.full, full.weight),
            path: share(path.full, full.weight),
            context_path: share(path.context, context.weight),
            context_notes: share(notes.context, context.weight),
            all_query: share(self.common(&item.everything).full, full.weight),
            phrase: truth(full.has_run(&item.statement)),
            inside: truth(item.statement.has_run(short)),
            ..Overlaps::default()
        };
        for (common, piece) in statement.pieces.iter().zip(pieces) {
            let own = share(*common, item.statement.weight);
            overlaps.item_by_piece = overlaps.item_by_piece.max(own);
            overlaps.piece = overlaps.piece.max(both(own, share(*common, piece.weight)));
        }
        for label in &item.labels {
            let common = self.common(label);
            let of_pieces = common.pieces.iter().zip(pieces);
            let best =
                of_pieces.map(|(common, piece)| both(share(*common, label.weight), share(*common, piece.weight)));
            let of_short = both(share(common.short, label.weight), share(common.short, short.weight));
            overlaps.label = best.fold(overlaps.label, f32::max).max(of_short);
            overlaps.label_covered = overlaps.label_covered.max(share(common.full, label.weight));
            if overlaps.label_phrase == 0.0 && common.full > 0.0 {
                overlaps.label_phrase = truth(full.has_run(label));
            }
        }
        overlaps
    }

    /// What a text's words that also stand in the query tell, by the query's parts.
    fn common(&self, text: &Terms) -> Common {
        let mut common = Common { pieces: vec![0.0; self.terms.pieces.len()], ..Common::default() };
        for term in &text.distinct {
            let Some(parts) = self.parts.get(term) else { continue };
            let weight = self.vocabulary.weight(*term);
            let of = |bit: u32| if parts & bit != 0 { weight } else { 0.0 };
            common.full += of(FULL);
            common.context += of(CONTEXT);
            common.short += of(SHORT);
            for (at, piece) in (0_u32..).zip(&mut common.pieces) {
                *piece += of(PIECE.checked_shl(at).unwrap_or_default());
            }
        }
        common
    }
}

#[derive(Default)]
struct Common {
    full: f32,
    context: f32,
    short: f32,
    pieces: Vec<f32>,
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn truth(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// The harmonic mean.
fn both(one: f32, other: f32) -> f32 {
    if one + other > 0.0 { 2.0 * one * other / (one + other) } else { 0.0 }
}
