//! Measures of predictions beside right answers: how good the order is, how true the confidence, and the refusals.

use serde::Serialize;

use super::{JudgedQuery, Prediction};

/// How many bins of equal size confidence is compared in.
const BINS: usize = 15;

/// The measures of one set; those of the order are means over the queries that have an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measures {
    pub queries: usize,
    /// One over the place of the first right one.
    pub mrr: f64,
    pub recall1: f64,
    pub recall5: f64,
    pub recall10: f64,
    /// Right ones among the first five, of as many as there could be.
    pub rp5: f64,
    pub ndcg10: f64,
    /// How far confidence of the first is from how often it is right, in bins of equal size.
    pub calibration_error: f64,
    /// How well confidence of the first tells right from wrong.
    pub auroc: Option<f64>,
    /// F1 of refusing where nothing fits; none when there are no such queries.
    pub refusal_f1: Option<f64>,
    /// The share of first answers that are given at 0.5 or more, and how many of those are right.
    pub at_half: f64,
    pub at_half_right: Option<f64>,
    pub at_eight: f64,
    pub at_eight_right: Option<f64>,
    pub per_second: f64,
}

/// The measures of predictions, in the order of their queries.
#[must_use]
pub fn measure(queries: &[JudgedQuery], predictions: &[Prediction], per_second: f64) -> Measures {
    let mut measures = Measures { queries: queries.len(), per_second, ..Measures::default() };
    let mut firsts: Vec<(f64, bool)> = Vec::new();
    let (mut answered, mut refused, mut rightly, mut empty) = (0.0, 0.0, 0.0, 0.0);
    for (query, prediction) in queries.iter().zip(predictions) {
        let right: Vec<bool> = prediction.ranked.iter().map(|id| query.gold.contains(id)).collect();
        if let Some(confidence) = prediction.confidence.first() {
            firsts.push((f64::from(*confidence), right.first().copied().unwrap_or_default()));
        }
        refused += f64::from(u8::from(prediction.none));
        if query.gold.is_empty() {
            empty += 1.0;
            rightly += f64::from(u8::from(prediction.none));
            continue;
        }
        answered += 1.0;
        let gold = count(query.gold.len());
        let within = |first: usize| count(right.iter().take(first).filter(|is| **is).count());
        measures.mrr += right.iter().position(|is| *is).map_or(0.0, |at| 1.0 / count(at + 1));
        measures.recall1 += within(1) / gold;
        measures.recall5 += within(5) / gold;
        measures.recall10 += within(10) / gold;
        measures.rp5 += within(5) / gold.min(5.0);
        let ideal: f64 = (0..query.gold.len().min(10)).map(discount).sum();
        let gained: f64 = right.iter().take(10).enumerate().filter(|(_, is)| **is).map(|(at, _)| discount(at)).sum();
        measures.ndcg10 += gained / ideal;
    }
    if answered > 0.0 {
        let means = [&mut measures.mrr, &mut measures.recall1, &mut measures.recall5, &mut measures.recall10];
        means.into_iter().for_each(|sum| *sum /= answered);
        [&mut measures.rp5, &mut measures.ndcg10].into_iter().for_each(|sum| *sum /= answered);
    }
    measures.refusal_f1 = (empty > 0.0).then(|| 2.0 * rightly / (refused + empty));
    calibrate(&mut measures, firsts);
    measures
}

fn calibrate(measures: &mut Measures, mut firsts: Vec<(f64, bool)>) {
    firsts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = count(firsts.len()).max(1.0);
    let right = |of: &[(f64, bool)]| count(of.iter().filter(|(_, is)| *is).count());
    for bin in 0..BINS {
        let range = firsts.len() * bin / BINS..firsts.len() * (bin + 1) / BINS;
        let own = firsts.get(range).unwrap_or_default();
        let said: f64 = own.iter().map(|(confidence, _)| confidence).sum();
        measures.calibration_error += (said - right(own)).abs() / all;
    }
    // Each right one beside each wrong one: how often it is surer.
    let (positives, negatives) = (right(&firsts), all - right(&firsts));
    if positives > 0.0 && negatives > 0.0 {
        let (mut below, mut pairs, mut at) = (0.0, 0.0, 0);
        while let Some((confidence, _)) = firsts.get(at) {
            let same: Vec<&(f64, bool)> =
                firsts.iter().skip(at).take_while(|one| one.0.total_cmp(confidence).is_eq()).collect();
            let wrong = count(same.iter().filter(|(_, is)| !is).count());
            pairs += (count(same.len()) - wrong) * (below + wrong / 2.0);
            below += wrong;
            at += same.len();
        }
        measures.auroc = Some(pairs / (positives * negatives));
    }
    let sure = |least: f64| {
        let own: Vec<(f64, bool)> = firsts.iter().copied().filter(|(confidence, _)| *confidence >= least).collect();
        (count(own.len()) / all, (!own.is_empty()).then(|| right(&own) / count(own.len())))
    };
    (measures.at_half, measures.at_half_right) = sure(0.5);
    (measures.at_eight, measures.at_eight_right) = sure(0.8);
}

