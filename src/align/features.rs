//! Features: what is known of one candidate beside a query, as numbers that a ranker weighs.
//!
//! Their order is the one that trained rankers know (`model/`); a change of it needs new ones.

use super::asked::{Asked, AskedTerms};
use super::collection::{Collection, Prepared};
use super::overlaps::{Having, Overlaps};
use super::signals::Signals;

/// Names a feature and its place in the list at once.
macro_rules! features {
    ($($name:ident),+ $(,)?) => {
        /// What is known of one candidate.
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct Features { $(pub(super) $name: f32,)+ }

        impl Features {
            /// The names, in order.
            pub(super) const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// The numbers, in order.
            pub(super) fn numbers(&self) -> [f32; Self::NAMES.len()] {
                [$(self.$name),+]
            }
        }
    };
}

features!(
    cosine,
    cosine_full,
    cosine_notes,
    cosine_piece,
    cosine_piece_notes,
    cosine_context,
    cosine_gap,
    cosine_full_gap,
    cosine_notes_gap,
    cosine_piece_gap,
    cosine_place,
    cosine_notes_place,
    cosine_piece_place,
    statement,
    everything,
    statement_share,
    everything_share,
    statement_place,
    everything_place,
    item_covered,
    query_covered,
    item_by_piece,
    piece_overlap,
    all_query_covered,
    label_overlap,
    label_covered,
    notes_query,
    path_query,
    context_path,
    context_notes,
    phrase,
    label_phrase,
    inside,
    same_words,
    trigrams,
    piece_trigrams,
    label_trigrams,
    grade_gap,
    grade_known,
    query_words,
    item_words,
    pieces,
    siblings,
    siblings_share,
    fixed,
    fixed_gap,
);

/// One collection that was looked through for a query.
pub(super) struct Looked<'c> {
    pub(super) collection: &'c Collection,
    pub(super) terms: AskedTerms,
    pub(super) signals: Signals,
    /// The items that are looked at closely, in their order.
    pub(super) chosen: Vec<u32>,
}

/// One candidate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Which collection, and which item of it.
    pub(super) collection: usize,
    pub(super) item: u32,
    pub(super) features: Features,
}

/// The candidates of all collections, in their order, with their features. Measures that compare a candidate with
/// others compare it with those of every collection.
pub(super) fn candidates(asked: &Asked<'_>, all: &[Looked<'_>]) -> Vec<Candidate> {
    let best = Best::of(all);
    let mut candidates: Vec<Candidate> = Vec::new();
    for (collection, looked) in all.iter().enumerate() {
        let having = Having::new(&looked.terms, &looked.collection.vocabulary);
        for item in &looked.chosen {
            if let Some(prepared) = looked.collection.prepared.get(*item as usize) {
                let overlaps = having.overlaps(prepared);
                let features = features(asked, looked, *item as usize, prepared, &overlaps, &best);
                candidates.push(Candidate { collection, item: *item, features });
            }
        }
    }
    place(&mut candidates, |one| one.cosine_full, |one, place| one.cosine_place = place);
    place(&mut candidates, |one| one.cosine_notes, |one, place| one.cosine_notes_place = place);
    place(&mut candidates, |one| one.cosine_piece, |one, place| one.cosine_piece_place = place);
    place(&mut candidates, |one| one.statement, |one, place| one.statement_place = place);
    place(&mut candidates, |one| one.everything, |one, place| one.everything_place = place);
    let top = candidates.iter().map(|one| one.features.fixed).fold(f32::MIN, f32::max);
    candidates.iter_mut().for_each(|one| one.features.fixed_gap = top - one.features.fixed);
    candidates
}

/// Writes the place by a measure, as one over it: 1 for the first, 0 for who has none of it.
fn place(candidates: &mut [Candidate], of: impl Fn(&Features) -> f32, write: impl Fn(&mut Features, f32)) {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let score = |at: &usize| candidates.get(*at).map_or(0.0, |one| of(&one.features));
    order.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
    order.retain(|at| score(at) > 0.0);
    for (place, at) in (1_u16..).zip(order) {
        if let Some(one) = candidates.get_mut(at) {
            write(&mut one.features, 1.0 / f32::from(place));
        }
    }
}

/// The best of some signals in any collection.
struct Best {
    statement: f32,
    everything: f32,
    cosine: f32,
    cosine_full: f32,
    cosine_notes: f32,
    cosine_piece: f32,
}

