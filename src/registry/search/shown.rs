//! What is shown of what was found, read from the store.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::names::Name;
use super::request::{self, SearchRequest};
use super::texts::Texts;
use crate::case::model::Class;
use crate::registry::{RegistryError, written};
use crate::search::{Found, Generation, Hit, Progress};
use crate::store::{Object, Tx};
use crate::text::plain;

/// What a search answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchAnswer {
    /// How much was found, on all pages.
    pub total: u64,
    pub hits: Vec<SearchHit>,
    /// With `group=framework`: the best of each framework, in place of `hits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<FrameworkHits>>,
    /// How much of what was found; the most frequent values of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<SearchFacets>,
    /// Words that nothing has, and what was searched for in their place.
    pub corrections: Vec<Correction>,
    /// Whether what has only most of the words was found as well, after what has all.
    pub relaxed: bool,
    /// What should be known of the query.
    pub hints: Vec<String>,
    /// For the parameter `cursor`: the next page.
    pub next: Option<String>,
    pub index: IndexState,
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// Its class in the standard.
    #[schema(example = "CFItem")]
    pub kind: String,
    pub identifier: String,
    pub uri: String,
    /// Its human coding scheme.
    pub code: Option<String>,
    /// The full statement or title as published.
    pub statement: String,
    pub abbreviated_statement: Option<String>,
    pub item_type: Option<String>,
    pub education_level: Vec<String>,
    /// Its own or its framework's.
    pub language: Option<String>,
    pub framework: HitFramework,
    /// What stands above it, from the top down; without the framework.
    pub ancestors: Vec<Ancestor>,
    pub snippets: Vec<Snippet>,
    /// Whether it was found by its code (`code`) or by words (`words`).
    pub found_by: &'static str,
    /// How well it fits: only to be compared within one answer.
    pub score: f32,
    /// Set when it is no longer in force.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    pub last_change_date_time: String,
}

/// The framework of a hit.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HitFramework {
    pub identifier: String,
    pub uri: String,
    pub title: String,
    pub adoption_status: Option<String>,
}

/// What stands above a hit.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ancestor {
    pub identifier: String,
    pub code: Option<String>,
    pub statement: String,
}

/// The part of a text that matched.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Snippet {
    #[schema(example = "fullStatement")]
    pub property: &'static str,
    /// Escaped, with `<mark>` around what matched.
    pub html: String,
}

/// What was found in one framework.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkHits {
    pub framework: HitFramework,
    pub total: u64,
    /// The best three.
    pub hits: Vec<SearchHit>,
}

/// A word that nothing has.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Correction {
    pub typed: String,
    pub searched: String,
}

/// The counts of all facets.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchFacets {
    pub framework: Vec<FacetCount>,
    pub subject: Vec<FacetCount>,
    pub grade: Vec<FacetCount>,
    #[serde(rename = "type")]
    pub item_type: Vec<FacetCount>,
    pub language: Vec<FacetCount>,
    pub status: Vec<FacetCount>,
    pub kind: Vec<FacetCount>,
}

/// How many hits have one value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FacetCount {
    /// For the parameter of the facet's name.
    pub value: String,
    /// A framework's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub count: u64,
}

/// How far the index follows what is published.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndexState {
    /// The number of the last change that can be found.
    pub change: i64,
    /// Whether that is the last one there is.
    pub up_to_date: bool,
}

/// What somebody who types may mean.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    pub kind: String,
    pub identifier: String,
    pub uri: String,
    pub code: Option<String>,
    /// A line of plain text: the statement or title, cut where it is long.
    pub text: String,
    pub framework: String,
}

/// How many values of a facet are told.
const VALUES: usize = 50;
/// The longest line of a suggestion, in characters.
const LINE: usize = 120;

/// Reads what is shown.
pub(super) struct Showing<'a, 'c> {
    pub(super) tx: &'a mut Tx<'c>,
    pub(super) names: &'a [Name],
    pub(super) is_public: bool,
}

type Objects = HashMap<(String, String), Object>;

