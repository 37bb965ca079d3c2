//! One pass over all that matches: the best of it, how much there is, and of what.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

/// What is counted, by the name of its column.
pub(super) const FACETS: [&str; 6] = ["package", "subject", "grade", "type", "language", "kind"];

/// What a match of a code adds to a score, by how near it is: 1 for the weakest.
pub(super) const CODE: f32 = 100_000.0;
/// What each part of a code adds that is the same.
pub(super) const PART: f32 = 250.0;
/// What matching all words adds where some would do.
pub(super) const WHOLE: f32 = 10_000.0;

/// How much of its score is left to what is retired, where not even all words are in it.
const RETIRED: f32 = 0.8;

/// Where a hit stands among others: the greater, the better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// How near a code it is; 0 for text.
    pub code: u8,
    /// Whether all words are in it.
    pub is_whole: bool,
    /// Whether it is in force.
    pub is_current: bool,
    pub score: f32,
    pub place: u64,
    pub key: u64,
}

impl Rank {
    fn new(score: Score, all_are_whole: bool, is_current: bool, place: u64, key: u64) -> Rank {
        let code = (score / CODE).floor().clamp(0.0, 9.0);
        let rest = code.mul_add(-CODE, score);
        let is_whole = all_are_whole || rest >= WHOLE;
        let score = rest % WHOLE * if is_current { 1.0 } else { RETIRED };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and whole by now")]
        Rank { code: code as u8, is_whole, is_current, score, place, key }
    }
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Rank) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Rank) -> Ordering {
        // What is in force stands first among equals, but not before what fits much better.
        let first = |rank: &Rank| (rank.code, rank.is_whole, rank.is_whole && rank.is_current);
        first(self)
            .cmp(&first(other))
            .then(self.score.total_cmp(&other.score))
            .then((other.place, other.key).cmp(&(self.place, self.key)))
    }
}

/// What to collect.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// How many of the best.
    pub limit: usize,
    /// Only what comes after this one.
    pub after: Option<Rank>,
    pub facets: bool,
    /// How many of each framework; 0 for no groups.
    pub of_each: usize,
    /// Whether what is retired is mixed with the rest.
    pub mixed: bool,
    /// Whether all words are in whatever matches.
    pub all_are_whole: bool,
    /// In seconds since 1970.
    pub now: i64,
}

/// What was collected.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub total: u64,
    /// The best first.
    pub hits: Vec<(Rank, DocAddress)>,
    /// By the name of the facet, counts by value.
    pub facets: BTreeMap<&'static str, HashMap<String, u64>>,
    /// By framework: how many, and the best of them.
    pub groups: HashMap<String, Group>,
}

/// The hits of one framework.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub total: u64,
    pub hits: Vec<(Rank, DocAddress)>,
}

impl Collected {
    /// Adds what was found elsewhere.
    pub(super) fn add(&mut self, other: Collected, wanted: &Wanted) {
        self.total += other.total;
        merge_hits(&mut self.hits, other.hits, wanted.limit);
        for (name, counts) in other.facets {
            let all = self.facets.entry(name).or_default();
            for (value, count) in counts {
                *all.entry(value).or_default() += count;
            }
        }
        for (package, group) in other.groups {
            let all = self.groups.entry(package).or_default();
            all.total += group.total;
            merge_hits(&mut all.hits, group.hits, wanted.of_each);
        }
    }
}

fn merge_hits(all: &mut Vec<(Rank, DocAddress)>, more: Vec<(Rank, DocAddress)>, limit: usize) {
    all.extend(more);
    all.sort_by_key(|(rank, _)| Reverse(*rank));
    all.truncate(limit);
}

