//! Ranking: from what is known of candidates to their order and how sure it is.
//!
//! A trained ranker and the sum with hand-set weights, each as far from the mean of all candidates as it says, are
//! added: the ranker is better where it has learned, the sum where it has not.

use std::sync::LazyLock;

use serde::Deserialize;

use super::features::{Candidate, Features};
use super::trees::Forest;

/// What was trained: one for candidates with cosines, one for words alone.
static WITH_MODEL: LazyLock<Option<Trained>> = LazyLock::new(|| read(include_str!("model/semantic.json")));
static WORDS_ALONE: LazyLock<Option<Trained>> = LazyLock::new(|| read(include_str!("model/lexical.json")));

/// A ranker and what its scores mean.
#[derive(Deserialize)]
struct Trained {
    ranker: Forest,
    /// How much the hand-set sum counts beside the ranker.
    fixed: f32,
    /// How sure the first is, and how sure the others are.
    first: Logistic,
    others: Logistic,
}

/// A file that does not fit this program is not used: the hand-set sum ranks alone.
fn read(text: &str) -> Option<Trained> {
    let trained: Trained = serde_json::from_str(text).ok()?;
    let is_known = trained.ranker.features == Features::NAMES;
    (is_known && [&trained.first, &trained.others].iter().all(|one| one.weights.len() == INPUTS)).then_some(trained)
}

/// One candidate in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) candidate: Candidate,
    /// Only to be compared within one query.
    pub(super) score: f32,
    /// How often such an answer is right, from 0 to 1.
    pub(super) confidence: f32,
}

/// The candidates, the best first, ties in their order.
pub(super) fn rank(candidates: Vec<Candidate>, has_vectors: bool) -> Vec<Ranked> {
    let trained = if has_vectors { &*WITH_MODEL } else { &*WORDS_ALONE };
    let scores = scores(&candidates, trained.as_ref());
    let mut ranked: Vec<Ranked> = candidates
        .into_iter()
        .zip(scores)
        .map(|(candidate, score)| Ranked { candidate, score, confidence: 0.0 })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
    if let Some(trained) = trained {
        for (at, inputs) in inputs(&ranked).into_iter().enumerate() {
            let logistic = if at == 0 { &trained.first } else { &trained.others };
            if let Some(one) = ranked.get_mut(at) {
                one.confidence = logistic.of(&inputs);
            }
        }
    }
    ranked
}

fn scores(candidates: &[Candidate], trained: Option<&Trained>) -> Vec<f32> {
    let fixed: Vec<f32> = candidates.iter().map(|one| one.features.fixed).collect();
    let Some(trained) = trained else { return fixed };
    let learned: Vec<f32> = candidates.iter().map(|one| trained.ranker.score(&one.features.numbers())).collect();
    let (learned, fixed) = (apart(&learned), apart(&fixed));
    learned.iter().zip(fixed).map(|(learned, fixed)| learned + trained.fixed * fixed).collect()
}

/// How many deviations each is from the mean.
#[expect(clippy::cast_precision_loss, reason = "counts of candidates")]
fn apart(scores: &[f32]) -> Vec<f32> {
    let count = scores.len().max(1) as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let spread = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f32>() / count).sqrt() + 1e-6;
    scores.iter().map(|score| (score - mean) / spread).collect()
}

/// How many numbers tell how sure a candidate is.
pub(super) const INPUTS: usize = 22;

/// What tells how sure each of the ranked is, in their order.
pub(super) fn inputs(ranked: &[Ranked]) -> Vec<[f32; INPUTS]> {
    let best = ranked.first().map_or(0.0, |one| one.score);
    let weights: Vec<f32> = ranked.iter().map(|one| (one.score - best).exp()).collect();
    let whole: f32 = weights.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    let score = |at: usize| ranked.get(at).map_or(-5.0, |one| one.score);
    let inputs = ranked.iter().zip(&weights).enumerate().map(|(at, (one, weight))| {
        let of = &one.candidate.features;
        [
            one.score,
            one.score - score(at + 1),
            best - one.score,
            best - score(1),
            best - score(4),
            (weight / whole).ln(),
            of.cosine,
            of.cosine_full,
            of.cosine_notes,
            of.cosine_piece,
            of.statement_share,
            of.everything_share,
            of.item_covered,
            of.query_covered,
            of.piece_overlap,
            of.label_overlap,
            of.phrase.max(of.label_phrase),
            of.grade_gap.max(0.0),
            of.grade_known,
            of.query_words,
            of.item_words,
            of.fixed,
        ]
    });
    inputs.collect()
}

/// A logistic model over numbers that are brought to one size first.
#[derive(Deserialize)]
struct Logistic {
    mean: Vec<f32>,
    spread: Vec<f32>,
    weights: Vec<f32>,
    bias: f32,
}

impl Logistic {
    fn of(&self, inputs: &[f32]) -> f32 {
        /// How far beyond what was met in training an input counts, in deviations.
        const FARTHEST: f32 = 4.0;
        let known = self.mean.iter().zip(&self.spread).zip(&self.weights);
        let parts = inputs.iter().zip(known).map(|(input, ((mean, spread), weight))| {
            weight * ((input - mean) / spread.max(f32::MIN_POSITIVE)).clamp(-FARTHEST, FARTHEST)
        });
        1.0 / (1.0 + (-(self.bias + parts.sum::<f32>())).exp())
    }
}