impl Best {
    fn of(all: &[Looked<'_>]) -> Best {
        let best = |of: fn(&Signals) -> &Vec<f32>| {
            let each = all
                .iter()
                .flat_map(|one| one.chosen.iter().filter_map(move |at| of(&one.signals).get(*at as usize).copied()));
            each.fold(f32::MIN_POSITIVE, f32::max)
        };
        Best {
            statement: best(|of| &of.statement),
            everything: best(|of| &of.everything),
            cosine: best(|of| &of.cosine),
            cosine_full: best(|of| &of.cosine_full),
            cosine_notes: best(|of| &of.cosine_notes),
            cosine_piece: best(|of| &of.cosine_piece),
        }
    }
}

fn features(
    asked: &Asked<'_>,
    looked: &Looked<'_>,
    at: usize,
    item: &Prepared,
    overlaps: &Overlaps,
    best: &Best,
) -> Features {
    let Looked { collection, signals, .. } = looked;
    let of = |scores: &[f32]| scores.get(at).copied().unwrap_or_default();
    let has_vectors = !signals.cosine.is_empty();
    let gap = |best: f32, own: f32| if has_vectors { best - own } else { 0.0 };
    let grades = asked.band.zip(item.band).map(|(one, other)| f32::from(one.gap(other)));
    let cosine = of(&signals.cosine);
    let (cosine_full, cosine_notes) = (of(&signals.cosine_full), of(&signals.cosine_notes));
    let cosine_piece = of(&signals.cosine_piece);
    let (statement, everything) = (of(&signals.statement), of(&signals.everything));
    let features = Features {
        cosine,
        cosine_full,
        cosine_notes,
        cosine_piece,
        cosine_piece_notes: of(&signals.cosine_piece_notes),
        cosine_context: of(&signals.cosine_context),
        cosine_gap: gap(best.cosine, cosine),
        cosine_full_gap: gap(best.cosine_full, cosine_full),
        cosine_notes_gap: gap(best.cosine_notes, cosine_notes),
        cosine_piece_gap: gap(best.cosine_piece, cosine_piece),
        statement,
        everything,
        statement_share: statement / best.statement,
        everything_share: everything / best.everything,
        item_covered: overlaps.item,
        query_covered: overlaps.query,
        item_by_piece: overlaps.item_by_piece,
        piece_overlap: overlaps.piece,
        all_query_covered: overlaps.all_query,
        label_overlap: overlaps.label,
        label_covered: overlaps.label_covered,
        notes_query: overlaps.notes,
        path_query: overlaps.path,
        context_path: overlaps.context_path,
        context_notes: overlaps.context_notes,
        phrase: overlaps.phrase,
        label_phrase: overlaps.label_phrase,
        inside: overlaps.inside,
        same_words: overlaps.same,
        trigrams: asked.trigrams.likeness(&item.trigrams),
        piece_trigrams: asked.piece_trigrams.iter().map(|one| one.likeness(&item.trigrams)).fold(0.0, f32::max),
        label_trigrams: item.label_trigrams.iter().map(|label| asked.trigrams.likeness(label)).fold(0.0, f32::max),
        grade_gap: grades.unwrap_or(-1.0),
        grade_known: f32::from(u8::from(grades.is_some())),
        query_words: size(asked.words()),
        item_words: size(item.statement.in_order.len()),
        pieces: size(asked.pieces.len()),
        siblings: siblings(&signals.cosine, collection, item, at),
        siblings_share: siblings(&signals.statement, collection, item, at) / best.statement,
        ..Features::default()
    };
    Features { fixed: fixed(&features, has_vectors), ..features }
}

/// The sum with hand-set weights, which no training can spoil; without vectors, of words alone.
fn fixed(of: &Features, has_vectors: bool) -> f32 {
    /// How much a year between the grades costs, and how many years count.
    const YEAR: f32 = 0.1;
    const YEARS: f32 = 3.0;
    let words = 0.1 * of.statement_share + 0.1 * of.everything_share;
    let apart = YEAR * of.grade_gap.clamp(0.0, YEARS);
    if !has_vectors {
        return 3.0 * words + 0.3 * of.item_by_piece - apart;
    }
    0.175 * of.cosine + 0.175 * of.cosine_full + 0.35 * of.cosine_notes + 0.3 * of.cosine_piece + words - apart
}

#[expect(clippy::cast_precision_loss, reason = "counts of a text's words")]
fn size(count: usize) -> f32 {
    (1.0 + count as f32).ln()
}

/// The mean of the three best that stand beside an item.
fn siblings(scores: &[f32], collection: &Collection, item: &Prepared, own: usize) -> f32 {
    let Some(family) = item.family.and_then(|family| collection.families.get(family as usize)) else { return 0.0 };
    let mut best = [0.0_f32; 3];
    for other in family.iter().map(|at| *at as usize).filter(|at| *at != own) {
        let score = scores.get(other).copied().unwrap_or_default();
        if score > best[2] {
            best[2] = score;
            best.sort_by(|a, b| b.total_cmp(a));
        }
    }
    best.iter().sum::<f32>() / 3.0
}
