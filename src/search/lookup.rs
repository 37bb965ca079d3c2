//! Looking up many keys at once: codes, uris and whole statements, without searching or ranking.
//!
//! What has the nearest form of a code is found and nothing else; words and their weights are
//! `find`'s.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{
    DocAddress, DocSet as _, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, TantivyDocument, Term,
};

use super::SearchError;
use super::entry::{Shown, code_terms, hash_of};
use super::find::Sight;
use super::index::{Generation, Part};
use super::schema::Fields;
use crate::text::code::Code;
use crate::text::exact;

/// How many objects are told of one key.
const MOST: usize = 50;

/// What is looked up.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// A code in any spelling; also with more before it than the code itself has, where `longer`.
    Code { code: &'a Code, longer: bool },
    /// A uri, as far as it matters where it leads.
    Uri(&'a str),
    /// What an object says in whole: statement, short statement or title.
    Statement(&'a str),
}

/// A key, and where it is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    pub key: Key<'a>,
    /// Only these frameworks.
    pub packages: Option<&'a BTreeSet<String>>,
}

/// The ways in which a code is found, the nearest first: each term of the index with how near it is
/// (from 6), and with how much of the code is in it where it may be the end of one.
pub(super) fn ways(code: &Code) -> Vec<(String, u8, usize)> {
    let joined = code.joined();
    let mut ways =
        vec![(format!("c{}", code.separated()), 6, 0), (format!("j{joined}"), 5, 0), (format!("t{joined}"), 4, 0)];
    ways.extend(code.without_clusters().map(|code| (format!("j{}", code.joined()), 3, 0)));
    // The more of what was typed is in a code, the nearer it is.
    for tail in code.tails() {
        let parts = tail.parts();
        ways.push((format!("c{}", tail.separated()), 2, 2 * parts + 1));
        ways.push((format!("j{}", tail.joined()), 2, 2 * parts + 1));
        ways.push((format!("t{}", tail.joined()), 2, 2 * parts));
        ways.extend(tail.without_clusters().map(|code| (format!("j{}", code.joined()), 2, 2 * parts)));
    }
    ways
}

/// Whether a code answers to what was asked: in any spelling, also with more before it where `longer`.
#[must_use]
pub fn has_code(own: &str, asked: &Code, longer: bool) -> bool {
    let terms = code_terms(&[own.to_owned()], &[]);
    ways(asked).into_iter().any(|(term, near, _)| (longer || near > 2) && terms.contains(&term))
}

/// What uris are kept by.
pub(super) fn uri_hash(uri: &str) -> u64 {
    hash_of(&exact::address(uri))
}

/// What whole statements are kept by; `None` for one without a word.
pub(super) fn statement_hash(text: &str) -> Option<u64> {
    let text = exact::statement(text);
    (!text.is_empty()).then(|| hash_of(&text))
}

impl Key<'_> {
    /// The terms in steps: the first of which anything has one is what counts.
    fn steps(&self, fields: &Fields) -> Vec<Vec<Term>> {
        match self {
            Key::Code { code, longer } => {
                let mut steps: BTreeMap<(u8, usize), Vec<Term>> = BTreeMap::new();
                for (term, near, parts) in ways(code).into_iter().filter(|(_, near, _)| *longer || *near > 2) {
                    steps.entry((near, parts)).or_default().push(Term::from_field_text(fields.code, &term));
                }
                steps.into_values().rev().collect()
            }
            Key::Uri(uri) => vec![vec![Term::from_field_u64(fields.uri, uri_hash(uri))]],
            Key::Statement(text) => {
                let hash = statement_hash(text);
                hash.map(|hash| vec![vec![Term::from_field_u64(fields.said, hash)]]).unwrap_or_default()
            }
        }
    }
}

/// One segment of a part, opened once for all keys.
struct Segment<'s> {
    part: usize,
    number: u32,
    reader: &'s SegmentReader,
    indexes: [(Field, Arc<InvertedIndexReader>); 3],
    /// The framework of each document by number, and their names.
    packages: Option<tantivy::columnar::StrColumn>,
    names: Vec<String>,
}

/// A document: part, segment and number in it.
type Place = (usize, DocAddress);