impl Showing<'_, '_> {
    pub(super) fn answer(
        mut self,
        request: &SearchRequest,
        found: &Found,
        generation: &Generation,
    ) -> Result<SearchAnswer, RegistryError> {
        let all: Vec<&Hit> = found.hits.iter().chain(found.groups.iter().flat_map(|group| &group.hits)).collect();
        let objects = self.objects(&all)?;
        let now = chrono::Utc::now().timestamp();
        let hits = found.hits.iter().filter_map(|hit| self.hit(hit, found, &objects, now)).collect();
        let groups = request.grouped.then(|| {
            let group = |group: &crate::search::FoundGroup| FrameworkHits {
                framework: self.framework(&group.package),
                total: group.total,
                hits: group.hits.iter().filter_map(|hit| self.hit(hit, found, &objects, now)).collect(),
            };
            found.groups.iter().map(group).collect()
        });
        let progress = self.progress(generation);
        Ok(SearchAnswer {
            total: found.total,
            groups,
            hits: if request.grouped { Vec::new() } else { hits },
            facets: request.facets.then(|| self.facets(found)),
            corrections: found
                .corrected
                .iter()
                .map(|(typed, searched)| Correction { typed: typed.clone(), searched: searched.clone() })
                .collect(),
            relaxed: found.relaxed,
            hints: request.query().hints,
            next: found.next.as_ref().filter(|_| !request.grouped).map(request::written),
            index: IndexState {
                change: progress.seq,
                up_to_date: progress.is_whole && progress.seq == self.tx.newest_change()?,
            },
        })
    }

    /// How far what is searched follows the store.
    fn progress(&self, generation: &Generation) -> Progress {
        let (public, private) = (generation.public.searched(), generation.private.searched());
        let is_later = (private.is_whole, private.seq) < (public.is_whole, public.seq);
        if is_later && !self.is_public { private } else { public }
    }

    pub(super) fn suggestions(mut self, found: &Found) -> Result<Vec<Suggestion>, RegistryError> {
        let objects = self.objects(&found.hits.iter().collect::<Vec<_>>())?;
        let suggestion = |hit: &Hit| {
            let object = objects.get(&(hit.shown.class.clone(), hit.shown.id.clone()))?;
            let texts = Texts::of(object);
            let statement = texts.statement();
            let line = plain(texts.abbreviated_statement.as_deref().unwrap_or(&statement)).into_owned();
            let text = match line.char_indices().nth(LINE) {
                Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
                None => line,
            };
            Some(Suggestion {
                kind: hit.shown.class.clone(),
                identifier: hit.shown.id.clone(),
                uri: texts.uri.into_owned(),
                code: texts.human_coding_scheme.map(std::borrow::Cow::into_owned),
                text,
                framework: self.framework(&hit.shown.package).title,
            })
        };
        Ok(found.hits.iter().filter_map(suggestion).collect())
    }

    /// What was found and what stands above it, as far as it is in sight.
    fn objects(&mut self, hits: &[&Hit]) -> Result<Objects, RegistryError> {
        let mut wanted: BTreeMap<Class, Vec<&str>> = BTreeMap::new();
        for hit in hits {
            let Some(class) = Class::from_name(&hit.shown.class) else { continue };
            wanted.entry(class).or_default().push(&hit.shown.id);
            wanted.entry(Class::Item).or_default().extend(hit.shown.path.iter().map(String::as_str));
            // A criterion stands below its rubric.
            if matches!(class, Class::Criterion | Class::Level) {
                wanted.entry(Class::Rubric).or_default().extend(hit.shown.path.iter().map(String::as_str));
                wanted.entry(Class::Criterion).or_default().extend(hit.shown.path.iter().map(String::as_str));
            }
        }
        let mut objects = HashMap::new();
        for (class, mut ids) in wanted {
            ids.sort_unstable();
            ids.dedup();
            let found = self.tx.objects_among(class, &ids)?;
            objects.extend(found.into_iter().map(|(id, object)| ((class.name().to_owned(), id), object)));
        }
        Ok(objects)
    }

