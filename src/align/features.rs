//! Features: what is known of one candidate beside a query, as numbers that a ranker weighs.
//!
//! The order of [`NAMES`] is the order that trained rankers know; a change of it needs new ones.

use super::collection::{Collection, Prepared};
use super::signals::{Asked, Signals};
use super::terms::Vocabulary;

/// The names of all features.
pub(super) const NAMES: [&str; 46] = [
    "cosine", "cosine_full", "cosine_notes", "cosine_piece", "cosine_piece_notes", "cosine_context",
    "cosine_gap", "cosine_full_gap", "cosine_notes_gap", "cosine_piece_gap",
    "cosine_place", "cosine_notes_place", "cosine_piece_place",
    "statement", "everything", "statement_share", "everything_share", "statement_place", "everything_place",
    "item_covered", "query_covered", "item_covered_by_piece", "piece_overlap", "all_query_covered", "label_overlap",
    "label_covered", "notes_query_covered", "path_query_covered", "context_path_covered", "context_notes_covered",
    "phrase", "label_phrase", "query_inside", "same_words",
    "trigrams", "piece_trigrams", "label_trigrams",
    "grade_gap", "grade_known",
    "query_words", "item_words", "pieces", "siblings", "siblings_lexical", "fixed", "fixed_gap",
];

/// The features of one candidate.
pub(super) type Features = [f32; NAMES.len()];

/// The features of all candidates of a query in one collection, in their order.
pub(super) fn features(asked: &Asked<'_>, signals: &Signals, collection: &Collection, chosen: &[u32]) -> Vec<Features> {
    let terms = QueryTerms::of(asked, &collection.vocabulary);
    let places = Places::of(signals, chosen);
    let best = |scores: &[f32]| scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let (statement, everything) = (best(&signals.statement), best(&signals.everything));
    let bests = [&signals.cosine, &signals.cosine_full, &signals.cosine_notes, &signals.cosine_piece].map(|of| best(of));
    let mut all: Vec<Features> = Vec::with_capacity(chosen.len());
    for (row, number) in chosen.iter().enumerate() {
        let at = *number as usize;
        let Some(item) = collection.prepared.get(at) else { continue };
        let of = |scores: &[f32]| scores.get(at).copied().unwrap_or_default();
        let place = |list: &[f32]| list.get(row).copied().unwrap_or_default();
        let overlaps = Overlaps::of(&terms, item, &collection.vocabulary);
        let letters = Letters::of(asked, item);
        let gap = asked.band.zip(item.band).map(|(one, other)| f32::from(one.gap(other)));
        let siblings = siblings(&signals.cosine, collection, item, at);
        let siblings_lexical = siblings_share(&signals.statement, collection, item, at, statement);
        let cosines = [of(&signals.cosine), of(&signals.cosine_full), of(&signals.cosine_notes), of(&signals.cosine_piece)];
        let shares = (of(&signals.statement) / statement, of(&signals.everything) / everything);
        let fixed = fixed(cosines, shares, gap, overlaps.item_by_piece, signals.cosine.is_empty());
        all.push([
            cosines[0], cosines[1], cosines[2], cosines[3], of(&signals.cosine_piece_notes), of(&signals.cosine_context),
            bests[0] - cosines[0], bests[1] - cosines[1], bests[2] - cosines[2], bests[3] - cosines[3],
            place(&places.cosine), place(&places.notes), place(&places.piece),
            of(&signals.statement), of(&signals.everything), shares.0, shares.1,
            place(&places.statement), place(&places.everything),
            overlaps.item, overlaps.query, overlaps.item_by_piece, overlaps.piece, overlaps.all_query, overlaps.label,
            overlaps.label_covered, overlaps.notes, overlaps.path, overlaps.context_path, overlaps.context_notes,
            overlaps.phrase, overlaps.label_phrase, overlaps.inside, overlaps.same,
            letters.whole, letters.piece, letters.label,
            gap.unwrap_or(-1.0), f32::from(u8::from(gap.is_some())),
            size(terms.full.len()), size(item.statement.len()), size(asked.pieces.len()), siblings, siblings_lexical,
            fixed, 0.0,
        ]);
    }
    let top = all.iter().map(|one| one[44]).fold(f32::MIN, f32::max);
    all.iter_mut().for_each(|one| one[45] = top - one[44]);
    all
}

