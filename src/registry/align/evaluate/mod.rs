//! Measuring alignment on queries whose right answers are known: the engine that answers requests, over targets from a
//! file in the place of a stored framework.

mod lines;
mod measures;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde::Serialize;

pub use lines::{JudgedQuery, JudgedTarget, LineError, read_lines};
pub use measures::{Measures, macro_of, measure};

use super::embedding::{EmbeddingState, Job};
use super::vectors::{Folder, Placed};
use crate::align::{Collection, Encoder, Query, Within, align, known, known_names};
use crate::registry::RegistryError;

/// How many items a prediction ranks.
const RANKED: usize = 50;

/// What the engine answers to one judged query.
#[derive(Clone, Debug, Serialize)]
pub struct Prediction {
    pub query_id: String,
    /// Identifiers of targets, the best first.
    pub ranked: Vec<String>,
    /// How sure each is, from 0 to 1.
    pub confidence: Vec<f32>,
    /// The association type of each.
    #[serde(rename = "type")]
    pub relation: Vec<&'static str>,
    /// Whether nothing is claimed.
    pub none: bool,
}

/// Targets that are ready, by the framework they say they are of.
pub struct Targets {
    frameworks: BTreeMap<String, (Collection, Option<Placed>)>,
}

impl Targets {
    /// Prepares targets; with an encoder also their vectors, which are kept in `vectors`.
    ///
    /// # Errors
    /// When vectors cannot be written.
    pub fn new(
        targets: Vec<JudgedTarget>,
        encoder: Option<&Encoder>,
        threads: usize,
        vectors: &Path,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Targets, RegistryError> {
        let mut items: BTreeMap<String, Vec<crate::align::Item>> = BTreeMap::new();
        for target in targets {
            let (framework, item) = target.into_item();
            items.entry(framework).or_default().push(item);
        }
        let mut frameworks = BTreeMap::new();
        for (framework, items) in items {
            let placed = match encoder {
                None => None,
                Some(encoder) => {
                    let folder = Folder::new(vectors, encoder.hash(), encoder.width());
                    let (state, stop) = (EmbeddingState::default(), AtomicBool::new(false));
                    let job = Job { folder: &folder, encoder, threads, state: &state, stop: &stop, progress };
                    let name = format!("{framework} {}", items.len());
                    job.package(&name, &items)?;
                    Some((folder, name))
                }
            };
            let collection = Collection::new(items);
            let placed = placed.and_then(|(folder, name)| Placed::new(folder.open(&name)?, &collection));
            frameworks.insert(framework, (collection, placed));
        }
        Ok(Targets { frameworks })
    }

    fn within(&self, framework: Option<&str>) -> Vec<Within<'_>> {
        let all = self.frameworks.iter().filter(|(name, _)| framework.is_none_or(|asked| asked == name.as_str()));
        all.map(|(_, (collection, placed))| Within {
            collection,
            embedded: placed.as_ref().map(Placed::embedded),
            may: &|_| true,
        })
        .collect()
    }

    /// What the engine answers, and how many queries a second.
    #[must_use]
    pub fn predict(
        &self,
        queries: &[JudgedQuery],
        encoder: Option<&Encoder>,
        threads: usize,
    ) -> (Vec<Prediction>, f64) {
        let begun = Instant::now();
        let predictions = queries.iter().map(|judged| {
            let query = judged.query();
            let within = self.within(judged.framework.as_deref());
            let aligned = align(&query, encoder, threads, &within, RANKED);
            let id = |one: &crate::align::Match| {
                let item = within.get(one.collection)?.collection.items().get(one.item)?;
                Some(item.id.clone())
            };
            Prediction {
                query_id: judged.id.clone(),
                ranked: aligned.matches.iter().filter_map(id).collect(),
                confidence: aligned.matches.iter().map(|one| one.confidence).collect(),
                relation: aligned.matches.iter().map(|one| one.relation.association()).collect(),
                none: aligned.none,
            }
        });
        let predictions: Vec<Prediction> = predictions.collect();
        #[expect(clippy::cast_precision_loss, reason = "a count of queries")]
        let rate = queries.len() as f64 / begun.elapsed().as_secs_f64().max(1e-9);
        (predictions, rate)
    }

    /// Writes what is known of every candidate, as `scripts/align/train.py` reads it: `NAME.f32` and `NAME.jsonl`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn describe(
        &self,
        name: &str,
        queries: &[JudgedQuery],
        encoder: Option<&Encoder>,
        threads: usize,
        folder: &Path,
    ) -> io::Result<()> {
        use io::Write as _;
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("names.json"), serde_json::to_string(known_names())?)?;
        let mut numbers = io::BufWriter::new(std::fs::File::create(folder.join(format!("{name}.f32")))?);
        let mut lines = io::BufWriter::new(std::fs::File::create(folder.join(format!("{name}.jsonl")))?);
        for judged in queries {
            let query: Query = judged.query();
            let within = self.within(judged.framework.as_deref());
            let mut labels = Vec::new();
            for (collection, item, known) in known(&query, encoder, threads, &within) {
                for number in known {
                    numbers.write_all(&number.to_le_bytes())?;
                }
                let found = within.get(collection).and_then(|one| one.collection.items().get(item));
                labels.push(u8::from(found.is_some_and(|item| judged.gold.contains(&item.id))));
            }
            let line = serde_json::json!({
                "id": judged.id, "n": labels.len(), "gold": judged.gold.len(), "labels": labels
            });
            writeln!(lines, "{line}")?;
        }
        numbers.flush()?;
        lines.flush()
    }
}