/// The means over sets; those of the order over sets that have answers.
#[must_use]
pub fn macro_of(sets: &[Measures]) -> Measures {
    let mean = |of: &dyn Fn(&Measures) -> Option<f64>| {
        let all: Vec<f64> = sets.iter().filter_map(of).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / count(all.len()))
    };
    let ranked = |of: fn(&Measures) -> f64| mean(&|one| (one.ndcg10 > 0.0).then(|| of(one))).unwrap_or_default();
    Measures {
        queries: sets.iter().map(|one| one.queries).sum(),
        mrr: ranked(|one| one.mrr),
        recall1: ranked(|one| one.recall1),
        recall5: ranked(|one| one.recall5),
        recall10: ranked(|one| one.recall10),
        rp5: ranked(|one| one.rp5),
        ndcg10: ranked(|one| one.ndcg10),
        calibration_error: mean(&|one| Some(one.calibration_error)).unwrap_or_default(),
        auroc: mean(&|one| one.auroc),
        refusal_f1: mean(&|one| one.refusal_f1),
        at_half: mean(&|one| Some(one.at_half)).unwrap_or_default(),
        at_half_right: mean(&|one| one.at_half_right),
        at_eight: mean(&|one| Some(one.at_eight)).unwrap_or_default(),
        at_eight_right: mean(&|one| one.at_eight_right),
        per_second: mean(&|one| Some(one.per_second)).unwrap_or_default(),
    }
}

fn discount(at: usize) -> f64 {
    1.0 / count(at + 2).log2()
}

#[expect(clippy::cast_precision_loss, reason = "counts of queries")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(id: &str, gold: &[&str]) -> JudgedQuery {
        serde_json::from_value(serde_json::json!({"id": id, "text": "t", "gold": gold})).unwrap()
    }

    fn predicted(id: &str, ranked: &[&str], confidence: f32, none: bool) -> Prediction {
        Prediction {
            query_id: id.to_owned(),
            ranked: ranked.iter().map(|id| (*id).to_owned()).collect(),
            confidence: ranked.iter().map(|_| confidence).collect(),
            relation: ranked.iter().map(|_| "isRelatedTo").collect(),
            none,
        }
    }

    #[test]
    fn measures_are_those_of_the_books() {
        let queries = [judged("1", &["a"]), judged("2", &["a", "b"]), judged("3", &[])];
        let predictions = [
            predicted("1", &["a", "b"], 0.9, false),
            predicted("2", &["c", "b"], 0.6, false),
            predicted("3", &["c"], 0.1, true),
        ];
        let measures = measure(&queries, &predictions, 1.0);
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        near(measures.mrr, 0.75);
        near(measures.recall1, 0.5);
        near(measures.recall10, 0.75);
        near(measures.rp5, 0.75);
        near(measures.ndcg10, f64::midpoint(1.0, (1.0 / 3.0_f64.log2()) / (1.0 + 1.0 / 3.0_f64.log2())));
        near(measures.refusal_f1.unwrap(), 1.0);
        near(measures.auroc.unwrap(), 1.0);
        near(measures.at_half, 2.0 / 3.0);
        near(measures.at_half_right.unwrap(), 0.5);
        near(measures.calibration_error, f64::midpoint(0.1 + 0.6, 0.1) / 1.5);
    }

    #[test]
    fn nothing_has_no_measure() {
        let measures = measure(&[], &[], 0.0);
        assert_eq!((measures.auroc, measures.refusal_f1, measures.at_half_right), (None, None, None));
        assert!(measures.mrr.abs() < f64::EPSILON);
    }
}