impl Collector for Wanted {
    type Fruit = Collected;
    type Child = OfSegment;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<OfSegment> {
        let columns = reader.fast_fields();
        let names: &[&'static str] = if self.facets { &FACETS } else { &[] };
        let mut facets = Vec::with_capacity(names.len());
        for name in names {
            let Some(column) = columns.str(name)? else { continue };
            let counts = vec![0; column.num_terms()];
            facets.push(Counting { name, column, counts });
        }
        let packages = if self.of_each > 0 { columns.str("package")? } else { None };
        Ok(OfSegment {
            wanted: self.clone(),
            segment,
            ends: columns.i64("ends")?,
            places: columns.u64("place")?,
            keys: columns.u64("key")?,
            facets,
            packages,
            total: 0,
            best: BinaryHeap::new(),
            groups: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Collected>>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        for one in segments {
            all.add(one?, self);
        }
        Ok(all)
    }
}

/// The counts of one facet in one segment.
struct Counting {
    name: &'static str,
    column: StrColumn,
    counts: Vec<u64>,
}

type Best = BinaryHeap<Reverse<(Rank, DocId)>>;

/// What is collected of one segment.
pub(super) struct OfSegment {
    wanted: Wanted,
    segment: SegmentOrdinal,
    ends: Column<i64>,
    places: Column<u64>,
    keys: Column<u64>,
    facets: Vec<Counting>,
    packages: Option<StrColumn>,
    total: u64,
    /// The worst of the best is on top.
    best: Best,
    groups: HashMap<u64, (u64, Best)>,
}

impl OfSegment {
    fn rank(&self, doc: DocId, score: Score) -> Rank {
        let ends = self.ends.first(doc).unwrap_or(i64::MAX);
        let is_current = self.wanted.mixed || ends > self.wanted.now;
        let all_are_whole = self.wanted.all_are_whole;
        Rank::new(
            score,
            all_are_whole,
            is_current,
            self.places.first(doc).unwrap_or(0),
            self.keys.first(doc).unwrap_or(0),
        )
    }
}

fn keep(best: &mut Best, limit: usize, rank: Rank, doc: DocId) {
    if best.len() < limit {
        best.push(Reverse((rank, doc)));
    } else if best.peek().is_some_and(|worst| rank > worst.0.0) {
        best.pop();
        best.push(Reverse((rank, doc)));
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = tantivy::Result<Collected>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        for facet in &mut self.facets {
            for ord in facet.column.term_ords(doc) {
                if let Some(count) = usize::try_from(ord).ok().and_then(|ord| facet.counts.get_mut(ord)) {
                    *count += 1;
                }
            }
        }
        // Most are worse than what is there already, whatever else could be read of them.
        let at_best = Rank::new(score, self.wanted.all_are_whole, true, 0, 0);
        let is_full = self.best.len() >= self.wanted.limit;
        if self.packages.is_none() && is_full && self.best.peek().is_some_and(|worst| at_best <= worst.0.0) {
            return;
        }
        let rank = self.rank(doc, score);
        if let Some(packages) = &self.packages {
            for ord in packages.term_ords(doc) {
                let (count, best) = self.groups.entry(ord).or_default();
                *count += 1;
                keep(best, self.wanted.of_each, rank, doc);
            }
        }
        if self.wanted.after.is_none_or(|after| rank < after) {
            keep(&mut self.best, self.wanted.limit, rank, doc);
        }
    }

    fn harvest(self) -> tantivy::Result<Collected> {
        let segment = self.segment;
        let sorted = |best: Best| -> Vec<(Rank, DocAddress)> {
            best.into_sorted_vec()
                .into_iter()
                .map(|Reverse((rank, doc))| (rank, DocAddress::new(segment, doc)))
                .collect()
        };
        let mut collected = Collected { total: self.total, hits: sorted(self.best), ..Collected::default() };
        for facet in self.facets {
            let counts = collected.facets.entry(facet.name).or_default();
            for (ord, count) in facet.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                counts.insert(value(&facet.column, ord as u64)?, *count);
            }
        }
        for (ord, (total, best)) in self.groups {
            let Some(packages) = &self.packages else { continue };
            collected.groups.insert(value(packages, ord)?, Group { total, hits: sorted(best) });
        }
        Ok(collected)
    }
}

fn value(column: &StrColumn, ord: u64) -> tantivy::Result<String> {
    let mut text = String::new();
    column.ord_to_str(ord, &mut text).map_err(TantivyError::from)?;
    Ok(text)
}
