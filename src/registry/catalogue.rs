//! What is published here, framework by framework, as people choose among it.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::publish::{parse, summary, text};
use super::{FrameworkSummary, RegistryError, SearchRequest, View};

/// One framework with what people choose by.
#[derive(Clone, Debug)]
pub struct CatalogueEntry {
    pub summary: FrameworkSummary,
    pub description: String,
    pub publisher: String,
    pub version: String,
    pub subjects: Vec<String>,
}

/// The catalogue as everybody sees it, with the number of the change that it is of.
type Kept = Mutex<Option<(i64, Arc<Vec<CatalogueEntry>>)>>;

/// Every grade with its count, likewise.
type KeptGrades = Mutex<Option<(i64, Vec<(String, u64)>)>>;

/// The catalogue that is kept in memory.
#[derive(Default)]
pub(super) struct KeptCatalogue(Kept, KeptGrades);

/// How many frameworks have something for a grade.
#[derive(Clone, Debug, Default)]
pub struct Grades {
    /// Every grade with how many items it has, the most frequent first.
    pub known: Vec<(String, u64)>,
    /// The frameworks that have the grade that was asked for.
    pub frameworks: Vec<String>,
}

impl View<'_> {
    /// Every framework, by title.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn catalogue(&self) -> Result<Arc<Vec<CatalogueEntry>>, RegistryError> {
        let kept = &self.registry.catalogue.0;
        self.look(|tx| {
            let seq = tx.newest_change()?;
            let known = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some((_, entries)) = known.filter(|(at, _)| *at == seq && self.is_public()) {
                return Ok(entries);
            }
            let crossing = tx.crossing(None)?;
            let mut entries = Vec::new();
            for object in tx.documents(None, false)? {
                let value = parse(&object);
                let subjects = value.get("subject").and_then(Value::as_array).into_iter().flatten();
                entries.push(CatalogueEntry {
                    summary: summary(tx, &object, &crossing)?,
                    description: text(&value, "description"),
                    publisher: text(&value, "publisher"),
                    version: text(&value, "version"),
                    subjects: subjects.filter_map(|subject| subject.as_str().map(str::to_owned)).collect(),
                });
            }
            let order = |entry: &CatalogueEntry| (entry.summary.title.to_lowercase(), entry.summary.identifier.clone());
            entries.sort_by_cached_key(order);
            let entries = Arc::new(entries);
            if self.is_public() {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((seq, Arc::clone(&entries)));
            }
            Ok(entries)
        })
    }

    /// The grades that items are for, and which frameworks have items for one of them. Nothing while
    /// nothing can be searched.
    ///
    /// # Errors
    /// When the store or the index cannot be read.
    pub fn grades(&self, wanted: Option<&str>) -> Result<Grades, RegistryError> {
        let ask = |grade: Vec<String>| {
            let request = SearchRequest { kind: vec!["item".to_owned()], grade, limit: 1, ..SearchRequest::default() };
            match self.search(&request) {
                Ok(answer) => Ok((answer.index.up_to_date, answer.facets.unwrap_or_default())),
                Err(RegistryError::NoIndex) => Ok((false, super::SearchFacets::default())),
                Err(error) => Err(error),
            }
        };
        let kept = &self.registry.catalogue.1;
        let seq = self.look(|tx| Ok(tx.newest_change()?))?;
        let known = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = match known.filter(|(at, _)| *at == seq && self.is_public()) {
            Some((_, known)) => known,
            None => {
                let (is_whole, facets) = ask(Vec::new())?;
                let known: Vec<(String, u64)> =
                    facets.grade.into_iter().map(|facet| (facet.value, facet.count)).collect();
                if is_whole && self.is_public() {
                    *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((seq, known.clone()));
                }
                known
            }
        };
        let frameworks = match wanted {
            Some(grade) => ask(vec![grade.to_owned()])?.1.framework.into_iter().map(|facet| facet.value).collect(),
            None => Vec::new(),
        };
        Ok(Grades { known, frameworks })
    }
}
