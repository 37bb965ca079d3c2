//! Many texts and documents after each other: lines in, answers out in their order.
//!
//! A line is what one of the routes of aligning takes, and its answer is that of the route. Knows nothing of where lines
//! come from, and keeps none of them.

mod line;
mod lines;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

pub use line::BatchLine;
pub use lines::BatchLines;

use super::align::AT_ONCE;
use super::{AlignQuery, AlignScope, AlignedAchievement, AlignedJob, Alignment, RegistryError, View};
use line::Wanted;

/// How many lines are best handed over at once.
pub const BATCH_AT_ONCE: usize = AT_ONCE;

/// What is answered to a line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum BatchAnswer {
    Text(Alignment),
    Achievement(Box<AlignedAchievement>),
    Job(Box<AlignedJob>),
}

/// What came of a line.
#[derive(Debug)]
pub struct BatchAnswered {
    /// The number of the line, from 1.
    pub line: usize,
    /// What the line calls itself, as it is written there.
    pub id: Option<Box<RawValue>>,
    pub outcome: Result<BatchAnswer, RegistryError>,
}

impl View<'_> {
    /// What is answered to each of some lines, in their order; those that are left when they are not `wanted` any more are
    /// left out. What is wrong with one line is the outcome of that line alone.
    #[must_use]
    pub fn align_batch(&self, lines: Vec<BatchLine>, wanted: &dyn Fn() -> bool) -> Vec<BatchAnswered> {
        let mut texts = self.texts(&lines);
        let mut answered = Vec::with_capacity(lines.len());
        for (at, BatchLine { number, id, wanted: asked }) in lines.into_iter().enumerate() {
            if !wanted() {
                break;
            }
            let outcome = asked.and_then(|asked| match (asked, texts.remove(&at)) {
                (_, Some(alignment)) => Ok(BatchAnswer::Text(alignment)),
                (Wanted::Text(query, scope), None) => self.align_one(*query, &scope).map(BatchAnswer::Text),
                (Wanted::Achievement(body, options), None) => self
                    .align_achievement(&body, None, &options)
                    .map(|answer| BatchAnswer::Achievement(Box::new(answer))),
                (Wanted::Job(body, media_type, options), None) => {
                    let answer = self.align_job(&body, Some(&media_type), &options);
                    answer.map(|answer| BatchAnswer::Job(Box::new(answer)))
                }
            });
            answered.push(BatchAnswered { line: number, id, outcome });
        }
        answered
    }

    /// Texts that are aligned to the same are looked for together. Where that fails each line finds out by itself why.
    fn texts(&self, lines: &[BatchLine]) -> HashMap<usize, Alignment> {
        let mut groups: Vec<(&AlignScope, Vec<usize>, Vec<AlignQuery>)> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let Ok(Wanted::Text(query, scope)) = &line.wanted else { continue };
            match groups.iter_mut().find(|(known, ..)| *known == scope.as_ref()) {
                Some((_, places, queries)) => {
                    places.push(at);
                    queries.push(query.as_ref().clone());
                }
                None => groups.push((scope.as_ref(), vec![at], vec![query.as_ref().clone()])),
            }
        }
        let aligned = groups.into_iter().filter_map(|(scope, places, queries)| {
            Some(places.into_iter().zip(self.align(&queries, scope).ok()?).collect::<Vec<_>>())
        });
        aligned.flatten().collect()
    }

    fn align_one(&self, query: AlignQuery, scope: &AlignScope) -> Result<Alignment, RegistryError> {
        let nothing = || RegistryError::AlignRequest("there is nothing to align".to_owned());
        self.align(&[query], scope)?.pop().ok_or_else(nothing)
    }
}
