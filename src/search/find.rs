//! Searching: a query in, what was found out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::query::{ConstScoreQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use super::SearchError;
use super::collect::{CODE, Collected, Rank, Wanted};
use super::entry::{Shown, digest, key_of};
use super::index::{Generation, Part};
use super::plan::{Limits, Match, Planner};
use super::query::{Clause, Query};
use super::snippet::Sought;
use super::spelling;
use crate::text::{Language, words};

/// Below how many hits what has most of the words is found as well.
const ENOUGH: u64 = 10;
/// How long what was searched is kept for the next page, and how many states of it.
const KEPT: Duration = Duration::from_secs(300);
const STATES: usize = 4;
/// How many frameworks are told when hits are grouped.
const GROUPS: usize = 20;

/// What is searched for.
pub struct Search<'a> {
    pub query: Query,
    /// In place of a query: what is like an object.
    pub like: Option<Like>,
    pub limits: Limits,
    /// Which private frameworks are searched besides the public ones.
    pub sight: &'a Sight,
    pub limit: usize,
    pub cursor: Option<Cursor>,
    pub facets: bool,
    /// How many of each framework; 0 for no groups.
    pub of_each: usize,
    /// Whether what is retired is mixed with the rest.
    pub mixed: bool,
    /// Whether the last word is still being typed.
    pub typing: bool,
    /// In seconds since 1970.
    pub now: i64,
    /// The frameworks that a text names.
    pub frameworks: &'a dyn Fn(&str) -> Vec<String>,
}

/// An object that others may be like.
#[derive(Clone, Debug)]
pub struct Like {
    pub package: String,
    pub class: &'static str,
    pub id: String,
    /// What it says.
    pub text: String,
}

/// Which private frameworks are searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    Only(BTreeSet<String>),
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// Which state of the index was searched.
    state: u64,
    rank: (u8, bool, bool, u32, u64, u64),
    /// How the words had to match.
    how: Match,
    /// Which words of the query were corrected.
    corrected: Vec<(String, String)>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    pub total: u64,
    pub hits: Vec<Hit>,
    pub groups: Vec<FoundGroup>,
    /// Values with their counts, by the name of the facet; the most frequent first.
    pub facets: BTreeMap<&'static str, Vec<Facet>>,
    /// Words that nothing has, and what was searched for in their place.
    pub corrected: Vec<(String, String)>,
    /// Whether what has only most of the words was found as well.
    pub relaxed: bool,
    pub next: Option<Cursor>,
    how: Match,
    sought: Sought,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub shown: Shown,
    pub rank: Rank,
}

/// What was found in one framework.
#[derive(Clone, Debug)]
pub struct FoundGroup {
    pub package: String,
    pub total: u64,
    pub hits: Vec<Hit>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    pub value: String,
    pub count: u64,
}

impl Found {
    /// A text as HTML with what matched marked; `None` when nothing of it did.
    #[must_use]
    pub fn snippet(&self, text: &str) -> Option<String> {
        self.sought.snippet(text)
    }
}

impl Found {
    /// One thing that was named, and no search for it.
    #[must_use]
    pub fn only(hit: Hit) -> Found {
        Found { total: 1, hits: vec![hit], ..Found::default() }
    }
}

impl Cursor {
    fn after(state: u64, rank: &Rank, found: &Found) -> Cursor {
        let Rank { code, is_whole, is_current, score, place, key } = *rank;
        let rank = (code, is_whole, is_current, score.to_bits(), place, key);
        Cursor { state, rank, how: found.how, corrected: found.corrected.clone() }
    }

    fn rank(&self) -> Rank {
        let (code, is_whole, is_current, score, place, key) = self.rank;
        Rank { code, is_whole, is_current, score: f32::from_bits(score), place, key }
    }
}

/// What is searched at once: the public part, and the private one for who may.
#[derive(Clone)]
struct State {
    id: u64,
    public: Searcher,
    private: Searcher,
}