/// The sum with hand-set weights, which no training can spoil; without a model, of words alone.
pub(super) fn fixed(cosines: [f32; 4], shares: (f32, f32), gap: Option<f32>, covered: f32, no_model: bool) -> f32 {
    let words = 0.1 * shares.0 + 0.1 * shares.1;
    let apart = 0.1 * gap.unwrap_or_default().min(3.0);
    if no_model {
        return 3.0 * words + 0.3 * covered - apart;
    }
    let [cosine, full, notes, piece] = cosines;
    0.35 * (0.5 * cosine + 0.5 * full) + 0.35 * notes + 0.3 * piece + words - apart
}

#[expect(clippy::cast_precision_loss, reason = "counts of a text's words")]
fn size(count: usize) -> f32 {
    (1.0 + count as f32).ln()
}

/// The terms of a query's parts, in the numbers of one collection.
struct QueryTerms {
    short: Vec<Option<u32>>,
    full: Vec<Option<u32>>,
    context: Vec<Option<u32>>,
    pieces: Vec<Vec<Option<u32>>>,
}

impl QueryTerms {
    fn of(asked: &Asked<'_>, vocabulary: &Vocabulary) -> QueryTerms {
        let mut pieces: Vec<Vec<Option<u32>>> = asked.piece_stems.iter().map(|stems| vocabulary.look_up(stems)).collect();
        if pieces.is_empty() {
            pieces.push(vocabulary.look_up(&asked.short));
        }
        QueryTerms {
            short: vocabulary.look_up(&asked.short),
            full: vocabulary.look_up(&asked.full),
            context: vocabulary.look_up(&asked.context),
            pieces,
        }
    }
}

/// The place of each candidate by some signals, as one over it.
struct Places {
    cosine: Vec<f32>,
    notes: Vec<f32>,
    piece: Vec<f32>,
    statement: Vec<f32>,
    everything: Vec<f32>,
}

impl Places {
    fn of(signals: &Signals, chosen: &[u32]) -> Places {
        let places = |scores: &[f32]| -> Vec<f32> {
            if scores.is_empty() {
                return Vec::new();
            }
            let score = |row: &usize| chosen.get(*row).and_then(|at| scores.get(*at as usize)).copied().unwrap_or_default();
            let mut order: Vec<usize> = (0..chosen.len()).collect();
            order.sort_by(|a, b| score(b).total_cmp(&score(a)));
            let mut places = vec![0.0; chosen.len()];
            for (place, row) in (1_u16..).zip(order) {
                if score(&row) > 0.0 {
                    places[row] = 1.0 / f32::from(place);
                }
            }
            places
        };
        Places {
            cosine: places(&signals.cosine_full),
            notes: places(&signals.cosine_notes),
            piece: places(&signals.cosine_piece),
            statement: places(&signals.statement),
            everything: places(&signals.everything),
        }
    }
}

/// How far the words of query and item are the same, by how much they tell.
#[derive(Default)]
struct Overlaps {
    item: f32,
    query: f32,
    item_by_piece: f32,
    piece: f32,
    all_query: f32,
    label: f32,
    label_covered: f32,
    notes: f32,
    path: f32,
    context_path: f32,
    context_notes: f32,
    phrase: f32,
    label_phrase: f32,
    inside: f32,
    same: f32,
}