impl Generation {
    /// What has each of the keys, at most 50 objects for each; by place in the index, which says
    /// nothing.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn look_up(&self, lookups: &[Lookup<'_>], sight: &Sight) -> Result<Vec<Vec<Shown>>, SearchError> {
        let parts = self.parts();
        let searchers: Vec<Searcher> = parts.iter().map(|part| part.searcher()).collect();
        let mut segments = Vec::new();
        for (number, (part, searcher)) in parts.iter().zip(&searchers).enumerate() {
            let is_private = Arc::ptr_eq(part, &self.private);
            if !(is_private && matches!(sight, Sight::Only(only) if only.is_empty())) {
                segments.extend(opened(number, part, searcher)?);
            }
        }
        let private = parts.iter().position(|part| Arc::ptr_eq(part, &self.private));
        let only = match sight {
            Sight::All => None,
            Sight::Only(only) => Some(only),
        };
        let mut found: Vec<Vec<Place>> = Vec::with_capacity(lookups.len());
        for lookup in lookups {
            let mut places = Vec::new();
            for step in lookup.key.steps(&self.public.fields) {
                for segment in &segments {
                    let seen = only.filter(|_| private == Some(segment.part));
                    segment.collect(&step, lookup.packages, seen, &mut places)?;
                }
                if !places.is_empty() {
                    break;
                }
            }
            places.sort_unstable();
            places.dedup();
            places.truncate(MOST);
            found.push(places);
        }
        let shown = read(&parts, &searchers, found.iter().flatten())?;
        Ok(found.iter().map(|places| places.iter().filter_map(|place| shown.get(place).cloned()).collect()).collect())
    }
}

fn opened<'s>(part: usize, of: &Part, searcher: &'s Searcher) -> Result<Vec<Segment<'s>>, SearchError> {
    let mut segments = Vec::new();
    for (reader, number) in searcher.segment_readers().iter().zip(0..) {
        let packages = reader.fast_fields().str("package")?;
        let mut names = Vec::new();
        if let Some(column) = &packages {
            for ord in 0..column.num_terms() as u64 {
                let mut name = String::new();
                column.ord_to_str(ord, &mut name)?;
                names.push(name);
            }
        }
        segments.push(Segment {
            part,
            number,
            reader,
            indexes: [
                (of.fields.code, reader.inverted_index(of.fields.code)?),
                (of.fields.uri, reader.inverted_index(of.fields.uri)?),
                (of.fields.said, reader.inverted_index(of.fields.said)?),
            ],
            packages,
            names,
        });
    }
    Ok(segments)
}

impl Segment<'_> {
    fn package(&self, doc: u32) -> Option<&String> {
        let ord = self.packages.as_ref()?.term_ords(doc).next()?;
        self.names.get(usize::try_from(ord).ok()?)
    }

    /// Adds what has one of the terms, in the frameworks asked for and in sight.
    fn collect(
        &self,
        terms: &[Term],
        asked: Option<&BTreeSet<String>>,
        seen: Option<&BTreeSet<String>>,
        places: &mut Vec<Place>,
    ) -> Result<(), SearchError> {
        for term in terms {
            let index = self.indexes.iter().find(|(field, _)| *field == term.field());
            let Some((_, index)) = index else { continue };
            let Some(mut docs) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
            while docs.doc() != TERMINATED && places.len() < MOST * 2 {
                let doc = docs.doc();
                docs.advance();
                let allowed = [asked, seen]
                    .into_iter()
                    .flatten()
                    .all(|packages| self.package(doc).is_some_and(|package| packages.contains(package)));
                if allowed && !self.reader.is_deleted(doc) {
                    places.push((self.part, DocAddress::new(self.number, doc)));
                }
            }
        }
        Ok(())
    }
}

/// Reads what is shown, in the order in which it is stored: what stands together is unpacked once.
fn read<'p>(
    parts: &[&Arc<Part>],
    searchers: &[Searcher],
    places: impl Iterator<Item = &'p Place>,
) -> Result<HashMap<Place, Shown>, SearchError> {
    let places: BTreeSet<Place> = places.copied().collect();
    let mut all = HashMap::with_capacity(places.len());
    for (part, address) in places {
        let (Some(of), Some(searcher)) = (parts.get(part), searchers.get(part)) else { continue };
        let document: TantivyDocument = searcher.doc(address)?;
        let shown = document.get_first(of.fields.shown).and_then(|value| value.as_bytes());
        let shown = shown.and_then(|shown| serde_json::from_slice(shown).ok());
        all.extend(shown.map(|shown| ((part, address), shown)));
    }
    Ok(all)
}