/// The states of the index that pages were given of, so that the next page is of the same.
#[derive(Default)]
pub struct Snapshots(Mutex<VecDeque<(Instant, Arc<State>)>>);

impl Snapshots {
    fn find(&self, id: u64) -> Option<Arc<State>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(_, state)| state.id == id).map(|(_, state)| Arc::clone(state))
    }

    fn keep(&self, state: &Arc<State>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(since, known)| since.elapsed() < KEPT && known.id != state.id);
        kept.push_back((Instant::now(), Arc::clone(state)));
        while kept.len() > STATES {
            kept.pop_front();
        }
    }
}

impl State {
    fn of(generation: &Generation) -> State {
        let (public, private) = (generation.public.searcher(), generation.private.searcher());
        let segments = |searcher: &Searcher| -> Vec<String> {
            let segments = searcher.generation().segments().iter();
            segments.map(|(id, deletes)| format!("{} {deletes:?}", id.uuid_string())).collect()
        };
        let id = digest(&(segments(&public), segments(&private)));
        State { id, public, private }
    }
}

impl Generation {
    /// Searches.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, search: &Search<'_>, snapshots: &Snapshots) -> Result<Found, SearchError> {
        let state = match &search.cursor {
            Some(cursor) => snapshots.find(cursor.state).unwrap_or_else(|| Arc::new(State::of(self))),
            None => Arc::new(State::of(self)),
        };
        let searching = Searching { generation: self, state: &state, search };
        let found = searching.run()?;
        if found.next.is_some() {
            snapshots.keep(&state);
        }
        Ok(found)
    }
}

impl Generation {
    /// The entry of one object of a framework, if it is in sight.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn one(&self, package: &str, class: &str, id: &str, sight: &Sight) -> Result<Option<Hit>, SearchError> {
        let key = key_of(package, class, id);
        for part in self.parts() {
            if Arc::ptr_eq(part, &self.private) && matches!(sight, Sight::Only(only) if !only.contains(package)) {
                continue;
            }
            let searcher = part.searcher();
            let term = TermQuery::new(Term::from_field_u64(part.fields.key, key), IndexRecordOption::Basic);
            let wanted =
                Wanted { limit: 1, after: None, facets: false, of_each: 0, mixed: true, all_are_whole: true, now: 0 };
            let collected = searcher.search(&ConstScoreQuery::new(Box::new(term), CODE), &wanted)?;
            if let Some(hit) = read(part, &searcher, &collected.hits)?.pop() {
                return Ok(Some(hit));
            }
        }
        Ok(None)
    }
}

struct Searching<'a> {
    generation: &'a Generation,
    state: &'a State,
    search: &'a Search<'a>,
}

/// What was collected, and of which part each is.
type Collection = (Collected, Option<Collected>);