impl Overlaps {
    fn of(terms: &QueryTerms, item: &Prepared, vocabulary: &Vocabulary) -> Overlaps {
        let known: Vec<u32> = terms.full.iter().flatten().copied().collect();
        let covered = |of: &[Option<u32>], by: &[u32]| share(of, |term| term.is_some_and(|term| by.contains(&term)), vocabulary);
        let own = |by: &[u32], of: &[Option<u32>]| share(&some(by), |term| of.contains(&term), vocabulary);
        let mut overlaps = Overlaps {
            item: own(&item.statement, &terms.full),
            query: covered(&terms.full, &item.statement),
            notes: covered(&terms.full, &item.notes),
            path: covered(&terms.full, &item.path),
            context_path: covered(&terms.context, &item.path),
            context_notes: covered(&terms.context, &item.notes),
            phrase: truth(has_run(&known, &item.statement)),
            inside: truth(has_run(&item.statement, &terms.short.iter().flatten().copied().collect::<Vec<_>>())),
            ..Overlaps::default()
        };
        for piece in &terms.pieces {
            let (one, other) = (own(&item.statement, piece), covered(piece, &item.statement));
            overlaps.item_by_piece = overlaps.item_by_piece.max(one);
            overlaps.piece = overlaps.piece.max(both(one, other));
        }
        for label in &item.labels {
            let one = own(label, &terms.full);
            let best = terms.pieces.iter().map(|piece| both(own(label, piece), covered(piece, label))).fold(0.0, f32::max);
            overlaps.label = overlaps.label.max(best).max(both(one, covered(&terms.short, label)));
            overlaps.label_covered = overlaps.label_covered.max(one);
            overlaps.label_phrase = overlaps.label_phrase.max(truth(has_run(&known, label)));
        }
        let all: Vec<u32> = item.statement.iter().chain(item.labels.iter().flatten()).chain(&item.notes).copied().collect();
        overlaps.all_query = covered(&terms.full, &all);
        overlaps.same = both(overlaps.item, overlaps.query);
        overlaps
    }
}

fn some(terms: &[u32]) -> Vec<Option<u32>> {
    terms.iter().copied().map(Some).collect()
}

fn truth(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// The harmonic mean.
fn both(one: f32, other: f32) -> f32 {
    if one + other > 0.0 { 2.0 * one * other / (one + other) } else { 0.0 }
}

/// Which share of terms, by what they tell, is so; each term once.
fn share(terms: &[Option<u32>], is: impl Fn(Option<u32>) -> bool, vocabulary: &Vocabulary) -> f32 {
    let (mut whole, mut part) = (0.0, 0.0);
    for (at, term) in terms.iter().enumerate() {
        if term.is_some() && terms.get(..at).is_some_and(|before| before.contains(term)) {
            continue;
        }
        let weight = vocabulary.weight(*term);
        whole += weight;
        part += if is(*term) { weight } else { 0.0 };
    }
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Whether one list stands in another, in order and together.
fn has_run(all: &[u32], run: &[u32]) -> bool {
    !run.is_empty() && run.len() <= all.len() && all.windows(run.len()).any(|window| window == run)
}

/// How alike letters are.
struct Letters {
    whole: f32,
    piece: f32,
    label: f32,
}

impl Letters {
    fn of(asked: &Asked<'_>, item: &Prepared) -> Letters {
        let whole = asked.trigrams.likeness(&item.trigrams);
        let pieces = asked.piece_trigrams.iter().map(|piece| piece.likeness(&item.trigrams));
        let asked_all = || std::iter::once(&asked.trigrams).chain(&asked.piece_trigrams);
        let labels = item.label_trigrams.iter().flat_map(|label| asked_all().map(|asked| asked.likeness(label)));
        Letters { whole, piece: pieces.fold(whole, f32::max), label: labels.fold(0.0, f32::max) }
    }
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

fn siblings_share(scores: &[f32], collection: &Collection, item: &Prepared, own: usize, best: f32) -> f32 {
    siblings(scores, collection, item, own) / best
}