    fn framework(&self, id: &str) -> HitFramework {
        let name = self.names.iter().find(|name| name.id == id);
        name.map_or_else(HitFramework::default, |name| HitFramework {
            identifier: name.id.clone(),
            uri: name.uri.clone(),
            title: name.title.clone(),
            adoption_status: name.status.clone(),
        })
    }

    fn hit(&self, hit: &Hit, found: &Found, objects: &Objects, now: i64) -> Option<SearchHit> {
        let object = objects.get(&(hit.shown.class.clone(), hit.shown.id.clone()))?;
        let texts = Texts::of(object);
        let framework = self.framework(&hit.shown.package);
        let statement = texts.statement();
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_ref().map(|text| text.clone().into_owned());
        let places = [
            ("fullStatement", Some(statement.as_str())),
            ("abbreviatedStatement", texts.abbreviated_statement.as_deref()),
            ("humanCodingScheme", texts.human_coding_scheme.as_deref()),
            ("notes", texts.notes.as_deref()),
        ];
        let snippet = |(property, text): (&'static str, Option<&str>)| {
            found.snippet(text?).map(|html| Snippet { property, html })
        };
        let retired_framework = framework.adoption_status.as_deref().is_some_and(super::entries::is_retired);
        let ended = texts.status_end_date.as_deref().and_then(super::entries::end_of).is_some_and(|end| end <= now);
        Some(SearchHit {
            kind: hit.shown.class.clone(),
            identifier: object.id.clone(),
            uri: texts.uri.clone().into_owned(),
            code: owned(&texts.human_coding_scheme),
            abbreviated_statement: owned(&texts.abbreviated_statement),
            item_type: owned(&texts.item_type),
            education_level: texts.education_level.clone(),
            language: owned(&texts.language),
            ancestors: hit.shown.path.iter().filter_map(|id| ancestor(id, objects)).collect(),
            snippets: places.into_iter().filter_map(snippet).collect(),
            found_by: if hit.rank.code > 0 { "code" } else { "words" },
            score: hit.rank.score,
            retired: retired_framework || ended,
            last_change_date_time: owned(&texts.last_change_date_time).unwrap_or_else(|| written(object.changed_at)),
            framework,
            statement,
        })
    }

    fn facets(&self, found: &Found) -> SearchFacets {
        let of = |name: &str| -> Vec<FacetCount> {
            let values = found.facets.get(name).into_iter().flatten();
            let label =
                |value: &str| self.names.iter().find(|known| known.id == value).map(|known| known.title.clone());
            values
                .take(VALUES)
                .map(|facet| FacetCount {
                    value: facet.value.clone(),
                    label: if name == "package" { label(&facet.value) } else { None },
                    count: facet.count,
                })
                .collect()
        };
        SearchFacets {
            framework: of("package"),
            subject: of("subject"),
            grade: of("grade"),
            item_type: of("type"),
            language: of("language"),
            status: self.statuses(found),
            kind: of("kind"),
        }
    }

    /// Every object has the adoption status of its framework.
    fn statuses(&self, found: &Found) -> Vec<FacetCount> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for facet in found.facets.get("package").into_iter().flatten() {
            let name = self.names.iter().find(|name| name.id == facet.value);
            if let Some(status) = name.and_then(|name| name.status.as_deref()) {
                *counts.entry(status).or_default() += facet.count;
            }
        }
        let count = |(value, count): (&str, u64)| FacetCount { value: value.to_owned(), label: None, count };
        let mut counts: Vec<FacetCount> = counts.into_iter().map(count).collect();
        counts.sort_by_key(|facet| std::cmp::Reverse(facet.count));
        counts
    }
}

fn ancestor(id: &str, objects: &Objects) -> Option<Ancestor> {
    let of = |class: Class| objects.get(&(class.name().to_owned(), id.to_owned()));
    let object = of(Class::Item).or_else(|| of(Class::Rubric)).or_else(|| of(Class::Criterion))?;
    let texts = Texts::of(object);
    let code = texts.human_coding_scheme.as_ref().map(|code| code.clone().into_owned());
    Some(Ancestor { identifier: id.to_owned(), code, statement: texts.statement() })
}