impl Searching<'_> {
    fn run(&self) -> Result<Found, SearchError> {
        let search = self.search;
        let mut query = search.query.clone();
        let mut found = Found::default();
        let mut how = Match::All;
        if let Some(cursor) = &search.cursor {
            found.corrected.clone_from(&cursor.corrected);
            correct(&mut query, &found.corrected);
            how = cursor.how;
        }
        let mut collected = self.collect(&query, how)?;
        if search.cursor.is_none() && total(&collected) == 0 {
            let corrections = self.corrections(&query)?;
            if !corrections.is_empty() {
                let mut other = query.clone();
                correct(&mut other, &corrections);
                let again = self.collect(&other, Match::All)?;
                if total(&again) > 0 || query.clauses.len() > 1 {
                    (query, collected, found.corrected) = (other, again, corrections);
                }
            }
        }
        let several =
            query.clauses.iter().filter(|clause| !matches!(clause, Clause::Field(..) | Clause::Not(_))).count() > 1;
        // Whoever types has not said all yet.
        let may_loosen = search.cursor.is_none() && !search.typing;
        for looser in [Match::Most, Match::Any].into_iter().filter(|_| may_loosen && several) {
            let enough = if looser == Match::Most { ENOUGH } else { 1 };
            if total(&collected) < enough {
                let again = self.collect(&query, looser)?;
                if total(&again) > total(&collected) {
                    (collected, how) = (again, looser);
                }
            }
        }
        found.how = how;
        found.relaxed = how != Match::All;
        found.sought = self.sought(&query)?;
        self.fill(&mut found, collected)?;
        Ok(found)
    }

    fn parts(&self) -> Vec<(&Arc<Part>, &Searcher, bool)> {
        let mut parts = vec![(&self.generation.public, &self.state.public, false)];
        let none = matches!(self.search.sight, Sight::Only(only) if only.is_empty());
        if !none {
            parts.push((&self.generation.private, &self.state.private, true));
        }
        parts
    }

    fn collect(&self, query: &Query, how: Match) -> Result<Collection, SearchError> {
        let search = self.search;
        let wanted = Wanted {
            limit: search.limit + 1,
            after: search.cursor.as_ref().map(Cursor::rank),
            facets: search.facets,
            of_each: search.of_each,
            mixed: search.mixed,
            all_are_whole: how == Match::All,
            now: search.now,
        };
        let mut of_parts = Vec::new();
        for (part, searcher, is_private) in self.parts() {
            let mut limits = search.limits.clone();
            if let (true, Sight::Only(only)) = (is_private, search.sight) {
                let narrow = |packages: BTreeSet<String>| packages.intersection(only).cloned().collect();
                limits.packages = Some(limits.packages.map_or_else(|| only.clone(), narrow));
            }
            let planner = self.planner(part, searcher)?;
            let planned = match &search.like {
                Some(like) => planner.alike(&like.text, key_of(&like.package, like.class, &like.id), &limits)?,
                None => planner.plan(query, &limits, how)?,
            };
            of_parts.push(searcher.search(&planned, &wanted)?);
        }
        let mut of_parts = of_parts.into_iter();
        Ok((of_parts.next().unwrap_or_default(), of_parts.next()))
    }
}

impl Searching<'_> {
    fn planner<'s>(&'s self, part: &Part, searcher: &'s Searcher) -> Result<Planner<'s>, SearchError> {
        Ok(Planner {
            fields: part.fields,
            searcher,
            languages: languages(part, searcher)?,
            frameworks: self.search.frameworks,
            typing: self.search.typing,
        })
    }

    /// Words that nothing has, each with the most frequent word that is one typing error away.
    fn corrections(&self, query: &Query) -> Result<Vec<(String, String)>, SearchError> {
        let mut corrections = Vec::new();
        for text in query.words() {
            let mut parts = words(text);
            let (Some(word), None) = (parts.next(), parts.next()) else { continue };
            let mut best: Option<(u64, String)> = None;
            for (part, searcher, _) in self.parts() {
                let planner = self.planner(part, searcher)?;
                if planner.knows(text, &word)? {
                    best = None;
                    break;
                }
                best = best.max(spelling::nearest(searcher, part.fields.words, &word.text)?);
            }
            corrections.extend(best.map(|(_, other)| (text.to_owned(), other)));
        }
        Ok(corrections)
    }

    fn sought(&self, query: &Query) -> Result<Sought, SearchError> {
        let mut all = BTreeSet::new();
        for (part, searcher, _) in self.parts() {
            all.extend(languages(part, searcher)?);
        }
        let languages: Vec<Language> = all.into_iter().collect();
        if let Some(like) = &self.search.like {
            let telling = words(&like.text).filter(|word| !languages.iter().any(|one| one.is_small(&word.text)));
            let telling: Vec<String> = telling.map(|word| word.text.into_owned()).collect();
            return Ok(Sought::new(telling.iter().map(|word| (word.as_str(), false)), &languages));
        }
        let mut asked: Vec<(&str, bool)> = Vec::new();
        let last = query.clauses.len().saturating_sub(1);
        for (at, clause) in query.clauses.iter().enumerate() {
            asked_in(clause, self.search.typing && at == last, &mut asked);
        }
        Ok(Sought::new(asked.into_iter(), &languages))
    }

    fn fill(&self, found: &mut Found, (public, private): Collection) -> Result<(), SearchError> {
        let parts = self.parts();
        let mut hits = Vec::new();
        let mut groups: BTreeMap<String, FoundGroup> = BTreeMap::new();
        let mut counts: BTreeMap<&'static str, BTreeMap<String, u64>> = BTreeMap::new();
        for (collected, (part, searcher, _)) in std::iter::once(public).chain(private).zip(&parts) {
            found.total += collected.total;
            hits.extend(read(part, searcher, &collected.hits)?);
            for (name, values) in collected.facets {
                let all = counts.entry(name).or_default();
                for (value, count) in values {
                    *all.entry(value).or_default() += count;
                }
            }
            for (package, group) in collected.groups {
                let all = groups.entry(package.clone()).or_insert(FoundGroup { package, total: 0, hits: Vec::new() });
                all.total += group.total;
                all.hits.extend(read(part, searcher, &group.hits)?);
            }
        }
        hits.sort_by_key(|hit| Reverse(hit.rank));
        let more = hits.len() > self.search.limit;
        hits.truncate(self.search.limit);
        found.next = hits.last().filter(|_| more).map(|last| Cursor::after(self.state.id, &last.rank, found));
        found.hits = hits;
        found.groups = groups.into_values().collect();
        found.groups.sort_by(|a, b| b.hits.first().map(|hit| hit.rank).cmp(&a.hits.first().map(|hit| hit.rank)));
        found.groups.truncate(GROUPS);
        for (name, values) in counts {
            let mut values: Vec<Facet> = values.into_iter().map(|(value, count)| Facet { value, count }).collect();
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            found.facets.insert(name, values);
        }
        Ok(())
    }
}

