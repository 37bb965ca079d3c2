//! Trees: a trained sum of decision trees, as `scripts/align/train` writes it.

use serde::Deserialize;

/// Many small trees, whose values are added.
#[derive(Debug, Deserialize)]
pub(super) struct Forest {
    /// The features by name, in the order of the trees' numbers.
    pub(super) features: Vec<String>,
    trees: Vec<Tree>,
}

/// One tree: questions and values. A question's answers are the numbers of further questions, or, below zero, of
/// values (`-1` is the first).
#[derive(Debug, Deserialize)]
struct Tree {
    feature: Vec<usize>,
    /// What a feature may be at most to go left.
    most: Vec<f32>,
    left: Vec<i32>,
    right: Vec<i32>,
    values: Vec<f32>,
}

impl Forest {
    /// The sum for one candidate.
    pub(super) fn score(&self, features: &[f32]) -> f32 {
        self.trees.iter().map(|tree| tree.value(features)).sum()
    }
}

impl Tree {
    fn value(&self, features: &[f32]) -> f32 {
        let mut at = if self.feature.is_empty() { -1 } else { 0 };
        // A damaged file must not keep anybody in a circle.
        for _ in 0..=self.feature.len() {
            let Ok(question) = usize::try_from(at) else { break };
            let Some(feature) = self.feature.get(question) else { return 0.0 };
            let number = features.get(*feature).copied().unwrap_or_default();
            let is_left = self.most.get(question).is_some_and(|most| number <= *most);
            let next = if is_left { self.left.get(question) } else { self.right.get(question) };
            at = next.copied().unwrap_or(-1);
        }
        let leaf = usize::try_from(-1 - i64::from(at)).unwrap_or(usize::MAX);
        self.values.get(leaf).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Forest;

    #[test]
    fn a_tree_is_followed_to_its_value() {
        let forest: Forest = serde_json::from_str(
            r#"{"features": ["a", "b"], "trees": [
                {"feature": [0, 1], "most": [0.5, 2.0], "left": [-1, -2], "right": [1, -3], "values": [1.0, 2.0, 4.0]},
                {"feature": [], "most": [], "left": [], "right": [], "values": [0.5]}]}"#,
        )
        .unwrap();
        for (features, expected) in [([0.0, 9.0], 1.5), ([1.0, 2.0], 2.5), ([1.0, 3.0], 4.5)] {
            assert!((forest.score(&features) - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn a_damaged_tree_ends() {
        let forest: Forest = serde_json::from_str(
            r#"{"features": [], "trees": [{"feature": [0], "most": [], "left": [0], "right": [0], "values": []}]}"#,
        )
        .unwrap();
        assert!(forest.score(&[]).abs() < f32::EPSILON);
    }
}