fn total((public, private): &Collection) -> u64 {
    public.total + private.as_ref().map_or(0, |private| private.total)
}

fn read(part: &Part, searcher: &Searcher, hits: &[(Rank, DocAddress)]) -> Result<Vec<Hit>, SearchError> {
    let mut all = Vec::with_capacity(hits.len());
    for (rank, address) in hits {
        let document: TantivyDocument = searcher.doc(*address)?;
        let shown = document.get_first(part.fields.shown).and_then(|value| value.as_bytes());
        all.extend(shown.and_then(|shown| serde_json::from_slice(shown).ok()).map(|shown| Hit { shown, rank: *rank }));
    }
    Ok(all)
}

/// Puts other words in the place of words of a query.
fn correct(query: &mut Query, corrections: &[(String, String)]) {
    fn within(clause: &mut Clause, corrections: &[(String, String)]) {
        match clause {
            Clause::Word { text, .. } | Clause::Phrase(text) => {
                if let Some((_, other)) = corrections.iter().find(|(wrong, _)| wrong == text) {
                    text.clone_from(other);
                }
            }
            Clause::Any(any) => any.iter_mut().for_each(|one| within(one, corrections)),
            Clause::Field(..) | Clause::Not(_) => {}
        }
    }
    query.clauses.iter_mut().for_each(|clause| within(clause, corrections));
}

fn asked_in<'q>(clause: &'q Clause, typing: bool, asked: &mut Vec<(&'q str, bool)>) {
    match clause {
        Clause::Word { text, prefix } => asked.push((text, *prefix || typing)),
        Clause::Phrase(text) => asked.push((text, false)),
        Clause::Any(any) => any.iter().for_each(|one| asked_in(one, false, asked)),
        Clause::Field(..) | Clause::Not(_) => {}
    }
}

/// The languages of what is indexed, as far as their endings are known; with English, which what
/// names no language is taken for.
fn languages(part: &Part, searcher: &Searcher) -> Result<Vec<Language>, SearchError> {
    let mut found = BTreeSet::from([Language::English]);
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(part.fields.language)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            found.extend(std::str::from_utf8(terms.key()).ok().and_then(Language::of_tag));
        }
    }
    Ok(found.into_iter().collect())
}
